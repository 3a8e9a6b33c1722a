//! `breach tables`: broken tables and the findings expected for each beside it in `tests/bad-tables` (see the README there), what `list` and `show`
//! print against the files themselves, and what `diff` makes of a table changed by hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use breach::desk::Choices;
use breach::tables::{Choice, Kind, Tables, sha256};
use serde::Deserialize;
use serde_json::Value;

const NOW: &str = "2026-11-22T10:00:00+01:00";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_breach")).args(args).current_dir(folder).stdin(Stdio::null()).output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {}{}", out(output), err(output)))
}

// ---- check ----

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    finding: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    input: Option<String>,
    code: String,
    path: Option<String>,
    line: u64,
    column: Option<u64>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    mend: Vec<String>,
}

#[test]
fn every_fault_of_a_table_is_told_with_its_place_and_its_mending() {
    let folder = root().join("tests/bad-tables");
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    let mut inputs: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    inputs.sort();
    for path in inputs {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "README.md" || name == "good" || name.ends_with(".expect.toml") {
            continue;
        }
        looked_at += 1;
        let expected = folder.join(format!("{}.expect.toml", name.trim_end_matches(".toml")));
        let expected: Expectation = toml::from_str(&fs::read_to_string(&expected).unwrap_or_else(|e| panic!("{expected:?}: {e}"))).unwrap();
        let output = run(&folder, &["tables", "check", "--format", "json", name]);
        if output.status.code() != Some(1) {
            wrong.push(format!("{name}: exit {:?}: {}", output.status.code(), err(&output)));
        }
        let found = json(&output)["findings"].as_array().unwrap().clone();
        if found.len() != expected.finding.len() {
            wrong.push(format!("{name}: {} findings, expected {}", found.len(), expected.finding.len()));
        }
        let text = out(&run(&folder, &["tables", "check", name]));
        for (found, expected) in found.iter().zip(&expected.finding) {
            let is = |key: &str| found[key].as_str().unwrap_or_default();
            let (line, column) = (found["line"].as_u64().unwrap_or(0), found["column"].as_u64());
            let fits = is("code") == expected.code
                && expected.input.as_ref().is_none_or(|input| is("input") == input)
                && expected.path.as_ref().is_none_or(|path| is("path") == path)
                && line == expected.line
                && expected.column.is_none_or(|c| column == Some(c))
                && expected.says.iter().all(|said| is("message").contains(said))
                && expected.mend.iter().all(|said| is("mend").contains(said));
            if !fits {
                wrong.push(format!("{name}: found {found}, expected {expected:?}"));
            }
            if is("mend").is_empty() {
                wrong.push(format!("{name}: nothing says how to mend {found}"));
            }
            let place = if line == 0 { String::new() } else { format!(":{line}:{}", column.unwrap_or(0)) };
            if !text.contains(&format!("{}{place}: {}", is("input"), is("message"))) {
                wrong.push(format!("{name}: the text does not show {found}"));
            }
        }
    }
    assert!(looked_at > 10, "{looked_at}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_tables_have_nothing_found_in_them() {
    for folder in ["tests/bad-tables/good", "tests/bad-tables/good/own", "data"] {
        let output = run(root(), &["tables", "check", "--format", "json", folder]);
        assert_eq!(output.status.code(), Some(0), "{folder}: {}", out(&output));
        let found = json(&output);
        assert_eq!(found["format"], "breach-tables-check/1");
        assert_eq!(found["findings"], Value::Array(vec![]), "{folder}");
        assert!(found["tables"].as_array().unwrap().len() >= 3, "{folder}");
    }
}

#[test]
fn a_file_of_a_data_folder_may_build_on_those_beside_it() {
    let output = run(root(), &["tables", "check", "tests/bad-tables/good/own/practices/house-2.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    // by itself, elsewhere, it cannot
    let folder = tempfile::tempdir().unwrap();
    fs::copy(root().join("tests/bad-tables/good/own/practices/house-2.toml"), folder.path().join("mine.toml")).unwrap();
    let output = run(folder.path(), &["tables", "check", "mine.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("no practice is called \"house\""), "{}", out(&output));
    let own = root().join("tests/bad-tables/good/own");
    assert_eq!(run(folder.path(), &["tables", "check", "mine.toml", "--data", own.to_str().unwrap()]).status.code(), Some(0));
}

#[test]
fn what_cannot_be_read_is_the_machines_fault_and_the_rest_is_done() {
    let output = run(root(), &["tables", "check", "nowhere", "tests/bad-tables/good"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(out(&output).contains("good/practice.toml: practice, nothing found"));
    assert_eq!(run(root(), &["tables", "check", "src"]).status.code(), Some(2), "no tables there");
}

// ---- list and show ----

fn list(folder: &Path, more: &[&str]) -> Vec<Value> {
    let output = run(folder, &[&["tables", "list", "--format", "json"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    json(&output)["tables"].as_array().unwrap().clone()
}

#[test]
fn every_table_is_listed_with_the_digest_of_its_file() {
    let rows = list(root(), &[]);
    let mut there = 0;
    for kind in Kind::ALL {
        for entry in fs::read_dir(root().join("data").join(kind.folder())).unwrap() {
            there += 1;
            let path = entry.unwrap().path();
            let id = path.file_stem().unwrap().to_str().unwrap();
            let row =
                rows.iter().find(|r| r["kind"] == kind.noun() && kind.id(r["id"].as_str().unwrap()) == id).unwrap_or_else(|| panic!("{path:?}"));
            let text = fs::read_to_string(&path).unwrap();
            let table: toml::Table = text.parse().unwrap();
            assert_eq!(row["title"].as_str(), table["title"].as_str());
            assert_eq!(row["version"].as_str(), table["version"].as_str());
            assert_eq!(row["status"].as_str(), table.get("status").and_then(|s| s.as_str()), "{path:?}");
            assert_eq!(row["from"], "built-in");
            let digest = match table.get("builds_on").and_then(|b| b.as_str()) {
                Some(base) => {
                    let base = fs::read(path.with_file_name(format!("{base}.toml"))).unwrap();
                    sha256(&[sha256(&[&base]).as_bytes(), b"\n", text.as_bytes()])
                }
                None => sha256(&[text.as_bytes()]),
            };
            assert_eq!(row["sha256"], digest, "{path:?}");
        }
    }
    assert_eq!(rows.len(), there);
}

#[test]
fn the_text_has_a_line_for_each_table_with_the_beginning_of_its_digest() {
    let text = out(&run(root(), &["tables", "list"]));
    let rows = list(root(), &[]);
    assert_eq!(text.lines().count(), rows.len());
    for (line, row) in text.lines().zip(&rows) {
        for key in ["kind", "id", "version", "title"] {
            assert!(line.contains(row[key].as_str().unwrap()), "{line}");
        }
        assert!(line.contains(&row["sha256"].as_str().unwrap()[..12]), "{line}");
    }
}

#[test]
fn a_result_names_the_tables_with_the_digests_of_the_list() {
    let output = run(root(), &["assess", "--format", "json", "--now", NOW, "examples/payroll-wrong-client.toml"]);
    let tables = json(&output)["tables"].clone();
    let rows = list(root(), &[]);
    let named =
        [("method", &tables["method"]), ("practice", &tables["practice"]), ("country", &tables["country"]), ("regime", &tables["regimes"][0])];
    for (kind, reference) in named {
        let row = rows.iter().find(|r| r["kind"] == kind && r["id"] == reference["id"]).unwrap_or_else(|| panic!("{kind}: {reference}"));
        assert_eq!(row["sha256"], reference["sha256"]);
        assert_eq!(row["version"], reference["version"]);
    }
}

#[test]
fn own_tables_stand_among_the_others_whatever_the_case_of_a_countrys_file() {
    let own = "tests/bad-tables/good/own";
    let rows = list(root(), &["--data", own]);
    let mine: BTreeSet<&str> = rows.iter().filter(|r| r["from"] == "own").map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(mine, BTreeSet::from(["XK", "house", "house-2"]));
    for id in ["XK", "xk", "country/xk"] {
        let output = run(root(), &["tables", "show", id, "--data", own]);
        assert_eq!(out(&output), fs::read_to_string(root().join(own).join("countries/XK.toml")).unwrap(), "{id}");
    }
}

#[test]
fn a_bad_table_hides_none_of_the_others() {
    let output = run(root(), &["tables", "list", "--data", "tests/bad-tables/folder"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&output).lines().count() > 40);
    assert!(err(&output).contains("Europe/Belgrad"), "{}", err(&output));
}

#[test]
fn show_prints_the_file_as_it_is() {
    for (id, path) in
        [("edpb", "practices/edpb.toml"), ("gdpr", "regimes/gdpr.toml"), ("practice/edpb", "practices/edpb.toml"), ("PL", "countries/pl.toml")]
    {
        let output = run(root(), &["tables", "show", id]);
        assert_eq!(out(&output), fs::read_to_string(root().join("data").join(path)).unwrap(), "{id}");
    }
    let output = run(root(), &["tables", "show", "epdb"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("did you mean `edpb`?"), "{}", err(&output));
}

#[test]
fn of_a_practice_that_builds_on_another_the_rules_that_result_are_shown_too() {
    let text = out(&run(root(), &["tables", "show", "pl-uodo"]));
    let file = fs::read_to_string(root().join("data/practices/pl-uodo.toml")).unwrap();
    assert!(text.starts_with(&file));
    // what is added is a comment: the whole can still be read as a table
    assert_eq!(text.parse::<toml::Table>().unwrap(), file.parse::<toml::Table>().unwrap());

    let shown = json(&run(root(), &["tables", "show", "pl-uodo", "--format", "json"]));
    assert_eq!(shown["text"], file);
    let tables = Tables::default();
    let method = tables.method(&Choices::default().method).unwrap().table;
    let practice = tables.practice(&Choice::Id("pl-uodo".into()), &method).unwrap().table;
    let ids: Vec<&str> = practice.rules.iter().map(|r| r.table.id.as_str()).collect();
    let rules = shown["rules"].as_array().unwrap();
    assert_eq!(rules.iter().map(|r| r["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    let own = file.parse::<toml::Table>().unwrap();
    for rule in rules {
        let own = own["rules"].as_array().unwrap().iter().any(|r| r["id"].as_str() == rule["id"].as_str());
        assert_eq!(rule["stands_in"], if own { "pl-uodo" } else { "edpb" });
    }
    assert_eq!(json(&run(root(), &["tables", "show", "edpb", "--format", "json"]))["rules"], Value::Null);
}

// ---- diff ----

fn differences(output: &Output) -> Vec<(String, Value, Value)> {
    let tables = json(output)["tables"].as_array().unwrap().clone();
    let all = tables.iter().flat_map(|t| t["differences"].as_array().unwrap().clone());
    all.map(|d| (d["path"].as_str().unwrap().to_owned(), d["from"].clone(), d["to"].clone())).collect()
}

/// A copy of a table of the data folder, changed by hand.
fn changed(folder: &Path, path: &str, changes: &[(&str, &str)]) -> String {
    let text = fs::read_to_string(root().join("data").join(path)).unwrap();
    let text = changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_table_does_not_differ_from_itself() {
    for id in ["enisa-2013", "pl-uodo", "gdpr", "PL"] {
        let output = run(root(), &["tables", "diff", id, id]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), ""), "{id}");
    }
    assert_eq!(run(root(), &["tables", "diff", "data", "data"]).status.code(), Some(0));
}

#[test]
fn what_differs_is_told_key_by_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = changed(
        folder.path(),
        "practices/edpb.toml",
        &[("version = \"1\"", "version = \"2\""), ("at_most = 20", "at_most = 50"), ("at_least = \"risk\"", "")],
    );
    let output = run(root(), &["tables", "diff", "edpb", &file, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let wanted = [
        ("version", Value::from("1"), Value::from("2")),
        ("rules[trivial-mistake].when[3].at_most", Value::from(20), Value::from(50)),
        ("rules[vulnerable-people].at_least", Value::from("risk"), Value::Null),
    ];
    assert_eq!(differences(&output), wanted.map(|(path, from, to)| (path.to_owned(), from, to)));
    let text = out(&run(root(), &["tables", "diff", "edpb", &file]));
    for line in ["practice edpb (version 1) -> edpb (version 2)", "  version: \"1\" -> \"2\"", "  rules[trivial-mistake].when[3].at_most: 20 -> 50"] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
}

#[test]
fn a_practice_is_compared_with_all_that_it_builds_on() {
    let output = run(root(), &["tables", "diff", "edpb", "pl-uodo", "--format", "json"]);
    let paths: Vec<String> = differences(&output).into_iter().map(|(path, ..)| path).collect();
    assert!(paths.iter().any(|p| p.starts_with("rules[not-read]")));
    // what it takes over is no difference
    assert!(!paths.iter().any(|p| p.starts_with("rules[scale]") || p.starts_with("claims")), "{paths:?}");
}

#[test]
fn two_folders_are_compared_table_by_table() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    changed(&old, "practices/edpb.toml", &[]);
    changed(&new, "practices/edpb.toml", &[("at_most = 20", "at_most = 50")]);
    changed(
        &new,
        "countries/pl.toml",
        &[("id      = \"PL\"", "id = \"XK\""), ("title   = \"Poland\"", "title = \"Elsewhere\""), ("\"Poland\"", "\"Elsewhere\"")],
    );
    fs::rename(new.join("countries/pl.toml"), new.join("countries/XK.toml")).unwrap();
    let output = run(folder.path(), &["tables", "diff", "old", "new"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("practice edpb (version 1) -> edpb (version 1)\n  rules[trivial-mistake].when[3].at_most: 20 -> 50\n"), "{text}");
    assert!(text.contains("country XK: only in the second\n"), "{text}");
}

#[test]
fn whose_outcome_would_change_is_told_from_what_to_what() {
    let folder = tempfile::tempdir().unwrap();
    // 30 people's addresses sent to another customer by mistake: just above the line of the one, below that of the other
    let incident = "format = 1\nid = \"line\"\n[controller]\ncountry = \"DE\"\n[timeline]\naware = 2026-11-21T10:00:00+01:00\n[subjects]\ncount = 30\n\
        [data.simple]\nitems = [\"postal-address\"]\n[identification]\nlevel = \"limited\"\n[confidentiality]\nloss = \"known-recipients\"\nrecipient = \"ordinary\"\n[intent]\nmalicious = false\n";
    let incidents = folder.path().join("past");
    fs::create_dir(&incidents).unwrap();
    fs::write(incidents.join("line.toml"), incident).unwrap();
    fs::write(incidents.join("one.toml"), incident.replace("count = 30", "count = 1").replace("\"line\"", "\"one\"")).unwrap();
    let file = changed(folder.path(), "practices/edpb.toml", &[("at_most = 20", "at_most = 50")]);
    let args = ["tables", "diff", "edpb", &file, "--now", NOW, "--incidents", "past"];
    let output = run(folder.path(), &args);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", err(&output));
    assert!(text.contains("2 assessed, 1 with another outcome"), "{text}");
    assert!(text.contains("past/line.toml (line): outcome notify-authority -> register-only, risk risk -> unlikely"), "{text}");
    assert!(!text.contains("past/one.toml"), "{text}");
    let found = json(&run(folder.path(), &[&args[..], &["--format", "json"]].concat()));
    assert_eq!(found["assessed"], 2);
    assert_eq!(found["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(found["incidents"][0]["from"]["outcome"], "notify-authority");
    assert_eq!(found["incidents"][0]["to"]["outcome"], "register-only");
    // one that cannot be read leaves the others
    fs::write(incidents.join("bad.toml"), "format = 1\nid = \"bad\"\n").unwrap();
    let output = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&output).contains("2 assessed"));
}

#[test]
fn another_law_takes_the_place_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = changed(folder.path(), "regimes/gdpr.toml", &[("threshold = \"risk\"", "threshold = \"high\"")]);
    let output = run(root(), &["tables", "diff", "gdpr", &file, "--format", "json", "--now", NOW, "--incidents", "examples"]);
    let found = json(&output);
    assert_eq!(differences(&output), [("duties[notify-authority].threshold".to_owned(), Value::from("risk"), Value::from("high"))]);
    for changed in found["incidents"].as_array().unwrap() {
        assert_eq!((&changed["from"]["risk"], &changed["to"]["risk"]), (&Value::from("risk"), &Value::from("risk")), "{changed}");
    }
    assert!(!found["incidents"].as_array().unwrap().is_empty());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    for args in [["edpb", "gdpr"], ["edpb", "examples"], ["edpb", "nothing"], ["edpb", "examples/payroll-wrong-client.toml"]] {
        let output = run(root(), &["tables", "diff", args[0], args[1]]);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{args:?}");
    }
    assert_eq!(run(root(), &["tables", "diff", "edpb", "nowhere.toml"]).status.code(), Some(3));
}

#[test]
fn more_than_can_be_told_apart_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = |path: &str| fs::read_to_string(root().join("data").join(path)).unwrap();
    let types: String =
        (0..128).map(|i| format!("\n[[data_types]]\nid = \"own-{i}\"\ntitle = \"T\"\ncategory = \"simple\"\nsource = [\"own\"]\n")).collect();
    let conditions = "    { fact = \"subjects.children\", is = true },\n".repeat(256);
    let rule = format!(
        "\n[[rules]]\nid = \"own\"\neffect = \"note\"\nfrom = 2020-01-01\nprovision = \"art. 1\"\nground = \"ground\"\ntext.en = \"Text.\"\nsource = [\"gdpr\"]\n\
         when = [\n{conditions}]\n"
    );
    let exemption = "\n[[exemptions]]\nid = \"own\"\naction = \"notify-authority\"\nprovision = \"art. 1\"\nground = \"ground\"\ntext.en = \"Text.\"\nsource = [\"gdpr\"]\n\
                     when = [{ fact = \"subjects.children\", is = true }]\n";
    for (name, more, path, says) in [
        ("regimes/gdpr.toml", exemption.repeat(65), "exemptions", "at most 64 are allowed"),
        ("methods/enisa-2013.toml", types, "data_types", "at most 128 are allowed"),
        ("practices/edpb.toml", rule, "rules", "at most 256 are allowed"),
    ] {
        let file = folder.path().join(name.replace('/', "-"));
        fs::write(&file, text(name) + &more).unwrap();
        let output = run(folder.path(), &["tables", "check", "--format", "json", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{}", out(&output));
        let found = json(&output)["findings"].as_array().unwrap().clone();
        let told = |f: &Value| f["path"] == path && f["mend"].as_str().unwrap_or_default().contains(says);
        assert!(found.iter().any(told), "{name}: {found:?}");
    }
}
