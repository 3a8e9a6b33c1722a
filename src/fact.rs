//! Facts: the answers of an incident by their path, for rules to look at and for the sensitivity search to move.

use std::sync::LazyLock;

use strum::EnumString;

use crate::bits::{Bits, Entries};
use crate::incident::answer::{Answer, Count, Hours, Step};
use crate::incident::format::{self, Kind};
use crate::incident::moment::Moment;
use crate::incident::words::*;
use crate::incident::{DataOf, Incident};

/// What an incident says at a path. Rules look at values thousands of times: nothing in one is on the heap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    LeftOut,
    /// `"unknown"`.
    Unknown,
    /// A word of a vocabulary, by its place in it, which is small so that values are.
    Word(&'static [&'static str], u8),
    /// True or false.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A time, of which rules only ask whether it is there.
    Time(Moment),
    /// A table, of which rules only ask whether it is there.
    Given,
    /// Words or data types, by their places; with whether there may be more that nobody knows yet.
    List(Entries, bool),
}

impl Value {
    /// The word at a place of a vocabulary.
    pub fn word(words: &'static [&'static str], place: usize) -> Value {
        Value::Word(words, place as u8)
    }

    /// All words of a vocabulary.
    pub fn words(words: &'static [&'static str]) -> impl DoubleEndedIterator<Item = Value> {
        (0..words.len()).map(move |place| Value::word(words, place))
    }

    /// A single known answer.
    pub fn single(self) -> Option<Value> {
        matches!(self, Value::Word(..) | Value::Flag(_) | Value::Number(_)).then_some(self)
    }

    /// Its place among the [values](Fact::values) that can stand at its fact; what is none of them has a place after them.
    pub fn place(self) -> usize {
        match self {
            Value::LeftOut => 0,
            Value::Unknown => 1,
            Value::Word(_, place) => 2 + usize::from(place),
            Value::Flag(flag) => 2 + usize::from(flag),
            Value::Time(_) | Value::Given => 2,
            Value::Number(n) => 2 + if LEVELS.contains(&n) { n as usize } else { LEVELS.len() },
            Value::List(list, more) => 2 + usize::from(more || list != Entries::NONE),
        }
    }
}

/// The levels of a category of data; 0 where it is not hit.
const LEVELS: [f64; 5] = [0.0, 1.0, 2.0, 3.0, 4.0];

/// Tells the entries of a list, in the order of the file.
type Told = for<'a> fn(&'a Incident) -> Vec<&'a str>;

/// What else can be done with a fact.
#[derive(Clone, Copy)]
enum How {
    /// A single answer, which can be set.
    Set(fn(&mut Incident, Value)),
    /// A list, whose entries can be told.
    List(Told),
    /// It is only read.
    Read,
}

/// An answer that can be read by path and set.
#[derive(Clone, Copy)]
pub struct Fact {
    /// The path in the incident format; `data.*.items` stands for the items of every category.
    pub path: &'static str,
    get: fn(&Incident) -> Value,
    how: How,
    /// Its place among the facts.
    index: usize,
    kind: Kind,
    scored: bool,
    data: Option<(Category, Key)>,
}

/// What an answer about a category of data is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Key {
    Items,
    /// Whether the category was hit. Everything else about it hangs on that.
    Affected,
    Level,
    Because,
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.path)
    }
}

