//! Public holidays as rules, and the working days that are left.
//!
//! Regulation (EEC, Euratom) 1182/71, art. 2: public holidays are the days a Member State designates as such; working days are all days but those,
//! Saturdays and Sundays. The rules themselves stand in `data/countries/`.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::provenance::{Day, Sure};

/// The holidays of one place. The default has weekends only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    rules: Vec<HolidayRule>,
}

impl Calendar {
    /// The calendar that these rules make. A rule that [`HolidayRule::check`] refuses gives no day.
    pub fn new(rules: Vec<HolidayRule>) -> Calendar {
        Calendar { rules }
    }

    /// Whether a public holiday is observed on that day, be it a weekday or not.
    pub fn is_holiday(&self, day: NaiveDate) -> bool {
        years_around(day.year()).any(|year| self.rules.iter().any(|rule| rule.day_in(year) == Some(day)))
    }

    /// Art. 2(2): neither a public holiday nor a Saturday nor a Sunday.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun) && !self.is_holiday(day)
    }

    /// The holidays observed in a year with their names, by day; a day with two names is there twice.
    pub fn holidays(&self, year: i32) -> Vec<(NaiveDate, &str)> {
        let mut days: Vec<_> = years_around(year)
            .flat_map(|of| self.rules.iter().filter_map(move |rule| Some((rule.day_in(of)?, rule.name.as_str()))))
            .filter(|(day, _)| day.year() == year)
            .collect();
        days.sort();
        days
    }
}

/// A day that is moved may be observed in the year before or after its own.
fn years_around(year: i32) -> impl Iterator<Item = i32> {
    year.saturating_sub(1)..=year.saturating_add(1)
}

/// One `[[holidays]]` entry: a day of every year, in one of four forms, within `since` and `until`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayRule {
    /// The English name.
    pub name: String,
    /// With `offset`: so many days from that Easter Sunday.
    pub easter: Option<Easter>,
    /// Days after Easter Sunday, negative before it.
    pub offset: Option<i32>,
    /// 1 to 12.
    pub month: Option<u32>,
    /// 1 to 31, with `month`.
    pub day: Option<u32>,
    /// With `month` and `nth`, or with `month` and `day`: the first such weekday on or after that date.
    pub weekday: Option<Weekday>,
    /// 1 to 4, or -1 for the last such weekday of the month.
    pub nth: Option<i32>,
    /// The first year, included.
    pub since: Option<i32>,
    /// The last year, included.
    pub until: Option<i32>,
    /// On which other day it is observed where it falls on a certain weekday.
    #[serde(default)]
    pub moves: Vec<Move>,
    /// The table's sources that say so.
    #[serde(default)]
    pub source: Vec<String>,
    /// Where this is less sure than its source.
    pub sure: Option<Sure>,
    /// Why, or what else is to be known.
    pub note: Option<String>,
    /// Where this was checked on another day than the table.
    pub checked: Option<Day>,
}

/// Which church's Easter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Easter {
    /// The Gregorian reckoning.
    Western,
    /// The Julian reckoning, as a Gregorian date.
    Orthodox,
}

/// A day of the week as tables write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    fn of(day: NaiveDate) -> Weekday {
        use Weekday::*;
        match day.weekday() {
            chrono::Weekday::Mon => Monday,
            chrono::Weekday::Tue => Tuesday,
            chrono::Weekday::Wed => Wednesday,
            chrono::Weekday::Thu => Thursday,
            chrono::Weekday::Fri => Friday,
            chrono::Weekday::Sat => Saturday,
            chrono::Weekday::Sun => Sunday,
        }
    }
}

/// What becomes of a holiday that falls on a certain weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The weekday it falls on.
    pub from: Weekday,
    /// So many days later it is observed; negative: earlier.
    pub days: i32,
}

/// The four forms, with nothing left to go wrong but a day that a year does not have (29 February).
enum Form {
    Easter { church: Easter, offset: i32 },
    Date { month: u32, day: u32 },
    Nth { month: u32, weekday: Weekday, nth: i32 },
    OnOrAfter { month: u32, day: u32, weekday: Weekday },
}

