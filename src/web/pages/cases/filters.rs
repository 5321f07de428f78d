//! What stands around every page of cases: the path, the ways to the other pages, and the filters.

use chrono::NaiveDate;

use super::question::{CaseView, given};
use crate::cases::views::Axis;
use crate::cases::{Second, moment};
use crate::domain::AreaKind;
use crate::domain::text::sort_key;
use crate::web::pages::shell::Shell;

/// One way to choose.
pub struct Way {
    /// Words.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// Whether one is there.
    pub current: bool,
}

/// A list to choose from.
pub struct Choices {
    /// Name of the parameter.
    pub name: &'static str,
    /// Label.
    pub label: &'static str,
    /// Code, words, whether chosen.
    pub options: Vec<(String, String, bool)>,
}

/// The frame of a page of cases.
pub struct CaseFrame {
    /// The message.
    pub message: String,
    /// What is shown, over which window.
    pub sub: String,
    /// Path of the page.
    pub path: &'static str,
    /// The address of the page itself, to fetch it anew.
    pub here: String,
    /// Where news are told; empty for pages about the past.
    pub live: String,
    /// Steps above this page: words and address.
    pub above: Vec<(String, String)>,
    /// What this page is called in the path.
    pub here_label: String,
    /// The pages about cases.
    pub tabs: Vec<Way>,
    /// Area, authority, category, channel.
    pub lists: Vec<Choices>,
    /// First day, if it was asked for.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Day of what was known.
    pub as_of: String,
    /// Other parts of the address that a new choice of filters keeps.
    pub kept: Vec<(&'static str, String)>,
    /// Whether anything is filtered.
    pub is_filtered: bool,
    /// The page without filters.
    pub whole: String,
}

/// The pages: path, Vietnamese, English.
const TABS: [(&str, &str, &str); 4] = [
    ("/cases", "Bảng nhiệt", "Heatmap"),
    ("/cases/units", "Xếp hạng đơn vị", "Units ranked"),
    ("/cases/backlog", "Tồn đọng, thời gian xử lý", "Backlog, time to answer"),
    ("/cases/list", "Hồ sơ", "Reports"),
];

impl CaseFrame {
    /// The frame of the page at `path`; `kept` are its own parameters.
    pub fn new(view: &CaseView, path: &'static str, kept: Vec<(&'static str, String)>) -> Self {
        let changes: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let tab = |(to, vi, en): (&'static str, &'static str, &'static str)| Way {
            label: view.t(vi, en).to_owned(),
            url: view.url(to, &[]),
            current: to == path,
        };
        let label = TABS.iter().find(|(to, _, _)| *to == path).map_or("", |(_, vi, en)| view.t(vi, en));
        let question = &view.asked.question;
        let date = |text: &Option<String>, at: Second| given(text).map_or_else(String::new, |_| day(at).to_string());
        let none =
            [("area", ""), ("org", ""), ("category", ""), ("channel", ""), ("from", ""), ("to", ""), ("as_of", "")];
        let p = &view.params;
        let filters = [&p.area, &p.org, &p.category, &p.channel, &p.from, &p.to, &p.as_of];
        Self {
            message: String::new(),
            sub: String::new(),
            path,
            here: view.url(path, &changes),
            live: view.live_url(),
            above: above(view, path),
            here_label: here_label(view, path, label),
            tabs: TABS.into_iter().map(tab).collect(),
            lists: lists(view),
            from: date(&p.from, question.from),
            to: date(&p.to, question.to.saturating_sub(1)),
            as_of: date(&p.as_of, question.cut.last()),
            is_filtered: filters.into_iter().any(|text| given(text).is_some()),
            whole: view.url(path, &none),
            kept: kept.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        }
    }

    /// The head and foot around the frame.
    pub fn shell(&self, view: &CaseView) -> Shell {
        let mut s = Shell::new(view.language, &self.message, self.path);
        let changes: Vec<(&str, &str)> = self.kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        s.rest = view.query(&[&changes[..], &[("lang", "")]].concat());
        s.foot = view.foot();
        s
    }
}

