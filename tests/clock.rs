//! The clock against its vectors (`tests/clock/*.toml`, expectations from the law and from what others published), and what holds for every period.

use std::fs;
use std::path::{Path, PathBuf};

use breach::calendar::Calendar;
use breach::clock::{Counting, Deadline, Period, Unit, deadline};
use breach::country::Country;
use breach::zone::Zone;
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, TimeDelta, Timelike};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    start: String,
    zone: String,
    country: Option<String>,
    period: Period,
    deadline: Option<String>,
    outer: Option<String>,
    #[serde(rename = "source")]
    _source: String,
}

#[test]
fn every_vector() {
    let mut files: Vec<PathBuf> = fs::read_dir(here("tests/clock")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let Vectors { vectors } = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for vector in vectors {
            let zone = Zone::named(&vector.zone).unwrap();
            let calendar = vector.country.as_deref().map(calendar_of).unwrap_or_default();
            let ends = deadline(time(&vector.start), vector.period, zone, &calendar);
            // as text, so that the offset is compared too
            let got = ends.map(|Deadline { deadline, outer }| (deadline.to_rfc3339(), outer.to_rfc3339()));
            if got != vector.deadline.clone().zip(vector.outer.clone()) {
                wrong.push(format!("{}: {}: {got:?}", file.display(), vector.name));
            }
            seen += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 0, "no vectors found");
}

#[test]
fn a_period_reads_as_tables_write_it() {
    let period: Period = toml::from_str("amount = 3\nunit = \"days\"\ncounting = \"eu-1182-71\"").unwrap();
    assert_eq!(period, Period { amount: 3, unit: Unit::Days, counting: Counting::Eu1182_71 });
    assert!(toml::from_str::<Period>("amount = 3\nunit = \"weeks\"\ncounting = \"elapsed\"").is_err());
    assert!(toml::from_str::<Period>("amount = 3\nunit = \"days\"\ncounting = \"elapsed\"\nfrom = \"now\"").is_err());
}

#[test]
fn a_calendar_without_working_days_has_no_last_day() {
    let every_day = (1..=12).flat_map(|month| (1..=31).map(move |day| format!("[[holidays]]\nname = \"x\"\nmonth = {month}\nday = {day}\n")));
    #[derive(Deserialize)]
    struct Table {
        holidays: Vec<breach::calendar::HolidayRule>,
    }
    let table: Table = toml::from_str(&every_day.collect::<String>()).unwrap();
    let period = Period { amount: 3, unit: Unit::Days, counting: Counting::Eu1182_71 };
    assert_eq!(deadline(time("2026-11-20T12:00:00+01:00"), period, Zone::UTC, &Calendar::new(table.holidays)), None);
}

prop_compose! {
    /// Any second from 1990 to 2199, at any offset.
    fn start()(second in 631_152_000_i64..7_258_118_400, quarter in -48..=56) -> DateTime<FixedOffset> {
        DateTime::from_timestamp(second, 0).unwrap().with_timezone(&FixedOffset::east_opt(quarter * 900).unwrap())
    }
}

fn zones() -> impl Strategy<Value = Zone> {
    let names = ["UTC", "Europe/Warsaw", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Athens", "Atlantic/Reykjavik", "Asia/Kolkata"];
    prop::sample::select(names.to_vec()).prop_map(|name| Zone::named(name).unwrap())
}

fn calendars() -> impl Strategy<Value = Calendar> {
    prop::sample::select(vec![Calendar::default(), calendar_of("PL"), calendar_of("HU")])
}

fn countings() -> impl Strategy<Value = Counting> {
    prop::sample::select(vec![Counting::Eu1182_71, Counting::Elapsed])
}

fn units() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Unit::Hours, Unit::Days, Unit::Months])
}

