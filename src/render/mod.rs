//! Output: one file a format, from the assessment to bytes.

pub mod check;
pub mod json;
pub mod say;
pub mod text;

use crate::duties::Time;

/// A time as it is printed everywhere: to the second, with its offset.
pub fn time(t: Time) -> String {
    t.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
