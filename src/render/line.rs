//! JSON on one line, byte for byte as `serde_json` writes it, for results by the million.
//!
//! Three things make it fast: names of keys and of variants are known to need no escapes, a text is copied and looked at many bytes at a time, and pieces are
//! put together in a small buffer, in which there nearly always is room. Everything out of the ordinary — texts that need escapes, most numbers — is left to
//! `serde_json`.

use std::fmt::{self, Display, Write as _};

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
    let mut line = Line { out, end: 0, buffer: [0; BUFFER] };
    let written = value.serialize(&mut line);
    line.flush();
    written
}

/// A line that is being written.
struct Line<'o> {
    out: &'o mut Vec<u8>,
    /// What is not in `out` yet, and where it ends.
    buffer: [u8; BUFFER],
    end: usize,
}

/// A few of them make a line.
const BUFFER: usize = 1024;

impl Line<'_> {
    /// The place of so many more bytes, of which there are not more than the buffer holds.
    #[inline(always)]
    fn place(&mut self, bytes: usize) -> &mut [u8] {
        if self.end > BUFFER - bytes {
            self.flush();
            self.end = 0;
        }
        let start = self.end;
        self.end += bytes;
        &mut self.buffer[start..start + bytes]
    }

    #[inline(never)]
    fn flush(&mut self) {
        self.out.extend_from_slice(&self.buffer[..self.end]);
        self.end = 0;
    }

    #[inline(always)]
    fn put(&mut self, piece: &[u8]) {
        if piece.len() > BUFFER {
            return self.put_long(piece);
        }
        self.place(piece.len()).copy_from_slice(piece);
    }

    #[cold]
    fn put_long(&mut self, piece: &[u8]) {
        self.flush();
        self.out.extend_from_slice(piece);
    }

    /// A text in quotes; what a terminal would obey is escaped as in all JSON of this program.
    fn text(&mut self, text: &str) -> Result<(), Error> {
        let length = text.len();
        if length <= BUFFER - 2 {
            let place = self.place(length + 2);
            (place[0], place[length + 1]) = (b'"', b'"');
            if copy(text.as_bytes(), &mut place[1..=length]) {
                return Ok(());
            }
            self.end -= length + 2;
        }
        self.put(b"\"");
        self.odd(text)?;
        self.put(b"\"");
        Ok(())
    }

    /// A piece of a text.
    fn piece(&mut self, text: &str) -> Result<(), Error> {
        if text.len() <= BUFFER {
            if copy(text.as_bytes(), self.place(text.len())) {
                return Ok(());
            }
            self.end -= text.len();
        }
        self.odd(text)
    }

    /// A text with bytes that need escapes, or may.
    #[cold]
    fn odd(&mut self, text: &str) -> Result<(), Error> {
        let bytes = text.as_bytes();
        if to_escape(bytes).is_none() && !bytes.iter().fold(false, |seen, b| seen | is_special(*b)) {
            self.put(bytes);
            return Ok(());
        }
        let json = serde_json::to_string(text)?;
        let mut escaped = Vec::new();
        escape(&json[1..json.len() - 1], &mut escaped);
        self.put(&escaped);
        Ok(())
    }

    /// A short text that needs no escapes, in quotes.
    #[inline(always)]
    fn quoted(&mut self, text: &str) {
        let place = self.place(text.len() + 2);
        place[0] = b'"';
        place[1..][..text.len()].copy_from_slice(text.as_bytes());
        place[text.len() + 1] = b'"';
    }

    #[cold]
    fn number(&mut self, number: impl Serialize) -> Result<(), Error> {
        self.put(serde_json::to_string(&number)?.as_bytes());
        Ok(())
    }
}

/// The pieces of a text that is put together while it is printed.
impl fmt::Write for Line<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.piece(piece).map_err(|_| fmt::Error)
    }
}

/// Copies a text to a place of its length, and tells whether it is plain: none of its bytes is special to JSON or to a terminal, or of a character beyond
/// ASCII. Most texts are short, and both their ends, which may overlap, are all of them.
#[inline(always)]
fn copy(text: &[u8], to: &mut [u8]) -> bool {
    match text.len() {
        0..4 => {
            to.copy_from_slice(text);
            let mut word = [b' '; 8];
            word[..text.len()].copy_from_slice(text);
            !is_odd(u64::from_le_bytes(word))
        }
        4..8 => copy_ends::<4>(text, to).is_some_and(|[first, last]| {
            let [first, last] = [first, last].map(|end| u64::from(u32::from_le_bytes(end)));
            !is_odd(first | last << 32)
        }),
        8..=16 => copy_ends::<8>(text, to).is_some_and(|ends| is_plain(&ends)),
        17..=32 => copy_ends::<16>(text, to).is_some_and(|ends| is_plain(ends.as_flattened().as_chunks().0)),
        _ => {
            to.copy_from_slice(text);
            let last = text.last_chunk::<8>().is_some_and(|last| is_plain(&[*last]));
            last & is_plain(text.as_chunks().0)
        }
    }
}

