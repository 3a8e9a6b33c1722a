//! The house's settings as their user sees them: found upwards, named, refused, and never stronger than an incident's own words.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const NOW: &str = "2026-11-22T10:00:00+01:00";
const BARE: &str = "format = 1\nid = \"1\"\n\n[data.simple]\nitems = [\"full-name\"]\n\n[identification]\nlevel = \"maximum\"\n\n\
                    [confidentiality]\nloss = \"known-recipients\"\n";

struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

fn breach(folder: &Path, args: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_breach")).args(args).current_dir(folder).stdin(Stdio::null()).output().expect("the program starts");
    Run {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn assess(folder: &Path, more: &[&str]) -> Value {
    let run = breach(folder, &[&["assess", "--format", "json", "--now", NOW, "incident.toml"], more].concat());
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// A house: settings at the top, an incident in a folder below.
fn house(settings: &str, incident: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let house = tempfile::tempdir().expect("a folder");
    let below = house.path().join("2026/november");
    fs::create_dir_all(&below).expect("folders");
    fs::write(house.path().join("breach.toml"), settings).expect("settings");
    fs::write(below.join("incident.toml"), incident).expect("an incident");
    (house, below)
}

#[test]
fn settings_above_fill_what_the_incident_leaves_out() {
    let (_house, below) =
        house("practice = \"plain\"\n[controller]\nname = \"Example Kft.\"\ncountry = \"HU\"\n[contact]\nname = \"A. B.\"\nphone = \"1\"\n", BARE);
    let result = assess(&below, &[]);
    assert_eq!(result["incident"]["controller"], "Example Kft.");
    assert_eq!(result["incident"]["country"], "HU");
    assert_eq!(result["tables"]["country"]["id"], "HU");
    assert_eq!(result["tables"]["practice"]["id"], "plain");
    let notes = result["notes"].as_array().expect("a list");
    let told = notes.iter().find(|n| n["code"] == "house-defaults").expect("a note that says so");
    let message = told["message"].as_str().unwrap_or_default();
    for answer in ["controller.name", "controller.country", "notification.contact"] {
        assert!(message.contains(answer), "{message}");
    }

    let without = assess(&below, &["--no-config"]);
    assert_eq!(without["incident"]["controller"], Value::Null);
    assert_eq!(without["tables"]["country"], Value::Null);
    assert_eq!(without["tables"]["practice"]["id"], "edpb");
}

#[test]
fn the_incidents_own_words_and_options_go_before() {
    let own = format!("{BARE}\n[controller]\ncountry = \"DE\"\n");
    let (_house, below) = house("practice = \"plain\"\ncountry = \"HU\"\n", &own);
    let result = assess(&below, &["--practice", "edpb"]);
    assert_eq!(result["incident"]["country"], "DE");
    assert_eq!(result["tables"]["practice"]["id"], "edpb");
    assert!(result["notes"].as_array().expect("a list").iter().all(|n| n["code"] != "house-defaults"));
}

#[test]
fn the_nearest_file_counts_and_a_named_one_instead_of_it() {
    let (house, below) = house("practice = \"plain\"\n", BARE);
    fs::write(below.join("breach.toml"), "country = \"PL\"\n").expect("settings");
    assert_eq!(assess(&below, &[])["tables"]["practice"]["id"], "pl-uodo");
    assert_eq!(assess(&below, &["--config", "../../breach.toml"])["tables"]["practice"]["id"], "plain");
    drop(house);
}

#[test]
fn own_tables_stand_beside_the_settings() {
    let (house, below) = house("data = \"tables\"\npractice = \"ours\"\n", BARE);
    let practices = house.path().join("tables/practices");
    fs::create_dir_all(&practices).expect("folders");
    let plain = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/practices/plain.toml")).expect("a practice");
    fs::write(practices.join("ours.toml"), plain.replace("\"plain\"", "\"ours\"")).expect("a practice");
    assert_eq!(assess(&below, &[])["tables"]["practice"]["id"], "ours");
}

#[test]
fn a_country_of_ones_own_gives_authority_and_zone() {
    let (house, below) = house("data = \"tables\"\ncountry = \"XX\"\n", BARE);
    let countries = house.path().join("tables/countries");
    fs::create_dir_all(&countries).expect("folders");
    let austria = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/countries/at.toml")).expect("a country");
    fs::write(countries.join("xx.toml"), austria.replace("\"AT\"", "\"XX\"")).expect("a country");
    let result = assess(&below, &[]);
    assert_eq!(result["tables"]["country"]["id"], "XX");
    assert_eq!(result["as_of"], NOW);
    assert_eq!(assess(&below, &["--no-config"])["as_of"], "2026-11-22T09:00:00+00:00");
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let (_house, below) = house("practise = \"plain\"\n\n[controller]\ncuntry = \"PL\"\n", BARE);
    let run = breach(&below, &["assess", "incident.toml"]);
    assert_eq!(run.status, Some(2));
    assert_eq!(run.stdout, "");
    for part in ["breach.toml:1:1", "did you mean `practice`?", "breach.toml:4:1", "did you mean `country`?"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(breach(&below, &["score", "ENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0", "--no-config"]).status, Some(0));
    assert_eq!(breach(&below, &["score", "ENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0"]).status, Some(2));
}

#[test]
fn a_named_file_that_is_not_there_is_the_machines_fault() {
    let (_house, below) = house("", BARE);
    assert_eq!(breach(&below, &["assess", "incident.toml", "--config", "nowhere.toml"]).status, Some(3));
    assert_eq!(breach(&below, &["assess", "incident.toml", "--config", "x.toml", "--no-config"]).status, Some(2));
}
