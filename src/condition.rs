//! Conditions: what a rule asks of an incident. A closed vocabulary, checked when a table is loaded.
//!
//! They are answered in three values, since *unknown is never no*: whoever asks says what an unknown answer is to count as.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::bits::Entries;
use crate::fact::{EVERY_ITEM, FACTS, Fact, Facts, Key, Value};
use crate::incident::Incident;
use crate::incident::answer::UNKNOWN;
use crate::incident::format::Kind;
use crate::method::Method;
use crate::sheet::Sheet;
use crate::tables::Wrong;

/// A condition as a table writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Written {
    /// The path it looks at.
    pub fact: Option<String>,
    /// The answer is this (true, false or a word).
    pub is: Option<Scalar>,
    /// The answer is one of these words.
    pub r#in: Option<Vec<String>>,
    /// The answer is none of these words.
    pub not_in: Option<Vec<String>>,
    /// The list has at least one of these.
    pub has: Option<Vec<String>>,
    /// The list has none of these.
    pub has_none: Option<Vec<String>>,
    /// The list has at least so many other than `except`.
    pub has_at_least: Option<u32>,
    /// What `has_at_least` does not count.
    pub except: Option<Vec<String>>,
    /// The number is strictly more than this.
    pub above: Option<f64>,
    /// The number is this or more.
    pub at_least: Option<f64>,
    /// The number is this or less.
    pub at_most: Option<f64>,
    /// The file says something there.
    pub given: Option<bool>,
    /// Which missing answers count as if they met the condition.
    pub counts: Vec<Gap>,
    /// A scored answer must be known, and is not read at its worse value.
    pub known: bool,
    /// At least one of these holds.
    pub any: Option<Vec<Written>>,
    /// All of these hold.
    pub all: Option<Vec<Written>>,
    /// This does not hold.
    pub not: Option<Box<Written>>,
}

/// True, false, or a word.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "neither true nor false nor a word; write one of them")]
#[allow(missing_docs)]
pub enum Scalar {
    Flag(bool),
    Word(String),
}

/// A way for an answer to be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Gap {
    Unknown,
    LeftOut,
}

/// A checked condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A test of one fact.
    Test(Test),
    /// At least one holds.
    Any(Vec<Condition>),
    /// All hold.
    All(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// A test of one fact.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it looks at.
    pub fact: &'static Fact,
    ask: Ask,
    counts: Vec<Gap>,
    known: bool,
}

#[derive(Clone, Debug)]
enum Ask {
    Flag(bool),
    In(Entries),
    NotIn(Entries),
    Has(Words),
    HasNone(Words),
    HasAtLeast(u32, Words),
    Above(f64),
    AtLeast(f64),
    AtMost(f64),
    Given(bool),
}

/// Words of a vocabulary: by name, as they are told, and by their places, as they are looked for.
#[derive(Clone, Debug)]
struct Words {
    names: Vec<String>,
    set: Entries,
}

impl Words {
    fn name(&self, word: &str) -> bool {
        self.names.iter().any(|name| name == word)
    }
}

/// An answer in three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Truth {
    False,
    Unknown,
    True,
}

impl From<bool> for Truth {
    fn from(is: bool) -> Truth {
        if is { Truth::True } else { Truth::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;
    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

/// How missing answers are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// For what makes the outcome heavier: a scored answer at its worse value, any other missing one as not met, unless the test counts it.
    Raise,
    /// For what makes it lighter: nothing missing supports it.
    Release,
    /// For an exception to what makes it lighter: a written unknown counts as met, a left-out one does not.
    Unless,
}

/// An answer that made a condition hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saw<'a> {
    /// Where it stands.
    pub path: &'static str,
    /// What stands there.
    pub what: What<'a>,
}

/// What a condition saw at a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What<'a> {
    /// A single value.
    Is(Value),
    /// A list with this in it.
    Has(&'a str),
}

/// As a trace prints it.
impl fmt::Display for Saw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)?;
        match self.what {
            What::Is(value) => {
                f.write_str(" = ")?;
                value.fmt(f)
            }
            What::Has(entry) => {
                f.write_str(" has ")?;
                f.write_str(entry)
            }
        }
    }
}

