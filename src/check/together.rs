//! What incidents show beside each other: the same answers decided otherwise, the same cause without a link.
//!
//! **The same answers** are all that rules can look at ([`crate::fact`]), and the tables they are read by. Texts, names and times are none, nor are the
//! reasons somebody put forward (`claims`), which lower nothing. *Decided* is the recorded risk, where none is recorded the computed one, and the outcome.
//!
//! **The same cause** is taken to be there
//! - where the same controller has the same kinds of event from the same cause on the same day of occurrence; a kind other than `other`, the cause and
//!   the day must be known, and two files that name no controller have the same;
//! - where the same processor told on the same day, whichever controllers.
//!
//! Names are compared without regard to case and spacing, days as the files write them. Incidents are linked where one names the other in `related`, or both
//! name a third, however many steps apart; one incident in two files is linked to itself.

use std::collections::BTreeMap;

use super::stored::Stamp;
use super::{Finding, Says, Subject, quote};
use crate::assess::Assessment;
use crate::diag::Place;
use crate::fact::{FACTS, Value};
use crate::incident::moment::Moment;
use crate::incident::words::{EventKind, Risk, Word};
use crate::incident::{Incident, text};
use crate::links;
use crate::tables::sha256;

/// Where an incident names others of the same cause.
pub const RELATED: &str = "related";
/// Where the controller's own word stands.
pub const RISK: &str = "decision.risk";

/// What is kept of an incident to hold others against.
#[derive(Clone, Debug)]
pub struct Sketch {
    /// The number of its input.
    pub input: usize,
    /// Where it stands, of JSON Lines.
    pub place: Option<Place>,
    related: Option<Place>,
    risk: Option<Place>,
    /// What it rests on, where that is held against something stored.
    pub stamp: Option<Stamp>,
    id: String,
    links: Vec<String>,
    /// Digest of the answers.
    answers: String,
    decided: (Risk, &'static str),
    causes: Vec<Cause>,
}

/// What two incidents of the same cause share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Controller, kinds, cause and day.
    Event { controller: String, kinds: String, cause: &'static str, day: String },
    /// Processor and day.
    Processor { name: String, day: String },
}

impl Sketch {
    /// What is to be kept of an incident; `place` knows where its answers stand.
    pub fn of(input: usize, subject: &Subject<'_>, stamp: Option<Stamp>, place: impl Fn(Option<&str>) -> Option<Place>) -> Sketch {
        let Subject { incident, assessment, .. } = subject;
        let decision = &assessment.decision;
        let recorded = decision.own_word.as_ref().map(|own| own.risk);
        Sketch {
            input,
            place: place(None),
            related: place(Some(RELATED)),
            risk: place(Some(RISK)),
            stamp,
            id: text(&incident.file.id).unwrap_or_default().trim().to_owned(),
            links: incident.file.related.0.iter().map(|id| id.0.trim().to_owned()).filter(|id| !id.is_empty()).collect(),
            answers: answers(incident, assessment),
            decided: (recorded.unwrap_or(decision.computed), decision.outcome.id()),
            causes: event(incident).into_iter().chain(processors(incident)).collect(),
        }
    }
}

/// The facts that are no answers about the incident: what somebody put forward, and the decision itself.
const NO_ANSWERS: [&str; 2] = ["claims.reasons", RISK];

/// Digest of all that scores and decides.
pub(crate) fn answers(incident: &Incident, a: &Assessment) -> String {
    let tables = [&a.method, &a.practice].into_iter().chain(&a.regimes).chain(&a.country).map(|r| format!("{} {}", r.id, r.sha256));
    let facts = FACTS.iter().filter(|f| !NO_ANSWERS.contains(&f.path)).map(|fact| match fact.read(incident) {
        // of a time that rules look at only that it is there
        Value::Time(_) => format!("{} given", fact.path),
        value => format!("{} {value:?}", fact.path),
    });
    sha256(&[tables.chain(facts).collect::<Vec<_>>().join("\n").as_bytes()])
}

/// A name as names are compared.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn event(incident: &Incident) -> Option<Cause> {
    let file = &incident.file;
    let known: Option<Vec<EventKind>> = file.event.kind.0.iter().map(|kind| kind.known()).collect();
    let mut kinds: Vec<&str> = known?.into_iter().map(Word::id).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() || kinds == [EventKind::Other.id()] {
        return None;
    }
    Some(Cause::Event {
        controller: text(&file.controller.name).map(plain).unwrap_or_default(),
        kinds: kinds.join(", "),
        cause: file.event.cause.known()?.id(),
        day: file.timeline.occurred?.day()?.to_string(),
    })
}

