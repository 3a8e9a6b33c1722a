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

impl At<'_> {
    /// Whether it stands in the table or list at a path of keys.
    pub fn is_below(&self, path: &str) -> bool {
        match self {
            At::Root => false,
            At::Key(above, _) | At::Entry(above, _) => above.is(path) || above.is_below(path),
        }
    }

    /// Whether it is what stands at a path of keys.
    fn is(&self, path: &str) -> bool {
        match self {
            At::Key(At::Root, key) => path == *key,
            At::Key(table, key) => path.strip_suffix(key).and_then(|rest| rest.strip_suffix('.')).is_some_and(|rest| table.is(rest)),
            At::Root | At::Entry(..) => false,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_a_path_begins_with_it() {
        let told = At::Key(&At::Root, "told");
        let authorities = At::Key(&told, "authorities");
        let entry = At::Entry(&authorities, 0);
        let name = At::Key(&entry, "name");
        for at in [At::Root, told, authorities, entry, name, At::Key(&At::Root, "told_us")] {
            for path in ["told", "told.authorities", "authorities", "tol", "name", "told.authorities.name"] {
                let begins = at.to_string().strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']));
                assert_eq!(at.is_below(path), begins, "{at} {path}");
            }
        }
    }
}
