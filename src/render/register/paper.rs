//! The register as an authority asks for it: what goes on paper, in which order. Every format lays out the same.

use chrono::SecondsFormat;

use super::super::picture::{self, Bar, Picture};
use super::words::Words;
use crate::duties::Time;
use crate::incident::answer::UNKNOWN;
use crate::incident::words::Word;
use crate::regime::Action;
use crate::register::chain::Head;
use crate::register::entry::{Entry, Kind, Record};
use crate::register::view::{Row, State};
use crate::register::years::{Year, years};

/// The register on paper. Every text is plain; a format makes all of it harmless.
pub struct Paper {
    /// Its language, ISO 639-1.
    pub language: String,
    /// What it is.
    pub title: String,
    /// Under which law, as of when, and how it ends.
    pub lines: Vec<String>,
    /// The heading of the statistics, and what they show.
    pub statistics: (String, Table),
    /// The same as a picture.
    pub picture: Picture,
    /// The heading of the incidents, and a line each.
    pub overview: (String, Table),
    /// The incidents.
    pub incidents: Vec<Sheet>,
    /// The names of a sheet's fields, which are those of a spreadsheet's columns.
    pub fields: Vec<String>,
    /// The names of the sheets of a workbook.
    pub sheets: [String; 2],
}

/// A table; the first column names the row.
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// One incident.
pub struct Sheet {
    /// Number and title.
    pub title: String,
    /// How far it is.
    pub badge: String,
    /// Whether there is something left to do, or past its time.
    pub alarm: bool,
    /// Whether a later entry has taken its place.
    pub superseded: Option<String>,
    /// What it says in each of the fields; nothing in those that do not apply.
    pub cells: Vec<Vec<String>>,
}

/// Puts the register on paper.
pub fn paper(rows: &[Row], head: &Head, now: Time, say: Words<'_>) -> Paper {
    let counted = years(rows.iter().filter(|r| !r.superseded).map(|r| &*r.entry));
    let (incidents, at) = (rows.iter().filter(|r| !r.superseded).count(), now.to_rfc3339_opts(SecondsFormat::Secs, false));
    let values = [("now", at), ("incidents", incidents.to_string()), ("entries", head.entries.to_string()), ("hash", head.hash.clone())];
    Paper {
        language: say.texts.language.to_string(),
        title: say.say("register-paper-title"),
        lines: vec![say.say("register-paper-law"), say.with("register-paper-as-of", &values)],
        statistics: (say.say("register-paper-statistics"), statistics(&counted, say)),
        picture: drawn(&counted, say),
        overview: (say.say("register-paper-incidents"), overview(rows, say)),
        fields: FIELDS.iter().map(|(key, _)| say.say(key)).collect(),
        incidents: rows.iter().map(|row| sheet(row, now, say)).collect(),
        sheets: ["register-sheet", "register-sheet-years"].map(|key| say.say(key)),
    }
}

/// The keys of what is counted by outcome, in the order of [`Year::parts`].
const PARTS: [&str; 5] = [
    "register-year-not-a-breach",
    "register-year-register-only",
    "register-year-notify-controller",
    "register-year-notify-authority",
    "register-year-notify-data-subjects",
];

fn statistics(years: &[Year], say: Words<'_>) -> Table {
    let head = ["register-year", "register-year-incidents"].iter().chain(&PARTS).chain(&["register-year-late", "register-year-people"]);
    let row = |y: &Year| {
        let people = match y.people_unknown {
            0 => y.people.to_string(),
            unknown => say.with("register-year-people-unknown", &[("people", y.people.to_string()), ("unknown", unknown.to_string())]),
        };
        let numbers = [y.incidents].into_iter().chain(y.parts()).chain([y.late]).map(|n| n.to_string());
        [y.year.to_string()].into_iter().chain(numbers).chain([people]).collect()
    };
    Table { caption: say.say("register-years-caption"), head: head.map(|key| say.say(key)).collect(), rows: years.iter().map(row).collect() }
}

fn drawn(years: &[Year], say: Words<'_>) -> Picture {
    let part = |(n, key): (u64, &&str)| (n > 0).then(|| format!("{}: {n}", say.say(key)));
    let one = |y: &Year| {
        let parts: Vec<String> = y.parts().into_iter().zip(&PARTS).filter_map(part).collect();
        say.with("register-years-one", &[("year", y.year.to_string()), ("incidents", y.incidents.to_string()), ("parts", parts.join(", "))])
    };
    let desc: Vec<String> = years.iter().map(one).collect();
    let shown = |i: usize| years.iter().any(|y| y.parts()[i] > 0);
    let parts: Vec<String> = PARTS.iter().enumerate().filter(|(i, _)| shown(*i)).map(|(_, key)| say.say(key)).collect();
    let legend = say.with("register-years-legend", &[("parts", parts.join(", "))]);
    let bars = years.iter().map(|y| Bar { name: y.year.to_string(), parts: y.parts() }).collect();
    picture::years(say.say("register-years"), desc.join(" "), legend, bars)
}

