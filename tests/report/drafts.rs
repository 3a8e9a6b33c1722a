//! Drafts: what they must hold, what they must not invent, how they read, and what a hostile text becomes in them.

use std::fs;

use breach::assess::{assess, verdict};
use breach::desk::{Choices, Desk};
use breach::incident::Incident;
use breach::incident::read::Syntax;
use breach::language::Language;
use breach::regime::{Action, Regime};
use breach::render::draft::{Ground, draft};
use breach::render::json::Input;
use breach::tables::{Choice, Kind, Tables, sha256};
use breach::texts::Texts;
use chrono::DateTime;
use serde_json::Value;

use super::hostile::{HOSTILE, incident, is_dangerous, outline};
use super::structure::{parse, strangers, text_of};
use super::{NOW, here};

/// One document in every form.
pub struct Document {
    pub html: String,
    pub markdown: String,
    json: Value,
    refused: bool,
}

/// Drafts a document on a form; `None`: the country's.
fn document(bytes: &[u8], syntax: Syntax, form: Option<&str>, language: &str) -> Document {
    let desk = Desk::new(Tables::default(), Choices::default()).expect("the built-in tables");
    let incident: Incident = desk.read(bytes, syntax).unwrap_or_else(|findings| panic!("{findings:?}"));
    let picked = desk.pick(&incident).expect("the built-in tables");
    let form = form.or(picked.country().and_then(|c| c.table.form.as_deref())).unwrap_or("edpb-template");
    let of = |id: &str| desk.tables().form(&Choice::Id(id.into())).expect("a built-in form");
    let (form, letter) = (of(form), of("letter"));
    let texts = Texts::of(language.parse().expect("a language"));
    let now = DateTime::parse_from_rfc3339(NOW).expect("a time");
    desk.with(&picked, &incident, now, |rules| {
        let assessment = assess(&incident, rules, now, false);
        let regimes: Vec<&Regime> = verdict(&incident, rules).regimes.apply.iter().map(|r| &r.table).collect();
        let ground =
            Ground { assessment: &assessment, incident: &incident, method: desk.method(), texts: &texts, regimes: &regimes, letter: &letter.table };
        let draft = draft(&ground, &form.table, None);
        let json = draft.json(&ground, &form, &Input { name: "incident".into(), sha256: sha256(&[bytes]) });
        Document {
            html: draft.html(&ground),
            markdown: draft.markdown(&ground),
            json: serde_json::from_str(&json).expect("JSON"),
            refused: draft.is_refused(),
        }
    })
}

pub fn example(name: &str, form: Option<&str>, language: &str) -> Document {
    let bytes = fs::read(here("examples").join(name).with_extension("toml")).unwrap_or_else(|e| panic!("{name}: {e}"));
    document(&bytes, Syntax::Toml, form, language)
}

fn fields(json: &Value) -> Vec<&Value> {
    let sections = json["sections"].as_array().expect("sections");
    sections.iter().flat_map(|s| s["fields"].as_array().expect("fields")).collect()
}

/// Pages for a look in a browser: a notification, a letter, and texts without any place to break.
pub fn pages() -> Vec<(String, String)> {
    let long = "x".repeat(400);
    let of = |name: &str, html: String| (name.to_owned(), html);
    vec![
        of("notification", example("energy-seller-processor", None, "pl").html),
        of("notification on another form", example("naih-ransomware", Some("edpb-template"), "hu").html),
        of("letter", example("energy-seller-processor", Some("letter"), "pl").html),
        of("notification of unbroken words", document(&incident(&long), Syntax::Json, Some("uodo"), "en").html),
        of("letter of unbroken words", document(&incident(&long), Syntax::Json, Some("letter-public"), "en").html),
    ]
}

/// What the GDPR asks of a duty: the paths of each content, any of which will do, with its provision.
fn asked(action: Action) -> Vec<(Vec<String>, String)> {
    let tables = Tables::default();
    let method = tables.method(&Choice::Id("enisa-2013".into())).expect("the method").table;
    let gdpr = tables.regime(&Choice::Id("gdpr".into()), &method).expect("the regime").table;
    let duty = gdpr.table.duties.iter().find(|d| d.action == action).expect("the duty");
    let of = |c: &breach::regime::ContentTable| ([c.path.clone()].into_iter().chain(c.or.clone()).collect(), c.provision.clone());
    duty.content.iter().map(of).collect()
}

