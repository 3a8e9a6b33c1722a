//! Reading a table: everything that its form does not allow, at once.
//!
//! Serde stops at the first fault. So each fault is written down, something that may fit is put in its place, and the text is read again, until nothing
//! is left to complain of. Everything is found by its place in the text, which no two values share; what was put in claims places behind its end.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ready::Ready;
use crate::bounds::{self, LARGEST_FILE};
use crate::diag::{Code, Finding, allowed, cut};
use crate::tree;

/// A table as far as it could be read.
#[derive(Debug)]
pub struct Read<T> {
    /// The table; also where it has keys that do not belong there.
    pub table: Option<T>,
    /// What is wrong with its form.
    pub findings: Vec<Finding>,
}

/// After so many faults nobody reads on.
const MOST: usize = 100;
/// A fault takes some rounds until something fits in its place.
const ROUNDS: usize = 20 * MOST;

/// Reads a table.
pub fn table<T: DeserializeOwned>(text: &str) -> Read<T> {
    if let Some(table) = Ready::of(text).and_then(Ready::read) {
        return Read { table: Some(table), findings: Vec::new() };
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(finding) = beyond(text) {
        return Read { table: None, findings: vec![finding] };
    }
    let first = match toml::from_str(text) {
        Ok(table) => return Read { table: Some(table), findings: Vec::new() },
        Err(e) => e,
    };
    let (tree, syntax) = tree::toml(text);
    if !syntax.is_empty() {
        return Read { table: None, findings: syntax };
    }
    let (root, _) = DeTable::parse_recoverable(text);
    let root = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
    let mut patient = Patient { text, tree, root, stand_ins: BTreeMap::new(), findings: Vec::new() };
    let table = patient.read();
    let mut findings = patient.findings;
    if findings.is_empty() {
        findings.push(Finding::new(Code::BadTable, first.message()).spanned(text, first.span().unwrap_or(0..0)));
    }
    findings.sort_by_key(|f| f.span.as_ref().map_or(0, |s| s.start));
    Read { table, findings }
}

/// Why a text is too much for a table.
pub fn beyond(text: &str) -> Option<Finding> {
    let too_large = (text.len() as u64 > LARGEST_FILE).then(bounds::too_large);
    too_large.or_else(|| bounds::beyond(text, &bounds::TABLE))
}

/// A text with faults.
struct Patient<'t> {
    text: &'t str,
    /// As it was found.
    tree: tree::Node,
    /// As it is with what has been put right.
    root: Spanned<DeValue<'t>>,
    /// How often something was tried at the places of what was missing or wrong.
    stand_ins: BTreeMap<usize, usize>,
    findings: Vec<Finding>,
}

impl Patient<'_> {
    fn read<T: DeserializeOwned>(&mut self) -> Option<T> {
        for _ in 0..ROUNDS {
            let e = match T::deserialize(toml::de::ValueDeserializer::from(self.root.clone())) {
                // with something put in, it is no longer what the user wrote
                Ok(table) => return self.stand_ins.is_empty().then_some(table),
                Err(e) => e,
            };
            if self.findings.len() >= MOST || !self.put_right(e.message(), e.span()?) {
                return None;
            }
        }
        None
    }

    /// Writes a fault down and puts something in its place; false if nothing is left to try.
    fn put_right(&mut self, said: &str, span: Range<usize>) -> bool {
        let words: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
        let own = span.start <= self.text.len();
        if own {
            self.note(said, &words, &span);
        }
        match words[..] {
            [name, ..] if said.starts_with("missing field") => {
                let place = self.place();
                within(&mut self.root, &mut |value| match value {
                    value if value.span() != span => false,
                    value => match value.get_mut() {
                        DeValue::Table(table) => table.insert(place_of(place, name.to_owned().into()), candidate(0, place)).is_none(),
                        _ => false,
                    },
                })
            }
            _ if own && said.starts_with("unknown field") => within(&mut self.root, &mut |value| match value.get_mut() {
                DeValue::Table(table) => {
                    let key = table.keys().find(|key| key.span() == span).cloned();
                    key.is_some_and(|key| table.remove(&key).is_some())
                }
                _ => false,
            }),
            _ if own => {
                let place = self.place();
                self.replace(&span, candidate(0, place))
            }
            // the first of the words that the place allows
            [_, word, ..] if said.starts_with("unknown variant") => {
                let value = place_of(span.start, DeValue::String(word.to_owned().into()));
                self.replace(&span, value)
            }
            _ => {
                let tried = self.stand_ins.entry(span.start).or_default();
                *tried += 1;
                match *tried {
                    n if n < CANDIDATES => self.replace(&span, candidate(n, span.start)),
                    // nothing fits: without the entry around it the others can still be read
                    _ => drop_entry(&mut self.root, &span),
                }
            }
        }
    }
}

