//! Which regimes apply to an incident. What decides that is little; the rest of a built-in regime is read only where it applies.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Regime, RegimeTable, Status};
use crate::country::Country;
use crate::fact::{Fact, Facts, SECTOR, Value};
use crate::incident::Incident;
use crate::incident::words::Sector;
use crate::method::Method;
use crate::provenance::Day;
use crate::tables::ready::Ready;
use crate::tables::{Loaded, built_in_regime};

/// What a regime is selected by.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Head {
    status: Status,
    valid_from: Option<Day>,
    valid_to: Option<Day>,
    countries: Vec<String>,
    #[serde(default)]
    without_country: bool,
    sectors: Option<Vec<Sector>>,
    #[serde(default)]
    not_sectors: Vec<Sector>,
    #[serde(default)]
    people_in: Vec<String>,
    flag: Option<String>,
    #[serde(default)]
    ask_sectors: Vec<Sector>,
}

impl Head {
    fn of(table: &RegimeTable) -> Head {
        let t = table.clone();
        Head {
            status: t.status,
            valid_from: t.valid_from,
            valid_to: t.valid_to,
            countries: t.countries,
            without_country: t.without_country,
            sectors: t.sectors,
            not_sectors: t.not_sectors,
            people_in: t.people_in,
            flag: t.flag,
            ask_sectors: t.ask_sectors,
        }
    }

    fn in_force(&self, day: NaiveDate) -> bool {
        let in_time = self.valid_from.is_none_or(|from| from.0 <= day) && self.valid_to.is_none_or(|to| day <= to.0);
        // what is repealed was law until its last day
        in_time && (self.status == Status::InForce || (self.status == Status::Repealed && self.valid_to.is_some()))
    }

    fn binds(&self, incident: &Incident) -> bool {
        let sector = incident.file.controller.sector.known();
        self.sectors.as_ref().is_none_or(|bound| sector.is_some_and(|s| bound.contains(&s))) && !sector.is_some_and(|s| self.not_sectors.contains(&s))
    }
}

/// A regime that is there to be selected.
#[derive(Debug)]
pub struct OnShelf {
    id: String,
    head: Head,
    flag: Option<&'static Fact>,
    whole: OnceLock<Loaded<Regime>>,
}

impl OnShelf {
    /// A built-in one, of which only the head is read; `None` where that does not suffice.
    pub fn built_in(id: &str, text: &str) -> Option<OnShelf> {
        Some(OnShelf::new(id, Ready::of(text)?.head()?))
    }

    fn new(id: &str, head: Head) -> OnShelf {
        let flag = head.flag.as_deref().and_then(Fact::at);
        OnShelf { id: id.to_owned(), head, flag, whole: OnceLock::new() }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it hangs on a fact, as the clocks of laws other than those of personal data do.
    pub fn has_flag(&self) -> bool {
        self.head.flag.is_some()
    }

    /// All of it.
    pub fn whole(&self, method: &Method) -> &Loaded<Regime> {
        self.whole.get_or_init(|| built_in_regime(&self.id, method))
    }
}

impl From<Loaded<Regime>> for OnShelf {
    fn from(loaded: Loaded<Regime>) -> OnShelf {
        OnShelf { whole: OnceLock::from(loaded.clone()), ..OnShelf::new(&loaded.reference.id, Head::of(&loaded.table.table)) }
    }
}

/// The regimes for an incident.
#[derive(Clone, Debug, Default)]
pub struct Selected<'a> {
    /// Those that apply.
    pub apply: Vec<&'a Loaded<Regime>>,
    /// Those that may, with the answer on which that hangs.
    pub may: Vec<(&'a Loaded<Regime>, String)>,
    /// Whether none was in force on the day, and they are taken all the same.
    pub out_of_time: bool,
}

/// The regimes of a run.
#[derive(Clone, Copy, Debug)]
pub enum Laws<'a> {
    /// Those the user chose, whatever the incident.
    Chosen(&'a [OnShelf], &'a Method),
    /// All, of which those apply that were in force on a day.
    On(&'a [OnShelf], &'a Method, NaiveDate),
}

impl<'a> Laws<'a> {
    /// The facts that some of them may be selected by.
    pub fn facts(self) -> Facts {
        let (Laws::Chosen(all, _) | Laws::On(all, ..)) = self;
        all.iter().filter_map(|regime| regime.flag).chain([*SECTOR]).map(Fact::index).collect()
    }

    /// Those for an incident, in the order given.
    pub fn select(self, incident: &Incident, country: Option<&Country>) -> Selected<'a> {
        match self {
            Laws::Chosen(chosen, method) => Selected { apply: chosen.iter().map(|r| r.whole(method)).collect(), ..Selected::default() },
            Laws::On(all, method, day) => {
                let selected = select(all, method, incident, country, |head| head.in_force(day));
                if !selected.apply.is_empty() {
                    return selected;
                }
                // a date before every law is likelier a slip than a breach without duties
                let anyway = select(all, method, incident, country, |head| head.status == Status::InForce);
                Selected { out_of_time: !anyway.apply.is_empty(), ..anyway }
            }
        }
    }
}

/// Selects by country, sector, the day and the flags of `[other_law]`.
fn select<'a>(all: &'a [OnShelf], method: &Method, incident: &Incident, country: Option<&Country>, in_force: impl Fn(&Head) -> bool) -> Selected<'a> {
    let mut selected = Selected::default();
    for regime in all.iter().filter(|r| in_force(&r.head) && r.head.binds(incident)) {
        let head = &regime.head;
        let flag = regime.flag.map(|fact| (fact.path, fact.get(incident)));
        let asked = || head.ask_sectors.iter().any(|s| incident.file.controller.sector.is(*s));
        let opens = match flag {
            None | Some((_, Value::Flag(true) | Value::Unknown)) => true,
            Some((_, Value::LeftOut)) => asked(),
            Some(_) => false,
        };
        // where is asked for last, since countries are many
        if !opens {
            continue;
        }
        let (here, nowhere) = match country {
            Some(country) => {
                let concerned = incident.file.controller.countries_concerned.0.iter().any(|c| head.people_in.contains(&c.0));
                (concerned || head.countries.iter().any(|c| *c == country.id || country.groups.contains(c)), false)
            }
            None => (head.without_country, !head.without_country && head.sectors.is_some()),
        };
        if !here && !nowhere {
            continue;
        }
        match flag {
            None | Some((_, Value::Flag(true))) if here => selected.apply.push(regime.whole(method)),
            None if nowhere => selected.may.push((regime.whole(method), "controller.country".to_owned())),
            Some((path, _)) if here => selected.may.push((regime.whole(method), path.to_owned())),
            _ => {}
        }
    }
    selected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{Choice, Kind, Tables};

    #[test]
    fn the_head_of_every_built_in_regime_says_what_the_whole_says() {
        let tables = Tables::default();
        let pairs = Tables::built_in_ids(Kind::Method).flat_map(|method| Tables::built_in_ids(Kind::Regime).map(move |id| (method, id)));
        for (method, id) in pairs {
            let method = tables.method(&Choice::Id(method.into())).unwrap().table;
            let whole = tables.regime(&Choice::Id(id.into()), &method).unwrap();
            let shelved = OnShelf::built_in(id, tables.text(Kind::Regime, id).unwrap()).expect(id);
            assert_eq!(shelved.head, Head::of(&whole.table.table), "{id}");
            assert_eq!(shelved.flag.map(|f| f.path), whole.table.flag.map(|f| f.path), "{id}");
            assert_eq!(shelved.whole(&method).reference, whole.reference, "{id}");
        }
    }
}
