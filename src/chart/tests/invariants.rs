//! What must hold for every chart: readable XML with its words, letters of the typeface, the same bytes every time, and
//! nothing outside the picture.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::draw::draw;
use super::super::scene::{Anchor, Scene};
use super::super::spec::{Frame, Language, check};
use super::super::text::has_glyph;
use super::super::words::Word;
use super::super::{Chart, ChartError, Ramp, Size, TileLayout, contrast};
use super::examples::{all, frame, heatmap, lines, sparkline};

const SIZES: [Size; 4] = [Size::new(360, 640), Size::PAGE, Size::DESKTOP, Size::WALL];

fn scenes() -> Vec<(String, Scene)> {
    let mut out = Vec::new();
    for (name, chart) in all() {
        for size in SIZES.into_iter().chain([chart.fitting(360), chart.fitting(1440)]) {
            out.push((format!("{name} {size:?}"), draw(&chart, size).unwrap()));
        }
    }
    out
}

/// Names of elements in order, the root's attributes, and all texts.
fn parsed(svg: &str) -> (Vec<String>, Vec<(String, String)>, Vec<String>) {
    let mut reader = Reader::from_str(svg);
    let (mut names, mut attributes, mut texts) = (vec![], vec![], vec![]);
    let mut open = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                if names.is_empty() {
                    for attribute in element.attributes() {
                        let attribute = attribute.unwrap();
                        let key = attribute.key.as_ref().to_owned();
                        attributes.push((key, attribute.value.into_owned()));
                    }
                }
                names.push(element.name().as_ref().to_owned());
            }
            Event::Text(text) => open.push_str(&text),
            Event::GeneralRef(reference) => {
                open.push_str(match &*reference {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("&{other};"),
                });
            }
            Event::End(_) => texts.push(std::mem::take(&mut open).trim().to_owned()),
            Event::Eof => return (names, attributes, texts),
            _ => {}
        }
    }
}

#[test]
fn svg_is_xml_and_says_what_it_shows() {
    for (name, chart) in all() {
        for size in [Size::PAGE, Size::PHONE] {
            let svg = chart.svg(size).unwrap();
            let (names, attributes, texts) = parsed(&svg);
            let value = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()).unwrap();
            assert_eq!(names[..3], ["svg", "title", "desc"], "{name}");
            assert_eq!(value("role"), "img");
            assert_eq!(value("lang"), "vi");
            for id in value("aria-labelledby").split(' ') {
                assert!(svg.contains(&format!("id=\"{id}\"")), "{name}: nothing has the id {id}");
            }
            assert_eq!(texts[0], chart.frame().title, "{name}");
            assert!(!svg.contains("w400") && !svg.contains("w600"), "{name}");
        }
    }
}

#[test]
fn the_same_chart_is_the_same_bytes() {
    for (name, chart) in all() {
        assert_eq!(chart.svg(Size::PAGE), chart.clone().svg(Size::PAGE), "{name}");
    }
    let chart = Chart::Lines(lines());
    assert_eq!(chart.png(Size::PAGE, 1), chart.clone().png(Size::PAGE, 1));
}

#[test]
fn every_letter_is_in_the_typeface() {
    for (name, scene) in scenes() {
        for label in &scene.labels {
            let lacking: String = label.text.chars().filter(|c| !has_glyph(*c)).collect();
            assert!(lacking.is_empty(), "{name}: \"{lacking}\" in \"{}\"", label.text);
        }
    }
    for word in Word::ALL {
        let (vi, en) = word.both();
        assert!(vi.chars().chain(en.chars()).all(has_glyph), "{vi} {en}");
    }
}

/// Left, top, right, bottom of a label's letters.
fn extent(label: &super::super::scene::Label) -> [f64; 4] {
    let wide = label.pen.width(&label.text);
    let back = match label.pen.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => wide / 2.0,
        Anchor::End => wide,
    };
    let (x, y) = label.at;
    let size = label.pen.size;
    if label.turned {
        [x - size * 0.75, y + back - wide, x + size * 0.2, y + back]
    } else {
        [x - back, y - size * 0.75, x - back + wide, y + size * 0.2]
    }
}

#[test]
fn no_label_leaves_the_picture() {
    for (name, scene) in scenes() {
        let (width, height) = (f64::from(scene.size.width), f64::from(scene.size.height));
        for label in &scene.labels {
            let [left, top, right, bottom] = extent(label);
            assert!(left >= -0.5 && top >= -0.5, "{name}: \"{}\" starts at {left}, {top}", label.text);
            assert!(
                right <= width + 0.5 && bottom <= height + 0.5,
                "{name}: \"{}\" ends at {right}, {bottom}",
                label.text
            );
        }
    }
}

#[test]
fn no_label_lies_over_another() {
    for (name, scene) in scenes() {
        let extents: Vec<[f64; 4]> = scene.labels.iter().map(extent).collect();
        for (i, a) in extents.iter().enumerate() {
            for (k, b) in extents.iter().enumerate().skip(i + 1) {
                let over = a[0] + 1.0 < b[2] && b[0] + 1.0 < a[2] && a[1] + 1.0 < b[3] && b[1] + 1.0 < a[3];
                assert!(!over, "{name}: \"{}\" over \"{}\"", scene.labels[i].text, scene.labels[k].text);
            }
        }
    }
}

