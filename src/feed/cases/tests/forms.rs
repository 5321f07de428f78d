//! Other forms than delimited text: Open311 in JSON and XML, Parquet, workbooks; one mapping reads the same cases from
//! each.

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;

use super::*;

const OPEN311: &str = "format = 'open311'\n[case]\nchannel = { column = 'extended_attributes.channel', \
                       codes = { phone = 'hotline', web = 'portal' }, from_data = true }\n\
                       parent = 'extended_attributes.parent_service_request_id'\n";

#[test]
fn a_real_open311_answer_is_read() {
    let Some((_, bytes)) = real_file("chicago-requests-ext.json") else { return };
    let read = read_parts(&mapping(OPEN311), &[&bytes]).unwrap();
    assert_eq!(complaints(&read), Vec::<String>::new());
    let cases = records(&read);
    assert_eq!(cases.len(), 50);
    assert_eq!(cases.iter().filter(|case| case.resolved_at.is_some()).count(), 49, "one is open");
    let first = &cases[0];
    // 2014-05-09T19:02:21-05:00 is seven o'clock the next morning in the city.
    assert_eq!((&*first.id, first.received_at.to_string()), ("14-00684314", "2014-05-10T07:02:21".to_owned()));
    assert_eq!(first.resolved_at.unwrap().to_string(), "2015-10-10T22:15:40");
    assert_eq!((&*first.channel, &*first.category), ("hotline", "4fd3b656e750846c53000004"));
    assert_eq!(first.org.as_deref(), Some("Division of In-House Construction CDOT"));
    let channels = ["hotline", "portal", "open311"].map(|c| cases.iter().filter(|case| &*case.channel == c).count());
    assert_eq!(channels, [37, 10, 3]);
}

/// Two requests as the standard's examples have them, with text that must not matter.
const JSON: &str = r#"[
 {"service_request_id": "638344", "status": "closed", "status_notes": "Đã xử lý", "service_name": "Sidewalk",
  "service_code": "006", "description": "số điện thoại 0909000111", "agency_responsible": null,
  "requested_datetime": "2022-05-14T06:37:38-08:00", "updated_datetime": "2022-05-15T06:37:38-08:00",
  "expected_datetime": "2022-05-15T06:37:37-08:00", "lat": 10.7762, "long": 106.7},
 {"service_request_id": 638349, "status": "open", "service_code": "007",
  "requested_datetime": "2022-05-19T07:00:00Z", "lat": 100.5, "long": 106.7}
]"#;

const XML: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<service_requests>
  <request><service_request_id>638344</service_request_id><status>closed</status>
    <service_name>Sidewalk &amp; Curb</service_name><service_code>006</service_code>
    <description><![CDATA[số điện thoại <0909000111>]]></description><agency_responsible/>
    <requested_datetime>2022-05-14T06:37:38-08:00</requested_datetime>
    <updated_datetime>2022-05-15T06:37:38-08:00</updated_datetime>
    <expected_datetime>2022-05-15T06:37:37-08:00</expected_datetime><lat>10.7762</lat><long>106.7</long></request>
  <request><service_request_id>638349</service_request_id><status>open</status><service_code>007</service_code>
    <requested_datetime>2022-05-19T07:00:00Z</requested_datetime><lat>100.5</lat><long>106.7</long></request>
</service_requests>"#;

#[test]
fn json_and_xml_of_one_server_are_the_same_cases() {
    let mapping = mapping("format = 'open311'\n[case]\n");
    let (json, xml) = (read_parts(&mapping, &[JSON.as_bytes()]), read_parts(&mapping, &[XML.as_bytes()]));
    let (json, xml) = (json.unwrap(), xml.unwrap());
    assert_eq!(json.batches, xml.batches);
    assert_eq!(complaints(&json), ["2 lat \"100.5\": there is no place at 100.5 degrees; the case has no coordinates"]);
    assert_eq!(complaints(&xml), complaints(&json));
    let cases = records(&json);
    let late = &cases[0];
    assert_eq!((&*late.id, late.resolved_at > late.due_at, late.longitude), ("638344", true, Some(106.7)));
    assert_eq!((&*cases[1].id, cases[1].resolved_at, cases[1].due_at), ("638349", None, None));
    assert_eq!(cases[1].updated_at, cases[1].received_at.vintage());
    // Pages are parts of one snapshot; what stands on two pages counts once.
    let twice = read_parts(&mapping, &[JSON.as_bytes(), JSON.as_bytes()]).unwrap();
    assert_eq!((twice.count(), twice.rejected.len()), (2, 4));
}

