//! The gate, from outside: the cases of `tests/check` (see the README there), then its formats, places, exit codes and inputs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

const NOW: &str = "2026-11-22T10:00:00+01:00";

/// One run of the program.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

fn breach(folder: &Path, args: &[&str], stdin: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // a program that does not read its input closes it, which is no fault
    let _ = child.stdin.take().expect("piped").write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let run = Run { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!run.stderr.contains("panicked at"), "{args:?}: {}", run.stderr);
    run
}

fn check(folder: &Path, args: &[&str]) -> Run {
    breach(folder, &[&["check", "--now", NOW], args].concat(), "")
}

/// The committed schema of the document.
fn schema() -> &'static jsonschema::Validator {
    static SCHEMA: std::sync::OnceLock<jsonschema::Validator> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/schemas/check.json")).unwrap();
        jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
    })
}

/// The findings of the one document on standard output.
fn findings(run: &Run) -> Vec<Value> {
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("not one JSON document: {e}\n{}\n{}", run.stdout, run.stderr));
    assert_eq!(document["format"], "breach-check/1");
    assert_eq!(document.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()), Some(vec!["findings".into(), "format".into()]));
    assert!(schema().is_valid(&document), "{document}");
    let list = findings_of(run);
    for finding in &list {
        let keys: Vec<&str> = finding.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "column", "input", "level", "line", "message", "path"]);
        assert!(!finding["message"].as_str().expect("a text").contains(['{', '}']), "{finding}");
    }
    list
}

fn codes(run: &Run) -> Vec<String> {
    findings(run).iter().map(|f| format!("{}:{}", f["input"].as_str().unwrap(), f["code"].as_str().unwrap())).collect()
}

// ---- the cases

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    what: String,
    now: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    exit: i32,
    expected: Vec<Expected>,
    incident: Vec<Written>,
    stored: Option<Stored>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    level: String,
    #[serde(default)]
    input: usize,
    path: Option<String>,
    #[serde(default)]
    says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    with: toml::Table,
    #[serde(default)]
    without: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    incident: Vec<Written>,
    #[serde(default)]
    edit: toml::Table,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check")
}

fn base() -> toml::Table {
    toml::from_str(&fs::read_to_string(here().join("base.toml")).unwrap()).unwrap()
}

fn lay(over: &toml::Table, under: &mut toml::Table) {
    for (key, value) in over {
        match (value, under.get_mut(key)) {
            (toml::Value::Table(over), Some(toml::Value::Table(under))) => lay(over, under),
            _ => {
                under.insert(key.clone(), value.clone());
            }
        }
    }
}

fn take_out(path: &str, from: &mut toml::Table) {
    let gone = match path.split_once('.') {
        Some((key, rest)) => return take_out(rest, from[key].as_table_mut().expect("a table")),
        None => from.remove(path),
    };
    assert!(gone.is_some(), "there is no `{path}` to take out");
}

fn incident(written: &Written) -> toml::Table {
    let mut incident = base();
    written.without.iter().for_each(|path| take_out(path, &mut incident));
    lay(&written.with, &mut incident);
    incident
}

/// How the incidents of a case are written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Toml,
    Json,
    Lines,
}

/// Writes incidents into a folder; returns what to name on the command line and the name of each as an input.
fn write(folder: &Path, form: Form, all: &[Written]) -> (Vec<String>, Vec<String>) {
    let incidents: Vec<toml::Table> = all.iter().map(incident).collect();
    if form == Form::Lines {
        let lines: String = incidents.iter().map(|i| serde_json::to_string(i).unwrap() + "\n").collect();
        fs::write(folder.join("all.jsonl"), lines).unwrap();
        return (vec!["all.jsonl".into()], (1..=incidents.len()).map(|line| format!("all.jsonl:{line}")).collect());
    }
    let names: Vec<String> = incidents
        .iter()
        .enumerate()
        .map(|(i, incident)| {
            let (name, text) = match form {
                Form::Json => (format!("{i}.json"), serde_json::to_string_pretty(incident).unwrap()),
                _ => (format!("{i}.toml"), toml::to_string(incident).unwrap()),
            };
            fs::write(folder.join(&name), text).unwrap();
            name
        })
        .collect();
    (names.clone(), names)
}

