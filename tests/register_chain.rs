//! The chain of the register: whatever is altered, removed, moved, doubled or put in is found; what a power cut leaves behind is no tampering.

#![allow(clippy::print_stdout, reason = "what was measured, and what could not be")]

#[path = "support/register.rs"]
mod support;

use std::fs;
use std::process::Command;

use breach::register::chain::{How, Verified, verify};
use breach::register::line::ORIGIN;
use breach::register::read::Lines;
use support::{Desk, NOW, REGISTER, head, incident, lines, texts};

/// What verifying makes of these bytes.
fn verified(desk: &Desk, bytes: &[u8], expect: Option<&str>) -> Result<Verified, (Option<u64>, How)> {
    let path = desk.path().join("other.jsonl");
    fs::write(&path, bytes).expect("a file");
    verify(Lines::open(&path).expect("a register"), expect).expect("it can be read").map_err(|f| (f.line, f.how))
}

#[test]
fn added_entries_verify() {
    let desk = Desk::new();
    let (out, _) = desk.ends(0, &["add", "--now", NOW, "a.json"]);
    assert!(out.starts_with("added a, head: "), "{out}");
    let second = desk.add("b.json");
    assert_eq!(desk.ends(0, &["verify"]), (format!("head: {second}\n"), String::new()));
    assert_eq!(lines(&desk.bytes()).len(), 2);
}

#[test]
fn an_empty_register_has_a_head_too() {
    let desk = Desk::new();
    fs::write(desk.register(), "").expect("a file");
    assert_eq!(desk.ends(0, &["verify", "--expect", ORIGIN]).0, format!("head: {ORIGIN}\n"));
    desk.add("a.json");
    // of a register with entries it says nothing, and must not pass for something that was found
    desk.ends(1, &["verify", "--expect", ORIGIN]);
    desk.ends(3, &["verify", "--register", "missing.jsonl"]);
}

#[test]
fn every_altered_byte_is_found() {
    let desk = Desk::new();
    desk.ends(0, &["add", "--not-a-breach", "--now", NOW, "none.json"]);
    desk.add("a.json");
    desk.ends(0, &["add", "--not-a-breach", "--now", NOW, "none.json"]);
    let good = desk.bytes();
    assert!(verified(&desk, &good, None).is_ok());
    let ends: Vec<usize> = good.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i).collect();
    for i in 0..good.len() {
        let mut bad = good.clone();
        bad[i] ^= 1 << (i % 8);
        let found = verified(&desk, &bad, None);
        // a newline more or less moves what follows, never what comes before
        let line = ends.iter().take_while(|end| **end < i).count() as u64 + 1;
        assert!(matches!(&found, Err((Some(at), _)) if *at == line), "byte {i} of {}, line {line}: {found:?}", good.len());
    }
}

#[test]
fn every_other_last_byte_is_found_and_nothing_is_added() {
    let desk = Desk::new();
    desk.three();
    let good = desk.bytes();
    for byte in (0..=255).filter(|b| *b != b'\n') {
        let bad = [&good[..good.len() - 1], &[byte]].concat();
        assert_eq!(verified(&desk, &bad, None), Err((Some(3), How::Newline)), "{byte}");
    }
    // more than a byte in its place is no torn end either: the entry before it was acknowledged
    let more = [&good[..good.len() - 1], b"\r\0 {\"hash\""].concat();
    assert_eq!(verified(&desk, &more, None), Err((Some(3), How::Newline)));
    fs::write(desk.register(), &more).expect("a file");
    desk.ends(1, &["add", "--now", NOW, "a.json"]);
    assert!(desk.ends(0, &["list"]).1.contains("newline"));
    // the last line doubled: its hash is right, and it does not follow
    let l = lines(&good);
    fs::write(desk.register(), [&good[..], &l[2]].concat()).expect("a file");
    desk.ends(1, &["add", "--now", NOW, "a.json"]);
    let last = l[2].len();
    for back in [last, last - 10, last - 90, last - 200, 3, 1] {
        let mut bad = good.clone();
        bad[good.len() - back] ^= 1;
        fs::write(desk.register(), &bad).expect("a file");
        let (out, err) = desk.ends(1, &["add", "--now", NOW, "a.json"]);
        assert!(out.is_empty() && err.contains("nothing is added"), "{err}");
        assert_eq!(desk.bytes(), bad, "the register was written to");
    }
}

