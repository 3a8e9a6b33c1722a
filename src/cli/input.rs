//! Inputs: files, folders, standard input; each gives its incidents one after another.

use std::fs;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};

use breach::desk::Desk;
use breach::diag::{Code, Finding};
use breach::incident::Incident;
use breach::incident::read::{self, LARGEST_FILE, Syntax};
use clap::ValueEnum;

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
        let read = self.bytes.as_ref().map_err(|f| vec![f.clone()]).and_then(|bytes| desk.read(bytes, self.syntax));
        read.map_err(|mut findings| {
            for place in findings.iter_mut().filter_map(|f| f.place.as_mut()) {
                place.line += self.line.map_or(0, |line| line - 1);
            }
            findings
        })
    }

    /// Shows on standard error what is wrong, with the lines.
    pub fn complain(&self, findings: &[Finding]) {
        let text = self.bytes.as_ref().ok().map(|b| String::from_utf8_lossy(b).into_owned());
        let text = text.as_deref().map(|t| t.strip_prefix('\u{feff}').unwrap_or(t));
        emit::findings(self.file(), text, findings);
    }
}

/// What an input that is no incident does to the exit code.
pub fn refusal(findings: &[Finding]) -> Exit {
    if findings.iter().any(|f| f.code == Code::Unreadable) { Exit::Machine } else { Exit::Invalid }
}

/// Files that a folder's walk leaves alone: settings and the register.
const NOT_INCIDENTS: [&str; 2] = ["breach.toml", "register.jsonl"];

/// Gives every incident of the inputs, in order.
///
/// # Errors
/// A usage error where there is nothing to read.
pub fn each(args: &InputArgs, mut take: impl FnMut(Item) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let InputArgs { paths, input_format: form } = args;
    let form = *form;
    if paths.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Usage("no incident given: name a file or a folder, or pipe one in (see --help)".into()).into());
        }
        return standard(form, &mut take);
    }
    for path in paths {
        if path.as_os_str() == "-" {
            standard(form, &mut take)?;
        } else if path.is_dir() {
            folder(path, &mut take)?;
        } else {
            file(path, &mut take)?;
        }
    }
    Ok(())
}

fn standard(form: Form, take: &mut impl FnMut(Item) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let syntax = if form == Form::Toml { Syntax::Toml } else { Syntax::Json };
    if form == Form::Jsonl {
        return lines("-", BufReader::new(io::stdin().lock()), take);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    take(Item { name: "-".into(), bytes: read.map(|_| bytes).map_err(|e| unreadable(&e)), syntax, line: None })
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

fn file(path: &Path, take: &mut impl FnMut(Item) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let name = path.display().to_string();
    if form_of(path) == Some(Form::Jsonl) {
        return match fs::File::open(path) {
            Ok(file) => lines(&name, BufReader::new(file), take),
            Err(e) => take(Item { name, bytes: Err(unreadable(&e)), syntax: Syntax::Json, line: None }),
        };
    }
    let bytes = read_file(path);
    let syntax = match form_of(path) {
        Some(Form::Toml) => Syntax::Toml,
        Some(_) => Syntax::Json,
        // a file of another name is what it looks like
        None if bytes.as_ref().is_ok_and(|b| b.iter().find(|c| !c.is_ascii_whitespace()) == Some(&b'{')) => Syntax::Json,
        None => Syntax::Toml,
    };
    take(Item { name, bytes, syntax, line: None })
}

fn folder(path: &Path, take: &mut impl FnMut(Item) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut found = Vec::new();
    walk(path, &mut found);
    found.sort_by(|a, b| a.0.as_os_str().as_encoded_bytes().cmp(b.0.as_os_str().as_encoded_bytes()));
    for (path, unread) in found {
        if let Some(e) = unread {
            take(Item { name: path.display().to_string(), bytes: Err(unreadable(&e)), syntax: Syntax::Toml, line: None })?;
            continue;
        }
        if form_of(&path) != Some(Form::Jsonl) {
            let syntax = if form_of(&path) == Some(Form::Toml) { Syntax::Toml } else { Syntax::Json };
            if read_file(&path).is_ok_and(|bytes| !read::is_incident(&bytes, syntax)) {
                say(&format!("note: {} skipped: it has no `format`, so it is no incident", shown(&path)));
                continue;
            }
        }
        file(&path, take)?;
    }
    Ok(())
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
fn lines(name: &str, mut from: impl BufRead, take: &mut impl FnMut(Item) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut number = 0;
    loop {
        number += 1;
        let mut line = Vec::new();
        let item = |bytes| Item { name: format!("{name}:{number}"), bytes, syntax: Syntax::Json, line: Some(number) };
        match from.by_ref().take(LONGEST_LINE + 2).read_until(b'\n', &mut line) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) => return take(item(Err(unreadable(&e)))),
        }
        let ended = line.last() == Some(&b'\n');
        if ended {
            line.pop();
        }
        if line.len() as u64 > LONGEST_LINE {
            if !ended {
                skip_line(&mut from)?;
            }
            take(item(Err(too_long())))?;
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            take(item(Ok(line)))?;
        }
    }
}

/// A line longer than any may be.
pub fn too_long() -> Finding {
    Finding::new(Code::TooLarge, format!("longer than {} MiB, the most a line may have", LONGEST_LINE >> 20))
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
