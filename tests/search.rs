//! The search for what would change an outcome judges anew only what looks at an answer; it must find what judging everything anew finds.

use breach::assess::{Rules, assess, verdict};
use breach::desk::{Choices, Desk};
use breach::duties::Outcome;
use breach::fact::{FACTS, Fact, Value};
use breach::incident::Incident;
use breach::incident::format::Kind;
use breach::incident::read::Syntax;
use breach::sheet::Sheet;
use breach::tables::{Choice, Tables};

#[allow(dead_code)]
#[path = "../benches/incidents.rs"]
mod incidents;

/// The answers one step away from a given one.
fn steps(fact: &'static Fact, from: Value, thresholds: &[f64]) -> Vec<Value> {
    match (fact.kind(), from) {
        (Kind::Flag, Value::Flag(flag)) => vec![Value::Flag(!flag)],
        (Kind::Word(words), Value::Word(_, at)) if fact.has_neighbours() => {
            let neighbours = [at.wrapping_sub(1), at + 1].into_iter().filter(|place| usize::from(*place) < words.len());
            neighbours.map(|place| Value::Word(words, place)).collect()
        }
        (Kind::Step, Value::Number(level)) => [level - 1.0, level + 1.0].into_iter().filter(|n| (1.0..=4.0).contains(n)).map(Value::Number).collect(),
        (Kind::Count | Kind::Hours, Value::Number(n)) => thresholds.iter().map(|t| Value::Number(if n <= *t { t + 1.0 } else { *t })).collect(),
        _ => Vec::new(),
    }
}

/// Every answer that a question may have.
fn answers(fact: &'static Fact, thresholds: &[f64]) -> Vec<Value> {
    match fact.kind() {
        Kind::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Kind::Word(words) => Value::words(words).collect(),
        Kind::Step => (1..=4).map(|n| Value::Number(n.into())).collect(),
        Kind::Count | Kind::Hours => thresholds.iter().flat_map(|t| [Value::Number(*t), Value::Number(t + 1.0)]).collect(),
        _ => Vec::new(),
    }
}

fn outcome_with(incident: &Incident, fact: &'static Fact, value: Value, rules: &Rules<'_>) -> Outcome {
    let mut other = incident.clone();
    fact.set(&mut other, value);
    let mut sheet = Sheet::of(incident);
    sheet.answer(fact, value, incident);
    assert_eq!(sheet, Sheet::of(&other), "{} {value}", fact.path);
    sheet.put_back(fact, &Sheet::of(incident));
    assert_eq!(sheet, Sheet::of(incident), "{} {value}", fact.path);
    verdict(&other, rules).required.outcome
}

type Found = Vec<(&'static str, Value, Outcome)>;

/// What changes and what questions there are, in no order.
fn found(incident: &Incident, rules: &Rules<'_>) -> (Found, Found) {
    let now = verdict(incident, rules).required.outcome;
    let (mut changes, mut questions) = (Vec::new(), Vec::new());
    for fact in FACTS.iter().filter(|f| f.is_answer()) {
        let mut thresholds: Vec<f64> = rules.practice.table.thresholds().into_iter().filter(|(f, _)| f.path == fact.path).map(|(_, t)| t).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let given = fact.get(incident);
        if let Some(from) = given.single()
            && (!fact.path.starts_with("data.") || incident.says(fact.path))
        {
            let all = steps(fact, from, &thresholds).into_iter().map(|to| (outcome_with(incident, fact, to, rules), to));
            changes.extend(all.filter(|(o, _)| *o != now).map(|(o, to)| (fact.path, to, o)));
        }
        let asked = match given {
            Value::Unknown => true,
            Value::LeftOut => {
                let beyond =
                    ["controller.", "timeline.", "event.", "exemptions.", "communication.", "other_law.", "claims.", "reopened.", "decision."];
                !beyond.iter().any(|t| fact.path.starts_with(t)) && !fact.path.ends_with(".loss") && !fact.path.ends_with(".level")
            }
            _ => false,
        };
        let outcomes: Found = match asked {
            true => answers(fact, &thresholds).into_iter().map(|v| (fact.path, v, outcome_with(incident, fact, v, rules))).collect(),
            false => Vec::new(),
        };
        if outcomes.iter().any(|o| o.2 != outcomes[0].2) {
            questions.extend(outcomes);
        }
    }
    (changes, questions)
}

fn sorted(mut found: Found) -> Vec<String> {
    found.sort_by_key(|(path, value, _)| (*path, value.to_string()));
    found.dedup();
    found.iter().map(|(path, value, outcome)| format!("{path} {value} {}", outcome.id())).collect()
}

#[test]
fn the_short_way_finds_what_the_long_way_finds() {
    let now = "2026-11-22T10:00:00+01:00".parse().expect("a time");
    let mut seen = 0;
    for practice in [None, Some("edpb"), Some("pl-uodo"), Some("plain")] {
        let choices = Choices { practice: practice.map(|id| Choice::Id(id.into())), ..Choices::default() };
        let desk = Desk::new(Tables::default(), choices).expect("the built-in tables");
        for number in 1..=400 {
            let mut written = incidents::incident(number);
            // some of what the other incidents never say
            match number % 8 {
                1 => written["controller"]["role"] = "unknown".into(),
                2 => written["controller"]["sector"] = "unknown".into(),
                3 => written["other_law"] = serde_json::json!({"nis2_significant": true, "dora_major": "unknown"}),
                4 => {
                    written["exemptions"] =
                        serde_json::json!({"subsequent_measures": {"what": "taken back", "before_any_use": true, "verified_by": "logs"}});
                }
                5 => written["communication"] = serde_json::json!({"ordered": "2026-11-21"}),
                6 => written["confidentiality"]["fraud"] = "unknown".into(),
                7 => written["subjects"]["count"] = 100.into(),
                _ => written["decision"] = serde_json::json!({"risk": "unknown", "why": "w"}),
            }
            let incident = desk.read(written.to_string().as_bytes(), Syntax::Json).unwrap_or_else(|f| panic!("{number}: {f:?}"));
            let picked = desk.pick(&incident).expect("the built-in tables");
            desk.with(&picked, &incident, now, |rules| {
                let assessment = assess(&incident, rules, now, true);
                let path = |answer: &str| Fact::at(answer).expect("a fact").path;
                let changes = assessment.changes.iter().flatten().map(|c| (path(c.answer), c.to, c.outcome)).collect();
                let questions = assessment.find_out.iter().flatten().flat_map(|q| q.outcomes.iter().map(|(v, o)| (path(q.answer), *v, *o))).collect();
                let (all_changes, all_questions) = found(&incident, rules);
                seen += all_changes.len() + all_questions.len();
                assert_eq!(sorted(changes), sorted(all_changes), "{practice:?} {number}");
                assert_eq!(sorted(questions), sorted(all_questions), "{practice:?} {number}");
            });
        }
    }
    assert!(seen > 4000, "{seen}");
}