#[test]
fn removed_swapped_doubled_and_inserted_lines_are_found() {
    let desk = Desk::new();
    desk.three();
    let other = Desk::new();
    other.add("c.json");
    let foreign = lines(&other.bytes());
    let l = lines(&desk.bytes());
    let joined = |all: &[&Vec<u8>]| all.iter().flat_map(|l| l.iter().copied()).collect::<Vec<u8>>();
    for (what, bytes, line, how) in [
        ("the first removed", joined(&[&l[1], &l[2]]), 1, How::Gone(1, 1)),
        ("the second removed", joined(&[&l[0], &l[2]]), 2, How::Gone(2, 2)),
        ("two removed", joined(&[&l[2]]), 1, How::Gone(1, 2)),
        ("swapped", joined(&[&l[0], &l[2], &l[1]]), 2, How::Gone(2, 2)),
        ("the first two swapped", joined(&[&l[1], &l[0], &l[2]]), 1, How::Gone(1, 1)),
        ("doubled", joined(&[&l[0], &l[1], &l[1], &l[2]]), 3, How::Elsewhere(2, 3)),
        ("the last doubled", joined(&[&l[0], &l[1], &l[2], &l[2]]), 4, How::Elsewhere(3, 4)),
        ("a foreign one put in", joined(&[&l[0], &foreign[0], &l[1], &l[2]]), 2, How::Elsewhere(1, 2)),
        ("the first replaced", joined(&[&foreign[0], &l[1], &l[2]]), 2, How::Follows),
        ("a blank line", joined(&[&l[0], &b"\n".to_vec(), &l[1]]), 2, How::Form),
        ("a byte order mark", joined(&[&b"\xef\xbb\xbf".to_vec(), &l[0]]), 1, How::Form),
    ] {
        assert_eq!(verified(&desk, &bytes, None), Err((Some(line), how)), "{what}");
    }
    let crlf = String::from_utf8(desk.bytes()).expect("a text").replace('\n', "\r\n");
    assert_eq!(verified(&desk, crlf.as_bytes(), None), Err((Some(1), How::Altered)));
    fs::write(desk.register(), joined(&[&l[0], &l[2]])).expect("a file");
    assert_eq!(desk.ends(1, &["verify"]).0, format!("{REGISTER}: line 2: entry 2 is missing before this one.\n"));
}

#[test]
fn what_is_cut_off_at_the_end_is_found_by_a_head_kept_elsewhere() {
    let desk = Desk::new();
    let heads = desk.three();
    let l = lines(&desk.bytes());
    for kept in 0..3 {
        fs::write(desk.register(), l[..kept].concat()).expect("a file");
        desk.ends(0, &["verify"]);
        for (i, head) in heads.iter().enumerate() {
            let (out, _) = desk.ends(if i < kept { 0 } else { 1 }, &["verify", "--expect", head]);
            assert_eq!(out.starts_with("head: "), i < kept, "{out}");
        }
    }
    fs::write(desk.register(), l.concat()).expect("a file");
    // a head noted some time ago is still in the chain
    let (out, err) = desk.ends(0, &["verify", "--expect", &heads[0].to_uppercase()]);
    assert_eq!(out, format!("head: {}\n", heads[2]));
    assert!(err.contains("entry 1; 2 were added after it"), "{err}");
    desk.ends(1, &["verify", "--expect", &"0".repeat(64)]);
    for bad in ["", "abc", &"g".repeat(64)] {
        desk.ends(2, &["verify", "--expect", bad]);
    }
}

