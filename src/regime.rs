//! A regime: a law that binds somebody after a breach. Read from `data/regimes/`, or from a user's own file by the same loader.

mod bound;
mod select;

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::clock::{Counting, Period, Unit};
use crate::condition::{Condition, Conditions, Written};
use crate::content;
use crate::fact::{Fact, Facts};
use crate::incident::format::Kind;
use crate::incident::words::{Risk, Role, Sector};
use crate::method::Method;
use crate::provenance::{Day, EMPTY, Source, Sure, check_cites, check_head};
use crate::tables::Wrong;
use crate::tongues::Tongues;

pub use bound::{Bound, Holds, Places};
pub use select::{Laws, OnShelf, Selected};

/// A regime as its file writes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RegimeTable {
    pub schema: u32,
    pub id: String,
    pub version: String,
    pub title: String,
    pub checked: Day,
    pub note: Option<String>,
    pub sources: Vec<Source>,
    /// The law, by its official short name.
    pub law: String,
    pub status: Status,
    /// The first and the last day it is in force.
    pub valid_from: Option<Day>,
    pub valid_to: Option<Day>,
    /// Who is bound, in words.
    pub who: String,
    /// Countries and groups of countries it binds in.
    pub countries: Vec<String>,
    /// Whether it is taken where the incident names no country, or one without a table.
    #[serde(default)]
    pub without_country: bool,
    /// Sectors it binds; left out: all.
    pub sectors: Option<Vec<Sector>>,
    /// Sectors it does not bind.
    #[serde(default)]
    pub not_sectors: Vec<Sector>,
    /// Countries whose people it protects also where the controller is elsewhere.
    #[serde(default)]
    pub people_in: Vec<String>,
    /// Sectors that in some countries answer to a body of their own.
    #[serde(default)]
    pub own_bodies: Vec<Sector>,
    /// The fact that opens it, of `[other_law]`.
    pub flag: Option<String>,
    /// Sectors in which that fact is asked for where it is left out.
    #[serde(default)]
    pub ask_sectors: Vec<Sector>,
    #[serde(default)]
    pub duties: Vec<DutyTable>,
    #[serde(default)]
    pub exemptions: Vec<ExemptionTable>,
    #[serde(default)]
    pub orders: Vec<ExemptionTable>,
    /// Duties of other regimes that fall away where this one applies.
    #[serde(default)]
    pub displaces: Vec<Displaced>,
}

/// Where a law stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Status {
    InForce,
    Proposal,
    Repealed,
}

/// A duty that another regime takes the place of.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Displaced {
    pub regime: String,
    pub action: Action,
}

/// What a duty asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema, serde::Serialize, IntoStaticStr, EnumString, VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Action {
    Register,
    NotifyController,
    NotifyAuthority,
    NotifyAuthoritySecond,
    NotifyDataSubjects,
    PublicCommunication,
    NotifyOther,
}

/// From which risk on a duty exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Threshold {
    EveryBreach,
    Risk,
    High,
}

impl Threshold {
    /// Whether a risk reaches it.
    pub fn reached(self, risk: Risk) -> bool {
        match self {
            Threshold::EveryBreach => true,
            Threshold::Risk => risk >= Risk::Risk,
            Threshold::High => risk >= Risk::High,
        }
    }
}

/// Towards whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Addressee {
    OwnRegister,
    Authority,
    Controllers,
    DataSubjects,
    Other,
}

/// What starts a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, serde::Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs)]
pub enum Start {
    Aware,
    ToldByProcessor,
    Detected,
    Notified,
    IncidentAware,
    Classified,
}

/// A duty as a regime writes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DutyTable {
    pub action: Action,
    pub roles: Vec<Role>,
    pub threshold: Threshold,
    #[serde(default)]
    pub when: Vec<Written>,
    pub to: Addressee,
    /// The addressee where no table names one.
    pub to_text: String,
    pub provision: String,
    pub qualifier: Option<String>,
    pub deadline: Option<DeadlineTable>,
    #[serde(default)]
    pub content: Vec<ContentTable>,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// A deadline as a regime writes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DeadlineTable {
    pub amount: u32,
    pub unit: Unit,
    pub counting: Counting,
    /// What starts it; of several the earliest.
    pub start: Vec<Start>,
    /// What it is taken to start with where none of them is given.
    pub assume: Option<Start>,
    /// More hours than this between the first signal and the start, and somebody will ask why.
    pub question_after_hours: Option<u32>,
    /// The answer that is asked for where none of `start` is given.
    pub ask: Option<String>,
}

impl DeadlineTable {
    /// The period alone.
    pub fn period(&self) -> Period {
        Period { amount: self.amount, unit: self.unit, counting: self.counting }
    }
}

/// Something that the fulfilment of a duty must hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ContentTable {
    /// The answer of the incident file.
    pub path: String,
    /// Others that do as well.
    #[serde(default)]
    pub or: Vec<String>,
    pub provision: String,
    #[serde(default)]
    pub needed: Needed,
}

/// When a content is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Needed {
    #[default]
    Always,
    /// Only where nothing more than the register is required.
    RegisterOnly,
    /// Only once the duty is late.
    Late,
}

/// An exemption from a duty, or an order that stands above them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ExemptionTable {
    pub id: String,
    /// The duty it is about.
    pub action: Action,
    /// Whether it needs that nothing but confidentiality carries the risk.
    #[serde(default)]
    pub confidentiality_only: bool,
    pub when: Vec<Written>,
    /// Exceptions: facts that speak against it.
    #[serde(default)]
    pub unless: Vec<Written>,
    /// The answer that gives its reason, which must be recorded.
    pub reason: Option<String>,
    /// What comes in the place of the duty.
    pub instead: Option<Action>,
    pub provision: String,
    pub ground: String,
    pub text: Tongues,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// A checked regime.
