//! One example of each kind, with the lengths of names and the gaps that real figures have. The numbers are invented.

use std::collections::BTreeMap;

use super::super::spec::*;
use super::super::{Chart, Ramp, TileLayout};
use crate::domain::ObsStatus;

/// The 22 districts of 2021, longest names included.
pub(super) const DISTRICTS: [&str; 22] = [
    "Quận 12",
    "Bình Tân",
    "Thành phố Thủ Đức",
    "Hóc Môn",
    "Bình Chánh",
    "Gò Vấp",
    "Quận 8",
    "Tân Phú",
    "Củ Chi",
    "Bình Thạnh",
    "Tân Bình",
    "Quận 7",
    "Nhà Bè",
    "Quận 6",
    "Quận 11",
    "Quận 10",
    "Quận 4",
    "Quận 5",
    "Phú Nhuận",
    "Quận 3",
    "Quận 1",
    "Cần Giờ",
];

/// 20 fields of 1022.
pub(super) const FIELDS: [&str; 20] = [
    "Trật tự đô thị, lấn chiếm vỉa hè",
    "Vệ sinh môi trường",
    "Tiếng ồn",
    "Ngập nước",
    "Hạ tầng giao thông",
    "Chiếu sáng công cộng",
    "Cây xanh, công viên",
    "Xây dựng không phép",
    "Cấp nước",
    "Điện lực",
    "An ninh trật tự",
    "Phòng cháy chữa cháy",
    "Y tế",
    "Giáo dục và đào tạo",
    "Lao động, thương binh và xã hội",
    "Đất đai",
    "Thủ tục hành chính",
    "An toàn thực phẩm",
    "Viễn thông",
    "Lĩnh vực khác",
];

/// A number from 0 to 1 that looks random and is always the same.
pub(super) fn noise(i: usize, j: usize) -> f64 {
    // SplitMix64 (Steele, Lea and Flood, 2014).
    let mut mixed = (i as u64 * 1_000 + j as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 40) as f64 / f64::from(1u32 << 24)
}

pub(super) fn frame(title: &str, subtitle: &str) -> Frame {
    Frame::new(title, Language::Vi)
        .subtitle(subtitle)
        .foot("Nguồn: Cổng thông tin 1022 · số liệu đến 25/5/2022 · phiên bản dữ liệu 1842")
        .description(format!("{title}. {subtitle}."))
}

pub(super) fn heatmap() -> Heatmap {
    let cell = |i: usize, j: usize| match noise(i, j) {
        x if x < 0.05 => Cell::TooFew { n: Some(4) },
        x if x < 0.07 => Cell::Missing,
        x if x < 0.08 => Cell::NotApplicable,
        x => Cell::Value {
            value: (x * x * 60.0 * (1.4 - i as f64 / 20.0)).min(100.0).round(),
            n: Some((20.0 + 400.0 * noise(j, i)) as u64),
            provisional: j == 2 && i.is_multiple_of(5),
        },
    };
    let mut cells: Vec<Vec<Cell>> = (0..22).map(|i| (0..20).map(|j| cell(i, j)).collect()).collect();
    cells[0][0] = Cell::of(100.0, 31);
    cells[0][1] = Cell::of(70.0, 214);
    Heatmap {
        frame: frame(
            "Quận 12 trễ hạn 41 % hồ sơ, gần gấp đôi trung bình thành phố",
            "Tỷ lệ hồ sơ 1022 trễ hạn theo quận, huyện và lĩnh vực, % số hồ sơ đến hạn, tháng 5/2022",
        ),
        row_heading: "Quận, huyện".into(),
        rows: DISTRICTS.map(String::from).to_vec(),
        columns: FIELDS.map(String::from).to_vec(),
        totals: Some(Totals {
            heading: "Chung".into(),
            cells: (0..22).map(|i| Cell::of((41.0 - 1.8 * i as f64).round(), 900 - 20 * i as u64)).collect(),
        }),
        cells,
        ramp: Ramp::overdue(),
        format: NumberFormat::new(0, "%"),
        show_n: false,
    }
}

