//! Batches: many inputs on many threads give what each gives alone, in the order of the inputs, whatever is wrong with some of them.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

#[allow(dead_code)]
#[path = "../benches/incidents.rs"]
mod incidents;

const COUNT: u64 = 400;

fn breach(folder: &Path, args: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breach"));
    command.args(["assess", "--now", "2026-11-22T10:00:00+01:00"]).args(args).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[impl AsRef<OsStr>]) -> Output {
    breach(folder, args).output().expect("the program starts")
}

/// Lines of which some are blank, some no incidents, one too long and one no text.
fn lines() -> Vec<u8> {
    let mut all = Vec::new();
    for number in 1..=COUNT {
        match number {
            17 => all.extend(b"\n  \n"),
            70 | 71 | 200 => all.extend(b"{\"format\": 1, \"id\": \"x\", \"idd\": 2}\n"),
            130 => all.extend(b"{\"format\": 1,\n"),
            131 => all.extend(b"\xff\xfe\n"),
            260 => all.extend(format!("{{\"id\": \"{}\"}}\n", "x".repeat(1 << 20)).bytes()),
            _ => all.extend(format!("{}\n", incidents::incident(number)).bytes()),
        }
    }
    all
}

#[test]
fn the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("all.jsonl"), lines()).expect("written");
    for format in ["jsonl", "json", "csv", "text", "markdown", "html"] {
        let on = |threads: &str| run(folder.path(), &["--format", format, "--no-changes", "-j", threads, "all.jsonl", "missing.toml"]);
        let alone = on("1");
        assert_eq!(alone.status.code(), Some(3), "{format}");
        assert!(alone.stdout.len() > 50_000, "{format}");
        for threads in ["2", "7"] {
            let many = on(threads);
            assert_eq!(many.status, alone.status, "{format} {threads}");
            assert!(many.stdout == alone.stdout && many.stderr == alone.stderr, "{format} {threads}");
        }
    }
}

#[test]
fn every_line_has_its_one_result_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("all.jsonl"), lines()).expect("written");
    let output = run(folder.path(), &["--format", "jsonl", "--no-changes", "-j", "3", "all.jsonl"]);
    let results: Vec<Value> =
        output.stdout.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).expect("JSON")).collect();
    // line 17 became two blank ones
    let wanted = (1..=COUNT + 1).filter(|n| *n != 17 && *n != 18).map(|n| format!("all.jsonl:{n}"));
    assert!(results.iter().map(|r| r["input"].as_str().unwrap_or_default()).eq(wanted));
    let bad: Vec<u64> = results.iter().filter_map(|r| r["error"]["line"].as_u64()).collect();
    assert_eq!(bad, [71, 72, 131, 132, 201, 261]);
    assert!(output.stderr.is_empty());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_line_of_many_gives_what_it_gives_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let some: Vec<String> = (1..=150).map(|n| format!("{}\n", incidents::incident(n))).collect();
    fs::write(folder.path().join("all.jsonl"), some.concat()).expect("written");
    let all = run(folder.path(), &["--format", "jsonl", "-j", "2", "all.jsonl"]);
    let results: Vec<&[u8]> = all.stdout.split(|b| *b == b'\n').collect();
    for n in [0, 1, 63, 64, 65, 149] {
        // without its newline, as the digest is taken
        fs::write(folder.path().join("one.json"), some[n].trim_end()).expect("written");
        let one = run(folder.path(), &["--format", "jsonl", "one.json"]);
        let wanted = String::from_utf8(one.stdout).expect("text").replace("\"input\":\"one.json\"", &format!("\"input\":\"all.jsonl:{}\"", n + 1));
        assert_eq!(String::from_utf8_lossy(results[n]) + "\n", wanted);
    }
}

#[test]
fn a_folder_of_files_and_what_is_none_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("in");
    fs::create_dir(&inner).expect("made");
    for number in 1..=200 {
        let text = match number {
            40 => "colour = \"red\"\n".to_owned(),
            41 | 150 => "format = 1\nidd = 3\n".to_owned(),
            _ => toml::to_string(&incidents::incident(number)).expect("TOML"),
        };
        fs::write(inner.join(format!("{number:04}.toml")), text).expect("written");
    }
    let on = |threads: &str| run(folder.path(), &["--format", "jsonl", "--no-changes", "-j", threads, "in"]);
    let (one, three) = (on("1"), on("3"));
    assert!(one.stdout == three.stdout && one.stderr == three.stderr && one.status == three.status);
    assert_eq!(String::from_utf8_lossy(&one.stderr), "note: in/0040.toml skipped: it has no `format`, so it is no incident\n");
    assert_eq!(one.stdout.iter().filter(|b| **b == b'\n').count(), 199);
    assert_eq!(one.status.code(), Some(2));
}