impl HolidayRule {
    /// What is wrong with the rule, if anything.
    pub fn check(&self) -> Result<(), String> {
        self.form()?;
        if self.name.trim().is_empty() {
            return Err("name is empty; write it".to_owned());
        }
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since > until
        {
            return Err(format!("since {since} is after until {until}; change one of them"));
        }
        for (i, one) in self.moves.iter().enumerate() {
            // beyond two weeks it would be another holiday, and the years around a day would no longer be enough to look at
            if one.days == 0 || !(-14..=14).contains(&one.days) {
                return Err(format!("moves[{i}].days is {}, which moves nothing or too far; must be between -14 and 14, without 0", one.days));
            }
            if self.moves[..i].iter().any(|other| other.from == one.from) {
                return Err(format!("moves[{i}].from is there twice; take one away"));
            }
        }
        Ok(())
    }

    /// The day on which it is observed in a year, if it is.
    fn day_in(&self, year: i32) -> Option<NaiveDate> {
        if self.since.is_some_and(|since| year < since) || self.until.is_some_and(|until| year > until) {
            return None;
        }
        let day = match self.form().ok()? {
            Form::Easter { church, offset } => shift(easter_sunday(church, year)?, offset)?,
            Form::Date { month, day } => NaiveDate::from_ymd_opt(year, month, day)?,
            Form::OnOrAfter { month, day, weekday } => on_or_after(NaiveDate::from_ymd_opt(year, month, day)?, weekday)?,
            Form::Nth { month, weekday, nth: -1 } => {
                // the last one begins the last seven days of the month
                let last = NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
                on_or_after(shift(last, -6)?, weekday)?
            }
            Form::Nth { month, weekday, nth } => shift(on_or_after(NaiveDate::from_ymd_opt(year, month, 1)?, weekday)?, 7 * (nth - 1))?,
        };
        match self.moves.iter().find(|one| one.from == Weekday::of(day)) {
            Some(one) => shift(day, one.days),
            None => Some(day),
        }
    }

    fn form(&self) -> Result<Form, String> {
        match (self.easter, self.offset, self.month, self.day, self.weekday, self.nth) {
            (Some(church), Some(offset), None, None, None, None) if (-100..=100).contains(&offset) => Ok(Form::Easter { church, offset }),
            (Some(_), Some(offset), None, None, None, None) => Err(format!("offset is {offset}, which is too far; must be between -100 and 100")),
            (None, None, Some(month), Some(day), weekday, None) => {
                // a leap year, so that 29 February is a date
                NaiveDate::from_ymd_opt(2000, month, day).ok_or_else(|| format!("month {month}, day {day} is not a date; write one that the calendar has"))?;
                Ok(match weekday {
                    Some(weekday) => Form::OnOrAfter { month, day, weekday },
                    None => Form::Date { month, day },
                })
            }
            (None, None, Some(month), None, Some(weekday), Some(nth)) => match (month, nth) {
                (1..=12, -1 | 1..=4) => Ok(Form::Nth { month, weekday, nth }),
                (1..=12, _) => Err(format!("nth is {nth}, which no month has; must be 1 to 4, or -1 for the last")),
                _ => Err(format!("month is {month}, which no year has; must be 1 to 12")),
            },
            _ => Err("no day that can be found; write easter and offset, or month and day, or month, weekday and nth, or month, day and weekday, and no more".to_owned()),
        }
    }
}

fn shift(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::days(days.into()))
}

fn on_or_after(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    (0..7).filter_map(|n| day.checked_add_days(Days::new(n))).find(|day| Weekday::of(*day) == weekday)
}

