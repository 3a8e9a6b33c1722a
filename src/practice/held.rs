//! Which of a practice's rules hold for an incident, and which would with another answer.

use super::Practice;
use super::index::{Index, Places};
use crate::fact::Fact;
use crate::sheet::Sheet;

/// Which tests of a practice's rules hold, and which runs of conditions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    tests: Places,
    runs: Places,
}

impl Held {
    /// Those of an incident.
    pub fn of(practice: &Practice, sheet: &Sheet) -> Held {
        let mut held = Held { tests: Places::NONE, runs: Places::NONE };
        let index = practice.index();
        for fact in &index.asked {
            held.tests = held.tests.with(&index.tests[fact.index()].holding_at(sheet, fact));
        }
        (0..index.runs.len()).for_each(|run| held.judge(index, run));
        held
    }

    /// The runs that hang on the answer at a fact: nothing else keeps them from holding.
    pub fn hanging_on(&self, practice: &Practice, fact: &Fact) -> Places {
        let mut hanging = Places::NONE;
        for rest in &practice.index().looks[fact.index()].rests {
            hanging.set(rest.run, rest.when.holds(&self.tests));
        }
        hanging
    }

    /// Those with another answer at a fact, on which some runs hang.
    pub fn with(&self, practice: &Practice, sheet: &Sheet, fact: &Fact, hanging: &Places) -> Held {
        let mut held = *self;
        if *hanging != Places::NONE {
            let index = practice.index();
            index.looks[fact.index()].facts.iter().for_each(|fact| held.test(index, sheet, fact));
            held.judge_moved(index, &self.tests, hanging);
        }
        held
    }

    /// Those with other answers at two facts.
    pub fn with_both(&self, practice: &Practice, sheet: &Sheet, facts: [&Fact; 2]) -> Held {
        let index = practice.index();
        let looks = facts.map(|fact| &index.looks[fact.index()]);
        let mut held = *self;
        looks.iter().flat_map(|look| &look.facts).for_each(|fact| held.test(index, sheet, fact));
        held.judge_moved(index, &self.tests, &looks[0].runs.with(&looks[1].runs));
        held
    }

    /// The runs that hold.
    pub fn runs(&self) -> &Places {
        &self.runs
    }

    /// Tests the answer at a fact.
    fn test(&mut self, index: &Index, sheet: &Sheet, fact: &Fact) {
        let tests = &index.tests[fact.index()];
        self.tests = self.tests.without(&tests.all).with(&tests.holding_at(sheet, fact));
    }

    fn judge(&mut self, index: &Index, run: usize) {
        self.runs.set(run, index.runs[run].when.holds(&self.tests));
    }

    /// Judges those of some runs in which a test came out otherwise than before.
    fn judge_moved(&mut self, index: &Index, before: &Places, runs: &Places) {
        let moved = self.tests.without(before).with(&before.without(&self.tests));
        if moved != Places::NONE {
            runs.iter().filter(|run| index.runs[*run].all.meets(&moved)).for_each(|run| self.judge(index, run));
        }
    }
}