fn overview(rows: &[Row], say: Words<'_>) -> Table {
    let keys = ["id", "title", "aware", "outcome", "state", "followed"];
    let row = |r: &Row| {
        let e = &r.entry;
        let title = e.title.clone().unwrap_or_default();
        let aware = e.aware.as_deref().unwrap_or_default().chars().take(10).collect();
        vec![e.id.clone(), title, aware, say.outcome(e), say.state(r.state), say.flag(e.procedure.followed)]
    };
    let names = keys.iter().map(|key| say.say(&format!("register-col-{key}"))).collect();
    Table { caption: say.say("register-paper-title"), head: names, rows: rows.iter().map(row).collect() }
}

/// An entry, what it records, and as of when.
struct Said<'a> {
    entry: &'a Entry,
    record: &'a Record,
    now: Time,
}

type Field = fn(&Said<'_>, Words<'_>) -> Vec<String>;

/// What is said of an incident: the key of its name, and what it is.
const FIELDS: &[(&str, Field)] = &[
    ("register-col-id", |r, _| vec![r.entry.id.clone()]),
    ("register-col-title", |r, _| one(&r.entry.title)),
    ("register-col-recorded_at", |r, say| {
        let at = [("sequence", r.entry.sequence.to_string()), ("recorded_at", r.entry.recorded_at.clone())];
        vec![say.with("register-paper-entered", &at)]
    }),
    ("register-col-controller", |r, _| {
        let e = r.entry;
        let country = e.country.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
        e.controller.as_ref().map(|name| format!("{name}{country}")).into_iter().collect()
    }),
    ("register-col-occurred", |r, say| {
        one(&r.entry.occurred.as_ref().map(|when| if when == UNKNOWN { say.say("register-unknown") } else { when.clone() }))
    }),
    ("register-col-aware", |r, _| one(&r.entry.aware)),
    ("register-col-facts", |r, _| one(&r.record.facts)),
    ("register-col-events", |r, say| {
        let kinds = r.record.events.iter().map(|kind| say.word("event.kind", kind));
        joined(kinds.chain(r.record.cause.iter().map(|cause| say.word("event.cause", cause.id()))))
    }),
    ("register-col-items", |r, say| joined(r.entry.data.iter().map(|c| say.category(*c)).chain(r.record.items.iter().map(|item| say.item(item))))),
    ("register-paper-people-name", |r, say| {
        let e = r.entry;
        if e.kind == Kind::NotABreach && e.people.is_none() {
            return Vec::new();
        }
        let number = say.with("register-paper-people", &[("people", say.number(e.people)), ("records", say.number(e.records))]);
        [number].into_iter().chain(joined(r.record.groups.iter().map(|group| say.word("subjects.groups", group)))).collect()
    }),
    ("register-col-effects", |r, _| r.record.effects.clone()),
    ("register-col-measures", |r, say| say.measures(&r.record.measures)),
    ("register-paper-decision", |r, say| [say.outcome(r.entry)].into_iter().chain(say.decision(r.entry, &r.record.decision)).collect()),
    ("register-paper-authority", |r, say| {
        duties(r, say, &[Action::NotifyAuthority, Action::NotifyAuthoritySecond, Action::NotifyController, Action::NotifyOther])
    }),
    ("register-col-delay_reason", |r, _| one(&r.record.delay_reason)),
    ("register-paper-subjects", |r, say| duties(r, say, &[Action::NotifyDataSubjects, Action::PublicCommunication])),
    ("register-heading-procedure", |r, say| match &r.entry.procedure {
        p if *p == Default::default() => Vec::new(),
        p => vec![say.procedure(p)],
    }),
    ("register-col-related", |r, _| joined(r.entry.related.iter().cloned())),
];

fn one(text: &Option<String>) -> Vec<String> {
    text.iter().cloned().collect()
}

fn joined(all: impl Iterator<Item = String>) -> Vec<String> {
    let all: Vec<String> = all.collect();
    if all.is_empty() { Vec::new() } else { vec![all.join(", ")] }
}

fn duties(r: &Said<'_>, say: Words<'_>, actions: &[Action]) -> Vec<String> {
    r.entry.duties.iter().filter(|d| actions.contains(&d.action)).map(|d| say.duty(d, r.now)).collect()
}

fn sheet(row: &Row, now: Time, say: Words<'_>) -> Sheet {
    let e = &row.entry;
    let record = row.record.as_deref().cloned().unwrap_or_default();
    let said = Said { entry: e, record: &record, now };
    Sheet {
        title: format!("{}  {}", e.id, e.title.as_deref().unwrap_or_default()).trim_end().to_owned(),
        badge: say.state(row.state),
        alarm: row.state == State::Overdue,
        superseded: row.superseded.then(|| say.say("register-superseded")),
        cells: FIELDS.iter().map(|(_, field)| field(&said, say)).collect(),
    }
}