/// The stored assessments of a case, in both forms of them by turns.
fn store(folder: &Path, form: Form, stored: &Stored, case: &[Written]) {
    let own = tempfile::tempdir_in(folder).unwrap();
    let all = if stored.incident.is_empty() { case } else { &stored.incident };
    let (paths, _) = write(own.path(), form, all);
    let output = if form == Form::Toml { "json" } else { "jsonl" };
    let mut args = vec!["assess", "--format", output, "--no-changes"];
    if !stored.args.iter().any(|a| a == "--now") {
        args.extend(["--now", NOW]);
    }
    args.extend(stored.args.iter().map(String::as_str));
    args.extend(paths.iter().map(String::as_str));
    let run = breach(own.path(), &args, "");
    assert_eq!(run.status, 0, "{}", run.stderr);
    let objects = serde_json::Deserializer::from_str(&run.stdout).into_iter::<Value>().map(|object| {
        let mut object = object.unwrap();
        for (pointer, value) in &stored.edit {
            let value = value.as_str().unwrap();
            *object.pointer_mut(pointer).expect("something to edit") = if value == "null" { Value::Null } else { value.into() };
        }
        if output == "json" { serde_json::to_string_pretty(&object).unwrap() + "\n" } else { object.to_string() + "\n" }
    });
    fs::write(folder.join("stored.json"), objects.collect::<String>()).unwrap();
}

/// What is wrong with a run of a case.
fn wrong(case: &Case, form: Form) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let (paths, names) = write(folder.path(), form, &case.incident);
    let mut args = vec!["check", "--now", case.now.as_deref().unwrap_or(NOW)];
    if let Some(stored) = &case.stored {
        store(folder.path(), form, stored, &case.incident);
        args.extend(["--against", "stored.json"]);
    }
    args.extend(case.args.iter().map(String::as_str));
    args.extend(paths.iter().map(String::as_str));
    let run_as = |output: &str| breach(folder.path(), &[&args[..], &["--format", output]].concat(), "");
    let run = run_as("json");
    let found = findings(&run);

    let mut wrong = Vec::new();
    if run.status != case.exit {
        wrong.push(format!("exit {}, expected {}; {}", run.status, case.exit, run.stderr));
    }
    if found.len() != case.expected.len() {
        wrong.push(format!("{} findings, expected {}:\n    {}", found.len(), case.expected.len(), placed(&run).join("\n    ")));
    }
    for (i, (f, e)) in found.iter().zip(&case.expected).enumerate() {
        for (key, expected) in [("code", &e.code), ("level", &e.level), ("input", &names[e.input])] {
            if f[key] != **expected {
                wrong.push(format!("finding {i}: {key} is {}, expected {expected}", f[key]));
            }
        }
        if e.path.is_some() && f["path"].as_str() != e.path.as_deref() {
            wrong.push(format!("finding {i}: path is {}, expected {:?}", f["path"], e.path));
        }
        let message = f["message"].as_str().unwrap();
        wrong.extend(e.says.iter().filter(|s| !message.contains(*s)).map(|s| format!("finding {i} does not say {s:?}: {message}")));
        // a path has a place; without one only a line of JSON Lines has
        let line = if form == Form::Lines { Some(e.input as u64 + 1) } else { None };
        let right = match line {
            Some(line) => f["line"] == line && f["column"].is_u64(),
            None => f["path"].is_null() == f["line"].is_null() && f["line"].is_null() == f["column"].is_null(),
        };
        if !right {
            wrong.push(format!("finding {i} stands at {}:{}", f["line"], f["column"]));
        }
    }

    // every form of the result says the same; one form of the input is enough to see it
    let others: &[&str] = if form == Form::Toml { &["text", "github", "junit"] } else { &[] };
    for output in others.iter().copied() {
        let other = run_as(output);
        if other.status != run.status {
            wrong.push(format!("{output}: exit {}", other.status));
        }
        let all = match output {
            "text" => text_codes(&other.stdout),
            "github" => github_codes(&other.stdout),
            _ => junit_codes(&other.stdout),
        };
        let same: Vec<(String, String)> = found.iter().map(|f| (f["level"].as_str().unwrap().into(), f["code"].as_str().unwrap().into())).collect();
        if all != same {
            wrong.push(format!("{output}: {all:?}, in json {same:?}"));
        }
    }
    wrong
}

