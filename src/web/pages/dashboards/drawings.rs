//! Tiles that are drawn from figures.

use super::super::areas::{bars, frame, map, multiples};
use super::super::indicator_charts::{course_chart, course_sentence, source_foot};
use super::super::reading::{Found, Reading, drawn, named_apart};
use super::super::view::View;
use super::board::{Board, Drawing, Screen, part_of};
use super::compare::{Comparison, Course};
use super::doors::{Door, Doors, Drawn, explained, of_areas, of_periods};
use super::sheet::Sheet;
use crate::chart::spec::Frame;
use crate::chart::{Chart, Size};
use crate::cube::Cell;
use crate::dashboard::{By, Kind, Tile};
use crate::domain::area::Area;
use crate::domain::{AreaKind, Breakdown, Freq, Indicator, Period, TOTAL};
use crate::present::standing::{ranked, way};
use crate::present::{Language, label_of, number_format, pick, short_label, unit_label};

/// Rows of a ranking of wards, unless the tile says how many.
const WARDS_SHOWN: usize = 20;
/// Columns of a heatmap that a phone has room for.
const PHONE_COLUMNS: usize = 4;
/// Widths of tiles of one to four columns on a desk.
const WIDTHS: [u32; 4] = [336, 688, 1040, 1392];
/// The width of all of them on a phone.
const PHONE: u32 = 336;
/// Width and height that the tiles of a wall of 3,840 by 2,160 pixels share.
const WALL: (u32, u32) = (3752, 1850);
/// By how much a drawing that is too narrow for the letters of a wall is enlarged.
const ENLARGED: u32 = 34;

/// What a tile of figures is about.
struct Subject<'a> {
    reading: Reading<'a>,
    found: Found<'a>,
    view: &'a View,
    tile: &'a Tile,
}

impl Board<'_> {
    /// The drawing of a tile, or why there is none.
    pub(super) fn drawn(&self, tile: &Tile, view: &View) -> Result<Drawn, String> {
        let reading = self.reading();
        let code = tile.indicators.first().ok_or_else(String::new)?;
        let indicator = reading.catalog.indicators.get(code).ok_or_else(String::new)?;
        // Areas are compared whatever area the reader chose; it is only singled out.
        let is_of_areas = matches!(tile.by, Some(By::Area(_)));
        let area = if is_of_areas || tile.areas.len() > 1 { &view.city } else { &view.area };
        let found = reading
            .find_part(indicator, (area, &tile.breakdown), view.period)
            .ok_or_else(|| self.absent(indicator, view))?;
        let url = view.url(&format!("/indicators/{code}"), &[]);
        let subject = Subject { reading, found, view, tile };
        let title = match tile.kind {
            Kind::Line | Kind::Multiples if tile.indicators.len() > 1 => String::new(),
            _ => reading.name_of(&found),
        };
        let none = || self.absent(indicator, view);
        let (chart, doors) = match (tile.kind, &tile.by) {
            (Kind::TileMap, _) => subject.map().ok_or_else(none)?,
            (Kind::Ranking | Kind::Bars, Some(By::Area(kind))) => subject.ranking(*kind).ok_or_else(none)?,
            (Kind::Heatmap, Some(By::Area(kind))) => subject.areas_by_period(*kind).ok_or_else(none)?,
            (Kind::Multiples, Some(By::Area(kind))) => subject.areas_as_panels(*kind).ok_or_else(none)?,
            (Kind::Bars, _) if !matches!(tile.by, Some(By::Dimension(_))) => subject.columns(),
            (Kind::Line, None) if tile.indicators.len() == 1 && tile.areas.len() < 2 => subject.course(),
            _ => subject.compared().ok_or_else(none)?,
        };
        Ok(Drawn { chart, title, url, doors })
    }

    /// The drawing at its sizes, with its table.
    pub(super) fn drawing(&self, chart: &Chart, span: u8, id: &str, doors: &Doors) -> Drawing {
        let sheet = Sheet::of(chart, doors);
        if let Screen::Wall { rows } = self.screen {
            let broad = drawn(chart, wall_size(chart, span, rows));
            return Drawing { broad: named_apart(&broad, id), narrow: String::new(), sheet };
        }
        let width = WIDTHS[usize::from(span.clamp(1, 4)) - 1];
        let broad = named_apart(&drawn(chart, chart.fitting(width)), id);
        let narrow = if width == PHONE {
            String::new()
        } else {
            let chart = for_phone(chart);
            named_apart(&drawn(&chart, chart.fitting(PHONE)), &format!("{id}-n"))
        };
        Drawing { broad, narrow, sheet }
    }
}