/// The same.
impl Serialize for Saw<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, sheet: &Sheet, reading: Reading) -> Truth {
        match self {
            Condition::Test(test) => test.holds(sheet, reading),
            Condition::Not(inner) => !inner.holds(sheet, reading),
            Condition::All(all) => all_hold(all, sheet, reading),
            Condition::Any(any) => {
                let mut best = Truth::False;
                for condition in any {
                    best = best.max(condition.holds(sheet, reading));
                    if best == Truth::True {
                        break;
                    }
                }
                best
            }
        }
    }

    /// What makes it hold; it does hold.
    pub fn saw<'a>(&self, sheet: &Sheet, reading: Reading, incident: &'a Incident, take: &mut impl FnMut(Saw<'a>)) {
        match self {
            Condition::Test(test) => test.saw(sheet.at(test.fact), incident, take),
            Condition::Not(_) => {}
            Condition::All(all) => all.iter().for_each(|condition| condition.saw(sheet, reading, incident, take)),
            Condition::Any(any) => {
                let holding = any.iter().filter(|condition| condition.holds(sheet, reading) == Truth::True);
                holding.for_each(|condition| condition.saw(sheet, reading, incident, take));
            }
        }
    }

    /// The facts it looks at.
    pub fn facts(&self) -> Vec<&'static Fact> {
        match self {
            Condition::Test(test) => vec![test.fact],
            Condition::Not(inner) => inner.facts(),
            Condition::All(all) | Condition::Any(all) => all.iter().flat_map(Condition::facts).collect(),
        }
    }

    /// The thresholds that it holds a fact against; the answers on each side of one are t and t + 1.
    pub fn thresholds(&self) -> Vec<(&'static Fact, f64)> {
        match self {
            Condition::Test(Test { fact, ask: Ask::Above(n) | Ask::AtMost(n), .. }) => vec![(fact, *n)],
            Condition::Test(Test { fact, ask: Ask::AtLeast(n), .. }) => vec![(fact, n - 1.0)],
            Condition::Test(_) => Vec::new(),
            Condition::Not(inner) => inner.thresholds(),
            Condition::All(all) | Condition::Any(all) => all.iter().flat_map(Condition::thresholds).collect(),
        }
    }
}

/// Conditions that stand together, and the facts on whose answers they hang.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Conditions {
    pub all: Vec<Condition>,
    pub looks: Facts,
}

impl From<Vec<Condition>> for Conditions {
    fn from(all: Vec<Condition>) -> Conditions {
        let mut looks = Facts::NONE;
        for read in all.iter().flat_map(Condition::facts) {
            looks.set(read.index(), true);
            // nothing else moves an answer that is not about data
            if read.data().is_some() || read.index() == EVERY_ITEM.index() {
                FACTS.iter().filter(|fact| fact.moves(read)).for_each(|fact| looks.set(fact.index(), true));
            }
        }
        Conditions { all, looks }
    }
}

impl Conditions {
    /// Whether all hold.
    pub fn all_hold(&self, sheet: &Sheet, reading: Reading) -> bool {
        all_hold(&self.all, sheet, reading) == Truth::True
    }

    /// Whether one of them holds.
    pub fn any_holds(&self, sheet: &Sheet, reading: Reading) -> bool {
        self.all.iter().any(|condition| condition.holds(sheet, reading) == Truth::True)
    }
}

/// Whether all of a list hold.
fn all_hold(all: &[Condition], sheet: &Sheet, reading: Reading) -> Truth {
    let mut worst = Truth::True;
    for condition in all {
        worst = worst.min(condition.holds(sheet, reading));
        if worst == Truth::False {
            break;
        }
    }
    worst
}

impl Test {
    /// Whether it holds.
    pub fn holds(&self, sheet: &Sheet, reading: Reading) -> Truth {
        match sheet.at(self.fact) {
            Value::Unknown if reading == Reading::Raise && self.fact.is_scored() && !self.known => self.known(self.fact.worst(), reading),
            Value::Unknown => self.missing(Gap::Unknown, reading),
            Value::LeftOut => match self.ask {
                Ask::Given(wanted) => (!wanted).into(),
                _ => self.missing(Gap::LeftOut, reading),
            },
            value => self.known(value, reading),
        }
    }

    /// What a missing answer counts as.
    fn missing(&self, gap: Gap, reading: Reading) -> Truth {
        match reading {
            _ if matches!(self.ask, Ask::Given(_)) => Truth::from(matches!(self.ask, Ask::Given(true))),
            Reading::Raise => self.counts.contains(&gap).into(),
            Reading::Release => Truth::Unknown,
            Reading::Unless => (gap == Gap::Unknown || self.counts.contains(&gap)).into(),
        }
    }

