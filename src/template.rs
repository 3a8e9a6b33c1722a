//! The template: an incident file in which every answer of the format stands, explained, and which is valid as it is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::guide::Guide;
use crate::incident::answer::UNKNOWN;
use crate::incident::format::{FORMAT, Field, Kind, WHY};
use crate::incident::words::{Category, Factor, Role, Word};
use crate::incident::write::{self, Answers, get, key, keys, tables};
use crate::method::Method;

/// What anybody can say something about on the first day; the rest stands there as a comment.
const LIVE: &[&str] = &[
    "format",
    "id",
    "title",
    "description",
    "controller.name",
    "controller.country",
    "controller.role",
    "controller.sector",
    "timeline.occurred",
    "timeline.ended",
    "event.kind",
    "event.cause",
    "event.how_found",
    "event.medium",
    "subjects.count",
    "subjects.groups",
    "subjects.children",
    "subjects.vulnerable",
    "subjects.endangered",
    "data.simple.items",
    "data.simple.affected",
    "data.behavioural.items",
    "data.behavioural.affected",
    "data.financial.items",
    "data.financial.affected",
    "data.sensitive.items",
    "data.sensitive.affected",
    "identification.level",
    "confidentiality.loss",
    "confidentiality.recipient",
    "confidentiality.opened",
    "confidentiality.deletion_confirmed",
    "confidentiality.exfiltration",
    "integrity.loss",
    "availability.loss",
    "intent.malicious",
    "protection.unintelligible",
    "protection.key_safe",
    "notification.consequences",
    "notification.measures_before",
    "notification.measures_taken",
    "notification.measures_planned",
    "notification.advice",
];

/// The id of an incident that has none yet.
const NO_ID: &str = "new";

/// A point in time, to show the form.
const SOME_TIME: &str = "2026-11-20T16:40:00+01:00";

/// The width of comments.
const WIDTH: usize = 100;

/// Examples shown for one criterion.
const EXAMPLES: usize = 2;

/// What a table carries over from an earlier incident of the same house.
pub const KEPT: &[&str] = &["controller", "processors", "notification.contact", "procedure"];

/// Keys of those that belong to the one incident.
const NOT_KEPT: &[&str] = &["told_us", "followed", WHY];

/// What an earlier incident's answers give a new one: who is who and which rules hold, not its times, numbers and decisions.
pub fn kept(earlier: &Answers) -> Answers {
    let mut kept = Answers::new();
    for path in KEPT {
        let Some(mut value) = get(earlier, path).cloned() else { continue };
        let tables = match &mut value {
            Value::Array(list) => list.iter_mut().collect(),
            one => vec![one],
        };
        for table in tables.into_iter().filter_map(Value::as_object_mut) {
            table.retain(|key, _| !NOT_KEPT.contains(&key.as_str()));
        }
        write::set(&mut kept, path, value);
    }
    kept
}

/// Fills what `answers` leave out, key by key; a contact is one person and stays whole.
pub fn complete(answers: &mut Answers, with: &Answers) {
    for path in KEPT {
        let Some(ours) = get(with, path) else { continue };
        match (get(answers, path).cloned(), ours) {
            (None, _) => write::set(answers, path, ours.clone()),
            (Some(Value::Object(mut theirs)), Value::Object(ours)) if *path != "notification.contact" => {
                for (key, value) in ours.iter().filter(|(key, _)| *key != WHY) {
                    theirs.entry(key).or_insert_with(|| value.clone());
                }
                write::set(answers, path, theirs.into());
            }
            _ => {}
        }
    }
}

struct Writer<'a> {
    method: &'a Method,
    guide: &'a Guide,
    given: &'a Answers,
    out: String,
    /// Vocabularies whose words are explained already.
    explained: BTreeSet<&'static str>,
}

/// The template, with what is given filled in; `schema` is the path of the schema as editors are told it.
pub fn template(method: &Method, guide: &Guide, given: &Answers, schema: &str) -> String {
    let mut writer = Writer { method, guide, given, out: format!("#:schema {schema}\n"), explained: BTreeSet::new() };
    for line in ["head", "unknown", "why", "schema"] {
        writer.comment(&guide.say(line, &[]));
    }
    writer.table("");
    writer.out
}

