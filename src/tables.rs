//! The tables: found by id among the built-in ones, or read from a user's own file; checked either way.

pub mod diff;
pub mod lint;
mod read;
pub(crate) mod ready;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::bounds::LARGEST_FILE;
use crate::country::Country;
use crate::diag::{Code, Finding};
use crate::form::Form;
use crate::method::Method;
use crate::practice::{Practice, PracticeTable};
use crate::regime::{OnShelf, Regime, RegimeTable, Status};
use crate::tree;
use read::Read;
use ready::Ready;

/// A path in a table and what is wrong there.
pub type Wrong = (String, String);

/// The kinds of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Method,
    Practice,
    Regime,
    Country,
    Form,
}

impl Kind {
    /// All of them, in the order in which a result rests on them.
    pub const ALL: [Kind; 5] = [Kind::Method, Kind::Practice, Kind::Regime, Kind::Country, Kind::Form];

    /// An id as files are named: a country's code is written in capitals elsewhere.
    pub fn id(self, id: &str) -> Cow<'_, str> {
        match self {
            Kind::Country => id.trim().to_ascii_lowercase().into(),
            _ => id.into(),
        }
    }

    /// The folder that holds them.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Method => "methods",
            Kind::Practice => "practices",
            Kind::Regime => "regimes",
            Kind::Country => "countries",
            Kind::Form => "forms",
        }
    }

    /// One of them, in words.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Method => "method",
            Kind::Practice => "practice",
            Kind::Regime => "regime",
            Kind::Country => "country",
            Kind::Form => "form",
        }
    }
}

/// What a result says about a table it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ref {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The digest of its file; where it builds on another, of that one's digest and its own bytes.
    pub sha256: String,
}

/// A table with its reference.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The table.
    pub table: T,
    /// What results say about it.
    pub reference: Ref,
}

/// Why a table could not be had.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Neither built in nor in the user's folder.
    #[error("{}", no_such(kind, id, known))]
    Unknown {
        /// The kind of table.
        kind: &'static str,
        /// The id that was asked for.
        id: String,
        /// The ids there are.
        known: Vec<String>,
    },
    /// A file that cannot be read: the machine's fault.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that does not hold together.
    #[error("{name} is no {kind} that can be used")]
    Bad {
        /// The file, or the id of a built-in one.
        name: String,
        /// The kind of table.
        kind: &'static str,
        /// Its text, for the diagnostics.
        text: String,
        /// Everything that is wrong.
        findings: Vec<Finding>,
    },
}

/// Where tables come from: the built-in ones, and a folder laid over them.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    own: Vec<Own>,
}

/// A table of the user's own.
#[derive(Clone, Debug)]
struct Own {
    kind: Kind,
    id: String,
    /// What messages call it: its path, where it came from a file.
    name: String,
    text: String,
}

/// Digest of bytes, in hex.
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        hex.push(DIGITS[usize::from(byte >> 4)]);
        hex.push(DIGITS[usize::from(byte & 15)]);
    }
    hex
}

/// Digest of the text of a table, which is known of the built-in ones.
fn digest(text: &str) -> String {
    Ready::of(text).map_or_else(|| sha256(&[text.as_bytes()]), |ready| ready.sha256.to_owned())
}