impl Patient<'_> {
    /// A place that nothing has, behind the end of the text.
    fn place(&mut self) -> usize {
        let place = self.text.len() + 1 + self.stand_ins.len();
        self.stand_ins.insert(place, 0);
        place
    }

    fn replace(&mut self, span: &Range<usize>, with: Spanned<DeValue<'static>>) -> bool {
        within(&mut self.root, &mut |value| {
            let here = value.span() == *span;
            if here {
                *value = with.clone();
            }
            here
        })
    }

    fn note(&mut self, said: &str, words: &[&str], span: &Range<usize>) {
        let path = path_of(&self.tree, span).unwrap_or_default();
        let (code, path, said) = match words {
            [name, ..] if said.starts_with("missing field") => {
                let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
                (Code::Missing, path, "missing; add it".to_owned())
            }
            [name, known @ ..] if said.starts_with("unknown field") => (Code::UnknownKey, path, format!("unknown key{}", allowed(name, known))),
            [word, known @ ..] if said.starts_with("unknown variant") => {
                (Code::UnknownValue, path, format!("{:?} cannot stand here{}", cut(word), allowed(word, known)))
            }
            _ => {
                let (code, said) = reworded(said);
                (code, path, said)
            }
        };
        let said = if path.is_empty() { said } else { format!("{path}: {said}") };
        self.findings.push(Finding::new(code, said).at(path).spanned(self.text, span.clone()));
    }
}

/// Serde's sentence in the words of tables: what stands there, and what must.
fn reworded(said: &str) -> (Code, String) {
    for (start, code) in [("invalid type: ", Code::WrongType), ("invalid value: ", Code::UnknownValue), ("invalid length ", Code::WrongType)] {
        if let Some((found, wanted)) = said.strip_prefix(start).and_then(|rest| rest.split_once(", expected ")) {
            let wanted = match wanted {
                "a sequence" => "a list",
                "a map" => "a table",
                "u8" | "u16" | "u32" | "u64" => "a whole number, 0 or more",
                "i32" | "i64" => "a whole number",
                "f64" => "a number",
                wanted if wanted.starts_with("struct ") => "a table",
                wanted => wanted,
            };
            let found = match found {
                "map" => "a table",
                "sequence" => "a list",
                found => found,
            };
            return (code, format!("{found} cannot stand here; must be {wanted}"));
        }
    }
    match said {
        // toml's own words for a date that it could write down but the calendar does not have
        said if said.starts_with("invalid datetime") => (Code::BadTime, "no day of the calendar; write one such as 2026-11-22".to_owned()),
        said => (Code::BadTable, said.trim().replace('\n', "; ")),
    }
}

const CANDIDATES: usize = 6;

/// What may fit where something is missing or wrong, likely things first.
fn candidate(n: usize, place: usize) -> Spanned<DeValue<'static>> {
    let parsed = |text: &'static str| DeValue::parse(text).map(Spanned::into_inner);
    let value = match n {
        0 => Ok(DeValue::String("".into())),
        1 => parsed("1"),
        2 => parsed("{}"),
        3 => parsed("[]"),
        4 => parsed("2026-01-01"),
        _ => parsed("false"),
    };
    place_of(place, value.unwrap_or(DeValue::Boolean(false)))
}

fn place_of<T>(place: usize, value: T) -> Spanned<T> {
    Spanned::new(place..place, value)
}

/// Does something to the first value, outermost first, at which `act` says that it has.
fn within<'t>(value: &mut Spanned<DeValue<'t>>, act: &mut impl FnMut(&mut Spanned<DeValue<'t>>) -> bool) -> bool {
    act(value)
        || match value.get_mut() {
            DeValue::Table(table) => table.iter_mut().any(|(_, inner)| within(inner, act)),
            DeValue::Array(list) => list.iter_mut().any(|inner| within(inner, act)),
            _ => false,
        }
}