#[test]
fn every_case_in_every_form() {
    let mut files: Vec<PathBuf> = fs::read_dir(here()).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "toml") && p.file_stem().is_some_and(|s| s != "base"));
    files.sort();
    let mut failures = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy();
        let case: Case = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!case.what.is_empty());
        for form in [Form::Toml, Form::Json, Form::Lines] {
            failures.extend(wrong(&case, form).into_iter().map(|w| format!("{name} ({form:?}): {w}")));
        }
    }
    assert!(files.len() > 40, "only {} cases were found", files.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let cases: String = fs::read_dir(here()).unwrap().map(|e| fs::read_to_string(e.unwrap().path()).unwrap()).collect();
    let all = ["overdue", "late-without-reason", "incomplete", "decision-below", "stale", "inconsistent", "times"];
    let all = all.iter().chain(&["open-incomplete", "personal-data", "unlinked", "open", "in-phases", "done-late"]);
    for code in all {
        assert!(cases.contains(&format!("code = \"{code}\"")), "no case expects {code}");
    }
}

// ---- the forms of the result

/// Level and code of each line.
fn text_codes(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let (sums, lines) = lines.split_last().expect("a line of sums");
    assert!(sums.starts_with("checked: "), "{sums}");
    let label = |line: &&str| {
        let (level, rest) = ["error", "warning", "note"]
            .iter()
            .find_map(|level| line.split_once(&format!(": {level}[")).map(|(_, rest)| (*level, rest)))
            .unwrap_or_else(|| panic!("no level: {line}"));
        (level.to_owned(), rest.split_once("]: ").unwrap_or_else(|| panic!("no code: {line}")).0.to_owned())
    };
    lines.iter().map(label).collect()
}

/// A workflow command taken apart as the runner does: the command, its properties, the message.
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let unescape = |text: &str| text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, message) = rest.split_once("::").unwrap_or_else(|| panic!("no end: {line}"));
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').map(|p| p.split_once('=').unwrap_or_else(|| panic!("{line}"))).map(|(k, v)| (k.to_owned(), unescape(v)));
    (name.to_owned(), properties.collect(), message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%"))
}

fn github_codes(text: &str) -> Vec<(String, String)> {
    let code = |line| {
        let (name, properties, message) = command(line);
        assert!(!message.is_empty());
        let level = if name == "notice" { "note".to_owned() } else { name };
        (level, properties.into_iter().find(|(key, _)| key == "title").expect("a title").1)
    };
    text.lines().map(code).collect()
}

/// An element of XML: name, attributes, text, children.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn get(&self, key: &str) -> &str {
        self.attributes.iter().find(|(k, _)| k == key).map_or("", |(_, value)| value)
    }
}

