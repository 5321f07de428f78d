//! What is on an infographic: every text worded, every number written. The template only lays it out; the few bare
//! numbers in it are lengths of bars.

use serde::Serialize;

use super::declared::{Headline, Infographic, Number, Subject};
use super::size::PageSize;
use super::{cases, figures};
use crate::chart::Size;
use crate::domain::{AreaKind, Period};
use crate::gallery::{Asked, GalleryError};
use crate::present::reading::{Found, Reading};
use crate::present::{Judgement, Language, State, Tally, label_of, pick};
use crate::report::stamp::Stamp;

/// What is asked of an infographic, looked up.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Which.
    pub infographic: &'a Infographic,
    /// The figures, with their language.
    pub reading: Reading<'a>,
    /// The cases of the window; `None` where there are none at all.
    pub cases: Option<&'a Asked<'a>>,
    /// The period shown.
    pub period: Period,
    /// The area shown.
    pub area: &'a str,
    /// Its name at that period.
    pub area_name: &'a str,
    /// The size asked for.
    pub size: PageSize,
    /// Versions and dates.
    pub stamp: &'a Stamp,
}

/// A state as the template shows it: class for the shape, and its word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateWords {
    /// `off`, `watch`, `on`, `unknown`.
    pub class: &'static str,
    /// In a word.
    pub word: &'static str,
}

/// A line of a list: a mark, a name, what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Class of the mark.
    pub class: &'static str,
    /// Of what.
    pub name: String,
    /// What is said.
    pub words: String,
}

/// So many indicators in a state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Count {
    /// Class of the state.
    pub class: &'static str,
    /// How many, for the length of a bar.
    pub n: usize,
    /// How many, written.
    pub count: String,
    /// The state in a word.
    pub word: &'static str,
}

/// A change on an earlier figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeWords {
    /// `up`, `down`, `flat`: the way the figure went.
    pub arrow: &'static str,
    /// `good`, `bad`, `plain`: what that means.
    pub verdict: &'static str,
    /// "+9,0 %".
    pub text: String,
    /// "so cùng kỳ".
    pub base: &'static str,
}

/// A place among peers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankWords {
    /// Class of its colour: the best quarter, the weakest quarter, in between.
    pub class: &'static str,
    /// "thứ 3 trong 22".
    pub words: String,
    /// "mức giữa 8,6 %".
    pub middle: String,
    /// Places of the peers on a strip of 100.
    pub peers: Vec<f64>,
    /// Its own.
    pub own: f64,
}

/// A drawing among the files of the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawing {
    /// Path in the sheet.
    pub path: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
    /// Its message.
    pub title: String,
    /// What, in which unit, when.
    pub subtitle: String,
}

/// A large figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberWords {
    /// Indicator code.
    pub code: String,
    /// Short name.
    pub label: String,
    /// Pictogram.
    pub pictogram: String,
    /// The number.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// Period, where it is another, and what makes the figure not final.
    pub note: Option<String>,
    /// Against last year, else the period before.
    pub change: Option<ChangeWords>,
    /// Against its plan.
    pub state: StateWords,
    /// What the plan says.
    pub plan: Option<String>,
    /// Percent of the plan reached, for a bar.
    pub reached: Option<f64>,
    /// Percent due by now, for a tick on it.
    pub due: Option<f64>,
    /// Among peers.
    pub rank: Option<RankWords>,
    /// The recent course.
    pub line: Option<Drawing>,
}

/// A fact about citizens' reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// The number.
    pub number: String,
    /// Its unit; may be empty.
    pub unit: &'static str,
    /// What it counts.
    pub words: String,
    /// Class of its colour; nothing where it is neither good nor bad.
    pub class: Option<&'static str>,
    /// Pictogram.
    pub pictogram: &'static str,
}

/// Citizens' reports of the window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseWords {
    /// Which days.
    pub window: String,
    /// What matters most, in a sentence.
    pub sentence: String,
    /// Numbers.
    pub facts: Vec<Fact>,
}

/// A unit in the ranking of overdue cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankedUnit {
    /// Name.
    pub name: String,
    /// Share overdue, 0 to 1, for the length of the bar.
    pub part: f64,
    /// The same, written.
    pub share: String,
    /// Number of cases behind it.
    pub cases: String,
    /// Class of its state.
    pub class: &'static str,
    /// Whether it is the infographic's own area.
    pub own: bool,
}

/// A group of indicators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupWords {
    /// Class of its state.
    pub class: &'static str,
    /// Name.
    pub name: String,
    /// How many are on target.
    pub score: String,
}

/// Everything on the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    /// `vi`, `en`.
    pub language: &'static str,
    /// `a4`, `a3`, `phone`, `social`.
    pub size: &'static str,
    /// The infographic's name.
    pub kicker: String,
    /// Whom it is about.
    pub place: String,
    /// The period.
    pub period: String,
    /// The message.
    pub title: String,
    /// What follows from it, or stands behind it.
    pub lead: String,
    /// Headings and words of the template.
    pub words: serde_json::Map<String, serde_json::Value>,
    /// Indicators by state.
    pub tally: Vec<Count>,
    /// Large figures.
    pub numbers: Vec<NumberWords>,
    /// Furthest from their plans.
    pub gaps: Vec<Line>,
    /// Furthest ahead of their plans.
    pub good: Vec<Line>,
    /// Best places among peers.
    pub strong: Vec<Line>,
    /// Weakest places among peers.
    pub weak: Vec<Line>,
    /// The groups, worst first.
    pub groups: Vec<GroupWords>,
    /// Citizens' reports.
    pub cases: Option<CaseWords>,
    /// Districts by their share overdue.
    pub ranking: Vec<RankedUnit>,
    /// Charts by id; filled in when they are drawn.
    pub charts: std::collections::BTreeMap<String, Drawing>,
    /// Sources, as-of, versions.
    pub foot: Vec<String>,
}

