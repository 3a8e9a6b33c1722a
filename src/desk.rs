//! The tables of one run: loaded once, chosen for each incident.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::assess::Rules;
use crate::config::Config;
use crate::country::Country;
use crate::diag::Finding;
use crate::duties::{Time, started};
use crate::incident::read::{self, About, Syntax};
use crate::incident::{Incident, text};
use crate::method::Method;
use crate::practice::Practice;
use crate::regime::{Laws, OnShelf, Start};
use crate::tables::{Choice, Kind, Loaded, TableError, Tables};
use crate::zone::Zone;

/// The method where none is asked for.
pub const METHOD: &str = "enisa-2013";
/// The practice where neither the user nor the country names one.
const PRACTICE: &str = "edpb";

/// What the user chose, where anything.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The method.
    pub method: Choice,
    /// The practice; otherwise the country's, otherwise the default.
    pub practice: Option<Choice>,
    /// The regimes; none: those that apply by country, sector and date.
    pub regimes: Vec<Choice>,
    /// The house's settings, which fill in what an incident leaves out.
    pub house: Config,
}

impl Default for Choices {
    fn default() -> Self {
        Choices { method: Choice::Id(METHOD.into()), practice: None, regimes: Vec::new(), house: Config::default() }
    }
}

/// The tables of one run.
pub struct Desk {
    house: Config,
    tables: Tables,
    method: Loaded<Method>,
    own_practice: Option<Arc<Loaded<Practice>>>,
    /// Whether the regimes were chosen by the user and so are not selected by the incident.
    regimes_chosen: bool,
    regimes: Vec<OnShelf>,
    practices: Kept<Loaded<Practice>>,
    countries: Kept<Option<Loaded<Country>>>,
}

/// Tables by id, each read once, when it is first asked for.
struct Kept<T>(RwLock<BTreeMap<String, Arc<T>>>);

impl<T> Kept<T> {
    fn get(&self, id: &str, load: impl FnOnce() -> Result<T, TableError>) -> Result<Arc<T>, TableError> {
        // what is in it stays right, whatever became of a thread that looked
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(known.clone());
        }
        let loaded = Arc::new(load()?);
        Ok(self.0.write().unwrap_or_else(PoisonError::into_inner).entry(id.to_owned()).or_insert(loaded).clone())
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept(RwLock::default())
    }
}

/// What one incident is assessed by.
pub struct Picked {
    practice: Arc<Loaded<Practice>>,
    /// The country's table, if the incident names one that has one.
    country: Option<Arc<Option<Loaded<Country>>>>,
}

impl Picked {
    /// The country's table, if it has one.
    pub fn country(&self) -> Option<&Loaded<Country>> {
        self.country.as_deref()?.as_ref()
    }

    /// The practice.
    pub fn practice(&self) -> &Practice {
        &self.practice.table
    }
}

impl Desk {
    /// Loads what every incident needs.
    ///
    /// # Errors
    /// If a table that was chosen is not there or does not hold together.
    pub fn new(tables: Tables, choices: Choices) -> Result<Desk, TableError> {
        let method = tables.method(&choices.method)?;
        let own_practice = choices.practice.as_ref().map(|p| tables.practice(p, &method.table)).transpose()?.map(Arc::new);
        let Choices { regimes, house, .. } = choices.clone();
        let regimes_chosen = !regimes.is_empty();
        let all: Vec<Choice> = match regimes.is_empty() {
            true => tables.ids(Kind::Regime).into_iter().map(Choice::Id).collect(),
            false => regimes,
        };
        // what the user wrote is read at once, so that whatever is wrong with it is told before anything is assessed
        let lazily = tables.is_built_in(Kind::Method, &choices.method);
        let mut shelf: Vec<OnShelf> = Vec::new();
        for choice in &all {
            let head = if lazily && tables.is_built_in(Kind::Regime, choice) { tables.regime_head(&choice.as_str()) } else { None };
            let regime = match head {
                Some(head) => head,
                None => tables.regime(choice, &method.table)?.into(),
            };
            // named twice, a law still binds once
            if !shelf.iter().any(|r| r.id() == regime.id()) {
                shelf.push(regime);
            }
        }
        // the law of personal data first, other laws' clocks after it
        shelf.sort_by_key(OnShelf::has_flag);
        Ok(Desk { tables, method, own_practice, regimes_chosen, house, regimes: shelf, practices: Kept::default(), countries: Kept::default() })
    }

    /// Reads an incident; what it leaves out and the house's settings give is filled in.
    ///
    /// # Errors
    /// Every problem of the file, in the order of their places.
    pub fn read(&self, bytes: &[u8], syntax: Syntax) -> Result<Incident, Vec<Finding>> {
        self.read_about(About::Breach, bytes, syntax)
    }

    /// The same, of a breach or of what was found not to be one.
    ///
    /// # Errors
    /// Every problem of the file, in the order of their places.
    pub fn read_about(&self, about: About, bytes: &[u8], syntax: Syntax) -> Result<Incident, Vec<Finding>> {
        let mut incident = read::read_about(about, bytes, syntax, self.method())?;
        self.house.fill(&mut incident);
        Ok(incident)
    }

    /// The house's settings.
    pub fn house(&self) -> &Config {
        &self.house
    }

    /// Where tables come from.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The method of this run.
    pub fn method(&self) -> &Method {
        &self.method.table
    }

    /// Picks the country's table and the practice for an incident.
    ///
    /// # Errors
    /// If one of them does not hold together.
    pub fn pick(&self, incident: &Incident) -> Result<Picked, TableError> {
        let country = match text(&incident.file.controller.country) {
            Some(code) => Some(self.countries.get(code, || self.tables.country(code))?),
            None => None,
        };
        let own = || country.as_deref()?.as_ref()?.table.practice.as_deref();
        let practice = match &self.own_practice {
            Some(own) => own.clone(),
            None => self.practice(own().unwrap_or(PRACTICE))?,
        };
        Ok(Picked { practice, country })
    }

    fn practice(&self, id: &str) -> Result<Arc<Loaded<Practice>>, TableError> {
        self.practices.get(id, || self.tables.practice(&Choice::Id(id.to_owned()), &self.method.table))
    }

    /// Runs `with` on the tables for an incident.
    pub fn with<'a, T>(&'a self, picked: &'a Picked, incident: &Incident, now: Time, with: impl FnOnce(&Rules<'a>) -> T) -> T {
        // the law in force on the day of awareness, by the country's own calendar
        let clocks = [Start::Aware, Start::ToldByProcessor, Start::Detected];
        let zone = picked.country().map_or(Zone::UTC, |c| c.table.zone());
        let day = zone.local(clocks.into_iter().find_map(|s| started(s, incident)).unwrap_or(now)).date_naive();
        let (shelf, method) = (&self.regimes, &self.method.table);
        let laws = if self.regimes_chosen { Laws::Chosen(shelf, method) } else { Laws::On(shelf, method, day) };
        with(&Rules { method: &self.method, practice: &picked.practice, laws, country: picked.country() })
    }
}
