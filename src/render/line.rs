//! JSON on one line, byte for byte as `serde_json` writes it, for results by the million.
//!
//! Two things make it fast: names of keys and of variants are known to need no escapes, and a text that needs none is copied at once. Everything out of the ordinary
//! — texts that need escapes, numbers with a fraction — is left to `serde_json`.

use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Error;

use super::json::{escape, to_escape};

/// Bytes that JSON or a terminal makes something of.
const ODD: u8 = 1;
/// Bytes of characters beyond ASCII.
const WIDE: u8 = 2;
/// What every byte is.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut b = 0;
    while b < signs.len() {
        signs[b] = match b as u8 {
            0..=0x1f | b'"' | b'\\' | 0x7f => ODD,
            0x80.. => WIDE,
            _ => 0,
        };
        b += 1;
    }
    signs
};

/// Writes a value behind what is already there.
///
/// # Errors
/// If it holds a map, a tuple or an enum with values, which no result does.
pub fn write(value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), Error> {
    value.serialize(&mut Line { out })
}

struct Line<'o> {
    out: &'o mut Vec<u8>,
}

impl Line<'_> {
    /// A text in quotes; what a terminal would obey is escaped as in all JSON of this program.
    fn text(&mut self, text: &str) -> Result<(), Error> {
        let bytes = text.as_bytes();
        let seen = bytes.iter().fold(0, |seen, b| seen | SIGNS[usize::from(*b)]);
        if seen & ODD != 0 || (seen & WIDE != 0 && to_escape(bytes).is_some()) {
            escape(&serde_json::to_string(text)?, self.out);
            return Ok(());
        }
        self.quoted(text);
        Ok(())
    }

    /// A text that needs no escapes.
    fn quoted(&mut self, text: &str) {
        self.out.reserve(text.len() + 2);
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    fn number(&mut self, number: impl Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut *self.out, &number)
    }
}

/// The entries of a list or of a table, with commas between.
struct Entries<'l, 'o> {
    line: &'l mut Line<'o>,
    first: bool,
}

impl<'l, 'o> Entries<'l, 'o> {
    fn open(line: &'l mut Line<'o>, bracket: u8) -> Entries<'l, 'o> {
        line.out.push(bracket);
        Entries { line, first: true }
    }

    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.line.out.push(b',');
        }
    }
}

impl SerializeSeq for Entries<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.comma();
        value.serialize(&mut *self.line)
    }

    fn end(self) -> Result<(), Error> {
        self.line.out.push(b']');
        Ok(())
    }
}

impl SerializeStruct for Entries<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.comma();
        self.line.quoted(key);
        self.line.out.push(b':');
        value.serialize(&mut *self.line)
    }

    fn end(self) -> Result<(), Error> {
        self.line.out.push(b'}');
        Ok(())
    }
}

fn no_such<T>() -> Result<T, Error> {
    Err(Error::custom("no result holds a value of this kind"))
}

impl<'l, 'o> Serializer for &'l mut Line<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Entries<'l, 'o>;
    type SerializeStruct = Entries<'l, 'o>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, flag: bool) -> Result<(), Error> {
        self.out.extend_from_slice(if flag { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_i8(self, n: i8) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_i16(self, n: i16) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_i32(self, n: i32) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_i64(self, n: i64) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_u8(self, n: u8) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_u16(self, n: u16) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_u32(self, n: u32) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_u64(self, n: u64) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_f32(self, n: f32) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_f64(self, n: f64) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_char(self, c: char) -> Result<(), Error> {
        self.text(c.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, text: &str) -> Result<(), Error> {
        self.text(text)
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        no_such()
    }
    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), Error> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.quoted(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Result<(), Error> {
        no_such()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Entries<'l, 'o>, Error> {
        Ok(Entries::open(self, b'['))
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        no_such()
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        no_such()
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant, Error> {
        no_such()
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        no_such()
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'l, 'o>, Error> {
        Ok(Entries::open(self, b'{'))
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeStructVariant, Error> {
        no_such()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Serialize)]
    struct Small {
        texts: Vec<String>,
        empty: Vec<u8>,
        none: Option<u8>,
        some: Option<bool>,
        whole: i64,
        part: f64,
    }

    fn line(value: &impl Serialize) -> Option<String> {
        let mut out = Vec::new();
        write(value, &mut out).ok()?;
        String::from_utf8(out).ok()
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(texts in proptest::collection::vec(any::<String>(), 0..4), some: Option<bool>, whole: i64, part: f64) {
            let value = Small { texts, empty: Vec::new(), none: None, some, whole, part };
            prop_assert_eq!(line(&value), Some(super::super::json::to_string(&value, false)));
        }
    }

    #[test]
    fn what_no_result_holds_is_refused() {
        assert_eq!(line(&(1, 2)), None);
        assert_eq!(line(&std::collections::BTreeMap::from([("a", 1)])), None);
    }
}
