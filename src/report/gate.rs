//! The gate: a report is never blank, stale or incomplete without saying so. What lacks for a period is listed by source
//! and authority, and the declaration of the report says whether it is refused then, or says so on page one.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::brief::Scene;
use crate::domain::{Freq, Indicator, Period};
use crate::feed::FeedHealth;
use crate::present::reading::{Found, freq_for};
use crate::present::{coverage_words, instant, spoken};

/// What is counted, in English sentences.
const INDICATORS: (&str, &str) = ("indicator", "indicators");

/// What is done about a lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// The report is not made.
    Refuse,
    /// It is made and says so on page one.
    Print,
    /// It is made.
    Pass,
}

/// What can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Hardly any figure of the period is there.
    Blank,
    /// Indicators that are due and have no figure.
    Missing,
    /// A source that failed, or whose news is older than it promised.
    Stale,
    /// Figures over part of the areas or of the period.
    Partial,
    /// Cases that end before the period does.
    Cases,
}

/// What a declaration says about each lack.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gate {
    /// Indicators without the figure that is due.
    pub missing: Then,
    /// Sources that failed or are late.
    pub stale: Then,
    /// Figures over part of the areas.
    pub partial: Then,
    /// Cases that end before the period.
    pub cases: Then,
    /// With a smaller share of the figures due the report counts as blank and is always refused.
    pub least_share: f64,
    /// Days after its end by which the figure of a quarter is due.
    pub quarter_days: u16,
    /// The same of a year.
    pub year_days: u16,
    /// Indicators that are not waited for.
    pub not_expected: Vec<String>,
    /// Sources that are not waited for: declared ones that this city does not receive.
    pub sources_not_expected: Vec<String>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            missing: Then::Print,
            stale: Then::Print,
            partial: Then::Print,
            cases: Then::Print,
            least_share: 0.5,
            quarter_days: 45,
            year_days: 200,
            not_expected: Vec::new(),
            sources_not_expected: Vec::new(),
        }
    }
}

impl Gate {
    /// What is done about a lack.
    pub fn then(&self, lack: Lack) -> Then {
        match lack {
            Lack::Blank => Then::Refuse,
            Lack::Missing => self.missing,
            Lack::Stale => self.stale,
            Lack::Partial => self.partial,
            Lack::Cases => self.cases,
        }
    }
}

/// Something that lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of lack.
    pub lack: Lack,
    /// Which source or authority.
    pub code: String,
    /// Its name.
    pub who: String,
    /// What lacks.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// The indicators concerned.
    pub indicators: Vec<String>,
}

impl Finding {
    /// "Bảo hiểm xã hội TP.HCM: 3 chỉ tiêu mới có đến tháng 5/2022".
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.who, self.what)
    }
}

/// Everything that lacks, in the order of [`Lack`], then of the sources' codes.
pub fn findings(scene: &Scene<'_>, gate: &Gate) -> Vec<Finding> {
    let mut all = Vec::new();
    let due: Vec<(&Indicator, Period)> = expected(scene, gate);
    let found: Vec<(&Indicator, Period, Option<Found<'_>>)> =
        due.into_iter().map(|(indicator, period)| (indicator, period, scene.find(indicator))).collect();
    let is_there = |f: &Option<Found<'_>>, period: Period| f.is_some_and(|f| f.cell.period >= period);
    let there = found.iter().filter(|(_, period, f)| is_there(f, *period)).count();
    if found.is_empty() || (there as f64) < gate.least_share * found.len() as f64 {
        all.push(blank(scene, there, found.len()));
    }
    all.extend(missing(scene, &found));
    let waited = scene.feeds.iter().filter(|feed| !gate.sources_not_expected.contains(&feed.code));
    all.extend(waited.filter_map(|feed| stale(scene, feed)));
    all.extend(partial(scene));
    all.extend(cases(scene));
    all
}

/// The findings that are printed, or those for which the report is refused.
pub fn pass(gate: &Gate, all: Vec<Finding>) -> Result<Vec<Finding>, Vec<Finding>> {
    let is = |finding: &Finding, then: Then| gate.then(finding.lack) == then;
    if all.iter().any(|finding| is(finding, Then::Refuse)) {
        return Err(all.into_iter().filter(|finding| is(finding, Then::Refuse)).collect());
    }
    Ok(all.into_iter().filter(|finding| is(finding, Then::Print)).collect())
}

/// The indicators that should have a figure by now, each with the period it should be of.
fn expected<'a>(scene: &Scene<'a>, gate: &Gate) -> Vec<(&'a Indicator, Period)> {
    let catalog = scene.catalog;
    let day = scene.known_at().local_date().unwrap_or_else(|| scene.day());
    let due = |indicator: &Indicator| {
        let freq = freq_for(indicator, scene.asked.period.freq())?;
        newest_due(scene.asked.period, freq, day, gate)
    };
    let wanted = catalog.indicators.values().filter(|i| !gate.not_expected.contains(&i.code));
    wanted.filter_map(|i| Some((i, due(i)?))).collect()
}

