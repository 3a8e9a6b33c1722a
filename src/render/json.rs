//! JSON: every key always there, in the order of the contract; no value is `null`, an empty list `[]`.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use super::line;
use super::text::is_harmless;
use crate::assess::{Assessment, Direction, OwnWord, RuleSpoke};
use crate::condition::Saw;
use crate::diag::Finding;
use crate::duties::{Duty, DutyStatus, Missing, Outcome, Time};
use crate::fact::Value;
use crate::incident::answer::UNKNOWN;
use crate::incident::words::*;
use crate::incident::{DataOf, Incident, text};
use crate::method::FlagId;
use crate::note::Note;
use crate::practice::Effect;
use crate::quarters::Quarters;
use crate::regime::{Action, Start};
use crate::score::{CategoryScore, Part, Range};
use crate::sensitivity::{Change, Question};
use crate::tables::Ref;
use crate::texts::Texts;

/// The name and version of this form.
pub const FORMAT: &str = "breach-assessment/1";

/// Where an assessed incident came from.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as given, `-`, or `file:line`.
    pub name: String,
    /// The digest of the bytes read.
    pub sha256: String,
}

/// The assessment as it is serialised.
#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    breach: &'static str,
    #[serde(serialize_with = "time")]
    as_of: Time,
    input: &'a str,
    tables: TablesShape<'a>,
    incident: IncidentShape<'a>,
    severity: SeverityShape<'a>,
    decision: DecisionShape<'a>,
    #[serde(serialize_with = "duties")]
    duties: &'a [Duty<'a>],
    changes: Option<Vec<ChangeShape<'a>>>,
    find_out: Option<Vec<QuestionShape<'a>>>,
    missing: &'a [Missing<'a>],
    #[serde(serialize_with = "notes")]
    notes: (&'a [Note], &'a Texts),
}

#[derive(Serialize)]
struct TablesShape<'a> {
    method: &'a Ref,
    practice: &'a Ref,
    regimes: &'a [&'a Ref],
    country: Option<&'a Ref>,
}

#[derive(Serialize)]
struct IncidentShape<'a> {
    id: Option<&'a str>,
    title: Option<&'a str>,
    controller: Option<&'a str>,
    country: Option<&'a str>,
    sha256: &'a str,
}

#[derive(Serialize)]
struct SeverityShape<'a> {
    score: Quarters,
    range: Range,
    level: Level,
    vector: &'a str,
    dpc: DpcShape<'a>,
    ei: EiShape<'a>,
    cb: CbShape,
    flags: &'a [FlagId],
    without_lowering: Quarters,
}

#[derive(Serialize)]
struct DpcShape<'a> {
    score: Quarters,
    range: Range,
    category: Category,
    #[serde(serialize_with = "categories")]
    categories: (&'a [DataOf], &'a [CategoryScore]),
}

#[derive(Serialize)]
struct CategoryShape<'a> {
    category: Category,
    base: u8,
    score: Quarters,
    range: Range,
    level: OrUnknown<u8>,
    because: &'a [Factor],
    why: Option<&'a str>,
    items: &'a [String],
}

#[derive(Serialize)]
struct EiShape<'a> {
    score: Quarters,
    range: Range,
    level: OrUnknown<Identification>,
    why: Option<&'a str>,
}

#[derive(Serialize)]
struct CbShape {
    score: Quarters,
    range: Range,
    confidentiality: LossShape<ConfidentialityLoss>,
    integrity: LossShape<IntegrityLoss>,
    availability: LossShape<AvailabilityLoss>,
    malicious: AnswerShape,
}

#[derive(Serialize)]
struct LossShape<T: Serialize> {
    score: Quarters,
    loss: OrUnknown<T>,
}

#[derive(Serialize)]
struct AnswerShape {
    score: Quarters,
    answer: OrUnknown<bool>,
}

/// A value, or the word for one that is not known.
struct OrUnknown<T>(Option<T>);

impl<T: Serialize> Serialize for OrUnknown<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(value) => value.serialize(out),
            None => out.serialize_str(UNKNOWN),
        }
    }
}