impl Fact {
    fn new(path: &'static str, get: fn(&Incident) -> Value, how: How) -> Fact {
        let kind = format::field(path).map_or(Kind::Items, |f| f.kind);
        let data = path
            .strip_prefix("data.")
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(category, key)| Some((category.parse().ok()?, key.parse().ok()?)));
        Fact { path, get, how, index: 0, kind, scored: SCORED.contains(&path), data }
    }

    /// The fact at a path, if rules can look at it.
    pub fn at(path: &str) -> Option<&'static Fact> {
        FACTS.iter().find(|f| f.path == path)
    }

    /// What is answered of a category of data.
    pub fn of_data(category: Category, key: Key) -> &'static Fact {
        OF_DATA[category as usize][key as usize]
    }

    /// What the incident says.
    pub fn get(&self, incident: &Incident) -> Value {
        (self.get)(incident)
    }

    /// What the incident says, as everybody reads it: a loss left out is none, intent left out is unknown.
    pub fn read(&self, incident: &Incident) -> Value {
        match self.get(incident) {
            Value::LeftOut if self.is_scored() => match self.kind() {
                Kind::Word(words) => Value::Word(words, 0),
                _ => Value::Unknown,
            },
            value => value,
        }
    }

    /// The worse value of a scored answer: the last of its words, above every level, or true.
    pub fn worst(&self) -> Value {
        match self.kind() {
            Kind::Word(words) => Value::word(words, words.len() - 1),
            Kind::Flag => Value::Flag(true),
            _ => Value::Number(f64::INFINITY),
        }
    }

    /// Sets the answer, where a single answer stands there.
    pub fn set(&self, incident: &mut Incident, value: Value) {
        if let How::Set(set) = self.how {
            set(incident, value);
        }
    }

    /// The entries of a list, in the order of the file.
    pub fn entries<'a>(&self, incident: &'a Incident) -> Vec<&'a str> {
        match self.how {
            How::List(entries) => entries(incident),
            _ => Vec::new(),
        }
    }

    /// Whether a single answer stands there.
    pub fn is_answer(&self) -> bool {
        matches!(self.how, How::Set(_))
    }

    /// The values that can stand there and can be counted: of numbers only levels, of lists only the empty one.
    pub fn values(&self) -> impl Iterator<Item = Value> {
        let known: Vec<Value> = match self.kind {
            Kind::Word(words) => Value::words(words).collect(),
            Kind::Flag => [false, true].map(Value::Flag).into(),
            Kind::Step => LEVELS.map(Value::Number).into(),
            Kind::Items | Kind::Words(..) => vec![Value::List(Entries::NONE, false)],
            Kind::Count | Kind::Hours => Vec::new(),
            _ => vec![Value::Given],
        };
        [Value::LeftOut, Value::Unknown].into_iter().chain(known)
    }

    /// What may stand there.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its place in [`FACTS`].
    pub fn index(&self) -> usize {
        self.index
    }

    /// The category of data that it is about, and what of it.
    pub fn data(&self) -> Option<(Category, Key)> {
        self.data
    }

    /// Whether it is answered whether a category of data was hit.
    pub fn is_affected(&self) -> bool {
        matches!(self.data, Some((_, Key::Affected)))
    }

    /// Whether what is read at another fact may differ when the answer at this one does: the answers about one category of data hang together.
    pub fn moves(&self, other: &Fact) -> bool {
        let Some((category, key)) = self.data.filter(|_| self.index != other.index) else { return self.index == other.index };
        match other.data {
            Some((same, of)) => same == category && (key == Key::Affected || of == Key::Because),
            None => key == Key::Affected && other.index == EVERY_ITEM.index,
        }
    }

    /// Whether a step to a neighbouring word means something: the words stand in an order of weight.
    pub fn has_neighbours(&self) -> bool {
        self.is_scored() || matches!(self.path, "confidentiality.recipient" | "confidentiality.exfiltration")
    }

    /// Whether the score depends on it: an unknown one counts as its worse value (contract: *scored answers*).
    pub fn is_scored(&self) -> bool {
        self.scored
    }
}

/// Facts by their places.
pub type Facts = Bits<2>;

