//! Writers of the register at their worst: killed, many at once, on full disks, without rights. What was acknowledged stays, and the chain holds.

#![allow(clippy::print_stdout, reason = "what was measured, and what could not be")]

#[path = "support/register.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use breach::register::chain::verify;
use breach::register::read::Lines;
use serde_json::Value;
use support::{Desk, NOW, REGISTER, head, incident, lines, texts};

/// The hashes of the entries, after the whole chain was verified.
#[track_caller]
fn chain(desk: &Desk) -> Vec<String> {
    let verified = verify(Lines::open(&desk.register()).expect("a register"), None).expect("it can be read");
    let entries = verified.expect("the chain holds").head.entries as usize;
    let bytes = desk.bytes();
    lines(&bytes).iter().take(entries).map(|line| String::from_utf8_lossy(&line[9..73]).into_owned()).collect()
}

/// The heads of every "added" that got out.
fn acknowledged(output: &Output) -> Vec<String> {
    texts(output).0.lines().filter(|l| l.starts_with("added ") && l.len() > 64).map(head).collect()
}

/// In hundreds of runs the program is killed at some moment of its life; by then it has written nothing, part of an entry, or all of it.
#[test]
#[cfg(unix)]
fn killed_at_any_moment_it_loses_nothing_that_it_acknowledged() {
    const RUNS: u64 = 300;
    let desk = Desk::new();
    let many: String = (0..8).map(|i| format!("{}\n", incident(&format!("m{i}")))).collect();
    fs::write(desk.path().join("many.jsonl"), many).expect("a file");
    let length = |args: &[&str]| {
        let begun = Instant::now();
        desk.ends(0, args);
        begun.elapsed()
    };
    let one = ["add", "--now", NOW, "a.json"];
    let several = ["add", "--now", NOW, "many.jsonl"];
    let lives = [length(&one), length(&several)];
    let mut known: BTreeSet<String> = chain(&desk).into_iter().collect();
    let (mut killed, mut acked, mut entered, mut all) = (0, 0, known.len(), 0);
    for run in 0..RUNS {
        if run % 50 == 49 {
            // a new register, since every run verifies all of the old one
            all += entered;
            // on a slow machine it may be that none of them came to write
            let _ = fs::remove_file(desk.register());
            (known, entered) = (BTreeSet::new(), 0);
        }
        let which = usize::from(run % 3 == 2);
        let mut child = desk.command([&one[..], &several[..]][which]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        // spread over the whole life of a run, by a step that no run's length is a multiple of
        std::thread::sleep(lives[which].mul_f64((run * 37 % 120) as f64 / 100.0));
        child.kill().expect("it was started");
        let output = child.wait_with_output().expect("it ends");
        killed += usize::from(output.status.code().is_none());
        let acknowledged = acknowledged(&output);
        acked += acknowledged.len();
        known.extend(acknowledged);
        let now = if desk.register().exists() { chain(&desk) } else { Vec::new() };
        let there: BTreeSet<&String> = now.iter().collect();
        assert!(known.iter().all(|hash| there.contains(hash)), "run {run}: an acknowledged entry is gone");
        assert!(now.len() >= entered, "run {run}: entries are gone");
        entered = now.len();
    }
    desk.ends(0, &one);
    desk.ends(0, &["verify"]);
    println!("{RUNS} runs, {killed} killed before they ended, {acked} entries acknowledged by them, {} in the registers", all + chain(&desk).len());
    assert!(killed > 0, "none was killed in time");
}

#[test]
fn sixteen_writers_at_once_wait_for_each_other() {
    const EACH: usize = 6;
    let desk = Desk::new();
    // the file is not there yet: one of them makes it
    let all: Vec<Output> = std::thread::scope(|scope| {
        let writer = |n: usize| {
            let desk = &desk;
            desk.write(&format!("w{n}.json"), &incident(&format!("w{n}")));
            scope.spawn(move || (0..EACH).map(|_| desk.run(&["add", "--now", NOW, &format!("w{n}.json")])).collect::<Vec<_>>())
        };
        let started: Vec<_> = (0..16).map(writer).collect();
        started.into_iter().flat_map(|s| s.join().expect("it ends")).collect()
    });
    let heads: Vec<String> = all.iter().flat_map(acknowledged).collect();
    assert!(all.iter().all(|o| o.status.code() == Some(0)));
    let entries = chain(&desk);
    assert_eq!((heads.len(), entries.len()), (16 * EACH, 16 * EACH));
    assert_eq!(heads.into_iter().collect::<BTreeSet<_>>(), entries.into_iter().collect());
}

/// The same at the level of the file: whoever lists or verifies while others write sees whole entries only.
#[test]
fn readers_see_whole_entries_while_others_write() {
    let desk = Desk::new();
    desk.add("a.json");
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..3).map(|_| scope.spawn(|| (0..10).for_each(|_| drop(desk.add("b.json"))))).collect();
        while writers.iter().any(|w| !w.is_finished()) {
            let (out, err) = desk.ends(0, &["verify"]);
            assert!(out.starts_with("head: ") && err.is_empty(), "{err}");
        }
    });
    assert_eq!(chain(&desk).len(), 31);
}

