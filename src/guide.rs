//! What every answer of an incident file is for, in words: what the schema, the template and the interview say. A part of each file in `data/texts/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::incident::format::{FIELDS, Kind};
use crate::incident::words::*;
use crate::language::Language;
use crate::method::{Method, Scored};
use crate::texts::{Translations, fill};
use crate::tongues::Tongues;

/// The sentences of one language.
#[derive(Clone, Debug)]
pub struct Guide {
    sentences: Sentences,
    translations: Translations,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    say: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
    words: BTreeMap<String, BTreeMap<String, String>>,
}

/// The part as it stands in the file.
#[derive(Deserialize)]
struct Part {
    guide: Sentences,
}

impl Guide {
    /// The sentences of a language.
    pub fn of(language: Language) -> Guide {
        Guide { sentences: language.read::<Part>().guide, translations: Translations::of(language) }
    }

    /// English.
    pub fn english() -> Guide {
        Guide::of(Language::ENGLISH)
    }

    /// A sentence with its values filled in: `{name}`.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.sentences.say.get(key).map_or(key, String::as_str), values.iter().copied())
    }

    /// What a table says, in this language if it can be had.
    pub fn table<'a>(&'a self, english: &'a str) -> &'a str {
        self.translations.table(english)
    }

    /// What a table says in several languages, in this one if it can be had.
    pub fn tongues<'a>(&'a self, text: &'a Tongues) -> &'a str {
        self.translations.tongues(text)
    }

    /// What an answer or a table is for; its path where nobody wrote that down.
    pub fn about<'a>(&'a self, path: &'a str) -> &'a str {
        self.sentences.fields.get(path).or_else(|| self.sentences.tables.get(path)).map_or(path, String::as_str)
    }

    /// What a word of an answer means: the method's criterion where it has one.
    pub fn word(&self, path: &str, word: &str, method: &Method) -> Option<String> {
        fn criterion<T: Word>(all: &[Scored<T>], word: &str) -> Option<String> {
            all.iter().find(|s| s.id.id() == word).map(|s| s.criterion.clone())
        }
        let english = match path {
            "identification.level" => criterion(&method.identification, word),
            "confidentiality.loss" => criterion(&method.confidentiality, word),
            "integrity.loss" => criterion(&method.integrity, word),
            "availability.loss" => criterion(&method.availability, word),
            "intent.malicious" if word == "true" => Some(method.malicious.criterion.clone()),
            _ if path.starts_with("data.") && path.ends_with(".because") => {
                method.factors.iter().find(|f| f.because.is_some_and(|b| b.id() == word)).map(|f| f.description.clone())
            }
            _ => self.sentences.words.get(path).or_else(|| self.sentences.words.get("true-false")).and_then(|words| words.get(word)).cloned(),
        };
        english.map(|text| self.table(&text).to_owned())
    }

    /// The method's examples of a word.
    pub fn examples<'m>(&'m self, path: &str, word: &str, method: &'m Method) -> Vec<&'m str> {
        fn of<'m, T: Word>(all: &'m [Scored<T>], word: &str) -> Vec<&'m str> {
            all.iter().filter(|s| s.id.id() == word).flat_map(|s| &s.examples).map(|e| e.text.as_str()).collect()
        }
        let english = match path {
            "identification.level" => of(&method.identification, word),
            "confidentiality.loss" => of(&method.confidentiality, word),
            "integrity.loss" => of(&method.integrity, word),
            "availability.loss" => of(&method.availability, word),
            "intent.malicious" if word == "true" => method.malicious.examples.iter().map(|e| e.text.as_str()).collect(),
            _ => Vec::new(),
        };
        english.into_iter().map(|text| self.table(text)).collect()
    }

    /// What is missing: answers and words without a sentence, and sentences without an answer.
    pub fn gaps(&self, method: &Method) -> Vec<String> {
        let mut gaps = Vec::new();
        for field in FIELDS {
            let table = matches!(field.kind, Kind::Table | Kind::Tables);
            if !(if table { &self.sentences.tables } else { &self.sentences.fields }).contains_key(field.path) {
                gaps.push(format!("{} has no sentence", field.path));
            }
            if let Kind::Word(words) | Kind::Words(words, _) = field.kind {
                let without = words.iter().filter(|word| self.word(field.path, word, method).is_none());
                gaps.extend(without.map(|word| format!("{}: {word} has no sentence", field.path)));
            }
        }
        let known = |path: &str| path.is_empty() || FIELDS.iter().any(|f| f.path == path);
        gaps.extend(
            self.sentences.tables.keys().chain(self.sentences.fields.keys()).filter(|path| !known(path)).map(|path| format!("{path} is no answer")),
        );
        for (path, words) in &self.sentences.words {
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
        for language in Language::all() {
            let guide = Guide::of(language);
            assert_eq!(guide.gaps(&method), Vec::<String>::new(), "{language}");
            let english = Guide::english();
            assert!(guide.sentences.say.keys().eq(english.sentences.say.keys()), "{language}");
        }
    }
}
