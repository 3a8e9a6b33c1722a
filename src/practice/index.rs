//! What is known of a practice's rules before any incident is looked at, worked out once: which conditions look at which fact, and what they hold it against.

use super::{Case, Effect, Floor, LossReading, Rule, Side};
use crate::bits::Bits;
use crate::condition::{self, Condition, Reading, Truth};
use crate::fact::{CONFIDENTIALITY, FACTS, Fact, Facts};
use crate::sheet::Sheet;

/// Tests of a practice's rules, or runs, by their places.
pub type Places = Bits<4>;

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
    /// The facts with tests.
    pub(super) asked: Vec<&'static Fact>,
    pub(super) runs: Vec<Run>,
    /// For each rule, its runs.
    of_rules: Vec<Places>,
    floors: Vec<Floors>,
    releases: Vec<Release>,
    /// For each fact, what may hold otherwise when its answer is another.
    pub(super) looks: Vec<Look>,
    /// The facts that are scored.
    scored: Facts,
    /// The facts on which it hangs how the loss is read.
    read_by: Facts,
    /// For each fact, the thresholds that it is held against, rising.
    thresholds: Vec<Vec<f64>>,
}

/// The tests that look at a fact.
#[derive(Clone, Debug, Default)]
pub(super) struct Tests {
    /// All of them.
    pub(super) all: Places,
    /// Which of them hold, by the place of the value; as far as values can be counted. Empty where there are no tests.
    counted: Vec<Places>,
    list: Vec<Test>,
}

/// The part of a condition that looks at one fact.
#[derive(Clone, Debug)]
struct Test {
    at: usize,
    asks: condition::Test,
    reading: Reading,
    /// What the condition must come to: false, where the rule asks that it does not hold.
    wanted: Truth,
}

/// What must hold together.
#[derive(Clone, Debug)]
pub struct Run {
    /// The rule.
    pub rule: usize,
    /// The case, where it is one of a raising rule.
    case: usize,
    /// All tests in it.
    pub(super) all: Places,
    pub(super) when: Formula,
}

/// The runs that bring about the same floor on the same side.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Floors {
    pub side: Side,
    pub floor: Floor,
    pub runs: Places,
}

/// A run that brings about a release.
#[derive(Clone, Debug)]
pub struct Release {
    /// The run.
    pub run: usize,
    /// The runs that it answers.
    pub answers: Places,
}

/// Conditions, made of tests.
#[derive(Clone, Debug)]
pub(super) struct Formula {
    how: How,
    tests: Places,
    more: Vec<Formula>,
}

/// How many parts of a formula must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    All,
    /// At least one.
    Any,
    /// None, as of exceptions.
    None,
}

/// What may hold otherwise when the answer of a fact is another.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// The facts with tests that may be read otherwise.
    pub(super) facts: Vec<&'static Fact>,
    /// The runs that look at them.
    pub(super) runs: Places,
    /// The same without what in them does.
    pub(super) rests: Vec<Rest>,
}

/// A run without what in it looks at a fact.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub(super) run: usize,
    pub(super) when: Formula,
}

impl Tests {
    /// Which of them hold for what stands at their fact.
    pub(super) fn holding_at(&self, sheet: &Sheet, fact: &Fact) -> Places {
        match self.counted.get(sheet.at(fact).place()) {
            Some(holding) => *holding,
            None => self.holding(sheet),
        }
    }

    /// The same, test by test.
    fn holding(&self, sheet: &Sheet) -> Places {
        self.list.iter().filter(|test| test.asks.holds(sheet, test.reading) == test.wanted).map(|test| test.at).collect()
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

impl Run {
    fn new(rule: usize, case: usize) -> Run {
        Run { rule, case, all: Places::NONE, when: Formula::new(How::All) }
    }

    /// The case of a raising rule that it is.
    pub fn case<'r>(&self, rules: &'r [Rule]) -> &'r Case {
        &rules[self.rule].cases[self.case]
    }
}

impl Formula {
    fn new(how: How) -> Formula {
        Formula { how, tests: Places::NONE, more: Vec::new() }
    }

