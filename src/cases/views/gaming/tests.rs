//! Figures to look at, by hand.

use super::*;
use crate::cases::views::Question;
use crate::cases::views::fixture::{Sketch, book, lens, may, sec};
use crate::cases::{CaseBook, Cut};

fn flag<'g>(gaming: &'g Gaming, kind: FlagKind, org: &str) -> Option<&'g Flag> {
    gaming.flags.iter().find(|flag| flag.kind == kind && &*flag.org == org)
}

/// A case of an authority, due at 17:00 on 10 May.
fn due(id: &str, org: &str) -> Sketch {
    Sketch::new(id, "26734", "2022-05-02T08:00:00").org(org).due("2022-05-10T17:00:00")
}

/// Ten answers of each of two authorities: `hasty` answers six in the last quarter of an hour, `calm` one; both have one
/// late answer, and one without deadline, which does not count.
fn limits() -> CaseBook {
    let mut cases = Vec::new();
    for (org, in_haste) in [("hasty", 6), ("calm", 1)] {
        for k in 0..9 {
            let answered =
                if k < in_haste { format!("2022-05-10T16:5{k}:00") } else { format!("2022-05-09T0{k}:00:00") };
            cases.push(due(&format!("{org}{k}"), org).answered(&answered));
        }
        cases.push(due(&format!("{org}-late"), org).answered("2022-05-10T17:00:01"));
        cases.push(
            Sketch::new(&format!("{org}-none"), "26734", "2022-05-02T08:00:00")
                .org(org)
                .answered("2022-05-03T08:00:00"),
        );
    }
    book(&cases)
}

#[test]
fn answers_in_the_last_minutes() {
    let book = limits();
    let question = may();
    let gaming = gaming(&lens(&book, &question), &GamingRules::default());
    let hasty = flag(&gaming, FlagKind::JustBeforeLimit, "hasty").unwrap();
    assert_eq!((hasty.share, hasty.others, hasty.is_raised), (Share::of(6, 10), Share::of(1, 10), true));
    assert_eq!(hasty.examples, ["hasty5", "hasty4", "hasty3", "hasty2", "hasty1"]);
    let calm = flag(&gaming, FlagKind::JustBeforeLimit, "calm").unwrap();
    assert_eq!((calm.share, calm.is_raised), (Share::of(1, 10), false));
    assert!(gaming.flags.iter().all(|flag| flag.kind == FlagKind::JustBeforeLimit));
}

#[test]
fn an_authority_asked_for_alone_is_still_compared_with_all() {
    let book = limits();
    let mut question = may();
    question.filter.orgs = vec!["hasty".into()];
    let gaming = gaming(&lens(&book, &question), &GamingRules::default());
    assert_eq!(gaming.flags.len(), 1);
    assert_eq!((&*gaming.flags[0].org, gaming.flags[0].others), ("hasty", Share::of(1, 10)));
}

#[test]
fn many_answers_within_a_minute() {
    // Twenty answers within 57 seconds, every three; a twenty-first after a minute and a half; nineteen of another authority.
    let answered = |org: &str, k: usize, second: usize| {
        let at = format!("2022-05-09T08:{:02}:{:02}", second / 60, second % 60);
        due(&format!("{org}{k:02}"), org).answered(&at)
    };
    let mut cases: Vec<_> = (0..20).map(|k| answered("bulk", k, 3 * k)).collect();
    cases.push(answered("bulk", 20, 150));
    cases.extend((0..19).map(|k| answered("busy", k, 3 * k)));
    let book = book(&cases);
    let question = may();
    let gaming_by = |rules: &GamingRules| gaming(&lens(&book, &question), rules);
    let found = gaming_by(&GamingRules::default());
    let bulk = flag(&found, FlagKind::BulkClosing, "bulk").unwrap();
    assert_eq!((bulk.share, bulk.others, bulk.largest_bulk), (Share::of(20, 21), Share::of(0, 19), 20));
    assert!(bulk.is_raised && flag(&found, FlagKind::BulkClosing, "busy").is_none());
    // Twenty answers span 57 seconds: within less than 57 there are nineteen.
    let strict = GamingRules { bulk_within: 57, ..GamingRules::default() };
    assert!(flag(&gaming_by(&strict), FlagKind::BulkClosing, "bulk").is_none());
}

#[test]
fn back_and_forth_within_one_round() {
    let begun = |id: &str| Sketch::new(id, "26734", "2022-05-02T08:00:00").org("q1");
    let book = book(&[
        begun("there and back").passed_to("sở", "2022-05-03T08:00:00").passed_to("q1", "2022-05-04T08:00:00"),
        begun("once").passed_to("sở", "2022-05-03T08:00:00"),
        begun("at home"),
        // Three stints, but in two rounds.
        begun("came back")
            .passed_to("sở", "2022-05-03T08:00:00")
            .answered("2022-05-04T08:00:00")
            .reopened("2022-05-05T08:00:00"),
    ]);
    let shares = |question: &Question, rules: &GamingRules| {
        let gaming = gaming(&lens(&book, question), rules);
        let share = |org| flag(&gaming, FlagKind::Bouncing, org).map(|flag| (flag.share.part, flag.share.cases));
        (share("q1"), share("sở"))
    };
    // q1 got four rounds; the department got three and the second round of the last.
    let rules = GamingRules::default();
    assert_eq!(shares(&may(), &rules), (Some((1, 4)), Some((1, 4))));
    let strict = GamingRules { min_stints: 4, ..rules };
    assert_eq!(shares(&may(), &strict).0, Some((1, 4)), "there and back counts whatever the number");
    let early = Question { cut: Cut::before(sec("2022-05-04T08:00:00")), ..may() };
    assert_eq!(shares(&early, &rules), (None, None), "it had not come back by then");
}

#[test]
fn answers_on_time_that_came_back() {
    let mut cases: Vec<_> = (0..10).map(|k| due(&format!("a{k}"), "a").answered("2022-05-10T09:00:00")).collect();
    for case in cases.iter_mut().take(5) {
        *case = case.clone().reopened("2022-05-12T08:00:00");
    }
    // Late and reopened: not on time, does not count.
    cases.push(due("late", "a").answered("2022-05-11T09:00:00").reopened("2022-05-12T08:00:00"));
    cases.push(due("b", "b").answered("2022-05-10T09:00:00"));
    let book = book(&cases);
    let gaming = gaming(&lens(&book, &may()), &GamingRules::default());
    let a = flag(&gaming, FlagKind::ReopenedAfterOnTime, "a").unwrap();
    assert_eq!((a.share, a.others, a.is_raised), (Share::of(5, 10), Share::of(0, 1), true));
}
