//! Decision: the legal reading of a severity, with its grounds.
//!
//! The level gives a presumption; raising rules set floors; a release sets the confidentiality side aside; what is left decides.

use crate::condition::{Condition, Reading, Saw};
use crate::fact::{AVAILABILITY, CONFIDENTIALITY, Fact, INTEGRITY, Key, Value};
use crate::incident::words::*;
use crate::incident::{DataOf, Incident};
use crate::practice::{Case, Effect, Floor, Held, LossReading, Places, Practice, ReadLoss, ReadingNote, Side};
use crate::score::Severity;
use crate::sheet::Sheet;

/// What the rules of a practice make of a severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling<'a> {
    /// All of them together.
    pub weighed: Weighed,
    /// The rules that spoke, in table order.
    pub spoke: Vec<Spoke<'a>>,
    /// The answers as the rules read them.
    pub view: RuleView,
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
    pub because: Vec<Saw<'a>>,
    /// Which of its floors stand on which side.
    floors: Vec<(Side, Risk)>,
}

impl<'a> Spoke<'a> {
    fn silent(rule: usize) -> Spoke<'a> {
        Spoke { rule, to: None, because: Vec::new(), floors: Vec::new() }
    }

    /// A case of it holds.
    fn raise(&mut self, case: &Case, incident: &'a Incident, sheet: &Sheet, stand: &Stand) {
        let risk = floor(case.floor, stand.presumed);
        self.floors.push((case.side, risk));
        self.to = self.to.max(Some(risk));
        self.see(case.when.iter(), Reading::Raise, incident, sheet);
    }

    /// Keeps what conditions saw, each thing once.
    fn see<'c>(&mut self, conditions: impl Iterator<Item = &'c Condition>, reading: Reading, incident: &'a Incident, sheet: &Sheet) {
        let mut see = |saw| {
            if !self.because.contains(&saw) {
                self.because.push(saw);
            }
        };
        conditions.for_each(|condition| condition.saw(sheet, reading, incident, &mut see));
    }

    /// Whether it sets floors, and on no side but confidentiality.
    pub fn only_confidentiality(&self) -> bool {
        !self.floors.is_empty() && self.floors.iter().all(|(side, _)| *side == Side::Confidentiality)
    }
}

/// The answers of an incident as the rules of a practice read them.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleView {
    /// The answers.
    pub sheet: Sheet,
    /// How the loss was read, where that differs from what the file says.
    pub note: Option<ReadingNote>,
}

impl RuleView {
    /// With the practice's readings applied.
    pub fn new(incident: &Incident, sheet: &Sheet, practice: &Practice) -> RuleView {
        let mut view = RuleView { sheet: sheet.clone(), note: None };
        view.read_loss(sheet, practice);
        view.read_levels(incident.data.iter(), practice);
        view
    }

    /// With another answer at a fact; `sheet` has it already.
    pub fn answer(&mut self, fact: &Fact, incident: &Incident, sheet: &Sheet, practice: &Practice) {
        self.sheet.put_back(fact, sheet);
        if practice.index().read_by().has(fact.index()) {
            self.read_loss(sheet, practice);
        }
        if let Some((category, _)) = fact.data() {
            self.read_levels(incident.data.iter().filter(|data| data.category == category), practice);
        }
    }

    /// Makes it the same as another again where an answer was put.
    pub fn put_back(&mut self, fact: &Fact, from: &RuleView) {
        self.sheet.put_back(fact, &from.sheet);
        self.sheet.put_back(&CONFIDENTIALITY, &from.sheet);
        self.note = from.note;
    }

    /// The loss of confidentiality as the practice reads it.
    fn read_loss(&mut self, sheet: &Sheet, practice: &Practice) {
        let own = sheet.at(&CONFIDENTIALITY);
        let applies = |r: &&LossReading| r.from.has(own.place()) && r.when.all_hold(sheet, Reading::Raise);
        let read = practice.readings.iter().find(applies);
        self.note = read.map(|r| r.table.note);
        self.sheet.put(&CONFIDENTIALITY, read.map_or(own, |r| r.table.to.value()));
    }

    /// A level that was lowered for a factor that does not count here is read at what is usual.
    fn read_levels<'d>(&mut self, data: impl Iterator<Item = &'d DataOf>, practice: &Practice) {
        let Some(counts) = &practice.lowered_counts_for else { return };
        for d in data {
            let level = Fact::of_data(d.category, Key::Level);
            // 0 where the category is not hit after all
            let lowered = matches!(self.sheet.at(level), Value::Number(n) if n > 0.0 && n < d.usual.into());
            if lowered && !d.because.iter().any(|f| counts.contains(f)) {
                self.sheet.put(level, Value::Number(d.usual.into()));
            }
        }
    }
}