/// The items of every category.
pub static EVERY_ITEM: LazyLock<&'static Fact> = LazyLock::new(|| the("data.*.items"));
/// The ease of identification.
pub static IDENTIFICATION: LazyLock<&'static Fact> = LazyLock::new(|| the("identification.level"));
/// The loss of confidentiality, which practices read in their own way.
pub static CONFIDENTIALITY: LazyLock<&'static Fact> = LazyLock::new(|| the("confidentiality.loss"));
/// The loss of integrity.
pub static INTEGRITY: LazyLock<&'static Fact> = LazyLock::new(|| the("integrity.loss"));
/// The loss of availability.
pub static AVAILABILITY: LazyLock<&'static Fact> = LazyLock::new(|| the("availability.loss"));
/// Whether somebody meant it.
pub static MALICIOUS: LazyLock<&'static Fact> = LazyLock::new(|| the("intent.malicious"));

/// The sector, which decides who is bound by which law.
pub static SECTOR: LazyLock<&'static Fact> = LazyLock::new(|| the("controller.sector"));
/// The part of whoever keeps the file, which decides who has which duty.
pub static ROLE: LazyLock<&'static Fact> = LazyLock::new(|| the("controller.role"));
/// The controller's own word.
pub static RISK: LazyLock<&'static Fact> = LazyLock::new(|| the("decision.risk"));

/// What is answered of each category of data, by the places of both.
static OF_DATA: LazyLock<[[&'static Fact; 4]; 4]> = LazyLock::new(|| {
    let of = |category: Category| ["items", "affected", "level", "because"].map(|key| the(&format!("data.{}.{key}", category.id())));
    [Category::Simple, Category::Behavioural, Category::Financial, Category::Sensitive].map(of)
});

fn the(path: &str) -> &'static Fact {
    Fact::at(path).unwrap_or_else(|| unreachable!("{path} is a fact"))
}

/// The answers that the score is made of.
const SCORED: [&str; 9] = [
    "data.simple.level",
    "data.behavioural.level",
    "data.financial.level",
    "data.sensitive.level",
    "identification.level",
    "confidentiality.loss",
    "integrity.loss",
    "availability.loss",
    "intent.malicious",
];

/// How an answer that is no word becomes a value, and back.
macro_rules! single {
    ($kind:ty, $case:ident, |$own:ident| $to:expr, |$given:ident| $from:expr) => {
        impl Flat for $kind {
            fn flat(self) -> Value {
                let $own = self;
                Value::$case($to)
            }
            fn raise(value: Value) -> Option<Self> {
                match value {
                    Value::$case($given) => Some($from),
                    _ => None,
                }
            }
        }
    };
}

/// Answers that are no words.
trait Flat: Sized + Copy {
    fn flat(self) -> Value;
    fn raise(value: Value) -> Option<Self>;
}

single!(bool, Flag, |own| own, |given| given);
single!(Step, Number, |own| f64::from(own.0), |given| Step(given as u8));
single!(Count, Number, |own| own.0 as f64, |given| Count(given as u64));
single!(Hours, Number, |own| own.0, |given| Hours(given));

fn word<T: Word>(answer: Answer<T>) -> Value {
    match answer {
        Answer::LeftOut => Value::LeftOut,
        Answer::Unknown => Value::Unknown,
        Answer::Known(known) => Value::word(T::ids(), known.place()),
    }
}

fn to_word<T: Word>(value: Value) -> Answer<T> {
    match value {
        Value::Unknown => Answer::Unknown,
        Value::Word(_, place) => T::all().get(usize::from(place)).map_or(Answer::LeftOut, |word| Answer::Known(*word)),
        _ => Answer::LeftOut,
    }
}

fn flat<T: Flat>(answer: Answer<T>) -> Value {
    match answer {
        Answer::LeftOut => Value::LeftOut,
        Answer::Unknown => Value::Unknown,
        Answer::Known(known) => known.flat(),
    }
}

fn to_flat<T: Flat>(value: Value) -> Answer<T> {
    match value {
        Value::Unknown => Answer::Unknown,
        given => T::raise(given).map_or(Answer::LeftOut, Answer::Known),
    }
}

/// A list that is complete as it stands: left out, it is empty.
fn words<T: Word>(list: &[T]) -> Value {
    Value::List(list.iter().map(|w| w.place()).collect(), false)
}

