//! Series of the departments on administrative service, order, housing and the environment.

use super::geography::Spread;
use super::plan::Course::{Flow, Level, Rate, ShareOf, Stock};
use super::plan::{Part, Plan, member, part, part_by_district};
use super::shape::Season::{Days, Dust, Flat, Production, Registration};
use crate::domain::Freq::{A, M};

const LAND_TYPE: Part = part(
    "land_type",
    &[
        member("agricultural", "Đất nông nghiệp", 0.52),
        member("urban_residential", "Đất ở tại đô thị", 0.19),
        member("rural_residential", "Đất ở tại nông thôn", 0.12),
        member("specialised", "Đất chuyên dùng", 0.165),
        member("religious", "Đất tôn giáo, tín ngưỡng", 0.005),
    ],
);
const PROCEDURE_FIELD: Part = part(
    "procedure_field",
    &[
        member("civil_status", "Hộ tịch, chứng thực", 0.58),
        member("land", "Đất đai", 0.12),
        member("business", "Đăng ký kinh doanh", 0.08),
        member("other", "Lĩnh vực khác", 0.22),
    ],
);
const SERVICE_LEVEL: Part = part(
    "service_level",
    &[member("partial", "Dịch vụ công một phần", 0.64), member("full", "Dịch vụ công toàn trình", 0.36)],
);
const OFFENCE: Part = part_by_district(
    "offence_type",
    &[
        member("social_order", "Trật tự xã hội", 0.76),
        member("economic", "Kinh tế, tham nhũng, chức vụ", 0.06),
        member("drugs", "Ma túy", 0.13),
        member("environment", "Môi trường", 0.02),
        member("high_tech", "Sử dụng công nghệ cao", 0.03),
    ],
);
const PLANT: Part = part(
    "plant",
    &[
        member("binh_hung", "Nhà máy Bình Hưng", 0.78),
        member("binh_hung_hoa", "Trạm Bình Hưng Hòa", 0.14),
        member("tham_luong", "Nhà máy Tham Lương - Bến Cát", 0.08),
    ],
);

