use std::collections::BTreeSet;

use strum::VariantNames;

use super::*;
use crate::duties::Outcome;
use crate::incident::read::{Syntax, read};
use crate::incident::write;
use crate::language::Language;
use crate::tables::{self, Tables};

fn method() -> Method {
    Tables::default().method(&tables::Choice::Id("enisa-2013".into())).unwrap().table
}

fn poland(code: &str) -> Option<Zone> {
    (code == "PL").then(|| Zone::named("Europe/Warsaw").unwrap())
}

/// Runs an interview: `reply` gives what is chosen or typed for the name of a question, null for what is not known.
fn run(method: &Method, given: Answers, reply: impl Fn(&str) -> Value) -> (Vec<String>, Answers) {
    let guide = Guide::english();
    let mut session = Session::new(Interview::built_in(), method, &guide, Box::new(poland), given);
    let mut asked = Vec::new();
    while let Some(ask) = session.next(None) {
        let said = reply(&ask.id);
        let value = match (&ask.form, said) {
            (Form::Text(_), typed) => session.read(&ask, typed.as_str().unwrap_or_default()).unwrap_or_else(|e| panic!("{}: {e}", ask.id)),
            (Form::One(choices, _), Value::Null) => choices.last().unwrap().value.clone(),
            (Form::Several(_), Value::Null) => json!([UNKNOWN]),
            (Form::One(choices, _), said) => {
                assert!(choices.iter().any(|c| c.value == said) || said == "usual", "{}: {said}", ask.id);
                if said == "usual" { Value::Null } else { said }
            }
            (Form::Several(choices), said) => {
                let all = said.as_array().unwrap_or_else(|| panic!("{}", ask.id));
                assert!(all.iter().all(|v| choices.iter().any(|c| c.value == *v)), "{}: {said}", ask.id);
                said
            }
        };
        asked.push(ask.id.clone());
        session.answer(&ask, value);
    }
    (asked, session.answers())
}

fn mis_sent(question: &str) -> Value {
    match question {
        "controller.name" => "Example Sp. z o.o.".into(),
        "controller.country" => "pl".into(),
        "controller.role" => "controller".into(),
        "controller.sector" => "general".into(),
        "title" => "Minutes e-mailed to the wrong client".into(),
        "event.kind" => json!(["sent-to-wrong-recipient"]),
        "description" => "A wrong address was picked from the list.".into(),
        "timeline.occurred" => "2026-11-20 14:05".into(),
        "timeline.aware" => "2026-11-20 16:40".into(),
        "types" => json!(["email", "full-name"]),
        "data.simple.level" => "usual".into(),
        "identification.level" => "maximum".into(),
        "lost" => json!(["confidentiality.loss"]),
        "confidentiality.loss" => "known-recipients".into(),
        "confidentiality.recipient" => "partner".into(),
        "confidentiality.trust" => json!(["contract", "cooperation"]),
        "recipient" => json!(["confidentiality.deletion_confirmed"]),
        "confidentiality.unread_shown_by" => "statement".into(),
        "intent.malicious" => false.into(),
        "protection.unintelligible" => false.into(),
        "subjects.count" => "12".into(),
        "subjects.groups" => "customers; suppliers".into(),
        "special" => json!([]),
        "notification.measures_taken" => "The recipient was asked to delete it.".into(),
        "notification.contact.name" => "A. B.".into(),
        "notification.contact.email" => "dpo@example.org".into(),
        other => panic!("{other} is asked"),
    }
}

#[test]
fn a_simple_mis_sent_email_takes_at_most_25_questions() {
    let method = method();
    let reply = |question: &str| if question == "recipient" { json!(["confidentiality.opened"]) } else { mis_sent(question) };
    let (asked, answers) = run(&method, Answers::new(), reply);
    assert!(asked.len() <= 25, "{} questions: {asked:?}", asked.len());
    let mut answers = answers;
    set(&mut answers, "id", "1".into());
    read(write::file(&answers).as_bytes(), Syntax::Toml, &method).unwrap();
}

