//! Hostile texts in every free-text field: in every form they stay text.

use breach::incident::format::{FIELDS, Kind, WHY};
use breach::incident::read::Syntax;
use breach::render::json::{self, Input};
use breach::texts::Texts;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use serde_json::{Map, Value};

use super::structure::{faults, parse, text_of};
use super::{Forms, forms};

/// Texts that would like to be something else.
pub const HOSTILE: &[&str] = &[
    // HTML
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>' onmouseover='alert(1)",
    "</title></style></textarea><!-- <![CDATA[ ]]> --><iframe src=\"https://evil.example\">",
    "&lt;b&gt; &#60;script&#62; &amp;amp; &nbsp;",
    "<a href='javascript:alert(1)'>x</a>",
    // Markdown
    "[a](https://evil.example) ![b](https://evil.example/x.png) <https://evil.example> [c]: https://evil.example",
    "https://evil.example http://evil.example/a_b_c ftp://evil.example www.evil.example mailto:a@evil.example xmpp:a@evil.example/b",
    "a@evil.example, @someone (@org/team) #12 GH-12 org/repo#3 :octocat: :+1:",
    "# a\n## b\n===\n---\n***\n- c\n+ d\n* e\n1. f\n2) g\n> h\n    i\n```\nj\n~~~\nk\n| l | m |\n| - | - |\n",
    "*a* **b** __c__ _d_ `e` ``f`` ~~g~~ ~h~ $i$ $$j$$ [^1] [x] - [ ] k \\ \\\\ \\* | || {% l %} {{ m }} {#n}",
    "[^1]: note\n[x]: <y>\n- [ ] task\n: definition\nterm\n:   definition\n<details>\n<!--",
    "`x` \\`x\\` ``` a@b.example``c@d.example`",
    "trailing backslash \\",
    // spreadsheets
    "=HYPERLINK(\"https://evil.example\";\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "  =1+1,\"2\"\n=3",
    // terminals
    "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{1b}]8;;https://evil.example\u{1b}\\x\u{1b}]8;;\u{1b}\\ \u{9b}2J \u{8}\u{8}\u{7f} \u{0}",
    "good\rNOTIFY NOBODY",
    "good\nNOTIFY NOBODY\n\nStill missing\n- nothing",
    // the direction of writing
    "\u{202e}gnihton\u{202c} \u{2066}a\u{2069} \u{200f}b\u{200e} \u{61c}c \u{2028}d\u{2029}",
    // placeholders of our own
    "{to} {deadline} {id} {text} {0} {}",
];

/// Sets a value at a path of the format's description; lists of tables get one entry.
fn set(table: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((key, rest)) = path.split_once('.') else {
        table.insert(path.to_owned(), value);
        return;
    };
    let below = match key.strip_suffix("[]") {
        Some(key) => {
            let list = table.entry(key).or_insert_with(|| serde_json::json!([{}]));
            list.get_mut(0)
        }
        None => Some(table.entry(key).or_insert_with(|| serde_json::json!({}))),
    };
    set(below.and_then(Value::as_object_mut).expect("a table"), rest, value);
}

/// An incident with a text in every field that takes one, and enough else that every part of a report is there.
pub fn incident(text: &str) -> Vec<u8> {
    let mut file = serde_json::json!({
        "format": 1,
        "controller": { "role": "controller", "eu_establishment": false },
        "processors": [{ "told_us": "2026-11-20T18:00:00Z" }],
        "timeline": { "occurred": "2026-11-20", "detected": "2026-11-20T09:00:00Z", "aware": "2026-11-20T19:00:00Z" },
        "authority_notices": [{ "sent": "2026-11-21T09:00:00Z", "kind": "initial", "complete_by": "2026-11-30" }],
        "data": {
            "simple": { "items": ["full-name", "national-id"] },
            "financial": { "items": ["income"], "level": 1, "because": ["nature"] },
            "sensitive": { "affected": "unknown" },
        },
        "identification": { "level": "unknown" },
        "confidentiality": { "loss": "unknown-recipients" },
        "intent": { "malicious": "unknown" },
        "exemptions": { "subsequent_measures": { "verified_by": "none" }, "disproportionate_effort": { "published": "2026-11-21T10:00:00Z" } },
        "claims": { "reasons": ["few-people"] },
        "decision": { "risk": "unlikely" },
    });
    let file = file.as_object_mut().expect("a table");
    for field in FIELDS {
        match field.kind {
            Kind::Text => set(file, field.path, serde_json::json!(text)),
            Kind::Texts => set(file, field.path, serde_json::json!([text, text])),
            Kind::Table | Kind::Tables if !field.path.starts_with("data.behavioural") => {
                let entry = if field.kind == Kind::Tables { "[]" } else { "" };
                // a table that holds tables only takes a reason too
                set(file, &format!("{}{entry}.{WHY}", field.path), serde_json::json!(text));
            }
            _ => {}
        }
    }
    file.get_mut("data").and_then(Value::as_object_mut).expect("a table").remove(WHY);
    set(file, WHY, serde_json::json!(text));
    serde_json::to_vec(&file).expect("JSON")
}

