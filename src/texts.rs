//! Texts: every sentence said about an incident, looked up by key. One file a language in `data/texts/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::note::Note;
use crate::tables::ready;

/// The sentences of one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The language, ISO 639-1.
    pub language: String,
    /// Sentences of the outputs.
    say: BTreeMap<String, String>,
    /// Sentences of the notes, by code.
    notes: BTreeMap<String, String>,
    /// Sentences of the gate's findings.
    findings: BTreeMap<String, String>,
    /// Short names of answers, by path.
    fields: BTreeMap<String, String>,
}

/// The languages there are.
const BUILT_IN: &[(&str, &str)] = &[("en", include_str!("../data/texts/en.toml"))];

impl Texts {
    /// The texts of a language.
    ///
    /// # Panics
    /// Never with the built-in files, which a test reads.
    pub fn of(language: &str) -> Option<Texts> {
        let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == language)?;
        ready::read(text).or_else(|| toml::from_str(text).ok())
    }

    /// English, which JSON speaks too.
    pub fn english() -> Texts {
        Texts::of("en").unwrap_or_else(|| unreachable!("the English texts are built in and tested"))
    }

    /// A sentence with its values filled in: `{name}`.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.say.get(key).map_or(key, String::as_str), values.iter().copied())
    }

    /// A note's sentence.
    pub fn note(&self, note: &Note) -> String {
        let path = note.path.as_deref().unwrap_or_default();
        let values = note.values.iter().map(|(k, v)| (*k, v.as_str())).chain([("path", path)]);
        fill(self.notes.get(note.code.id()).map_or(note.code.id(), String::as_str), values)
    }

    /// The sentence of a finding, or a word for one.
    pub fn finding(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.findings.get(key).map_or(key, String::as_str), values.iter().copied())
    }

    /// The short name of an answer; its path where it has none.
    pub fn field(&self, path: &str) -> String {
        self.fields.get(path).cloned().unwrap_or_else(|| path.to_owned())
    }

    /// Whether there is a sentence of that key.
    pub fn has(&self, key: &str) -> bool {
        self.say.contains_key(key)
    }

    /// Whether there is a sentence for a finding.
    pub fn has_finding(&self, key: &str) -> bool {
        self.findings.contains_key(key)
    }

    /// Whether there is a sentence for a note.
    pub fn has_note(&self, code: &str) -> bool {
        self.notes.contains_key(code)
    }
}

/// A text with its values in the places of `{name}`.
pub(crate) fn fill<'a>(text: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    // one pass over the text, so that a value that looks like a placeholder stays as it is
    let values: Vec<_> = values.collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = tail.find('}') else {
            rest = tail;
            break;
        };
        match values.iter().find(|(name, _)| *name == &tail[1..close]) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&tail[..=close]),
        }
        rest = &tail[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::NoteCode;
    use strum::VariantArray;

    #[test]
    fn every_note_has_its_sentence_in_every_language() {
        for (language, _) in BUILT_IN {
            let texts = Texts::of(language).expect(language);
            for code in NoteCode::VARIANTS {
                assert!(texts.has_note(code.id()), "{language}: {}", code.id());
            }
        }
    }

    #[test]
    fn every_finding_has_its_sentence_in_every_language() {
        for (language, _) in BUILT_IN {
            let texts = Texts::of(language).expect(language);
            for key in crate::check::Says::VARIANTS.iter().map(|says| says.id()).chain(["none", "summary"]) {
                assert!(texts.has_finding(key), "{language}: {key}");
            }
        }
    }

    #[test]
    fn values_are_filled_in_once() {
        let values = [("a", "{b}"), ("b", "no")];
        assert_eq!(fill("{a} {c} {", values.into_iter()), "{b} {c} {");
    }
}
