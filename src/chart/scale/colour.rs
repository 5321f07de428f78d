//! Colours: sRGB, CIELAB and the contrast of WCAG.

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Colour {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Colour {
    /// From `0xrrggbb`.
    pub const fn hex(rgb: u32) -> Colour {
        Colour { red: (rgb >> 16) as u8, green: (rgb >> 8) as u8, blue: rgb as u8 }
    }

    /// Relative luminance, 0 (black) to 1 (white): WCAG 2.2, "relative luminance".
    pub fn luminance(self) -> f64 {
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// CIELAB lightness, 0 to 100 (CIE 15:2004, white point D65).
    pub fn lightness(self) -> f64 {
        lab(self)[0]
    }

    /// The colour `share` of the way from this one to another, evenly for the eye (through CIELAB).
    pub fn towards(self, other: Colour, share: f64) -> Colour {
        let (a, b) = (lab(self), lab(other));
        let share = share.clamp(0.0, 1.0);
        from_lab([0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share))
    }

    /// Black, white or `ink`, whichever can be read on this colour; `ink` where it can (contrast of at least 4.5).
    pub(crate) fn text_on(self, ink: Colour) -> Colour {
        let (black, white) = (Colour::hex(0), Colour::hex(0xff_ff_ff));
        if contrast(self, ink) >= 4.5 {
            ink
        } else if contrast(self, white) >= 4.5 {
            white
        } else {
            black
        }
    }

    /// A colour of this CIELAB lightness, chroma and hue (degrees), its chroma lowered until sRGB can show it.
    pub(super) fn from_lch(lightness: f64, chroma: f64, hue: f64) -> Colour {
        let (sin, cos) = hue.to_radians().sin_cos();
        let mut chroma = chroma;
        loop {
            let wanted = [lightness, chroma * cos, chroma * sin];
            let shown = from_lab(wanted);
            let found = lab(shown);
            if chroma <= 0.0 || (0..3).all(|i| (found[i] - wanted[i]).abs() < 1.0) {
                return shown;
            }
            chroma -= 0.5;
        }
    }
}

/// The contrast of two colours, 1 to 21: WCAG 2.2, "contrast ratio".
pub fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// sRGB's transfer function, undone (IEC 61966-2-1).
fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn encoded(c: f64) -> u8 {
    let c = c.clamp(0.0, 1.0);
    let c = if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    (c * 255.0).round() as u8
}

/// White point D65, two-degree observer.
const WHITE: [f64; 3] = [0.950_47, 1.0, 1.088_83];

fn lab(colour: Colour) -> [f64; 3] {
    let (r, g, b) = (linear(colour.red), linear(colour.green), linear(colour.blue));
    let x = 0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * b;
    let z = 0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * b;
    let bent = |v: f64| {
        if v > 216.0 / 24389.0 { v.cbrt() } else { (24389.0 / 27.0 * v + 16.0) / 116.0 }
    };
    let (x, y, z) = (bent(x / WHITE[0]), bent(y / WHITE[1]), bent(z / WHITE[2]));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn from_lab([l, a, b]: [f64; 3]) -> Colour {
    let y = (l + 16.0) / 116.0;
    let unbent = |v: f64| {
        if v.powi(3) > 216.0 / 24389.0 { v.powi(3) } else { (116.0 * v - 16.0) * 27.0 / 24389.0 }
    };
    let (x, y, z) = (WHITE[0] * unbent(y + a / 500.0), WHITE[1] * unbent(y), WHITE[2] * unbent(y - b / 200.0));
    Colour {
        red: encoded(3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z),
        green: encoded(-0.969_266_0 * x + 1.876_010_8 * y + 0.041_556_0 * z),
        blue: encoded(0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs that look.md states: ink 16:1, accent 6.7:1 on white.
    #[test]
    fn contrast_agrees_with_published_ratios() {
        let white = Colour::hex(0xff_ff_ff);
        assert!((contrast(white, Colour::hex(0)) - 21.0).abs() < 1e-9);
        // WebAIM's example: #767676 is the lightest grey with 4.5 on white (4.54).
        assert!((contrast(white, Colour::hex(0x76_76_76)) - 4.54).abs() < 0.01);
        assert!((contrast(white, Colour::hex(0x16_22_2e)) - 16.0).abs() < 0.5);
        assert!((contrast(white, Colour::hex(0x0b_5c_ad)) - 6.7).abs() < 0.1);
    }

    /// Lab of sRGB red by Bruce Lindbloom's calculator: 53.2408, 80.0925, 67.2032.
    #[test]
    fn lab_agrees_with_a_published_colour() {
        let found = lab(Colour::hex(0xff_00_00));
        for (found, due) in found.iter().zip([53.2408, 80.0925, 67.2032]) {
            assert!((found - due).abs() < 0.02, "{found} is not {due}");
        }
        for rgb in [0x12_34_56, 0xff_ff_ff, 0, 0xb3_26_1e] {
            assert_eq!(from_lab(lab(Colour::hex(rgb))), Colour::hex(rgb));
        }
    }
}