/// Copies the first and the last so many bytes.
#[inline(always)]
fn copy_ends<const N: usize>(text: &[u8], to: &mut [u8]) -> Option<[[u8; N]; 2]> {
    let ends = [*text.first_chunk()?, *text.last_chunk()?];
    *to.first_chunk_mut()? = ends[0];
    *to.last_chunk_mut()? = ends[1];
    Some(ends)
}

/// Whether no byte of them is odd.
#[inline(always)]
fn is_plain(words: &[[u8; 8]]) -> bool {
    words.iter().fold(0, |seen, word| seen | odd(u64::from_le_bytes(*word))) & HIGH == 0
}

#[inline(always)]
fn is_odd(word: u64) -> bool {
    odd(word) & HIGH != 0
}

/// The highest bit of each byte.
const HIGH: u64 = each(0x80);

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Of eight bytes, the highest bits are set where one is a control character, a quote, a backslash, 0x7f or no ASCII. Where one is, the next may look as if
/// it were, too.
#[inline(always)]
fn odd(word: u64) -> u64 {
    // a quote, turned into a space, stands right behind the control characters, and these stay what they are
    let low = (word ^ each(b'"' ^ b' ')).wrapping_sub(each(b' ' + 1));
    let backslash = (word ^ each(b'\\')).wrapping_sub(each(1));
    low | backslash | word.wrapping_add(each(1)) | word
}

/// Whether JSON makes something of a byte.
fn is_special(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

/// The entries of a list or of a table.
struct Entries<'l, 'o> {
    line: &'l mut Line<'o>,
    /// What stands before the next one: the bracket, then commas.
    before: u8,
}

impl SerializeSeq for Entries<'_, '_> {
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

impl SerializeStruct for Entries<'_, '_> {
    type Ok = ();
    type Error = Error;

    // the key is known where this stands, and its copy a few stores
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        let place = self.line.place(key.len() + 4);
        place[..2].copy_from_slice(&[self.before, b'"']);
        place[2..][..key.len()].copy_from_slice(key.as_bytes());
        place[key.len() + 2..].copy_from_slice(b"\":");
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
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.put(b"\"");
        write!(self, "{value}").map_err(Error::custom)?;
        self.put(b"\"");
        Ok(())
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
    fn serialize_seq(self, _: Option<usize>) -> Result<Entries<'l, 'o>, Error> {
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
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'l, 'o>, Error> {
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

        // short ones and long ones, which are copied in different ways
        #[test]
        fn odd_characters_are_seen_wherever_they_stand(
            before in "[ -~]{0,40}", odd in "[\"\\\\\0\n\u{1f}\u{7f}\u{80}\u{85}\u{61c}\u{202e}\u{2069}§ę–€😀]{0,2}", after in "[a-z]{0,40}",
        ) {
            let text = before + &odd + &after;
            prop_assert_eq!(line(&text), by_library(&text));
        }

        #[test]
        fn what_is_printed_in_pieces_is_one_text(pieces in proptest::collection::vec(any::<String>(), 0..6)) {
            let pieces = Pieces(pieces);
            prop_assert_eq!(line(&pieces), by_library(&pieces));
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
        for length in (0..100).chain(BUFFER - 10..BUFFER + 10).chain([3 * BUFFER]) {
            let text = "x".repeat(length);
            let texts = [text.clone(), text.clone() + "\u{7f}", text + "ę"];
            assert_eq!(line(&texts.to_vec()), by_library(&texts.to_vec()), "{length}");
        }
    }

    #[test]
    fn a_byte_is_looked_at_wherever_it_stands() {
        for length in 1..100 {
            for at in 0..length {
                for odd in ["\u{7f}", "\"", "\\", "\u{1f}"] {
                    let mut text = "x".repeat(length);
                    text.replace_range(at..=at, odd);
                    assert_eq!(line(&text), by_library(&text), "{at} of {length}");
                }
            }
        }
    }

    /// Pieces that are printed one behind the other.
    struct Pieces(Vec<String>);

    impl Display for Pieces {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.iter().try_for_each(|piece| f.write_str(piece))
        }
    }

    impl Serialize for Pieces {
        fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            out.collect_str(self)
        }
    }

    #[test]
    fn pieces_are_put_together_across_the_ends_of_the_buffer() {
        for length in [0, 1, 7, 100, BUFFER - 1, BUFFER, BUFFER + 1] {
            let pieces =
                Pieces([String::new(), "x".repeat(length), "\"\u{202e}ę".to_owned(), "y".repeat(length)].iter().cycle().take(16).cloned().collect());
            assert_eq!(line(&pieces), by_library(&pieces), "{length}");
        }
    }

    #[test]
    fn every_byte_is_looked_at() {
        for c in '\0'..='\u{ff}' {
            for text in [String::from(c), format!("{c}{}", "x".repeat(40)), format!("{}{c}", "x".repeat(40))] {
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