    fn known(&self, value: Value, reading: Reading) -> Truth {
        match (&self.ask, value) {
            (Ask::Given(wanted), _) => (*wanted).into(),
            (Ask::Flag(wanted), Value::Flag(flag)) => (flag == *wanted).into(),
            (Ask::In(words), Value::Word(_, word)) => words.has(word.into()).into(),
            (Ask::NotIn(words), Value::Word(_, word)) => (!words.has(word.into())).into(),
            (Ask::Above(n), Value::Number(given)) => (given > *n).into(),
            (Ask::AtLeast(n), Value::Number(given)) => (given >= *n).into(),
            (Ask::AtMost(n), Value::Number(given)) => (given <= *n).into(),
            (Ask::Has(words), Value::List(list, _)) if list.meets(&words.set) => Truth::True,
            (Ask::Has(_), Value::List(_, more)) => self.perhaps(more, reading),
            (Ask::HasNone(words), Value::List(list, _)) if list.meets(&words.set) => Truth::False,
            (Ask::HasNone(_), Value::List(_, more)) => !self.perhaps(more, reading),
            (Ask::HasAtLeast(n, except), Value::List(list, _)) => (list.without(&except.set).count() >= *n).into(),
            _ => Truth::False,
        }
    }

    /// Whether something that the list does not name may be in it.
    fn perhaps(&self, more: bool, reading: Reading) -> Truth {
        if more { self.missing(Gap::Unknown, reading) } else { Truth::False }
    }

    fn saw<'a>(&self, value: Value, incident: &'a Incident, take: &mut impl FnMut(Saw<'a>)) {
        let path = self.fact.path;
        let wanted = |entry: &str| match &self.ask {
            Ask::Has(words) => words.name(entry),
            Ask::HasAtLeast(_, except) => !except.name(entry),
            _ => false,
        };
        let mut has = |fact: &Fact| {
            let entries = fact.entries(incident).into_iter().filter(|e| wanted(e));
            entries.for_each(|entry| take(Saw { path: fact.path, what: What::Has(entry) }));
        };
        match (&self.ask, value) {
            (Ask::HasNone(_) | Ask::Given(false), _) => {}
            // every category is looked at, and the one that has it is named
            (Ask::Has(_), Value::List(..)) if self.fact.index() == EVERY_ITEM.index() => {
                incident.data.iter().for_each(|data| has(Fact::of_data(data.category, Key::Items)))
            }
            (_, Value::List(..)) => has(self.fact),
            // only what the file itself says: no level that follows from its base, no category that is not there
            _ if self.fact.data().is_some() && !incident.says(path) => {}
            _ => take(Saw { path, what: What::Is(value) }),
        }
    }
}

/// What may be asked of an answer.
fn can_ask(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "ask `is = true`, `is = false` or `given`",
        Kind::Word(_) => "ask `is` with a word, `in`, `not_in` or `given`",
        Kind::Words(..) | Kind::Items => "ask `has`, `has_none`, `has_at_least` or `given`",
        Kind::Step | Kind::Count | Kind::Hours => "ask `above`, `at_least`, `at_most` or `given`",
        _ => "ask `given`",
    }
}

impl Written {
    /// The condition, checked against the incident format and the method's data types.
    pub fn check(&self, path: fmt::Arguments<'_>, method: &Method, wrong: &mut Vec<Wrong>) -> Option<Condition> {
        let groups = [&self.any, &self.all];
        let shapes = usize::from(self.fact.is_some()) + groups.iter().filter(|g| g.is_some()).count() + usize::from(self.not.is_some());
        if shapes != 1 {
            wrong.push((path.to_string(), "has none of `fact`, `any`, `all` and `not`, or several; must have exactly one".into()));
            return None;
        }
        let list = |list: &[Written], name: &str, wrong: &mut Vec<Wrong>| {
            if list.is_empty() {
                wrong.push((format!("{path}.{name}"), "empty; write the conditions".into()));
            }
            list.iter().enumerate().filter_map(|(i, c)| c.check(format_args!("{path}.{name}[{i}]"), method, wrong)).collect::<Vec<_>>()
        };
        if let Some(any) = &self.any {
            return Some(Condition::Any(list(any, "any", wrong)));
        }
        if let Some(all) = &self.all {
            return Some(Condition::All(list(all, "all", wrong)));
        }
        if let Some(not) = &self.not {
            return Some(Condition::Not(Box::new(not.check(format_args!("{path}.not"), method, wrong)?)));
        }
        let name = self.fact.as_deref()?;
        let Some(fact) = Fact::at(name) else {
            let facts: Vec<&str> = FACTS.iter().map(|f| f.path).collect();
            let hint = crate::diag::nearest(name, facts).map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default();
            wrong.push((format!("{path}.fact"), format!("{name:?} is not a fact of the incident format{hint}; write the path of an answer")));
            return None;
        };
        let ask = self.ask(fact, path, method, wrong)?;
        Some(Condition::Test(Test { fact, ask, counts: self.counts.clone(), known: self.known }))
    }

