//! The worked cases (`tests/cases/*.toml`): published breaches with what an authority held, through every practice.
//!
//! `cargo test --test cases -- --nocapture` prints how each practice fares, and what each rule of `edpb` is needed for.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use breach::assess::verdict;
use breach::decide::decide;
use breach::duties::{self, Outcome};
use breach::incident::Incident;
use breach::incident::words::{Category, Factor, Level};
use breach::practice::RuleTable;
use breach::quarters::Quarters;
use breach::regime::Action;
use serde::Deserialize;
use support::{Answers, Failures, NATIONAL, NOW, assessed, file, here, method, practices, ruled, smallest, toml_files};

#[derive(Deserialize)]
struct CaseFile {
    expected: Expectation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    notify_authority: Option<Duty>,
    notify_data_subjects: Option<Duty>,
    score: Option<Quarters>,
    level: Option<Level>,
}

/// What an authority held of a duty.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Duty {
    Clear(bool),
    Open(Depends),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Depends {
    Depends,
}

/// One worked case.
struct Case {
    id: String,
    incident: Incident,
    expected: Expectation,
}

impl Case {
    fn is_edpb(&self) -> bool {
        self.id.starts_with("edpb-")
    }
}

fn cases() -> Vec<Case> {
    let read = |name: String| {
        let text = file(format!("tests/cases/{name}"));
        let CaseFile { expected } = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        Case { incident: Answers::of(&name, &text).incident(), expected, id: name.trim_end_matches(".toml").to_owned() }
    };
    toml_files("tests/cases").into_iter().map(read).collect()
}

/// Which duties an incident brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    authority: bool,
    people: bool,
}

impl Told {
    fn by<'a>(required: impl Iterator<Item = (Action, bool)> + Clone + 'a) -> Told {
        let any = |actions: &[Action]| required.clone().any(|(action, is_required)| is_required && actions.contains(&action));
        Told { authority: any(&[Action::NotifyAuthority]), people: any(&[Action::NotifyDataSubjects, Action::PublicCommunication]) }
    }
}

/// What a practice makes of a case, and whether it says what its answer hangs on.
fn read(case: &Case, practice: &str) -> (Told, bool) {
    let assessment = assessed(&case.incident, practice);
    let told = Told::by(assessment.duties.iter().map(|d| (d.action, d.required)));
    let reasons = !assessment.decision.rules.is_empty() || assessment.find_out.is_some_and(|questions| !questions.is_empty());
    (told, reasons)
}

/// The tally of one duty.
#[derive(Default)]
struct Tally {
    should: u32,
    should_and_did: u32,
    should_not: u32,
    should_not_and_did_not: u32,
    depends: u32,
    depends_with_reasons: u32,
    missed: Vec<String>,
    needless: Vec<String>,
    bare: Vec<String>,
}

impl Tally {
    fn count(&mut self, id: &str, expected: Option<Duty>, got: bool, reasons: bool) {
        let id = id.to_owned();
        match expected {
            None => {}
            Some(Duty::Clear(true)) => {
                self.should += 1;
                if got { self.should_and_did += 1 } else { self.missed.push(id) }
            }
            Some(Duty::Clear(false)) => {
                self.should_not += 1;
                if got { self.needless.push(id) } else { self.should_not_and_did_not += 1 }
            }
            Some(Duty::Open(Depends::Depends)) => {
                self.depends += 1;
                if reasons { self.depends_with_reasons += 1 } else { self.bare.push(id) }
            }
        }
    }

    fn hits(&self) -> u32 {
        self.should_and_did + self.should_not_and_did_not
    }

    fn of(&self) -> u32 {
        self.should + self.should_not
    }

    fn line(&self) -> String {
        let share = |hits: u32, of: u32| if of == 0 { format!("{:>10}", "-") } else { format!("{hits:>3} of {of:<3}") };
        let (recall, specificity) = (share(self.should_and_did, self.should), share(self.should_not_and_did_not, self.should_not));
        format!("{recall}   {specificity}     {}   {}", share(self.hits(), self.of()), share(self.depends_with_reasons, self.depends))
            .trim_end()
            .to_owned()
    }