impl Tables {
    /// The built-in tables with the files of a folder over them: `methods/`, `practices/`, `regimes/`, `countries/`, `forms/`.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be read.
    pub fn with(folder: &Path) -> Result<Tables, TableError> {
        let unreadable = |path: &Path, source| TableError::Unreadable { path: path.display().to_string(), source };
        let mut own = Vec::new();
        // a folder that is not there is a mistake, not an empty one
        std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
        for kind in Kind::ALL {
            let inner = folder.join(kind.folder());
            if !inner.is_dir() {
                continue;
            }
            let entries = std::fs::read_dir(&inner).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|e| unreadable(&inner, e))?;
            let mut paths: Vec<_> = entries.into_iter().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
            paths.sort();
            for path in paths {
                let text = read_text(&path, kind)?;
                let id = path.file_stem().unwrap_or_default().to_string_lossy();
                own.push(Own { kind, id: kind.id(&id).into_owned(), name: path.display().to_string(), text });
            }
        }
        Ok(Tables { own })
    }

    /// The same with a table in the place of the one of that id, or beside the others.
    pub fn and(mut self, kind: Kind, id: &str, text: String) -> Tables {
        self.own.insert(0, Own { kind, id: kind.id(id).into_owned(), name: file_name(kind, id), text });
        self
    }

    /// Whether a table is the user's own.
    pub fn is_own(&self, kind: Kind, id: &str) -> bool {
        self.own(kind, id).is_some()
    }

    fn own(&self, kind: Kind, id: &str) -> Option<&Own> {
        let id = kind.id(id);
        self.own.iter().find(|own| own.kind == kind && own.id == id)
    }

    /// What messages call a table: the path of the user's own, of any other its name in a data folder.
    pub fn name(&self, kind: Kind, id: &str) -> String {
        self.own(kind, id).map_or_else(|| file_name(kind, id), |own| own.name.clone())
    }

    /// Whether a choice is a table that came with the program.
    pub fn is_built_in(&self, kind: Kind, choice: &Choice) -> bool {
        matches!(choice, Choice::Id(id) if !self.is_own(kind, id))
    }

    /// A built-in regime, of which only the head is read.
    pub fn regime_head(&self, id: &str) -> Option<OnShelf> {
        OnShelf::built_in(id, built_in_text(Kind::Regime, id)?)
    }

    /// The ids of the built-in ones.
    pub fn built_in_ids(kind: Kind) -> impl Iterator<Item = &'static str> {
        ready::ids(kind.folder())
    }

    /// The ids there are.
    pub fn ids(&self, kind: Kind) -> Vec<String> {
        let built_in = Tables::built_in_ids(kind).map(str::to_owned);
        let own = self.own.iter().filter(|own| own.kind == kind).map(|own| own.id.clone());
        let mut ids: Vec<String> = built_in.chain(own).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The text of a table by its id.
    ///
    /// # Errors
    /// If there is none.
    pub fn text(&self, kind: Kind, id: &str) -> Result<&str, TableError> {
        let id = &*kind.id(id);
        let own = self.own(kind, id).map(|own| own.text.as_str());
        own.or_else(|| built_in_text(kind, id)).ok_or_else(|| TableError::Unknown { kind: kind.noun(), id: id.to_owned(), known: self.ids(kind) })
    }

    /// A method.
    ///
    /// # Errors
    /// If there is none, or it does not hold together.
    pub fn method(&self, choice: &Choice) -> Result<Loaded<Method>, TableError> {
        let (name, text) = self.chosen(Kind::Method, choice)?;
        method(&name, &text)
    }

    /// A practice, with what it builds on.
    ///
    /// # Errors
    /// If there is none, or it does not hold together.
    pub fn practice(&self, choice: &Choice, method: &Method) -> Result<Loaded<Practice>, TableError> {
        let (name, text) = self.chosen(Kind::Practice, choice)?;
        self.practice_on(&name, &text, method, &mut Vec::new())
    }

    fn practice_on(&self, name: &str, text: &str, method: &Method, seen: &mut Vec<String>) -> Result<Loaded<Practice>, TableError> {
        let read = read::table::<PracticeTable>(text);
        let (base, wrong) = match &read.table {
            Some(table) => self.base(table, method, seen)?,
            None => (None, Vec::new()),
        };
        let sha256 = match &base {
            Some(base) => sha256(&[base.reference.sha256.as_bytes(), b"\n", text.as_bytes()]),
            None => digest(text),
        };
        let table = built(Kind::Practice, name, text, read, |table| {
            // without its base, much of it would seem wrong that is not
            held(wrong).and_then(|()| Practice::build(table, base.map(|b| b.table), method))
        })?;
        let reference = Ref { id: table.table.id.clone(), version: table.table.version.clone(), sha256 };
        Ok(Loaded { table, reference })
    }

    /// The practice that one builds on, or why it cannot.
    fn base(&self, table: &PracticeTable, method: &Method, seen: &mut Vec<String>) -> Result<(Option<Loaded<Practice>>, Vec<Wrong>), TableError> {
        seen.push(table.id.clone());
        let Some(base) = &table.builds_on else { return Ok((None, Vec::new())) };
        let wrong = |said| Ok((None, vec![("builds_on".to_owned(), said)]));
        if seen.contains(base) {
            return wrong(format!("builds on itself: {} -> {base}; let one of them build on another, or on none", seen.join(" -> ")));
        }
        match self.text(Kind::Practice, base) {
            Ok(text) => Ok((Some(self.practice_on(&self.name(Kind::Practice, base), text, method, seen)?), Vec::new())),
            Err(_) => wrong(no_such(Kind::Practice.noun(), base, &self.ids(Kind::Practice))),
        }
    }

    /// A regime.
    ///
    /// # Errors
    /// If there is none, or it does not hold together.
    pub fn regime(&self, choice: &Choice, method: &Method) -> Result<Loaded<Regime>, TableError> {
        let (name, text) = self.chosen(Kind::Regime, choice)?;
        regime(&name, &text, method)
    }

    /// A country by its code, in either case; `None` if it has no table.
    ///
    /// # Errors
    /// If its table does not hold together.
    pub fn country(&self, code: &str) -> Result<Option<Loaded<Country>>, TableError> {
        self.text(Kind::Country, code).ok().map(|text| country(&self.name(Kind::Country, code), text)).transpose()
    }

    /// A form.
    ///
    /// # Errors
    /// If there is none, or it does not hold together.
    pub fn form(&self, choice: &Choice) -> Result<Loaded<Form>, TableError> {
        let (name, text) = self.chosen(Kind::Form, choice)?;
        form(&name, &text)
    }

    /// A table of any kind from its text; `name` is what messages call it, `method` what its conditions are checked against.
    ///
    /// # Errors
    /// If it does not hold together.
    pub fn load(&self, kind: Kind, name: &str, text: &str, with: &Method) -> Result<Table, TableError> {
        Ok(match kind {
            Kind::Method => Table::Method(method(name, text)?),
            Kind::Practice => Table::Practice(self.practice_on(name, text, with, &mut Vec::new())?),
            Kind::Regime => Table::Regime(regime(name, text, with)?),
            Kind::Country => Table::Country(country(name, text)?),
            Kind::Form => Table::Form(form(name, text)?),
        })
    }

    /// The name and the text of a table.
    ///
    /// # Errors
    /// If there is none.
    pub fn chosen(&self, kind: Kind, choice: &Choice) -> Result<(String, Cow<'_, str>), TableError> {
        match choice {
            Choice::Id(id) => Ok((self.name(kind, id), self.text(kind, id)?.into())),
            Choice::File(path) => Ok((path.display().to_string(), read_text(path, kind)?.into())),
        }
    }
}

