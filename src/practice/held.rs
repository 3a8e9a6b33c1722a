//! Which of a practice's rules hold for an incident, and which would with another answer.

use smallvec::SmallVec;

use super::Practice;
use super::index::{Formula, Places, Rest};
use crate::fact::{FACTS, Fact};
use crate::sheet::Sheet;

/// Which tests of a practice's rules hold, and which runs of conditions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
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
        (0..practice.index().runs.len()).for_each(|run| held.judge(practice, run));
        held
    }

    /// What hangs on the answer at a fact: nothing else keeps it from holding.
    pub fn hanging_on<'p>(&self, practice: &'p Practice, fact: &Fact) -> Hanging<'p> {
        practice.index().looks[fact.index()].rests.iter().filter(|rest| self.all(&rest.tests, &rest.others)).collect()
    }

    /// Those with another answer at a fact, on which so much hangs.
    pub fn with(&self, practice: &Practice, sheet: &Sheet, fact: &Fact, hanging: &[&Rest]) -> Held {
        let mut held = *self;
        practice.index().looks[fact.index()].facts.iter().for_each(|fact| held.test(practice, sheet, fact));
        hanging.iter().for_each(|rest| held.judge(practice, rest.run));
        held
    }

    /// Those with other answers at two facts.
    pub fn with_both(&self, practice: &Practice, sheet: &Sheet, facts: [&Fact; 2]) -> Held {
        let looks = facts.map(|fact| &practice.index().looks[fact.index()]);
        let mut held = *self;
        looks.into_iter().flat_map(|look| &look.facts).for_each(|fact| held.test(practice, sheet, fact));
        looks.into_iter().flat_map(|look| &look.rests).for_each(|rest| held.judge(practice, rest.run));
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

    /// Tests the answer at a fact.
    fn test(&mut self, practice: &Practice, sheet: &Sheet, fact: &Fact) {
        let tests = &practice.index().tests[fact.index()];
        if tests.counted.is_empty() {
            return;
        }
        let holding = tests.counted.get(sheet.at(fact).place()).copied().unwrap_or_else(|| tests.holding(sheet));
        self.tests = self.tests.without(&tests.all).with(&holding);
    }

    fn judge(&mut self, practice: &Practice, run: usize) {
        let of = &practice.index().runs[run];
        self.runs.set(run, self.all(&of.tests, &of.others));
    }

    fn all(&self, tests: &Places, others: &[Formula]) -> bool {
        self.tests.has_all(tests) && others.iter().all(|formula| formula.holds(&self.tests))
    }
}
