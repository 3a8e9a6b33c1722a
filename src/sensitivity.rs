//! Sensitivity: what would change the outcome, and what to find out first.
//!
//! Every single answer is moved on its own and the verdict taken again. Times, the event and what the controller says of its own decision are left alone.

use smallvec::{SmallVec, smallvec};

use crate::assess::{Rules, Verdict, risk, tables, verdict};
use crate::decide::{Held, LOSS, RuleView, Stand, Weighed, weigh};
use crate::duties::{Outcome, outcome_carried};
use crate::fact::{FACTS, Fact, Value};
use crate::incident::Incident;
use crate::incident::answer::Answer;
use crate::incident::format::Kind;
use crate::incident::words::ConfidentialityLoss;
use crate::practice::Practice;
use crate::regime::Regime;
use crate::score;

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

/// Nothing under these is asked for where it was left out.
const NOT_ASKED: [&str; 9] =
    ["controller.", "timeline.", "event.", "exemptions.", "communication.", "other_law.", "claims.", "reopened.", "decision."];

/// The search around one incident. Answers are moved in a copy of it, one at a time, and only what looks at an answer is judged anew.
pub struct Search<'a> {
    incident: &'a Incident,
    rules: &'a Rules<'a>,
    now: &'a Verdict<'a>,
    regimes: Vec<&'a Regime>,
    /// The incident in which answers are moved, and put back.
    moved: Incident,
    /// The outcomes of the incident as it is, by risk and by what carries it.
    known: [[Option<Outcome>; 2]; 3],
    /// How the rules stand when nothing is moved.
    weighed: Weighed,
    /// The same while something is.
    held: Held,
    /// How the loss of confidentiality is read when nothing is moved.
    loss: Answer<ConfidentialityLoss>,
    loss_fact: Option<&'static Fact>,
}

