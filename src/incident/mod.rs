//! The incident: what its file says, checked, so that the engine may rely on it.

pub mod answer;
pub mod format;
pub mod moment;
pub mod places;
pub mod raw;
pub mod read;
mod validate;
pub mod walk;
pub mod words;
pub mod write;

use answer::{Answer, Step};
use raw::{DataCategory, List, Raw, Text};
use walk::{At, Texts};
use words::*;

use crate::bits::Entries;
use crate::note::Note;

/// A checked incident.
#[derive(Clone, Debug)]
pub struct Incident {
    /// The file, but for the categories of data that are or may be hit, which stand in `data`.
    pub file: Raw,
    /// The categories of data that are or may be hit, in ENISA's order; at least one.
    pub data: Vec<DataOf>,
    /// What a reader should know about the file itself.
    pub notes: Vec<Note>,
}

/// One category of data of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct DataOf {
    /// The category.
    pub category: Category,
    /// Whether it is certain that it was hit; otherwise it cannot be excluded.
    pub certain: bool,
    /// The types of data.
    pub items: Vec<String>,
    /// The same by their places in the method.
    pub types: Entries,
    /// The level that counts where the file gives none (1-4).
    pub usual: u8,
    /// The level as the file gives it.
    pub level: Answer<Step>,
    /// The factors that justify a level of its own.
    pub because: Vec<Factor>,
    /// The reason in words.
    pub why: Option<String>,
}

impl Incident {
    /// The identification level; the file must give one.
    pub fn identification(&self) -> Answer<Identification> {
        self.file.identification.as_ref().map_or(Answer::Unknown, |i| i.level)
    }

    /// The reason for the identification level.
    pub fn identification_why(&self) -> Option<&str> {
        text(&self.file.identification.as_ref()?.why)
    }

    /// The loss of confidentiality; left out, there was none.
    pub fn confidentiality(&self) -> Answer<ConfidentialityLoss> {
        self.file.confidentiality.loss.or_if_left_out(Answer::Known(ConfidentialityLoss::None))
    }

    /// The loss of integrity; left out, there was none.
    pub fn integrity(&self) -> Answer<IntegrityLoss> {
        self.file.integrity.loss.or_if_left_out(Answer::Known(IntegrityLoss::None))
    }

    /// The loss of availability; left out, there was none.
    pub fn availability(&self) -> Answer<AvailabilityLoss> {
        self.file.availability.loss.or_if_left_out(Answer::Known(AvailabilityLoss::None))
    }

    /// Whether somebody meant it; left out is unknown.
    pub fn malicious(&self) -> Answer<bool> {
        self.file.intent.malicious.or_if_left_out(Answer::Unknown)
    }

    /// Whether the data were unintelligible to whoever got them, with the key safe: both known.
    pub fn unintelligible(&self) -> bool {
        self.file.protection.unintelligible.is(true) && self.file.protection.key_safe.is(true)
    }

    /// Whether the file itself gives the level of a category, or says of it that it may not be hit.
    pub fn says(&self, path: &str) -> bool {
        self.data.iter().any(|d| {
            path.strip_prefix("data.").and_then(|p| p.strip_prefix(d.category.id())).is_some_and(|key| match key {
                ".level" => d.level != Answer::LeftOut,
                ".affected" => !d.certain,
                _ => true,
            })
        })
    }

    /// The file as it was given: the same answers, and nothing where nothing was said.
    pub fn as_given(&self) -> Raw {
        let mut file = self.file.clone();
        for data in &self.data {
            *file.data.slot(data.category) = Some(data.as_given());
        }
        file
    }

    /// Gives every text of the file with its path.
    pub fn texts<'a>(&'a self, take: &mut dyn FnMut(&At<'_>, &'a str)) {
        self.file.texts(&At::Root, take);
        let data = At::Key(&At::Root, "data");
        for category in &self.data {
            if let Some(why) = &category.why {
                take(&At::Key(&At::Key(&data, category.category.id()), format::WHY), why);
            }
        }
    }

    /// The part of whoever keeps the file; a controller where it does not say.
    pub fn role(&self) -> Role {
        self.file.controller.role.known().unwrap_or(Role::Controller)
    }
}

impl DataOf {
    /// The category as the file gave it.
    fn as_given(&self) -> DataCategory {
        DataCategory {
            items: List(self.items.iter().cloned().map(Text).collect()),
            affected: if self.certain { Answer::LeftOut } else { Answer::Unknown },
            level: self.level,
            because: List(self.because.clone()),
            why: self.why.clone().map(Text),
        }
    }
}

/// The text of an optional text, `None` where it is blank.
pub fn text(given: &Option<Text>) -> Option<&str> {
    given.as_ref().map(|t| t.0.as_str()).filter(|t| !is_blank(t))
}

/// Whether a list holds a text that is not blank.
pub fn some_text(list: &List<Text>) -> bool {
    list.0.iter().any(|t| !is_blank(&t.0))
}

/// Whether a text shows nothing: blanks, control characters, and characters without any width.
pub fn is_blank(text: &str) -> bool {
    let shows_nothing = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{3164}' | '\u{2800}');
    text.chars().all(|c| c.is_whitespace() || c.is_control() || shows_nothing(c))
}
