//! What must hold for every incident under every practice, tried on random ones (`PROPTEST_CASES=10000` tries more of them).

mod support;

use std::sync::OnceLock;

use breach::assess::{assess, verdict};
use breach::condition::{Condition, Reading, Truth};
use breach::decide::RuleView;
use breach::diag::{Code, Finding};
use breach::duties::Outcome;
use breach::fact::{self, FACTS, Fact};
use breach::incident::Incident;
use breach::incident::answer::UNKNOWN;
use breach::incident::format::{self, Kind};
use breach::incident::words::*;
use breach::practice::{Effect, Rule, Side};
use breach::quarters::Quarters;
use breach::regime::{Action, Threshold};
use breach::render::json;
use breach::score::{Severity, score};
use breach::sensitivity::Question;
use breach::sheet::Sheet;
use breach::texts::Texts;
use breach::vector;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use support::{Answers, NATIONAL, assessed, file, method, now, outcome_of, practices, ruled, smallest, toml_files};
use toml::Value;

// ---- incidents ----

/// Where an answer may stand that moves a score or an outcome.
struct Place {
    path: &'static str,
    kind: Kind,
}

/// Every fact that rules look at, and what else moves an outcome; the levels and factors of a category come after its items.
fn places() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let others = ["controller.country", "decision.risk"];
        let paths = FACTS.iter().map(|f| f.path).filter(|p| !p.contains('*')).chain(others);
        paths.filter_map(|path| Some(Place { path, kind: format::field(path)?.kind })).collect()
    })
}

/// One of the answers that may stand at a place, by a number; `None` leaves it out.
fn answer(place: &Place, number: u16) -> Option<Value> {
    let n = usize::from(number);
    if n.is_multiple_of(7) {
        return None;
    }
    let unknown = || Value::from(UNKNOWN);
    let or_unknown = |values: &[Value]| values.get(n % (values.len() + 1)).cloned().unwrap_or_else(unknown);
    let several = |words: &[&str]| -> Value {
        let some = (0..n / 7 % 4).map(|i| words[(n / 11 + i * (n % 13 + 1)) % words.len()]);
        Value::Array(some.map(Value::from).collect())
    };
    Some(match place.kind {
        Kind::Flag => or_unknown(&[true.into(), false.into()]),
        Kind::Word(words) => or_unknown(&words.iter().map(|w| Value::from(*w)).collect::<Vec<_>>()),
        Kind::Words(words, false) => several(words),
        Kind::Words(words, true) => several(&[words, &[UNKNOWN]].concat()),
        Kind::Items => several(&method().data_types.iter().map(|t| t.id.as_str()).collect::<Vec<_>>()),
        Kind::Step => or_unknown(&[1, 2, 3, 4].map(Value::from)),
        Kind::Count => or_unknown(&[1, 20, 21, 100, 101, 5000].map(Value::from)),
        Kind::Hours => or_unknown(&[0.0, 0.5, 24.0, 24.5, 25.0, 72.0].map(Value::from)),
        Kind::Table => Value::Table(toml::Table::new()),
        Kind::Day => "2026-11-25".into(),
        _ => ["PL", "HU", "DE", "GB", "CH"][n % 5].into(),
    })
}

/// The worked cases and the examples, stripped of what moves nothing.
fn seeds() -> &'static [Answers] {
    static SEEDS: OnceLock<Vec<Answers>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let files =
            ["tests/cases", "examples"].into_iter().flat_map(|folder| toml_files(folder).into_iter().map(move |name| format!("{folder}/{name}")));
        let stripped = files.map(|path| {
            let whole = Answers::of(&path, &file(&path));
            let mut answers = Answers(toml::Table::new()).with("format", 1).with("id", "1");
            for place in places() {
                if let Some(value) = whole.get(place.path) {
                    answers.set(place.path, value.clone());
                }
            }
            valid(answers)
        });
        [smallest(), trusted(), unread()].into_iter().chain(stripped).collect()
    })
}

/// A recipient whom every practice trusts.
fn trusted() -> Answers {
    let answers =
        smallest().with("data.sensitive.items", vec!["health"]).with("intent.malicious", false).with("confidentiality.recipient", "partner");
    answers.with("confidentiality.trust", vec!["contract", "procedures-known"]).with("confidentiality.deletion_confirmed", true)
}

/// A letter that came back unopened.
fn unread() -> Answers {
    let answers =
        smallest().with("data.financial.items", vec!["income"]).with("intent.malicious", false).with("confidentiality.recipient", "ordinary");
    let answers = answers.with("confidentiality.opened", false).with("confidentiality.unread_shown_by", "sealed");
    answers.with("confidentiality.deletion_confirmed", true)
}

