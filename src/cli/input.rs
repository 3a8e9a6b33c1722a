//! Inputs: files, folders, standard input; each gives its incidents one after another.

use std::fs;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};

use breach::desk::Desk;
use breach::diag::{Code, Finding, Place};
use breach::incident::Incident;
use breach::incident::read::{self, About, LARGEST_FILE, Syntax};
use breach::register::line;
use clap::ValueEnum;
use memchr::memchr;

use super::emit::{self, Usage, say, shown};
use super::{Exit, InputArgs};

/// The form of standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// One incident in TOML
    Toml,
    /// One incident in JSON
    Json,
    /// JSON Lines: one incident a line
    Jsonl,
}

/// The longest line of JSON Lines, or of vectors, in bytes.
pub const LONGEST_LINE: u64 = 1024 * 1024;

/// How much of a file of lines is read at once, in bytes.
const READ_AT_ONCE: usize = 64 * 1024;

/// One incident's bytes, or why they could not be had.
pub struct Item {
    /// The path as given, `-`, or `file:line`.
    pub name: String,
    /// The bytes and their form.
    pub bytes: Result<Vec<u8>, Finding>,
    /// How they are written.
    pub syntax: Syntax,
    /// The line of the file that they stand on, for JSON Lines.
    pub line: Option<usize>,
}

impl Item {
    /// The file's own name, without the line.
    pub fn file(&self) -> &str {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        self.name.strip_suffix(&line).unwrap_or(&self.name)
    }

    /// The incident, or everything that is wrong with it. The lines are those of the file, not of the line in hand.
    ///
    /// # Errors
    /// Every problem of the bytes, or why there are none.
    pub fn read(&self, desk: &Desk) -> Result<Incident, Vec<Finding>> {
        self.read_about(About::Breach, desk)
    }

    /// The same, of a breach or of what was found not to be one.
    ///
    /// # Errors
    /// Every problem of the bytes, or why there are none.
    pub fn read_about(&self, about: About, desk: &Desk) -> Result<Incident, Vec<Finding>> {
        let read = self.bytes.as_ref().map_err(|f| vec![f.clone()]).and_then(|bytes| desk.read_about(about, bytes, self.syntax));
        read.map_err(|mut findings| {
            for place in findings.iter_mut().filter_map(|f| f.place.as_mut()) {
                place.line += self.line.map_or(0, |line| line - 1);
            }
            findings
        })
    }

    /// Whether a file that a walk found is not meant as an incident.
    pub fn is_no_incident(&self) -> bool {
        self.line.is_none() && self.bytes.as_ref().is_ok_and(|bytes| !read::is_incident(bytes, self.syntax))
    }

    /// Shows on standard error what is wrong, with the lines.
    pub fn complain(&self, findings: &[Finding]) {
        emit::diagnostics(&self.complaint(findings));
    }

    /// What is wrong, with the lines.
    pub fn complaint(&self, findings: &[Finding]) -> String {
        let text = self.bytes.as_ref().ok().map(|b| String::from_utf8_lossy(b));
        let text = text.as_deref().map(|t| t.strip_prefix('\u{feff}').unwrap_or(t));
        emit::written(self.file(), text, findings)
    }
}

/// What an input that is no incident does to the exit code.
pub fn refusal(findings: &[Finding]) -> Exit {
    if findings.iter().any(|f| f.code == Code::Unreadable) { Exit::Machine } else { Exit::Invalid }
}

/// Files that a folder's walk leaves alone: settings and the register.
const NOT_INCIDENTS: [&str; 2] = ["breach.toml", "register.jsonl"];

/// An input to come: files are not read before it is their turn.
pub enum Source {
    /// An incident at hand.
    Item(Item),
    /// A file that was named.
    Named(PathBuf),
    /// A file that a folder's walk found, which may be no incident at all.
    Found(PathBuf),
}

impl Source {
    /// The bytes of it, or why they could not be had.
    pub fn open(self) -> Item {
        match self {
            Source::Item(item) => item,
            Source::Named(path) | Source::Found(path) => file(&path),
        }
    }

    /// How many bytes it has in memory.
    pub fn size(&self) -> usize {
        match self {
            Source::Item(Item { bytes: Ok(bytes), .. }) => bytes.len(),
            _ => 0,
        }
    }
}

/// Says of a file of a folder why it was left alone.
pub fn no_incident(name: &str) -> String {
    format!("note: {} skipped: it has no `format`, so it is no incident", shown(Path::new(name)))
}

/// The files that results go to, which are no inputs: what is written would be read again, and never end.
#[derive(Default)]
pub struct Results {
    standard: Option<Identity>,
    named: Option<Identity>,
}

