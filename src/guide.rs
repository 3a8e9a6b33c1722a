//! What every answer of an incident file is for, in words: what the schema, the template and the interview say. One file a language in `data/texts/template/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::Language;
use crate::incident::format::{FIELDS, Kind};
use crate::incident::words::*;
use crate::method::{Method, Scored};
use crate::texts::fill;

/// The sentences of one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The language, ISO 639-1.
    pub language: String,
    say: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
    words: BTreeMap<String, BTreeMap<String, String>>,
}

/// The languages there are.
const BUILT_IN: &[(Language, &str)] = &[
    (Language::En, include_str!("../data/texts/template/en.toml")),
    (Language::Pl, include_str!("../data/texts/template/pl.toml")),
    (Language::Hu, include_str!("../data/texts/template/hu.toml")),
];

impl Guide {
    /// The sentences of a language.
    pub fn of(language: Language) -> Guide {
        let built_in = BUILT_IN.iter().find(|(id, _)| *id == language).and_then(|(_, text)| toml::from_str(text).ok());
        built_in.unwrap_or_else(|| unreachable!("the sentences of every language are built in and tested"))
    }

    /// English.
    pub fn english() -> Guide {
        Guide::of(Language::En)
    }

    /// A sentence with its values filled in: `{name}`.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.say.get(key).map_or(key, String::as_str), values.iter().copied())
    }

    /// What an answer or a table is for; its path where nobody wrote that down.
    pub fn about<'a>(&'a self, path: &'a str) -> &'a str {
        self.fields.get(path).or_else(|| self.tables.get(path)).map_or(path, String::as_str)
    }

    /// What a word of an answer means: the method's criterion where it has one.
    pub fn word(&self, path: &str, word: &str, method: &Method) -> Option<String> {
        fn criterion<T: Word>(all: &[Scored<T>], word: &str) -> Option<String> {
            all.iter().find(|s| s.id.id() == word).map(|s| s.criterion.clone())
        }
        match path {
            "identification.level" => criterion(&method.identification, word),
            "confidentiality.loss" => criterion(&method.confidentiality, word),
            "integrity.loss" => criterion(&method.integrity, word),
            "availability.loss" => criterion(&method.availability, word),
            "intent.malicious" if word == "true" => Some(method.malicious.criterion.clone()),
            _ if path.starts_with("data.") && path.ends_with(".because") => {
                method.factors.iter().find(|f| f.because.is_some_and(|b| b.id() == word)).map(|f| f.description.clone())
            }
            _ => self.words.get(path).or_else(|| self.words.get("true-false")).and_then(|words| words.get(word)).cloned(),
        }
    }

    /// The method's examples of a word.
    pub fn examples<'m>(&self, path: &str, word: &str, method: &'m Method) -> Vec<&'m str> {
        fn of<'m, T: Word>(all: &'m [Scored<T>], word: &str) -> Vec<&'m str> {
            all.iter().filter(|s| s.id.id() == word).flat_map(|s| &s.examples).map(|e| e.text.as_str()).collect()
        }
        match path {
            "identification.level" => of(&method.identification, word),
            "confidentiality.loss" => of(&method.confidentiality, word),
            "integrity.loss" => of(&method.integrity, word),
            "availability.loss" => of(&method.availability, word),
            "intent.malicious" if word == "true" => method.malicious.examples.iter().map(|e| e.text.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// What is missing: answers and words without a sentence, and sentences without an answer.
    pub fn gaps(&self, method: &Method) -> Vec<String> {
        let mut gaps = Vec::new();
        for field in FIELDS {
            let table = matches!(field.kind, Kind::Table | Kind::Tables);
            if !(if table { &self.tables } else { &self.fields }).contains_key(field.path) {
                gaps.push(format!("{} has no sentence", field.path));
            }
            if let Kind::Word(words) | Kind::Words(words, _) = field.kind {
                let without = words.iter().filter(|word| self.word(field.path, word, method).is_none());
                gaps.extend(without.map(|word| format!("{}: {word} has no sentence", field.path)));
            }
        }
        let known = |path: &str| path.is_empty() || FIELDS.iter().any(|f| f.path == path);
        gaps.extend(self.tables.keys().chain(self.fields.keys()).filter(|path| !known(path)).map(|path| format!("{path} is no answer")));
        for (path, words) in &self.words {
            let allowed = FIELDS.iter().find(|f| f.path == path).and_then(|f| match f.kind {
                Kind::Word(words) | Kind::Words(words, _) => Some(words),
                _ => None,
            });
            let flags: &[&str] = &["true", "false", "unknown"];
            let allowed = if path == "true-false" { Some(flags) } else { allowed };
            let strange = words.keys().filter(|word| !allowed.is_some_and(|a| a.contains(&word.as_str())));
            gaps.extend(strange.map(|word| format!("{path}: {word} is no word of it")));
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{Choice, Tables};

    #[test]
    fn every_answer_and_word_has_its_sentence_in_every_language() {
        let method = Tables::default().method(&Choice::Id("enisa-2013".into())).unwrap().table;
        for language in [Language::En, Language::Pl, Language::Hu] {
            let guide = Guide::of(language);
            let id: &str = language.into();
            assert_eq!(guide.language, id);
            assert_eq!(guide.gaps(&method), Vec::<String>::new(), "{id}");
            let english = Guide::english();
            assert!(guide.say.keys().eq(english.say.keys()), "{id}");
        }
    }
}
