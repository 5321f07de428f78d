//! PC-Axis files (`.px`): statements, then the data of a cube. Reads the main language; other languages only for what
//! the main one lacks. Notes, contacts and maps are not kept.

mod cells;
mod statement;
mod timeval;

use super::axes::{Axis, Member, cell_count, fill, find_time, part_doubles};
use super::encoding::decode;
use super::{FormatError, Tidy};
use cells::read_cells;
use statement::{Parts, Statement, error, split};
use timeval::read_timeval;

/// Where a declared code page is looked for.
const HEAD: usize = 4096;

/// Reads a PC-Axis file.
///
/// # Errors
/// The grammar is broken, a variable has no VALUES, CODES or TIMEVAL do not fit VALUES, or the number of cells is not
/// the product of the numbers of values.
pub fn read_px(bytes: &[u8]) -> Result<Tidy, FormatError> {
    let declared = declared_code_page(bytes);
    let decoded = decode(bytes, declared.as_deref()).map_err(|tcvn3| FormatError {
        format: "PC-Axis",
        at: "the whole file".to_owned(),
        message: tcvn3.to_string(),
        hint: "Convert the file to Unicode and declare CODEPAGE=\"utf-8\".".to_owned(),
    })?;
    let mut tidy = Tidy::default();
    if let Some(declared) = declared.filter(|d| decoded.encoding == "utf-8" && !d.eq_ignore_ascii_case("utf-8")) {
        if !decoded.text.is_ascii() {
            tidy.notes.push(format!("CODEPAGE says \"{declared}\", but the file is in utf-8"));
        }
    } else if decoded.lossy {
        tidy.notes.push(format!("some bytes do not exist in {}", decoded.encoding));
    }
    let parts = split(&decoded.text)?;
    let header = Header::new(&parts);
    let mut axes = header.axes(&mut tidy.notes)?;
    find_time(&mut axes);
    tidy.title = header.text("TITLE").or_else(|| header.text("DESCRIPTION"));
    tidy.unit = header.text("UNITS");
    tidy.updated = header.updated();
    let Some(data) = parts.data else {
        let hint = "The file ends before its figures; download it again.";
        return Err(error(parts.data_line, "the keyword DATA is missing".to_owned(), hint));
    };
    cell_count("PC-Axis", &axes)?;
    let cells = read_cells(data, parts.data_line, &axes, &header.key_columns()?, &mut tidy.notes)?;
    fill(&mut tidy, &axes, cells.into_iter());
    Ok(tidy)
}

/// The value of CODEPAGE; without it, a file that does not say CHARSET="ANSI" is of DOS times.
fn declared_code_page(bytes: &[u8]) -> Option<String> {
    let head: String = bytes[..bytes.len().min(HEAD)].iter().map(|b| char::from(*b)).collect();
    let value = |keyword: &str| {
        let (_, after) = head.split_once(keyword)?;
        let after = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
        after.split_once('"').map(|(value, _)| value.to_owned())
    };
    value("CODEPAGE").or_else(|| value("CHARSET").is_none().then(|| "cp850".to_owned()))
}

/// The statements before DATA, searched by keyword.
struct Header<'a> {
    statements: &'a [Statement],
    language: Option<String>,
    data_line: usize,
}

impl<'a> Header<'a> {
    fn new(parts: &'a Parts<'_>) -> Self {
        let language = parts.statements.iter().find(|s| s.keyword == "LANGUAGE");
        let language = language.and_then(|s| s.values().first().map(|v| (*v).to_owned()));
        Self { statements: &parts.statements, language, data_line: parts.data_line }
    }