impl<'a> Search<'a> {
    /// A search around an incident and its verdict.
    pub fn new(incident: &'a Incident, rules: &'a Rules<'a>, now: &'a Verdict<'a>) -> Search<'a> {
        let loss = RuleView::new(incident, &rules.practice.table).loss();
        let (held, weighed) = (now.ruling.held.clone(), now.ruling.weighed(&rules.practice.table, None));
        Search {
            incident,
            rules,
            now,
            regimes: tables(&now.regimes),
            moved: incident.clone(),
            known: Default::default(),
            weighed,
            held,
            loss,
            loss_fact: Fact::at(LOSS),
        }
    }

    /// Every given answer that, moved one step, alters the outcome; in the order of the incident format.
    pub fn changes(&mut self) -> Vec<Change> {
        let mut found = Vec::new();
        for fact in FACTS.iter().filter(|f| f.is_answer()) {
            let Some(from) = fact.get(self.incident).single() else { continue };
            if (fact.path.starts_with("data.") && !self.incident.says(fact.path)) || !self.matters(fact) {
                continue;
            }
            for to in steps(fact, from, &self.rules.practice.table) {
                let outcome = self.outcome_with(fact, to);
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
            let left_out = match fact.get(self.incident) {
                Value::Unknown => false,
                Value::LeftOut => true,
                _ => continue,
            };
            let not_asked = NOT_ASKED.iter().any(|t| fact.path.starts_with(t)) || fact.path.ends_with(".loss") || fact.path.ends_with(".level");
            if (left_out && not_asked) || !self.matters(fact) {
                continue;
            }
            let answers = answers(fact, &self.rules.practice.table);
            let outcomes: SmallVec<[Outcome; 8]> = answers.iter().map(|value| self.outcome_with(fact, *value)).collect();
            if outcomes.iter().any(|o| *o != outcomes[0]) {
                found.push(Question { answer: fact.path, left_out, outcomes: answers.into_iter().zip(outcomes).collect() });
            }
        }
        let distance = |q: &Question| q.outcomes.iter().map(|(_, o)| (*o as i8 - self.now.required.outcome as i8).abs()).max().unwrap_or_default();
        // whether a category was hit at all comes before every question about it
        found.sort_by_key(|q| (!q.answer.ends_with(".affected"), std::cmp::Reverse(distance(q))));
        found
    }

    /// Whether the outcome can hang on an answer at all.
    fn matters(&mut self, fact: &Fact) -> bool {
        let practice = &self.rules.practice.table;
        let view = RuleView::moved(self.incident, practice, self.loss);
        fact.is_scored()
            || fact.path.ends_with(".affected")
            || practice.index.looking_at(fact).iter().any(|look| self.held.hangs(&view, look))
            || practice.readings.iter().any(|r| r.looks[fact.index()])
            || self.regimes.iter().any(|r| r.looks[fact.index()])
            || self.is_beyond_rules(fact)
    }

    /// Whether an answer decides who is bound, by which law, or by whose word.
    fn is_beyond_rules(&self, fact: &Fact) -> bool {
        matches!(fact.path, "controller.role" | "decision.risk") || self.rules.laws.hang_on(fact)
    }

    /// The outcome with another answer.
    fn outcome_with(&mut self, fact: &'static Fact, value: Value) -> Outcome {
        fact.set(&mut self.moved, value);
        let outcome = if self.is_beyond_rules(fact) { verdict(&self.moved, self.rules).required.outcome } else { self.outcome_moved(fact) };
        match fact.path.starts_with("data.") {
            // these hang together
            true => self.moved.data.clone_from(&self.incident.data),
            false => fact.set(&mut self.moved, fact.get(self.incident)),
        }
        outcome
    }

    /// The outcome of the incident in which an answer was moved that only the score, the rules and the conditions of duties look at.
    fn outcome_moved(&mut self, fact: &'static Fact) -> Outcome {
        let practice = &self.rules.practice.table;
        let before = &self.now.ruling;
        let read_anew = fact.path == LOSS || practice.readings.iter().any(|r| r.looks[fact.index()]);
        let view = match read_anew {
            true => RuleView::new(&self.moved, practice),
            false => RuleView::moved(&self.moved, practice, self.loss),
        };
        let (presumed, only_confidentiality) = match fact.is_scored() || fact.path.ends_with(".affected") {
            true => score::presumption(&self.moved, &self.rules.method.table),
            false => (before.presumed, self.now.severity.cb.only_confidentiality()),
        };
        let stand = Stand::of(&view, presumed, only_confidentiality);
        let looking = practice.index.looking_at(fact);
        let mut different = stand != before.stand;
        // another answer may let the loss be read otherwise, and then two things move at once
        let at_loss =
            self.loss_fact.filter(|loss| view.loss() != self.loss && loss.path != fact.path).map_or(&[][..], |loss| practice.index.looking_at(loss));
        if at_loss.is_empty() {
            looking.iter().for_each(|look| different |= self.held.look(&view, look));
        } else {
            looking.iter().chain(at_loss).for_each(|look| self.held.set(&view, look));
            different = true;
        }
        let weighed = if different { weigh(practice, &self.held, &stand, None) } else { self.weighed };
        looking.iter().chain(at_loss).for_each(|look| self.held.put_back(&before.held, look));

        let risk = risk(&self.moved, weighed.risk);
        let carried = weighed.carries(risk);
        if self.regimes.iter().any(|r| r.looks[fact.index()]) {
            return outcome_carried(&self.moved, risk, carried, &self.regimes);
        }
        let known = &mut self.known[risk as usize][usize::from(carried)];
        *known.get_or_insert_with(|| outcome_carried(self.incident, risk, carried, &self.regimes))
    }
}

/// The answers one step away from a given one.
fn steps(fact: &'static Fact, from: Value, practice: &Practice) -> Answers {
    match (fact.kind(), from) {
        (Kind::Flag, Value::Flag(flag)) => smallvec![Value::Flag(!flag)],
        (Kind::Word(words), Value::Word(_, at)) if fact.has_neighbours() => {
            let after = Some(at + 1).filter(|at| *at < words.len());
            at.checked_sub(1).into_iter().chain(after).map(|at| Value::Word(words, at)).collect()
        }
        (Kind::Step, Value::Number(level)) => [level - 1.0, level + 1.0].into_iter().filter(|n| (1.0..=4.0).contains(n)).map(Value::Number).collect(),
        (Kind::Count | Kind::Hours, Value::Number(n)) => {
            let mut across: Vec<f64> = practice.index.thresholds(fact).iter().map(|t| if n <= *t { t + 1.0 } else { *t }).collect();
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
        Kind::Word(words) => (0..words.len()).map(|at| Value::Word(words, at)).collect(),
        Kind::Step => (1..=4).map(|n| Value::Number(n.into())).collect(),
        Kind::Count | Kind::Hours => {
            let mut all: Vec<f64> = practice.index.thresholds(fact).iter().flat_map(|t| [*t, t + 1.0]).collect();
            all.dedup();
            all.into_iter().map(Value::Number).collect()
        }
        _ => Answers::new(),
    }
}