#[test]
fn a_broken_table_ends_the_batch_where_it_is_met() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("all.jsonl"), (1..=300).map(|n| format!("{}\n", incidents::incident(n))).collect::<String>()).expect("written");
    fs::create_dir_all(folder.path().join("own/countries")).expect("made");
    fs::write(folder.path().join("own/countries/fi.toml"), "schema = 1\n").expect("written");
    let on = |threads: &str| run(folder.path(), &["--format", "jsonl", "--no-changes", "--data", "own", "-j", threads, "all.jsonl"]);
    let (one, three) = (on("1"), on("3"));
    assert_eq!(one.status.code(), Some(2));
    assert!(one.stdout == three.stdout && one.stderr == three.stderr && one.status == three.status);
    let first = (1..).find(|n| incidents::incident(*n)["controller"]["country"] == "FI").expect("one");
    assert_eq!(one.stdout.iter().filter(|b| **b == b'\n').count() as u64, first - 1);
}

#[test]
fn a_file_is_whole_or_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("all.jsonl"), lines()).expect("written");
    let (old, new) = (folder.path().join("old.jsonl"), folder.path().join("new.jsonl"));
    fs::write(&old, "old\n").expect("written");
    let failed = run(folder.path(), &["--format", "jsonl", "--no-changes", "-j", "3", "-o", "old.jsonl", "all.jsonl", "missing.toml"]);
    assert_eq!(failed.status.code(), Some(3));
    assert_eq!(fs::read_to_string(&old).expect("there"), "old\n");
    let done = run(folder.path(), &["--format", "jsonl", "--no-changes", "-j", "3", "-o", "new.jsonl", "all.jsonl"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(fs::read(&new).expect("there") == run(folder.path(), &["--format", "jsonl", "--no-changes", "-j", "1", "all.jsonl"]).stdout);
}

#[test]
fn a_closed_pipe_ends_a_batch_quietly() {
    let folder = tempfile::tempdir().expect("a folder");
    let some: String = (1..=2000).map(|n| format!("{}\n", incidents::incident(n))).collect();
    fs::write(folder.path().join("all.jsonl"), some).expect("written");
    let mut command = breach(folder.path(), &["--format", "jsonl", "--no-changes", "-j", "3", "all.jsonl"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut pipe = child.stdout.take().expect("a pipe");
    pipe.read_exact(&mut [0; 100]).expect("there is more than that");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr)), (Some(0), "".into()));
}

/// What is written must not be read again: it would never end.
#[test]
fn results_are_no_inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("in.jsonl"), lines()).expect("written");
    let results = folder.path().join("results.jsonl");
    let options = ["--no-config", "--format", "jsonl"];
    let whole = run(folder.path(), &[&options[..], &["in.jsonl"]].concat()).stdout;
    let to_file = |options: &[&str], append: bool| {
        let file = fs::OpenOptions::new().create(true).write(true).append(append).truncate(!append).open(&results).expect("opened");
        breach(folder.path(), options).stdout(file).output().expect("it starts")
    };
    // named, it is refused and stays as it is
    let named = [&options[..], &["in.jsonl", "results.jsonl"]].concat();
    fs::write(&results, &whole).expect("written");
    let output = to_file(&named, true);
    assert_eq!((output.status.code(), fs::read(&results).expect("there").len()), (Some(2), whole.len()));
    assert!(String::from_utf8_lossy(&output.stderr).contains("results.jsonl is an input, and the results go to it"));
    let again = fs::File::open(&results).expect("there");
    let file = fs::OpenOptions::new().append(true).open(&results).expect("opened");
    let output = breach(folder.path(), &options).stdin(again).stdout(file).output().expect("it starts");
    assert_eq!((output.status.code(), fs::read(&results).expect("there").len()), (Some(2), whole.len()));
    // found in a folder, it is passed over, whether the results go to standard output or to a file that was asked for
    let count = |bytes: &[u8]| bytes.iter().filter(|b| **b == b'\n').count();
    assert_eq!(to_file(&[&options[..], &["."]].concat(), false).status.code(), Some(2), "one line is none");
    assert_eq!(count(&fs::read(&results).expect("there")), count(&whole));
    run(folder.path(), &[&options[..], &["-o", "results.jsonl", "."]].concat());
    assert_eq!(count(&fs::read(&results).expect("there")), count(&whole));
}

/// What is wrong with a long line is told with its place in the file and in the line, though only a piece of it is shown.
#[test]
fn the_places_of_long_lines_are_those_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = "{\"format\":1}\n";
    let long = format!("{{\"title\":\"{}\",\"nothing\":1,\"format\":1}}\n", "x".repeat(500));
    let column = long.find("\"nothing\"").expect("there") + 1;
    let too_long = format!("{{\"title\":\"{}\"}}\n", "x".repeat(1024 * 1024));
    fs::write(folder.path().join("in.jsonl"), [good, &long, &too_long].concat()).expect("written");
    let output = run(folder.path(), &["--no-config", "in.jsonl"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&format!("in.jsonl:2:{column}\n")), "{said}");
    assert!(said.contains("in.jsonl:3:1\n"), "{said}");
    let output = run(folder.path(), &["--no-config", "--format", "jsonl", "in.jsonl"]);
    let last: serde_json::Value = serde_json::from_slice(output.stdout.split(|b| *b == b'\n').nth(2).expect("a line")).expect("JSON");
    assert_eq!((&last["error"]["code"], &last["error"]["line"]), (&"too-large".into(), &3.into()));
}
