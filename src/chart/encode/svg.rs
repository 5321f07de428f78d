//! A scene as an SVG document.
//!
//! The back end writes whole numbers only, so it draws in tenths of a pixel under a `viewBox`; it knows neither titles
//! nor roles nor font weights, so its elements are put into a document of ours, with the attributes they share.

use plotters::prelude::SVGBackend;
use plotters_backend::DrawingBackend;
use unicode_normalization::UnicodeNormalization;

use super::super::ChartError;
use super::super::scene::Scene;
use super::super::spec::Frame;
use super::glyphs::LabelStyle;
use super::play::{coordinate, play};

/// Units of the drawing per pixel.
const UNITS: u32 = 10;

/// What to write letters with: the bundled typeface if the page or the machine has it, else one with all Vietnamese
/// letters.
const FAMILIES: &str = "'Be Vietnam Pro', 'Noto Sans', 'Segoe UI', Roboto, Arial, 'DejaVu Sans', sans-serif";

pub(in crate::chart) fn svg(scene: &Scene, frame: &Frame) -> Result<String, ChartError> {
    let (width, height) = (scene.size.width, scene.size.height);
    let (wide, high) = (width * UNITS, height * UNITS);
    let failed = |error: &dyn std::fmt::Display| ChartError::Encode(error.to_string());
    let mut drawn = String::with_capacity(64 * 1024);
    let mut back = SVGBackend::with_string(&mut drawn, (wide, high));
    play(scene, &mut back, f64::from(UNITS)).map_err(|e| failed(&e))?;
    for label in &scene.labels {
        let factor = f64::from(UNITS);
        let style = LabelStyle { label, factor, letters: None };
        let at = (coordinate(label.at.0, factor), coordinate(label.at.1, factor));
        back.draw_text(&label.text, &style, at).map_err(|e| failed(&e))?;
    }
    back.present().map_err(|e| failed(&e))?;
    drop(back);
    let language = frame.language.tag();
    // Several charts on one page must not share ids; the same chart must have the same id every time.
    let id = fingerprint(&drawn);
    let mut out = String::with_capacity(drawn.len() + 1024);
    out.push_str(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\" lang=\"{language}\" xml:lang=\"{language}\" aria-labelledby=\"t{id:016x} d{id:016x}\" \
         font-family=\"{FAMILIES}\" stroke-linejoin=\"round\">\n\
         <title id=\"t{id:016x}\">{}</title>\n<desc id=\"d{id:016x}\">{}</desc>\n",
        escaped(&frame.title),
        escaped(&frame.spoken()),
    ));
    elements(&drawn, &mut out);
    out.push_str("</svg>\n");
    Ok(out)
}

/// The back end's elements without what is the same in all of them, one on a line.
fn elements(drawn: &str, out: &mut String) {
    let mut lines = drawn.lines().skip(1);
    while let Some(line) = lines.next() {
        if line.starts_with("</") {
            continue;
        }
        if !line.starts_with("<text") {
            let line = line.strip_suffix("/>").unwrap_or(line);
            for part in line.split(" opacity=\"1\"") {
                out.push_str(part.strip_suffix(" stroke=\"none\"").unwrap_or(part).trim_end());
            }
            out.push_str("/>\n");
            continue;
        }
        let head = line.strip_suffix('>').unwrap_or(line);
        for part in head.split(" opacity=\"1\"") {
            out.push_str(&attributes_of_text(part));
        }
        out.push('>');
        out.push_str(lines.next().unwrap_or_default());
        out.push_str("</text>\n");
    }
}

/// A text stands on its baseline, at its start unless said otherwise, in the regular weight unless said otherwise.
fn attributes_of_text(part: &str) -> String {
    let mut part =
        part.replace(" dy=\"0.76em\"", "").replace(" text-anchor=\"start\"", "").replace(" font-family=\"w400\"", "");
    part = part.replace(" font-family=\"w600\"", " font-weight=\"600\"");
    // 12 px times ten, times and divided by 1.24, is not always 120 again.
    let Some(start) = part.find("font-size=\"").map(|i| i + 11) else { return part };
    let Some(end) = part[start..].find('"').map(|i| i + start) else { return part };
    let Ok(size) = part[start..end].parse::<f64>() else { return part };
    part.replace_range(start..end, &format!("{}", (size * 100.0).round() / 100.0));
    part
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.nfc() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML 1.0 has no other control characters, not even as references.
            c if c < ' ' && !['\t', '\n', '\r'].contains(&c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the same on every machine and release, unlike the standard hasher.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