/// Easter Sunday as a Gregorian date, after the computus as Meeus gives it (Astronomical Algorithms, chapter 8).
fn easter_sunday(church: Easter, year: i32) -> Option<NaiveDate> {
    match church {
        Easter::Western => {
            let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
            let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
            let g = (8 * b + 13).div_euclid(25);
            let h = (19 * a + b - d - g + 15).rem_euclid(30);
            let (i, k) = (c / 4, c % 4);
            let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
            let m = (a + 11 * h + 19 * l).div_euclid(433);
            let month = (h + l - 7 * m + 90) / 25;
            let day = (h + l - 7 * m + 33 * month + 19) % 32;
            NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?)
        }
        Easter::Orthodox => {
            let (a, b, c) = (year.rem_euclid(4), year.rem_euclid(7), year.rem_euclid(19));
            let d = (19 * c + 15).rem_euclid(30);
            let e = (2 * a + 4 * b - d + 34).rem_euclid(7);
            let (month, day) = ((d + e + 114) / 31, (d + e + 114) % 31 + 1);
            let julian = NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?)?;
            // by how much the Julian calendar is behind in March and April of that year: 13 days now, 14 from 2100
            shift(julian, year.div_euclid(100) - year.div_euclid(400) - 2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn rule(toml: &str) -> HolidayRule {
        toml::from_str(&format!("name = \"x\"\n{toml}")).unwrap()
    }

    fn days(toml: &str, year: i32) -> Vec<NaiveDate> {
        let rule = rule(toml);
        rule.check().unwrap();
        Calendar::new(vec![rule]).holidays(year).into_iter().map(|(day, _)| day).collect()
    }

    // published dates of both Easters
    #[test]
    fn easter_falls_on_the_published_days() {
        for (year, month, day) in
            [(1990, 4, 15), (2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2100, 3, 28)]
        {
            assert_eq!(easter_sunday(Easter::Western, year), Some(ymd(year, month, day)));
        }
        for (year, month, day) in
            [(1990, 4, 15), (2000, 4, 30), (2008, 4, 27), (2024, 5, 5), (2025, 4, 20), (2026, 4, 12), (2027, 5, 2), (2038, 4, 25), (2100, 5, 2)]
        {
            assert_eq!(easter_sunday(Easter::Orthodox, year), Some(ymd(year, month, day)));
        }
    }

    /// Both Easters by another way of reckoning: golden numbers and epacts, as Knuth gives them (The Art of Computer Programming, 1.3.2, exercises 14
    /// and 15). Days are counted from the beginning of March.
    fn by_epacts(church: Easter, year: i32) -> NaiveDate {
        let golden = year % 19 + 1;
        let (sunday, epact) = match church {
            Easter::Western => {
                let century = year / 100 + 1;
                let (dropped, moon) = (3 * century / 4 - 12, (8 * century + 5) / 25 - 5);
                let epact = (11 * golden + 20 + moon - dropped).rem_euclid(30);
                (5 * year / 4 - dropped - 10, if (epact == 25 && golden > 11) || epact == 24 { epact + 1 } else { epact })
            }
            Easter::Orthodox => (5 * year / 4, (11 * golden - 4) % 30 + 1),
        };
        let moon = if 44 - epact < 21 { 74 - epact } else { 44 - epact };
        let of_march = moon + 7 - (sunday + moon) % 7;
        let behind = if church == Easter::Western { 0 } else { year / 100 - year / 400 - 2 };
        ymd(year, 3, 1) + Days::new((of_march - 1 + behind) as u64)
    }

    #[test]
    fn both_easters_fall_where_epacts_have_them() {
        for year in 1583..4100 {
            for church in [Easter::Western, Easter::Orthodox] {
                assert_eq!(easter_sunday(church, year), Some(by_epacts(church, year)), "{church:?} {year}");
            }
        }
    }

    #[test]
    fn the_four_forms() {
        assert_eq!(days("easter = \"western\"\noffset = 1", 2026), [ymd(2026, 4, 6)]);
        assert_eq!(days("month = 12\nday = 24\nsince = 2025", 2025), [ymd(2025, 12, 24)]);
        assert_eq!(days("month = 8\nweekday = \"monday\"\nnth = 1", 2026), [ymd(2026, 8, 3)]);
        assert_eq!(days("month = 10\nweekday = \"monday\"\nnth = -1", 2026), [ymd(2026, 10, 26)]);
        assert_eq!(days("month = 2\nweekday = \"saturday\"\nnth = -1", 2020), [ymd(2020, 2, 29)]);
        assert_eq!(days("month = 6\nday = 19\nweekday = \"friday\"", 2026), [ymd(2026, 6, 19)]);
        assert_eq!(days("month = 6\nday = 19\nweekday = \"friday\"", 2027), [ymd(2027, 6, 25)]);
    }

    #[test]
    fn since_and_until_are_included() {
        let text = "month = 12\nday = 24\nsince = 2025\nuntil = 2026";
        assert_eq!((2024..2028).map(|year| days(text, year).len()).collect::<Vec<_>>(), [0, 1, 1, 0]);
    }

    #[test]
    fn a_moved_day_leaves_its_own_and_may_leave_the_year() {
        let kings_day = "month = 4\nday = 27\nmoves = [{ from = \"sunday\", days = -1 }]";
        assert_eq!(days(kings_day, 2025), [ymd(2025, 4, 26)]);
        assert_eq!(days(kings_day, 2026), [ymd(2026, 4, 27)]);
        // 31 December 2028 is a Sunday
        let year_end = "month = 12\nday = 31\nmoves = [{ from = \"sunday\", days = 1 }]";
        assert_eq!(days(year_end, 2028), []);
        assert_eq!(days(year_end, 2029), [ymd(2029, 1, 1), ymd(2029, 12, 31)]);
    }

    #[test]
    fn a_day_that_a_year_does_not_have_is_left_out() {
        assert_eq!(days("month = 2\nday = 29", 2026), []);
        assert_eq!(days("month = 2\nday = 29", 2028), [ymd(2028, 2, 29)]);
    }

    #[test]
    fn weekends_are_never_working_days() {
        let calendar = Calendar::default();
        assert!(!calendar.is_working_day(ymd(2026, 11, 21)));
        assert!(!calendar.is_working_day(ymd(2026, 11, 22)));
        assert!(calendar.is_working_day(ymd(2026, 11, 23)));
        assert!(!calendar.is_holiday(ymd(2026, 11, 22)));
    }

    #[test]
    fn rules_that_say_too_little_too_much_or_nonsense_are_refused() {
        let none = "no day that can be found";
        for (text, said) in [
            ("", none),
            ("month = 5", none),
            ("easter = \"western\"", none),
            ("offset = 1", none),
            ("easter = \"western\"\noffset = 1\nmonth = 5", none),
            ("easter = \"western\"\noffset = 400", "offset is 400, which is too far"),
            ("easter = \"western\"\noffset = -101", "offset is -101, which is too far"),
            ("month = 2\nday = 30", "month 2, day 30 is not a date"),
            ("month = 13\nday = 1", "month 13, day 1 is not a date"),
            ("month = 13\nweekday = \"monday\"\nnth = 1", "month is 13, which no year has"),
            ("month = 5\nweekday = \"monday\"\nnth = 0", "nth is 0, which no month has"),
            ("month = 5\nweekday = \"monday\"\nnth = 5", "nth is 5, which no month has"),
            ("month = 5\nday = 1\nsince = 2030\nuntil = 2029", "since 2030 is after until 2029"),
            ("month = 5\nday = 1\nmoves = [{ from = \"sunday\", days = 0 }]", "moves[0].days is 0"),
            ("month = 5\nday = 1\nmoves = [{ from = \"sunday\", days = 15 }]", "moves[0].days is 15"),
            ("month = 5\nday = 1\nmoves = [{ from = \"sunday\", days = -15 }]", "moves[0].days is -15"),
            ("month = 5\nday = 1\nmoves = [{ from = \"sunday\", days = 1 }, { from = \"sunday\", days = 2 }]", "moves[1].from is there twice"),
        ] {
            let found = rule(text).check().expect_err(text);
            assert!(found.starts_with(said), "{text}: {found}");
        }
        for text in [
            "month = 5\nday = 1\nsince = 2030\nuntil = 2030",
            "easter = \"orthodox\"\noffset = -100",
            "easter = \"orthodox\"\noffset = 100",
            "month = 5\nday = 1\nmoves = [{ from = \"sunday\", days = -14 }, { from = \"saturday\", days = 14 }]",
        ] {
            assert_eq!(rule(text).check(), Ok(()), "{text}");
        }
        assert!(toml::from_str::<HolidayRule>("name = \"x\"\nmonth = 5\nday = 1\nmoon = \"full\"").is_err());
    }

    #[test]
    fn no_year_panics() {
        let rules = ["easter = \"western\"\noffset = 100", "easter = \"orthodox\"\noffset = -100", "month = 12\nweekday = \"monday\"\nnth = -1"];
        let calendar = Calendar::new(rules.map(rule).into());
        for year in [i32::MIN, -300_000, -1, 0, 1, 9999, 262_142, 300_000, i32::MAX] {
            calendar.holidays(year);
        }
        calendar.is_holiday(NaiveDate::MIN);
        calendar.is_holiday(NaiveDate::MAX);
    }
}
