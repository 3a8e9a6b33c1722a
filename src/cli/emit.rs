//! Output: to standard output or, whole or not at all, to a file; diagnostics to standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use anyhow::Context;
use breach::diag::Finding;
use breach::render::text::inert;
use breach::tables::TableError;

use super::input::is_register;
use super::{Colour, Exit, OutArgs};

/// Where a command's results go.
pub enum Out<'a> {
    /// Standard output.
    Standard(BufWriter<io::StdoutLock<'static>>),
    /// A file beside its place, moved there at the end; the place, and what the user called it.
    File(BufWriter<tempfile::NamedTempFile>, PathBuf, &'a Path),
    /// A device or a pipe.
    Device(BufWriter<std::fs::File>, &'a Path),
}

impl<'a> Out<'a> {
    /// Opens the place that was asked for.
    ///
    /// A link is followed, and what it points to replaced. A device or a pipe is written to as it is: nothing can take its place.
    pub fn open(args: &'a OutArgs) -> anyhow::Result<Out<'a>> {
        let Some(path) = &args.output else { return Ok(Out::Standard(BufWriter::new(io::stdout().lock()))) };
        let cannot = || format!("cannot write {}", shown(path));
        if std::fs::metadata(path).is_ok_and(|m| !m.is_file()) {
            let file = std::fs::OpenOptions::new().write(true).open(path).with_context(cannot)?;
            return Ok(Out::Device(BufWriter::new(file), path));
        }
        let target = followed(path).with_context(cannot)?;
        if is_register(&target) {
            return Err(Usage(format!("{} is a register, which nothing may take the place of; name another file", shown(path))).into());
        }
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::metadata(folder).with_context(cannot)?;
        let beside = new_file().tempfile_in(folder).map_err(nameless).with_context(cannot)?;
        Ok(Out::File(BufWriter::new(beside), target, path))
    }

    /// Writes some of the result.
    pub fn write(&mut self, text: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let bytes = text.as_ref();
        match self {
            Out::Standard(out) => out.write_all(bytes).context("cannot write to standard output"),
            Out::File(out, _, path) => out.write_all(bytes).map_err(nameless).with_context(|| format!("cannot write {}", shown(path))),
            Out::Device(out, path) => out.write_all(bytes).with_context(|| format!("cannot write {}", shown(path))),
        }
    }

    /// Whether it goes to a terminal.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Out::Standard(_)) && io::stdout().is_terminal()
    }

    /// Ends the output; a file takes its place only where `keep` says so.
    pub fn finish(self, keep: bool) -> anyhow::Result<()> {
        match self {
            Out::Standard(mut out) => out.flush().context("cannot write to standard output"),
            Out::Device(mut out, path) => out.flush().with_context(|| format!("cannot write {}", shown(path))),
            Out::File(out, target, path) if keep => {
                let cannot = || format!("cannot write {}", shown(path));
                let file = out.into_inner().map_err(|e| nameless(e.into_error())).with_context(cannot)?;
                keep_rights(&file, &target);
                file.as_file().sync_all().with_context(cannot)?;
                file.persist(&target).map_err(|e| nameless(e.error)).with_context(cannot)?;
                Ok(())
            }
            Out::File(..) => Ok(()),
        }
    }
}

/// The error without the name of the file beside, which is made up: no message may hold it.
fn nameless(e: io::Error) -> io::Error {
    e.raw_os_error().map_or_else(|| e.kind().into(), io::Error::from_raw_os_error)
}

/// Where a path leads in the end, also where the last of its links points to what is not there yet.
///
/// # Errors
/// If it leads round in a circle.
fn followed(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::canonicalize(&path) {
            Ok(target) => return Ok(target),
            Err(_) => match std::fs::read_link(&path) {
                Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
                Err(_) => return Ok(path),
            },
        }
    }
    Err(io::Error::other("too many links"))
}

/// A file beside its place, with the rights that any new file of the user's has.
fn new_file() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".breach-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // less what the user's mask takes away
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

/// Gives the file the rights of the one whose place it takes.
fn keep_rights(file: &tempfile::NamedTempFile, place: &Path) {
    if let Ok(old) = std::fs::metadata(place) {
        // rights are a courtesy: without them the result is still there
        let _ = file.as_file().set_permissions(old.permissions());
    }
}

/// Whether text gets colours.
pub fn colour(args: &OutArgs) -> bool {
    match args.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => args.output.is_none() && on_terminal(&io::stdout()),
    }
}

