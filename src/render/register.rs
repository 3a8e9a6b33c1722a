//! What is said of the register.

pub mod html;
pub mod list;
pub mod markdown;
pub mod paper;
pub mod reassess;
pub mod sheets;
pub mod show;
mod words;

use crate::register::chain::Fault;
use crate::texts::Texts;

/// A fault, in a sentence.
pub fn fault(fault: &Fault, texts: &Texts) -> String {
    let values = fault.how.values();
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let how = texts.say(fault.how.id(), &values);
    match fault.line {
        Some(line) => texts.say("register-fails", &[("line", &line.to_string()), ("how", &how)]),
        None => texts.say("register-fails-end", &[("how", &how)]),
    }
}
