//! Decision: the legal reading of a severity, with its grounds.
//!
//! The level gives a presumption; raising rules set floors; a release sets the confidentiality side aside; what is left decides.

use std::ops::Range;

use smallvec::SmallVec;

use crate::condition::{Condition, Reading, Seen, Truth, Unseen, View, Witness, all_hold};
use crate::fact::{Fact, Value};
use crate::incident::Incident;
use crate::incident::answer::Answer;
use crate::incident::format::Kind;
use crate::incident::words::*;
use crate::practice::{Effect, Floor, Look, Practice, ReadLoss, ReadingNote, Rule, Side};
use crate::score::Severity;

/// What the rules of a practice make of a severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling<'a> {
    /// What the level presumes.
    pub presumed: Risk,
    /// What the rules give.
    pub risk: Risk,
    /// The rules that spoke, in table order.
    pub spoke: Vec<Spoke<'a>>,
    /// Whether the confidentiality side was set aside.
    pub released: bool,
    /// Whether the presumption counts.
    pub presumption_stands: bool,
    /// Whether nothing but confidentiality carries the risk that was found.
    pub carried_by_confidentiality: bool,
    /// How the confidentiality loss was read, where that differs from what the file says.
    pub read: Option<ReadingNote>,
    /// Which cases of the rules hold.
    pub held: Held,
    /// What the rules are weighed by.
    pub stand: Stand,
}

/// A rule that spoke.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoke<'a> {
    /// Its place among the practice's rules.
    pub rule: usize,
    /// The risk that a raising rule sets.
    pub to: Option<Risk>,
    /// What it saw.
    pub because: Seen<'a>,
    /// Which of its floors stand on which side.
    floors: Vec<(Side, Risk)>,
}

impl Spoke<'_> {
    /// Whether it sets floors, and on no side but confidentiality.
    pub fn only_confidentiality(&self) -> bool {
        !self.floors.is_empty() && self.floors.iter().all(|(side, _)| *side == Side::Confidentiality)
    }
}

/// The answer that practices read in their own way.
pub const LOSS: &str = "confidentiality.loss";

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
            r.table.from.iter().any(|from| from.answer() == own) && all_hold(&r.when, &incident, Reading::Raise, &mut Unseen) == Truth::True
        });
        RuleView { incident, practice, loss: read.map_or(own, |r| r.table.to.answer()), note: read.map(|r| r.table.note) }
    }

    /// The incident with another answer, at which no reading looks.
    pub fn moved(incident: &'a Incident, practice: &'a Practice, loss: Answer<ConfidentialityLoss>) -> RuleView<'a> {
        RuleView { incident, practice, loss, note: None }
    }

    /// The confidentiality loss as it is read.
    pub fn loss(&self) -> Answer<ConfidentialityLoss> {
        self.loss
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
    fn level(&self, fact: &'static Fact) -> Value {
        let value = fact.read(self.incident);
        let Some(counts) = &self.practice.lowered_counts_for else { return value };
        let data = self.incident.data.iter().find(|d| fact.category() == Some(d.category));
        match (data, value) {
            (Some(d), Value::Number(level)) if level < d.usual.into() && !d.because.iter().any(|f| counts.contains(f)) => {
                Value::Number(d.usual.into())
            }
            _ => value,
        }
    }
}

impl<'a> View<'a> for RuleView<'a> {
    fn read(&self, fact: &'static Fact) -> Value {
        match fact.kind() {
            Kind::Word(_) if fact.path == LOSS => match self.loss {
                Answer::Known(loss) => Value::Word(ConfidentialityLoss::ids(), loss.place()),
                _ => Value::Unknown,
            },
            Kind::Step => self.level(fact),
            _ => fact.read(self.incident),
        }
    }

    fn incident(&self) -> &'a Incident {
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

/// Which conditions of a practice's rules hold, each on its own; of an exception, that it does not. The slots are those of the practice's index. What
/// comes in a run after one that does not hold is looked at when somebody asks: most runs fail at their first.
#[derive(Clone, Debug, PartialEq)]
pub struct Held(Vec<Option<bool>>);

impl Held {
    fn of(view: &RuleView<'_>) -> Held {
        let index = &view.practice.index;
        let mut held = Held(vec![None; index.slots()]);
        for rule in 0..view.practice.rules.len() {
            for run in index.runs(rule) {
                held.run(view, run.clone());
            }
        }
        held
    }

