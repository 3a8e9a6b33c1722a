//! Texts: every sentence said about an incident, a table or a finding, looked up by key, in one language.

mod dictionary;

use std::borrow::{Borrow, Cow};
use std::fmt::{self, Display};

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer};
use unic_langid::LanguageIdentifier;

use self::dictionary::{Dictionary, Said};
use crate::language::Language;
use crate::note::Note;
use crate::tongues::Tongues;

/// The sentences of one language.
#[derive(Clone, Debug)]
pub struct Texts {
    /// The language.
    pub language: Language,
    sentences: Sentences,
    tables: Translations,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Sentences {
    /// What stands between whole numbers and their parts.
    decimal: String,
    /// Sentences of the outputs.
    say: Dictionary<Sentence>,
    /// Sentences of the notes, by code.
    notes: Dictionary<Sentence>,
    /// Sentences of the gate's findings.
    findings: Dictionary<Sentence>,
    /// Short names of answers, by path.
    fields: Dictionary<Said>,
    /// What words of the incident format are called on paper, by the path that they stand at.
    words: Dictionary<Dictionary<Said>>,
    /// What the built-in tables say, by their English words.
    tables: Dictionary<Said>,
}

/// What the built-in tables say in a language, by their English words; empty in English.
#[derive(Clone, Debug)]
pub struct Translations {
    language: Language,
    tables: Dictionary<Said>,
}

/// The part as it stands in the file.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Part {
    tables: Dictionary<Said>,
}

impl Translations {
    /// Those of a language.
    pub fn of(language: Language) -> Translations {
        Translations { language, tables: language.read::<Part>().tables }
    }

    /// What a table says; as the table has it where nobody translated that, as in tables of the user's own.
    pub fn table<'a>(&'a self, english: &'a str) -> &'a str {
        self.tables.get(english).map_or(english, Said::borrow)
    }

    /// What a table says in several languages: its author's own words in this one, or their translation.
    pub fn tongues<'a>(&'a self, text: &'a Tongues) -> &'a str {
        text.of(self.language).unwrap_or_else(|| self.table(&text.en))
    }
}

/// A sentence with places for values, `{name}`.
#[derive(Clone, Debug)]
enum Sentence {
    /// The same for every number.
    Plain(Said),
    /// By the number that the value `by` gives: a form for each of the language's plural categories (CLDR: one, few, many, other …).
    Counted { by: Said, forms: Dictionary<Said> },
}

// an untagged enum would be kept whole before it is told which of the two it is, and there are hundreds
impl<'de: 'static> Deserialize<'de> for Sentence {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Sentence, D::Error> {
        input.deserialize_any(SentenceVisitor)
    }
}

struct SentenceVisitor;

impl<'de: 'static> de::Visitor<'de> for SentenceVisitor {
    type Value = Sentence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sentence, or its forms")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Sentence, E> {
        Ok(Sentence::Plain(Said(text.into())))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Sentence, E> {
        Ok(Sentence::Plain(Said(text.to_owned().into())))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Sentence, A::Error> {
        let mut forms = Dictionary::<Said>::deserialize(MapAccessDeserializer::new(map))?;
        let by = forms.take("by").ok_or_else(|| de::Error::missing_field("by"))?;
        Ok(Sentence::Counted { by, forms })
    }
}

impl Texts {
    /// The texts of a language.
    pub fn of(language: Language) -> Texts {
        let mut sentences: Sentences = language.read();
        let tables = Translations { language, tables: std::mem::take(&mut sentences.tables) };
        Texts { language, sentences, tables }
    }

    /// English, which JSON speaks too.
    pub fn english() -> Texts {
        Texts::of(Language::ENGLISH)
    }

