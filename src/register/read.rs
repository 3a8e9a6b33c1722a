//! Reading the register: lines one after another, however long the file, up to where it ended when it was opened; in parts, where several read at once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr;

use super::line::{self, LONGEST};

/// The lines of a register, as they were at one moment. Whoever writes later does not disturb.
pub struct Lines {
    part: Part,
    /// What was read and not given yet lies between `start` and `end`, without a newline before `searched`.
    buffer: Vec<u8>,
    start: usize,
    searched: usize,
    end: usize,
    number: u64,
}

/// A part of the file, of which others may read other parts.
struct Part {
    file: Arc<Mutex<File>>,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(buffer.len());
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(&mut buffer[..length])?;
        self.at += read as u64;
        Ok(read)
    }
}

/// How much is read at once: little enough to stay near, and lines are given from where they were read.
const CHUNK: usize = 1 << 18;

/// A piece of the file that ends with a newline, or with the file.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes, the newline included; of a line that is too long perhaps only its beginning, which is too long too.
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
    /// A whole entry, and something else where its newline was: no write ends so.
    OtherEnd,
    /// The beginning of something that was never acknowledged.
    Torn,
}

impl Tail {
    /// What bytes behind the last newline are.
    pub fn of(bytes: &[u8]) -> Tail {
        match line::whole(bytes) {
            Some(length) if length == bytes.len() => Tail::Whole,
            Some(_) => Tail::OtherEnd,
            None => Tail::Torn,
        }
    }
}