#[derive(Serialize)]
struct DecisionShape<'a> {
    presumed: Risk,
    computed: Risk,
    risk: Risk,
    outcome: Outcome,
    #[serde(serialize_with = "rules")]
    rules: &'a [RuleSpoke<'a>],
    r#override: Option<OverrideShape<'a>>,
}

#[derive(Serialize)]
struct RuleShape<'a> {
    id: &'a str,
    effect: Effect,
    to: Option<Risk>,
    decisive: bool,
    because: &'a [Saw<'a>],
    provision: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct OverrideShape<'a> {
    risk: Risk,
    why: Option<&'a str>,
    by: Option<&'a str>,
    direction: Direction,
    outcome: Outcome,
}

#[derive(Serialize)]
struct DutyShape<'a> {
    regime: &'a str,
    action: Action,
    required: bool,
    to: &'a str,
    provision: &'a str,
    start: Option<Start>,
    #[serde(serialize_with = "some_time")]
    started_at: Option<Time>,
    start_assumed: bool,
    #[serde(serialize_with = "some_time")]
    deadline: Option<Time>,
    #[serde(serialize_with = "some_time")]
    outer_deadline: Option<Time>,
    qualifier: Option<&'a str>,
    status: DutyStatus,
    remaining_hours: Option<Tenths>,
    #[serde(serialize_with = "some_time")]
    done_at: Option<Time>,
    exemption: Option<&'a str>,
}

/// Tenths as a number, whole ones without a decimal point.
struct Tenths(i64);

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        if self.0 % 10 == 0 { out.serialize_i64(self.0 / 10) } else { out.serialize_f64(self.0 as f64 / 10.0) }
    }
}

#[derive(Serialize)]
struct ChangeShape<'a> {
    answer: &'a str,
    from: ValueShape<'a>,
    to: ValueShape<'a>,
    outcome: Outcome,
}

#[derive(Serialize)]
struct QuestionShape<'a> {
    answer: &'a str,
    state: &'static str,
    outcomes: Vec<OutcomeShape<'a>>,
}

#[derive(Serialize)]
struct OutcomeShape<'a> {
    value: ValueShape<'a>,
    outcome: Outcome,
}

struct ValueShape<'a>(&'a Value);

impl Serialize for ValueShape<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Flag(flag) => out.serialize_bool(*flag),
            Value::Number(n) if n.fract() == 0.0 && n.abs() < 1e15 => out.serialize_i64(*n as i64),
            Value::Number(n) => out.serialize_f64(*n),
            Value::Word(words, place) => out.serialize_str(words[usize::from(*place)]),
            other => out.collect_str(other),
        }
    }
}

#[derive(Serialize)]
struct NoteShape<'a, M: Display> {
    code: &'static str,
    path: Option<&'a str>,
    #[serde(serialize_with = "printed")]
    message: M,
}

fn printed<S: Serializer>(text: &impl Display, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(text)
}

fn time<S: Serializer>(t: &Time, out: S) -> Result<S::Ok, S::Error> {
    match super::usual_time(*t) {
        Some(usual) => out.serialize_str(str::from_utf8(&usual).unwrap_or_default()),
        None => out.serialize_str(&super::time(*t)),
    }
}

fn some_time<S: Serializer>(t: &Option<Time>, out: S) -> Result<S::Ok, S::Error> {
    match t {
        Some(t) => time(t, out),
        None => out.serialize_none(),
    }
}

