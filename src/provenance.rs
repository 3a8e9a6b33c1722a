//! What every table says about itself: where it comes from, how sure that is, and when a person last looked.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, de};
use strum::IntoStaticStr;

use crate::diag::allowed;

/// One `[[sources]]` entry; the rest of the table cites it by `id`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What a `source = […]` names.
    pub id: String,
    /// The document, in words.
    pub title: String,
    /// Its web address, if it has one.
    pub url: Option<String>,
    /// How the table's author knows it.
    pub sure: Sure,
}

/// How a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Sure {
    /// Read in the document itself.
    FirstHand,
    /// Taken from others' account of the document.
    SecondHand,
    /// The authors' own reading or arithmetic.
    Own,
}

impl Sure {
    /// As tables write it.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// A calendar day as a table writes it: a TOML date (`2026-11-22`) or the same as a string.
///
/// `chrono` reads strings only, so a TOML date goes through `toml`'s own type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        deserializer.deserialize_any(DayVisitor)
    }
}

struct DayVisitor;

impl<'de> de::Visitor<'de> for DayVisitor {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-11-22")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
        text.parse().map(Day).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    // the form in which `toml` hands over its dates
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
        let written = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        let wrong = || de::Error::invalid_value(de::Unexpected::Other(&written.to_string()), &self);
        match (written.date, written.time) {
            (Some(date), None) => NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()).map(Day).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

/// Of a text that has to say something. What is wrong comes first, then after a semicolon how to mend it: so in every message about a table.
pub(crate) const EMPTY: &str = "empty; write something here";

/// Of an id that another one has.
pub(crate) fn twice(id: &str) -> String {
    format!("\"{id}\" is there twice; rename one, or take it away")
}

/// What is wrong with the common head of a table, as (path, what is wrong).
pub fn check_head(schema: u32, id: &str, version: &str, title: &str, checked: Day, sources: &[Source]) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    let mut say = |path: &str, what: String| wrong.push((path.to_owned(), what));
    if schema != 1 {
        say("schema", format!("{schema} is not a form that this program reads; write 1"));
    }
    for (path, text) in [("id", id), ("version", version), ("title", title)] {
        if text.trim().is_empty() {
            say(path, EMPTY.to_owned());
        }
    }
    // before the GDPR there was nothing to check a table against: such a year is a slip of the pen
    if checked.0.year() < 2016 {
        say("checked", format!("{checked} is before the GDPR; write the day on which the table was last held against its sources"));
    }
    if sources.is_empty() {
        say("sources", "empty; list at least one".to_owned());
    }
    let mut seen = BTreeSet::new();
    for (i, source) in sources.iter().enumerate() {
        if source.id.trim().is_empty() {
            say(&format!("sources[{i}].id"), EMPTY.to_owned());
        } else if !seen.insert(source.id.as_str()) {
            say(&format!("sources[{i}].id"), twice(&source.id));
        }
        if let Some(url) = &source.url
            && !is_web_address(url)
        {
            say(&format!("sources[{i}].url"), not_an_address(url));
        }
    }
    wrong
}

/// What is wrong with a thing's `source = […]`: nothing cited, or something the table does not list.
pub fn check_cites(path: fmt::Arguments<'_>, cites: &[String], sources: &[Source]) -> Vec<(String, String)> {
    if cites.is_empty() {
        return vec![(path.to_string(), "cites no source; name at least one of the table's sources by its id".to_owned())];
    }
    let ids = || sources.iter().map(|source| source.id.as_str()).collect::<Vec<_>>();
    cites
        .iter()
        .filter(|cite| !sources.iter().any(|source| source.id == **cite))
        .map(|cite| (path.to_string(), format!("\"{cite}\" is not among the table's sources{}", allowed(cite, &ids()))))
        .collect()
}

/// Whether a text has the form of a web address.
pub fn is_web_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| host.contains('.') && !text.contains(char::is_whitespace))
}

pub(crate) fn not_an_address(url: &str) -> String {
    format!("\"{url}\" is not a web address; write one that begins with https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Table {
        checked: Day,
    }

    #[test]
    fn a_day_is_a_toml_date_or_a_string() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        for text in ["checked = 2026-11-22", "checked = \"2026-11-22\""] {
            assert_eq!(toml::from_str::<Table>(text).unwrap().checked.0, day);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["checked = 2026-02-30", "checked = 2026-11-22T10:00:00Z", "checked = \"yesterday\"", "checked = 10:00:00", "checked = 3"] {
            assert!(toml::from_str::<Table>(text).is_err(), "{text}");
        }
    }
}
