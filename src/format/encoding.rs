//! Bytes of a text file to a string: byte order marks, UTF-16, UTF-8, declared code pages and a careful guess between
//! windows-1258 and windows-1252. Does not convert TCVN3 (the ".Vn" fonts): it recognises and refuses it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

/// A decoded text and the name of the encoding that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark. Text from windows-1258 is in NFC.
    pub text: String,
    /// Name of the encoding, lower case.
    pub encoding: String,
    /// Whether bytes were met that the encoding does not have.
    pub lossy: bool,
}

/// Vietnamese text in a font encoding of before Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is in TCVN3 (a \".VnTime\" font), not in Unicode")]
pub struct Tcvn3;

/// Decodes by byte order mark, then by the declared label where the bytes allow it, then by looking at the bytes.
///
/// # Errors
/// [`Tcvn3`] when nothing is declared and the bytes look like TCVN3.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, Tcvn3> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(decode_with(&bytes[mark..], encoding));
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Ok(decode_with(bytes, encoding));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // UTF-8 hardly ever happens by chance, while wrong declarations do: a file that is valid UTF-8 is UTF-8.
        return Ok(Decoded { text: text.to_owned(), encoding: "utf-8".to_owned(), lossy: false });
    }
    match declared.and_then(by_label) {
        Some(CodePage::Known(encoding)) if encoding != UTF_8 => Ok(decode_with(bytes, encoding)),
        Some(CodePage::Dos(table)) => Ok(decode_dos(bytes, table)),
        Some(CodePage::Known(_)) | None if looks_like_tcvn3(bytes) => Err(Tcvn3),
        Some(CodePage::Known(_)) | None => Ok(decode_with(bytes, guess_single_byte(bytes))),
    }
}

enum CodePage {
    Known(&'static Encoding),
    Dos(&'static DosTable),
}

/// Finds the encoding of a label such as "Windows-1252", "ISO-8859-15", "1252" or "cp850".
fn by_label(label: &str) -> Option<CodePage> {
    let label = label.trim().to_ascii_lowercase();
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "437" => return Some(CodePage::Dos(&CP437)),
        "850" | "858" => return Some(CodePage::Dos(&CP850)),
        _ => {}
    }
    if let Some(encoding) = Encoding::for_label(label.as_bytes()) {
        return Some(CodePage::Known(encoding));
    }
    let windows = format!("windows-{digits}");
    Encoding::for_label(windows.as_bytes()).map(CodePage::Known)
}

fn decode_with(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    let text = if encoding == WINDOWS_1258 { text.nfc().collect() } else { text.into_owned() };
    Decoded { text, encoding: encoding.name().to_ascii_lowercase(), lossy }
}

fn decode_dos(bytes: &[u8], table: &DosTable) -> Decoded {
    let text = bytes.iter().map(|b| if *b < 128 { char::from(*b) } else { table.high[usize::from(*b) - 128] });
    Decoded { text: text.collect(), encoding: table.name.to_owned(), lossy: false }
}

/// UTF-16 of mostly Latin text has a zero in every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    let high_zero = sample.chunks_exact(2).filter(|p| p[0] != 0 && p[1] == 0).count();
    let low_zero = sample.chunks_exact(2).filter(|p| p[0] == 0 && p[1] != 0).count();
    if high_zero * 10 >= pairs * 6 {
        Some(UTF_16LE)
    } else if low_zero * 10 >= pairs * 6 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// In windows-1258 a tone mark is a byte of its own after its vowel; in windows-1252 the same bytes are letters.
fn guess_single_byte(bytes: &[u8]) -> &'static Encoding {
    let is_tone = |b: u8| matches!(b, 0xCC | 0xD2 | 0xDE | 0xEC | 0xF2);
    let is_vowel = |b: u8| {
        let marked = matches!(b, 0xC2 | 0xC3 | 0xCA | 0xD4 | 0xD5 | 0xDD | 0xE2 | 0xE3 | 0xEA | 0xF4 | 0xF5 | 0xFD);
        marked || matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
    };
    let tones = bytes.windows(2).filter(|w| is_tone(w[1]) && is_vowel(w[0])).count();
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    if tones > 0 && tones * 4 >= high { WINDOWS_1258 } else { WINDOWS_1252 }
}

