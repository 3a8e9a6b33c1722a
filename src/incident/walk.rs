//! Every text of an incident with its path, for whoever looks for something in all of them.

use std::fmt;

use super::answer::{Answer, Count, Hours, Step};
use super::moment::Moment;
use super::raw::{List, Text};

/// Where a value stands; written out only when somebody asks, since most texts are of no interest.
#[derive(Clone, Copy, Debug)]
pub enum At<'p> {
    /// The file itself.
    Root,
    /// At a key of a table.
    Key(&'p At<'p>, &'static str),
    /// An entry of a list, from 0.
    Entry(&'p At<'p>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => Ok(()),
            At::Key(At::Root, key) => f.write_str(key),
            At::Key(table, key) => write!(f, "{table}.{key}"),
            At::Entry(list, i) => write!(f, "{list}[{i}]"),
        }
    }
}

/// Something that may hold texts; answers that are words or numbers hold none.
pub trait Texts {
    /// Gives every text with its path.
    fn texts<'a>(&'a self, _: &At<'_>, _: &mut dyn FnMut(&At<'_>, &'a str)) {}
}

impl Texts for Text {
    fn texts<'a>(&'a self, at: &At<'_>, take: &mut dyn FnMut(&At<'_>, &'a str)) {
        take(at, &self.0);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn texts<'a>(&'a self, at: &At<'_>, take: &mut dyn FnMut(&At<'_>, &'a str)) {
        if let Some(value) = self {
            value.texts(at, take);
        }
    }
}

impl<T: Texts> Texts for List<T> {
    fn texts<'a>(&'a self, at: &At<'_>, take: &mut dyn FnMut(&At<'_>, &'a str)) {
        for (i, entry) in self.0.iter().enumerate() {
            entry.texts(&At::Entry(at, i), take);
        }
    }
}

impl<T> Texts for Answer<T> {}
impl Texts for Moment {}
impl Texts for Step {}
impl Texts for Count {}
impl Texts for Hours {}
impl Texts for bool {}
impl Texts for u64 {}
