//! Severity: SE = DPC x EI + CB, exactly, with every unknown answer as a range.
//!
//! The worse end counts for the score, the level and the vector; the range holds the score of every way to answer what is unknown.

use crate::fact::{AVAILABILITY, CONFIDENTIALITY, Fact, IDENTIFICATION, INTEGRITY, Key, MALICIOUS, Value};
use crate::incident::answer::{Answer, Step};
use crate::incident::words::*;
use crate::incident::{DataOf, Incident};
use crate::method::{FlagId, Method, Scored};
use crate::quarters::Quarters;
use crate::sheet::Sheet;
use crate::vector;

/// A stretch of scores, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Range {
    /// Every unknown at its lightest.
    pub min: Quarters,
    /// Every unknown at its worst.
    pub max: Quarters,
}

impl Range {
    fn one(score: Quarters) -> Range {
        Range { min: score, max: score }
    }

    fn sum(parts: &[Range]) -> Range {
        Range { min: parts.iter().map(|r| r.min).sum(), max: parts.iter().map(|r| r.max).sum() }
    }
}

/// The severity of a breach. Nothing after this step changes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Severity {
    /// SE at its worse end, and its range.
    pub range: Range,
    /// The band of the worse end.
    pub level: Level,
    /// What practice presumes of that band.
    pub presumption: Risk,
    /// The data processing context.
    pub dpc: Dpc,
    /// The ease of identification.
    pub ei: Part<Identification>,
    /// The circumstances of the breach.
    pub cb: Circumstances,
    /// Signs beside the score.
    pub flags: Vec<FlagId>,
    /// The score with every category below its usual level put there.
    pub without_lowering: Quarters,
    /// The vector of the worse end.
    pub vector: String,
}

impl Severity {
    /// SE, the worse end.
    pub fn score(&self) -> Quarters {
        self.range.max
    }
}

/// The data processing context: the highest category counts, never a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Dpc {
    /// Its range; the worse end counts.
    pub range: Range,
    /// The category that gives the worse end; of equals the first.
    pub category: Category,
    /// Each category on its own, in the order of the incident.
    pub categories: Vec<CategoryScore>,
}

/// One category.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryScore {
    /// Which.
    pub category: Category,
    /// The method's base.
    pub base: u8,
    /// Its level at both ends, as scores.
    pub range: Range,
    /// Its level; `None` where it is unknown.
    pub level: Option<u8>,
    /// Whether the level lies below the usual one.
    pub lowered: bool,
}

/// One part of the sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part<T> {
    /// Its range; the worse end counts.
    pub range: Range,
    /// The answer; `None` where it is unknown.
    pub answer: Option<T>,
}

/// The circumstances of the breach, which are added up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circumstances {
    /// Their sum.
    pub range: Range,
    /// The loss of confidentiality.
    pub confidentiality: Part<ConfidentialityLoss>,
    /// The loss of integrity.
    pub integrity: Part<IntegrityLoss>,
    /// The loss of availability.
    pub availability: Part<AvailabilityLoss>,
    /// Intent.
    pub malicious: Part<bool>,
}

/// The parts of the sum, before anything is said about them.
struct Parts {
    dpc: Range,
    ei: Part<Identification>,
    cb: Circumstances,
}

impl Parts {
    fn of(sheet: &Sheet, method: &Method) -> Parts {
        let confidentiality = scored(sheet.word(&CONFIDENTIALITY), &method.confidentiality);
        let integrity = scored(sheet.word(&INTEGRITY), &method.integrity);
        let availability = scored(sheet.word(&AVAILABILITY), &method.availability);
        let cb = Circumstances::of(confidentiality, integrity, availability, malicious(sheet.at(&MALICIOUS), method));
        Parts { dpc: dpc(sheet, method), ei: scored(sheet.word(&IDENTIFICATION), &method.identification), cb }
    }

    /// Reads the part anew in which a fact is scored.
    fn read(&mut self, fact: &Fact, sheet: &Sheet, method: &Method) {
        let Circumstances { mut confidentiality, mut integrity, mut availability, malicious: mut intent, .. } = self.cb;
        let is = |other: &Fact| fact.index() == other.index();
        match fact.data() {
            Some(_) => self.dpc = dpc(sheet, method),
            None if is(&IDENTIFICATION) => self.ei = scored(sheet.word(fact), &method.identification),
            None if is(&CONFIDENTIALITY) => confidentiality = scored(sheet.word(fact), &method.confidentiality),
            None if is(&INTEGRITY) => integrity = scored(sheet.word(fact), &method.integrity),
            None if is(&AVAILABILITY) => availability = scored(sheet.word(fact), &method.availability),
            None if is(&MALICIOUS) => intent = malicious(sheet.at(fact), method),
            None => {}
        }
        self.cb = Circumstances::of(confidentiality, integrity, availability, intent);
    }

    fn range(&self) -> Range {
        let Parts { dpc, ei, cb } = self;
        Range { min: sum(dpc.min, ei.range.min, cb.range.min), max: sum(dpc.max, ei.range.max, cb.range.max) }
    }
}

fn sum(dpc: Quarters, ei: Quarters, cb: Quarters) -> Quarters {
    ei.times((dpc.0 / 4) as u8) + cb
}

