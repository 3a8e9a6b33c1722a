//! The list: a line an incident for a person, a row for a spreadsheet, an object for a program.

use serde::{Serialize, Serializer};
use serde_json::Value;
use textwrap::core::display_width;

use super::super::csv;
use super::super::given::flat;
use super::super::text::WIDTH;
use crate::duties::Time;
use crate::register::column::{Column, USUAL};
use crate::register::view::Row;
use crate::texts::Texts;

/// As much of a title as is always shown.
const TITLE: usize = 32;

/// Writes lines for a person: no table's rules, so that `grep` and `cut` find their way. Without columns of one's own a title is
/// cut short.
pub fn text(rows: &[Row], columns: Option<&[Column]>, now: Time, texts: &Texts) -> String {
    let shown = columns.unwrap_or(&USUAL);
    // where the columns are known, a short name may do
    let name = |c: &Column| match format!("register-list-{}", c.id()) {
        short if columns.is_none() && texts.has(&short) => texts.say(&short, &[]),
        _ => texts.say(&format!("register-col-{}", c.id()), &[]),
    };
    let head: Vec<String> = shown.iter().map(name).collect();
    let mut lines: Vec<Vec<String>> = vec![head];
    lines.extend(rows.iter().map(|row| shown.iter().map(|c| cell(*c, row, now, texts)).collect()));
    let widths: Vec<usize> = (0..shown.len()).map(|i| lines.iter().map(|l| display_width(&l[i])).max().unwrap_or(0)).collect();
    let before: usize = widths.iter().rev().skip(1).map(|w| w + 2).sum();
    // however long the numbers are, something of the title is left
    let room = if columns.is_none() { WIDTH.saturating_sub(before).max(TITLE) } else { usize::MAX };
    let mut out = String::new();
    for line in lines {
        let mut text = String::new();
        for (i, cell) in line.iter().enumerate() {
            if i + 1 == line.len() {
                text.push_str(&cut(cell, room));
            } else {
                text.push_str(cell);
                text.extend(std::iter::repeat_n(' ', widths[i] + 2 - display_width(cell)));
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn cell(column: Column, row: &Row, now: Time, texts: &Texts) -> String {
    match column {
        Column::Id if row.follows => format!("+ {}", flat(&row.entry.id)),
        Column::RecordedAt => flat(&row.entry.recorded_at).chars().take(10).collect(),
        Column::State => texts.say(&format!("register-state-{}", row.state.id()), &[]),
        _ => match column.of(row, now) {
            Value::Null => "-".to_owned(),
            Value::Bool(flag) => texts.say(if flag { "yes" } else { "no" }, &[]),
            value => flat(&plain(&value)),
        },
    }
}

/// A value on one line; of a list its entries.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// A text no wider than that.
fn cut(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut width = 1;
    for c in text.chars() {
        width += display_width(c.encode_utf8(&mut [0; 4]));
        if width > room {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// Writes a header and a row each.
pub fn csv(rows: &[Row], columns: &[Column], now: Time) -> String {
    let mut out = csv::line(columns.iter().map(|c| c.id().to_owned()).collect());
    for row in rows {
        out.push_str(&csv::line(columns.iter().map(|c| csv::inert_cell(&plain(&c.of(row, now)))).collect()));
    }
    out
}

/// A row as an object with its keys in the order of the columns.
struct Object<'a>(&'a Row, &'a [Column], Time);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.1.iter().map(|c| (c.id(), c.of(self.0, self.2))))
    }
}

/// Writes objects one after another.
pub fn json(rows: &[Row], columns: &[Column], now: Time) -> String {
    rows.iter().map(|row| super::super::json::to_string(&Object(row, columns, now), true) + "\n").collect()
}
