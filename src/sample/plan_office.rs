//! Series of the Statistics Office that follow a plan. Prices, industry and national accounts have modules of their
//! own.

use super::geography::Spread;
use super::plan::Course::{Flow, Level, Rate, ShareOf, Stock};
use super::plan::{Part, Plan, equals, member, part};
use super::shape::Season::{Days, Flat, Production, Retail, Spending};
use crate::domain::Freq::{A, M, Q};

const SEX: Part = part("sex", &[member("male", "Nam", 0.485), member("female", "Nữ", 0.515)]);
const WORKING_SEX: Part = part("sex", &[member("male", "Nam", 0.53), member("female", "Nữ", 0.47)]);
const URBAN_RURAL: Part =
    part("urban_rural", &[member("urban", "Thành thị", 0.788), member("rural", "Nông thôn", 0.212)]);
const BUDGET_LEVEL: Part = part(
    "budget_level",
    &[
        member("city", "Vốn ngân sách cấp Thành phố", 0.615),
        member("district", "Vốn ngân sách cấp quận, huyện", 0.375),
        member("commune", "Vốn ngân sách cấp xã", 0.010),
    ],
);
const DEPOSIT_CURRENCY: Part = part(
    "currency",
    &[member("vnd", "Huy động bằng đồng Việt Nam", 0.89), member("foreign", "Huy động bằng ngoại tệ", 0.11)],
);
const CREDIT_CURRENCY: Part = part(
    "currency",
    &[member("vnd", "Dư nợ bằng đồng Việt Nam", 0.93), member("foreign", "Dư nợ bằng ngoại tệ", 0.07)],
);
const CREDIT_TERM: Part =
    part("term", &[member("short", "Dư nợ ngắn hạn", 0.49), member("medium_long", "Dư nợ trung, dài hạn", 0.51)]);
const EXPORT_OWNERSHIP: Part = part(
    "ownership",
    &[
        member("state", "Xuất khẩu của kinh tế Nhà nước", 0.07),
        member("non_state", "Xuất khẩu của kinh tế ngoài Nhà nước", 0.32),
        member("fdi", "Xuất khẩu của khu vực có vốn đầu tư nước ngoài", 0.61),
    ],
);
const IMPORT_OWNERSHIP: Part = part(
    "ownership",
    &[
        member("state", "Nhập khẩu của kinh tế Nhà nước", 0.05),
        member("non_state", "Nhập khẩu của kinh tế ngoài Nhà nước", 0.36),
        member("fdi", "Nhập khẩu của khu vực có vốn đầu tư nước ngoài", 0.59),
    ],
);

