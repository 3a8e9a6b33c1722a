//! A dictionary: what stands in a built-in file by key, to be looked up and never changed.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer};

/// A piece of a built-in file. It is a copy only where it had to be unescaped: most of a file is never said in a run.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said(#[serde(borrow)] pub Cow<'static, str>);

impl Borrow<str> for Said {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Entries in the order of their keys. A file has them in that order already, so that this is made in a fraction of the time that a tree takes.
#[derive(Clone, Debug)]
pub struct Dictionary<V>(Vec<(Said, V)>);

impl<V> Dictionary<V> {
    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.place(key).map(|at| &self.0[at].1)
    }

    /// Takes out the entry of a key.
    pub fn take(&mut self, key: &str) -> Option<V> {
        self.place(key).map(|at| self.0.remove(at).1)
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.0.binary_search_by(|(k, _)| (*k.0).cmp(key)).ok()
    }
}

impl<V> Default for Dictionary<V> {
    fn default() -> Dictionary<V> {
        Dictionary(Vec::new())
    }
}

#[cfg(test)]
impl<V> Dictionary<V> {
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(key, value)| (&*key.0, value))
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }
}

impl<'de: 'static, V: Deserialize<'de>> Deserialize<'de> for Dictionary<V> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Dictionary<V>, D::Error> {
        input.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<V>(PhantomData<V>);

impl<'de: 'static, V: Deserialize<'de>> de::Visitor<'de> for Entries<V> {
    type Value = Dictionary<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Dictionary<V>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        entries.sort_by(|(a, _): &(Said, V), (b, _)| a.cmp(b));
        Ok(Dictionary(entries))
    }
}
