//! Where the answers of a good file stand: only looked up when something is to be said about one.

use super::read::{self, Syntax};
use crate::diag::Place;
use crate::tree::Node;

/// The places of a file's answers.
pub struct Places<'a> {
    text: &'a str,
    incident: Node,
    /// Lines of the file before the text.
    before: usize,
}

impl<'a> Places<'a> {
    /// The places in the bytes of an incident; `line` is that of JSON Lines. `None` where the bytes cannot be read.
    pub fn of(bytes: &'a [u8], syntax: Syntax, line: Option<usize>) -> Option<Places<'a>> {
        let (text, incident) = read::tree(bytes, syntax)?;
        Some(Places { text, incident, before: line.map_or(0, |line| line - 1) })
    }

    /// The place of a path; where the file does not have it, of the nearest table above it.
    pub fn at(&self, path: &str) -> Place {
        let place = Place::of(self.text, self.incident.place(path).start);
        Place { line: place.line + self.before, ..place }
    }
}
