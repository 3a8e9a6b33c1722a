//! Terminal sessions: what a user types, and exactly what comes back on standard output, on standard error and as the exit code.
//!
//! The sessions are files under `tests/cmd`: `*.md` (commands of one topic with their outputs, both streams in one) and `*.toml` (one command, each stream on
//! its own), beside each its `.in` folder. Digests, sentences that the contract leaves open and the version are elided.

use std::fs;
use std::path::{Path, PathBuf};

/// The program under test.
const BREACH: &str = env!("CARGO_BIN_EXE_breach");
/// Where sessions stand, and in which form.
const SESSIONS: [&str; 2] = ["tests/cmd/*/*.md", "tests/cmd/*/*.toml"];
/// What several commands of a folder read.
const SHARED: &str = "inputs";

#[test]
fn sessions() {
    let cases = trycmd::TestCases::new();
    // only this one program: trycmd passes over commands it does not know
    cases.register_bin("breach", Path::new(BREACH)).default_bin_path(BREACH);
    cases.insert_var("[VERSION]", env!("CARGO_PKG_VERSION")).expect("a name in brackets");
    for glob in SESSIONS {
        cases.case(glob);
    }
    cases.run();
}

/// trycmd runs what it finds and compares what it is given; a session out of its sight, or without an expectation, would pass for ever.
#[test]
fn every_session_is_run_and_can_fail() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in entries(Path::new("tests/cmd")) {
        if !folder.is_dir() {
            wrong.push(format!("{}: sessions stand one folder deeper", folder.display()));
            continue;
        }
        for path in entries(&folder) {
            let name = path.display().to_string();
            if path.is_dir() && path.ends_with(SHARED) {
                continue;
            }
            match path.extension().and_then(|e| e.to_str()) {
                Some("toml") => {
                    seen += 1;
                    wrong.extend(what_is_wrong_with_a_command(&path).into_iter().map(|w| format!("{name}: {w}")));
                }
                Some("md") => {
                    let text = fs::read_to_string(&path).expect("a text");
                    let commands: Vec<&str> = text.lines().filter(|l| l.starts_with("$ ")).collect();
                    seen += commands.len();
                    if commands.is_empty() {
                        wrong.push(format!("{name}: no command"));
                    }
                    wrong.extend(commands.iter().filter(|c| !c.starts_with("$ breach ")).map(|c| format!("{name}: `{c}` is passed over")));
                    wrong.extend(
                        text.lines()
                            .filter(|l| l.starts_with("```") && !matches!(*l, "```" | "```console"))
                            .map(|l| format!("{name}: `{l}` is passed over")),
                    );
                }
                Some("in" | "out" | "stdin" | "stdout" | "stderr") => {
                    let parents = ["toml", "md"].map(|e| path.with_extension(e));
                    if !parents.iter().any(|p| p.is_file()) {
                        wrong.push(format!("{name}: belongs to no session"));
                    }
                }
                _ => wrong.push(format!("{name}: no session")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 100, "only {seen} commands");
}

fn what_is_wrong_with_a_command(path: &Path) -> Vec<&'static str> {
    let case: toml::Table = fs::read_to_string(path).expect("a text").parse().expect("TOML");
    let mut wrong = Vec::new();
    if case["bin"]["name"].as_str() != Some("breach") {
        wrong.push("runs something else");
    }
    for stream in ["stdout", "stderr"] {
        if case.contains_key(stream) == path.with_extension(stream).is_file() {
            wrong.push("wants each stream exactly once: in the file or beside it");
        }
    }
    if !matches!(case["status"].as_table().and_then(|s| s.get("code")).and_then(toml::Value::as_integer), Some(0..=3)) {
        wrong.push("wants its exit code as `status.code`");
    }
    wrong
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    entries
}
