//! Time zones: an instant seen on the wall, and a wall-clock time as an instant.
//!
//! The IANA data come with `tzdb_data` as constants, so nothing is read from the machine and nothing is parsed at start-up. After the last listed
//! transition the rule at the end of the data speaks, so summer time goes on beyond 2037. No rule about summer time is written here.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Offset, TimeDelta, Timelike, Utc};
use tz::datetime::FoundDateTimeKind;
use tz::timezone::TimeZoneRef;

/// A time zone of the IANA database, or UTC. Two zones are equal if their names are.
#[derive(Clone, Copy)]
pub struct Zone {
    name: &'static str,
    rules: TimeZoneRef<'static>,
}

impl Zone {
    /// Coordinated universal time: what counts where no country is known.
    pub const UTC: Zone = Zone { name: "UTC", rules: TimeZoneRef::utc() };

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
        Some(Zone { name, rules })
    }

    /// All names that the database knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        tzdb_data::TZ_NAMES.iter().copied()
    }

    /// The IANA name, for example `Europe/Warsaw`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The same instant with the zone's offset.
    ///
    /// Where the wall clock would leave the years that `chrono` knows (about 262 000 either side), the offset is UTC.
    pub fn local(&self, t: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        let offset = self
            .rules
            .find_local_time_type(t.timestamp())
            .ok()
            .and_then(|kind| FixedOffset::east_opt(kind.ut_offset()))
            .filter(|offset| t.naive_utc().checked_add_offset(*offset).is_some())
            .unwrap_or(Utc.fix());
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
            self.rules,
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

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

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
                assert!(zone.rules.find_local_time_type(t).is_ok(), "{name} {year}");
            }
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
