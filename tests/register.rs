//! What the register holds and shows: entries, lists, exports, and what must not get in.

#![allow(clippy::print_stdout, reason = "what was measured, and what could not be")]

#[path = "support/register.rs"]
mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Desk, NOW, incident, lines, no_breach};

/// The last line of the register.
fn last(desk: &Desk) -> Value {
    serde_json::from_slice(lines(&desk.bytes()).last().expect("an entry")).expect("JSON")
}

/// The ids that a list shows, in its order.
#[track_caller]
fn listed(desk: &Desk, more: &[&str]) -> Vec<String> {
    let now: &[&str] = if more.contains(&"--now") { &[] } else { &["--now", NOW] };
    let (out, _) = desk.ends(0, &[&["list", "--format", "json", "--columns", "id,sequence"], now, more].concat());
    let all = serde_json::Deserializer::from_str(&out).into_iter::<Value>();
    all.map(|v| v.expect("JSON")["id"].as_str().expect("an id").to_owned()).collect()
}

// ---------------------------------------------------------------------------------------------------------------------------------- entries

#[test]
fn an_entry_holds_what_the_law_asks_for_and_all_it_rests_on() {
    let desk = Desk::new();
    let mut full = incident("2026-1");
    full["description"] = "Facts of it".into();
    full["event"] = json!({"kind": ["phishing"], "cause": "external-malicious"});
    full["subjects"] = json!({"count": 12, "records": "unknown", "groups": ["customers"]});
    full["timeline"]["delay_reason"] = "The office was flooded".into();
    full["notification"] = json!({"consequences": ["Spam"], "measures_before": ["Training"], "measures_taken": ["Reset"], "measures_planned": ["Keys"], "advice": ["Look out"]});
    full["procedure"] = json!({"policy": "Rules, 4", "followed": false});
    full["decision"] = json!({"risk": "high", "why": "Careful", "by": "management", "dpo_advice": "Tell them"});
    desk.write("full.json", &full);
    desk.add("full.json");
    let line = last(&desk);
    let (entry, record) = (&line["entry"], &line["record"]);
    assert_eq!(entry["format"], "breach-register/1");
    assert_eq!((&entry["sequence"], &entry["recorded_at"], &entry["kind"]), (&json!(1), &json!(NOW), &json!("breach")));
    assert_eq!((&entry["people"], &entry["records"], &entry["decided"]), (&json!(12), &Value::Null, &json!("high")));
    assert_eq!(entry["procedure"], json!({"policy": "Rules, 4", "followed": false}));
    assert_eq!(record["facts"], "Facts of it");
    assert_eq!(record["effects"], json!(["Spam"]));
    assert_eq!(record["measures"], json!({"before": ["Training"], "taken": ["Reset"], "planned": ["Keys"], "advice": ["Look out"]}));
    assert_eq!(record["decision"], json!({"why": "Careful", "by": "management", "dpo_advice": "Tell them"}));
    assert_eq!(record["delay_reason"], "The office was flooded");
    assert_eq!(record["allowed"], json!([]));
    // the assessment is the one that `assess` gives, to the letter
    let assess = std::process::Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(["assess", "--format", "jsonl", "--now", NOW, "full.json"])
        .current_dir(desk.path())
        .output()
        .expect("it starts");
    let printed = String::from_utf8(assess.stdout).expect("a text");
    let text = String::from_utf8(desk.bytes()).expect("a text");
    assert!(text.contains(&format!("\"assessment\":{},\"incident\":{{", printed.trim_end())));
    // the incident can be scored again, and says all that the file said
    assert_eq!(line["incident"], full);
}

#[test]
fn settings_are_part_of_what_is_entered() {
    let desk = Desk::new();
    fs::write(desk.path().join("breach.toml"), "register = \"house/own.jsonl\"\n[procedure]\npolicy = \"House rules\"\n").expect("a file");
    fs::create_dir(desk.path().join("house")).expect("a folder");
    desk.add("a.json");
    let own = fs::read(desk.path().join("house/own.jsonl")).expect("the register of the settings");
    let line: Value = serde_json::from_slice(&own).expect("JSON");
    assert_eq!(line["entry"]["procedure"]["policy"], "House rules");
    assert_eq!(line["incident"]["procedure"]["policy"], "House rules");
    assert_eq!(listed(&desk, &[]), ["a"]);
    assert!(!desk.register().exists());
    desk.ends(0, &["add", "--no-config", "--now", NOW, "a.json"]);
    assert!(desk.register().exists());
    // an option goes before, on either side of the command
    desk.ends(0, &["--register", "x.jsonl", "add", "--now", NOW, "a.json"]);
    desk.ends(0, &["add", "--register", "x.jsonl", "--now", NOW, "a.json"]);
    assert_eq!(listed(&desk, &["--register", "x.jsonl", "--history"]), ["a", "a"]);
}