impl Writer<'_> {
    fn comment(&mut self, text: &str) {
        self.hanging("# ", "# ", text);
    }

    fn hanging(&mut self, first: &str, next: &str, text: &str) {
        for (i, line) in textwrap::wrap(text, WIDTH - next.len()).iter().enumerate() {
            self.out += &format!("{}{line}\n", if i == 0 { first } else { next });
        }
    }

    fn table(&mut self, path: &str) {
        for field in keys(path) {
            self.out += if path.is_empty() { "\n" } else { "" };
            self.explain(field);
            self.line(field);
        }
        if !path.is_empty() {
            self.why(path);
        }
        for field in tables(path) {
            let inner = format!("{}{}", field.path, if field.kind == Kind::Tables { "[]" } else { "" });
            self.out.push('\n');
            self.comment(&capital(self.guide.about(field.path)));
            let given = get(self.given, field.path);
            match given.and_then(Value::as_array).filter(|list| !list.is_empty()) {
                Some(list) => self.list(field, &inner, list),
                None => {
                    let live = keys(&inner).any(|f| self.is_live(f)) || given.is_some_and(|v| !v.is_object());
                    // a table that holds only tables has nothing to say under a heading of its own
                    if keys(&inner).next().is_some() {
                        let (open, close) = if field.kind == Kind::Tables { ("[[", "]]") } else { ("[", "]") };
                        self.out += &format!("{}{open}{}{close}\n", if live { "" } else { "#" }, field.path);
                    }
                    self.table(&inner);
                }
            }
        }
    }

    /// A list of tables that is given.
    fn list(&mut self, field: &Field, inner: &str, list: &[Value]) {
        for one in list.iter().filter_map(Value::as_object) {
            self.out += &format!("[[{}]]\n", field.path);
            for field in keys(inner) {
                if let Some(value) = one.get(key(field)) {
                    self.out += &format!("{} = {}\n", key(field), write::value(field.kind, value));
                }
            }
        }
    }

    fn is_live(&self, field: &Field) -> bool {
        LIVE.contains(&field.path) || get(self.given, field.path).is_some()
    }

    fn line(&mut self, field: &Field) {
        let (mark, value) = match get(self.given, field.path) {
            Some(given) => ("", given.clone()),
            None if LIVE.contains(&field.path) => ("", self.open(field)),
            None => ("#", self.example(field)),
        };
        self.out += &format!("{mark}{} = {}\n", key(field), write::value(field.kind, &value));
    }

    fn why(&mut self, path: &str) {
        let (mark, value) = match get(self.given, &format!("{path}.{WHY}")) {
            Some(given) => ("", given.clone()),
            None => ("#", json!("…")),
        };
        let tables_only = keys(path).next().is_none();
        if !tables_only {
            self.out += &format!("{mark}{WHY} = {}\n", write::value(Kind::Text, &value));
        }
    }

    /// What stands for an answer that nobody has given yet.
    fn open(&self, field: &Field) -> Value {
        match field.kind {
            Kind::Format => FORMAT.into(),
            Kind::Text if field.path == "id" => NO_ID.into(),
            Kind::Text => "".into(),
            Kind::Texts | Kind::Items | Kind::Words(..) | Kind::Tables => json!([]),
            Kind::Word(_) if field.path == "controller.role" => Role::Controller.id().into(),
            _ => UNKNOWN.into(),
        }
    }

    /// A value that shows the form of an answer; valid where its comment mark is taken away.
    fn example(&self, field: &Field) -> Value {
        match field.kind {
            Kind::Text => "…".into(),
            Kind::Texts => json!(["…"]),
            Kind::Word(words) => words.first().copied().unwrap_or(UNKNOWN).into(),
            Kind::Words(words, _) => json!(words.first().as_slice()),
            Kind::Flag => false.into(),
            Kind::Count => 1.into(),
            Kind::Hours => 24.into(),
            Kind::Step => self.category(field.path).map_or(json!(UNKNOWN), |c| self.method.category(c).base.into()),
            Kind::Instant | Kind::Day | Kind::Past | Kind::End => SOME_TIME.into(),
            _ => self.open(field),
        }
    }

    fn category(&self, path: &str) -> Option<Category> {
        path.split('.').nth(1)?.parse().ok()
    }

    /// The comment above a key: what it is for, and what may stand there.
    fn explain(&mut self, field: &Field) {
        let about = self.guide.about(field.path).to_owned();
        let say = |this: &mut Self, key: &str| {
            let text = this.guide.say(key, &[("about", &about)]);
            this.comment(&text);
        };
        match field.kind {
            Kind::Flag => {
                say(self, "flag");
                let examples = self.guide.examples(field.path, "true", self.method);
                if !examples.is_empty() {
                    let meaning = self.guide.word(field.path, "true", self.method).unwrap_or_default();
                    let examples = self.examples(&examples);
                    self.entry("true", 4, &format!("{meaning}{examples}"));
                }
            }
            Kind::Count => say(self, "count"),
            Kind::Hours => say(self, "hours"),
            Kind::Instant => say(self, "instant"),
            Kind::Day => say(self, "day"),
            Kind::Past => say(self, "past"),
            Kind::End => say(self, "end"),
            Kind::Word(words) => self.words(field.path, words, "one-of", true),
            Kind::Words(words, unknown) => self.words(field.path, words, "any-of", unknown),
            Kind::Items => self.items(field.path),
            Kind::Step => self.levels(field.path),
            _ => self.comment(&about),
        }
    }

    fn words(&mut self, path: &str, words: &'static [&'static str], key: &str, unknown: bool) {
        let about = self.guide.about(path).to_owned();
        let first = words.first().copied().unwrap_or_default();
        // the factors are the same in every category: explaining them once will do
        let again = words == Factor::ids() && !self.explained.insert(first);
        if again {
            let text = self.guide.say(&format!("{key}-words"), &[("about", &about), ("words", &words.join(", "))]);
            return self.comment(&text);
        }
        let text = self.guide.say(key, &[("about", &about)]);
        self.comment(&text);
        let width = words.iter().map(|w| w.len()).max().unwrap_or(0).max(UNKNOWN.len());
        for word in words {
            let meaning = self.guide.word(path, word, self.method).unwrap_or_default();
            let examples = self.examples(&self.guide.examples(path, word, self.method));
            self.entry(word, width, &format!("{meaning}{examples}"));
        }
        if unknown {
            let meaning = self.guide.say("unknown-word", &[]);
            self.entry(UNKNOWN, width, &meaning);
        }
    }

    fn examples(&self, all: &[&str]) -> String {
        let some: Vec<&str> = all.iter().take(EXAMPLES).copied().collect();
        if some.is_empty() { String::new() } else { format!(" ({})", self.guide.say("examples", &[("examples", &some.join("; "))])) }
    }

    fn entry(&mut self, word: &str, width: usize, meaning: &str) {
        let indent = format!("#   {:width$}  ", "");
        self.hanging(&format!("#   {word:width$}  "), &indent, meaning);
    }

    fn items(&mut self, path: &str) {
        let about = self.guide.about(path).to_owned();
        let text = self.guide.say("any-of", &[("about", &about)]);
        self.comment(&text);
        let Some(category) = self.category(path) else { return };
        let types: Vec<(&str, &str)> =
            self.method.data_types.iter().filter(|t| t.category == category).map(|t| (t.id.as_str(), self.guide.table(&t.title))).collect();
        let width = types.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
        for (id, title) in types {
            self.entry(id, width, title);
        }
    }

    fn levels(&mut self, path: &str) {
        let Some(category) = self.category(path) else { return };
        let table = self.method.category(category);
        let about = self.guide.about(path).to_owned();
        let text = self.guide.say("level", &[("about", &about), ("base", &table.base.to_string())]);
        self.comment(&text);
        for level in &table.levels {
            let all: Vec<&str> = level.examples.iter().map(|e| self.guide.table(&e.text)).collect();
            let examples = self.examples(&all);
            self.entry(&level.level.to_string(), 1, &format!("{}{examples}", self.guide.table(&level.criterion)));
        }
    }
}

