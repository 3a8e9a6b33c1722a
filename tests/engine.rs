//! Incidents at the joints of the engine, one file each in `tests/engine`: what is expected, and why. Written for mutations of the code that published
//! cases and sessions did not notice; `tests/mutants.md` says which there are.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const NOW: &str = "2026-11-22T10:00:00+01:00";

/// The assessment of an incident, as the program prints it.
fn assessed(incident: &toml::Value) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(["assess", "--no-config", "--format", "json", "--now", NOW, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(toml::to_string(incident).expect("TOML").as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Where a result is not what is expected of it; of what is not mentioned nothing is expected.
fn differences(path: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(_)) => {
            expected.iter().for_each(|(key, value)| differences(&format!("{path}.{key}"), value, &found[key], wrong));
        }
        _ if expected == found => {}
        _ => wrong.push(format!("{path} is {found}, expected {expected}")),
    }
}

/// The words at a key of every entry of a list.
fn words<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().filter_map(|entry| entry[key].as_str()).collect()
}

#[test]
fn every_incident_gives_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 10, "{} incidents", paths.len());
    let mut all_wrong = Vec::new();
    for path in &paths {
        let case: toml::Table = fs::read_to_string(path).expect("a file").parse().expect("TOML");
        assert!(case["why"].as_str().is_some_and(|why| why.len() > 20), "{}: why?", path.display());
        let result = assessed(&case["incident"]);
        let mut wrong = Vec::new();
        for (key, expected) in case["expect"].as_table().expect("a table") {
            let expected: Value = serde_json::to_value(expected).expect("JSON");
            let list = expected.as_array().into_iter().flatten();
            match key.as_str() {
                "rules" | "not_rules" | "notes" | "not_notes" => {
                    let there = if key.ends_with("rules") { words(&result["decision"]["rules"], "id") } else { words(&result["notes"], "code") };
                    let wanted = !key.starts_with("not_");
                    wrong
                        .extend(list.filter_map(Value::as_str).filter(|id| there.contains(id) != wanted).map(|id| format!("{key}: {id}: {there:?}")));
                }
                "duties" => {
                    for expected in list {
                        let same = |duty: &&Value| duty["regime"] == expected["regime"] && duty["action"] == expected["action"];
                        let duty = result["duties"].as_array().into_iter().flatten().find(same).unwrap_or(&Value::Null);
                        differences(&format!("duty {}", expected["action"]), expected, duty, &mut wrong);
                    }
                }
                _ => differences(key, &expected, &result[key], &mut wrong),
            }
        }
        all_wrong.extend(wrong.iter().map(|w| format!("{}: {w}", path.file_name().unwrap_or_default().display())));
    }
    assert!(all_wrong.is_empty(), "{}", all_wrong.join("\n"));
}
