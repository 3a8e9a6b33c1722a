//! What the gate found, one file a format.

pub mod github;
pub mod json;
pub mod junit;
pub mod text;

use super::text::inert;
use crate::check::{Finding, Input, Value};
use crate::language::Language;
use crate::texts::Texts;

/// A finding in words.
pub fn message(finding: &Finding, texts: &Texts) -> String {
    let words = |key: &str, value: &Value| match value {
        Value::Text(text) => match key {
            "to" | "provision" => texts.table(text).to_owned(),
            // in English the words of the results serve, which programs read in the JSON form
            _ if texts.language == Language::ENGLISH => text.clone(),
            "own" | "computed" | "risk" | "other_risk" => texts.word("decision.risk", text).to_owned(),
            "outcome" | "other_outcome" => texts.say(&format!("short-{text}"), &[]),
            _ => text.clone(),
        },
        Value::Action(action) => texts.say(&format!("action-{}", <&str>::from(*action)), &[]),
        Value::Answer(path) => texts.field(path),
        Value::Word(key) => texts.finding(key, &[]),
    };
    let values: Vec<(&str, String)> = finding.values.iter().map(|(key, value)| (*key, words(key, value))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    texts.finding(finding.says.id(), &values)
}

/// The longest line, in characters: some sentences repeat what a file says.
const LONGEST: usize = 2000;

/// A text as one line that can do nothing to whoever shows it.
fn line(text: &str) -> String {
    let mut line: String = inert(text).replace('\n', " ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// A finding in the way of compilers: `file:line:column: level[code]: message`. What has no place has its input's name alone.
fn compiler_line(input: &Input, finding: &Finding, texts: &Texts) -> (String, String, String) {
    let place = match finding.place {
        Some(place) => format!("{}:{}:{}", line(&input.file), place.line, place.column),
        None => line(&input.name),
    };
    (place, format!("{}[{}]", finding.level.id(), finding.code.id()), line(&message(finding, texts)))
}
