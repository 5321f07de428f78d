//! What a pull of a source came to, in words. The log keeps one English sentence with every detail; a page says the same
//! from the outcome and the counts, and words the reasons that occur.

use super::{Language, count, pick};

/// How a pull ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// Rows were taken.
    Taken,
    /// The source gave the same as last time.
    Unchanged,
    /// What came was not taken.
    Refused,
    /// Nothing came.
    Failed,
}

/// A pull.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// How it ended.
    pub end: RunEnd,
    /// Rows read.
    pub read: usize,
    /// Of which new or changed.
    pub new: usize,
    /// Not taken.
    pub rejected: usize,
    /// What the log says.
    pub message: &'a str,
}

/// How a pull ended, in a word.
pub fn run_word(end: RunEnd, language: Language) -> &'static str {
    match end {
        RunEnd::Taken => pick(language, "đã nhận", "taken"),
        RunEnd::Unchanged => pick(language, "không đổi", "unchanged"),
        RunEnd::Refused => pick(language, "không nhận", "refused"),
        RunEnd::Failed => pick(language, "lỗi", "failed"),
    }
}

/// A pull in one sentence.
pub fn run_sentence(run: &RunFacts<'_>, language: Language) -> String {
    let mut sentence = match run.end {
        RunEnd::Taken => taken(run, language),
        RunEnd::Unchanged if run.message.contains("which were refused") => pick(
            language,
            "Nguồn vẫn gửi đúng tệp đã không được nhận lần trước",
            "The source still gives the bytes that were refused before",
        )
        .to_owned(),
        RunEnd::Unchanged => {
            pick(language, "Nguồn chưa có gì mới so với lần trước", "The source has nothing new since last time")
                .to_owned()
        }
        RunEnd::Refused => {
            let reasons = reasons(run.message, language);
            let head = pick(language, "Không nhận, số liệu cũ giữ nguyên", "Refused, the figures stay as they were");
            format!("{head}: {reasons}")
        }
        RunEnd::Failed => failure(run.message, language),
    };
    if run.end != RunEnd::Refused
        && let Some(silence) = run.message.split("; ").find_map(|part| silence(part, language))
    {
        sentence.push_str("; ");
        sentence.push_str(&silence);
    }
    sentence
}

fn taken(run: &RunFacts<'_>, language: Language) -> String {
    let [new, read, rejected] = [run.new, run.read, run.rejected].map(|n| count(n, language));
    let mut sentence = match (language, run.new) {
        (Language::Vi, 0) => format!("Đọc {read} dòng, không có số nào mới"),
        (Language::En, 0) => format!("{read} rows read, none of them new"),
        (Language::Vi, _) => format!("Đọc {read} dòng, {new} số mới hoặc thay đổi"),
        (Language::En, _) => format!("{read} rows read, {new} new or changed"),
    };
    if run.rejected > 0 {
        sentence.push_str(&match language {
            Language::Vi => format!(", {rejected} dòng không nhận"),
            Language::En => format!(", {rejected} not taken"),
        });
    }
    sentence
}

/// Why a snapshot was refused. What is not known by its wording stays as the log has it.
fn reasons(message: &str, language: Language) -> String {
    let message = message.strip_prefix("refused, the figures stay as they were: ").unwrap_or(message);
    if language == Language::En {
        return message.to_owned();
    }
    let known = |part: &str| reason(part).or_else(|| silence(part, language)).unwrap_or_else(|| part.to_owned());
    message.replace("; at least ", ", at least ").split("; ").map(known).collect::<Vec<_>>().join("; ")
}

fn reason(part: &str) -> Option<String> {
    if part == "the answer is empty (0 bytes)" {
        return Some("tệp rỗng (0 byte)".to_owned());
    }
    if part == "it holds no figures" {
        return Some("trong tệp không có số liệu nào".to_owned());
    }
    if let Some(rest) = part.strip_suffix("% of that is expected") {
        let (rest, share) = rest.rsplit_once(", at least ")?;
        let (found, rest) = rest.split_once(" where the last good pull (")?;
        let (from, then) = rest.rsplit_once(") had ")?;
        let found = found.split(' ').next()?;
        return Some(format!("chỉ có {found} số, lần nhận tốt trước ({from}) có {then}, cần ít nhất {share} %"));
    }
    if let Some(rest) = part.strip_prefix("its newest period is ") {
        let (now, then) = rest.split_once(", but the last good pull already had ")?;
        return Some(format!("kỳ mới nhất là {now}, trong khi lần trước đã có đến {then}"));
    }
    if let Some(rest) = part.strip_prefix("it holds the same bytes as ") {
        return Some(format!("giống hệt tệp {}", rest.replace(", pulled on ", ", đã nhận ngày ")));
    }
    let (flows, rest) = part.strip_prefix("all ")?.split_once(" flows of ")?;
    let (period, before) = rest.split_once(" repeat those of ")?;
    let before = before.split(':').next()?;
    Some(format!("cả {flows} số phát sinh của {period} lặp lại y nguyên của {before}: có lẽ là tệp của kỳ trước"))
}