/// Reads a document with an XML reader, which refuses what is not well-formed.
fn xml(text: &str) -> Element {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let open = |start: &quick_xml::events::BytesStart<'_>| Element {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|a| a.expect("an attribute"))
            .map(|a| {
                let raw = a.value.into_owned();
                let value = quick_xml::escape::unescape(&raw).expect("escaped").into_owned();
                (a.key.as_ref().to_owned(), value)
            })
            .collect(),
        ..Element::default()
    };
    let mut stack = vec![Element::default()];
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e}\n{text}")) {
            Event::Start(start) => stack.push(open(&start)),
            Event::Empty(start) => stack.last_mut().unwrap().children.push(open(&start)),
            Event::End(_) => {
                let done = stack.pop().unwrap();
                stack.last_mut().expect("balanced").children.push(done);
            }
            Event::Text(text) => stack.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let raw = format!("&{};", &*name);
                stack.last_mut().unwrap().text.push_str(&quick_xml::escape::unescape(&raw).expect("a known entity"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut root = stack.pop().unwrap();
    assert!(stack.is_empty() && root.children.len() == 1, "not one document: {text}");
    let forbidden = |c: char| (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "characters that XML does not have");
    root.children.remove(0)
}

fn junit_codes(text: &str) -> Vec<(String, String)> {
    let root = xml(text);
    assert_eq!(root.name, "testsuites");
    let cases: Vec<&Element> = root.children.iter().flat_map(|suite| &suite.children).collect();
    let verdicts = |name: &str| cases.iter().flat_map(|c| &c.children).filter(|v| v.name == name).count().to_string();
    assert_eq!(root.get("tests"), cases.len().to_string());
    assert_eq!(root.get("failures"), verdicts("failure"));
    assert_eq!(root.get("errors"), verdicts("error"));
    for suite in &root.children {
        let mut names: Vec<&str> = suite.children.iter().map(|c| c.get("name")).collect();
        assert!(!names.is_empty() && suite.get("tests") == names.len().to_string());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), suite.children.len(), "two cases of one name");
    }
    let code = |case: &&Element| {
        let verdict = case.children.first()?;
        let label = ["error", "warning", "note"].into_iter().find(|level| verdict.text.contains(&format!(": {level}[")))?;
        let level = if verdict.name == "system-out" { label } else { "error" }.to_owned();
        Some((level, case.get("name").split([':', ' ']).next()?.to_owned()))
    };
    cases.iter().filter_map(code).collect()
}

// ---- places

/// An incident whose places can be counted by hand.
const COUNTED: &str = r#"format = 1
id = "2026-1"

[controller]
name = "Ęample"
country = "PL"

[timeline]
aware = 2026-11-16T10:20:00+01:00
detected = 2026-11-16T11:20:00+01:00

[data.simple]
items = ["full-name"]

[identification]
level = "maximum"

[confidentiality]
loss = "unknown-recipients"

[decision]
  why = "Ę"; risk = "unlikely"
"#;

/// Input, code, path, line and column of each finding.
fn placed(run: &Run) -> Vec<String> {
    findings(run).iter().map(|f| format!("{} {} {} {}:{}", f["input"], f["code"], f["path"], f["line"], f["column"]).replace('"', "")).collect()
}

