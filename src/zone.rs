//! Time zones: an instant seen on the wall, and a wall-clock time as an instant.
//!
//! The IANA data come with `tzdb_data` as constants, so nothing is read from the machine and nothing is parsed at start-up. After the last listed
//! transition the rule at the end of the data speaks, so summer time goes on beyond 2037. No rule about summer time is written here.

use std::fmt;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, Timelike, Utc, Weekday};
use tz::datetime::FoundDateTimeKind;
use tz::timezone::{LocalTimeType, RuleDay, TimeZoneRef, TransitionRule};

/// A time zone of the IANA database, or UTC. Two zones are equal if their names are.
#[derive(Clone, Copy)]
pub struct Zone(&'static Known);

/// What is known of a zone.
struct Known {
    name: &'static str,
    rules: TimeZoneRef<'static>,
    /// When the clock changes, and to which offset: what the rules say, up to [`LAST_LISTED`], so that it need not be worked out for every time.
    changes: Vec<(i64, FixedOffset)>,
}

static UTC: Known = Known { name: "UTC", rules: TimeZoneRef::utc(), changes: Vec::new() };

/// The zones that somebody asked for, by their places in the list of names.
static KNOWN: [OnceLock<Box<Known>>; tzdb_data::TZ_NAMES.len()] = [const { OnceLock::new() }; tzdb_data::TZ_NAMES.len()];

/// The first year whose changes are listed, where only a rule speaks; it is the first that an incident may have.
const FIRST_LISTED: i32 = 1990;
/// The last year whose changes are listed.
const LAST_LISTED: i32 = 2050;

impl Zone {
    /// Coordinated universal time: what counts where no country is known.
    pub const UTC: Zone = Zone(&UTC);

    /// The zone of that IANA name, spelled as the database spells it (`Europe/Warsaw`); `None` if there is no such zone.
    pub fn named(iana: &str) -> Option<Zone> {
        // the list is in the order of its names in lower case, as a test holds
        fn lower(name: &str) -> impl Iterator<Item = u8> {
            name.bytes().map(|b| b.to_ascii_lowercase())
        }
        let at = tzdb_data::TZ_NAMES.binary_search_by(|name| lower(name).cmp(lower(iana))).ok()?;
        let name = tzdb_data::TZ_NAMES[at];
        if name != iana {
            return None;
        }
        let rules = *tzdb_data::find_tz(name.as_bytes())?;
        Some(Zone(KNOWN[at].get_or_init(|| Box::new(Known { name, rules, changes: changes(rules).unwrap_or_default() }))))
    }

    /// All names that the database knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        tzdb_data::TZ_NAMES.iter().copied()
    }

    /// The IANA name, for example `Europe/Warsaw`.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// The same instant with the zone's offset.
    ///
    /// Where the wall clock would leave the years that `chrono` knows (about 262 000 either side), the offset is UTC.
    pub fn local(&self, t: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        let offset = self.0.listed(t.timestamp()).or_else(|| self.0.worked_out(t)).unwrap_or(Utc.fix());
        t.with_timezone(&offset)
    }

    /// The instant of a wall-clock time, with the zone's offset at that instant.
    ///
    /// A time that the clock skips (summer time begins) is the first instant after the gap; a time that it shows twice (summer time ends) is the
    /// earlier one, so that no period starts later than it may have. The answer never lies outside the years that `chrono` knows.
    pub fn at(&self, wall: NaiveDateTime) -> DateTime<FixedOffset> {
        self.find(wall).unwrap_or_else(|| wall.and_utc().fixed_offset())
    }

    fn find(&self, wall: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        // the clock of a zone goes back or forward once within a day, so two answers are the most there are
        let mut found = [None; 2];
        // month to second are within u8 by chrono's own ranges; a leap second (fraction above 1 s) is carried by `fraction`
        let list = tz::DateTime::find_n(
            &mut found,
            wall.year(),
            wall.month() as u8,
            wall.day() as u8,
            wall.hour() as u8,
            wall.minute() as u8,
            wall.second() as u8,
            0,
            self.0.rules,
        )
        .ok()?;
        let (instant, fraction) = match list.data().first().copied().flatten()? {
            FoundDateTimeKind::Normal(time) => (time, TimeDelta::nanoseconds(wall.nanosecond().into())),
            FoundDateTimeKind::Skipped { after_transition, .. } => (after_transition, TimeDelta::zero()),
        };
        let utc = DateTime::from_timestamp(instant.unix_time(), 0)?.checked_add_signed(fraction)?;
        Some(self.local(utc.fixed_offset()))
    }
}

