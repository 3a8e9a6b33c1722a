//! Stored assessments, and what makes them stale: another input, other tables, another outcome.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Finding, Says, Subject, Value, quote};
use crate::bounds::{self, LARGEST_FILE};
use crate::incident::text;
use crate::render::{json, time};
use crate::tables::{Kind, Ref};

/// What an assessment rests on and came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// The incident's id.
    pub id: String,
    /// The time it was made for.
    as_of: String,
    /// The digest of the incident's bytes.
    sha256: String,
    method: Ref,
    practice: Ref,
    regimes: Vec<Ref>,
    country: Option<Ref>,
    outcome: String,
}

impl Stamp {
    /// The stamp of an assessment made now.
    pub fn of(subject: &Subject<'_>, sha256: String) -> Stamp {
        let a = subject.assessment;
        Stamp {
            id: text(&subject.incident.file.id).unwrap_or_default().to_owned(),
            as_of: time(a.as_of),
            sha256,
            method: a.method.clone(),
            practice: a.practice.clone(),
            regimes: a.regimes.iter().copied().cloned().collect(),
            country: a.country.cloned(),
            outcome: a.decision.outcome.id().to_owned(),
        }
    }
}

/// Assessments as `assess --format json` or `jsonl` wrote them.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    by_id: BTreeMap<String, Stamp>,
    /// The only one, where there is only one.
    only: Option<Stamp>,
}

/// One object of the file: an assessment, or the error in the place of one.
#[derive(Deserialize)]
struct Object {
    format: Option<String>,
    error: Option<IgnoredAny>,
    as_of: Option<String>,
    tables: Option<TablesOf>,
    incident: Option<IncidentOf>,
    decision: Option<DecisionOf>,
}

#[derive(Deserialize)]
struct TablesOf {
    method: Ref,
    practice: Ref,
    regimes: Vec<Ref>,
    country: Option<Ref>,
}

#[derive(Deserialize)]
struct IncidentOf {
    id: Option<String>,
    sha256: String,
}

#[derive(Deserialize)]
struct DecisionOf {
    outcome: String,
}

impl Stored {
    /// Reads assessments: one object after another, whatever stands between them. Of several of one incident the last counts; the errors of inputs
    /// that could not be assessed are passed over.
    ///
    /// # Errors
    /// Why the bytes are none, as a sentence's end.
    pub fn read(bytes: &[u8]) -> Result<Stored, String> {
        let mut stored = Stored::default();
        stored.add(bytes)?;
        stored.whole()
    }

    /// Reads some more, of a file that comes piece by piece.
    ///
    /// # Errors
    /// Why the bytes are none, as a sentence's end.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), String> {
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(format!("is {}; JSON Lines may be of any length", bounds::too_large().message));
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        for object in serde_json::Deserializer::from_slice(bytes).into_iter::<Object>() {
            if let Some(stamp) = stamp(object.map_err(|e| format!("is no stored assessment: {e}"))?)? {
                self.only = self.by_id.is_empty().then(|| stamp.clone());
                self.by_id.insert(stamp.id.clone(), stamp);
            }
        }
        Ok(())
    }

    /// All that was read.
    ///
    /// # Errors
    /// That this is nothing, as a sentence's end.
    pub fn whole(self) -> Result<Stored, String> {
        match self.by_id.is_empty() {
            true => Err(format!("holds no stored assessment ({}), as `assess --format json` writes it", json::FORMAT)),
            false => Ok(self),
        }
    }

    /// The assessment of an incident; of the only incident of a run, the only one there is.
    pub fn of(&self, id: &str, only_incident: bool) -> Option<&Stamp> {
        self.by_id.get(id).or(self.only.as_ref().filter(|_| only_incident))
    }
}

fn stamp(object: Object) -> Result<Option<Stamp>, String> {
    let Object { format, error, as_of, tables, incident, decision } = object;
    match (format, tables, incident, decision) {
        (None, ..) if error.is_some() => Ok(None),
        (Some(format), Some(tables), Some(incident), Some(decision)) if format == json::FORMAT => Ok(Some(Stamp {
            id: incident.id.unwrap_or_default(),
            as_of: as_of.unwrap_or_default(),
            sha256: incident.sha256,
            method: tables.method,
            practice: tables.practice,
            regimes: tables.regimes,
            country: tables.country,
            outcome: decision.outcome,
        })),
        (Some(format), ..) if format != json::FORMAT => {
            Err(format!("is no stored assessment: its format is {:?}; allowed: {}", quote(&format), json::FORMAT))
        }
        _ => Err(format!("is no stored assessment: `format`, `tables`, `incident` or `decision` is missing (allowed: {})", json::FORMAT)),
    }
}

/// What makes an old assessment stale: one finding for the input, each table and the outcome.
pub fn stale(now: &Stamp, old: &Stamp) -> Vec<Finding> {
    let finding = |says: Says| Finding::new(says).text("as_of", quote(&old.as_of));
    let mut findings = Vec::new();
    if now.sha256 != old.sha256 {
        findings.push(finding(Says::StaleInputs));
    }
    for (kind, then, now) in tables(now, old) {
        findings.push(finding(Says::StaleTable).text("kind", kind.noun()).with("then", reference(then)).with("now", reference(now)));
    }
    if now.outcome != old.outcome {
        findings.push(finding(Says::StaleOutcome).text("then", quote(&old.outcome)).text("now", &now.outcome));
    }
    findings
}

/// Every table that is another now than then.
fn tables<'a>(now: &'a Stamp, old: &'a Stamp) -> Vec<(Kind, Option<&'a Ref>, Option<&'a Ref>)> {
    let mut pairs = vec![
        (Kind::Method, Some(&old.method), Some(&now.method)),
        (Kind::Practice, Some(&old.practice), Some(&now.practice)),
        (Kind::Country, old.country.as_ref(), now.country.as_ref()),
    ];
    let by_id = |all: &'a [Ref], id: &str| all.iter().find(|r| r.id == id);
    pairs.extend(old.regimes.iter().map(|then| (Kind::Regime, Some(then), by_id(&now.regimes, &then.id))));
    let new = now.regimes.iter().filter(|r| by_id(&old.regimes, &r.id).is_none());
    pairs.extend(new.map(|now| (Kind::Regime, None, Some(now))));
    pairs.into_iter().filter(|(_, then, now)| then != now).collect()
}

/// A table by its id and version, with the digest by which one version differs from itself.
fn reference(table: Option<&Ref>) -> Value {
    let digest = |r: &Ref| r.sha256.chars().take(8).collect::<String>();
    table.map_or(Value::Word("none"), |r| Value::Text(format!("{} {} ({})", quote(&r.id), quote(&r.version), digest(r))))
}
