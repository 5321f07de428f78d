//! SDMX: structure-specific ML 2.1 and CSV.

use std::fmt::Write;

use chrono::NaiveDate;

/// One observation with its key, in the order of the dimensions.
pub struct SdmxObservation {
    /// Members of the dimensions, without time.
    pub key: Vec<String>,
    /// `2022-05`, `2022-Q2`.
    pub time: String,
    /// Value; empty when missing.
    pub value: String,
    /// `A`, `E`, `P`, `M`.
    pub status: &'static str,
}

/// A data set.
pub struct SdmxTable<'a> {
    /// Identifier of the data flow, such as `HCMC:PRICES(1.0)`.
    pub flow: &'a str,
    /// Dimension ids, without time.
    pub dimensions: &'a [&'static str],
    /// Day of publication.
    pub prepared: NaiveDate,
    /// Where the figures come from, told in the header.
    pub source: &'a str,
    /// Observations; series are runs of one key.
    pub observations: Vec<SdmxObservation>,
}

impl SdmxTable<'_> {
    /// Structure-specific SDMX-ML 2.1, one series per key.
    pub fn to_ml(&self) -> Vec<u8> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let namespace = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1";
        let structure =
            format!("urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={}:ObsLevelDim:TIME_PERIOD", self.flow);
        let id = self.flow.replace([':', '(', ')', '.'], "_");
        let mut push = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        push(format!(
            "<message:StructureSpecificData xmlns:message=\"{namespace}/message\" \
             xmlns:ss=\"{namespace}/data/structurespecific\" xmlns:common=\"{namespace}/common\" \
             xmlns:ns1=\"{structure}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
        ));
        push("<message:Header>".to_owned());
        push(format!("<message:ID>{id}_{}</message:ID>", self.prepared.format("%Y%m%d")));
        push("<message:Test>true</message:Test>".to_owned());
        push(format!("<message:Prepared>{}T09:00:00+07:00</message:Prepared>", self.prepared));
        push("<message:Sender id=\"PSO_HCMC\"/>".to_owned());
        push(format!(
            "<message:Structure structureID=\"{id}\" namespace=\"{structure}\" dimensionAtObservation=\"TIME_PERIOD\"/>"
        ));
        push(format!("<message:Source xml:lang=\"vi\">{}</message:Source>", escaped(self.source)));
        push("</message:Header>".to_owned());
        push(format!(
            "<message:DataSet ss:structureRef=\"{id}\" xsi:type=\"ns1:DataSetType\" ss:dataScope=\"DataStructure\">"
        ));
        for series in self.observations.chunk_by(|a, b| a.key == b.key) {
            let mut key = String::new();
            for (dimension, member) in self.dimensions.iter().zip(&series[0].key) {
                write!(key, " {dimension}=\"{member}\"").expect("writing to a string cannot fail");
            }
            push(format!("<Series{key}>"));
            for o in series {
                push(format!(
                    "<Obs TIME_PERIOD=\"{}\" OBS_VALUE=\"{}\" OBS_STATUS=\"{}\"/>",
                    o.time, o.value, o.status
                ));
            }
            push("</Series>".to_owned());
        }
        push("</message:DataSet>".to_owned());
        push("</message:StructureSpecificData>".to_owned());
        out.into_bytes()
    }

    /// SDMX-CSV 1.0.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut out = format!("DATAFLOW,{},TIME_PERIOD,OBS_VALUE,OBS_STATUS,COMMENT\n", self.dimensions.join(","));
        for o in &self.observations {
            writeln!(
                out,
                "{},{},{},{},{},\"{}\"",
                self.flow,
                o.key.join(","),
                o.time,
                o.value,
                o.status,
                self.source.replace('"', "'")
            )
            .expect("writing to a string cannot fail");
        }
        out.into_bytes()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
