//! Writing to the register: entries at its end, locked, on the disk before anybody is told, and whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::chain::{Head, How};
use super::entry::Draft;
use super::line::{self, LONGEST};
use super::read::Tail;

/// What became of bytes behind the last newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mended {
    /// A whole entry got its newline.
    Newline,
    /// The beginning of something lies in that file now.
    SetAside(PathBuf, u64),
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The machine failed; the register is as it was.
    #[error("{what}: {source}")]
    Machine {
        /// What could not be done.
        what: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The end of the register is not as it was written.
    #[error("the last entry fails")]
    Fails(How),
}

fn failed(what: &'static str) -> impl FnOnce(io::Error) -> AppendError {
    move |source| AppendError::Machine { what, source }
}

/// The register, open and locked against every other writer.
pub struct Writer {
    file: File,
    /// Where the last entry ends.
    end: u64,
    head: Head,
    /// What became of the bytes that stood behind the last newline, if there were any.
    pub mended: Option<Mended>,
}

impl Writer {
    /// Opens a register, or makes one, and waits until nobody else writes.
    ///
    /// Only its end is read: the last line must be whole and right. What lies behind the last newline was never acknowledged; it is set aside or, if it
    /// is a whole entry that follows, gets its newline.
    ///
    /// # Errors
    /// If the machine fails, or the end of the register is not as it was written.
    pub fn open(path: &Path) -> Result<Writer, AppendError> {
        let mut file = locked(path)?;
        let length = file.metadata().map_err(failed("cannot be read"))?.len();
        let end = End::read(&mut file, length).map_err(failed("cannot be read"))?;
        let head = end.head().map_err(AppendError::Fails)?;
        let mut writer = Writer { file, end: end.lines, head, mended: None };
        match Tail::of(&end.tail) {
            _ if end.tail.is_empty() => {}
            // the end of a whole entry is another byte: no write leaves that behind
            Tail::OtherEnd => return Err(AppendError::Fails(How::Newline)),
            Tail::Whole => {
                writer.head = end.whole_tail(&writer.head).map_err(AppendError::Fails)?;
                writer.end = length;
                writer.write(b"\n")?;
                writer.mended = Some(Mended::Newline);
            }
            // what never held an entry is a file of somebody's, and stays as it is
            Tail::Torn if end.lines == 0 && !line::is_torn(&end.tail) => return Err(AppendError::Fails(How::Form)),
            Tail::Torn => {
                writer.mended = Some(set_aside(path, &mut writer.file, end.lines, length)?);
            }
        }
        if length == 0 {
            // the file may be new: its name has to be on the disk before what it holds
            sync_folder(path).map_err(failed("cannot be written"))?;
        }
        Ok(writer)
    }

    /// Appends entries. When this returns they are on the disk; each with its incident's number and its hash.
    ///
    /// # Errors
    /// If the machine fails; the register then ends as it did before.
    pub fn append(&mut self, drafts: &[Draft]) -> Result<Vec<(String, String)>, AppendError> {
        let mut text = String::new();
        let mut entries = Vec::with_capacity(drafts.len());
        let mut head = self.head.clone();
        for draft in drafts {
            let line = draft.line(head.entries + 1, &head.hash);
            let hash = line::hashes(line.as_bytes()).map(|(hash, _)| hash.to_owned()).unwrap_or_default();
            head = Head { entries: head.entries + 1, hash: hash.clone() };
            entries.push((draft.id().to_owned(), hash));
            text.push_str(&line);
        }
        self.write(text.as_bytes())?;
        self.head = head;
        Ok(entries)
    }

    /// Writes at the end and brings it to the disk; or leaves the file as long as it was.
    fn write(&mut self, bytes: &[u8]) -> Result<(), AppendError> {
        let Writer { file, end, .. } = self;
        let written = file.seek(SeekFrom::Start(*end)).and_then(|_| file.write_all(bytes)).and_then(|()| file.sync_all());
        if written.is_err() {
            // what cannot be taken back is a torn end, which the next writer sets aside
            let _ = file.set_len(*end).and_then(|()| file.sync_all());
        }
        written.map_err(failed("cannot be written"))?;
        *end += bytes.len() as u64;
        Ok(())
    }
}