/// What makes a file of any answers good: the needed ones, and reasons where a level or a decision needs them.
fn valid(mut answers: Answers) -> Answers {
    if answers.get("identification.level").is_none() {
        answers.set("identification.level", "maximum");
    }
    let hit =
        |c: &Category| answers.get(&format!("data.{}", c.id())).is_some() && answers.get(&format!("data.{}.affected", c.id())) != Some(&false.into());
    if !Category::all().iter().any(hit) {
        answers.remove("data.simple.affected");
        answers.set("data.simple.items", vec!["full-name"]);
    }
    let lost = |path: &&str| answers.get(path).is_some_and(|loss| loss.as_str() != Some("none"));
    if !["confidentiality.loss", "integrity.loss", "availability.loss"].iter().any(lost) {
        answers.set("confidentiality.loss", "known-recipients");
    }
    for category in Category::all() {
        answers.give_reason(*category, (Factor::Volume, Factor::Nature));
    }
    if answers.get("decision.risk").is_some() {
        answers.set("decision.why", "its reason");
    }
    answers
}

/// Incidents like those of the worked cases, with a few answers or with most of them changed; half of them from those that need not reach the people.
fn incidents() -> impl Strategy<Value = Answers> {
    let light = (0..seeds().len()).filter(|seed| outcome_of(&seeds()[*seed].incident(), NATIONAL) < Outcome::NotifyDataSubjects);
    let seed = prop_oneof![prop::sample::select(light.collect::<Vec<_>>()), 0..seeds().len()];
    let edit = || (0..places().len(), any::<u16>());
    let edits = prop_oneof![3 => prop::collection::vec(edit(), 0..6), 1 => prop::collection::vec(edit(), 0..60)];
    (seed, edits).prop_map(|(seed, edits)| {
        let mut answers = seeds()[seed].clone();
        for (place, number) in edits {
            let place = &places()[place];
            match answer(place, number) {
                Some(value) => answers.set(place.path, value),
                None => answers.remove(place.path),
            }
        }
        valid(answers)
    })
}

/// The same incidents on every run, so that a change that has nothing to do with them fails nothing; `PROPTEST_RNG_SEED` takes others.
fn config(cases: u32) -> Config {
    let given = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { cases };
    let rng_seed = if std::env::var_os("PROPTEST_RNG_SEED").is_some() { given.rng_seed } else { RngSeed::Fixed(34) };
    Config { cases, rng_seed, failure_persistence: None, ..given }
}

// ---- asking ----

fn severity(answers: &Answers) -> Severity {
    score(&answers.incident(), method())
}

fn outcome(answers: &Answers, practice: &str) -> Outcome {
    outcome_of(&answers.incident(), practice)
}

/// What a property has to say against an incident; nothing if it holds.
#[derive(Default)]
pub struct Objections(pub Vec<(String, String)>);

impl Objections {
    fn add(&mut self, about: impl AsRef<str>, what: impl Into<String>) {
        self.0.push((about.as_ref().to_owned(), what.into()));
    }

    fn none(self) -> Result<(), TestCaseError> {
        let lines: Vec<String> = self.0.iter().map(|(about, what)| format!("{about}: {what}")).collect();
        prop_assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
        Ok(())
    }
}

// ---- getting worse ----

/// Answers whose words stand in the order of weight; a step to a neighbouring one means something.
const RISING: [&str; 6] = [
    "identification.level",
    "confidentiality.loss",
    "confidentiality.recipient",
    "confidentiality.exfiltration",
    "integrity.loss",
    "availability.loss",
];

/// Answers that are worse if true.
const WORSE_TRUE: [&str; 11] = [
    "intent.malicious",
    "confidentiality.opened",
    "confidentiality.further_use",
    "confidentiality.takeover",
    "confidentiality.fraud",
    "confidentiality.repeated",
    "subjects.children",
    "subjects.vulnerable",
    "subjects.endangered",
    "integrity.acted_on",
    "availability.effect",
];

/// Answers that are worse if false.
const WORSE_FALSE: [&str; 4] = ["confidentiality.deletion_confirmed", "availability.backup", "protection.unintelligible", "protection.key_safe"];

/// A level's path with its category.
fn levels() -> impl Iterator<Item = (String, Category)> {
    Category::all().iter().map(|c| (format!("data.{}.level", c.id()), *c))
}

fn is_scored(path: &str) -> bool {
    Fact::at(path).is_some_and(Fact::is_scored)
}

fn words(path: &str) -> &'static [&'static str] {
    match format::field(path).map(|f| f.kind) {
        Some(Kind::Word(words)) => words,
        _ => &[],
    }
}

/// Whether a category stands in the file and is not said to be untouched.
fn is_hit(answers: &Answers, category: Category) -> bool {
    let path = format!("data.{}", category.id());
    answers.get(&path).is_some() && answers.get(&format!("{path}.affected")) != Some(&false.into())
}