/// Few columns, counts in the cells.
pub(super) fn heatmap_weeks() -> Heatmap {
    let whole = heatmap();
    let weeks = (14..22).map(|w| format!("Tuần {w}")).collect();
    Heatmap {
        frame: frame(
            "Mọi hồ sơ của Quận 12 đến hạn trong tuần 14 đều trễ",
            "Tỷ lệ trễ hạn theo tuần, %, và số hồ sơ đến hạn",
        ),
        rows: whole.rows[..8].to_vec(),
        cells: whole.cells[..8].iter().map(|row| row[..8].to_vec()).collect(),
        columns: weeks,
        totals: None,
        show_n: true,
        ..whole
    }
}

fn months(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("T{}/{}", i % 12 + 1, 20 + i / 12)).collect()
}

pub(super) fn lines() -> Lines {
    let level = |i: usize| {
        96.0 + 0.9 * i as f64 + 9.0 * (i as f64 * 0.55).sin() - if (18..22).contains(&i) { 55.0 } else { 0.0 }
    };
    let mut points: Vec<Point> = (0..29).map(|i| Point::of(level(i) + 4.0 * noise(i, 1))).collect();
    points[11] = Point::missing();
    points[27].status = ObsStatus::P;
    points[28].status = ObsStatus::E;
    for i in 29..34 {
        let far = (i - 28) as f64;
        points.push(Point::forecast(level(i), level(i) - 5.0 * far.sqrt() * 1.6, level(i) + 5.0 * far.sqrt() * 1.6));
    }
    let last: Vec<Point> = (0..34)
        .map(|i| if i < 12 { Point::absent() } else { Point { status: ObsStatus::A, ..points[i - 12] } })
        .collect();
    let last = last.into_iter().map(|p| Point { band: None, ..p }).collect();
    Lines {
        frame: frame(
            "Bán lẻ tháng 5/2022 ước đạt 125,2 nghìn tỷ đồng, vượt kế hoạch tháng 10,8 %",
            "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng, nghìn tỷ đồng, theo tháng",
        ),
        periods: months(34),
        series: vec![
            Series { name: "Thực hiện".into(), role: Role::Actual, points },
            Series { name: "Cùng kỳ năm trước".into(), role: Role::SamePeriod, points: last },
        ],
        target: Some(TargetLine {
            name: "Kế hoạch".into(),
            bounds: (0..34)
                .map(|i| {
                    Some(match i / 12 {
                        0 => 95.0,
                        1 => 105.0,
                        _ => 113.0,
                    })
                })
                .map(|b| b.map(|v| (v, v)))
                .collect(),
        }),
        format: NumberFormat::new(1, ""),
        from_zero: true,
    }
}

/// Not from zero, a band as target, three equals.
pub(super) fn lines_peers() -> Lines {
    let series = |name: &str, base: f64, k: usize| Series {
        name: name.into(),
        role: Role::Peer,
        points: (0..12).map(|i| Point::of(base + 1.6 * noise(i, k) - 0.05 * i as f64)).collect(),
    };
    Lines {
        frame: frame(
            "Thủ Đức giải quyết đúng hạn 97,5 %, hai quận còn dưới 96 %",
            "Tỷ lệ giải quyết đúng hạn, %, năm 2021",
        ),
        periods: (1..=12).map(|m| format!("T{m}")).collect(),
        series: vec![series("Thành phố Thủ Đức", 97.0, 2), series("Quận 12", 94.4, 5), series("Bình Tân", 94.2, 9)],
        target: Some(TargetLine { name: "Khoảng kế hoạch".into(), bounds: vec![Some((96.0, 97.0)); 12] }),
        format: NumberFormat::new(1, "%"),
        from_zero: false,
    }
}

pub(super) fn bars() -> Bars {
    let bars = DISTRICTS.iter().enumerate().map(|(i, name)| {
        let value = 41.0 - 1.8 * i as f64 + 2.0 * noise(i, 4);
        let state = if value > 30.0 {
            State::Off
        } else if value > 15.0 {
            State::Watch
        } else {
            State::OnTarget
        };
        let change = (noise(i, 8) - 0.5) * 12.0;
        let points = NumberFormat { decimals: 1, unit: "điểm %".into(), signed: true }.print(change, Language::Vi);
        Bar {
            n: Some(900 - 37 * i as u64),
            state: Some(state),
            provisional: i == 3,
            target: Some(10.0),
            change: Some(Change {
                text: points,
                rises: Some(change > 0.0),
                state: if change > 0.0 { State::Off } else { State::OnTarget },
            }),
            highlighted: i == 0,
            ..Bar::new(*name, value)
        }
    });
    let mut bars: Vec<Bar> = bars.collect();
    bars[20] = Bar { n: None, state: None, change: None, target: None, ..Bar::missing("Quận 1") };
    bars[21] = Bar { n: Some(6), state: Some(State::TooFew), ..Bar::missing("Cần Giờ") };
    Bars {
        frame: frame(
            "Năm quận, huyện trễ hạn trên 35 %, Quận 12 cao nhất: 41,2 %",
            "Tỷ lệ hồ sơ trễ hạn, %, tháng 5/2022, xếp từ cao xuống thấp",
        ),
        direction: Direction::Lying,
        bars,
        format: NumberFormat::new(1, "%"),
        n_heading: "Hồ sơ".into(),
        change_heading: "So cùng kỳ".into(),
        reference: Some(("Toàn thành phố".into(), 22.6)),
    }
}

