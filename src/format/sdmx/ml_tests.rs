//! SDMX-ML messages, generic and structure-specific.

use super::*;
use crate::domain::ObsStatus;
use proptest::prelude::*;

const SPECIFIC: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<m:StructureSpecificData xmlns:m="urn:m" xmlns:ss="urn:ss" xmlns:xsi="urn:xsi">
  <m:Header><m:ID>x</m:ID><m:Prepared>2022-06-01T00:00:00</m:Prepared>
    <m:Structure structureID="D" dimensionAtObservation="TIME_PERIOD"><Ref id="ECOFIN" version="1.0"/></m:Structure>
  </m:Header>
  <m:DataSet ss:dataScope="DataStructure" xsi:type="ns1:T" COMMENT="Published">
    <Group xsi:type="ns1:Sibling" INDICATOR="CPI" BASE_PER="2019"/>
    <Series FREQ="M" INDICATOR="CPI" UNIT_MULT="0">
      <Obs TIME_PERIOD="2022-04" OBS_VALUE="101.5" OBS_CONF="F"/>
      <Obs TIME_PERIOD="2022-05" OBS_VALUE="102" OBS_STATUS="E"/>
    </Series>
    <Series FREQ="Q" INDICATOR="GDP &amp; more"><Obs TIME_PERIOD="2022-Q1" OBS_VALUE="NaN" OBS_STATUS="A"></Obs></Series>
  </m:DataSet>
</m:StructureSpecificData>"#;

const GENERIC: &str = r#"<GenericData xmlns="urn:m" xmlns:g="urn:g"><Header><Prepared>2022-06-01</Prepared></Header>
<DataSet><g:Series><g:SeriesKey><g:Value id="FREQ" value="A"/><g:Value id="GEO" value="VN"/></g:SeriesKey>
<g:Attributes><g:Value id="UNIT_MULT" value="3"/></g:Attributes>
<g:Obs><g:ObsDimension value="2021"/><g:ObsValue value="98504.4"/>
<g:Attributes><g:Value id="OBS_STATUS" value="P"/><g:Value id="OBS_COMMENT" value="sơ bộ"/></g:Attributes></g:Obs>
</g:Series></DataSet></GenericData>"#;

const FLAT: &str = r#"<d:GenericData xmlns:d="u" xmlns:g="g"><d:Header>
<d:Structure dimensionAtObservation="AllDimensions"/></d:Header><d:DataSet>
<g:Obs><g:ObsKey><g:Value id="GEO" value="HCM"/><g:Value id="TIME_PERIOD" value="2022-Q2"/></g:ObsKey><g:ObsValue value="5"/></g:Obs>
<g:Obs><g:ObsKey><g:Value id="GEO" value="HN"/><g:Value id="TIME_PERIOD" value="2022-Q2"/></g:ObsKey></g:Obs>
</d:DataSet></d:GenericData>"#;

type Row = (String, String, Option<f64>, ObsStatus);

fn rows(text: &str) -> Vec<Row> {
    let tidy = read_sdmx_ml(text.as_bytes()).unwrap();
    tidy.rows.iter().map(|r| (r.members.join("+"), r.time.clone(), r.value, r.status)).collect()
}

fn row(members: &str, time: &str, value: Option<f64>, status: ObsStatus) -> Row {
    (members.to_owned(), time.to_owned(), value, status)
}

#[test]
fn reads_structure_specific_data() {
    let tidy = read_sdmx_ml(SPECIFIC.as_bytes()).unwrap();
    assert_eq!((tidy.title.as_deref(), tidy.updated.as_deref()), (Some("ECOFIN"), Some("2022-06-01T00:00:00")));
    let codes: Vec<_> = tidy.dimensions.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["FREQ", "INDICATOR", "UNIT_MULT", "BASE_PER"]);
    assert_eq!(
        rows(SPECIFIC),
        [
            row("M+CPI+0+2019", "2022-04", Some(101.5), ObsStatus::A),
            row("M+CPI+0+2019", "2022-05", Some(102.0), ObsStatus::E),
            row("Q+GDP & more++", "2022-Q1", None, ObsStatus::M),
        ]
    );
    assert_eq!(tidy.rows[2].period.unwrap().to_string(), "2022-Q1");
    assert_eq!(tidy.rows[2].at, "series 2, observation 1");
    assert_eq!(
        tidy.notes,
        ["data set: COMMENT is \"Published\"", "the attribute \"OBS_CONF\" of observations is left out"]
    );
}

#[test]
fn reads_generic_data_by_series_and_flat() {
    assert_eq!(rows(GENERIC), [row("A+VN+3", "2021", Some(98504.4), ObsStatus::P)]);
    let expected = [row("HCM", "2022-Q2", Some(5.0), ObsStatus::A), row("HN", "2022-Q2", None, ObsStatus::M)];
    assert_eq!(rows(FLAT), expected);
}

#[test]
fn reads_flat_structure_specific_data_and_dates() {
    let text = r#"<StructureSpecificData><Header><Structure dimensionAtObservation="AllDimensions"/></Header>
        <DataSet><Obs FREQ="M" GEO="HCM" TIME_PERIOD="2022-05-01" OBS_VALUE="5" OBS_CONF="F"/></DataSet></StructureSpecificData>"#;
    let tidy = read_sdmx_ml(text.as_bytes()).unwrap();
    assert_eq!(tidy.rows[0].members, ["M", "HCM"]);
    assert_eq!(tidy.rows[0].period.unwrap().to_string(), "2022-05");
}

#[test]
fn says_what_is_wrong_and_where() {
    let refuse = |text: &str| read_sdmx_ml(text.as_bytes()).unwrap_err().to_string();
    let cut = &SPECIFIC[..SPECIFIC.find("<Series FREQ=\"Q\"").unwrap()];
    assert_eq!(refuse(cut), "SDMX-ML: line 12: the file ends inside of \"DataSet\", after 2 observations");
    let bad = SPECIFIC.replace("101.5", "101,5");
    assert_eq!(refuse(&bad), "SDMX-ML: line 9: series 1, observation 1: the value \"101,5\" is not a number");
    assert_eq!(
        refuse("<m:Structure xmlns:m='u'/>"),
        "SDMX-ML: line 1: a structure message (code lists and definitions), which has no observations"
    );
    assert_eq!(refuse("<rss/>"), "SDMX-ML: line 1: the root element is \"rss\", which is no SDMX data message");
    let answer =
        "<m:Error xmlns:m='u'><m:ErrorMessage code='100'><c:Text>No results</c:Text></m:ErrorMessage></m:Error>";
    assert_eq!(refuse(answer), "SDMX-ML: line 1: the service answered with an error: \"No results\"");
    let deletes = SPECIFIC.replace("COMMENT=\"Published\"", "action=\"Delete\"");
    assert_eq!(refuse(&deletes), "SDMX-ML: line 14: the action of the data set is Delete");
}

proptest! {
    #[test]
    fn damage_is_an_error_and_never_a_panic(at in 0usize..1500, flip in 1u8.., cut in 0usize..1500) {
        for text in [SPECIFIC, GENERIC, FLAT] {
            let mut bytes = text.as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            let _ = read_sdmx_ml(&bytes);
            bytes.truncate(cut);
            let _ = read_sdmx_ml(&bytes);
        }
    }
}
