//! Tiles that are charts of citizens' reports.

use super::super::view::View;
use super::board::{Board, Body, ShownTile};
use super::doors::{Door, Doors, downward};
use crate::cases::views::Axis;
use crate::dashboard::{CaseChart, Tile};
use crate::domain::{AreaKind, Freq, Period};
use crate::gallery::{ChartId, ChartRequest, ChartText, draw};
use crate::present::{Language, pick};

impl Board<'_> {
    /// The chart within what the reader chose: its area, and the time up to the end of its period.
    pub(super) async fn case_chart(&self, tile: &Tile, view: &View, id: &str) -> ShownTile {
        let Some(chart) = &tile.chart else { return self.bare(Body::Absent(String::new())) };
        let language = view.language;
        let title = name(&chart.id, language).to_owned();
        let url = address(view, page(&chart.id), &[]);
        let text = self.text(tile, chart, view);
        let drawn = match ChartRequest::read(&chart.id.to_string(), &text, &self.state.catalog) {
            Ok(request) => draw(&self.state.engine, &self.state.scope, &request).await.map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let body = match drawn {
            Ok(drawn) => Body::Drawing(Box::new(self.drawing(&drawn.chart, tile.span, id, &self.area_doors(view)))),
            Err(error) => {
                tracing::warn!(chart.id = %chart.id, "tile \"{id}\" could not be drawn: {error}");
                let absent = pick(language, "Chưa có phản ánh để hiển thị.", "There are no reports to show.");
                Body::Absent(absent.to_owned())
            }
        };
        ShownTile { title, url, ..self.bare(body) }
    }

    fn text(&self, tile: &Tile, chart: &CaseChart, view: &View) -> ChartText {
        // Within one district its wards are compared; the map is of all districts whatever was chosen.
        let finer = |axis: Option<Axis>| match axis {
            Some(Axis::District) if view.area_kind == AreaKind::District => Some(Axis::Ward),
            other => other,
        };
        let written = |axis: Option<Axis>| finer(axis).map(|axis| axis.as_str().to_owned());
        let is_whole = view.is_city() || chart.id == ChartId::OverdueMap;
        let ends = view.period_given.then(|| view.period.to_string());
        ChartText {
            as_of: view.as_of.clone(),
            from: chart.months.map(|months| self.last_month(view).offset(1 - months).to_string()),
            to: ends,
            area: (!is_whole).then(|| view.area.clone()),
            org: tile.org.clone(),
            rows: written(chart.rows),
            columns: written(chart.columns),
            by: written(chart.by),
            lang: Some(view.language.tag().to_owned()),
            ..ChartText::default()
        }
    }

    /// The month that the window ends in.
    fn last_month(&self, view: &View) -> Period {
        let known = view.as_of.as_ref().and_then(|text| text.parse::<chrono::NaiveDate>().ok());
        let today = || self.state.clock.now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
        match view.period_given {
            true => Period::from_index(Freq::M, view.period.last_month()),
            false => Period::of_date(Freq::M, known.unwrap_or_else(today)),
        }
    }

    /// Districts lead to their own reports.
    fn area_doors(&self, view: &View) -> Doors {
        let areas = &self.state.catalog.areas;
        let districts = areas.of_kind_on(AreaKind::District, view.period.last_day()).map(|ix| areas.area(ix));
        downward(districts.map(|area| {
            let name = address(view, "/cases", &[("area", &area.code)]);
            (area, Door { name, ..Door::default() })
        }))
    }
}

/// A page of cases within what the reader chose; there a window ends where a period does.
fn address(view: &View, path: &str, changes: &[(&str, &str)]) -> String {
    let to = if view.period_given { view.period.to_string() } else { String::new() };
    let mut all = vec![("period", ""), ("to", to.as_str())];
    all.extend_from_slice(changes);
    view.url(path, &all)
}

/// The page that says more.
fn page(id: &ChartId) -> &'static str {
    match id {
        ChartId::OverdueRanking => "/cases/units",
        ChartId::CaseBacklog | ChartId::CaseFlow | ChartId::CaseSurvival => "/cases/backlog",
        _ => "/cases",
    }
}

/// What a chart is about.
fn name(id: &ChartId, language: Language) -> &'static str {
    match id {
        ChartId::OverdueHeatmap => pick(language, "Trễ hạn theo đơn vị", "Overdue by unit"),
        ChartId::OverdueRanking => pick(language, "Xếp hạng trễ hạn", "Ranking by share overdue"),
        ChartId::OverdueMap => pick(language, "Trễ hạn theo địa bàn", "Overdue by area"),
        ChartId::OverdueTrend => pick(language, "Trễ hạn theo tháng", "Overdue by month"),
        ChartId::OverdueMultiples => pick(language, "Trễ hạn từng quận, huyện", "Overdue in each district"),
        ChartId::CaseBacklog => pick(language, "Phản ánh chưa xử lý", "Reports not handled"),
        ChartId::CaseFlow => pick(language, "Tiếp nhận và xử lý", "Received and handled"),
        ChartId::CaseSurvival => pick(language, "Bao lâu thì được trả lời", "How long an answer takes"),
        ChartId::Indicator(_) | ChartId::Sparkline(_) | ChartId::Areas(_) => pick(language, "Chỉ tiêu", "Indicator"),
    }
}