#[test]
fn a_case_file_is_entered_as_its_incident_and_a_folder_is_not() {
    let desk = Desk::new();
    let case = "[source]\ndocument = \"d\"\n[expected]\n[incident]\nformat = 1\nid = \"case\"\n[incident.data.simple]\nitems = [\"email\"]\n[incident.identification]\nlevel = \"limited\"\n[incident.confidentiality]\nloss = \"unknown\"\n";
    fs::write(desk.path().join("case.toml"), case).expect("a file");
    desk.add("case.toml");
    assert_eq!(last(&desk)["entry"]["id"], "case");
    let (_, err) = desk.ends(2, &["add", "."]);
    assert!(err.contains("folder"), "{err}");
    desk.ends(3, &["add", "missing.toml"]);
    desk.ends(2, &["add"]);
    let lossless = no_breach("x");
    desk.write("x.json", &lossless);
    let (_, err) = desk.ends(2, &["add", "--now", NOW, "x.json"]);
    assert!(err.contains("no personal data breach"), "{err}");
}

#[test]
fn a_later_state_takes_the_place_of_the_earlier_one() {
    let desk = Desk::new();
    desk.add("a.json");
    desk.add("b.json");
    let mut later = incident("a");
    later["timeline"]["authority_notified"] = "2026-11-21T10:00:00+01:00".into();
    desk.write("a.json", &later);
    desk.ends(0, &["add", "--now", "2026-11-23T10:00:00+01:00", "a.json"]);
    assert_eq!(listed(&desk, &[]), ["a", "b"]);
    assert_eq!(listed(&desk, &["--history"]), ["a", "a", "b"]);
    let (out, _) = desk.ends(0, &["show", "a", "--now", NOW]);
    let (first, third) = (out.find("Entry 1, 2026-11-22").expect("the history"), out.rfind("Entry 3, 2026-11-23").expect("the history"));
    assert!(first < third && !out.contains("Entry 2,"), "{out}");
    assert!(out.contains("State: done"), "{out}");
    let (out, _) = desk.ends(0, &["show", "a", "--format", "json"]);
    let all = lines(&desk.bytes());
    assert_eq!(out.as_bytes(), [&all[0][..], &all[2]].concat());
    let (out, err) = desk.ends(2, &["show", "no such"]);
    assert!(out.is_empty() && err.contains("no such"), "{err}");
}

#[test]
fn the_time_is_that_of_the_country() {
    let desk = Desk::new();
    desk.ends(0, &["add", "--now", "2026-11-22T09:00:00Z", "a.json"]);
    assert_eq!(last(&desk)["entry"]["recorded_at"], NOW);
    desk.ends(0, &["add", "--now", "2026-07-01T23:30:00-05:00", "--not-a-breach", "none.json"]);
    assert_eq!(last(&desk)["entry"]["recorded_at"], "2026-07-02T04:30:00+00:00");
}

// ---------------------------------------------------------------------------------------------------------------------------------- no breach

#[test]
fn what_was_no_breach_is_entered_with_its_reasons() {
    let desk = Desk::new();
    let (out, _) = desk.ends(0, &["add", "--not-a-breach", "--now", NOW, "none.json"]);
    assert!(out.starts_with("added none, head: "), "{out}");
    let line = last(&desk);
    assert_eq!((&line["entry"]["kind"], &line["assessment"], &line["entry"]["outcome"]), (&json!("not-a-breach"), &Value::Null, &Value::Null));
    assert_eq!(line["record"]["decision"]["why"], "The parcel was found unopened in our own store.");
    let (out, _) = desk.ends(0, &["list", "--now", NOW]);
    assert!(out.contains("not a breach"), "{out}");
    assert!(desk.ends(0, &["show", "none"]).0.contains("found unopened in our own store"));
    assert!(desk.ends(0, &["export", "--format", "markdown"]).0.contains("found not to be a personal data breach"));
    desk.ends(0, &["reassess"]);
    // a whole file with data and identification is as good
    let mut full = incident("full");
    full["confidentiality"]["loss"] = "none".into();
    full["decision"] = json!({"why": "Encrypted copy of public data", "risk": "unlikely"});
    desk.write("full.json", &full);
    desk.ends(0, &["add", "--not-a-breach", "--now", NOW, "full.json"]);
}

#[test]
fn a_breach_is_never_entered_as_none() {
    let desk = Desk::new();
    let refused = |change: &dyn Fn(&mut Value), code: i32, about: &str| {
        let mut file = no_breach("x");
        change(&mut file);
        desk.write("x.json", &file);
        let (out, err) = desk.ends(code, &["add", "--not-a-breach", "--now", NOW, "x.json"]);
        assert!(out.is_empty() && err.contains(about), "{about}: {err}");
        assert!(!desk.register().exists());
    };
    for table in ["confidentiality", "integrity", "availability"] {
        for loss in ["unknown", "recoverable"] {
            if (table, loss) != ("confidentiality", "recoverable") {
                refused(&|f| f[table]["loss"] = loss.into(), 2, "so this is a personal data breach");
            }
        }
    }
    refused(&|f| f["confidentiality"]["loss"] = "no-evidence".into(), 2, "so this is a personal data breach");
    refused(&|f| f["decision"] = json!({}), 2, "decision.why");
    refused(&|f| f["decision"]["why"] = "  ".into(), 2, "decision.why");
    refused(&|f| f["decision"]["risk"] = "high".into(), 2, "has no risk of one");
    refused(&|f| f["id"] = "".into(), 2, "`id` is missing");
    // no loss is named, but the answers speak of one
    refused(&|f| f["confidentiality"]["exfiltration"] = "taken".into(), 1, "other answers speak of one");
    refused(&|f| f["confidentiality"]["further_use"] = true.into(), 1, "other answers speak of one");
}

