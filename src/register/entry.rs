//! An entry: what GDPR art. 33(5) asks to be documented, before the assessment and the incident that it rests on.

use serde::{Deserialize, Serialize};

use super::line::{self, LONGEST, ORIGIN};
use super::shared::Shared;
use crate::assess::Assessment;
use crate::duties::{Duty, DutyStatus, Outcome, Time};
use crate::incident::answer::{Answer, Count, UNKNOWN};
use crate::incident::moment::Moment;
use crate::incident::raw::{List, Text};
use crate::incident::words::*;
use crate::incident::{Incident, text};
use crate::lint::Found;
use crate::quarters::Quarters;
use crate::regime::Action;
use crate::render::{json, time};
use crate::texts::Texts;

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A personal data breach.
    Breach,
    /// Something that was found not to be one.
    NotABreach,
}

/// What is to be seen at a glance: all that a list needs, and little, so that a long register is listed quickly. A value that is not known is null, an
/// empty list `[]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Entry {
    pub format: Shared,
    /// Its number in the register, from 1.
    pub sequence: u64,
    /// When it was made, RFC 3339.
    pub recorded_at: String,
    /// The version of the program that made it.
    pub breach: Shared,
    pub kind: Kind,
    /// The incident's number; a later entry of the same number takes the place of this one.
    pub id: String,
    pub title: Option<String>,
    pub controller: Option<Shared>,
    pub country: Option<Shared>,
    pub role: Role,
    pub related: Vec<String>,
    /// When it happened and when it became known, as the incident says it.
    pub occurred: Option<String>,
    pub aware: Option<String>,
    /// How many people, how many records; null where that is not known.
    pub people: Option<u64>,
    pub records: Option<u64>,
    pub data: Vec<Category>,
    pub level: Option<Level>,
    pub score: Option<Quarters>,
    pub risk: Option<Risk>,
    /// The risk by the rules alone.
    pub computed: Option<Risk>,
    /// The risk in the controller's own word.
    pub decided: Option<Risk>,
    pub outcome: Option<Outcome>,
    pub duties: Vec<Due>,
    /// How many things the duties still asked for.
    pub missing: usize,
    pub procedure: Procedure,
}

/// What GDPR art. 33(5) asks to be documented, in the words of whoever did: the facts, the effects, the remedial action; and the reasons. All facts
/// stand in the incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Record {
    pub facts: Option<String>,
    pub events: Vec<String>,
    pub cause: Option<Cause>,
    pub groups: Vec<String>,
    pub items: Vec<String>,
    pub effects: Vec<String>,
    pub measures: Measures,
    pub decision: Reasons,
    pub delay_reason: Option<String>,
    pub allowed: Vec<Allowed>,
}

/// What was done about it, and against it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Measures {
    pub before: Vec<String>,
    pub taken: Vec<String>,
    pub planned: Vec<String>,
    /// What people were advised to do.
    pub advice: Vec<String>,
}

/// The reasons of the decision: of the controller's own word, for not notifying, or for its being no breach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Reasons {
    pub why: Option<String>,
    pub by: Option<String>,
    pub dpo_advice: Option<String>,
}

/// The house's incident policy and whether it was followed (NAIH asks for both).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Procedure {
    pub policy: Option<Shared>,
    /// Null where nobody said, or where it is not known.
    pub followed: Option<bool>,
}

/// A duty as it stood when the entry was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Due {
    pub regime: Shared,
    pub action: Action,
    pub required: bool,
    pub to: Shared,
    pub provision: Shared,
    pub status: DutyStatus,
    pub deadline: Option<String>,
    pub outer_deadline: Option<String>,
    pub done_at: Option<String>,
}

/// Something that looks like personal data of somebody affected and may stand in the register all the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Allowed {
    /// The answer that holds it.
    pub path: String,
    /// The character at which it begins, from 1.
    pub place: usize,
    /// What it looks like.
    pub kind: String,
    /// Its first and last sign.
    pub masked: String,
    /// Why it may stand there.
    pub reason: String,
}

impl Allowed {
    /// A finding, and why it may stand.
    pub fn new(found: &Found, reason: &str) -> Allowed {
        let Found { path, place, kind, masked } = found.clone();
        Allowed { path, place, kind: kind.id().to_owned(), masked, reason: reason.to_owned() }
    }
}

/// All of an entry but its place in the chain, which it gets when it is written.
#[derive(Clone, Debug)]
pub struct Draft {
    entry: Entry,
    rest: String,
}

/// An entry that is longer than a line of the register may be.
#[derive(Debug, thiserror::Error)]
#[error("the entry of {id} would have {length} bytes; allowed: {LONGEST}")]
pub struct TooLong {
    id: String,
    length: usize,
}

/// What an entry says of an assessed incident, and the assessment as `assess --format json` gives it.
pub struct Assessed<'a> {
    /// What was made of the incident.
    pub assessment: &'a Assessment<'a>,
    /// Where the incident came from.
    pub input: &'a json::Input,
    /// English, which JSON speaks.
    pub english: &'a Texts,
}

