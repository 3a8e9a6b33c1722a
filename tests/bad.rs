//! Broken inputs and the findings expected for each, beside it in `tests/bad` (see the README there),
//! odd inputs that must pass in `tests/bad/good`, and inputs too big to be kept, made here.
//!
//! Every failure of every file is collected; the test fails once, with all of them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const NOW: &str = "2026-11-22T10:00:00+01:00";
const LIMIT_FILE: usize = 8 * 1024 * 1024;
const LIMIT_TEXT: usize = 100_000;
const LIMIT_LIST: usize = 1_000;

/// What one file's expectation says of one finding; what it leaves out is not compared.
#[derive(Debug, Default, Clone)]
struct Expected {
    code: String,
    path: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
    says: Vec<String>,
}

/// One run of the program.
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

fn assess(folder: &Path, input: &str) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(["assess", "--format", "json", "--now", NOW, input])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    Run {
        status: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The failures found so far, each under the name of its input.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn add(&mut self, input: &str, what: impl AsRef<str>) {
        self.0.push(format!("{input}: {}", what.as_ref()));
    }

    fn finish(self, looked_at: usize) {
        assert!(looked_at > 0, "no input was looked at");
        assert!(self.0.is_empty(), "{} failures in {looked_at} inputs:\n  {}\n", self.0.len(), self.0.join("\n  "));
    }
}

fn status_and_panic(failures: &mut Failures, input: &str, run: &Run, status: i32) {
    if run.status != Some(status) {
        let first = run.stderr.lines().next().unwrap_or_default();
        failures.add(input, format!("exit {:?}, expected {status}; stderr begins: {first}", run.status));
    }
    if run.stderr.contains("panicked at") || run.stderr.contains("overflowed its stack") {
        failures.add(input, format!("the program panicked: {}", run.stderr.trim()));
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn text<'a>(finding: &'a Value, key: &str) -> Option<&'a str> {
    finding.get(key).and_then(Value::as_str)
}

/// The findings of the error object on standard output, if it has the promised shape.
fn findings(failures: &mut Failures, input: &str, run: &Run) -> Option<Vec<Value>> {
    let result: Value = match serde_json::from_str(&run.stdout) {
        Ok(result) => result,
        Err(error) => {
            failures.add(input, format!("standard output is not one JSON value ({error})"));
            return None;
        }
    };
    if keys(&result) != BTreeSet::from(["input", "error", "errors"]) {
        failures.add(input, format!("the error object has the keys {:?}", keys(&result)));
        return None;
    }
    if result["input"] != input {
        failures.add(input, format!("`input` is {}", result["input"]));
    }
    let list = result["errors"].as_array().cloned().unwrap_or_default();
    if list.first() != Some(&result["error"]) {
        failures.add(input, "`error` is not the first of `errors`");
    }
    let shape = BTreeSet::from(["code", "message", "path", "line", "column"]);
    for finding in &list {
        if keys(finding) != shape {
            failures.add(input, format!("a finding has the keys {:?}", keys(finding)));
        }
        if text(finding, "message").is_none_or(|message| message.trim().is_empty()) {
            failures.add(input, format!("a finding says nothing: {finding}"));
        }
        for key in ["line", "column"] {
            if !(finding[key].is_null() || finding[key].as_u64().is_some_and(|n| n > 0)) {
                failures.add(input, format!("`{key}` is {}", finding[key]));
            }
        }
    }
    Some(list)
}

fn place(finding: &Value) -> (u64, u64) {
    (finding["line"].as_u64().unwrap_or(0), finding["column"].as_u64().unwrap_or(0))
}

fn brief(finding: &Value) -> String {
    let (line, column) = place(finding);
    format!("{} {} at {line}:{column}", text(finding, "code").unwrap_or("?"), text(finding, "path").unwrap_or("-"))
}