/// Which of the contents that a duty asks for a document does not say.
fn lacking(json: &Value, action: Action, but: &[&str]) -> Vec<String> {
    let covers = |asked: &str, path: &str| path == asked || path.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'));
    let path_of = |f: &Value| f["path"].as_str().map(str::to_owned);
    let said: Vec<String> = fields(json).iter().filter(|f| !f["value"].is_null()).filter_map(|f| path_of(f)).collect();
    let asked = asked(action).into_iter().filter(|(paths, _)| !but.contains(&paths[0].as_str()));
    asked.filter(|(paths, _)| !paths.iter().any(|asked| said.iter().any(|path| covers(asked, path)))).map(|(paths, _)| paths[0].clone()).collect()
}

#[test]
fn a_notification_holds_every_element_of_art_33_3_on_every_form() {
    // it is not late, so no reasons for a delay are asked for
    let but = ["timeline.delay_reason"];
    for form in ["uodo", "naih", "edpb-template"] {
        let json = example("energy-seller-processor", Some(form), "en").json;
        assert_eq!(lacking(&json, Action::NotifyAuthority, &but), Vec::<String>::new(), "{form}");
        assert_eq!(json["missing"], serde_json::json!([]), "{form}");
        // each says by which provision it is asked for
        let provisions: Vec<&str> = fields(&json).iter().filter_map(|f| f["provision"].as_str()).collect();
        for (_, provision) in asked(Action::NotifyAuthority).iter().filter(|(paths, _)| !but.contains(&paths[0].as_str())) {
            assert!(provisions.contains(&provision.as_str()), "{form}: {provision}");
        }
    }
}

#[test]
fn a_letter_holds_every_element_of_art_34_2() {
    for form in ["letter", "letter-children", "letter-public"] {
        let letter = example("energy-seller-processor", Some(form), "en");
        assert!(!letter.refused, "{form}");
        assert_eq!(lacking(&letter.json, Action::NotifyDataSubjects, &[]), Vec::<String>::new(), "{form}");
    }
}

/// The check itself must be able to fail.
#[test]
fn what_is_left_out_is_seen() {
    let bare = document(
        br#"{"format":1,"id":"a","data":{"simple":{}},"identification":{"level":"limited"},"confidentiality":{"loss":"unknown"}}"#,
        Syntax::Json,
        None,
        "en",
    );
    assert_eq!(lacking(&bare.json, Action::NotifyAuthority, &[]).len(), asked(Action::NotifyAuthority).len());
}

fn with(change: impl FnOnce(&mut toml::Table)) -> Vec<u8> {
    let text = fs::read_to_string(here("examples/energy-seller-processor.toml")).expect("the example");
    let mut file: toml::Table = text.parse().expect("TOML");
    change(&mut file);
    file.to_string().into_bytes()
}

fn notification(file: &mut toml::Table) -> &mut toml::Table {
    file["notification"].as_table_mut().expect("a table")
}

#[test]
fn a_letter_is_refused_while_it_lacks_what_people_must_be_told() {
    type Change = fn(&mut toml::Table);
    let cases: [(&str, Change); 6] = [
        ("notification.consequences", |f| drop(notification(f).remove("consequences"))),
        ("notification.consequences", |f| drop(notification(f).insert("consequences".into(), toml::Value::Array(vec!["  ".into()])))),
        ("notification.measures_taken", |f| {
            notification(f).remove("measures_taken");
            notification(f).remove("measures_planned");
        }),
        ("notification.contact", |f| drop(notification(f).remove("contact"))),
        ("notification.contact", |f| {
            let contact = notification(f)["contact"].as_table_mut().expect("a table");
            contact.remove("email");
            contact.remove("phone");
        }),
        ("description", |f| {
            f.remove("description");
            f.remove("event");
        }),
    ];
    for (path, change) in cases {
        for form in ["letter", "letter-children", "letter-public"] {
            let letter = document(&with(change), Syntax::Toml, Some(form), "en");
            assert!(letter.refused, "{form} without {path}");
            let missing: Vec<&str> = letter.json["missing"].as_array().expect("a list").iter().filter_map(|m| m["path"].as_str()).collect();
            assert_eq!(missing, [path], "{form}");
        }
    }
    // one of two that may stand for each other is enough
    for key in ["measures_taken", "measures_planned"] {
        assert!(!document(&with(|f| drop(notification(f).remove(key))), Syntax::Toml, Some("letter"), "en").refused, "{key}");
    }
}

