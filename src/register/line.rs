//! One line of the register, and how it is bound to the line before.
//!
//! ```text
//! {"hash":"H","prev":"P","entry":{"format":"breach-register/1","sequence":N,…},"record":…,"assessment":…,"incident":…}
//! ```
//!
//! `P` is the hash of the line before, of the first line 64 zeros. `H` is the SHA-256 of everything behind it: from byte 76 of the line to its newline,
//! that included. Both are written in lower-case hex at fixed places, so that `cut -b 76- | sha256sum` recomputes what this program does, and every
//! byte of a line is either hashed, or a hash, or has one possible value.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The name and version of the format, in every entry.
pub const FORMAT: &str = "breach-register/1";
/// The hash before the first line.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The longest line, in bytes, without its newline.
pub const LONGEST: usize = 1024 * 1024;

/// The length of a hash in hex.
const HEX: usize = 64;
const OPEN: &[u8] = b"{\"hash\":\"";
const PREV: &[u8] = b"\",\"prev\":\"";
const ENTRY: &[u8] = b"\",\"entry\":";
const HEAD: &[u8] = b"{\"format\":\"";
const SEQUENCE: &[u8] = b"\",\"sequence\":";
/// Where the hashed bytes begin: behind the hash, its quote and the comma.
const HASHED: usize = OPEN.len() + HEX + 2;
/// Where the entry begins.
const BODY: usize = OPEN.len() + HEX + PREV.len() + HEX + ENTRY.len();

/// What a line says of its place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// Its hash.
    pub hash: &'a str,
    /// The hash of the line before.
    pub prev: &'a str,
    /// Its number, from 1.
    pub sequence: u64,
}

/// Why a line is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It has not the form of a line.
    Form,
    /// It is longer than any line may be.
    Long,
    /// Its hash is not that of its bytes.
    Hash,
    /// It is whole, but of a format that this program does not know.
    Format(String),
}

/// The SHA-256 of bytes, in lower-case hex.
pub fn hex(bytes: &[u8]) -> [u8; HEX] {
    in_hex(&Sha256::digest(bytes))
}

fn in_hex(digest: &[u8]) -> [u8; HEX] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = [0; HEX];
    for (pair, byte) in out.chunks_exact_mut(2).zip(digest) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    out
}

/// Writes a line, its newline included.
pub fn write(prev: &str, entry: &impl Serialize, rest: &str) -> String {
    // plain structs with text keys: there is nothing in them that JSON cannot hold
    let entry = serde_json::to_string(entry).unwrap_or_else(|e| unreachable!("{e}"));
    let hashed = format!("\"prev\":\"{prev}\",\"entry\":{entry},{rest}}}\n");
    let hash = hex(hashed.as_bytes());
    format!("{{\"hash\":\"{}\",{hashed}", String::from_utf8_lossy(&hash))
}

/// Reads a line with its newline: its form, its hash and its format.
///
/// # Errors
/// How it is broken.
pub fn read(line: &[u8]) -> Result<Link<'_>, Broken> {
    if line.len() > LONGEST + 1 {
        return Err(Broken::Long);
    }
    let (hash, prev) = hashes(line).ok_or(Broken::Form)?;
    if line.last() != Some(&b'\n') {
        return Err(Broken::Form);
    }
    if hex(&line[HASHED..]) != hash.as_bytes() {
        return Err(Broken::Hash);
    }
    let (format, after) = until_quote(line[BODY..].strip_prefix(HEAD).ok_or(Broken::Form)?).ok_or(Broken::Form)?;
    if format != FORMAT {
        return Err(Broken::Format(format.chars().take(FORMAT.len() * 2).collect()));
    }
    let sequence = after.strip_prefix(SEQUENCE).and_then(number).ok_or(Broken::Form)?;
    Ok(Link { hash, prev, sequence })
}