#[test]
fn a_broken_answer_is_refused_with_its_reason() {
    let mapping = mapping("format = 'open311'\n[case]\n");
    for (bytes, words) in [
        (&JSON[..200], "it is not the JSON expected: EOF"),
        (&XML[..300], "it is not well-formed XML"),
        ("{\"code\": 500}", "it is not the JSON expected"),
    ] {
        let said = read_parts(&mapping, &[bytes.as_bytes()]).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
}

const FORMS: &str = "format = 'auto'\n[table]\nrecords = 'data.items'\n[case]\nid = 'id'\nreceived = 'received'\n\
                     due = { column = 'due', time = '17:00' }\ncategory = { column = 'field', from_data = true }\n\
                     longitude = 'x'\nlatitude = 'y'\n";

fn parquet() -> Vec<u8> {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("text", Arc::new(StringArray::from(vec!["không ai đọc", "x"]))),
        ("id", Arc::new(Int64Array::from(vec![7, 8]))),
        ("field", Arc::new(StringArray::from(vec![Some("Cây xanh"), None]))),
        // 2022-05-25T01:00:00Z is 08:00 in the city; a wall clock time without a zone is the city's own.
        ("received", Arc::new(TimestampMicrosecondArray::from(vec![1_653_440_400_000_000; 2]).with_timezone("UTC"))),
        ("due", Arc::new(Date32Array::from(vec![Some(19_139), None]))),
        ("x", Arc::new(arrow::array::Float32Array::from(vec![106.5, 106.5]))),
        ("y", Arc::new(arrow::array::Float64Array::from(vec![10.5, 10.5]))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Danh sách phản ánh").unwrap();
    for (column, name) in ["id", "received", "due", "field", "x", "y"].into_iter().enumerate() {
        sheet.write(2, column as u16, name).unwrap();
    }
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy hh:mm");
    for (row, id) in [(3u32, 7.0), (5, 8.0)] {
        sheet.write(row, 0, id).unwrap();
        let at = rust_xlsxwriter::ExcelDateTime::from_ymd(2022, 5, 25).unwrap().and_hms(8, 0, 0).unwrap();
        sheet.write_with_format(row, 1, &at, &format).unwrap();
        sheet.write(row, 4, 106.5).unwrap();
        sheet.write(row, 5, 10.5).unwrap();
    }
    sheet.write(3, 2, "2022-05-27").unwrap();
    sheet.write(3, 3, "Cây xanh").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn one_mapping_reads_the_same_cases_from_every_form() {
    let mapping = mapping(FORMS);
    let text = "id,received,due,field,x,y\n7,2022-05-25 08:00,2022-05-27,Cây xanh,106.5,10.5\n8,2022-05-25 08:00,,,106.5,10.5\n";
    let json = r#"{"data": {"total": 2, "items": [
        {"id": 7, "received": "2022-05-25T08:00:00", "due": "2022-05-27", "field": "Cây xanh", "x": 106.5, "y": 10.5},
        {"id": "8", "received": "2022-05-25T08:00:00", "x": 106.5, "y": "10.5"}]}}"#;
    let expected = read_parts(&mapping, &[text.as_bytes()]).unwrap();
    assert_eq!((expected.count(), expected.rejected.len()), (2, 0));
    assert_eq!(records(&expected)[0].due_at.unwrap().to_string(), "2022-05-27T17:00:00");
    assert_eq!(read_parts(&mapping, &[&parquet()]).unwrap().batches, expected.batches);
    assert_eq!(read_parts(&mapping, &[&workbook()]).unwrap().batches, expected.batches);
    assert_eq!(read_parts(&mapping, &[json.as_bytes()]).unwrap().batches, expected.batches);
}

#[test]
fn columns_that_a_file_lacks_are_named() {
    let wider = mapping(&FORMS.replace("longitude", "org = { column = 'unit', from_data = true }\nlongitude"));
    for bytes in [parquet(), workbook()] {
        let words = read_parts(&wider, &[&bytes]).unwrap_err();
        assert!(words.contains("the column \"unit\" is not there; there are \""), "{words}");
    }
    let strict = mapping(&FORMS.replace("[table]", "[contract]\nrequired = ['unit']\n[table]"));
    let words = read_parts(&strict, &[br#"{"data": {"items": [{"id": 7}]}}"#]).unwrap_err();
    assert_eq!(words, "no record has \"unit\"");
}

#[test]
fn a_damaged_file_is_refused_and_never_a_panic() {
    let mapping = mapping(FORMS);
    for bytes in [parquet(), workbook()] {
        for cut in [4, 40, bytes.len() / 2, bytes.len() - 1] {
            assert!(read_parts(&mapping, &[&bytes[..cut]]).is_err(), "{cut}");
        }
    }
}