/// Exit code 3, a sentence, and the register as it was.
#[track_caller]
fn failed_and_left_as_it_was(desk: &Desk, output: &Output, before: &[u8], about: &str) {
    let (out, err) = texts(output);
    assert_eq!(output.status.code(), Some(3), "{out}{err}");
    assert!(out.is_empty() && err.starts_with("error: ") && err.lines().count() == 1 && err.contains(about), "{out}{err}");
    assert_eq!(fs::read(desk.register()).unwrap_or_default(), before, "the register was left otherwise");
}

/// A limit on the size of files ends a write in its middle, as a full disk does.
#[test]
#[cfg(unix)]
fn a_disk_that_is_full_in_the_middle_of_an_entry_costs_nothing() {
    let desk = Desk::new();
    desk.three();
    let before = desk.bytes();
    // in blocks of 512 or 1024 bytes, by the shell; the signal would kill before the program could mend anything
    for blocks in before.len() / 1024 + 1..before.len() / 1024 + 4 {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" register add --now {NOW} a.json");
        let run = || Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_breach")]).current_dir(desk.path()).output().expect("a shell");
        let output = run();
        if output.status.success() {
            break;
        }
        failed_and_left_as_it_was(&desk, &output, &before, "File too large");
    }
    fs::write(desk.register(), &before).expect("a file");
    // killed by the signal instead, it leaves a torn end, which is set aside
    let script = format!("ulimit -f {}; exec \"$0\" register add --now {NOW} a.json", before.len() / 1024 + 1);
    let output = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_breach")]).current_dir(desk.path()).output().expect("a shell");
    assert!(!output.status.success());
    assert_eq!(chain(&desk).len(), 3);
    desk.add("b.json");
    assert_eq!(chain(&desk).len(), 4);
    assert!(desk.bytes().starts_with(&before));
}

/// A disk of 64 KiB, where one may be had.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_costs_nothing() {
    let desk = Desk::new();
    let disk = desk.path().join("disk");
    fs::create_dir(&disk).expect("a folder");
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&disk).output();
    if !mount.is_ok_and(|o| o.status.success()) {
        println!("skipped: no disk can be mounted here");
        return;
    }
    let register = disk.join(REGISTER);
    let mut heads = Vec::new();
    let full = loop {
        let output = desk.run(&["add", "--now", NOW, "--register", "disk/register.jsonl", "a.json"]);
        match output.status.code() {
            Some(0) => heads.extend(acknowledged(&output)),
            _ => break output,
        }
        assert!(heads.len() < 100, "it never fills");
    };
    let bytes = fs::read(&register).expect("a register");
    // no folder may stay in use, whatever the assertions say
    assert!(Command::new("umount").arg(&disk).status().is_ok_and(|s| s.success()));
    let (out, err) = texts(&full);
    assert_eq!(full.status.code(), Some(3), "{out}{err}");
    assert!(out.is_empty() && err.contains("No space left on device"), "{err}");
    fs::write(desk.register(), &bytes).expect("a file");
    assert_eq!(chain(&desk), heads);
    assert_eq!(bytes.last(), Some(&b'\n'), "half an entry was left behind");
}

/// The program as somebody whom the rights of files bind, which they do not the superuser.
#[cfg(unix)]
fn bound_by_rights(desk: &Desk, args: &[&str]) -> Command {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let plain = desk.command(args);
    if fs::metadata(desk.path()).expect("its rights").uid() != 0 {
        return plain;
    }
    let program = desk.path().join(".breach-for-nobody");
    assert!(Command::new("cp").arg(plain.get_program()).arg(&program).status().expect("coreutils").success());
    fs::set_permissions(desk.path(), fs::Permissions::from_mode(0o755)).expect("rights");
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program).args(plain.get_args());
    command.current_dir(desk.path()).stdin(Stdio::null());
    command
}

