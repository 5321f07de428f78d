//! Whether a snapshot may speak for its feed. A refused one leaves every figure as it was.
//!
//! The checks compare a snapshot with the last good one of its kind: they find what was lost (nothing, less, older) and
//! what was sent again under a new name. Whether single values are plausible is not asked here.

use std::collections::BTreeMap;

use super::figures::{Figures, ObservationKey, observation_key};
use super::mapping::Contract;
use crate::domain::{Freq, Period, Vintage};

/// How many flows must repeat the period before, and all of them, before a snapshot counts as last month's sent again.
/// Eight unrelated sums that all stay the same to the last digit are no coincidence; a handful may be.
const REPEATED_FLOWS_MIN: usize = 8;

/// The outline of a good snapshot, for comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Address or path.
    pub url: String,
    /// Number of figures by frequency.
    pub figures: BTreeMap<Freq, usize>,
    /// The newest period, by its last day.
    pub newest: Option<Period>,
    /// Number of cases.
    pub cases: usize,
}

impl Outline {
    /// Of a snapshot's figures.
    pub fn of(url: &str, figures: &Figures) -> Self {
        Self { url: url.to_owned(), figures: counts(figures), newest: newest(figures), cases: figures.case_count() }
    }
}

/// What a snapshot is compared with; nothing where there is nothing yet.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// The last good snapshot of the same locator.
    pub same: Option<Outline>,
    /// By frequency the last good snapshot that had figures of it and whose locator differs in digits only: last
    /// month's file of the same series. By frequency, because March also brings the quarter and December the year.
    pub series: BTreeMap<Freq, Outline>,
    /// The last good snapshot of the series that had cases: an export is as large as the one before, or larger.
    pub cases: Option<Outline>,
}

/// The reasons to refuse, in words; none: the snapshot is good.
///
/// `value_before` gives the newest known value bits of a key, for the comparison with the period before.
pub fn objections(
    contract: &Contract,
    figures: &Figures,
    baseline: &Baseline,
    is_flow: impl Fn(&str) -> bool,
    value_before: impl Fn(&ObservationKey) -> Option<u64>,
) -> Vec<String> {
    if figures.count() == 0 {
        return if contract.allow_empty { Vec::new() } else { vec![nothing(figures)] };
    }
    let mut objections = Vec::new();
    objections.extend(shortfalls(contract, figures, baseline));
    objections.extend(case_shortfall(contract, figures, baseline));
    if let Some(last) = &baseline.same
        && let (Some(now), Some(then)) = (newest(figures), last.newest)
        && now.last_day() < then.last_day()
    {
        objections.push(format!("its newest period is {now}, but the last good pull already had {then}"));
    }
    if let Some((period, flows)) = repeated_period(figures, is_flow, value_before) {
        objections.push(format!(
            "all {flows} flows of {period} repeat those of {}: this looks like the file of the period before",
            period.offset(-1)
        ));
    }
    objections
}

/// Frequencies with fewer figures than the promised share of the last good snapshot's. An answer to the same question
/// must hold every frequency it held before; another file of a series need not.
fn shortfalls(contract: &Contract, figures: &Figures, baseline: &Baseline) -> Vec<String> {
    let present = counts(figures);
    let compared: BTreeMap<Freq, &Outline> = match &baseline.same {
        Some(same) => same.figures.keys().map(|freq| (*freq, same)).collect(),
        None => baseline.series.iter().filter(|(freq, _)| present.contains_key(freq)).map(|(f, o)| (*f, o)).collect(),
    };
    let mut words = Vec::new();
    for (freq, last) in compared {
        let (now, then) = (present.get(&freq).copied().unwrap_or(0), last.figures.get(&freq).copied().unwrap_or(0));
        if (now as f64) < contract.min_share_of_last * then as f64 {
            let share = contract.min_share_of_last * 100.0;
            words.push(format!(
                "{} of frequency {} where the last good pull ({}) had {then}; at least {share}% of that is expected",
                counted(now, "figure"),
                freq.as_str(),
                last.url,
            ));
        }
    }
    words
}