proptest! {
    #[test]
    fn hours_are_never_short(start in start(), zone in zones(), calendar in calendars(), counting in countings(), amount in 0_u32..10_000) {
        let ends = deadline(start, Period { amount, unit: Unit::Hours, counting }, zone, &calendar).unwrap();
        prop_assert_eq!(ends.deadline, start + TimeDelta::hours(amount.into()));
        let extra = ends.outer - ends.deadline;
        match counting {
            Counting::Elapsed => prop_assert_eq!(extra, TimeDelta::zero()),
            Counting::Eu1182_71 => {
                prop_assert!(extra > TimeDelta::zero() && extra <= TimeDelta::hours(1));
                // these zones change by whole hours, so a full hour stays one
                prop_assert_eq!((ends.outer.minute(), ends.outer.second(), ends.outer.nanosecond()), (0, 0, 0));
            }
        }
    }

    #[test]
    fn outer_is_never_before_the_deadline_nor_that_before_the_start(
        start in start(), zone in zones(), calendar in calendars(), counting in countings(), unit in units(), amount in 0_u32..2_000,
    ) {
        let ends = deadline(start, Period { amount, unit, counting }, zone, &calendar).unwrap();
        prop_assert!(start <= ends.deadline && ends.deadline <= ends.outer);
        // the zone's own offset, whatever the start had
        prop_assert_eq!(*ends.deadline.offset(), *zone.local(ends.deadline).offset());
        prop_assert_eq!(*ends.outer.offset(), *zone.local(ends.outer).offset());
    }

    #[test]
    fn months_end_on_the_same_number_or_the_last_day_or_the_next_working_day(start in start(), zone in zones(), calendar in calendars(), amount in 1_u32..=120) {
        let period = Period { amount, unit: Unit::Months, counting: Counting::Eu1182_71 };
        let ends = deadline(start, period, zone, &calendar).unwrap();
        let from = zone.local(start).date_naive();
        let months = from.year() * 12 + from.month0() as i32 + amount as i32;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
        let named = (28..=from.day().max(28)).rev().map(|day| day.min(from.day())).find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).unwrap();
        let last = named.iter_days().find(|day| calendar.is_working_day(*day)).unwrap();
        prop_assert_eq!(ends.deadline.date_naive(), last);
        prop_assert_eq!(ends.deadline.time().to_string(), "23:59:59");
        prop_assert_eq!(ends.deadline, ends.outer);
    }

    #[test]
    fn days_end_on_the_first_day_that_the_regulation_allows(start in start(), zone in zones(), calendar in calendars(), amount in 1_u32..=40) {
        let period = Period { amount, unit: Unit::Days, counting: Counting::Eu1182_71 };
        let ends = deadline(start, period, zone, &calendar).unwrap();
        let event = zone.local(start).date_naive();
        let counted = event + Days::new(amount.into());
        let enough = |last: NaiveDate| {
            let working = event.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| calendar.is_working_day(*day)).count();
            calendar.is_working_day(last) && (amount < 2 || working >= 2)
        };
        let expected = counted.iter_days().find(|day| enough(*day)).unwrap();
        prop_assert_eq!(ends.deadline.date_naive(), expected);
        prop_assert_eq!(ends.deadline.time().to_string(), "23:59:59");
        prop_assert_eq!(ends.deadline, ends.outer);
    }

    #[test]
    fn elapsed_days_stand(start in start(), zone in zones(), calendar in calendars(), amount in 0_u32..=400) {
        let ends = deadline(start, Period { amount, unit: Unit::Days, counting: Counting::Elapsed }, zone, &calendar).unwrap();
        prop_assert_eq!(ends.deadline.date_naive(), zone.local(start).date_naive() + Days::new(amount.into()));
    }

    #[test]
    fn nothing_panics_anywhere(
        second in DateTime::<chrono::Utc>::MIN_UTC.timestamp()..=DateTime::<chrono::Utc>::MAX_UTC.timestamp(),
        fraction in 0_u32..2_000_000_000, zone in zones(), calendar in calendars(), counting in countings(), unit in units(), amount in any::<u32>(),
    ) {
        // chrono knows a fraction above one second only in the last second of a minute
        let fraction = if second.rem_euclid(60) == 59 { fraction } else { fraction % 1_000_000_000 };
        let start = DateTime::from_timestamp(second, fraction).unwrap().fixed_offset();
        deadline(start, Period { amount, unit, counting }, zone, &calendar);
        deadline(start, Period { amount: amount % 100, unit, counting }, zone, &calendar);
    }

    #[test]
    fn nothing_panics_at_the_ends(end in any::<bool>(), back in 0_i64..200_000, zone in zones(), calendar in calendars(), counting in countings(), unit in units(), amount in 0_u32..100) {
        let (limit, way) = if end { (DateTime::<chrono::Utc>::MAX_UTC, -1) } else { (DateTime::<chrono::Utc>::MIN_UTC, 1) };
        let start = (limit + TimeDelta::seconds(way * back)).fixed_offset();
        prop_assert_eq!(deadline(start, Period { amount, unit, counting }, zone, &calendar), None);
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn calendar_of(id: &str) -> Calendar {
    let text = fs::read_to_string(here("data/countries").join(format!("{}.toml", id.to_lowercase()))).unwrap();
    toml::from_str::<Country>(&text).unwrap().calendar()
}

fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}
