//! The example incidents: what `tests/examples.toml` computed by hand for each, and the assessment that the contract prints in full.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use breach::incident::words::Level;
use breach::quarters::Quarters;
use breach::tree::{self, Value};
use serde::Deserialize;
use support::{Failures, NOW, file, here, parsed, toml_files};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    example: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    file: String,
    score: Quarters,
    min: Quarters,
    max: Quarters,
    level: Level,
    outcome: String,
    sum: String,
}

/// What an assessment must at least hold.
#[derive(Deserialize)]
struct Assessed {
    input: String,
    severity: Severity,
    decision: Decision,
}

#[derive(Deserialize)]
struct Severity {
    score: Quarters,
    range: Range,
    level: Level,
}

#[derive(Deserialize)]
struct Range {
    min: Quarters,
    max: Quarters,
}

#[derive(Deserialize)]
struct Decision {
    outcome: String,
}

/// What the program prints, run in a folder.
fn breach(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_breach")).args(arguments).args(["--now", NOW]).current_dir(folder).output();
    let output = output.unwrap_or_else(|e| panic!("the program does not start: {e}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "breach {}: {}\n{errors}", arguments.join(" "), output.status);
    String::from_utf8(output.stdout).unwrap_or_else(|e| panic!("breach {}: {e}", arguments.join(" ")))
}

/// The sum that an expectation writes out, `3 x 1 + 0.5`.
fn added_up(sum: &str) -> Option<f64> {
    let product = |term: &str| term.split(" x ").map(|n| n.trim().parse::<f64>().ok()).product::<Option<f64>>();
    sum.split(" + ").map(product).sum()
}

#[test]
fn every_example_gives_what_was_computed_by_hand() {
    let Expectations { example } = parsed("tests/examples.toml");
    let printed = breach(&here("examples"), &["assess", "--practice", "plain", "--no-changes", "--format", "jsonl", "."]);
    let assessed = |line| serde_json::from_str::<Assessed>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    let got: BTreeMap<String, Assessed> =
        printed.lines().map(assessed).map(|a| (Path::new(&a.input).file_name().unwrap_or_default().to_string_lossy().into_owned(), a)).collect();
    let mut failures = Failures::default();
    for expected in &example {
        let name = &expected.file;
        failures.same(name, "the sum written out", added_up(&expected.sum), Some(expected.score.as_f64()));
        let Some(Assessed { severity, decision, .. }) = got.get(name) else {
            failures.add(name, "is not assessed");
            continue;
        };
        failures.same(name, "score", severity.score, expected.score);
        failures.same(name, "lower end", severity.range.min, expected.min);
        failures.same(name, "upper end", severity.range.max, expected.max);
        failures.same(name, "level", severity.level, expected.level);
        failures.same(name, "outcome under the score alone", decision.outcome.as_str(), &expected.outcome);
    }
    failures.finish(example.len());
}

#[test]
fn every_example_has_an_expectation() {
    let Expectations { example } = parsed("tests/examples.toml");
    let mut expected: Vec<String> = example.into_iter().map(|e| e.file).collect();
    expected.sort();
    assert_eq!(toml_files("examples"), expected);
    let entries = std::fs::read_dir(here("examples")).unwrap_or_else(|e| panic!("examples: {e}"));
    // a folder beside them holds tables, no incidents
    let files = entries.filter_map(Result::ok).filter(|e| e.path().is_file()).filter_map(|e| e.file_name().into_string().ok());
    let mut others: Vec<String> = files.filter(|name| !name.ends_with(".toml")).collect();
    others.sort();
    assert_eq!(others, ["README.md", "register.jsonl"], "files in examples/ that nothing is expected of");
}

#[test]
fn the_assessment_that_the_contract_prints_comes_out_key_by_key() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let copied = std::fs::copy(here("examples/payroll-wrong-client.toml"), folder.path().join("incident.toml"));
    copied.unwrap_or_else(|e| panic!("{e}"));
    let printed = breach(folder.path(), &["assess", "--format", "json", "incident.toml"]);
    let mut failures = Failures::default();
    compare(&json(&file("tests/examples/payroll.expect.json")), &json(&printed), "", &mut failures);
    failures.finish(1);
}

#[test]
fn pretty_and_compact_json_say_the_same() {
    let folder = here("examples");
    let lines = |form: &str| breach(&folder, &["assess", "--format", form, "."]);
    let read = |text: &str| -> Vec<serde_json::Value> {
        serde_json::Deserializer::from_str(text).into_iter().map(|v| v.unwrap_or_else(|e| panic!("{e}"))).collect()
    };
    assert_eq!(read(&lines("json")), read(&lines("jsonl")));
    assert_eq!(lines("jsonl").lines().count(), toml_files("examples").len());
}

/// JSON with the order of its keys.
fn json(text: &str) -> Value {
    let (root, findings) = tree::json(text);
    assert!(findings.is_empty(), "{findings:?}");
    root.value
}

/// The place that the contract leaves open; as an entry of a list, that others may follow.
const OPEN: &str = "…";

/// Everything that differs, by path; objects must have the same keys in the same order.
fn compare(expected: &Value, got: &Value, path: &str, failures: &mut Failures) {
    let open = |value: &Value| matches!(value, Value::Text(text) if text == OPEN);
    match (expected, got) {
        _ if open(expected) => {}
        (Value::Table(expected), Value::Table(got)) => {
            let keys = |table: &[tree::Entry]| table.iter().map(|e| e.key.clone()).collect::<Vec<_>>();
            failures.same(path, "the order of keys", keys(got), keys(expected));
            for entry in expected {
                if let Some(other) = got.iter().find(|e| e.key == entry.key) {
                    compare(&entry.node.value, &other.node.value, &format!("{path}.{}", entry.key), failures);
                }
            }
        }
        (Value::List(expected), Value::List(got)) => {
            let more = expected.last().is_some_and(|last| open(&last.value));
            let certain = &expected[..expected.len() - usize::from(more)];
            if got.len() < certain.len() || (!more && got.len() > certain.len()) {
                failures.add(path, format!("{} entries, expected {}{}", got.len(), certain.len(), if more { " or more" } else { "" }));
            }
            for (i, (expected, got)) in certain.iter().zip(got).enumerate() {
                compare(&expected.value, &got.value, &format!("{path}[{i}]"), failures);
            }
        }
        // as written: 3 and 3.0 are two things
        (expected, got) => failures.same(path, "value", format!("{got:?}"), format!("{expected:?}")),
    }
}