pub(super) fn columns() -> Bars {
    let bars = (0..12).map(|i| Bar {
        target: Some(18.0 + 0.4 * i as f64),
        provisional: i == 11,
        highlighted: i == 11,
        ..Bar::new(format!("T{}", i + 1), if i == 7 { -3.2 } else { 14.0 + 9.0 * noise(i, 3) })
    });
    let mut bars: Vec<Bar> = bars.collect();
    bars[8] = Bar::missing("T9");
    Bars {
        frame: frame(
            "Thu ngân sách tháng 12 sơ bộ đạt 17,3 nghìn tỷ đồng, bằng 77 % kế hoạch",
            "Thu ngân sách nhà nước trên địa bàn, nghìn tỷ đồng, năm 2021",
        ),
        direction: Direction::Standing,
        bars,
        format: NumberFormat::new(1, "nghìn tỷ đồng"),
        n_heading: String::new(),
        change_heading: String::new(),
        reference: None,
    }
}

pub(super) fn sparkline() -> Sparkline {
    let mut values: Vec<Option<f64>> = (0..24).map(|i| Some(30.0 - 0.7 * i as f64 + 9.0 * noise(i, 6))).collect();
    values[9] = None;
    Sparkline {
        frame: Frame::new("Trễ hạn giảm từ 35 % xuống 18,6 % trong 24 tháng", Language::Vi),
        values,
        target: Some(12.0),
        state: Some(State::Watch),
        format: Some(NumberFormat::new(1, "%")),
        provisional: 2,
    }
}

fn tiles(layout: TileLayout, message: &str, what: &str) -> TileMap {
    let mut values = BTreeMap::new();
    for (i, tile) in layout.tiles().iter().enumerate() {
        let value = (60.0 * noise(i, 11) * noise(i, 12) + 3.0).round();
        let state = if value > 20.0 {
            State::Off
        } else if value > 12.0 {
            State::Watch
        } else {
            State::OnTarget
        };
        let cell = if i % 37 == 21 {
            Cell::TooFew { n: Some(3) }
        } else {
            Cell::Value { value, n: Some(120), provisional: i % 29 == 3 }
        };
        if i % 41 != 17 {
            values.insert(
                tile.code.clone(),
                TileValue { cell, state: Some(state).filter(|_| !matches!(cell, Cell::TooFew { .. })) },
            );
        }
    }
    TileMap { frame: frame(message, what), layout, values, ramp: Ramp::overdue(), format: NumberFormat::new(0, "%") }
}

pub(super) fn tile_map() -> TileMap {
    tiles(
        TileLayout::districts_2021(),
        "Bình Tân trễ hạn 60 %, cao nhất trong 22 quận, huyện",
        "Tỷ lệ hồ sơ trễ hạn theo quận, huyện, %, tháng 5/2022. Ô xếp gần đúng vị trí thật",
    )
}

pub(super) fn tile_map_wards() -> TileMap {
    tiles(
        TileLayout::wards_2025(),
        "Mười phường, xã trễ hạn trên 45 %",
        "Tỷ lệ hồ sơ trễ hạn theo phường, xã, %, tháng 8/2025. Khối theo quận, huyện cũ",
    )
}