fn ids<T: Word>(list: &[T]) -> Vec<&'static str> {
    list.iter().map(|w| w.id()).collect()
}

fn answers<T: Word>(list: &[Answer<T>]) -> Value {
    if list.is_empty() {
        return Value::LeftOut;
    }
    let known = list.iter().filter_map(|a| a.known());
    Value::List(known.map(Placed::place).collect(), list.contains(&Answer::Unknown))
}

/// The words of such a list; said twice, a thing is still one.
fn answered<T: Word>(list: &[Answer<T>]) -> Vec<&'static str> {
    let mut known = Vec::new();
    for word in list.iter().filter_map(|a| a.known()).map(Word::id) {
        if !known.contains(&word) {
            known.push(word);
        }
    }
    known
}

fn moment(given: Option<Moment>) -> Value {
    match given {
        Some(at @ (Moment::Instant(_) | Moment::Day(_))) => Value::Time(at),
        _ => Value::LeftOut,
    }
}

fn category(incident: &Incident, category: Category) -> Option<&DataOf> {
    incident.data.iter().find(|d| d.category == category)
}

fn category_mut(incident: &mut Incident, category: Category) -> Option<&mut DataOf> {
    incident.data.iter_mut().find(|d| d.category == category)
}

/// The data of a category, or of all.
fn of(incident: &Incident, category: Option<Category>) -> impl Iterator<Item = &DataOf> {
    incident.data.iter().filter(move |d| category.is_none_or(|of| d.category == of))
}

/// The items of a category; more may come to light where it names none, or where it is not certain that it was hit.
fn items(incident: &Incident, category: Option<Category>) -> Value {
    let (types, more) = of(incident, category).fold((Entries::NONE, false), |(types, more), d| (types.with(&d.types), more | d.items.is_empty()));
    Value::List(types, more)
}

fn item_ids(incident: &Incident, category: Option<Category>) -> Vec<&str> {
    of(incident, category).flat_map(|d| &d.items).map(String::as_str).collect()
}

fn affected(incident: &Incident, of: Category) -> Value {
    match category(incident, of) {
        Some(data) if data.certain => Value::Flag(true),
        Some(_) => Value::Unknown,
        None => Value::Flag(false),
    }
}

/// Whether a category was hit after all.
fn set_affected(incident: &mut Incident, of: Category, value: Value) {
    match value {
        Value::Flag(false) => incident.data.retain(|d| d.category != of),
        _ => category_mut(incident, of).into_iter().for_each(|d| d.certain = value == Value::Flag(true)),
    }
}

/// The level that counts; 0 where the category is not hit.
fn level(incident: &Incident, of: Category) -> Value {
    match category(incident, of).map(|d| (d.level, d.usual)) {
        None => Value::Number(0.0),
        Some((Answer::Unknown, _)) => Value::Unknown,
        Some((Answer::LeftOut, usual)) => Value::Number(usual.into()),
        Some((Answer::Known(level), _)) => level.flat(),
    }
}

/// The factors of a level; of an unknown one nobody knows them.
fn because(incident: &Incident, of: Category) -> Value {
    match category(incident, of) {
        Some(d) if d.level == Answer::Unknown => Value::Unknown,
        _ => factors(incident, of),
    }
}

/// The factors that a category names.
pub(crate) fn factors(incident: &Incident, of: Category) -> Value {
    words(category(incident, of).map_or(&[], |d| &d.because))
}

fn factor_ids(incident: &Incident, of: Category) -> Vec<&str> {
    category(incident, of).filter(|d| d.level != Answer::Unknown).map_or(Vec::new(), |d| ids(&d.because))
}

