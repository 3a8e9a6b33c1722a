//! `breach new` without a terminal: the template and what it starts from.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const NOW: &str = "2026-11-22T10:00:00+01:00";

struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

fn breach(folder: &Path, args: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // a program that asks nothing may have ended before it was told anything
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn assessed(folder: &Path, text: &str) -> Value {
    let run = breach(folder, &["assess", "--format", "json", "--now", NOW, "-"], text);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn the_template_can_be_assessed_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    for args in [&["new", "--template"][..], &["new"]] {
        let run = breach(folder.path(), args, "");
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{args:?}");
        assert!(run.stdout.starts_with("#:schema incident.schema.json\n"));
        let result = assessed(folder.path(), &run.stdout);
        assert_eq!(result["severity"]["ei"]["level"], "unknown");
        assert_eq!(result["severity"]["dpc"]["range"]["min"], 1);
    }
}

#[test]
fn the_template_filled_by_changing_only_its_values_gives_what_is_expected() {
    let folder = tempfile::tempdir().expect("a folder");
    let template = breach(folder.path(), &["new", "--template"], "").stdout;
    let mut table: toml::Table = template.parse().expect("TOML");
    let mut put = |path: &str, value: toml::Value| {
        let (tables, key) = path.rsplit_once('.').unwrap_or(("", path));
        let table = tables.split('.').filter(|t| !t.is_empty()).fold(&mut table, |t, key| t[key].as_table_mut().expect("a table"));
        assert!(table.contains_key(key), "{path} is not in the template");
        table.insert(key.to_owned(), value);
    };
    put("id", "2026-014".into());
    put("controller.country", "PL".into());
    put("data.simple.items", vec!["full-name", "national-id"].into());
    put("data.simple.affected", true.into());
    put("data.behavioural.affected", false.into());
    put("data.financial.items", vec!["income"].into());
    put("data.financial.affected", true.into());
    put("data.sensitive.affected", false.into());
    put("identification.level", "maximum".into());
    put("confidentiality.loss", "known-recipients".into());
    put("confidentiality.recipient", "ordinary".into());
    put("integrity.loss", "none".into());
    put("availability.loss", "none".into());
    put("intent.malicious", false.into());
    let result = assessed(folder.path(), &table.to_string());
    assert_eq!(result["severity"]["score"], 3.25);
    assert_eq!(result["severity"]["range"]["min"], 3.25);
    assert_eq!(result["decision"]["outcome"], "notify-data-subjects");
}

#[test]
fn a_file_that_is_there_stays_unless_forced() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("2026-014.toml");
    assert_eq!(breach(folder.path(), &["new", "--template", "2026-014.toml"], "").status, Some(0));
    assert!(fs::read_to_string(&file).expect("the file").contains("\nid = \"2026-014\"\n"));

    fs::write(&file, "mine").expect("written");
    let run = breach(folder.path(), &["new", "--template", "2026-014.toml"], "");
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("2026-014.toml is there already; --force"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&file).expect("the file"), "mine");

    assert_eq!(breach(folder.path(), &["new", "--template", "--force", "2026-014.toml"], "").status, Some(0));
    assert!(fs::read_to_string(&file).expect("the file").starts_with("#:schema"));
    assert_eq!(breach(folder.path(), &["new", "--template", "nowhere/x.toml"], "").status, Some(3));
    assert_eq!(breach(folder.path(), &["new", "--template", "x.json"], "").status, Some(2));
}

#[test]
fn an_earlier_incident_and_the_settings_give_who_is_who() {
    let folder = tempfile::tempdir().expect("a folder");
    let earlier = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/payroll-wrong-client.toml");
    let earlier = earlier.to_str().expect("UTF-8");
    fs::write(folder.path().join("breach.toml"), "country = \"HU\"\n[contact]\nname = \"A. B.\"\nemail = \"a@example.org\"\n").expect("settings");
    let run = breach(folder.path(), &["new", "--template", "--from", earlier], "");
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    let table: toml::Table = run.stdout.parse().expect("TOML");
    assert_eq!(table["controller"]["name"].as_str(), Some("Example Sp. z o.o."));
    assert_eq!(table["controller"]["country"].as_str(), Some("PL"));
    assert_eq!(table["processors"][0]["name"].as_str(), Some("Example Payroll GmbH"));
    assert_eq!(table["notification"]["contact"]["name"].as_str(), Some("A. B."));
    assert!(table["processors"][0].get("told_us").is_none());
    assert_eq!(table["subjects"]["count"].as_str(), Some("unknown"));
    assert!(table["timeline"].get("aware").is_none());
    assessed(folder.path(), &run.stdout);

    fs::write(folder.path().join("bad.toml"), "format = 1\n").expect("written");
    assert_eq!(breach(folder.path(), &["new", "--template", "--from", "bad.toml"], "").status, Some(2));
    assert_eq!(breach(folder.path(), &["new", "--template", "--from", "nowhere.toml"], "").status, Some(3));
}