#[test]
fn the_answers_are_those_that_were_given() {
    let method = method();
    let (_, answers) = run(&method, Answers::new(), mis_sent);
    let says = |path: &str| get(&answers, path).cloned().unwrap_or_default();
    assert_eq!(says("timeline.aware"), "2026-11-20T16:40:00+01:00");
    assert_eq!(says("controller.country"), "PL");
    assert_eq!(says("data.simple.items"), json!(["full-name", "email"]));
    assert_eq!(get(&answers, "data.simple.level"), None);
    assert_eq!(says("integrity.loss"), "none");
    assert_eq!(says("confidentiality.opened"), false);
    assert_eq!(says("confidentiality.deletion_confirmed"), true);
    assert_eq!(says("subjects.groups"), json!(["customers", "suppliers"]));
    assert_eq!(says("subjects.count"), 12);
}

#[test]
fn who_knows_nothing_yet_gets_a_valid_file_of_unknowns() {
    let method = method();
    let (_, mut answers) = run(&method, Answers::new(), |_| Value::Null);
    set(&mut answers, "id", "1".into());
    let incident = read(write::file(&answers).as_bytes(), Syntax::Toml, &method).unwrap();
    assert_eq!(incident.data.len(), 4);
    assert!(incident.data.iter().all(|d| !d.certain));
}

#[test]
fn what_is_known_is_not_asked() {
    let mut given = Answers::new();
    for (path, value) in [("controller.name", "x"), ("controller.country", "PL"), ("controller.sector", "health"), ("notification.contact.name", "y")]
    {
        set(&mut given, path, value.into());
    }
    set(&mut given, "notification.contact.phone", "1".into());
    let (asked, _) = run(&method(), given, |question| if question == "notification.contact.email" { Value::Null } else { mis_sent(question) });
    assert!(!asked.iter().any(|a| ["controller.name", "controller.country", "controller.sector", "notification.contact.name"].contains(&a.as_str())));
}

#[test]
fn a_level_of_its_own_asks_for_a_fitting_reason() {
    let method = method();
    let reply = |question: &str| match question {
        "data.simple.level" => 3.into(),
        "data.simple.because" => json!(["controller"]),
        "data.simple.why" => "a pharmacy".into(),
        other => mis_sent(other),
    };
    let (asked, mut answers) = run(&method, Answers::new(), reply);
    let at = |id: &str| asked.iter().position(|a| a == id).unwrap();
    assert_eq!(at("data.simple.because"), at("data.simple.level") + 1);
    assert_eq!(at("data.simple.why"), at("data.simple.level") + 2);
    set(&mut answers, "id", "1".into());
    read(write::file(&answers).as_bytes(), Syntax::Toml, &method).unwrap();

    let guide = Guide::english();
    let mut session = Session::new(Interview::built_in(), &method, &guide, Box::new(poland), Answers::new());
    session.resume(vec![("types".into(), json!(["health"])), ("data.sensitive.level".into(), 2.into())]);
    let because = loop {
        let ask = session.next(None).unwrap();
        if ask.id == "data.sensitive.because" {
            break ask;
        }
        session.answer(&ask, Value::Null);
    };
    let Form::Several(choices) = because.form else { panic!() };
    let words: Vec<&str> = choices.iter().filter_map(|c| c.value.as_str()).collect();
    assert_eq!(words, ["inaccurate", "public-before", "nature"]);
    assert!(because.required && session.read(&Ask { form: Form::Text(Kind::Text), ..because }, " ").is_err());
}

#[test]
fn a_step_back_asks_the_same_again() {
    let method = method();
    let guide = Guide::english();
    let mut session = Session::new(Interview::built_in(), &method, &guide, Box::new(poland), Answers::new());
    assert!(!session.back());
    let first = session.next(None).unwrap();
    session.answer(&first, "x".into());
    assert_ne!(session.next(None).unwrap().id, first.id);
    assert!(session.back());
    assert_eq!(session.next(None).unwrap().id, first.id);
}

#[test]
fn reasons_are_asked_for_where_nobody_is_told() {
    let method = method();
    let guide = Guide::english();
    let session = |answered| {
        let mut session = Session::new(Interview::built_in(), &method, &guide, Box::new(poland), Answers::new());
        session.resume(answered);
        session
    };
    let mut all = Vec::new();
    while let Some(ask) = session(all.clone()).next(None) {
        all.push((ask.id, Value::Null));
    }
    assert_eq!(session(all.clone()).next(Some("register-only")).unwrap().id, "decision.why");
    assert!(session(all).next(Some("notify-authority")).is_none());
}

