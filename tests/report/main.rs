//! Reports for the record: what they hold, how they are built, what a hostile text becomes in them, and how they look in a browser.

mod browser;
mod drafts;
mod formats;
mod hostile;
mod snapshots;
mod structure;

use std::fs;
use std::path::{Path, PathBuf};

use breach::assess::{Assessment, assess};
use breach::desk::{Choices, Desk};
use breach::incident::Incident;
use breach::incident::read::Syntax;
use breach::language::Language;
use breach::render::json::Input;
use breach::render::{csv, html, markdown, text};
use breach::tables::{Choice, Tables, sha256};
use breach::texts::Texts;
use chrono::DateTime;

/// Where the time of every report stands still.
const NOW: &str = "2026-11-22T10:00:00+01:00";

/// One incident in every form for people.
struct Forms {
    text: String,
    html: String,
    markdown: String,
    csv: String,
    assessment: Assessment<'static>,
    incident: &'static Incident,
}

/// Assesses an incident and writes it in every form.
fn forms(name: &str, bytes: &[u8], syntax: Syntax, practice: Option<&str>) -> Forms {
    forms_in(Language::ENGLISH, name, bytes, syntax, practice)
}

fn forms_in(language: Language, name: &str, bytes: &[u8], syntax: Syntax, practice: Option<&str>) -> Forms {
    let choices = Choices { practice: practice.map(|id| Choice::Id(id.into())), ..Choices::default() };
    // what is borrowed from these stays to the end of the tests
    let desk: &Desk = Box::leak(Box::new(Desk::new(Tables::default(), choices).expect("the built-in tables")));
    let incident: &Incident = Box::leak(Box::new(desk.read(bytes, syntax).unwrap_or_else(|findings| panic!("{name}: {findings:?}"))));
    let picked = Box::leak(Box::new(desk.pick(incident).expect("the built-in tables")));
    let now = DateTime::parse_from_rfc3339(NOW).expect("a time");
    let assessment = desk.with(picked, incident, now, |rules| assess(incident, rules, now, true));
    let (method, texts) = (desk.method(), Texts::of(language));
    let input = Input { name: name.to_owned(), sha256: sha256(&[bytes]) };
    let mut page = html::Document::default();
    let begun = page.add(&assessment, incident, method, &texts, &input);
    Forms {
        text: text::write(&assessment, incident, method, &texts, text::Look { colour: false, all: true }),
        html: begun + &page.end(&texts),
        markdown: markdown::write(&assessment, incident, method, &texts, &input),
        csv: csv::header() + &csv::row(&assessment, incident, &input),
        assessment,
        incident,
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn example(name: &str, practice: Option<&str>) -> Forms {
    example_in(Language::ENGLISH, name, practice)
}

fn example_in(language: Language, name: &str, practice: Option<&str>) -> Forms {
    let bytes = fs::read(here("examples").join(name).with_extension("toml")).unwrap_or_else(|e| panic!("{name}: {e}"));
    forms_in(language, &format!("examples/{name}.toml"), &bytes, Syntax::Toml, practice)
}

/// The names of the example incidents.
fn examples() -> Vec<String> {
    let files = fs::read_dir(here("examples")).expect("the examples").map(|e| e.expect("an entry").path());
    let mut names: Vec<String> =
        files.filter(|p| p.extension().is_some_and(|e| e == "toml")).filter_map(|p| Some(p.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    assert!(names.len() > 10, "the examples are not where they were");
    names
}