    /// With another part: in it where that comes to the same, so that as few as can be stand within each other.
    fn with(mut self, part: Formula) -> Formula {
        let one = part.how != How::None && part.more.is_empty() && part.tests.count() == 1;
        if one || part.how == self.how.of_parts() {
            self.tests = self.tests.with(&part.tests);
            self.more.extend(part.more);
        } else {
            self.more.push(part);
        }
        self
    }

    /// Whether it holds, where so many tests do.
    pub(super) fn holds(&self, tests: &Places) -> bool {
        let mut more = self.more.iter();
        match self.how {
            How::All => tests.has_all(&self.tests) && more.all(|formula| formula.holds(tests)),
            How::Any => tests.meets(&self.tests) || more.any(|formula| formula.holds(tests)),
            How::None => !tests.meets(&self.tests) && !more.any(|formula| formula.holds(tests)),
        }
    }

    /// Whether one of these tests is in it.
    fn looks_at(&self, tests: &Places) -> bool {
        self.tests.meets(tests) || self.more.iter().any(|formula| formula.looks_at(tests))
    }

    /// What of it holds, wherever it does, whatever becomes of these tests.
    fn without(&self, tests: &Places) -> Formula {
        let of_part = |part: &Formula| match part.how {
            _ if !part.looks_at(tests) => Some(part.clone()),
            // the exceptions that do not look at them must not hold all the same
            How::None if self.how == How::All => Some(part.without(tests)),
            How::All | How::Any | How::None => None,
        };
        Formula { how: self.how, tests: self.tests.without(tests), more: self.more.iter().filter_map(of_part).collect() }
    }
}

impl How {
    /// How parts of its parts must hold so that they may as well be its own.
    fn of_parts(self) -> How {
        match self {
            How::All => How::All,
            How::Any | How::None => How::Any,
        }
    }
}

impl Index {
    pub(super) fn of(rules: &[Rule], readings: &[LossReading]) -> Index {
        let loss: Facts = [CONFIDENTIALITY.index()].into_iter().collect();
        let mut index = Index {
            scored: FACTS.iter().filter(|fact| fact.is_scored() || fact.is_affected()).map(Fact::index).collect(),
            read_by: readings.iter().fold(loss, |all, reading| all.with(&reading.when.looks)),
            tests: vec![Tests::default(); FACTS.len()],
            thresholds: vec![Vec::new(); FACTS.len()],
            ..Index::default()
        };
        for (i, rule) in rules.iter().enumerate() {
            let first = index.runs.len();
            match rule.table.effect {
                Effect::Raise => {
                    for (n, case) in rule.cases.iter().enumerate() {
                        index.bring(case, index.runs.len());
                        index.add(Run::new(i, n), case.when.iter(), Reading::Raise, &[]);
                    }
                }
                _ => index.add(Run::new(i, 0), rule.cases.iter().flat_map(|case| &case.when), Reading::Release, &rule.unless),
            }
            index.of_rules.push((first..index.runs.len()).collect());
        }
        for all in &mut index.thresholds {
            all.sort_by(f64::total_cmp);
            all.dedup();
        }
        let answers = |release: &Rule| {
            let answered = rules.iter().zip(&index.of_rules).filter(|(rule, _)| release.answers(rule));
            answered.fold(Places::NONE, |all, (_, runs)| all.with(runs))
        };
        let releases = (0..).zip(&index.runs).map(|(i, run)| (i, &rules[run.rule])).filter(|(_, rule)| rule.table.effect == Effect::Release);
        index.releases = releases.map(|(run, rule)| Release { run, answers: answers(rule) }).collect();
        index.tests.iter_mut().zip(FACTS.iter()).for_each(|(tests, fact)| tests.count(fact));
        index.asked = FACTS.iter().filter(|fact| index.asks(fact)).collect();
        index.looks = FACTS.iter().map(|fact| index.look(fact)).collect();
        index
    }

