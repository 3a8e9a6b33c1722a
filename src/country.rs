//! A country: who is told of a breach there, by which clock, and which days are holidays. One file of `data/countries/` each.

use std::sync::OnceLock;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::calendar::{Calendar, HolidayRule};
use crate::diag::nearest;
use crate::provenance::{Day, EMPTY, Source, Sure, check_cites, check_head, is_web_address, not_an_address, twice};
use crate::zone::Zone;

/// One country table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// The form of the file; 1.
    pub schema: u32,
    /// ISO 3166-1 alpha-2, upper case.
    pub id: String,
    /// Raised by every change that can move a result.
    pub version: String,
    /// The English name.
    pub title: String,
    /// The day a person last held the table against its sources.
    pub checked: Day,
    /// What is to be known of the table as a whole.
    pub note: Option<String>,
    /// The name in English and in the country's own language.
    pub name: Name,
    /// What regimes are bound to: `EU`, `EEA`, `CH`, `GB`.
    pub groups: Vec<String>,
    /// The IANA time zone by which hours and days are read, that of the capital.
    pub zone: String,
    /// Official languages, ISO 639-1.
    pub languages: Vec<String>,
    /// The practice table for the country; none: the default.
    pub practice: Option<String>,
    /// The form that its authority's notification is drafted on; none: the default.
    pub form: Option<String>,
    /// Everybody who is told of a breach.
    pub authorities: Vec<Authority>,
    /// The public holidays of the whole country.
    #[serde(default)]
    pub holidays: Vec<HolidayRule>,
    /// What all of this rests on.
    pub sources: Vec<Source>,
    /// The zone of that name, once somebody asked for it.
    #[serde(skip)]
    known_zone: OnceLock<Zone>,
}

/// A country's name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// In English.
    pub en: String,
    /// In its own language; several, where there are several, divided by " / ".
    pub own: String,
}

/// Somebody who is told of a breach.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// A short name in lower case, unique in the country.
    pub id: String,
    /// In its own language.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Its web site.
    pub url: String,
    /// The regimes it is there for; none: every regime that no other authority names.
    #[serde(default)]
    pub regimes: Vec<String>,
    /// Other regimes that it is known to be there for; for a regime of a special sector that stands in neither list, that is not confirmed.
    #[serde(default)]
    pub also: Vec<String>,
    /// The sectors it is there for; none: every sector that no other authority names.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// The table's sources that say so.
    #[serde(default)]
    pub source: Vec<String>,
    /// Where this is less sure than its source.
    pub sure: Option<Sure>,
    /// Why, or what else is to be known.
    pub note: Option<String>,
    /// Where this was checked on another day than the table.
    pub checked: Option<Day>,
}

impl Authority {
    /// Whether the table knows it to be there for a regime.
    pub fn is_confirmed_for(&self, regime: &str) -> bool {
        self.regimes.iter().chain(&self.also).any(|id| id == regime)
    }

    /// How closely the authority is meant, if it is there for that regime and sector at all: a named sector counts for more than a named regime.
    fn fits(&self, regime: &str, sector: Option<&str>) -> Option<u8> {
        let by_regime = named(&self.regimes, Some(regime))?;
        let by_sector = named(&self.sectors, sector)?;
        Some(2 * u8::from(by_sector) + u8::from(by_regime))
    }
}

/// Whether a list names the word (true), leaves it open (false), or shuts it out (`None`).
fn named(list: &[String], word: Option<&str>) -> Option<bool> {
    match word {
        _ if list.is_empty() => Some(false),
        Some(word) if list.iter().any(|item| item == word) => Some(true),
        _ => None,
    }
}

