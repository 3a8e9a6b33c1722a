//! The chain: every line follows the one before, and no byte of it is another than was written.

use std::io;

use super::line::{self, Broken, Link, ORIGIN};
use super::read::{Lines, Tail};

/// What fails, and where; the first such place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1; none where it is the end that is missing.
    pub line: Option<u64>,
    /// How it fails.
    pub how: How,
}

/// How a register fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The line is no entry.
    Form,
    /// The line is longer than any entry.
    Long,
    /// Its bytes are not those that were hashed.
    Altered,
    /// The newline of the last entry is another byte.
    Newline,
    /// Entries before it are gone: the first and the last number that is missing.
    Gone(u64, u64),
    /// It stood elsewhere: the number it has, and the one that belongs here.
    Elsewhere(u64, u64),
    /// It has the right number and follows another entry than the one before.
    Follows,
    /// It is of a format of which this program knows nothing.
    Format(String),
    /// The hash that somebody remembered is none of these entries': what followed was cut off, or all of it written anew.
    Head(String),
}

impl How {
    /// The key of its sentence.
    pub fn id(&self) -> &'static str {
        match self {
            How::Form => "register-fails-form",
            How::Long => "register-fails-long",
            How::Altered => "register-fails-altered",
            How::Newline => "register-fails-newline",
            How::Gone(from, to) if from == to => "register-fails-gone-one",
            How::Gone(..) => "register-fails-gone",
            How::Elsewhere(..) => "register-fails-elsewhere",
            How::Follows => "register-fails-follows",
            How::Format(_) => "register-fails-format",
            How::Head(_) => "register-fails-head",
        }
    }

    /// The values of its sentence.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            How::Gone(from, to) => vec![("from", from.to_string()), ("to", to.to_string())],
            How::Elsewhere(has, belongs) => vec![("has", has.to_string()), ("belongs", belongs.to_string())],
            How::Format(format) => vec![("format", format.clone()), ("known", line::FORMAT.to_owned())],
            How::Head(hash) => vec![("hash", hash.clone())],
            _ => Vec::new(),
        }
    }

    /// Whether it is this program that knows too little, not the register that fails.
    pub fn is_unknown_format(&self) -> bool {
        matches!(self, How::Format(_))
    }
}

impl From<Broken> for How {
    fn from(broken: Broken) -> How {
        match broken {
            Broken::Form => How::Form,
            Broken::Long => How::Long,
            Broken::Hash => How::Altered,
            Broken::Format(format) => How::Format(format),
        }
    }
}

/// The end of a chain so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Head {
        Head { entries: 0, hash: ORIGIN.to_owned() }
    }
}

impl Head {
    /// Whether a line follows.
    ///
    /// # Errors
    /// How it does not.
    pub fn follows(&self, link: &Link<'_>) -> Result<(), How> {
        let next = self.entries + 1;
        match link.sequence {
            n if n > next => Err(How::Gone(next, n - 1)),
            n if n < next => Err(How::Elsewhere(n, next)),
            _ if link.prev != self.hash => Err(How::Follows),
            _ => Ok(()),
        }
    }

    /// Takes a line that follows.
    fn take(&mut self, bytes: &[u8]) -> Result<(), How> {
        let link = line::read(bytes)?;
        self.follows(&link)?;
        self.entries += 1;
        self.hash.replace_range(.., link.hash);
        Ok(())
    }
}

/// A register whose chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its end.
    pub head: Head,
    /// What stands behind the last newline, and how many bytes of it.
    pub tail: Option<(Tail, u64)>,
    /// The number of the entry whose hash was expected.
    pub expected: Option<u64>,
}

/// Verifies a register from its first byte to its last; `expect` is a hash that somebody kept elsewhere, and must be that of an entry.
///
/// # Errors
/// If the file cannot be read; within, what fails first.
pub fn verify(mut lines: Lines, expect: Option<&str>) -> io::Result<Result<Verified, Fault>> {
    let mut head = Head::default();
    let mut expected = None;
    let mut tail = None;
    while let Some(line) = lines.next_line()? {
        let fault = |how| Ok(Err(Fault { line: Some(line.number), how }));
        let whole;
        let bytes = match line.is_ended {
            true => line.bytes,
            false => {
                let kind = Tail::of(line.bytes);
                tail = Some((kind, line.length));
                match kind {
                    // what never held an entry is no register
                    Tail::Torn if line.number == 1 && !line::is_torn(line.bytes) => return fault(How::Form),
                    Tail::Torn => break,
                    Tail::OtherEnd => return fault(How::Newline),
                    Tail::Whole => whole = [line.bytes, b"\n"].concat(),
                }
                &whole
            }
        };
        if let Err(how) = head.take(bytes) {
            return fault(how);
        }
        if expect == Some(head.hash.as_str()) {
            expected = Some(head.entries);
        }
    }
    // of an empty register the head is the hash before the first entry, which says nothing of any other
    if head.entries == 0 && expect == Some(ORIGIN) {
        expected = Some(0);
    }
    match expect {
        Some(hash) if expected.is_none() => Ok(Err(Fault { line: None, how: How::Head(hash.to_owned()) })),
        _ => Ok(Ok(Verified { head, tail, expected })),
    }
}
