//! The register held against the tables of today: which decisions would differ and why, and which incidents with the same answers were decided
//! otherwise. Nothing is rewritten.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::each::Whole;
use super::entry::{Entry, Kind};
use crate::assess::{Assessment, assess};
use crate::check::together;
use crate::desk::Desk;
use crate::diag;
use crate::duties::{Outcome, Time};
use crate::incident::Incident;
use crate::incident::read::{self, Syntax};
use crate::incident::words::*;
use crate::quarters::Quarters;
use crate::regime::Action;
use crate::tables::{Ref, TableError};

/// What an assessment came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Came {
    pub score: Quarters,
    pub level: Level,
    pub computed: Risk,
    pub risk: Risk,
    pub outcome: Outcome,
    /// The duties required: regime and action.
    pub duties: Vec<String>,
}

/// A table that is another now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct TableChange {
    pub kind: &'static str,
    pub then: Option<Ref>,
    pub now: Option<Ref>,
}

/// A rule that spoke in one of the assessments only, or to another effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct RuleChange {
    pub id: String,
    /// `raise to high`, `release` …; null where it did not speak.
    pub then: Option<String>,
    pub now: Option<String>,
}

/// An entry whose decision would differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Differs {
    pub sequence: u64,
    pub id: String,
    pub recorded_at: String,
    pub then: Came,
    pub now: Came,
    pub tables: Vec<TableChange>,
    pub rules: Vec<RuleChange>,
}

/// An entry that cannot be scored again.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Unreadable {
    pub sequence: u64,
    pub id: String,
    pub problems: Vec<Problem>,
}

/// Why an entry cannot be scored again.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// It holds no assessment with which another could be compared.
    Assessment,
    /// It holds no incident, or one with something in it that the method and the format of today do not know.
    Incident(diag::Finding),
}

/// Two entries with the same answers and other decisions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Inconsistent {
    pub sequence: u64,
    pub id: String,
    pub risk: Risk,
    pub outcome: Outcome,
    pub other_sequence: u64,
    pub other_id: String,
    pub other_risk: Risk,
    pub other_outcome: Outcome,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many entries were scored again.
    pub entries: usize,
    /// The decisions that would differ.
    pub differs: Vec<Differs>,
    /// What could not be scored again.
    pub unreadable: Vec<Unreadable>,
    /// The same answers, other decisions.
    pub inconsistent: Vec<Inconsistent>,
}

impl Report {
    /// Whether there is anything to look at.
    pub fn is_clean(&self) -> bool {
        self.differs.is_empty() && self.unreadable.is_empty() && self.inconsistent.is_empty()
    }
}

/// A run over the entries of a register.
#[derive(Default)]
pub struct Run {
    report: Report,
    /// By the digest of the answers: the entries with them, and what was recorded.
    decided: BTreeMap<String, Vec<(u64, String, Risk, Outcome)>>,
}

/// What is compared of the assessment that an entry holds.
#[derive(Deserialize)]
struct Then {
    tables: TablesThen,
    decision: DecisionThen,
}

#[derive(Deserialize)]
struct TablesThen {
    method: Ref,
    practice: Ref,
    regimes: Vec<Ref>,
    country: Option<Ref>,
}

#[derive(Deserialize)]
struct DecisionThen {
    rules: Vec<RuleThen>,
}

#[derive(Deserialize)]
struct RuleThen {
    id: String,
    effect: String,
    to: Option<Risk>,
}

impl Run {
    /// Scores an entry again. What was found not to be a breach has no score.
    ///
    /// The time is that of the entry, so that nothing but tables can make a difference.
    ///
    /// # Errors
    /// If a table cannot be had.
    pub fn take(&mut self, whole: &Whole<'_>, desk: &mut Desk) -> Result<(), TableError> {
        let entry = &whole.entry;
        if entry.kind == Kind::NotABreach {
            return Ok(());
        }
        let value = whole.value().unwrap_or_default();
        let then = Then::deserialize(&value["assessment"]).ok();
        let at = chrono::DateTime::parse_from_rfc3339(&entry.recorded_at).ok();
        let problems = match (then, recorded(entry), at, incident(&value["incident"], desk)) {
            (Some(then), Some(recorded), Some(at), Ok(incident)) => return self.again(entry, &then, recorded, &incident, desk, at),
            (_, _, _, Err(problems)) => problems.into_iter().map(Problem::Incident).collect(),
            _ => vec![Problem::Assessment],
        };
        self.report.unreadable.push(Unreadable { sequence: entry.sequence, id: entry.id.clone(), problems });
        Ok(())
    }