/// A power cut can leave any beginning of an entry behind.
#[test]
fn a_torn_end_is_set_aside_and_costs_nothing() {
    let desk = Desk::new();
    desk.three();
    let l = lines(&desk.bytes());
    let (whole, last) = (l[..2].concat(), &l[2]);
    for cut in (1..last.len() - 1).step_by(397).chain([last.len() - 2]) {
        let torn = [&whole, &last[..cut]].concat();
        let seen = verified(&desk, &torn, None).expect("no tampering");
        let said = if cut == 1 { "1 byte ".to_owned() } else { format!("{cut} bytes ") };
        assert_eq!(seen.head.entries, 2, "{cut}");
        fs::write(desk.register(), &torn).expect("a file");
        let (out, err) = desk.ends(0, &["verify"]);
        assert!(out.starts_with("head: ") && err.contains(&said), "{err}");
        let (_, err) = desk.ends(0, &["add", "--now", NOW, "c.json"]);
        assert!(err.contains(&said) && err.contains("register.jsonl.torn-"), "{err}");
        assert_eq!(desk.bytes(), l.concat(), "{cut}");
    }
    // each was kept, none over another
    let aside = |n: usize| fs::read(desk.path().join(format!("{REGISTER}.torn-{n}")));
    assert_eq!(aside(1).expect("kept"), last[..1]);
    assert_eq!(aside(2).expect("kept"), last[..398]);
    // garbage of any length, as a file system may leave it
    let zeros = [whole.clone(), vec![0; 3 << 20]].concat();
    fs::write(desk.register(), &zeros).expect("a file");
    desk.ends(0, &["verify"]);
    desk.ends(0, &["list"]);
    desk.ends(0, &["add", "--now", NOW, "c.json"]);
    assert_eq!(desk.bytes(), l.concat());
}

/// A file that never held an entry is not taken for one whose first entry was torn.
#[test]
fn a_file_of_somebody_elses_is_no_register() {
    let desk = Desk::new();
    for text in [incident("x").to_string(), "notes".to_owned(), "{\"hash\": 1".to_owned(), "\u{feff}".to_owned()] {
        fs::write(desk.register(), &text).expect("a file");
        for args in [&["verify"][..], &["list"], &["show", "a"], &["export"], &["reassess"], &["add", "--now", NOW, "a.json"]] {
            let (out, err) = desk.ends(1, args);
            assert!((out + &err).contains("this is no entry of a register"), "{args:?}: {err}");
        }
        assert_eq!(desk.bytes(), text.as_bytes());
    }
    // what a power cut may leave of the first entry
    for torn in [&b"{"[..], b"{\"hash\":\"", b"{\"hash\":\"12", b"\0\0\0"] {
        fs::write(desk.register(), torn).expect("a file");
        desk.ends(0, &["verify"]);
        desk.ends(0, &["list"]);
        desk.add("a.json");
        assert_eq!(lines(&desk.bytes()).len(), 1);
    }
}

#[test]
fn a_whole_entry_without_its_newline_gets_it_back() {
    let desk = Desk::new();
    let heads = desk.three();
    let good = desk.bytes();
    fs::write(desk.register(), &good[..good.len() - 1]).expect("a file");
    let (out, err) = desk.ends(0, &["verify", "--expect", &heads[2]]);
    assert_eq!(out, format!("head: {}\n", heads[2]));
    assert!(err.contains("lacks its newline"), "{err}");
    assert!(desk.ends(0, &["show", "c"]).0.contains(&heads[2]));
    let (out, err) = desk.ends(0, &["add", "--now", NOW, "a.json"]);
    assert!(err.contains("put back"), "{err}");
    assert!(desk.bytes().starts_with(&good) && lines(&desk.bytes()).len() == 4);
    assert_eq!(desk.ends(0, &["verify"]).0, format!("head: {}\n", head(&out)));
    assert!(!desk.path().join(format!("{REGISTER}.torn-1")).exists());
    // one that does not follow is no torn end
    let l = lines(&good);
    fs::write(desk.register(), [&l[0][..], &l[2][..l[2].len() - 1]].concat()).expect("a file");
    desk.ends(1, &["verify"]);
    desk.ends(1, &["add", "--now", NOW, "a.json"]);
}