macro_rules! facts {
    (@one $path:literal, word $($place:ident).+) => {
        Fact::new($path, |i| word(i.file.$($place).+), How::Set(|i, v| i.file.$($place).+ = to_word(v)))
    };
    (@one $path:literal, flat $($place:ident).+) => {
        Fact::new($path, |i| flat(i.file.$($place).+), How::Set(|i, v| i.file.$($place).+ = to_flat(v)))
    };
    (@one $path:literal, read $get:expr) => {
        Fact::new($path, $get, How::Read)
    };
    (@one $path:literal, list $get:ident, $entries:ident $($place:ident).+) => {
        Fact::new($path, |i| $get(&i.file.$($place).+.0), How::List(|i| $entries(&i.file.$($place).+.0)))
    };
    (@one $path:literal, items $category:expr) => {
        Fact::new($path, |i| items(i, $category), How::List(|i| item_ids(i, $category)))
    };
    (@one $path:literal, because $category:ident) => {
        Fact::new($path, |i| because(i, Category::$category), How::List(|i| factor_ids(i, Category::$category)))
    };
    (@one $path:literal, own $get:expr, $set:expr) => {
        Fact::new($path, $get, How::Set($set))
    };
    (@one $path:literal, affected $category:ident) => {
        Fact::new($path, |i| affected(i, Category::$category), How::Set(|i, v| set_affected(i, Category::$category, v)))
    };
    (@one $path:literal, level $category:ident) => {
        Fact::new(
            $path,
            |i| level(i, Category::$category),
            How::Set(|i, v| if let Some(d) = category_mut(i, Category::$category) { d.level = to_flat(v) }),
        )
    };
    ($($path:literal = $how:ident ($($what:tt)+);)+) => {
        /// How many facts there are.
        pub const COUNT: usize = [$($path),+].len();

        /// Every fact, in the order of the incident format.
        pub static FACTS: LazyLock<[Fact; COUNT]> = LazyLock::new(|| {
            let mut facts = [$(facts!(@one $path, $how $($what)+)),+];
            facts.iter_mut().enumerate().for_each(|(i, fact)| fact.index = i);
            facts
        });
    };
}

facts! {
    "controller.role" = word (controller.role);
    "controller.sector" = word (controller.sector);
    "controller.critical_service" = flat (controller.critical_service);
    "controller.eu_establishment" = flat (controller.eu_establishment);
    "event.kind" = list (answers, answered event.kind);
    "event.cause" = word (event.cause);
    "subjects.count" = flat (subjects.count);
    "subjects.records" = flat (subjects.records);
    "subjects.children" = flat (subjects.children);
    "subjects.vulnerable" = flat (subjects.vulnerable);
    "subjects.endangered" = flat (subjects.endangered);
    "data.simple.items" = items (Some(Category::Simple));
    "data.simple.affected" = affected (Simple);
    "data.simple.level" = level (Simple);
    "data.simple.because" = because (Simple);
    "data.behavioural.items" = items (Some(Category::Behavioural));
    "data.behavioural.affected" = affected (Behavioural);
    "data.behavioural.level" = level (Behavioural);
    "data.behavioural.because" = because (Behavioural);
    "data.financial.items" = items (Some(Category::Financial));
    "data.financial.affected" = affected (Financial);
    "data.financial.level" = level (Financial);
    "data.financial.because" = because (Financial);
    "data.sensitive.items" = items (Some(Category::Sensitive));
    "data.sensitive.affected" = affected (Sensitive);
    "data.sensitive.level" = level (Sensitive);
    "data.sensitive.because" = because (Sensitive);
    "data.*.items" = items (None);
    "identification.level" = own (|i| word(i.identification()), |i, v| if let Some(table) = &mut i.file.identification { table.level = to_word(v) });
    "confidentiality.loss" = word (confidentiality.loss);
    "confidentiality.recipient" = word (confidentiality.recipient);
    "confidentiality.trust" = list (answers, answered confidentiality.trust);
    "confidentiality.opened" = flat (confidentiality.opened);
    "confidentiality.unread_shown_by" = word (confidentiality.unread_shown_by);
    "confidentiality.deletion_confirmed" = flat (confidentiality.deletion_confirmed);
    "confidentiality.further_use" = flat (confidentiality.further_use);
    "confidentiality.exfiltration" = word (confidentiality.exfiltration);
    "confidentiality.takeover" = flat (confidentiality.takeover);
    "confidentiality.fraud" = flat (confidentiality.fraud);
    "confidentiality.repeated" = flat (confidentiality.repeated);
    "integrity.loss" = word (integrity.loss);
    "integrity.acted_on" = flat (integrity.acted_on);
    "availability.loss" = word (availability.loss);
    "availability.hours" = flat (availability.hours);
    "availability.backup" = flat (availability.backup);
    "availability.effect" = flat (availability.effect);
    "intent.malicious" = flat (intent.malicious);
    "protection.unintelligible" = flat (protection.unintelligible);
    "protection.key_safe" = flat (protection.key_safe);
    "exemptions.subsequent_measures.before_any_use" = own (
        |i| i.file.exemptions.subsequent_measures.as_ref().map_or(Value::LeftOut, |m| flat(m.before_any_use)),
        |i, v| if let Some(m) = &mut i.file.exemptions.subsequent_measures { m.before_any_use = to_flat(v) }
    );
    "exemptions.subsequent_measures.verified_by" = own (
        |i| i.file.exemptions.subsequent_measures.as_ref().map_or(Value::LeftOut, |m| word(m.verified_by)),
        |i, v| if let Some(m) = &mut i.file.exemptions.subsequent_measures { m.verified_by = to_word(v) }
    );
    "exemptions.disproportionate_effort" = read (|i| i.file.exemptions.disproportionate_effort.as_ref().map_or(Value::LeftOut, |_| Value::Given));
    "communication.ordered" = read (|i| moment(i.file.communication.ordered));
    "other_law.telecom_adverse_effect" = flat (other_law.telecom_adverse_effect);
    "other_law.nis2_significant" = flat (other_law.nis2_significant);
    "other_law.dora_major" = flat (other_law.dora_major);
    "other_law.cra_severe" = flat (other_law.cra_severe);
    "other_law.trust_service_significant" = flat (other_law.trust_service_significant);
    "claims.reasons" = list (words, ids claims.reasons);
    "reopened.because" = list (words, ids reopened.because);
    "decision.risk" = word (decision.risk);
}