impl Known {
    /// The offset at a time between two changes that are listed.
    fn listed(&self, t: i64) -> Option<FixedOffset> {
        let next = self.changes.partition_point(|(at, _)| *at <= t);
        let (_, offset) = self.changes[..next].last()?;
        (next < self.changes.len()).then_some(*offset)
    }

    /// The offset at any time, by the rules; `None` where the wall clock would leave the years that `chrono` knows.
    fn worked_out(&self, t: DateTime<FixedOffset>) -> Option<FixedOffset> {
        let offset = offset(self.rules.find_local_time_type(t.timestamp()).ok()?)?;
        t.naive_utc().checked_add_offset(offset).map(|_| offset)
    }
}

fn offset(kind: &LocalTimeType) -> Option<FixedOffset> {
    FixedOffset::east_opt(kind.ut_offset())
}

/// When the clock changes by those rules, and to which offset; `None` where they are written in a form that no zone of our time has.
fn changes(rules: TimeZoneRef) -> Option<Vec<(i64, FixedOffset)>> {
    if !rules.leap_seconds().is_empty() {
        return None;
    }
    let listed = rules.transitions().iter().map(|t| Some((t.unix_leap_time(), offset(&rules.local_time_types()[t.local_time_type_index()])?)));
    let mut changes = listed.collect::<Option<Vec<_>>>()?;
    if let Some(TransitionRule::Alternate(rule)) = rules.extra_rule() {
        let (winter, summer) = (offset(rule.std())?, offset(rule.dst())?);
        let last = changes.last().map(|(at, _)| *at);
        let first_year = last.and_then(|last| DateTime::from_timestamp(last, 0)).map_or(FIRST_LISTED, |last| last.year());
        for year in first_year..=LAST_LISTED {
            // each time at an hour of the clock as it was
            let start = midnight(rule.dst_start(), year)? + i64::from(rule.dst_start_time() - winter.local_minus_utc());
            let end = midnight(rule.dst_end(), year)? + i64::from(rule.dst_end_time() - summer.local_minus_utc());
            let mut turns = [(start, summer), (end, winter)];
            turns.sort_by_key(|(at, _)| *at);
            changes.extend(turns.into_iter().filter(|(at, _)| last.is_none_or(|last| *at > last)));
        }
    }
    Some(changes)
}

