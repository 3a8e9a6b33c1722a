//! Severities computed elsewhere (`tests/second/sample.jsonl`, written by `tests/second/sample.py` from the method and the file format alone), key by key.

mod support;

use breach::assess::assess;
use breach::desk::{Choices, Desk};
use breach::incident::read::Syntax;
use breach::render::json;
use breach::tables::{Choice, Tables};
use breach::texts::Texts;
use serde_json::Value;
use support::{Failures, file, now};

#[test]
fn every_severity_of_the_sample() {
    let mut failures = Failures::default();
    let texts = Texts::english();
    let mut desks: Vec<(String, Desk)> = Vec::new();
    let (mut scored, mut refused) = (0, 0);
    for (n, line) in file("tests/second/sample.jsonl").lines().enumerate() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let name = format!("line {}", n + 1);
        let id = line["method"].as_str().expect("a method").to_owned();
        if desks.iter().all(|(known, _)| *known != id) {
            let choices = Choices { method: Choice::Id(id.clone()), practice: Some(Choice::Id("plain".into())), ..Choices::default() };
            desks.push((id.clone(), Desk::new(Tables::default(), choices).expect("built-in tables")));
        }
        let desk = &mut desks.iter_mut().find(|(known, _)| *known == id).expect("just made").1;
        match (desk.read(line["incident"].to_string().as_bytes(), Syntax::Json), line["refused"].as_str()) {
            (Err(findings), Some(code)) => {
                refused += 1;
                if findings.iter().all(|f| f.code.id() != code) {
                    failures.add(&name, format!("{code} is not among {findings:?}"));
                }
            }
            (Ok(incident), None) => {
                scored += 1;
                let picked = desk.pick(&incident).expect("built-in tables");
                let assessment = desk.with(&picked, &incident, now(), |rules| assess(&incident, rules, now(), false));
                // under this method a level lies below the usual one where it lies below its category's base
                for category in assessment.severity.dpc.categories.iter().filter(|_| id == "enisa-2013") {
                    let below = category.level.is_some_and(|level| level < category.base);
                    failures.same(&name, "a level told as lowered", category.lowered, below);
                }
                let input = json::Input { name: name.clone(), sha256: String::new() };
                let written: Value = serde_json::from_str(&json::write(&assessment, &incident, &input, &texts, false)).expect("JSON");
                // as text, so that the forms of numbers are compared too
                failures.same(&name, "severity", written["severity"].to_string(), line["severity"].to_string());
            }
            (Ok(_), Some(code)) => failures.add(&name, format!("accepted, expected {code}")),
            (Err(findings), None) => failures.add(&name, format!("refused: {findings:?}")),
        }
    }
    assert!(scored > 180 && refused > 10, "{scored} scored, {refused} refused");
    failures.finish(scored + refused);
}