/// Every known answer moved to what is one step worse, by its path.
fn worse(answers: &Answers) -> Vec<(String, Answers)> {
    let mut all = Vec::new();
    for (path, category) in levels().filter(|(_, category)| is_hit(answers, *category)) {
        let level = match answers.get(&path) {
            Some(given) => given.as_integer(),
            None => Some(answers.usual(category)),
        };
        if let Some(level) = level.filter(|level| *level < 4) {
            all.push((path, answers.with_level(category, level + 1, (Factor::Volume, Factor::Nature))));
        }
    }
    for path in RISING {
        // a loss that is left out is none
        let left_out = path.ends_with(".loss").then_some("none");
        let given = answers.get(path).map_or(left_out, Value::as_str);
        let next = given.and_then(|given| words(path).iter().skip_while(|w| **w != given).nth(1));
        all.extend(next.map(|next| (path.to_owned(), answers.with(path, *next))));
    }
    for (paths, worst) in [(&WORSE_TRUE[..], true), (&WORSE_FALSE[..], false)] {
        let better = paths.iter().filter(|path| answers.get(path) == Some(&(!worst).into()));
        all.extend(better.map(|path| ((*path).to_owned(), answers.with(path, worst))));
    }
    for (path, more) in [("subjects.count", &[21, 101, 1_000_000][..]), ("availability.hours", &[25, 1_000])] {
        let known = answers.get(path).and_then(|n| n.as_float().or(n.as_integer().map(|n| n as f64)));
        let more = more.iter().filter(|n| known.is_some_and(|known| known < **n as f64));
        all.extend(more.map(|n| (path.to_owned(), answers.with(path, *n))));
    }
    all
}

/// Whether rules read the loss of confidentiality as none: an attack, known as such, that took nothing out (`practice.md`, how rules combine, 8).
fn is_read_as_none(answers: &Answers) -> bool {
    let loss = answers.get("confidentiality.loss").and_then(Value::as_str);
    let excluded = answers.get("confidentiality.exfiltration").and_then(Value::as_str) == Some("excluded");
    answers.get("intent.malicious") == Some(&true.into()) && excluded && matches!(loss, Some("no-evidence" | UNKNOWN))
}

fn is_no_evidence(answers: &Answers) -> bool {
    answers.get("confidentiality.loss").and_then(Value::as_str) == Some("no-evidence")
}

/// Whether rules read the loss of confidentiality as unknown: nothing was found, but neither is an attack ruled out nor that data were taken.
fn is_read_as_unknown(answers: &Answers) -> bool {
    let attack = answers.get("intent.malicious") != Some(&false.into());
    is_no_evidence(answers) && attack && answers.get("confidentiality.exfiltration").and_then(Value::as_str) != Some("excluded")
}

fn score_rises(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    let now = severity(answers);
    for (path, worse) in worse(answers).into_iter().filter(|(path, _)| is_scored(path)) {
        let then = severity(&worse);
        if then.score() < now.score() || then.range.min < now.range.min {
            objections.add(path, format!("{:?} becomes {:?} by{worse:?}", now.range, then.range));
        }
    }
    objections
}

/// The score without lowering is that of the file whose lowered levels are left out, so that they lie where they usually do.
fn lowering_is_told(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    let mut unlowered = answers.clone();
    for (path, category) in levels() {
        if answers.get(&path).and_then(Value::as_integer).is_some_and(|level| level < answers.usual(category)) {
            unlowered.remove(&path);
        }
    }
    let (told, expected) = (severity(answers).without_lowering, severity(&unlowered).score());
    if told != expected {
        objections.add("without lowering", format!("{told} is told, {expected} comes out"));
    }
    objections
}

fn outcome_rises(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    // the controller's own word is no fact; of a risk that only it finds nobody can say which side of the loss carries it, as art. 34(3)(a) asks
    let answers = &answers.without("decision");
    for (path, worse) in worse(answers) {
        // the contract itself makes these lighter:
        // intent, where a loss of confidentiality is then ruled out
        let ruled_out = path == "intent.malicious" && is_read_as_none(&worse);
        // known recipients in the place of a loss that it has rules read as unknown
        let less_unknown = path == "confidentiality.loss" && is_read_as_unknown(answers);
        // a recipient named where none is known (which leaves a note): what is said of it counts only once somebody did receive the data
        let named_too_early = path == "confidentiality.loss" && is_no_evidence(answers) && answers.get("confidentiality.recipient").is_some();
        if ruled_out || less_unknown || named_too_early {
            continue;
        }
        let (now, then) = (answers.incident(), worse.incident());
        for practice in practices() {
            let (now, then) = (outcome_of(&now, practice), outcome_of(&then, practice));
            if then < now {
                objections.add(format!("{path} under {practice}"), format!("{} becomes {} by{worse:?}", now.id(), then.id()));
            }
        }
    }
    objections
}

// ---- unknown answers ----

/// Every scored answer of an incident that could be unknown: with `"unknown"`, and with its worst value.
fn scored_answers(answers: &Answers) -> Vec<(String, Answers, Answers)> {
    let mut all = Vec::new();
    for (path, category) in levels().filter(|(_, category)| is_hit(answers, *category)) {
        for factor in [Factor::Volume, Factor::Individuals] {
            all.push((path.clone(), answers.with(&path, UNKNOWN), answers.with_level(category, 4, (factor, Factor::Nature))));
        }
    }
    for path in RISING.into_iter().filter(|path| is_scored(path)) {
        all.extend(words(path).last().map(|worst| (path.to_owned(), answers.with(path, UNKNOWN), answers.with(path, *worst))));
    }
    let path = "intent.malicious";
    for unknown in [answers.with(path, UNKNOWN), answers.without(path)] {
        all.push((path.to_owned(), unknown, answers.with(path, true)));
    }
    all
}