// ---------------------------------------------------------------------------------------------------------------------------------- personal data

/// A valid PESEL of nobody.
const PESEL: &str = "44051401359";

#[test]
fn personal_data_stop_the_entry_until_taken_out_or_allowed() {
    let desk = Desk::new();
    let mut file = incident("p");
    file["description"] = format!("The sheet named {PESEL}.").into();
    file["notification"] = json!({"measures_taken": ["Asked jan.kowalski@poczta.example.pl to delete it"]});
    desk.write("p.json", &file);
    let (out, err) = desk.ends(1, &["add", "--now", NOW, "p.json"]);
    assert!(out.is_empty() && !desk.register().exists());
    assert!(err.contains("description, character 17: 4…9") && err.contains("notification.measures_taken[0]"), "{err}");
    assert!(!err.contains(PESEL) && !err.contains("kowalski"), "{err}");
    // each by itself
    let one = ["add", "--now", NOW, "--allow", "description=number of a published case", "p.json"];
    let (_, err) = desk.ends(1, &one);
    assert!(!err.contains("description,") && err.contains("notification.measures_taken[0]"), "{err}");
    let two = [
        "add",
        "--now",
        NOW,
        "--allow",
        "description=number of a published case",
        "--allow",
        "notification.measures_taken[0]=our own lawyer",
        "p.json",
    ];
    desk.ends(0, &two);
    let allowed = &last(&desk)["record"]["allowed"];
    let expected = json!([
        {"path": "description", "place": 17, "kind": "pesel", "masked": "4…9", "reason": "number of a published case"},
        {"path": "notification.measures_taken[0]", "place": 7, "kind": "e-mail", "masked": "j…@…l", "reason": "our own lawyer"},
    ]);
    assert_eq!(*allowed, expected);
    assert!(desk.ends(0, &["show", "p"]).0.contains("number of a published case"));
}

#[test]
fn of_several_in_one_text_one_may_be_meant() {
    let desk = Desk::new();
    let mut file = incident("p");
    file["description"] = format!("{PESEL} and {PESEL}").into();
    desk.write("p.json", &file);
    desk.ends(1, &["add", "--now", NOW, "--allow", "description:1=why not", "p.json"]);
    let (_, err) = desk.ends(1, &["add", "--now", NOW, "--allow", "description:2=why not", "p.json"]);
    assert!(err.contains("--allow description: nothing was found there"), "{err}");
    desk.ends(0, &["add", "--now", NOW, "--allow", "description:1=first", "--allow", "description:17=second", "p.json"]);
    assert_eq!(last(&desk)["record"]["allowed"][1]["reason"], "second");
    // one by one: the text alone does not say which
    let (_, err) = desk.ends(1, &["add", "--now", NOW, "--allow", "description=both", "p.json"]);
    assert!(err.contains("--allow 'description:1=REASON'") && err.contains("--allow 'description:17=REASON'"), "{err}");
    assert!(!err.contains("nothing was found"), "{err}");
}

/// A number that is a person's is not told again by what refuses it.
#[test]
fn an_incident_numbered_by_a_person_is_refused_without_naming_them() {
    let desk = Desk::new();
    desk.write("p.json", &incident(PESEL));
    let (_, err) = desk.ends(1, &["add", "--now", NOW, "p.json"]);
    assert!(err.contains("id, character 1: 4…9") && !err.contains(PESEL), "{err}");
}

#[test]
fn an_allowance_has_a_reason_without_personal_data_and_something_to_allow() {
    let desk = Desk::new();
    for bad in ["description", "description=", "=why", "description:x=why"] {
        desk.ends(2, &["add", "--now", NOW, "--allow", bad, "a.json"]);
    }
    let reason = format!("description=it is {PESEL}");
    let (_, err) = desk.ends(2, &["add", "--now", NOW, "--allow", &reason, "a.json"]);
    assert!(err.contains("4…9") && !err.contains(PESEL.split_at(5).1), "{err}");
    assert!(!desk.register().exists());
    let (_, err) = desk.ends(0, &["add", "--now", NOW, "--allow", "title=not needed", "a.json"]);
    assert!(err.contains("nothing was found there"), "{err}");
    assert_eq!(last(&desk)["record"]["allowed"], json!([]));
}

