//! One reported value of a measure, with its status, breakdown and vintage.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Period, Vintage};

/// The code of "all": total of a breakdown, all authorities.
pub const TOTAL: &str = "_T";

/// SDMX observation status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ObsStatus {
    /// Normal: official, final.
    A,
    /// Break in series: official, but not comparable with what came before.
    B,
    /// Provisional ("sơ bộ").
    P,
    /// Estimated ("ước tính"), issued before the period is over.
    E,
    /// Forecast.
    F,
    /// Missing: exists but was not collected ("...").
    M,
}

impl ObsStatus {
    /// All statuses, from firm to missing: a figure made of several has the last in this order.
    pub const ALL: [ObsStatus; 6] =
        [ObsStatus::A, ObsStatus::B, ObsStatus::P, ObsStatus::E, ObsStatus::F, ObsStatus::M];

    /// The SDMX letter.
    pub fn as_str(self) -> &'static str {
        match self {
            ObsStatus::A => "A",
            ObsStatus::B => "B",
            ObsStatus::P => "P",
            ObsStatus::E => "E",
            ObsStatus::F => "F",
            ObsStatus::M => "M",
        }
    }

    /// Which of two vintages counts: official over provisional over estimate over forecast; a mark of missing never
    /// replaces a figure. Within a rank the newer vintage wins.
    pub fn rank(self) -> u8 {
        match self {
            ObsStatus::A | ObsStatus::B => 4,
            ObsStatus::P => 3,
            ObsStatus::E => 2,
            ObsStatus::F => 1,
            ObsStatus::M => 0,
        }
    }
}

impl fmt::Display for ObsStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A status letter that is not one of A, B, P, E, F, M.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown observation status \"{0}\"")]
pub struct StatusError(pub String);

impl FromStr for ObsStatus {
    type Err = StatusError;
    fn from_str(s: &str) -> Result<Self, StatusError> {
        ObsStatus::ALL.into_iter().find(|x| x.as_str() == s).ok_or_else(|| StatusError(s.to_owned()))
    }
}

/// One disaggregation at a time, `channel=hotline`, or the total `_T`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Breakdown(Option<(Arc<str>, Arc<str>)>);

impl Breakdown {
    /// The total.
    pub const TOTAL: Breakdown = Breakdown(None);

    /// One member of one dimension; member `_T` is the total.
    pub fn member(dimension: &str, member: &str) -> Self {
        if member == TOTAL {
            return Self(None);
        }
        Self(Some((dimension.into(), member.into())))
    }

    /// Whether this is the total.
    pub fn is_total(&self) -> bool {
        self.0.is_none()
    }

    /// The dimension, `None` for the total.
    pub fn dimension(&self) -> Option<&str> {
        self.0.as_ref().map(|(d, _)| &**d)
    }

    /// The member, `None` for the total.
    pub fn member_code(&self) -> Option<&str> {
        self.0.as_ref().map(|(_, m)| &**m)
    }
}

impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str(TOTAL),
            Some((dimension, member)) => write!(f, "{dimension}={member}"),
        }
    }
}

/// A breakdown that is neither `_T` nor `dimension=member`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a breakdown (\"_T\" or \"dimension=member\")")]
pub struct BreakdownError(pub String);

impl FromStr for Breakdown {
    type Err = BreakdownError;
    fn from_str(s: &str) -> Result<Self, BreakdownError> {
        if s == TOTAL {
            return Ok(Self::TOTAL);
        }
        match s.split_once('=') {
            Some((d, m)) if !d.is_empty() && !m.is_empty() => Ok(Self::member(d, m)),
            _ => Err(BreakdownError(s.to_owned())),
        }
    }
}

impl Serialize for Breakdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Breakdown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One reported value: a row of the `observations` table without the columns that the pull adds (feed, run).
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Measure code.
    pub measure: Arc<str>,
    /// Area code; which dated area it means follows from the period.
    pub area: Arc<str>,
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Disaggregation.
    pub breakdown: Breakdown,
    /// Period at the measure's base frequency.
    pub period: Period,
    /// Value in the measure's unit; `None` only with [`ObsStatus::M`].
    pub value: Option<f64>,
    /// Status.
    pub status: ObsStatus,
    /// When it became known.
    pub vintage: Vintage,
    /// Where it stands: file, sheet and cell, or URL and position.
    pub source_ref: String,
    /// Remark of the source, if any.
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_letters_from_firm_to_missing() {
        for (i, status) in ObsStatus::ALL.into_iter().enumerate() {
            assert_eq!(status.to_string().parse(), Ok(status));
            assert!(ObsStatus::ALL[..i].iter().all(|firmer| *firmer < status && firmer.rank() >= status.rank()));
        }
        assert_eq!(ObsStatus::B.rank(), ObsStatus::A.rank(), "a break in series is official");
        assert_eq!("a".parse::<ObsStatus>(), Err(StatusError("a".into())));
    }

    #[test]
    fn a_breakdown_is_the_total_or_one_member() {
        let hotline: Breakdown = "channel=hotline".parse().unwrap();
        assert_eq!((hotline.dimension(), hotline.member_code()), (Some("channel"), Some("hotline")));
        assert_eq!(hotline.to_string(), "channel=hotline");
        assert_eq!("unit=a=b".parse::<Breakdown>().unwrap().member_code(), Some("a=b"), "open members may hold a sign");
        for total in ["_T", "channel=_T"] {
            assert_eq!(total.parse(), Ok(Breakdown::TOTAL));
        }
        assert!(Breakdown::TOTAL.is_total() && Breakdown::TOTAL < hotline);
        assert_eq!(Breakdown::TOTAL.to_string(), "_T");
        for bad in ["", "channel", "channel=", "=hotline", "="] {
            assert_eq!(bad.parse::<Breakdown>(), Err(BreakdownError(bad.into())));
        }
    }

    #[test]
    fn a_breakdown_is_text_on_the_wire() {
        let hotline = Breakdown::member("channel", "hotline");
        let json = serde_json::to_string(&hotline).unwrap();
        assert_eq!(json, "\"channel=hotline\"");
        assert_eq!(serde_json::from_str::<Breakdown>(&json).unwrap(), hotline);
        assert!(serde_json::from_str::<Breakdown>("\"channel\"").is_err());
    }
}
