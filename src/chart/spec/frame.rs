//! The words around a chart, its language, and the states a figure can be in.

/// Language of a chart's words and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Vietnamese: `1.234,5`.
    #[default]
    Vi,
    /// English: `1,234.5`.
    En,
}

impl Language {
    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }
}

/// The words around a chart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The message in one sentence, with the number.
    pub title: String,
    /// What is shown, unit of measure, period.
    pub subtitle: String,
    /// Source, vintage, data version.
    pub foot: String,
    /// The chart in words, for who cannot see it; the subtitle stands in if empty.
    pub description: String,
    /// Language of everything on the chart.
    pub language: Language,
    /// Whether the words stand outside, set by whoever shows the chart: then only the drawing is drawn, and they remain
    /// its name for who cannot see it.
    pub bare: bool,
}

impl Frame {
    /// A frame with a title only.
    pub fn new(title: impl Into<String>, language: Language) -> Frame {
        Frame { title: title.into(), language, ..Frame::default() }
    }

    /// The same frame with a subtitle.
    pub fn subtitle(self, text: impl Into<String>) -> Frame {
        Frame { subtitle: text.into(), ..self }
    }

    /// The same frame with a foot.
    pub fn foot(self, text: impl Into<String>) -> Frame {
        Frame { foot: text.into(), ..self }
    }

    /// The same frame with a description.
    pub fn description(self, text: impl Into<String>) -> Frame {
        Frame { description: text.into(), ..self }
    }

    /// What a screen reader says after the title.
    pub(in crate::chart) fn spoken(&self) -> String {
        let main = if self.description.is_empty() { &self.subtitle } else { &self.description };
        if self.foot.is_empty() { main.clone() } else { format!("{main} ({})", self.foot) }
    }
}

/// How a figure stands against its target. Each state has a shape, a colour and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// ▼ red.
    Off,
    /// ◆ amber.
    Watch,
    /// ● green.
    OnTarget,
    /// ○ grey: not yet measurable.
    Unknown,
    /// Hatched: too few cases to judge.
    TooFew,
}
