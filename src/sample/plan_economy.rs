//! Series of the departments on enterprises, investment, budget, trade, transport and technology.

use super::geography::Spread;
use super::plan::Course::{Flow, Level, Rate, ShareOf, SpentOf, Stock};
use super::plan::{Part, Plan, equals, member, part};
use super::shape::Season::{Days, Flat, Heat, Production, Registration, Revenue, Spending};
use crate::domain::Freq::{A, M, Q};

const INDUSTRY: Part = part(
    "industry",
    &[
        member("A", "Nông nghiệp, lâm nghiệp và thủy sản", 0.005),
        member("C", "Công nghiệp chế biến, chế tạo", 0.110),
        member("F", "Xây dựng", 0.100),
        member("G", "Bán buôn, bán lẻ; sửa chữa xe", 0.390),
        member("H", "Vận tải, kho bãi", 0.050),
        member("I", "Dịch vụ lưu trú, ăn uống", 0.050),
        member("J", "Thông tin và truyền thông", 0.045),
        member("K", "Tài chính, ngân hàng và bảo hiểm", 0.010),
        member("L", "Kinh doanh bất động sản", 0.070),
        member("M", "Chuyên môn, khoa học và công nghệ", 0.095),
        member("N", "Hành chính và dịch vụ hỗ trợ", 0.050),
        member("P", "Giáo dục và đào tạo", 0.025),
    ],
);
const LEGAL_FORM: Part = part(
    "legal_form",
    &[
        member("private_enterprise", "Doanh nghiệp tư nhân", 0.01),
        member("llc_single", "Công ty TNHH một thành viên", 0.61),
        member("llc_multi", "Công ty TNHH hai thành viên trở lên", 0.24),
        member("joint_stock", "Công ty cổ phần", 0.14),
    ],
);
const CAPITAL_SOURCE: Part = part(
    "capital_source",
    &[
        member("local_budget", "Ngân sách địa phương", 0.86),
        member("central_budget", "Ngân sách trung ương", 0.06),
        member("oda", "Vốn ODA", 0.08),
    ],
);

