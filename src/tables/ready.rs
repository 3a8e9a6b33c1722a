//! The files of `data/` with what `build.rs` made of them.

use serde::de::{Deserialize, DeserializeOwned};

/// A built-in file.
pub(crate) struct Ready {
    text: &'static str,
    /// The same as JSON.
    json: &'static str,
    /// What of it holds no tables, as JSON.
    head: &'static str,
    /// The digest of its text.
    pub(crate) sha256: &'static str,
}

const READY: &[Ready] = include!(concat!(env!("OUT_DIR"), "/ready.rs"));

impl Ready {
    /// The file with that text, if one is built in.
    pub(crate) fn of(text: &str) -> Option<&'static Ready> {
        // texts of different lengths are not compared any further
        READY.iter().find(|ready| ready.text == text)
    }
}

/// Reads a text that is built in; nothing where it is another one, or does not fit the type.
pub(crate) fn read<T: Deserialize<'static>>(text: &str) -> Option<T> {
    serde_json::from_str(Ready::of(text)?.json).ok()
}

/// The same of what in it holds no tables.
pub(crate) fn head<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(Ready::of(text)?.head).ok()
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
        let (ready, parsed) = (read::<T>(text).expect("ready"), toml::from_str::<T>(text).expect("TOML"));
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
        same::<Identifiers>(include_str!("../../data/identifiers.toml"));
    }

    #[test]
    fn digests_are_those_of_the_texts() {
        for ready in READY {
            assert_eq!(ready.sha256, sha256(&[ready.text.as_bytes()]));
        }
    }

    #[test]
    fn another_text_is_not_taken_for_a_built_in_one() {
        let text = include_str!("../../data/countries/pl.toml");
        assert!(Ready::of(text).is_some() && Ready::of(&format!("{text} ")).is_none() && Ready::of("").is_none());
    }
}
