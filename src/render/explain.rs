//! Explanations as text and as JSON.

use serde::Serialize;
use serde_json::Value;

use super::text::{WIDTH, inert};
use crate::explain::{Book, Entry, Found, Glossary, Sort};

/// The name and version of the form in which explanations are written for programs.
const FORMAT: &str = "breach-explain/1";

/// Writes everything that can be explained, by kind.
pub fn map(glossary: &Glossary, colour: bool) -> String {
    let book = &glossary.book;
    let mut page = Page::new(book, colour);
    page.paragraph("", &book.say("map", &[]));
    for kind in kinds(glossary) {
        page.out.push('\n');
        page.heading(&book.say("map-kind", &[("kind", book.kind(kind)), ("id", kind.id())]));
        for (head, names) in grouped(glossary.of_kind(kind).map(|e| e.id.as_str())) {
            let head = if head.is_empty() { String::new() } else { format!("{head}: ") };
            page.paragraph("  ", &format!("{head}{}", names.join(", ")));
        }
    }
    page.out
}

/// Writes what a topic leads to.
pub fn text(found: &Found<'_>, topic: &str, book: &Book, colour: bool) -> String {
    let mut page = Page::new(book, colour);
    match found {
        Found::Entries(entries) => {
            for (i, entry) in entries.iter().enumerate() {
                if i > 0 {
                    page.out.push('\n');
                }
                page.entry(entry);
            }
        }
        Found::Kind(kind, entries) => {
            page.heading(&book.say("list-kind", &[("kind", book.kind(*kind))]));
            page.list(entries);
        }
        Found::Hits(entries) => {
            page.paragraph("", &book.say("hits", &[("n", &entries.len().to_string())]));
            page.list(entries);
        }
        Found::Nothing(_) => page.paragraph("", &nothing(found, topic, book)),
    }
    page.out
}

/// What is said where nothing is found.
pub fn nothing(found: &Found<'_>, topic: &str, book: &Book) -> String {
    let near = match found {
        Found::Nothing(near) => near.as_slice(),
        _ => &[],
    };
    let words = near.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    let hint = if near.is_empty() { String::new() } else { book.say("nearest", &[("words", &words)]) };
    book.say("unknown", &[("topic", &format!("{topic:?}")), ("hint", &hint)])
}

fn kinds(glossary: &Glossary) -> impl Iterator<Item = Sort> {
    use strum::VariantArray;
    Sort::VARIANTS.iter().copied().filter(|kind| glossary.of_kind(*kind).next().is_some())
}

/// Names under what they begin with alike, up to the last dot or, of provisions, the last space.
fn grouped<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for id in ids {
        let (head, name) = id.rsplit_once(' ').or_else(|| id.rsplit_once('.')).unwrap_or(("", id));
        match groups.iter_mut().find(|(known, _)| *known == head) {
            Some((_, names)) => names.push(name),
            None => groups.push((head, vec![name])),
        }
    }
    groups
}

struct Page<'a> {
    out: String,
    book: &'a Book,
    colour: bool,
}

impl<'a> Page<'a> {
    fn new(book: &'a Book, colour: bool) -> Page<'a> {
        Page { out: String::new(), book, colour }
    }

    fn heading(&mut self, text: &str) {
        let start = self.out.len();
        self.paragraph("", text);
        if self.colour {
            let bold = anstyle::Style::new().bold();
            let heading = self.out.split_off(start);
            self.out.push_str(&format!("{bold}{}{bold:#}\n", heading.trim_end()));
        }
    }

    /// A paragraph, its later lines indented by the width of `mark`.
    fn paragraph(&mut self, mark: &str, text: &str) {
        let later = " ".repeat(mark.chars().count());
        let options = textwrap::Options::new(WIDTH).initial_indent(mark).subsequent_indent(&later);
        // a name with a hyphen and an address stay whole, so that they can be copied
        let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation).break_words(false);
        self.out.push_str(&textwrap::fill(&inert(text), options));
        self.out.push('\n');
    }

    fn list(&mut self, entries: &[&Entry]) {
        for e in entries {
            let title = if e.title == e.id { e.text.as_deref().unwrap_or_default() } else { &e.title };
            let line = self.book.say("hit", &[("id", &e.id), ("kind", e.kind.id()), ("title", title)]);
            self.paragraph("- ", line.trim_end_matches([':', ' ']));
        }
    }