    fn misses(&self) -> String {
        let kinds = [("missed", &self.missed), ("needless", &self.needless), ("without reasons", &self.bare)];
        kinds.iter().filter(|(_, ids)| !ids.is_empty()).map(|(kind, ids)| format!("\n      {kind}: {}", ids.join(", "))).collect()
    }
}

/// How a practice fares on some cases: towards the authority, and towards the people.
struct Fares {
    authority: Tally,
    people: Tally,
}

fn fares<'a>(practice: &str, cases: impl Iterator<Item = &'a Case>) -> Fares {
    let mut fares = Fares { authority: Tally::default(), people: Tally::default() };
    for case in cases {
        let (told, reasons) = read(case, practice);
        fares.authority.count(&case.id, case.expected.notify_authority, told.authority, reasons);
        fares.people.count(&case.id, case.expected.notify_data_subjects, told.people, reasons);
    }
    fares
}

#[expect(clippy::print_stdout, reason = "the tables are for a person who asks for them with --nocapture")]
fn show(table: &str) {
    println!("{table}");
}

#[test]
fn every_practice_against_every_case() {
    let cases = cases();
    assert!(!cases.is_empty(), "no cases found");
    let (edpb, others): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.is_edpb());
    let names: Vec<&str> = practices().iter().map(String::as_str).chain([NATIONAL]).collect();

    let mut table = String::new();
    let mut results = BTreeMap::new();
    for (group, title, cases) in [("edpb", "EDPB 01/2021", &edpb), ("others", "other cases", &others)] {
        let _ = writeln!(table, "\n{title}: {} cases\n", cases.len());
        let _ = writeln!(table, "  {:<10} {:<10} recall      specificity   all         depends", "practice", "towards");
        for name in &names {
            let fares = fares(name, cases.iter().copied());
            for (towards, tally) in [("authority", &fares.authority), ("people", &fares.people)] {
                let _ = writeln!(table, "  {name:<10} {towards:<10} {}{}", tally.line(), tally.misses());
            }
            results.insert((group, *name), fares);
        }
    }
    show(&table);

    if let Some(own) = results.get(&("edpb", "edpb")) {
        for (towards, tally) in [("authority", &own.authority), ("people", &own.people)] {
            assert_eq!((tally.hits(), tally.of()), (18, 18), "EDPB 01/2021 under edpb, {towards}:{}", tally.misses());
            assert!(tally.needless.is_empty(), "EDPB 01/2021 under edpb: told although it need not be: {}", tally.needless.join(", "));
        }
    } else {
        show("edpb is not built in yet: nothing is asked of it");
    }
    if names.contains(&"edpb") && names.contains(&"pl-uodo") {
        let national = &results[&("others", NATIONAL)];
        let (authority, people) = (&national.authority, &national.people);
        assert!(authority.of() >= 53 && authority.hits() + 1 >= authority.of(), "other cases, authority:{}", authority.misses());
        assert!(people.of() >= 28 && people.hits() + 2 >= people.of(), "other cases, people:{}", people.misses());
        let bare: Vec<&str> = results
            .iter()
            .flat_map(|((_, name), f)| (*name != "plain").then_some(f))
            .flat_map(|f| [&f.authority, &f.people])
            .flat_map(|t| &t.bare)
            .map(String::as_str)
            .collect();
        assert!(bare.is_empty(), "the outcome depends, but nothing says on what: {}", bare.join(", "));
    } else {
        show("edpb or pl-uodo is not built in yet: nothing is asked of the national practices");
    }
}

#[test]
fn scores_that_a_case_states_come_out() {
    for case in cases() {
        let severity = breach::score::score(&case.incident, method());
        if let Some(score) = case.expected.score {
            assert_eq!(severity.score(), score, "{}: score", case.id);
        }
        if let Some(level) = case.expected.level {
            assert_eq!(severity.level, level, "{}: level", case.id);
        }
    }
}

