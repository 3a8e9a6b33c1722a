//! The method against every vector there is, worked examples of others, and published results that contradict the formula (`tests/vectors`).

mod support;

use breach::incident::words::{Category, Factor, Level, Word};
use breach::quarters::Quarters;
use breach::score::{Severity, score};
use breach::vector::{METRICS, score as score_vector};
use serde::Deserialize;
use support::{Answers, Failures, file, method, parsed, smallest};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Worked {
    example: Vec<Example>,
    dpc: Vec<LevelExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    id: String,
    vector: String,
    score: Quarters,
    level: Level,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "text")]
    _text: Option<String>,
}

/// An example of one category's level only, which is no score.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelExample {
    id: String,
    category: Category,
    level: u8,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "text")]
    _text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contradictions {
    published: Vec<Published>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    id: String,
    claim: String,
    claimed_score: Option<f64>,
    claimed_level: Option<String>,
    vector: Option<String>,
    score: Option<Quarters>,
    level: Option<Level>,
    impossible_score: Option<f64>,
    bad_vector: Option<String>,
    #[serde(rename = "source")]
    _source: String,
}

/// The lines of all-864.tsv: vector, score, level.
fn every_vector() -> Vec<(String, Quarters, Level)> {
    let text = file("tests/vectors/all-864.tsv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("vector\tscore\tlevel"), "the first line of all-864.tsv");
    let read = |line: &str| {
        let [vector, score, level] = line.split('\t').collect::<Vec<_>>()[..] else { return None };
        Some((vector.to_owned(), Quarters::from_f64(score.parse().ok()?)?, level.parse().ok()?))
    };
    lines.map(|line| read(line).unwrap_or_else(|| panic!("all-864.tsv: {line:?} is not a vector with its score and level"))).collect()
}

/// The values of a vector in quarters, read by hand: the metrics in their order.
fn metrics(vector: &str) -> [i32; 6] {
    let values: Vec<i32> =
        vector.split('/').skip(1).filter_map(|part| part.split(':').nth(1)?.parse::<f64>().ok()).map(|n| (n * 4.0) as i32).collect();
    values.try_into().unwrap_or_else(|_| panic!("{vector} has not {} metrics", METRICS.len()))
}

/// The file whose answers a vector stands for, with its highest level in a category.
fn answers(vector: &str, category: Category) -> Answers {
    let [dpc, ei, confidentiality, integrity, availability, malicious] = metrics(vector);
    let lost = integrity + availability > 0;
    let mut answers = smallest().without("data");
    answers.set(&format!("data.{}.items", category.id()), toml::value::Array::new());
    answers.set("identification.level", ["negligible", "limited", "significant", "maximum"][ei as usize - 1]);
    // without any other loss, one that scores nothing: some loss there must be
    answers
        .set("confidentiality.loss", [if lost { "none" } else { "no-evidence" }, "known-recipients", "unknown-recipients"][confidentiality as usize]);
    answers.set("integrity.loss", ["none", "recoverable", "unrecoverable"][integrity as usize]);
    answers.set("availability.loss", ["none", "temporary", "permanent"][availability as usize]);
    answers.set("intent.malicious", malicious > 0);
    answers.with_level(category, i64::from(dpc / 4), (Factor::Volume, Factor::Nature))
}

fn scored(answers: &Answers) -> Severity {
    score(&answers.incident(), method())
}

#[test]
fn every_vector_has_its_score_and_level() {
    let vectors = every_vector();
    assert_eq!(vectors.len(), 4 * 4 * 3 * 3 * 3 * 2);
    let mut failures = Failures::default();
    for (vector, expected, level) in &vectors {
        match score_vector(vector, method()) {
            Ok(got) => failures.same(vector, "score and level", got, (*expected, *level)),
            Err(finding) => failures.add(vector, format!("refused: {}", finding.message)),
        }
    }
    failures.finish(vectors.len());
}

#[test]
fn answers_give_the_score_level_and_vector_that_the_method_has_for_them() {
    let mut failures = Failures::default();
    let vectors = every_vector();
    for (vector, expected, level) in &vectors {
        for category in Category::all() {
            let name = format!("{vector} as {} data", category.id());
            let severity = scored(&answers(vector, *category));
            failures.same(&name, "score", severity.score(), *expected);
            failures.same(&name, "lower end", severity.range.min, *expected);
            failures.same(&name, "level", severity.level, *level);
            failures.same(&name, "vector", severity.vector.as_str(), vector);
        }
    }
    failures.finish(vectors.len());
}

#[test]
fn losses_that_score_nothing_score_as_none() {
    let mut failures = Failures::default();
    let nothing = [("confidentiality.loss", "no-evidence"), ("integrity.loss", "unused"), ("availability.loss", "recoverable")];
    let all = nothing.iter().fold(smallest(), |answers, (path, loss)| answers.with(path, *loss));
    for (path, _) in nothing {
        failures.same(path, "vector with none", scored(&all.with(path, "none")).vector, scored(&all).vector);
    }
    failures.finish(nothing.len());
}

#[test]
fn worked_examples_give_what_their_authors_found() {
    let worked: Worked = parsed("tests/vectors/worked.toml");
    let mut failures = Failures::default();
    for example in &worked.example {
        match score_vector(&example.vector, method()) {
            Ok(got) => failures.same(&example.id, "score and level", got, (example.score, example.level)),
            Err(finding) => failures.add(&example.id, format!("refused: {}", finding.message)),
        }
    }
    for example in &worked.dpc {
        let at_that_level = smallest().without("data").with(&format!("data.{}.items", example.category.id()), toml::value::Array::new());
        let severity = scored(&at_that_level.with_level(example.category, example.level.into(), (Factor::Volume, Factor::Nature)));
        failures.same(&example.id, "category", severity.dpc.category, example.category);
        failures.same(&example.id, "level", severity.dpc.range.max, Quarters::whole(example.level));
    }
    failures.finish(worked.example.len() + worked.dpc.len());
}

#[test]
fn published_results_that_contradict_the_formula_are_not_reproduced() {
    let Contradictions { published } = parsed("tests/vectors/contradictions.toml");
    let mut failures = Failures::default();
    for one in &published {
        let name = format!("{} ({})", one.id, one.claim);
        match (&one.vector, one.impossible_score, &one.bad_vector) {
            (Some(vector), None, None) => match score_vector(vector, method()) {
                Ok((score, level)) => {
                    failures.same(&name, "score and level", (Some(score), Some(level)), (one.score, one.level));
                    let same_score = one.claimed_score.is_none_or(|claimed| claimed == score.as_f64());
                    let same_level = one.claimed_level.as_deref().is_none_or(|claimed| claimed == level.id());
                    if same_score && same_level {
                        failures.add(&name, "does not contradict the formula");
                    }
                }
                Err(finding) => failures.add(&name, format!("refused: {}", finding.message)),
            },
            (None, Some(impossible), None) => {
                if every_vector().iter().any(|(_, score, _)| score.as_f64() == impossible) {
                    failures.add(&name, format!("{impossible} is a score that a vector gives"));
                }
            }
            (None, None, Some(bad)) => {
                if let Ok((score, _)) = score_vector(bad, method()) {
                    failures.add(&name, format!("{bad} must be refused, but scores {score}"));
                }
            }
            _ => failures.add(&name, "needs exactly one of vector, impossible_score, bad_vector"),
        }
    }
    failures.finish(published.len());
}

#[test]
fn a_vector_is_written_one_way_only() {
    let mut failures = Failures::default();
    let good = "ENISA:2013/DPC:3/EI:0.75/C:0.5/I:0/A:0/M:0.5";
    let bad = [
        good.replace("C:0.5", "C:0.50"),
        good.replace("EI:0.75", "EI:1.0"),
        good.replace("EI:0.75", "EI:.75"),
        good.replace("DPC:3", "DPC:5"),
        good.replace("DPC:3", "DPC:0"),
        good.replace("/M:0.5", ""),
        good.replace("/A:0", "/A:0/A:0"),
        good.replace("I:0/A:0", "A:0/I:0"),
        good.replace("A:0", "a:0"),
        good.replace("ENISA", "enisa"),
        good.replace("2013", "2014"),
        format!("{good}/"),
        format!("{good} "),
        format!(" {good}"),
        format!("{good}/X:1"),
        String::new(),
    ];
    for vector in &bad {
        if score_vector(vector, method()).is_ok() {
            failures.add(vector, "must be refused");
        }
    }
    assert!(score_vector(good, method()).is_ok(), "{good} is refused");
    failures.finish(bad.len());
}
