//! One incident of the register with its history, for a person.

use serde_json::Value;

use super::super::given::flat;
use super::super::text::{inert, paragraph};
use super::words::Words;
use crate::duties::Time;
use crate::incident::write;
use crate::register::entry::{Allowed, Kind};
use crate::register::view::Row;
use crate::texts::Texts;

/// An incident of the register.
pub struct Shown<'a> {
    /// Its entries, the first one first; the last one counts.
    pub rows: &'a [Row],
    /// The line of the last one.
    pub line: &'a Value,
    /// The incidents that it is related to.
    pub related: &'a [Row],
}

/// Writes an incident: what the last entry says, how it came to it, and the entries before.
pub fn text(shown: &Shown<'_>, now: Time, say: Words<'_>) -> String {
    let Some((row, record)) = shown.rows.last().and_then(|row| Some((row, row.record.as_ref()?))) else { return String::new() };
    let texts = say.texts;
    let (e, mut page) = (&row.entry, Page { out: String::new(), texts });
    page.line("", &format!("{}  {}", e.id, e.title.as_deref().unwrap_or_default()));
    page.line("", &say.outcome_in_full(e));
    page.line("", &format!("{}: {}", say.say("register-col-state"), say.state(row.state)));
    let at = [("sequence", e.sequence.to_string()), ("recorded_at", e.recorded_at.clone())];
    page.line("", &say.with("register-entry-of", &at));
    page.line("", &texts.say("register-hash", &[("hash", &row.hash)]));

    page.lines("register-col-facts", record.facts.clone());
    page.items("register-heading-effects", record.effects.clone());
    page.items("register-heading-measures", say.measures(&record.measures));
    page.items("register-heading-decision", say.decision(e, &record.decision));
    page.lines("register-col-delay_reason", record.delay_reason.clone());
    let rules = shown.line["assessment"]["decision"]["rules"].as_array().into_iter().flatten();
    let rule = |r: &Value| {
        let said = |key: &str| say.table(r[key].as_str().unwrap_or_default());
        say.with("rule", &[("text", said("text")), ("provision", said("provision"))])
    };
    page.items("register-heading-rules", rules.map(rule).collect());
    page.items("register-heading-duties", e.other_duties().map(|d| say.duty(d, now)).collect());
    if e.procedure != Default::default() {
        page.lines("register-heading-procedure", Some(say.procedure(&e.procedure)));
    }
    page.items("register-heading-allowed", record.allowed.iter().map(|a| allowed(a, &say)).collect());
    page.items("register-heading-basis", basis(&shown.line["assessment"]["tables"], texts));
    let related = shown.related.iter().map(|r| {
        let title = r.entry.title.clone().unwrap_or_default();
        say.with("register-related-item", &[("id", r.entry.id.clone()), ("title", title), ("state", say.state(r.state))])
    });
    page.items("register-related", related.collect());
    let entries = shown.rows.iter().map(|r| {
        let at = [("sequence", r.entry.sequence.to_string()), ("recorded_at", r.entry.recorded_at.clone())];
        format!("{}: {}. {}", say.with("register-entry-of", &at), say.outcome(&r.entry), texts.say("register-hash", &[("hash", &r.hash)]))
    });
    page.items("register-history", entries.collect());
    page.heading("register-heading-incident");
    if let Some(answers) = shown.line["incident"].as_object() {
        for line in inert(&write::file(answers)).lines() {
            page.out.push_str(&format!("  {line}").replace('\r', "\u{fffd}"));
            page.out.truncate(page.out.trim_end_matches(' ').len());
            page.out.push('\n');
        }
    }
    if e.kind == Kind::Breach {
        page.out.push('\n');
        page.line("", &texts.say("disclaimer", &[]));
    }
    page.out
}

fn allowed(a: &Allowed, say: &Words<'_>) -> String {
    let values = [
        ("path", a.path.clone()),
        ("place", a.place.to_string()),
        ("masked", a.masked.clone()),
        ("kind", a.kind.clone()),
        ("reason", a.reason.clone()),
    ];
    say.with("register-allowed", &values)
}

/// The tables that the assessment rests on.
fn basis(tables: &Value, texts: &Texts) -> Vec<String> {
    let one = |kind: &str, table: &Value| {
        let value = |key: &str| table[key].as_str().unwrap_or_default().to_owned();
        let (id, version, sha256) = (value("id"), value("version"), value("sha256"));
        texts.say("register-basis", &[("kind", kind), ("id", &id), ("version", &version), ("sha256", &sha256)])
    };
    let kinds = [("method", "report-method"), ("practice", "report-practice"), ("regimes", "report-regime"), ("country", "report-country")];
    let all = kinds.iter().flat_map(|(key, name)| {
        let tables = match &tables[*key] {
            Value::Array(all) => all.iter().collect(),
            Value::Null => Vec::new(),
            table => vec![table],
        };
        tables.into_iter().map(|table| one(&texts.say(name, &[]), table)).collect::<Vec<_>>()
    });
    all.collect()
}

struct Page<'a> {
    out: String,
    texts: &'a Texts,
}

impl Page<'_> {
    fn line(&mut self, mark: &str, text: &str) {
        self.out.push_str(&paragraph(mark, &flat(text)));
        self.out.push('\n');
    }

    fn heading(&mut self, key: &str) {
        self.out.push('\n');
        self.line("", &self.texts.say(key, &[]));
    }

    fn lines(&mut self, key: &str, text: Option<String>) {
        if let Some(text) = text {
            self.heading(key);
            self.line("", &text);
        }
    }

    fn items(&mut self, key: &str, items: Vec<String>) {
        if !items.is_empty() {
            self.heading(key);
            items.iter().for_each(|item| self.line("- ", item));
        }
    }
}