    /// A sentence with its values filled in: `{name}`.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.filled(&self.sentences.say, key, values)
    }

    /// A note's sentence, to be printed.
    pub fn note<'a>(&'a self, note: &'a Note) -> impl Display + 'a {
        NoteSentence { texts: self, note }
    }

    /// The sentence of a finding, or a word for one.
    pub fn finding(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.filled(&self.sentences.findings, key, values)
    }

    /// The short name of an answer; its path where it has none.
    pub fn field(&self, path: &str) -> String {
        self.sentences.fields.get(path).map_or(path, Said::borrow).to_owned()
    }

    /// A word of the incident format as it is called on paper; the word itself where it has no name.
    pub fn word<'a>(&'a self, path: &str, word: &'a str) -> &'a str {
        self.sentences.words.get(path).and_then(|words| words.get(word)).map_or(word, Said::borrow)
    }

    /// What a table says, in this language if it can be had.
    pub fn table<'a>(&'a self, english: &'a str) -> &'a str {
        self.tables.table(english)
    }

    /// Whether there is a translation of what a table says.
    pub fn has_table(&self, english: &str) -> bool {
        self.tables.tables.get(english).is_some()
    }

    /// What a table says in several languages, in this one if it can be had.
    pub fn tongues<'a>(&'a self, text: &'a Tongues) -> &'a str {
        self.tables.tongues(text)
    }

    /// A number as this language writes it.
    pub fn number(&self, number: impl ToString) -> String {
        number.to_string().replace('.', &self.sentences.decimal)
    }

    /// Whether there is a sentence of that key.
    pub fn has(&self, key: &str) -> bool {
        self.sentences.say.get(key).is_some()
    }

    fn filled(&self, sentences: &Dictionary<Sentence>, key: &str, values: &[(&str, &str)]) -> String {
        let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        let mut out = String::new();
        self.fill_to(&mut out, sentences, key, value).unwrap_or_else(|e| unreachable!("{e}"));
        out
    }

    fn fill_to<'v>(
        &self,
        out: &mut impl fmt::Write,
        sentences: &Dictionary<Sentence>,
        key: &str,
        value: impl Fn(&str) -> Option<Cow<'v, str>>,
    ) -> fmt::Result {
        let text = match sentences.get(key) {
            None => key,
            Some(Sentence::Plain(text)) => text.borrow(),
            Some(Sentence::Counted { by, forms }) => {
                let count = value(&by.0).unwrap_or_default();
                forms.get(self.plural(&count)).or_else(|| forms.get(OTHER)).map_or(key, Said::borrow)
            }
        };
        fill_to(out, text, value)
    }

    /// The plural category of a number, by the rules that CLDR has for the language.
    fn plural(&self, count: &str) -> &'static str {
        let id = self.language.id().parse::<LanguageIdentifier>().ok();
        let rules = id.and_then(|id| PluralRules::create(id, PluralRuleType::CARDINAL).ok());
        let count = count.replace(&self.sentences.decimal, ".");
        match rules.and_then(|rules| rules.select(count.as_str()).ok()) {
            Some(PluralCategory::ZERO) => "zero",
            Some(PluralCategory::ONE) => "one",
            Some(PluralCategory::TWO) => "two",
            Some(PluralCategory::FEW) => "few",
            Some(PluralCategory::MANY) => "many",
            Some(PluralCategory::OTHER) | None => OTHER,
        }
    }
}

/// The plural category that every language has.
const OTHER: &str = "other";

/// The sentence of a note, which is put together where it is printed.
struct NoteSentence<'a> {
    texts: &'a Texts,
    note: &'a Note,
}

impl Display for NoteSentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.texts.fill_to(f, &self.texts.sentences.notes, self.note.code.id(), |name| self.value(name))
    }
}

impl<'a> NoteSentence<'a> {
    /// What stands at `{name}`.
    fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let Some((_, value)) = self.note.values.iter().find(|(known, _)| *known == name) else {
            return (name == "path").then(|| self.note.path.as_deref().unwrap_or_default().into());
        };
        Some(match name {
            "action" => self.texts.say(&format!("action-{value}"), &[]).into(),
            // what tables say
            "title" | "who" | "law" | "answer" | "provision" => self.texts.table(value).into(),
            "own" | "computed" => self.texts.word("decision.risk", value).into(),
            "claim" => self.texts.word("claims.reasons", value).into(),
            "sector" => self.texts.word("controller.sector", value).into(),
            _ => value.into(),
        })
    }
}

/// A text with its values in the places of `{name}`.
pub(crate) fn fill<'a>(text: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let values: Vec<_> = values.collect();
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
    let mut out = String::with_capacity(text.len());
    fill_to(&mut out, text, value).unwrap_or_else(|e| unreachable!("{e}"));
    out
}

