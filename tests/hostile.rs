//! Hostile files: as large, as deep and as odd as they can be made, and each answered with an error that says what is wrong, in little memory.
//!
//! What each reader makes of random bytes is for `tests/fuzz.rs`; here are the shapes that cost parsers most.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const MIB: usize = 1024 * 1024;
/// As much as a file may have, less the little that stands around it.
const FULL: usize = 8 * MIB - 1024;
/// What a run may take of memory, in KiB. Whatever it holds besides its input has to fit as well.
const MEMORY: usize = 512 * 1024;
/// Nothing here takes a tenth of it; a run that goes on is one that hangs.
const SECONDS: usize = 120;

const HEAD: &str = "format = 1\nid = \"x\"\n";
const REST: &str = "\n[data.simple]\nitems = [\"email\"]\n[identification]\nlevel = \"limited\"\n[confidentiality]\nloss = \"unknown\"\n[intent]\nmalicious = false\n";

/// The program, with bounds on memory and time.
fn bounded(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {MEMORY} && exec timeout {SECONDS} \"$0\" \"$@\"");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_breach")]).args(args).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    bounded(folder, args).output().expect("a shell")
}

/// What went wrong with a run that should have said no in a few words.
fn objection(output: &Output, code: i32) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let begin: String = said.chars().take(300).collect();
    match output.status.code() {
        Some(124) => Some(format!("goes on for more than {SECONDS} seconds")),
        found if found != Some(code) => Some(format!("exit {found:?}, expected {code}: {begin}")),
        _ if said.contains("panicked") => Some(begin),
        _ if output.stdout.len() + output.stderr.len() > 3 * MIB => {
            Some(format!("{} and {} bytes are said", output.stdout.len(), output.stderr.len()))
        }
        _ => None,
    }
}

/// So many of a piece that the file is full.
fn full(piece: &str) -> String {
    piece.repeat(FULL / piece.len())
}

/// Pieces, each with its number, until the file is full or there are so many.
fn numbered(most: usize, piece: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for n in 0..most {
        all.push_str(&piece(n));
        if all.len() > FULL {
            break;
        }
    }
    all
}

/// Below the number of words and signs at which a file is given up, with eight MiB around them.
const MANY: usize = 190_000;

fn toml(content: &str) -> String {
    format!("{HEAD}{content}")
}

fn in_json(content: &str) -> String {
    format!("{{\"format\": 1, \"id\": \"x\", {content}}}")
}

