//! What the runners about the register share: the program in a folder of its own, and incidents to enter.
#![allow(dead_code, reason = "each runner uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

pub const NOW: &str = "2026-11-22T10:00:00+01:00";
pub const REGISTER: &str = "register.jsonl";

/// A folder with incidents `a.json`, `b.json`, `c.json` and `none.json`, which is no breach.
pub struct Desk(pub TempDir);

/// An incident that the authority must be told of.
pub fn incident(id: &str) -> Value {
    json!({
        "format": 1, "id": id, "title": "A title",
        "controller": {"name": "Example Sp. z o.o.", "country": "PL"},
        "timeline": {"aware": "2026-11-20T16:40:00+01:00"},
        "data": {"simple": {"items": ["full-name", "email"]}},
        "identification": {"level": "maximum"},
        "confidentiality": {"loss": "known-recipients"},
        "intent": {"malicious": false}
    })
}

/// Something that was found not to be a breach.
pub fn no_breach(id: &str) -> Value {
    json!({
        "format": 1, "id": id, "title": "False alarm",
        "confidentiality": {"loss": "none"}, "integrity": {"loss": "none"}, "availability": {"loss": "none"},
        "decision": {"why": "The parcel was found unopened in our own store.", "by": "management"}
    })
}

impl Desk {
    pub fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().expect("a folder"));
        for id in ["a", "b", "c"] {
            desk.write(&format!("{id}.json"), &incident(id));
        }
        desk.write("none.json", &no_breach("none"));
        desk
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn register(&self) -> PathBuf {
        self.path().join(REGISTER)
    }

    pub fn bytes(&self) -> Vec<u8> {
        fs::read(self.register()).expect("a register")
    }

    pub fn write(&self, name: &str, value: &Value) {
        fs::write(self.path().join(name), value.to_string()).expect("a file");
    }

    /// `breach register …` in the folder, its environment emptied.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breach"));
        command.arg("register").args(args).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program starts")
    }

    /// The same, which must end so; what it printed.
    #[track_caller]
    pub fn ends(&self, code: i32, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let (out, err) = texts(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {out}{err}");
        assert!(!err.contains("panicked"), "{err}");
        (out, err)
    }

    /// Enters a file; the head that was printed.
    #[track_caller]
    pub fn add(&self, file: &str) -> String {
        let (out, _) = self.ends(0, &["add", "--now", NOW, file]);
        head(&out)
    }

    /// Three entries, and the heads after each.
    pub fn three(&self) -> [String; 3] {
        ["a.json", "b.json", "c.json"].map(|file| self.add(file))
    }
}

pub fn texts(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The head at the end of a line.
#[track_caller]
pub fn head(out: &str) -> String {
    let head = out.trim_end().rsplit("head: ").next().unwrap_or_default().to_owned();
    assert_eq!(head.len(), 64, "{out:?}");
    head
}

/// The lines of a register, each with its newline.
pub fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}
