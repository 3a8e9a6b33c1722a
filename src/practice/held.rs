//! Which of a practice's rules hold for an incident, and which would with another answer.

use smallvec::SmallVec;

use super::Practice;
use super::index::{Places, Rest};
use crate::fact::{FACTS, Fact};
use crate::sheet::Sheet;

/// Which conditions of a practice's rules hold, and which runs of them. A condition that looks at several facts, or at a number or a list, is asked only where
/// the rest of its run holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// The conditions that look at a single fact, of whose values there are a few.
    tests: Places,
    runs: Places,
}

/// What hangs on an answer.
pub type Hanging<'p> = SmallVec<[&'p Rest; 8]>;

impl Held {
    /// Those of an incident.
    pub fn of(practice: &Practice, sheet: &Sheet) -> Held {
        let mut held = Held { tests: Places::NONE, runs: Places::NONE };
        FACTS.iter().for_each(|fact| held.test(practice, sheet, fact));
        (0..practice.index.runs.len()).for_each(|run| held.judge(practice, sheet, run));
        held
    }

    /// What hangs on the answer at a fact: nothing else keeps it from holding.
    pub fn hanging_on<'p>(&self, practice: &'p Practice, sheet: &Sheet, fact: &Fact) -> Hanging<'p> {
        let rests = practice.index.looks[fact.index()].rests.iter();
        rests.filter(|rest| self.all(practice, sheet, &rest.tests, &rest.others)).collect()
    }

    /// Those with another answer at a fact, on which so much hangs.
    pub fn with(&self, practice: &Practice, sheet: &Sheet, fact: &Fact, hanging: &[&Rest]) -> Held {
        let mut held = *self;
        practice.index.looks[fact.index()].facts.iter().for_each(|fact| held.test(practice, sheet, fact));
        for rest in hanging {
            let holds = held.all(practice, sheet, &practice.index.runs[rest.run].tests, &rest.moved);
            held.runs.set(rest.run, holds);
        }
        held
    }

    /// Those with other answers at two facts.
    pub fn with_both(&self, practice: &Practice, sheet: &Sheet, facts: [&Fact; 2]) -> Held {
        let looks = facts.map(|fact| &practice.index.looks[fact.index()]);
        let mut held = *self;
        looks.into_iter().flat_map(|look| &look.facts).for_each(|fact| held.test(practice, sheet, fact));
        looks.into_iter().flat_map(|look| &look.rests).for_each(|rest| held.judge(practice, sheet, rest.run));
        held
    }

    /// The runs that hold, in table order.
    pub fn runs(&self) -> impl Iterator<Item = usize> {
        self.runs.iter()
    }

    /// Whether the same rules hold.
    pub fn same_rules(&self, other: &Held) -> bool {
        self.runs == other.runs
    }

    /// Looks at what looks at a fact alone.
    fn test(&mut self, practice: &Practice, sheet: &Sheet, fact: &Fact) {
        let place = sheet.at(fact).place();
        practice.index.tests[fact.index()].iter().for_each(|test| self.tests.set(test.at, test.holds >> place & 1 != 0));
    }

    fn judge(&mut self, practice: &Practice, sheet: &Sheet, run: usize) {
        let of = &practice.index.runs[run];
        self.runs.set(run, self.all(practice, sheet, &of.tests, &of.others));
    }

    fn all(&self, practice: &Practice, sheet: &Sheet, tests: &Places, others: &[usize]) -> bool {
        self.tests.has_all(tests) && others.iter().all(|at| practice.index.holds(&practice.rules, *at, sheet))
    }
}
