//! The message of a chart that compares units by their share of overdue cases.

use super::super::words::{Words, upper_first};
use crate::cases::views::{Axis, MIN_CASES, Share};
use crate::chart::spec::Language;

/// Differences of shares smaller than this are no message.
const NEAR: f64 = 0.005;

/// Units in comparison.
#[derive(Debug, Clone)]
pub(super) struct Standing<'a> {
    pub words: Words,
    pub units: Axis,
    /// The window in words.
    pub window: &'a str,
    /// Units with enough cases, the highest share first.
    pub ranked: &'a [(String, Share)],
    /// All cases together.
    pub average: Share,
}

impl Standing<'_> {
    /// One sentence.
    pub fn headline(&self) -> String {
        let words = self.words;
        let unit = words.unit(self.units);
        let cases = words.count(self.average.cases);
        let vi = words.0 == Language::Vi;
        let Some((name, worst)) = self.ranked.first() else {
            return match (self.average.cases, vi) {
                (0, true) => format!("Không có phản ánh nào đến hạn trong thời gian {}", self.window),
                (0, false) => format!("No case fell due in {}", self.window),
                (_, true) => format!("Chưa {unit} nào có đủ {MIN_CASES} phản ánh đến hạn để tính tỷ lệ trễ hạn"),
                (_, false) => format!("No {unit} has the {MIN_CASES} cases due that a share needs"),
            };
        };
        if worst.part == 0 {
            return match (self.average.part, vi) {
                (0, true) => format!("Không có phản ánh nào trễ hạn trong số {cases} phản ánh đến hạn"),
                (0, false) => format!("None of {cases} cases due is overdue"),
                (_, true) => format!("{} nào có từ {MIN_CASES} phản ánh đến hạn cũng đều đúng hạn", upper_first(unit)),
                (_, false) => format!("No {unit} with {MIN_CASES} or more cases due has any overdue"),
            };
        }
        let share = worst.value().unwrap_or_default();
        let equal = self.ranked.iter().skip(1).take_while(|(_, other)| other.cmp_share(*worst).is_eq()).count();
        if equal > 0 {
            let (percent, others) = (words.percent(share), words.count(equal as u64));
            return if vi {
                format!("{name} và {others} {unit} khác trễ hạn {percent}")
            } else {
                let others = if equal == 1 {
                    format!("1 other {unit}")
                } else {
                    format!("{others} other {}", words.units(self.units))
                };
                format!("{percent} overdue in {name} and {others}")
            };
        }
        self.compared(name, share, *worst)
    }

    fn compared(&self, name: &str, share: f64, worst: Share) -> String {
        let words = self.words;
        let vi = words.0 == Language::Vi;
        let (percent, average) = (words.percent(share), self.average.value().unwrap_or_default());
        if self.ranked.len() == 1 {
            let cases = words.count(worst.cases);
            return if vi {
                format!("{name} trễ hạn {percent} trong số {cases} phản ánh đến hạn")
            } else {
                format!("{name} is overdue in {percent} of {cases} cases due")
            };
        }
        let mean = words.percent(average);
        if let Some(times) = words.times(share / average) {
            return if vi {
                format!("{name} trễ hạn {percent}, {times} trung bình {mean}")
            } else {
                format!("{name} is overdue in {percent} of cases, {times} the average of {mean}")
            };
        }
        let (gap, unit) = (words.points(share - average), words.unit(self.units));
        match (share - average >= NEAR, vi) {
            (true, true) => format!("{name} trễ hạn {percent}, cao hơn trung bình {mean} là {gap}"),
            (true, false) => format!("{name} is overdue in {percent} of cases, {gap} above the average of {mean}"),
            (false, true) => format!("Các {unit} trễ hạn gần như nhau, trung bình {mean}"),
            (false, false) => format!("All {} are much alike, {mean} overdue on average", words.units(self.units)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(language: Language, ranked: &[(&str, u32, u32)], average: (u32, u32)) -> String {
        let ranked: Vec<_> = ranked.iter().map(|(name, part, n)| ((*name).to_owned(), Share::of(*part, *n))).collect();
        let standing = Standing {
            words: Words(language),
            units: Axis::District,
            window: "tháng 5/2022",
            ranked: &ranked,
            average: Share::of(average.0, average.1),
        };
        standing.headline().replace('\u{a0}', " ")
    }

    #[test]
    fn the_worst_is_set_against_the_average() {
        let vi = |ranked: &[(&str, u32, u32)], average| say(Language::Vi, ranked, average);
        let far = [("Quận Tân Phú", 70, 100), ("Quận 1", 5, 100)];
        assert_eq!(vi(&far, (110, 1000)), "Quận Tân Phú trễ hạn 70 %, gấp hơn 6 lần trung bình 11 %");
        assert_eq!(
            say(Language::En, &far, (110, 1000)),
            "Quận Tân Phú is overdue in 70 % of cases, more than 6 times the average of 11 %"
        );
        let near = [("Quận 1", 15, 100), ("Quận 3", 9, 100)];
        assert_eq!(vi(&near, (24, 200)), "Quận 1 trễ hạn 15 %, cao hơn trung bình 12 % là 3,0 điểm %");
        assert_eq!(vi(&near[..1], (15, 100)), "Quận 1 trễ hạn 15 % trong số 100 phản ánh đến hạn");
        let equal = [("Quận 1", 20, 20), ("Quận 3", 10, 10), ("Quận 4", 1, 10)];
        assert_eq!(vi(&equal, (31, 40)), "Quận 1 và 1 quận, huyện khác trễ hạn 100 %");
        let alike = [("Quận 1", 1201, 10_000), ("Quận 3", 1200, 10_000)];
        assert_eq!(vi(&alike, (2401, 20_000)), "Các quận, huyện trễ hạn gần như nhau, trung bình 12 %");
    }

    #[test]
    fn where_there_is_nothing_to_compare_nothing_is_claimed() {
        let vi = |ranked: &[(&str, u32, u32)], average| say(Language::Vi, ranked, average);
        assert_eq!(vi(&[], (0, 0)), "Không có phản ánh nào đến hạn trong thời gian tháng 5/2022");
        assert_eq!(vi(&[], (9, 9)), "Chưa quận, huyện nào có đủ 10 phản ánh đến hạn để tính tỷ lệ trễ hạn");
        assert_eq!(vi(&[("Quận 1", 0, 30)], (0, 30)), "Không có phản ánh nào trễ hạn trong số 30 phản ánh đến hạn");
        assert_eq!(vi(&[("Quận 1", 0, 30)], (1, 35)), "Quận, huyện nào có từ 10 phản ánh đến hạn cũng đều đúng hạn");
    }
}