#[test]
fn a_finding_stands_where_its_answer_does() {
    let folder = TempDir::new().unwrap();
    let text = COUNTED.replace("why = \"Ę\"; risk", "why = \"Ę\"\n  risk");
    for (name, text) in [("a.toml", text.clone()), ("bom.toml", format!("\u{feff}{text}")), ("crlf.toml", text.replace('\n', "\r\n"))] {
        fs::write(folder.path().join(name), text).unwrap();
        let run = check(folder.path(), &["--format", "json", "--allow", "open-incomplete", name]);
        let expected = [
            // the table it would stand in
            format!("{name} overdue timeline.authority_notified 8:1"),
            format!("{name} late-without-reason timeline.delay_reason 8:1"),
            // the value itself
            format!("{name} decision-below decision.risk 23:10"),
            format!("{name} times timeline.aware 9:9"),
        ];
        let found: Vec<String> = placed(&run).into_iter().filter(|f| !f.contains("incomplete") && !f.contains(" open ")).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_case_file_is_checked_as_its_incident() {
    let folder = TempDir::new().unwrap();
    let text = COUNTED
        .replace("why = \"Ę\"; ", "why = \"Ę\"\n")
        .replace("[", "[incident.")
        .replace("[incident.\"", "[\"")
        .replace("format", "[incident]\nformat");
    fs::write(folder.path().join("case.toml"), format!("[source]\ndocument = \"made up\"\n\n{text}")).unwrap();
    let run = check(folder.path(), &["--format", "json", "case.toml"]);
    assert!(placed(&run).contains(&"case.toml decision-below decision.risk 27:8".to_owned()), "{:?} {}", placed(&run), run.stderr);
}

#[test]
fn json_and_json_lines_have_places_too() {
    let folder = TempDir::new().unwrap();
    let incident = |id: &str| {
        format!(
            r#"{{"format": 1, "id": "{id}", "data": {{"simple": {{"items": ["full-name"]}}}}, "identification": {{"level": "maximum"}}, "confidentiality": {{"loss": "unknown-recipients"}}, "decision": {{"why": "ęę", "risk": "unlikely"}}}}"#
        )
    };
    fs::write(folder.path().join("a.json"), incident("1").replace(", \"decision\"", ",\n \"decision\"")).unwrap();
    let only = ["--format", "json", "--allow", "open", "--allow", "open-incomplete"];
    let run = check(folder.path(), &[&only[..], &["a.json"]].concat());
    assert_eq!(placed(&run), ["a.json decision-below decision.risk 2:36"]);

    // blank lines are no incidents, but lines; a bad line and a carriage return stop nothing
    let lines = format!("\n{}\r\n   \n{{\"format\": 1, \"id\": 7}}\n{}", incident("2"), incident("3"));
    fs::write(folder.path().join("b.ndjson"), lines).unwrap();
    let run = check(folder.path(), &[&only[..], &["b.ndjson"]].concat());
    let column = incident("2").split("unlikely").next().unwrap().chars().count();
    let found = placed(&run);
    assert_eq!(
        found.iter().filter(|f| f.contains("decision-below")).cloned().collect::<Vec<_>>(),
        [format!("b.ndjson:2 decision-below decision.risk 2:{column}"), format!("b.ndjson:5 decision-below decision.risk 5:{column}"),]
    );
    assert!(found.contains(&"b.ndjson:4 invalid id 4:21".to_owned()), "{found:?}");
    assert_eq!(run.status, 2);

    // the lines of annotations and of text are those of the file, whose name has no line in it
    let run = check(folder.path(), &["b.ndjson", "--allow", "open", "--allow", "open-incomplete"]);
    assert!(run.stdout.contains(&format!("b.ndjson:5:{column}: error[decision-below]: ")), "{}", run.stdout);
    let run = check(folder.path(), &["b.ndjson", "--format", "github"]);
    assert!(run.stdout.contains(&format!("::error file=b.ndjson,line=5,col={column},title=decision-below::")), "{}", run.stdout);
}

// ---- exit codes and inputs

/// A folder with the settled incident in it, as `good.toml`.
fn settled() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::copy(here().join("base.toml"), folder.path().join("good.toml")).unwrap();
    folder
}

#[test]
fn the_exit_code_is_the_highest_and_the_rest_is_still_checked() {
    let folder = settled();
    fs::write(folder.path().join("bad.toml"), "format = 1\nid = \n").unwrap();
    fs::write(folder.path().join("below.toml"), COUNTED.replace("why = \"Ę\"; ", "why = \"Ę\"\n").replace("2026-1\"", "2026-2\"")).unwrap();
    let exits = |args: &[&str]| check(folder.path(), &[args, &["--format", "json"]].concat());
    assert_eq!(exits(&["good.toml"]).status, 0);
    assert_eq!(exits(&["good.toml", "below.toml"]).status, 1);
    let run = exits(&["bad.toml", "good.toml", "below.toml"]);
    assert_eq!(run.status, 2);
    assert!(codes(&run).contains(&"bad.toml:invalid".into()) && codes(&run).contains(&"below.toml:decision-below".into()));
    assert!(run.stderr.contains("bad.toml") && run.stderr.contains("error["), "the line is shown: {}", run.stderr);
    let run = exits(&["nowhere.toml", "bad.toml", "below.toml"]);
    assert_eq!(run.status, 3);
    let found = codes(&run);
    assert!(found.contains(&"nowhere.toml:invalid".into()) && found.contains(&"bad.toml:invalid".into()), "{found:?}");
    assert!(found.contains(&"below.toml:decision-below".into()), "{found:?}");
}

#[test]
fn every_problem_of_a_bad_file_is_a_finding_and_none_can_be_allowed() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("bad.toml"), "format = 1\nidd = \"1\"\n[data.simple]\nitems = [\"nmae\"]\n").unwrap();
    let run = check(folder.path(), &["--format", "json", "bad.toml"]);
    assert_eq!(run.status, 2);
    let found = placed(&run);
    assert!(found.len() > 2, "{found:?}");
    assert!(found.contains(&"bad.toml invalid idd 2:1".into()) && found.contains(&"bad.toml invalid data.simple.items[0] 4:10".into()), "{found:?}");
    let allowed = check(folder.path(), &["--format", "json", "--allow", "invalid", "bad.toml"]);
    assert_eq!((allowed.status, placed(&allowed)), (2, found));
    assert!(allowed.stderr.contains("cannot be allowed"), "{}", allowed.stderr);
}

