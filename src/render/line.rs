//! JSON on one line, byte for byte as `serde_json` writes it, for results by the million.
//!
//! Three things make it fast: names of keys and of variants are known to need no escapes, a text is copied while it is looked at, and no piece asks more than
//! once whether it fits. Everything out of the ordinary — texts that need escapes, most numbers — is left to `serde_json`.

use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Error;

use super::json::{escape, to_escape};
use crate::quarters::Quarters;

/// Writes a value behind what is already there.
///
/// # Errors
/// If it holds a map, a tuple or an enum with values, which no result does.
pub fn write(value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut line = Line { end: out.len(), out: std::mem::take(out) };
    let written = value.serialize(&mut line);
    line.out.truncate(line.end);
    *out = line.out;
    written
}

/// A line that is being written over room made ahead.
struct Line {
    out: Vec<u8>,
    /// Where the line ends so far; behind it is room.
    end: usize,
}

/// So many bytes of a text are looked at and copied at a time, which is a few instructions.
const STEP: usize = 16;

impl Line {
    /// The place of so many more bytes.
    #[inline(always)]
    fn room(&mut self, bytes: usize) -> &mut [u8] {
        let start = self.end;
        self.end += bytes;
        if self.end > self.out.len() {
            self.make_room();
        }
        &mut self.out[start..self.end]
    }

    #[cold]
    fn make_room(&mut self) {
        const AHEAD: usize = 1024;
        self.out.resize(self.end + AHEAD, 0);
    }

    #[inline(always)]
    fn put(&mut self, piece: &[u8]) {
        self.room(piece.len()).copy_from_slice(piece);
    }

    /// A text in quotes; what a terminal would obey is escaped as in all JSON of this program.
    fn text(&mut self, text: &str) -> Result<(), Error> {
        let start = self.end;
        // the last step may reach further than the text
        let room = self.room(text.len() + 2 + STEP);
        room[0] = b'"';
        let copied = copy(text.as_bytes(), &mut room[1..]);
        room[text.len() + 1] = b'"';
        if copied {
            self.end -= STEP;
            return Ok(());
        }
        self.end = start;
        self.odd(text)
    }

    /// A text with bytes that need escapes, or may.
    #[cold]
    fn odd(&mut self, text: &str) -> Result<(), Error> {
        let bytes = text.as_bytes();
        if to_escape(bytes).is_none() && !bytes.iter().any(|b| is_special(*b)) {
            self.quoted(text);
            return Ok(());
        }
        let mut escaped = Vec::new();
        escape(&serde_json::to_string(text)?, &mut escaped);
        self.put(&escaped);
        Ok(())
    }

    /// A text that needs no escapes, in quotes.
    #[inline(always)]
    fn quoted(&mut self, text: &str) {
        let room = self.room(text.len() + 2);
        room[0] = b'"';
        room[1..][..text.len()].copy_from_slice(text.as_bytes());
        room[text.len() + 1] = b'"';
    }

    #[cold]
    fn number(&mut self, number: impl Serialize) -> Result<(), Error> {
        self.put(serde_json::to_string(&number)?.as_bytes());
        Ok(())
    }
}

/// Copies a text, unless a byte of it is special to JSON or to a terminal, or of a character beyond ASCII.
#[inline(always)]
fn copy(text: &[u8], to: &mut [u8]) -> bool {
    let Some(last) = text.last_chunk::<STEP>() else {
        let mut only = [b' '; STEP];
        only[..text.len()].copy_from_slice(text);
        to[..STEP].copy_from_slice(&only);
        return !is_odd(&only);
    };
    for (from, to) in text[..text.len() - 1].as_chunks::<STEP>().0.iter().zip(to.as_chunks_mut::<STEP>().0) {
        *to = *from;
        if is_odd(from) {
            return false;
        }
    }
    // the end, over what is there of it already
    to[text.len() - STEP..text.len()].copy_from_slice(last);
    !is_odd(last)
}

/// Kept apart, since on its own it is compiled to a few instructions for all its bytes.
#[inline(never)]
fn is_odd(bytes: &[u8; STEP]) -> bool {
    let any = |odd: fn(u8) -> bool| bytes.iter().fold(false, |seen, b| seen | odd(*b));
    // as signed numbers, those beyond ASCII are negative
    any(|b| b.cast_signed() < 0x20) | any(|b| b == b'"') | any(|b| b == b'\\') | any(|b| b == 0x7f)
}

/// Whether JSON makes something of a byte.
fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The entries of a list or of a table.
struct Entries<'l> {
    line: &'l mut Line,
    /// What stands before the next one: the bracket, then commas.
    before: u8,
}

impl SerializeSeq for Entries<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.line.put(&[self.before]);
        self.before = b',';
        value.serialize(&mut *self.line)
    }

    fn end(self) -> Result<(), Error> {
        self.line.put(if self.before == b',' { b"]" } else { b"[]" });
        Ok(())
    }
}

impl SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = Error;

    // the key is known where this stands, and its copy a few stores
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        let room = self.line.room(key.len() + 4);
        room[..2].copy_from_slice(&[self.before, b'"']);
        room[2..][..key.len()].copy_from_slice(key.as_bytes());
        room[key.len() + 2..].copy_from_slice(b"\":");
        self.before = b',';
        value.serialize(&mut *self.line)
    }

    #[inline(always)]
    fn end(self) -> Result<(), Error> {
        self.line.put(if self.before == b',' { b"}" } else { b"{}" });
        Ok(())
    }
}

fn no_such<T>() -> Result<T, Error> {
    Err(Error::custom("no result holds a value of this kind"))
}

