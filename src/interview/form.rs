//! What may be answered to a question: choices with their criteria and examples, or a text and how it is read.

use serde_json::{Value, json};

use super::{Ask, Question, Session, UNCERTAIN};
use crate::incident::answer::{Count, Given, Hours, UNKNOWN};
use crate::incident::format::Kind;
use crate::incident::moment::{self, Moment, NotAMoment};
use crate::incident::words::{Category, Word};
use crate::incident::write::{Answers, get};
use crate::method::Direction;
use crate::render;

/// Examples shown for one choice.
const EXAMPLES: usize = 3;

/// What may be answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// One of these; the number is the one to begin with.
    One(Vec<Choice>, usize),
    /// Any of these.
    Several(Vec<Choice>),
    /// A text that is read as this kind.
    Text(Kind),
}

/// One choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What choosing it answers; null leaves the answer out.
    pub value: Value,
    /// Its short name.
    pub label: String,
    /// What it means.
    pub meaning: Option<String>,
    /// What falls under it.
    pub examples: Vec<String>,
}

impl Choice {
    fn new(value: impl Into<Value>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), meaning: None, examples: Vec::new() }
    }
}

impl Session<'_> {
    pub(super) fn form(&self, question: &Question, path: &str, answers: &Answers) -> Form {
        if question.types {
            return Form::Several(self.types());
        }
        if !question.which.is_empty() {
            let picks = question.which.iter().map(|p| Choice::new(p.path.as_str(), self.guide.tongues(&p.text)));
            return Form::Several(picks.chain([self.dont_know()]).collect());
        }
        match Session::kind(path) {
            Some(Kind::Word(words)) => {
                let left = words.iter().filter(|w| !question.but.iter().any(|b| b == *w));
                self.one(left.map(|w| self.word(path, w, answers)).collect())
            }
            Some(Kind::Words(words, unknown)) => {
                let fits = |word: &&&str| !path.ends_with(".because") || self.fits(path, word, answers);
                let all = words.iter().filter(fits).map(|w| self.word(path, w, answers));
                Form::Several(all.chain(unknown.then(|| self.dont_know())).collect())
            }
            Some(Kind::Flag) => {
                let yes = Choice {
                    meaning: self.guide.word(path, "true", self.method).filter(|_| !self.examples(path, "true", answers).is_empty()),
                    examples: self.examples(path, "true", answers),
                    ..Choice::new(true, self.guide.say("ask-yes", &[]))
                };
                self.one(vec![yes, Choice::new(false, self.guide.say("ask-no", &[]))])
            }
            Some(Kind::Step) => self.levels(path, answers),
            Some(kind) => Form::Text(kind),
            None => Form::Text(Kind::Text),
        }
    }

    /// One of these, or unknown, with which it begins: who only presses Enter has said nothing, least of all that all is well.
    fn one(&self, mut choices: Vec<Choice>) -> Form {
        choices.push(self.dont_know());
        let last = choices.len() - 1;
        Form::One(choices, last)
    }

    fn dont_know(&self) -> Choice {
        Choice::new(UNKNOWN, self.guide.say("ask-unknown", &[]))
    }

    fn types(&self) -> Vec<Choice> {
        let width = self.method.data_types.iter().map(|t| t.id.len()).max().unwrap_or(0);
        let all = self.method.data_types.iter().map(|t| Choice::new(t.id.as_str(), format!("{:width$}  {}", t.id, self.guide.table(&t.title))));
        let categories = self.method.categories.iter().map(|c| Choice {
            meaning: Some(self.guide.table(&c.description).to_owned()),
            ..Choice::new(format!("{UNCERTAIN}{}", c.id.id()), self.guide.say("ask-uncertain", &[("category", self.guide.table(&c.title))]))
        });
        all.chain(categories).chain([self.dont_know()]).collect()
    }

    fn word(&self, path: &str, word: &str, answers: &Answers) -> Choice {
        Choice { meaning: self.guide.word(path, word, self.method), examples: self.examples(path, word, answers), ..Choice::new(word, word) }
    }

    /// The method's examples of a word; those about what is hit first.
    fn examples(&self, path: &str, word: &str, answers: &Answers) -> Vec<String> {
        let elsewhere = |example: &crate::method::Example| {
            let hit = |category: &Category| get(answers, &format!("data.{}.items", category.id())).and_then(Value::as_array);
            let items = Category::all().iter().filter_map(hit).flatten();
            !items.into_iter().any(|item| Some(item.as_str().unwrap_or_default()) == example.identifier.as_deref())
        };
        let mut all: Vec<&crate::method::Example> = match path {
            "identification.level" => self.method.identification.iter().filter(|s| s.id.id() == word).flat_map(|s| &s.examples).collect(),
            _ => return self.guide.examples(path, word, self.method).into_iter().take(EXAMPLES).map(str::to_owned).collect(),
        };
        all.sort_by_key(|e| elsewhere(e));
        all.into_iter().take(EXAMPLES).map(|e| self.guide.table(&e.text).to_owned()).collect()
    }

    /// Whether a factor can move the level of its category where it was moved.
    fn fits(&self, path: &str, word: &str, answers: &Answers) -> bool {
        let up = self.moved(&path.replace(".because", ".level"), answers);
        let direction = word.parse().ok().and_then(|factor| self.method.direction(factor));
        up.is_none_or(|up| direction == Some(if up { Direction::Raise } else { Direction::Lower }))
    }

    fn levels(&self, path: &str, answers: &Answers) -> Form {
        let usual = self.usual(path, answers).unwrap_or_default();
        let Some(category) = path.split('.').nth(1).and_then(|c| c.parse::<Category>().ok()) else { return Form::Text(Kind::Text) };
        let table = self.method.category(category);
        let level = |l: &crate::method::LevelTable| {
            let n = l.level.to_string();
            let is_usual = u64::from(l.level) == usual;
            // the usual level is best left out: it follows the data types then
            let value = if is_usual { Value::Null } else { l.level.into() };
            Choice {
                meaning: Some(self.guide.table(&l.criterion).to_owned()),
                examples: l.examples.iter().take(EXAMPLES).map(|e| self.guide.table(&e.text).to_owned()).collect(),
                ..Choice::new(value, self.guide.say(if is_usual { "ask-usual" } else { "ask-level" }, &[("level", &n)]))
            }
        };
        let choices: Vec<Choice> = table.levels.iter().map(level).chain([self.dont_know()]).collect();
        let first = choices.iter().position(|c| c.value.is_null()).unwrap_or(0);
        Form::One(choices, first)
    }

    /// Reads a typed text; null where nothing was typed and the answer is left out.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(&self, ask: &Ask, typed: &str) -> Result<Value, String> {
        let Form::Text(kind) = ask.form else { return Ok(Value::Null) };
        let typed = typed.trim();
        if typed.is_empty() {
            return match kind {
                _ if ask.required => Err(self.guide.say("ask-needs-text", &[])),
                Kind::Count | Kind::Hours | Kind::Past | Kind::End => Ok(UNKNOWN.into()),
                _ => Ok(Value::Null),
            };
        }
        let bad = |key: &str| Err(self.guide.say(key, &[]));
        match kind {
            // country codes are written in capitals
            Kind::Text if ask.path.as_deref() == Some("controller.country") => Ok(typed.to_uppercase().into()),
            Kind::Texts => Ok(json!(typed.split(';').map(str::trim).filter(|t| !t.is_empty()).collect::<Vec<_>>())),
            Kind::Count => match typed.replace([' ', '_', '\u{a0}'], "").parse::<i128>().ok().and_then(Count::from_whole) {
                Some(count) => Ok(count.0.into()),
                None => bad("ask-needs-count"),
            },
            Kind::Hours => match typed.replace(',', ".").parse::<f64>().ok().and_then(Hours::from_decimal) {
                Some(hours) if hours.0.fract() == 0.0 => Ok((hours.0 as u64).into()),
                Some(hours) => Ok(hours.0.into()),
                None => bad("ask-needs-hours"),
            },
            Kind::Instant | Kind::Day | Kind::Past | Kind::End => self.time(kind, typed),
            _ => Ok(typed.into()),
        }
    }

    /// A time as a person types it: with its offset, or by the clock of the controller's country.
    fn time(&self, kind: Kind, typed: &str) -> Result<Value, String> {
        let bad = |key: &str| Err(self.guide.say(key, &[]));
        match Moment::read(typed) {
            Ok(Moment::Unknown | Moment::Ongoing) if matches!(kind, Kind::Past | Kind::End) => Ok(typed.into()),
            Ok(Moment::Instant(_)) => Ok(typed.into()),
            Ok(Moment::Day(_)) if kind == Kind::Instant => bad("ask-needs-time"),
            Ok(Moment::Day(_)) => Ok(typed.into()),
            Err(NotAMoment::Year) | Ok(_) => bad("ask-needs-day"),
            Err(_) => {
                let Some(wall) = moment::wall(typed) else { return bad(if kind == Kind::Instant { "ask-needs-time" } else { "ask-needs-day" }) };
                let answers = self.answers();
                let zone = get(&answers, "controller.country").and_then(Value::as_str).and_then(|code| (self.zone)(code));
                match zone.map(|zone| render::time(zone.at(wall))) {
                    Some(time) if Moment::read(&time).is_ok() => Ok(time.into()),
                    Some(_) => bad("ask-needs-day"),
                    None => bad("ask-needs-offset"),
                }
            }
        }
    }
}
