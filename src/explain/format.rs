//! Entries for the file format, the words of results, and the codes.

use std::collections::BTreeMap;

use strum::VariantArray;

use super::book::Said;
use super::{Book, Entry, Sort};
use crate::check;
use crate::diag::Code;
use crate::guide::Guide;
use crate::incident::format::{FIELDS, Kind};
use crate::method::Method;
use crate::note::NoteCode;

/// What stands in no table: fields, words and codes. `so_far` are the entries of the tables, of which some are words of fields.
pub fn entries(book: &Book, method: &Method, so_far: &[Entry]) -> Vec<Entry> {
    let guide = Guide::english();
    let mentions = mentions(so_far);
    let mut found = Vec::new();
    for field in FIELDS {
        let path = field.path;
        let mut entry = Entry::new(Sort::Field, path, guide.about(path));
        let allowed: Vec<String> = match field.kind {
            Kind::Word(words) | Kind::Words(words, true) => words.iter().copied().chain(["unknown"]).map(str::to_owned).collect(),
            Kind::Words(words, false) => words.iter().map(|w| (*w).to_owned()).collect(),
            Kind::Flag => ["true", "false", "unknown"].map(str::to_owned).into(),
            _ => Vec::new(),
        };
        if !allowed.is_empty() {
            entry.detail("allowed", allowed);
        }
        for key in ["asked_by", "needed_for"] {
            if let Some(list) = mentions.get(&(key, path.to_owned())) {
                entry.detail(key, list.clone());
            }
        }
        found.push(entry);
        // words that a table has are explained there, with their criterion or their ground
        let of_table = |word: &str| {
            let id = format!("{path}.{word}");
            let by_name = |e: &Entry| matches!(e.kind, Sort::Factor | Sort::Claim) && e.names.iter().any(|name| name == word);
            so_far.iter().any(|e| e.id == id || (path.ends_with(".because") || path == "claims.reasons") && by_name(e))
        };
        if let Kind::Word(words) | Kind::Words(words, _) = field.kind {
            let of_words = words.iter().filter(|word| !of_table(word)).filter_map(|word| Some((word, guide.word(path, word, method)?)));
            found.extend(of_words.map(|(word, said)| Entry::new(Sort::Word, format!("{path}.{word}"), said).named(word)));
        }
    }
    for (at, words) in &book.words {
        for (word, said) in words {
            found.push(Entry::new(Sort::Word, format!("{at}.{word}"), said).named(word));
        }
    }
    for (kind, code) in codes() {
        // a test walks them all: there is none without its words
        let Some(said) = said(book, kind, code) else { continue };
        let mut entry = Entry { text: Some(said.means.clone()), ..Entry::new(kind, code, code) };
        entry.detail("mend", said.mend.clone());
        found.push(entry);
    }
    found
}

/// Every code that the program can give. A further family of codes joins here, with its words in `data/texts/`.
pub fn codes() -> impl Iterator<Item = (Sort, &'static str)> {
    let diagnostics = Code::VARIANTS.iter().map(|code| (Sort::Diagnostic, code.id()));
    let notes = NoteCode::VARIANTS.iter().map(|code| (Sort::Note, code.id()));
    let findings = check::Code::VARIANTS.iter().map(|code| (Sort::Finding, code.id()));
    diagnostics.chain(notes).chain(findings)
}

fn said<'b>(book: &'b Book, kind: Sort, code: &str) -> Option<&'b Said> {
    match kind {
        Sort::Note => book.notes.get(code),
        Sort::Finding => book.findings.get(code),
        _ => book.diagnostics.get(code),
    }
}

/// Which entries look at an answer, or need it, by what they do with it and by its path.
fn mentions(entries: &[Entry]) -> BTreeMap<(&'static str, String), Vec<String>> {
    let mut found: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for entry in entries {
        for (key, value) in &entry.details.0 {
            let does = match key.as_str() {
                "when" | "unless" | "flag" => "asked_by",
                "content" => "needed_for",
                _ => continue,
            };
            let lines = match value {
                serde_json::Value::Array(lines) => lines.as_slice(),
                one => std::slice::from_ref(one),
            };
            let by = format!("{} {}", entry.kind.id(), entry.id);
            for word in lines.iter().filter_map(|l| l.as_str()).flat_map(|line| line.split([' ', '(', ')', ';', ','])) {
                let list = found.entry((does, word.to_owned())).or_default();
                if list.last() != Some(&by) {
                    list.push(by.clone());
                }
            }
        }
    }
    found
}