    /// Looks at slots in their order, up to what does not hold. Whether all do.
    fn run(&mut self, view: &RuleView<'_>, mut slots: impl Iterator<Item = usize>) -> bool {
        slots.all(|slot| {
            *self.0[slot].get_or_insert_with(|| {
                let (rule, condition, exception) = view.practice.index.condition(&view.practice.rules, slot);
                holds(view, rule, (condition, exception), &mut Unseen)
            })
        })
    }

    /// Whether all of a run holds.
    fn all(&self, run: &Range<usize>) -> bool {
        self.0[run.clone()].iter().all(|held| *held == Some(true))
    }

    /// Whether a run hangs on what looks at an answer: nothing else keeps it from holding.
    pub fn hangs(&mut self, view: &RuleView<'_>, look: &Look) -> bool {
        !look.others.iter().any(|slot| self.0[*slot] == Some(false)) && self.run(view, look.others.iter().copied())
    }

    /// Looks anew at what looks at an answer that was moved. Whether a run holds that did not, or the other way round.
    pub fn look(&mut self, view: &RuleView<'_>, look: &Look) -> bool {
        if !self.hangs(view, look) {
            return false;
        }
        let before = self.all(&look.run);
        self.set(view, look);
        before != self.all(&look.run)
    }

    /// Looks anew, whatever else there is and whatever else was moved.
    pub fn set(&mut self, view: &RuleView<'_>, look: &Look) {
        look.slots.iter().for_each(|slot| self.0[*slot] = None);
        self.run(view, look.run.clone());
    }

    /// Puts what was known in the place of what was found anew.
    pub fn put_back(&mut self, from: &Held, look: &Look) {
        look.slots.iter().for_each(|slot| self.0[*slot] = from.0[*slot]);
    }
}

/// What the rules are weighed by, besides which of them hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    presumed: Risk,
    /// Whether nothing but confidentiality and intent scores.
    only_confidentiality: bool,
    /// Whether confidentiality, availability, integrity were lost.
    lost: [bool; 3],
}

impl Stand {
    /// How it stands with an incident.
    pub fn of(view: &RuleView<'_>, presumed: Risk, only_confidentiality: bool) -> Stand {
        let lost = [Side::Confidentiality, Side::Availability, Side::Integrity].map(|side| view.lost(side));
        Stand { presumed, only_confidentiality, lost }
    }

    fn lost(&self, side: Side) -> bool {
        self.lost[side as usize]
    }
}

/// What the rules make of an incident together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// The risk.
    pub risk: Risk,
    released: bool,
    presumption_stands: bool,
    carried_by_confidentiality: bool,
    only_confidentiality: bool,
}

impl Weighed {
    /// Whether nothing but confidentiality carries a risk. One that the rules did not find is the controller's own word; like a presumption, it is
    /// carried by confidentiality alone where nothing else scores.
    pub fn carries(&self, risk: Risk) -> bool {
        if risk == self.risk { self.carried_by_confidentiality } else { self.only_confidentiality }
    }
}

/// Weighs the rules that hold. `without` leaves out one of them.
pub fn weigh(practice: &Practice, held: &Held, stand: &Stand, without: Option<usize>) -> Weighed {
    let index = &practice.index;
    let (mut confidentiality, mut others) = (None, None);
    // the rules that speak against a release
    let mut against: SmallVec<[usize; 8]> = SmallVec::new();
    for raising in index.raising().iter().filter(|r| stand.lost(r.side) && held.all(&r.run) && Some(r.rule) != without) {
        let risk = Some(floor(raising.floor, stand.presumed));
        match raising.side {
            Side::Confidentiality => {
                confidentiality = confidentiality.max(risk);
                against.push(raising.rule);
            }
            _ => others = others.max(risk),
        }
    }
    let answers_all = |release: usize| against.iter().all(|rule| index.answers(release, *rule));
    let released =
        stand.lost(Side::Confidentiality) && index.releases().iter().any(|(rule, run)| held.all(run) && Some(*rule) != without && answers_all(*rule));
    let presumption_stands = !practice.presumption_falls || (stand.lost(Side::Confidentiality) && !released);
    let presumption = presumption_stands.then_some(stand.presumed);
    let standing = if released { None } else { confidentiality };
    let risk = others.max(standing).max(presumption).unwrap_or(Risk::Unlikely);
    Weighed {
        risk,
        released,
        presumption_stands,
        carried_by_confidentiality: others != Some(risk) && (presumption != Some(risk) || stand.only_confidentiality),
        only_confidentiality: stand.only_confidentiality,
    }
}

