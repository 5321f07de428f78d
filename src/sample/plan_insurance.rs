//! Series of the city's Social Insurance, all by district.

use super::geography::Spread;
use super::plan::Course::{Flow, Level, ShareOf, Stock};
use super::plan::{Part, Plan, member, part};
use super::shape::Season::{Claims, Flat, Production};
use crate::domain::Freq::{A, M};

const EMPLOYER: Part = part(
    "employer_type",
    &[
        member("state_enterprise", "Doanh nghiệp nhà nước", 0.05),
        member("non_state_enterprise", "Doanh nghiệp ngoài nhà nước", 0.48),
        member("fdi_enterprise", "Doanh nghiệp có vốn đầu tư nước ngoài", 0.35),
        member("public_unit", "Hành chính, sự nghiệp", 0.10),
        member("other", "Khối khác", 0.02),
    ],
);
const SEX: Part = part("sex", &[member("male", "Nam", 0.48), member("female", "Nữ", 0.52)]);
const FUND: Part = part(
    "fund",
    &[
        member("social", "Bảo hiểm xã hội", 0.74),
        member("health", "Bảo hiểm y tế", 0.21),
        member("unemployment", "Bảo hiểm thất nghiệp", 0.05),
    ],
);

/// The plans, wholes before shares.
pub(super) static PLANS: &[Plan] = &[
    Plan::new(
        "si_compulsory_participants",
        "Số người tham gia BHXH bắt buộc",
        "người",
        M,
        Stock([2_318_000.0, 2_437_000.0, 2_421_000.0, 2_352_000.0, 2_480_000.0]),
    )
    .districts(Spread::Jobs)
    .shaped(Flat, 0.02, 0.045, 0.001)
    .parts(&[EMPLOYER, SEX]),
    Plan::new(
        "si_voluntary_participants",
        "Số người tham gia BHXH tự nguyện",
        "người",
        M,
        Stock([9_800.0, 18_600.0, 31_200.0, 40_400.0, 52_087.0]),
    )
    .districts(Spread::People)
    .shaped(Flat, 0.03, 0.05, 0.004)
    .parts(&[SEX]),
    Plan::new(
        "ui_participants",
        "Số người tham gia BHTN",
        "người",
        M,
        ShareOf("si_compulsory_participants", [0.962, 0.963, 0.964, 0.965]),
    )
    .districts(Spread::Jobs)
    .shaped(Flat, 0.0, 0.0, 0.0005)
    .parts(&[EMPLOYER, SEX]),
    Plan::new(
        "hi_participants",
        "Số người tham gia BHYT",
        "người",
        M,
        Stock([7_420_000.0, 7_790_000.0, 7_960_000.0, 8_140_000.0, 8_560_000.0]),
    )
    .districts(Spread::People)
    .shaped(Flat, 0.01, 0.02, 0.001)
    .parts(&[part(
        "participant_group",
        &[
            member("employed", "Người lao động và người sử dụng lao động đóng", 0.305),
            member("si_fund", "Tổ chức BHXH đóng", 0.035),
            member("budget", "Ngân sách nhà nước đóng", 0.130),
            member("subsidised", "Ngân sách nhà nước hỗ trợ (học sinh, sinh viên)", 0.215),
            member("household", "Hộ gia đình", 0.315),
        ],
    )]),
    Plan::new(
        "si_contributions",
        "Số thu BHXH, BHYT, BHTN",
        "tỷ đồng",
        M,
        Flow([62_400.0, 64_900.0, 66_300.0, 76_800.0]),
    )
    .districts(Spread::Jobs)
    .shaped(Production, 0.1, 0.18, 0.02)
    .decimals(1)
    .parts(&[FUND]),
    Plan::new(
        "si_receivable_year",
        "Số phải thu trong năm",
        "tỷ đồng",
        A,
        Level([64_100.0, 66_900.0, 69_800.0, 78_900.0]),
    )
    .districts(Spread::Jobs)
    .decimals(1)
    .parts(&[FUND]),
    Plan::new("si_arrears", "Số tiền chậm đóng", "tỷ đồng", M, Stock([1_720.0, 1_830.0, 2_640.0, 3_350.0, 2_980.0]))
        .districts(Spread::Jobs)
        .shaped(Flat, 0.0, -0.30, 0.02)
        .decimals(1)
        .parts(&[FUND, EMPLOYER]),
    Plan::new(
        "si_benefits_paid",
        "Chi trả các chế độ BHXH, BHTN",
        "tỷ đồng",
        M,
        Flow([31_200.0, 35_300.0, 41_900.0, 45_200.0]),
    )
    .districts(Spread::People)
    .shaped(Claims, 0.1, -0.10, 0.02)
    .decimals(1)
    .parts(&[part(
        "benefit_type",
        &[
            member("pension", "Lương hưu, trợ cấp hằng tháng", 0.52),
            member("lump_sum", "BHXH một lần", 0.20),
            member("sickness", "Ốm đau", 0.03),
            member("maternity", "Thai sản", 0.11),
            member("unemployment", "Trợ cấp thất nghiệp", 0.13),
            member("other", "Chế độ khác", 0.01),
        ],
    )]),
    Plan::new(
        "hi_medical_expenditure",
        "Chi khám, chữa bệnh BHYT",
        "tỷ đồng",
        M,
        Flow([20_600.0, 19_700.0, 13_900.0, 19_300.0]),
    )
    .districts(Spread::Centre)
    .shaped(Production, 0.4, 0.60, 0.02)
    .decimals(1)
    .parts(&[part(
        "inpatient_outpatient",
        &[member("inpatient", "Nội trú", 0.57), member("outpatient", "Ngoại trú", 0.43)],
    )]),
];