/// Whether a stream is a terminal whose user has not said no to colours.
pub fn on_terminal<S: anstream::stream::RawStream + IsTerminal>(stream: &S) -> bool {
    IsTerminal::is_terminal(stream) && anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// A path as it may be shown.
pub fn shown(path: &Path) -> String {
    on_one_line(&path.display().to_string())
}

/// What holds names of the user's, which may have whole lines in them, as it may be shown.
fn on_one_line(text: &str) -> String {
    inert(text).replace('\n', "\u{fffd}")
}

/// One line to standard error.
#[allow(clippy::print_stderr)]
pub fn say(line: &str) {
    // somebody who closed standard error does not want to hear it
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Lines that are already written, to standard error.
#[allow(clippy::print_stderr)]
pub fn diagnostics(lines: &str) {
    let _ = io::stderr().lock().write_all(lines.as_bytes());
}

/// Shows findings with the lines they stand on.
pub fn findings(name: &str, text: Option<&str>, findings: &[Finding]) {
    diagnostics(&written(name, text, findings));
}

/// Findings with the lines they stand on, as they are shown.
pub fn written(name: &str, text: Option<&str>, findings: &[Finding]) -> String {
    let name = shown(Path::new(name));
    let coloured = on_terminal(&io::stderr());
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    let mut all = String::new();
    for finding in findings {
        let message = inert(&finding.message);
        let title = Level::ERROR.primary_title(message.as_str()).id(finding.code.id());
        let printed = match (text, &finding.span, finding.place) {
            (Some(text), Some(span), Some(place)) => {
                let (line, start) = line_at(text, span.start);
                let (shown, from, to) = piece(line, span.start.saturating_sub(start), span.end.saturating_sub(start));
                let column = shown[..from].chars().count() + 1;
                let snippet = Snippet::source(shown).line_start(place.line).path(name.as_str()).annotation(AnnotationKind::Primary.span(from..to));
                let printed = renderer.render(&[title.element(snippet)]);
                // of a long line a piece is shown, and columns are those of the line
                let at = |column: usize| format!("{name}:{}:{column}", place.line);
                printed.replacen(&at(column), &at(place.column), 1)
            }
            (_, _, Some(place)) => renderer.render(&[title.element(Origin::path(name.as_str()).line(place.line).char_column(place.column))]),
            _ => renderer.render(&[title.element(Origin::path(name.as_str()))]),
        };
        all += &printed;
        all.push('\n');
    }
    all
}

/// The line that a byte stands on, and where it starts.
fn line_at(text: &str, offset: usize) -> (&str, usize) {
    let start = text[..boundary(text, offset)].rfind('\n').map_or(0, |n| n + 1);
    let line = text[start..].split('\n').next().unwrap_or_default();
    (line.trim_end_matches('\r'), start)
}

/// The longest piece of a line that is shown, in characters.
const LONGEST: usize = 160;

/// What is shown of a line, around what it is about: cut first, since a line may be as long as its file. The bytes are those of the piece.
fn piece(line: &str, from: usize, to: usize) -> (String, usize, usize) {
    let from = boundary(line, from);
    let to = boundary(line, to).max(from);
    let before = if line.chars().nth(LONGEST).is_none() { line.len() } else { LONGEST / 4 };
    let start = line[..from].char_indices().rev().take(before).last().map_or(from, |(i, _)| i);
    let end = line[start..].char_indices().nth(LONGEST).map_or(line.len(), |(i, _)| start + i);
    // at least the character that it begins with
    let to = if to == from { from + line[from..].chars().next().map_or(0, char::len_utf8) } else { to.min(end) };
    let shown = |piece: &str| inert(&piece.replace('\t', " "));
    let (before, about, after) = (shown(&line[start..from]), shown(&line[from..to]), shown(&line[to..end.max(to)]));
    (format!("{before}{about}{after}"), before.len(), before.len() + about.len())
}

/// The byte, or the one before it at which a character begins.
fn boundary(line: &str, mut at: usize) -> usize {
    at = at.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Says why a command failed; what to do about it is its exit code.
pub fn failed(error: &anyhow::Error) -> Exit {
    if let Some(io) = error.chain().find_map(|e| e.downcast_ref::<io::Error>())
        && io.kind() == io::ErrorKind::BrokenPipe
    {
        return Exit::Done;
    }
    if let Some(table) = error.downcast_ref::<TableError>() {
        say(&format!("error: {}", on_one_line(&table.to_string())));
        return match table {
            TableError::Unknown { .. } => Exit::Invalid,
            TableError::Unreadable { .. } => Exit::Machine,
            TableError::Bad { name, text, findings: all, .. } => {
                findings(name, Some(text), all);
                Exit::Invalid
            }
        };
    }
    if error.downcast_ref::<Usage>().is_some() {
        say(&format!("error: {}", on_one_line(&error.to_string())));
        return Exit::Invalid;
    }
    say(&format!("error: {}", on_one_line(&format!("{error:#}"))));
    Exit::Machine
}

/// A command line that asks for what cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);
