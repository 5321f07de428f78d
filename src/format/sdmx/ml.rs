//! SDMX-ML data messages, generic and structure-specific, whatever their namespace prefixes: Series with Obs, or flat
//! Obs (`dimensionAtObservation="AllDimensions"`), with groups. Read event by event; entities are not expanded.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::encoding::decode;
use super::super::{FormatError, Tidy};
use super::records::{OBS_STATUS, OBS_VALUE, Observation, Pairs, Records, TIME_PERIOD, is_remark, read_value};

/// Root elements of data messages.
const DATA_ROOTS: [&str; 6] = [
    "StructureSpecificData",
    "StructureSpecificTimeSeriesData",
    "GenericData",
    "GenericTimeSeriesData",
    "CompactData",
    "MessageGroup",
];

/// Deepest nesting of elements; data messages have about ten levels.
const MAX_DEPTH: usize = 64;

/// Reads an SDMX-ML data message.
///
/// # Errors
/// Not XML, not a data message, cut off, or a value that is no number.
pub fn read_sdmx_ml(bytes: &[u8]) -> Result<Tidy, FormatError> {
    let text = decode(bytes, declared_encoding(bytes).as_deref()).map_err(|e| FormatError {
        format: "SDMX-ML",
        at: "the whole file".to_owned(),
        message: e.to_string(),
        hint: "An SDMX message is in UTF-8; ask the source for it again.".to_owned(),
    })?;
    let mut reader = Reader::from_str(&text.text);
    reader.config_mut().expand_empty_elements = true;
    let mut message = Message::default();
    loop {
        let event = reader.read_event();
        let position = if event.is_err() { reader.error_position() } else { reader.buffer_position() };
        let place = || line_of(&text.text, position);
        match event {
            Ok(Event::Start(start)) => message.open(&start).map_err(|e| e.at(&place()))?,
            Ok(Event::End(_)) => message.close().map_err(|e| e.at(&place()))?,
            Ok(Event::Text(words)) => message.text.push_str(&words.xml10_content()),
            Ok(Event::CData(words)) => message.text.push_str(&words.xml10_content()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) => {
                let hint = "The file is cut off or damaged; download it again.";
                return Err(Problem::new(format!("not well-formed XML ({e})"), hint).at(&place()));
            }
        }
    }
    let end = line_of(&text.text, text.text.len() as u64);
    message.finish().map_err(|e| e.at(&end))
}

fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head: String = bytes[..bytes.len().min(200)].iter().map(|b| char::from(*b)).collect();
    let (_, after) = head.strip_prefix("<?xml")?.split_once("encoding=")?;
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after[1..].split_once(quote).map(|(name, _)| name.to_owned())
}

fn line_of(text: &str, position: u64) -> String {
    let before = &text.as_bytes()[..text.len().min(position as usize)];
    format!("line {}", 1 + before.iter().filter(|b| **b == b'\n').count())
}

/// What is wrong, before its line is known.
#[derive(Debug)]
struct Problem {
    message: String,
    hint: String,
}

impl Problem {
    fn new(message: impl Into<String>, hint: &str) -> Self {
        Self { message: message.into(), hint: hint.to_owned() }
    }

    fn at(self, at: &str) -> FormatError {
        FormatError { format: "SDMX-ML", at: at.to_owned(), message: self.message, hint: self.hint }
    }
}

/// An observation while its element is open.
#[derive(Default)]
struct Draft {
    pairs: Pairs,
    /// Attributes of the generic form, told apart from its dimensions.
    attributes: Pairs,
    time: Option<String>,
    value: String,
}

/// The message as read so far.
#[derive(Default)]
struct Message {
    path: Vec<String>,
    text: String,
    tidy: Tidy,
    records: Records,
    /// The dimension that stands at the observation, usually time.
    at_observation: String,
    group: Option<Pairs>,
    series: Option<Pairs>,
    /// Number of the open series, once it has an observation.
    series_number: Option<usize>,
    /// The series of flat observations.
    flat_number: Option<usize>,
    series_count: usize,
    in_series: usize,
    observation: Option<Draft>,
    deletes: bool,
    error_text: Option<String>,
}

