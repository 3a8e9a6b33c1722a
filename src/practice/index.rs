//! What is known of a practice's rules before any incident is looked at, worked out once: which conditions look at which fact, and what they hold it against.

use super::{Case, Effect, Floor, LossReading, Rule, Side};
use crate::bits::Bits;
use crate::condition::{Condition, Reading, Truth};
use crate::fact::{FACTS, Fact, Facts};
use crate::sheet::Sheet;

/// Tests of a practice's rules, or runs, by their places.
pub type Places = Bits<8>;

/// An index of a practice's rules.
///
/// A test is the part of a condition that looks at one fact. What must hold together is a run of conditions: a case of a raising rule, all of any other rule
/// with its exceptions.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// How many tests there are.
    count: usize,
    /// For each fact, the tests that look at it.
    pub(super) tests: Vec<Tests>,
    pub(super) runs: Vec<Run>,
    /// For each fact, what may hold otherwise when its answer is another.
    pub(super) looks: Vec<Look>,
    /// The facts that may matter whichever rules hold: those that are scored, and those on which it hangs how the loss is read.
    reading: Facts,
    /// For each fact, the thresholds that it is held against, rising.
    thresholds: Vec<Vec<f64>>,
}

/// The tests that look at a fact.
#[derive(Clone, Debug, Default)]
pub(super) struct Tests {
    /// All of them.
    pub(super) all: Places,
    /// Which of them hold, by the place of the value; as far as values can be counted. Empty where there are no tests.
    pub(super) counted: Vec<Places>,
    list: Vec<Test>,
}

/// The part of a condition that looks at one fact.
#[derive(Clone, Debug)]
struct Test {
    at: usize,
    condition: Condition,
    reading: Reading,
    /// What the condition must come to: false, where the rule asks that it does not hold.
    wanted: Truth,
}

/// What must hold together.
#[derive(Clone, Debug)]
pub struct Run {
    /// The rule.
    pub rule: usize,
    /// What it brings about where it holds.
    pub brings: Brings,
    /// The case, where it is one of a raising rule.
    case: usize,
    /// All tests in it.
    all: Places,
    /// The tests that must all hold.
    pub(super) tests: Places,
    pub(super) others: Vec<Formula>,
}

/// What a run brings about.
#[derive(Clone, Copy, Debug)]
pub enum Brings {
    /// A floor on a side.
    Floor(Side, Floor),
    /// A release, which answers these runs.
    Release(Places),
    /// Nothing that is weighed.
    Nothing,
}

/// A condition, made of tests.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    Test(usize),
    Any(Vec<Formula>),
    All(Vec<Formula>),
    /// An exception, which must not hold.
    Unless(Box<Formula>),
}

/// What may hold otherwise when the answer of a fact is another.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// The facts with tests that may be read otherwise.
    pub(super) facts: Vec<&'static Fact>,
    /// The runs that look at them.
    pub(super) rests: Vec<Rest>,
}

/// A run without what in it looks at a fact.
#[derive(Clone, Debug)]
pub struct Rest {
    pub(super) run: usize,
    pub(super) tests: Places,
    pub(super) others: Vec<Formula>,
}

impl Tests {
    /// Which of them hold.
    pub(super) fn holding(&self, sheet: &Sheet) -> Places {
        self.list.iter().filter(|test| test.condition.holds(sheet, test.reading) == test.wanted).map(|test| test.at).collect()
    }

    /// Works out which hold for the values that can be counted.
    fn count(&mut self, fact: &Fact) {
        let mut sheet = Sheet::BLANK;
        let counted = fact.values().filter(|_| !self.list.is_empty()).map(|value| {
            sheet.put(fact, value);
            self.holding(&sheet)
        });
        self.counted = counted.collect();
        self.all = self.list.iter().map(|test| test.at).collect();
    }
}

impl Brings {
    /// A release that answers some runs; anything else as it is.
    fn answering(self, runs: Places) -> Brings {
        match self {
            Brings::Release(_) => Brings::Release(runs),
            other => other,
        }
    }
}

impl Run {
    fn new(rule: usize, case: usize, brings: Brings) -> Run {
        Run { rule, brings, case, all: Places::NONE, tests: Places::NONE, others: Vec::new() }
    }

    /// The case of a raising rule that it is.
    pub fn case<'r>(&self, rules: &'r [Rule]) -> &'r Case {
        &rules[self.rule].cases[self.case]
    }
}

impl Formula {
    /// Whether it holds, where so many tests do.
    pub(super) fn holds(&self, tests: &Places) -> bool {
        match self {
            Formula::Test(at) => tests.has(*at),
            Formula::Any(any) => any.iter().any(|formula| formula.holds(tests)),
            Formula::All(all) => all.iter().all(|formula| formula.holds(tests)),
            Formula::Unless(exception) => !exception.holds(tests),
        }
    }

    /// Whether one of these tests is in it.
    fn looks_at(&self, tests: &Places) -> bool {
        match self {
            Formula::Test(at) => tests.has(*at),
            Formula::Any(list) | Formula::All(list) => list.iter().any(|formula| formula.looks_at(tests)),
            Formula::Unless(exception) => exception.looks_at(tests),
        }
    }
}

