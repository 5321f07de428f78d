//! What stands around every page: head, navigation, language, foot.

use std::sync::OnceLock;

use crate::catalog::Catalog;
use crate::present::{Language, pick};
use crate::web::assets::{ASSETS, Assets};

/// The city's name beside the name of the house: the same on every page of a process, pages of problems among them.
static CITY: OnceLock<String> = OnceLock::new();

/// Names the city of the pages, once for the process.
pub fn name_city(catalog: &Catalog) {
    CITY.get_or_init(|| catalog.city_name());
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Language of everything on the page.
    pub language: Language,
    /// Title in the browser.
    pub title: String,
    /// Path of the page without its query; marks where one is.
    pub path: String,
    /// Query of the page without the language, for the switch to the other one.
    pub rest: String,
    /// What was searched for.
    pub q: String,
    /// Foot: version of the data, as-of, when it was ingested.
    pub foot: Vec<String>,
    /// Extra class of the body.
    pub class: &'static str,
}

impl Shell {
    /// The frame of a page at this path.
    pub fn new(language: Language, title: &str, path: &str) -> Self {
        Self {
            language,
            title: title.to_owned(),
            path: path.to_owned(),
            rest: String::new(),
            q: String::new(),
            foot: Vec::new(),
            class: "",
        }
    }

    /// One of two wordings.
    pub fn t(&self, vi: &'static str, en: &'static str) -> &'static str {
        pick(self.language, vi, en)
    }

    /// The city's name, as short as it is written beside others.
    pub fn city(&self) -> &'static str {
        CITY.get().map_or("", String::as_str)
    }

    /// What pages load.
    pub fn assets(&self) -> &'static Assets {
        &ASSETS
    }

    /// The page in a language.
    pub fn in_language(&self, tag: &str) -> String {
        let mut parts: Vec<&str> = self.rest.split('&').filter(|p| !p.is_empty()).collect();
        let language = format!("lang={tag}");
        if tag != "vi" {
            parts.push(&language);
        }
        let path = if self.path.is_empty() { "/" } else { &self.path };
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }

    /// An address in the language of the page.
    pub fn href(&self, path: &str) -> String {
        match self.language {
            Language::Vi => path.to_owned(),
            Language::En => format!("{path}?lang=en"),
        }
    }

    /// The page of an indicator in the language of the page.
    pub fn indicator(&self, code: &str) -> String {
        self.href(&format!("/indicators/{code}"))
    }

    /// Whether the page lies under a part of the site.
    pub fn is_in(&self, part: &str) -> bool {
        if part == "/" { self.path == "/" } else { self.path.starts_with(part) }
    }
}
