//! What is said beyond the tables, a part of each file in `data/texts/`: labels, codes, words of results, provisions, topics.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Cited, Entry, Sort};
use crate::language::Language;
use crate::provenance::{Day, Source, Sure};
use crate::texts::fill;

/// The explanations in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// The day on which a person last held it against its sources.
    pub checked: Day,
    /// The law that is meant where a provision is named alone.
    pub law: String,
    sources: Vec<Source>,
    say: BTreeMap<String, String>,
    /// Headings of kinds.
    pub kinds: BTreeMap<String, String>,
    /// Labels of details.
    pub labels: BTreeMap<String, String>,
    /// Codes of diagnostics.
    pub diagnostics: BTreeMap<String, Said>,
    /// Codes of notes.
    pub notes: BTreeMap<String, Said>,
    /// Codes of the gate's findings.
    pub findings: BTreeMap<String, Said>,
    /// Words of results and tables, by what they are words of.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    articles: Vec<Article>,
    topics: Vec<Topic>,
}

/// The part as it stands in the file.
#[derive(Deserialize)]
struct Part {
    explain: Book,
}

/// What a code means, and what to do about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Said {
    pub means: String,
    pub mend: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    at: String,
    text: String,
    source: Vec<String>,
    #[serde(default)]
    see: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    id: String,
    #[serde(default)]
    names: Vec<String>,
    title: String,
    text: String,
    source: Vec<String>,
    sure: Option<Sure>,
    note: Option<String>,
    #[serde(default)]
    see: Vec<String>,
}

impl Book {
    /// That of a language.
    pub fn of(language: Language) -> Book {
        language.read::<Part>().explain
    }

    /// The English one.
    pub fn english() -> Book {
        Book::of(Language::ENGLISH)
    }

    /// A sentence with its values filled in; its key where there is none.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.say.get(key).map_or(key, String::as_str), values.iter().copied())
    }

    /// The heading of a kind.
    pub fn kind(&self, kind: Sort) -> &str {
        self.kinds.get(kind.id()).map_or(kind.id(), String::as_str)
    }

    /// The label of a detail.
    pub fn label<'a>(&'a self, key: &'a str) -> &'a str {
        self.labels.get(key).map_or(key, String::as_str)
    }

    fn cited(&self, ids: &[String]) -> Vec<Cited> {
        let of = |source: &Source| Cited { title: source.title.clone(), url: source.url.clone(), sure: source.sure.id().to_owned() };
        ids.iter().filter_map(|id| self.sources.iter().find(|s| s.id == *id)).map(of).collect()
    }

    /// Its topics.
    pub(super) fn topics(&self) -> Vec<Entry> {
        let entry = |topic: &Topic| Entry {
            names: topic.names.clone(),
            text: Some(topic.text.clone()),
            note: topic.note.clone(),
            sources: self.cited(&topic.source),
            sure: topic.sure.map(|s| s.id().to_owned()),
            checked: Some(self.checked.to_string()),
            see: topic.see.clone(),
            ..Entry::new(Sort::Topic, &topic.id, &topic.title)
        };
        self.topics.iter().map(entry).collect()
    }

    /// Its provisions.
    pub(super) fn articles(&self) -> Vec<Entry> {
        let entry = |article: &Article| Entry {
            text: Some(article.text.clone()),
            sources: self.cited(&article.source),
            checked: Some(self.checked.to_string()),
            see: article.see.clone(),
            ..Entry::new(Sort::Article, &article.at, &article.at)
        };
        self.articles.iter().map(entry).collect()
    }
}