fn unknown_weighs_as_the_worst(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    // without the controller's own word, as above
    for (path, unknown, worst) in scored_answers(&answers.without("decision")) {
        let (u, w) = (severity(&unknown), severity(&worst));
        if u.score() != w.score() {
            objections.add(path.clone(), format!("scores {} unknown and {} at its worst", u.score(), w.score()));
        }
        // the contract reads this unknown loss as none
        if is_read_as_none(&unknown) {
            continue;
        }
        let (u, w) = (unknown.incident(), worst.incident());
        for practice in practices() {
            let (u, w) = (outcome_of(&u, practice), outcome_of(&w, practice));
            if u < w {
                objections.add(format!("{path} under {practice}"), format!("{} unknown and {} at its worst:{worst:?}", u.id(), w.id()));
            }
        }
    }
    objections
}

/// A category that cannot be excluded counts as hit for the outcome.
fn what_may_be_hit_counts(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    for category in Category::all().iter().filter(|c| is_hit(answers, **c)) {
        let path = format!("data.{}.affected", category.id());
        let (unknown, hit) = (answers.with(&path, UNKNOWN), answers.with(&path, true));
        for practice in practices() {
            let (u, h) = (outcome(&unknown, practice), outcome(&hit, practice));
            if u < h {
                objections.add(format!("{path} under {practice}"), format!("{} unknown and {} if hit", u.id(), h.id()));
            }
        }
    }
    objections
}

/// The answers of the score that are unknown, each with every value it may turn out to have, lightest first.
fn unknowns(answers: &Answers) -> Vec<(String, Vec<Value>)> {
    let mut all = Vec::new();
    for category in Category::all().iter().filter(|c| is_hit(answers, **c)) {
        let path = |key: &str| format!("data.{}.{key}", category.id());
        for (path, values) in [(path("affected"), vec![false.into(), true.into()]), (path("level"), (1..=4).map(Value::from).collect())] {
            if answers.is_unknown(&path) {
                all.push((path, values));
            }
        }
    }
    for path in RISING.into_iter().filter(|path| is_scored(path) && answers.is_unknown(path)) {
        // a loss may turn out to be none; one that scores as little keeps the file a breach
        let values = words(path).iter().skip(usize::from(path.ends_with(".loss"))).map(|w| Value::from(*w)).collect();
        all.push((path.to_owned(), values));
    }
    if answers.is_unknown("intent.malicious") || answers.get("intent.malicious").is_none() {
        all.push(("intent.malicious".to_owned(), vec![false.into(), true.into()]));
    }
    all
}

/// With all that is unknown answered, by picking from its values.
fn answered(answers: &Answers, mut pick: impl FnMut(usize) -> usize) -> Answers {
    let mut other = answers.clone();
    for (path, values) in unknowns(answers) {
        other.set(&path, values[pick(values.len())].clone());
    }
    for category in Category::all() {
        other.give_reason(*category, (Factor::Volume, Factor::Nature));
    }
    other
}

fn range_holds_every_answer(answers: &Answers, picks: &[u16]) -> Objections {
    let mut objections = Objections::default();
    let range = severity(answers).range;
    let certain = Category::all().iter().any(|c| is_hit(answers, *c) && !answers.is_unknown(&format!("data.{}.affected", c.id())));
    for (name, way) in [("lowest", answered(answers, |_| 0)), ("highest", answered(answers, |of| of - 1))] {
        match way.read() {
            Ok(incident) => {
                let end = if name == "lowest" { range.min } else { range.max };
                let got = score(&incident, method()).range;
                if (got.min, got.max) != (end, end) {
                    objections.add(name, format!("{got:?} is not the end of {range:?}:{way:?}"));
                }
            }
            // where no category is certain, none may turn out to be hit; the lower end is then the contract's own, and no file's
            Err(_) if !certain && name == "lowest" => {}
            Err(findings) => objections.add(name, format!("{findings:?}{way:?}")),
        }
    }
    for shift in 0..8 {
        let mut next = picks.iter().cycle().skip(shift);
        let way = answered(answers, |of| usize::from(*next.next().unwrap_or(&0)) % of);
        if let Ok(incident) = way.read() {
            let got = score(&incident, method()).score();
            if got < range.min || got > range.max {
                objections.add("one way", format!("{got} is not within {range:?}:{way:?}"));
            }
        }
    }
    objections
}

// ---- releases ----

/// The facts that a condition needs to hold; of alternatives those of the only one that holds.
fn needed(condition: &Condition, view: &RuleView) -> Vec<&'static Fact> {
    match condition {
        Condition::Test(test) => vec![test.fact],
        Condition::Not(inner) => needed(inner, view),
        Condition::All(all) => all.iter().flat_map(|c| needed(c, view)).collect(),
        Condition::Any(any) => {
            let mut holding = any.iter().filter(|c| c.holds(&view.sheet, Reading::Release) == Truth::True);
            match (holding.next(), holding.next()) {
                (Some(only), None) => needed(only, view),
                _ => Vec::new(),
            }
        }
    }
}

