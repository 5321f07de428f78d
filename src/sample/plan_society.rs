//! Series of the departments on work, agencies, schools, health, culture and tourism.

use super::geography::Spread;
use super::plan::Course::{Flow, Level, ShareOf, SpentOf, Stock};
use super::plan::{Part, Plan, member, part, part_by_district, weighs};
use super::shape::Season::{Border, Claims, Days, Dengue, Flat, Production, Registration, Travel};
use crate::domain::Freq::{A, M};

const SCHOOL_LEVEL: Part = part_by_district(
    "education_level",
    &[
        member("primary", "Tiểu học", 0.49),
        member("lower_secondary", "Trung học cơ sở", 0.33),
        member("upper_secondary", "Trung học phổ thông", 0.18),
    ],
);
const AGENCY_TYPE: Part = part(
    "agency_type",
    &[
        member("city_agency", "Cơ quan cấp Thành phố", 0.12),
        member("district_agency", "Cơ quan cấp quận, huyện", 0.36),
        member("commune_authority", "Chính quyền phường, xã, thị trấn", 0.52),
    ],
);
const FACILITY_OWNERSHIP: Part = part(
    "ownership",
    &[
        member("state", "Công lập", 0.86),
        member("non_state", "Tư nhân trong nước", 0.12),
        member("fdi", "Có vốn đầu tư nước ngoài", 0.02),
    ],
);
const FACILITY_TIER: Part = part(
    "facility_tier",
    &[
        member("central", "Tuyến trung ương", 0.14),
        member("city", "Tuyến thành phố", 0.52),
        member("district", "Tuyến quận, huyện", 0.20),
        member("private", "Ngoài công lập", 0.14),
    ],
);