fn shape<'a>(assessment: &'a Assessment<'a>, incident: &'a Incident, input: &'a Input, english: &'a Texts) -> Shape<'a> {
    let severity = &assessment.severity;
    let decision = &assessment.decision;
    let cb = &severity.cb;
    fn loss<T: Word + Serialize>(part: &Part<T>) -> LossShape<T> {
        LossShape { score: part.range.max, loss: OrUnknown(part.answer) }
    }
    Shape {
        format: FORMAT,
        breach: env!("CARGO_PKG_VERSION"),
        as_of: assessment.as_of,
        input: &input.name,
        tables: TablesShape { method: assessment.method, practice: assessment.practice, regimes: &assessment.regimes, country: assessment.country },
        incident: IncidentShape {
            id: text(&incident.file.id),
            title: text(&incident.file.title),
            controller: text(&incident.file.controller.name),
            country: text(&incident.file.controller.country),
            sha256: &input.sha256,
        },
        severity: SeverityShape {
            score: severity.score(),
            range: severity.range,
            level: severity.level,
            vector: &severity.vector,
            dpc: DpcShape {
                score: severity.dpc.range.max,
                range: severity.dpc.range,
                category: severity.dpc.category,
                categories: (&incident.data, &severity.dpc.categories),
            },
            ei: EiShape {
                score: severity.ei.range.max,
                range: severity.ei.range,
                level: OrUnknown(severity.ei.answer),
                why: incident.identification_why(),
            },
            cb: CbShape {
                score: cb.range.max,
                range: cb.range,
                confidentiality: loss(&cb.confidentiality),
                integrity: loss(&cb.integrity),
                availability: loss(&cb.availability),
                malicious: AnswerShape { score: cb.malicious.range.max, answer: OrUnknown(cb.malicious.answer) },
            },
            flags: &severity.flags,
            without_lowering: severity.without_lowering,
        },
        decision: DecisionShape {
            presumed: decision.presumed,
            computed: decision.computed,
            risk: decision.risk,
            outcome: decision.outcome,
            rules: &decision.rules,
            r#override: decision.own_word.as_ref().map(own_word),
        },
        duties: &assessment.duties,
        changes: assessment.changes.as_ref().map(|all| all.iter().map(change).collect()),
        find_out: assessment.find_out.as_ref().map(|all| all.iter().map(question).collect()),
        missing: &assessment.missing,
        notes: (&assessment.notes, english),
    }
}

fn categories<S: Serializer>((data, scores): &(&[DataOf], &[CategoryScore]), out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(data.iter().zip(*scores).map(|(data, score)| category(data, score)))
}

fn category<'a>(data: &'a DataOf, score: &CategoryScore) -> CategoryShape<'a> {
    CategoryShape {
        category: data.category,
        base: score.base,
        score: score.range.max,
        range: score.range,
        level: OrUnknown(score.level),
        because: &data.because,
        why: data.why.as_deref().filter(|w| !w.trim().is_empty()),
        items: &data.items,
    }
}

fn rules<S: Serializer>(rules: &[RuleSpoke<'_>], out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(rules.iter().map(rule))
}

fn rule<'a>(r: &'a RuleSpoke<'a>) -> RuleShape<'a> {
    RuleShape { id: r.id, effect: r.effect, to: r.to, decisive: r.decisive, because: &r.because, provision: r.provision, text: &r.text.en }
}

fn own_word<'a>(own: &OwnWord<'a>) -> OverrideShape<'a> {
    OverrideShape { risk: own.risk, why: own.why, by: own.by, direction: own.direction, outcome: own.outcome }
}

fn duties<S: Serializer>(duties: &[Duty<'_>], out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(duties.iter().map(duty))
}

fn duty<'a>(d: &Duty<'a>) -> DutyShape<'a> {
    DutyShape {
        regime: d.regime,
        action: d.action,
        required: d.required,
        to: d.to,
        provision: d.provision,
        start: d.start,
        started_at: d.started_at,
        start_assumed: d.start_assumed,
        deadline: d.deadline,
        outer_deadline: d.outer_deadline,
        qualifier: d.qualifier,
        status: d.status,
        remaining_hours: d.remaining.map(Tenths),
        done_at: d.done_at,
        exemption: d.exemption,
    }
}

fn notes<S: Serializer>((notes, english): &(&[Note], &Texts), out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(notes.iter().map(|n| NoteShape { code: n.code.id(), path: n.path.as_deref(), message: english.note(n) }))
}

fn change(c: &Change) -> ChangeShape<'_> {
    ChangeShape { answer: c.answer, from: ValueShape(&c.from), to: ValueShape(&c.to), outcome: c.outcome }
}