/// The plans, wholes before shares.
pub(super) static PLANS: &[Plan] = &[
    Plan::new(
        "dossiers_received",
        "Hồ sơ thủ tục hành chính tiếp nhận",
        "hồ sơ",
        M,
        Flow([4_210_000.0, 4_080_000.0, 3_160_000.0, 4_340_000.0]),
    )
    .wards(Spread::People)
    .shaped(Registration, 0.4, 0.80, 0.02)
    .parts(&[SERVICE_LEVEL]),
    Plan::new(
        "dossiers_online",
        "Hồ sơ nộp trực tuyến",
        "hồ sơ",
        M,
        ShareOf("dossiers_received", [0.118, 0.207, 0.361, 0.487]),
    )
    .wards(Spread::People)
    .shaped(Flat, 0.0, -0.25, 0.05)
    .parts(&[SERVICE_LEVEL]),
    Plan::new(
        "dossiers_resolved",
        "Hồ sơ đã giải quyết",
        "hồ sơ",
        M,
        ShareOf("dossiers_received", [0.971, 0.975, 0.958, 0.977]),
    )
    .wards(Spread::People)
    .shaped(Flat, 0.0, 0.05, 0.006)
    .parts(&[PROCEDURE_FIELD]),
    Plan::new(
        "dossiers_on_time",
        "Hồ sơ giải quyết đúng hạn",
        "hồ sơ",
        M,
        ShareOf("dossiers_resolved", [0.9905, 0.9921, 0.9868, 0.9937]),
    )
    .wards(Spread::People)
    .shaped(Flat, 0.0, 0.03, 0.004)
    .parts(&[PROCEDURE_FIELD]),
    Plan::new(
        "construction_violations",
        "Số vụ vi phạm trật tự xây dựng",
        "vụ",
        M,
        Flow([2_610.0, 1_640.0, 912.0, 846.0]),
    )
    .wards(Spread::Edge)
    .shaped(Production, 0.5, 0.75, 0.08)
    .parts(&[part(
        "violation_type",
        &[
            member("no_permit", "Không phép", 0.41),
            member("contrary_to_permit", "Sai phép", 0.43),
            member("contrary_to_plan", "Sai quy hoạch", 0.06),
            member("other", "Vi phạm khác", 0.10),
        ],
    )]),
    Plan::new(
        "land_area_eligible",
        "Diện tích đất cần cấp giấy chứng nhận",
        "ha",
        A,
        Level([108_400.0, 108_500.0, 108_600.0, 108_700.0]),
    )
    .districts(Spread::Land)
    .decimals(1)
    .parts(&[LAND_TYPE]),
    Plan::new(
        "land_area_certified",
        "Diện tích đất đã cấp giấy chứng nhận lần đầu",
        "ha",
        A,
        ShareOf("land_area_eligible", [0.957, 0.963, 0.968, 0.974]),
    )
    .districts(Spread::Land)
    .shaped(Flat, 0.0, 0.0, 0.004)
    .decimals(1)
    .parts(&[LAND_TYPE]),
    Plan::new("sipas_score", "Chỉ số hài lòng SIPAS", "%", A, Rate([83.15, 84.62, 85.74, 86.91])).decimals(2).parts(&[
        part(
            "component",
            &[
                member("access", "Tiếp cận dịch vụ", 0.994),
                member("procedure", "Thủ tục hành chính", 1.006),
                member("staff", "Công chức", 1.011),
                member("result", "Kết quả", 1.008),
                member("feedback", "Tiếp nhận, giải quyết ý kiến", 0.971),
            ],
        ),
    ]),
    Plan::new(
        "housing_floor_area_m2",
        "Tổng diện tích sàn nhà ở",
        "m²",
        A,
        Stock([176_100_000.0, 183_900_000.0, 190_700_000.0, 194_800_000.0, 201_600_000.0]),
    )
    .districts(Spread::People)
    .parts(&[part(
        "housing_type",
        &[member("detached", "Nhà ở riêng lẻ", 0.86), member("apartment", "Nhà chung cư", 0.14)],
    )]),
    Plan::new("traffic_accidents", "Số vụ tai nạn giao thông", "vụ", M, Flow([3_245.0, 2_958.0, 1_894.0, 1_987.0]))
        .districts(Spread::People)
        .shaped(Days, -0.1, 0.80, 0.05)
        .parts(&[part(
            "severity",
            &[
                member("minor", "Va chạm", 0.43),
                member("less_serious", "Ít nghiêm trọng", 0.37),
                member("serious", "Nghiêm trọng", 0.195),
                member("very_serious", "Rất nghiêm trọng", 0.005),
            ],
        )]),
    Plan::new("traffic_deaths", "Số người chết do tai nạn giao thông", "người", M, Flow([634.0, 566.0, 452.0, 571.0]))
        .districts(Spread::Edge)
        .shaped(Days, -0.1, 0.70, 0.06)
        .parts(&[part(
            "transport_mode",
            &[
                member("road", "Đường bộ", 0.965),
                member("rail", "Đường sắt", 0.025),
                member("inland_waterway", "Đường thủy nội địa", 0.010),
            ],
        )]),
    Plan::new("crimes_recorded", "Số vụ phạm pháp hình sự", "vụ", M, Flow([4_930.0, 4_280.0, 3_120.0, 3_960.0]))
        .districts(Spread::People)
        .shaped(Days, -0.15, 0.60, 0.03)
        .parts(&[OFFENCE]),
    Plan::new(
        "crimes_solved",
        "Số vụ đã điều tra, khám phá",
        "vụ",
        M,
        ShareOf("crimes_recorded", [0.731, 0.744, 0.762, 0.757]),
    )
    .districts(Spread::People)
    .shaped(Flat, 0.0, 0.0, 0.05)
    .parts(&[OFFENCE]),
    Plan::new(
        "solid_waste_tonnes",
        "Khối lượng chất thải rắn sinh hoạt được thu gom, xử lý",
        "tấn",
        M,
        Flow([3_431_000.0, 3_457_000.0, 3_178_000.0, 3_498_000.0]),
    )
    .districts(Spread::People)
    .shaped(Days, -0.12, 0.22, 0.01)
    .parts(&[part(
        "treatment_method",
        &[
            member("landfill", "Chôn lấp", 0.69),
            member("compost_recycling", "Làm compost, tái chế", 0.18),
            member("incineration", "Đốt", 0.13),
        ],
    )]),
    Plan::new("pm25_mean", "Nồng độ bụi PM2.5 trung bình", "µg/m³", M, Rate([26.4, 22.7, 19.9, 21.6]))
        .districts(Spread::Even)
        .measured_at("station")
        .shaped(Dust, 0.2, 0.15, 0.05)
        .decimals(1),
    Plan::new("pm25_valid_hours", "Số giờ đo hợp lệ", "giờ", M, Flow([180_000.0, 181_000.0, 168_000.0, 169_500.0]))
        .districts(Spread::Even)
        .measured_at("station")
        .shaped(Days, 0.0, 0.05, 0.01),
    Plan::new(
        "wastewater_generated_m3",
        "Nước thải sinh hoạt đô thị phát sinh",
        "nghìn m³",
        A,
        Level([572_400.0, 577_900.0, 563_200.0, 584_300.0]),
    )
    .in_thousands(),
    Plan::new(
        "wastewater_treated_m3",
        "Nước thải được xử lý đạt quy chuẩn",
        "nghìn m³",
        A,
        ShareOf("wastewater_generated_m3", [0.131, 0.206, 0.213, 0.219]),
    )
    .shaped(Flat, 0.0, 0.0, 0.004)
    .in_thousands()
    .parts(&[PLANT]),
];
