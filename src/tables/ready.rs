//! The files of `data/` with what `build.rs` made of them.

use std::ptr;

use serde::de::{Deserialize, DeserializeOwned};

/// A built-in file.
pub(crate) struct Ready {
    /// Its path in `data/`.
    name: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
    /// The same as JSON.
    json: &'static str,
    /// What of it holds no tables, as JSON.
    head: &'static str,
    /// The digest of its text.
    pub(crate) sha256: &'static str,
}

static READY: &[Ready] = include!(concat!(env!("OUT_DIR"), "/ready.rs"));

/// The ids of the files of a folder in `data/`.
pub(crate) fn ids(folder: &'static str) -> impl Iterator<Item = &'static str> {
    READY.iter().filter_map(move |file| file.name.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".toml"))
}

/// The file with that path in `data/`.
pub(crate) fn file(name: &str) -> Option<&'static Ready> {
    READY.iter().find(|file| file.name == name)
}

/// Reads a file that is there and fits the type, as a test makes sure.
pub(crate) fn built_in<T: Deserialize<'static>>(name: &str) -> T {
    file(name).and_then(Ready::read).unwrap_or_else(|| unreachable!("data/{name} is built in and tested"))
}

impl Ready {
    /// The file with that text, if one is built in.
    pub(crate) fn of(text: &str) -> Option<&'static Ready> {
        // mostly it is the file's own text, which then need not be looked at; texts of different lengths are not compared any further
        READY.iter().find(|file| ptr::eq(file.text, text) || file.text == text)
    }

    /// Reads it; nothing where it does not fit the type.
    pub(crate) fn read<T: Deserialize<'static>>(&self) -> Option<T> {
        serde_json::from_str(self.json).ok()
    }

    /// The same of what in it holds no tables.
    pub(crate) fn head<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.head).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country::Country;
    use crate::form::Form;
    use crate::lint::Identifiers;
    use crate::method::Method;
    use crate::practice::PracticeTable;
    use crate::regime::RegimeTable;
    use crate::tables::{Kind, Tables, sha256};
    use std::fmt::Debug;

    fn same<T: DeserializeOwned + Debug>(text: &str) {
        let (ready, parsed) = (Ready::of(text).and_then(Ready::read::<T>).expect("ready"), toml::from_str::<T>(text).expect("TOML"));
        assert_eq!(format!("{ready:?}"), format!("{parsed:?}"));
    }

    #[test]
    fn every_built_in_file_reads_the_same_in_both_forms() {
        let tables = Tables::default();
        for kind in Kind::ALL {
            for id in Tables::built_in_ids(kind) {
                let text = tables.text(kind, id).unwrap();
                match kind {
                    Kind::Method => same::<Method>(text),
                    Kind::Practice => same::<PracticeTable>(text),
                    Kind::Regime => same::<RegimeTable>(text),
                    Kind::Country => same::<Country>(text),
                    Kind::Form => same::<Form>(text),
                }
            }
        }
        same::<Identifiers>(file("identifiers.toml").unwrap().text);
    }

    #[test]
    fn digests_are_those_of_the_texts() {
        for ready in READY {
            assert_eq!(ready.sha256, sha256(&[ready.text.as_bytes()]));
        }
    }

    #[test]
    fn another_text_is_not_taken_for_a_built_in_one() {
        let text = file("countries/pl.toml").unwrap().text;
        assert!(Ready::of(text).is_some() && Ready::of(&format!("{text} ")).is_none() && Ready::of("").is_none());
    }
}
