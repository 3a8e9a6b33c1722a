//! When a period ends.
//!
//! Hours are elapsed hours: weekends, holidays and changes of the clock never move them. Days and months follow Regulation (EEC, Euratom) 1182/71,
//! art. 3, over a [`Calendar`] of the place where the act is to be done (art. 2).
//!
//! Every period has two ends. `deadline` is the safe one. `outer` is the last instant at which the act is still in time; only hours counted under the
//! Regulation set the two apart, since the hour of the event is not counted (art. 3(1)).

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, Timelike};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::calendar::Calendar;
use crate::zone::Zone;

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Elapsed hours.
    Hours,
    /// Calendar days.
    Days,
    /// Calendar months.
    Months,
}

/// By which rules a period is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Counting {
    /// Regulation (EEC, Euratom) 1182/71, art. 3.
    #[serde(rename = "eu-1182-71")]
    Eu1182_71,
    /// Time that has passed, and nothing else: the hour of the event counts, no day is moved.
    #[serde(rename = "elapsed")]
    Elapsed,
}

/// A length of time that a law sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many of `unit`.
    pub amount: u32,
    /// Hours, days or months.
    pub unit: Unit,
    /// The rules of counting.
    pub counting: Counting,
}

/// The two ends of a period, both with the zone's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The safe end: nobody can call an act late that was done by then.
    pub deadline: DateTime<FixedOffset>,
    /// The last instant in time; never before `deadline`.
    pub outer: DateTime<FixedOffset>,
}

/// The end of a period that an event at `start` sets off.
///
/// - hours: `deadline` is `start` plus the hours, to the second and below. `outer` is, under the Regulation, the next full hour of the zone's wall clock
///   strictly after `start` plus the hours (art. 3(1) first sentence, 3(2)(a), 3(3)); elapsed: the same as `deadline`.
/// - days: the day of the event is not counted (art. 3(1) second sentence) and the period ends with the last second of its last day (art. 3(2)(b)).
/// - months: the period ends with the last second of the day with the same number (art. 3(2)(c); Court of Justice, C-171/03), or of the month's last day
///   where there is none.
/// - days and months under the Regulation: a last day that is no working day gives way to the next working day (art. 3(4)), and a period of two days or
///   more has at least two working days in it (art. 3(5)). Elapsed: the counted day stands.
///
/// "The last second" is 23:59:59 of the zone's wall clock; for days and months both ends are that instant.
///
/// `None` where there is no such end: past the year 9999, where dates can no longer be written as RFC 3339 has them, or where the calendar has no
/// working day within a year.
pub fn deadline(start: DateTime<FixedOffset>, period: Period, zone: Zone, calendar: &Calendar) -> Option<Deadline> {
    let start = zone.local(without_leap_second(start)?);
    let (deadline, outer) = match period.unit {
        Unit::Hours => {
            let hours = TimeDelta::hours(period.amount.into());
            let deadline = start.checked_add_signed(hours)?;
            let outer = match period.counting {
                Counting::Eu1182_71 => next_full_hour(start)?.checked_add_signed(hours)?,
                Counting::Elapsed => deadline,
            };
            (deadline, outer)
        }
        Unit::Days | Unit::Months => {
            let first = start.date_naive();
            let last = match period.unit {
                Unit::Months => first.checked_add_months(Months::new(period.amount))?,
                _ => first.checked_add_days(Days::new(period.amount.into()))?,
            };
            let last = match period.counting {
                Counting::Eu1182_71 => last_day(first, last, calendar)?,
                Counting::Elapsed => last,
            };
            let end = last_second(last, zone)?;
            (end, end)
        }
    };
    let (deadline, outer) = (zone.local(deadline), zone.local(outer));
    (0..=9999).contains(&deadline.year()).then_some(())?;
    (outer.year() <= 9999).then_some(Deadline { deadline, outer })
}

/// 23:59:60 is taken as the first second of the next minute, as every clock that counts in Unix time does.
fn without_leap_second(t: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    match t.timestamp_subsec_nanos().checked_sub(1_000_000_000) {
        Some(fraction) => Some(DateTime::from_timestamp(t.timestamp().checked_add(1)?, fraction)?.fixed_offset()),
        None => Some(t),
    }
}

/// Art. 3(1): the hour in which the event falls is not counted. On the hour sharp, the event falls in the hour that begins.
fn next_full_hour(local: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    let into_the_hour = TimeDelta::new((local.minute() * 60 + local.second()).into(), local.nanosecond())?;
    local.checked_add_signed(TimeDelta::hours(1) - into_the_hour)
}

/// Art. 3(4) and (5), for a period after the day `first`, up to and with the day `last`.
fn last_day(first: NaiveDate, last: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    let moved = working_day_from(last, calendar)?;
    let two_days_or_more = (last - first).num_days() >= 2;
    if !two_days_or_more {
        return Some(moved);
    }
    // the period has two working days in it from its second working day on, and not before
    let one = working_day_from(first.succ_opt()?, calendar)?;
    let two = working_day_from(one.succ_opt()?, calendar)?;
    Some(moved.max(two))
}

/// The first working day on or after `day`, looked for over a year and a day: a calendar without one is no calendar to count by.
fn working_day_from(day: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    day.iter_days().take(367).find(|day| calendar.is_working_day(*day))
}

/// The end of the last hour of a day. Reckoned from the midnight after it, since a clock that goes back at midnight shows 23:59:59 twice.
fn last_second(day: NaiveDate, zone: Zone) -> Option<DateTime<FixedOffset>> {
    let midnight = zone.at(day.succ_opt()?.and_time(NaiveTime::MIN));
    midnight.checked_sub_signed(TimeDelta::seconds(1))
}