fn day(at: Second) -> NaiveDate {
    moment(at).date()
}

/// The way back: the city, the district of a ward.
fn above(view: &CaseView, path: &str) -> Vec<(String, String)> {
    let mut steps = Vec::new();
    let Some(area) = view.area() else {
        if path != "/cases" {
            steps.push(("1022".to_owned(), view.url("/cases", &[])));
        }
        return steps;
    };
    steps.push(("1022".to_owned(), view.url("/cases", &[("area", ""), ("category", ""), ("channel", "")])));
    let tree = &view.catalog.areas;
    let on = day(view.asked.question.cut.last());
    let ix = tree.on(area, on).or_else(|| tree.spans(area).last().copied());
    let parent = ix.and_then(|ix| tree.area(ix).parent.clone()).filter(|_| view.area_kind() == Some(AreaKind::Ward));
    if let Some(parent) = parent {
        let name = view.names().of(Axis::District, &parent);
        steps.push((name, view.url("/cases", &[("area", &parent)])));
    }
    if path != "/cases" {
        steps.push((view.names().of(Axis::Ward, area), view.url("/cases", &[])));
    }
    steps
}

fn here_label(view: &CaseView, path: &str, tab: &str) -> String {
    match view.area() {
        Some(area) if path == "/cases" => view.names().of(Axis::Ward, area),
        _ if path == "/cases" => view.t("Phản ánh 1022", "1022 reports").to_owned(),
        _ => tab.to_owned(),
    }
}

/// What can be chosen. What is chosen and not among it is added, so that no choice is lost.
fn lists(view: &CaseView) -> Vec<Choices> {
    let codes = &view.asked.cases.book.codes;
    let districts: Vec<String> = codes
        .places
        .iter()
        .filter(|(_, place)| place.kind == AreaKind::District)
        .map(|(_, place)| place.code.to_string())
        .collect();
    // Committees of wards are found through their ward.
    let registered = |code: &str| view.catalog.org_units.iter().any(|unit| unit.code == code);
    let orgs = codes.orgs.iter().map(|(_, code)| code.to_string()).filter(|code| registered(code)).collect();
    let categories = codes.categories.iter().map(|(_, code)| code.to_string()).collect();
    let channels = codes.channels.iter().map(|(_, code)| code.to_string()).collect();
    let p = &view.params;
    vec![
        choices(view, ("area", view.t("Địa bàn", "Area"), Axis::Ward), districts, &p.area),
        choices(view, ("org", view.t("Đơn vị xử lý", "Authority"), Axis::Org), orgs, &p.org),
        choices(view, ("category", view.t("Lĩnh vực", "Category"), Axis::Category), categories, &p.category),
        choices(view, ("channel", view.t("Kênh", "Channel"), Axis::Channel), channels, &p.channel),
    ]
}

fn choices(
    view: &CaseView,
    (name, label, axis): (&'static str, &'static str, Axis),
    mut codes: Vec<String>,
    chosen: &Option<String>,
) -> Choices {
    let chosen = given(chosen).unwrap_or_default();
    if !chosen.is_empty() && !codes.iter().any(|code| code == chosen) {
        codes.push(chosen.to_owned());
    }
    let names = view.names();
    let named = |code: String| {
        let parts: Vec<String> = code.split(',').map(|code| names.of(axis, code.trim())).collect();
        let is_chosen = code == chosen;
        (code, parts.join(", "), is_chosen)
    };
    let mut options: Vec<(String, String, bool)> = codes.into_iter().filter(|c| !c.is_empty()).map(named).collect();
    options.sort_by_key(|(_, name, _)| sort_key(name));
    options.dedup_by(|a, b| a.0 == b.0);
    options.insert(0, (String::new(), view.t("Tất cả", "All").to_owned(), chosen.is_empty()));
    Choices { name, label, options }
}
