//! Answers that may be missing: *unknown is never no*, and left out is neither.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// The word for an answer nobody has yet.
pub const UNKNOWN: &str = "unknown";

/// An answer to one question of the incident file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer<T> {
    /// The file says nothing.
    #[default]
    LeftOut,
    /// The file says `"unknown"`.
    Unknown,
    /// The file says this.
    Known(T),
}

impl<T: Copy> Answer<T> {
    /// The answer, where there is one.
    pub fn known(self) -> Option<T> {
        match self {
            Answer::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether this very answer was given.
    pub fn is(self, value: T) -> bool
    where
        T: PartialEq,
    {
        self.known() == Some(value)
    }

    /// The answer, with another in the place of a left-out one.
    pub fn or_if_left_out(self, other: Answer<T>) -> Answer<T> {
        match self {
            Answer::LeftOut => other,
            given => given,
        }
    }
}

/// A level from 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Step(pub u8);

/// A number of people or records, 1 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Count(pub u64);

/// A length of time in hours, 0 or more, finite.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Hours(pub f64);

/// What may stand as an answer. Each kind takes what it is made from and refuses the rest with `None`.
pub trait Given: Sized {
    /// From a word.
    fn from_word(_: &str) -> Option<Self> {
        None
    }
    /// From true or false.
    fn from_flag(_: bool) -> Option<Self> {
        None
    }
    /// From a whole number.
    fn from_whole(_: i128) -> Option<Self> {
        None
    }
    /// From a decimal number.
    fn from_decimal(_: f64) -> Option<Self> {
        None
    }
}

impl Given for bool {
    fn from_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl Given for Step {
    fn from_whole(n: i128) -> Option<Self> {
        (1..=4).contains(&n).then_some(Step(n as u8))
    }
}

impl Given for Count {
    fn from_whole(n: i128) -> Option<Self> {
        u64::try_from(n).ok().filter(|n| (1..=Count::MOST).contains(n)).map(Count)
    }
}

impl Count {
    /// More people than ever lived; a larger number is a slip.
    pub const MOST: u64 = 1_000_000_000_000;
}

impl Given for Hours {
    fn from_whole(n: i128) -> Option<Self> {
        Hours::from_decimal(n as f64)
    }
    fn from_decimal(n: f64) -> Option<Self> {
        // adding zero turns -0 into 0
        (n.is_finite() && (0.0..=Hours::MOST).contains(&n)).then_some(Hours(n + 0.0))
    }
}

impl Hours {
    /// Two hundred years; a larger number is a slip.
    pub const MOST: f64 = 1_753_200.0;
}

/// As it is read; what is left out is for its table not to write.
impl<T: Serialize> Serialize for Answer<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Answer::LeftOut => out.serialize_none(),
            Answer::Unknown => out.serialize_str(UNKNOWN),
            Answer::Known(value) => value.serialize(out),
        }
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 { out.serialize_u64(self.0 as u64) } else { out.serialize_f64(self.0) }
    }
}

impl<'de, T: Given> Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        fn take<T, E: de::Error>(value: Option<T>) -> Result<Answer<T>, E> {
            value.map(Answer::Known).ok_or_else(|| E::custom("not an answer to this question"))
        }
        impl<T: Given> Visitor<'_> for V<T> {
            type Value = Answer<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an answer")
            }
            fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
                if word == UNKNOWN { Ok(Answer::Unknown) } else { take(T::from_word(word)) }
            }
            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Self::Value, E> {
                take(T::from_flag(flag))
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Self::Value, E> {
                take(T::from_whole(n.into()))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Self::Value, E> {
                take(T::from_whole(n.into()))
            }
            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Self::Value, E> {
                take(T::from_decimal(n))
            }
        }
        input.deserialize_any(V(PhantomData))
    }
}