fn silence(part: &str, language: Language) -> Option<String> {
    let (days, promised) = part.strip_prefix("no news for ")?.split_once(" days, ")?;
    let promised = promised.strip_suffix(" are promised")?;
    Some(match language {
        Language::Vi => format!("đã {days} ngày không có số mới, cam kết là {promised} ngày"),
        Language::En => part.to_owned(),
    })
}

/// Why nothing came.
fn failure(message: &str, language: Language) -> String {
    if language == Language::En {
        return format!("Nothing came: {message}");
    }
    let kinds = [
        (" could not be reached", "không kết nối được tới nguồn"),
        (" broke off after ", "kết nối bị ngắt giữa chừng"),
        (" asked to wait ", "nguồn yêu cầu chờ trước khi hỏi lại"),
        (" did not accept the key", "nguồn không chấp nhận khoá truy cập"),
        (" took longer than ", "nguồn trả lời quá lâu"),
        (" has more than ", "tệp lớn hơn giới hạn cho phép"),
        ("environment variable ", "chưa cấu hình khoá truy cập"),
        ("cannot read ", "không đọc được tệp"),
        (" answered ", "nguồn báo lỗi"),
    ];
    let known = kinds.iter().find(|(part, _)| message.contains(part)).map(|(_, words)| *words);
    format!("Không lấy được: {}", known.unwrap_or("nguồn trả lời không đúng như đã khai báo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(end: RunEnd, message: &str) -> String {
        run_sentence(&RunFacts { end, read: 306, new: 1200, rejected: 2, message }, Language::Vi)
    }

    #[test]
    fn a_run_is_worded_from_its_counts() {
        assert_eq!(
            said(RunEnd::Taken, "306 figures read"),
            "Đọc 306 dòng, 1.200 số mới hoặc thay đổi, 2 dòng không nhận"
        );
        let silent = said(RunEnd::Unchanged, "the bytes are those of 2022-05-01; no news for 60 days, 45 are promised");
        let words = "Nguồn chưa có gì mới so với lần trước; đã 60 ngày không có số mới, cam kết là 45 ngày";
        assert_eq!(silent, words);
    }

    #[test]
    fn every_objection_of_a_contract_is_worded() {
        let refused =
            |reason: &str| said(RunEnd::Refused, &format!("refused, the figures stay as they were: {reason}"));
        let head = "Không nhận, số liệu cũ giữ nguyên";
        for (reason, words) in [
            ("it holds no figures", "trong tệp không có số liệu nào"),
            (
                "4 figures of frequency M where the last good pull (t.px) had 10; at least 50% of that is expected",
                "chỉ có 4 số, lần nhận tốt trước (t.px) có 10, cần ít nhất 50 %",
            ),
            (
                "its newest period is 2022-04, but the last good pull already had 2022-05",
                "kỳ mới nhất là 2022-04, trong khi lần trước đã có đến 2022-05",
            ),
            (
                "all 8 flows of 2022-05 repeat those of 2022-04: this looks like the file of the period before",
                "cả 8 số phát sinh của 2022-05 lặp lại y nguyên của 2022-04: có lẽ là tệp của kỳ trước",
            ),
            (
                "it holds the same bytes as \"y_te/2022-04.csv\", pulled on 2022-05-03",
                "giống hệt tệp \"y_te/2022-04.csv\", đã nhận ngày 2022-05-03",
            ),
            ("what nobody foresaw", "what nobody foresaw"),
        ] {
            assert_eq!(refused(reason), format!("{head}: {words}"));
        }
    }

    #[test]
    fn a_failure_says_what_kind_it_is() {
        let words = said(RunEnd::Failed, "https://x answered 503 in 3 attempts: busy");
        assert_eq!(words, "Không lấy được: nguồn báo lỗi");
    }
}