/// The risk that a case sets.
fn floor(floor: Floor, presumed: Risk) -> Risk {
    match floor {
        Floor::To(risk) => risk,
        Floor::Above(steps, at_least) => above(presumed, steps).max(at_least),
        Floor::Nothing => Risk::Unlikely,
    }
}

/// So many steps above a risk, as far as there are any.
fn above(risk: Risk, steps: u8) -> Risk {
    let all = Risk::all();
    all[(risk as usize + usize::from(steps)).min(all.len() - 1)]
}

/// Decides the risk. `without` leaves out one rule, to see whether it was decisive.
pub fn decide<'a>(incident: &'a Incident, severity: &Severity, practice: &'a Practice, without: Option<usize>) -> Ruling<'a> {
    let view = RuleView::new(incident, practice);
    let held = Held::of(&view);
    let stand = Stand::of(&view, severity.presumption, severity.cb.only_confidentiality());
    let weighed = weigh(practice, &held, &stand, without);
    let mut spoke: Vec<Spoke<'_>> = Vec::new();
    for (i, rule) in practice.rules.iter().enumerate().filter(|(i, _)| Some(*i) != without) {
        match rule.table.effect {
            Effect::Raise => spoke.extend(raise(&view, rule, i, &held, &stand)),
            Effect::Release | Effect::Note if held.all(&practice.index.runs(i)[0]) => spoke.push(remark(&view, rule, i)),
            _ => {}
        }
    }
    let against: Vec<usize> = spoke.iter().filter(|s| s.floors.iter().any(|(side, _)| *side == Side::Confidentiality)).map(|s| s.rule).collect();
    // a release counts where there is something to release, and where it answers all that speaks against it
    spoke.retain(|s| {
        practice.rules[s.rule].table.effect != Effect::Release
            || (stand.lost(Side::Confidentiality) && against.iter().all(|raise| practice.index.answers(s.rule, *raise)))
    });
    let Weighed { risk, released, presumption_stands, carried_by_confidentiality, .. } = weighed;
    let read = view.note;
    Ruling { presumed: stand.presumed, risk, spoke, released, presumption_stands, carried_by_confidentiality, read, held, stand }
}

impl Ruling<'_> {
    /// What the rules make of it without one of them, or all of them together.
    pub fn weighed(&self, practice: &Practice, without: Option<usize>) -> Weighed {
        weigh(practice, &self.held, &self.stand, without)
    }
}

/// A raising rule of which some cases hold, with what they saw.
fn raise<'a>(view: &RuleView<'a>, checked: &Rule, rule: usize, held: &Held, stand: &Stand) -> Option<Spoke<'a>> {
    let mut spoke = Spoke { rule, to: None, because: Vec::new(), floors: Vec::new() };
    let runs = view.practice.index.runs(rule);
    for (case, _) in checked.cases.iter().zip(runs).filter(|(case, run)| stand.lost(case.side) && held.all(run)) {
        let mut seen = Vec::new();
        all_hold(&case.when, view, Reading::Raise, &mut seen);
        let risk = floor(case.floor, stand.presumed);
        spoke.floors.push((case.side, risk));
        spoke.to = spoke.to.max(Some(risk));
        note(&mut spoke.because, seen);
    }
    spoke.to.is_some().then_some(spoke)
}

/// A release or a note that holds, with what it saw.
fn remark<'a>(view: &RuleView<'a>, checked: &Rule, rule: usize) -> Spoke<'a> {
    let (mut seen, mut because) = (Vec::new(), Vec::new());
    for case in &checked.cases {
        all_hold(&case.when, view, Reading::Release, &mut seen);
    }
    note(&mut because, seen);
    Spoke { rule, to: None, because, floors: Vec::new() }
}

/// Whether a condition of a rule holds as the rule reads it; an exception, that it is neither true nor written unknown. A release or a note needs every
/// fact known.
fn holds<'a>(view: &RuleView<'a>, rule: &Rule, (condition, exception): (&Condition, bool), seen: &mut impl Witness<'a>) -> bool {
    match (exception, rule.table.effect) {
        (true, _) => condition.holds(view, Reading::Unless, seen) != Truth::True,
        (_, Effect::Raise) => condition.holds(view, Reading::Raise, seen) == Truth::True,
        _ => condition.holds(view, Reading::Release, seen) == Truth::True,
    }
}

/// Keeps what was seen, each thing once.
fn note<'a>(because: &mut Seen<'a>, seen: Seen<'a>) {
    for saw in seen {
        if !because.contains(&saw) {
            because.push(saw);
        }
    }
}