impl Message {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        let name = start.local_name().as_ref().to_owned();
        if self.path.len() >= MAX_DEPTH {
            return Err(Problem::new("elements nested too deep", "This is not an SDMX message."));
        }
        if self.path.is_empty() {
            self.check_root(&name)?;
        }
        match name.as_str() {
            "Series" => {
                self.series = Some(plain_attributes(start)?);
                self.series_number = None;
                self.series_count += 1;
                self.in_series = 0;
            }
            "Group" => self.group = Some(plain_attributes(start)?),
            "Obs" => self.observation = Some(Draft { pairs: plain_attributes(start)?, ..Draft::default() }),
            "Value" | "ObsDimension" => self.key_value(&name, start)?,
            "ObsValue" => {
                if let (Some(draft), Some(value)) = (&mut self.observation, attribute(start, "value")?) {
                    draft.value = value;
                }
            }
            "DataSet" => self.data_set(start)?,
            "Structure" if self.path.last().is_some_and(|p| p == "Header") => {
                self.at_observation = attribute(start, "dimensionAtObservation")?.unwrap_or_default();
            }
            "Ref" if self.path.iter().any(|p| p == "Structure") && self.tidy.title.is_none() => {
                self.tidy.title = attribute(start, "id")?;
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    fn check_root(&self, name: &str) -> Result<(), Problem> {
        if DATA_ROOTS.contains(&name) || name == "Error" {
            return Ok(());
        }
        if name == "Structure" {
            let message = "a structure message (code lists and definitions), which has no observations";
            return Err(Problem::new(message, "Ask the service for data, not for the structure."));
        }
        let message = format!("the root element is \"{name}\", which is no SDMX data message");
        Err(Problem::new(message, "Give an SDMX-ML 2.1 message of generic or structure-specific data."))
    }

    fn data_set(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        for (concept, value) in plain_attributes(start)? {
            match concept.as_str() {
                "action" => self.deletes |= value.eq_ignore_ascii_case("delete"),
                "UNIT" | "UNIT_MEASURE" => self.tidy.unit = Some(value),
                "structureRef" | "validFromDate" | "validToDate" | "setID" | "keyFamilyURI" => {}
                _ => self.tidy.notes.push(format!("data set: {concept} is \"{value}\"")),
            }
        }
        Ok(())
    }

    /// `<Value id="FREQ" value="M"/>` of a key or of attributes, `<ObsDimension value="2022-05"/>`.
    fn key_value(&mut self, name: &str, start: &BytesStart<'_>) -> Result<(), Problem> {
        let concept = match attribute(start, "id")? {
            Some(id) => Some(id),
            None => attribute(start, "concept")?,
        };
        let concept = match concept {
            Some(concept) => concept,
            None if name == "ObsDimension" && self.at_observation.is_empty() => TIME_PERIOD.to_owned(),
            None if name == "ObsDimension" => self.at_observation.clone(),
            None => return Ok(()),
        };
        let Some(value) = attribute(start, "value")? else { return Ok(()) };
        let in_attributes = self.path.last().is_some_and(|p| p == "Attributes");
        let pairs = match (&mut self.observation, &mut self.group, &mut self.series) {
            (Some(draft), ..) if in_attributes => &mut draft.attributes,
            (Some(draft), ..) => &mut draft.pairs,
            (None, Some(group), _) => group,
            (None, None, Some(series)) => series,
            (None, None, None) => return Ok(()),
        };
        pairs.push((concept, value));
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let name = self.path.pop().unwrap_or_default();
        match name.as_str() {
            "Obs" => self.observe()?,
            "Series" => {
                self.series = None;
                self.series_number = None;
            }
            "Group" => {
                if let Some(group) = self.group.take() {
                    self.records.add_group(group);
                }
            }
            "Time" => {
                if let Some(draft) = &mut self.observation {
                    draft.time = Some(self.text.trim().to_owned());
                }
            }
            "Prepared" => self.tidy.updated = Some(self.text.trim().to_owned()),
            "DataSetAction" => self.deletes |= self.text.trim().eq_ignore_ascii_case("delete"),
            "Text" if self.path.first().is_some_and(|p| p == "Error") => {
                self.error_text.get_or_insert_with(|| self.text.trim().to_owned());
            }
            _ => {}
        }
        self.text.clear();
        Ok(())
    }

    fn observe(&mut self) -> Result<(), Problem> {
        let Some(mut draft) = self.observation.take() else { return Ok(()) };
        self.in_series += 1;
        let number = self.in_series;
        let at = match self.series {
            Some(_) => format!("series {}, observation {number}", self.series_count),
            None => format!("observation {number}"),
        };
        let mut own = Pairs::new();
        let mut status = String::new();
        let flat = self.series.is_none();
        for (concept, value) in std::mem::take(&mut draft.pairs) {
            match concept.as_str() {
                TIME_PERIOD => draft.time = Some(value),
                OBS_VALUE => draft.value = value,
                OBS_STATUS => status = value,
                _ if concept == self.at_observation || (flat && !is_remark(&concept)) => own.push((concept, value)),
                _ => self.records.drop_attribute(&concept),
            }
        }
        for (concept, value) in draft.attributes {
            if concept == OBS_STATUS { status = value } else { self.records.drop_attribute(&concept) }
        }
        let Some(value) = read_value(&draft.value) else {
            let message = format!("{at}: the value \"{}\" is not a number", draft.value);
            return Err(Problem::new(message, "OBS_VALUE is a number, NaN, or left out."));
        };
        let series = self.series_of_observation();
        self.records.add(Observation { series, own, time: draft.time, value, status, at });
        Ok(())
    }

    fn series_of_observation(&mut self) -> usize {
        let (number, records) = match &self.series {
            Some(_) => (&mut self.series_number, &mut self.records),
            None => (&mut self.flat_number, &mut self.records),
        };
        *number.get_or_insert_with(|| records.add_series(self.series.clone().unwrap_or_default()))
    }

    fn finish(self) -> Result<Tidy, Problem> {
        if let Some(open) = self.path.last() {
            let message = format!("the file ends inside of \"{open}\", after {} observations", self.records.len());
            return Err(Problem::new(message, "The file is cut off; download it again."));
        }
        if let Some(text) = self.error_text {
            let message = format!("the service answered with an error: \"{text}\"");
            return Err(Problem::new(message, "Check the query, and ask the service again."));
        }
        if self.deletes {
            let hint = "Such a message withdraws figures; ask the source for the figures themselves.";
            return Err(Problem::new("the action of the data set is Delete", hint));
        }
        if self.series_count == 0 && self.records.len() == 0 && self.tidy.updated.is_none() {
            let hint = "Give an SDMX-ML 2.1 message of generic or structure-specific data.";
            return Err(Problem::new("neither a header nor observations", hint));
        }
        self.records.finish("SDMX-ML", self.tidy).map_err(|e| Problem { message: e.message, hint: e.hint })
    }
}

/// Attributes without a prefix; those with one belong to XML, not to the data.
fn plain_attributes(start: &BytesStart<'_>) -> Result<Pairs, Problem> {
    let mut pairs = Pairs::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(broken)?;
        let name = attribute.key.as_ref();
        if name != "xmlns" && !name.contains(':') {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(broken)?;
            pairs.push((name.to_owned(), value.into_owned()));
        }
    }
    Ok(pairs)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let found = start.try_get_attribute(name).map_err(broken)?;
    let value = found.map(|a| a.normalized_value(XmlVersion::Implicit1_0).map(|v| v.into_owned()));
    value.transpose().map_err(broken)
}

fn broken(error: impl std::fmt::Display) -> Problem {
    Problem::new(format!("not well-formed XML ({error})"), "The file is cut off or damaged; download it again.")
}

#[cfg(test)]
#[path = "ml_tests.rs"]
mod tests;
