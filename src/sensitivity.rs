//! Sensitivity: what would change the outcome, and what to find out first.
//!
//! Every single answer is moved on its own and the verdict taken again. Times, the event and what the controller says of its own decision are left alone.

use crate::assess::{Rules, Verdict, verdict};
use crate::duties::Outcome;
use crate::fact::{FACTS, Fact, Value};
use crate::incident::Incident;
use crate::incident::format::Kind;

/// One answer that, moved one step, alters the outcome.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Change {
    pub answer: String,
    pub from: Value<'static>,
    pub to: Value<'static>,
    pub outcome: Outcome,
}

/// An answer that is missing and could alter the outcome.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Question {
    pub answer: String,
    pub left_out: bool,
    pub outcomes: Vec<(Value<'static>, Outcome)>,
}

/// Nothing under these is asked for where it was left out.
const NOT_ASKED: [&str; 9] =
    ["controller.", "timeline.", "event.", "exemptions.", "communication.", "other_law.", "claims.", "reopened.", "decision."];

/// Every given answer that, moved one step, alters the outcome; in the order of the incident format.
pub fn changes(incident: &Incident, rules: &Rules<'_>, now: &Verdict<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    for fact in FACTS.iter().filter(|f| f.is_answer()) {
        if fact.path.starts_with("data.") && !incident.says(fact.path) {
            continue;
        }
        let Some(from) = fact.get(incident).owned() else { continue };
        for to in steps(fact, &from, rules) {
            let outcome = outcome_with(incident, fact, &to, rules);
            if outcome != now.required.outcome {
                found.push(Change { answer: fact.path.to_owned(), from: from.clone(), to, outcome });
            }
        }
    }
    found
}

/// The answers one step away from a given one.
fn steps(fact: &'static Fact, from: &Value<'static>, rules: &Rules<'_>) -> Vec<Value<'static>> {
    match (fact.kind(), from) {
        (Kind::Flag, Value::Flag(flag)) => vec![Value::Flag(!flag)],
        (Kind::Word(words), Value::Word(word)) if fact.has_neighbours() => {
            let at = words.iter().position(|w| w == word).unwrap_or_default();
            let before = at.checked_sub(1).map(|i| words[i]);
            before.into_iter().chain(words.get(at + 1).copied()).map(Value::Word).collect()
        }
        (Kind::Step, Value::Number(level)) => [level - 1.0, level + 1.0].into_iter().filter(|n| (1.0..=4.0).contains(n)).map(Value::Number).collect(),
        (Kind::Count | Kind::Hours, Value::Number(n)) => {
            let mut across: Vec<f64> = thresholds(fact, rules).into_iter().map(|t| if *n <= t { t + 1.0 } else { t }).collect();
            across.dedup();
            across.into_iter().map(Value::Number).collect()
        }
        _ => Vec::new(),
    }
}

/// The thresholds that the tables hold a number against, rising.
fn thresholds(fact: &'static Fact, rules: &Rules<'_>) -> Vec<f64> {
    let mut all: Vec<f64> = rules.practice.table.thresholds().into_iter().filter(|(f, _)| f.path == fact.path).map(|(_, t)| t).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// What is unknown or left out and leads to different outcomes; furthest from the present one first, then in the order of the incident format.
pub fn find_out(incident: &Incident, rules: &Rules<'_>, now: &Verdict<'_>) -> Vec<Question> {
    let mut found = Vec::new();
    for fact in FACTS.iter().filter(|f| f.is_answer()) {
        let left_out = match fact.get(incident) {
            Value::Unknown => false,
            Value::LeftOut => true,
            _ => continue,
        };
        let not_asked = NOT_ASKED.iter().any(|t| fact.path.starts_with(t)) || fact.path.ends_with(".loss") || fact.path.ends_with(".level");
        if left_out && not_asked {
            continue;
        }
        let outcomes: Vec<(Value<'static>, Outcome)> = answers(fact, rules)
            .into_iter()
            .map(|value| {
                let outcome = outcome_with(incident, fact, &value, rules);
                (value, outcome)
            })
            .collect();
        if outcomes.iter().any(|(_, o)| *o != outcomes[0].1) {
            found.push(Question { answer: fact.path.to_owned(), left_out, outcomes });
        }
    }
    let distance = |q: &Question| q.outcomes.iter().map(|(_, o)| (*o as i8 - now.required.outcome as i8).abs()).max().unwrap_or_default();
    // whether a category was hit at all comes before every question about it
    found.sort_by_key(|q| (!q.answer.ends_with(".affected"), std::cmp::Reverse(distance(q))));
    found
}

/// Every answer that a question may have, lightest first.
fn answers(fact: &'static Fact, rules: &Rules<'_>) -> Vec<Value<'static>> {
    match fact.kind() {
        Kind::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Kind::Word(words) => words.iter().map(|w| Value::Word(w)).collect(),
        Kind::Step => (1..=4).map(|n| Value::Number(n.into())).collect(),
        Kind::Count | Kind::Hours => {
            let mut all: Vec<f64> = thresholds(fact, rules).into_iter().flat_map(|t| [t, t + 1.0]).collect();
            all.dedup();
            all.into_iter().map(Value::Number).collect()
        }
        _ => Vec::new(),
    }
}

fn outcome_with(incident: &Incident, fact: &'static Fact, value: &Value<'static>, rules: &Rules<'_>) -> Outcome {
    let mut other = incident.clone();
    fact.set(&mut other, value);
    verdict(&other, rules).required.outcome
}