impl Country {
    /// Who is told under that regime about a breach in that sector: of all that are there for both, the one that names them most closely, sector before
    /// regime; of equals the first. `None` if nobody is.
    pub fn authority(&self, regime: &str, sector: Option<&str>) -> Option<&Authority> {
        let mut best: Option<(u8, &Authority)> = None;
        for authority in &self.authorities {
            if let Some(fit) = authority.fits(regime, sector)
                && best.is_none_or(|(so_far, _)| fit > so_far)
            {
                best = Some((fit, authority));
            }
        }
        best.map(|(_, authority)| authority)
    }

    /// The country's time zone; UTC where the table names one that does not exist, which [`Country::check`] reports.
    pub fn zone(&self) -> Zone {
        *self.known_zone.get_or_init(|| Zone::named(&self.zone).unwrap_or(Zone::UTC))
    }

    /// Its holidays.
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.holidays.clone())
    }

    /// What is wrong with the table, as (path, what is wrong); empty if nothing is.
    pub fn check(&self) -> Vec<(String, String)> {
        let mut wrong = check_head(self.schema, &self.id, &self.version, &self.title, self.checked, &self.sources);
        let mut say = |path: &str, what: String| wrong.push((path.to_owned(), what));
        if !is_code(&self.id, u8::is_ascii_uppercase) {
            say("id", format!("\"{}\" is not a country code; write two capital letters (ISO 3166-1)", self.id));
        }
        if self.title != self.name.en {
            say("title", format!("\"{}\" is not the English name, \"{}\"; make them the same", self.title, self.name.en));
        }
        if self.name.own.trim().is_empty() {
            say("name.own", EMPTY.to_owned());
        }
        if self.groups.is_empty() {
            say("groups", "empty, so that no regime is bound to the country; list at least one, such as EU, EEA, CH or GB".to_owned());
        }
        for (i, group) in self.groups.iter().enumerate() {
            if group.is_empty() || !group.bytes().all(|b| b.is_ascii_uppercase()) {
                say(&format!("groups[{i}]"), format!("\"{group}\" is not a word in capital letters; write one, such as EU"));
            }
        }
        if Zone::named(&self.zone).is_none() {
            say("zone", {
                let hint = nearest(&self.zone, Zone::names()).map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default();
                format!("\"{}\" is not an IANA time zone{hint}; write one, such as Europe/Warsaw", self.zone)
            });
        }
        if self.languages.is_empty() {
            say("languages", "empty; list at least one".to_owned());
        }
        for (i, language) in self.languages.iter().enumerate() {
            if !is_code(language, u8::is_ascii_lowercase) {
                say(&format!("languages[{i}]"), format!("\"{language}\" is not a language code; write two small letters (ISO 639-1)"));
            }
        }
        wrong.extend(self.check_authorities());
        for (i, rule) in self.holidays.iter().enumerate() {
            if let Err(what) = rule.check() {
                wrong.push((format!("holidays[{i}]"), what));
            }
            wrong.extend(check_cites(format_args!("holidays[{i}].source"), &rule.source, &self.sources));
        }
        wrong
    }

    fn check_authorities(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        if self.authorities.is_empty() {
            wrong.push(("authorities".to_owned(), "empty; list at least one".to_owned()));
        }
        let mut ids = BTreeSet::new();
        for (i, authority) in self.authorities.iter().enumerate() {
            let mut say = |field: &str, what: String| wrong.push((format!("authorities[{i}].{field}"), what));
            for (field, text) in [("id", &authority.id), ("name", &authority.name), ("name_en", &authority.name_en)] {
                if text.trim().is_empty() {
                    say(field, EMPTY.to_owned());
                }
            }
            if !ids.insert(&authority.id) {
                say("id", twice(&authority.id));
            }
            if !is_web_address(&authority.url) {
                say("url", not_an_address(&authority.url));
            }
            // two that are there for exactly the same: the second would never be told
            if let Some(first) =
                self.authorities[..i].iter().find(|other| same(&other.regimes, &authority.regimes) && same(&other.sectors, &authority.sectors))
            {
                say(
                    "sectors",
                    format!("the same regimes and sectors as \"{}\", so that it would never be told; name what it is there for", first.id),
                );
            }
            wrong.extend(check_cites(format_args!("authorities[{i}].source"), &authority.source, &self.sources));
        }
        wrong
    }
}