#[test]
fn a_later_format_is_told_clearly() {
    let desk = Desk::new();
    desk.add("a.json");
    let line = String::from_utf8(desk.bytes()).expect("a text").replace("breach-register/1", "breach-register/2");
    let hashed = &line[75..];
    let hash = String::from_utf8_lossy(&breach::register::line::hex(hashed.as_bytes())).into_owned();
    fs::write(desk.register(), format!("{{\"hash\":\"{hash}\",{hashed}")).expect("a file");
    let lists: [&[&str]; 7] =
        [&["verify"], &["list"], &["show", "a"], &["export"], &["export", "--format", "xlsx"], &["reassess"], &["add", "--now", NOW, "b.json"]];
    for args in lists {
        let (out, err) = desk.ends(2, args);
        let said = out + &err;
        assert!(said.contains("breach-register/2") && said.contains("breach-register/1"), "{args:?}: {said}");
    }
    // a whole line of it that lacks its newline is none of ours to set aside
    let bytes = desk.bytes();
    fs::write(desk.register(), &bytes[..bytes.len() - 1]).expect("a file");
    desk.ends(2, &["add", "--now", NOW, "b.json"]);
    assert_eq!(desk.bytes(), bytes[..bytes.len() - 1]);
}

#[test]
fn a_line_that_is_too_long_is_found_and_an_incident_refused() {
    let desk = Desk::new();
    desk.add("a.json");
    let good = desk.bytes();
    fs::write(desk.register(), [&good[..], &vec![b'x'; 2 << 20], b"\n"].concat()).expect("a file");
    assert!(desk.ends(1, &["verify"]).0.contains("line 2: this is longer than any entry"));
    desk.ends(1, &["add", "--now", NOW, "b.json"]);
    fs::write(desk.register(), &good).expect("a file");
    let mut long = incident("long");
    long["description"] = "ż".repeat(99_000).into();
    long["notification"]["measures_taken"] = (0..40).map(|_| "ó".repeat(20_000)).collect::<Vec<_>>().into();
    desk.write("long.json", &long);
    let (_, err) = desk.ends(2, &["add", "--now", NOW, "long.json"]);
    assert!(err.contains("long.json") && err.contains("allowed: 1048576"), "{err}");
    assert_eq!(desk.bytes(), good);
    // one that just fits is entered, and the next one is read behind it
    long["notification"]["measures_taken"] = vec!["x".repeat(90_000); 3].into();
    desk.write("long.json", &long);
    desk.ends(0, &["add", "--now", NOW, "long.json"]);
    desk.add("b.json");
    desk.ends(0, &["verify"]);
}

#[test]
fn only_verify_looks_at_every_byte_and_the_others_say_what_they_see() {
    let desk = Desk::new();
    desk.three();
    let l = lines(&desk.bytes());
    fs::write(desk.register(), [&l[0][..], &l[2]].concat()).expect("a file");
    for args in [["list", "--format=text"], ["export", "--format=csv"], ["show", "c"]] {
        let (out, err) = desk.ends(0, &args);
        assert!(!out.is_empty() && err.contains("line 2") && err.contains("breach register verify"), "{args:?}: {err}");
    }
    fs::write(desk.register(), [&l[0][..], b"{}\n"].concat()).expect("a file");
    for args in [vec!["list"], vec!["show", "a"], vec!["export"], vec!["reassess"]] {
        let (out, err) = desk.ends(1, &args);
        assert!(out.is_empty() && err.contains("line 2: this is no entry"), "{args:?}: {err}");
    }
}

