//! Citizens' reports on an infographic: what came in, what is late, where.

use super::content::{CaseWords, Fact, Question, RankedUnit};
use super::declared::Subject;
use crate::cases::counting::Flow;
use crate::cases::views::{Axis, Filter, Ranked, Ranking, crosstab, ranking, survival};
use crate::cases::{Second, moment};
use crate::chart::spec::NumberFormat;
use crate::domain::AreaKind;
use crate::domain::{Freq, Period};
use crate::gallery::{self, Asked, GalleryError};
use crate::present::Thresholds;
use crate::present::{Language, State, count, pick, spoken, state_class};

/// The indicator whose limits say what is late.
const OVERDUE_RATE: &str = "1405";

/// What was counted, in words.
pub(super) struct Counted {
    pub headline: String,
    pub words: CaseWords,
    pub ranking: Vec<RankedUnit>,
}

/// Counts the cases of the window: of the district, where the infographic is about one; the ranking is of all.
pub(super) fn counted(question: &Question<'_>, asked: &Asked<'_>) -> Result<Counted, GalleryError> {
    let language = question.language();
    let everywhere = asked.lens()?;
    let ranked = ranking(&everywhere, Axis::District)?;
    let mut own = asked.clone();
    if question.infographic.subject == Subject::District {
        own.question.filter = Filter { areas: vec![question.area.to_owned()], ..Filter::default() };
    }
    let lens = own.lens()?;
    let total = crosstab(&lens, Axis::Total, Axis::Total)?.total;
    let overdue = total.overdue(lens.basis);
    let limits = question.reading.catalog.indicators.get(OVERDUE_RATE).map(Thresholds::of).unwrap_or_default();
    let class = |share: Option<f64>| share.and_then(|s| limits.state(s * 100.0)).map(state_class);
    let number = |n: u32| count(n as usize, language);
    let median = survival(&lens, &[]).median_hours.map(|hours| hours / 24.0);
    let mut facts = vec![
        Fact {
            number: number(total.get(Flow::Received)),
            unit: "",
            words: pick(language, "phản ánh tiếp nhận", "reports received").to_owned(),
            class: None,
            pictogram: "inbox",
        },
        Fact {
            number: overdue.shown().map_or_else(|| "–".to_owned(), |s| decimal(s * 100.0, language)),
            unit: if overdue.shown().is_some() { "%" } else { "" },
            words: match language {
                Language::Vi => format!("trễ hạn: {} trong {} đến hạn", number(overdue.part), number(overdue.cases)),
                Language::En => format!("late: {} of {} due", number(overdue.part), number(overdue.cases)),
            },
            class: class(overdue.shown()),
            pictogram: "alarm",
        },
        Fact {
            number: number(total.open_overdue),
            unit: "",
            words: match language {
                Language::Vi => format!("quá hạn chưa xử lý, trong {} đang chờ", number(total.open)),
                Language::En => format!("overdue and still open, of {} waiting", number(total.open)),
            },
            class: (total.open_overdue > 0).then_some("off"),
            pictogram: "clock",
        },
    ];
    facts.extend(median.map(|days| Fact {
        number: decimal(days, language),
        unit: pick(language, "ngày", "days"),
        words: pick(language, "để trả lời một nửa số phản ánh", "until half of the reports are answered").to_owned(),
        class: None,
        pictogram: "check",
    }));
    let window = window_words(lens.from, lens.to, language);
    let city = gallery::ranking(asked, Axis::District)?.frame().title.clone();
    let sentence = match question.infographic.subject {
        Subject::City => city.clone(),
        Subject::District => own_sentence(question, &ranked).unwrap_or_else(|| city.clone()),
    };
    let ranking = units(question, &ranked, &limits);
    Ok(Counted { headline: city, words: CaseWords { window, sentence, facts }, ranking })
}

/// A number with one decimal.
fn decimal(value: f64, language: Language) -> String {
    NumberFormat::new(1, "").bare(value, language)
}

/// A share (0 to 1) in percent with one decimal.
fn percent(share: f64, language: Language) -> String {
    NumberFormat::new(1, "%").print(share * 100.0, language)
}

/// Where the district stands in answering late.
fn own_sentence(question: &Question<'_>, ranked: &Ranking) -> Option<String> {
    let language = question.language();
    let own = ranked.ranked.iter().find(|unit| &*unit.code == question.area)?;
    let (share, average) = (percent(own.overdue.value()?, language), percent(ranked.average.value()?, language));
    let (due, of) = (count(own.overdue.cases as usize, language), ranked.ranked.len());
    Some(match language {
        Language::Vi => format!(
            "Trễ hạn {share} trong {due} phản ánh đến hạn, cao thứ {} trong {of} quận, huyện; toàn thành phố {average}",
            own.rank
        ),
        Language::En => format!(
            "{share} of {due} reports due were late, rank {} of {of} districts from the worst; the city {average}",
            own.rank
        ),
    })
}

/// Districts by their share overdue, the worst first.
fn units(question: &Question<'_>, ranked: &Ranking, limits: &Thresholds) -> Vec<RankedUnit> {
    let language = question.language();
    let day = question.period.last_day();
    let tree = &question.reading.catalog.areas;
    let unit = |unit: &Ranked| {
        let ix = tree.on(&unit.code, day).or_else(|| tree.spans(&unit.code).last().copied())?;
        let area = tree.area(ix);
        let share = unit.overdue.value()?;
        (area.kind == AreaKind::District).then(|| RankedUnit {
            name: area.name.clone(),
            part: share,
            share: percent(share, language),
            cases: count(unit.overdue.cases as usize, language),
            class: limits.state(share * 100.0).map_or(state_class(State::Unknown), state_class),
            own: *unit.code == *question.area,
        })
    };
    ranked.ranked.iter().filter_map(unit).collect()
}

/// "tháng 6/2022", or the first and last day.
fn window_words(from: Second, to: Second, language: Language) -> String {
    let (first, last) = (moment(from).date(), moment(to.saturating_sub(1)).date());
    let month = Period::of_date(Freq::M, first);
    if month.first_day() == first && Period::of_date(Freq::M, last) == month && month.last_day() == last {
        return spoken(month, language);
    }
    match language {
        Language::Vi => format!("{} – {}", first.format("%-d/%-m"), last.format("%-d/%-m/%Y")),
        Language::En => format!("{} – {}", first.format("%-d %B"), last.format("%-d %B %Y")),
    }
}
