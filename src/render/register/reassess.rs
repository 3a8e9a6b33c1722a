//! What the tables of today would decide otherwise: a line a finding, its reasons below it; or one document.

use serde::Serialize;

use super::super::given::flat;
use super::super::json::to_string;
use super::words::Words;
use crate::register::reassess::{Came, Differs, Inconsistent, Problem, Report, TableChange};
use crate::tables::Ref;

/// The name and version of the JSON form.
pub const FORMAT: &str = "breach-reassess/1";

/// Writes lines for a person.
pub fn text(report: &Report, say: Words<'_>) -> String {
    let mut out = String::new();
    let mut line = |mark: &str, text: String| out.push_str(&format!("{mark}{}\n", flat(&text)));
    for d in &report.differs {
        let changes = changes(&d.then, &d.now, say).join(", ");
        let at = [("sequence", d.sequence.to_string()), ("id", d.id.clone()), ("recorded_at", d.recorded_at.clone()), ("changes", changes)];
        line("", say.with("register-differs", &at));
        for because in because(d, say) {
            line("  - ", because);
        }
    }
    for u in &report.unreadable {
        for p in &u.problems {
            let problem = problem(p, say);
            line("", say.with("register-unreadable", &[("sequence", u.sequence.to_string()), ("id", u.id.clone()), ("problem", problem)]));
        }
    }
    for i in &report.inconsistent {
        let Inconsistent { sequence, id, risk, outcome, other_sequence, other_id, other_risk, other_outcome } = i;
        let values = [
            ("sequence", sequence.to_string()),
            ("id", id.clone()),
            ("risk", say.risk_word(*risk)),
            ("outcome", say.outcome_word(*outcome)),
            ("other_sequence", other_sequence.to_string()),
            ("other_id", other_id.clone()),
            ("other_risk", say.risk_word(*other_risk)),
            ("other_outcome", say.outcome_word(*other_outcome)),
        ];
        line("", say.with("register-inconsistent", &values));
    }
    let counts = [
        ("entries", report.entries.to_string()),
        ("differs", report.differs.len().to_string()),
        ("unreadable", report.unreadable.len().to_string()),
        ("inconsistent", report.inconsistent.len().to_string()),
    ];
    line("", say.with("register-reassessed", &counts));
    out
}

/// Why an entry cannot be scored again. What is wrong with an incident is said in English, as of any incident.
fn problem(problem: &Problem, say: Words<'_>) -> String {
    match problem {
        Problem::Assessment => say.say("register-unreadable-assessment"),
        Problem::Incident(f) => f.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default() + &f.message,
    }
}

/// What of the decision is another.
fn changes(then: &Came, now: &Came, say: Words<'_>) -> Vec<String> {
    let duties = |c: &Came| c.duties.join(", ");
    let pairs = [
        ("register-differs-outcome", say.outcome_word(then.outcome), say.outcome_word(now.outcome)),
        ("register-differs-risk", say.risk_word(then.risk), say.risk_word(now.risk)),
        ("register-differs-computed", say.risk_word(then.computed), say.risk_word(now.computed)),
        ("register-differs-score", say.texts.number(then.score), say.texts.number(now.score)),
        ("register-differs-duties", duties(then), duties(now)),
    ];
    // the duties follow from the outcome, and only what does not is worth a word
    let same_outcome = then.outcome == now.outcome;
    let shown = pairs.into_iter().filter(|(key, then, now)| then != now && (same_outcome || *key != "register-differs-duties"));
    shown.map(|(key, then, now)| say.with(key, &[("then", then), ("now", now)])).collect()
}

fn because(d: &Differs, say: Words<'_>) -> Vec<String> {
    let none = || say.say("register-because-none");
    let table = |r: &Option<Ref>| r.as_ref().map_or_else(none, |r| format!("{} {} ({})", r.id, r.version, r.sha256.get(..8).unwrap_or_default()));
    let tables = d.tables.iter().map(|TableChange { kind, then, now }| {
        say.with("register-because-table", &[("kind", say.say(&format!("report-{kind}")).to_lowercase()), ("then", table(then)), ("now", table(now))])
    });
    let rules = d.rules.iter().map(|r| {
        let of = |effect: &Option<String>| effect.as_deref().map_or_else(none, |effect| self::effect(effect, say));
        say.with("register-because-rule", &[("rule", r.id.clone()), ("then", of(&r.then)), ("now", of(&r.now))])
    });
    tables.chain(rules).collect()
}

/// An effect as a rule change holds it: `release`, `raise to high`.
fn effect(effect: &str, say: Words<'_>) -> String {
    let (effect, to) = effect.split_once(" to ").unwrap_or((effect, ""));
    let risk = to.parse().map_or_else(|_| to.to_owned(), |risk| say.risk_word(risk));
    say.with(&format!("register-effect-{effect}"), &[("risk", risk)])
}

#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    entries: usize,
    differs: &'a [Differs],
    unreadable: Vec<UnreadableShape<'a>>,
    inconsistent: &'a [Inconsistent],
}

#[derive(Serialize)]
struct UnreadableShape<'a> {
    sequence: u64,
    id: &'a str,
    problems: Vec<String>,
}

/// Writes one document.
pub fn json(report: &Report, say: Words<'_>) -> String {
    let unreadable = report.unreadable.iter().map(|u| UnreadableShape {
        sequence: u.sequence,
        id: &u.id,
        problems: u.problems.iter().map(|p| problem(p, say)).collect(),
    });
    let shape = Shape {
        format: FORMAT,
        entries: report.entries,
        differs: &report.differs,
        unreadable: unreadable.collect(),
        inconsistent: &report.inconsistent,
    };
    to_string(&shape, true) + "\n"
}