/// Everything that was found for the area.
pub(super) struct Findings<'a> {
    pub found: Vec<Found<'a>>,
    pub tally: Tally,
}

impl<'a> Question<'a> {
    /// The language of all words.
    pub fn language(&self) -> Language {
        self.reading.language
    }

    /// Level of the area shown.
    pub(super) fn kind(&self) -> AreaKind {
        match self.infographic.subject {
            Subject::City => AreaKind::City,
            Subject::District => AreaKind::District,
        }
    }

    /// The declared large figures that have a value.
    pub(super) fn numbers(&self) -> Vec<(&'a Number, Found<'a>)> {
        let found = |number: &'a Number| {
            let indicator = self.reading.catalog.indicators.get(&number.indicator)?;
            Some((number, self.reading.find(indicator, self.area, self.period)?))
        };
        self.infographic.numbers.iter().filter_map(found).collect()
    }

    fn findings(&self) -> Findings<'a> {
        let kind = self.kind();
        let published = self.reading.catalog.indicators.values().filter(|i| i.level >= kind);
        let found: Vec<Found<'a>> = published.filter_map(|i| self.reading.find(i, self.area, self.period)).collect();
        let tally = Tally::of(found.iter().map(|f| f.judgement.state));
        Findings { found, tally }
    }

    /// Words everything that the template may ask for.
    ///
    /// # Errors
    /// If the cases cannot be counted as asked.
    pub fn content(&self, drawings: &mut Vec<(String, String)>) -> Result<Content, GalleryError> {
        let language = self.language();
        let findings = self.findings();
        let (strong, weak) = figures::standing(self, &findings);
        let counted = self.cases.map(|asked| cases::counted(self, asked)).transpose()?;
        let (title, lead) = match (self.infographic.title, &counted) {
            (Headline::Score, _) => (figures::score(&findings, language), figures::worst(self, &findings)),
            (Headline::Standing, _) => figures::place(self, &findings),
            (Headline::Overdue, Some(counted)) => (counted.headline.clone(), counted.words.sentence.clone()),
            (Headline::Overdue, None) => {
                (pick(language, "Chưa có hồ sơ 1022", "There are no 1022 cases yet").to_owned(), String::new())
            }
        };
        let (words, ranking) = counted.map_or((None, Vec::new()), |c| (Some(c.words), c.ranking));
        let named = |(name, said): (&String, &super::declared::Wording)| (name.clone(), said.of(language).into());
        Ok(Content {
            language: language.tag(),
            size: self.size.as_str(),
            kicker: self.infographic.name.of(language).to_owned(),
            place: self.area_name.to_owned(),
            period: label_of(self.period, language),
            title,
            lead,
            words: self.infographic.words.iter().map(named).collect(),
            tally: figures::tally(&findings.tally, language),
            numbers: figures::numbers(self, drawings),
            gaps: figures::gaps(self, &findings),
            good: figures::ahead(self, &findings),
            strong,
            weak,
            groups: figures::groups(self, &findings),
            cases: words,
            ranking,
            charts: std::collections::BTreeMap::new(),
            foot: self.foot(),
        })
    }

    /// Whose figures, as known when, of which version.
    fn foot(&self) -> Vec<String> {
        let language = self.language();
        let mut owners: Vec<String> = Vec::new();
        let of_numbers = self.infographic.numbers.iter().filter_map(|n| {
            let indicator = self.reading.catalog.indicators.get(&n.indicator)?;
            self.reading.catalog.owner_of(indicator)
        });
        for owner in of_numbers {
            let name = match language {
                Language::Vi => &owner.name_vi,
                Language::En => &owner.name_en,
            };
            if !owners.contains(name) {
                owners.push(name.clone());
            }
        }
        let others = owners.len().saturating_sub(OWNERS_MAX);
        owners.truncate(OWNERS_MAX);
        owners.extend((others > 0).then(|| match language {
            Language::Vi => format!("{others} đơn vị khác"),
            Language::En => format!("{others} others"),
        }));
        if self.cases.is_some() {
            owners.push(pick(language, "hệ thống 1022", "1022 system").to_owned());
        }
        let mut foot = vec![format!("{} {}", pick(language, "Nguồn:", "Sources:"), owners.join(", "))];
        foot.extend(self.stamp.words(language));
        foot
    }
}

/// Sources named at the foot before the rest is only counted.
const OWNERS_MAX: usize = 4;

/// The little line of a card.
pub(super) const CARD_LINE: Size = Size::new(200, 36);

/// A state as the template shows it.
pub(super) fn state_words(judgement: &Judgement, language: Language) -> StateWords {
    let state: State = judgement.state;
    StateWords { class: crate::present::state_class(state), word: crate::present::state_word(state, language) }
}