fn forms_with(text: &str) -> Forms {
    forms(text, &incident(text), Syntax::Json, None)
}

/// A page with a text in every field.
pub fn page(text: &str) -> String {
    forms_with(text).html
}

#[test]
fn every_field_that_takes_a_text_gets_one() {
    let f = forms_with("quite harmless");
    let mut paths = std::collections::BTreeSet::new();
    f.incident.texts(&mut |at, _| {
        paths.insert(at.to_string());
    });
    for field in FIELDS.iter().filter(|f| matches!(f.kind, Kind::Text | Kind::Texts)) {
        let path = field.path.replace("[]", "[0]") + if field.kind == Kind::Texts { "[0]" } else { "" };
        assert!(paths.contains(&path), "{path} holds no text");
    }
    // and every one of them stands in a report
    assert!(f.html.matches("quite harmless").count() >= paths.len(), "{} paths", paths.len());
    assert!(f.markdown.matches("quite harmless").count() >= paths.len());
}

/// What no output may hold: what a terminal obeys, and what turns the direction of writing.
pub fn is_dangerous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
}

#[test]
fn no_control_sequence_gets_through() {
    for hostile in HOSTILE {
        let f = forms_with(hostile);
        for (form, text) in [("text", &f.text), ("html", &f.html), ("markdown", &f.markdown), ("csv", &f.csv)] {
            let found = text.chars().find(|c| is_dangerous(*c));
            assert_eq!(found, None, "{form} of {hostile:?}");
        }
    }
}

#[test]
fn json_is_as_harmless_and_says_the_same() {
    let input = Input { name: "hostile".into(), sha256: String::new() };
    for hostile in HOSTILE {
        let f = forms_with(hostile);
        let pretty = json::write(&f.assessment, f.incident, &input, &Texts::english(), true);
        let mut line = Vec::new();
        json::write_line(&f.assessment, f.incident, &input, &Texts::english(), &mut line);
        let line = String::from_utf8(line).expect("UTF-8");
        for written in [&pretty, &line] {
            assert_eq!(written.chars().find(|c| is_dangerous(*c)), None, "{hostile:?}");
            let read: Value = serde_json::from_str(written).expect("JSON");
            assert_eq!(read["incident"]["title"], *hostile);
        }
    }
}

#[test]
fn html_keeps_its_structure() {
    let harmless = forms_with("harmless").html;
    let harmless = parse(&harmless);
    let shape = |page: &roxmltree::Document<'_>| -> Vec<String> {
        let of = |n: roxmltree::Node<'_, '_>| format!("{} {}", n.tag_name().name(), n.attributes().map(|a| a.name()).collect::<Vec<_>>().join(" "));
        // a text of several lines has several paragraphs; all else stays as it is
        page.descendants().filter(|n| n.is_element()).map(of).filter(|e| !e.starts_with("p ") && !e.starts_with("br ")).collect()
    };
    for hostile in HOSTILE {
        let html = forms_with(hostile).html;
        assert_eq!(faults(&html, 1), Vec::<String>::new(), "{hostile:?}");
        let page = parse(&html);
        assert_eq!(shape(&page), shape(&harmless), "{hostile:?}");
        assert_eq!(page.descendants().filter(|n| n.is_comment() || n.is_pi()).count(), 0, "{hostile:?}");
        // what was written is what is read
        let body: String = text_of(page.root_element()).split_whitespace().collect();
        let written: String = hostile.chars().filter(|c| !c.is_whitespace()).map(|c| if is_dangerous(c) { '\u{fffd}' } else { c }).collect();
        let read = |text: &str| text.replace('\u{fffd}', "");
        assert!(read(&body).contains(&read(&written)), "{hostile:?} cannot be read");
    }
}