#[test]
fn times_are_read_by_the_clock_of_the_country_or_with_their_offset() {
    let method = method();
    let guide = Guide::english();
    let mut session = Session::new(Interview::built_in(), &method, &guide, Box::new(poland), Answers::new());
    let ask = |kind| Ask { id: "x".into(), text: String::new(), help: None, form: Form::Text(kind), required: false, path: None };
    assert!(session.read(&ask(Kind::Instant), "2026-07-20 16:40").is_err());
    session.resume(vec![("controller.country".into(), "PL".into())]);
    assert_eq!(session.read(&ask(Kind::Instant), "2026-07-20 16:40").unwrap(), "2026-07-20T16:40:00+02:00");
    assert_eq!(session.read(&ask(Kind::Instant), "2026-07-20T16:40:00Z").unwrap(), "2026-07-20T16:40:00Z");
    assert_eq!(session.read(&ask(Kind::Past), "2026-07-20").unwrap(), "2026-07-20");
    assert_eq!(session.read(&ask(Kind::Past), "").unwrap(), UNKNOWN);
    assert_eq!(session.read(&ask(Kind::Instant), "").unwrap(), Value::Null);
    for bad in ["2026-07-20", "yesterday", "2026-02-30 10:00", "1980-01-01T00:00:00Z"] {
        assert!(session.read(&ask(Kind::Instant), bad).is_err(), "{bad}");
    }
}

#[test]
fn every_question_asks_for_answers_of_the_format() {
    let interview = Interview::built_in();
    assert_eq!(interview.schema, 1);
    let mut seen = BTreeSet::new();
    for question in &interview.questions {
        let id = question.id();
        assert!(!id.is_empty() && seen.insert(id.to_owned()), "{id}");
        let shapes = [question.types, question.path.is_some(), !question.which.is_empty()];
        assert_eq!(shapes.iter().filter(|is| **is).count(), 1, "{id}");
        let known = |path: &str| field(&path.replace("data.*", "data.simple")).unwrap_or_else(|| panic!("{id}: {path}")).kind;
        if let Some(path) = &question.path {
            known(path);
        }
        for pick in &question.which {
            known(&pick.path);
        }
        for test in &question.when {
            let words = match known(&test.path) {
                Kind::Word(words) | Kind::Words(words, _) => words,
                _ => &[],
            };
            for word in test.r#in.iter().chain(&test.not_in).flatten().filter_map(Value::as_str) {
                assert!(words.contains(&word) || word == UNKNOWN, "{id}: {word}");
            }
            assert!(seen.contains(&test.path) || test.path.starts_with("confidentiality."), "{id} looks at {}, which comes later", test.path);
        }
        assert!(question.outcome.as_deref().is_none_or(|o| Outcome::VARIANTS.contains(&o)), "{id}");
        for text in [Some(&question.text), question.help.as_ref()].into_iter().flatten().chain(question.which.iter().map(|p| &p.text)) {
            for guide in Language::all().skip(1).map(Guide::of) {
                assert_ne!(guide.tongues(text), text.en, "{id} is not there in every language");
            }
        }
    }
}

/// The first line of a menu may be the one that takes a duty away.
#[test]
fn whoever_only_presses_enter_says_nothing() {
    let (method, guide) = (method(), Guide::english());
    let mut session = Session::new(Interview::built_in(), &method, &guide, Box::new(poland), Answers::new());
    let mut menus = 0;
    while let Some(ask) = session.next(None) {
        if let Form::One(choices, first) = &ask.form {
            let begins = &choices[*first].value;
            assert!(begins == UNKNOWN || begins.is_null(), "{}: {begins}", ask.id);
            menus += 1;
        }
        // on through every question that an attack on something brings
        let value = match &ask.form {
            Form::One(choices, _) => choices[0].value.clone(),
            Form::Several(choices) => json!([choices[0].value]),
            Form::Text(_) => session.read(&ask, "").unwrap_or_else(|_| UNKNOWN.into()),
        };
        session.answer(&ask, value);
    }
    assert!(menus > 8, "{menus} menus");
}