#[test]
fn nothing_to_check_is_an_error() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    for format in ["json", "text", "github", "junit"] {
        let run = check(folder.path(), &["empty", "--format", format]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains("no incident found"), "{}", run.stderr);
        match format {
            "json" => assert_eq!(findings(&run).len(), 0),
            "junit" => assert_eq!(xml(&run.stdout).get("tests"), "0"),
            _ => {}
        }
    }
    // a file that is no incident is none
    fs::write(folder.path().join("empty/settings.toml"), "colour = true\n").unwrap();
    let run = check(folder.path(), &["empty"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("settings.toml skipped"), "{}", run.stderr);
}

#[test]
fn standard_input_is_an_input() {
    let folder = TempDir::new().unwrap();
    let base = fs::read_to_string(here().join("base.toml")).unwrap();
    let late = base.replace("authority_notified = \"2026-11-17", "authority_notified = \"2026-11-20");
    let run = breach(folder.path(), &["check", "--now", NOW, "--format", "json", "-"], &late);
    assert_eq!((run.status, codes(&run)), (1, vec!["-:late-without-reason".into(), "-:done-late".into()]));
    let run = breach(folder.path(), &["check", "--now", NOW, "--format", "github"], &late);
    assert!(run.stdout.starts_with("::error line="), "there is no file to point at: {}", run.stdout);
    let json = serde_json::to_string(&toml::from_str::<toml::Table>(&late).unwrap()).unwrap();
    let run = breach(folder.path(), &["check", "--now", NOW, "--input-format", "jsonl", "--format", "json"], &format!("\n{json}\n"));
    assert_eq!((run.status, codes(&run)), (1, vec!["-:2:late-without-reason".into(), "-:2:done-late".into()]));
}

