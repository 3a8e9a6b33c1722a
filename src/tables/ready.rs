//! The files of `data/` in the form that `build.rs` made of them.

use serde::de::DeserializeOwned;

/// Every file's text, and the same as JSON.
const READY: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/ready.rs"));

/// A built-in text in its JSON form.
pub(crate) fn json(text: &str) -> Option<&'static str> {
    // texts of different lengths are not compared any further
    READY.iter().find(|(toml, _)| *toml == text).map(|(_, json)| *json)
}

/// Reads a text that is built in; nothing where it is another one, or does not fit the type.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(json(text)?).ok()
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
    use crate::tables::{Kind, Tables};
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
    fn another_text_is_not_taken_for_a_built_in_one() {
        let text = include_str!("../../data/countries/pl.toml");
        assert!(json(text).is_some() && json(&format!("{text} ")).is_none() && json("").is_none());
    }
}