/// The plans, wholes before shares.
pub(super) static PLANS: &[Plan] = &[
    Plan::new(
        "enterprises_new",
        "Doanh nghiệp thành lập mới",
        "doanh nghiệp",
        M,
        Flow([44_004.0, 41_423.0, 30_829.0, 44_369.0]),
    )
    .districts(Spread::Centre)
    .shaped(Registration, 0.4, 0.85, 0.02)
    .parts(&[INDUSTRY, LEGAL_FORM]),
    Plan::new(
        "enterprises_new_capital",
        "Vốn đăng ký của doanh nghiệp thành lập mới",
        "tỷ đồng",
        M,
        Flow([668_200.0, 781_300.0, 517_695.0, 472_559.0]),
    )
    .districts(Spread::Centre)
    .shaped(Registration, 0.3, 0.75, 0.08)
    .decimals(1)
    .parts(&[INDUSTRY]),
    Plan::new(
        "enterprises_exited",
        "Doanh nghiệp rút lui khỏi thị trường",
        "doanh nghiệp",
        M,
        Flow([22_100.0, 30_600.0, 27_200.0, 29_400.0]),
    )
    .districts(Spread::Centre)
    .shaped(Revenue, 0.2, 0.30, 0.03)
    .parts(&[part(
        "exit_type",
        &[
            member("suspended", "Tạm ngừng kinh doanh", 0.72),
            member("awaiting_dissolution", "Chờ làm thủ tục giải thể", 0.10),
            member("dissolved", "Hoàn tất giải thể", 0.18),
        ],
    )]),
    Plan::new(
        "public_capital_plan",
        "Kế hoạch vốn đầu tư công được giao",
        "tỷ đồng",
        A,
        Level([31_120.0, 42_140.0, 35_690.0, 43_330.0]),
    )
    .allocated(Spread::Edge, 0.46)
    .decimals(1)
    .parts(&[CAPITAL_SOURCE]),
    Plan::new(
        "public_capital_disbursed",
        "Vốn đầu tư công giải ngân trong tháng",
        "tỷ đồng",
        M,
        SpentOf("public_capital_plan", [0.74, 0.77, 0.66, 0.69]),
    )
    .allocated(Spread::Edge, 0.46)
    .shaped(Spending, 0.3, 0.35, 0.06)
    .decimals(1)
    .parts(&[CAPITAL_SOURCE]),
    Plan::new(
        "fdi_registered",
        "Vốn đầu tư trực tiếp nước ngoài đăng ký",
        "triệu USD",
        M,
        Flow([8_301.0, 4_361.0, 3_738.14, 3_940.0]),
    )
    .shaped(Flat, 0.2, 0.30, 0.18)
    .decimals(2)
    .parts(&[part(
        "fdi_form",
        &[
            member("new", "Cấp mới", 0.20),
            member("adjusted", "Điều chỉnh", 0.33),
            member("share_purchase", "Góp vốn, mua cổ phần", 0.47),
        ],
    )]),
    Plan::new("domestic_revenue", "Thu nội địa", "tỷ đồng", M, Flow([266_300.0, 248_900.0, 259_100.0, 330_115.0]))
        .allocated(Spread::Centre, 0.42)
        .shaped(Revenue, 0.1, 0.30, 0.03)
        .decimals(1)
        .parts(&[part(
            "revenue_item",
            &[
                member("soe", "Doanh nghiệp nhà nước", 0.13),
                member("fdi", "Doanh nghiệp có vốn đầu tư nước ngoài", 0.25),
                member("non_state", "Khu vực ngoài quốc doanh", 0.27),
                member("personal_income_tax", "Thuế thu nhập cá nhân", 0.19),
                member("land_use", "Thu tiền sử dụng đất", 0.06),
                member("other_domestic", "Thu nội địa khác", 0.10),
            ],
        )]),
    Plan::new(
        "budget_revenue",
        "Tổng thu ngân sách nhà nước trên địa bàn",
        "tỷ đồng",
        M,
        Flow([412_500.0, 371_400.0, 383_703.0, 471_562.0]),
    )
    .shaped(Revenue, 0.1, 0.26, 0.02)
    .decimals(1)
    .parts(&[part(
        "revenue_item",
        &[
            equals("domestic", "Thu nội địa", "domestic_revenue"),
            member("crude_oil", "Thu từ dầu thô", 0.13),
            member("trade_taxes", "Thu từ hoạt động xuất nhập khẩu", 0.87),
        ],
    )]),
    Plan::new(
        "local_budget_exp_net",
        "Tổng chi ngân sách địa phương",
        "tỷ đồng",
        M,
        Flow([68_200.0, 78_600.0, 83_400.0, 89_900.0]),
    )
    .allocated(Spread::People, 0.38)
    .shaped(Spending, 0.1, -0.15, 0.03)
    .decimals(1)
    .parts(&[part(
        "expenditure_item",
        &[
            member("development", "Chi đầu tư phát triển", 0.38),
            member("recurrent", "Chi thường xuyên", 0.58),
            member("interest", "Chi trả nợ lãi", 0.02),
            member("other", "Chi khác", 0.02),
        ],
    )]),
    Plan::new("communes_nrd_total", "Số xã xây dựng nông thôn mới", "xã", A, Level([56.0; 4]))
        .districts(Spread::Communes)
        .shaped(Flat, 0.0, 0.0, 0.0),
    Plan::new(
        "communes_nrd_advanced",
        "Số xã đạt chuẩn nông thôn mới nâng cao",
        "xã",
        A,
        ShareOf("communes_nrd_total", [0.18, 0.32, 0.55, 0.80]),
    )
    .districts(Spread::Communes)
    .shaped(Flat, 0.0, 0.0, 0.1),
    Plan::new("electricity_sold", "Điện thương phẩm", "triệu kWh", M, Flow([26_463.0, 26_310.0, 24_580.0, 26_930.0]))
        .districts(Spread::People)
        .shaped(Heat, 0.45, 0.25, 0.01)
        .decimals(1)
        .parts(&[part(
            "customer_group",
            &[
                member("industry_construction", "Công nghiệp, xây dựng", 0.40),
                member("household", "Quản lý, tiêu dùng dân cư", 0.43),
                member("commerce", "Thương nghiệp, dịch vụ", 0.12),
                member("agriculture", "Nông, lâm nghiệp, thủy sản", 0.01),
                member("other", "Khác", 0.04),
            ],
        )]),
    Plan::new(
        "construction_price_index",
        "Chỉ số giá xây dựng (2020 = 100)",
        "%",
        M,
        Rate([98.4, 100.0, 106.2, 112.8]),
    )
    .shaped(Flat, 0.0, 0.0, 0.004)
    .decimals(2)
    .parts(&[part(
        "work_type",
        &[
            member("civil", "Công trình dân dụng", 1.004),
            member("transport", "Công trình giao thông", 1.012),
            member("infrastructure", "Công trình hạ tầng kỹ thuật", 0.988),
        ],
    )]),
    Plan::new(
        "port_cargo_tonnes",
        "Khối lượng hàng hóa thông qua cảng biển",
        "tấn",
        M,
        Flow([170_200_000.0, 171_600_000.0, 164_300_000.0, 162_900_000.0]),
    )
    .shaped(Production, 0.4, 0.12, 0.02)
    .parts(&[part(
        "direction_of_trade",
        &[
            member("export", "Hàng xuất khẩu", 0.27),
            member("import", "Hàng nhập khẩu", 0.43),
            member("domestic", "Hàng nội địa", 0.30),
        ],
    )]),
    Plan::new(
        "public_transport_trips",
        "Hành khách sử dụng vận tải hành khách công cộng",
        "lượt người",
        M,
        Flow([214_500_000.0, 143_200_000.0, 61_800_000.0, 112_400_000.0]),
    )
    .shaped(Days, 0.3, 0.98, 0.02)
    .parts(&[part(
        "mode",
        &[
            member("bus", "Xe buýt", 0.585),
            member("waterbus", "Buýt đường sông", 0.002),
            member("taxi", "Taxi, xe hợp đồng", 0.413),
        ],
    )]),
    Plan::new(
        "ict_revenue",
        "Doanh thu bưu chính, viễn thông, công nghệ thông tin",
        "tỷ đồng",
        Q,
        Flow([98_400.0, 103_700.0, 106_900.0, 118_200.0]),
    )
    .shaped(Production, 0.1, 0.08, 0.015)
    .parts(&[part(
        "service_type",
        &[
            member("postal", "Bưu chính", 0.08),
            member("telecom", "Viễn thông", 0.36),
            member("it", "Công nghệ thông tin", 0.56),
        ],
    )]),
    Plan::new(
        "fixed_broadband_subs",
        "Thuê bao Internet băng rộng cố định",
        "thuê bao",
        Q,
        Stock([1_890_000.0, 2_080_000.0, 2_290_000.0, 2_480_000.0, 2_640_000.0]),
    )
    .districts(Spread::People)
    .shaped(Flat, 0.0, 0.0, 0.002)
    .parts(&[part(
        "technology",
        &[member("ftth", "Cáp quang (FTTH)", 0.974), member("cable", "Cáp truyền hình", 0.026)],
    )]),
    Plan::new(
        "st_expenditure",
        "Chi ngân sách cho khoa học và công nghệ",
        "tỷ đồng",
        A,
        Level([1_386.0, 1_512.0, 1_447.0, 1_683.0]),
    )
    .decimals(1),
];