/// The file, and the code of its first error, or of any of them.
fn files() -> Vec<(&'static str, String, &'static str)> {
    let spaces = " ".repeat(FULL / 2);
    vec![
        // too many of something
        ("keys.toml", toml(&numbered(usize::MAX, |n| format!("k{n}=1\n"))), "too-many"),
        ("keys.json", in_json(&numbered(usize::MAX, |n| format!("\"k{n}\":1,"))), "too-many"),
        ("keys-again.toml", toml(&full("a=1\n")), "too-many"),
        ("keys-again.json", in_json(&full("\"a\":1,")), "too-many"),
        ("tables.toml", toml(&numbered(usize::MAX, |n| format!("[t{n}]\n"))), "too-many"),
        ("lists-of-tables.toml", toml(&full("[[processors]]\n")), "too-many"),
        ("inline.toml", toml(&format!("x={{{}}}", full("a=1,"))), "too-many"),
        ("list.toml", toml(&format!("related=[{}]\n", full("\"a\","))), "too-many"),
        ("list.json", in_json(&format!("\"related\":[{}1]", full("1,"))), "too-many"),
        ("objects.json", in_json(&format!("\"processors\":[{}1]", full("{},"))), "too-many"),
        ("words.toml", toml(&full("a ")), "too-many"),
        ("texts.toml", toml(&full("\"\" ")), "too-many"),
        ("quotes.toml", toml(&full("\"\n")), "too-many"),
        ("brackets.toml", toml(&full("]\n")), "too-many"),
        ("signs.toml", toml(&full("= ")), "too-many"),
        ("returns.toml", format!("{}x", full("\r")), "too-many"),
        ("nothing.toml", full("\0"), "too-many"),
        ("escapes.toml", toml(&format!("title=\"{}\"\n", full("\\q"))), "too-many"),
        ("halves.toml", toml(&format!("title=\"{}\"\n", full("\\ud800"))), "too-many"),
        ("controls.toml", toml(&format!("title=\"{}\"\n", full("\u{1}"))), "too-many"),
        ("control-comment.toml", toml(&format!("# {}\n", full("\u{1}"))), "too-many"),
        ("list-over.toml", toml(&format!("related=[{}]\n{REST}", "\"a\",".repeat(90_000))), "too-many"),
        // as many as are still looked at, each wrong
        ("many-keys.toml", toml(&(numbered(MANY / 3, |n| format!("k{n}=1\n")) + &spaces)), "unknown-key"),
        ("many-keys.json", in_json(&format!("{}{spaces}\"l\":1", numbered(MANY / 4, |n| format!("\"k{n}\":1,")))), "unknown-key"),
        ("many-again.toml", toml(&("format=1\n".repeat(MANY / 3) + &spaces)), "duplicate-key"),
        ("many-again.json", in_json(&format!("{}{spaces}\"l\":1", "\"format\":1,".repeat(MANY / 4))), "duplicate-key"),
        ("many-brackets.toml", toml(&("]\n".repeat(MANY) + &spaces)), "syntax"),
        ("many-signs.toml", toml(&("= \n".repeat(MANY) + &spaces)), "syntax"),
        ("many-parts.toml", toml(&(numbered(MANY / 64, |n| format!("a{n}{}=1\n", ".a".repeat(30))) + &spaces)), "unknown-key"),
        // too deep
        ("deep-lists.toml", toml(&format!("x={}", full("["))), "too-deep"),
        ("deep-lists.json", full("["), "too-deep"),
        ("deep-objects.json", full("{\"a\":"), "too-deep"),
        ("deep-key.toml", toml(&format!("{}a=1\n", full("a."))), "too-deep"),
        ("deep-tables.toml", toml(&full("[a.")), "too-deep"),
        // too long
        ("long-key.toml", toml(&format!("{}=1\n", full("k"))), "unknown-key"),
        ("long-key.json", format!("{{\"{}\":1}}", full("k")), "unknown-key"),
        ("long-accents.toml", toml(&format!("\"{}\"=1\n", full("\u{301}"))), "unknown-key"),
        ("long-word.toml", toml(&format!("[identification]\nlevel=\"{}\"\n", full("z"))), "unknown-value"),
        ("long-item.toml", toml(&format!("[data.simple]\nitems=[\"{}\"]\n", full("z"))), "unknown-item"),
        ("long-time.toml", toml(&format!("[timeline]\naware=\"{}\"\n", full("z"))), "bad-time"),
        ("long-text.toml", toml(&format!("title=\"{}\"\n", full("\u{202e}"))), "too-long"),
        ("long-text.json", in_json(&format!("\"title\":\"{}\"", full("\\u202e"))), "too-long"),
        ("long-lines.toml", format!("{}x", full("\n")), "syntax"),
        ("long-spaces.json", format!("{}x", full(" ")), "syntax"),
        // numbers
        ("number.toml", toml(&format!("[subjects]\ncount={}\n", full("9"))), "out-of-range"),
        ("number.json", in_json(&format!("\"subjects\":{{\"count\":{}}}", full("9"))), "out-of-range"),
        ("fraction.toml", toml(&format!("[subjects]\ncount=0.{}\n", full("9"))), "out-of-range"),
        ("fraction.json", in_json(&format!("\"subjects\":{{\"count\":0.{}}}", full("9"))), "out-of-range"),
        ("power.toml", toml("[availability]\nhours=1e999\n"), "out-of-range"),
        ("power.json", in_json("\"availability\":{\"hours\":1e999999999999999999999}"), "out-of-range"),
        ("minus.toml", toml("[availability]\nhours=-1e999\n"), "out-of-range"),
        ("hex.toml", toml(&format!("[subjects]\ncount=0x{}\n", "f".repeat(4000))), "out-of-range"),
    ]
}

