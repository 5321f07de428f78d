//! Bytes that are sent many times: compressed once, not for each reader.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use brotli::enc::BrotliEncoderParams;

/// Of eleven: half the time of the next one, a page 5 % larger.
const QUALITY: i32 = 4;
/// Window of 256 KB: a page is hardly larger.
const WINDOW: i32 = 18;

/// How the bytes of an answer are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Plain,
    /// `br`.
    Brotli,
}

/// Bytes, compressed when somebody first wants them so.
#[derive(Debug)]
pub struct Packed {
    plain: Bytes,
    brotli: OnceLock<Bytes>,
}

impl Packed {
    /// These bytes.
    pub fn new(plain: Bytes) -> Self {
        Self { plain, brotli: OnceLock::new() }
    }

    /// The bytes as they are.
    pub fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The bytes that a reader with these headers wants.
    pub fn for_reader(&self, headers: &HeaderMap) -> (Bytes, Encoding) {
        if accepts_brotli(headers) {
            (self.brotli.get_or_init(|| compressed(&self.plain)).clone(), Encoding::Brotli)
        } else {
            (self.plain.clone(), Encoding::Plain)
        }
    }
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let named = |part: &str| {
        let mut words = part.split(';').map(str::trim);
        let is_brotli = words.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        is_brotli && !words.any(|word| matches!(word.strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000")))
    };
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    accepted.flat_map(|list| list.split(',')).any(named)
}

fn compressed(plain: &[u8]) -> Bytes {
    let size_hint = plain.len();
    let parameters =
        BrotliEncoderParams { quality: QUALITY, lgwin: WINDOW, size_hint, ..BrotliEncoderParams::default() };
    let mut out = Vec::with_capacity(plain.len() / 4);
    brotli::BrotliCompress(&mut &*plain, &mut out, &parameters).expect("writing to memory does not fail");
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_brotli_gets_the_same_bytes_compressed() {
        let text = "Quận 12 trễ hạn 41 %. ".repeat(100);
        let packed = Packed::new(Bytes::from(text.clone()));
        let asked = |accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            packed.for_reader(&headers)
        };
        let (bytes, encoding) = asked("gzip, deflate, br");
        assert_eq!((encoding, bytes.len() < 100), (Encoding::Brotli, true));
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*bytes, &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
        for refused in ["gzip", "br;q=0", "identity", "brotli"] {
            assert_eq!(asked(refused), (Bytes::from(text.clone()), Encoding::Plain), "{refused}");
        }
        assert_eq!(asked("BR;q=0.5").1, Encoding::Brotli);
    }
}
