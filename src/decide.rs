//! Decision: the legal reading of a severity, with its grounds.
//!
//! The level gives a presumption; raising rules set floors; a release sets the confidentiality side aside; what is left decides.

use crate::condition::{Reading, Seen, Truth, View, all_hold};
use crate::fact::{Fact, Value};
use crate::incident::Incident;
use crate::incident::answer::Answer;
use crate::incident::words::*;
use crate::practice::{Effect, Floor, Practice, ReadLoss, ReadingNote, Side};
use crate::score::Severity;

/// What the rules of a practice make of a severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// What the level presumes.
    pub presumed: Risk,
    /// What the rules give.
    pub risk: Risk,
    /// The rules that spoke, in table order.
    pub spoke: Vec<Spoke>,
    /// Whether the confidentiality side was set aside.
    pub released: bool,
    /// Whether the presumption counts.
    pub presumption_stands: bool,
    /// Whether nothing but confidentiality carries the risk that was found.
    pub carried_by_confidentiality: bool,
    /// How the confidentiality loss was read, where that differs from what the file says.
    pub read: Option<ReadingNote>,
}

/// A rule that spoke.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoke {
    /// Its place among the practice's rules.
    pub rule: usize,
    /// The risk that a raising rule sets.
    pub to: Option<Risk>,
    /// What it saw.
    pub because: Seen,
    /// Which of its floors stand on which side.
    floors: Vec<(Side, Risk)>,
}

impl Spoke {
    /// Whether it sets floors, and on no side but confidentiality.
    pub fn only_confidentiality(&self) -> bool {
        !self.floors.is_empty() && self.floors.iter().all(|(side, _)| *side == Side::Confidentiality)
    }
}

/// An incident as the rules of a practice read it.
pub struct RuleView<'a> {
    incident: &'a Incident,
    practice: &'a Practice,
    loss: Answer<ConfidentialityLoss>,
    /// How the loss was read, where that differs from what the file says.
    pub note: Option<ReadingNote>,
}

impl<'a> RuleView<'a> {
    /// The incident with the practice's readings applied.
    pub fn new(incident: &'a Incident, practice: &'a Practice) -> RuleView<'a> {
        let own = incident.confidentiality();
        let read = practice.readings.iter().find(|r| {
            r.table.from.iter().any(|from| from.answer() == own) && all_hold(&r.when, incident, Reading::Raise, &mut Vec::new()) == Truth::True
        });
        RuleView { incident, practice, loss: read.map_or(own, |r| r.table.to.answer()), note: read.map(|r| r.table.note) }
    }

    /// Whether anything was lost on a side that rules could speak of.
    fn lost(&self, side: Side) -> bool {
        match side {
            Side::Confidentiality => self.loss != Answer::Known(ConfidentialityLoss::None),
            Side::Integrity => !matches!(self.incident.integrity(), Answer::Known(IntegrityLoss::None | IntegrityLoss::Unused)),
            Side::Availability => !matches!(self.incident.availability(), Answer::Known(AvailabilityLoss::None | AvailabilityLoss::Recoverable)),
        }
    }

    /// A level that was lowered for a factor that does not count here is read at what is usual.
    fn level(&self, fact: &'static Fact) -> Value<'a> {
        let value = fact.read(self.incident);
        let Some(counts) = &self.practice.lowered_counts_for else { return value };
        let data = self.incident.data.iter().find(|d| fact.path.split('.').nth(1) == Some(d.category.id()));
        match (data, &value) {
            (Some(d), Value::Number(level)) if *level < d.usual.into() && !d.because.iter().any(|f| counts.contains(f)) => {
                Value::Number(d.usual.into())
            }
            _ => value,
        }
    }
}

impl View for RuleView<'_> {
    fn read(&self, fact: &'static Fact) -> Value<'_> {
        match fact.path {
            "confidentiality.loss" => match self.loss {
                Answer::Known(loss) => Value::Word(loss.id()),
                _ => Value::Unknown,
            },
            path if path.ends_with(".level") && path.starts_with("data.") => self.level(fact),
            _ => fact.read(self.incident),
        }
    }

    fn incident(&self) -> &Incident {
        self.incident
    }
}

impl ReadLoss {
    fn answer(self) -> Answer<ConfidentialityLoss> {
        match self {
            ReadLoss::None => Answer::Known(ConfidentialityLoss::None),
            ReadLoss::NoEvidence => Answer::Known(ConfidentialityLoss::NoEvidence),
            ReadLoss::KnownRecipients => Answer::Known(ConfidentialityLoss::KnownRecipients),
            ReadLoss::UnknownRecipients => Answer::Known(ConfidentialityLoss::UnknownRecipients),
            ReadLoss::Unknown => Answer::Unknown,
        }
    }
}

