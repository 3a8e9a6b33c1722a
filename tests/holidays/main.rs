//! The country tables: sound in themselves, and their holidays as a second opinion has them (`oracle.toml` beside this file).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use breach::country::Country;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Oracle {
    exceptions: Vec<Exception>,
    /// country, year, days as month-day
    days: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    country: String,
    /// What the oracle calls these days; the table says the other.
    oracle: Called,
    days: Vec<String>,
    why: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Called {
    Holiday,
    WorkingDay,
}

#[test]
fn holidays_are_those_of_the_oracle_but_for_the_listed_exceptions() {
    let oracle: Oracle = toml::from_str(include_str!("oracle.toml")).unwrap();
    let mut allowed = BTreeSet::new();
    for exception in &oracle.exceptions {
        assert!(!exception.why.is_empty());
        for day in &exception.days {
            allowed.insert((exception.country.clone(), day.parse::<NaiveDate>().unwrap(), exception.oracle));
        }
    }
    let mut found = BTreeSet::new();
    for country in countries() {
        let calendar = country.calendar();
        for (year, days) in &oracle.days[&country.id] {
            let year: i32 = year.parse().unwrap();
            let theirs: BTreeSet<_> = days.split(' ').map(|day| format!("{year}-{day}").parse::<NaiveDate>().unwrap()).collect();
            let ours: BTreeSet<_> = calendar.holidays(year).into_iter().map(|(day, _)| day).filter(on_a_weekday).collect();
            found.extend(theirs.difference(&ours).map(|day| (country.id.clone(), *day, Called::Holiday)));
            found.extend(ours.difference(&theirs).map(|day| (country.id.clone(), *day, Called::WorkingDay)));
        }
    }
    let new: Vec<_> = found.difference(&allowed).collect();
    let gone: Vec<_> = allowed.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not among the exceptions: {new:#?}\nno longer an exception: {gone:#?}");
}

#[test]
fn every_country_has_its_table_and_it_is_sound() {
    let expected = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";
    let countries = countries();
    assert_eq!(countries.iter().map(|country| country.id.as_str()).collect::<Vec<_>>(), expected.split(' ').collect::<Vec<_>>());
    for country in countries {
        assert_eq!(country.check(), [], "{}", country.id);
        let groups: &[&str] = match country.id.as_str() {
            "IS" | "LI" | "NO" => &["EEA"],
            "CH" => &["CH"],
            "GB" => &["GB"],
            _ => &["EU", "EEA"],
        };
        assert_eq!(country.groups, groups, "{}", country.id);
        assert_eq!(country.practice.as_deref(), (country.id == "PL").then_some("pl-uodo"), "{}", country.id);
    }
}

#[test]
fn somebody_is_told_in_every_country_and_sector() {
    let sectors = ["general", "health", "telecom", "finance", "public", "eu-institution", "law-enforcement", "trust-service", "church", "court"];
    for country in countries() {
        for sector in sectors {
            assert!(country.authority("gdpr", Some(sector)).is_some(), "{} {sector}", country.id);
        }
    }
}

#[test]
fn who_is_told_where_it_is_not_the_one_authority() {
    for (country, regime, sector, expected) in [
        ("DE", "gdpr", "general", "land"),
        ("DE", "gdpr", "telecom", "bfdi"),
        ("DE", "telecom-611-2013", "telecom", "bnetza-bfdi"),
        ("HU", "gdpr", "telecom", "naih"),
        ("HU", "telecom-611-2013", "telecom", "nmhh"),
        ("PL", "telecom-611-2013", "telecom", "uodo"),
        ("PL", "gdpr", "church", "kiod"),
        ("BG", "gdpr", "court", "ivss"),
        ("SE", "telecom-611-2013", "telecom", "pts"),
    ] {
        let table = countries().into_iter().find(|table| table.id == country).unwrap();
        assert_eq!(table.authority(regime, Some(sector)).map(|a| a.id.as_str()), Some(expected), "{country} {regime} {sector}");
    }
}

/// All tables, by id; the file's name is checked on the way.
fn countries() -> Vec<Country> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/countries");
    let mut countries: Vec<Country> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let country: Country = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(path.file_name().unwrap().to_str().unwrap(), format!("{}.toml", country.id.to_lowercase()));
            country
        })
        .collect();
    countries.sort_by(|a, b| a.id.cmp(&b.id));
    countries
}

fn on_a_weekday(day: &NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