pub(super) fn multiples() -> Multiples {
    let panels = DISTRICTS.iter().enumerate().map(|(k, name)| {
        let mut values: Vec<Option<f64>> = (0..24)
            .map(|i| Some((40.0 - 1.6 * k as f64 + 10.0 * noise(i, k + 20) - 0.2 * i as f64).max(1.0)))
            .collect();
        if k == 4 {
            values[12] = None;
            values[13] = None;
        }
        let last = values[23].unwrap_or_default();
        let state = if last > 30.0 {
            State::Off
        } else if last > 15.0 {
            State::Watch
        } else {
            State::OnTarget
        };
        Panel { name: (*name).into(), values, state: Some(state) }
    });
    Multiples {
        frame: frame(
            "Mười lăm quận, huyện vẫn trễ hạn trên 20 % sau hai năm",
            "Tỷ lệ hồ sơ trễ hạn, %, 6/2020 – 5/2022, cùng một thang đo",
        ),
        periods: ("6/2020".into(), "5/2022".into()),
        panels: panels.collect(),
        target: Some(10.0),
        reference: Some(("Toàn thành phố".into(), (0..24).map(|i| Some(24.0 - 0.2 * i as f64)).collect())),
        format: NumberFormat::new(0, "%"),
        from_zero: true,
    }
}

pub(super) fn survival() -> Survival {
    let curve = |name: &str, pace: f64, n: f64, median: f64| Curve {
        name: name.into(),
        steps: (1..=60).map(|d| (f64::from(d), (-f64::from(d) / pace).exp() * 0.94 + 0.06)).collect(),
        censored: vec![22.0, 37.0, 51.0],
        median: Some(median),
        at_risk: (0..=6).map(|k| (f64::from(k) * 10.0, (n * (-f64::from(k) * 10.0 / pace).exp()) as u64)).collect(),
    };
    Survival {
        frame: frame(
            "Một nửa phản ánh về vệ sinh được giải quyết trong 8 ngày, nhưng 6 % vẫn mở sau 60 ngày",
            "Tỷ lệ phản ánh còn chưa giải quyết theo số ngày từ khi tiếp nhận, quý I/2022",
        ),
        axis: "Ngày kể từ khi tiếp nhận".into(),
        days: 60.0,
        curves: vec![curve("Vệ sinh môi trường", 10.0, 4120.0, 8.0), curve("Hạ tầng giao thông", 26.0, 2033.0, 20.0)],
        deadline: Some(15.0),
    }
}

pub(super) fn flow() -> Flow {
    let part = |name: &str, of: &dyn Fn(usize) -> f64| FlowPart {
        name: name.into(),
        values: (0..17).map(|i| Some(of(i).round())).collect(),
    };
    let inflow = |i: usize| 11_000.0 + 300.0 * i as f64 + 3_000.0 * noise(i, 31);
    let late = |i: usize| 1_500.0 + 1_200.0 * noise(i, 32);
    let on_time = |i: usize| inflow(i) - late(i) - 900.0 + 1_700.0 * noise(i, 33);
    let mut open = 2_400.0;
    let backlog: Vec<Option<f64>> = (0..17)
        .map(|i| {
            open += inflow(i) - late(i) - on_time(i);
            Some(f64::round(open))
        })
        .collect();
    Flow {
        frame: frame(
            "Tháng 5/2022 tiếp nhận 16.442, xử lý 15.713: tồn tăng 729 phản ánh",
            "Phản ánh 1022 tiếp nhận, đã xử lý và còn tồn cuối tháng, số phản ánh",
        ),
        periods: (0..17).map(|i| format!("T{}/{}", i % 12 + 1, 21 + i / 12)).collect(),
        inflow: part("Tiếp nhận", &inflow),
        outflow: vec![part("Xử lý đúng hạn", &on_time), part("Xử lý trễ hạn", &late)],
        backlog: Some(FlowPart { name: "Còn tồn cuối tháng".into(), values: backlog }),
        provisional: 1,
        format: NumberFormat::new(0, ""),
    }
}

/// All examples by name.
pub(super) fn all() -> Vec<(&'static str, Chart)> {
    vec![
        ("heatmap", Chart::Heatmap(heatmap())),
        ("heatmap_weeks", Chart::Heatmap(heatmap_weeks())),
        ("lines", Chart::Lines(lines())),
        ("lines_peers", Chart::Lines(lines_peers())),
        ("bars", Chart::Bars(bars())),
        ("columns", Chart::Bars(columns())),
        ("sparkline", Chart::Sparkline(sparkline())),
        ("tile_map", Chart::TileMap(tile_map())),
        ("tile_map_wards", Chart::TileMap(tile_map_wards())),
        ("multiples", Chart::Multiples(multiples())),
        ("survival", Chart::Survival(survival())),
        ("flow", Chart::Flow(flow())),
    ]
}