#[test]
fn no_text_of_an_entry_is_left_unsearched() {
    let desk = Desk::new();
    // the name of the file is part of the entry
    let name = format!("scan-{PESEL}.json");
    desk.write(&name, &incident("p"));
    let (_, err) = desk.ends(1, &["add", "--now", NOW, &name]);
    assert!(err.contains("input, character 6: 4…9"), "{err}");
    desk.ends(0, &["add", "--now", NOW, "--allow", "input=name given by the scanner", &name]);
    for (pointer, value) in
        [("id", json!(PESEL)), ("related", json!([PESEL])), ("decision", json!({"why": PESEL})), ("procedure", json!({"why": PESEL}))]
    {
        let mut file = incident("p");
        file[pointer] = value;
        desk.write("p.json", &file);
        let (_, err) = desk.ends(1, &["add", "--now", NOW, "p.json"]);
        assert!(err.contains(pointer) && err.contains("4…9"), "{pointer}: {err}");
    }
    let mut none = no_breach("n");
    none["decision"]["why"] = PESEL.into();
    desk.write("n.json", &none);
    desk.ends(1, &["add", "--not-a-breach", "--now", NOW, "n.json"]);
    // the controller's own contact may be there
    let mut file = incident("own");
    file["notification"] = json!({"contact": {"name": "Office", "email": "dpo@example.org", "phone": "+48 601 234 567"}});
    desk.write("own.json", &file);
    desk.add("own.json");
}

// ---------------------------------------------------------------------------------------------------------------------------------- lists

/// Incidents in several states; `NOW` is past the deadline of `late` alone.
fn several() -> Desk {
    let desk = Desk::new();
    let add = |id: &str, now: &str, change: &dyn Fn(&mut Value)| {
        let mut file = incident(id);
        change(&mut file);
        desk.write("x.json", &file);
        desk.ends(0, &["add", "--now", now, "x.json"]);
    };
    add("late", "2026-11-10T10:00:00+01:00", &|f| f["timeline"]["aware"] = "2026-11-10T09:00:00+01:00".into());
    add("open", "2026-11-21T10:00:00+01:00", &|f| f["title"] = "Zgubiona TECZKA".into());
    add("done", "2026-11-21T11:00:00+01:00", &|f| {
        f["timeline"]["authority_notified"] = "2026-11-21T10:00:00+01:00".into();
        f["procedure"] = json!({"policy": "Rules", "followed": true});
    });
    add("high", "2026-11-21T12:00:00+01:00", &|f| {
        f["data"] = json!({"sensitive": {"items": ["health"]}});
        f["related"] = json!(["late"]);
    });
    add("phases", "2026-11-22T09:00:00+01:00", &|f| f["authority_notices"] = json!([{"sent": "2026-11-21T10:00:00+01:00", "kind": "initial"}]));
    desk.ends(0, &["add", "--not-a-breach", "--now", NOW, "none.json"]);
    desk
}

#[test]
fn filters_let_through_what_they_say() {
    let desk = several();
    // what is related stands together, where the first of them stands
    assert_eq!(listed(&desk, &[]), ["late", "high", "open", "done", "phases", "none"]);
    assert_eq!(listed(&desk, &["--open"]), ["late", "high", "open", "phases"]);
    assert_eq!(listed(&desk, &["--overdue"]), ["late"]);
    assert_eq!(listed(&desk, &["--overdue", "--now", "2026-11-24T10:00:00+01:00"]), ["late", "high", "open"]);
    assert_eq!(listed(&desk, &["--overdue", "--now", "2026-11-12T10:00:00+01:00"]), Vec::<String>::new());
    assert_eq!(listed(&desk, &["--outcome", "notify-data-subjects"]), ["high"]);
    assert_eq!(listed(&desk, &["--outcome", "notify-data-subjects", "--outcome", "notify-authority"]), ["late", "high", "open", "done", "phases"]);
    assert_eq!(listed(&desk, &["--level", "very-high"]), ["high"]);
    assert_eq!(listed(&desk, &["--since", "2026-11-22"]), ["phases", "none"]);
    assert_eq!(listed(&desk, &["--since", "2026-11-21T11:00:00+01:00"]), ["high", "done", "phases", "none"]);
    assert_eq!(listed(&desk, &["--text", "zgubiona teczka"]), ["open"]);
    assert_eq!(listed(&desk, &["--text", "UNOPENED"]), ["none"]);
    assert_eq!(listed(&desk, &["--open", "--text", "title", "--since", "2026-11-21"]), ["high", "phases"]);
    for bad in [["--outcome", "nothing"], ["--level", "5"], ["--since", "yesterday"], ["--since", "2026-11-21T11:00:00"], ["--columns", "id,nope"]] {
        desk.ends(2, &[&["list"], &bad[..]].concat());
    }
    let (out, err) = desk.ends(0, &["list", "--text", "nowhere"]);
    assert!(out.is_empty() && err.contains("No entry"), "{err}");
}

#[test]
fn a_list_for_a_person_has_a_line_each() {
    let desk = several();
    let (out, _) = desk.ends(0, &["list", "--now", NOW]);
    let rows: Vec<&str> = out.lines().collect();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|row| row.chars().count() <= 100), "{out}");
    assert!(rows[0].starts_with("Number") && rows[0].contains("Policy"), "{out}");
    assert!(rows[1].starts_with("late") && rows[1].contains("OVERDUE"), "{out}");
    assert!(rows[2].starts_with("+ high"), "{out}");
    assert!(rows[4].starts_with("done") && rows[4].contains("yes"), "{out}");
    let (out, _) = desk.ends(0, &["list", "--now", NOW, "--columns", "state,id", "--since", "2026-11-22"]);
    assert_eq!(out, "State         Number\nin phases     phases\nnot a breach  none\n");
}

