//! The entries of a register, read from the first to the last, or by several threads at once.

use std::io;
use std::thread::available_parallelism;

use rayon::prelude::*;
use serde_json::Value;

use super::chain::{Fault, How};
use super::entry::{Entry, Record};
use super::line::{self, ORIGIN};
use super::read::{Lines, Tail};

/// Why a register cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The machine failed.
    #[error(transparent)]
    Machine(#[from] io::Error),
    /// A line is no entry that this program knows.
    #[error("a line is no entry")]
    Fails(Fault),
}

/// Gives every entry to `take`, from the first to the last, and at the end where the chain was seen to break.
///
/// # Errors
/// If the file cannot be read, or a line is no entry; or what `take` says.
pub fn each(lines: Lines, take: impl FnMut(Whole<'_>) -> Result<(), ReadError>) -> Result<Option<Fault>, ReadError> {
    let mut run = Run::default();
    run.join(part(lines, take))?;
    Ok(run.fault)
}

/// A part that is worth a thread.
const PART: u64 = 1 << 22;

/// What `make` makes of every entry, in their order, and where the chain was seen to break. A long register is read by all cores.
///
/// # Errors
/// If the file cannot be read, or a line is no entry; or what `make` says. The first counts.
pub fn all<T: Send>(lines: Lines, make: impl Fn(Whole<'_>) -> Result<T, ReadError> + Sync) -> Result<(Vec<T>, Option<Fault>), ReadError> {
    let work = |lines| {
        let mut made = Vec::new();
        let seen = part(lines, |whole| {
            made.push(make(whole)?);
            Ok(())
        });
        (made, seen)
    };
    let parts: Vec<(Vec<T>, _)> = match lines.left() / PART {
        0 => vec![work(lines)],
        parts => {
            let threads = available_parallelism().map_or(1, usize::from);
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other)?;
            // more parts than threads: who is done first takes another
            let parts = lines.split(parts.min(8 * threads as u64))?;
            pool.install(|| parts.into_par_iter().map(work).collect())
        }
    };
    let mut run = Run::default();
    let mut all = Vec::with_capacity(parts.iter().map(|(made, _)| made.len()).sum());
    for (made, seen) in parts {
        run.join(seen)?;
        all.extend(made);
    }
    Ok((all, run.fault))
}

/// What was seen of the chain so far.
struct Run {
    lines: u64,
    hash: String,
    fault: Option<Fault>,
}

impl Default for Run {
    fn default() -> Run {
        Run { lines: 0, hash: ORIGIN.to_owned(), fault: None }
    }
}

impl Run {
    /// Takes the part that comes next, which counts its lines from 1.
    fn join(&mut self, seen: Result<Seen, ReadError>) -> Result<(), ReadError> {
        let before = self.lines;
        let placed = |fault: Fault| Fault { line: fault.line.map(|line| before + line), ..fault };
        let seen = seen.map_err(|e| match e {
            ReadError::Fails(fault) => ReadError::Fails(placed(fault)),
            machine => machine,
        })?;
        if let Some((prev, hash)) = seen.ends {
            let breaks = (prev != self.hash).then(|| Fault { line: Some(before + 1), how: How::Follows });
            self.fault = self.fault.take().or(breaks);
            self.hash = hash;
        }
        self.fault = self.fault.take().or(seen.fault.map(placed));
        self.lines += seen.lines;
        Ok(())
    }
}

/// What was seen of the chain in a part of the register.
#[derive(Default)]
struct Seen {
    lines: u64,
    /// The hash before its first entry, and that of its last.
    ends: Option<(String, String)>,
    fault: Option<Fault>,
}

fn part(mut lines: Lines, mut take: impl FnMut(Whole<'_>) -> Result<(), ReadError>) -> Result<Seen, ReadError> {
    let mut seen = Seen::default();
    let is_first = lines.is_first();
    while let Some(line) = lines.next_line()? {
        seen.lines = line.number;
        let fails = |how| ReadError::Fails(Fault { line: Some(line.number), how });
        if !line.is_ended {
            match Tail::of(line.bytes) {
                Tail::Whole => {}
                // what never held an entry is no register
                Tail::Torn if is_first && line.number == 1 && !line::is_torn(line.bytes) => return Err(fails(How::Form)),
                // what was never acknowledged is no entry yet
                Tail::Torn => break,
                Tail::OtherEnd => {
                    seen.fault = seen.fault.or(Some(Fault { line: Some(line.number), how: How::Newline }));
                    break;
                }
            }
        }
        let (Some((hash, prev)), Some(body)) = (line::hashes(line.bytes), line::body(line.bytes)) else { return Err(fails(How::Form)) };
        let mut json = serde_json::Deserializer::from_slice(body).into_iter::<Entry>();
        let entry = match json.next() {
            Some(Ok(entry)) if *entry.format == *line::FORMAT => entry,
            _ => return Err(fails(line::read(line.bytes).map_or_else(How::from, |_| How::Form))),
        };
        match &mut seen.ends {
            Some((_, before)) => {
                if seen.fault.is_none() && prev != before {
                    seen.fault = Some(Fault { line: Some(line.number), how: How::Follows });
                }
                before.replace_range(.., hash);
            }
            ends => *ends = Some((prev.to_owned(), hash.to_owned())),
        }
        let behind = &body[json.byte_offset()..];
        take(Whole { entry, hash, line: line.bytes, number: line.number, behind, body })?;
    }
    Ok(seen)
}

/// An entry, and what it rests on.
pub struct Whole<'a> {
    /// The entry.
    pub entry: Entry,
    /// Its hash.
    pub hash: &'a str,
    /// Its line.
    pub line: &'a [u8],
    number: u64,
    /// All behind the entry.
    behind: &'a [u8],
    body: &'a [u8],
}

impl Whole<'_> {
    /// The line as a value, but for its hashes.
    pub fn value(&self) -> Option<Value> {
        self.parsed()
    }

    fn parsed<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        let start = b"{\"entry\":".as_slice();
        serde_json::from_slice(&[start, self.body].concat()).ok()
    }

    /// What the entry records in words.
    ///
    /// # Errors
    /// If there is nothing such.
    pub fn record(&self) -> Result<Record, ReadError> {
        let json = self.behind.strip_prefix(b",\"record\":").map(serde_json::Deserializer::from_slice);
        let record = json.and_then(|json| json.into_iter().next()?.ok());
        record.ok_or(ReadError::Fails(Fault { line: Some(self.number), how: How::Form }))
    }

    /// Whether one of its texts holds this, which is in lower case.
    pub fn has(&self, text: &str) -> bool {
        fn any(value: &Value, text: &str) -> bool {
            match value {
                Value::String(s) => s.to_lowercase().contains(text),
                Value::Array(list) => list.iter().any(|v| any(v, text)),
                Value::Object(table) => table.values().any(|v| any(v, text)),
                _ => false,
            }
        }
        // not in the assessment: the texts of the tables' rules are in every one
        #[derive(serde::Deserialize)]
        struct Told {
            entry: Value,
            record: Value,
            incident: Value,
        }
        let told: Option<Told> = self.parsed();
        told.is_some_and(|told| [told.entry, told.record, told.incident].iter().any(|part| any(part, text)))
    }
}
