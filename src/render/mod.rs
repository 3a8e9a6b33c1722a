//! Output: one file a format, from the assessment to bytes.

mod answers;
pub mod check;
pub mod csv;
pub mod draft;
pub mod explain;
mod given;
pub mod html;
pub mod json;
pub mod markdown;
mod markup;
mod picture;
pub mod register;
mod report;
pub mod say;
pub mod text;
mod timeline;

use chrono::{Datelike, Timelike};

use crate::duties::Time;

/// A time as it is printed everywhere: to the second, with its offset.
pub fn time(t: Time) -> String {
    let (day, clock, offset) = (t.date_naive(), t.time(), t.offset().local_minus_utc());
    // a form that fits every time but those of other millennia and of offsets with seconds, which the formatter writes, many times slower
    if !(0..=9999).contains(&day.year()) || offset % 60 != 0 {
        return t.format("%Y-%m-%dT%H:%M:%S%:z").to_string();
    }
    let two = |n: u32| [b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8].map(char::from);
    let mut out = String::with_capacity(25);
    let year = day.year().unsigned_abs();
    out.extend(two(year / 100).into_iter().chain(two(year)));
    for (sign, n) in [('-', day.month()), ('-', day.day()), ('T', clock.hour()), (':', clock.minute()), (':', clock.second())] {
        out.push(sign);
        out.extend(two(n));
    }
    out.push(if offset < 0 { '-' } else { '+' });
    let minutes = offset.unsigned_abs() / 60;
    out.extend(two(minutes / 60));
    out.push(':');
    out.extend(two(minutes % 60));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_formatter_writes_them() {
        for text in [
            "2026-11-22T10:00:00+01:00",
            "1990-01-01T00:00:59-09:30",
            "2199-12-31T23:59:59+14:00",
            "2026-03-29T03:00:00.123+00:00",
            "0001-01-01T01:01:01+00:00",
        ] {
            let t: Time = text.parse().unwrap();
            assert_eq!(time(t), t.format("%Y-%m-%dT%H:%M:%S%:z").to_string());
        }
    }
}