/// Takes the innermost list entry away in which the value at that place stands.
fn drop_entry(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => table.iter_mut().any(|(_, inner)| drop_entry(inner, span)),
        DeValue::Array(list) => {
            if list.iter_mut().any(|inner| drop_entry(inner, span)) {
                return true;
            }
            let Some(at) = list.iter_mut().position(|entry| within(entry, &mut |v| v.span() == *span)) else { return false };
            let rest = list.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, entry)| entry.clone()).collect();
            *list = rest;
            true
        }
        _ => false,
    }
}

/// The path of the value, or of the key, that stands at a place.
fn path_of(node: &tree::Node, span: &Range<usize>) -> Option<String> {
    let joined = |key: &str, rest: String| match rest.as_str() {
        "" => key.to_owned(),
        rest if rest.starts_with('[') => format!("{key}{rest}"),
        rest => format!("{key}.{rest}"),
    };
    // a list of tables begins where its first table does, and that is the one meant
    let inner = match &node.value {
        tree::Value::Table(entries) => entries.iter().find_map(|e| {
            let rest = if e.key_span == *span { Some(String::new()) } else { path_of(&e.node, span) };
            rest.map(|rest| joined(&e.key, rest))
        }),
        tree::Value::List(list) => list.iter().enumerate().find_map(|(i, entry)| path_of(entry, span).map(|rest| joined(&format!("[{i}]"), rest))),
        _ => None,
    };
    inner.or_else(|| (node.span == *span).then(String::new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Method;
    use crate::practice::PracticeTable;

    fn found<T: DeserializeOwned>(text: &str) -> Vec<(&'static str, String, usize)> {
        let read = table::<T>(text);
        read.findings.iter().map(|f| (f.code.id(), f.path.clone().unwrap_or_default(), f.place.map_or(0, |p| p.line))).collect()
    }

    const FAULTS: &str = r#"schema  = 1
id      = "x"
version = 3
tittle  = "x"
checked = 2026-02-30

[[rules]]
id     = "a"
efect  = "raise"
side   = "privacy"
ground = "g"

[[rules]]
id     = "b"
effect = "raise"
when   = [{ fact = "a", is = true, abov = 3 }, 4]
to     = "hihg"
"#;

    #[test]
    fn everything_is_found_at_once_with_its_path_and_line() {
        let found = found::<PracticeTable>(FAULTS);
        let wanted = [
            ("missing", "sources", 1),
            ("missing", "title", 1),
            ("wrong-type", "version", 3),
            ("unknown-key", "tittle", 4),
            ("bad-time", "checked", 5),
            ("missing", "rules[0].effect", 7),
            ("missing", "rules[0].from", 7),
            ("missing", "rules[0].provision", 7),
            ("missing", "rules[0].source", 7),
            ("missing", "rules[0].text", 7),
            ("unknown-key", "rules[0].efect", 9),
            ("unknown-value", "rules[0].side", 10),
            ("missing", "rules[1].from", 13),
            ("missing", "rules[1].ground", 13),
            ("missing", "rules[1].provision", 13),
            ("missing", "rules[1].source", 13),
            ("missing", "rules[1].text", 13),
            ("unknown-key", "rules[1].when[0].abov", 16),
            ("wrong-type", "rules[1].when[1]", 16),
            ("unknown-value", "rules[1].to", 17),
        ];
        let mut found: Vec<(&str, &str, usize)> = found.iter().map(|(code, path, line)| (*code, path.as_str(), *line)).collect();
        found.sort_by_key(|(_, path, line)| (*line, *path));
        let mut wanted = wanted.to_vec();
        wanted.sort_by_key(|(_, path, line)| (*line, *path));
        assert_eq!(found, wanted);
    }

    #[test]
    fn unknown_keys_alone_leave_the_table() {
        let plain = include_str!("../../data/practices/plain.toml");
        let read = table::<PracticeTable>(&format!("colour = \"red\"\n{plain}"));
        assert_eq!(read.findings.len(), 1);
        assert_eq!(read.table.map(|t| t.id), Some("plain".to_owned()));
        assert!(table::<PracticeTable>(&plain.replace("score_only = true", "score_only = 1")).table.is_none());
    }

    #[test]
    fn any_text_comes_to_an_end() {
        for text in ["", "a", "schema = 1", "[[rules]]", "rules = 1", "rules = [[[]]]", "\u{feff}x = 1", "a.b.c = 1\n[a]"] {
            assert!(!table::<PracticeTable>(text).findings.is_empty(), "{text}");
            assert!(!table::<Method>(text).findings.is_empty(), "{text}");
        }
    }
}
