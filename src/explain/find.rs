//! Finding what somebody asks for: by name, by kind, by provision, or by the words of its text.

use strum::VariantArray;

use super::{Entry, Glossary, Sort};
use crate::citation::{Asked, provisions};

/// What a topic leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    /// Things of that name.
    Entries(Vec<&'a Entry>),
    /// A kind of things.
    Kind(Sort, Vec<&'a Entry>),
    /// Things whose text has the words.
    Hits(Vec<&'a Entry>),
    /// Nothing; names that come near.
    Nothing(Vec<&'a str>),
}

/// More things of one name than this are listed, not shown.
const MOST: usize = 5;
/// How many names are offered where nothing is found.
const OFFERS: usize = 3;
/// The longest topic, in characters.
const LONGEST: usize = 1_000;
/// How like a name must be to be offered.
const LIKE: f64 = 0.8;

impl Glossary {
    /// What a topic leads to.
    pub fn find(&self, topic: &str) -> Found<'_> {
        if topic.chars().nth(LONGEST).is_some() {
            return Found::Nothing(Vec::new());
        }
        let topic = topic.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let named = self.named(&topic);
        if !named.is_empty() {
            return if named.len() > MOST { Found::Hits(named) } else { Found::Entries(named) };
        }
        if let Some(kind) = Sort::VARIANTS.iter().find(|kind| is_kind(&topic, **kind)) {
            return Found::Kind(*kind, self.of_kind(*kind).collect());
        }
        if let Some(found) = self.provision(&topic) {
            return found;
        }
        let hits = self.search(&topic);
        match hits.len() {
            0 => Found::Nothing(self.nearest(&topic)),
            1 => Found::Entries(hits),
            _ => Found::Hits(hits),
        }
    }

    /// Things of that name, spaces written as the names have them; "country pl" asks for a country.
    fn named(&self, topic: &str) -> Vec<&Entry> {
        let of = |topic: &str, kind: Option<Sort>| {
            let written = [topic.to_owned(), topic.replace(' ', "."), topic.replace(' ', "-"), topic.replace(' ', "_")];
            let found = |e: &&Entry| kind.is_none_or(|k| k == e.kind) && e.names.iter().any(|name| written.contains(name));
            self.entries.iter().filter(found).collect::<Vec<_>>()
        };
        let found = of(topic, None);
        if !found.is_empty() {
            return found;
        }
        let within = |kind: &Sort| {
            let rest = topic.strip_prefix(kind.id()).or_else(|| topic.strip_prefix(&kind.id().replace('-', " ")))?;
            Some(of(rest.strip_prefix(' ')?, Some(*kind))).filter(|found| !found.is_empty())
        };
        Sort::VARIANTS.iter().find_map(within).unwrap_or_default()
    }

    /// A provision: of the GDPR where no law is named and it has one of that number.
    fn provision(&self, topic: &str) -> Option<Found<'_>> {
        let asked = Asked::read(topic)?;
        let all: Vec<(&Entry, String, String)> = self
            .of_kind(Sort::Article)
            .filter_map(|e| Some((e, provisions(&e.id).into_iter().find(|p| asked.holds(p))?)))
            .map(|(e, p)| (e, p.law, p.at.to_lowercase()))
            .collect();
        let exactly: Vec<&Entry> =
            all.iter().filter(|(_, law, _)| asked.law.len() == 1 && law.to_lowercase() == asked.law[0]).map(|(e, ..)| *e).collect();
        let default: Vec<&Entry> = all.iter().filter(|(_, law, _)| asked.law.is_empty() && *law == self.book.law).map(|(e, ..)| *e).collect();
        let list = [exactly, default, all.iter().map(|(e, ..)| *e).collect()].into_iter().find(|list: &Vec<&Entry>| !list.is_empty())?;
        let here: Vec<&Entry> =
            list.iter().copied().filter(|e| all.iter().any(|(o, _, at)| o.id == e.id && *at == asked.at.to_lowercase())).collect();
        Some(match here.is_empty() {
            false if here.len() <= MOST => Found::Entries(here),
            _ => Found::Hits(list),
        })
    }

    /// Things whose text has all the words, those that have them in their name first.
    fn search(&self, topic: &str) -> Vec<&Entry> {
        let words: Vec<&str> = topic.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let has = |text: &str| words.iter().all(|word| text.contains(word));
        let of_name = |e: &Entry| has(&e.names.join(" "));
        let mut hits: Vec<(bool, &Entry)> =
            self.entries.iter().map(|e| (!of_name(e), e)).filter(|(other, e)| !other || has(&everything(e))).collect();
        hits.sort_by_key(|(other, _)| *other);
        hits.into_iter().map(|(_, e)| e).collect()
    }

    /// Names that are spelled alike, the likest first.
    fn nearest(&self, topic: &str) -> Vec<&str> {
        let names = self.entries.iter().flat_map(|e| e.names.iter().chain([&e.id]).map(String::as_str));
        let mut like: Vec<(f64, &str)> =
            names.map(|name| (strsim::jaro_winkler(topic, &name.to_lowercase()), name)).filter(|(n, _)| *n > LIKE).collect();
        like.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        like.dedup_by_key(|(_, name)| *name);
        like.into_iter().map(|(_, name)| name).take(OFFERS).collect()
    }
}

/// Whether a topic is a kind, in the singular or the plural.
fn is_kind(topic: &str, kind: Sort) -> bool {
    let topic = topic.replace(' ', "-");
    let id = kind.id();
    let stem = id.strip_suffix('y').unwrap_or(id);
    topic == id || [format!("{id}s"), format!("{id}es"), format!("{stem}ies")].contains(&topic)
}

/// All that is said of a thing, in lower case.
fn everything(e: &Entry) -> String {
    let mut all = vec![e.text.as_deref().unwrap_or_default(), e.note.as_deref().unwrap_or_default()];
    all.extend(e.examples.iter().map(String::as_str));
    for source in &e.sources {
        all.push(&source.title);
    }
    for (_, value) in &e.details.0 {
        match value {
            serde_json::Value::String(text) => all.push(text),
            serde_json::Value::Array(list) => all.extend(list.iter().filter_map(|v| v.as_str())),
            _ => {}
        }
    }
    all.join(" ").to_lowercase()
}