/// Fewer cases than the promised share of the last good snapshot's.
fn case_shortfall(contract: &Contract, figures: &Figures, baseline: &Baseline) -> Option<String> {
    let last = baseline.same.as_ref().or(baseline.cases.as_ref())?;
    let (now, then) = (figures.case_count(), last.cases);
    let share = contract.min_share_of_last * 100.0;
    ((now as f64) < contract.min_share_of_last * then as f64).then(|| {
        let (found, url) = (counted(now, "case"), &last.url);
        format!("{found} where the last good pull ({url}) had {then}; at least {share}% of that is expected")
    })
}

fn counts(figures: &Figures) -> BTreeMap<Freq, usize> {
    let mut counts = BTreeMap::new();
    for period in figures.periods() {
        *counts.entry(period.freq()).or_insert(0) += 1;
    }
    counts
}

/// Words about missing news, if the source promises any: `last_news` is when it last brought something new.
pub fn stale_words(contract: &Contract, last_news: Option<Vintage>, now: Vintage) -> Option<String> {
    let promised = i64::from(contract.freshness_days?);
    let days = (now.local_date()? - last_news?.local_date()?).num_days();
    (days > promised).then(|| format!("no news for {days} days, {promised} are promised"))
}

/// "1 figure", "2 figures".
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The locator with every run of digits as `#`: `y_te/2022-05.csv` and `y_te/2022-06.csv` are one series.
pub fn series_of(locator: &str) -> String {
    let mut series = String::with_capacity(locator.len());
    for letter in locator.chars() {
        if !letter.is_ascii_digit() {
            series.push(letter);
        } else if !series.ends_with('#') {
            series.push('#');
        }
    }
    series
}

fn nothing(figures: &Figures) -> String {
    match figures.rejected.first() {
        None => "it holds no figures".to_owned(),
        Some(first) => {
            format!(
                "it holds no figures; {} rejected, the first because {}",
                were(figures.rejected.len()),
                first.reason
            )
        }
    }
}

fn were(rows: usize) -> String {
    if rows == 1 { "1 row was".to_owned() } else { format!("{rows} rows were") }
}

fn newest(figures: &Figures) -> Option<Period> {
    figures.periods().max_by_key(|period| period.last_day())
}

