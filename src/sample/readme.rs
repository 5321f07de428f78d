//! The README of a sample: what each folder is, which figures are published, what is left out on purpose.

use std::fmt::Write;

use super::anchors::{ANCHORS, Anchor, Figure, Grade};
use super::cases::CaseOptions;
use super::gaps::{Absence, CORRECTIONS, GAPS};
use super::press::Press;
use super::{SampleError, SampleOptions};

/// Folder, format, what is in it.
const FOLDERS: [(&str, &str, &str); 9] = [
    (
        "ctk_monthly",
        "XLSX",
        "Statistics Office, monthly workbook: last month's official figure beside this month's estimate",
    ),
    (
        "ctk_industry",
        "PC-Axis",
        "Statistics Office, industrial production, key industries, links; weights every January",
    ),
    ("ctk_prices", "SDMX-ML 2.1", "Statistics Office, consumer prices by group with weights, gold and dollar"),
    (
        "ctk_accounts",
        "JSON-stat 2",
        "Statistics Office, GRDP by release (three vintages of 2021) and social investment",
    ),
    ("ctk_population", "PC-Axis", "Statistics Office, population and area by district"),
    ("ctk_labour, ctk_agriculture", "SDMX-CSV", "Statistics Office, labour force; agriculture, livestock, fishery"),
    ("ctk_annual", "XLSX", "Statistics Office, yearly figures"),
    ("bhxh", "JSON", "Social Insurance, captured answers of its gateway, by district and month"),
    (
        "so_*, cuc_thue, vp_ubnd, ban_atgt, cong_an",
        "CSV, XLSX",
        "departments, one file a year; so_ldtbxh in windows-1258, so_ct in UTF-16, cuc_thue with grouped thousands",
    ),
];

/// Writes `README.md`.
pub(super) fn write(
    options: &SampleOptions,
    cases: Option<&CaseOptions>,
    press: &mut Press<'_>,
) -> Result<(), SampleError> {
    let mut text = text(options);
    if let Some(cases) = cases {
        text.push_str(&super::cases::readme::section(cases, &press.so_far().cases));
    }
    press.plain("README.md", text.into_bytes())
}

fn text(options: &SampleOptions) -> String {
    let mut out = String::new();
    let mut push = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    push("# Sample feeds\n");
    push(&format!(
        "Made by `toancanh sample` (seed {}, {} to {}); nobody outside the project published these files. A test makes\n\
         them again and compares every byte, so change the generator (`src/sample`), not the files.\n",
        options.seed, options.from, options.to
    ));
    push(
        "The figures in the table \"Published figures\" are carried exactly: they come out of the engine as they were\n\
         published. **Everything else is synthetic**: levels, seasons, districts, wards and members only have the shapes\n\
         that real figures have (trend, season, Tết, the lockdown of July to September 2021 and the rebound, estimates\n\
         revised a month later). Every file says so itself: in a note, a footnote, the title of an empty column, a message.\n",
    );
    push("## Folders\n");
    push("| folder | format | content |\n|---|---|---|");
    for (folder, format, content) in FOLDERS {
        push(&format!("| {folder} | {format} | {content} |"));
    }
    push("| targets | CSV | plans by year; 0402 of 2022 was changed on 15 April 2022 |\n");
    push("## Published figures\n");
    push(
        "The last column names the publisher of the series; the figures were gathered from the publishers' reports and the\n\
         press while the catalogue was designed.\n",
    );
    push("| indicator | period | figure | publisher, remarks |\n|---|---|---|---|");
    for anchor in ANCHORS.iter().filter(|a| a.span.months().1 <= options.to.index()) {
        push(&anchor_line(anchor));
    }
    push(
        "| 0503 | 2021 | -5,06 %; -6,78 %; -5,36 % | as told in mid-December 2021, on 29/12/2021 and after revision: \
         three vintages |\n| 0205, 0601 | plan 2022 | 300.000; 386.568 | plans of the city |\n",
    );
    push(CHOICES);
    push("## Left out or wrong on purpose\n");
    push("| measures | area | period | how |\n|---|---|---|---|");
    for gap in GAPS.iter().filter(|g| g.period.parse().is_ok_and(|p: crate::domain::Period| p <= options.to)) {
        let how = match gap.absence {
            Absence::Late => "not handed in: no row",
            Absence::NotCollected => "\"...\"",
        };
        push(&format!("| {} | {} | {} | {how} |", gap.measures.join(", "), gap.area, gap.period));
    }
    push("");
    for c in CORRECTIONS {
        let (y, m, d) = c.corrected;
        let first = (c.first * 100.0).round();
        push(&format!(
            "- {} of {} in {}: first reported at {first} % of the right figure, corrected {d}/{m}/{y}.",
            c.measure, c.area, c.period
        ));
    }
    push(
        "- `so_tnmt/2022.csv` ends with five rows that must be rejected: a remark instead of a number, Quận 2 (gone since\n  \
         2021), Quận 13 (never was), a figure that counts from January, month 13.\n\
         - Wards are not declared before 2021: ward figures of 2019 and 2020 are by district and for the city.",
    );
    out
}

fn anchor_line(anchor: &Anchor) -> String {
    let figure = match anchor.figure {
        Figure::Value(value) => vietnamese(value),
        Figure::OnYear(percent) => format!("{} % so cùng kỳ", signed(percent)),
        Figure::OnMonth(percent) => format!("{} % so tháng trước", signed(percent)),
        Figure::OnDecember(percent) => format!("{} % so tháng 12 năm trước", signed(percent)),
    };
    let grade = match anchor.grade {
        Grade::Published => "",
        Grade::Derived => " (derived)",
        Grade::Approximate => " (approximate)",
    };
    format!("| {} | {} | {figure} | {}{grade} |", anchor.indicator, anchor.span.label(), anchor.source)
}

/// `822592.5` as `822.592,5`.
fn vietnamese(value: f64) -> String {
    let mut text = String::new();
    let plain = format!("{value}");
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            text.push('.');
        }
        text.push(digit);
    }
    if !part.is_empty() {
        write!(text, ",{part}").expect("writing to a string cannot fail");
    }
    text
}

fn signed(percent: f64) -> String {
    format!("{percent:+.2}").replace('.', ",")
}

/// Where published figures do not agree, what the sample does.
const CHOICES: &str = "\
Figures that contradict each other or do not fit a year, and what was chosen:

- 0502 of 2021: the first estimate is 924,367 (29/12/2021); growth of 9.03 % to 1,021,894 in 2022 needs a base of about
  937,259. The sample carries both, as vintages: 924,367 until 28/3/2022, 937,259 from 29/3/2022 (the day is made up).
- 0501 of 2021 stays at 1,298,791 in all vintages: no revision of it is known.
- 0301 and 0302 were published up to 15/12/2021 and 20/12/2022; the sample has them as figures of the whole year.
- 0601 of 2021: 383,703 was published; the figure of a year later implies 381,522. The sample has the first.
- 0404 of 2021 follows from 3.94 billion USD in 2022 at +5.4 %.
- Population is split over districts by the census of 1 April 2019, without change of shares.
";
