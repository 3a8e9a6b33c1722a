//! What each form holds, and how several incidents and bad ones are put together.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::structure::{faults, parse, text_of};
use super::{Forms, NOW, example, examples, here};

/// White space as single blanks, as a reader sees a text.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A Markdown text without its escapes.
fn read(markdown: &str) -> String {
    let plain = markdown.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#96;", "`").replace("&#123;", "{");
    flat(&plain.replace(['\\', '`', '*'], ""))
}

/// What a report of this assessment must say, in the words of the tables and of the file.
fn must_say(f: &Forms) -> Vec<String> {
    let a = &f.assessment;
    let mut all: Vec<String> = vec![a.severity.score().to_string(), a.severity.vector.clone(), f.incident.file.id.clone().expect("an id").0];
    for d in &a.duties {
        all.extend([d.to.to_owned(), d.provision.to_owned()]);
        all.extend(d.deadline.map(|t| t.format("%Y-%m-%d %H:%M %:z").to_string()));
    }
    for r in &a.decision.rules {
        all.extend([r.text.en.clone(), r.provision.to_owned(), r.ground.to_owned(), r.id.to_owned()]);
        all.extend(r.because.iter().map(ToString::to_string));
    }
    all.extend(a.decision.own_word.iter().filter_map(|own| own.why.map(str::to_owned)));
    all.extend(a.missing.iter().flat_map(|m| [m.path.to_owned(), m.provision.to_owned()]));
    all.extend([&a.method, &a.practice].into_iter().chain(&a.regimes).chain(&a.country).map(|t| t.sha256.clone()));
    // every text of the file, but that Markdown may break a long one into lines
    f.incident.texts(&mut |_, text| all.push(text.to_owned()));
    all
}

#[test]
fn everything_that_matters_is_on_paper() {
    for name in examples() {
        let f = example(&name, None);
        let page = parse(&f.html);
        let body = page.descendants().find(|n| n.tag_name().name() == "body").expect("a body");
        let (html, markdown) = (flat(&text_of(body)), read(&f.markdown));
        for said in must_say(&f) {
            assert!(html.contains(&flat(&said)), "{name}: html does not say {said:?}");
            let said = flat(&said.replace(['`', '*'], ""));
            // a quoted text has a mark at the start of every line
            assert!(markdown.replace("> ", "").contains(&said), "{name}: markdown does not say {said:?}");
        }
    }
}

#[test]
fn the_outcome_and_the_deadline_come_first() {
    let f = example("payroll-wrong-client", None);
    let text: Vec<&str> = f.text.lines().collect();
    let (outcome, deadline) = (text[1], "Monday 2026-11-23 16:30 +01:00");
    for (form, body) in [("html", f.html.split_once("<main>").expect("a body").1), ("markdown", f.markdown.as_str())] {
        let first_section = body.find(if form == "html" { "<h3>" } else { "\n## " }).expect("a section");
        for said in [outcome, deadline] {
            assert!(body.find(said).is_some_and(|at| at < first_section), "{form}: {said} does not come first");
        }
    }
}

/// Nothing of the program's own may show through: a key without its sentence, a value that was not filled in.
#[test]
fn every_sentence_is_there_and_filled_in() {
    for name in examples() {
        for practice in [None, Some("plain")] {
            let f = example(&name, practice);
            let body = f.html.split_once("<body>").expect("a body").1;
            for (form, text) in [("html", body), ("markdown", &f.markdown), ("text", &f.text)] {
                for key in ["report-", "heading-", "column-", "status-", "outcome-", "{", "&#123;"] {
                    assert!(!text.contains(key), "{name}: {form} shows {key}");
                }
            }
        }
    }
}

#[test]
fn score_only_is_said_before_all_else() {
    let f = example("payroll-wrong-client", Some("plain"));
    let first = f.text.lines().next().expect("a line");
    assert!(first.starts_with("Score only"));
    assert_eq!(f.markdown.lines().next(), Some(format!("**{first}**").as_str()));
    let section = f.html.split_once("<section class=\"incident\"").expect("a section").1;
    assert!(section.find(first).expect("the warning") < section.find("<h2").expect("the title"));
}

