//! Checking tables of one's own: the loader's findings, and what can only be seen beside the other tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Kind, NOT_UTF8, Table, TableError, Tables, Wrong, no_such, placed, read, text_of};
use crate::config;
use crate::diag::{Code, Finding, nearest};
use crate::incident::words::{Sector, Word};
use crate::method::Method;
use crate::tree::{self, Node, Value};

/// A file that holds, or should hold, a table.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path, as the user would write it.
    pub name: String,
    /// The kind of table that the folder is for.
    pub folder: Option<Kind>,
    /// Its name without the extension.
    pub stem: String,
    /// What it says; `None` if it is not UTF-8.
    pub text: Option<String>,
    /// What is wrong with where it lies.
    pub misplaced: Option<String>,
}

/// A file that was looked at.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its path.
    pub name: String,
    /// What it is.
    pub kind: Option<Kind>,
    /// Its text, for the places of the findings.
    pub text: String,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// The files that a path stands for: itself, or the tables of a data folder, or of any folder.
///
/// # Errors
/// If the path, or a file under it, cannot be read.
pub fn gather(path: &Path) -> Result<Vec<File>, TableError> {
    let unreadable = |path: &Path, source| TableError::Unreadable { path: path.display().to_string(), source };
    if !fs::metadata(path).map_err(|e| unreadable(path, e))?.is_dir() {
        return Ok(vec![file(path, folder_kind(path.parent()), None)?]);
    }
    let list = |folder: &Path| -> Result<Vec<PathBuf>, TableError> {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|e| unreadable(folder, e))?;
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).collect();
        paths.sort();
        Ok(paths)
    };
    let is_toml = |path: &Path| path.is_file() && path.extension().is_some_and(|e| e == "toml") && !is_hidden(path) && !path.ends_with(config::NAME);
    let inside = list(path)?;
    let of_tables = inside.iter().any(|p| p.is_dir() && folder_kind(Some(p)).is_some());
    let mut files = Vec::new();
    for entry in &inside {
        if is_toml(entry) {
            let misplaced =
                of_tables.then(|| format!("lies beside the folders of the tables, where `--data` does not look; move it to {}", folders()));
            let file = file(entry, folder_kind(Some(path)), misplaced)?;
            // beside the tables may lie what is no table and means to be none
            if !of_tables || file.text.as_ref().is_some_and(|text| recognise(text).0.is_some()) {
                files.push(file);
            }
        } else if entry.is_dir() && !is_hidden(entry) {
            let kind = folder_kind(Some(entry));
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            let meant = nearest(&name, Kind::ALL.map(Kind::folder)).filter(|_| kind.is_none());
            if kind.is_none() && meant.is_none() {
                continue;
            }
            for inner in list(entry)?.iter().filter(|p| is_toml(p)) {
                let misplaced = meant.map(|meant| format!("`--data` does not look in a folder called {name:?}; call it `{meant}`"));
                files.push(file(inner, kind, misplaced)?);
            }
        }
    }
    Ok(files)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn folder_kind(folder: Option<&Path>) -> Option<Kind> {
    let name = folder?.file_name()?;
    Kind::ALL.into_iter().find(|kind| name == kind.folder())
}

fn folders() -> String {
    Kind::ALL.map(|kind| format!("`{}`", kind.folder())).join(" or ")
}

fn file(path: &Path, folder: Option<Kind>, misplaced: Option<String>) -> Result<File, TableError> {
    let name = path.display().to_string();
    let text = text_of(path).map_err(|source| TableError::Unreadable { path: name.clone(), source })?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(File { name, folder, stem, text, misplaced })
}

impl Tables {
    /// The same with the files laid over that lie in folders of tables, so that they can build on each other.
    pub fn with_files(mut self, files: &[File]) -> Tables {
        for file in files {
            if let (Some(kind), Some(text)) = (file.folder, &file.text) {
                self = self.and(kind, &file.stem, text.clone());
            }
        }
        self
    }

    /// Everything that is wrong with a file.
    pub fn check(&self, file: &File, method: &Method) -> Checked {
        let checked = |kind, findings| Checked { name: file.name.clone(), kind, text: file.text.clone().unwrap_or_default(), findings };
        let mut findings: Vec<Finding> = file.misplaced.iter().map(|said| Finding::new(Code::BadTable, said)).collect();
        let Some(text) = &file.text else {
            findings.push(Finding::new(Code::Encoding, NOT_UTF8));
            return checked(file.folder, findings);
        };
        if let Some(finding) = read::beyond(text) {
            return checked(file.folder, vec![finding]);
        }
        let (kind, guess) = match file.folder {
            Some(kind) => (Some(kind), None),
            None => recognise(text),
        };
        findings.extend(guess);
        let Some(kind) = kind else { return checked(None, findings) };
        match self.load(kind, &file.name, text, method) {
            Ok(_) => {}
            Err(TableError::Bad { name, findings: its, .. }) if name == file.name => findings.extend(its),
            // a fault of what it builds on is told there
            Err(TableError::Bad { name, .. }) => {
                let said = self.circle(text).unwrap_or_else(|| format!("{name} does not hold together; mend that one first"));
                findings.extend(placed(text, vec![("builds_on".into(), said)]));
            }
            Err(other) => findings.push(Finding::new(Code::Unreadable, other.to_string())),
        }
        findings.extend(placed(text, self.beside_others(kind, file, text, method)));
        findings.sort_by_key(|f| f.span.as_ref().map_or(0, |s| s.start));
        checked(Some(kind), findings)
    }