    fn again(&mut self, entry: &Entry, then: &Then, recorded: Came, incident: &Incident, desk: &mut Desk, at: Time) -> Result<(), TableError> {
        self.report.entries += 1;
        let picked = desk.pick(incident)?;
        let a = desk.with(&picked, incident, at, |rules| assess(incident, rules, at, false));
        let decided = entry.decided.unwrap_or(recorded.computed);
        let same = self.decided.entry(together::answers(incident, &a)).or_default();
        same.push((entry.sequence, entry.id.clone(), decided, recorded.outcome));
        let now = came(&a);
        let decision = |c: &Came| (c.computed, c.risk, c.outcome, c.duties.clone());
        if decision(&now) != decision(&recorded) {
            self.report.differs.push(Differs {
                sequence: entry.sequence,
                id: entry.id.clone(),
                recorded_at: entry.recorded_at.clone(),
                tables: tables(&then.tables, &a),
                rules: rules(&then.decision.rules, &a),
                then: recorded,
                now,
            });
        }
        Ok(())
    }

    /// Holds the decisions against each other, and gives the result.
    pub fn finish(self) -> Report {
        let Run { mut report, decided } = self;
        for group in decided.values() {
            for (sequence, id, risk, outcome) in group {
                // two states of one incident are no inconsistency
                let other = group.iter().find(|o| o.1 != *id && (o.2, o.3) != (*risk, *outcome));
                report.inconsistent.extend(other.map(|other| Inconsistent {
                    sequence: *sequence,
                    id: id.clone(),
                    risk: *risk,
                    outcome: *outcome,
                    other_sequence: other.0,
                    other_id: other.1.clone(),
                    other_risk: other.2,
                    other_outcome: other.3,
                }));
            }
        }
        report.inconsistent.sort_by_key(|i| i.sequence);
        report
    }
}

/// The incident as the entry holds it; the house's settings of today have no part in it.
fn incident(value: &Value, desk: &Desk) -> Result<Incident, Vec<diag::Finding>> {
    read::read(value.to_string().as_bytes(), Syntax::Json, desk.method())
}

fn duty(regime: &str, action: Action) -> String {
    format!("{regime} {}", <&str>::from(action))
}

fn recorded(entry: &Entry) -> Option<Came> {
    Some(Came {
        score: entry.score?,
        level: entry.level?,
        computed: entry.computed?,
        risk: entry.risk?,
        outcome: entry.outcome?,
        duties: entry.duties.iter().filter(|d| d.required).map(|d| duty(&d.regime, d.action)).collect(),
    })
}

fn came(a: &Assessment<'_>) -> Came {
    Came {
        score: a.severity.score(),
        level: a.severity.level,
        computed: a.decision.computed,
        risk: a.decision.risk,
        outcome: a.decision.outcome,
        duties: a.duties.iter().filter(|d| d.required).map(|d| duty(d.regime, d.action)).collect(),
    }
}

fn tables(then: &TablesThen, now: &Assessment<'_>) -> Vec<TableChange> {
    use crate::tables::Kind;
    let mut pairs = vec![(Kind::Method, Some(&then.method), Some(now.method)), (Kind::Practice, Some(&then.practice), Some(now.practice))];
    pairs.push((Kind::Country, then.country.as_ref(), now.country));
    pairs.extend(then.regimes.iter().map(|r| (Kind::Regime, Some(r), now.regimes.iter().copied().find(|n| n.id == r.id))));
    pairs.extend(now.regimes.iter().filter(|n| !then.regimes.iter().any(|r| r.id == n.id)).map(|n| (Kind::Regime, None, Some(*n))));
    let changed = pairs.into_iter().filter(|(_, then, now)| then != now);
    changed.map(|(kind, then, now)| TableChange { kind: kind.noun(), then: then.cloned(), now: now.cloned() }).collect()
}

fn rules(then: &[RuleThen], now: &Assessment<'_>) -> Vec<RuleChange> {
    let effect = |effect: &str, to: Option<Risk>| to.map_or(effect.to_owned(), |to| format!("{effect} to {}", to.id()));
    let now: Vec<(String, String)> = now.decision.rules.iter().map(|r| (r.id.to_owned(), effect(r.effect.into(), r.to))).collect();
    let then: Vec<(String, String)> = then.iter().map(|r| (r.id.clone(), effect(&r.effect, r.to))).collect();
    let of = |all: &[(String, String)], id: &str| all.iter().find(|(other, _)| other == id).map(|(_, effect)| effect.clone());
    let ids = then.iter().chain(now.iter().filter(|(id, _)| of(&then, id).is_none())).map(|(id, _)| id);
    let both = ids.map(|id| RuleChange { id: id.clone(), then: of(&then, id), now: of(&now, id) });
    both.filter(|change| change.then != change.now).collect()
}