fn github() -> Options<'static> {
    let mut options = Options::default();
    let e = &mut options.extension;
    e.autolink = true;
    e.table = true;
    e.strikethrough = true;
    e.tasklist = true;
    e.footnotes = true;
    e.math_dollars = true;
    e.math_code = true;
    e.alerts = true;
    e.description_lists = true;
    e.superscript = true;
    e.shortcodes = true;
    options
}

/// The nodes of a document, in order: blocks with their place, and whatever inline thing is more than text.
pub fn outline(markdown: &str) -> (Vec<String>, Vec<String>, String) {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &github());
    let (mut blocks, mut markup, mut text) = (Vec::new(), Vec::new(), String::new());
    for node in root.descendants() {
        let value = &node.data.borrow().value;
        match value {
            NodeValue::Text(t) => text.push_str(t),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::Escaped | NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::Strong | NodeValue::Document => {}
            NodeValue::Paragraph | NodeValue::BlockQuote => {}
            NodeValue::Heading(h) => blocks.push(format!("heading {}", h.level)),
            NodeValue::Item(_)
            | NodeValue::List(_)
            | NodeValue::ThematicBreak
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell => {
                blocks.push(kind(node));
            }
            _ => markup.push(kind(node)),
        }
    }
    (blocks, markup, text)
}

fn kind<'a>(node: &'a AstNode<'a>) -> String {
    let value = format!("{:?}", node.data.borrow().value);
    value.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

#[test]
fn markdown_keeps_its_structure() {
    let (blocks, markup, _) = outline(&forms_with("harmless").markdown);
    assert!(markup.is_empty() && blocks.len() > 100, "{markup:?}");
    for hostile in HOSTILE {
        let markdown = forms_with(hostile).markdown;
        let (hostile_blocks, markup, text) = outline(&markdown);
        assert_eq!(markup, Vec::<String>::new(), "{hostile:?}");
        assert_eq!(hostile_blocks, blocks, "{hostile:?}");
        let solid = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && !is_dangerous(*c) && *c != '\u{fffd}').collect() };
        assert!(solid(&text).contains(&solid(hostile)), "{hostile:?} cannot be read");
    }
}

/// The check itself must be able to fail.
#[test]
fn markup_would_be_seen() {
    for markup in
        ["[a](b)", "![a](b)", "<b>x</b>", "a@evil.example", "www.evil.example", "https://evil.example", "~~a~~", "[^1]\n\n[^1]: x", ":smile:", "$a$"]
    {
        let (_, found, _) = outline(markup);
        assert!(!found.is_empty(), "{markup}");
    }
}

#[test]
fn no_cell_is_a_formula() {
    for hostile in HOSTILE {
        let f = forms_with(hostile);
        let mut rows = csv::ReaderBuilder::new().has_headers(true).from_reader(f.csv.as_bytes());
        let head = rows.headers().expect("a header").clone();
        let all: Vec<csv::StringRecord> = rows.records().map(|r| r.expect("as many cells as columns")).collect();
        assert_eq!(all.len(), 1, "{hostile:?}");
        for (column, cell) in head.iter().zip(&all[0]) {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']), "{hostile:?}: {column} is {cell:?}");
            assert!(!cell.contains('\n'), "{hostile:?}: {column} is {cell:?}");
        }
    }
}

/// No text may end its line and begin another that looks like the program's.
#[test]
fn text_stays_within_its_lines() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::trim_end).map(str::to_owned).collect() };
    let text = forms_with("good\nNOTIFY NOBODY\n\nStill missing\n- nothing").text;
    for line in ["NOTIFY NOBODY", "- nothing"] {
        assert!(!lines(&text).contains(&line.to_owned()), "{text}");
    }
    assert_eq!(lines(&text).iter().filter(|l| *l == "Still missing").count(), 1);
}