#[derive(Clone, Debug)]
pub struct Regime {
    /// As written.
    pub table: RegimeTable,
    /// The conditions of its duties.
    pub duties: Vec<Conditions>,
    /// The conditions of its exemptions.
    pub exemptions: Vec<Conditions>,
    /// The exceptions of its exemptions, which all of one id have together.
    pub unless: Vec<Conditions>,
    /// The conditions of its orders.
    pub orders: Vec<Conditions>,
    /// The fact that opens it.
    pub flag: Option<&'static Fact>,
    /// The facts on which its conditions hang.
    pub looks: Facts,
}

impl Regime {
    /// Checks a regime.
    ///
    /// # Errors
    /// Everything that does not hold together.
    pub fn build(table: RegimeTable, method: &Method) -> Result<Regime, Vec<Wrong>> {
        let mut wrong = check_head(table.schema, &table.id, &table.version, &table.title, table.checked, &table.sources);
        for (path, text) in [("law", &table.law), ("who", &table.who)] {
            if text.trim().is_empty() {
                wrong.push((path.into(), EMPTY.into()));
            }
        }
        if table.countries.is_empty() && !table.without_country {
            wrong.push(("countries".into(), "empty, so that it would bind nobody; list countries or groups of them".into()));
        }
        if let (Some(from), Some(to)) = (table.valid_from, table.valid_to)
            && to < from
        {
            wrong.push(("valid_to".into(), "before `valid_from`; change one of them".into()));
        }
        let conditions = |written: &[Written], path: fmt::Arguments<'_>, wrong: &mut Vec<Wrong>| -> Vec<Condition> {
            written.iter().enumerate().filter_map(|(i, c)| c.check(format_args!("{path}[{i}]"), method, wrong)).collect()
        };
        let mut duties = Vec::new();
        for (i, duty) in table.duties.iter().enumerate() {
            let path = format!("duties[{i}]");
            if duty.roles.is_empty() {
                wrong.push((format!("{path}.roles"), "empty, so that it would bind nobody; list who is bound".into()));
            }
            if duty.provision.trim().is_empty() {
                wrong.push((format!("{path}.provision"), EMPTY.into()));
            }
            if duty.deadline.as_ref().is_some_and(|d| d.start.is_empty()) {
                wrong.push((format!("{path}.deadline.start"), "empty, so that the clock would never start; list what starts it".into()));
            }
            for (j, item) in duty.content.iter().enumerate() {
                for name in std::iter::once(&item.path).chain(&item.or) {
                    if !content::known(name) {
                        wrong.push((
                            format!("{path}.content[{j}].path"),
                            format!(
                                "\"{name}\" is not an answer that contents are made of; allowed: {}",
                                content::PATHS.iter().map(|(p, _)| *p).collect::<Vec<_>>().join(", ")
                            ),
                        ));
                    }
                }
            }
            wrong.extend(check_cites(format_args!("{path}.source"), &duty.source, &table.sources));
            duties.push(conditions(&duty.when, format_args!("{path}.when"), &mut wrong).into());
        }
        let mut exceptions = Vec::new();
        for (i, exemption) in table.exemptions.iter().enumerate() {
            let path = format!("exemptions[{i}]");
            if exemption.reason.as_deref().is_some_and(|reason| !content::known(reason)) {
                wrong.push((format!("{path}.reason"), "is not an answer that contents are made of".into()));
            }
            exceptions.push((&exemption.id, conditions(&exemption.unless, format_args!("{path}.unless"), &mut wrong)));
        }
        let of = |id: &String| exceptions.iter().filter(|(other, _)| *other == id).flat_map(|(_, all)| all.clone()).collect::<Vec<_>>().into();
        let unless: Vec<Conditions> = exceptions.iter().map(|(id, _)| of(id)).collect();
        let mut lists = [Vec::new(), Vec::new()];
        for (list, (name, tables)) in lists.iter_mut().zip([("exemptions", &table.exemptions), ("orders", &table.orders)]) {
            for (i, exemption) in tables.iter().enumerate() {
                let path = format!("{name}[{i}]");
                if exemption.when.is_empty() {
                    wrong.push((format!("{path}.when"), "no condition, so that it would always hold; say when it holds".into()));
                }
                if !table.duties.iter().any(|d| d.action == exemption.action) {
                    wrong.push((format!("{path}.action"), "not a duty of this regime; name one of its duties".into()));
                }
                wrong.extend(check_cites(format_args!("{path}.source"), &exemption.source, &table.sources));
                list.push(conditions(&exemption.when, format_args!("{path}.when"), &mut wrong).into());
            }
        }
        let flag = table.flag.as_ref().and_then(|name| {
            let fact = Fact::at(name).filter(|f| f.kind() == Kind::Flag);
            if fact.is_none() {
                wrong.push((
                    "flag".into(),
                    format!("\"{name}\" is not a true-or-false fact of the incident format; write one, such as other_law.nis2_significant"),
                ));
            }
            fact
        });
        let [exemptions, orders] = lists;
        let looks = [&duties, &exemptions, &unless, &orders].into_iter().flatten().fold(Facts::NONE, |all, when: &Conditions| all.with(&when.looks));
        let regime = Regime { duties, exemptions, unless, orders, flag, looks, table };
        for (name, many) in [("duties", regime.duties.len()), ("exemptions", regime.exemptions.len()), ("orders", regime.orders.len())] {
            if many > Places::MOST {
                wrong.push((name.into(), format!("{many} of them; at most {} are allowed", Places::MOST)));
            }
        }
        if wrong.is_empty() { Ok(regime) } else { Err(wrong) }
    }
}