    fn ask(&self, fact: &'static Fact, path: fmt::Arguments<'_>, method: &Method, wrong: &mut Vec<Wrong>) -> Option<Ask> {
        let mut asks = Vec::new();
        let kind = fact.kind();
        let mut vocabulary = |words: &[String], name: &str| {
            let known: Vec<&str> = match kind {
                Kind::Word(all) | Kind::Words(all, _) => all.to_vec(),
                Kind::Items => method.data_types.iter().map(|t| t.id.as_str()).collect(),
                _ => Vec::new(),
            };
            for word in words {
                if word == UNKNOWN {
                    wrong.push((format!("{path}.{name}"), format!("{UNKNOWN:?} is no word to ask for; write `counts = [\"{UNKNOWN}\"]` instead")));
                } else if !known.is_empty() && !known.contains(&word.as_str()) {
                    wrong.push((format!("{path}.{name}"), format!("{word:?} cannot stand at {}{}", fact.path, crate::diag::allowed(word, &known))));
                }
            }
            let set = words.iter().filter_map(|word| known.iter().position(|k| k == word)).collect();
            Words { names: words.to_vec(), set }
        };
        let is_word = matches!(kind, Kind::Word(_));
        let is_list = matches!(kind, Kind::Words(..) | Kind::Items);
        let is_number = matches!(kind, Kind::Step | Kind::Count | Kind::Hours);
        match &self.is {
            Some(Scalar::Flag(flag)) => asks.push((Ask::Flag(*flag), kind == Kind::Flag)),
            Some(Scalar::Word(word)) => asks.push((Ask::In(vocabulary(std::slice::from_ref(word), "is").set), is_word)),
            None => {}
        }
        if let Some(words) = &self.r#in {
            asks.push((Ask::In(vocabulary(words, "in").set), is_word));
        }
        if let Some(words) = &self.not_in {
            asks.push((Ask::NotIn(vocabulary(words, "not_in").set), is_word));
        }
        if let Some(words) = &self.has {
            asks.push((Ask::Has(vocabulary(words, "has")), is_list));
        }
        if let Some(words) = &self.has_none {
            asks.push((Ask::HasNone(vocabulary(words, "has_none")), is_list));
        }
        if let Some(n) = self.has_at_least {
            asks.push((Ask::HasAtLeast(n, vocabulary(self.except.as_deref().unwrap_or_default(), "except")), is_list));
        } else if self.except.is_some() {
            wrong.push((format!("{path}.except"), "says what `has_at_least` leaves out, and there is none; add that, or take this away".into()));
        }
        for (ask, given) in [(Ask::Above as fn(f64) -> Ask, self.above), (Ask::AtLeast, self.at_least), (Ask::AtMost, self.at_most)] {
            if let Some(n) = given {
                asks.push((ask(n), is_number));
            }
        }
        if let Some(given) = self.given {
            asks.push((Ask::Given(given), true));
        }
        if asks.len() != 1 {
            wrong.push((
                path.to_string(),
                format!(
                    "asks {} things of {}; must ask exactly one: is, in, not_in, has, has_none, has_at_least, above, at_least, at_most or given",
                    asks.len(),
                    fact.path
                ),
            ));
            return None;
        }
        let (ask, fits) = asks.remove(0);
        if !fits {
            wrong.push((path.to_string(), format!("cannot be asked of {}; {}", fact.path, can_ask(kind))));
        }
        Some(ask)
    }
}
