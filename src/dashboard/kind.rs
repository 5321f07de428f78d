//! The kinds of tiles, and the keys that each of them has.

/// What a tile is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A figure with its change, plan and state.
    Number,
    /// A change with the figure behind it.
    Change,
    /// A figure with its recent course as a small line.
    Sparkline,
    /// A line over time, or up to six of them.
    Line,
    /// Bars: periods, areas, or parts of the whole.
    Bars,
    /// Areas or parts by period, a number in every cell.
    Heatmap,
    /// Districts, each near its true place.
    TileMap,
    /// Areas in order, the weakest first.
    Ranking,
    /// Indicators as rows: figure, change, plan, state.
    Table,
    /// Words, with figures in them.
    Text,
    /// Many little lines on one scale.
    Multiples,
    /// A chart of citizens' reports.
    Chart,
    /// The groups with their headline figures, the weakest first.
    Groups,
    /// The largest gaps to plans.
    Attention,
}

/// Keys of every tile.
pub(super) const COMMON: [&str; 5] = ["kind", "id", "span", "title_vi", "title_en"];

impl Kind {
    /// All kinds with their names.
    pub const ALL: [(&str, Kind); 14] = [
        ("number", Kind::Number),
        ("change", Kind::Change),
        ("sparkline", Kind::Sparkline),
        ("line", Kind::Line),
        ("bars", Kind::Bars),
        ("heatmap", Kind::Heatmap),
        ("tile_map", Kind::TileMap),
        ("ranking", Kind::Ranking),
        ("table", Kind::Table),
        ("text", Kind::Text),
        ("multiples", Kind::Multiples),
        ("chart", Kind::Chart),
        ("groups", Kind::Groups),
        ("attention", Kind::Attention),
    ];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        Kind::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// The keys of the kind, besides those of every tile.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Kind::Number => &["indicator", "area", "breakdown", "freq", "period"],
            Kind::Change => &["indicator", "area", "breakdown", "freq", "period", "against"],
            Kind::Sparkline => &["indicator", "area", "breakdown", "freq", "period"],
            Kind::Line => &["indicator", "indicators", "area", "areas", "breakdown", "by", "freq", "period", "periods"],
            Kind::Bars => &["indicator", "by", "area", "breakdown", "freq", "period", "periods", "top"],
            Kind::Heatmap => &["indicator", "by", "area", "freq", "period", "periods", "top"],
            Kind::TileMap => &["indicator", "freq", "period"],
            Kind::Ranking => &["indicator", "by", "freq", "period", "top"],
            Kind::Table => &["indicators", "group", "org", "area", "freq", "period"],
            Kind::Text => &["text_vi", "text_en", "area", "freq", "period"],
            Kind::Multiples => &["indicator", "indicators", "by", "area", "freq", "period", "periods", "top"],
            Kind::Chart => &["chart", "rows", "columns", "by", "months", "area", "org"],
            Kind::Groups => &["from", "count"],
            Kind::Attention => &["count"],
        }
    }

    /// Whether the kind has a key of this name.
    pub fn has(self, key: &str) -> bool {
        self.keys().contains(&key)
    }

    /// Columns of four that a tile takes unless it says otherwise.
    pub fn usual_span(self) -> u8 {
        match self {
            Kind::Number | Kind::Change | Kind::Sparkline => 1,
            Kind::Line | Kind::Bars | Kind::TileMap | Kind::Ranking | Kind::Text | Kind::Attention => 2,
            Kind::Heatmap | Kind::Table | Kind::Multiples | Kind::Chart | Kind::Groups => 4,
        }
    }
}