/// TCVN3 writes ă â ê ô ơ ư đ as the bytes of ¨ © ª « ¬ ­ ®, which never stand inside words otherwise.
fn looks_like_tcvn3(bytes: &[u8]) -> bool {
    let in_word = bytes.windows(2).filter(|w| {
        let letter = |b: u8| matches!(b, 0xA8..=0xAE);
        (letter(w[0]) && w[1].is_ascii_alphabetic()) || (letter(w[1]) && w[0].is_ascii_alphabetic())
    });
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    let found = in_word.count();
    found >= 2 && found * 5 >= high
}

/// The upper half of a DOS code page, which the web's encodings leave out.
struct DosTable {
    name: &'static str,
    high: [char; 128],
}

const fn dos(name: &'static str, chars: &str) -> DosTable {
    let bytes = chars.as_bytes();
    let mut high = ['\u{FFFD}'; 128];
    let (mut at, mut n) = (0, 0);
    while at < bytes.len() && n < 128 {
        let lead = bytes[at] as u32;
        let (size, mut code) = match lead {
            0..0x80 => (1, lead),
            0x80..0xE0 => (2, lead & 0x1F),
            _ => (3, lead & 0x0F),
        };
        let mut i = 1;
        while i < size {
            code = (code << 6) | (bytes[at + i] as u32 & 0x3F);
            i += 1;
        }
        high[n] = match char::from_u32(code) {
            Some(c) => c,
            None => '\u{FFFD}',
        };
        at += size;
        n += 1;
    }
    DosTable { name, high }
}

static CP437: DosTable = dos(
    "cp437",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}",
);

static CP850: DosTable = dos(
    "cp850",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], declared: Option<&str>) -> (String, String) {
        let decoded = decode(bytes, declared).unwrap();
        (decoded.text, decoded.encoding)
    }

    #[test]
    fn reads_marks_and_utf16() {
        assert_eq!(text(b"\xEF\xBB\xBFQu\xE1\xBA\xADn", None).0, "Quận");
        let le: Vec<u8> = "Quan;T5".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&le, None), ("Quan;T5".to_owned(), "utf-16le".to_owned()));
        let be: Vec<u8> = "Quan;T5".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&be, None), ("Quan;T5".to_owned(), "utf-16be".to_owned()));
    }

    #[test]
    fn a_declaration_is_believed_unless_the_bytes_are_utf8() {
        assert_eq!(text(b"S\xF6dert\xE4lje", Some("ISO-8859-1")).0, "Södertälje");
        assert_eq!(text(b"5 \xA4", Some("iso-8859-15")).0, "5 €");
        assert_eq!(text("hundekører".as_bytes(), Some("iso-8859-15")).0, "hundekører");
        assert_eq!(text(b"S\x94dert\x84lje", Some("cp850")), ("Södertälje".to_owned(), "cp850".to_owned()));
        assert_eq!(text(b"\xE1\xE3", Some("437")).0, "ßπ");
        assert_eq!(text(b"\x9D\xFE", Some("CP850")).0, "Ø■");
    }

    #[test]
    fn vietnamese_of_before_unicode_is_told_apart() {
        // "Quận Gò Vấp" in windows-1258: â + dot below, o + grave, â + acute.
        let w1258 = b"Qu\xE2\xF2n G\xF2\xCC V\xE2\xECp";
        let (decoded, encoding) = text(b"Qu\xE2\xF2n Go\xCC V\xE2\xECp", None);
        assert_eq!((decoded.as_str(), encoding.as_str()), ("Quận Gò Vấp", "windows-1258"));
        assert!(decode(w1258, None).is_ok());
        assert_eq!(text(b"caf\xE9 cr\xE8me", None), ("café crème".to_owned(), "windows-1252".to_owned()));
        // "Công nghiệp điện" in TCVN3.
        assert_eq!(decode(b"C\xABng nghi\xD6p \xAEi\xD6n", None), Err(Tcvn3));
    }
}
