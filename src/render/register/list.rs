//! The list: a line an incident for a person, a row for a spreadsheet, an object for a program.

use serde::{Serialize, Serializer};
use serde_json::Value;
use textwrap::core::display_width;

use super::super::csv;
use super::super::given::flat;
use super::super::text::WIDTH;
use super::words::Words;
use crate::duties::Time;
use crate::incident::words::Word;
use crate::register::column::{Column, USUAL};
use crate::register::view::Row;

/// As much of a title as is always shown.
const TITLE: usize = 32;

/// Writes lines for a person: no table's rules, so that `grep` and `cut` find their way. Without columns of one's own a title is
/// cut short.
pub fn text(rows: &[Row], columns: Option<&[Column]>, now: Time, say: Words<'_>) -> String {
    let shown = columns.unwrap_or(&USUAL);
    // where the columns are known, a short name may do
    let name = |c: &Column| match format!("register-list-{}", c.id()) {
        short if columns.is_none() && say.texts.has(&short) => say.say(&short),
        _ => say.say(&format!("register-col-{}", c.id())),
    };
    let head = shown.iter().map(name).collect::<Vec<_>>();
    let mut widths: Vec<usize> = head.iter().map(|cell| width(cell)).collect();
    // nothing in a cell is a tab or ends a line; in one piece they take a tenth of the room
    let mut cells = head.join("\t");
    for row in rows {
        cells.push('\n');
        for (i, column) in shown.iter().enumerate() {
            let cell = cell(*column, row, now, say);
            widths[i] = widths[i].max(width(&cell));
            if i > 0 {
                cells.push('\t');
            }
            cells.push_str(&cell);
        }
    }
    let before: usize = widths.iter().rev().skip(1).map(|w| w + 2).sum();
    // however long the numbers are, something of the title is left
    let room = if columns.is_none() { WIDTH.saturating_sub(before).max(TITLE) } else { usize::MAX };
    let mut out = String::with_capacity(cells.len() * 2);
    for line in cells.split('\n') {
        for (i, cell) in line.split('\t').enumerate() {
            if i + 1 == shown.len() {
                out.push_str(&cut(cell, room));
            } else {
                out.push_str(cell);
                out.extend(std::iter::repeat_n(' ', widths[i] + 2 - width(cell)));
            }
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}

fn cell(column: Column, row: &Row, now: Time, say: Words<'_>) -> String {
    let (e, none) = (&row.entry, || "-".to_owned());
    match column {
        Column::Id if row.follows => format!("+ {}", flat(&e.id)),
        Column::RecordedAt => flat(&e.recorded_at).chars().take(10).collect(),
        Column::Title => e.title.as_deref().map_or_else(none, flat),
        Column::Followed => e.procedure.followed.map_or_else(none, |f| say.flag(Some(f))),
        Column::State => say.state(row.state),
        Column::Kind => say.kind(e.kind),
        Column::Role => say.word("controller.role", e.role.id()),
        Column::Outcome => e.outcome.map_or_else(none, |o| say.outcome_word(o)),
        Column::Level => e.level.map_or_else(none, |l| say.level(l)),
        Column::Score => e.score.map_or_else(none, |s| say.texts.number(s)),
        Column::Risk => e.risk.map_or_else(none, |r| say.risk_word(r)),
        Column::Computed => e.computed.map_or_else(none, |r| say.risk_word(r)),
        Column::Decided => e.decided.map_or_else(none, |r| say.risk_word(r)),
        Column::Data => e.data.iter().map(|c| say.category(*c)).collect::<Vec<_>>().join("; "),
        _ => match (column, column.of(row, now)) {
            (_, Value::Null) => none(),
            (_, Value::Bool(flag)) => say.flag(Some(flag)),
            (Column::Items, value) => flat(&plain(named(value, |word| say.item(word)))),
            (Column::Events, value) => flat(&plain(named(value, |word| say.word("event.kind", word)))),
            (Column::Cause, value) => flat(&plain(named(value, |word| say.word("event.cause", word)))),
            (Column::Groups, value) => flat(&plain(named(value, |word| say.word("subjects.groups", word)))),
            (_, value) => flat(&plain(value)),
        },
    }
}

/// A value with its words as they are called.
fn named(value: Value, name: impl Fn(&str) -> String + Copy) -> Value {
    match value {
        Value::String(word) => Value::String(name(&word)),
        Value::Array(list) => Value::Array(list.into_iter().map(|value| named(value, name)).collect()),
        other => other,
    }
}

/// A value on one line; of a list its entries.
fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(list) => list.into_iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// How many columns a text takes that holds no control characters.
fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { display_width(text) }
}

/// A text no wider than that.
fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
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
        out.push_str(&csv::line(columns.iter().map(|c| csv::inert_cell(&plain(c.of(row, now)))).collect()));
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