#[test]
fn an_unknown_code_is_a_usage_error_that_names_the_nearest() {
    let folder = settled();
    for option in ["--allow", "--deny"] {
        let run = check(folder.path(), &[option, "overdu", "good.toml"]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains("'overdue'") && run.stderr.contains("late-without-reason"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = settled();
    let report = folder.path().join("report.xml");
    let run = check(folder.path(), &["--format", "junit", "-o", "report.xml", "good.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    let first = fs::read_to_string(&report).unwrap();
    assert_eq!(xml(&first).get("tests"), "1");
    assert_eq!(check(folder.path(), &["--format", "junit", "-o", "report.xml", "good.toml", "nowhere.toml"]).status, 3);
    assert_eq!(fs::read_to_string(&report).unwrap(), first);
}

#[test]
fn against_what_is_no_stored_assessment() {
    let folder = settled();
    let long = format!("{{\"format\": \"{}\"}}", "x".repeat(100_000));
    let cases = [
        ("empty", ""),
        ("list", "[]"),
        ("text", "format = 1"),
        ("cut", "{\"format\": \"breach-assessment/1\""),
        ("other", "{\"format\": \"breach-check/1\", \"findings\": []}"),
        ("bare", "{\"format\": \"breach-assessment/1\"}"),
        ("errors", "{\"input\": \"a\", \"error\": {}, \"errors\": []}"),
        ("escape", "{\"format\": \"\\u001b[2J\"}"),
        ("long", &long),
    ];
    for (name, text) in cases {
        fs::write(folder.path().join(name), text).unwrap();
        let run = check(folder.path(), &["--against", name, "good.toml"]);
        assert_eq!(run.status, 2, "{name}: {}", run.stderr);
        assert!(run.stderr.starts_with(&format!("error: {name} ")) && run.stderr.lines().count() == 1, "{name}: {}", run.stderr);
        assert!(run.stderr.len() < 500 && !run.stderr.contains('\u{1b}'), "{name}: {}", run.stderr);
    }
    assert_eq!(check(folder.path(), &["--against", "nowhere", "good.toml"]).status, 3);
    assert_eq!(check(folder.path(), &["--against", ".", "good.toml"]).status, 3);
}

#[test]
fn of_what_is_not_stored_nothing_is_stale_but_it_is_said() {
    let folder = settled();
    let stored = breach(folder.path(), &["assess", "--format", "jsonl", "--now", NOW, "good.toml", "nowhere.toml"], "").stdout;
    fs::write(folder.path().join("stored"), &stored).unwrap();
    let other = fs::read_to_string(here().join("base.toml")).unwrap().replace("2026-100", "2026-200").replace("Example", "Other");
    fs::write(folder.path().join("other.toml"), other).unwrap();
    // the error of the missing file in the stored ones is passed over
    let run = check(folder.path(), &["--against", "stored", "good.toml", "other.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "checked: 2, errors: 0, warnings: 0, notes: 0\n"));
    assert_eq!(run.stderr, "note: other.toml: stored holds no assessment of this incident\n");
}

// ---- trying to break it

/// Texts that would end, open or colour something, were they let.
const HOSTILE: &str = "%0A::error::x\u{1b}[31m\n::error file=a,line=1::y\r\n##[error]z <![CDATA[ ]]> </testsuites> & \"' \u{202e}\u{fffe}\u{ffff}\u{0}\u{7f}\u{85}\u{2028} {outer} %";

#[test]
fn a_hostile_text_stays_a_text_in_every_form() {
    let folder = TempDir::new().unwrap();
    let mut all = Vec::new();
    for (i, name) in ["one", "two"].iter().enumerate() {
        let mut incident = base();
        incident["id"] = format!("{HOSTILE}{i}").into();
        incident["controller"]["name"] = (*name).into();
        incident["timeline"]["subjects_notified"] = "2027-01-01T00:00:00Z".into();
        lay(&toml::toml! { processors = [{ name = "P", told_us = "2026-11-16T10:19:00+01:00" }] }, &mut incident);
        incident["processors"][0]["name"] = HOSTILE.into();
        all.push(incident);
    }
    all[1].insert("decision".into(), toml::Value::Table(toml::toml! { risk = "risk" why = "x" }));
    let bad = format!("{{\"format\": 1, \"id\": \"1\", {}: 1}}", serde_json::to_string(HOSTILE).unwrap());
    let lines: String = all.iter().map(|i| serde_json::to_string(i).unwrap() + "\n").collect();
    let file = "a,line=9::b%<&'\"\u{1b}[2J\n\u{fffe}.jsonl";
    let shown = "a,line=9::b%<&'\"\u{fffd}[2J \u{fffe}.jsonl";
    fs::write(folder.path().join(file), lines + &bad).unwrap();

    let run = check(folder.path(), &["--format", "json", file]);
    assert_eq!(run.status, 2);
    let found = findings_of(&run);
    assert_eq!(found.iter().filter(|f| f["code"] == "inconsistent").count(), 2);
    assert_eq!(found.iter().filter(|f| f["code"] == "unlinked").count(), 2);
    let expected: Vec<(String, String)> = found.iter().map(|f| (f["level"].as_str().unwrap().into(), f["code"].as_str().unwrap().into())).collect();

    let inert = |text: &str| assert!(!text.contains(|c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2028}'))), "{text:?}");
    let text = check(folder.path(), &["--format", "text", file]);
    inert(&text.stdout);
    inert(&text.stderr);
    assert_eq!(text_codes(&text.stdout), expected);
    let github = check(folder.path(), &["--format", "github", file]);
    inert(&github.stdout);
    assert_eq!(github_codes(&github.stdout), expected);
    for line in github.stdout.lines() {
        let (_, properties, _) = command(line);
        assert_eq!(properties.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["file", "line", "col", "title"]);
        assert_eq!(properties[0].1, shown);
    }
    let junit = check(folder.path(), &["--format", "junit", file]);
    inert(&junit.stdout);
    assert_eq!(junit_codes(&junit.stdout), expected);
    assert_eq!(xml(&junit.stdout).children[0].get("name"), format!("{}:1", shown.replace('\u{fffe}', "\u{fffd}")));
}

/// The findings, whose messages may hold anything.
fn findings_of(run: &Run) -> Vec<Value> {
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    document["findings"].as_array().expect("a list").clone()
}

#[test]
fn colours_are_for_terminals() {
    let folder = settled();
    let late =
        fs::read_to_string(here().join("base.toml")).unwrap().replace("authority_notified = \"2026-11-17", "authority_notified = \"2026-11-20");
    fs::write(folder.path().join("late.toml"), late).unwrap();
    assert!(!check(folder.path(), &["late.toml"]).stdout.contains('\u{1b}'));
    let coloured = check(folder.path(), &["--color", "always", "late.toml"]).stdout;
    assert!(coloured.contains("\u{1b}["));
    for format in ["json", "github", "junit"] {
        assert!(!check(folder.path(), &["--color", "always", "--format", format, "late.toml"]).stdout.contains('\u{1b}'));
    }
}

#[test]
fn two_thousand_files_of_one_cause() {
    let folder = TempDir::new().unwrap();
    let base = fs::read_to_string(here().join("base.toml")).unwrap();
    for i in 0..2000 {
        fs::write(folder.path().join(format!("{i:04}.toml")), base.replace("2026-100", &format!("2026-{i}"))).unwrap();
    }
    let run = check(folder.path(), &["--format", "json", "."]);
    let found = findings(&run);
    assert_eq!((run.status, found.len()), (0, 2000));
    assert!(found.iter().all(|f| f["code"] == "unlinked" && f["message"].as_str().unwrap().len() < 400));
    assert_eq!(found[0]["input"], "./0000.toml");
    assert!(found[0]["message"].as_str().unwrap().contains("2026-1 (./0001.toml), 2026-2 (./0002.toml), 2026-3 (./0003.toml), …"));
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for format in ["text", "json", "github", "junit"] {
        let run = || check(root, &["--format", format, "examples", "tests/bad/several.toml"]);
        let (first, second) = (run(), run());
        assert!(first.stdout.len() > 1000);
        assert_eq!((first.stdout, first.stderr, first.status), (second.stdout, second.stderr, second.status));
    }
}
