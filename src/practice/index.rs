//! What is known of a practice's rules before any incident is looked at, worked out once: which conditions look at which fact, and what they hold it against.

use std::ops::Range;

use super::{Effect, Rule};
use crate::condition::Condition;
use crate::fact::{FACTS, Fact};

/// An index of a practice's rules.
///
/// Every condition of a rule has a slot, case by case, its exceptions last. What must hold together is a run of slots: a case of a raising rule, all of any
/// other rule.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// The runs of each rule.
    runs: Vec<Vec<Range<usize>>>,
    /// For each fact, what may hold otherwise when its answer is another.
    looks: Vec<Vec<Look>>,
    /// For each fact, the thresholds that it is held against, rising.
    thresholds: Vec<Vec<f64>>,
    /// For each rule, whether it answers each raising rule.
    answers: Vec<Vec<bool>>,
}

/// A run of which some conditions look at a fact.
#[derive(Clone, Debug)]
pub struct Look {
    /// The rule.
    pub rule: usize,
    /// The run.
    pub run: Range<usize>,
    /// Those conditions, rising.
    pub slots: Vec<usize>,
}

/// The conditions of a rule in the order of their slots; with whether each is an exception.
pub fn conditions(rule: &Rule) -> impl Iterator<Item = (&Condition, bool)> {
    rule.cases.iter().flat_map(|c| &c.when).map(|c| (c, false)).chain(rule.unless.iter().map(|c| (c, true)))
}

impl Index {
    pub(super) fn of(rules: &[Rule]) -> Index {
        let mut index =
            Index { runs: Vec::new(), looks: vec![Vec::new(); FACTS.len()], thresholds: vec![Vec::new(); FACTS.len()], answers: Vec::new() };
        let mut next = 0;
        for (i, rule) in rules.iter().enumerate() {
            let first = next;
            let mut runs: Vec<Range<usize>> = Vec::new();
            for case in &rule.cases {
                runs.push(next..next + case.when.len());
                next += case.when.len();
            }
            next += rule.unless.len();
            if rule.table.effect != Effect::Raise {
                runs = std::iter::once(first..next).collect();
            }
            let looked: Vec<Vec<bool>> = conditions(rule).map(|(condition, _)| looked_at(std::iter::once(condition))).collect();
            for run in &runs {
                for (fact, looks) in index.looks.iter_mut().enumerate() {
                    let slots: Vec<usize> = run.clone().filter(|slot| looked[slot - first][fact]).collect();
                    if !slots.is_empty() {
                        looks.push(Look { rule: i, run: run.clone(), slots });
                    }
                }
            }
            index.runs.push(runs);
            for (fact, threshold) in conditions(rule).flat_map(|(condition, _)| condition.thresholds()) {
                index.thresholds[fact.index()].push(threshold);
            }
        }
        for all in &mut index.thresholds {
            all.sort_by(f64::total_cmp);
            all.dedup();
        }
        index.answers = rules.iter().map(|release| rules.iter().map(|raise| release.answers(raise)).collect()).collect();
        index
    }

    /// The runs of a rule.
    pub fn runs(&self, rule: usize) -> &[Range<usize>] {
        &self.runs[rule]
    }

    /// The slot of a rule's first condition.
    pub fn first(&self, rule: usize) -> usize {
        self.runs[rule].first().map_or(0, |run| run.start)
    }

    /// What may hold otherwise when the answer of a fact is another.
    pub fn looking_at(&self, fact: &Fact) -> &[Look] {
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
    let mut looked = vec![false; FACTS.len()];
    for read in conditions.flat_map(Condition::facts) {
        looked.iter_mut().zip(FACTS.iter()).for_each(|(looked, fact)| *looked |= moves(fact.path, read.path));
    }
    looked
}

/// Whether what is read at `other` may differ when the answer at `path` does: the answers about one category of data hang together.
fn moves(path: &str, other: &str) -> bool {
    if path == other {
        return true;
    }
    let category = path.strip_prefix("data.").and_then(|rest| rest.split_once('.'));
    category.is_some_and(|(category, key)| {
        let same = other.strip_prefix("data.").and_then(|rest| rest.split_once('.')).is_some_and(|(c, _)| c == category || c == "*");
        same && (key == "affected" || other.ends_with(".because"))
    })
}
