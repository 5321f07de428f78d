//! Worked examples: their inputs name measures of the formula, and their periods fit the frequencies.

use super::Subject;
use crate::catalog::declared::Text;
use crate::catalog::model::{ExampleInput, WorkedExample};
use crate::catalog::read::ExampleEntry;
use crate::domain::{AreaKind, Breakdown, Measure, MeasureKind, Period};

/// Resolves the example of an indicator; `None` when there is something wrong with it, which is reported.
pub(super) fn check(subject: &Subject<'_, '_>) -> Option<WorkedExample> {
    let entry = subject.entry.example.as_ref()?;
    let period: Period = parsed(subject, &entry.period, "period")?;
    if !subject.indicator.freqs().any(|f| f == period.freq()) {
        let message = format!("the indicator has no values by {}", period.freq());
        entry.period.at.error(subject.problems, message, "Choose a period at which it is published.");
        return None;
    }
    let breakdown = match &entry.breakdown {
        Some(text) => parsed(subject, text, "breakdown")?,
        None => Breakdown::TOTAL,
    };
    let inputs: Vec<ExampleInput> =
        entry.inputs.iter().filter_map(|(name, value)| input(subject, name, *value, period)).collect();
    let complete = inputs.len() == entry.inputs.len() && check_inputs(subject, entry, &inputs);
    let (expect, decimals) = (entry.expect.value, entry.expect.decimals);
    let area = area(subject, entry)?;
    complete.then_some(WorkedExample { period, area, breakdown, inputs, expect, decimals })
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    subject: &Subject<'_, '_>,
    text: &Text<'_>,
    what: &str,
) -> Option<T> {
    text.value
        .parse()
        .inspect_err(|error| text.at.error(subject.problems, format!("{error}"), format!("Correct the {what}.")))
        .ok()
}

/// The area of the example: as declared, or the city.
fn area(subject: &Subject<'_, '_>, entry: &ExampleEntry<'_>) -> Option<String> {
    let areas = &subject.declared.areas;
    match &entry.area {
        None => areas.areas().iter().find(|a| a.kind == AreaKind::City).map(|a| a.code.clone()),
        Some(text) if areas.spans(&text.value).is_empty() => {
            let message = format!("unknown area \"{}\"", text.value);
            text.at.error(subject.problems, message, "Name an area of areas.csv.");
            None
        }
        Some(text) => Some(text.value.clone()),
    }
}

/// Reads `measure|dimension=member@period#record`.
fn input(subject: &Subject<'_, '_>, name: &Text<'_>, value: f64, period: Period) -> Option<ExampleInput> {
    let (rest, record) = match name.value.split_once('#') {
        Some((rest, number)) => (rest, Some(number)),
        None => (name.value.as_str(), None),
    };
    let (rest, at_period) = match rest.split_once('@') {
        Some((rest, period)) => (rest, Some(period)),
        None => (rest, None),
    };
    let (code, breakdown) = rest.split_once('|').unwrap_or((rest, "_T"));
    if subject.declared.declares("measure", code) && !subject.declared.measures.contains_key(code) {
        return None; // Declared, but not readable, which has been reported.
    }
    let wrong = |message: String, hint: &str| name.at.error(subject.problems, message, hint);
    let Some(measure) = subject.measures().into_iter().map(|(_, m, _)| m).find(|m| m.code == code) else {
        wrong(format!("\"{code}\" is not a measure of the formula"), "Give inputs of the formula only.");
        return None;
    };
    let Ok(breakdown) = breakdown.parse::<Breakdown>() else {
        wrong(format!("\"{breakdown}\" is not a breakdown"), "Write measure|dimension=member.");
        return None;
    };
    let period = input_period(at_period, measure, period);
    if period.is_none() {
        wrong(format!("\"{}\" has no period by {}", name.value, measure.freq), "Write measure@period.");
    }
    let record: Option<u32> = record.and_then(|n| n.parse().ok());
    if record.is_some() != (measure.kind == MeasureKind::Record) {
        wrong(format!("\"{}\": records are numbered, and nothing else is", name.value), "Write measure#1.");
        return None;
    }
    Some(ExampleInput { measure: code.to_owned(), breakdown, period: period?, record, value })
}

/// The period as written, or the measure's base period that the example's period lies in or ends with.
fn input_period(written: Option<&str>, measure: &Measure, period: Period) -> Option<Period> {
    match written {
        Some(text) => text.parse::<Period>().ok().filter(|p| p.freq() == measure.freq),
        None => period.to_freq(measure.freq).or_else(|| period.children(measure.freq).last()),
    }
}

/// Every measure of the formula has an input with a known breakdown.
fn check_inputs(subject: &Subject<'_, '_>, entry: &ExampleEntry<'_>, inputs: &[ExampleInput]) -> bool {
    let mut complete = true;
    for (input, (name, _)) in inputs.iter().zip(&entry.inputs) {
        let Some(code) = input.breakdown.dimension() else { continue };
        let member = input.breakdown.member_code().unwrap_or_default();
        let known =
            subject.declared.dimensions.get(code).is_some_and(|d| d.value.open || d.value.members.contains_key(member));
        if !known {
            let message = format!("unknown member \"{}\"", input.breakdown);
            name.at.error(subject.problems, message, "Name a declared member of a declared dimension.");
            complete = false;
        }
    }
    for (reference, _, _) in subject.measures() {
        if !inputs.iter().any(|input| input.measure == reference.measure) {
            let message = format!("the example has no input for \"{}\"", reference.measure);
            subject.key_error("example", &message, "Give every measure of the formula.");
            complete = false;
        }
    }
    complete
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::{broken, catalog};
    use crate::domain::Period;

    #[test]
    fn inputs_take_their_measures_own_periods() {
        let catalog = catalog();
        let example = &catalog.examples["0102"];
        let periods: Vec<String> = example.inputs.iter().map(|i| format!("{}@{}", i.measure, i.period)).collect();
        assert_eq!(periods, ["births@2022-05", "population@2022"]);
        assert_eq!((example.period, example.area.as_str()), (Period::month(2022, 5).unwrap(), "79"));
        assert_eq!((example.expect, example.decimals), (7.0, 1));
        assert_eq!(catalog.examples["0106"].inputs[0].record, Some(1));
    }

    #[test]
    fn wrong_inputs_are_listed() {
        let cases = [
            (
                "births = 7\npopulation = 100",
                "births = 7\nbirths_x = 100",
                "\"births_x\" is not a measure of the formula",
            ),
            (
                "births = 7\npopulation = 100",
                "births = 7",
                "indicator \"0102\": the example has no input for \"population\"",
            ),
            (
                "births = 7\npopulation = 100",
                "births = 7\n\"population@2022-05\" = 1",
                "\"population@2022-05\" has no period by A",
            ),
            ("\"hours#1\" = 7", "hours = 7", "\"hours\": records are numbered, and nothing else is"),
            ("\"share|item=10\" = 1", "\"share|item=11\" = 1", "unknown member \"item=11\""),
            ("period = \"2022\"", "period = \"2022-Q5\"", "quarter 5 is out of range"),
            ("period = \"2022\"", "period = \"2022-Q1\"", "the indicator has no values by Q"),
        ];
        for (from, to, message) in cases {
            let seen = broken("group_01.toml", from, to);
            assert!(seen.iter().any(|s| s.message == message), "{to}: {seen:?}");
        }
    }
}
