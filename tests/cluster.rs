//! The batch under other engines, where they are present: the same lines as without them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

#[allow(dead_code)]
#[path = "../benches/incidents.rs"]
mod incidents;

const BREACH: &str = env!("CARGO_BIN_EXE_breach");
const OPTIONS: [&str; 4] = ["--practice", "edpb", "--now", "2026-11-22T10:00:00+01:00"];

fn lines() -> String {
    // one that is no incident among them
    (1..=500).map(|n| if n == 250 { "{\"format\": 1}\n".to_owned() } else { format!("{}\n", incidents::incident(n)) }).collect()
}

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/cluster").join(name).display().to_string()
}

/// Whether an engine is there; where it is not, the test has nothing to say.
#[allow(clippy::print_stderr)]
fn is_there(command: &mut Command) -> bool {
    let there = command.output().is_ok_and(|o| o.status.success());
    if !there {
        eprintln!("skipped: {:?} is not there", command.get_program());
    }
    there
}

/// The results without the numbers of the lines, which are counted anew in each part.
fn results(written: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(written).expect("text");
    let read = |line: &str| {
        let mut value: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"));
        value.as_object_mut().expect("an object").remove("input");
        for place in ["/error/line", "/errors/0/line", "/errors/1/line", "/errors/2/line", "/errors/3/line", "/errors/4/line"] {
            if let Some(line) = value.pointer_mut(place) {
                *line = Value::Null;
            }
        }
        value
    };
    text.lines().map(read).collect()
}

fn alone(file: &Path) -> Vec<Value> {
    let output = Command::new(BREACH).args(["assess", "--no-config", "--format", "jsonl"]).args(OPTIONS).arg(file).output().expect("it starts");
    results(&output.stdout)
}

fn checked(output: Output) -> Output {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn under_gnu_parallel() {
    // another program of that name takes other options
    if !is_there(Command::new("parallel").args(["--version"])) || !is_there(Command::new("bash").args(["-c", "parallel --version | grep -q GNU"])) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("in.jsonl");
    fs::write(&file, lines()).expect("written");
    let parallel = |options: &[&str]| {
        let mut command = Command::new("bash");
        command.arg(example("parallel.sh")).arg(&file).args(options).env("BREACH", BREACH).env("BLOCK", "50k");
        command.output().expect("it starts")
    };
    let output = parallel(&OPTIONS);
    // one block has a line that is no incident
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(results(&output.stdout), alone(&file));
    let output = parallel(&["--practice", "nowhere"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[test]
fn under_spark() {
    if !is_there(Command::new("python3").args(["-c", "import pyspark"])) || !is_there(Command::new("java").args(["-version"])) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (file, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    fs::write(&file, lines()).expect("written");
    let spark = |out: &Path, options: &[&str]| {
        let mut command = Command::new("python3");
        command.arg(example("spark.py")).arg(&file).arg(out).args(options).env("BREACH", BREACH).env("SPARK_LOCAL_IP", "127.0.0.1");
        command.current_dir(folder.path()).output().expect("it starts")
    };
    assert!(!spark(&folder.path().join("none"), &["--practice", "nowhere"]).status.success());
    checked(spark(&out, &OPTIONS));
    let mut parts: Vec<_> = fs::read_dir(&out).expect("there").map(|e| e.expect("an entry").path()).collect();
    parts.retain(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("part-")));
    parts.sort();
    assert!(parts.len() > 1);
    let all: Vec<u8> = parts.iter().flat_map(|part| fs::read(part).expect("readable")).collect();
    assert_eq!(results(&all), alone(&file));
}