/// The ways in which an incident may not know a fact, in words.
fn not_known(answers: &Answers, fact: &Fact) -> Vec<(String, Answers)> {
    let path = fact.path;
    let mut ways = Vec::new();
    let mut add = |what: &str, other: Answers| ways.push((format!("{path} {what}"), valid(other)));
    let nothing = || Value::Array(Vec::new());
    let category = Category::all().iter().find(|c| path.starts_with(&format!("data.{}.", c.id())));
    match (fact.kind(), category) {
        (Kind::Items, of) => {
            for category in Category::all().iter().filter(|c| of.is_none_or(|of| of == *c) && is_hit(answers, **c)) {
                add(&format!("without those of {}", category.id()), answers.with(&format!("data.{}.items", category.id()), nothing()));
            }
        }
        (Kind::Words(_, true), _) => {
            add(UNKNOWN, answers.with(path, vec![UNKNOWN]));
            add("left out", answers.without(path));
        }
        (Kind::Flag, Some(category)) if path.ends_with(".affected") && !is_hit(answers, *category) => {
            let fresh = answers.without(&format!("data.{}", category.id())).with(path, UNKNOWN);
            add(UNKNOWN, fresh.with(&format!("data.{}.items", category.id()), nothing()));
        }
        (Kind::Step, Some(category)) => {
            let table = format!("data.{}", category.id());
            let there =
                if is_hit(answers, *category) { answers.clone() } else { answers.without(&table).with(&format!("{table}.affected"), UNKNOWN) };
            add(UNKNOWN, there.with(path, UNKNOWN));
        }
        (Kind::Flag | Kind::Word(_) | Kind::Count | Kind::Hours, None) => {
            add(UNKNOWN, answers.with(path, UNKNOWN));
            // a loss that is left out is none, and identification is never left out
            if !path.ends_with(".loss") && path != "identification.level" {
                add("left out", answers.without(path));
            }
        }
        _ => {}
    }
    ways
}

/// The releases that counted, by their ids.
fn releases(incident: &Incident, practice: &str) -> Vec<String> {
    needs(incident, practice).into_iter().map(|release| release.id).collect()
}

/// A release that counted, and what it hangs on.
struct Needs {
    id: String,
    /// The raising rules of the side that it set aside and does not answer.
    unanswered: Vec<String>,
    facts: Vec<&'static Fact>,
    exceptions: Vec<&'static Fact>,
}

fn needs(incident: &Incident, practice: &str) -> Vec<Needs> {
    ruled(practice, incident, |rules| {
        let table = &rules.practice.table;
        let view = RuleView::new(incident, &Sheet::of(incident), table);
        let spoke = verdict(incident, rules).ruling.spoke;
        let speaking = |effect: Effect| spoke.iter().map(|s| &table.rules[s.rule]).filter(move |rule| rule.table.effect == effect);
        let against = |rule: &&Rule| rule.cases.iter().all(|case| case.side == Side::Confidentiality);
        let needs = speaking(Effect::Release).map(|rule| Needs {
            id: rule.table.id.clone(),
            unanswered: speaking(Effect::Raise)
                .filter(against)
                .map(|raise| &raise.table)
                .filter(|raise| raise.answered_by_every_release != Some(true))
                .filter(|raise| !rule.table.answers.iter().any(|id| id == "*" || *id == raise.id))
                .map(|raise| raise.id.clone())
                .collect(),
            facts: rule.cases.iter().flat_map(|c| &c.when).flat_map(|c| needed(c, &view)).collect(),
            exceptions: rule.unless.iter().flat_map(Condition::facts).collect(),
        });
        needs.collect()
    })
}

fn releases_answer_what_they_set_aside(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    let numbered = answers.with("data.simple.items", vec!["full-name", "national-id", "password"]).without("data.simple.level");
    let worse =
        ["subjects.endangered", "subjects.children", "confidentiality.fraud", "confidentiality.takeover"].map(|path| answers.with(path, true));
    for answers in [answers.clone(), numbered].iter().chain(&worse) {
        let incident = answers.incident();
        for practice in practices() {
            for release in needs(&incident, practice).iter().filter(|release| !release.unanswered.is_empty()) {
                objections.add(format!("{} of {practice}", release.id), format!("does not answer {}:{answers:?}", release.unanswered.join(", ")));
            }
        }
    }
    objections
}

fn releases_need_what_is_known(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    for practice in practices() {
        for release in needs(&answers.incident(), practice) {
            let mut against: Vec<(String, Answers)> = release.facts.iter().flat_map(|fact| not_known(answers, fact)).collect();
            for fact in release.exceptions {
                let what = format!("the exception {}", fact.path);
                match fact.kind() {
                    Kind::Flag => {
                        against.push((format!("{what} unknown"), answers.with(fact.path, UNKNOWN)));
                        against.push((what, answers.with(fact.path, true)));
                    }
                    Kind::Words(words, false) => against.push((what, answers.with(fact.path, words.to_vec()))),
                    other => objections.add(what, format!("is of a kind that this test does not know: {other:?}")),
                }
            }
            for (what, other) in against {
                if releases(&other.incident(), practice).contains(&release.id) {
                    objections.add(format!("{} of {practice} with {what}", release.id), format!("still releases:{other:?}"));
                }
            }
        }
    }
    objections
}

// ---- what would change, and what to find out ----

