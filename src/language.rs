//! The languages of the program: one file each in `data/texts/`, in parts of which a run reads only those that it needs.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;

/// A language of the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Language(usize);

/// Declares the languages by their ids, ISO 639-1; English comes first. A test holds the list against the folder.
macro_rules! languages {
    ($($id:literal),+) => {
        const IDS: &[&str] = &[$($id),+];
        const FILES: &[&str] = &[$(include_str!(concat!("../data/texts/", $id, ".toml"))),+];
    };
}

languages!("en", "pl", "hu");

/// The line at which a part of a file begins; the part's name ends it. Each part is TOML of its own.
const PART: &str = "# part: ";

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

    /// A part of its file.
    ///
    /// # Panics
    /// Never with the built-in files, which a test reads.
    pub(crate) fn part<T: DeserializeOwned>(self, name: &str) -> T {
        toml::from_str(self.text(name)).unwrap_or_else(|e| unreachable!("part {name} of {self} is built in and tested: {e}"))
    }

    /// The text of a part; empty where the file does not have it.
    fn text(self, name: &str) -> &'static str {
        let begins = |part: &&str| part.split('\n').next() == Some(name);
        FILES[self.0].split(PART).skip(1).find(begins).and_then(|part| part.split_once('\n')).map_or("", |(_, text)| text)
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
    fn every_file_has_the_same_parts_and_is_toml_as_a_whole() {
        let parts = |language: Language| -> Vec<&str> { FILES[language.0].split(PART).skip(1).filter_map(|part| part.lines().next()).collect() };
        for language in Language::all() {
            toml::from_str::<toml::Table>(FILES[language.0]).unwrap_or_else(|e| panic!("{language}: {e}"));
            assert_eq!(parts(language), parts(Language::ENGLISH), "{language}");
            assert_eq!(language.id().parse(), Ok(language));
        }
        assert_eq!("de".parse::<Language>(), Err(()));
    }
}