/// Decides the risk. `without` leaves out one rule, to see whether it was decisive.
pub fn decide(incident: &Incident, severity: &Severity, practice: &Practice, without: Option<usize>) -> Ruling {
    let view = RuleView::new(incident, practice);
    let presumed = severity.presumption;
    let rules = || practice.rules.iter().enumerate().filter(|(i, _)| Some(*i) != without);

    let raises: Vec<Spoke> = rules().filter_map(|(i, _)| raise(&view, practice, i, presumed)).collect();
    let on = |spoke: &Spoke, side: Side| spoke.floors.iter().any(|(s, _)| *s == side);
    let against: Vec<usize> = raises.iter().filter(|s| on(s, Side::Confidentiality)).map(|s| s.rule).collect();
    let releases: Vec<Spoke> = match view.lost(Side::Confidentiality) {
        true => rules().filter_map(|(i, _)| release(&view, practice, i, &against)).collect(),
        false => Vec::new(),
    };
    let notes = rules().filter_map(|(i, _)| remark(&view, practice, i));

    let released = !releases.is_empty();
    let presumption_stands = !practice.presumption_falls || (view.lost(Side::Confidentiality) && !released);
    let floors = || raises.iter().flat_map(|s| &s.floors).filter(|(side, _)| !(released && *side == Side::Confidentiality));
    let presumption = presumption_stands.then_some(presumed);
    let risk = floors().map(|(_, risk)| *risk).chain(presumption).max().unwrap_or(Risk::Unlikely);

    let nothing = |quarters: crate::quarters::Quarters| quarters == Default::default();
    let only_confidentiality_scores = nothing(severity.cb.integrity.range.max) && nothing(severity.cb.availability.range.max);
    let carried_by_confidentiality = floors().filter(|(_, floor)| *floor == risk).all(|(side, _)| *side == Side::Confidentiality)
        && (presumption != Some(risk) || only_confidentiality_scores);

    let mut spoke: Vec<Spoke> = raises.iter().cloned().chain(releases).chain(notes).collect();
    spoke.sort_by_key(|s| s.rule);
    Ruling { presumed, risk, spoke, released, presumption_stands, carried_by_confidentiality, read: view.note }
}

fn raise(view: &RuleView<'_>, practice: &Practice, rule: usize, presumed: Risk) -> Option<Spoke> {
    let checked = &practice.rules[rule];
    if checked.table.effect != Effect::Raise {
        return None;
    }
    let mut spoke = Spoke { rule, to: None, because: Vec::new(), floors: Vec::new() };
    for case in &checked.cases {
        let mut seen = Vec::new();
        if view.lost(case.side) && all_hold(&case.when, view, Reading::Raise, &mut seen) == Truth::True {
            let risk = match case.floor {
                Floor::To(risk) => risk,
                Floor::Above(steps, at_least) => above(presumed, steps).max(at_least),
                Floor::Nothing => Risk::Unlikely,
            };
            spoke.floors.push((case.side, risk));
            spoke.to = spoke.to.max(Some(risk));
            note(&mut spoke.because, seen);
        }
    }
    spoke.to.is_some().then_some(spoke)
}

/// So many steps above a risk, as far as there are any.
fn above(risk: Risk, steps: u8) -> Risk {
    let all = Risk::all();
    all[(risk as usize + usize::from(steps)).min(all.len() - 1)]
}

/// A release that holds and answers every raising rule of the confidentiality side.
fn release(view: &RuleView<'_>, practice: &Practice, rule: usize, against: &[usize]) -> Option<Spoke> {
    let checked = &practice.rules[rule];
    if checked.table.effect != Effect::Release || !against.iter().all(|raise| checked.answers(&practice.rules[*raise])) {
        return None;
    }
    holds(view, practice, rule)
}

fn remark(view: &RuleView<'_>, practice: &Practice, rule: usize) -> Option<Spoke> {
    if practice.rules[rule].table.effect != Effect::Note { None } else { holds(view, practice, rule) }
}

/// Every fact known and met, and no exception true or written unknown.
fn holds(view: &RuleView<'_>, practice: &Practice, rule: usize) -> Option<Spoke> {
    let checked = &practice.rules[rule];
    let mut seen = Vec::new();
    let met = checked.cases.iter().all(|c| all_hold(&c.when, view, Reading::Release, &mut seen) == Truth::True);
    let excepted = checked.unless.iter().any(|c| c.holds(view, Reading::Unless, &mut Vec::new()) == Truth::True);
    let mut because = Vec::new();
    note(&mut because, seen);
    (met && !excepted).then_some(Spoke { rule, to: None, because, floors: Vec::new() })
}

/// Keeps what was seen, each thing once.
fn note(because: &mut Seen, seen: Seen) {
    for saw in seen {
        if !because.contains(&saw) {
            because.push(saw);
        }
    }
}