/// The plans, wholes before shares.
pub(super) static PLANS: &[Plan] = &[
    Plan::new(
        "population",
        "Dân số trung bình",
        "người",
        A,
        Level([9_038_600.0, 9_227_600.0, 9_166_840.0, 9_390_000.0]),
    )
    .districts(Spread::Census)
    .shaped(Flat, 0.0, 0.0, 0.0)
    .parts(&[SEX, URBAN_RURAL]),
    Plan::new("natural_area_km2", "Diện tích tự nhiên", "km²", A, Level([2095.29; 4]))
        .districts(Spread::Land)
        .shaped(Flat, 0.0, 0.0, 0.0)
        .decimals(2),
    Plan::new("births", "Số trẻ sinh ra", "người", A, Level([125_100.0, 122_700.0, 116_900.0, 118_400.0]))
        .parts(&[URBAN_RURAL]),
    Plan::new("deaths", "Số người chết", "người", A, Level([41_900.0, 43_200.0, 62_800.0, 46_700.0]))
        .parts(&[URBAN_RURAL]),
    Plan::new(
        "labour_force",
        "Lực lượng lao động từ 15 tuổi trở lên",
        "người",
        Q,
        Stock([4_560_000.0, 4_650_000.0, 4_720_000.0, 4_610_000.0, 4_790_000.0]),
    )
    .shaped(Flat, 0.1, 0.06, 0.003)
    .parts(&[WORKING_SEX, URBAN_RURAL]),
    Plan::new("labour_force_wa", "Lực lượng lao động trong độ tuổi", "người", Q, ShareOf("labour_force", [0.942; 4]))
        .shaped(Flat, 0.0, 0.0, 0.001)
        .parts(&[WORKING_SEX, URBAN_RURAL]),
    Plan::new(
        "unemployed_wa",
        "Lao động thất nghiệp trong độ tuổi",
        "người",
        Q,
        ShareOf("labour_force_wa", [0.028, 0.036, 0.045, 0.039]),
    )
    .shaped(Flat, 0.0, -0.9, 0.02)
    .parts(&[WORKING_SEX, URBAN_RURAL]),
    Plan::new(
        "labour_force_trained",
        "Lao động đã qua đào tạo có bằng, chứng chỉ",
        "người",
        Q,
        ShareOf("labour_force", [0.361, 0.372, 0.383, 0.391]),
    )
    .shaped(Flat, 0.0, 0.0, 0.005)
    .parts(&[WORKING_SEX]),
    Plan::new(
        "employed_persons",
        "Lao động đang làm việc",
        "người",
        A,
        Level([4_541_000.0, 4_563_000.0, 4_312_000.0, 4_588_000.0]),
    )
    .parts(&[part(
        "economic_sector",
        &[
            member("agriculture", "Nông, lâm nghiệp và thủy sản", 0.018),
            member("industry_construction", "Công nghiệp và xây dựng", 0.345),
            member("services", "Dịch vụ", 0.637),
        ],
    )]),
    Plan::new(
        "enterprises_active",
        "Doanh nghiệp đang hoạt động có kết quả sản xuất kinh doanh",
        "doanh nghiệp",
        A,
        Stock([228_267.0, 254_699.0, 266_800.0, 268_465.0, 276_100.0]),
    )
    .districts(Spread::Centre)
    .parts(&[part(
        "ownership",
        &[
            member("state", "Doanh nghiệp nhà nước", 0.002),
            member("non_state", "Doanh nghiệp ngoài nhà nước", 0.967),
            member("fdi", "Doanh nghiệp có vốn đầu tư nước ngoài", 0.031),
        ],
    )]),
    Plan::new(
        "household_businesses",
        "Cơ sở kinh tế cá thể phi nông, lâm nghiệp và thủy sản",
        "cơ sở",
        A,
        Stock([428_000.0, 432_400.0, 421_700.0, 386_200.0, 409_500.0]),
    )
    .districts(Spread::People)
    .parts(&[part(
        "industry",
        &[
            member("C", "Công nghiệp chế biến, chế tạo", 0.10),
            member("G", "Bán buôn, bán lẻ; sửa chữa xe", 0.47),
            member("H", "Vận tải, kho bãi", 0.07),
            member("I", "Dịch vụ lưu trú, ăn uống", 0.21),
            member("S", "Hoạt động dịch vụ khác", 0.15),
        ],
    )]),
    Plan::new(
        "digital_economy_va",
        "Giá trị tăng thêm của kinh tế số",
        "tỷ đồng",
        A,
        Level([164_900.0, 184_200.0, 197_400.0, 276_100.0]),
    )
    .parts(&[part(
        "digital_component",
        &[
            member("ict", "Kinh tế số ICT", 0.56),
            member("platform", "Kinh tế số nền tảng", 0.22),
            member("sectoral", "Kinh tế số ngành", 0.22),
        ],
    )]),
    Plan::new(
        "social_investment",
        "Vốn đầu tư thực hiện toàn xã hội",
        "tỷ đồng",
        Q,
        Flow([462_000.0, 456_800.0, 372_600.0, 398_500.0]),
    )
    .shaped(Production, 0.3, 0.35, 0.02)
    .parts(&[part(
        "capital_source",
        &[
            member("state", "Vốn nhà nước", 0.17),
            member("non_state", "Vốn ngoài nhà nước", 0.66),
            member("fdi", "Vốn đầu tư trực tiếp nước ngoài", 0.17),
        ],
    )]),
    Plan::new(
        "state_budget_investment",
        "Vốn đầu tư thực hiện từ nguồn ngân sách nhà nước do địa phương quản lý",
        "tỷ đồng",
        M,
        Flow([35_800.0, 44_500.0, 29_300.0, 33_100.0]),
    )
    .shaped(Spending, 0.3, 0.4, 0.04)
    .decimals(1)
    .parts(&[BUDGET_LEVEL]),
    Plan::new(
        "bank_deposits",
        "Số dư vốn huy động",
        "tỷ đồng",
        M,
        Stock([2_290_000.0, 2_567_000.0, 2_870_000.0, 3_052_000.0, 3_231_000.0]),
    )
    .shaped(Flat, 0.0, 0.0, 0.003)
    .parts(&[DEPOSIT_CURRENCY]),
    Plan::new(
        "bank_credit",
        "Tổng dư nợ tín dụng",
        "tỷ đồng",
        M,
        Stock([2_015_000.0, 2_283_000.0, 2_531_000.0, 2_831_000.0, 3_221_000.0]),
    )
    .shaped(Flat, 0.0, 0.0, 0.002)
    .parts(&[CREDIT_CURRENCY, CREDIT_TERM]),
    Plan::new(
        "retail_goods",
        "Doanh thu bán lẻ hàng hóa",
        "tỷ đồng",
        M,
        Flow([545_000.0, 572_000.0, 528_000.0, 690_000.0]),
    )
    .shaped(Retail, -0.08, 0.42, 0.012)
    .parts(&[part(
        "commodity_group",
        &[
            member("food", "Lương thực, thực phẩm", 0.31),
            member("garment", "Hàng may mặc", 0.06),
            member("household_goods", "Đồ dùng, dụng cụ, trang thiết bị gia đình", 0.15),
            member("vehicles", "Ô tô, phương tiện đi lại", 0.10),
            member("fuel", "Xăng, dầu, nhiên liệu", 0.11),
            member("other", "Hàng hóa khác", 0.27),
        ],
    )]),
    Plan::new(
        "accommodation_food_revenue",
        "Doanh thu dịch vụ lưu trú, ăn uống",
        "tỷ đồng",
        M,
        Flow([112_000.0, 91_000.0, 55_300.0, 92_400.0]),
    )
    .shaped(Retail, 0.1, 0.80, 0.02)
    .parts(&[part(
        "activity",
        &[member("accommodation", "Dịch vụ lưu trú", 0.09), member("food_service", "Dịch vụ ăn uống", 0.91)],
    )]),
    Plan::new(
        "retail_total",
        "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng",
        "tỷ đồng",
        M,
        Flow([884_000.0, 918_000.0, 822_592.0, 1_125_270.0]),
    )
    .shaped(Retail, -0.05, 0.48, 0.01)
    .parts(&[part(
        "activity",
        &[
            equals("goods", "Bán lẻ hàng hóa", "retail_goods"),
            equals("accommodation_food", "Dịch vụ lưu trú, ăn uống", "accommodation_food_revenue"),
            member("travel", "Du lịch lữ hành", 0.035),
            member("other_services", "Dịch vụ khác", 0.965),
        ],
    )]),
    Plan::new(
        "exports_value",
        "Kim ngạch xuất khẩu hàng hóa của doanh nghiệp Thành phố",
        "triệu USD",
        M,
        Flow([42_500.0, 43_900.0, 44_900.0, 47_540.0]),
    )
    .shaped(Production, 0.6, 0.25, 0.02)
    .decimals(1)
    .parts(&[EXPORT_OWNERSHIP]),
    Plan::new(
        "imports_value",
        "Kim ngạch nhập khẩu hàng hóa của doanh nghiệp Thành phố",
        "triệu USD",
        M,
        Flow([48_300.0, 50_600.0, 60_700.0, 62_900.0]),
    )
    .shaped(Production, 0.5, 0.18, 0.02)
    .decimals(1)
    .parts(&[IMPORT_OWNERSHIP]),
    Plan::new(
        "transport_revenue",
        "Doanh thu vận tải, kho bãi và dịch vụ hỗ trợ vận tải",
        "tỷ đồng",
        M,
        Flow([251_000.0, 226_400.0, 197_800.0, 272_300.0]),
    )
    .shaped(Production, 0.2, 0.40, 0.015)
    .parts(&[part(
        "transport_mode",
        &[
            member("road", "Doanh thu đường bộ", 0.38),
            member("inland_waterway", "Doanh thu đường thủy nội địa", 0.10),
            member("sea", "Doanh thu đường biển", 0.25),
            member("rail", "Doanh thu đường sắt", 0.01),
            member("air", "Doanh thu hàng không", 0.26),
        ],
    )]),
    Plan::new(
        "passengers_carried",
        "Khối lượng hành khách vận chuyển",
        "nghìn lượt người",
        M,
        Flow([1_053_000.0, 621_000.0, 318_000.0, 587_000.0]),
    )
    .shaped(Days, -0.15, 0.93, 0.015)
    .decimals(1)
    .in_thousands()
    .parts(&[part(
        "transport_mode",
        &[
            member("road", "Hành khách đường bộ", 0.975),
            member("inland_waterway", "Hành khách đường thủy nội địa", 0.015),
            member("rail", "Hành khách đường sắt", 0.010),
        ],
    )]),
    Plan::new(
        "freight_tonnes",
        "Khối lượng hàng hóa vận chuyển",
        "nghìn tấn",
        M,
        Flow([321_000.0, 291_000.0, 236_000.0, 304_000.0]),
    )
    .shaped(Production, 0.5, 0.45, 0.015)
    .decimals(1)
    .in_thousands()
    .parts(&[part(
        "transport_mode",
        &[
            member("road", "Hàng hóa đường bộ", 0.63),
            member("inland_waterway", "Hàng hóa đường thủy nội địa", 0.2595),
            member("sea", "Hàng hóa đường biển", 0.1100),
            member("rail", "Hàng hóa đường sắt", 0.0005),
        ],
    )]),
    Plan::new(
        "agri_output_const2010",
        "Giá trị sản xuất nông, lâm nghiệp và thủy sản (giá so sánh 2010)",
        "tỷ đồng",
        Q,
        Flow([21_480.0, 21_910.0, 18_760.0, 19_230.0]),
    )
    .shaped(Flat, 0.1, 0.25, 0.02)
    .decimals(1)
    .parts(&[part(
        "subsector",
        &[
            member("crops", "Trồng trọt", 0.262),
            member("livestock", "Chăn nuôi", 0.324),
            member("agri_services", "Dịch vụ nông nghiệp", 0.069),
            member("forestry", "Lâm nghiệp", 0.005),
            member("fishery", "Thủy sản", 0.340),
        ],
    )]),
    Plan::new(
        "livestock_output",
        "Sản lượng thịt hơi gia súc, gia cầm xuất chuồng",
        "tấn",
        Q,
        Flow([78_300.0, 74_100.0, 66_200.0, 69_400.0]),
    )
    .districts(Spread::Rural)
    .shaped(Flat, -0.1, 0.15, 0.02)
    .parts(&[part(
        "livestock_type",
        &[
            member("buffalo", "Trâu", 0.02),
            member("cattle", "Bò", 0.13),
            member("pig", "Lợn", 0.74),
            member("poultry", "Gia cầm", 0.11),
        ],
    )]),
    Plan::new("fishery_output", "Sản lượng thủy sản", "tấn", M, Flow([57_900.0, 58_800.0, 52_300.0, 54_600.0]))
        .districts(Spread::Rural)
        .shaped(Flat, 0.1, 0.22, 0.02)
        .decimals(1)
        .parts(&[part(
            "fishery_type",
            &[member("capture", "Khai thác", 0.29), member("aquaculture", "Nuôi trồng", 0.71)],
        )]),
    Plan::new(
        "income_per_capita_month",
        "Thu nhập bình quân đầu người một tháng",
        "nghìn đồng",
        A,
        Rate([6_758.0, 6_537.0, 6_008.0, 6_390.0]),
    )
    .shaped(Flat, 0.0, 0.0, 0.0)
    .parts(&[part("urban_rural", &[member("urban", "Thành thị", 1.041), member("rural", "Nông thôn", 0.848)])]),
    Plan::new("hdi_health", "HDI: chỉ số sức khỏe", "điểm", A, Rate([0.868, 0.871, 0.858, 0.866])).decimals(3),
    Plan::new("hdi_education", "HDI: chỉ số giáo dục", "điểm", A, Rate([0.806, 0.811, 0.815, 0.819])).decimals(3),
    Plan::new("hdi_income", "HDI: chỉ số thu nhập", "điểm", A, Rate([0.781, 0.779, 0.768, 0.786])).decimals(3),
];
