//! Small sheets: what comes out, what is refused, and in which words.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::json;

use super::*;

fn sheet(template: &str) -> Sheet {
    Sheet {
        name: "thu.typ".to_owned(),
        template: template.to_owned(),
        data: json!({ "so": "1.234,5", "ten": "Ủy ban nhân dân Quận Gò Vấp" }),
        files: BTreeMap::new(),
        title: "Thử chữ".to_owned(),
        language: Language::Vi,
        issued: DateTime::parse_from_rfc3339("2022-05-25T12:00:00+07:00").unwrap(),
        ident: "thu/1".to_owned(),
    }
}

const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" viewBox="0 0 200 40">
<title>Trễ hạn</title><text x="4" y="24" font-family="'Be Vietnam Pro', sans-serif" font-size="16">LETTERS</text></svg>"##;

fn with_drawing(letters: &str, template: &str) -> Sheet {
    let mut sheet = sheet(template);
    sheet.files.insert("charts/a.svg".to_owned(), DRAWING.replace("LETTERS", letters).into_bytes());
    sheet
}

const ALT: &str = "= Tiêu đề\n#image(\"/charts/a.svg\", alt: \"Trễ hạn 12 %\")";

#[test]
fn words_come_from_the_data() {
    let document = Document::of(&sheet("#let d = json(\"/data.json\")\n= #d.ten\n#d.so")).unwrap();
    assert_eq!(document.page_count(), 1);
    assert_eq!(document.texts(0).unwrap(), ["Ủy ban nhân dân Quận Gò Vấp", "1.234,5"]);
}

#[test]
fn a_reprint_is_the_same_to_the_byte() {
    let sheet = with_drawing("Trễ hạn", ALT);
    let first = pdf(&sheet).unwrap();
    assert!(first.starts_with(b"%PDF-"));
    assert_eq!(first, pdf(&sheet).unwrap());
    assert_eq!(png(&sheet, 0, 300).unwrap(), png(&sheet, 0, 300).unwrap());
    assert_eq!(svg(&sheet, 0).unwrap(), svg(&sheet, 0).unwrap());
    let later = Sheet { issued: sheet.issued + chrono::Duration::days(1), ..sheet.clone() };
    assert_ne!(first, pdf(&later).unwrap(), "the date of the document is in it");
}

#[test]
fn a_pdf_is_tagged_and_says_its_language_and_title() {
    let text = String::from_utf8_lossy(&pdf(&with_drawing("Trễ hạn", ALT)).unwrap()).into_owned();
    assert!(text.contains("/MarkInfo") && text.contains("/Lang(vi") && text.contains("pdfuaid"), "{text}");
}

#[test]
fn a_drawing_without_words_behind_it_is_no_document_for_everyone() {
    let error = pdf(&with_drawing("a", "= A\n#image(\"/charts/a.svg\")")).unwrap_err();
    let TypesetError::Template { problems, .. } = &error else { panic!("{error}") };
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("thu.typ", Some(2)));
}

#[test]
fn an_error_names_file_line_and_hint() {
    let error = Document::of(&sheet("= A\n\n#let x = 1\n#image(\"/charts/none.svg\")")).err().unwrap();
    assert!(error.to_string().starts_with("thu.typ:4: file not found"), "{error}");
    let mut broken = sheet("#import \"/house.typ\": sign\n\n#sign(3)");
    broken.files.insert("house.typ".to_owned(), b"#let sign(x) = {\n  x + \"a\"\n}\n".to_vec());
    let error = Document::of(&broken).err().unwrap().to_string();
    assert!(error.starts_with("house.typ:2: ") && error.ends_with("line 3 of the template)"), "{error}");
}

#[test]
fn an_unknown_typeface_or_letter_is_refused() {
    let error = Document::of(&sheet("#set text(font: \"Arial\")\nA")).err().unwrap();
    assert!(error.to_string().contains("unknown font family"), "{error}");
    let error = Document::of(&sheet("Xu hướng \u{25b2} tăng")).err().unwrap();
    assert!(matches!(&error, TypesetError::Letters { letters, .. } if letters == "\u{25b2}"), "{error}");
    let error = Document::of(&with_drawing("Tăng \u{25b2}", ALT)).err().unwrap();
    assert!(matches!(&error, TypesetError::Letters { name, .. } if name == "charts/a.svg"), "{error}");
}

#[test]
fn letters_inside_a_drawing_are_written() {
    let dark = |letters: &str| {
        let image = png(&with_drawing(letters, ALT), 0, 400).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(image)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        pixels.chunks_exact(3).filter(|p| p[0] < 128).count()
    };
    assert!(dark("Trễ hạn ở Quận Gò Vấp") > dark(" ") + 100);
}

#[test]
fn pages_and_pixels_have_limits() {
    let error = Document::of(&sheet("#for i in range(80) [#i #pagebreak()]")).err().unwrap();
    assert!(matches!(error, TypesetError::TooLong { most: PAGES_AT_MOST, .. }));
    let document = Document::of(&sheet("A")).unwrap();
    assert!(matches!(document.png(0, 20_000), Err(TypesetError::TooLarge { .. })));
    assert!(matches!(document.svg(1), Err(TypesetError::NoPage { pages: 1, .. })));
}

#[test]
fn nothing_outside_the_sheet_can_be_read() {
    for template in ["#read(\"/etc/passwd\")", "#import \"@preview/cetz:0.3.0\": *", "#read(\"../Cargo.toml\")"] {
        assert!(Document::of(&sheet(template)).is_err(), "{template}");
    }
}

#[test]
fn the_date_is_that_of_the_sheet() {
    let document = Document::of(&sheet("#datetime.today().display(\"[day]/[month]/[year]\")")).unwrap();
    assert_eq!(document.texts(0).unwrap().concat(), "25/05/2022");
}