/// The plans, wholes before shares.
pub(super) static PLANS: &[Plan] = &[
    Plan::new(
        "job_placements",
        "Số lượt người được giải quyết việc làm",
        "lượt người",
        M,
        Flow([325_800.0, 312_400.0, 243_600.0, 313_900.0]),
    )
    .districts(Spread::Jobs)
    .shaped(Registration, 0.3, 0.72, 0.02)
    .parts(&[
        part_by_district("sex", &[member("male", "Nam", 0.52), member("female", "Nữ", 0.48)]),
        part("new_job", &[member("new", "Việc làm mới tạo thêm", 0.43), member("existing", "Việc làm sẵn có", 0.57)]),
    ]),
    Plan::new(
        "ui_claims_filed",
        "Số người nộp hồ sơ hưởng trợ cấp thất nghiệp",
        "người",
        M,
        Flow([151_300.0, 176_900.0, 122_127.0, 139_400.0]),
    )
    .districts(Spread::Jobs)
    .shaped(Claims, 0.4, 0.55, 0.03)
    .parts(&[
        part("sex", &[member("male", "Nam", 0.44), member("female", "Nữ", 0.56)]),
        part(
            "age_group",
            &[
                member("15_24", "15-24 tuổi", 0.13),
                member("25_49", "25-49 tuổi", 0.77),
                member("50_plus", "Từ 50 tuổi", 0.10),
            ],
        ),
    ]),
    Plan::new("agencies_total", "Số cơ quan, đơn vị", "cơ quan", A, Level([612.0, 612.0, 590.0, 590.0]))
        .districts(Spread::Even)
        .parts(&[AGENCY_TYPE]),
    Plan::new(
        "agencies_female_key_leader",
        "Số cơ quan, đơn vị có lãnh đạo chủ chốt là nữ",
        "cơ quan",
        A,
        ShareOf("agencies_total", [0.305, 0.321, 0.352, 0.371]),
    )
    .districts(Spread::Even)
    .shaped(Flat, 0.0, 0.0, 0.08)
    .parts(&[AGENCY_TYPE]),
    Plan::new("households", "Số hộ dân cư", "hộ", A, Level([2_558_900.0, 2_617_400.0, 2_602_300.0, 2_671_200.0]))
        .wards(Spread::People),
    Plan::new(
        "poor_households",
        "Số hộ nghèo theo chuẩn Thành phố",
        "hộ",
        A,
        ShareOf("households", [0.0082, 0.0044, 0.0229, 0.0151]),
    )
    .wards(Spread::People)
    .shaped(Flat, 0.0, 0.0, 0.2),
    Plan::new(
        "pupils",
        "Số học sinh phổ thông đầu năm học",
        "học sinh",
        A,
        Level([1_257_000.0, 1_291_000.0, 1_316_000.0, 1_338_000.0]),
    )
    .districts(Spread::People)
    .parts(&[SCHOOL_LEVEL]),
    Plan::new("classrooms", "Số phòng học", "phòng", A, Level([47_600.0, 48_900.0, 49_700.0, 50_600.0]))
        .districts(Spread::People)
        .parts(&[SCHOOL_LEVEL]),
    Plan::new(
        "population_3_18",
        "Dân số trong độ tuổi đi học (3-18 tuổi)",
        "người",
        A,
        Level([1_652_000.0, 1_689_000.0, 1_702_000.0, 1_717_000.0]),
    )
    .districts(Spread::People),
    Plan::new("schools_total", "Số trường phổ thông", "trường", A, Level([1_008.0, 1_019.0, 1_026.0, 1_034.0]))
        .districts(Spread::People)
        .parts(&[SCHOOL_LEVEL]),
    Plan::new(
        "schools_national_standard",
        "Số trường phổ thông đạt chuẩn quốc gia",
        "trường",
        A,
        ShareOf("schools_total", [0.121, 0.133, 0.144, 0.158]),
    )
    .districts(Spread::People)
    .shaped(Flat, 0.0, 0.0, 0.1)
    .parts(&[SCHOOL_LEVEL]),
    Plan::new(
        "hospital_beds",
        "Số giường bệnh",
        "giường",
        A,
        Stock([37_300.0, 38_200.0, 38_900.0, 38_700.0, 40_100.0]),
    )
    .parts(&[FACILITY_OWNERSHIP, FACILITY_TIER]),
    Plan::new("physicians", "Số bác sĩ", "bác sĩ", A, Stock([17_200.0, 17_900.0, 18_600.0, 18_300.0, 19_200.0]))
        .parts(&[FACILITY_OWNERSHIP]),
    Plan::new(
        "dengue_cases",
        "Số ca mắc sốt xuất huyết Dengue",
        "ca",
        M,
        Flow([65_300.0, 24_700.0, 13_600.0, 81_900.0]),
    )
    .wards(Spread::People)
    .shaped(Dengue, 0.0, 0.30, 0.06)
    .parts(&[part(
        "severity",
        &[member("mild", "Nhẹ", 0.9795), member("severe", "Nặng", 0.0200), member("death", "Tử vong", 0.0005)],
    )]),
    Plan::new(
        "children_under1_year_target",
        "Số trẻ dưới 1 tuổi cần tiêm chủng trong năm",
        "trẻ",
        A,
        Level([121_300.0, 119_200.0, 113_500.0, 115_800.0]),
    )
    .wards(Spread::People),
    Plan::new(
        "children_fully_vaccinated",
        "Số trẻ dưới 1 tuổi tiêm đủ trong tháng",
        "trẻ",
        M,
        SpentOf("children_under1_year_target", [0.951, 0.938, 0.872, 0.943]),
    )
    .wards(Spread::People)
    .shaped(Flat, 0.2, 0.70, 0.04),
    Plan::new(
        "bed_days_available",
        "Số ngày-giường kế hoạch",
        "ngày",
        M,
        Flow([13_780_000.0, 14_030_000.0, 14_120_000.0, 14_340_000.0]),
    )
    .shaped(Days, 0.0, 0.0, 0.002)
    .parts(&[FACILITY_TIER]),
    Plan::new(
        "inpatient_days",
        "Số ngày điều trị nội trú",
        "ngày",
        M,
        ShareOf("bed_days_available", [0.943, 0.832, 0.781, 0.874]),
    )
    .shaped(Production, 0.3, 0.10, 0.02)
    .parts(&[FACILITY_TIER]),
    Plan::new(
        "visitors_international",
        "Khách quốc tế đến Thành phố",
        "lượt khách",
        M,
        Flow([8_619_000.0, 1_303_700.0, 0.0, 3_500_000.0]),
    )
    .shaped(Border, 0.0, 0.0, 0.03)
    .parts(&[part(
        "transport_mode",
        &[member("air", "Đường hàng không", 0.93), member("road", "Đường bộ", 0.05), member("sea", "Đường biển", 0.02)],
    )]),
    Plan::new(
        "visitors_domestic",
        "Khách du lịch nội địa",
        "lượt khách",
        M,
        Flow([32_770_000.0, 15_880_000.0, 9_300_000.0, 25_000_000.0]),
    )
    .shaped(Travel, -0.1, 0.99, 0.03)
    .parts(&[part(
        "overnight",
        &[member("overnight", "Khách nghỉ đêm", 0.46), member("same_day", "Khách đi trong ngày", 0.54)],
    )]),
    Plan::new(
        "tourism_receipts",
        "Tổng thu từ khách du lịch",
        "tỷ đồng",
        M,
        Flow([140_017.0, 84_470.0, 44_730.0, 120_000.0]),
    )
    .shaped(Travel, -0.1, 0.97, 0.03)
    .parts(&[part(
        "visitor_type",
        &[
            weighs("international", "Khách quốc tế", 6.0, "visitors_international"),
            weighs("domestic", "Khách nội địa", 1.0, "visitors_domestic"),
        ],
    )]),
    Plan::new(
        "people_exercising",
        "Số người luyện tập thể dục, thể thao thường xuyên",
        "người",
        A,
        ShareOf("population", [0.331, 0.337, 0.329, 0.345]),
    )
    .districts(Spread::People)
    .shaped(Flat, 0.0, 0.0, 0.03),
];