impl Index {
    pub(super) fn of(rules: &[Rule], readings: &[LossReading]) -> Index {
        let scored = FACTS.iter().filter(|fact| fact.is_scored() || fact.is_affected()).map(Fact::index).collect();
        let mut index = Index {
            reading: readings.iter().fold(scored, |all: Facts, reading| all.with(&reading.looks)),
            tests: vec![Tests::default(); FACTS.len()],
            thresholds: vec![Vec::new(); FACTS.len()],
            ..Index::default()
        };
        for (i, rule) in rules.iter().enumerate() {
            match rule.table.effect {
                Effect::Raise => {
                    for (n, case) in rule.cases.iter().enumerate() {
                        index.add(Run::new(i, n, Brings::Floor(case.side, case.floor)), case.when.iter(), Reading::Raise, &[]);
                    }
                }
                effect => {
                    let brings = if effect == Effect::Release { Brings::Release(Places::NONE) } else { Brings::Nothing };
                    index.add(Run::new(i, 0, brings), rule.cases.iter().flat_map(|case| &case.when), Reading::Release, &rule.unless);
                }
            }
        }
        for all in &mut index.thresholds {
            all.sort_by(f64::total_cmp);
            all.dedup();
        }
        let answered = |release: &Rule| index.runs.iter().enumerate().filter(|(_, run)| release.answers(&rules[run.rule])).map(|(i, _)| i).collect();
        let releases: Vec<Brings> = index.runs.iter().map(|run| run.brings.answering(answered(&rules[run.rule]))).collect();
        index.runs.iter_mut().zip(releases).for_each(|(run, brings)| run.brings = brings);
        index.tests.iter_mut().zip(FACTS.iter()).for_each(|(tests, fact)| tests.count(fact));
        index.looks = FACTS.iter().map(|fact| index.look(fact)).collect();
        index
    }

    /// Adds a run of conditions, read in one way, with its exceptions, which are such where they are true or written unknown.
    fn add<'r>(&mut self, mut run: Run, conditions: impl Iterator<Item = &'r Condition>, reading: Reading, exceptions: &'r [Condition]) {
        let first = self.count;
        for condition in conditions {
            match self.formula(condition, reading, Truth::True) {
                Formula::Test(at) => run.tests.set(at, true),
                formula => run.others.push(formula),
            }
            self.hold_against(condition);
        }
        for exception in exceptions {
            run.others.push(Formula::Unless(Box::new(self.formula(exception, Reading::Unless, Truth::True))));
            self.hold_against(exception);
        }
        run.all = (first..self.count).collect();
        self.runs.push(run);
    }

    /// A condition that comes to what is wanted of it, true or false.
    fn formula(&mut self, condition: &Condition, reading: Reading, wanted: Truth) -> Formula {
        match (condition, wanted) {
            (Condition::Test(test), _) => Formula::Test(self.test(test.fact, condition, reading, wanted)),
            (Condition::Not(inner), _) => self.formula(inner, reading, !wanted),
            // one of them is enough for `any` to be true, and for `all` to be false
            (Condition::Any(list), Truth::True) | (Condition::All(list), Truth::False) => Formula::Any(self.formulas(list, reading, wanted)),
            (Condition::Any(list) | Condition::All(list), _) => Formula::All(self.formulas(list, reading, wanted)),
        }
    }

    fn formulas(&mut self, list: &[Condition], reading: Reading, wanted: Truth) -> Vec<Formula> {
        list.iter().map(|condition| self.formula(condition, reading, wanted)).collect()
    }

    fn test(&mut self, fact: &Fact, condition: &Condition, reading: Reading, wanted: Truth) -> usize {
        let at = self.count;
        self.count += 1;
        self.tests[fact.index()].list.push(Test { at, condition: condition.clone(), reading, wanted });
        at
    }

    fn hold_against(&mut self, condition: &Condition) {
        condition.thresholds().into_iter().for_each(|(fact, threshold)| self.thresholds[fact.index()].push(threshold));
    }

    fn look(&self, fact: &Fact) -> Look {
        let facts: Vec<&Fact> = FACTS.iter().filter(|read| fact.moves(read) && self.tests[read.index()].all.count() != 0).collect();
        let moved = facts.iter().fold(Places::NONE, |moved, fact| moved.with(&self.tests[fact.index()].all));
        let rests = (0..).zip(&self.runs).filter(|(_, run)| run.all.meets(&moved)).map(|(i, run)| Rest {
            run: i,
            tests: run.tests.without(&moved),
            others: run.others.iter().filter(|formula| !formula.looks_at(&moved)).cloned().collect(),
        });
        Look { rests: rests.collect(), facts }
    }

    /// The facts that may matter whichever rules hold: those that are scored, and those on which it hangs how the loss is read.
    pub fn reading(&self) -> Facts {
        self.reading
    }

    /// What must hold together, in table order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The thresholds that a fact is held against, rising.
    pub fn thresholds(&self, fact: &Fact) -> &[f64] {
        &self.thresholds[fact.index()]
    }
}
