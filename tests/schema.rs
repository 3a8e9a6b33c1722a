//! The schemas against files: what they accept is what the program accepts, over every incident of the repository, good and bad.
//!
//! JSON Schema cannot say everything that `assess` checks; `BEYOND` names what it leaves to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jsonschema::Validator;
use serde_json::Value;

/// What only `assess` sees: texts that are no TOML or JSON at all, keys that stand twice (gone once a text is parsed), and levels whose reasons do not
/// fit, which hangs on the method.
const BEYOND: [&str; 12] = [
    "unreadable",
    "empty",
    "encoding",
    "too-large",
    "too-deep",
    "syntax",
    "duplicate-key",
    "level-without-because",
    "level-without-why",
    "because-wrong-direction",
    "bad-table",
    "bad-vector",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(kind: &str) -> Validator {
    let text = fs::read_to_string(root().join(format!("data/schemas/{kind}.json"))).expect("a committed schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema of the draft");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
}

/// TOML as editors hand it to a schema: its date-times as texts.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(k, v)| (k, json(v))).collect::<serde_json::Map<_, _>>().into(),
        other => serde_json::to_value(other).expect("a plain value"),
    }
}

/// The value of a file, if it can be parsed.
fn parsed(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match path.extension()?.to_str()? {
        "toml" => text.parse::<toml::Table>().ok().map(|t| json(t.into())),
        "json" => serde_json::from_str(text).ok(),
        _ => None,
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(folder))
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml" || e == "json") && !p.to_string_lossy().ends_with(".expect.toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

fn complaints(schema: &Validator, value: &Value) -> Vec<String> {
    schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// What the program says of a file: its codes, or nothing.
fn codes(path: &Path) -> (Vec<String>, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(["assess", "--no-config", "--format", "json", "--now", "2026-11-22T10:00:00+01:00"])
        .arg(path)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let errors = result["errors"].as_array().cloned().unwrap_or_default();
    (errors.iter().map(|e| e["code"].as_str().unwrap_or_default().to_owned()).collect(), result)
}

#[test]
fn schema_and_program_agree_on_every_incident() {
    let (incident, case, assessment) = (schema("incident"), schema("case"), schema("assessment"));
    let mut failures = Vec::new();
    let (mut good, mut bad) = (0, 0);
    for folder in ["examples", "tests/cases", "tests/bad/good", "tests/bad"] {
        for path in files(folder) {
            let (codes, result) = codes(&path);
            failures.extend(complaints(&assessment, &result).into_iter().map(|c| format!("{}: its result: {c}", path.display())));
            let Some(value) = parsed(&path) else { continue };
            let said = complaints(if value.get("incident").is_some() { &case } else { &incident }, &value);
            if codes.is_empty() {
                good += 1;
                failures.extend(said.into_iter().map(|c| format!("{}: is good, but the schema says {c}", path.display())));
            } else if !codes.iter().all(|c| BEYOND.contains(&c.as_str())) {
                bad += 1;
                if said.is_empty() {
                    failures.push(format!("{}: {codes:?}, but the schema says nothing", path.display()));
                }
            }
        }
    }
    assert!(good > 80 && bad > 40, "{good} good and {bad} bad files were compared");
    assert!(failures.is_empty(), "{} differences:\n  {}\n", failures.len(), failures.join("\n  "));
}

#[test]
fn every_table_fits_its_schema() {
    let mut failures = Vec::new();
    for (kind, folder) in [("method", "methods"), ("practice", "practices"), ("regime", "regimes"), ("country", "countries")] {
        let schema = schema(kind);
        for path in files(&format!("data/{folder}")) {
            let mut value = parsed(&path).expect("TOML");
            failures.extend(complaints(&schema, &value).into_iter().map(|c| format!("{}: {c}", path.display())));
            value["tilte"] = "misspelt".into();
            assert!(!schema.is_valid(&value), "{kind}: an unknown key passes");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn settings_fit_theirs() {
    let schema = schema("config");
    let good =
        "lang = \"hu\"\nregime = [\"gdpr\"]\nregister = \"r.jsonl\"\n[controller]\nname = \"x\"\nrole = \"processor\"\n[contact]\nemail = \"x\"\n";
    assert_eq!(complaints(&schema, &json(good.parse::<toml::Table>().expect("TOML").into())), Vec::<String>::new());
    for bad in ["langage = \"en\"", "lang = \"de\"", "register = 3", "[controller]\nrole = \"boss\"", "[controller]\nnam = \"x\"", "method = \"\""] {
        assert!(!schema.is_valid(&json(bad.parse::<toml::Table>().expect("TOML").into())), "{bad}");
    }
}

#[test]
fn the_program_prints_the_committed_schemas() {
    for kind in ["incident", "assessment", "case", "method", "practice", "regime", "country", "config", "check"] {
        let output = Command::new(env!("CARGO_BIN_EXE_breach"))
            .args(["schema", kind, "--no-config"])
            .stdin(Stdio::null())
            .output()
            .expect("the program starts");
        let committed = fs::read(root().join(format!("data/schemas/{kind}.json"))).expect("a committed schema");
        assert!(output.stdout == committed, "data/schemas/{kind}.json is not what `breach schema {kind}` prints; write it anew with -o");
    }
}