#[test]
fn the_program_gives_for_every_case_what_the_library_gives() {
    #[derive(Deserialize)]
    struct Printed {
        input: String,
        tables: PrintedTables,
        decision: PrintedDecision,
    }
    #[derive(Deserialize)]
    struct PrintedTables {
        practice: Id,
    }
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    #[derive(Deserialize)]
    struct PrintedDecision {
        outcome: String,
    }
    let arguments = ["assess", "--format", "jsonl", "--no-changes", "--now", NOW, "tests/cases"];
    let output = Command::new(env!("CARGO_BIN_EXE_breach")).args(arguments).current_dir(here("")).output();
    let output = output.unwrap_or_else(|e| panic!("the program does not start: {e}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |line: &str| serde_json::from_str::<Printed>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    let printed: Vec<(String, String, String)> =
        String::from_utf8_lossy(&output.stdout).lines().map(read).map(|p| (p.input, p.tables.practice.id, p.decision.outcome)).collect();
    let own = |case: &Case| {
        let assessment = assessed(&case.incident, NATIONAL);
        (format!("tests/cases/{}.toml", case.id), assessment.practice.id.clone(), assessment.decision.outcome.id().to_owned())
    };
    assert_eq!(printed, cases().iter().map(own).collect::<Vec<_>>());
}

/// What an incident brings under a practice without one of its rules.
fn told_without(case: &Case, practice: &str, rule: Option<usize>) -> Told {
    let incident = &case.incident;
    ruled(practice, incident, |rules| {
        let verdict = verdict(incident, rules);
        let ruling = decide(incident, &verdict.sheet, &verdict.severity, &rules.practice.table, rule);
        let weighed = &ruling.weighed;
        let required = duties::require(incident, &verdict.sheet, weighed.risk, weighed.carries(weighed.risk), &verdict.bound, None);
        Told::by(required.duties.iter().map(|(_, duty, is_required, _)| (duty.action, *is_required)))
    })
}

#[test]
fn every_rule_is_needed_by_a_case_or_stands_in_the_law() {
    let practice = "edpb";
    if !practices().iter().any(|id| id == practice) {
        return show("edpb is not built in yet: no rule to leave out");
    }
    let cases = cases();
    let rules: Vec<RuleTable> = ruled(practice, &smallest().incident(), |rules| rules.practice.table.rules.iter().map(|r| r.table.clone()).collect());
    let mut table = format!("\n{practice} without one of its rules: what changes\n\n");
    let mut groundless = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        let mut changed = Vec::new();
        for case in &cases {
            let (with, without) = (told_without(case, practice, None), told_without(case, practice, Some(i)));
            let moved = |towards: &str, with: bool, without: bool| match (with, without) {
                (true, false) => format!(" -{towards}"),
                (false, true) => format!(" +{towards}"),
                _ => String::new(),
            };
            if with != without {
                let (authority, people) = (moved("authority", with.authority, without.authority), moved("people", with.people, without.people));
                changed.push(format!("{}{authority}{people}", case.id));
            }
        }
        let list = if changed.is_empty() { format!("none; {}", rule.provision) } else { changed.join(", ") };
        let _ = writeln!(table, "  {:<22} {:>2}   {list}", rule.id, changed.len());
        if changed.is_empty() && rule.provision.trim().is_empty() {
            groundless.push(rule.id.as_str());
        }
    }
    show(&table);
    assert!(groundless.is_empty(), "no case and no provision carries: {}", groundless.join(", "));
}

#[test]
fn leaving_no_rule_out_changes_nothing() {
    for case in cases() {
        for practice in practices() {
            let told = told_without(&case, practice, None);
            assert_eq!(told, read(&case, practice).0, "{} under {practice}", case.id);
        }
    }
}

/// Two answers that a practice draws a line between: the outcome on each side of it.
struct Line {
    answers: Answers,
    path: &'static str,
    lighter: (toml::Value, Outcome),
    heavier: (toml::Value, Outcome),
}

/// The lines of the rules, each from the facts that make it count and nothing else.
fn lines() -> Vec<Line> {
    let line = |answers: &Answers, path, lighter: (toml::Value, Outcome), heavier: (toml::Value, Outcome)| Line {
        answers: answers.clone(),
        path,
        lighter,
        heavier,
    };
    let mistake = smallest().with("intent.malicious", false).with("confidentiality.recipient", "ordinary");
    let bought = mistake.without("data").with("data.behavioural.items", vec!["purchases"]);
    let pay = mistake.with("data.financial.items", vec!["income"]).with_level(Category::Financial, 2, (Factor::Volume, Factor::Nature));
    let outage = mistake.without("confidentiality").with("availability.loss", "temporary").with("availability.backup", true);
    let (register, authority, people) = (Outcome::RegisterOnly, Outcome::NotifyAuthority, Outcome::NotifyDataSubjects);
    vec![
        line(&mistake, "subjects.count", (20.into(), register), (21.into(), authority)),
        line(&bought.with("confidentiality.loss", "unknown-recipients"), "subjects.count", (100.into(), authority), (101.into(), people)),
        line(&pay, "subjects.count", (100.into(), authority), (101.into(), people)),
        line(&outage.with("availability.effect", false), "availability.hours", (24.into(), register), (25.into(), authority)),
        line(&outage.with("controller.sector", "health"), "availability.hours", (24.into(), register), (25.into(), people)),
    ]
}

#[test]
fn the_lines_that_rules_draw_lie_where_the_practice_says() {
    let mut failures = Failures::default();
    let lines = lines();
    for practice in ["edpb", "pl-uodo"].into_iter().filter(|id| practices().iter().any(|p| p == id)) {
        for Line { answers, path, lighter, heavier } in &lines {
            for (here, across) in [(lighter, heavier), (heavier, lighter)] {
                let name = format!("{practice}: {path} = {} in{answers:?}", here.0);
                let incident = answers.with(path, here.0.clone()).incident();
                let assessment = assessed(&incident, practice);
                failures.same(&name, "outcome", assessment.decision.outcome, here.1);
                let told = assessment
                    .changes
                    .unwrap_or_default()
                    .iter()
                    .any(|c| (c.answer == *path && c.outcome == across.1) && c.to.to_string() == across.0.to_string());
                failures.same(&name, "told to be changed across the line", told, true);
            }
        }
    }
    failures.finish(lines.len());
}

#[test]
fn poland_is_stricter_about_whom_to_trust_and_what_shows_that_nobody_read() {
    if !practices().iter().any(|id| id == "pl-uodo") {
        return show("pl-uodo is not built in yet: nothing to compare");
    }
    let sent =
        smallest().with("data.financial.items", vec!["income"]).with("intent.malicious", false).with("confidentiality.deletion_confirmed", true);
    let trusted = sent.with("confidentiality.recipient", "partner");
    let trust = |trust: &[&str]| trusted.with("confidentiality.trust", trust.to_vec());
    let unread = sent.with("confidentiality.recipient", "ordinary").with("confidentiality.opened", false);
    let shown = |by: &str| unread.with("confidentiality.unread_shown_by", by);
    let numbered = |by: &str| shown(by).with("data.simple.items", vec!["full-name", "national-id"]);
    let mut failures = Failures::default();
    let expected = [
        ("bound by contract, procedures known", trust(&["contract", "procedures-known"]), true, true),
        ("bound by contract, nothing else", trust(&["contract"]), true, false),
        ("two grounds, none of them binding", trust(&["cooperation", "procedures-known"]), true, false),
        ("secrecy does not count as a second", trust(&["contract", "secrecy-only"]), true, false),
        ("bound by secrecy alone", trust(&["secrecy-only"]), false, false),
        ("sealed", shown("sealed"), true, true),
        ("the recipient says so", shown("statement"), true, false),
        ("nobody says why", unread.clone(), true, false),
        ("sealed, with a national number", numbered("sealed"), true, false),
    ];
    for (name, answers, edpb, poland) in &expected {
        for (practice, released) in [("edpb", edpb), ("pl-uodo", poland)] {
            let outcome = assessed(&answers.incident(), practice).decision.outcome;
            failures.same(name, &format!("released under {practice}"), outcome == Outcome::RegisterOnly, *released);
        }
    }
    failures.finish(expected.len());
}
