//! Exports of delimited text: another city's by a mapping alone, and everything that can be wrong in one.

use super::*;
use crate::domain::case::{DuePolicy, EventKind, Moment};

#[test]
fn another_citys_export_is_read_with_a_mapping_alone() {
    let mapping = load(include_str!("baltimore.toml")).unwrap().mapping;
    let Some((_, bytes)) = real_file("baltimore311-10k.csv") else { return };
    let read = read_parts(&mapping, &[&bytes]).unwrap();
    assert_eq!(complaints(&read), Vec::<String>::new());
    let cases = records(&read);
    assert_eq!(cases.len(), 10_000);
    let both: Vec<(Moment, Moment)> = cases.iter().filter_map(|case| Some((case.due_at?, case.resolved_at?))).collect();
    assert_eq!(both.len(), 9_555);
    assert_eq!(both.iter().filter(|(due, resolved)| resolved > due).count(), 1_567);
    assert_eq!(cases.iter().filter(|case| case.due_at.is_some()).count(), 9_714);
    assert!(cases.iter().all(|case| case.due_policy == DuePolicy::Source && case.events.is_empty()));
    // 04/12/2018 11:11:26 AM in Baltimore, four hours behind UTC, is the evening in the city.
    let first = &cases[0];
    assert_eq!((&*first.id, first.received_at.to_string()), ("18-00269879", "2018-04-12T22:11:26".to_owned()));
    assert_eq!((&*first.channel, &*first.category), ("hotline", "TRT-Traffic Signal Repairs"));
    assert_eq!((first.area.as_deref(), first.org.as_deref()), (Some("Dorchester"), Some("Transportation")));
}

const SMALL: &str = r#"
format = "csv"
zone = "Asia/Ho_Chi_Minh"
time_format = ["%d/%m/%Y %H:%M", "iso"]
[codes.channel]
"Tổng đài" = "hotline"
[case]
id = "Mã"
received = "Ngày nhận"
due = { column = "Hạn", format = "%d/%m/%Y", time = "17:00" }
resolved = "Ngày trả lời"
closed = "Ngày đóng"
updated = "Cập nhật"
channel = { column = "Kênh", codes = "channel" }
category = { column = "Lĩnh vực", from_data = true }
org = { column = "Đơn vị", codes = { "Sở Y tế" = "so_yt" } }
area = { column = "Phường", within = "Quận", names = true }
status = { column = "Tình trạng", open = ["Đang xử lý"], answered = ["Đã xử lý"], rejected = ["Từ chối"], merged = ["Trùng"] }
satisfaction = { column = "Hài lòng", satisfied = ["Có"], dissatisfied = ["Không"] }
parent = "Mã gốc"
"#;

const HEADER: &str =
    "Mã;Ngày nhận;Hạn;Ngày trả lời;Ngày đóng;Cập nhật;Kênh;Lĩnh vực;Đơn vị;Phường;Quận;Tình trạng;Hài lòng;Mã gốc\n";

fn small(rows: &str) -> CasesRead {
    read_parts(&mapping(SMALL), &[format!("{HEADER}{rows}").as_bytes()]).unwrap()
}

