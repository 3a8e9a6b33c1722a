//! Points in time as an incident file writes them.
//!
//! TOML has its own form of date-times and a quoted one is as good; both arrive here as text and are read by the same rules. A date-time
//! without an offset is refused: in which hour a clock started must not be guessed.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Serialize, Serializer};

use super::answer::UNKNOWN;

/// The years a date may have.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;

/// The word for something that has not ended.
const ONGOING: &str = "ongoing";

/// A point in time, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// To the second, with its offset.
    Instant(DateTime<FixedOffset>),
    /// A day, the hour not known.
    Day(NaiveDate),
    /// Known to be unknown.
    Unknown,
    /// Has not ended.
    Ongoing,
}

/// Why a text is not a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAMoment {
    /// A date-time, but without the offset from UTC.
    NoOffset,
    /// A date-time or date whose year is out of bounds.
    Year,
    /// No date and no date-time, or one that the calendar does not have.
    Unreadable,
}

impl Moment {
    /// Reads RFC 3339, a date, `unknown` or `ongoing`.
    pub fn read(text: &str) -> Result<Moment, NotAMoment> {
        match text {
            UNKNOWN => return Ok(Moment::Unknown),
            ONGOING => return Ok(Moment::Ongoing),
            _ => {}
        }
        let (moment, year) = if let Ok(t) = DateTime::parse_from_rfc3339(text) {
            (Moment::Instant(t), t.year())
        } else if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            && text.len() == 10
        {
            (Moment::Day(day), day.year())
        } else if DateTime::parse_from_rfc3339(&format!("{text}Z")).is_ok() {
            return Err(NotAMoment::NoOffset);
        } else {
            return Err(NotAMoment::Unreadable);
        };
        if YEARS.contains(&year) { Ok(moment) } else { Err(NotAMoment::Year) }
    }

    /// The instant, where the hour is known.
    pub fn instant(self) -> Option<DateTime<FixedOffset>> {
        match self {
            Moment::Instant(t) => Some(t),
            _ => None,
        }
    }

    /// The day, by the offset that is written.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Moment::Instant(t) => Some(t.date_naive()),
            Moment::Day(day) => Some(day),
            Moment::Unknown | Moment::Ongoing => None,
        }
    }

    /// Whether it certainly lies before another; of a day and a time of that day neither does.
    pub fn is_before(self, other: Moment) -> bool {
        match (self, other) {
            (Moment::Instant(a), Moment::Instant(b)) => a < b,
            _ => matches!((self.day(), other.day()), (Some(a), Some(b)) if a < b),
        }
    }

    /// Whether it certainly has not come yet; a day only where it has begun nowhere.
    pub fn is_after(self, now: DateTime<FixedOffset>) -> bool {
        match self {
            Moment::Instant(t) => t > now,
            // no clock is further ahead of UTC than this
            Moment::Day(day) => now.to_utc().checked_add_signed(TimeDelta::hours(14)).is_some_and(|latest| day > latest.date_naive()),
            Moment::Unknown | Moment::Ongoing => false,
        }
    }
}

/// As a text that [`Moment::read`] reads as the same.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Instant(t) => f.write_str(&t.to_rfc3339()),
            Moment::Day(day) => day.fmt(f),
            Moment::Unknown => f.write_str(UNKNOWN),
            Moment::Ongoing => f.write_str(ONGOING),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

/// A date and a time of day by some clock on a wall, with a blank or a T between, with or without seconds.
pub fn wall(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once([' ', 'T', 't'])?;
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let time = time.trim();
    let time = NaiveTime::parse_from_str(time, "%H:%M:%S").or_else(|_| NaiveTime::parse_from_str(time, "%H:%M")).ok()?;
    Some(day.and_time(time))
}

/// From a text, or from TOML's own date-time.
impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Moment;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date-time with an offset")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
                Moment::read(text).map_err(|_| E::custom("not a point in time"))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
                let native = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                self.visit_str(&native.to_string())
            }
        }
        input.deserialize_any(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_never_guessed() {
        assert_eq!(Moment::read("2026-11-20T16:40:00"), Err(NotAMoment::NoOffset));
        assert_eq!(Moment::read("2026-02-30"), Err(NotAMoment::Unreadable));
        assert_eq!(Moment::read("2026-11-20T25:00:00+01:00"), Err(NotAMoment::Unreadable));
        assert_eq!(Moment::read("1989-12-31"), Err(NotAMoment::Year));
        assert!(matches!(Moment::read("2026-11-20T16:40:00+01:00"), Ok(Moment::Instant(_))));
        assert!(matches!(Moment::read("2026-11-20"), Ok(Moment::Day(_))));
    }
}