/// A value of the engine as a file writes it.
fn written(value: &fact::Value) -> Value {
    match value {
        fact::Value::Word(words, place) => words[usize::from(*place)].into(),
        fact::Value::Flag(flag) => (*flag).into(),
        fact::Value::Number(n) if n.fract() == 0.0 => (*n as i64).into(),
        fact::Value::Number(n) => (*n).into(),
        other => other.to_string().into(),
    }
}

/// The outcome with one answer changed, and a reason where a level then needs one; `None` where it would be no breach or nothing would be hit.
fn outcome_with(answers: &Answers, path: &str, value: &Value, practice: &str) -> Option<Outcome> {
    let mut other = answers.with(path, value.clone());
    for category in Category::all() {
        other.give_reason(*category, (Factor::Volume, Factor::Nature));
    }
    match other.read() {
        Ok(incident) => Some(outcome_of(&incident, practice)),
        Err(findings) => {
            let expected = |f: &Finding| f.code == Code::NoLoss || f.path.as_deref() == Some("data");
            assert!(findings.iter().all(expected), "{findings:?}{other:?}");
            None
        }
    }
}

/// The thresholds that a practice holds a number against, rising.
fn thresholds(path: &str, incident: &Incident, practice: &str) -> Vec<i64> {
    let all = ruled(practice, incident, |rules| rules.practice.table.thresholds());
    let mut of_path: Vec<i64> = all.into_iter().filter(|(fact, _)| fact.path == path).map(|(_, t)| t as i64).collect();
    of_path.sort_unstable();
    of_path.dedup();
    of_path
}

/// The answers one step from a given one, as the contract has them (section 4, *Changes*).
fn steps(place: &Place, given: &Value, thresholds: &[i64]) -> Vec<Value> {
    match (place.kind, given) {
        (Kind::Flag, Value::Boolean(flag)) => vec![(!flag).into()],
        (Kind::Step, Value::Integer(level)) => [level - 1, level + 1].into_iter().filter(|n| (1..=4).contains(n)).map(Value::from).collect(),
        (Kind::Word(words), Value::String(word)) if RISING.contains(&place.path) => {
            let Some(at) = words.iter().position(|w| w == word) else { return Vec::new() };
            [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|i| words.get(i)).map(|w| Value::from(*w)).collect()
        }
        (Kind::Count | Kind::Hours, given) => {
            let Some(n) = given.as_float().or(given.as_integer().map(|n| n as f64)) else { return Vec::new() };
            thresholds.iter().map(|t| if n <= *t as f64 { t + 1 } else { *t }).map(Value::from).collect()
        }
        _ => Vec::new(),
    }
}

/// Every answer that a question may have.
fn values(place: &Place, thresholds: &[i64]) -> Vec<Value> {
    match place.kind {
        Kind::Flag => vec![false.into(), true.into()],
        Kind::Word(words) => words.iter().map(|w| Value::from(*w)).collect(),
        Kind::Step => (1..=4).map(Value::from).collect(),
        Kind::Count | Kind::Hours => thresholds.iter().flat_map(|t| [*t, t + 1]).map(Value::from).collect(),
        _ => Vec::new(),
    }
}

/// What is left out under these, or in these, is not asked for.
fn is_asked_where_left_out(path: &str) -> bool {
    let tables = ["controller.", "timeline.", "event.", "data.", "exemptions.", "communication.", "other_law.", "claims.", "reopened.", "decision."];
    !tables.iter().any(|table| path.starts_with(table)) && !path.ends_with(".loss") && !path.ends_with(".level")
}

fn every_step_that_changes_the_outcome_is_told(answers: &Answers, practice: &str) -> Objections {
    let mut objections = Objections::default();
    let incident = answers.incident();
    let assessment = assessed(&incident, practice);
    let changes: Vec<_> = assessment.changes.iter().flatten().map(|c| (c.answer, written(&c.from), written(&c.to), c.outcome)).collect();
    let mut told = changes.iter();
    for place in places() {
        // whether a category was hit is asked where it is unknown; what a file itself counts in or out is not taken back
        let Some(given) = answers.get(place.path).filter(|_| !place.path.ends_with(".affected")) else { continue };
        for to in steps(place, given, &thresholds(place.path, &incident, practice)) {
            let step = format!("{} from {given} to {to}", place.path);
            let entry = changes.iter().find(|(path, _, value, _)| *path == place.path && *value == to);
            match (outcome_with(answers, place.path, &to, practice), entry) {
                (Some(then), Some((.., said))) if then != *said => {
                    objections.add(step, format!("is said to give {}, gives {}", said.id(), then.id()))
                }
                (Some(then), None) if then != assessment.decision.outcome => objections.add(step, format!("gives {} and is not told", then.id())),
                (_, Some(entry)) => {
                    if told.next() != Some(entry) {
                        objections.add(&step, "is not told in its place");
                    }
                    if entry.1 != *given || entry.3 == assessment.decision.outcome {
                        objections.add(step, format!("is told as {entry:?}"));
                    }
                }
                _ => {}
            }
        }
    }
    for entry in told {
        objections.add(entry.0, format!("{entry:?} is no step from what is given"));
    }
    objections
}