#[test]
fn columns_become_a_case_with_what_happened_to_it() {
    let read = small(
        "A1;25/05/2022 08:00;27/05/2022;26/05/2022 09:30;;2022-05-26T09:30:00;Tổng đài;Cây xanh;Sở Y tế;Phường Bến Nghé;Quận 1;Đã xử lý;;\n\
         A2;25/05/2022 08:00;;26/05/2022 09:30;28/05/2022 00:00;2022-05-28;Tổng đài;Cây xanh;;;Quận 3;Đã xử lý;Không;\n\
         A3;25/05/2022 08:00;;;;2022-05-25T10:00:00;Tổng đài;;;;;Trùng;;A1\n",
    );
    assert_eq!(complaints(&read), Vec::<String>::new());
    let cases = records(&read);
    let first = &cases[0];
    assert_eq!(first.due_at.unwrap().to_string(), "2022-05-27T17:00:00");
    assert_eq!(
        (&*first.channel, first.org.as_deref(), first.area.as_deref()),
        ("hotline", Some("so_yt"), Some("26740"))
    );
    assert!(first.events.is_empty(), "an answer alone is in the case itself");
    let kinds: Vec<(EventKind, String)> = cases[1].events.iter().map(|e| (e.kind, e.at.to_string())).collect();
    let at = |text: &str| text.to_owned();
    assert_eq!(
        kinds,
        [
            (EventKind::Received, at("2022-05-25T08:00:00")),
            (EventKind::Answered, at("2022-05-26T09:30:00")),
            (EventKind::Closed, at("2022-05-28T00:00:00")),
            (EventKind::Rated, at("2022-05-28T00:00:00")),
        ]
    );
    assert_eq!((cases[1].events[3].satisfied, cases[1].area.as_deref()), (Some(false), Some("770")));
    assert_eq!((cases[2].events[1].kind, cases[2].parent.as_deref()), (EventKind::Merged, Some("A1")));
    assert_eq!((&*cases[2].category, cases[2].area.as_deref()), ("_U", None));
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_nothing_is_lost() {
    let read = small(
        ";32/05/2022;x;;;;Fax;a;Sở Ytế;;;Đang xử lý;;\n\
         B1;25/05/2022 08:00;;24/05/2022 08:00;;2022-05-25;Tổng đài;a;;;;Đã xử lý;;\n\
         B2;25/05/2022 08:00;;;;2022-05-25;Tổng đài;a;;Phường Không Có;Quận 1;Lạ;Tạm;\n\
         B3;25/05/2022 08:00;;;;2022-05-25;Tổng đài;a;;Phường 1;Quận Xa;Lạ;;;;thừa\n\
         B4;25/05/2022 08:00;;;;2022-05-25;Tổng đài;a;;;;Đang xử lý;;\n\
         B4;25/05/2022 08:00;;;;2022-05-26;Tổng đài;b;;;;Đang xử lý;;\n\
         B4;25/05/2022 08:00;;;;2022-05-24;Tổng đài;c;;;;Đang xử lý;;\n",
    );
    let cases = records(&read);
    let kept: Vec<(&str, &str)> = cases.iter().map(|case| (&*case.id, &*case.category)).collect();
    assert_eq!(kept, [("B2", "a"), ("B4", "b")]);
    assert_eq!(cases[0].area.as_deref(), Some("760"), "the district is known");
    let said = complaints(&read);
    let begins = [
        "2 Mã \"\": a case needs an identifier",
        "2 Ngày nhận \"32/05/2022\": \"32/05/2022\" is not a time as the mapping declares it",
        "2 Hạn \"x\": \"x\" is not a time",
        "2 Kênh \"Fax\": \"Fax\" is not in the code list",
        "2 Đơn vị \"Sở Ytế\": \"Sở Ytế\" is not in the code list",
        "3 Ngày trả lời \"24/05/2022 08:00\": it was resolved before it was received (2022-05-25T08:00:00)",
        "4 Tình trạng \"Lạ\": the state \"Lạ\" is in none of the lists",
        "4 Hài lòng \"Tạm\": \"Tạm\" is neither satisfied nor dissatisfied",
        "4 Phường \"Phường Không Có\": no area \"Phường Không Có\" exists",
        "5 - \"\": the row has 16 cells and the header 14: it is shifted",
        "6 - \"B4\": row 7 has a newer version of the case, which counts",
        "8 - \"B4\": row 7 has a newer version of the case, which counts",
    ];
    assert_eq!(said.len(), begins.len(), "{said:#?}");
    for (said, begin) in said.iter().zip(begins) {
        assert!(said.starts_with(begin), "{said}\nnot {begin}");
    }
}

#[test]
fn an_export_of_another_shape_is_refused_whole() {
    let mapping = mapping(SMALL);
    let words = read_parts(&mapping, &[HEADER.replace("Hạn;", "").as_bytes()]).unwrap_err();
    assert!(words.starts_with("the column \"Hạn\" is not there; there are \"Mã\""), "{words}");
    assert_eq!(read_parts(&mapping, &[b" \n"]).unwrap_err(), "it is empty");
    let read = read_parts(&mapping, &[HEADER.as_bytes()]).unwrap();
    assert_eq!(read.count(), 0);
}

#[test]
fn a_compressed_export_is_the_same_export() {
    use std::io::Write;
    let text = format!("{HEADER}B4;25/05/2022 08:00;;;;2022-05-25;Tổng đài;a;;;;Đang xử lý;;\n");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let plain = read_parts(&mapping(SMALL), &[text.as_bytes()]).unwrap();
    assert_eq!(read_parts(&mapping(SMALL), &[&gzip]).unwrap(), plain);
    let words = read_parts(&mapping(SMALL), &[&gzip[..gzip.len() - 9]]).unwrap_err();
    assert!(words.contains("damaged or not whole"), "{words}");
}

#[test]
fn a_table_of_events_comes_with_its_cases() {
    let mapping = mapping(
        "format = 'csv'\n[case]\nid = 'id'\nreceived = 'received'\nupdated = 'updated'\n\
         [events]\ncase = 'case'\nseq = 'seq'\nat = 'at'\ndue = 'due'\norg = { column = 'org', from_data = true }\n\
         kind = { column = 'kind', codes = { DI = 'dispatched', TL = 'answered', DG = 'rated' }, skip = ['GHI'] }\n\
         satisfied = { column = 'content', satisfied = ['1'], dissatisfied = ['0'] }\n",
    );
    let cases =
        b"id,received,updated\n7,2022-05-25 08:00,2022-05-26\n8,2022-05-25 09:00,2022-05-26\n9,2022-05-25 09:00,\n";
    let events = "case,seq,at,kind,org,due,content\n\
                  8,1,2022-05-25 09:01,DI,so_yt,,\n\
                  7,3,2022-05-26 09:00,TL,,,\n\
                  7,1,2022-05-25 09:00,DI,so_gd,,\n\
                  7,2,2022-05-25 09:00,GHI,,,\n\
                  8,2,2022-05-27 09:00,DG,,,0\n\
                  8,3,2022-05-27 09:00,XX,,,\n\
                  8,x,,TL,,,\n\
                  5,1,2022-05-27 09:00,TL,,,\n";
    let read = read_parts(&mapping, &[cases, events.as_bytes()]).unwrap();
    let said = complaints(&read);
    assert_eq!(said[0], "7 kind \"XX\": \"XX\" is no kind of event; add it under codes, or to skip");
    assert_eq!(said[1..3], ["8 at \"\": an event needs a time", "8 seq \"x\": \"x\" is not a place in an order"]);
    assert_eq!(said[3], "9 - \"\": its case is not among the cases that came with it, or was rejected");
    assert_eq!(said.len(), 4, "{said:#?}");
    let told: Vec<String> = records(&read)
        .iter()
        .map(|case| {
            let events = case.events.iter().map(|e| format!(" {}{}", e.kind, e.org.as_deref().unwrap_or_default()));
            format!("{}:{}", case.id, events.collect::<String>())
        })
        .collect();
    assert_eq!(told, ["7: dispatchedso_gd answered", "8: dispatchedso_yt rated", "9:"]);
    assert_eq!(
        records(&read)[2].updated_at,
        records(&read)[2].received_at.vintage(),
        "a blank change is the last time"
    );
    let words = read_parts(&mapping, &[cases]).unwrap_err();
    assert_eq!(words, "the cases came without their table of events");
}

#[test]
fn a_mapping_names_all_its_mistakes_with_their_lines() {
    let text = with_head(
        "format = 'csv'\nzone = 'Asia/Saigonn'\ntime_format = '%Q'\n[case]\nid = 'a'\ndeadline = 'tables'\n\
         org = { column = 'o', codes = { x = 'so_ytt' } }\nchannel = { column = 'c', codes = 'kenh' }\n\
         area = { column = 'w', names = true, from_data = true }\n\
         status = { column = 's', open = ['A'], merged = ['a'] }\n[case.times]\ngone = 'g'",
    );
    let problems = load(&text).unwrap_err();
    let expected = [
        "\"Asia/Saigonn\" is not a time zone",
        "\"%Q\" is not a format of times",
        "[case] has no received",
        "\"tables\" is neither \"source\" nor \"table\"",
    ];
    for part in expected {
        assert!(problems.iter().any(|problem| problem.contains(part)), "{part} in {problems:#?}");
    }
    let text = text.replace("id = 'a'", "id = 'a'\nreceived = 'r'\nbody = 'text'");
    assert!(load(&text).unwrap_err()[0].contains("body"), "there is no key for the text of a case");
    let problems = load(&text.replace("\nbody = 'text'", "")).unwrap_err();
    let expected = [
        "unknown authority \"so_ytt\"",
        "there is no [codes.kenh]",
        "names, from_data and codes say three different things",
        "the state \"a\" means two things",
        "\"gone\" is no kind of event",
    ];
    for part in expected {
        assert!(problems.iter().any(|problem| problem.contains(part)), "{part} in {problems:#?}");
    }
    assert!(problems.iter().all(|problem| problem.contains("f.toml:")), "{problems:#?}");
}