#[test]
fn every_number_of_a_heatmap_can_be_read() {
    let spec = heatmap();
    let ramp = Ramp::overdue();
    let scene = draw(&Chart::Heatmap(spec.clone()), Size::PAGE).unwrap();
    let printed: Vec<_> = scene.labels.iter().filter(|l| l.text == "100" || l.text == "70").collect();
    assert!(printed.len() >= 2);
    for label in printed {
        let value: f64 = label.text.parse().unwrap();
        // The key prints its stops on paper, in grey.
        if label.pen.colour != super::super::theme::MUTED {
            assert!(contrast(ramp.colour(value), label.pen.colour) >= 4.5, "{label:?}");
        }
    }
    assert!(scene.labels.iter().any(|l| l.text == spec.rows[21]), "the last row is there");
    assert!(scene.labels.iter().all(|l| !l.text.contains("trong số")), "nothing is left out of a page");
}

#[test]
fn decomposed_vietnamese_is_composed() {
    let sentence =
        "Ủy ban nhân dân Quận Gò Vấp: người dân phản ánh ngập nước, kẹt xe; đã xử lý kỹ lưỡng những vướng mắc";
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(sentence).collect();
    assert_ne!(sentence, decomposed);
    let with =
        |title: &str| Chart::Lines(super::super::spec::Lines { frame: frame(title, "Số phản ánh"), ..lines() });
    let svg = with(sentence).svg(Size::DESKTOP).unwrap();
    assert_eq!(svg, with(&decomposed).svg(Size::DESKTOP).unwrap());
    assert!(parsed(&svg).2[0].contains(sentence));
    assert_eq!(with(sentence).png(Size::PAGE, 1), with(&decomposed).png(Size::PAGE, 1));
}

#[test]
fn markup_in_names_stays_text() {
    let mut spec = lines();
    spec.frame.title = "<script>alert(\"1\")</script> & 'x'\u{1}".into();
    spec.series[0].name = "a\n</text><b>".into();
    let svg = Chart::Lines(spec).svg(Size::PAGE).unwrap();
    let (names, _, texts) = parsed(&svg);
    assert!(names.iter().all(|n| n != "script" && n != "b"));
    assert!(texts[0].starts_with("<script>alert"));
}

#[test]
fn english_charts_speak_english() {
    let mut spec = lines();
    spec.frame = Frame::new("Retail sales up", Language::En);
    let (_, attributes, texts) = parsed(&Chart::Lines(spec).svg(Size::PAGE).unwrap());
    assert!(attributes.contains(&("lang".into(), "en".into())));
    assert!(texts.iter().any(|t| t == "provisional") && texts.iter().any(|t| t == "113.0"));
}

#[test]
fn faulty_specs_are_refused() {
    let mut spec = heatmap();
    spec.cells[3].pop();
    let error = Chart::Heatmap(spec).svg(Size::PAGE).unwrap_err();
    assert_eq!(error.to_string(), "row \"Hóc Môn\" has 19 entries where 20 are due");
    let mut spec = sparkline();
    spec.values[0] = Some(f64::NAN);
    assert!(matches!(check(&Chart::Sparkline(spec)), Err(ChartError::NotFinite { .. })));
    let mut spec = lines();
    spec.frame.title = " ".into();
    assert_eq!(Chart::Lines(spec).svg(Size::PAGE), Err(ChartError::NoTitle));
    let chart = Chart::Lines(lines());
    assert!(matches!(chart.svg(Size::new(100, 100)), Err(ChartError::TooSmall { .. })));
    assert!(matches!(chart.png(Size::WALL, 2), Err(ChartError::TooLarge { .. })));
    assert_eq!(chart.png(Size::PAGE, 0), Err(ChartError::Scale(0)));
}

/// Against the catalogue's own list of areas: every area of the day once, no other, every block whole.
#[test]
fn layouts_hold_the_areas_of_their_day() {
    let areas = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/indicators/areas.csv")).unwrap();
    let of = |kind: &str, day: &str| -> Vec<String> {
        let rows = areas.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let valid = rows.filter(|r| r[2] == kind && r[4] <= day && (r[5].is_empty() || r[5] >= day));
        let mut codes: Vec<String> = valid.map(|r| r[0].to_owned()).collect();
        codes.sort();
        codes
    };
    for (layout, kind, day, count) in [
        (TileLayout::districts_2021(), "district", "2022-05-31", 22),
        (TileLayout::wards_2025(), "ward", "2025-07-01", 168),
    ] {
        let mut codes: Vec<String> = layout.tiles().iter().map(|tile| tile.code.clone()).collect();
        codes.sort();
        assert_eq!(codes.len(), count);
        assert_eq!(codes, of(kind, day));
    }
    let place = |code: &str| {
        let layout = TileLayout::districts_2021();
        let tile = layout.tiles().iter().find(|t| t.code == code).unwrap().clone();
        (tile.column, tile.row)
    };
    let (cu_chi, can_gio, thu_duc, quan_1) = (place("783"), place("787"), place("769"), place("760"));
    assert!(cu_chi.0 < quan_1.0 && cu_chi.1 < quan_1.1, "Củ Chi lies north-west");
    assert!(can_gio.1 > quan_1.1 && can_gio.0 >= quan_1.0, "Cần Giờ lies south-east");
    assert!(thu_duc.0 > quan_1.0, "Thủ Đức lies east");
}

#[test]
fn faulty_layouts_name_the_line() {
    let message = |text: &str| TileLayout::read(text).unwrap_err().to_string();
    let head = "code,name,column,row,block\n";
    assert!(message("a,b\n").starts_with("tile layout line 1"));
    assert_eq!(message(&format!("{head}1,A,0,0,\n2,B,0,0,\n")), "tile layout line 3: column 0, row 0 is taken");
    assert_eq!(message(&format!("{head}1,A,x,0,\n")), "tile layout line 2: \"x\" is not a place from 0 to 199");
    assert_eq!(message(&format!("{head}1,A,0,0\n")), "tile layout line 2: 4 fields where 5 are due");
}
