//! The tables of one run: loaded once, chosen for each incident.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::assess::Rules;
use crate::config::Config;
use crate::country::Country;
use crate::diag::Finding;
use crate::duties::{Time, started};
use crate::incident::read::{self, About, Syntax};
use crate::incident::{Incident, text};
use crate::method::Method;
use crate::practice::Practice;
use crate::regime::{Laws, Regime, Start};
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
    own_practice: Option<Rc<Loaded<Practice>>>,
    /// Whether the regimes were chosen by the user and so are not selected by the incident.
    regimes_chosen: bool,
    regimes: Vec<Loaded<Regime>>,
    practices: BTreeMap<String, Rc<Loaded<Practice>>>,
    countries: BTreeMap<String, Option<Rc<Loaded<Country>>>>,
}

/// What one incident is assessed by.
pub struct Picked {
    practice: Rc<Loaded<Practice>>,
    country: Option<Rc<Loaded<Country>>>,
}

impl Picked {
    /// The practice.
    pub fn practice(&self) -> &Practice {
        &self.practice.table
    }

    /// The country, if it has a table.
    pub fn country(&self) -> Option<&Country> {
        self.country.as_ref().map(|c| &c.table)
    }
}

impl Desk {
    /// Loads what every incident needs.
    ///
    /// # Errors
    /// If a table that was chosen is not there or does not hold together.
    pub fn new(tables: Tables, choices: Choices) -> Result<Desk, TableError> {
        let method = tables.method(&choices.method)?;
        let own_practice = choices.practice.as_ref().map(|p| tables.practice(p, &method.table)).transpose()?.map(Rc::new);
        let Choices { regimes, house, .. } = choices;
        let regimes_chosen = !regimes.is_empty();
        let all: Vec<Choice> = match regimes.is_empty() {
            true => tables.ids(Kind::Regime).into_iter().map(Choice::Id).collect(),
            false => regimes,
        };
        let mut loaded: Vec<Loaded<Regime>> = Vec::new();
        for choice in &all {
            let regime = tables.regime(choice, &method.table)?;
            // named twice, a law still binds once
            if !loaded.iter().any(|r| r.reference.id == regime.reference.id) {
                loaded.push(regime);
            }
        }
        // the law of personal data first, other laws' clocks after it
        loaded.sort_by_key(|r| r.table.flag.is_some());
        Ok(Desk { tables, method, own_practice, regimes_chosen, house, regimes: loaded, practices: BTreeMap::new(), countries: BTreeMap::new() })
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

    /// The method of this run.
    pub fn method(&self) -> &Method {
        &self.method.table
    }

    /// Picks the country's table and the practice for an incident.
    ///
    /// # Errors
    /// If one of them does not hold together.
    pub fn pick(&mut self, incident: &Incident) -> Result<Picked, TableError> {
        let country = match text(&incident.file.controller.country) {
            Some(code) => self.country(code)?,
            None => None,
        };
        let practice = match &self.own_practice {
            Some(own) => own.clone(),
            None => self.practice(country.as_ref().and_then(|c| c.table.practice.as_deref()).unwrap_or(PRACTICE))?,
        };
        Ok(Picked { practice, country })
    }

    fn country(&mut self, code: &str) -> Result<Option<Rc<Loaded<Country>>>, TableError> {
        if let Some(known) = self.countries.get(code) {
            return Ok(known.clone());
        }
        let loaded = self.tables.country(code)?.map(Rc::new);
        self.countries.insert(code.to_owned(), loaded.clone());
        Ok(loaded)
    }

    fn practice(&mut self, id: &str) -> Result<Rc<Loaded<Practice>>, TableError> {
        if let Some(known) = self.practices.get(id) {
            return Ok(known.clone());
        }
        let loaded = Rc::new(self.tables.practice(&Choice::Id(id.to_owned()), &self.method.table)?);
        self.practices.insert(id.to_owned(), loaded.clone());
        Ok(loaded)
    }

    /// Runs `with` on the tables for an incident.
    pub fn with<T>(&self, picked: &Picked, incident: &Incident, now: Time, with: impl FnOnce(&Rules<'_>) -> T) -> T {
        // the law in force on the day of awareness, by the country's own calendar
        let clocks = [Start::Aware, Start::ToldByProcessor, Start::Detected];
        let zone = picked.country.as_ref().map_or(Zone::UTC, |c| c.table.zone());
        let day = zone.local(clocks.into_iter().find_map(|s| started(s, incident)).unwrap_or(now)).date_naive();
        let laws = if self.regimes_chosen { Laws::Chosen(&self.regimes) } else { Laws::On(&self.regimes, day) };
        with(&Rules { method: &self.method, practice: &picked.practice, laws, country: picked.country.as_deref() })
    }
}