/// What tells a file from every other, whatever its name.
type Identity = (u64, u64);

impl Results {
    /// Those of a command: its standard output, and the file that it was told to write.
    pub fn of(output: Option<&Path>) -> Results {
        Results { standard: open_file(io::stdout()), named: output.and_then(|path| identity(&fs::metadata(path).ok()?)) }
    }

    fn is_standard(&self, path: &Path) -> bool {
        self.standard.is_some() && self.standard == fs::metadata(path).ok().and_then(|m| identity(&m))
    }

    fn is_any(&self, path: &Path) -> bool {
        let known = [self.standard, self.named];
        known != [None, None] && fs::metadata(path).ok().and_then(|m| identity(&m)).is_some_and(|id| known.contains(&Some(id)))
    }
}

/// The file that a standard stream leads to.
#[cfg(unix)]
fn open_file(stream: impl std::os::fd::AsFd) -> Option<Identity> {
    identity(&fs::File::from(stream.as_fd().try_clone_to_owned().ok()?).metadata().ok()?)
}

#[cfg(unix)]
fn identity(file: &fs::Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    file.is_file().then(|| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn open_file<S>(_: S) -> Option<Identity> {
    None
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<Identity> {
    None
}

/// Gives every incident of the inputs, in order.
///
/// # Errors
/// A usage error where there is nothing to read.
pub fn each(args: &InputArgs, mut take: impl FnMut(Item) -> anyhow::Result<()>) -> anyhow::Result<()> {
    for source in sources(args, Results::of(None))? {
        let found = matches!(source, Source::Found(_));
        let item = source.open();
        if found && item.is_no_incident() {
            say(&no_incident(&item.name));
        } else {
            take(item)?;
        }
    }
    Ok(())
}

/// Every input, in order.
///
/// # Errors
/// A usage error where there is nothing to read, or where results would be read.
pub fn sources(args: &InputArgs, results: Results) -> anyhow::Result<Box<dyn Iterator<Item = Source> + '_>> {
    let InputArgs { paths, input_format: form } = args;
    let from_standard = paths.is_empty() || paths.iter().any(|path| path.as_os_str() == "-");
    if from_standard && results.standard.is_some() && results.standard == open_file(io::stdin()) {
        return Err(Usage("standard input is the file that the results go to; name another".into()).into());
    }
    if paths.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Usage("no incident given: name a file or a folder, or pipe one in (see --help)".into()).into());
        }
        return Ok(standard(*form));
    }
    if let Some(path) = paths.iter().find(|path| results.is_standard(path)) {
        return Err(Usage(format!("{} is an input, and the results go to it; name another file", shown(path))).into());
    }
    Ok(Box::new(paths.iter().flat_map(move |path| match path {
        path if path.as_os_str() == "-" => standard(*form),
        path if path.is_dir() => folder(path, &results),
        path => named(path, Source::Named),
    })))
}

