//! Sensitivity: what would change the outcome, and what to find out first.
//!
//! Every single answer is moved on its own and the verdict taken again. Times, the event and what the controller says of its own decision are left alone.

use std::sync::LazyLock;

use smallvec::{SmallVec, smallvec};

use crate::assess::{Rules, Verdict, risk, verdict};
use crate::decide::{RuleView, Stand, Weighed, weigh};
use crate::duties::{self, Outcome, Outcomes};
use crate::fact::{CONFIDENTIALITY, FACTS, Fact, Facts, Key, RISK, ROLE, Value};
use crate::incident::format::Kind;
use crate::incident::{DataOf, Incident};
use crate::practice::{Places, Practice};
use crate::regime::Bound;
use crate::score;
use crate::sheet::Sheet;

/// One answer that, moved one step, alters the outcome.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Change {
    pub answer: &'static str,
    pub from: Value,
    pub to: Value,
    pub outcome: Outcome,
}

/// An answer that is missing and could alter the outcome.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Question {
    pub answer: &'static str,
    pub left_out: bool,
    pub outcomes: Vec<(Value, Outcome)>,
}

/// What is not asked for where it was left out.
static NOT_ASKED: LazyLock<Facts> = LazyLock::new(|| {
    const TABLES: [&str; 9] =
        ["controller.", "timeline.", "event.", "exemptions.", "communication.", "other_law.", "claims.", "reopened.", "decision."];
    let not_asked = |fact: &&Fact| TABLES.iter().any(|t| fact.path.starts_with(t)) || fact.path.ends_with(".loss") || fact.path.ends_with(".level");
    FACTS.iter().filter(not_asked).map(Fact::index).collect()
});

/// The search around one incident. Answers are moved on sheets, one at a time, and only what looks at an answer is judged anew.
pub struct Search<'a> {
    incident: &'a Incident,
    rules: &'a Rules<'a>,
    now: &'a Verdict<'a>,
    /// The answers, moved and put back.
    sheet: Sheet,
    /// The same as the rules read them.
    view: RuleView,
    /// The outcomes of the incident as it is.
    outcomes: Outcomes<'a>,
    /// The facts that the regimes look at.
    looked_at: Facts,
    /// The facts that decide who is bound, by which law, or by whose word.
    beyond_rules: Facts,
    /// The facts that may matter whichever rules hold.
    may_matter: Facts,
    /// The scored facts that the file leaves out, where something stands on the sheet all the same.
    left_out: Facts,
}