/// With a capital at the beginning, as a heading.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::format::FIELDS;
    use crate::incident::read::{Syntax, read};
    use crate::language::Language;
    use crate::tables::{Choice, Kind as Table, Tables};

    fn every_template(mut with: impl FnMut(&Method, &str, &str)) {
        let tables = Tables::default();
        for id in tables.ids(Table::Method) {
            let method = tables.method(&Choice::Id(id.clone())).unwrap().table;
            for language in Language::all() {
                let guide = Guide::of(language);
                with(&method, &format!("{id}, {language}"), &template(&method, &guide, &Answers::new(), "incident.schema.json"));
            }
        }
    }

    #[test]
    fn the_template_is_valid_as_it_stands_and_names_every_answer() {
        every_template(|method, name, text| {
            read(text.as_bytes(), Syntax::Toml, method).unwrap_or_else(|e| panic!("{name}: {e:?}"));
            for field in FIELDS.iter().filter(|f| !matches!(f.kind, Kind::Table | Kind::Tables)) {
                let line = |l: &str| l.trim_start_matches('#').starts_with(&format!("{} = ", key(field)));
                assert!(text.lines().any(line), "{name}: {} is not there", field.path);
            }
        });
    }

    #[test]
    fn it_stays_valid_with_every_comment_mark_taken_away() {
        every_template(|method, name, text| {
            let bare = |l: &str| l.strip_prefix('#').filter(|rest| !rest.starts_with([' ', ':'])).unwrap_or(l).to_owned();
            let all: Vec<String> = text.lines().map(bare).collect();
            read(all.join("\n").as_bytes(), Syntax::Toml, method).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        });
    }

    #[test]
    fn an_earlier_incident_gives_who_and_how_but_not_what() {
        let earlier: Value = serde_json::from_str(include_str!("../tests/bad/good/every-key.json")).unwrap();
        let kept = kept(earlier.as_object().unwrap());
        let names: Vec<&str> = kept.keys().map(String::as_str).collect();
        assert_eq!(names, ["controller", "notification", "procedure", "processors"]);
        assert!(get(&kept, "notification.contact.name").is_some());
        assert!(get(&kept, "notification.measures_taken").is_none());
        assert!(kept["processors"][0].get("name").is_some() && kept["processors"][0].get("told_us").is_none());
    }
}