fn processors(incident: &Incident) -> Vec<Cause> {
    let file = &incident.file;
    let all = &file.processors.0;
    // the timeline's own time is the one processor's
    let told = |at: Option<Moment>| at.or(file.timeline.told_by_processor.filter(|_| all.len() == 1));
    all.iter().filter_map(|p| Some(Cause::Processor { name: plain(text(&p.name)?), day: told(p.told_us)?.day()?.to_string() })).collect()
}

/// The findings of incidents beside each other, each with the number of its input; `names` are the inputs' own.
pub fn findings(sketches: &[Sketch], names: &[String]) -> Vec<(usize, Finding)> {
    let mut findings = inconsistent(sketches, names);
    findings.extend(unlinked(sketches, names));
    findings
}

/// An incident as another's finding names it.
fn named(sketch: &Sketch, names: &[String]) -> String {
    format!("{} ({})", quote(&sketch.id), names[sketch.input])
}

/// Incidents by what they share.
fn by<'a, K: Ord>(sketches: &'a [Sketch], keys: impl Fn(&'a Sketch) -> Vec<K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (i, sketch) in sketches.iter().enumerate() {
        for key in keys(sketch) {
            groups.entry(key).or_default().push(i);
        }
    }
    groups
}

/// The first of a group of each kind, in their order.
fn firsts<K: PartialEq>(group: &[usize], kind: impl Fn(usize) -> K) -> Vec<(K, usize)> {
    let mut firsts: Vec<(K, usize)> = Vec::new();
    for i in group {
        let kind = kind(*i);
        if !firsts.iter().any(|(k, _)| *k == kind) {
            firsts.push((kind, *i));
        }
    }
    firsts
}

fn inconsistent(sketches: &[Sketch], names: &[String]) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    for group in by(sketches, |s| vec![s.answers.as_str()]).values() {
        let decisions = firsts(group, |i| sketches[i].decided);
        for sketch in group.iter().map(|i| &sketches[*i]) {
            let Some((theirs, other)) = decisions.iter().find(|(decided, _)| *decided != sketch.decided) else { continue };
            let finding = Finding::new(Says::Inconsistent)
                .at(RISK)
                .text("other", named(&sketches[*other], names))
                .text("risk", sketch.decided.0.id())
                .text("outcome", sketch.decided.1)
                .text("other_risk", theirs.0.id())
                .text("other_outcome", theirs.1);
            findings.push((sketch.input, Finding { place: sketch.risk, ..finding }));
        }
    }
    findings
}

/// The most others that a finding names.
const MOST: usize = 3;

fn unlinked(sketches: &[Sketch], names: &[String]) -> Vec<(usize, Finding)> {
    let linked = links::parts(sketches.iter().map(|s| (s.id.as_str(), s.links.as_slice())));
    let mut findings = Vec::new();
    for (cause, group) in by(sketches, |s| s.causes.clone()) {
        let apart = firsts_of_parts(&group, &linked);
        for i in group {
            let others: Vec<String> = apart.iter().filter(|o| linked[**o] != linked[i]).take(MOST + 1).map(|o| named(&sketches[*o], names)).collect();
            if others.is_empty() {
                continue;
            }
            let more = if others.len() > MOST { ", …" } else { "" };
            let others = others[..others.len().min(MOST)].join(", ") + more;
            let finding = match &cause {
                Cause::Event { kinds, cause, day, .. } => {
                    Finding::new(Says::UnlinkedEvent).text("kinds", kinds).text("cause", cause).text("day", day)
                }
                Cause::Processor { name, day } => Finding::new(Says::UnlinkedProcessor).text("processor", quote(name)).text("day", day),
            };
            let sketch = &sketches[i];
            findings.push((sketch.input, Finding { place: sketch.related, ..finding.at(RELATED).text("others", others) }));
        }
    }
    findings
}

/// The first incident of each linked part of a group; more than can be named are not looked for.
fn firsts_of_parts(group: &[usize], linked: &[usize]) -> Vec<usize> {
    let mut parts = std::collections::BTreeSet::new();
    group.iter().copied().filter(|i| parts.insert(linked[*i])).take(MOST + 2).collect()
}