fn same(a: &[String], b: &[String]) -> bool {
    a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>()
}

fn is_code(text: &str, letter: fn(&u8) -> bool) -> bool {
    text.len() == 2 && text.bytes().all(|b| letter(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"
schema = 1
id = "XX"
version = "1"
title = "Example"
checked = 2026-11-22
groups = ["EU"]
zone = "Europe/Warsaw"
languages = ["en"]
name = { en = "Example", own = "Example" }
sources = [{ id = "law", title = "A law", sure = "own" }]

[[authorities]]
id = "main"
name = "Main"
name_en = "Main"
url = "https://main.example"
source = ["law"]

[[authorities]]
id = "church"
name = "Church"
name_en = "Church"
url = "https://church.example"
regimes = ["gdpr"]
sectors = ["church"]
source = ["law"]

[[authorities]]
id = "network"
name = "Network"
name_en = "Network"
url = "https://network.example"
regimes = ["telecom-611-2013"]
source = ["law"]

[[holidays]]
name = "New Year's Day"
month = 1
day = 1
source = ["law"]
"#;

    fn table(changes: &[(&str, &str)]) -> Country {
        let text = changes.iter().fold(TABLE.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn the_authority_is_the_one_meant_most_closely() {
        let country = table(&[]);
        let id = |regime, sector| country.authority(regime, sector).map(|a| a.id.as_str());
        assert_eq!(id("gdpr", None), Some("main"));
        assert_eq!(id("gdpr", Some("general")), Some("main"));
        assert_eq!(id("gdpr", Some("church")), Some("church"));
        assert_eq!(id("telecom-611-2013", Some("telecom")), Some("network"));
        assert_eq!(id("led", Some("church")), Some("main"));
    }

    #[test]
    fn nobody_is_there_for_what_no_authority_takes() {
        let mut country = table(&[]);
        country.authorities.remove(0);
        assert_eq!(country.authority("gdpr", Some("general")), None);
        assert_eq!(country.authority("gdpr", None), None);
    }

    #[test]
    fn a_good_table_has_nothing_wrong() {
        assert_eq!(table(&[]).check(), []);
        assert_eq!(table(&[]).zone().name(), "Europe/Warsaw");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        for (from, to, path) in [
            ("schema = 1", "schema = 2", "schema"),
            ("id = \"XX\"", "id = \"xx\"", "id"),
            ("version = \"1\"", "version = \" \"", "version"),
            ("title = \"Example\"", "title = \"Exmaple\"", "title"),
            ("checked = 2026-11-22", "checked = 1026-11-22", "checked"),
            ("groups = [\"EU\"]", "groups = []", "groups"),
            ("groups = [\"EU\"]", "groups = [\"eu\"]", "groups[0]"),
            ("Europe/Warsaw", "Europe/Warszawa", "zone"),
            ("languages = [\"en\"]", "languages = [\"eng\"]", "languages[0]"),
            ("source = [\"law\"]", "source = [\"lore\"]", "authorities[0].source"),
            ("source = [\"law\"]", "", "authorities[0].source"),
            ("id = \"church\"", "id = \"main\"", "authorities[1].id"),
            ("https://network.example", "network.example", "authorities[2].url"),
            ("regimes = [\"telecom-611-2013\"]", "", "authorities[2].sectors"),
            ("day = 1", "day = 32", "holidays[0]"),
        ] {
            let wrong = table(&[(from, to)]).check();
            assert_eq!(wrong.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), [path], "{to}");
        }
        assert_eq!(table(&[("Europe/Warsaw", "Europe/Warszawa")]).zone(), Zone::UTC);
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Country>(&format!("colour = \"red\"\n{TABLE}")).is_err());
    }
}