impl Circumstances {
    fn of(
        confidentiality: Part<ConfidentialityLoss>,
        integrity: Part<IntegrityLoss>,
        availability: Part<AvailabilityLoss>,
        malicious: Part<bool>,
    ) -> Circumstances {
        let range = Range::sum(&[confidentiality.range, integrity.range, availability.range, malicious.range]);
        Circumstances { range, confidentiality, integrity, availability, malicious }
    }

    /// Whether neither integrity nor availability scores anything.
    pub fn only_confidentiality(&self) -> bool {
        self.integrity.range.max == Quarters(0) && self.availability.range.max == Quarters(0)
    }
}

/// What practice presumes with another answer at a fact, and whether nothing but confidentiality and intent adds to the score: all that rules go by of a
/// severity. The other parts of the sum stay what they were.
pub fn presumption_with(fact: &Fact, sheet: &Sheet, before: &Severity, method: &Method) -> (Risk, bool) {
    let mut parts = Parts { dpc: before.dpc.range, ei: before.ei, cb: before.cb };
    parts.read(fact, sheet, method);
    (method.band(parts.range().max).presumption, parts.cb.only_confidentiality())
}

/// Scores an incident.
pub fn score(incident: &Incident, method: &Method) -> Severity {
    severity(incident, &Sheet::of(incident), method)
}

/// Scores an incident by its answers.
pub fn severity(incident: &Incident, sheet: &Sheet, method: &Method) -> Severity {
    let parts = Parts::of(sheet, method);
    let range = parts.range();
    let Parts { dpc, ei, cb } = parts;
    let categories: Vec<CategoryScore> = incident.data.iter().map(|d| category(d, method)).collect();
    let band = method.band(range.max);

    let unlowered = incident.data.iter().zip(&categories).map(|(d, c)| if c.lowered { Quarters::whole(d.usual) } else { c.range.max });
    let without_lowering = sum(unlowered.fold(Quarters(0), Ord::max), ei.range.max, cb.range.max);

    let many = method.many().zip(incident.file.subjects.count.known()).is_some_and(|(above, count)| count.0 > above);
    let flags = [(many, FlagId::ManyIndividuals), (incident.unintelligible(), FlagId::Unintelligible)];

    let metrics = [dpc.max, ei.range.max, cb.confidentiality.range.max, cb.integrity.range.max, cb.availability.range.max, cb.malicious.range.max];
    Severity {
        range,
        level: band.id,
        presumption: band.presumption,
        dpc: Dpc { range: dpc, category: highest(&categories), categories },
        ei,
        cb,
        flags: flags.into_iter().filter(|(up, _)| *up).map(|(_, flag)| flag).collect(),
        without_lowering,
        vector: vector::write(metrics, method),
    }
}

/// The level of a category at both ends.
fn ends(data: &DataOf, method: &Method) -> (u8, u8) {
    match data.level {
        Answer::LeftOut => (data.usual, data.usual),
        Answer::Known(Step(level)) => (level, level),
        Answer::Unknown => (method.lowest_level(), method.highest_level()),
    }
}

fn category(data: &DataOf, method: &Method) -> CategoryScore {
    let (low, high) = ends(data, method);
    CategoryScore {
        category: data.category,
        base: method.category(data.category).base,
        range: Range { min: Quarters::whole(low), max: Quarters::whole(high) },
        level: (data.level != Answer::Unknown).then_some(high),
        lowered: high < data.usual,
    }
}

/// The highest of the lows and the highest of the highs; what is not certainly hit counts for the upper end only.
fn dpc(sheet: &Sheet, method: &Method) -> Range {
    let (mut min, mut max) = (None, None);
    for category in Category::all() {
        let affected = sheet.at(Fact::of_data(*category, Key::Affected));
        if affected == Value::Flag(false) {
            continue;
        }
        let (low, high) = match sheet.at(Fact::of_data(*category, Key::Level)) {
            Value::Number(level) => (level as u8, level as u8),
            _ => (method.lowest_level(), method.highest_level()),
        };
        min = if affected == Value::Flag(true) { min.max(Some(low)) } else { min };
        max = max.max(Some(high));
    }
    let none_certain = || method.lowest_level();
    Range { min: Quarters::whole(min.unwrap_or_else(none_certain)), max: Quarters::whole(max.unwrap_or_else(none_certain)) }
}

fn highest(categories: &[CategoryScore]) -> Category {
    // of equals the first: max_by_key takes the last, so the order is turned round
    categories.iter().rev().max_by_key(|c| c.range.max).map_or(Category::Simple, |c| c.category)
}

fn scored<T: Word>(answer: Option<T>, table: &[Scored<T>]) -> Part<T> {
    let range = match answer {
        Some(word) => Range::one(table.iter().find(|s| s.id == word).map_or(Quarters(0), |s| s.score)),
        None => Range { min: table.iter().map(|s| s.score).min().unwrap_or_default(), max: table.iter().map(|s| s.score).max().unwrap_or_default() },
    };
    Part { range, answer }
}

fn malicious(answer: Value, method: &Method) -> Part<bool> {
    let (range, answer) = match answer {
        Value::Flag(true) => (Range::one(method.malicious.score), Some(true)),
        Value::Flag(false) => (Range::one(Quarters(0)), Some(false)),
        _ => (Range { min: Quarters(0), max: method.malicious.score }, None),
    };
    Part { range, answer }
}
