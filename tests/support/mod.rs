//! What the runners share: files, the built-in tables put together as the program does, incidents as answers by path, and failures collected.
#![allow(dead_code, reason = "each runner uses its own part")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use breach::assess::{Assessment, Rules, assess, verdict};
use breach::desk::{self, Choices, Desk};
use breach::diag::Finding;
use breach::duties::{Outcome, Time};
use breach::incident::Incident;
use breach::incident::answer::UNKNOWN;
use breach::incident::read::{self, Syntax};
use breach::incident::words::{Category, Factor, Word};
use breach::method::{Direction, Method};
use breach::tables::{Choice, Kind, Tables};
use chrono::DateTime;
use toml::{Table, Value};

/// The time every runner assesses for.
pub const NOW: &str = "2026-11-22T10:00:00+01:00";

/// A path of the package.
pub fn here(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the package.
pub fn file(path: impl AsRef<Path>) -> String {
    let path = here(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The names of the TOML files in a folder of the package, sorted.
pub fn toml_files(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(here(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    names
}

/// A TOML file of the package as a type.
pub fn parsed<T: serde::de::DeserializeOwned>(path: &str) -> T {
    toml::from_str(&file(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The failures found so far, each under the name of what failed; the test fails once, with all of them.
#[derive(Default)]
pub struct Failures(Vec<String>);

impl Failures {
    /// Adds one.
    pub fn add(&mut self, name: &str, what: impl fmt::Display) {
        self.0.push(format!("{name}: {what}"));
    }

    /// Adds one unless the two are equal.
    pub fn same<T: PartialEq + fmt::Debug>(&mut self, name: &str, what: &str, got: T, expected: T) {
        if got != expected {
            self.add(name, format!("{what} is {got:?}, expected {expected:?}"));
        }
    }

    /// Fails if there are any, or if nothing was looked at.
    pub fn finish(self, looked_at: usize) {
        assert!(looked_at > 0, "nothing was looked at");
        assert!(self.0.is_empty(), "{} failures in {looked_at}:\n  {}\n", self.0.len(), self.0.join("\n  "));
    }
}

/// The time every runner assesses for.
pub fn now() -> Time {
    DateTime::parse_from_rfc3339(NOW).unwrap_or_else(|e| panic!("{NOW}: {e}"))
}

/// The built-in tables; with the folder of `BREACH_DATA` laid over them, to hold one's own tables to the same tests.
fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let own = std::env::var_os("BREACH_DATA");
        own.map_or_else(Tables::default, |folder| Tables::with(Path::new(&folder)).unwrap_or_else(|e| panic!("{e}")))
    })
}

/// The method.
pub fn method() -> &'static Method {
    static METHOD: OnceLock<Method> = OnceLock::new();
    METHOD.get_or_init(|| tables().method(&Choice::Id(desk::METHOD.to_owned())).unwrap_or_else(|e| panic!("{e}")).table)
}

/// The ids of the practices.
pub fn practices() -> &'static [String] {
    static PRACTICES: OnceLock<Vec<String>> = OnceLock::new();
    PRACTICES.get_or_init(|| tables().ids(Kind::Practice))
}

/// In the place of a practice's id: the country's own, as the program picks it.
pub const NATIONAL: &str = "national";

/// Runs `with` on the tables that the program takes for an incident under a practice. They stay to the end of the tests, and so may what is made of them.
pub fn ruled<T>(practice: &str, incident: &Incident, with: impl FnOnce(&Rules<'static>) -> T) -> T {
    thread_local! {
        static DESKS: RefCell<BTreeMap<String, &'static Desk>> = const { RefCell::new(BTreeMap::new()) };
    }
    let open = || {
        let own = (practice != NATIONAL).then(|| Choice::Id(practice.to_owned()));
        let desk = Desk::new(tables().clone(), Choices { practice: own, ..Choices::default() }).unwrap_or_else(|e| panic!("{practice}: {e}"));
        &*Box::leak(Box::new(desk))
    };
    let desk = DESKS.with_borrow_mut(|desks| *desks.entry(practice.to_owned()).or_insert_with(open));
    let picked = Box::leak(Box::new(desk.pick(incident).unwrap_or_else(|e| panic!("{practice}: {e}"))));
    desk.with(picked, incident, now(), with)
}

/// The outcome of an incident under a practice.
pub fn outcome_of(incident: &Incident, practice: &str) -> Outcome {
    ruled(practice, incident, |rules| verdict(incident, rules).required.outcome)
}

/// The whole assessment of an incident under a practice, with what would change it.
pub fn assessed<'a>(incident: &'a Incident, practice: &str) -> Assessment<'a> {
    ruled(practice, incident, |rules| assess(incident, rules, now(), true))
}

/// An incident file as answers by path, to be changed one by one and read as the program reads it.
#[derive(Clone, PartialEq)]
pub struct Answers(pub Table);

/// As the TOML to copy into a file and run.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", self.toml())
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.toml())
    }
}