/// The length of a whole line, without its newline, that bytes begin with; what follows may be anything but that newline.
pub fn whole(bytes: &[u8]) -> Option<usize> {
    let (hash, _) = hashes(bytes)?;
    let mut sum = Sha256::new();
    let mut done = HASHED;
    // a line ends with a brace, and what is hashed up to one goes on to the next
    for end in (HASHED..bytes.len().min(LONGEST)).filter(|i| bytes[*i] == b'}') {
        sum.update(&bytes[done..=end]);
        done = end + 1;
        if in_hex(&sum.clone().chain_update(b"\n").finalize()) == hash.as_bytes() {
            return Some(done);
        }
    }
    None
}

/// The JSON from the entry on, of a line that has the form of one: the entry itself, then all else.
pub fn body(line: &[u8]) -> Option<&[u8]> {
    hashes(line)?;
    line.get(BODY..)
}

/// Whether bytes begin as a register does.
pub fn begins(bytes: &[u8]) -> bool {
    bytes.get(BODY..).is_some_and(|rest| hashes(bytes).is_some() && rest.starts_with(HEAD) && rest[HEAD.len()..].starts_with(b"breach-register/"))
}

/// Whether bytes may be what a power cut left of a line: its beginning, or a place on the disk that was never written.
pub fn is_torn(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b == 0) || bytes.iter().zip(OPEN).all(|(a, b)| a == b)
}

/// The two hashes of a line of the right form.
pub fn hashes(line: &[u8]) -> Option<(&str, &str)> {
    let (hash, rest) = line.strip_prefix(OPEN)?.split_at_checked(HEX)?;
    let (prev, rest) = rest.strip_prefix(PREV)?.split_at_checked(HEX)?;
    rest.starts_with(ENTRY).then_some(())?;
    Some((digest(hash)?, digest(prev)?))
}

fn digest(hex: &[u8]) -> Option<&str> {
    hex.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).then(|| std::str::from_utf8(hex).ok())?
}

fn until_quote(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().take(HEX).position(|b| *b == b'"')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end..]))
}

fn number(bytes: &[u8]) -> Option<u64> {
    let end = bytes.iter().take(21).position(|b| !b.is_ascii_digit())?;
    std::str::from_utf8(&bytes[..end]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Entry {
        format: &'static str,
        sequence: u64,
    }

    fn line(format: &'static str) -> String {
        write(ORIGIN, &Entry { format, sequence: 7 }, "\"incident\":{}")
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let line = line(FORMAT);
        let link = read(line.as_bytes()).unwrap();
        assert_eq!((link.prev, link.sequence), (ORIGIN, 7));
        assert_eq!(body(line.as_bytes()), Some(&b"{\"format\":\"breach-register/1\",\"sequence\":7},\"incident\":{}}\n"[..]));
        assert!(begins(line.as_bytes()) && !begins(b"{\"format\":1}"));
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    }

    #[test]
    fn no_bit_of_a_line_is_free() {
        let good = line(FORMAT).into_bytes();
        for (i, bit) in (0..good.len()).flat_map(|i| (0..8).map(move |bit| (i, bit))) {
            let mut bad = good.clone();
            bad[i] ^= 1 << bit;
            assert!(read(&bad).is_err(), "byte {i}, bit {bit}");
        }
        assert_eq!(read(&good[..good.len() - 1]), Err(Broken::Form));
        assert_eq!(read(b""), Err(Broken::Form));
    }

    #[test]
    fn a_whole_line_is_seen_whatever_follows() {
        let line = line(FORMAT);
        let bare = line.trim_end();
        for rest in ["", "x", "}", "}}\r", "{\"hash\""] {
            assert_eq!(whole(format!("{bare}{rest}").as_bytes()), Some(bare.len()), "{rest:?}");
        }
        for torn in [&bare[..bare.len() - 1], &bare[..100], &bare[..40], ""] {
            assert_eq!(whole(torn.as_bytes()), None);
        }
    }

    #[test]
    fn a_later_format_is_told_from_a_broken_line() {
        assert_eq!(read(line("breach-register/2").as_bytes()), Err(Broken::Format("breach-register/2".into())));
    }
}