impl<'a> Search<'a> {
    /// A search around an incident and its verdict.
    pub fn new(incident: &'a Incident, rules: &'a Rules<'a>, now: &'a Verdict<'a>) -> Search<'a> {
        let index = rules.practice.table.index();
        let looked_at = now.bound.iter().fold(Facts::NONE, |all, bound| all.with(&bound.regime.looks));
        let beyond_rules = rules.laws.facts().with(&[ROLE.index(), RISK.index()].into_iter().collect());
        Search {
            incident,
            rules,
            now,
            sheet: now.sheet.clone(),
            view: now.ruling.view.clone(),
            outcomes: Outcomes::new(incident, &now.bound),
            looked_at,
            beyond_rules,
            left_out: FACTS.iter().filter(|fact| fact.is_scored() && fact.get(incident) == Value::LeftOut).map(Fact::index).collect(),
            may_matter: looked_at.with(&beyond_rules).with(&index.scored()).with(&index.read_by()),
        }
    }

    /// Every given answer that, moved one step, alters the outcome; in the order of the incident format.
    pub fn changes(&mut self) -> Vec<Change> {
        let mut found = Vec::new();
        for fact in FACTS.iter().filter(|f| f.is_answer()) {
            let Some(from) = self.given(fact).single() else { continue };
            if fact.data().is_some() && !self.incident.says(fact.path) {
                continue;
            }
            let Some(hanging) = self.hanging_on(fact) else { continue };
            for to in steps(fact, from, &self.rules.practice.table) {
                let outcome = self.outcome_with(fact, to, &hanging);
                if outcome != self.now.required.outcome {
                    found.push(Change { answer: fact.path, from, to, outcome });
                }
            }
        }
        found
    }

    /// What is unknown or left out and leads to different outcomes; furthest from the present one first, then in the order of the incident format.
    pub fn find_out(&mut self) -> Vec<Question> {
        let mut found = Vec::new();
        for fact in FACTS.iter().filter(|f| f.is_answer()) {
            let left_out = match self.given(fact) {
                Value::Unknown => false,
                Value::LeftOut => true,
                _ => continue,
            };
            if left_out && NOT_ASKED.has(fact.index()) {
                continue;
            }
            let Some(hanging) = self.hanging_on(fact) else { continue };
            let answers = answers(fact, &self.rules.practice.table);
            let outcomes: SmallVec<[Outcome; 8]> = answers.iter().map(|value| self.outcome_with(fact, *value, &hanging)).collect();
            if outcomes.iter().any(|o| *o != outcomes[0]) {
                found.push(Question { answer: fact.path, left_out, outcomes: answers.into_iter().zip(outcomes).collect() });
            }
        }
        let distance = |q: &Question| q.outcomes.iter().map(|(_, o)| (*o as i8 - self.now.required.outcome as i8).abs()).max().unwrap_or_default();
        // whether a category was hit at all comes before every question about it
        found.sort_by_key(|q| (!q.answer.ends_with(".affected"), std::cmp::Reverse(distance(q))));
        found
    }

    /// The outcome with a category of data at its usual level.
    pub fn outcome_unlowered(&mut self, data: &DataOf) -> Outcome {
        let level = Fact::of_data(data.category, Key::Level);
        self.hanging_on(level).map_or(self.now.required.outcome, |hanging| self.outcome_with(level, Value::Number(data.usual.into()), &hanging))
    }

    /// What the file says at a fact.
    fn given(&self, fact: &Fact) -> Value {
        if self.left_out.has(fact.index()) { Value::LeftOut } else { self.now.sheet.at(fact) }
    }

    /// The rules that hang on an answer; `None` where the outcome cannot hang on it at all.
    fn hanging_on(&self, fact: &Fact) -> Option<Places> {
        let ruling = &self.now.ruling;
        let hanging = ruling.held.hanging_on(&self.rules.practice.table, fact);
        Some(hanging).filter(|hanging| *hanging != Places::NONE || self.may_matter.has(fact.index()))
    }

    /// The outcome with another answer, on which some rules hang.
    fn outcome_with(&mut self, fact: &'static Fact, value: Value, hanging: &Places) -> Outcome {
        if self.beyond_rules.has(fact.index()) {
            let mut moved = self.incident.clone();
            fact.set(&mut moved, value);
            return verdict(&moved, self.rules).required.outcome;
        }
        self.sheet.answer(fact, value, self.incident);
        let weighed = self.weighed_with(fact, hanging);
        let outcome = self.outcome_of(fact, &weighed);
        self.sheet.put_back(fact, &self.now.sheet);
        outcome
    }

    /// How the rules stand while another answer is on the sheet that nothing but the score, the rules and the conditions of duties looks at.
    fn weighed_with(&mut self, fact: &'static Fact, hanging: &Places) -> Weighed {
        let practice = &self.rules.practice.table;
        let before = &self.now.ruling;
        let view = &mut self.view;
        let (scored, read_by) = (practice.index().scored().has(fact.index()), practice.index().read_by().has(fact.index()));
        if !scored && !read_by {
            // the rules read it as it stands, and nothing else otherwise
            view.sheet.put(fact, self.sheet.at(fact));
            let held = before.held.with(practice, &view.sheet, fact, hanging);
            view.sheet.put(fact, before.view.sheet.at(fact));
            return if held.runs() == before.held.runs() { before.weighed } else { weigh(practice, &held, &before.stand, None) };
        }
        view.answer(fact, self.incident, &self.sheet, practice);
        let read = &view.sheet;
        // another answer may let the loss be read otherwise, and then two things move at once
        let loss_moved = read.at(&CONFIDENTIALITY).place() != before.view.sheet.at(&CONFIDENTIALITY).place();
        let stand = if scored {
            let (presumed, only_confidentiality) = score::presumption_with(fact, &self.sheet, &self.now.severity, &self.rules.method.table);
            Stand::of(read, presumed, only_confidentiality)
        } else if loss_moved {
            Stand::of(read, before.stand.presumed, self.now.severity.cb.only_confidentiality())
        } else {
            before.stand
        };
        let held = match loss_moved {
            true => before.held.with_both(practice, read, [fact, &CONFIDENTIALITY]),
            false => before.held.with(practice, read, fact, hanging),
        };
        view.put_back(fact, &before.view);
        if stand == before.stand && held.runs() == before.held.runs() { before.weighed } else { weigh(practice, &held, &stand, None) }
    }

    /// The outcome of the rules' word when an answer is moved.
    fn outcome_of(&mut self, fact: &Fact, weighed: &Weighed) -> Outcome {
        let risk = risk(self.incident, weighed.risk);
        let carried = weighed.carries(risk);
        if self.looked_at.has(fact.index()) {
            let bound: SmallVec<[Bound<'_>; 2]> = self.now.bound.iter().map(|now| now.with(fact, &self.sheet)).collect();
            if bound.iter().zip(&self.now.bound).any(|(moved, now)| moved.holds != now.holds) {
                return duties::outcome(self.incident, risk, carried, &bound);
            }
        }
        self.outcomes.of(risk, carried)
    }
}

/// The answers one step away from a given one.
fn steps(fact: &'static Fact, from: Value, practice: &Practice) -> Answers {
    match (fact.kind(), from) {
        (Kind::Flag, Value::Flag(flag)) => smallvec![Value::Flag(!flag)],
        (Kind::Word(words), Value::Word(_, at)) if fact.has_neighbours() => {
            let after = Some(at + 1).filter(|at| usize::from(*at) < words.len());
            at.checked_sub(1).into_iter().chain(after).map(|at| Value::Word(words, at)).collect()
        }
        (Kind::Step, Value::Number(level)) => [level - 1.0, level + 1.0].into_iter().filter(|n| (1.0..=4.0).contains(n)).map(Value::Number).collect(),
        (Kind::Count | Kind::Hours, Value::Number(n)) => {
            let mut across: Vec<f64> = practice.index().thresholds(fact).iter().map(|t| if n <= *t { t + 1.0 } else { *t }).collect();
            across.dedup();
            across.into_iter().map(Value::Number).collect()
        }
        _ => Answers::new(),
    }
}

/// Some answers to one question.
type Answers = SmallVec<[Value; 4]>;

/// Every answer that a question may have, lightest first.
fn answers(fact: &'static Fact, practice: &Practice) -> Answers {
    match fact.kind() {
        Kind::Flag => smallvec![Value::Flag(false), Value::Flag(true)],
        Kind::Word(words) => Value::words(words).collect(),
        Kind::Step => (1..=4).map(|n| Value::Number(n.into())).collect(),
        Kind::Count | Kind::Hours => {
            let mut all: Vec<f64> = practice.index().thresholds(fact).iter().flat_map(|t| [*t, t + 1.0]).collect();
            all.dedup();
            all.into_iter().map(Value::Number).collect()
        }
        _ => Answers::new(),
    }
}