#[test]
fn the_kind_of_notification_follows_from_what_was_sent_and_what_is_known() {
    let unsent = |f: &mut toml::Table| drop(f.remove("authority_notices"));
    let known = |f: &mut toml::Table| {
        unsent(f);
        let subjects = f["subjects"].as_table_mut().expect("a table");
        subjects.insert("count".into(), 12.into());
        subjects.insert("records".into(), 12.into());
    };
    let of = |bytes: Vec<u8>| document(&bytes, Syntax::Toml, None, "en").json["notice"].as_str().map(str::to_owned);
    assert_eq!(of(with(|_| ())).as_deref(), Some("supplementary"));
    assert_eq!(of(with(unsent)).as_deref(), Some("initial"));
    assert_eq!(of(with(known)).as_deref(), Some("complete"));
}

#[test]
fn nothing_is_invented() {
    let bare = br#"{"format":1,"id":"a","data":{"simple":{}},"identification":{"level":"limited"},"confidentiality":{"loss":"unknown"}}"#;
    // what an empty incident says, and what follows from it by rule
    let known = ["notice-type", "still-to-come", "id", "losses", "data-types", "risk", "high-risk", "risk-reasons", "severity", "authority"];
    for form in ["uodo", "naih", "edpb-template"] {
        let json = document(bare, Syntax::Json, Some(form), "en").json;
        for field in fields(&json) {
            let path = field["path"].as_str();
            assert!(field["value"].is_null() || path.is_some_and(|p| known.contains(&p)), "{form}: {field}");
        }
    }
}

fn value<'a>(json: &'a Value, id: &str) -> &'a Value {
    &fields(json).into_iter().find(|f| f["id"] == id).unwrap_or_else(|| panic!("no field {id}"))["value"]
}

/// The energy seller's file with other answers, drafted on the Polish form.
fn drafted(change: impl FnOnce(&mut toml::Table)) -> Document {
    document(&with(change), Syntax::Toml, Some("uodo"), "en")
}

fn table<'a>(file: &'a mut toml::Table, key: &str) -> &'a mut toml::Table {
    file.entry(key).or_insert_with(|| toml::Table::new().into()).as_table_mut().expect("a table")
}

#[test]
fn a_processors_document_names_its_controllers() {
    let json = example("as-processor", Some("uodo"), "en").json;
    assert_eq!(value(&json, "controller"), &serde_json::json!(["Example Water Supply S.A.", "Example Furniture House GmbH"]));
    assert_eq!(value(&json, "processors"), "Example Print and Post Sp. z o.o.");
    assert!(value(&json, "country").is_null());
    let letter = example("as-processor", Some("letter"), "en");
    assert!(letter.markdown.contains("wrong at Example Water Supply S.A., Example Furniture House GmbH with"), "{}", letter.markdown);
}

#[test]
fn reasons_are_those_of_the_risk_and_the_controllers_own_word_is_called_so() {
    let own = |risk: &str| {
        let risk = risk.to_owned();
        let json = drafted(|f| {
            table(f, "decision").insert("risk".into(), risk.into());
            table(f, "decision").insert("why".into(), "because".into());
        })
        .json;
        value(&json, "risk-reasons").clone()
    };
    let down = own("unlikely");
    let down = down.as_array().expect("several");
    assert!(down.len() > 1 && down.last().expect("one") == "The controller's own assessment: a risk is unlikely. because", "{down:?}");
    // a heavier word than the rules' is what the risk rests on; theirs is no reason for it
    let bytes = fs::read_to_string(here("examples/naih-open-cc-list.toml")).expect("the example").replace("risk = \"unlikely\"", "risk = \"high\"");
    let json = document(bytes.as_bytes(), Syntax::Toml, Some("uodo"), "en").json;
    assert_eq!(value(&json, "high-risk"), "yes");
    let up = value(&json, "risk-reasons").as_array().expect("a list").clone();
    assert!(up.len() == 1 && up[0].as_str().is_some_and(|r| r.starts_with("The controller's own assessment: there is a high risk")), "{up:?}");
}

#[test]
fn a_letter_stands_in_the_notification_only_as_a_proposal_that_is_still_to_be_sent() {
    let to_be_sent = drafted(|_| ()).json;
    assert!(value(&to_be_sent, "content").as_str().is_some_and(|t| t.starts_with("Proposal, not sent yet:")));
    let sent = drafted(|f| drop(table(f, "timeline").insert("subjects_notified".into(), "2026-11-21T10:00:00+01:00".into()))).json;
    assert!(value(&sent, "content").is_null());
    let not_sent = drafted(|f| drop(table(f, "communication").insert("state".into(), "no".into()))).json;
    assert!(value(&not_sent, "content").is_null());
}