    /// Statements of a keyword in the main language.
    fn all(&self, keyword: &str) -> impl Iterator<Item = &'a Statement> {
        let main = self.language.as_deref();
        self.statements
            .iter()
            .filter(move |s| s.keyword == keyword && (s.language.is_none() || s.language.as_deref() == main))
    }

    /// The statement about one variable.
    fn of(&self, keyword: &str, variable: &str) -> Option<&'a Statement> {
        self.all(keyword).find(|s| s.keys.len() == 1 && s.keys[0] == variable)
    }

    /// The text of a keyword without keys.
    fn text(&self, keyword: &str) -> Option<String> {
        let statement = self.all(keyword).find(|s| s.keys.is_empty())?;
        let text = statement.values().join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// The latest LAST-UPDATED of any content and language, else CREATION-DATE; both are written from year to minute.
    fn updated(&self) -> Option<String> {
        let updates = self.statements.iter().filter(|s| s.keyword == "LAST-UPDATED");
        let latest = updates.filter_map(|s| s.values().first().map(|v| (*v).to_owned())).max();
        latest.or_else(|| self.text("CREATION-DATE"))
    }

    /// The variables in the order of the data: STUB, then HEADING.
    fn variables(&self) -> Result<Vec<String>, FormatError> {
        let mut variables: Vec<String> = Vec::new();
        for keyword in ["STUB", "HEADING"] {
            for statement in self.all(keyword).take(1) {
                for name in statement.values() {
                    if variables.iter().any(|v| v == name) {
                        let message = format!("the variable \"{name}\" stands twice in STUB and HEADING");
                        return Err(error(statement.line, message, "Give each variable one place."));
                    }
                    variables.push(name.to_owned());
                }
            }
        }
        if variables.is_empty() {
            let hint = "A PC-Axis file names its variables in STUB or HEADING; check that this is one.";
            return Err(error(self.data_line, "neither STUB nor HEADING is there".to_owned(), hint));
        }
        Ok(variables)
    }

    fn axes(&self, notes: &mut Vec<String>) -> Result<Vec<Axis>, FormatError> {
        let mut axes = Vec::new();
        for variable in self.variables()? {
            let mut members = self.members(&variable)?;
            if part_doubles(&mut members) {
                notes.push(format!("values of \"{variable}\" that share a code are numbered"));
            }
            let code = self.of("VARIABLECODE", &variable).and_then(|s| s.values().first().map(|v| (*v).to_owned()));
            let timeval = self.of("TIMEVAL", &variable).filter(|_| !axes.iter().any(|a: &Axis| a.time.is_some()));
            let time = timeval.map(|s| read_timeval(s, &members)).transpose()?;
            axes.push(Axis { code: code.unwrap_or_else(|| variable.clone()), label: variable, members, time });
        }
        Ok(axes)
    }

    /// VALUES of a variable with its CODES, if it has any.
    fn members(&self, variable: &str) -> Result<Vec<Member>, FormatError> {
        let Some(values) = self.of("VALUES", variable) else {
            let message = format!("VALUES(\"{variable}\") is missing");
            return Err(error(self.data_line, message, "Each variable of STUB and HEADING needs its VALUES."));
        };
        let labels = values.values();
        if labels.is_empty() {
            return Err(error(values.line, format!("{} is empty", values.name()), "List at least one value."));
        }
        let codes = match self.of("CODES", variable) {
            None => labels.clone(),
            Some(statement) => {
                let codes = statement.values();
                if codes.len() != labels.len() {
                    let (codes, values) = (codes.len(), labels.len());
                    let message = format!("CODES(\"{variable}\") lists {codes} codes for {values} values");
                    return Err(error(statement.line, message, "Each value needs exactly one code."));
                }
                codes
            }
        };
        let member = |(code, label): (&&str, &&str)| Member { code: (*code).to_owned(), label: (*label).to_owned() };
        Ok(codes.iter().zip(&labels).map(member).collect())
    }

    /// For a file with KEYS: which text stands at the beginning of each row of data, in the order of the stub.
    fn key_columns(&self) -> Result<Vec<KeyColumn>, FormatError> {
        let stub: Vec<&str> = self.all("STUB").take(1).flat_map(Statement::values).collect();
        let keyed: Vec<&str> = stub.iter().copied().filter(|v| self.of("KEYS", v).is_some()).collect();
        if keyed.is_empty() {
            return Ok(Vec::new());
        }
        let mut columns = Vec::new();
        for variable in &stub {
            let Some(statement) = self.of("KEYS", variable) else {
                let message = format!("KEYS is given for some variables of the stub, but not for \"{variable}\"");
                return Err(error(self.data_line, message, "Give KEYS for every variable of STUB, or for none."));
            };
            columns.push(match statement.values().first().map(|v| v.to_ascii_uppercase()).as_deref() {
                Some("CODES") => KeyColumn::Code,
                Some("VALUES") => KeyColumn::Value,
                other => {
                    let message = format!("{} is \"{}\"", statement.name(), other.unwrap_or_default());
                    return Err(error(statement.line, message, "KEYS is either VALUES or CODES."));
                }
            });
        }
        Ok(columns)
    }
}

/// What a row's key is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyColumn {
    Code,
    Value,
}

#[cfg(test)]
mod tests;