/// Reads the file of a table.
fn read_text(path: &Path, kind: Kind) -> Result<String, TableError> {
    let name = path.display().to_string();
    match text_of(path) {
        Ok(Some(text)) => Ok(text),
        // a file that is there but no text is the file's fault, not the machine's
        Ok(None) => {
            let findings = vec![Finding::new(Code::Encoding, NOT_UTF8)];
            Err(TableError::Bad { name, kind: kind.noun(), text: String::new(), findings })
        }
        Err(source) => Err(TableError::Unreadable { path: name, source }),
    }
}

/// The text of a file, if it is one. Of a file larger than any may be it is as much as shows that.
pub(crate) fn text_of(path: &Path) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    let cut = bytes.len() as u64 > LARGEST_FILE;
    // the cut may go through a letter
    Ok(if cut { Some(String::from_utf8_lossy(&bytes).into_owned()) } else { String::from_utf8(bytes).ok() })
}

/// Of a file in another encoding.
pub(crate) const NOT_UTF8: &str = "not UTF-8; save the file in that encoding";

fn method(name: &str, text: &str) -> Result<Loaded<Method>, TableError> {
    let table: Method = built(Kind::Method, name, text, read::table(text), |table: Method| held(table.check()).map(|()| table))?;
    let reference = Ref { id: table.id.clone(), version: table.version.clone(), sha256: digest(text) };
    Ok(Loaded { table, reference })
}

fn regime(name: &str, text: &str, method: &Method) -> Result<Loaded<Regime>, TableError> {
    let table = built(Kind::Regime, name, text, read::table::<RegimeTable>(text), |table| Regime::build(table, method))?;
    let reference = Ref { id: table.table.id.clone(), version: table.table.version.clone(), sha256: digest(text) };
    Ok(Loaded { table, reference })
}

fn built_in_text(kind: Kind, id: &str) -> Option<&'static str> {
    ready::file(&file_name(kind, id)).map(|file| file.text)
}

/// A built-in regime, under a built-in method; tests read every one with each.
pub(crate) fn built_in_regime(id: &str, with: &Method) -> Loaded<Regime> {
    let read = built_in_text(Kind::Regime, id).and_then(|text| regime(&file_name(Kind::Regime, id), text, with).ok());
    read.unwrap_or_else(|| unreachable!("the built-in regime {id} is there and holds together"))
}