/// What is for people is in their language, down to the words of the format; what is for programs keeps these.
#[test]
fn words_are_named_in_the_readers_language() {
    let desk = several();
    let columns = ["--columns", "outcome,level,items,data", "--text", "teczka", "--now", NOW];
    for (lang, names) in [
        ("pl", ["zgłosić organowi", "niski", "imię i nazwisko; adres e-mail", "dane zwykłe"]),
        ("hu", ["bejelentés a hatóságnak", "alacsony", "teljes név; e-mail-cím", "egyszerű adatok"]),
    ] {
        let (out, _) = desk.ends(0, &[&["list", "--lang", lang][..], &columns].concat());
        assert!(names.iter().all(|name| out.contains(name)) && !out.contains("full-name"), "{out}");
        let (out, _) = desk.ends(0, &["export", "--format", "markdown", "--lang", lang, "--now", NOW]);
        assert!(out.contains(&names[2].replace("; ", ", ")) && !out.contains("full-name"), "{out}");
        let (out, _) = desk.ends(0, &[&["list", "--lang", lang, "--format", "csv"][..], &columns].concat());
        assert_eq!(out, "outcome,level,items,data\nnotify-authority,low,full-name; email,simple\n");
    }
}

#[test]
fn lists_for_programs_have_every_column() {
    let desk = several();
    let (out, _) = desk.ends(0, &["list", "--now", NOW, "--format", "json", "--text", "teczka"]);
    let row: Value = serde_json::from_str(&out).expect("one object");
    for (key, value) in [
        ("id", json!("open")),
        ("sequence", json!(2)),
        ("entries", json!(1)),
        ("kind", json!("breach")),
        ("state", json!("open")),
        ("open", json!(true)),
        ("overdue", json!(false)),
        ("deadline", json!("2026-11-23T16:40:00+01:00")),
        ("followed", Value::Null),
        ("data", json!(["simple"])),
        ("items", json!(["full-name", "email"])),
        ("level", json!("low")),
        ("outcome", json!("notify-authority")),
        ("superseded", json!(false)),
    ] {
        assert_eq!(row[key], value, "{key}");
    }
    let (out, _) = desk.ends(0, &["list", "--now", NOW, "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let order: Vec<usize> = header.iter().map(|name| out.find(name).expect("it stands there")).collect();
    assert!(order.is_sorted() && row.as_object().expect("an object").keys().all(|key| header.iter().any(|name| name == key)));
    assert_eq!(reader.records().count(), 6);
    let (out, _) = desk.ends(0, &["list", "--now", NOW, "--format", "csv", "--columns", "hash,id", "--text", "teczka"]);
    assert!(out.starts_with("hash,id\n") && out.trim_end().ends_with(",open"), "{out}");
}

// ---------------------------------------------------------------------------------------------------------------------------------- again

#[test]
fn other_tables_other_decisions() {
    let desk = several();
    let before = desk.bytes();
    let (out, _) = desk.ends(0, &["reassess"]);
    assert_eq!(out, "scored again: 5, other decisions: 0, not readable: 0, inconsistent: 0\n");
    // the level alone is low: nothing would have to be notified
    let (out, _) = desk.ends(1, &["reassess", "--practice", "plain"]);
    assert!(out.contains("entry 2, open") && out.contains("outcome notify-authority then, register-only now"), "{out}");
    assert!(out.contains("another practice table: pl-uodo 1") && out.contains("rule default-notify: raise to risk then, none now"), "{out}");
    let (out, _) = desk.ends(1, &["reassess", "--practice", "plain", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect("one document");
    assert_eq!((&report["format"], &report["entries"]), (&json!("breach-reassess/1"), &json!(5)));
    assert_eq!(report["differs"][0]["tables"][0]["kind"], "practice");
    assert_eq!(desk.bytes(), before, "the register was written to");
}

#[test]
fn the_same_answers_decided_otherwise_are_found() {
    let desk = Desk::new();
    desk.three();
    desk.ends(0, &["reassess"]);
    let mut other = incident("d");
    other["decision"] = json!({"risk": "high", "why": "Better safe"});
    desk.write("d.json", &other);
    desk.add("d.json");
    let (out, _) = desk.ends(1, &["reassess"]);
    assert!(out.contains("entry 4, d: the same answers as entry 1, a, decided otherwise: risk high"), "{out}");
    // a later state of the same incident is no inconsistency, and what it took the place of counts no more
    desk.write("d.json", &incident("d"));
    desk.add("d.json");
    desk.ends(0, &["reassess"]);
    desk.ends(1, &["reassess", "--history"]);
}

/// What a file of `tests/register/unreadable` does to the second of three entries, and what must be said of it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    what: String,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    with: Value,
    says: Vec<String>,
}

/// A register in which a table or a key of the second entry is another, its chain sound: as some other version of the program may have written it.
fn written_otherwise(bytes: &[u8], case: &Case) -> Vec<u8> {
    let mut prev = "0".repeat(64);
    let mut all = Vec::new();
    for (i, line) in lines(bytes).iter().enumerate() {
        let mut value: Value = serde_json::from_slice(line).expect("JSON");
        if i == 1 {
            lay_over(&mut value, &case.with);
            for path in &case.without {
                let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
                let table = table.split('.').filter(|t| !t.is_empty()).fold(&mut value, |v, key| &mut v[key]);
                table.as_object_mut().and_then(|t| t.remove(key)).expect("it was there");
            }
        }
        // format and number stand first
        let entry = value["entry"].as_object_mut().expect("a table");
        entry.retain(|key, _| key != "format" && key != "sequence");
        let start = format!("{{\"format\":\"breach-register/1\",\"sequence\":{},", i + 1);
        let entry = start + &value["entry"].to_string()[1..];
        let parts = ["record", "assessment", "incident"].map(|key| value.get(key).map(|v| format!(",\"{key}\":{v}")).unwrap_or_default()).concat();
        let hashed = format!("\"prev\":\"{prev}\",\"entry\":{entry}{parts}}}\n");
        prev = String::from_utf8_lossy(&breach::register::line::hex(hashed.as_bytes())).into_owned();
        all.extend_from_slice(format!("{{\"hash\":\"{prev}\",{hashed}").as_bytes());
    }
    all
}

fn lay_over(value: &mut Value, with: &Value) {
    match (value, with) {
        (Value::Object(value), Value::Object(with)) => with.iter().for_each(|(key, with)| lay_over(value.entry(key).or_insert(Value::Null), with)),
        (_, Value::Null) => {}
        (value, with) => *value = with.clone(),
    }
}

/// An entry that the program of today cannot score again is told as such, and everything else goes on as if it were not there.
#[test]
fn what_cannot_be_scored_again_is_told_and_nothing_is_lost() {
    let folder = std::path::Path::new("tests/register/unreadable");
    let mut cases = 0;
    for file in fs::read_dir(folder).expect("the cases") {
        let file = file.expect("a file").path();
        let case: Case = toml::from_str(&fs::read_to_string(&file).expect("a text")).expect("a case");
        let what = format!("{}: {}", file.display(), case.what);
        let desk = Desk::new();
        desk.three();
        let bytes = written_otherwise(&desk.bytes(), &case);
        fs::write(desk.register(), &bytes).expect("a file");
        desk.ends(0, &["verify"]);
        let (out, _) = desk.ends(1, &["reassess"]);
        assert!(out.ends_with("scored again: 2, other decisions: 0, not readable: 1, inconsistent: 0\n"), "{what}: {out}");
        for says in case.says.iter().map(String::as_str).chain(["entry 2, b: cannot be scored again"]) {
            assert!(out.contains(says), "{what}: {out}");
        }
        let (json, _) = desk.ends(1, &["reassess", "--format", "json", "--lang", "hu"]);
        let report: Value = serde_json::from_str(&json).expect("one document");
        assert_eq!((&report["entries"], &report["unreadable"][0]["sequence"], &report["unreadable"][0]["id"]), (&json!(2), &json!(2), &json!("b")));
        assert!(case.says.iter().all(|says| report["unreadable"][0]["problems"].to_string().contains(says.as_str())), "{what}: {json}");
        // it is listed, shown and exported as it was entered
        assert_eq!(listed(&desk, &[]), ["a", "b", "c"], "{what}");
        assert!(desk.ends(0, &["show", "b", "--now", NOW]).0.starts_with("b  A title\n"), "{what}");
        for format in ["markdown", "html", "csv"] {
            assert!(desk.ends(0, &["export", "--now", NOW, "--format", format]).0.contains("A title"), "{what}");
        }
        // a later state of it, which can be read, takes its place
        desk.add("b.json");
        desk.ends(0, &["reassess"]);
        assert!(desk.bytes().starts_with(&bytes), "{what}");
        cases += 1;
    }
    assert!(cases >= 8);
}

/// Whatever is entered says the same when it is scored again with the same tables: nothing gets lost on the way into the register.
#[test]
fn every_example_and_case_comes_out_as_it_went_in() {
    let desk = Desk::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["examples", "tests/cases", "tests/bad/good"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|e| e == "toml" || e == "json") {
                all.push(path);
            }
        }
    }
    all.sort();
    let mut entered = 0;
    for path in &all {
        // some hold made-up numbers; those are for the search to stop
        let output = desk.run(&["add", "--now", NOW, path.to_str().expect("a text")]);
        entered += usize::from(output.status.code() == Some(0));
    }
    assert!(entered > 70, "only {entered} of {}", all.len());
    desk.ends(0, &["verify"]);
    let (out, _) = desk.ends(0, &["list", "--format", "json", "--history"]);
    assert_eq!(serde_json::Deserializer::from_str(&out).into_iter::<Value>().count(), entered);
    let report: Value =
        serde_json::from_str(&desk.run(&["reassess", "--history", "--format", "json"]).stdout.iter().map(|b| *b as char).collect::<String>())
            .expect("JSON");
    assert_eq!((&report["entries"], &report["differs"], &report["unreadable"]), (&json!(entered), &json!([]), &json!([])));
}

// ---------------------------------------------------------------------------------------------------------------------------------- exports

/// What each format might take for something else than text.
const HOSTILE: [&str; 8] = [
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+1+1\t@SUM(A1)",
    "<script>alert(1)</script><img src=x onerror=y>",
    "](https://evil.example) **bold** `code` | cell | <b>",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{202e}desrever\u{2066}",
    "line\nState: done\n# heading\r\n- item",
    "{id} {hash} ]]> --> </style>",
];

fn hostile() -> Desk {
    let desk = Desk::new();
    for (i, text) in HOSTILE.iter().enumerate() {
        let mut file = incident(&format!("{text}{i}"));
        file["title"] = (*text).into();
        file["description"] = (*text).into();
        file["controller"]["name"] = (*text).into();
        file["related"] = json!([text]);
        file["subjects"] = json!({"groups": [text]});
        file["notification"] = json!({"consequences": [text], "measures_taken": [text, text], "advice": [text]});
        file["procedure"] = json!({"policy": text});
        file["timeline"]["delay_reason"] = (*text).into();
        file["decision"] = json!({"risk": "high", "why": text, "by": text, "dpo_advice": text});
        desk.write("x.json", &file);
        let (out, err) = desk.ends(0, &["add", "--now", NOW, "x.json"]);
        assert!(out.lines().count() == 1 && err.is_empty(), "{out}{err}");
        // refused, it says as little
        file["why"] = PESEL.into();
        desk.write("y.json", &file);
        let (out, err) = desk.ends(1, &["add", "--now", NOW, "y.json"]);
        assert!(out.is_empty() && err.lines().count() == 2 && !err.contains('\u{1b}'), "{err}");
    }
    desk
}

/// Whether a character turns the direction of writing.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn hostile_texts_stay_texts_in_every_form() {
    let desk = hostile();
    let first = format!("{}0", HOSTILE[0]);
    let runs: [&[&str]; 8] = [
        &["list", "--now", NOW],
        &["list", "--now", NOW, "--columns", "facts,effects,why"],
        &["list", "--format", "csv"],
        &["list", "--format", "json"],
        &["export", "--format", "html"],
        &["export", "--format", "markdown"],
        &["export", "--format", "csv"],
        &["show", &first],
    ];
    for args in runs {
        let (out, err) = desk.ends(0, args);
        // JSON holds a text as it is, but for what JSON itself escapes
        let is_json = args.contains(&"json");
        for c in (out.clone() + &err).chars().filter(|c| *c != '\n') {
            assert!(!c.is_control() && (is_json || !turns(c)), "{args:?}: {c:?}");
        }
        assert!(!out.lines().any(|line| line.starts_with("State: done") || line.starts_with("# heading")), "{args:?}: {out}");
    }
    for args in [["list", "--format=csv"], ["export", "--format=csv"]] {
        let (out, _) = desk.ends(0, &args);
        let mut reader = csv::Reader::from_reader(out.as_bytes());
        for cell in reader.records().flat_map(|r| r.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>()) {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
    }
    let (html, _) = desk.ends(0, &["export", "--format", "html"]);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let page = roxmltree::Document::parse_with_options(&html, options).expect("well-formed");
    for forbidden in ["script", "img", "a", "b", "link", "iframe"] {
        assert!(!page.descendants().any(|n| n.has_tag_name(forbidden)), "<{forbidden}>");
    }
    assert!(!html.contains("onerror=\"") && html.contains("default-src 'none'"));
    assert!(page.descendants().any(|n| n.text().is_some_and(|t| t.contains("<script>alert(1)</script>"))));
    let (markdown, _) = desk.ends(0, &["export", "--format", "markdown"]);
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.shortcodes = true;
    options.render.r#unsafe = true;
    let read = comrak::markdown_to_html(&markdown, &options);
    for forbidden in ["<script", "<img", "<a ", "<b>", "<h1>heading", "<em>"] {
        assert!(!read.contains(forbidden), "{forbidden}: {read}");
    }
}

#[test]
fn an_export_has_every_incident_the_years_and_a_picture() {
    let desk = several();
    let (html, _) = desk.ends(0, &["export", "--now", NOW]);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let page = roxmltree::Document::parse_with_options(&html, options).expect("well-formed");
    let texts: Vec<String> = page.descendants().filter(|n| n.has_tag_name("h4")).filter_map(|n| n.text().map(str::to_owned)).collect();
    assert_eq!(texts.len(), 6, "{texts:?}");
    assert_eq!(page.descendants().filter(|n| n.has_tag_name("svg") || n.has_tag_name(("http://www.w3.org/2000/svg", "svg"))).count(), 1);
    assert!(html.contains("2026: 6 (Found not to be a breach: 1, Authority: 4, Authority and people: 1)."), "the picture in words");
    let head = support::head(&desk.ends(0, &["verify"]).0);
    for format in ["html", "markdown"] {
        let (out, _) = desk.ends(0, &["export", "--now", NOW, "--format", format]);
        assert!(out.contains(&head) && out.contains("art. 33(5)"), "{format}");
        assert_eq!(out, desk.ends(0, &["export", "--now", NOW, "--format", format]).0, "the same register, other bytes");
    }
    let (out, _) = desk.ends(0, &["export", "--format", "csv"]);
    assert_eq!(csv::Reader::from_reader(out.as_bytes()).records().count(), 6);
    let (out, _) = desk.ends(0, &["export", "--format", "csv", "--open", "--now", NOW]);
    assert_eq!(csv::Reader::from_reader(out.as_bytes()).records().count(), 4);
    // an empty register is one, too
    fs::write(desk.register(), "").expect("a file");
    for format in ["html", "markdown", "csv"] {
        assert!(!desk.ends(0, &["export", "--format", format]).0.is_empty());
    }
}

#[test]
fn a_workbook_holds_texts_only_as_texts_and_is_the_same_every_time() {
    let desk = hostile();
    desk.ends(0, &["export", "--format", "xlsx", "-o", "one.xlsx"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    desk.ends(0, &["export", "--format", "xlsx", "-o", "two.xlsx"]);
    let bytes = fs::read(desk.path().join("one.xlsx")).expect("a workbook");
    assert!(bytes.starts_with(b"PK"));
    assert_eq!(bytes, fs::read(desk.path().join("two.xlsx")).expect("a workbook"));
    let script = "import zipfile,sys,re\nz=zipfile.ZipFile('one.xlsx')\nfor n in z.namelist():\n    t=z.read(n).decode()\n    assert '<f>' not in t or 'chart' in n, n\n    assert 'hyperlink' not in n.lower() and '<hyperlink' not in t, n\n    import xml.dom.minidom as m; m.parseString(t.encode())\nprint(len(z.namelist()))";
    match std::process::Command::new("python3").args(["-c", script]).current_dir(desk.path()).output() {
        Ok(output) => assert!(output.status.success(), "{}", support::texts(&output).1),
        Err(_) => println!("skipped: no Python to look into the workbook"),
    }
}

#[test]
fn results_go_to_a_file_whole_or_not_at_all() {
    let desk = several();
    for args in [vec!["list"], vec!["show", "open"], vec!["verify"], vec!["export"], vec!["reassess"]] {
        fs::write(desk.path().join("out"), "old").expect("a file");
        let (printed, _) = desk.ends(0, &[&args[..], if args[0] == "reassess" || args[0] == "verify" { &[] } else { &["--now", NOW] }].concat());
        desk.ends(0, &[&args[..], if args[0] == "reassess" || args[0] == "verify" { &[] } else { &["--now", NOW] }, &["-o", "out"]].concat());
        assert_eq!(fs::read_to_string(desk.path().join("out")).expect("a file"), printed, "{args:?}");
    }
    fs::write(desk.path().join("out"), "old").expect("a file");
    desk.ends(2, &["show", "nobody", "-o", "out"]);
    desk.ends(3, &["list", "--register", "missing.jsonl", "-o", "out"]);
    assert_eq!(fs::read_to_string(desk.path().join("out")).expect("a file"), "old");
}

/// A folder's walk takes a register for no incidents, whatever its name.
/// Nothing that the program writes takes the place of a register, whatever way it is named.
#[test]
fn results_never_take_the_place_of_a_register() {
    let desk = several();
    let before = desk.bytes();
    let mut names = vec!["register.jsonl", "./register.jsonl"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("register.jsonl", desk.path().join("link")).expect("a link");
        names.push("link");
    }
    for name in names {
        for args in [vec!["list"], vec!["show", "open"], vec!["verify"], vec!["export"], vec!["export", "--format", "xlsx"], vec!["reassess"]] {
            let (_, err) = desk.ends(2, &[&args[..], &["-o", name]].concat());
            assert!(err.contains("is a register"), "{args:?}: {err}");
        }
        let mut assess = std::process::Command::new(env!("CARGO_BIN_EXE_breach"));
        let output = assess.args(["assess", "open.json", "--now", NOW, "-o", name]).current_dir(desk.path()).env_clear().output().expect("it starts");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(desk.bytes(), before, "{name}");
    }
}

/// Its entries are entered already, and would be entered once more without end.
#[test]
fn a_register_is_not_entered_into_a_register() {
    let desk = several();
    let before = desk.bytes();
    fs::copy(desk.register(), desk.path().join("copy.jsonl")).expect("a copy");
    for file in ["register.jsonl", "copy.jsonl"] {
        let (_, err) = desk.ends(2, &["add", "--now", NOW, file]);
        assert!(err.contains("is a register"), "{err}");
    }
    let mut command = desk.command(&["add", "--now", NOW, "--input-format", "jsonl", "-"]);
    let output = command.stdin(fs::File::open(desk.register()).expect("a file")).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(desk.bytes(), before);
}

#[test]
fn a_register_among_incidents_is_no_incident() {
    let desk = Desk::new();
    fs::remove_file(desk.path().join("none.json")).expect("a file");
    desk.add("a.json");
    fs::copy(desk.register(), desk.path().join("house.jsonl")).expect("a copy");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(["assess", "--format", "jsonl", "--now", NOW, "."])
        .current_dir(desk.path())
        .output()
        .expect("it starts");
    let (out, err) = support::texts(&output);
    assert_eq!((output.status.code(), out.lines().count(), err.as_str()), (Some(0), 3, ""));
}