    /// Notes what the run of a case brings about.
    fn bring(&mut self, case: &Case, run: usize) {
        match self.floors.iter_mut().find(|floors| floors.side == case.side && floors.floor == case.floor) {
            Some(same) => same.runs.set(run, true),
            None => self.floors.push(Floors { side: case.side, floor: case.floor, runs: [run].into_iter().collect() }),
        }
    }

    /// Adds a run of conditions, read in one way, with its exceptions, which are such where they are true or written unknown.
    fn add<'r>(&mut self, mut run: Run, conditions: impl Iterator<Item = &'r Condition>, reading: Reading, exceptions: &'r [Condition]) {
        let first = self.count;
        for condition in conditions {
            run.when = run.when.with(self.formula(condition, reading, Truth::True));
            self.hold_against(condition);
        }
        if !exceptions.is_empty() {
            run.when = run.when.with(self.formulas(How::None, exceptions, Reading::Unless, Truth::True));
            exceptions.iter().for_each(|exception| self.hold_against(exception));
        }
        run.all = (first..self.count).collect();
        self.runs.push(run);
    }

    /// A condition that comes to what is wanted of it, true or false.
    fn formula(&mut self, condition: &Condition, reading: Reading, wanted: Truth) -> Formula {
        match (condition, wanted) {
            (Condition::Test(test), _) => {
                let at = self.test(test, reading, wanted);
                Formula { tests: [at].into_iter().collect(), ..Formula::new(How::All) }
            }
            (Condition::Not(inner), _) => self.formula(inner, reading, !wanted),
            // one of them is enough for `any` to be true, and for `all` to be false
            (Condition::Any(list), Truth::True) | (Condition::All(list), Truth::False) => self.formulas(How::Any, list, reading, wanted),
            (Condition::Any(list) | Condition::All(list), _) => self.formulas(How::All, list, reading, wanted),
        }
    }

    fn formulas(&mut self, how: How, list: &[Condition], reading: Reading, wanted: Truth) -> Formula {
        list.iter().fold(Formula::new(how), |all, condition| all.with(self.formula(condition, reading, wanted)))
    }

    fn test(&mut self, asks: &condition::Test, reading: Reading, wanted: Truth) -> usize {
        let at = self.count;
        self.count += 1;
        self.tests[asks.fact.index()].list.push(Test { at, asks: asks.clone(), reading, wanted });
        at
    }

    fn hold_against(&mut self, condition: &Condition) {
        condition.thresholds().into_iter().for_each(|(fact, threshold)| self.thresholds[fact.index()].push(threshold));
    }

    /// Whether some test looks at a fact.
    fn asks(&self, fact: &Fact) -> bool {
        self.tests[fact.index()].all != Places::NONE
    }

    fn look(&self, fact: &Fact) -> Look {
        let facts: Vec<&Fact> = self.asked.iter().copied().filter(|read| fact.moves(read)).collect();
        let moved = facts.iter().fold(Places::NONE, |moved, fact| moved.with(&self.tests[fact.index()].all));
        let rests = (0..).zip(&self.runs).filter(|(_, run)| run.all.meets(&moved)).map(|(i, run)| Rest { run: i, when: run.when.without(&moved) });
        let rests: Vec<Rest> = rests.collect();
        Look { runs: rests.iter().map(|rest| rest.run).collect(), rests, facts }
    }

    /// The facts that are scored, and those that say whether a category of data was hit.
    pub fn scored(&self) -> Facts {
        self.scored
    }

    /// The facts on which it hangs how the loss is read.
    pub fn read_by(&self) -> Facts {
        self.read_by
    }

    /// What must hold together, in table order.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs of a rule.
    pub fn of_rule(&self, rule: usize) -> &Places {
        &self.of_rules[rule]
    }

    /// What runs bring about: floors.
    pub fn floors(&self) -> &[Floors] {
        &self.floors
    }

    /// What runs bring about: releases.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The thresholds that a fact is held against, rising.
    pub fn thresholds(&self, fact: &Fact) -> &[f64] {
        &self.thresholds[fact.index()]
    }
}
