//! Declared dashboards on a running server: a saved file is on the pages without a restart, a wrong code in it is named
//! with file and line while the page stays.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use toancanh::app::{WatchedDashboards, watch_dashboards};
use toancanh::dashboard::DashboardSet;
use toancanh::web;
use tower::ServiceExt;

use crate::harness::{RUNTIME, city, root};

/// The pages of the shared city over a folder of dashboards of its own.
struct Served {
    router: Router,
    folder: tempfile::TempDir,
    _watched: WatchedDashboards,
}

impl Served {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut state = city().app.api_state();
        state.dashboards = Arc::new(ArcSwap::from_pointee(DashboardSet::default()));
        let _entered = RUNTIME.enter();
        let (path, catalog) = (folder.path().to_owned(), Arc::clone(&state.catalog));
        let watched = watch_dashboards(path, catalog, Arc::clone(&state.dashboards), Duration::from_millis(20));
        Self { router: web::router(state, Duration::from_secs(60)), folder, _watched: watched }
    }

    fn save(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn get(&self, path: &str) -> (StatusCode, String, String) {
        let request = Request::builder().uri(path).header("accept", "text/html").body(Body::empty()).unwrap();
        RUNTIME.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
            let etag = parts.headers.get("etag").map_or("", |v| v.to_str().unwrap()).to_owned();
            (parts.status, etag, String::from_utf8(body).unwrap())
        })
    }

    /// The page once it holds a text; it is asked for again until then.
    fn page_with(&self, path: &str, text: &str) -> (String, String) {
        let began = Instant::now();
        loop {
            let (status, etag, body) = self.get(path);
            if status == StatusCode::OK && body.contains(text) {
                return (etag, body);
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{path} never held {text:?}: {status} {body}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn file(tiles: &str) -> String {
    format!("version = 1\ntitle_vi = \"Giao ban\"\ntitle_en = \"Meeting\"\n\n[[section]]\n{tiles}")
}

const RETAIL: &str = "\n[[section.tile]]\nkind = \"number\"\nindicator = \"1001\"\nperiod = \"2022-05\"\n";
const DISBURSED: &str = "\n[[section.tile]]\nkind = \"ranking\"\nindicator = \"0403\"\ntop = 5\n";

#[test]
fn a_saved_file_is_on_the_pages_and_a_wrong_code_is_named_while_the_page_stays() {
    let served = Served::start();
    assert_eq!(served.get("/dashboards/giao-ban").0, StatusCode::NOT_FOUND);

    served.save("giao-ban.toml", &file(RETAIL));
    let (first, page) = served.page_with("/dashboards/giao-ban", "92.003");
    assert!(page.contains("Giao ban") && !page.contains("/units/"), "{page}");
    served.page_with("/dashboards", "/dashboards/giao-ban");
    served.page_with("/search?q=giao%20ban", "/dashboards/giao-ban");

    // A tile more, and the page is no longer what browsers keep.
    served.save("giao-ban.toml", &file(&format!("{RETAIL}{DISBURSED}")));
    let (second, page) = served.page_with("/dashboards/giao-ban", "/indicators/0403");
    assert_ne!(first, second);
    assert!(page.contains("<svg") && page.contains("/units/7") && page.contains("0403/explain"), "{page}");

    // A wrong code: named on both pages with file, line and the nearest; the tiles stay.
    served.save("giao-ban.toml", &file(&format!("{RETAIL}{}", DISBURSED.replace("0403", "0430"))));
    let (_, list) = served.page_with("/dashboards", "unknown indicator");
    for part in ["giao-ban.toml", ">14<", "0430", "0403"] {
        assert!(list.contains(part), "the list does not say {part}: {list}");
    }
    served.page_with("/sources", "unknown indicator");
    let (_, page) = served.page_with("/dashboards/giao-ban", "bản đúng trước đó");
    assert!(page.contains("92.003") && page.contains("/indicators/0403"), "{page}");

    // Another file is taken all the same; a corrected one ends the warning; a removed one is gone.
    served.save("khac.toml", &file(RETAIL).replace("Giao ban", "Khác"));
    served.page_with("/dashboards/khac", "92.003");
    served.save("giao-ban.toml", &file(DISBURSED));
    let (_, list) = served.page_with("/dashboards", "2 bảng theo dõi<");
    assert!(!list.contains("unknown indicator"));
    std::fs::remove_file(served.folder.path().join("khac.toml")).unwrap();
    served.page_with("/dashboards", "1 bảng theo dõi<");
    assert_eq!(served.get("/dashboards/khac").0, StatusCode::NOT_FOUND);
}

#[test]
fn every_shipped_dashboard_answers_whole_in_both_languages() {
    let set = DashboardSet::load(&root().join("dashboards"), city().app.catalog());
    assert!(!set.all().is_empty());
    let served = Served::start();
    copy(&root().join("dashboards"), served.folder.path());
    for dashboard in set.all() {
        for query in ["", "?lang=en", "?freq=Q", "?period=2021", "?area=760", "?as_of=2021-12-31"] {
            let path = format!("/dashboards/{}{query}", dashboard.id);
            let (_, page) = served.page_with(&path, "board-tile");
            assert_eq!(page.matches("<article class=\"board-tile").count(), dashboard.tiles().count(), "{path}");
            assert!(!page.contains(" style=\"") && !page.contains("<style"), "{path} has inline style");
            let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let distinct: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(distinct.len(), ids.len(), "{path} has an id twice");
            assert_eq!(page.matches("<h1").count(), 1, "{path} has one message");
        }
        let (_, page) = served.page_with(&format!("/dashboards/{}", dashboard.id), "board-tile");
        let absent = page.matches("<p class=\"muted small\">").count();
        assert_eq!(absent, 0, "{} has {absent} tiles without a figure", dashboard.id);
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().flatten().filter(|e| e.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn the_wall_turns_through_the_declared_pages_without_script() {
    let served = Served::start();
    assert_eq!(served.get("/wall").0, StatusCode::NOT_FOUND, "nothing is declared for it");
    let wall = "version = 1\ntitle_vi = \"Tường\"\ntitle_en = \"Wall\"\nwall = true\nseconds = 7\n";
    let groups = "[[section]]\n[[section.tile]]\nkind = \"groups\"\ncount = 3\n";
    let map = "[[section]]\ntitle_vi = \"Bản đồ\"\ntitle_en = \"Map\"\n[[section.tile]]\nkind = \"tile_map\"\nindicator = \"0403\"\n";
    served.save("wall.toml", &format!("{wall}{groups}{map}"));
    let (_, first) = served.page_with("/wall", "content=\"7;url=/wall?page=1\"");
    assert_eq!(first.matches("<article class=\"tile ").count(), 3);
    assert!(first.contains("Tường · TP. Hồ Chí Minh") && first.contains("cập nhật"), "{first}");
    let (_, second) = served.page_with("/wall?page=1", "content=\"7;url=/wall?page=0\"");
    assert!(second.contains("Bản đồ") && second.contains("<svg"), "{second}");
}