/// The newest period of a frequency that is due within a report's period: itself, or of less frequent figures the last
/// one that ended long enough ago.
fn newest_due(period: Period, freq: Freq, day: NaiveDate, gate: &Gate) -> Option<Period> {
    let days = match freq {
        _ if freq == period.freq() => return Some(period),
        Freq::M => 0,
        Freq::Q => gate.quarter_days,
        Freq::A => gate.year_days,
    };
    let mut wanted = period.to_freq(freq)?;
    while wanted.last_day() > period.last_day() || wanted.last_day() + TimeDelta::days(days.into()) > day {
        wanted = wanted.offset(-1);
    }
    Some(wanted)
}

fn blank(scene: &Scene<'_>, there: usize, due: usize) -> Finding {
    let period = scene.period_spoken();
    Finding {
        lack: Lack::Blank,
        code: scene.catalog.city.clone(),
        who: scene.city_name(),
        what: scene.say(
            || format!("{period} mới có {there} trong {due} chỉ tiêu phải có"),
            || format!("{there} of the {due} indicators due for {period} are there"),
        ),
        remedy: scene
            .pick(
                "Chọn kỳ đã có số liệu, hoặc lấy số liệu rồi lập lại báo cáo.",
                "Choose a period with figures, or pull the figures and make the report again.",
            )
            .to_owned(),
        indicators: Vec::new(),
    }
}

/// Indicators without the figure that is due, by authority.
fn missing(scene: &Scene<'_>, found: &[(&Indicator, Period, Option<Found<'_>>)]) -> Vec<Finding> {
    let mut by_owner: BTreeMap<&str, Vec<(&Indicator, Option<Period>)>> = BTreeMap::new();
    for (indicator, due, figure) in found {
        let newest = figure.map(|f| f.cell.period);
        if newest.is_none_or(|newest| newest < *due) {
            by_owner.entry(&indicator.owner).or_default().push((indicator, newest));
        }
    }
    let finding = |(owner, list): (&str, Vec<(&Indicator, Option<Period>)>)| {
        let n = list.len();
        let oldest = list.iter().map(|(_, newest)| *newest).min().flatten();
        let period = scene.period_spoken();
        let names: Vec<&str> = list.iter().take(3).map(|(i, _)| scene.one_of(&i.name_vi, &i.name_en)).collect();
        let more = if n > 3 { "…" } else { "" };
        let names = format!("{}{more}", names.join("; "));
        let language = scene.asked.language;
        let what = match oldest.map(|oldest| spoken(oldest, language)) {
            Some(to) => scene.say(
                || format!("{n} chỉ tiêu mới có đến {to} ({names})"),
                || format!("{} up to {to} only ({names})", scene.counted(n, INDICATORS)),
            ),
            None => scene.say(
                || format!("{n} chỉ tiêu chưa có số liệu ({names})"),
                || format!("no figure of {} ({names})", scene.counted(n, INDICATORS)),
            ),
        };
        Finding {
            lack: Lack::Missing,
            code: owner.to_owned(),
            who: scene.org_name(owner),
            what,
            remedy: scene.say(
                || format!("Đề nghị đơn vị nộp số liệu {period}, sau đó lập lại báo cáo."),
                || format!("Ask the authority for {period}, then make the report again."),
            ),
            indicators: list.iter().map(|(i, _)| i.code.clone()).collect(),
        }
    };
    by_owner.into_iter().map(finding).collect()
}

/// A source that failed, or whose news is too old.
fn stale(scene: &Scene<'_>, feed: &FeedHealth) -> Option<Finding> {
    if !feed.is_late() && !feed.is_failing() {
        return None;
    }
    let language = scene.asked.language;
    let last = feed.last_news.map(|at| instant(at, language));
    let what = match (&last, feed.is_failing()) {
        (None, _) => scene.pick("chưa có số liệu nào", "brought no figure yet").to_owned(),
        (Some(last), true) => scene.say(
            || format!("lần lấy số liệu gần nhất bị lỗi, số mới nhất nhận lúc {last}"),
            || format!("the last pull failed, the newest figures came {last}"),
        ),
        (Some(last), false) => scene.say(
            || format!("số mới nhất nhận lúc {last}, quá {} ngày", feed.freshness_days.unwrap_or_default()),
            || format!("the newest figures came {last}, over {} days ago", feed.freshness_days.unwrap_or_default()),
        ),
    };
    Some(Finding {
        lack: Lack::Stale,
        code: feed.code.clone(),
        who: scene.one_of(&feed.name_vi, &feed.name_en).to_owned(),
        what,
        remedy: scene.say(
            || format!("Kiểm tra nguồn “{}” ở trang Nguồn số liệu.", feed.code),
            || format!("Look at source “{}” on the page of sources.", feed.code),
        ),
        indicators: Vec::new(),
    })
}

