//! What a reader asks of the register: the state of every incident at some time, filtered, related ones together.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use strum::{IntoStaticStr, VariantArray};

use super::chain::{Fault, Head};
use super::each::{ReadError, all};
use super::entry::{Due, Entry, Kind, Record};
use super::read::Lines;
use crate::duties::{DutyStatus, Outcome, Time};
use crate::incident::moment::Moment;
use crate::incident::words::Level;
use crate::links;
use crate::regime::Action;

/// How far an incident is; the least settled of its duties counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    /// It was found not to be a breach.
    NotABreach,
    /// Nobody need be told: the entry is all there is to do.
    NothingDue,
    /// All duties are done.
    Done,
    /// All are done, one too late.
    DoneLate,
    /// A notification was begun and is not complete.
    InPhases,
    /// A duty is not done.
    Open,
    /// A duty is past the last moment for it.
    Overdue,
}

impl State {
    /// The state as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Whether there is something left to do.
    pub fn is_open(self) -> bool {
        self >= State::InPhases
    }

    fn of(duty: &Due, now: Time) -> State {
        match duty.status_at(now) {
            DutyStatus::NotRequired => State::NothingDue,
            DutyStatus::Done => State::Done,
            DutyStatus::DoneLate => State::DoneLate,
            DutyStatus::InPhases => State::InPhases,
            DutyStatus::Open => State::Open,
            DutyStatus::Overdue => State::Overdue,
        }
    }
}

impl Due {
    /// How far the duty is at a time, by what the entry knew: what was open then may be overdue now.
    pub fn status_at(&self, now: Time) -> DutyStatus {
        match self.status {
            DutyStatus::Open | DutyStatus::Overdue => match self.outer_deadline.as_deref().and_then(instant) {
                Some(last) if last < now => DutyStatus::Overdue,
                _ => DutyStatus::Open,
            },
            status => status,
        }
    }
}

/// RFC 3339 as an entry writes it.
fn instant(text: &str) -> Option<Time> {
    DateTime::parse_from_rfc3339(text).ok()
}

impl Entry {
    /// The duties that are required.
    fn asked(&self) -> impl Iterator<Item = &Due> {
        self.other_duties().filter(|d| d.required)
    }

    /// Every duty but the one that the entry itself fulfils.
    pub fn other_duties(&self) -> impl Iterator<Item = &Due> {
        self.duties.iter().filter(|d| d.action != Action::Register)
    }

    /// The first duty of a kind; a required one before all others.
    pub fn duty(&self, action: Action) -> Option<&Due> {
        self.duties.iter().filter(|d| d.action == action).min_by_key(|d| !d.required)
    }

    /// How far the incident is at a time, by what the entry knew.
    pub fn state(&self, now: Time) -> State {
        match self.kind {
            Kind::NotABreach => State::NotABreach,
            Kind::Breach => self.asked().map(|d| State::of(d, now)).max().unwrap_or(State::NothingDue),
        }
    }

    /// The safe deadline of what is to be done next.
    pub fn deadline(&self, now: Time) -> Option<&str> {
        let open = self.asked().filter(|d| matches!(State::of(d, now), State::Open | State::Overdue));
        open.filter_map(|d| d.deadline.as_deref()).min_by_key(|t| instant(t))
    }

    /// The year that the breach is counted in: that of when it became known, happened or was entered, whichever is known first.
    pub fn year(&self) -> Option<i32> {
        let dated = [self.aware.as_deref(), self.occurred.as_deref(), Some(self.recorded_at.as_str())];
        dated.into_iter().flatten().find_map(|t| t.get(..4)?.parse().ok())
    }
}

/// An entry as it stands among the others.
#[derive(Clone, Debug)]
pub struct Row {
    /// The entry; apart, since rows are moved about when they are put in order.
    pub entry: Box<Entry>,
    /// What it records in words, where that was asked for.
    pub record: Option<Box<Record>>,
    /// Its hash.
    pub hash: String,
    /// How many entries the incident has.
    pub entries: usize,
    /// Whether a later entry of the incident has taken its place.
    pub superseded: bool,
    /// How far the incident is.
    pub state: State,
    /// Whether it stands behind another incident that it is related to.
    pub follows: bool,
    matches: bool,
    part: usize,
    place: usize,
}

