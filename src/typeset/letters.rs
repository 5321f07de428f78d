//! What stands on a page, and whether the typeface can write it.

use quick_xml::Reader;
use quick_xml::events::Event;
use typst::layout::{Frame, FrameItem};
use typst::text::Font;

use super::{Sheet, TypesetError, world};

/// Every run of text on a page, in reading order of the layout, and the `alt` of every drawing.
pub(super) fn texts(frame: &Frame, out: &mut Vec<String>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => texts(&group.frame, out),
            FrameItem::Text(text) => out.push(text.text.to_string()),
            FrameItem::Image(image, ..) => out.extend(image.alt().map(str::to_owned)),
            _ => {}
        }
    }
}

/// The first text of the page with a letter that came out as an empty box.
pub(super) fn unwritten(frame: &Frame) -> Option<(String, String)> {
    frame.items().find_map(|(_, item)| match item {
        FrameItem::Group(group) => unwritten(&group.frame),
        FrameItem::Text(text) => {
            let boxes = text.glyphs.iter().filter(|glyph| glyph.id == 0);
            let letters: String = boxes.map(|glyph| &text.text[glyph.range()]).collect();
            (!letters.is_empty()).then(|| (letters, text.text.to_string()))
        }
        _ => None,
    })
}

/// Looks at the texts of the sheet's SVG drawings: Typst leaves out what it cannot write in them, without a word.
pub(super) fn check_drawings(sheet: &Sheet) -> Result<(), TypesetError> {
    for (path, bytes) in sheet.files.iter().filter(|(path, _)| path.ends_with(".svg")) {
        if let Some((letters, text)) = unwritable(&String::from_utf8_lossy(bytes), world::regular()) {
            return Err(TypesetError::Letters { name: path.clone(), letters, text });
        }
    }
    Ok(())
}

/// The first text of the drawing with letters that the font lacks.
fn unwritable(svg: &str, font: &Font) -> Option<(String, String)> {
    let mut reader = Reader::from_str(svg);
    let mut inside = 0_usize;
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if tag.name().as_ref() == "text" => inside += 1,
            Ok(Event::End(tag)) if tag.name().as_ref() == "text" => {
                inside = inside.saturating_sub(1);
                let lacks = |c: &char| !c.is_control() && !font.info().coverage.contains(*c as u32);
                let letters: String = text.chars().filter(lacks).collect();
                if !letters.is_empty() {
                    return Some((letters, text));
                }
                text.clear();
            }
            Ok(Event::Text(words)) if inside > 0 => text.push_str(&words),
            // An SVG that is not one is Typst's to report, with its line.
            Ok(Event::Eof) | Err(_) => return None,
            _ => {}
        }
    }
}