/// A register that several cores read at once: so many entries, each with a long text.
fn long(desk: &Desk, entries: u64) -> Vec<Vec<u8>> {
    desk.add("a.json");
    let one = String::from_utf8(desk.bytes()).expect("a text");
    let text = format!("\"facts\":\"{}\"", "x".repeat(60_000));
    let mut prev = ORIGIN.to_owned();
    let line = |n: u64| {
        let line = one[75..].replacen("\"facts\":null", &text, 1).replacen("\"id\":\"a\"", &format!("\"id\":\"{n}\""), 1);
        let line = line.replacen("\"sequence\":1,", &format!("\"sequence\":{n},"), 1).replacen(ORIGIN, &prev, 1);
        prev = String::from_utf8_lossy(&breach::register::line::hex(line.as_bytes())).into_owned();
        format!("{{\"hash\":\"{prev}\",{line}").into_bytes()
    };
    (1..=entries).map(line).collect()
}

/// However many cores read it, a list has every entry, in order, and the first fault is named by its line.
#[test]
fn a_register_read_by_several_cores_is_the_same() {
    const ENTRIES: usize = 400;
    let desk = Desk::new();
    let good = long(&desk, ENTRIES as u64);
    assert!(good.concat().len() > 5 << 22);
    let list = |lines: &[Vec<u8>], code: i32| {
        fs::write(desk.register(), lines.concat()).expect("a file");
        desk.ends(code, &["list", "--now", NOW, "--format", "csv", "--columns", "sequence,id"])
    };
    let rows = |without: usize| (1..=ENTRIES).filter(|n| *n != without).map(|n| format!("{n},{n}\n")).collect::<String>();
    assert_eq!(list(&good, 0), (format!("sequence,id\n{}", rows(0)), String::new()));
    let torn = [&good[..], &[good[7][..40_000].to_vec()]].concat();
    assert_eq!(list(&torn, 0), (format!("sequence,id\n{}", rows(0)), String::new()));
    desk.ends(0, &["verify"]);
    for at in [0, 1, 68, 69, 70, 71, 139, 200, 333, ENTRIES - 2] {
        let mut gone = good.clone();
        gone.remove(at);
        let (out, err) = list(&gone, 0);
        assert_eq!(out, format!("sequence,id\n{}", rows(at + 1)));
        assert!(err.contains(&format!("line {}: ", at + 1)), "{at}: {err}");
        // of several faults the first counts
        if at + 3 < ENTRIES {
            gone.swap(ENTRIES - 3, ENTRIES - 2);
            assert_eq!(list(&gone, 0).1, err);
        }
        let mut other = good.clone();
        other[at] = b"{}\n".to_vec();
        other[ENTRIES - 1] = b"{}\n".to_vec();
        let (out, err) = list(&other, 1);
        assert!(out.is_empty() && err.contains(&format!("line {}: this is no entry", at + 1)), "{at}: {err}");
    }
}

/// What the README shows, as it stands there, by tools that know nothing of this program.
#[test]
fn standard_tools_recompute_the_chain() {
    let desk = Desk::new();
    let heads = desk.three();
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let part = readme.split("\n## ").find(|part| part.starts_with("The register")).expect("a chapter about the register");
    let mut checked = 0;
    for (mark, shell) in [("```sh\n", "sh"), ("```python\n", "python3")] {
        let script = part.split(mark).nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_else(|| panic!("a block of {shell}"));
        let check = || Command::new(shell).args(["-c", script]).current_dir(desk.path()).output();
        let Ok(output) = check() else {
            println!("no {shell} here");
            continue;
        };
        let (out, err) = texts(&output);
        assert!(output.status.success() && out.contains(&heads[2]), "{shell}: {out}{err}");
        let good = desk.bytes();
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 1;
        let l = lines(&good);
        for bytes in [bad, [&l[0][..], &l[2]].concat(), [&l[0][..], &l[1], &l[1]].concat()] {
            fs::write(desk.register(), &bytes).expect("a file");
            let output = check().expect("it ran before");
            let (out, err) = texts(&output);
            assert!(!output.status.success(), "{shell} found nothing: {out}{err}");
        }
        fs::write(desk.register(), good).expect("a file");
        checked += 1;
    }
    assert!(checked > 0, "neither a shell nor Python");
}
