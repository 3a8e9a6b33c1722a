//! Output: one file a format, from the assessment to bytes.

mod answers;
pub mod check;
pub mod csv;
pub mod draft;
pub mod explain;
mod given;
pub mod html;
pub mod json;
mod line;
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
    match usual_time(t) {
        Some(usual) => String::from_utf8_lossy(&usual).into_owned(),
        None => t.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    }
}

/// A time as it is printed, in ASCII; none of another millennium or of an offset with seconds, which the formatter writes, many times slower.
fn usual_time(t: Time) -> Option<[u8; 25]> {
    let (local, offset) = (t.naive_local(), t.offset().local_minus_utc());
    let (day, clock) = (local.date(), local.time());
    if !(0..=9999).contains(&day.year()) || offset % 60 != 0 {
        return None;
    }
    let mut out = *b"0000-00-00T00:00:00+00:00";
    let (year, minutes) = (day.year().unsigned_abs(), offset.unsigned_abs() / 60);
    let pairs = [year / 100, year % 100, day.month(), day.day(), clock.hour(), clock.minute(), clock.second(), minutes / 60, minutes % 60];
    for (at, n) in [0, 2, 5, 8, 11, 14, 17, 20, 23].into_iter().zip(pairs) {
        out[at..at + 2].copy_from_slice(&PAIRS[n as usize]);
    }
    out[19] = if offset < 0 { b'-' } else { b'+' };
    Some(out)
}

/// The numbers of two digits.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [*b"00"; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    pairs
};

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