impl ReadLoss {
    /// The answer that it is.
    pub fn value(self) -> Value {
        let loss = match self {
            ReadLoss::None => ConfidentialityLoss::None,
            ReadLoss::NoEvidence => ConfidentialityLoss::NoEvidence,
            ReadLoss::KnownRecipients => ConfidentialityLoss::KnownRecipients,
            ReadLoss::UnknownRecipients => ConfidentialityLoss::UnknownRecipients,
            ReadLoss::Unknown => return Value::Unknown,
        };
        Value::word(ConfidentialityLoss::ids(), loss.place())
    }
}

/// What the rules are weighed by, besides which of them hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    /// What the level presumes.
    pub presumed: Risk,
    /// Whether nothing but confidentiality and intent scores.
    only_confidentiality: bool,
    /// Whether confidentiality, availability, integrity were lost.
    lost: [bool; 3],
}

impl Stand {
    /// How it stands with the answers as the rules read them.
    pub fn of(sheet: &Sheet, presumed: Risk, only_confidentiality: bool) -> Stand {
        let lost = [Side::Confidentiality, Side::Availability, Side::Integrity].map(|side| match side {
            Side::Confidentiality => sheet.word(&CONFIDENTIALITY) != Some(ConfidentialityLoss::None),
            Side::Integrity => !matches!(sheet.word(&INTEGRITY), Some(IntegrityLoss::None | IntegrityLoss::Unused)),
            Side::Availability => !matches!(sheet.word(&AVAILABILITY), Some(AvailabilityLoss::None | AvailabilityLoss::Recoverable)),
        });
        Stand { presumed, only_confidentiality, lost }
    }

    fn lost(&self, side: Side) -> bool {
        self.lost[side as usize]
    }

    /// Whether a release counts: there is something to release, and it answers all that speaks against it.
    fn lets_go(&self, answers: &Places, against: &Places) -> bool {
        self.lost(Side::Confidentiality) && answers.has_all(against)
    }
}

/// What the rules make of an incident together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// The risk.
    pub risk: Risk,
    /// Whether the confidentiality side is set aside.
    pub released: bool,
    /// Whether the presumption counts.
    pub presumption_stands: bool,
    /// Whether nothing but confidentiality carries that risk.
    carried_by_confidentiality: bool,
    only_confidentiality: bool,
    /// The runs that speak against a release.
    against: Places,
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
    let index = practice.index();
    let runs = without.map_or(*held.runs(), |rule| held.runs().without(index.of_rule(rule)));
    let (mut confidentiality, mut others) = (None, None);
    let mut against = Places::NONE;
    for floors in index.floors().iter().filter(|floors| stand.lost(floors.side)) {
        let raising = runs.within(&floors.runs);
        if raising != Places::NONE {
            let risk = Some(floor(floors.floor, stand.presumed));
            match floors.side {
                Side::Confidentiality => {
                    confidentiality = confidentiality.max(risk);
                    against = against.with(&raising);
                }
                Side::Integrity | Side::Availability => others = others.max(risk),
            }
        }
    }
    let released = index.releases().iter().any(|release| runs.has(release.run) && stand.lets_go(&release.answers, &against));
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
        against,
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
pub fn decide<'a>(incident: &'a Incident, sheet: &Sheet, severity: &Severity, practice: &Practice, without: Option<usize>) -> Ruling<'a> {
    let view = RuleView::new(incident, sheet, practice);
    let held = Held::of(practice, &view.sheet);
    let stand = Stand::of(&view.sheet, severity.presumption, severity.cb.only_confidentiality());
    let weighed = weigh(practice, &held, &stand, without);
    let mut spoke: Vec<Spoke<'_>> = Vec::new();
    let index = practice.index();
    let lets_go = |at| index.releases().iter().any(|release| release.run == at && stand.lets_go(&release.answers, &weighed.against));
    for (at, run) in held.runs().iter().map(|at| (at, &index.runs()[at])).filter(|(_, run)| Some(run.rule) != without) {
        match practice.rules[run.rule].table.effect {
            Effect::Raise => {
                let case = run.case(&practice.rules);
                if stand.lost(case.side) {
                    if spoke.last().is_none_or(|last| last.rule != run.rule) {
                        spoke.push(Spoke::silent(run.rule));
                    }
                    spoke.last_mut().into_iter().for_each(|spoke| spoke.raise(case, incident, &view.sheet, &stand));
                }
            }
            Effect::Release if !lets_go(at) => {}
            _ => {
                let mut remark = Spoke::silent(run.rule);
                let cases = &practice.rules[run.rule].cases;
                remark.see(cases.iter().flat_map(|case| &case.when), Reading::Release, incident, &view.sheet);
                spoke.push(remark);
            }
        }
    }
    Ruling { weighed, spoke, view, held, stand }
}

impl Ruling<'_> {
    /// What the rules make of it without one of them.
    pub fn without(&self, practice: &Practice, rule: usize) -> Weighed {
        weigh(practice, &self.held, &self.stand, Some(rule))
    }
}
