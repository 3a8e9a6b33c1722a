//! Yearly statistics: how many incidents there were, what followed from them, how many people they concerned.

use std::collections::BTreeMap;

use super::entry::{Entry, Kind};
use crate::duties::{DutyStatus, Outcome};
use crate::regime::Action;

/// One year. The outcomes together with `not_a_breach` are all incidents of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Year {
    pub year: i32,
    pub incidents: u64,
    pub not_a_breach: u64,
    pub register_only: u64,
    pub notify_controller: u64,
    pub notify_authority: u64,
    pub notify_data_subjects: u64,
    /// The authority was notified late.
    pub late: u64,
    /// People concerned by breaches, as far as their number is known.
    pub people: u64,
    /// Breaches of which the number of people is not known.
    pub people_unknown: u64,
}

impl Year {
    /// The breaches by what follows from them, the least first, and what was none before all.
    pub fn parts(&self) -> [u64; 5] {
        [self.not_a_breach, self.register_only, self.notify_controller, self.notify_authority, self.notify_data_subjects]
    }
}

/// The years of these entries, each of which must be the last of its incident; the first year first.
pub fn years<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<Year> {
    let mut years: BTreeMap<i32, Year> = BTreeMap::new();
    for entry in entries {
        let number = entry.year().unwrap_or_default();
        let year = years.entry(number).or_insert_with(|| Year { year: number, ..Year::default() });
        year.incidents += 1;
        match (entry.kind, entry.outcome) {
            (Kind::NotABreach, _) | (_, None) => year.not_a_breach += 1,
            (_, Some(Outcome::RegisterOnly)) => year.register_only += 1,
            (_, Some(Outcome::NotifyController)) => year.notify_controller += 1,
            (_, Some(Outcome::NotifyAuthority)) => year.notify_authority += 1,
            (_, Some(Outcome::NotifyDataSubjects)) => year.notify_data_subjects += 1,
        }
        if entry.kind == Kind::Breach {
            year.late += u64::from(entry.duty(Action::NotifyAuthority).is_some_and(|d| d.status == DutyStatus::DoneLate));
            year.people = year.people.saturating_add(entry.people.unwrap_or(0));
            year.people_unknown += u64::from(entry.people.is_none());
        }
    }
    years.into_values().collect()
}