    fn entry(&mut self, e: &Entry) {
        // what is said again below need not stand above
        let said = e.title == e.id || e.details.0.iter().any(|(_, value)| value.as_str() == Some(&e.title));
        let heading = self.book.say("heading", &[("id", &e.id), ("kind", e.kind.id()), ("title", if said { "" } else { &e.title })]);
        self.heading(heading.trim_end_matches([':', ' ']));
        if let Some(text) = &e.text {
            self.paragraph("  ", text);
        }
        for (key, value) in &e.details.0 {
            self.detail(key, value);
        }
        if !e.examples.is_empty() {
            let heading = self.book.say("examples", &[]);
            self.paragraph("  ", &heading);
            for example in &e.examples {
                self.paragraph("  - ", example);
            }
        }
        if let Some(note) = &e.note {
            self.paragraph("  ", note);
        }
        if !e.sources.is_empty() {
            let heading = self.book.say("sources", &[]);
            self.paragraph("  ", &heading);
            for source in &e.sources {
                let url = source.url.as_deref().unwrap_or_default();
                let line = self.book.say("source", &[("title", &source.title), ("sure", &source.sure), ("url", url)]);
                self.paragraph("  - ", line.trim_end());
            }
        }
        if let Some(sure) = &e.sure {
            let line = self.book.say("how-sure", &[("sure", sure)]);
            self.paragraph("  ", &line);
        }
        match (&e.checked, &e.table) {
            (Some(day), Some(stands)) => {
                let values = [("day", day.as_str()), ("kind", stands.kind), ("id", &stands.table.id), ("version", &stands.table.version)];
                let line = self.book.say("checked-in", &values);
                self.paragraph("  ", &line);
            }
            (Some(day), None) => {
                let line = self.book.say("checked", &[("day", day)]);
                self.paragraph("  ", &line);
            }
            _ => {}
        }
        if !e.see.is_empty() {
            let line = self.book.say("see", &[("topics", &e.see.join(", "))]);
            self.paragraph("  ", &line);
        }
    }

    fn detail(&mut self, key: &str, value: &Value) {
        let label = self.book.label(key);
        match value {
            // lists of words stand on a line, anything longer has lines of its own
            Value::Array(list) if list.iter().filter_map(Value::as_str).any(|line| line.contains(' ')) => {
                self.paragraph("  ", &format!("{label}:"));
                for line in list.iter().filter_map(Value::as_str) {
                    self.paragraph("  - ", line);
                }
            }
            Value::Array(list) => {
                let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                self.paragraph("  ", &format!("{label}: {}", words.join(", ")));
            }
            Value::Bool(flag) => {
                let word = self.book.say(if *flag { "yes" } else { "no" }, &[]);
                self.paragraph("  ", &format!("{label}: {word}"));
            }
            Value::String(text) => self.paragraph("  ", &format!("{label}: {text}")),
            value => self.paragraph("  ", &format!("{label}: {value}")),
        }
    }
}

#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    topic: Option<&'a str>,
    found: &'static str,
    entries: &'a [&'a Entry],
    hits: Vec<Hit<'a>>,
    map: Vec<Kind<'a>>,
}

#[derive(Serialize)]
struct Hit<'a> {
    kind: Sort,
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct Kind<'a> {
    kind: Sort,
    title: &'a str,
    ids: Vec<&'a str>,
}

/// Writes for programs what a topic leads to, or everything there is.
pub fn json(glossary: &Glossary, topic: Option<&str>, found: Option<&Found<'_>>) -> String {
    let hits = |list: &[&Entry]| list.iter().map(|e| (e.kind, e.id.clone(), e.title.clone())).collect::<Vec<_>>();
    let mut shape = Shape { format: FORMAT, topic, found: "map", entries: &[], hits: Vec::new(), map: Vec::new() };
    let listed;
    match found {
        Some(Found::Entries(entries)) => (shape.found, shape.entries) = ("entries", entries),
        Some(Found::Kind(_, list) | Found::Hits(list)) => {
            shape.found = if matches!(found, Some(Found::Kind(..))) { "kind" } else { "hits" };
            listed = hits(list);
            shape.hits = listed.iter().map(|(kind, id, title)| Hit { kind: *kind, id, title }).collect();
        }
        Some(Found::Nothing(_)) => shape.found = "nothing",
        None => {
            let of = |kind| Kind { kind, title: glossary.book.kind(kind), ids: glossary.of_kind(kind).map(|e| e.id.as_str()).collect() };
            shape.map = kinds(glossary).map(of).collect();
        }
    }
    // plain structs with text keys: there is nothing in them that JSON cannot hold
    serde_json::to_string_pretty(&shape).unwrap_or_else(|e| unreachable!("{e}"))
}
