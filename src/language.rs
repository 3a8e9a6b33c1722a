//! The languages of the program: one file each in `data/texts/`, of which every reader takes what it needs.

use std::fmt;
use std::str::FromStr;

use serde::de::Deserialize;

use crate::tables::ready;

/// A language of the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Language(usize);

/// The languages by their ids, ISO 639-1; English comes first. A test holds the list against the folder.
const IDS: &[&str] = &["en", "pl", "hu"];

impl Language {
    /// English, which JSON speaks.
    pub const ENGLISH: Language = Language(0);
    /// The ids of all, ISO 639-1.
    pub const IDS: &'static [&'static str] = IDS;

    /// All of them.
    pub fn all() -> impl Iterator<Item = Language> {
        (0..IDS.len()).map(Language)
    }

    /// Its id, ISO 639-1.
    pub fn id(self) -> &'static str {
        IDS[self.0]
    }

    /// What a type takes from its file; all else in it is passed over.
    ///
    /// # Panics
    /// Never with the built-in files, which a test reads.
    pub(crate) fn read<T: Deserialize<'static>>(self) -> T {
        ready::built_in(&format!("texts/{self}.toml"))
    }
}

impl FromStr for Language {
    type Err = ();
    fn from_str(id: &str) -> Result<Language, ()> {
        Language::all().find(|language| language.id() == id).ok_or(())
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_language() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/texts");
        let mut files: Vec<String> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        let mut ids: Vec<String> = IDS.iter().map(|id| format!("{id}.toml")).collect();
        files.sort();
        ids.sort();
        assert_eq!(files, ids);
    }

    #[test]
    fn every_file_has_the_same_parts() {
        for language in Language::all() {
            let file: toml::Table =
                toml::from_str(ready::file(&format!("texts/{language}.toml")).unwrap().text).unwrap_or_else(|e| panic!("{language}: {e}"));
            let parts: Vec<&str> = file.keys().map(String::as_str).collect();
            assert_eq!(parts, ["decimal", "explain", "fields", "findings", "guide", "notes", "say", "tables", "words"], "{language}");
            assert_eq!(language.id().parse(), Ok(language));
        }
        assert_eq!("de".parse::<Language>(), Err(()));
    }
}