/// Compares in order of place; findings at one place may come in any order.
fn compare(failures: &mut Failures, input: &str, run: &Run, expected: &[Expected]) {
    status_and_panic(failures, input, run, 2);
    let Some(mut found) = findings(failures, input, run) else {
        return;
    };
    if !found.is_sorted_by_key(place) {
        let order: Vec<_> = found.iter().map(place).collect();
        failures.add(input, format!("not in order of place: {order:?}"));
    }
    found.sort_by_key(|finding| {
        let part = |key| text(finding, key).unwrap_or_default().to_owned();
        (place(finding), part("code"), part("path"))
    });
    let mut expected = expected.to_vec();
    expected.sort_by_key(|e| {
        let place = (e.line.unwrap_or(0), e.column.unwrap_or(0));
        (place, e.code.clone(), e.path.clone().unwrap_or_default())
    });
    if found.len() != expected.len() {
        let list: Vec<_> = found.iter().map(brief).collect();
        failures.add(input, format!("{} findings, expected {}: {}", found.len(), expected.len(), list.join(", ")));
        return;
    }
    for (finding, expected) in found.iter().zip(&expected) {
        let number = |key: &str| finding[key].as_u64();
        let same = text(finding, "code") == Some(&expected.code)
            && expected.path.as_deref().is_none_or(|path| text(finding, "path") == Some(path))
            && expected.line.is_none_or(|line| number("line") == Some(line))
            && expected.column.is_none_or(|column| number("column") == Some(column));
        if !same {
            let path = expected.path.as_deref().unwrap_or("*");
            let (line, column) = (expected.line.unwrap_or(0), expected.column.unwrap_or(0));
            failures.add(input, format!("found {}, expected {} {path} at {line}:{column}", brief(finding), expected.code));
            continue;
        }
        let message = text(finding, "message").unwrap_or_default();
        for part in &expected.says {
            // the help line of a diagnostic goes to standard error
            if !message.contains(part.as_str()) && !run.stderr.contains(part.as_str()) {
                failures.add(input, format!("{} does not say `{part}`: {message}", brief(finding)));
            }
        }
    }
    if run.stderr.trim().is_empty() {
        failures.add(input, "nothing on standard error");
    }
}

fn passes(failures: &mut Failures, input: &str, run: &Run) {
    status_and_panic(failures, input, run, 0);
    match serde_json::from_str::<Value>(&run.stdout) {
        Ok(result) if result.get("error").is_none() && result.get("severity").is_some() => {}
        Ok(_) => failures.add(input, "expected an assessment, found an error object"),
        Err(error) => failures.add(input, format!("standard output is not one JSON value ({error})")),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("bad")
}

/// The names of the files in a folder, sorted, without hidden ones and the README.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the entry can be read"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().expect("a name in UTF-8"))
        .filter(|name| !name.starts_with('.') && name != "README.md")
        .collect();
    names.sort();
    names
}

/// `NAME.expect.toml`, strictly: an unknown key in it is a mistake of ours.
fn expectation(path: &Path) -> Result<Vec<Expected>, String> {
    let source = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: toml::Table = toml::from_str(&source).map_err(|error| error.to_string())?;
    let list = match (table.len(), table.get("finding").and_then(toml::Value::as_array)) {
        (1, Some(list)) if !list.is_empty() => list,
        _ => return Err("an expectation is a list of [[finding]] and nothing else".into()),
    };
    let mut all = Vec::new();
    for finding in list {
        let mut expected = Expected::default();
        for (key, value) in finding.as_table().ok_or("a finding is a table")? {
            let string = || value.as_str().map(str::to_owned).ok_or(format!("{key} is a text"));
            let number = || value.as_integer().and_then(|n| u64::try_from(n).ok()).ok_or(format!("{key} is a number"));
            match key.as_str() {
                "code" => expected.code = string()?,
                "path" => expected.path = Some(string()?),
                "line" => expected.line = Some(number()?),
                "column" => expected.column = Some(number()?),
                "says" => {
                    for part in value.as_array().ok_or("says is a list")? {
                        expected.says.push(part.as_str().ok_or("says is a list of texts")?.to_owned());
                    }
                }
                _ => return Err(format!("unknown key {key}")),
            }
        }
        if expected.code.is_empty() {
            return Err("a finding without code".into());
        }
        all.push(expected);
    }
    Ok(all)
}

#[test]
fn broken_inputs_give_every_finding_in_its_place() {
    let folder = folder();
    let (expectations, inputs): (Vec<_>, Vec<_>) = names(&folder).into_iter().partition(|name| name.ends_with(".expect.toml"));
    let mut failures = Failures::default();
    let mut used = BTreeSet::new();
    for input in &inputs {
        let stem = input.rsplit_once('.').map_or(input.as_str(), |(stem, _)| stem);
        let name = format!("{stem}.expect.toml");
        match expectation(&folder.join(&name)) {
            Ok(expected) => compare(&mut failures, input, &assess(&folder, input), &expected),
            Err(error) => failures.add(input, format!("its expectation: {error}")),
        }
        if !used.insert(name) {
            failures.add(input, "two inputs share one expectation");
        }
    }
    for name in expectations.iter().filter(|name| !used.contains(*name)) {
        failures.add(name, "an expectation without input");
    }
    failures.finish(inputs.len());
}

#[test]
fn odd_but_good_inputs_pass() {
    let folder = folder().join("good");
    let inputs = names(&folder);
    let mut failures = Failures::default();
    for input in &inputs {
        passes(&mut failures, input, &assess(&folder, input));
    }
    failures.finish(inputs.len());
}

const HEAD: &str = "format = 1\nid = \"2026-014\"\n";
const REST: &str = "\n[data.simple]\nitems = [\"full-name\"]\n\n[identification]\nlevel = \"maximum\"\n\n\
                    [confidentiality]\nloss = \"known-recipients\"\n";