/// The size on a wall, such that the smallest words are some 40 pixels high there.
fn wall_size(chart: &Chart, span: u8, rows: u32) -> Size {
    let (wide, high) = (WALL.0 * u32::from(span) / 4 - 24, WALL.1 / rows.max(1) - 24);
    if wide >= 2400 {
        return Size::new(wide, high);
    }
    let (wide, high) = (wide * 10 / ENLARGED, high * 10 / ENLARGED);
    let wide = wide.max(280);
    Size::new(wide, high.max(chart.fitting_height(wide) * 3 / 4))
}

/// A heatmap keeps the columns that a phone has room for: the last periods.
fn for_phone(chart: &Chart) -> Chart {
    let mut chart = chart.clone();
    if let Chart::Heatmap(spec) = &mut chart
        && spec.columns.len() > PHONE_COLUMNS
    {
        // Categories come by how many there are, so the first matter; periods go on, so the last do.
        let is_time = spec.totals.is_none() || spec.columns.iter().all(|c| c.ends_with(|d: char| d.is_ascii_digit()));
        let from = if is_time { spec.columns.len() - PHONE_COLUMNS } else { 0 };
        spec.columns = spec.columns[from..from + PHONE_COLUMNS].to_vec();
        for row in &mut spec.cells {
            *row = row[from..from + PHONE_COLUMNS].to_vec();
        }
    }
    chart
}

impl<'a> Subject<'a> {
    fn language(&self) -> Language {
        self.reading.language
    }

