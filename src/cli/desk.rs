//! The tables of one run: loaded once, chosen for each incident.

use std::collections::BTreeMap;
use std::rc::Rc;

use breach::assess::Rules;
use breach::country::Country;
use breach::duties::{Time, started};
use breach::incident::{Incident, text};
use breach::method::Method;
use breach::practice::Practice;
use breach::regime::{self, Regime, Start};
use breach::tables::{Choice, Kind, Loaded, TableError, Tables};

use super::{MethodArgs, RuleArgs};

/// The method where none is asked for.
pub const METHOD: &str = "enisa-2013";
/// The practice where neither the user nor the country names one.
const PRACTICE: &str = "edpb";

/// The built-in tables, with the user's own folder over them.
pub fn tables(args: &MethodArgs) -> Result<Tables, TableError> {
    args.data.as_deref().map_or_else(|| Ok(Tables::default()), Tables::with)
}

/// The tables of one run.
pub struct Desk {
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

impl Desk {
    /// Loads what every incident needs.
    pub fn new(args: &RuleArgs) -> Result<Desk, TableError> {
        let tables = tables(&args.method)?;
        let method = tables.method(&args.method.method)?;
        let regimes = &args.regime;
        let own_practice = args.practice.as_ref().map(|p| tables.practice(p, &method.table)).transpose()?.map(Rc::new);
        let all: Vec<Choice> = match regimes.is_empty() {
            true => tables.ids(Kind::Regime).into_iter().map(Choice::Id).collect(),
            false => regimes.clone(),
        };
        let loaded = all.iter().map(|r| tables.regime(r, &method.table)).collect::<Result<_, _>>()?;
        Ok(Desk {
            tables,
            method,
            own_practice,
            regimes_chosen: !regimes.is_empty(),
            regimes: loaded,
            practices: BTreeMap::new(),
            countries: BTreeMap::new(),
        })
    }

    /// The method of this run.
    pub fn method(&self) -> &Method {
        &self.method.table
    }

    /// Picks the country's table and the practice for an incident.
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
        let clocks = [Start::Aware, Start::ToldByProcessor, Start::Detected];
        let day = clocks.into_iter().filter_map(|s| started(s, incident)).min().unwrap_or(now).date_naive();
        let country = picked.country.as_ref().map(|c| (c.table.id.as_str(), c.table.groups.as_slice()));
        let regimes: Vec<&Loaded<Regime>> = match self.regimes_chosen {
            true => self.regimes.iter().collect(),
            false => regime::select(&self.regimes, incident, country, day),
        };
        with(&Rules { method: &self.method, practice: &picked.practice, regimes: &regimes, country: picked.country.as_deref() })
    }
}