impl Lines {
    /// Opens a register.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(path: &Path) -> io::Result<Lines> {
        // a pipe has no length, would pass for an empty register, and may keep whoever opens it waiting
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::other("not a file"));
        }
        let file = File::open(path)?;
        // while somebody writes, the end is nowhere; where nothing can be locked, nothing can be waited for
        let locked = file.lock_shared().is_ok();
        let length = file.metadata()?.len();
        if locked {
            file.unlock()?;
        }
        Ok(Lines::of(Part { file: Arc::new(Mutex::new(file)), at: 0, end: length }))
    }

    fn of(part: Part) -> Lines {
        Lines { part, buffer: vec![0; CHUNK], start: 0, searched: 0, end: 0, number: 0 }
    }

    /// How many bytes were not read yet.
    pub fn left(&self) -> u64 {
        self.part.end - self.part.at
    }

    /// Whether nothing stands before the first line that was not read yet.
    pub fn is_first(&self) -> bool {
        self.part.at == 0
    }

    /// The lines that were not read yet, in at most so many parts of about the same length. Each part counts its own lines from 1.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn split(self, parts: u64) -> io::Result<Vec<Lines>> {
        let (file, end) = (&self.part.file, self.part.end);
        let part = |at, end| Lines::of(Part { file: Arc::clone(file), at, end });
        let mut starts = vec![self.part.at];
        let step = self.left() / parts.max(1);
        for i in 1..parts {
            // a part begins behind the first newline from the byte before its place on
            let before = (self.part.at + i * step).saturating_sub(1);
            let behind = part(before, end).next_line()?.map_or(end, |line| before + line.length);
            if behind < end && starts.last().is_some_and(|last| *last < behind) {
                starts.push(behind);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([end]);
        Ok(starts.iter().zip(ends).map(|(at, end)| part(*at, end)).collect())
    }

    /// The next line.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.number += 1;
        let number = self.number;
        loop {
            if let Some(i) = memchr(b'\n', &self.buffer[self.searched..self.end]) {
                let line = self.start..self.searched + i + 1;
                (self.start, self.searched) = (line.end, line.end);
                return Ok(Some(Line { number, length: line.len() as u64, bytes: &self.buffer[line], is_ended: true }));
            }
            self.searched = self.end;
            if self.end - self.start > LONGEST + 1 {
                return self.long().map(Some);
            }
            if self.fill()? == 0 {
                let line = self.start..self.end;
                self.start = self.end;
                let last = Line { number, length: line.len() as u64, bytes: &self.buffer[line], is_ended: false };
                return Ok(Some(last).filter(|last| last.length > 0));
            }
        }
    }

    /// Reads on, behind what was not given yet.
    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.searched, self.end, self.start) = (self.searched - self.start, self.end - self.start, 0);
        if self.buffer.len() - self.end < CHUNK {
            self.buffer.resize(self.end + CHUNK, 0);
        }
        let read = loop {
            match self.part.read(&mut self.buffer[self.end..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.end += read;
        Ok(read)
    }

    /// A line that is too long: its beginning is kept, the rest passed over.
    fn long(&mut self) -> io::Result<Line<'_>> {
        let kept: Vec<u8> = self.buffer[self.start..self.start + LONGEST + 2].to_vec();
        let mut length = 0;
        let is_ended = loop {
            let end = memchr(b'\n', &self.buffer[self.start..self.end]);
            let used = end.map_or(self.end - self.start, |i| i + 1);
            length += used as u64;
            (self.start, self.searched) = (self.start + used, self.start + used);
            if end.is_some() || self.fill()? == 0 {
                break end.is_some();
            }
        };
        // what is left lies behind the beginning, which is given from its front
        let left = self.buffer[self.start..self.end].to_vec();
        self.buffer = [kept.as_slice(), &left].concat();
        (self.start, self.searched, self.end) = (kept.len(), kept.len(), self.buffer.len());
        Ok(Line { number: self.number, bytes: &self.buffer[..kept.len()], length, is_ended })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn open(bytes: &[u8]) -> Lines {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        Lines::open(file.path()).unwrap()
    }

    /// Of each line its number, length and whether it is ended, however the chunks fall.
    fn read(bytes: &[u8]) -> Vec<(u64, u64, bool, usize)> {
        let mut lines = open(bytes);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push((line.number, line.length, line.is_ended, line.bytes.len()));
        }
        all
    }

    #[test]
    fn parts_hold_every_line_once_and_in_order() {
        let long = [vec![b'x'; 3 * CHUNK], b"\n".to_vec()].concat();
        for text in [&b""[..], b"\n", b"a", b"a\nbb\n\nccc\n", b"a\nbb\nrest", &[b"a\n", &long[..], b"b\nc"].concat()] {
            for parts in 0..8 {
                let all = open(text).split(parts).unwrap();
                assert!(all.len() as u64 <= parts.max(1));
                let mut joined = Vec::new();
                for mut part in all {
                    let mut before = 0;
                    while let Some(line) = part.next_line().unwrap() {
                        assert_eq!(line.number, before + 1);
                        before = line.number;
                        joined.extend_from_slice(line.bytes);
                        assert!(line.is_ended || joined.len() == text.len());
                    }
                }
                assert!(joined == text, "{parts} parts of {} bytes", text.len());
            }
        }
    }

    #[test]
    fn lines_are_whole_wherever_a_chunk_ends() {
        for length in [1, 2, CHUNK - 1, CHUNK, CHUNK + 1, LONGEST + 1] {
            let line = [vec![b'x'; length - 1], b"\n".to_vec()].concat();
            let all = read(&[&line[..], &line, &line, b"rest"].concat());
            let n = length as u64;
            assert_eq!(all, [(1, n, true, length), (2, n, true, length), (3, n, true, length), (4, 4, false, 4)], "{length}");
        }
        assert_eq!(read(b""), []);
        assert_eq!(read(b"\n\n"), [(1, 1, true, 1), (2, 1, true, 1)]);
    }

    #[test]
    fn of_a_line_too_long_the_beginning_is_kept_and_the_next_is_found() {
        for more in [1, CHUNK, 3 * LONGEST] {
            let long = vec![b'x'; LONGEST + 1 + more];
            let n = (LONGEST + 1 + more) as u64;
            let seen =
                |bytes: &[u8]| read(bytes).into_iter().map(|(i, length, ended, kept)| (i, length, ended, kept.min(LONGEST + 2))).collect::<Vec<_>>();
            assert_eq!(seen(&[&long[..], b"\nab\n"].concat()), [(1, n + 1, true, LONGEST + 2), (2, 3, true, 3)], "{more}");
            assert_eq!(seen(&[b"ab\n", &long[..]].concat()), [(1, 3, true, 3), (2, n, false, LONGEST + 2)], "{more}");
        }
    }
}