#[test]
fn hostile_incidents_are_refused_in_a_few_words() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    for (name, content, code) in files() {
        fs::write(temp.path().join(name), content).expect("a file");
        let output = run(temp.path(), &["assess", "--no-config", "--format", "json", name]);
        let codes = || -> Vec<String> {
            let result: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            let errors = result["errors"].as_array().cloned().unwrap_or_default();
            errors.iter().map(|e| e["code"].as_str().unwrap_or_default().to_owned()).collect()
        };
        if let Some(said) = objection(&output, 2) {
            wrong.push(format!("{name}: {said}"));
        } else if !codes().iter().any(|c| c == code) {
            let found: std::collections::BTreeSet<String> = codes().into_iter().collect();
            wrong.push(format!("{name}: {found:?}, expected {code}"));
        }
        fs::remove_file(temp.path().join(name)).expect("it is there");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of very many problems the first are told, with how many follow; all places are right.
#[test]
fn of_too_many_problems_the_first_are_told() {
    let temp = tempfile::tempdir().expect("a folder");
    let keys = numbered(5_000, |n| format!("k{n} = 1\n"));
    fs::write(temp.path().join("x.toml"), format!("{HEAD}{keys}{REST}")).expect("a file");
    let output = run(temp.path(), &["assess", "--no-config", "--format", "json", "x.toml"]);
    assert_eq!(objection(&output, 2), None);
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let errors = result["errors"].as_array().expect("a list");
    assert_eq!(errors.len(), 1_001);
    for (n, error) in errors[..1_000].iter().enumerate() {
        assert_eq!((&error["path"], &error["line"], &error["column"]), (&format!("k{n}").into(), &(n + 3).into(), &1.into()));
    }
    let last = &errors[1_000];
    assert_eq!((&last["code"], &last["line"]), (&"too-many".into(), &errors[999]["line"]));
    assert!(last["message"].as_str().is_some_and(|said| said.starts_with("4000 more problems")), "{last}");
}

/// The limits bound nobody who writes an incident: here every list is as long as it may be.
#[test]
fn the_fullest_incident_is_assessed() {
    let texts = |text: &str| format!("[{}]", vec![format!("{text:?}"); 1_000].join(", "));
    let t = texts("a text of some words, with = signs [and] {others}.");
    let tables = |header: &str, keys: &str| format!("[[{header}]]\n{keys}\n").repeat(1_000);
    let told = vec!["{ name = \"x\", country = \"DE\", on = 2026-11-21, why = \"y\" }"; 1_000].join(",\n  ");
    let data = |category: &str, item: &str| format!("[data.{category}]\nitems = {}\nbecause = {}\nwhy = \"y\"\n", texts(item), texts("volume"));
    let text = format!(
        "{HEAD}related = {t}\ndescription = \"{}\"\n[controller]\nacts_for = {t}\njoint_with = {t}\ncountries_concerned = {}\n{}{}\
         [event]\nkind = {}\nmedium = {t}\n[subjects]\ngroups = {t}\n{}{}{}{}[identification]\nlevel = \"limited\"\n\
         [confidentiality]\nloss = \"known-recipients\"\ntrust = {}\n[communication]\nmeans = {t}\n\
         [notification]\nconsequences = {t}\nmeasures_before = {t}\nmeasures_taken = {t}\nmeasures_planned = {t}\nadvice = {t}\n\
         [told]\nauthorities = [{told}]\n[claims]\nreasons = {}\n[reopened]\nbecause = {}\n",
        "ż".repeat(100_000),
        texts("PL"),
        tables("processors", "name = \"x\"\ncountry = \"DE\"\ntold_us = 2026-11-20T16:30:00+01:00\nwhy = \"y\""),
        tables("authority_notices", "sent = 2026-11-21T10:00:00+01:00\nkind = \"initial\"\nreference = \"y\"\ncomplete_by = 2026-11-30\nwhy = \"y\""),
        texts("hacking"),
        data("simple", "email"),
        data("behavioural", "location"),
        data("financial", "income"),
        data("sensitive", "health"),
        texts("contract"),
        texts("few-people"),
        texts("new-facts"),
    );
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("full.toml"), text).expect("a file");
    let output = run(temp.path(), &["assess", "--no-config", "--no-changes", "--format", "json", "--now", "2026-11-22T10:00:00+01:00", "full.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr).chars().take(300).collect::<String>());
}

// ---- tables and settings ----

/// A folder with an incident, and a practice to spoil.
fn folder() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("good.toml"), format!("{HEAD}{REST}")).expect("a file");
    temp
}

const PRACTICE: &str = include_str!("../examples/own-tables/practices/house.toml");