impl<'l> Serializer for &'l mut Line {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Entries<'l>;
    type SerializeStruct = Entries<'l>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, flag: bool) -> Result<(), Error> {
        self.put(if flag { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_i8(self, n: i8) -> Result<(), Error> {
        self.serialize_i64(n.into())
    }
    fn serialize_i16(self, n: i16) -> Result<(), Error> {
        self.serialize_i64(n.into())
    }
    fn serialize_i32(self, n: i32) -> Result<(), Error> {
        self.serialize_i64(n.into())
    }
    fn serialize_i64(self, n: i64) -> Result<(), Error> {
        match n {
            0..=9 => self.put(&[b'0' + n as u8]),
            _ => self.number(n)?,
        }
        Ok(())
    }
    fn serialize_u8(self, n: u8) -> Result<(), Error> {
        self.serialize_i64(n.into())
    }
    fn serialize_u16(self, n: u16) -> Result<(), Error> {
        self.serialize_i64(n.into())
    }
    fn serialize_u32(self, n: u32) -> Result<(), Error> {
        self.serialize_i64(n.into())
    }
    fn serialize_u64(self, n: u64) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_f32(self, n: f32) -> Result<(), Error> {
        self.number(n)
    }
    fn serialize_f64(self, n: f64) -> Result<(), Error> {
        // the parts that occur are those of scores
        match Quarters::from_f64(n).filter(|score| !score.is_whole()).and_then(Quarters::written) {
            Some(written) => self.put(written.as_bytes()),
            None => self.number(n)?,
        }
        Ok(())
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
        self.put(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }
    #[inline(always)]
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
    fn serialize_seq(self, _: Option<usize>) -> Result<Entries<'l>, Error> {
        Ok(Entries { line: self, before: b'[' })
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
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'l>, Error> {
        Ok(Entries { line: self, before: b'{' })
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

    fn by_library(value: &impl Serialize) -> Option<String> {
        Some(super::super::json::to_string(value, false))
    }

    proptest! {
        #[test]
        fn it_is_what_the_library_writes(texts in proptest::collection::vec(any::<String>(), 0..4), some: Option<bool>, whole: i64, part: f64) {
            let value = Small { texts, empty: Vec::new(), none: None, some, whole, part };
            prop_assert_eq!(line(&value), by_library(&value));
        }

        // long enough that each of them stands at every place of a step
        #[test]
        fn odd_characters_are_seen_wherever_they_stand(
            before in "[ -~]{0,40}", odd in "[\"\\\\\0\n\u{1f}\u{7f}\u{80}\u{85}\u{61c}\u{202e}\u{2069}§ę–€😀]{0,2}", after in "[a-z]{0,40}",
        ) {
            let text = before + &odd + &after;
            prop_assert_eq!(line(&text), by_library(&text));
        }

        #[test]
        fn every_number_is_what_the_library_writes(bits: u64, quarters: i16) {
            let (part, score) = (f64::from_bits(bits), f64::from(quarters) / 4.0);
            prop_assert_eq!(line(&(bits as f32)), by_library(&(bits as f32)));
            prop_assert_eq!((line(&part), line(&score)), (by_library(&part), by_library(&score)));
            prop_assert_eq!((line(&bits), line(&(bits as i64))), (by_library(&bits), by_library(&(bits as i64))));
            prop_assert_eq!((line(&(bits as u32)), line(&(bits as i32))), (by_library(&(bits as u32)), by_library(&(bits as i32))));
            prop_assert_eq!((line(&(bits as u16)), line(&(bits as i16))), (by_library(&(bits as u16)), by_library(&(bits as i16))));
            prop_assert_eq!((line(&(bits as u8)), line(&(bits as i8))), (by_library(&(bits as u8)), by_library(&(bits as i8))));
        }
    }

    #[test]
    fn texts_of_every_length_end_where_they_end() {
        for length in 0..5 * STEP {
            let text = "x".repeat(length);
            let texts = [text.clone(), text.clone() + "\u{7f}", text + "ę"];
            assert_eq!(line(&texts.to_vec()), by_library(&texts.to_vec()), "{length}");
        }
    }

    #[test]
    fn every_byte_is_looked_at() {
        for c in '\0'..='\u{ff}' {
            for text in [String::from(c), format!("{c}{}", "x".repeat(2 * STEP)), format!("{}{c}", "x".repeat(2 * STEP))] {
                assert_eq!(line(&text), by_library(&text), "U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn numbers_at_the_edges_are_what_the_library_writes() {
        let small = (-50..50).map(|n| f64::from(n) / 8.0);
        let edges = [-0.0, 7.75, 8.25, 999.75, 1e15, 1e16, 1e300, -1e300, 5e-324, f64::MAX, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        for n in small.chain(edges).chain([f64::from(i32::MIN) / 4.0, f64::from(i32::MAX) / 4.0]) {
            assert_eq!(line(&n), by_library(&n));
        }
        for n in (-20..120).chain([i64::MIN, i64::MAX]) {
            assert_eq!(line(&n), by_library(&n));
        }
        assert_eq!(line(&u64::MAX), by_library(&u64::MAX));
    }

    #[test]
    fn it_is_written_behind_what_is_there_and_nothing_behind_it() {
        let mut out = b"before".to_vec();
        write(&"text", &mut out).unwrap();
        assert_eq!(out, b"before\"text\"");
        // a list that cannot be finished
        write(&vec![(1, 2)], &mut out).unwrap_err();
        assert_eq!(out, b"before\"text\"[");
    }

    #[test]
    fn what_no_result_holds_is_refused() {
        assert_eq!(line(&(1, 2)), None);
        assert_eq!(line(&std::collections::BTreeMap::from([("a", 1)])), None);
    }
}
