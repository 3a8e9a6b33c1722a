//! The stages of an assessment, each alone, over the same made-up incidents: `cargo bench --bench stages`. The times are those of a hundred incidents.

use std::hint::black_box;

use breach::assess::{assess, verdict};
use breach::desk::{Choices, Desk};
use breach::incident::Incident;
use breach::incident::raw::Raw;
use breach::incident::read::Syntax;
use breach::render::json::{self, Input};
use breach::sensitivity::Search;
use breach::sheet::Sheet;
use breach::tables::{Choice, Tables, sha256};
use breach::texts::Texts;
use breach::vector::Scale;
use breach::{decide, duties, lint, score};
use criterion::{Criterion, criterion_group, criterion_main};

#[allow(dead_code)]
#[path = "incidents.rs"]
mod incidents;

fn stages(c: &mut Criterion) {
    let now: duties::Time = "2026-11-22T10:00:00+01:00".parse().expect("a time");
    let choices = || Choices { practice: Some(Choice::Id("edpb".into())), ..Choices::default() };
    let desk = Desk::new(Tables::default(), choices()).expect("the built-in tables");
    let texts = Texts::english();
    let lines: Vec<String> = (1..=100).map(|n| incidents::incident(n).to_string()).collect();
    let read = |line: &String| desk.read(line.as_bytes(), Syntax::Json).expect("an incident");
    let all: Vec<Incident> = lines.iter().map(read).collect();
    // each with the tables that it is assessed by
    macro_rules! each {
        ($name:literal, |$incident:ident, $rules:ident| $work:expr) => {
            c.bench_function($name, |b| {
                b.iter(|| {
                    for $incident in &all {
                        let picked = desk.pick($incident).expect("the built-in tables");
                        desk.with(&picked, $incident, now, |$rules| {
                            let _ = black_box($work);
                        });
                    }
                })
            });
        };
    }
    c.bench_function("tables", |b| b.iter(|| Desk::new(Tables::default(), choices()).expect("the built-in tables")));
    c.bench_function("parse", |b| b.iter(|| lines.iter().for_each(|line| drop(black_box(serde_json::from_str::<Raw>(line))))));
    c.bench_function("parse, validate", |b| b.iter(|| lines.iter().for_each(|line| drop(black_box(read(line))))));
    c.bench_function("sha-256", |b| b.iter(|| lines.iter().for_each(|line| drop(black_box(sha256(&[line.as_bytes()]))))));
    each!("pick", |_i, rules| rules.country.is_some());
    each!("score", |i, rules| score::score(i, &rules.method.table));
    each!("score, decide", |i, rules| {
        let sheet = Sheet::of(i);
        let severity = score::severity(i, &sheet, &rules.method.table);
        decide::decide(i, &sheet, &severity, &rules.practice.table, None)
    });
    each!("score, decide, require", |i, rules| verdict(i, rules).required.outcome);
    each!("verdict, changes, find out", |i, rules| {
        let now = verdict(i, rules);
        let mut search = Search::new(i, rules, &now);
        (search.changes(), search.find_out())
    });
    each!("personal data", |i, rules| lint::search(i, rules.country.map(|c| &c.table)));
    each!("assess without changes", |i, rules| assess(i, rules, now, false));
    each!("assess", |i, rules| assess(i, rules, now, true));
    let input = Input { name: "-".into(), sha256: sha256(&[b""]) };
    each!("assess, write", |i, rules| json::write(&assess(i, rules, now, true), i, &input, &texts, false));
    let method = desk.method();
    let scale = Scale::new(method);
    c.bench_function("a vector", |b| b.iter(|| scale.score(black_box("ENISA:2013/DPC:3/EI:0.75/C:0.5/I:0/A:0/M:0.5"))));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = stages
}
criterion_main!(benches);