fn every_open_answer_that_matters_is_asked(answers: &Answers, practice: &str) -> Objections {
    let mut objections = Objections::default();
    let incident = answers.incident();
    let assessment = assessed(&incident, practice);
    let now = assessment.decision.outcome;
    let questions: Vec<_> = assessment.find_out.into_iter().flatten().collect();
    for place in places() {
        let unknown = answers.is_unknown(place.path);
        let open = unknown || (answers.get(place.path).is_none() && is_asked_where_left_out(place.path));
        let question = questions.iter().find(|q| q.answer == place.path);
        if !open {
            if question.is_some() {
                objections.add(place.path, "is asked, though it is no open answer");
            }
            continue;
        }
        let values = values(place, &thresholds(place.path, &incident, practice));
        let outcomes: Vec<(Value, Outcome)> =
            values.into_iter().filter_map(|value| Some((value.clone(), outcome_with(answers, place.path, &value, practice)?))).collect();
        let Some(question) = question else {
            let told_apart = outcomes.iter().any(|(_, outcome)| *outcome != outcomes[0].1);
            let heavier = unknown && outcomes.iter().any(|(_, outcome)| *outcome > now);
            if told_apart || heavier {
                objections.add(place.path, format!("is not asked, though it is {} now and otherwise {outcomes:?}", now.id()));
            }
            continue;
        };
        if question.left_out == unknown {
            objections.add(place.path, format!("is unknown: {unknown}, left out: {}", question.left_out));
        }
        for (value, said) in &question.outcomes {
            let then = outcomes.iter().find(|(v, _)| *v == written(value)).map(|(_, outcome)| *outcome);
            if then.is_some_and(|then| then != *said) {
                objections.add(place.path, format!("{value} is said to give {}, gives {then:?}", said.id()));
            }
        }
    }
    let distance = |q: &Question| q.outcomes.iter().map(|(_, o)| (*o as i32 - now as i32).abs()).max();
    let at = |q: &Question| places().iter().position(|place| place.path == q.answer);
    let in_order = questions.is_sorted_by_key(|q| (!q.answer.ends_with(".affected"), std::cmp::Reverse(distance(q)), at(q)));
    if !in_order {
        objections.add("find out", format!("is not in order: {:?}", questions.iter().map(|q| &q.answer).collect::<Vec<_>>()));
    }
    objections
}

// ---- exemptions ----

/// What an incident requires towards anybody but the people.
fn towards_others(answers: &Answers, practice: &str) -> Vec<(String, Action, bool)> {
    let people = [Action::NotifyDataSubjects, Action::PublicCommunication];
    let incident = answers.incident();
    ruled(practice, &incident, |rules| {
        let duties = verdict(&incident, rules).required.duties;
        let others = duties.iter().filter(|d| !people.contains(&d.1.action));
        others.map(|(regime, duty, is_required, _)| (regime.table.id.clone(), duty.action, *is_required)).collect()
    })
}

fn exemptions_leave_the_authority(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    let bare = answers.without("exemptions").without("communication");
    let claimed = bare
        .with("exemptions.subsequent_measures.before_any_use", true)
        .with("exemptions.subsequent_measures.verified_by", "logs")
        .with("exemptions.disproportionate_effort.why", "too many");
    for practice in practices() {
        for other in [answers, &claimed, &claimed.with("communication.ordered", "2026-11-25")] {
            let (with, without) = (towards_others(other, practice), towards_others(&bare, practice));
            if with != without {
                objections.add(practice, format!("{with:?} with exemptions, {without:?} without:{other:?}"));
            }
        }
    }
    objections
}

/// Protection of what was seen, and measures before its use, take nothing away where the loss of something else carries a high risk by itself.
fn exemptions_answer_confidentiality_alone(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    let bare = answers.without("exemptions").without("protection").without("decision");
    let lost = bare.with("controller.critical_service", true).with("availability.loss", "permanent");
    for bare in [bare, lost] {
        // nothing disclosed, and nothing that speaks of a disclosure
        let unseen = bare.without("confidentiality");
        let Ok(unseen) = unseen.read() else { continue };
        // a presumption is carried by confidentiality where nothing else scores
        let cb = score(&unseen, method()).cb;
        if cb.integrity.range.max == Quarters(0) && cb.availability.range.max == Quarters(0) {
            continue;
        }
        let protected = bare.with("protection.unintelligible", true).with("protection.key_safe", true);
        let measures = bare.with("exemptions.subsequent_measures.before_any_use", true).with("exemptions.subsequent_measures.verified_by", "logs");
        for practice in practices() {
            if ruled(practice, &unseen, |rules| verdict(&unseen, rules).risk) < Risk::High {
                continue;
            }
            for exempted in [&protected, &measures] {
                let (with, without) = (outcome(exempted, practice), outcome(&bare, practice));
                if with != without {
                    objections.add(practice, format!("{} instead of {}:{exempted:?}", with.id(), without.id()));
                }
            }
        }
    }
    objections
}

// ---- grounds ----