impl Answers {
    /// The answers of an incident file, or of the incident in a case file.
    pub fn of(name: &str, text: &str) -> Answers {
        let mut table: Table = toml::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        match table.remove("incident") {
            Some(Value::Table(incident)) => Answers(incident),
            _ => Answers(table),
        }
    }

    /// The file.
    pub fn toml(&self) -> String {
        toml::to_string(&self.0).unwrap_or_else(|e| panic!("{e}: {:?}", self.0))
    }

    /// The incident.
    pub fn read(&self) -> Result<Incident, Vec<Finding>> {
        read::read(self.toml().as_bytes(), Syntax::Toml, method())
    }

    /// The incident of a file that must be good.
    pub fn incident(&self) -> Incident {
        self.read().unwrap_or_else(|findings| panic!("{self}\n{findings:#?}"))
    }

    /// What stands at a path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let (tables, key) = path.rsplit_once('.').unwrap_or(("", path));
        let mut table = &self.0;
        for step in tables.split('.').filter(|step| !step.is_empty()) {
            table = table.get(step)?.as_table()?;
        }
        table.get(key)
    }

    /// Whether `"unknown"` stands at a path.
    pub fn is_unknown(&self, path: &str) -> bool {
        self.get(path).and_then(Value::as_str) == Some(UNKNOWN)
    }

    /// With another answer at a path.
    pub fn with(&self, path: &str, value: impl Into<Value>) -> Answers {
        let mut other = self.clone();
        other.set(path, value);
        other
    }

    /// Without an answer at a path.
    pub fn without(&self, path: &str) -> Answers {
        let mut other = self.clone();
        other.remove(path);
        other
    }

    /// Writes an answer.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let (tables, key) = path.rsplit_once('.').unwrap_or(("", path));
        let mut table = &mut self.0;
        for step in tables.split('.').filter(|step| !step.is_empty()) {
            let entry = table.entry(step).or_insert_with(|| Value::Table(Table::new()));
            table = entry.as_table_mut().unwrap_or_else(|| panic!("{path}: {step} is no table"));
        }
        table.insert(key.to_owned(), value.into());
    }

    /// Takes an answer out.
    pub fn remove(&mut self, path: &str) {
        let (tables, key) = path.rsplit_once('.').unwrap_or(("", path));
        let mut table = &mut self.0;
        for step in tables.split('.').filter(|step| !step.is_empty()) {
            match table.get_mut(step).and_then(Value::as_table_mut) {
                Some(inner) => table = inner,
                None => return,
            }
        }
        table.remove(key);
    }

    /// The level that counts for a category where the file gives none.
    pub fn usual(&self, category: Category) -> i64 {
        let items = self.get(&format!("data.{}.items", category.id())).and_then(Value::as_array);
        let items: Vec<String> = items.into_iter().flatten().filter_map(|item| Some(item.as_str()?.to_owned())).collect();
        method().usual_level(category, &method().places(&items)).into()
    }

    /// With a level, and a reason that allows it: the file's own where it points that way, else `fallback` for the direction.
    pub fn with_level(&self, category: Category, level: i64, fallback: (Factor, Factor)) -> Answers {
        let mut other = self.with(&format!("data.{}.level", category.id()), level);
        other.give_reason(category, fallback);
        other
    }

    /// Gives a category whose level lies away from its usual one the reason that it needs; `fallback` raises or lowers.
    pub fn give_reason(&mut self, category: Category, fallback: (Factor, Factor)) {
        let path = |key: &str| format!("data.{}.{key}", category.id());
        let usual = self.usual(category);
        let Some(level) = self.get(&path("level")).and_then(Value::as_integer).filter(|level| *level != usual) else { return };
        let (direction, factor) = if level > usual { (Direction::Raise, fallback.0) } else { (Direction::Lower, fallback.1) };
        let mut because = self.get(&path("because")).and_then(Value::as_array).cloned().unwrap_or_default();
        let fits = |f: &Value| f.as_str().and_then(|f| f.parse().ok()).is_some_and(|f| method().direction(f) == Some(direction));
        if !because.iter().any(fits) {
            because.push(factor.id().into());
            self.set(&path("because"), because);
        }
        if self.get(&path("why")).is_none() {
            self.set(&path("why"), "its reason");
        }
    }
}

/// The smallest incident: a name, no answer that is not needed.
pub fn smallest() -> Answers {
    let text = "format = 1\nid = \"1\"\n[data.simple]\nitems = [\"full-name\"]\n[identification]\nlevel = \"maximum\"\n[confidentiality]\nloss = \"known-recipients\"";
    Answers::of("the smallest incident", text)
}
