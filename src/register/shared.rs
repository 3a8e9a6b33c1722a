//! Texts that very many entries share, such as a provision: held once.

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::Arc;
use std::{array, fmt};

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

/// A text that is most often the same as in the entry before. A long register has a dozen of them an entry, and to list it should not take as many
/// trips to the heap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared(Arc<str>);

/// How many texts a thread remembers.
const KNOWN: usize = 64;

thread_local! {
    static LAST: RefCell<[Option<Arc<str>>; KNOWN]> = RefCell::new(array::from_fn(|_| None));
}

impl From<&str> for Shared {
    fn from(text: &str) -> Shared {
        // each text has one place, which it takes from the one that was there
        let place = text.as_bytes().last().map_or(0, |last| usize::from(*last).wrapping_mul(7).wrapping_add(text.len())) % KNOWN;
        LAST.with_borrow_mut(|last| match &last[place] {
            Some(known) if **known == *text => Shared(Arc::clone(known)),
            _ => Shared(Arc::clone(last[place].insert(text.into()))),
        })
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Shared, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Shared;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Shared, E> {
                Ok(text.into())
            }
        }
        from.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_they_were_whoever_shares_a_place() {
        let texts: Vec<String> = (0..500).map(|n| format!("text {n}")).chain([String::new(), "ő".into()]).collect();
        let shared: Vec<Shared> = texts.iter().map(|t| serde_json::from_str(&serde_json::to_string(t).unwrap()).unwrap()).collect();
        assert!(texts.iter().zip(&shared).all(|(text, shared)| **text == **shared));
        assert_eq!(serde_json::to_string(&shared).unwrap(), serde_json::to_string(&texts).unwrap());
        let [a, b] = [Shared::from("GDPR art. 33(1)"), Shared::from("GDPR art. 33(1)")];
        assert!(Arc::ptr_eq(&a.0, &b.0));
    }
}
