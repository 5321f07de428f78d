//! Why a row of a source was not taken, for the people who can correct it. The log says it in English, with the values;
//! the column and the value stand beside it on a page, so the Vietnamese words need only the kind of fault and the remedy.

use super::Language;

/// Kinds of faults by what their English wording holds; the first that fits counts.
const KINDS: [(&str, &str); 29] = [
    (
        "is not among the cases that came with it",
        "sự kiện của một hồ sơ không có trong tệp hồ sơ, hoặc hồ sơ đó không được nhận",
    ),
    ("has a newer version of the case", "hồ sơ bị lặp: dòng khác trong tệp mới hơn và được dùng"),
    ("just the same", "hồ sơ bị lặp y nguyên trong tệp"),
    ("says something else about the case", "hồ sơ bị lặp với nội dung khác dù cùng thời điểm cập nhật: sửa tại nguồn"),
    ("resolved before it was received", "ngày trả lời trước ngày tiếp nhận: sửa tại nguồn"),
    ("is not a time as the mapping", "không đọc được ngày giờ theo dạng đã khai báo"),
    ("is not a place in an order", "số thứ tự không phải là số"),
    ("is not a date", "không phải ngày tháng: viết như 25/5/2022"),
    ("an event needs", "sự kiện thiếu mã hồ sơ, thời điểm hoặc loại"),
    ("there is no place at", "toạ độ nằm ngoài thành phố: hồ sơ được nhận, không có toạ độ"),
    ("the case has no coordinates", "toạ độ không phải là số: hồ sơ được nhận, không có toạ độ"),
    ("counts in the city only", "không có địa bàn mang mã này vào ngày đó: hồ sơ chỉ tính cho toàn thành phố"),
    ("there is no area with the code", "không có địa bàn mang mã này vào ngày đó"),
    ("no area ", "không có địa bàn mang tên này vào ngày đó"),
    ("counts from January to month", "số cộng dồn từ đầu năm mà chưa khai báo cách hiểu"),
    ("names a period that does not exist", "kỳ báo cáo không tồn tại: sửa tại nguồn hoặc khai báo cách viết"),
    ("unknown area", "không có địa bàn mang mã này"),
    ("authority", "không có đơn vị mang mã này vào kỳ đó"),
    ("does not exist on", "địa bàn không còn hoặc chưa có vào kỳ đó: dùng mã của kỳ"),
    ("is not in the code list", "chưa có trong bảng mã: thêm vào bảng mã hoặc bỏ qua dòng này"),
    ("stands in the file twice", "số bị lặp với giá trị khác nhau: sửa tại nguồn"),
    ("is given more than once", "số bị lặp với giá trị khác nhau: để lại một số tại nguồn"),
    ("no rule of the mapping", "chưa có quy tắc nào cho dòng này"),
    ("not a number", "ô không phải là số: sửa tại nguồn"),
    ("is not a figure", "ô ghi bội số (“gấp … lần”) thay cho con số: ghi con số"),
    ("is blank", "ô để trống: điền tại nguồn"),
    ("unknown unit", "không có đơn vị tính này"),
    ("is not in the file; add it", "số luỹ kế mà thiếu tháng trước trong tệp: bổ sung tháng đó"),
    ("a plan value is missing", "thiếu giá trị kế hoạch: bỏ dòng này"),
];

/// Why a row was not taken, in a reader's language. A fault that is not known by its wording stays as the log has it.
pub fn rejection_words(reason: &str, language: Language) -> String {
    let known = KINDS.iter().find(|(part, _)| reason.contains(part)).filter(|_| language == Language::Vi);
    known.map_or_else(|| reason.to_owned(), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_fault_decides_and_the_unknown_stays_as_it_is() {
        let vi = |reason| rejection_words(reason, Language::Vi);
        let no_authority = vi("authority \"so_xx\" does not exist on 2022-05-31");
        assert_eq!(no_authority, "không có đơn vị mang mã này vào kỳ đó");
        assert_eq!(vi("area \"760\" does not exist on 2025-07-31; use the codes of that day"), KINDS[18].1);
        assert_eq!(vi("what nobody foresaw"), "what nobody foresaw");
        let english = "\"x\" is not a date; write 25/5/2022";
        assert_eq!(rejection_words(english, Language::En), english);
    }
}
