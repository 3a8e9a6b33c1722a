//! What is known of a practice's rules before any incident is looked at, worked out once: which rules look at which fact, and what they hold it against.

use std::ops::Range;

use super::Rule;
use crate::condition::Condition;
use crate::fact::{FACTS, Fact};

/// An index of a practice's rules.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Where the cases of each rule begin among all cases, and where the last end.
    slots: Vec<usize>,
    /// For each fact, the rules that may hold otherwise when its answer is another.
    looks: Vec<Vec<usize>>,
    /// For each fact, the thresholds that it is held against, rising.
    thresholds: Vec<Vec<f64>>,
    /// For each rule, whether it answers each raising rule.
    answers: Vec<Vec<bool>>,
}

impl Index {
    pub(super) fn of(rules: &[Rule]) -> Index {
        let mut slots = vec![0];
        let mut looks = vec![Vec::new(); FACTS.len()];
        let mut thresholds: Vec<Vec<f64>> = vec![Vec::new(); FACTS.len()];
        for (i, rule) in rules.iter().enumerate() {
            slots.push(slots[i] + rule.cases.len());
            let conditions = || rule.cases.iter().flat_map(|c| &c.when).chain(&rule.unless);
            for (looks, _) in looks.iter_mut().zip(looked_at(conditions())).filter(|(_, looked_at)| *looked_at) {
                looks.push(i);
            }
            for (fact, threshold) in conditions().flat_map(Condition::thresholds) {
                thresholds[fact.index()].push(threshold);
            }
        }
        for all in &mut thresholds {
            all.sort_by(f64::total_cmp);
            all.dedup();
        }
        let answers = rules.iter().map(|release| rules.iter().map(|raise| release.answers(raise)).collect()).collect();
        Index { slots, looks, thresholds, answers }
    }

    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.slots.last().copied().unwrap_or_default()
    }

    /// The cases of a rule among all cases.
    pub fn slots(&self, rule: usize) -> Range<usize> {
        self.slots[rule]..self.slots[rule + 1]
    }

    /// The rules that may hold otherwise when the answer of a fact is another.
    pub fn looking_at(&self, fact: &Fact) -> &[usize] {
        &self.looks[fact.index()]
    }

    /// The thresholds that a fact is held against, rising.
    pub fn thresholds(&self, fact: &Fact) -> &[f64] {
        &self.thresholds[fact.index()]
    }

    /// Whether a release answers a raising rule.
    pub fn answers(&self, release: usize, raise: usize) -> bool {
        self.answers[release][raise]
    }
}

/// For each fact, whether some of the conditions may hold otherwise when its answer is another.
pub fn looked_at<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Vec<bool> {
    let mut read = vec![false; FACTS.len()];
    conditions.flat_map(Condition::facts).for_each(|fact| read[fact.index()] = true);
    FACTS.iter().map(|fact| FACTS.iter().any(|other| read[other.index()] && moves(fact.path, other.path))).collect()
}

/// Whether what is read at `other` may differ when the answer at `path` does: the answers about one category of data hang together.
fn moves(path: &str, other: &str) -> bool {
    let category = path.strip_prefix("data.").and_then(|rest| rest.split_once('.'));
    path == other
        || category.is_some_and(|(category, key)| {
            let same = other.strip_prefix("data.").and_then(|rest| rest.split_once('.')).is_some_and(|(c, _)| c == category || c == "*");
            same && (key == "affected" || other.ends_with(".because"))
        })
}