#[test]
fn what_may_be_hit_is_never_called_none() {
    assert_eq!(value(&drafted(|_| ()).json, "convictions"), "none");
    let open = drafted(|f| drop(table(f, "data").insert("sensitive".into(), toml::toml! { affected = "unknown" }.into()))).json;
    assert_eq!(value(&open, "convictions"), "not known yet");
    let untyped = drafted(|f| drop(table(f, "data").insert("sensitive".into(), toml::Table::new().into()))).json;
    assert_eq!(value(&untyped, "convictions"), "not known yet");
}

#[test]
fn recorded_reasons_for_an_exemption_are_kept() {
    let json = drafted(|f| {
        let exempt = toml::toml! {
            [disproportionate_effort]
            why = "no addresses are held"
            published = "2026-11-22T09:00:00+01:00"
        };
        f.insert("exemptions".into(), exempt.into());
    })
    .json;
    assert!(value(&json, "exemption").as_array().is_some_and(|all| all.iter().any(|r| r == "no addresses are held")));
    assert!(value(&json, "published").as_str().is_some_and(|p| p.contains("2026-11-22 09:00")));
}

#[test]
fn texts_that_show_nothing_are_no_content() {
    for nothing in ["\u{200b}", "\u{feff}\u{2060}", " \u{ad} ", "\u{7}"] {
        let blank = |f: &mut toml::Table| drop(notification(f).insert("consequences".into(), toml::Value::Array(vec![nothing.into()])));
        assert!(document(&with(blank), Syntax::Toml, Some("letter"), "en").refused, "{nothing:?}");
    }
}

#[test]
fn what_lasted_is_not_given_as_a_moment() {
    let when = |occurred: &str, ended: &str| {
        let (occurred, ended) = (occurred.to_owned(), ended.to_owned());
        let change = |f: &mut toml::Table| {
            table(f, "timeline").insert("occurred".into(), occurred.into());
            table(f, "timeline").insert("ended".into(), ended.into());
        };
        value(&document(&with(change), Syntax::Toml, Some("letter"), "en").json, "when").as_str().map(str::to_owned)
    };
    assert_eq!(when("2026-11-01", "2026-11-21").as_deref(), Some("from 1 November 2026 to 21 November 2026"));
    assert_eq!(when("2026-11-01", "ongoing").as_deref(), Some("since 1 November 2026; it has not ended yet"));
    assert_eq!(when("2026-11-01", "2026-11-01").as_deref(), Some("1 November 2026"));
    assert_eq!(when("unknown", "2026-11-21").as_deref(), Some("until 21 November 2026"));
    assert_eq!(when("unknown", "unknown").as_deref(), Some("not known yet"));
}

#[test]
fn malware_is_asked_about_where_it_was_malware() {
    let of = |name: &str| -> usize {
        let json = example(name, Some("uodo"), "en").json;
        fields(&json).iter().filter(|f| f["id"].as_str().is_some_and(|id| id.starts_with("malware-"))).count()
    };
    assert_eq!((of("naih-ransomware"), of("energy-seller-processor")), (4, 0));
}

#[test]
fn other_laws_are_cited_by_their_own_provisions() {
    let json = example("uk-provider-after", None, "en").json;
    let provisions: Vec<&str> = fields(&json).iter().filter_map(|f| f["provision"].as_str()).collect();
    assert!(!provisions.is_empty() && provisions.iter().all(|p| !p.starts_with("GDPR")), "{provisions:?}");
}

#[test]
fn hostile_texts_stay_texts() {
    for form in ["uodo", "naih", "edpb-template", "letter", "letter-children", "letter-public"] {
        let of = |text: &str| document(&incident(text), Syntax::Json, Some(form), "en");
        let harmless = of("harmless");
        let (blocks, markup, _) = outline(&harmless.markdown);
        assert!(markup.is_empty(), "{form}: {markup:?}");
        for hostile in HOSTILE {
            let draft = of(hostile);
            for text in [&draft.html, &draft.markdown] {
                assert_eq!(text.chars().find(|c| is_dangerous(*c)), None, "{form}: {hostile:?}");
            }
            let (hostile_blocks, markup, _) = outline(&draft.markdown);
            assert_eq!(markup, Vec::<String>::new(), "{form}: {hostile:?}");
            assert_eq!(hostile_blocks, blocks, "{form}: {hostile:?}");
            let page = parse(&draft.html);
            assert_eq!(strangers(&page), Vec::<String>::new(), "{form}: {hostile:?}");
            let solid = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && !is_dangerous(*c) && *c != '\u{fffd}').collect() };
            assert!(solid(&text_of(page.root_element())).contains(&solid(hostile)), "{form}: {hostile:?} cannot be read");
        }
    }
}