/// A single value as it is printed in a trace.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::LeftOut => f.write_str("left out"),
            Value::Unknown => f.write_str(crate::incident::answer::UNKNOWN),
            Value::Word(words, place) => f.write_str(words[usize::from(*place)]),
            Value::Flag(flag) => flag.fmt(f),
            Value::Number(n) => n.fmt(f),
            Value::Time(Moment::Instant(t)) => f.write_str(&t.to_rfc3339()),
            Value::Time(Moment::Day(day)) => day.fmt(f),
            Value::Time(_) | Value::Given | Value::List(..) => f.write_str("given"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_a_path_of_the_format() {
        for fact in FACTS.iter().filter(|f| f.index != EVERY_ITEM.index) {
            assert!(format::field(fact.path).is_some(), "{}", fact.path);
        }
    }

    #[test]
    fn every_place_is_one_of_a_set() {
        const { assert!(COUNT <= Facts::MOST && Entries::MOST <= u8::MAX as usize) }
        for fact in FACTS.iter() {
            assert!(!matches!(fact.kind, Kind::Word(words) if words.len() > Entries::MOST), "{}", fact.path);
        }
        for (category, key) in FACTS.iter().filter_map(Fact::data) {
            assert_eq!(Fact::of_data(category, key).data(), Some((category, key)));
        }
    }

    #[test]
    fn values_are_counted_in_the_order_of_their_places() {
        for fact in FACTS.iter() {
            assert!(fact.values().map(Value::place).eq(0..fact.values().count()), "{}", fact.path);
        }
    }

    #[test]
    fn facts_stand_in_the_order_of_the_format() {
        let places: Vec<usize> = FACTS.iter().filter_map(|f| format::FIELDS.iter().position(|field| field.path == f.path)).collect();
        assert!(places.is_sorted());
    }
}