/// Writes a text with its values in the places of `{name}`. One pass over the text, so that a value that looks like a placeholder stays as it is.
fn fill_to<'v>(out: &mut impl fmt::Write, text: &str, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> fmt::Result {
    let mut rest = text;
    while let Some(open) = memchr::memchr(b'{', rest.as_bytes()) {
        let (before, tail) = rest.split_at(open);
        out.write_str(before)?;
        let Some(close) = memchr::memchr(b'}', tail.as_bytes()) else {
            rest = tail;
            break;
        };
        match value(&tail[1..close]) {
            Some(value) => out.write_str(&value)?,
            None => out.write_str(&tail[..=close])?,
        }
        rest = &tail[close + 1..];
    }
    out.write_str(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::NoteCode;
    use strum::VariantArray;

    impl Sentence {
        fn forms(&self) -> Vec<&str> {
            match self {
                Sentence::Plain(text) => vec![text.borrow()],
                Sentence::Counted { forms, .. } => forms.iter().map(|(_, text)| text.borrow()).collect(),
            }
        }
    }

    /// The places for values in a text, in the order of their names.
    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn every_note_has_its_sentence() {
        let texts = Texts::english();
        for code in NoteCode::VARIANTS {
            assert!(texts.sentences.notes.get(code.id()).is_some(), "{}", code.id());
        }
    }

    #[test]
    fn every_finding_has_its_sentence() {
        let texts = Texts::english();
        for key in crate::check::Says::VARIANTS.iter().map(|says| says.id()).chain(["none", "summary"]) {
            assert!(texts.sentences.findings.get(key).is_some(), "{key}");
        }
    }

    #[test]
    fn every_language_says_the_same_with_the_same_values() {
        let english = Texts::english().sentences;
        for texts in Language::all().map(Texts::of) {
            let (language, other) = (texts.language, &texts.sentences);
            for (section, english, other) in
                [("say", &english.say, &other.say), ("notes", &english.notes, &other.notes), ("findings", &english.findings, &other.findings)]
            {
                assert!(english.keys().eq(other.keys()), "{language}: [{section}] {:?}", differing(english, other));
                for (key, sentence) in other.iter() {
                    for text in sentence.forms() {
                        assert!(!text.trim().is_empty(), "{language}: {key} is empty");
                        assert_eq!(places(text), places(english.get(key).unwrap().forms()[0]), "{language}: {key}");
                    }
                }
            }
            assert!(english.fields.keys().eq(other.fields.keys()), "{language}: [fields] {:?}", differing(&english.fields, &other.fields));
            assert!(english.words.keys().eq(other.words.keys()), "{language}: [words]");
            for (path, words) in other.words.iter() {
                let english = english.words.get(path).unwrap();
                assert!(english.keys().eq(words.keys()), "{language}: {path} {:?}", differing(english, words));
            }
        }
    }

    fn differing<'a, V>(a: &'a Dictionary<V>, b: &'a Dictionary<V>) -> Vec<&'a str> {
        let only_a = a.keys().filter(|key| b.get(key).is_none());
        only_a.chain(b.keys().filter(|key| a.get(key).is_none())).collect()
    }

    #[test]
    fn plural_forms_are_those_of_the_language() {
        let forms = |language: &str| {
            let texts = Texts::of(language.parse().unwrap());
            ["1", "2", "5", "12", "22", "0.5", "1.5"].map(|n| texts.plural(&texts.number(n)))
        };
        assert_eq!(forms("en"), ["one", "other", "other", "other", "other", "other", "other"]);
        assert_eq!(forms("pl"), ["one", "few", "many", "many", "few", "other", "other"]);
        assert_eq!(forms("hu"), ["one", "other", "other", "other", "other", "other", "other"]);
    }

    #[test]
    fn counted_sentences_have_every_form_that_their_language_asks_for() {
        for texts in Language::all().map(Texts::of) {
            let needed: Vec<&str> = (0..200).map(|n| texts.plural(&n.to_string())).chain([texts.plural(&texts.number("0.5"))]).collect();
            for (key, sentence) in texts.sentences.say.iter().chain(texts.sentences.notes.iter()).chain(texts.sentences.findings.iter()) {
                if let Sentence::Counted { by, forms } = sentence {
                    assert!(needed.iter().all(|form| forms.get(form).is_some()), "{}: {key}", texts.language);
                    assert!(forms.keys().all(|form| needed.contains(&form)), "{}: {key}", texts.language);
                    assert!(forms.iter().all(|(_, text)| places(&text.0).contains(&by.borrow())), "{}: {key}", texts.language);
                }
            }
        }
    }

    #[test]
    fn values_are_filled_in_once() {
        let values = [("a", "{b}"), ("b", "no")];
        assert_eq!(fill("{a} {c} {", values.into_iter()), "{b} {c} {");
    }
}