    /// The periods of the tile up to the figure's own, from the first one that any course has.
    fn periods(&self, usual: i32, courses: &[Course<'_>]) -> Vec<Period> {
        let last = self.found.cell.period;
        let from = last.offset(1 - self.tile.periods.unwrap_or(usual));
        let began = courses.iter().filter_map(|c| Some(c.cells.first()?.period)).min().map_or(from, |p| p.max(from));
        (began.index()..=last.index()).map(|index| Period::from_index(last.freq(), index)).collect()
    }

    /// How many periods a drawing over time has by itself.
    fn usual(&self) -> i32 {
        match self.found.cell.period.freq() {
            Freq::M => 24,
            Freq::Q => 12,
            Freq::A => 8,
        }
    }

    fn comparison(&self, courses: Vec<Course<'a>>, (usual, name): (i32, &str)) -> Comparison<'a> {
        let (found, language) = (&self.found, self.language());
        let periods = self.periods(usual, &courses);
        let span = match (periods.first(), periods.last()) {
            (Some(first), Some(last)) if first != last => {
                format!("{} – {}", short_label(*first, language), short_label(*last, language))
            }
            _ => label_of(found.cell.period, language),
        };
        let subtitle = format!("{name} ({}), {span}", unit_label(found.unit, language));
        let frame = Frame::new("", language).subtitle(subtitle).foot(source_foot(&self.reading, found, self.view));
        let mut comparison = Comparison {
            indicator: found.indicator,
            unit: found.unit,
            format: number_format(found.indicator, found.unit, language),
            courses,
            periods,
            frame,
        };
        comparison.frame.title = comparison.message().unwrap_or_else(|| name.to_owned());
        comparison
    }

    fn areas(&self, kind: AreaKind) -> Option<Vec<(&'a Area, &'a Cell)>> {
        let list = ranked(&self.reading, &self.found, kind, self.found.cell.period);
        (list.len() > 1).then_some(list)
    }

    /// The first rows of a list, and the words that say so.
    fn shown(&self, kind: AreaKind, all: usize) -> (usize, String) {
        let usual = if kind == AreaKind::Ward { WARDS_SHOWN } else { all };
        let shown = self.tile.top.unwrap_or(usual).min(all);
        (
            shown,
            if shown < all {
                format!(" ({})", part_of(shown, all, way(self.found.indicator), self.language()))
            } else {
                String::new()
            },
        )
    }

    fn ranking(&self, kind: AreaKind) -> Option<(Chart, Doors)> {
        let list = self.areas(kind)?;
        let (shown, words) = self.shown(kind, list.len());
        let frame = frame(&self.reading, &self.found, self.view, &list);
        let mut chart = bars(&self.reading, &self.found, self.view, &list[..shown], frame);
        let subtitle = &mut chart.frame_mut().subtitle;
        if kind == AreaKind::Ward {
            for (from, to) in [("theo quận, huyện", "theo phường, xã"), ("by district", "by ward")] {
                *subtitle = subtitle.replacen(from, to, 1);
            }
        }
        subtitle.push_str(&words);
        Some((chart, of_areas(self.view, self.found.indicator, &list[..shown])))
    }

    fn map(&self) -> Option<(Chart, Doors)> {
        let list = self.areas(AreaKind::District)?;
        let mut chart = map(&self.reading, &self.found, self.view, &list)?;
        // The tile says which indicator it is.
        let frame = chart.frame_mut();
        if let Some(rest) = frame.title.strip_prefix(&format!("{}: ", self.reading.name(self.found.indicator))) {
            frame.title = rest.to_owned();
        }
        Some((chart, of_areas(self.view, self.found.indicator, &list)))
    }

    fn areas_as_panels(&self, kind: AreaKind) -> Option<(Chart, Doors)> {
        let list = self.areas(kind)?;
        let (shown, words) = self.shown(kind, list.len());
        let frame = frame(&self.reading, &self.found, self.view, &list);
        let message = frame.title.clone();
        let mut chart = multiples(&self.reading, &self.found, &list[..shown], (frame, self.tile.periods))?;
        if let Chart::Multiples(spec) = &mut chart {
            let (first, last) = &spec.periods;
            let scale = pick(self.language(), "cùng một thang đo", "on one scale");
            let name = self.reading.name(self.found.indicator);
            let unit = unit_label(self.found.unit, self.language());
            spec.frame.subtitle = format!("{name} ({unit}), {first} – {last}, {scale}{words}");
            spec.frame.title = message;
        }
        Some((chart, of_areas(self.view, self.found.indicator, &list)))
    }

    fn areas_by_period(&self, kind: AreaKind) -> Option<(Chart, Doors)> {
        let list = self.areas(kind)?;
        let (shown, words) = self.shown(kind, list.len());
        let (indicator, freq) = (self.found.indicator, self.found.cell.period.freq());
        let course = |(area, _): &(&'a Area, &Cell)| Course {
            name: area.name.clone(),
            cells: self.reading.series(indicator, &area.code, freq),
        };
        let courses = list[..shown].iter().map(course).collect();
        let name = self.reading.name_of(&self.found);
        let mut comparison = self.comparison(courses, (12, &name));
        comparison.frame.title = frame(&self.reading, &self.found, self.view, &list).title;
        comparison.frame.subtitle.push_str(&words);
        Some((comparison.grid(), of_areas(self.view, indicator, &list[..shown])))
    }

    /// The course of one figure, as its own page draws it.
    fn course(&self) -> (Chart, Doors) {
        let chart = course_chart(&self.reading, &self.found, self.view, self.tile.periods);
        (chart, of_periods(self.view, &self.found, self.reading.beside(&self.found).iter()))
    }

    fn columns(&self) -> (Chart, Doors) {
        let cells = self.reading.beside(&self.found);
        let usual = match self.found.cell.period.freq() {
            Freq::M => 13,
            Freq::Q => 9,
            Freq::A => 8,
        };
        let name = self.reading.name_of(&self.found);
        let mut comparison = self.comparison(vec![Course { name: name.clone(), cells }], (usual, &name));
        comparison.frame.title = course_sentence(&self.reading, &self.found, &comparison.periods);
        (comparison.columns(), of_periods(self.view, &self.found, cells.iter()))
    }

    /// Indicators, areas or members of a dimension beside each other.
    fn compared(&self) -> Option<(Chart, Doors)> {
        let (tile, view) = (self.tile, self.view);
        let (courses, doors) = match &tile.by {
            Some(By::Dimension(dimension)) => self.members(dimension),
            _ if tile.areas.len() > 1 => self.named_areas(),
            _ => self.indicators(),
        };
        if courses.is_empty() {
            return None;
        }
        let name = if tile.indicators.len() > 1 {
            pick(view.language, "Các chỉ tiêu", "Indicators").to_owned()
        } else {
            self.reading.name_of(&self.found)
        };
        let usual = if tile.kind == Kind::Heatmap { 12 } else { self.usual() };
        let usual = if tile.kind == Kind::Bars { 1 } else { usual };
        let mut comparison = self.comparison(courses, (usual, &name));
        if tile.indicators.len() < 2 {
            comparison = comparison.sorted();
        }
        comparison.courses.truncate(tile.top.unwrap_or(24));
        let chart = match tile.kind {
            Kind::Line => comparison.lines(),
            Kind::Heatmap => comparison.grid(),
            Kind::Multiples => comparison.panels(),
            _ => comparison.bars(),
        };
        Some((chart, doors))
    }

    fn indicators(&self) -> (Vec<Course<'a>>, Doors) {
        let freq = self.found.cell.period.freq();
        let (mut courses, mut doors) = (Vec::new(), Doors::new());
        for code in &self.tile.indicators {
            let Some(indicator) = self.reading.catalog.indicators.get(code) else { continue };
            let cells = self.reading.part(indicator, (&self.view.area, &self.tile.breakdown), freq);
            let name = self.reading.name(indicator).to_owned();
            doors.insert(name.clone(), self.door(indicator, cells, self.view.url(&format!("/indicators/{code}"), &[])));
            courses.push(Course { name, cells });
        }
        (courses, doors)
    }

    fn named_areas(&self) -> (Vec<Course<'a>>, Doors) {
        let (indicator, period) = (self.found.indicator, self.found.cell.period);
        let areas = &self.reading.catalog.areas;
        let (mut courses, mut doors) = (Vec::new(), Doors::new());
        for code in &self.tile.areas {
            let Some(ix) = areas.at(code, period).or_else(|| areas.spans(code).last().copied()) else { continue };
            let cells = self.reading.part(indicator, (code, &self.tile.breakdown), period.freq());
            let name = areas.area(ix).name.clone();
            let url = self.view.url(&format!("/units/{code}"), &[("area", "")]);
            doors.insert(name.clone(), self.door(indicator, cells, url));
            courses.push(Course { name, cells });
        }
        (courses, doors)
    }

    fn members(&self, dimension: &str) -> (Vec<Course<'a>>, Doors) {
        let (indicator, period) = (self.found.indicator, self.found.cell.period);
        let (mut courses, mut doors) = (Vec::new(), Doors::new());
        let block = self.reading.cube.block(&indicator.code);
        for series in block.map_or(&[][..], |b| b.of_area(&self.found.cell.area)) {
            let is_member = &*series.org == TOTAL && series.breakdown.dimension() == Some(dimension);
            let cells = series.of(period.freq());
            if !is_member || cells.is_empty() {
                continue;
            }
            let name = self.member_name(&series.breakdown);
            doors.insert(name.clone(), self.door(indicator, cells, String::new()));
            courses.push(Course { name, cells });
        }
        (courses, doors)
    }

    fn member_name(&self, breakdown: &Breakdown) -> String {
        self.reading.part_name(breakdown).unwrap_or_default()
    }

    /// The name leads where it is told to, the figure of the period to its explanation.
    fn door(&self, indicator: &Indicator, cells: &[Cell], name: String) -> Door {
        let cell = cells.iter().find(|cell| cell.period == self.found.cell.period);
        Door { name, figure: cell.map(|cell| explained(self.view, indicator, cell)).unwrap_or_default() }
    }
}
