//! The interview, driven whole on a pseudo-terminal: with a step back, an interruption and a resume, and the file as it is written by hand.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

const ENTER: &str = "\r";
const ESC: &str = "\u{1b}";
const TIMEOUT: u64 = 30_000;

/// The file as somebody would write it who knows the format.
const BY_HAND: &str = r#"format      = 1
id          = "2026-014"
title       = "Minutes e-mailed to the wrong client"
description = "A wrong address was picked from the list."

[controller]
name    = "Example Sp. z o.o."
country = "PL"
role    = "controller"
sector  = "general"

[timeline]
occurred = 2026-11-20T14:05:00+01:00
aware    = 2026-11-20T16:40:00+01:00

[event]
kind = ["sent-to-wrong-recipient"]

[subjects]
count      = 12
groups     = ["customers", "suppliers"]
children   = false
vulnerable = false
endangered = false

[data.simple]
items = ["full-name", "email"]

[identification]
level = "maximum"

[confidentiality]
loss               = "known-recipients"
recipient          = "ordinary"
opened             = true
deletion_confirmed = true
further_use        = false
takeover           = false
fraud              = false
repeated           = false

[integrity]
loss = "none"

[availability]
loss = "none"

[intent]
malicious = false

[notification]
measures_taken = ["The recipient was asked to delete it."]

[notification.contact]
name  = "A. B."
email = "dpo@example.org"

[decision]
why = "Few and harmless data, deleted by a known recipient."
"#;

/// Starts `breach` on a terminal of a usual size.
fn terminal(folder: &Path, args: &str) -> PtySession {
    let mut command = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_breach");
    command.arg("-c").arg(format!("stty cols 140 rows 50; exec '{program}' {args}"));
    command.current_dir(folder).env("TERM", "xterm").env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
    spawn_command(command, Some(TIMEOUT)).expect("a terminal")
}

/// A dialogue: each question is waited for before it is answered.
struct Dialogue {
    terminal: PtySession,
    questions: usize,
}

impl Dialogue {
    fn expects(&mut self, text: &str) {
        if let Err(e) = self.terminal.exp_string(text) {
            panic!("«{text}» does not come: {e}");
        }
    }

    fn send(&mut self, keys: &str) {
        self.terminal.send(keys).and_then(|_| self.terminal.flush()).expect("keys are sent");
    }

    /// Waits for a question and types an answer.
    fn types(&mut self, question: &str, answer: &str) {
        self.expects(question);
        self.send(answer);
        self.send(ENTER);
        self.questions += 1;
    }

    /// Waits for a question and picks by a word of it.
    fn picks(&mut self, question: &str, words: &[&str]) {
        self.expects(question);
        for word in words {
            self.send(word);
            // the list has to be down to that word before it is picked
            self.expects(word);
            self.send(" ");
        }
        self.send(ENTER);
        self.questions += 1;
    }

    fn ends(self) -> (i32, String) {
        let Dialogue { mut terminal, .. } = self;
        let rest = terminal.exp_eof().expect("the program ends");
        // the crate does not give the type of a status a name
        let status = format!("{:?}", terminal.process().wait().expect("a status"));
        let code = status.strip_prefix("Exited(").and_then(|s| s.trim_end_matches(')').rsplit_once(", ")?.1.parse().ok());
        (code.unwrap_or_else(|| panic!("{status}")), rest)
    }
}

fn started(folder: &Path, args: &str) -> Dialogue {
    Dialogue { terminal: terminal(folder, args), questions: 0 }
}

#[test]
fn back_interrupted_and_resumed_the_interview_gives_the_file_as_written_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("2026-014.toml");
    let draft = folder.path().join("2026-014.toml.draft");
    let command = "new --no-config --now 2026-11-22T10:00:00+01:00 2026-014.toml";

    let mut first = started(folder.path(), command);
    first.types("Which organisation", "Example Sp. z o.o.");
    first.types("In which country", "de");
    // a step back: the wrong country is asked for again
    first.expects("What is its part");
    first.send(ESC);
    first.types("In which country", "pl");
    first.types("What is its part", "controller");
    first.types("In which sector", "general");
    first.types("What happened, in one line?", "Minutes e-mailed to the wrong client");
    first.picks("What kind of event", &["sent-to-wrong"]);
    first.types("What is known so far", "A wrong address was picked from the list.");
    first.types("When did it happen?", "2026-11-20 14:05");
    first.expects("2026-11-20T14:05:00+01:00");
    // an interruption in the middle of an answer
    first.expects("Since when are you");
    first.send("2026-11");
    first.send("\u{3}");
    first.expects("is kept in 2026-014.toml.draft");
    let mut asked = first.questions - 1;
    assert_eq!(first.ends().0, 2);
    assert!(draft.exists() && !file.exists());

    let mut second = started(folder.path(), command);
    second.expects("holds 8 answers");
    second.send(ENTER);
    second.types("Since when are you", "2026-11-20");
    second.expects("the clock needs the hour");
    second.types("Since when are you", " 16:40");
    second.questions -= 1;
    second.picks("Which data are hit?", &["full-name", "e-mail"]);
    second.expects("supermarket");
    second.types("How much do the data", "");
    second.expects("Whoever sees the data knows at once");
    second.types("How easily", "maximum");
    second.picks("What happened to the data?", &["somebody"]);
    second.types("Who saw them?", "known-recipients");
    second.types("Who is the recipient?", "ordinary");
    second.picks("Which of these hold?", &["read", "returned"]);
    second.types("Did somebody mean it", "no");
    second.types("How many people", "12");
    second.types("Who are they?", "customers; suppliers");
    second.picks("Are there such people", &[]);
    second.types("What has been done", "The recipient was asked to delete it.");
    second.types("Whom may the authority", "A. B.");
    second.types("At which e-mail address?", "dpo@example.org");
    // nobody has to be told, so the reasons are asked for
    second.types("Nobody need be told", "Few and harmless data, deleted by a known recipient.");
    asked += second.questions;
    second.expects("Written: 2026-014.toml");
    let (status, rest) = second.ends();
    assert_eq!(status, 0, "{rest}");
    assert!(rest.contains("Severity"), "the assessment is printed: {rest}");
    assert!(asked <= 25, "{asked} questions for a simple mis-sent e-mail");
    assert_eq!(fs::read_to_string(&file).expect("the file"), BY_HAND);
    assert!(!draft.exists());
}

#[test]
fn a_file_that_is_there_is_refused_before_anything_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("x.toml"), "mine").expect("written");
    let (status, said) = started(folder.path(), "new --no-config x.toml").ends();
    assert_eq!(status, 2);
    assert!(said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("x.toml")).expect("the file"), "mine");
}

#[test]
fn a_folder_that_is_not_there_is_told_before_anything_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let (status, said) = started(folder.path(), "new --no-config nowhere/x.toml").ends();
    assert_eq!(status, 3);
    assert!(said.contains("cannot write nowhere/x.toml") && !said.contains("Question"), "{said}");
}