impl Draft {
    /// The entry of an incident; without an assessment, of something that was found not to be a breach.
    ///
    /// # Errors
    /// If it would be longer than a line may be.
    pub fn new(incident: &Incident, assessed: Option<&Assessed<'_>>, recorded_at: Time, allowed: Vec<Allowed>) -> Result<Draft, TooLong> {
        let assessment = match assessed {
            Some(a) => json::write(a.assessment, incident, a.input, a.english, false),
            None => "null".to_owned(),
        };
        // plain structs with text keys: there is nothing in them that JSON cannot hold
        let given = serde_json::to_string(&incident.as_given()).unwrap_or_else(|e| unreachable!("{e}"));
        let record = serde_json::to_string(&record(incident, allowed)).unwrap_or_else(|e| unreachable!("{e}"));
        let entry = entry(incident, assessed.map(|a| a.assessment), recorded_at);
        let draft = Draft { entry, rest: format!("\"record\":{record},\"assessment\":{assessment},\"incident\":{given}") };
        match draft.line(u64::MAX, ORIGIN).len() - 1 {
            length if length > LONGEST => Err(TooLong { id: draft.entry.id, length }),
            _ => Ok(draft),
        }
    }

    /// The incident's number.
    pub fn id(&self) -> &str {
        &self.entry.id
    }

    /// The line that it becomes.
    pub fn line(&self, sequence: u64, prev: &str) -> String {
        line::write(prev, &Entry { sequence, ..self.entry.clone() }, &self.rest)
    }
}

/// A text of the user's, where there is one.
fn own(given: &Option<Text>) -> Option<String> {
    text(given).map(|t| t.trim().to_owned())
}

/// The same, where very many entries have it.
fn shared(given: &Option<Text>) -> Option<Shared> {
    text(given).map(|t| t.trim().into())
}

/// The texts of a list that say anything.
fn all(list: &List<Text>) -> Vec<String> {
    list.0.iter().map(|t| t.0.trim().to_owned()).filter(|t| !t.is_empty()).collect()
}

fn entry(incident: &Incident, assessment: Option<&Assessment<'_>>, recorded_at: Time) -> Entry {
    let file = &incident.file;
    let decision = assessment.map(|a| &a.decision);
    let number = |count: Answer<Count>| count.known().map(|n| n.0);
    Entry {
        format: line::FORMAT.into(),
        sequence: 0,
        recorded_at: time(recorded_at),
        breach: env!("CARGO_PKG_VERSION").into(),
        kind: if assessment.is_some() { Kind::Breach } else { Kind::NotABreach },
        id: own(&file.id).unwrap_or_default(),
        title: own(&file.title),
        controller: shared(&file.controller.name),
        country: shared(&file.controller.country),
        role: incident.role(),
        related: all(&file.related),
        occurred: file.timeline.occurred.map(moment),
        aware: file.timeline.aware.or(file.timeline.told_by_processor).or(file.timeline.detected).map(moment),
        people: number(file.subjects.count),
        records: number(file.subjects.records),
        data: incident.data.iter().map(|d| d.category).collect(),
        level: assessment.map(|a| a.severity.level),
        score: assessment.map(|a| a.severity.score()),
        risk: decision.map(|d| d.risk),
        computed: decision.map(|d| d.computed),
        decided: file.decision.risk.known(),
        outcome: decision.map(|d| d.outcome),
        duties: assessment.map(|a| a.duties.iter().map(due).collect()).unwrap_or_default(),
        missing: assessment.map_or(0, |a| a.missing.len()),
        procedure: Procedure { policy: shared(&file.procedure.policy), followed: file.procedure.followed.known() },
    }
}

fn record(incident: &Incident, allowed: Vec<Allowed>) -> Record {
    let file = &incident.file;
    let notification = &file.notification;
    Record {
        facts: own(&file.description),
        events: file.event.kind.0.iter().map(|kind| kind.known().map_or(UNKNOWN, Word::id).to_owned()).collect(),
        cause: file.event.cause.known(),
        groups: all(&file.subjects.groups),
        items: incident.data.iter().flat_map(|d| d.items.iter().cloned()).collect(),
        effects: all(&notification.consequences),
        measures: Measures {
            before: all(&notification.measures_before),
            taken: all(&notification.measures_taken),
            planned: all(&notification.measures_planned),
            advice: all(&notification.advice),
        },
        decision: Reasons { why: own(&file.decision.why), by: own(&file.decision.by), dpo_advice: own(&file.decision.dpo_advice) },
        delay_reason: own(&file.timeline.delay_reason),
        allowed,
    }
}

fn moment(moment: Moment) -> String {
    match moment {
        Moment::Instant(t) => time(t),
        other => serde_json::to_value(other).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
    }
}

fn due(d: &Duty<'_>) -> Due {
    Due {
        regime: d.regime.into(),
        action: d.action,
        required: d.required,
        to: d.to.into(),
        provision: d.provision.into(),
        status: d.status,
        deadline: d.deadline.map(time),
        outer_deadline: d.outer_deadline.map(time),
        done_at: d.done_at.map(time),
    }
}