impl Row {
    /// Whether two incidents are related, directly or through others.
    pub fn is_related(&self, other: &Row) -> bool {
        self.part == other.part
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only with something left to do.
    pub open: bool,
    /// Only past the last moment for a duty.
    pub overdue: bool,
    /// Only with one of these outcomes, where any are given.
    pub outcomes: Vec<Outcome>,
    /// Only with one of these levels, where any are given.
    pub levels: Vec<Level>,
    /// Only entered on that day or at that time, or later.
    pub since: Option<Moment>,
    /// Only where a text holds this, upper and lower case alike.
    pub text: Option<String>,
    /// Superseded entries too.
    pub history: bool,
    /// What the entries record in words as well.
    pub records: bool,
}

impl Filter {
    fn takes(&self, row: &Row) -> bool {
        let entry = &row.entry;
        (self.history || !row.superseded)
            && row.matches
            && (!self.open || row.state.is_open())
            && (!self.overdue || row.state == State::Overdue)
            && (self.outcomes.is_empty() || entry.outcome.is_some_and(|o| self.outcomes.contains(&o)))
            && (self.levels.is_empty() || entry.level.is_some_and(|l| self.levels.contains(&l)))
            && self.since.is_none_or(|since| is_since(&entry.recorded_at, since))
    }
}

fn is_since(recorded_at: &str, since: Moment) -> bool {
    match since {
        Moment::Instant(since) => instant(recorded_at).is_some_and(|t| t >= since),
        // the day by the clock of the country, as it is written
        Moment::Day(since) => recorded_at.get(..10).and_then(|d| d.parse::<NaiveDate>().ok()).is_some_and(|d| d >= since),
        _ => true,
    }
}

/// What the register holds, and the first place where it is seen not to hold together. Only `verify` looks at every byte.
pub struct View {
    /// The entries asked for.
    pub rows: Vec<Row>,
    /// Where the chain breaks.
    pub fault: Option<Fault>,
}

impl View {
    /// Reads a register and gives what a filter lets through, as of `now`.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is no entry.
    pub fn read(lines: Lines, filter: &Filter, now: Time) -> Result<View, ReadError> {
        View::read_with_head(lines, filter, now, &mut Head::default())
    }

    /// The same, and the end of the register as it was read.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is no entry.
    pub fn read_with_head(lines: Lines, filter: &Filter, now: Time, head: &mut Head) -> Result<View, ReadError> {
        let text = filter.text.as_ref().map(|t| t.to_lowercase());
        let (mut rows, fault) = all(lines, |whole| {
            Ok(Row {
                matches: text.as_ref().is_none_or(|text| whole.has(text)),
                state: whole.entry.state(now),
                record: filter.records.then(|| whole.record().map(Box::new)).transpose()?,
                hash: whole.hash.to_owned(),
                entry: Box::new(whole.entry),
                entries: 1,
                superseded: false,
                follows: false,
                part: 0,
                place: 0,
            })
        })?;
        if let Some(last) = rows.last() {
            *head = Head { entries: rows.len() as u64, hash: last.hash.clone() };
        }
        order(&mut rows);
        rows.retain(|row| filter.takes(row));
        rows.sort_by_key(|row| row.place);
        for i in 1..rows.len() {
            rows[i].follows = rows[i].part == rows[i - 1].part && rows[i].entry.id != rows[i - 1].entry.id;
        }
        Ok(View { rows, fault })
    }
}

/// Gives every row its place: related incidents together, where the first of them stands; an incident's entries in their order. Counts the entries, too.
fn order(rows: &mut [Row]) {
    // of each incident the first entry, the last one, and how many there are
    let mut known: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    let mut incidents: Vec<(usize, usize, usize)> = Vec::with_capacity(rows.len());
    let mut incident_of: Vec<usize> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let incident = *known.entry(&row.entry.id).or_insert(incidents.len());
        match incidents.get_mut(incident) {
            Some((_, last, entries)) => (*last, *entries) = (i, *entries + 1),
            None => incidents.push((i, i, 1)),
        }
        incident_of.push(incident);
    }
    let parts = links::parts(rows.iter().map(|r| (r.entry.id.as_str(), r.entry.related.as_slice())));
    let mut first_of: HashMap<usize, usize> = HashMap::with_capacity(rows.len());
    let mut keys: Vec<(usize, usize, usize)> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter_mut().enumerate() {
        let (first, last, entries) = incidents[incident_of[i]];
        row.entries = entries;
        row.superseded = i != last;
        row.part = parts[i];
        keys.push((*first_of.entry(parts[i]).or_insert(i), first, i));
    }
    keys.sort_unstable();
    for (place, (_, _, i)) in keys.into_iter().enumerate() {
        rows[i].place = place;
    }
}