#[test]
fn hostile_tables_and_settings_are_refused_in_a_few_words() {
    let temp = folder();
    let many = 48_000;
    let tables = [
        ("keys.toml", numbered(many / 3, |n| format!("k{n}=1\n")) + PRACTICE),
        ("parts.toml", numbered(many / 64, |n| format!("a{n}{}=1\n", ".a".repeat(30))) + PRACTICE),
        ("rules.toml", format!("{PRACTICE}{}", numbered(many / 14, |n| format!("[[rules]]\nid=\"r{n}\"\n")))),
        ("facts.toml", format!("{PRACTICE}[[rules]]\nid=\"z\"\nwhen=[{}]\n", "{fact=\"subjects.count\",abov=3},".repeat(many / 12))),
        ("full.toml", full("a=1\n")),
        ("deep.toml", full("x=[")),
        ("large.toml", format!("{PRACTICE}# {}", "x".repeat(9 * MIB))),
    ];
    let mut wrong = Vec::new();
    for (name, content) in tables {
        fs::write(temp.path().join(name), content).expect("a file");
        let path = format!("./{name}");
        let runs = [
            (vec!["assess", "--no-config", "--practice", &path, "good.toml"], 2),
            (vec!["assess", "--config", name, "good.toml"], 2),
            (vec!["tables", "check", name], 1),
        ];
        for (args, code) in runs {
            if let Some(said) = objection(&run(temp.path(), &args), code) {
                wrong.push(format!("{name}: {args:?}: {said}"));
            }
        }
    }
    fs::write(temp.path().join("regimes.toml"), format!("regime = [{}]\n", "\"gdpr\",".repeat(1_001))).expect("a file");
    if let Some(said) = objection(&run(temp.path(), &["assess", "--config", "regimes.toml", "good.toml"]), 2) {
        wrong.push(format!("regimes: {said}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A device that never ends is a file that is too large.
#[test]
#[cfg(target_os = "linux")]
fn what_never_ends_is_too_large() {
    let temp = folder();
    for (args, code) in [
        (&["assess", "/dev/zero"][..], 2),
        (&["assess", "--practice", "/dev/zero", "good.toml"], 2),
        (&["assess", "--method", "/dev/zero", "good.toml"], 2),
        (&["assess", "--config", "/dev/zero", "good.toml"], 2),
        (&["tables", "check", "/dev/zero"], 1),
        (&["check", "/dev/zero"], 2),
    ] {
        let output = run(temp.path(), args);
        assert_eq!(objection(&output, code), None, "{args:?}");
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("larger than 8 MiB"), "{args:?}: {}", said.chars().take(300).collect::<String>());
    }
}

/// Standard input is read as it comes; a line without an end is not kept.
#[test]
fn long_lines_are_not_kept() {
    let temp = folder();
    let vector = "ENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0";
    let incident =
        r#"{"format":1,"id":"x","data":{"simple":{"items":["email"]}},"identification":{"level":"limited"},"integrity":{"loss":"unknown"}}"#;
    let lines = |last: &str| {
        let mut all = vec![b'a'; 600 * MIB];
        all.push(b'\n');
        all.extend(last.as_bytes());
        all
    };
    for (args, last, begins) in [
        (&["score", "--format", "jsonl", "-"][..], vector, "{\"input\":\"-:2\",\"score\":3.25"),
        (&["assess", "--no-config", "--format", "jsonl", "--input-format", "jsonl", "-"], incident, "{\"format\":\"breach-assessment/1\""),
    ] {
        let mut child = bounded(temp.path(), args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a shell");
        let mut pipe = child.stdin.take().expect("a pipe");
        let text = lines(last);
        let writer = std::thread::spawn(move || std::io::Write::write_all(&mut pipe, &text));
        let output = child.wait_with_output().expect("it ends");
        let written = writer.join().expect("it writes");
        assert_eq!(objection(&output, 2), None, "{args:?}");
        written.expect("everything was read");
        let results = String::from_utf8_lossy(&output.stdout);
        let results: Vec<&str> = results.lines().collect();
        assert_eq!(results.len(), 2, "{args:?}");
        assert!(results[0].contains("\"code\":\"too-large\"") && results[0].contains("1 MiB"), "{}", results[0]);
        assert!(results[1].starts_with(begins), "{}", results[1]);
    }
}

/// Stored assessments are a file like any other: a large one is read as JSON Lines or not at all.
#[test]
#[cfg(target_os = "linux")]
fn stored_assessments_are_read_within_bounds() {
    let temp = folder();
    let good = run(temp.path(), &["assess", "--no-config", "--format", "jsonl", "--now", "2026-11-22T10:00:00+01:00", "good.toml"]).stdout;
    let file = |name: &str, bytes: &[u8]| fs::write(temp.path().join(name), bytes).expect("a file");
    file("large.json", &good.repeat(9 * MIB / good.len() + 1));
    file("many.jsonl", &good.repeat(64 * MIB / good.len() + 1));
    file("long.jsonl", &[&good[..], format!("{{\"format\":\"{}\"}}\n", "x".repeat(2 * MIB)).as_bytes()].concat());
    file("deep.json", &b"[".repeat(FULL));
    for (name, code, about) in [
        ("/dev/zero", 2, "larger than 8 MiB"),
        ("large.json", 2, "larger than 8 MiB"),
        ("long.jsonl", 2, "long.jsonl:2 is longer than 1 MiB"),
        ("deep.json", 2, "deep.json is no stored assessment"),
        ("many.jsonl", 0, ""),
    ] {
        let output = run(temp.path(), &["check", "--no-config", "--now", "2026-11-22T10:00:00+01:00", "--against", name, "good.toml"]);
        assert_eq!(objection(&output, code), None, "{name}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(about) && said.lines().count() <= 1, "{name}: {}", said.chars().take(300).collect::<String>());
    }
}
