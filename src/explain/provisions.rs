//! Entries for provisions: what each says, in our own words where there are any, and what rests on it.

use std::collections::BTreeMap;

use super::{Book, Entry, Sort};
use crate::citation::{Provision, provisions};

/// An entry for every provision that the tables cite or the book tells of.
pub fn entries(book: &Book, all: &[Entry]) -> Vec<Entry> {
    let mut cited: BTreeMap<Provision, Vec<String>> = BTreeMap::new();
    let mut note = |citation: &str, by: &str| {
        for provision in provisions(citation) {
            let list = cited.entry(provision).or_default();
            if !list.iter().any(|other| other == by) {
                list.push(by.to_owned());
            }
        }
    };
    for entry in all {
        for (key, value) in &entry.details.0 {
            match (key.as_str(), value) {
                ("provision", serde_json::Value::String(citation)) => note(citation, &format!("{} {}", entry.kind.id(), entry.id)),
                ("content", serde_json::Value::Array(lines)) => {
                    for line in lines.iter().filter_map(|l| l.as_str()) {
                        let (path, rest) = line.split_once(" [").unwrap_or((line, ""));
                        note(rest.split(']').next().unwrap_or_default(), &format!("content {path} of {}", entry.id));
                    }
                }
                _ => {}
            }
        }
    }
    let mut told: BTreeMap<Provision, Entry> = book.articles().into_iter().filter_map(|e| Some((provisions(&e.id).pop()?, e))).collect();
    for (provision, by) in cited {
        let name = provision.to_string();
        let entry = told.entry(provision).or_insert_with(|| Entry::new(Sort::Article, &name, &name));
        entry.detail("cited_by", by);
    }
    let mut told: Vec<(Provision, Entry)> = told.into_iter().collect();
    told.sort_by(|(a, _), (b, _)| (a.law != book.law, &a.law, a.order()).cmp(&(b.law != book.law, &b.law, b.order())));
    told.into_iter().map(|(_, entry)| entry).collect()
}
