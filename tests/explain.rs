//! `breach explain`: every code, id, answer and word is explained, provisions are found as people write them, and what is found comes with its sources.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use breach::check;
use breach::desk::Choices;
use breach::diag::Code;
use breach::duties::{DutyStatus, Outcome};
use breach::explain::{Entry, Found, Glossary, Sort};
use breach::incident::format::{FIELDS, Kind as FieldKind};
use breach::language::Language;
use breach::note::NoteCode;
use breach::regime::Action;
use breach::tables::{Kind, Tables};
use serde_json::Value;
use strum::{VariantArray, VariantNames};

fn glossary() -> Glossary {
    Glossary::of(&Tables::default(), &Choices::default().method, None, Language::ENGLISH).unwrap()
}

/// The things of that name and kind.
fn found<'g>(glossary: &'g Glossary, topic: &str, kind: Sort) -> Option<&'g Entry> {
    match glossary.find(topic) {
        Found::Entries(list) | Found::Hits(list) => list.into_iter().find(|e| e.kind == kind),
        _ => None,
    }
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_breach"))
        .arg("explain")
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(args: &[&str]) -> Value {
    let output = run(&[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("no JSON ({e}): {}{}", out(&output), err(&output)))
}

#[test]
fn every_code_says_what_it_means_and_what_to_do() {
    let glossary = glossary();
    let families: [(Sort, Vec<&str>, BTreeSet<&String>); 3] = [
        (Sort::Diagnostic, Code::VARIANTS.iter().map(|c| c.id()).collect(), glossary.book.diagnostics.keys().collect()),
        (Sort::Note, NoteCode::VARIANTS.iter().map(|c| c.id()).collect(), glossary.book.notes.keys().collect()),
        (Sort::Finding, <check::Code as VariantArray>::VARIANTS.iter().map(|c| c.id()).collect(), glossary.book.findings.keys().collect()),
    ];
    for (kind, codes, told) in families {
        for code in &codes {
            let entry = found(&glossary, code, kind).unwrap_or_else(|| panic!("{} {code} is not explained", kind.id()));
            assert!(entry.text.as_ref().is_some_and(|t| t.len() > 10), "{code}");
            let mend = entry.details.0.iter().find(|(key, _)| key == "mend").unwrap_or_else(|| panic!("{code}: nothing to do"));
            assert!(mend.1.as_str().is_some_and(|m| m.len() > 5), "{code}");
        }
        // and nothing is told of codes that there are not
        assert_eq!(told, codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>().iter().collect(), "{}", kind.id());
    }
}

#[test]
fn every_id_of_every_table_is_explained_with_its_sources_and_its_day() {
    let (glossary, tables) = (glossary(), Tables::default());
    let mut seen = 0;
    let mut must = |topic: String, kind: Sort| {
        seen += 1;
        let entry = found(&glossary, &topic, kind).unwrap_or_else(|| panic!("{} {topic} is not explained", kind.id()));
        assert!(!entry.sources.is_empty(), "{topic} has no source");
        assert!(entry.sources.iter().all(|s| ["first-hand", "second-hand", "own"].contains(&s.sure.as_str())), "{topic}");
        assert!(entry.checked.is_some(), "{topic} has no day");
        assert!(entry.table.is_some(), "{topic} stands nowhere");
    };
    let list = |table: &toml::Table, key: &str| table.get(key).and_then(|l| l.as_array()).cloned().unwrap_or_default();
    let id = |node: &toml::Value, key: &str| node[key].as_str().unwrap().to_owned();
    for kind in Kind::ALL {
        for name in tables.ids(kind) {
            let table: toml::Table = tables.text(kind, &name).unwrap().parse().unwrap();
            match kind {
                // the words of another method are explained with --method
                Kind::Method if name != "enisa-2013" => must(name, Sort::Method),
                Kind::Method => {
                    must(name, Sort::Method);
                    for category in list(&table, "categories") {
                        must(id(&category, "id"), Sort::Category);
                        for level in category["levels"].as_array().unwrap() {
                            must(format!("{} {}", id(&category, "id"), level["level"]), Sort::Level);
                            must(format!("{}.{}", id(&category, "id"), level["level"]), Sort::Level);
                        }
                    }
                    let lists = [
                        ("factors", Sort::Factor),
                        ("data_types", Sort::DataType),
                        ("identification", Sort::Identification),
                        ("confidentiality", Sort::Loss),
                        ("integrity", Sort::Loss),
                        ("availability", Sort::Loss),
                        ("bands", Sort::Band),
                        ("flags", Sort::Flag),
                        ("questions", Sort::Question),
                    ];
                    for (key, kind) in lists {
                        list(&table, key).iter().for_each(|node| must(id(node, "id"), kind));
                    }
                    must("malicious".into(), Sort::Intent);
                }
                Kind::Practice => {
                    must(name, Sort::Practice);
                    list(&table, "rules").iter().for_each(|node| must(id(node, "id"), Sort::Rule));
                    list(&table, "claims").iter().for_each(|node| must(id(node, "id"), Sort::Claim));
                    list(&table, "readings").iter().for_each(|node| must(id(node, "note"), Sort::Reading));
                }
                Kind::Regime => {
                    must(name.clone(), Sort::Regime);
                    list(&table, "duties").iter().for_each(|node| must(format!("{name}.{}", id(node, "action")), Sort::Duty));
                    list(&table, "exemptions").iter().for_each(|node| must(id(node, "id"), Sort::Exemption));
                    list(&table, "orders").iter().for_each(|node| must(format!("{name}.{}", id(node, "id")), Sort::Order));
                }
                Kind::Form => must(name, Sort::Form),
                Kind::Country => {
                    must(name.clone(), Sort::Country);
                    must(name.to_uppercase(), Sort::Country);
                    must(table["title"].as_str().unwrap().to_owned(), Sort::Country);
                }
            }
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn every_answer_and_every_word_is_explained() {
    let glossary = glossary();
    for field in FIELDS {
        let entry = found(&glossary, field.path, Sort::Field).unwrap_or_else(|| panic!("{} is not explained", field.path));
        assert_ne!(entry.title, field.path);
        if let FieldKind::Word(words) | FieldKind::Words(words, _) = field.kind {
            for word in words {
                let of = |e: &&Entry| e.id == format!("{}.{word}", field.path) || e.names.iter().any(|n| n == word);
                assert!(glossary.entries.iter().any(|e| of(&e)), "{}: {word} is not explained", field.path);
            }
        }
    }
    let words: [(&str, &[&str]); 3] = [("outcome", Outcome::VARIANTS), ("action", Action::VARIANTS), ("status", DutyStatus::VARIANTS)];
    for (of, words) in words {
        let told: BTreeSet<&str> = glossary.book.words[of].keys().map(String::as_str).collect();
        assert_eq!(told, words.iter().copied().collect(), "{of}");
        for word in words {
            assert!(found(&glossary, word, Sort::Word).is_some(), "{word}");
        }
    }
}

#[test]
fn every_kind_and_every_detail_has_its_words() {
    let glossary = glossary();
    let kinds: BTreeSet<&str> = Sort::VARIANTS.iter().map(|k| k.id()).collect();
    assert_eq!(glossary.book.kinds.keys().map(String::as_str).collect::<BTreeSet<_>>(), kinds);
    let used: BTreeSet<&str> = glossary.entries.iter().flat_map(|e| &e.details.0).map(|(key, _)| key.as_str()).collect();
    for key in &used {
        assert!(glossary.book.labels.contains_key(*key), "{key} has no label");
    }
}

#[test]
fn what_is_named_under_see_also_is_there() {
    let glossary = glossary();
    for entry in &glossary.entries {
        for topic in &entry.see {
            assert!(matches!(glossary.find(topic), Found::Entries(_)), "{}: {topic}", entry.id);
        }
    }
}

#[test]
fn names_of_one_kind_are_given_once() {
    let glossary = glossary();
    let mut seen = BTreeSet::new();
    for entry in &glossary.entries {
        assert!(seen.insert((entry.kind, &entry.id)), "{} {} is there twice", entry.kind.id(), entry.id);
    }
}

#[test]
fn the_fine_for_a_missed_notification_is_that_of_the_lower_tier() {
    let text = out(&run(&["fines"]));
    assert!(text.contains("art. 83(4)(a)") && text.contains("10 million euro") && text.contains("2 %"), "{text}");
    let entry = &json(&["fines"])["entries"][0];
    assert!(entry["sources"].as_array().unwrap().iter().any(|s| s["title"].as_str().unwrap().contains("2016/679")));
    assert!(entry["sources"].as_array().unwrap().iter().all(|s| s["sure"] == "second-hand"));
    assert_eq!(json(&["83(4)(a)"])["entries"][0]["id"], "GDPR art. 83(4)(a)");
}

#[test]
fn the_24_hours_bind_telecom_providers_and_no_energy_seller() {
    for topic in ["24-hours", "24 hours", "24h"] {
        let entry = &json(&[topic])["entries"][0];
        let text = entry["text"].as_str().unwrap();
        assert!(text.contains("611/2013") && text.contains("publicly available electronic communications services"), "{text}");
        assert!(text.contains("energy seller"), "{text}");
        assert!(entry["sources"].as_array().unwrap().iter().any(|s| s["title"].as_str().unwrap().contains("611/2013") && s["sure"] == "second-hand"));
    }
}

#[test]
fn a_provision_is_found_as_people_write_it_and_lists_what_rests_on_it() {
    for topic in [&["art. 33(3)(b)"][..], &["33(3)(b)"], &["Art.", "33", "(3)", "(b)", "GDPR"], &["article 33(3)(b)"], &["gdpr art. 33(3)(b)"]] {
        let found = json(topic);
        assert_eq!(found["entries"].as_array().map(Vec::len), Some(1), "{topic:?}");
        let entry = &found["entries"][0];
        assert_eq!(entry["id"], "GDPR art. 33(3)(b)", "{topic:?}");
        let cited: Vec<&str> = entry["details"]["cited_by"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        assert!(cited.contains(&"content notification.contact of gdpr.notify-authority"), "{cited:?}");
    }
    let entry = &json(&["art. 33(1)"])["entries"][0];
    let cited: Vec<&str> = entry["details"]["cited_by"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    for by in ["duty gdpr.notify-authority", "rule edpb.default-notify", "claim edpb.few-people"] {
        assert!(cited.contains(&by), "{by}: {cited:?}");
    }
    // a whole article is a list of its paragraphs, another law's has to be named
    let ids = |topic: &str| json(&[topic])["hits"].as_array().unwrap().iter().map(|h| h["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert!(ids("art. 33").contains(&"GDPR art. 33(5)".to_owned()));
    assert!(ids("art. 33").iter().all(|id| id.starts_with("GDPR ")));
    assert_eq!(json(&["uk gdpr art. 33(1)"])["entries"][0]["id"], "UK GDPR art. 33(1)");
    assert_eq!(json(&["recital 75"])["entries"][0]["id"], "GDPR recital 75");
}

#[test]
fn every_provision_of_the_tables_can_be_asked_for_as_it_is_cited() {
    let glossary = glossary();
    for entry in glossary.of_kind(Sort::Article) {
        assert!(matches!(glossary.find(&entry.id), Found::Entries(list) if list[0].id == entry.id), "{}", entry.id);
    }
}

#[test]
fn a_rule_comes_with_its_ground_its_conditions_and_its_examples() {
    let entry = &json(&["rule", "default-notify"])["entries"][0];
    assert_eq!(entry["id"], "edpb.default-notify");
    assert_eq!(entry["details"]["provision"], "GDPR art. 33(1)");
    assert!(entry["details"]["ground"].as_str().unwrap().len() > 20);
    assert!(!entry["details"]["when"].as_array().unwrap().is_empty());
    assert!(entry["examples"].as_array().unwrap().len() > 1);
    assert_eq!(entry["table"]["id"], "edpb");
    assert_eq!(entry["table"]["sha256"].as_str().map(str::len), Some(64));
    // each practice has its own
    let both = json(&["rule trusted-recipient"]);
    let ids: Vec<&str> = both["entries"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["edpb.trusted-recipient", "pl-uodo.trusted-recipient"]);
}

#[test]
fn one_practice_is_explained_with_what_it_builds_on() {
    let ids = |practice: &str| {
        let found = json(&["rules", "--practice", practice]);
        let mut ids: Vec<String> = found["hits"].as_array().unwrap().iter().map(|h| h["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let uodo = ids("pl-uodo");
    assert!(uodo.contains(&"pl-uodo.trusted-recipient".to_owned()) && uodo.contains(&"edpb.scale".to_owned()));
    assert!(!uodo.contains(&"edpb.trusted-recipient".to_owned()));
    assert_eq!(uodo.len(), ids("edpb").len());
}

#[test]
fn another_method_and_own_tables_are_explained_too() {
    let score = |method: &str| json(&["data-type", "email", "--method", method])["entries"][0]["table"]["id"].clone();
    assert_eq!((score("enisa-2013"), score("odo24")), ("enisa-2013".into(), "odo24".into()));
    let own = ["--data", "tests/bad-tables/good/own"];
    assert_eq!(json(&[&["house-payroll"], &own[..]].concat())["entries"][0]["details"]["ground"], "pay is nobody else's business");
    assert_eq!(json(&[&["xk"], &own[..]].concat())["entries"][0]["title"], "Kosovo");
    assert_eq!(run(&["xk"]).status.code(), Some(2));
    assert_eq!(run(&["edpb", "--practice", "nothing"]).status.code(), Some(2));
    assert_eq!(run(&["edpb", "--data", "nowhere"]).status.code(), Some(3));
}

#[test]
fn any_other_words_are_searched_for() {
    let found = json(&["ransomware", "backup"]);
    assert_eq!(found["found"], "hits");
    assert_eq!(found["entries"], Value::Array(vec![]));
    assert!(found["hits"].as_array().unwrap().iter().any(|h| h["id"] == "edpb.unintelligible"), "{found}");
    // all the words have to be there
    assert!(matches!(glossary().find("ransomware bookshop"), Found::Nothing(_)));
    let text = out(&run(&["encrypted"]));
    assert!(text.contains("edpb.unintelligible (rule)"), "{text}");
}

#[test]
fn what_is_not_found_is_refused_with_what_was_probably_meant() {
    let output = run(&["trusted-recpient"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("did you mean `trusted-recipient`"), "{}", err(&output));
    let found = json(&["trusted-recpient"]);
    assert_eq!(found["input"], "trusted-recpient");
    assert_eq!(found["error"]["code"], "unknown-value");
    assert_eq!(found["errors"].as_array().map(Vec::len), Some(1));
    let hostile = run(&["zq\u{1b}[31mzq"]);
    assert!(!hostile.stderr.contains(&0x1b));
}

#[test]
fn without_a_topic_there_is_a_map_of_everything() {
    let map = json(&[]);
    assert_eq!(map["topic"], Value::Null);
    let kinds: Vec<&str> = map["map"].as_array().unwrap().iter().map(|k| k["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, Sort::VARIANTS.iter().map(|k| k.id()).collect::<Vec<_>>());
    let text = out(&run(&[]));
    for name in
        ["simple.1".split('.').next().unwrap(), "trusted-recipient", "gdpr", "PL", "33(3)(b)", "clock-assumed", "no-loss", "decision-below", "fines"]
    {
        assert!(text.contains(name), "{name}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80 || line.contains("http")), "too wide");
}

#[test]
fn a_kind_is_listed_by_its_name_in_the_singular_or_the_plural() {
    for topic in ["country", "countries", "Countries"] {
        let found = json(&[topic]);
        assert_eq!(found["found"], "kind", "{topic}");
        assert_eq!(found["hits"].as_array().map(Vec::len), Some(Tables::default().ids(Kind::Country).len()));
    }
    assert_eq!(json(&["data types"])["found"], "kind");
}

#[test]
fn the_houses_settings_are_a_topic_of_their_own() {
    let output = run(&["config"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("practice"));
}

#[test]
fn the_same_question_has_the_same_answer() {
    for args in [&["gdpr"][..], &[], &["art. 33"], &["encrypted", "--format", "json"]] {
        assert_eq!(run(args).stdout, run(args).stdout, "{args:?}");
    }
}

#[test]
fn every_key_of_every_object_is_always_there() {
    let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let top = keys(&json(&["simple"]));
    for args in [&[][..], &["rules"], &["encrypted"]] {
        assert_eq!(keys(&json(args)), top, "{args:?}");
    }
    let all = json(&["health"]);
    let shape = keys(&all["entries"][0]);
    for entry in all["entries"].as_array().unwrap() {
        assert_eq!(keys(entry), shape);
    }
}