fn country(name: &str, text: &str) -> Result<Loaded<Country>, TableError> {
    let table: Country = built(Kind::Country, name, text, read::table(text), |table: Country| held(table.check()).map(|()| table))?;
    let reference = Ref { id: table.id.clone(), version: table.version.clone(), sha256: digest(text) };
    Ok(Loaded { table, reference })
}

fn form(name: &str, text: &str) -> Result<Loaded<Form>, TableError> {
    let table: Form = built(Kind::Form, name, text, read::table(text), |table: Form| held(table.check()).map(|()| table))?;
    let reference = Ref { id: table.id.clone(), version: table.version.clone(), sha256: digest(text) };
    Ok(Loaded { table, reference })
}

/// A table of any kind.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Table {
    Method(Loaded<Method>),
    Practice(Loaded<Practice>),
    Regime(Loaded<Regime>),
    Country(Loaded<Country>),
    Form(Loaded<Form>),
}

impl Table {
    /// What results say about it.
    pub fn reference(&self) -> &Ref {
        match self {
            Table::Method(t) => &t.reference,
            Table::Practice(t) => &t.reference,
            Table::Regime(t) => &t.reference,
            Table::Country(t) => &t.reference,
            Table::Form(t) => &t.reference,
        }
    }

    /// Its title.
    pub fn title(&self) -> &str {
        match self {
            Table::Method(t) => &t.table.title,
            Table::Practice(t) => &t.table.table.title,
            Table::Regime(t) => &t.table.table.title,
            Table::Country(t) => &t.table.title,
            Table::Form(t) => &t.table.title,
        }
    }

    /// Where the law stands, for a regime.
    pub fn status(&self) -> Option<Status> {
        match self {
            Table::Regime(t) => Some(t.table.table.status),
            _ => None,
        }
    }
}

/// A table as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// By its id.
    Id(String),
    /// By the path of a file.
    File(PathBuf),
}

impl Choice {
    /// The id or the path, as it may be shown.
    pub fn as_str(&self) -> Cow<'_, str> {
        match self {
            Choice::Id(id) => id.into(),
            Choice::File(path) => path.to_string_lossy(),
        }
    }
}

/// A value with a slash or a known extension is a file, and so is what is no UTF-8, since no id is; anything else an id.
impl From<&OsStr> for Choice {
    fn from(value: &OsStr) -> Choice {
        let extension = Path::new(value).extension().is_some_and(|e| e == "toml" || e == "json");
        match value.to_str() {
            Some(id) if !extension && !id.contains('/') => Choice::Id(id.to_owned()),
            _ => Choice::File(value.into()),
        }
    }
}

/// The name of a table's file in a data folder.
pub fn file_name(kind: Kind, id: &str) -> String {
    format!("{}/{}.toml", kind.folder(), kind.id(id))
}

/// Of a name that nothing has.
fn no_such(what: &str, id: &str, known: &[String]) -> String {
    format!("no {what} is called {id:?}{}", crate::diag::allowed(id, &known.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// A table from what could be read of it, or everything that is wrong with it.
fn built<R, T>(kind: Kind, name: &str, text: &str, read: Read<R>, build: impl FnOnce(R) -> Result<T, Vec<Wrong>>) -> Result<T, TableError> {
    let mut findings = read.findings;
    match read.table.map(build) {
        Some(Ok(table)) if findings.is_empty() => return Ok(table),
        Some(Err(wrong)) => findings.extend(placed(text, wrong)),
        _ => {}
    }
    findings.sort_by_key(|f| f.span.as_ref().map_or(0, |s| s.start));
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Err(TableError::Bad { name: name.to_owned(), kind: kind.noun(), text: text.to_owned(), findings })
}

fn held(wrong: Vec<Wrong>) -> Result<(), Vec<Wrong>> {
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// What is wrong with a table, with the places.
fn placed(text: &str, wrong: Vec<Wrong>) -> Vec<Finding> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (root, _) = tree::toml(text);
    let finding = |(path, message): Wrong| {
        let span = root.place(&path);
        Finding::new(Code::BadTable, format!("{path}: {message}")).at(path).spanned(text, span)
    };
    wrong.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_data_folder_is_built_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        for kind in Kind::ALL {
            let mut there: Vec<String> = std::fs::read_dir(root.join(kind.folder()))
                .unwrap()
                .map(|e| e.unwrap().path())
                .filter(|p| p.extension().is_some_and(|e| e == "toml"))
                .map(|p| p.file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            there.sort();
            assert_eq!(there, Tables::default().ids(kind));
        }
    }
}
