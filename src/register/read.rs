//! Reading the register: lines one after another, however long the file, up to where it ended when it was opened.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Take};
use std::path::Path;

use super::line::{self, Broken, LONGEST};

/// The lines of a register, as they were at one moment. Whoever writes later does not disturb.
pub struct Lines {
    from: BufReader<Take<File>>,
    line: Vec<u8>,
    number: u64,
}

/// A piece of the file that ends with a newline, or with the file.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes, the newline included; of a line that is too long only its beginning, which is too long too.
    pub bytes: &'a [u8],
    /// How many bytes it has.
    pub length: u64,
    /// Whether it has its newline.
    pub is_ended: bool,
}

/// What stands behind the last newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// A whole entry that lacks nothing but its newline.
    Whole,
    /// A whole entry, and another byte where its newline was: no write ends so.
    OtherEnd,
    /// The beginning of something that was never acknowledged.
    Torn,
}

impl Tail {
    /// What bytes behind the last newline are.
    pub fn of(bytes: &[u8]) -> Tail {
        let is_entry = |bytes: &[u8]| matches!(line::read(&[bytes, b"\n"].concat()), Ok(_) | Err(Broken::Format(_)));
        match bytes {
            bytes if is_entry(bytes) => Tail::Whole,
            [whole @ .., _] if is_entry(whole) => Tail::OtherEnd,
            _ => Tail::Torn,
        }
    }
}

impl Lines {
    /// Opens a register.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(path: &Path) -> io::Result<Lines> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // while somebody writes, the end is nowhere; where nothing can be locked, nothing can be waited for
        let locked = file.lock_shared().is_ok();
        let length = file.metadata()?.len();
        if locked {
            file.unlock()?;
        }
        Ok(Lines { from: BufReader::with_capacity(1 << 18, file.take(length)), line: Vec::new(), number: 0 })
    }

    /// The next line.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        self.number += 1;
        let mut length = self.from.by_ref().take(LONGEST as u64 + 2).read_until(b'\n', &mut self.line)?;
        if length == 0 {
            return Ok(None);
        }
        let mut is_ended = self.line.ends_with(b"\n");
        while !is_ended && self.line.len() > LONGEST + 1 {
            let buffer = self.from.fill_buf()?;
            let end = buffer.iter().position(|b| *b == b'\n');
            let used = end.map_or(buffer.len(), |i| i + 1);
            if used == 0 {
                break;
            }
            is_ended = end.is_some();
            length += used;
            self.from.consume(used);
        }
        Ok(Some(Line { number: self.number, bytes: &self.line, length: length as u64, is_ended }))
    }
}
