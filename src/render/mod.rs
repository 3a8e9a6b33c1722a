//! Output: one file a format, from the assessment to bytes.

mod answers;
pub mod check;
pub mod csv;
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

use crate::duties::Time;

/// A time as it is printed everywhere: to the second, with its offset.
pub fn time(t: Time) -> String {
    t.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