/// Figures of the period over part of the areas, by authority.
fn partial(scene: &Scene<'_>) -> Vec<Finding> {
    let mut by_owner: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
    for found in scene.found() {
        let cell = found.cell;
        if found.current && !cell.in_days && cell.areas_present < cell.areas_due {
            by_owner.entry(&found.indicator.owner).or_default().push(found);
        }
    }
    let finding = |(owner, list): (&str, Vec<Found<'_>>)| {
        let first = list.iter().min_by_key(|f| f.cell.areas_present).expect("an entry holds at least one");
        let covered = coverage_words(first.cell, scene.asked.language).join(", ");
        let n = list.len();
        Finding {
            lack: Lack::Partial,
            code: owner.to_owned(),
            who: scene.org_name(owner),
            what: scene.say(
                || format!("{n} chỉ tiêu chưa đủ địa bàn ({covered})"),
                || format!("areas missing in {} ({covered})", scene.counted(n, INDICATORS)),
            ),
            remedy: scene
                .pick(
                    "Số so sánh đã tính trên cùng các địa bàn; bổ sung địa bàn còn thiếu rồi lập lại.",
                    "Comparisons are over the same areas; add those that lack and make the report again.",
                )
                .to_owned(),
            indicators: list.iter().map(|f| f.indicator.code.clone()).collect(),
        }
    };
    by_owner.into_iter().map(finding).collect()
}

/// Cases that end before the period does.
fn cases(scene: &Scene<'_>) -> Option<Finding> {
    let held = &scene.served.cases;
    let who = scene.pick("Hồ sơ 1022", "1022 cases").to_owned();
    let remedy = scene
        .pick(
            "Chờ hết kỳ, hoặc lấy thêm hồ sơ rồi lập lại báo cáo.",
            "Wait for the end of the period, or pull the cases.",
        )
        .to_owned();
    let what = if held.book.is_empty() {
        scene.pick("chưa có hồ sơ nào", "no case is there").to_owned()
    } else {
        let cut = held.cut_of(scene.asked.as_of);
        let end = crate::cases::second(crate::domain::case::Moment::midnight(scene.asked.period.offset(1).first_day()));
        if cut.second() >= end {
            return None;
        }
        let last = instant(crate::cases::moment(cut.last()).vintage(), scene.asked.language);
        let period = scene.period_spoken();
        scene.say(
            || format!("mới biết đến {last}, chưa hết {period}"),
            || format!("known up to {last} only, before the end of {period}"),
        )
    };
    Some(Finding { lack: Lack::Cases, code: "case_store".to_owned(), who, what, remedy, indicators: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_less_often_is_due_some_time_after_its_end() {
        let gate = Gate::default();
        let due = |period: &str, freq, day: &str| {
            newest_due(period.parse().unwrap(), freq, day.parse().unwrap(), &gate).unwrap().to_string()
        };
        assert_eq!(due("2022-05", Freq::M, "2022-06-30"), "2022-05");
        assert_eq!(due("2022-06", Freq::Q, "2022-06-30"), "2022-Q1", "the quarter has just ended");
        assert_eq!(due("2022-06", Freq::Q, "2022-08-20"), "2022-Q2");
        assert_eq!(due("2022-05", Freq::Q, "2022-08-20"), "2022-Q1", "not of a later time than the report");
        assert_eq!(due("2022-06", Freq::A, "2022-06-30"), "2020");
        assert_eq!(due("2022-06", Freq::A, "2022-07-31"), "2021");
    }

    #[test]
    fn a_blank_report_is_refused_whatever_is_declared() {
        let finding = |lack| Finding {
            lack,
            code: "so_yt".to_owned(),
            who: "Sở Y tế".to_owned(),
            what: "chưa có số liệu nào".to_owned(),
            remedy: String::new(),
            indicators: Vec::new(),
        };
        let gate = Gate { missing: Then::Pass, stale: Then::Print, ..Gate::default() };
        let all = vec![finding(Lack::Missing), finding(Lack::Stale)];
        assert_eq!(pass(&gate, all.clone()).unwrap(), [finding(Lack::Stale)]);
        let blank = [vec![finding(Lack::Blank)], all.clone()].concat();
        assert_eq!(pass(&gate, blank).unwrap_err(), [finding(Lack::Blank)]);
        let strict = Gate { stale: Then::Refuse, ..Gate::default() };
        assert_eq!(pass(&strict, all).unwrap_err(), [finding(Lack::Stale)]);
    }
}
