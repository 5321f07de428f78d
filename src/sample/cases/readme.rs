//! What the README of a sample says about its cases.

use std::fmt::Write;

use super::anchors::{HANDLED, OPEN, RECEIVED, WATCHED};
use super::export::FOLDER;
use super::{CaseOptions, CaseTruth, Pattern};
use crate::domain::case::Moment;

/// The section on the cases.
pub(in crate::sample) fn section(options: &CaseOptions, truth: &CaseTruth) -> String {
    let mut out = String::new();
    let (from, until) = (options.from.date(), Moment(options.until.0 - 1).date());
    write!(
        out,
        "\n## Citizens' reports\n\n\
         `{FOLDER}` holds {} reports received from {from} on, as they stood at the end of {until}: two files for every\n\
         month of receipt, the reports and what happened to them. **All of it is synthetic**; no text and no person is in\n\
         it.\n\n",
        truth.cases
    )
    .expect("writing to a string cannot fail");
    out.push_str(COLUMNS);
    if options.events_from > options.from {
        let day = options.events_from.date();
        out.push_str(&format!("Reports received before {day} have no events, only the time of their answer.\n"));
    }
    if options.anchored {
        out.push_str(&published());
    }
    out.push_str(
        "\n`case_store/schema.sql` is no sample: it is the reference schema of a case store in PostgreSQL, by hand.\n",
    );
    out.push_str("\nHabits planted in one authority each, to be found by whoever looks (reports that have them):\n\n");
    for pattern in Pattern::ALL {
        let count = truth.patterns.get(&pattern).copied().unwrap_or(0);
        out.push_str(&format!("- {} ({count})\n", said(pattern)));
    }
    if !truth.faults.is_empty() {
        out.push_str("\nRows that are wrong on purpose:\n");
        let kinds = truth.faults.iter().map(|(fault, count)| format!("{} `{}`", count, fault.as_str()));
        out.push_str(&kinds.collect::<Vec<_>>().join(", "));
        out.push_str(FAULTS);
    }
    out
}

const COLUMNS: &str = "\
| column of the reports | meaning |
|---|---|
| ma_ho_so | id: the year of receipt and a running number |
| kenh, linh_vuc, muc_do | channel, field, priority (`normal`, `urgent`), as in `indicators/dimensions.toml` |
| dia_ban | code of the ward; of the district where the ward is not known; empty for 1 % |
| don_vi | the authority that has it: a department, a utility, a district's committee, `ubnd_` and a ward's code |
| tiep_nhan, han_xu_ly | receipt; first due time, which 4 % do not have |
| tra_loi | the answer, only of reports without events |
| ho_so_goc | the report that this one was merged into |
| kinh_do, vi_do | where it is, roughly, for reports by telephone application and some others |
| cap_nhat | last change |

Events have `ma_ho_so`, `stt` (order), `thoi_diem`, `su_kien` (the engine's kinds of events), `don_vi` (where it is sent),
`han_moi` (new due time, of `extended` and most of `reopened`) and `hai_long` (1, 0). Some extensions are asked for after the
limit and must not count.
";

/// What was published, and what that means here.
fn published() -> String {
    let [(one, first), (other, second)] = WATCHED;
    format!(
        "
Published and carried exactly: from 1/1/2022 to noon of 25/5/2022 the city received {RECEIVED} reports, {HANDLED} were
handled and {OPEN} were not; of what fell due until then one district had {first} % overdue and another {second} %, to the
nearest percent. \"Handled\" is taken to mean no longer open: answered, not taken up, or merged with another report.
Nothing older is open at that moment. A report counts where it happened, whoever handles it.

**Which districts had {first} % and {second} % was not published. That they are Quận 4 ({one}) and Cần Giờ ({other}) here is
made up and says nothing about those places**; so are all other districts: Quận 3, Quận 5, Quận 10 and Bình Chánh under
5 %, the city about 11 %.
"
    )
}

fn said(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::JustBeforeLimit => "`ubnd_quan_binh_tan` answers many in the last ten minutes before the limit",
        Pattern::EveningBulk => "`ubnd_quan_12` answers many within one minute, Fridays at 21:47",
        Pattern::Bouncing => {
            "building and street order in Gò Vấp goes to and fro between `ubnd_quan_go_vap` and `so_xd`"
        }
        Pattern::ReopenedAfterOnTime => "`ubnd_huyen_hoc_mon` answers in time and is asked again within days",
    }
}

const FAULTS: &str = ".
`closed_before_opened` and `unreadable_time` are extra rows that must be rejected, `duplicate_id` is an older version that
the newer one replaces; `unknown_ward` counts in the city only, and without a due time the table of deadlines decides. None
of them changes the figures above.
";
