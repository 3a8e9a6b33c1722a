//! Scores as whole quarters, so that no float ever decides a band.
//!
//! ENISA 2013 knows no finer step: every score of the method, and so every sum of them, is a multiple of 0.25.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A score, counted in quarters: `Quarters(13)` is 3.25.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarters(pub i32);

impl Quarters {
    /// The score of a whole number.
    pub const fn whole(n: u8) -> Self {
        Quarters(n as i32 * 4)
    }

    /// This score, as many times as a whole level says (the product DPC x EI).
    pub fn times(self, level: u8) -> Self {
        Quarters(self.0 * i32::from(level))
    }

    /// The score as a decimal number; exact, since a quarter is a binary fraction.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 4.0
    }

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.0 % 4 == 0
    }

    /// It as [`Display`](fmt::Display) writes it, if it is one of those that occur, which are spelled out: whole vectors are made of them.
    pub fn written(self) -> Option<&'static str> {
        const SMALL: [&str; 32] = [
            "0", "0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.25", "2.5", "2.75", "3", "3.25", "3.5", "3.75", "4", "4.25", "4.5",
            "4.75", "5", "5.25", "5.5", "5.75", "6", "6.25", "6.5", "6.75", "7", "7.25", "7.5", "7.75",
        ];
        SMALL.get(usize::try_from(self.0).ok()?).copied()
    }

    /// Writes it at the end of a text, as [`Display`](fmt::Display) writes it.
    pub fn push_to(self, text: &mut String) {
        match self.written() {
            Some(written) => text.push_str(written),
            None => text.push_str(&self.to_string()),
        }
    }

    /// A decimal number as a score, if it is a multiple of a quarter of a size that scores can have.
    pub fn from_f64(n: f64) -> Option<Self> {
        let quarters = (n * 4.0) as i32;
        (f64::from(quarters) == n * 4.0 && (-4000..=4000).contains(&quarters)).then_some(Quarters(quarters))
    }
}

impl Add for Quarters {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Quarters(self.0 + other.0)
    }
}

impl Sub for Quarters {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Quarters(self.0 - other.0)
    }
}

impl Sum for Quarters {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Quarters(0), Add::add)
    }
}

/// Without trailing zeros: `3`, `3.25`, `0.5`.
impl fmt::Display for Quarters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_f64())
    }
}

/// As a number, whole ones without a decimal point.
impl Serialize for Quarters {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() { out.serialize_i32(self.0 / 4) } else { out.serialize_f64(self.as_f64()) }
    }
}

/// From a number that is a multiple of a quarter.
impl<'de> Deserialize<'de> for Quarters {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let n = f64::deserialize(input)?;
        Quarters::from_f64(n).ok_or_else(|| de::Error::custom(format!("{n} is not a multiple of 0.25; write one, such as 0.5 or 3")))
    }
}

impl schemars::JsonSchema for Quarters {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quarters".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "multipleOf": Quarters(1).as_f64() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_without_trailing_zeros() {
        let shown: Vec<String> = [0, 1, 2, 3, 4, 13].map(|q| Quarters(q).to_string()).into();
        assert_eq!(shown, ["0", "0.25", "0.5", "0.75", "1", "3.25"]);
    }

    #[test]
    fn is_pushed_as_it_is_displayed() {
        for quarters in -3..40 {
            let mut pushed = String::new();
            Quarters(quarters).push_to(&mut pushed);
            assert_eq!(pushed, Quarters(quarters).to_string());
        }
    }

    #[test]
    fn takes_only_quarters() {
        assert_eq!(Quarters::from_f64(0.75), Some(Quarters(3)));
        assert_eq!(Quarters::from_f64(-1000.0), Some(Quarters(-4000)));
        for n in [0.3, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e9, 1000.25, f64::from(i32::MIN) / 4.0, f64::from(i32::MAX) / 4.0, 5e-324] {
            assert_eq!(Quarters::from_f64(n), None, "{n}");
        }
    }
}
