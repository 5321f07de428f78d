//! `case-flow`: what came in, what went out on time and late, what stayed open.

use super::super::asked::{Asked, is_running};
use super::super::error::GalleryError;
use super::super::names::month_of;
use super::super::words::Words;
use crate::cases::counting::Flow as Step;
use crate::cases::views::{Axis, CrossTab, Lens, Tally, crosstab};
use crate::chart::Chart;
use crate::chart::spec::{Flow, FlowPart, Language, NumberFormat};

/// Months shown unless asked otherwise.
const MONTHS: i32 = 17;
/// The same for weeks: half a year.
const MONTHS_OF_WEEKS: i32 = 6;

/// Pairs of bars by month or week (or day), and the line of what is open.
pub fn flow(asked: &Asked<'_>, by: Axis) -> Result<Chart, GalleryError> {
    let asked = asked.over_months(if by == Axis::Month { MONTHS } else { MONTHS_OF_WEEKS });
    let lens = asked.lens()?;
    let (names, words) = (asked.names(&lens), asked.words());
    let table = crosstab(&lens, by, Axis::Total)?;
    // Periods before the first case are not periods without work.
    let first = table.row_totals.iter().position(|tally| !tally.is_empty()).unwrap_or(table.rows.len());
    let tallies = &table.row_totals[first..];
    let unfinished = is_unfinished(&table, by, &lens);
    let title = title(&asked, &lens, tallies, (by, unfinished, &names.of(by, table.rows.last().map_or("", |k| k))));
    let what = match words.0 {
        Language::Vi => format!("Số phản ánh tiếp nhận, đã giải quyết và còn mở cuối kỳ, theo {}", words.unit(by)),
        Language::En => format!("Cases that came in, that were closed, and open at the end, by {}", words.unit(by)),
    };
    let frame = asked.frame(&lens, title, &what);
    if tallies.is_empty() {
        return Ok(asked.only_words(frame));
    }
    let part = |(vi, en): (&str, &str), of: &dyn Fn(&Tally) -> u32| FlowPart {
        name: words.pick(vi, en).to_owned(),
        values: tallies.iter().map(|tally| Some(f64::from(of(tally)))).collect(),
    };
    let on_time = |tally: &Tally| tally.on_time(lens.basis).part;
    let late = |tally: &Tally| tally.get(Step::Closed) - on_time(tally);
    let mut outflow = vec![
        part(("Trả lời đúng hạn", "Answered on time"), &on_time),
        part(("Trả lời trễ hạn", "Answered late"), &late),
    ];
    if tallies.iter().any(|tally| otherwise(tally) > 0) {
        outflow.push(part(("Từ chối, gộp, chuyển", "Rejected, merged, passed on"), &otherwise));
    }
    Ok(Chart::Flow(Flow {
        frame,
        periods: table.rows[first..].iter().map(|key| names.of(by, key)).collect(),
        inflow: part(("Tiếp nhận", "Came in"), &inflow),
        outflow,
        backlog: Some(part(("Còn mở cuối kỳ", "Open at the end"), &|tally| tally.open)),
        provisional: usize::from(unfinished),
        format: NumberFormat::new(0, ""),
    }))
}

fn inflow(tally: &Tally) -> u32 {
    tally.get(Step::Received) + tally.get(Step::Reopened) + tally.get(Step::TransferredIn)
}

/// What went out without an answer of its own.
fn otherwise(tally: &Tally) -> u32 {
    tally.get(Step::Rejected) + tally.get(Step::Merged) + tally.get(Step::TransferredOut)
}

fn is_unfinished(table: &CrossTab, by: Axis, lens: &Lens<'_>) -> bool {
    let last = table.rows.last().and_then(|key| month_of(key));
    match by {
        Axis::Month => last.is_some_and(|month| is_running(month, lens.to)),
        Axis::Week => lens.to % (7 * 86_400) != 4 * 86_400,
        _ => !lens.to.is_multiple_of(86_400),
    }
}

/// The last period: what came, what went, and what that did to what is open.
fn title(asked: &Asked<'_>, lens: &Lens<'_>, tallies: &[Tally], (by, unfinished, key): (Axis, bool, &str)) -> String {
    let words = asked.words();
    let Some(last) = tallies.last() else {
        let window = words.window(lens.from, lens.to);
        return match words.0 {
            Language::Vi => format!("Không có phản ánh nào trong thời gian {window}"),
            Language::En => format!("There were no cases in {window}"),
        };
    };
    let day = words.day(crate::cases::moment(lens.to.saturating_sub(1)).date());
    let (came, answered) = (inflow(last), last.get(Step::Closed) + otherwise(last));
    let when = match (by, words.0) {
        (Axis::Month, _) => last_month(words, lens),
        (Axis::Week, _) => key.to_owned(),
        _ => words.day(crate::cases::moment(lens.to.saturating_sub(1)).date()),
    };
    let so_far = match (unfinished && by != Axis::Day, words.0) {
        (false, _) => String::new(),
        (true, Language::Vi) => format!(" (đến {day})"),
        (true, Language::En) => format!(" (to {day})"),
    };
    let net = i64::from(came) - i64::from(answered);
    let (came, answered, open) = (words.count(came), words.count(answered), words.count(last.open));
    let by_how_many = words.count(net.unsigned_abs());
    match words.0 {
        Language::Vi => {
            let moved = match net {
                0 => "số còn mở không đổi".to_owned(),
                n if n > 0 => format!("số còn mở tăng {by_how_many}"),
                _ => format!("số còn mở giảm {by_how_many}"),
            };
            format!("{when}{so_far} tiếp nhận {came}, giải quyết {answered}: {moved}, còn {open}")
        }
        Language::En => {
            let moved = match net {
                0 => "the backlog stays at".to_owned(),
                n if n > 0 => format!("the backlog grows by {by_how_many} to"),
                _ => format!("the backlog falls by {by_how_many} to"),
            };
            format!("{when}{so_far}: {came} came in, {answered} closed; {moved} {open}")
        }
    }
}

fn last_month(words: Words, lens: &Lens<'_>) -> String {
    let day = crate::cases::moment(lens.to.saturating_sub(1)).date();
    let month = crate::domain::Period::of_date(crate::domain::Freq::M, day);
    super::super::words::upper_first(&words.period(month))
}
