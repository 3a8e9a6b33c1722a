//! An incident file from answers: TOML, in the order of the format.

use serde_json::{Map, Value};

use super::format::{FIELDS, Field, Kind, WHY};
use super::moment::Moment;

/// Answers as the format nests them.
pub type Answers = Map<String, Value>;

/// The answer at a path (`data.simple.items`).
pub fn get<'a>(answers: &'a Answers, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let mut value = answers.get(steps.next()?)?;
    for step in steps {
        value = value.get(step)?;
    }
    Some(value)
}

/// Puts an answer at a path; tables on the way are made.
pub fn set(answers: &mut Answers, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            answers.insert(path.to_owned(), value);
        }
        Some((table, rest)) => {
            let inner = answers.entry(table.to_owned()).or_insert_with(|| Map::new().into());
            if let Value::Object(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// The keys of a table that are no tables themselves, in order; `why` last.
pub fn keys(table: &str) -> impl Iterator<Item = &'static Field> {
    inner(table).filter(|f| !matches!(f.kind, Kind::Table | Kind::Tables))
}

/// The tables in a table, in order.
pub fn tables(table: &str) -> impl Iterator<Item = &'static Field> {
    inner(table).filter(|f| matches!(f.kind, Kind::Table | Kind::Tables))
}

fn inner(table: &str) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |f| match f.path.rsplit_once('.') {
        Some((outer, _)) => outer == table,
        None => table.is_empty(),
    })
}

/// The last part of a path.
pub fn key(field: &Field) -> &'static str {
    field.path.rsplit_once('.').map_or(field.path, |(_, key)| key)
}

/// A value as TOML writes it; a time in TOML's own form.
pub fn value(kind: Kind, value: &Value) -> String {
    if let (Kind::Instant | Kind::Day | Kind::Past | Kind::End, Value::String(text)) = (kind, value)
        && matches!(Moment::read(text), Ok(Moment::Instant(_) | Moment::Day(_)))
    {
        return text.clone();
    }
    // answers hold texts, numbers, flags and lists of them: nothing that TOML has no form for
    toml::Value::try_from(value).map(|v| v.to_string()).unwrap_or_default()
}

/// The file.
pub fn file(answers: &Answers) -> String {
    let mut out = String::new();
    table(&mut out, "", "", answers);
    out
}

fn table(out: &mut String, path: &str, field: &str, answers: &Answers) {
    let here: Vec<&Field> = keys(field).filter(|f| answers.contains_key(key(f))).collect();
    let why = answers.get(WHY);
    let width = here.iter().map(|f| key(f).len()).chain(why.map(|_| WHY.len())).max().unwrap_or(0);
    for f in &here {
        *out += &format!("{:width$} = {}\n", key(f), value(f.kind, &answers[key(f)]));
    }
    if let Some(why) = why {
        *out += &format!("{WHY:width$} = {}\n", value(Kind::Text, why));
    }
    for f in tables(field) {
        let name = if path.is_empty() { key(f).to_owned() } else { format!("{path}.{}", key(f)) };
        match answers.get(key(f)) {
            Some(Value::Object(inner)) => {
                // a table that holds only tables needs no heading of its own; an empty one says that it is there
                if inner.is_empty() || inner.values().any(|v| !v.is_object()) {
                    *out += &format!("\n[{name}]\n");
                }
                table(out, &name, f.path, inner);
            }
            Some(Value::Array(list)) => {
                for inner in list.iter().filter_map(Value::as_object) {
                    *out += &format!("\n[[{name}]]\n");
                    table(out, &name, &format!("{}[]", f.path), inner);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_says_what_the_answers_say() {
        let answers: Value = serde_json::from_str(include_str!("../../tests/bad/good/every-key.json")).unwrap();
        let written = file(answers.as_object().unwrap());
        let again: toml::Table = written.parse().unwrap();
        let times_as_text = |t: toml::Table| -> Value {
            fn plain(v: toml::Value) -> Value {
                match v {
                    toml::Value::Datetime(t) => t.to_string().into(),
                    toml::Value::Array(a) => a.into_iter().map(plain).collect(),
                    toml::Value::Table(t) => t.into_iter().map(|(k, v)| (k, plain(v))).collect::<Map<_, _>>().into(),
                    other => serde_json::to_value(other).unwrap(),
                }
            }
            plain(t.into())
        };
        assert_eq!(times_as_text(again), answers);
    }
}