/// The register, opened, made if need be, and locked against every other writer.
fn locked(path: &Path) -> Result<File, AppendError> {
    loop {
        if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
            return Err(failed("cannot be written")(io::Error::other("not a file")));
        }
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed("cannot be opened for writing"))?;
        file.lock().map_err(failed("cannot be locked"))?;
        // somebody may have put another file in its place while this one waited
        if is_still_there(&file, path) {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |m: fs::Metadata| (m.dev(), m.ino());
    matches!((file.metadata().map(id), fs::metadata(path).map(id)), (Ok(here), Ok(there)) if here == there)
}

#[cfg(not(unix))]
fn is_still_there(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The end of a register.
struct End {
    /// The last whole lines, as far as they were read.
    last: Vec<u8>,
    /// Where the whole lines end.
    lines: u64,
    /// The bytes behind the last newline; of very many only the first, which are too many for an entry.
    tail: Vec<u8>,
}

impl End {
    /// Reads back from the end as far as is needed to see the last whole line, which has a longest length.
    fn read(file: &mut File, length: u64) -> io::Result<End> {
        let lines = last_newline(file, length)?.map_or(0, |at| at + 1);
        let span = LONGEST as u64 + 2;
        let last = read_at(file, lines.saturating_sub(span), span.min(lines))?;
        let tail = read_at(file, lines, span.min(length - lines))?;
        Ok(End { last, lines, tail })
    }

    /// The end of the chain, by the last whole line; the line before it stands surety where it is in sight.
    fn head(&self) -> Result<Head, How> {
        let Some((newline, before)) = self.last.split_last() else { return Ok(Head::default()) };
        debug_assert_eq!(*newline, b'\n');
        let start = before.iter().rposition(|b| *b == b'\n').map(|i| i + 1);
        let line = match start {
            Some(start) => &self.last[start..],
            // the whole register is one line
            None if self.lines == self.last.len() as u64 => &self.last,
            None => return Err(How::Long),
        };
        let link = line::read(line).map_err(How::from)?;
        let before = match start {
            None => Head::default(),
            Some(start) => {
                let before = &self.last[..start - 1];
                let begin = before.iter().rposition(|b| *b == b'\n').map(|i| i + 1);
                // out of sight, its hash is taken on trust
                let hash = match begin.or((self.lines == self.last.len() as u64).then_some(0)) {
                    Some(begin) => line::hashes(&before[begin..]).ok_or(How::Form)?.0,
                    None => link.prev,
                };
                Head { entries: link.sequence.saturating_sub(1), hash: hash.to_owned() }
            }
        };
        before.follows(&link)?;
        Ok(Head { entries: link.sequence, hash: link.hash.to_owned() })
    }

    /// The end of the chain where the tail is a whole entry.
    fn whole_tail(&self, head: &Head) -> Result<Head, How> {
        let line = [self.tail.as_slice(), b"\n"].concat();
        let link = line::read(&line).map_err(How::from)?;
        head.follows(&link)?;
        Ok(Head { entries: link.sequence, hash: link.hash.to_owned() })
    }
}

/// Where the last newline is.
fn last_newline(file: &mut File, length: u64) -> io::Result<Option<u64>> {
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(1 << 16);
        let piece = read_at(file, start, end - start)?;
        if let Some(at) = piece.iter().rposition(|b| *b == b'\n') {
            return Ok(Some(start + at as u64));
        }
        end = start;
    }
    Ok(None)
}

fn read_at(file: &mut File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Moves what lies behind the last newline to a file of its own beside the register, never over another.
fn set_aside(path: &Path, file: &mut File, from: u64, length: u64) -> Result<Mended, AppendError> {
    let cannot = || failed("cannot set its torn end aside");
    let (mut aside, name) = new_beside(path).map_err(cannot())?;
    let copied = file.seek(SeekFrom::Start(from)).and_then(|_| io::copy(&mut Read::take(&mut *file, length - from), &mut aside));
    let kept = copied.and_then(|_| aside.sync_all()).and_then(|()| sync_folder(&name));
    if let Err(e) = kept {
        // half a copy helps nobody, and the bytes are still where they were
        let _ = fs::remove_file(&name);
        return Err(cannot()(e));
    }
    file.set_len(from).and_then(|()| file.sync_all()).map_err(cannot())?;
    Ok(Mended::SetAside(name, length - from))
}

fn new_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut n = 1_u64;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".torn-{n}"));
        let name = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&name) {
            Ok(file) => return Ok((file, name)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => n += 1,
            Err(e) => return Err(e),
        }
    }
}

/// Brings the name of a file to the disk; where it is reached by a link, in the folder of the file itself.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    match File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all() {
        // some file systems have nothing to sync in a folder, and say so
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Elsewhere a folder cannot be synced, and need not be.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
