//! What is known of a practice's rules before any incident is looked at, worked out once: which conditions look at which fact, and what they hold it against.

use super::{Case, Effect, LossReading, Rule};
use crate::bits::Bits;
use crate::condition::{Condition, Reading, Truth, looked_at};
use crate::fact::{FACTS, Fact, Facts};
use crate::sheet::Sheet;

/// Conditions, or runs of them, by their places in the practice's rules.
pub type Places = Bits<4>;

/// An index of a practice's rules.
///
/// Every condition of a rule has a place, case by case, its exceptions last. What must hold together is a run of them: a case of a raising rule, all of any
/// other rule.
#[derive(Clone, Debug, Default)]
pub struct Index {
    conditions: Vec<Place>,
    pub(super) runs: Vec<Run>,
    /// For each fact of whose values there are a few, the conditions that look at nothing else.
    pub(super) tests: Vec<Vec<Test>>,
    /// For each fact, what may hold otherwise when its answer is another.
    pub(super) looks: Vec<Look>,
    /// The facts that may matter whichever rules hold: those that are scored, and those on which it hangs how the loss is read.
    reading: Facts,
    /// For each fact, the thresholds that it is held against, rising.
    thresholds: Vec<Vec<f64>>,
    /// For each rule, whether it answers each raising rule.
    answers: Vec<Vec<bool>>,
}

/// Where a condition stands: in a case of a rule, or among its exceptions.
#[derive(Clone, Copy, Debug)]
struct Place {
    rule: usize,
    case: Option<usize>,
    at: usize,
}

/// What must hold together.
#[derive(Clone, Debug)]
pub struct Run {
    /// The rule.
    pub rule: usize,
    /// The case, where it is one of a raising rule.
    case: usize,
    /// Its conditions that look at a single fact, of whose values there are a few.
    pub(super) tests: Places,
    /// Its other conditions.
    pub(super) others: Vec<usize>,
}

/// A condition that looks at a single fact, of whose values there are a few.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) at: usize,
    /// For which values it holds, a bit for each.
    pub(super) holds: u64,
}

/// What may hold otherwise when the answer of a fact is another.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// The facts that are looked at alone and may be read otherwise.
    pub(super) facts: Vec<&'static Fact>,
    /// The runs of which some conditions look at the fact.
    pub(super) rests: Vec<Rest>,
}

/// A run without its conditions that look at a fact.
#[derive(Clone, Debug)]
pub struct Rest {
    pub(super) run: usize,
    pub(super) tests: Places,
    pub(super) others: Vec<usize>,
    /// Those that look at it, without the tests.
    pub(super) moved: Vec<usize>,
}

impl Run {
    /// The case of a raising rule that it is.
    pub fn case<'r>(&self, rules: &'r [Rule]) -> &'r Case {
        &rules[self.rule].cases[self.case]
    }
}

impl Index {
    pub(super) fn of(rules: &[Rule], readings: &[LossReading]) -> Index {
        let scored = FACTS.iter().filter(|fact| fact.is_scored() || fact.is_affected()).map(Fact::index).collect();
        let mut index = Index {
            reading: readings.iter().fold(scored, |all: Facts, reading| all.with(&reading.looks)),
            tests: vec![Vec::new(); FACTS.len()],
            thresholds: vec![Vec::new(); FACTS.len()],
            answers: rules.iter().map(|release| rules.iter().map(|raise| release.answers(raise)).collect()).collect(),
            ..Index::default()
        };
        for (i, rule) in rules.iter().enumerate() {
            let of_case = |(n, case): (usize, &Case)| (0..case.when.len()).map(move |at| Place { rule: i, case: Some(n), at });
            let exceptions = (0..rule.unless.len()).map(|at| Place { rule: i, case: None, at });
            let cases = rule.cases.iter().enumerate();
            match rule.table.effect {
                Effect::Raise => cases.for_each(|(n, case)| index.add(rules, i, n, of_case((n, case)))),
                _ => index.add(rules, i, 0, cases.flat_map(of_case).chain(exceptions)),
            }
        }
        for all in &mut index.thresholds {
            all.sort_by(f64::total_cmp);
            all.dedup();
        }
        let mut looking = vec![Places::NONE; FACTS.len()];
        for (at, place) in index.conditions.iter().enumerate() {
            looked_at(std::iter::once(place.condition(rules))).iter().for_each(|fact| looking[fact].set(at, true));
        }
        index.looks = FACTS.iter().zip(&looking).map(|(fact, looking)| index.look(fact, looking)).collect();
        index
    }