/// Words of lawyers and of technicians that have no place in a letter.
const JARGON: [(&str, &[&str]); 3] = [
    (
        "en",
        &[
            "controller",
            "processor",
            "data subject",
            "personal data breach",
            "pursuant",
            "gdpr",
            "art.",
            "supervisory",
            "confidentiality",
            "incident",
            "mitigat",
        ],
    ),
    (
        "pl",
        &[
            "administrator",
            "podmiot przetwarzający",
            "osoba, której dane",
            "osoby, której dane",
            "naruszenie ochrony",
            "rodo",
            "art.",
            "organ nadzorczy",
            "poufność",
            "incydent",
        ],
    ),
    ("hu", &["adatkezelő", "adatfeldolgozó", "érintett", "adatvédelmi incidens", "gdpr", "cikk", "felügyeleti hatóság", "bizalmasság", "incidens"]),
];

/// The program's own sentences in letters are short and plain: about fifteen words at the most on average, none over thirty.
#[test]
fn letters_are_plain() {
    for (language, jargon) in JARGON {
        let texts = Texts::of(language.parse().expect("a language"));
        let tables = Tables::default();
        let letters = ["letter", "letter-children", "letter-public"].map(|id| tables.form(&Choice::Id(id.into())).expect("a form").table);
        let of_form = letters.iter().flat_map(|f| {
            let titles = f.sections.iter().filter_map(|s| s.title.as_ref()).chain([&f.title]);
            titles.chain(f.sections.iter().flat_map(|s| &s.text)).chain(f.fields().filter_map(|f| f.label.as_ref())).map(String::as_str)
        });
        let mut ours: Vec<String> = of_form.map(str::to_owned).collect();
        ours.extend(breach::advice::texts().map(str::to_owned));
        let ours: Vec<String> = ours.iter().map(|t| texts.table(t).to_owned()).collect();
        for text in &ours {
            let lower = text.to_lowercase().replace("{controller}", "");
            let found = jargon.iter().find(|word| lower.contains(**word));
            assert_eq!(found, None, "{language}: {text}");
        }
        let sentences: Vec<usize> = ours
            .iter()
            .flat_map(|t| t.split_inclusive(['.', '?', '!', ':']))
            .map(|s| s.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count())
            .filter(|n| *n > 0)
            .collect();
        let average = sentences.iter().sum::<usize>() as f64 / sentences.len() as f64;
        assert!(average <= 15.0 && sentences.iter().all(|n| *n <= 30), "{language}: {average} on average, {:?} at most", sentences.iter().max());
    }
}

/// Everything that people may read of the built-in tables is there in every language.
#[test]
fn every_text_of_the_built_in_tables_is_there_in_every_language() {
    let mut english: Vec<String> = breach::advice::texts().map(str::to_owned).collect();
    let tables = Tables::default();
    for kind in Kind::ALL {
        for id in tables.ids(kind) {
            let mut table: toml::Table = tables.text(kind, &id).expect("a table").parse().expect("TOML");
            if kind == Kind::Country {
                // a name, shown as it is
                table.remove("title");
            }
            gather(&toml::Value::Table(table), &mut english);
        }
    }
    assert!(english.len() > 900, "{}", english.len());
    for language in Language::all().skip(1) {
        let texts = Texts::of(language);
        let without: Vec<&String> = english.iter().filter(|text| !texts.has_table(text)).collect();
        assert!(without.is_empty(), "{language}: {without:#?}");
    }
}

/// The texts of a table: what stands at keys that people read.
fn gather(value: &toml::Value, found: &mut Vec<String>) {
    const READ: [&str; 15] = [
        "title",
        "description",
        "criterion",
        "meaning",
        "text",
        "note",
        "ground",
        "provision",
        "to_text",
        "qualifier",
        "who",
        "law",
        "label",
        "examples",
        "en",
    ];
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                // names of countries, authorities and documents are their own; what cites or stands for code is no text
                if ["sources", "name", "holidays", "when", "unless", "cases"].contains(&key.as_str()) {
                    continue;
                }
                match value {
                    toml::Value::String(text) if READ.contains(&key.as_str()) => found.push(text.clone()),
                    toml::Value::Array(list) if key == "text" => found.extend(list.iter().filter_map(|t| t.as_str()).map(str::to_owned)),
                    other => gather(other, found),
                }
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|v| gather(v, found)),
        _ => {}
    }
}
