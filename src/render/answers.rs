//! What the incident file says, answer by answer, in the order of the format.

use serde_json::Value;

use super::say::Say;
use crate::incident::answer::UNKNOWN;
use crate::incident::format::{self, Kind, WHY};
use crate::incident::moment::Moment;
use crate::incident::words::Word;

/// The answers of one table of the file.
pub struct Group {
    /// The table's name.
    pub name: String,
    /// Its answers.
    pub answers: Vec<Answer>,
}

/// One answer.
pub struct Answer {
    /// Where it stands in the file: `processors[0].name`.
    pub path: String,
    /// The same path in the format's description: `processors[].name`.
    pub field: String,
    /// Its name.
    pub name: String,
    /// What it says.
    pub said: Said,
    /// Whether that is only that it is not known.
    pub unknown: bool,
}

/// What an answer says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Text of the user's own.
    Text(String),
    /// A list of texts of the user's own.
    List(Vec<String>),
    /// A list of words of the format's vocabulary.
    Words(Vec<String>),
    /// A point in time.
    Moment(Moment),
    /// A number, or a word of the format's vocabulary.
    Word(String),
}

impl Answer {
    /// Whether it is the reason for the other answers of its table.
    pub fn is_reason(&self) -> bool {
        self.path == WHY || self.path.ends_with(".why")
    }
}

/// Everything that the file says, table by table.
pub fn answers(say: &Say<'_>) -> Vec<Group> {
    // plain structs with text keys: there is nothing in them that JSON cannot hold
    let file = serde_json::to_value(say.incident.as_given()).unwrap_or_default();
    let mut all = Vec::new();
    walk(say, &file, "", "", &mut all);
    let mut groups: Vec<Group> = Vec::new();
    for answer in all.into_iter().filter(|a| a.field != "format") {
        let name = group(say, &answer.field);
        match groups.iter_mut().find(|g| g.name == name) {
            Some(group) => group.answers.push(answer),
            None => groups.push(Group { name, answers: vec![answer] }),
        }
    }
    groups
}

/// The name of the table that a path belongs to.
fn group(say: &Say<'_>, field: &str) -> String {
    let mut parts = field.split('.');
    match (parts.next().map(|first| first.trim_end_matches("[]")), parts.next()) {
        (Some("data"), Some(category)) => {
            let title = say.method.categories.iter().find(|c| c.id.id() == category).map_or(category, |c| say.table(&c.title));
            say.say("report-group-data", &[("category", title)])
        }
        (Some(table), Some(_)) => say.say(&format!("report-group-{table}"), &[]),
        _ => say.say("report-group-incident", &[]),
    }
}

fn walk(say: &Say<'_>, table: &Value, path: &str, field: &str, all: &mut Vec<Answer>) {
    for key in format::keys(field) {
        let Some(value) = table.get(key) else { continue };
        let join = |table: &str| if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
        let (path, field) = (join(path), join(field));
        match (format::field(&field).map(|f| f.kind), value) {
            (Some(Kind::Table), _) => walk(say, value, &path, &field, all),
            (Some(Kind::Tables), Value::Array(entries)) => {
                for (i, entry) in entries.iter().enumerate() {
                    walk(say, entry, &format!("{path}[{i}]"), &format!("{field}[]"), all);
                }
            }
            (Some(kind), value) => {
                let name = if key == WHY { say.say("report-reason-of", &[]) } else { say.texts.field(&field) };
                let unknown = *value == UNKNOWN && !matches!(kind, Kind::Text);
                all.push(Answer { said: said(say, kind, &field, value), path, field, name, unknown });
            }
            (None, _) => {}
        }
    }
}

fn said(say: &Say<'_>, kind: Kind, field: &str, value: &Value) -> Said {
    let words = |value: &Value| match value {
        Value::String(word) => say.word(field, word),
        Value::Bool(flag) => say.flag(*flag),
        other => other.to_string(),
    };
    match (kind, value) {
        (Kind::Text, Value::String(text)) => Said::Text(text.clone()),
        (Kind::Texts, Value::Array(entries)) => Said::List(entries.iter().map(words).collect()),
        (_, Value::Array(entries)) => Said::Words(entries.iter().map(words).collect()),
        (Kind::Instant | Kind::Day | Kind::Past | Kind::End, Value::String(text)) => {
            Moment::read(text).map_or_else(|_| Said::Word(text.clone()), Said::Moment)
        }
        (_, value) => Said::Word(words(value)),
    }
}