    /// Adds a run of conditions.
    fn add(&mut self, rules: &[Rule], rule: usize, case: usize, places: impl Iterator<Item = Place>) {
        let mut run = Run { rule, case, tests: Places::NONE, others: Vec::new() };
        for place in places {
            let at = self.conditions.len();
            self.conditions.push(place);
            let condition = place.condition(rules);
            match condition.facts()[..] {
                [fact, ref more @ ..] if fact.is_counted() && more.iter().all(|other| other.index() == fact.index()) => {
                    let holds = self.truths(rules, at, fact);
                    self.tests[fact.index()].push(Test { at, holds });
                    run.tests.set(at, true);
                }
                _ => run.others.push(at),
            }
            condition.thresholds().into_iter().for_each(|(fact, threshold)| self.thresholds[fact.index()].push(threshold));
        }
        self.runs.push(run);
    }

    /// For which of the values of a fact a condition holds that looks at nothing else.
    fn truths(&self, rules: &[Rule], at: usize, fact: &Fact) -> u64 {
        let mut sheet = Sheet::BLANK;
        fact.values().fold(0, |truths, value| {
            sheet.put(fact, value);
            truths | u64::from(self.holds(rules, at, &sheet)) << value.place()
        })
    }

    /// What looks at a fact; `looking`: the conditions that hang on it.
    fn look(&self, fact: &Fact, looking: &Places) -> Look {
        if looking.count() == 0 {
            return Look::default();
        }
        let looks = |run: &&Run| run.tests.meets(looking) || run.others.iter().any(|at| looking.has(*at));
        let rests = (0..).zip(&self.runs).filter(|(_, run)| looks(run)).map(|(i, run)| {
            let (moved, others) = run.others.iter().partition(|at| looking.has(**at));
            Rest { run: i, tests: run.tests.without(looking), others, moved }
        });
        Look { facts: FACTS.iter().filter(|read| fact.moves(read) && !self.tests[read.index()].is_empty()).collect(), rests: rests.collect() }
    }

    /// Whether a condition of a rule holds as the rule reads it; an exception, that it is neither true nor written unknown. A release or a note needs every
    /// fact known.
    pub(super) fn holds(&self, rules: &[Rule], at: usize, sheet: &Sheet) -> bool {
        let place = self.conditions[at];
        let truth = |reading| place.condition(rules).holds(sheet, reading);
        match (place.case, rules[place.rule].table.effect) {
            (None, _) => truth(Reading::Unless) != Truth::True,
            (_, Effect::Raise) => truth(Reading::Raise) == Truth::True,
            _ => truth(Reading::Release) == Truth::True,
        }
    }

    /// The facts that may matter whichever rules hold: those that are scored, and those on which it hangs how the loss is read.
    pub fn reading(&self) -> Facts {
        self.reading
    }

    /// How many conditions all rules have.
    pub fn conditions(&self) -> usize {
        self.conditions.len()
    }

    /// What must hold together, in table order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
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

impl Place {
    fn condition(self, rules: &[Rule]) -> &Condition {
        let rule = &rules[self.rule];
        match self.case {
            Some(case) => &rule.cases[case].when[self.at],
            None => &rule.unless[self.at],
        }
    }
}
