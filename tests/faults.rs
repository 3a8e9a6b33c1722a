//! Every command where the machine fails it: a full disk, a reader that goes away, no rights, links to nowhere, folders in the place of files, names
//! that are no UTF-8, death in the middle. Each ends with exit 3 and a sentence, or does its work; what was there before stays.

#![cfg(target_os = "linux")]

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const NOW: &str = "2026-11-22T10:00:00+01:00";
const VECTOR: &str = "ENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0";
/// The files that commands are given, as they stand in the folder of a test.
const INCIDENT: &str = "incident.toml";
const REGISTER: &str = "register.jsonl";
const TABLE: &str = "house.toml";

/// A command, and whether it has `-o`.
struct Does {
    args: &'static [&'static str],
    to_file: bool,
}

const fn prints(args: &'static [&'static str]) -> Does {
    Does { args, to_file: false }
}

const fn writes(args: &'static [&'static str]) -> Does {
    Does { args, to_file: true }
}

/// Every command, in every form that is written in its own way.
const ALL: &[Does] = &[
    writes(&["assess", "--now", NOW, INCIDENT]),
    writes(&["assess", "--now", NOW, "--format", "json", INCIDENT]),
    writes(&["assess", "--now", NOW, "--format", "jsonl", INCIDENT]),
    writes(&["assess", "--now", NOW, "--format", "markdown", INCIDENT]),
    writes(&["assess", "--now", NOW, "--format", "html", INCIDENT]),
    writes(&["assess", "--now", NOW, "--format", "csv", INCIDENT]),
    writes(&["check", "--now", NOW, INCIDENT]),
    writes(&["check", "--now", NOW, "--format", "json", INCIDENT]),
    writes(&["check", "--now", NOW, "--format", "github", INCIDENT]),
    writes(&["check", "--now", NOW, "--format", "junit", INCIDENT]),
    writes(&["score", VECTOR]),
    writes(&["score", "--format", "json", VECTOR]),
    writes(&["explain"]),
    writes(&["explain", "rules"]),
    writes(&["explain", "config"]),
    writes(&["draft", "authority", "--now", NOW, INCIDENT]),
    writes(&["draft", "authority", "--now", NOW, "--format", "html", INCIDENT]),
    writes(&["draft", "authority", "--now", NOW, "--format", "json", INCIDENT]),
    writes(&["draft", "subjects", "--now", NOW, INCIDENT]),
    writes(&["register", "list", "--now", NOW, "--register", REGISTER]),
    writes(&["register", "show", "--now", NOW, "--register", REGISTER, "2026-036"]),
    writes(&["register", "verify", "--register", REGISTER]),
    writes(&["register", "export", "--now", NOW, "--register", REGISTER]),
    writes(&["register", "export", "--now", NOW, "--format", "xlsx", "--register", REGISTER]),
    writes(&["register", "reassess", "--now", NOW, "--register", REGISTER]),
    writes(&["tables", "list"]),
    writes(&["tables", "show", "edpb"]),
    writes(&["tables", "check", TABLE]),
    writes(&["tables", "diff", "edpb", TABLE, "--now", NOW, "--incidents", INCIDENT]),
    writes(&["schema", "incident"]),
    prints(&["register", "add", "--now", NOW, "--register", "new.jsonl", INCIDENT]),
    prints(&["new", "--template"]),
    prints(&["new", "--template", "--from", INCIDENT]),
    prints(&["completions", "bash"]),
    prints(&["man"]),
    prints(&["help"]),
    prints(&["tables", "--help"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with an incident, a register, a table of one's own, and an old result.
fn folder() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    for (name, from) in [
        (INCIDENT, "examples/energy-seller-processor.toml"),
        (REGISTER, "examples/register.jsonl"),
        (TABLE, "examples/own-tables/practices/house.toml"),
    ] {
        fs::copy(root().join(from), temp.path().join(name)).expect("a file");
    }
    fs::write(temp.path().join("old"), "the old file\n").expect("a file");
    temp
}

fn breach(folder: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breach"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// The same for somebody whom the rights of files bind, which they do not the superuser.
fn bound_by_rights(folder: &Path, args: &[OsString]) -> Command {
    if fs::metadata(folder).expect("its rights").uid() != 0 {
        return breach(folder, args);
    }
    // nobody else may reach the folder of the build; copied by another process, since a file that some thread's child still holds open does not start
    static PROGRAM: LazyLock<TempDir> = LazyLock::new(|| {
        let temp = tempfile::tempdir().expect("a folder");
        fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).expect("rights");
        assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_breach")).arg(temp.path()).status().expect("coreutils").success());
        temp
    });
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("rights");
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(PROGRAM.path().join("breach"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

/// The names in a folder and, of files, what is in them.
fn state(folder: &Path) -> Vec<(OsString, Option<Vec<u8>>)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let mut all: Vec<_> = entries.map(|p| (p.as_os_str().to_owned(), fs::read(&p).ok())).collect();
    all.sort();
    all
}

/// What is wrong with the end of a run that should have failed by the machine: exit 3, and a last line that says what could not be done.
fn no_failure(output: &Output, about: &str) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    // JSON Lines have an object for an input that cannot be read, and nothing beside it
    let said =
        if said.is_empty() { String::from_utf8_lossy(&output.stdout).replace("\"code\":\"unreadable\"", "error[unreadable]").into() } else { said };
    let sentence = said.lines().last().is_some_and(|l| l.starts_with("error: ") || l.starts_with("error[")) || said.contains("error[unreadable]");
    let good = output.status.code() == Some(3) && sentence && said.contains(about) && !said.contains("panicked");
    (!good).then(|| format!("exit {:?}, expected 3 and a sentence about {about:?}: {said}", output.status.code()))
}

/// What it ends with where nothing fails.
fn usual(does: &Does) -> Option<i32> {
    run(&mut breach(folder().path(), does.args)).status.code()
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_full_disk_under_standard_output() {
    let mut wrong = Vec::new();
    for Does { args, .. } in ALL {
        let full = File::options().write(true).open("/dev/full").expect("Linux has one");
        let output = run(breach(folder().path(), *args).stdout(full));
        wrong.extend(no_failure(&output, "No space left on device").map(|said| format!("{args:?}: {said}")));
    }
    none(&wrong);
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    let mut wrong = Vec::new();
    for Does { args, .. } in ALL {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = run(breach(folder().path(), *args).stdout(writer));
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.code() != Some(0) || said.contains("cannot write") || said.contains("panicked") {
            wrong.push(format!("{args:?}: exit {:?}: {said}", output.status.code()));
        }
    }
    none(&wrong);
}

/// A place where no file can be, what is said of it, and how to make it in a folder.
type NoPlace = (&'static str, &'static str, fn(&Path));
const NO_PLACES: &[NoPlace] = &[
    ("/dev/full", "No space left on device", |_| {}),
    ("a-folder", "cannot write a-folder", |f| fs::create_dir(f.join("a-folder")).expect("a folder")),
    ("old/result", "cannot write old/result", |_| {}),
    ("nowhere/result", "cannot write nowhere/result", |_| {}),
    ("circle", "cannot write circle", |f| symlink("circle", f.join("circle")).expect("a link")),
    ("broken", "cannot write broken", |f| symlink("nowhere/result", f.join("broken")).expect("a link")),
    ("locked/new", "cannot write locked/new", locked),
    ("locked/old", "cannot write locked/old", locked),
];

fn locked(folder: &Path) {
    fs::create_dir(folder.join("locked")).expect("a folder");
    fs::write(folder.join("locked/old"), "the old file\n").expect("a file");
    fs::set_permissions(folder.join("locked"), fs::Permissions::from_mode(0o555)).expect("rights");
}

#[test]
fn where_no_file_can_be_none_is_written() {
    let mut wrong = Vec::new();
    for Does { args, .. } in ALL.iter().filter(|d| d.to_file) {
        for (place, about, make) in NO_PLACES {
            let temp = folder();
            make(temp.path());
            let inner = temp.path().join("locked");
            let all = || (state(temp.path()), inner.is_dir().then(|| state(&inner)));
            let before = all();
            let args: Vec<OsString> = args.iter().chain(&["-o", place]).map(OsString::from).collect();
            let output = run(&mut bound_by_rights(temp.path(), &args));
            wrong.extend(no_failure(&output, about).map(|said| format!("{args:?}: {said}")));
            if all() != before || !output.stdout.is_empty() {
                wrong.push(format!("{args:?}: the folder is another, or something was printed"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn new_and_man_say_where_they_cannot_write() {
    let made: [(&[&str], &str); 5] = [
        (&["new", "--template", "nowhere/x.toml"], "nowhere/x.toml"),
        (&["new", "--template", "old/x.toml"], "old/x.toml"),
        (&["new", "--template", "locked/x.toml"], "locked/x.toml"),
        (&["man", "old"], "old"),
        (&["man", "locked/pages"], "locked/pages"),
    ];
    let mut wrong = Vec::new();
    for (args, about) in made {
        let temp = folder();
        locked(temp.path());
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let output = run(&mut bound_by_rights(temp.path(), &args));
        wrong.extend(no_failure(&output, about).map(|said| format!("{args:?}: {said}")));
    }
    none(&wrong);
}

/// A limit on the size of files ends a write at its beginning, as a full disk does.
#[test]
fn a_disk_that_fills_keeps_the_old_file() {
    let mut wrong = Vec::new();
    for Does { args, .. } in ALL.iter().filter(|d| d.to_file) {
        let temp = folder();
        let before = state(temp.path());
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_breach")]).args(*args).args(["-o", "old"]);
        let output = run(command.current_dir(temp.path()).stdin(Stdio::null()));
        wrong.extend(no_failure(&output, "cannot write old: file too large").map(|said| format!("{args:?}: {said}")));
        if state(temp.path()) != before {
            wrong.push(format!("{args:?}: the folder is another"));
        }
    }
    none(&wrong);
}

/// Killed at any moment, it leaves the old file or the whole new one, and never a part.
#[test]
fn killed_at_any_moment_it_leaves_the_old_file_or_the_new() {
    const RUNS: u32 = 25;
    for args in [&["assess", "--now", NOW, "many"][..], &["assess", "--now", NOW, "--format", "html", "many"], &["register", "export", "--now", NOW]]
    {
        let temp = folder();
        fs::create_dir(temp.path().join("many")).expect("a folder");
        for n in 0..10 {
            fs::copy(temp.path().join(INCIDENT), temp.path().join(format!("many/{n}.toml"))).expect("a file");
        }
        let old = fs::read(temp.path().join("old")).expect("a file");
        let begun = Instant::now();
        let whole = run(&mut breach(temp.path(), args)).stdout;
        let life = begun.elapsed();
        assert!(whole.len() > 1000, "{args:?} says little");
        let (mut kept, mut taken) = (0, 0);
        for n in 0..RUNS {
            let mut child = breach(temp.path(), args).args(["-o", "old"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            std::thread::sleep(life * n / (RUNS - 5) + Duration::from_micros(50));
            child.kill().expect("a signal");
            child.wait().expect("it ends");
            match fs::read(temp.path().join("old")).expect("a file") {
                now if now == old => kept += 1,
                now if now == whole => taken += 1,
                now => panic!("{args:?}: {} bytes of {}", now.len(), whole.len()),
            }
            fs::write(temp.path().join("old"), &old).expect("a file");
        }
        assert_eq!(kept + taken, RUNS);
        assert!(kept > 0, "{args:?}: none was killed early");
    }
}

/// What cannot be read, and how to put it in the place of a good file.
type Unreadable = (&'static str, fn(&Path, &Path));
const UNREADABLE: &[Unreadable] = &[
    ("missing", |_, _| {}),
    ("a link to nowhere", |_, at| symlink("nowhere", at).expect("a link")),
    ("a link to itself", |_, at| symlink(at.file_name().expect("a name"), at).expect("a link")),
    ("without rights", |good, at| {
        fs::copy(good, at).expect("a file");
        fs::set_permissions(at, fs::Permissions::from_mode(0o0)).expect("rights");
    }),
];

#[test]
fn what_cannot_be_read_is_the_machines_fault() {
    let mut wrong = Vec::new();
    for Does { args, .. } in ALL {
        for given in [INCIDENT, REGISTER, TABLE].into_iter().filter(|given| args.contains(given)) {
            for (what, make) in UNREADABLE {
                let temp = folder();
                let name = format!("x-{given}");
                make(&temp.path().join(given), &temp.path().join(&name));
                let args: Vec<OsString> = args.iter().map(|arg| if *arg == given { &name } else { *arg }.into()).collect();
                let output = run(&mut bound_by_rights(temp.path(), &args));
                wrong.extend(no_failure(&output, &name).map(|said| format!("{args:?} {what}: {said}")));
            }
        }
    }
    none(&wrong);
}

/// The options that name a file, and one that they take.
const NAMING: [(&[&str], &str, &str); 7] = [
    (&["assess", "--now", NOW, INCIDENT], "--practice", "examples/own-tables/practices/house.toml"),
    (&["assess", "--now", NOW, INCIDENT], "--method", "data/methods/odo24.toml"),
    (&["assess", "--now", NOW, INCIDENT], "--regime", "data/regimes/gdpr.toml"),
    (&["assess", "--now", NOW, INCIDENT], "--config", ""),
    (&["draft", "authority", "--now", NOW, INCIDENT], "--form", "data/forms/uodo.toml"),
    (&["check", "--now", NOW, INCIDENT], "--against", ""),
    (&["new", "--template"], "--from", "examples/energy-seller-processor.toml"),
];

#[test]
fn options_that_name_what_cannot_be_read() {
    let mut wrong = Vec::new();
    for (args, option, good) in NAMING {
        for (what, make) in UNREADABLE {
            let temp = folder();
            let good = if good.is_empty() { temp.path().join(INCIDENT) } else { root().join(good) };
            make(&good, &temp.path().join("x.toml"));
            let args: Vec<OsString> = args.iter().chain(&[option, "./x.toml"]).map(OsString::from).collect();
            let output = run(&mut bound_by_rights(temp.path(), &args));
            wrong.extend(no_failure(&output, "x.toml").map(|said| format!("{args:?} {what}: {said}")));
        }
    }
    for args in [["assess", "--data", "nowhere", INCIDENT], ["assess", "--data", "old", INCIDENT]] {
        let output = run(&mut breach(folder().path(), args));
        wrong.extend(no_failure(&output, args[2]).map(|said| format!("{args:?}: {said}")));
    }
    none(&wrong);
}

/// A name is bytes: what is there under it is read, and written; what is not there is the machine's fault.
#[test]
fn names_that_are_no_utf_8() {
    let odd = |extension: &str| OsStr::from_bytes(&[b"caf\xe9.", extension.as_bytes()].concat()).to_owned();
    let mut wrong = Vec::new();
    let mut expect = |args: &[OsString], code: Option<i32>, output: &Output| {
        if output.status.code() != code {
            wrong.push(format!("{args:?}: exit {:?}, expected {code:?}: {}", output.status.code(), String::from_utf8_lossy(&output.stderr)));
        }
    };
    for does in ALL {
        let usual = usual(does);
        for given in [INCIDENT, REGISTER, TABLE].into_iter().filter(|given| does.args.contains(given)) {
            let name = odd(given.rsplit('.').next().unwrap_or_default());
            let args: Vec<OsString> = does.args.iter().map(|arg| if *arg == given { name.clone() } else { arg.into() }).collect();
            let temp = folder();
            expect(&args, Some(3), &run(&mut breach(temp.path(), &args)));
            fs::rename(temp.path().join(given), temp.path().join(&name)).expect("another name");
            expect(&args, usual, &run(&mut breach(temp.path(), &args)));
        }
        if does.to_file {
            let temp = folder();
            let args: Vec<OsString> = does.args.iter().map(OsString::from).chain(["-o".into(), odd("out")]).collect();
            expect(&args, usual, &run(&mut breach(temp.path(), &args)));
            assert!(temp.path().join(odd("out")).is_file(), "{args:?}");
        }
    }
    for (args, option, good) in NAMING {
        let temp = folder();
        let name = odd("toml");
        let args: Vec<OsString> = args.iter().map(OsString::from).chain([option.into(), name.clone()]).collect();
        expect(&args, Some(3), &run(&mut breach(temp.path(), &args)));
        let place = temp.path().join(&name);
        match option {
            "--against" => {
                let stored = run(&mut breach(temp.path(), ["assess", "--format", "json", "--now", NOW, INCIDENT])).stdout;
                fs::write(&place, stored).expect("a file");
            }
            "--config" => fs::write(&place, "lang = \"pl\"\n").expect("a file"),
            _ => drop(fs::copy(root().join(good), &place).expect("a file")),
        }
        let output = run(&mut breach(temp.path(), &args));
        expect(&args, Some(0), &output);
    }
    let temp = folder();
    for args in [["new".into(), "--template".into(), odd("toml")], ["man".into(), odd("pages"), "--".into()]] {
        expect(&args, Some(0), &run(&mut breach(temp.path(), &args)));
    }
    none(&wrong);
}