/// Why an outcome is what it is, if anything says so.
fn ground(answers: &Answers, practice: &str) -> Option<&'static str> {
    let incident = answers.incident();
    let decision = ruled(practice, &incident, |rules| assess(&incident, rules, now(), false)).decision;
    let whatever_the_risk = || {
        ruled(practice, &incident, |rules| {
            let duties = verdict(&incident, rules).required.duties;
            duties.iter().any(|d| d.2 && d.1.threshold == Threshold::EveryBreach && d.1.action != Action::Register)
        })
    };
    if incident.role() == Role::Processor {
        Some("a processor tells its controller, whatever happened")
    } else if decision.rules.iter().any(|r| r.decisive) {
        Some("a rule is decisive")
    } else if decision.risk > decision.computed {
        Some("the controller's own word is heavier")
    } else if decision.presumption_stands && decision.presumed == decision.risk {
        Some("the level presumes it")
    } else if decision.outcome == Outcome::RegisterOnly && !decision.rules.iter().any(|r| r.effect == Effect::Raise) {
        Some("nothing says more than that it happened")
    } else if whatever_the_risk() {
        Some("a regime asks for it whatever the risk")
    } else if outcome_of(&incident, "plain") == decision.outcome {
        Some("the level alone would give it too")
    } else {
        None
    }
}

fn every_outcome_has_a_ground(answers: &Answers) -> Objections {
    let mut objections = Objections::default();
    for practice in practices().iter().filter(|practice| ground(answers, practice).is_none()) {
        objections.add(practice, format!("nothing says why it is {}", outcome(answers, practice).id()));
    }
    objections
}

// ---- the result ----

fn result_is_the_same_twice(answers: &Answers, practice: &str) -> Objections {
    let mut objections = Objections::default();
    let texts = Texts::english();
    let input = json::Input { name: "incident.toml".into(), sha256: "0".repeat(64) };
    let (incident, read_again) = (answers.incident(), answers.incident());
    let [once, again] = [&incident, &read_again].map(|incident| assessed(incident, practice));
    for pretty in [true, false] {
        let write = |assessment| json::write(assessment, &incident, &input, &texts, pretty);
        if write(&once) != write(&again) {
            objections.add("json", "differs from one run to the next");
        }
        if let Err(e) = serde_json::from_str::<serde_json::Value>(&write(&once)) {
            objections.add("json", format!("{e}: {}", write(&once)));
        }
    }
    let severity = severity(answers);
    match vector::score(&severity.vector, method()) {
        Ok(got) if got == (severity.score(), severity.level) => {}
        other => objections.add("vector", format!("{} is scored {other:?}", severity.vector)),
    }
    objections
}

fn one_practice() -> impl Strategy<Value = String> {
    prop::sample::select(practices())
}

proptest! {
    #![proptest_config(config(192))]

    #[test]
    fn the_score_never_falls_when_an_answer_gets_worse(answers in incidents()) {
        score_rises(&answers).none()?;
    }

    #[test]
    fn what_lowering_did_to_the_score_is_told(answers in incidents()) {
        lowering_is_told(&answers).none()?;
    }

    #[test]
    fn the_range_holds_the_score_of_every_answer_and_reaches_its_ends(answers in incidents(), picks in prop::collection::vec(any::<u16>(), 11)) {
        range_holds_every_answer(&answers, &picks).none()?;
    }

    #[test]
    fn the_outcome_never_gets_lighter_when_a_fact_gets_worse(answers in incidents()) {
        outcome_rises(&answers).none()?;
    }

    #[test]
    fn an_unknown_answer_is_never_lighter_than_its_worst(answers in incidents()) {
        unknown_weighs_as_the_worst(&answers).none()?;
    }

    #[test]
    fn a_category_that_may_be_hit_counts_as_hit(answers in incidents()) {
        what_may_be_hit_counts(&answers).none()?;
    }

    #[test]
    fn no_release_holds_while_a_fact_it_needs_is_unknown(answers in incidents()) {
        releases_need_what_is_known(&answers).none()?;
    }

    #[test]
    fn a_release_answers_every_rule_that_it_sets_aside(answers in incidents()) {
        releases_answer_what_they_set_aside(&answers).none()?;
    }

    #[test]
    fn exemptions_never_touch_the_authority(answers in incidents()) {
        exemptions_leave_the_authority(&answers).none()?;
    }

    #[test]
    fn no_exemption_helps_where_more_than_confidentiality_carries_the_risk(answers in incidents()) {
        exemptions_answer_confidentiality_alone(&answers).none()?;
    }

    #[test]
    fn every_outcome_is_explained(answers in incidents()) {
        every_outcome_has_a_ground(&answers).none()?;
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn the_same_incident_gives_the_same_result(answers in incidents(), practice in one_practice()) {
        result_is_the_same_twice(&answers, &practice).none()?;
    }

    #[test]
    fn every_step_that_would_change_the_outcome_is_told_as_it_is(answers in incidents(), practice in one_practice()) {
        every_step_that_changes_the_outcome_is_told(&answers, &practice).none()?;
    }

    #[test]
    fn every_open_answer_that_could_change_the_outcome_is_asked_for(answers in incidents(), practice in one_practice()) {
        every_open_answer_that_matters_is_asked(&answers, &practice).none()?;
    }
}
