//! Advice: what people can do themselves, by the types of data that are hit. One file, `data/advice.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::incident::words::{AvailabilityLoss, ConfidentialityLoss, IntegrityLoss};
use crate::incident::{Incident, answer::Answer, text};
use crate::provenance::{Day, Source, check_cites, check_head};
use crate::tables::{Wrong, ready};

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    schema: u32,
    checked: Day,
    sources: Vec<Source>,
    advice: Vec<Advice>,
}

/// One piece of advice.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advice {
    id: String,
    /// Types of data, any of which calls for it where it is exposed.
    #[serde(default)]
    types: Vec<String>,
    /// A loss that calls for it.
    loss: Option<Loss>,
    /// The countries in which it holds; none: all.
    #[serde(default)]
    countries: Vec<String>,
    /// The advice whose place it takes.
    instead: Option<String>,
    text: String,
    source: Vec<String>,
}

/// The losses that call for advice of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Loss {
    Integrity,
    Availability,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| ready::built_in("advice.toml"));

/// What the people of an incident can do, in English, in the order of the file.
pub fn advice(incident: &Incident) -> Vec<&'static str> {
    let country = text(&incident.file.controller.country);
    let called_for: Vec<&Advice> = BOOK.advice.iter().filter(|a| a.is_called_for(incident, country)).collect();
    let displaced = |id: &str| called_for.iter().any(|other| other.instead.as_deref() == Some(id));
    called_for.iter().filter(|a| !displaced(&a.id)).map(|a| a.text.as_str()).collect()
}

impl Advice {
    fn is_called_for(&self, incident: &Incident, country: Option<&str>) -> bool {
        let here = self.countries.is_empty() || self.countries.iter().any(|c| Some(c.as_str()) == country);
        let exposed = incident.confidentiality() != Answer::Known(ConfidentialityLoss::None);
        let by_type = exposed && incident.data.iter().flat_map(|d| &d.items).any(|item| self.types.contains(item));
        let by_loss = match self.loss {
            Some(Loss::Integrity) => incident.integrity() != Answer::Known(IntegrityLoss::None),
            Some(Loss::Availability) => incident.availability() != Answer::Known(AvailabilityLoss::None),
            None => false,
        };
        here && (by_type || by_loss)
    }
}

/// Every text of the file, for those who translate it.
pub fn texts() -> impl Iterator<Item = &'static str> {
    BOOK.advice.iter().map(|a| a.text.as_str())
}

/// What is wrong with the file; empty, as a test proves.
pub fn check() -> Vec<Wrong> {
    let mut wrong = check_head(BOOK.schema, "advice", "1", "advice", BOOK.checked, &BOOK.sources);
    for (i, advice) in BOOK.advice.iter().enumerate() {
        wrong.extend(check_cites(format_args!("advice[{i}].source"), &advice.source, &BOOK.sources));
        if advice.types.is_empty() == advice.loss.is_none() {
            wrong.push((format!("advice[{i}]"), "must have either types or a loss".into()));
        }
        if advice.instead.as_ref().is_some_and(|id| !BOOK.advice.iter().any(|other| other.id == *id)) {
            wrong.push((format!("advice[{i}].instead"), "is no advice".into()));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::METHOD;
    use crate::tables::{Choice, Tables};

    #[test]
    fn the_file_holds_together_and_names_types_that_there_are() {
        assert_eq!(check(), []);
        let method = Tables::default().method(&Choice::Id(METHOD.into())).unwrap().table;
        for advice in &BOOK.advice {
            for id in &advice.types {
                assert!(method.data_type(id).is_some(), "{}: {id}", advice.id);
            }
        }
    }
}
