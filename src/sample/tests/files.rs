//! The files themselves: `data-samples/` is what the generator makes, and the same seed makes the same bytes.

use std::path::PathBuf;

use super::*;

fn below(folder: &Path, found: &mut BTreeMap<String, PathBuf>, prefix: &str) {
    for entry in std::fs::read_dir(folder).expect("data-samples is there") {
        let entry = entry.expect("its entries can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            below(&entry.path(), found, &format!("{name}/"));
        } else {
            found.insert(name, entry.path());
        }
    }
}

#[test]
fn data_samples_are_what_the_generator_makes() {
    let mut found = BTreeMap::new();
    below(Path::new("data-samples"), &mut found, "");
    // The schema of the reference case store is written by hand.
    found.retain(|name, _| !name.starts_with("case_store/"));
    let made = &committed().files;
    let again = "run `toancanh sample data-samples --seed 1 --months 42` and commit the result";
    assert_eq!(found.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>(), "{again}");
    for (name, path) in found {
        assert!(std::fs::read(&path).expect("it can be read") == made[&name], "{name} differs; {again}");
    }
    let bytes: usize = made.values().map(Vec::len).sum();
    assert!(bytes < 8_000_000, "{bytes} bytes");
}

#[test]
fn the_seed_decides_every_byte() {
    let short = |seed| {
        let month = |m| Period::month(2021, m).unwrap();
        make(&SampleOptions { seed, from: month(1), to: month(3), cases: 0 }).files
    };
    let (one, again, other) = (short(1), short(1), short(2));
    assert!(one == again);
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    assert!(one["bhxh/2021-01-p1.json"] != other["bhxh/2021-01-p1.json"]);
    assert!(one["ctk_monthly/2021-02.xlsx"] != other["ctk_monthly/2021-02.xlsx"]);
}

#[test]
fn a_month_does_not_depend_on_where_the_sample_begins_or_ends() {
    let month = |y, m| Period::month(y, m).unwrap();
    let later = make(&SampleOptions { seed: 1, from: month(2021, 6), to: month(2022, 12), cases: 0 }).files;
    for name in [
        "ctk_monthly/2022-05.xlsx",
        "ctk_prices/gia-2021-12.xml",
        "ctk_accounts/grdp-2022-06-29.json",
        "so_tc/2022.xlsx",
    ] {
        let same = later[name] == committed().files[name];
        assert_eq!(same, name != "so_tc/2022.xlsx", "{name}: only the file of the running year grows");
    }
}

#[test]
fn the_sample_goes_on_after_the_districts_are_gone() {
    let month = |y, m| Period::month(y, m).unwrap();
    let made = make(&SampleOptions { seed: 3, from: month(2025, 5), to: month(2025, 8), cases: 0 });
    let wards = |m: i32| -> usize {
        let of_month = made.sample.truth.iter().filter(|t| t.measure == "dengue_cases" && t.period == month(2025, m));
        of_month.filter(|t| t.area.len() == 5).count()
    };
    assert_eq!((wards(6), wards(8)), (273, 168));
}

#[test]
fn months_outside_what_is_known_are_refused() {
    let month = |y, m| Period::month(y, m).unwrap();
    let options = SampleOptions { seed: 1, from: month(2018, 12), to: month(2019, 3), cases: 0 };
    let error = generate(&catalog().areas, &catalog().calendar, &options, &mut MemorySink::default()).unwrap_err();
    assert_eq!(error.to_string(), "the sample can cover months from 2019-01 to 2030-12, not 2018-12 to 2019-03");
    assert_eq!(error.code(), ErrorCode::BadRequest);
}

#[test]
fn the_gateway_pages_are_the_captured_answers() {
    let options = SampleOptions::committed();
    let may: Period = "2022-05".parse().unwrap();
    let pages = gateway_pages(&catalog().areas, &options, may, 20);
    for page in &pages {
        let captured = &committed().files[&format!("bhxh/2022-05-p{}.json", page.page)];
        assert_eq!(serde_json::from_slice::<serde_json::Value>(captured).unwrap(), page.body);
    }
    let rows = |pages: &[GatewayPage]| pages.iter().map(|p| p.body["data"].as_array().unwrap().len()).sum::<usize>();
    assert_eq!(rows(&pages), pages[0].body["total"].as_u64().unwrap() as usize);
    assert_eq!(rows(&gateway_pages(&catalog().areas, &options, may, 7)), rows(&pages));
}
