//! What every document carries: the version of the data, as of when they are known, the version of the catalogue.

use chrono::{DateTime, FixedOffset, Offset, TimeZone, Utc};

use crate::catalog::Catalog;
use crate::domain::Vintage;
use crate::domain::vintage::CITY_TZ;
use crate::present::{Language, instant, pick};

/// Identity of the figures of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Version of data and catalogue together.
    pub data_version: String,
    /// Version of the catalogue.
    pub catalog_version: String,
    /// The instant the figures are known as of: the one asked for, else the one they are served as of.
    pub known: Vintage,
}

impl Stamp {
    /// The stamp of figures known as of an instant.
    pub fn new(data_version: &str, catalog: &Catalog, known: Vintage) -> Stamp {
        Stamp { data_version: data_version.to_owned(), catalog_version: catalog.version.clone(), known }
    }

    /// For the foot of a page: known as of, versions, and that the sample is a sample.
    pub fn words(&self, language: Language) -> Vec<String> {
        let known = instant(self.known, language);
        let (data, catalog) = (&self.data_version, self.catalog_version.get(..8).unwrap_or(&self.catalog_version));
        match language {
            Language::Vi => vec![
                format!("Số liệu biết đến {known}"),
                format!("Phiên bản dữ liệu {data}, danh mục {catalog}"),
                sample_note(language).to_owned(),
            ],
            Language::En => vec![
                format!("As known on {known}"),
                format!("Data version {data}, catalogue {catalog}"),
                sample_note(language).to_owned(),
            ],
        }
    }

    /// The date of the document: never the hour of printing.
    pub fn issued(&self) -> DateTime<FixedOffset> {
        let at = self.known.instant().unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
        let offset = CITY_TZ.offset_from_utc_datetime(&at.naive_utc()).fix();
        at.with_timezone(&offset)
    }

    /// What makes two prints of a document the same document.
    pub fn ident(&self, document: &str) -> String {
        format!("{document} {} {}", self.data_version, self.catalog_version)
    }
}

/// The sample figures are mostly synthetic, and a page that travels must say so itself.
pub fn sample_note(language: Language) -> &'static str {
    pick(language, "Số liệu mẫu, phần lớn là mô phỏng", "Sample data, mostly synthetic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_figures_in_the_citys_time() {
        let known = "2022-05-25T05:00:00Z".parse().unwrap();
        let stamp = Stamp { data_version: "ab-1".to_owned(), catalog_version: "0123456789".to_owned(), known };
        assert_eq!(stamp.issued().to_rfc3339(), "2022-05-25T12:00:00+07:00");
        assert_eq!(stamp.ident("thang/a4"), "thang/a4 ab-1 0123456789");
        assert_eq!(stamp.words(Language::Vi)[0], "Số liệu biết đến 12:00 25/5/2022");
        assert_eq!(stamp.words(Language::En)[1], "Data version ab-1, catalogue 01234567");
    }
}