/// The newest period, if every flow in it that can be compared has the value of the period before.
fn repeated_period(
    figures: &Figures,
    is_flow: impl Fn(&str) -> bool,
    value_before: impl Fn(&ObservationKey) -> Option<u64>,
) -> Option<(Period, usize)> {
    let period = figures.observations.iter().map(|o| o.period).max_by_key(|period| period.last_day())?;
    let mut repeated = 0;
    for observation in figures.observations.iter().filter(|o| o.period == period && is_flow(&o.measure)) {
        let Some(value) = observation.value.filter(|value| *value != 0.0) else { continue };
        let mut key = observation_key(observation);
        key.4 = period.offset(-1);
        match value_before(&key) {
            Some(before) if before == value.to_bits() => repeated += 1,
            Some(_) => return None,
            None => {}
        }
    }
    (repeated >= REPEATED_FLOWS_MIN).then_some((period, repeated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Breakdown, ObsStatus, Observation};
    use crate::feed::figures::Rejected;

    fn contract() -> Contract {
        Contract { freshness_days: Some(35), min_share_of_last: 0.5, required: vec![], allow_empty: false }
    }

    fn figures(period: &str, values: &[f64]) -> Figures {
        let observation = |(i, value): (usize, &f64)| Observation {
            measure: "births".into(),
            area: format!("{}", 760 + i).into(),
            org: "_T".into(),
            breakdown: Breakdown::TOTAL,
            period: period.parse().unwrap(),
            value: Some(*value),
            status: ObsStatus::A,
            vintage: Vintage::from_micros(1),
            source_ref: "a".into(),
            note: None,
        };
        Figures { observations: values.iter().enumerate().map(observation).collect(), ..Figures::default() }
    }

    fn outline(figures: usize, newest: &str) -> Option<Outline> {
        let newest: Period = newest.parse().unwrap();
        Some(Outline { url: "t.px".into(), figures: [(newest.freq(), figures)].into(), newest: Some(newest), cases: 0 })
    }

    fn series(figures: usize, newest: &str) -> BTreeMap<Freq, Outline> {
        outline(figures, newest).map(|outline| (outline.newest.unwrap().freq(), outline)).into_iter().collect()
    }

    fn refused(figures: &Figures, baseline: &Baseline) -> Vec<String> {
        objections(&contract(), figures, baseline, |_| true, |_| None)
    }

    #[test]
    fn nothing_is_refused_with_the_first_reason() {
        assert_eq!(refused(&Figures::default(), &Baseline::default()), ["it holds no figures"]);
        let reason = "the column \"Quận\" is not there".to_owned();
        let rejected = Rejected { source_ref: "a".into(), row: None, column: None, value: None, reason };
        let none = Figures { rejected: vec![rejected], ..Figures::default() };
        let words = "it holds no figures; 1 row was rejected, the first because the column \"Quận\" is not there";
        assert_eq!(refused(&none, &Baseline::default()), [words]);
        let lenient = Contract { allow_empty: true, ..contract() };
        assert!(objections(&lenient, &none, &Baseline::default(), |_| true, |_| None).is_empty());
    }

    #[test]
    fn less_than_the_promised_share_is_refused() {
        let baseline = Baseline { same: outline(10, "2022-05"), ..Baseline::default() };
        assert!(refused(&figures("2022-05", &[1.0; 5]), &baseline).is_empty());
        let expected = "where the last good pull (t.px) had 10; at least 50% of that is expected";
        let words = |found: &str| format!("{found} of frequency M {expected}");
        assert_eq!(refused(&figures("2022-05", &[1.0; 4]), &baseline), [words("4 figures")]);
        assert_eq!(refused(&figures("2022-Q2", &[1.0; 9]), &baseline), [words("0 figures")]);
        let baseline = Baseline { series: series(10, "2022-04"), ..Baseline::default() };
        assert_eq!(refused(&figures("2022-05", &[1.0]), &baseline), [words("1 figure")]);
        assert!(refused(&figures("2022-Q2", &[1.0]), &baseline).is_empty(), "the quarter has no file before it");
    }

    #[test]
    fn an_answer_may_not_go_back_in_time() {
        let baseline = Baseline { same: outline(2, "2022-05"), ..Baseline::default() };
        let words = "its newest period is 2022-04, but the last good pull already had 2022-05";
        assert_eq!(refused(&figures("2022-04", &[1.0; 2]), &baseline), [words]);
        let late = Baseline { series: series(2, "2022-05"), ..Baseline::default() };
        assert!(refused(&figures("2022-04", &[1.0; 2]), &late).is_empty(), "an older file of the series may come late");
    }

    #[test]
    fn last_months_figures_under_a_new_label_are_refused() {
        let check = |values: &[f64], is_flow: bool, before: f64| {
            let known = move |key: &ObservationKey| (key.4.to_string() == "2022-04").then_some(before.to_bits());
            objections(&contract(), &figures("2022-05", values), &Baseline::default(), |_| is_flow, known).len()
        };
        assert_eq!(check(&[7.0; 8], true, 7.0), 1);
        assert_eq!(check(&[7.0; 7], true, 7.0), 0, "too few to be sure");
        assert_eq!(check(&[7.0; 8], false, 7.0), 0, "stocks may stand still");
        assert_eq!(check(&[0.0; 9], true, 0.0), 0, "nothing happened in either month");
        let mut one_differs = [7.0; 20];
        one_differs[11] = 7.5;
        assert_eq!(check(&one_differs, true, 7.0), 0);
    }

    #[test]
    fn staleness_is_said_when_news_is_promised() {
        let day = |text: &str| text.parse::<Vintage>().unwrap();
        let stale = |to: &str| stale_words(&contract(), Some(day("2022-05-01")), day(to));
        assert_eq!(stale("2022-06-05"), None);
        assert_eq!(stale("2022-06-06").unwrap(), "no news for 36 days, 35 are promised");
        assert_eq!(stale_words(&contract(), None, day("2022-06-06")), None);
    }

    #[test]
    fn files_of_one_series_differ_in_digits() {
        assert_eq!(series_of("y_te/2022-05.csv"), series_of("y_te/2022-12.csv"));
        assert_ne!(series_of("y_te/2022-05.csv"), series_of("lao_dong/2022-05.csv"));
        assert_eq!(series_of("y_te/2022-05.csv"), "y_te/#-#.csv");
    }
}