fn question(q: &Question) -> QuestionShape<'_> {
    QuestionShape {
        answer: q.answer,
        state: if q.left_out { "left-out" } else { UNKNOWN },
        outcomes: q.outcomes.iter().map(|(value, outcome)| OutcomeShape { value: ValueShape(value), outcome: *outcome }).collect(),
    }
}

/// Writes an assessment: over several lines, or on one.
pub fn write(assessment: &Assessment<'_>, incident: &Incident, input: &Input, english: &Texts, pretty: bool) -> String {
    to_string(&shape(assessment, incident, input, english), pretty)
}

/// Writes an assessment on one line, with its end, behind what is already there.
pub fn write_line(assessment: &Assessment<'_>, incident: &Incident, input: &Input, english: &Texts, out: &mut Vec<u8>) {
    // into memory, and of plain structs: nothing can fail
    line::write(&shape(assessment, incident, input, english), out).unwrap_or_else(|e| unreachable!("{e}"));
    out.push(b'\n');
}

/// One fault as programs read it.
#[derive(Serialize)]
struct ErrorShape<'a> {
    code: &'static str,
    message: &'a str,
    path: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct BadShape<'a> {
    input: &'a str,
    error: Option<ErrorShape<'a>>,
    errors: Vec<ErrorShape<'a>>,
}

fn error(finding: &Finding) -> ErrorShape<'_> {
    ErrorShape {
        code: finding.code.id(),
        message: &finding.message,
        path: finding.path.as_deref(),
        line: finding.place.map(|p| p.line),
        column: finding.place.map(|p| p.column),
    }
}

/// Writes what is wrong with an input.
pub fn write_error(input: &str, findings: &[Finding], pretty: bool) -> String {
    to_string(&BadShape { input, error: findings.first().map(error), errors: findings.iter().map(error).collect() }, pretty)
}

/// Writes a plain value: over several lines, or on one.
pub fn to_string(value: &impl Serialize, pretty: bool) -> String {
    let written = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    // plain structs with text keys: there is nothing in them that JSON cannot hold
    escaped(written.unwrap_or_else(|e| unreachable!("{e}")))
}

/// JSON in which what a terminal obeys, or what turns the direction of writing, is escaped: such characters stand in texts only, where the two forms
/// mean the same.
fn escaped(json: String) -> String {
    let Some(first) = to_escape(json.as_bytes()) else { return json };
    let mut out = json.as_bytes()[..first].to_vec();
    escape(&json[first..], &mut out);
    String::from_utf8(out).unwrap_or_else(|e| unreachable!("{e}"))
}

/// Where the first character stands that is escaped. What UTF-8 begins them with is rare, and found much faster than characters are looked at; line ends
/// between the values of pretty JSON and what JSON itself escapes are none of them.
pub(super) fn to_escape(json: &[u8]) -> Option<usize> {
    // C1 controls; U+061C; U+200E to U+2069
    let wide = memchr::memchr3_iter(0xc2, 0xd8, 0xe2, json).find(|i| {
        let width = if json[*i] == 0xe2 { 3 } else { 2 };
        let c = json.get(*i..i + width).and_then(|c| std::str::from_utf8(c).ok()).and_then(|c| c.chars().next());
        c.is_some_and(|c| !is_harmless(c))
    });
    let delete = memchr::memchr(0x7f, json);
    wide.into_iter().chain(delete).min()
}

/// Writes JSON with such characters escaped.
pub(super) fn escape(json: &str, out: &mut Vec<u8>) {
    for c in json.chars() {
        match c {
            c if c == '\n' || is_harmless(c) => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            // all of them lie in the basic plane
            c => out.extend(format!("\\u{:04x}", u32::from(c)).bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_harmful_character_is_escaped_and_no_other() {
        for c in ('\u{0}'..=char::MAX).filter(|c| *c >= ' ') {
            let found = to_escape(format!("§ę–{c}").as_bytes());
            assert_eq!(found.is_some(), !is_harmless(c), "U+{:04X}", u32::from(c));
            if found.is_some() {
                assert_eq!(to_string(&c, false), format!("\"\\u{:04x}\"", u32::from(c)));
            }
        }
    }
}
