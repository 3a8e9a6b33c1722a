//! Completions and manual pages: there for every command and shell, and nothing of the machine in them.

use std::fs;
use std::process::{Command, Stdio};

fn breach(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_breach")).args(args).stdin(Stdio::null()).output().expect("the program starts");
    (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
}

/// The commands that `--help` names.
fn commands() -> Vec<String> {
    let (_, help) = breach(&["--help"]);
    let list = help.split("Commands:\n").nth(1).expect("a list of commands");
    let lines = list.lines().take_while(|l| !l.trim().is_empty());
    let names = lines.filter(|l| l.starts_with("  ") && !l.starts_with("   ")).filter_map(|l| l.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_examples_in_its_help() {
    let commands = commands();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let (status, help) = breach(&[&command, "--help"]);
        assert_eq!(status, Some(0));
        assert!(help.contains("Examples:\n  breach "), "{command}: {help}");
    }
}

#[test]
fn every_shell_completes_commands_and_ids() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (status, text) = breach(&["completions", shell]);
        assert_eq!(status, Some(0), "{shell}");
        // the other two shells' generators complete no values
        let ids: &[&str] = if ["bash", "fish", "zsh"].contains(&shell) { &["enisa-2013", "pl-uodo", "gdpr"] } else { &[] };
        for word in commands().iter().map(String::as_str).chain(ids.iter().copied()) {
            assert!(text.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(breach(&["completions", "csh"]).0, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("man1");
    let (status, said) = breach(&["man", pages.to_str().expect("UTF-8")]);
    assert_eq!((status, said.as_str()), (Some(0), ""));
    let main = fs::read_to_string(pages.join("breach.1")).expect("the main page");
    assert_eq!(breach(&["man"]), (Some(0), main));
    for command in commands() {
        let page = fs::read_to_string(pages.join(format!("breach-{command}.1"))).unwrap_or_else(|e| panic!("{command}: {e}"));
        assert!(page.contains(".SH SYNOPSIS") && page.contains("Examples:"), "{command}");
    }
    fs::write(folder.path().join("file"), "").expect("written");
    assert_eq!(breach(&["man", folder.path().join("file").to_str().expect("UTF-8")]).0, Some(3));
}