    /// That a practice builds on itself, by way of others.
    fn circle(&self, text: &str) -> Option<String> {
        let base_of = |text: &str| -> Option<String> { Some(tree::toml(text).0.text("builds_on")?.to_owned()) };
        let own = tree::toml(text).0.text("id")?.to_owned();
        let mut way = vec![own, base_of(text)?];
        while way[0] != way[way.len() - 1] {
            let next = base_of(self.text(Kind::Practice, &way[way.len() - 1]).ok()?)?;
            // a circle further down, which this one is not part of
            if way[1..].contains(&next) {
                return None;
            }
            way.push(next);
        }
        Some(format!("builds on itself: {}; let one of them build on another, or on none", way.join(" -> ")))
    }

    /// What does not fit with the other tables, or with the name of the file: names of things that are not there.
    fn beside_others(&self, kind: Kind, file: &File, text: &str, method: &Method) -> Vec<Wrong> {
        // as it is written, since a table that does not hold together has other faults to be told of too
        let (root, _) = tree::toml(text.strip_prefix('\u{feff}').unwrap_or(text));
        let mut wrong = Vec::new();
        if let (Some(folder), Some(id)) = (file.folder, root.text("id"))
            && folder.id(id) != folder.id(&file.stem)
        {
            wrong.push(("id".into(), format!("{id:?} is not the name of the file, {:?}; make them the same", file.stem)));
        }
        let mut named = |path: String, what: &str, node: &Node, known: &[String]| {
            if let Value::Text(id) = &node.value
                && !known.contains(id)
            {
                wrong.push((path, no_such(what, id, known)));
            }
        };
        let regimes = self.ids(Kind::Regime);
        match kind {
            Kind::Country => {
                let sectors: Vec<String> = Sector::ids().iter().map(|id| (*id).to_owned()).collect();
                for (i, authority) in root.list("authorities").iter().enumerate() {
                    for (key, what, known) in [("regimes", Kind::Regime.noun(), &regimes), ("sectors", "sector", &sectors)] {
                        for (j, id) in authority.list(key).iter().enumerate() {
                            named(format!("authorities[{i}].{key}[{j}]"), what, id, known);
                        }
                    }
                }
                for (key, kind) in [("practice", Kind::Practice), ("form", Kind::Form)] {
                    if let Some(id) = root.get(key) {
                        named(key.into(), kind.noun(), &id.node, &self.ids(kind));
                    }
                }
            }
            Kind::Regime => {
                // a law may take the place of a duty of its own
                let known: Vec<String> = regimes.into_iter().chain(root.text("id").map(str::to_owned)).collect();
                for (i, displaced) in root.list("displaces").iter().enumerate() {
                    if let Some(id) = displaced.get("regime") {
                        named(format!("displaces[{i}].regime"), Kind::Regime.noun(), &id.node, &known);
                    }
                }
                let places = self.places(method);
                for (i, place) in root.list("countries").iter().enumerate() {
                    named(format!("countries[{i}]"), "country or group of countries", place, &places);
                }
            }
            Kind::Form => {
                if let Some(id) = root.get("regime") {
                    named("regime".into(), Kind::Regime.noun(), &id.node, &regimes);
                }
            }
            Kind::Method | Kind::Practice => {}
        }
        wrong
    }

    /// The codes of all countries and the groups that they belong to.
    fn places(&self, method: &Method) -> Vec<String> {
        let mut places = BTreeSet::new();
        for id in self.ids(Kind::Country) {
            let Ok(text) = self.text(Kind::Country, &id) else { continue };
            // a table that does not hold together is told of where it is checked itself
            if let Ok(Table::Country(country)) = self.load(Kind::Country, &id, text, method) {
                places.insert(country.table.id);
                places.extend(country.table.groups);
            }
        }
        places.into_iter().collect()
    }
}

/// Keys that only one kind of table has.
const MARKS: [(Kind, &[&str]); 5] = [
    (Kind::Method, &["vector", "categories", "factors", "data_types", "identification", "bands", "malicious", "flags"]),
    (
        Kind::Practice,
        &["builds_on", "drop", "rules", "readings", "claims", "score_only", "presumption_falls_with_confidentiality", "lowered_counts_for"],
    ),
    (Kind::Regime, &["law", "status", "who", "duties", "exemptions", "orders", "displaces", "countries", "sectors", "flag", "valid_from"]),
    (Kind::Country, &["zone", "groups", "languages", "authorities", "holidays", "name", "practice"]),
    (Kind::Form, &["document", "sections"]),
];

/// The kind of table that a text is, by its keys; or why that cannot be told.
fn recognise(text: &str) -> (Option<Kind>, Option<Finding>) {
    let (root, syntax) = tree::toml(text.strip_prefix('\u{feff}').unwrap_or(text));
    let has = |keys: &[&str]| keys.iter().filter(|key| root.get(key).is_some()).count();
    let best = MARKS.iter().map(|(kind, keys)| (has(keys), *kind)).rev().max_by_key(|(n, _)| *n);
    match best {
        // some keys of an incident are those of a method too
        _ if root.get("format").is_some() || root.get("incident").is_some() => {
            (None, Some(Finding::new(Code::BadTable, "an incident, no table; assess it with `breach assess`")))
        }
        Some((1.., kind)) => (Some(kind), None),
        _ if !syntax.is_empty() => (None, syntax.into_iter().next()),
        _ => {
            let kinds: Vec<String> = MARKS
                .iter()
                .map(|(kind, keys)| format!("a {} has {}", kind.noun(), keys.iter().take(3).copied().collect::<Vec<_>>().join(", ")))
                .collect();
            let said = format!("cannot tell what kind of table this is; {}", kinds.join(" / "));
            (None, Some(Finding::new(Code::BadTable, said)))
        }
    }
}