fn standard(form: Form) -> Box<dyn Iterator<Item = Source>> {
    let syntax = if form == Form::Toml { Syntax::Toml } else { Syntax::Json };
    if form == Form::Jsonl {
        return Box::new(Lines::new("-".into(), BufReader::new(io::stdin().lock())));
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    one(Item { name: "-".into(), bytes: read.map(|_| bytes).map_err(|e| unreadable(&e)), syntax, line: None })
}

fn one(item: Item) -> Box<dyn Iterator<Item = Source>> {
    Box::new(std::iter::once(Source::Item(item)))
}

fn unreadable(e: &io::Error) -> Finding {
    Finding::new(Code::Unreadable, format!("cannot be read: {e}"))
}

/// How a file is written, by its extension.
fn form_of(path: &Path) -> Option<Form> {
    match path.extension()?.to_str()? {
        "toml" => Some(Form::Toml),
        "json" => Some(Form::Json),
        "jsonl" | "ndjson" => Some(Form::Jsonl),
        _ => None,
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Finding> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|f| f.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|e| unreadable(&e))
}

/// The incidents of a file: of JSON Lines one a line, of any other the one that it is.
pub fn named(path: &Path, source: fn(PathBuf) -> Source) -> Box<dyn Iterator<Item = Source>> {
    if form_of(path) != Some(Form::Jsonl) {
        return Box::new(std::iter::once(source(path.to_owned())));
    }
    let name = path.display().to_string();
    match fs::File::open(path) {
        Ok(file) => Box::new(Lines::new(name, BufReader::with_capacity(READ_AT_ONCE, file))),
        Err(e) => one(Item { name, bytes: Err(unreadable(&e)), syntax: Syntax::Json, line: None }),
    }
}

fn file(path: &Path) -> Item {
    let bytes = read_file(path);
    let syntax = match form_of(path) {
        Some(Form::Toml) => Syntax::Toml,
        Some(_) => Syntax::Json,
        // a file of another name is what it looks like
        None if bytes.as_ref().is_ok_and(|b| b.iter().find(|c| !c.is_ascii_whitespace()) == Some(&b'{')) => Syntax::Json,
        None => Syntax::Toml,
    };
    Item { name: path.display().to_string(), bytes, syntax, line: None }
}

fn folder(path: &Path, results: &Results) -> Box<dyn Iterator<Item = Source>> {
    let mut found = Vec::new();
    walk(path, &mut found);
    found.sort_by(|a, b| a.0.as_os_str().as_encoded_bytes().cmp(b.0.as_os_str().as_encoded_bytes()));
    found.retain(|(path, _)| !results.is_any(path));
    found.retain(|(path, unread)| unread.is_some() || form_of(path) != Some(Form::Jsonl) || !is_register(path));
    Box::new(found.into_iter().flat_map(|(path, unread)| match unread {
        Some(e) => one(Item { name: path.display().to_string(), bytes: Err(unreadable(&e)), syntax: Syntax::Toml, line: None }),
        None => named(&path, Source::Found),
    }))
}

/// Whether a file begins as a register does, whatever its name.
pub fn is_register(path: &Path) -> bool {
    let mut begin = Vec::new();
    let read = fs::File::open(path).and_then(|f| f.take(256).read_to_end(&mut begin));
    read.is_ok() && line::begins(&begin)
}

/// Every file of a folder that may hold incidents, and every folder in it that cannot be read, with the reason.
fn walk(folder: &Path, found: &mut Vec<(PathBuf, Option<io::Error>)>) {
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(e) => return found.push((folder.to_owned(), Some(e))),
    };
    for entry in entries {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") || NOT_INCIDENTS.iter().any(|n| name == *n) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&entry.path(), found),
            Ok(kind) if kind.is_file() && form_of(&entry.path()).is_some() => found.push((entry.path(), None)),
            Ok(_) => {}
            Err(e) => found.push((entry.path(), Some(e))),
        }
    }
}

/// JSON Lines: blank lines are skipped but counted.
struct Lines<R> {
    name: String,
    from: R,
    number: usize,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    fn new(name: String, from: R) -> Self {
        Lines { name, from, number: 0, ended: false }
    }

    /// A line's bytes; `None` at the end, an empty line for one to skip.
    fn line(&mut self) -> io::Result<Option<Result<Vec<u8>, Finding>>> {
        let mut line = Vec::new();
        read_line(&mut self.from, LONGEST_LINE as usize + 2, &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        if line.len() as u64 <= LONGEST_LINE {
            return Ok(Some(Ok(line)));
        }
        if !ended {
            skip_line(&mut self.from)?;
        }
        // the place in the line, as of everything that is wrong with one
        Ok(Some(Err(Finding { place: Some(Place { line: 1, column: 1 }), ..too_long() })))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Source;

    fn next(&mut self) -> Option<Source> {
        while !self.ended {
            self.number += 1;
            let bytes = match self.line() {
                Ok(None) => return None,
                Ok(Some(Ok(line))) if line.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(Some(bytes)) => bytes,
                Err(e) => {
                    self.ended = true;
                    Err(unreadable(&e))
                }
            };
            let name = [&self.name, ":", &self.number.to_string()].concat();
            return Some(Source::Item(Item { name, bytes, syntax: Syntax::Json, line: Some(self.number) }));
        }
        None
    }
}

/// A line longer than any may be.
pub fn too_long() -> Finding {
    Finding::new(Code::TooLarge, format!("longer than {} MiB, the most a line may have", LONGEST_LINE >> 20))
}

/// Reads to the end of a line and with it, but no more than so many bytes; what `read_until` does, many times faster.
fn read_line(from: &mut impl BufRead, most: usize, line: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let buffer = match from.fill_buf() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        let buffer = &buffer[..buffer.len().min(most - line.len())];
        let end = memchr(b'\n', buffer);
        let used = end.map_or(buffer.len(), |i| i + 1);
        line.extend_from_slice(&buffer[..used]);
        from.consume(used);
        if end.is_some() || used == 0 {
            return Ok(());
        }
    }
}

/// Reads to the end of a line without keeping it.
pub fn skip_line(from: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let used = end.map_or(buffer.len(), |i| i + 1);
        from.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}
