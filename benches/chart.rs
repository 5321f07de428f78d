//! Charts: the heatmap of 22 districts by 20 fields at the size of a page, as SVG and as PNG.

use std::hint::black_box;

use criterion::Criterion;
use toancanh::chart::spec::{Cell, Frame, Heatmap, Language, NumberFormat, Totals};
use toancanh::chart::{Chart, Ramp, Size};

fn spec() -> Heatmap {
    let value = |row: usize, column: usize| ((row * 37 + column * 53) % 101) as f64;
    Heatmap {
        frame: Frame::new("Quận 12 trễ hạn 41 % hồ sơ, gần gấp đôi trung bình thành phố", Language::Vi)
            .subtitle("Tỷ lệ hồ sơ 1022 trễ hạn theo quận, huyện và lĩnh vực, %, tháng 5/2022")
            .foot("Nguồn: Cổng thông tin 1022 · số liệu đến 25/5/2022 · phiên bản dữ liệu 1842"),
        row_heading: "Quận, huyện".into(),
        rows: (1..=22).map(|i| format!("Quận, huyện thứ {i}")).collect(),
        columns: (1..=20).map(|i| format!("Trật tự đô thị, lấn chiếm vỉa hè {i}")).collect(),
        cells: (0..22).map(|row| (0..20).map(|column| Cell::value(value(row, column))).collect()).collect(),
        totals: Some(Totals {
            heading: "Chung".into(),
            cells: (0..22).map(|row| Cell::value(value(row, 3))).collect(),
        }),
        ramp: Ramp::overdue(),
        format: NumberFormat::new(0, "%"),
        show_n: false,
    }
}

/// From spec to bytes.
pub fn heatmap(criterion: &mut Criterion) {
    let chart = Chart::Heatmap(spec());
    let mut group = criterion.benchmark_group("chart/heatmap");
    group.sample_size(20);
    group.bench_function("svg/22x20", |b| {
        b.iter(|| assert!(black_box(&chart).svg(Size::PAGE).unwrap().len() > 50_000));
    });
    group.bench_function("png/22x20", |b| {
        b.iter(|| assert!(black_box(&chart).png(Size::PAGE, 1).unwrap().starts_with(b"\x89PNG")));
    });
    group.finish();
}