#[test]
fn register_only_is_never_bare() {
    let f = example("naih-open-cc-list", None);
    for form in [&f.html, &f.markdown] {
        let (top, _) = form.split_once("What must be done").expect("a section");
        assert!(top.contains("this rests on: ") && top.contains("It falls with any of the answers"), "{top}");
    }
}

#[test]
fn a_row_holds_numbers_as_numbers_and_times_as_times() {
    let mut seen = 0;
    for name in examples() {
        let f = example(&name, None);
        let mut rows = csv::Reader::from_reader(f.csv.as_bytes());
        let head = rows.headers().expect("a header").clone();
        let row = rows.records().next().expect("a row").expect("as many cells as columns");
        let cell = |column: &str| &row[head.iter().position(|c| c == column).unwrap_or_else(|| panic!("no column {column}"))];
        let s = &f.assessment.severity;
        for (column, score) in [("score", s.score()), ("min", s.range.min), ("max", s.range.max)] {
            assert_eq!(cell(column).parse(), Ok(score.as_f64()), "{name}: {column}");
        }
        assert_eq!(cell("outcome"), f.assessment.decision.outcome.id());
        assert_eq!(cell("missing").parse(), Ok(f.assessment.missing.len()));
        if !cell("authority_remaining_hours").is_empty() {
            cell("authority_remaining_hours").parse::<f64>().expect("a number");
            chrono::DateTime::parse_from_rfc3339(cell("authority_deadline")).expect("a time");
            seen += 1;
        }
        assert_eq!(rows.records().count(), 0, "{name}: one row an incident");
    }
    assert!(seen > 3, "no deadline was seen");
}

/// Standard output, and whether it ended as a bad input must.
fn run(folder: &Path, format: &str, inputs: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_breach"))
        .args(["assess", "--no-config", "--now", NOW, "--format", format])
        .args(inputs)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
}

#[test]
fn a_bad_input_prints_nothing_but_the_header_of_a_table() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("bad.toml"), "format = 1\n").expect("a file");
    assert_eq!(run(folder.path(), "html", &["bad.toml"]), (String::new(), Some(2)));
    assert_eq!(run(folder.path(), "markdown", &["bad.toml"]), (String::new(), Some(2)));
    assert_eq!(run(folder.path(), "csv", &["bad.toml"]), (breach::render::csv::header(), Some(2)));
    assert_eq!(run(folder.path(), "html", &["missing.toml"]), (String::new(), Some(3)));
}

#[test]
fn several_incidents_are_one_document_a_section_each() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("bad.toml"), "format = 1\n").expect("a file");
    let good: Vec<String> =
        ["payroll-wrong-client", "naih-open-cc-list", "as-processor"].map(|n| here(&format!("examples/{n}.toml")).display().to_string()).into();
    let inputs = [good[0].as_str(), "bad.toml", &good[1], &good[2]];

    let (html, status) = run(folder.path(), "html", &inputs);
    assert_eq!(status, Some(2));
    assert_eq!(faults(&html, 3), Vec::<String>::new());
    assert_eq!(html.matches("<section class=\"incident\"").count(), 3);

    let (markdown, _) = run(folder.path(), "markdown", &inputs);
    let apart: String = good.iter().map(|path| run(folder.path(), "markdown", &[path.as_str()]).0).collect::<Vec<_>>().join("\n");
    assert_eq!(markdown, apart);

    let (csv, _) = run(folder.path(), "csv", &inputs);
    assert_eq!(csv.lines().count(), 4);
    assert_eq!(csv.lines().next(), breach::render::csv::header().lines().next());
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = here("examples/as-processor.toml").display().to_string();
    let (printed, _) = run(folder.path(), "html", &[&good]);
    assert_eq!(run(folder.path(), "html", &["-o", "r.html", &good]), (String::new(), Some(0)));
    assert_eq!(fs::read_to_string(folder.path().join("r.html")).expect("the report"), printed);
    assert_eq!(run(folder.path(), "csv", &["-o", "r.html", "missing.toml"]).1, Some(3));
    assert_eq!(fs::read_to_string(folder.path().join("r.html")).expect("the report"), printed);
}