const REST_JSON: &str =
    r#""data": {"simple": {"items": ["full-name"]}}, "identification": {"level": "maximum"}, "confidentiality": {"loss": "known-recipients"}}"#;

fn finding(code: &str) -> Expected {
    Expected { code: code.into(), ..Expected::default() }
}

fn finding_at(code: &str, path: &str, line: u64, column: u64) -> Expected {
    Expected { path: Some(path.into()), line: Some(line), column: Some(column), ..finding(code) }
}

#[test]
fn beyond_each_limit_is_an_error_and_at_it_is_not() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let folder = temp.path();
    let mut failures = Failures::default();
    let write = |name: &str, content: &str| fs::write(folder.join(name), content).expect("the input is written");
    let padded = |size: usize| {
        let mut content = format!("{HEAD}{REST}# ");
        content.push_str(&"x".repeat(size - content.len() - 1));
        content.push('\n');
        assert_eq!(content.len(), size);
        content
    };
    let items = |count: usize| vec!["\"2026-011\""; count].join(", ");

    let mut bad: Vec<(&str, Expected)> = Vec::new();
    for name in ["garbage.toml", "garbage.json"] {
        let file = File::create(folder.join(name)).expect("the input is created");
        file.set_len(50_000_000).expect("a sparse file");
        bad.push((name, finding("too-large")));
    }
    write("file-over.toml", &padded(LIMIT_FILE + 1));
    bad.push(("file-over.toml", finding("too-large")));

    // two bytes a letter: the limit counts characters
    let long = "ż".repeat(LIMIT_TEXT + 1);
    write("text-over.toml", &format!("{HEAD}description = \"{long}\"\n{REST}"));
    bad.push(("text-over.toml", finding_at("too-long", "description", 3, 15)));
    write("text-over.json", &format!("{{\"format\": 1, \"id\": \"1\",\n \"title\": \"{long}\",\n {REST_JSON}\n"));
    bad.push(("text-over.json", finding_at("too-long", "title", 2, 11)));

    write("list-over.toml", &format!("{HEAD}related = [{}]\n{REST}", items(LIMIT_LIST + 1)));
    bad.push(("list-over.toml", finding_at("too-many", "related", 3, 11)));
    write("list-over.json", &format!("{{\"format\": 1, \"id\": \"1\",\n \"related\": [{}],\n {REST_JSON}\n", items(LIMIT_LIST + 1)));
    bad.push(("list-over.json", finding_at("too-many", "related", 2, 13)));

    for (name, expected) in &bad {
        let run = assess(folder, name);
        compare(&mut failures, name, &run, std::slice::from_ref(expected));
        if run.stderr.len() > 20_000 || run.stdout.len() > 20_000 {
            failures.add(name, "the diagnostic repeats the input at length");
        }
    }

    write("file-at.toml", &padded(LIMIT_FILE));
    write("text-at.toml", &format!("{HEAD}description = \"{}\"\n{REST}", "ż".repeat(LIMIT_TEXT)));
    write("list-at.toml", &format!("{HEAD}related = [{}]\n{REST}", items(LIMIT_LIST)));
    let good = ["file-at.toml", "text-at.toml", "list-at.toml"];
    for name in good {
        passes(&mut failures, name, &assess(folder, name));
    }
    failures.finish(bad.len() + good.len());
}

#[test]
fn an_input_that_is_not_there_is_a_fault_of_the_machine() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let mut failures = Failures::default();
    let name = "missing.toml";
    let run = assess(temp.path(), name);
    status_and_panic(&mut failures, name, &run, 3);
    let found = findings(&mut failures, name, &run).unwrap_or_default();
    match found.as_slice() {
        [one] if text(one, "code") == Some("unreadable") => {
            for key in ["path", "line", "column"] {
                if !one[key].is_null() {
                    failures.add(name, format!("`{key}` is {}, expected null", one[key]));
                }
            }
        }
        _ => failures.add(name, format!("expected one finding `unreadable`, found {found:?}")),
    }
    failures.finish(1);
}

#[test]
fn a_folder_without_incidents_is_an_error() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let mut failures = Failures::default();
    fs::create_dir(temp.path().join("empty")).expect("a folder");
    let other = temp.path().join("other");
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join("notes.txt"), "format = 1\n").expect("a file of another kind");
    fs::write(other.join("settings.toml"), "colour = \"blue\"\n").expect("a file without format");
    for name in ["empty", "other"] {
        let run = assess(temp.path(), name);
        status_and_panic(&mut failures, name, &run, 2);
        if run.stderr.trim().is_empty() {
            failures.add(name, "nothing on standard error");
        }
    }
    failures.finish(2);
}
