//! Reports as they were read by eye. After a change that is meant: `BREACH_SNAPSHOTS=overwrite cargo test --test report`, then read them again.

use std::env;
use std::fs;

use breach::language::Language;

use super::{drafts, example_in, here};

/// One where everybody is told, one where something is unknown and a processor is at fault, one where nobody is told.
const READ: [&str; 3] = ["payroll-wrong-client", "energy-seller-processor", "naih-open-cc-list"];

/// Drafts: an example, the form (none: the country's), what the file is called.
const DRAFTED: [(&str, Option<&str>, &str); 4] = [
    ("energy-seller-processor", None, "energy-seller-notification"),
    ("energy-seller-processor", Some("letter"), "energy-seller-letter"),
    ("naih-ransomware", None, "naih-ransomware-notification"),
    ("cross-border", Some("letter-public"), "cross-border-public"),
];

/// Every page in every language: its name, and itself as HTML and as Markdown.
fn pages() -> Vec<(String, String, String)> {
    let mut pages = Vec::new();
    for language in Language::all() {
        for name in READ {
            let f = example_in(language, name, None);
            pages.push((format!("{name}.{language}"), f.html, f.markdown));
        }
        for (name, form, called) in DRAFTED {
            let d = drafts::example(name, form, language.id());
            pages.push((format!("{called}.{language}"), d.html, d.markdown));
        }
    }
    pages
}

#[test]
fn reports_are_as_they_were_read() {
    let overwrite = env::var("BREACH_SNAPSHOTS").is_ok_and(|v| v == "overwrite");
    let mut changed = Vec::new();
    for (name, html, markdown) in pages() {
        for (form, text) in [("html", &html), ("md", &markdown)] {
            let path = here("tests/report/snapshots").join(format!("{name}.{form}"));
            let text = elided(text);
            if overwrite {
                fs::write(&path, &text).expect("a place for it");
            }
            let kept = fs::read_to_string(&path).unwrap_or_default();
            let differs = kept.lines().zip(text.lines()).find(|(a, b)| a != b);
            if let Some((kept, now)) = differs {
                changed.push(format!("{}:\n  was {kept}\n  is  {now}", path.display()));
            } else if kept != text {
                changed.push(format!("{}: {} lines instead of {}", path.display(), text.lines().count(), kept.lines().count()));
            }
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

/// A report without what changes with every comment in a table, every release, every shade of a colour.
fn elided(text: &str) -> String {
    let is_digest = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let text = text.replace(&format!("breach {}", env!("CARGO_PKG_VERSION")), "breach [version]");
    let text = match (text.find("<style>"), text.find("</style>")) {
        (Some(from), Some(to)) => format!("{}{}", &text[..from + "<style>".len()], &text[to..]),
        _ => text,
    };
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_digest(bare) { format!("[digest]{}", &word[bare.len()..]) } else { word.to_owned() }
        })
        .collect()
}