#[test]
#[cfg(unix)]
fn without_rights_nothing_is_written_and_nothing_lost() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let locked = desk.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    desk.three();
    let before = desk.bytes();
    fs::copy(desk.register(), locked.join("torn.jsonl")).expect("a copy");
    fs::write(locked.join("torn.jsonl"), [&before[..], b"{\"hash"].concat()).expect("a file");
    fs::set_permissions(locked.join("torn.jsonl"), fs::Permissions::from_mode(0o666)).expect("rights");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).expect("rights");
    fs::set_permissions(desk.register(), fs::Permissions::from_mode(0o444)).expect("rights");
    let add = |register: &str| bound_by_rights(&desk, &["add", "--now", NOW, "--register", register, "a.json"]).output().expect("it starts");
    failed_and_left_as_it_was(&desk, &add(REGISTER), &before, "cannot be opened for writing");
    failed_and_left_as_it_was(&desk, &add("locked/new.jsonl"), &before, "locked/new.jsonl");
    // the torn end cannot be kept, so it stays where it is
    failed_and_left_as_it_was(&desk, &add("locked/torn.jsonl"), &before, "torn end");
    assert_eq!(fs::read(locked.join("torn.jsonl")).expect("a file"), [&before[..], b"{\"hash"].concat());
    let verify = bound_by_rights(&desk, &["verify", "--register", REGISTER]).output().expect("it starts");
    assert_eq!(verify.status.code(), Some(0), "reading needs no right to write: {}", texts(&verify).1);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("rights");
}

#[test]
fn what_is_no_file_is_no_register() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("folder")).expect("a folder");
    // nobody writes to the pipe: whoever opened it would wait for ever
    let pipe = Command::new("mkfifo").arg(desk.path().join("pipe")).status().is_ok_and(|s| s.success());
    for register in ["folder", "nowhere/register.jsonl"].into_iter().chain(pipe.then_some("pipe")) {
        for args in [vec!["add", "--now", NOW, "a.json"], vec!["list"], vec!["verify"], vec!["export"], vec!["show", "a"], vec!["reassess"]] {
            let (out, err) = desk.ends(3, &[&args[..], &["--register", register]].concat());
            assert!(out.is_empty() && err.contains(register), "{args:?}: {err}");
        }
    }
    assert!(!desk.path().join("nowhere").exists());
}

#[test]
#[cfg(unix)]
fn a_link_is_followed_and_stays_a_link() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("elsewhere")).expect("a folder");
    std::os::unix::fs::symlink("elsewhere/real.jsonl", desk.register()).expect("a link");
    let first = desk.add("a.json");
    desk.add("b.json");
    assert!(desk.register().is_symlink());
    assert_eq!(chain(&desk)[0], first);
    let real = desk.path().join("elsewhere/real.jsonl");
    fs::write(&real, [&fs::read(&real).expect("a file")[..], b"torn"].concat()).expect("a file");
    desk.add("c.json");
    assert_eq!(fs::read(desk.path().join(format!("{REGISTER}.torn-1"))).expect("beside the register as it was named"), b"torn");
    assert_eq!(chain(&desk).len(), 3);
}

/// Somebody moves the register away while another waits for it: the entry goes into the register of that name, not into the file that was moved.
#[test]
#[cfg(unix)]
fn a_register_that_is_moved_away_meanwhile_is_made_anew() {
    let desk = Desk::new();
    desk.add("a.json");
    let held = fs::File::open(desk.register()).expect("a register");
    held.lock().expect("a lock");
    let child = desk.command(&["add", "--now", NOW, "b.json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    std::thread::sleep(Duration::from_millis(300));
    fs::rename(desk.register(), desk.path().join("moved.jsonl")).expect("a move");
    drop(held);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", texts(&output).1);
    assert_eq!(chain(&desk), acknowledged(&output));
    assert_eq!(lines(&fs::read(desk.path().join("moved.jsonl")).expect("a file")).len(), 1);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let desk = Desk::new();
    let lines: String = (0..300).map(|i| format!("{}\n", incident(&format!("m{i}")))).collect();
    fs::write(desk.path().join("many.jsonl"), lines).expect("a file");
    let mut child = desk.command(&["add", "--now", NOW, "many.jsonl"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", texts(&output).1);
    assert!(output.stderr.is_empty() && !chain(&desk).is_empty());
    #[cfg(target_os = "linux")]
    {
        let before = chain(&desk).len();
        let full = fs::File::options().write(true).open("/dev/full").expect("Linux has one");
        let output = desk.command(&["add", "--now", NOW, "a.json"]).stdout(full).output().expect("it starts");
        assert_eq!(output.status.code(), Some(3));
        // entered, though nobody could be told
        assert_eq!(chain(&desk).len(), before + 1);
    }
}

#[test]
fn lines_of_a_file_are_entered_in_their_order_and_bad_ones_stop_none() {
    let desk = Desk::new();
    let all = format!("{}\n\n{{\"format\": 1}}\n{}\n", incident("x"), incident("y"));
    fs::write(desk.path().join("all.jsonl"), all).expect("a file");
    let (out, err) = desk.ends(2, &["add", "--now", NOW, "all.jsonl"]);
    let ids: Vec<&str> = out.lines().filter_map(|l| l.strip_prefix("added ")?.split(',').next()).collect();
    assert_eq!(ids, ["x", "y"]);
    assert!(err.contains("all.jsonl:3"), "{err}");
    let first: Value = serde_json::from_slice(&lines(&desk.bytes())[0]).expect("JSON");
    assert_eq!(first["assessment"]["input"], "all.jsonl:1");
}