/// The beginning, by UTC, of the day that a rule names, where it is such a weekday of a month; the fifth is the last.
fn midnight(day: &RuleDay, year: i32) -> Option<i64> {
    let RuleDay::MonthWeekDay(day) = day else { return None };
    let weekday = Weekday::Sun.days_since(Weekday::Mon) as u8 + day.week_day();
    let weekday = Weekday::try_from(weekday % 7).ok()?;
    let in_week = |week| NaiveDate::from_weekday_of_month_opt(year, day.month().into(), weekday, week);
    let day = in_week(day.week()).or_else(|| in_week(day.week() - 1))?;
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp())
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(y: i32, m: u32, d: u32, h: u32, min: u32, s: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(h, min, s).unwrap()
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_the_gap() {
        let warsaw = Zone::named("Europe/Warsaw").unwrap();
        assert_eq!(warsaw.at(wall(2026, 3, 29, 2, 30, 0)).to_rfc3339(), "2026-03-29T03:00:00+02:00");
        // and at midnight, where a zone changes then
        let beirut = Zone::named("Asia/Beirut").unwrap();
        assert_eq!(beirut.at(wall(2025, 3, 30, 0, 0, 0)).to_rfc3339(), "2025-03-30T01:00:00+03:00");
    }

    #[test]
    fn a_time_shown_twice_is_the_earlier_one() {
        let warsaw = Zone::named("Europe/Warsaw").unwrap();
        assert_eq!(warsaw.at(wall(2026, 10, 25, 2, 30, 0)).to_rfc3339(), "2026-10-25T02:30:00+02:00");
        assert_eq!(warsaw.at(wall(2026, 10, 25, 3, 0, 0)).to_rfc3339(), "2026-10-25T03:00:00+01:00");
    }

    // Directive 2000/84/EC: from the last Sunday in March to the last Sunday in October, both at 01:00 UTC
    #[test]
    fn summer_time_goes_on_after_2037() {
        for (last_of_winter, first_of_summer) in
            [("2050-03-27T01:59:59+01:00", "2050-03-27T03:00:00+02:00"), ("2199-03-31T01:59:59+01:00", "2199-03-31T03:00:00+02:00")]
        {
            let before = DateTime::parse_from_rfc3339(last_of_winter).unwrap();
            let berlin = Zone::named("Europe/Berlin").unwrap();
            assert_eq!(berlin.local(before).to_rfc3339(), last_of_winter);
            assert_eq!(berlin.local(before + TimeDelta::seconds(1)).to_rfc3339(), first_of_summer);
        }
    }

    #[test]
    fn every_zone_has_an_offset_from_1990_to_2199() {
        for name in tzdb_data::TZ_NAMES {
            let zone = Zone::named(name).unwrap();
            for year in 1990..2200 {
                let t = wall(year, 7, 1, 12, 0, 0).and_utc().timestamp();
                assert!(zone.0.rules.find_local_time_type(t).is_ok(), "{name} {year}");
            }
        }
    }

    fn is_as_worked_out(zone: Zone, t: i64) {
        let t = DateTime::from_timestamp(t, 0).unwrap().fixed_offset();
        let slowly = t.with_timezone(&zone.0.worked_out(t).unwrap_or(Utc.fix()));
        // instants are equal whatever their offsets
        assert_eq!(zone.local(t).offset(), slowly.offset(), "{} {t}", zone.name());
    }

    #[test]
    fn what_is_listed_is_what_the_rules_say() {
        const DAY: i64 = 86_400;
        for zone in Zone::names().filter_map(Zone::named) {
            for (at, _) in &zone.0.changes {
                [at - 1, *at, at + 1].into_iter().for_each(|t| is_as_worked_out(zone, t));
            }
            // from 1880 to 2070, whatever the time of day
            (-90 * 365 * DAY..100 * 365 * DAY).step_by(11 * DAY as usize + 7_919).for_each(|t| is_as_worked_out(zone, t));
        }
        assert!(Zone::named("Europe/Warsaw").unwrap().0.changes.len() > 100);
    }

    proptest::proptest! {
        #[test]
        fn every_time_has_the_offset_that_the_rules_say(at in 0..tzdb_data::TZ_NAMES.len(), t in -3_000_000_000..9_000_000_000_i64) {
            is_as_worked_out(Zone::named(tzdb_data::TZ_NAMES[at]).unwrap(), t);
        }
    }

    #[test]
    fn every_name_is_found() {
        for name in Zone::names() {
            assert_eq!(Zone::named(name).map(|z| z.name()), Some(name));
        }
    }

    #[test]
    fn names_are_exact() {
        assert_eq!(Zone::named("UTC"), Some(Zone::UTC));
        assert_eq!(Zone::named("Europe/Warsaw").unwrap().name(), "Europe/Warsaw");
        assert_eq!(Zone::named("europe/warsaw"), None);
        assert_eq!(Zone::named("Europe/Nowhere"), None);
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        let tokyo = Zone::named("Asia/Tokyo").unwrap();
        let lima = Zone::named("America/Lima").unwrap();
        for zone in [tokyo, lima, Zone::UTC] {
            for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
                assert_eq!(zone.local(end.fixed_offset()), end);
                zone.at(end.naive_utc());
            }
        }
    }
}
