//! Streams and files at their edges: pipes that close, disks that are full, odd names, the environment, hostile text.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const NOW: &str = "2026-11-22T10:00:00+01:00";
const VECTOR: &str = "ENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0";

/// The program, in a folder, its environment emptied.
fn breach(folder: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breach"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// `breach assess` as most tests want it, whatever settings lie in a folder above.
fn assess(folder: &Path, more: &[&str]) -> Command {
    breach(folder, ["assess", "--no-config", "--practice", "plain", "--now", NOW].iter().chain(more))
}

fn run(mut command: Command) -> Output {
    command.output().expect("the program starts")
}

#[track_caller]
fn ended(output: &Output, code: i32) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "standard error: {said}");
    assert!(!said.contains("panicked"), "{said}");
}

/// One short sentence for a person: `error: …`, on one line.
#[track_caller]
fn said_in_a_sentence(output: &Output, about: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("error: ") && said.trim_end().lines().count() == 1 && said.contains(about), "{said:?}");
}

fn incident() -> Value {
    json!({
        "format": 1, "id": "x", "title": "A title",
        "controller": {"name": "Example Sp. z o.o.", "country": "PL"},
        "timeline": {"aware": "2026-11-20T16:40:00+01:00"},
        "data": {"financial": {"items": ["income"]}},
        "identification": {"level": "maximum"},
        "confidentiality": {"loss": "known-recipients"},
        "intent": {"malicious": false}
    })
}

/// A folder with `good.json`, `bad.json` and `old.txt`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("good.json"), incident().to_string()).expect("a file");
    fs::write(folder.path().join("bad.json"), r#"{"format": 1}"#).expect("a file");
    fs::write(folder.path().join("old.txt"), "the old file\n").expect("a file");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

// ---------------------------------------------------------------------------------------------------------------------------------- pipes

/// Starts the program, reads the first `bytes` of its results and closes the pipe.
fn closed_after(mut command: Command, bytes: usize) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut pipe = child.stdout.take().expect("a pipe");
    let mut read = vec![0; bytes];
    pipe.read_exact(&mut read).expect("there is more than that");
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_closed_pipe_ends_assess_quietly() {
    let folder = folder();
    // far more than any pipe holds
    let lines = format!("{}\n", incident()).repeat(400);
    fs::write(folder.path().join("many.jsonl"), lines).expect("a file");
    for format in ["text", "json", "jsonl"] {
        // met, yet nobody listens any more
        let ended_early =
            closed_after(assess(folder.path(), &["--no-changes", "--fail-on", "notify-authority", "--format", format, "many.jsonl"]), 1000);
        ended(&ended_early, 0);
        assert!(ended_early.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&ended_early.stderr));
    }
}

#[test]
fn a_closed_pipe_ends_score_quietly() {
    let folder = folder();
    fs::write(folder.path().join("vectors.txt"), format!("{VECTOR}\n").repeat(20_000)).expect("a file");
    for format in ["text", "json", "jsonl"] {
        let mut command = breach(folder.path(), ["score", "--format", format]);
        command.stdin(File::open(folder.path().join("vectors.txt")).expect("a file"));
        let ended_early = closed_after(command, 1000);
        ended(&ended_early, 0);
        assert!(ended_early.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&ended_early.stderr));
    }
}

