//! What is known of a practice's rules before any incident is looked at, worked out once: which conditions look at which fact, and what they hold it against.

use std::ops::Range;

use super::{Effect, Floor, Rule, Side};
use crate::condition::{Condition, EVERY_ITEM};
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
    /// The condition of each slot.
    places: Vec<Place>,
    /// Every case of every raising rule.
    raising: Vec<Raising>,
    /// Every release with its run.
    releases: Vec<(usize, Range<usize>)>,
}

/// A case of a raising rule.
#[derive(Clone, Debug)]
pub struct Raising {
    /// The rule.
    pub rule: usize,
    /// The side of the loss.
    pub side: Side,
    /// The floor it sets.
    pub floor: Floor,
    /// What must hold.
    pub run: Range<usize>,
}

/// Where a condition stands: in a case of a rule, or among its exceptions.
#[derive(Clone, Copy, Debug)]
struct Place {
    rule: usize,
    case: Option<usize>,
    at: usize,
}

/// A run of which some conditions look at a fact.
#[derive(Clone, Debug)]
pub struct Look {
    /// The run.
    pub run: Range<usize>,
    /// Those conditions, rising.
    pub slots: Vec<usize>,
    /// The others of the run, rising.
    pub others: Vec<usize>,
}

/// The conditions of a rule in the order of their slots; with whether each is an exception.
fn conditions(rule: &Rule) -> impl Iterator<Item = (&Condition, bool)> {
    rule.cases.iter().flat_map(|c| &c.when).map(|c| (c, false)).chain(rule.unless.iter().map(|c| (c, true)))
}

impl Index {
    pub(super) fn of(rules: &[Rule]) -> Index {
        let mut index = Index { looks: vec![Vec::new(); FACTS.len()], thresholds: vec![Vec::new(); FACTS.len()], ..Index::default() };
        for (i, rule) in rules.iter().enumerate() {
            let first = index.places.len();
            let mut runs: Vec<Range<usize>> = Vec::new();
            for (n, case) in rule.cases.iter().enumerate() {
                runs.push(index.places.len()..index.places.len() + case.when.len());
                index.places.extend((0..case.when.len()).map(|at| Place { rule: i, case: Some(n), at }));
            }
            index.places.extend((0..rule.unless.len()).map(|at| Place { rule: i, case: None, at }));
            let next = index.places.len();
            if rule.table.effect != Effect::Raise {
                runs = std::iter::once(first..next).collect();
            }
            let looked: Vec<Vec<bool>> = conditions(rule).map(|(condition, _)| looked_at(std::iter::once(condition))).collect();
            for run in &runs {
                for (fact, looks) in index.looks.iter_mut().enumerate() {
                    let looks_at = |slot: &usize| looked[slot - first][fact];
                    if run.clone().any(|slot| looks_at(&slot)) {
                        let (slots, others) = run.clone().partition(looks_at);
                        looks.push(Look { run: run.clone(), slots, others });
                    }
                }
            }
            match rule.table.effect {
                Effect::Raise => {
                    let cases = rule.cases.iter().zip(&runs);
                    index.raising.extend(cases.map(|(case, run)| Raising { rule: i, side: case.side, floor: case.floor, run: run.clone() }));
                }
                Effect::Release => index.releases.extend(runs.iter().map(|run| (i, run.clone()))),
                Effect::Exempt | Effect::Note => {}
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

    /// How many conditions all rules have.
    pub fn slots(&self) -> usize {
        self.places.len()
    }

    /// The rule and the condition of a slot of these rules; with whether it is an exception.
    pub fn condition<'r>(&self, rules: &'r [Rule], slot: usize) -> (&'r Rule, &'r Condition, bool) {
        let Place { rule, case, at } = self.places[slot];
        let rule = &rules[rule];
        match case {
            Some(case) => (rule, &rule.cases[case].when[at], false),
            None => (rule, &rule.unless[at], true),
        }
    }

    /// Every case of the raising rules, in table order.
    pub fn raising(&self) -> &[Raising] {
        &self.raising
    }

    /// The releases with what must hold for each, in table order.
    pub fn releases(&self) -> &[(usize, Range<usize>)] {
        &self.releases
    }

    /// The runs of a rule.
    pub fn runs(&self, rule: usize) -> &[Range<usize>] {
        &self.runs[rule]
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
        looked[read.index()] = true;
        // an answer about no category hangs together with none
        if read.category().is_some() || read.path == EVERY_ITEM {
            looked.iter_mut().zip(FACTS.iter()).for_each(|(looked, fact)| *looked |= moves(fact, read));
        }
    }
    looked
}

/// Whether what is read at `other` may differ when another answer, `fact`, does: the answers about one category of data hang together.
fn moves(fact: &Fact, other: &Fact) -> bool {
    let Some(category) = fact.category() else { return false };
    let same = other.path == EVERY_ITEM || other.category() == Some(category);
    same && (fact.path.ends_with(".affected") || other.path.ends_with(".because"))
}