#[test]
fn help_into_a_closed_pipe_is_quiet() {
    let folder = folder();
    for args in [vec!["--help"], vec!["assess", "--help"], vec!["--version"]] {
        let output = closed_after(breach(folder.path(), args), 0);
        ended(&output, 0);
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn closed_standard_error_changes_nothing() {
    let folder = folder();
    let mut child = assess(folder.path(), &["--format", "json", "bad.json", "good.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stderr.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let results: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout).into_iter().collect::<Result<_, _>>().expect("JSON");
    assert_eq!(results.len(), 2);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_the_machines_fault() {
    let folder = folder();
    let full = || File::options().write(true).open("/dev/full").expect("Linux has one");
    for args in [
        vec!["assess", "--now", NOW, "good.json"],
        vec!["assess", "--now", NOW, "--format", "json", "good.json"],
        vec!["assess", "--now", NOW, "--format", "jsonl", "good.json"],
        vec!["score", VECTOR],
        vec!["score", "--format", "json", VECTOR],
        vec!["assess", "--help"],
    ] {
        let mut command = breach(folder.path(), &args);
        command.stdout(full());
        let output = run(command);
        ended(&output, 3);
        said_in_a_sentence(&output, "No space left on device");
    }
    // and where a result is bad besides, the machine's fault is the higher one
    let mut command = assess(folder.path(), &["--format", "jsonl", "bad.json"]);
    command.stdout(full());
    ended(&run(command), 3);
}

/// Every command that prints: whoever reads may go, and the disk may be full.
const PRINTING: &[&[&str]] = &[
    &["assess", "--now", NOW, "good.json"],
    &["assess", "--now", NOW, "--format", "markdown", "good.json"],
    &["assess", "--now", NOW, "--format", "html", "good.json"],
    &["assess", "--now", NOW, "--format", "csv", "good.json"],
    &["check", "--now", NOW, "good.json"],
    &["check", "--now", NOW, "--format", "json", "good.json"],
    &["check", "--now", NOW, "--format", "github", "bad.json"],
    &["check", "--now", NOW, "--format", "junit", "good.json"],
    &["score", VECTOR],
    &["new", "--template"],
    &["explain"],
    &["explain", "rules"],
    &["explain", "config"],
    &["tables", "list"],
    &["tables", "show", "edpb"],
    &["tables", "check", "own.toml"],
    &["tables", "diff", "edpb", "pl-uodo"],
    &["schema", "incident"],
    &["completions", "bash"],
    &["man"],
    &["help"],
    &["tables", "--help"],
];

#[test]
#[cfg(target_os = "linux")]
fn every_command_ends_quietly_in_a_closed_pipe_and_with_3_on_a_full_disk() {
    let folder = folder();
    fs::write(folder.path().join("own.toml"), "id = \"x\"\n[[rules]]\n").expect("a file");
    for args in PRINTING {
        let mut command = breach(folder.path(), *args);
        command.stdout(File::options().write(true).open("/dev/full").expect("Linux has one"));
        let output = run(command);
        ended(&output, 3);
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        assert!(last.starts_with("error: cannot write to standard output: No space left"), "{args:?}: {said}");

        // nobody listens from the beginning
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = breach(folder.path(), *args);
        command.stdout(writer);
        let output = run(command);
        ended(&output, 0);
        assert!(!String::from_utf8_lossy(&output.stderr).contains("cannot write"), "{args:?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------------------- -o

#[test]
fn a_missing_folder_cannot_be_written_to() {
    let folder = folder();
    let before = names(folder.path());
    for command in [assess(folder.path(), &["-o", "nowhere/out.txt", "good.json"]), breach(folder.path(), ["score", "-o", "nowhere/out.txt", VECTOR])]
    {
        let output = run(command);
        ended(&output, 3);
        // the name that was given, and no other: the temporary one is nobody's business and differs from run to run
        said_in_a_sentence(&output, "nowhere/out.txt");
        assert!(!String::from_utf8_lossy(&output.stderr).contains(".breach"), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(names(folder.path()), before);
    }
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    fs::write(locked.join("old.txt"), "the old file\n").expect("a file");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("rights");
    for target in ["locked/new.txt", "locked/old.txt"] {
        let output = run(bound_by_rights(folder.path(), &["-o", target, "good.json"]));
        ended(&output, 3);
        said_in_a_sentence(&output, target);
        assert_eq!(names(&locked), ["old.txt"]);
        assert_eq!(fs::read_to_string(locked.join("old.txt")).expect("a file"), "the old file\n");
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("rights");
}

#[test]
fn a_folder_is_no_file_to_write() {
    let folder = folder();
    fs::create_dir(folder.path().join("results")).expect("a folder");
    let before = names(folder.path());
    for target in ["results", "results/", "."] {
        let output = run(assess(folder.path(), &["-o", target, "good.json"]));
        ended(&output, 3);
        said_in_a_sentence(&output, "cannot write");
        assert_eq!(names(folder.path()), before);
        assert!(names(&folder.path().join("results")).is_empty());
    }
}

#[test]
fn nothing_is_left_behind_and_the_old_file_stays() {
    let folder = folder();
    let before = names(folder.path());
    for (inputs, code) in [(&["bad.json"][..], 2), (&["good.json", "missing.json"], 3), (&["missing.json", "good.json"], 3), (&["missing.jsonl"], 3)]
    {
        for format in ["text", "json", "jsonl"] {
            let output = run(assess(folder.path(), &[&["--format", format, "-o", "old.txt"], inputs].concat()));
            ended(&output, code);
            assert!(output.stdout.is_empty());
            assert_eq!(names(folder.path()), before);
            assert_eq!(fs::read_to_string(folder.path().join("old.txt")).expect("a file"), "the old file\n");
        }
    }
}

#[test]
fn a_file_gets_what_standard_output_would() {
    let folder = folder();
    for format in ["text", "json", "jsonl"] {
        let options = ["--format", format, "--fail-on", "notify-authority", "good.json", "bad.json"];
        let printed = run(assess(folder.path(), &options));
        let written = run(assess(folder.path(), &[&options[..], &["-o", "out.txt"]].concat()));
        ended(&printed, 2);
        ended(&written, 2);
        assert!(written.stdout.is_empty());
        assert_eq!(String::from_utf8_lossy(&written.stderr), String::from_utf8_lossy(&printed.stderr));
        assert_eq!(fs::read(folder.path().join("out.txt")).expect("a file"), printed.stdout);
    }
}

#[test]
#[cfg(unix)]
fn a_link_is_written_through() {
    let folder = folder();
    std::os::unix::fs::symlink("old.txt", folder.path().join("link.txt")).expect("a link");
    ended(&run(assess(folder.path(), &["-o", "link.txt", "good.json"])), 0);
    assert!(folder.path().join("link.txt").is_symlink(), "the link was replaced");
    assert!(fs::read_to_string(folder.path().join("old.txt")).expect("a file").contains("A title"));
}

/// A link that leads to what is not there makes it, however many links there are on the way; a circle leads nowhere.
#[test]
#[cfg(unix)]
fn links_are_followed_to_their_end() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("inner")).expect("a folder");
    for (name, to) in [("first.txt", "inner/second.txt"), ("inner/second.txt", "../third.txt"), ("third.txt", "new.txt"), ("a", "b"), ("b", "a")] {
        symlink(to, path(name)).expect("a link");
    }
    ended(&run(assess(folder.path(), &["-o", "first.txt", "good.json"])), 0);
    assert!(fs::read_to_string(path("new.txt")).expect("a file").contains("A title"));
    for command in [assess(folder.path(), &["-o", "a", "good.json"]), breach(folder.path(), ["schema", "incident", "-o", "a"])] {
        let output = run(command);
        ended(&output, 3);
        said_in_a_sentence(&output, "cannot write a: too many links");
    }
    for link in ["first.txt", "inner/second.txt", "third.txt", "a", "b"] {
        assert!(path(link).is_symlink(), "{link} was replaced");
    }
}

/// Incidents are nobody else's business where the user has said so; a file that is replaced keeps the rights it had.
#[test]
#[cfg(unix)]
fn a_new_file_has_the_rights_that_the_user_sets() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).expect("a file").permissions().mode() & 0o777;
    fs::set_permissions(folder.path().join("old.txt"), fs::Permissions::from_mode(0o640)).expect("rights");
    for (mask, target, rights) in [("077", "private.txt", 0o600), ("022", "public.txt", 0o644), ("077", "old.txt", 0o640)] {
        let script = format!("umask {mask} && exec \"$0\" assess --no-config --now {NOW} -o {target} good.json");
        let status = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_breach")]).current_dir(folder.path()).status();
        assert!(status.expect("a shell").success());
        assert_eq!(mode(target), rights, "{target} under umask {mask}: {:o}", mode(target));
    }
}

/// What is no file, a device or a named pipe, is written to and never replaced.
#[test]
#[cfg(target_os = "linux")]
fn a_named_pipe_is_written_to() {
    use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
    const NONBLOCK: i32 = 0o4000;
    let folder = folder();
    let path = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().expect("coreutils").success());
    let mut pipe = File::options().read(true).write(true).custom_flags(NONBLOCK).open(&path).expect("a pipe");
    ended(&run(assess(folder.path(), &["--no-changes", "-o", "pipe", "good.json"])), 0);
    assert!(fs::symlink_metadata(&path).expect("still there").file_type().is_fifo(), "the pipe was replaced by a file");
    let mut read = vec![0; 65536];
    let n = pipe.read(&mut read).expect("something in it");
    assert!(String::from_utf8_lossy(&read[..n]).contains("A title"));
    assert_eq!(names(folder.path()), ["bad.json", "good.json", "old.txt", "pipe"]);
}

// ---------------------------------------------------------------------------------------------------------------------------------- names

/// `breach assess` by somebody whom the rights of files bind, which they do not the superuser.
#[cfg(unix)]
fn bound_by_rights(folder: &Path, more: &[&str]) -> Command {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let plain = assess(folder, more);
    let probe = tempfile::NamedTempFile::new().expect("a file");
    if probe.as_file().metadata().expect("its rights").uid() != 0 {
        return plain;
    }
    // nobody else may reach the folder of the build; copied by another process, since a file that some thread's child still holds open does not start
    let program = folder.join(".breach-for-nobody");
    assert!(Command::new("cp").arg(plain.get_program()).arg(&program).status().expect("coreutils").success());
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("rights");
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program).args(plain.get_args());
    command.current_dir(folder).stdin(Stdio::null());
    command
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read_does_not_stop_the_rest() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let all = folder.path().join("all");
    for inner in ["a", "locked"] {
        fs::create_dir_all(all.join(inner)).expect("a folder");
    }
    for name in ["a/first.json", "locked/unseen.json", "unreadable.json", "z.json"] {
        fs::copy(folder.path().join("good.json"), all.join(name)).expect("a file");
    }
    let lock = |mode: u32| {
        for name in ["locked", "unreadable.json"] {
            fs::set_permissions(all.join(name), fs::Permissions::from_mode(mode)).expect("rights");
        }
    };
    lock(0);
    let output = run(bound_by_rights(folder.path(), &["--format", "jsonl", "all"]));
    lock(0o755);
    ended(&output, 3);
    let results: Vec<Value> = String::from_utf8_lossy(&output.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let seen: Vec<(&str, Option<&str>)> = results.iter().map(|r| (r["input"].as_str().expect("a name"), r["error"]["code"].as_str())).collect();
    let wanted = [("all/a/first.json", None), ("all/locked", Some("unreadable")), ("all/unreadable.json", Some("unreadable")), ("all/z.json", None)];
    assert_eq!(seen, wanted);
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_no_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let odd = OsStr::from_bytes(b"caf\xe9.json");
    fs::create_dir(folder.path().join("odd")).expect("a folder");
    fs::copy(folder.path().join("good.json"), folder.path().join("odd").join(odd)).expect("a file");
    fs::copy(folder.path().join("bad.json"), folder.path().join("odd").join(OsStr::from_bytes(b"\xff.json"))).expect("a file");
    for (inputs, wanted) in [
        (vec![Path::new("odd").join(odd)], vec![("odd/caf\u{fffd}.json", true)]),
        (vec!["odd".into()], vec![("odd/caf\u{fffd}.json", true), ("odd/\u{fffd}.json", false)]),
    ] {
        let mut command = assess(folder.path(), &["--format", "jsonl"]);
        command.args(inputs);
        let output = run(command);
        ended(&output, if wanted.len() == 1 { 0 } else { 2 });
        let results: Vec<Value> =
            output.stdout.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).expect("JSON")).collect();
        let seen: Vec<(&str, bool)> = results.iter().map(|r| (r["input"].as_str().expect("a name"), r["error"].is_null())).collect();
        assert_eq!(seen, wanted);
    }
    let mut command = assess(folder.path(), &["-o"]);
    command.args([odd, OsStr::new("good.json")]);
    ended(&run(command), 0);
    assert!(folder.path().join(odd).is_file());
}

#[test]
#[cfg(unix)]
fn an_argument_that_is_no_utf_8_is_no_vector() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let output = run(breach(folder.path(), [OsStr::new("score"), OsStr::from_bytes(b"ENISA:2013/DPC:\xff")]));
    ended(&output, 2);
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}

#[test]
#[cfg(unix)]
fn a_link_to_nowhere_is_a_missing_file() {
    let folder = folder();
    for (name, to) in [("broken.json", "nowhere.json"), ("loop.json", "loop.json"), ("broken.jsonl", "nowhere.jsonl"), ("broken", "nowhere")] {
        std::os::unix::fs::symlink(to, folder.path().join(name)).expect("a link");
        let output = run(assess(folder.path(), &["--format", "json", name, "good.json"]));
        ended(&output, 3);
        let results: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout).into_iter().collect::<Result<_, _>>().expect("JSON");
        assert_eq!(results[0]["input"], name);
        assert_eq!(results[0]["error"]["code"], "unreadable");
        assert_eq!(results[0]["errors"].as_array().map(Vec::len), Some(1));
        assert_eq!(results[1]["input"], "good.json");
    }
}

// ---------------------------------------------------------------------------------------------------------------------------------- sameness

/// Settings of an environment that must not be read.
const ENVIRONMENTS: [&[(&str, &str)]; 11] = [
    &[],
    &[("TZ", "America/New_York")],
    &[("TZ", "Asia/Kathmandu"), ("LANG", "C")],
    &[("LANG", "pl_PL.UTF-8"), ("LC_ALL", "pl_PL.UTF-8"), ("LANGUAGE", "pl")],
    &[("LC_ALL", "tr_TR.UTF-8")],
    &[("COLUMNS", "40"), ("LINES", "10")],
    &[("COLUMNS", "300"), ("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
    &[("CLICOLOR_FORCE", "1")],
    &[("FORCE_COLOR", "1"), ("CLICOLOR", "1"), ("CI", "true"), ("GITHUB_ACTIONS", "true")],
    &[("NO_COLOR", "1"), ("TERM", "dumb")],
    &[("HOME", "/nowhere"), ("RUST_BACKTRACE", "1"), ("RUST_LOG", "trace")],
];

#[test]
fn the_same_bytes_in_every_environment() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let given = |args: &[&'static str]| -> Vec<&'static str> { [&["assess", "--now", NOW], args].concat() };
    for args in [
        given(&["examples/unknown-answers.toml", "examples/late-in-phases.toml"]),
        given(&["--practice", "plain", "--no-changes", "--format", "json", "examples"]),
        given(&["--format", "jsonl", "examples/as-processor.toml", "tests/bad/several.toml", "nowhere.toml"]),
        given(&["tests/bad/several.toml", "tests/bad/json-several.json", "nowhere.toml"]),
        given(&["--method", "nothing", "examples"]),
        vec!["score", VECTOR, "no-vector"],
        vec!["assess", "--help"],
        vec!["assess", "--nothing"],
    ] {
        let mut first: Option<Output> = None;
        for environment in ENVIRONMENTS {
            let mut command = breach(repository, &args);
            command.envs(environment.iter().copied());
            let output = run(command);
            let first = first.get_or_insert_with(|| output.clone());
            assert!(first.stdout.len() + first.stderr.len() > 50, "{args:?} says nothing");
            assert_eq!(output.status, first.status, "{args:?} {environment:?}");
            for (now, then) in [(&output.stdout, &first.stdout), (&output.stderr, &first.stderr)] {
                if let Some((now, then)) = first_difference(now, then) {
                    panic!("{args:?} {environment:?}:\n{now:?} instead of\n{then:?}");
                }
            }
        }
    }
}

fn first_difference(now: &[u8], then: &[u8]) -> Option<(String, String)> {
    let (now, then) = (String::from_utf8_lossy(now), String::from_utf8_lossy(then));
    let differ = now.lines().zip(then.lines()).find(|(a, b)| a != b).map(|(a, b)| (a.to_owned(), b.to_owned()));
    differ.or_else(|| (now != then).then(|| (format!("{} bytes", now.len()), format!("{} bytes", then.len()))))
}

/// Without `--now` the time is the machine's, shown in the country's zone; nothing else differs between two runs.
#[test]
fn without_now_only_the_time_left_differs() {
    let folder = folder();
    let mut told = incident();
    told["timeline"]["authority_notified"] = json!("2026-11-21T10:00:00+01:00");
    fs::write(folder.path().join("good.json"), told.to_string()).expect("a file");
    let result = |now: &[&str]| -> Value {
        let mut command = breach(folder.path(), ["assess", "--format", "json", "good.json"].iter().chain(now));
        command.env("TZ", "Asia/Kathmandu");
        let output = run(command);
        ended(&output, 0);
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let mut given = result(&["--now", "2026-11-22T10:00:00+01:00"]);
    let mut now = result(&[]);
    let as_of = now["as_of"].as_str().expect("a time").to_owned();
    assert_ne!(as_of, "2026-11-22T10:00:00+01:00");
    assert!(as_of.ends_with("+01:00") || as_of.ends_with("+02:00"), "{as_of} is not in the country's zone");
    for result in [&mut given, &mut now] {
        result["as_of"].take();
    }
    assert_eq!(now, given);
}

// ---------------------------------------------------------------------------------------------------------------------------------- colour

#[test]
fn codes_only_where_they_are_asked_for() {
    let folder = folder();
    let escape = |bytes: &[u8]| bytes.contains(&0x1b);
    let plain = run(assess(folder.path(), &["good.json"]));
    for (args, coloured) in [
        (&["good.json"][..], false),
        (&["--color", "auto", "good.json"], false),
        (&["--color", "never", "good.json"], false),
        (&["--color", "always", "good.json"], true),
        (&["--color", "always", "--format", "json", "good.json"], false),
        (&["--color", "always", "--format", "jsonl", "good.json"], false),
    ] {
        let output = run(assess(folder.path(), args));
        ended(&output, 0);
        assert_eq!(escape(&output.stdout), coloured, "{args:?}");
        if coloured {
            assert_eq!(without_codes(&output.stdout), String::from_utf8_lossy(&plain.stdout), "colour changes nothing but colours");
        }
    }
    for args in [&["bad.json"][..], &["missing.json"], &["--nothing"], &["--help"], &["--method", "nothing", "good.json"]] {
        let output = run(assess(folder.path(), args));
        assert!(!escape(&output.stdout) && !escape(&output.stderr), "{args:?}");
    }
    ended(&run(assess(folder.path(), &["-o", "out.txt", "good.json"])), 0);
    assert!(!escape(&fs::read(folder.path().join("out.txt")).expect("a file")));
}

/// The text without `ESC [ … m`.
fn without_codes(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| plain + piece.split_once('m').expect("a code").1)
}

// ---------------------------------------------------------------------------------------------------------------------------------- hostile text

/// Everything that acts on a terminal or turns the writing direction, between words that can be looked for.
const HOSTILE: &str = "OPEN\u{1b}[31m\u{1b}]0;title\u{7}\u{8}\r\u{7f}\u{85}\u{9b}31m\u{202a}\u{202d}\u{202e}\u{202c}\u{2066}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}CLOSE";

/// What may never reach a terminal from a file.
fn hostile(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

#[track_caller]
fn harmless(output: &Output, what: &str) {
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{what}");
    for (stream, bytes) in [("standard output", &output.stdout), ("standard error", &output.stderr)] {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        if let Some(line) = text.lines().find(|l| l.contains(hostile)) {
            panic!("{what}: on {stream}: {line:?}");
        }
    }
}

/// An incident with the hostile text everywhere where the format has a free text.
fn hostile_incident() -> Value {
    let h = HOSTILE;
    let why = || json!({"why": h});
    let with_why = |mut table: Value| {
        table["why"] = json!(h);
        table
    };
    json!({
        "format": 1, "id": h, "title": h, "description": h, "related": [h], "why": h,
        "controller": with_why(json!({"name": h, "country": h, "acts_for": [h, h], "joint_with": [h], "notifies": "other", "countries_concerned": [h, "DE"]})),
        "processors": [with_why(json!({"name": h, "country": h, "told_us": "2026-11-20T16:30:00+01:00"}))],
        "timeline": with_why(json!({"aware": "2026-11-20T16:40:00+01:00", "subjects_notified": "2026-11-30T10:00:00+01:00", "delay_reason": h})),
        "authority_notices": [with_why(json!({"sent": "2026-11-26T10:00:00+01:00", "kind": "initial", "reference": h}))],
        "event": with_why(json!({"kind": ["other"], "how_found": h, "medium": [h]})),
        "subjects": with_why(json!({"count": 240, "groups": [h]})),
        "data": {
            "simple": with_why(json!({"items": ["email", "income"], "level": 2, "because": ["volume"]})),
            "financial": with_why(json!({"items": ["income"], "level": 2, "because": ["nature"]})),
        },
        "identification": with_why(json!({"level": "maximum"})),
        "confidentiality": with_why(json!({"loss": "unknown-recipients", "recipient": "ordinary"})),
        "integrity": with_why(json!({"loss": "unknown"})),
        "availability": with_why(json!({"loss": "temporary", "hours": 30})),
        "intent": with_why(json!({"malicious": true})),
        "protection": why(),
        "exemptions": {
            "subsequent_measures": with_why(json!({"what": h, "before_any_use": true, "verified_by": "logs"})),
            "disproportionate_effort": why(),
        },
        "communication": with_why(json!({"state": "planned", "means": [h], "delay_asked_by": h})),
        "notification": with_why(json!({
            "contact": {"name": h, "role": h, "email": h, "phone": h},
            "consequences": [h], "measures_before": [h], "measures_taken": [h], "measures_planned": [h], "advice": [h],
        })),
        "told": with_why(json!({"hotline": h, "authorities": [{"name": h, "country": h}]})),
        "procedure": with_why(json!({"policy": h})),
        "other_law": why(),
        "claims": with_why(json!({"reasons": ["short-exposure"]})),
        "reopened": with_why(json!({"because": ["new-facts"]})),
        "decision": {"risk": "unlikely", "why": h, "by": h, "dpo_advice": h},
    })
}

#[test]
fn hostile_text_does_nothing() {
    let folder = folder();
    let path = folder.path().join("hostile.json");
    let mut variants = vec![hostile_incident()];
    for (at, value) in [
        ("/controller/role", json!("processor")),
        ("/decision/risk", json!("high")),
        ("/controller/country", json!("PL")),
        ("/controller/eu_establishment", json!(false)),
        ("/exemptions", json!({})),
    ] {
        let mut other = hostile_incident();
        let (table, key) = at.rsplit_once('/').expect("a path");
        other.pointer_mut(table).expect("a table")[key] = value;
        variants.push(other);
    }
    for incident in variants {
        fs::write(&path, incident.to_string()).expect("a file");
        for practice in ["plain", "edpb"] {
            let output = run(breach(folder.path(), ["assess", "--practice", practice, "--now", NOW, "hostile.json"]));
            ended(&output, 0);
            harmless(&output, practice);
            assert!(String::from_utf8_lossy(&output.stdout).matches("OPEN").count() > 3, "the texts are shown at all");
        }
        for format in ["json", "jsonl"] {
            let output = run(assess(folder.path(), &["--format", format, "hostile.json"]));
            ended(&output, 0);
            let raw = output.stdout.iter().find(|b| **b < 0x20 && **b != b'\n');
            assert_eq!(raw, None, "{format}: a raw control character");
            let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(result["incident"]["title"], HOSTILE, "{format}: the text is kept as it is");
        }
    }
}

#[test]
fn hostile_mistakes_do_nothing() {
    let folder = folder();
    let path = folder.path().join("hostile.json");
    let good = incident();
    for (table, key, value) in [
        ("", HOSTILE, json!(1)),
        ("/controller", HOSTILE, json!(1)),
        ("/controller", "role", json!(HOSTILE)),
        ("/controller", "name", json!(1)),
        ("/timeline", "aware", json!(HOSTILE)),
        ("/timeline", HOSTILE, json!({HOSTILE: HOSTILE})),
        ("/data", HOSTILE, json!({})),
        ("/data/financial", "items", json!([HOSTILE])),
        ("/data/financial", "because", json!([HOSTILE])),
        ("/identification", "level", json!(HOSTILE)),
        ("/intent", "malicious", json!(HOSTILE)),
        ("", "format", json!(HOSTILE)),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(table).expect("a table")[key] = value;
        // as JSON escapes it, and raw, as far as JSON allows: the line itself is shown
        for written in [bad.to_string(), bad.to_string().replace("\\u001b", "\u{9b}")] {
            fs::write(&path, written).expect("a file");
            for format in ["text", "json"] {
                let output = run(assess(folder.path(), &["--format", format, "hostile.json"]));
                ended(&output, 2);
                let output = Output { stdout: if format == "text" { output.stdout } else { Vec::new() }, ..output };
                assert!(!output.stderr.is_empty());
                harmless(&output, &format!("{table}/{key:?}"));
            }
        }
    }
}

/// A TOML file may not hold control characters raw; the line that does is shown, they are not.
#[test]
fn hostile_lines_do_nothing() {
    let folder = folder();
    let good =
        "format = 1\nid = \"x\"\n[data.simple]\nitems = [\"email\"]\n[identification]\nlevel = \"limited\"\n[confidentiality]\nloss = \"unknown\"\n";
    let lines = [
        format!("title = \"{HOSTILE}\"\n"),
        format!("# {HOSTILE}\n"),
        format!("{HOSTILE} = 1\n"),
        format!("titel = 1 # \u{202e}\u{2066}{}\n", "\u{9b}"),
        format!("\"{}\" = 1\n", HOSTILE.replace('\u{1b}', "\\u001b").replace(char::is_control, "")),
    ];
    for line in lines {
        fs::write(folder.path().join("hostile.toml"), line.clone() + good).expect("a file");
        let output = run(assess(folder.path(), &["hostile.toml"]));
        ended(&output, 2);
        assert!(!output.stderr.is_empty());
        harmless(&output, &format!("{line:?}"));
    }
}

/// A name can hold all that a text can; it stays on its line, too.
#[test]
#[cfg(unix)]
fn hostile_names_do_nothing() {
    let folder = folder();
    let name = format!("{}\nerror: forged.json", HOSTILE.replace('/', ""));
    for (content, code) in [(incident().to_string(), 0), (r#"{"format": 1}"#.to_owned(), 2), (r#"{"no": "incident"}"#.to_owned(), 2)] {
        fs::create_dir_all(folder.path().join("names")).expect("a folder");
        fs::write(folder.path().join("names").join(&name), content).expect("a file");
        for input in ["names", &format!("names/{name}"), &format!("missing/{name}")] {
            let output = run(assess(folder.path(), &[input]));
            ended(&output, if input.starts_with("missing") { 3 } else { code });
            harmless(&output, input);
            let forged = String::from_utf8_lossy(&output.stderr).lines().any(|l| l.starts_with("error: forged"));
            assert!(!forged, "{input:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// The name of a table or of settings is a name too.
#[test]
#[cfg(unix)]
fn hostile_names_of_tables_do_nothing() {
    let folder = folder();
    let name = "x\u{1b}[31m\nerror: forged.toml";
    fs::create_dir_all(folder.path().join("own/practices")).expect("a folder");
    for there in [name.to_owned(), format!("own/practices/{name}")] {
        fs::write(folder.path().join(there), "id = \"x\"\n[[rules]]\n").expect("a file");
    }
    let missing = format!("missing-{name}");
    for name in [name, &missing] {
        for args in [
            &["assess", "--practice", name, "good.json"][..],
            &["assess", "--method", name, "good.json"],
            &["assess", "--regime", name, "good.json"],
            &["assess", "--config", name, "good.json"],
            &["assess", "--data", name, "good.json"],
            &["assess", "--data", "own", "--practice", "nothing", "good.json"],
            &["check", "--against", name, "good.json"],
            &["tables", "check", name],
            &["tables", "check", "own"],
            &["tables", "show", name],
            &["tables", "diff", "edpb", name],
            &["tables", "diff", name, "own"],
            &["explain", name],
            &["new", "--from", name, "new.toml"],
            &["assess", "good.json", "-o", "nowhere/x\nerror: forged"],
        ] {
            let output = run(breach(folder.path(), args));
            assert_ne!(output.status.code(), Some(0), "{args:?}");
            harmless(&output, &format!("{args:?}"));
            for stream in [&output.stdout, &output.stderr] {
                let forged = String::from_utf8_lossy(stream).lines().find(|l| l.starts_with("error: forged")).map(str::to_owned);
                assert!(forged.is_none(), "{args:?}: {forged:?}");
            }
        }
    }
}

#[test]
fn hostile_vectors_do_nothing() {
    let folder = folder();
    let vectors = [HOSTILE.to_owned(), format!("ENISA:2013/{HOSTILE}"), format!("ENISA:2013/DPC:{HOSTILE}"), format!("{VECTOR}/{HOSTILE}")];
    for vector in &vectors {
        let output = run(breach(folder.path(), ["score", vector]));
        ended(&output, 2);
        harmless(&output, vector);
    }
    let mut child =
        breach(folder.path(), ["score"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(vectors.join("\n").as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    ended(&output, 2);
    harmless(&output, "standard input");
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), vectors.len());
}
