//! The interview: what to ask next, what may be answered, and the answers so far. Order and wording are data (`data/interview.toml`); nothing here
//! knows a terminal.

mod form;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::guide::Guide;
use crate::incident::answer::UNKNOWN;
use crate::incident::format::{FORMAT, Kind, field};
use crate::incident::words::{Category, Word};
use crate::incident::write::{Answers, get, set};
use crate::method::Method;
use crate::tables::ready;
use crate::texts::fill;
use crate::tongues::Tongues;
use crate::zone::Zone;

pub use form::{Choice, Form};

/// The path of something in each category that is hit.
const EACH: &str = "data.*.";
/// Before the category, in an answer that it cannot be excluded.
const UNCERTAIN: &str = "unknown:";

/// All questions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interview {
    /// The form of the file; 1.
    pub schema: u32,
    questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    id: Option<String>,
    path: Option<String>,
    #[serde(default)]
    types: bool,
    #[serde(default)]
    which: Vec<Pick>,
    #[serde(default)]
    when: Vec<Test>,
    outcome: Option<String>,
    #[serde(default)]
    required: bool,
    /// Words that are no answer here.
    #[serde(default)]
    but: Vec<String>,
    text: Tongues,
    help: Option<Tongues>,
}

/// One of several answers given in one go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pick {
    path: String,
    picked: Option<Value>,
    otherwise: Option<Value>,
    text: Tongues,
}

/// A condition on the answers so far.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    path: String,
    r#in: Option<Vec<Value>>,
    not_in: Option<Vec<Value>>,
    given: Option<bool>,
    moved: Option<bool>,
}

impl Question {
    fn id(&self) -> &str {
        self.id.as_deref().or(self.path.as_deref()).unwrap_or_default()
    }
}

/// Something to ask.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Its name among the answers.
    pub id: String,
    /// The question.
    pub text: String,
    /// A hint.
    pub help: Option<String>,
    /// What may be answered.
    pub form: Form,
    /// Whether it cannot be passed over.
    pub required: bool,
    /// The path of the answer, where it gives one.
    path: Option<String>,
}

impl Interview {
    /// The questions that come with the program.
    pub fn built_in() -> Interview {
        ready::built_in("interview.toml")
    }
}

/// The zone of a country.
pub type ZoneOf<'a> = Box<dyn Fn(&str) -> Option<Zone> + 'a>;

/// An interview under way.
pub struct Session<'a> {
    interview: Interview,
    method: &'a Method,
    guide: &'a Guide,
    zone: ZoneOf<'a>,
    given: Answers,
    answered: Vec<(String, Value)>,
}

impl<'a> Session<'a> {
    /// Begins, with what is known before anything is asked.
    pub fn new(interview: Interview, method: &'a Method, guide: &'a Guide, zone: ZoneOf<'a>, given: Answers) -> Session<'a> {
        Session { interview, method, guide, zone, given, answered: Vec::new() }
    }

    /// What was answered, in order: the name of the question, and the value as it was chosen.
    pub fn answered(&self) -> &[(String, Value)] {
        &self.answered
    }

    /// Goes on from what was answered before.
    pub fn resume(&mut self, answered: Vec<(String, Value)>) {
        self.answered = answered;
    }

    /// Takes an answer.
    pub fn answer(&mut self, ask: &Ask, value: Value) {
        self.answered.push((ask.id.clone(), value));
    }

    /// Takes the last answer back; false if there is none.
    pub fn back(&mut self) -> bool {
        self.answered.pop().is_some()
    }

    /// The answers as an incident file gives them.
    pub fn answers(&self) -> Answers {
        let mut answers = Answers::new();
        set(&mut answers, "format", FORMAT.into());
        for (key, value) in &self.given {
            set(&mut answers, key, value.clone());
        }
        for (id, value) in &self.answered {
            let category = Category::all().iter().find(|c| id.starts_with(&format!("data.{}.", c.id())));
            let own = |q: &&Question| q.id() == id || category.is_some_and(|c| q.id().replace(EACH, &format!("data.{}.", c.id())) == *id);
            if let Some(question) = self.interview.questions.iter().find(own) {
                self.apply(question, id, value, &mut answers);
            }
        }
        answers
    }

    fn apply(&self, question: &Question, id: &str, value: &Value, answers: &mut Answers) {
        let picked = |word: &str| value.as_array().is_some_and(|list| list.iter().any(|v| v == word));
        let dont_know = picked(UNKNOWN) || value == UNKNOWN;
        if question.types {
            for category in Category::all() {
                let all = self.method.data_types.iter().filter(|t| t.category == *category && picked(&t.id));
                let items: Vec<&str> = all.map(|t| t.id.as_str()).collect();
                let path = |key: &str| format!("data.{}.{key}", category.id());
                if !items.is_empty() {
                    set(answers, &path("items"), json!(items));
                } else if dont_know || picked(&format!("{UNCERTAIN}{}", category.id())) {
                    set(answers, &path("affected"), UNKNOWN.into());
                }
            }
        } else if !question.which.is_empty() {
            for pick in &question.which {
                let value = match (picked(&pick.path), dont_know) {
                    (true, _) => pick.picked.clone(),
                    (false, true) => Some(UNKNOWN.into()),
                    (false, false) => pick.otherwise.clone(),
                };
                if let Some(value) = value {
                    set(answers, &pick.path, value);
                }
            }
        } else if question.path.is_some() && !value.is_null() {
            set(answers, id, value.clone());
        }
    }

    /// What to ask next; `outcome` is that of the assessment, once everything else is answered.
    pub fn next(&self, outcome: Option<&str>) -> Option<Ask> {
        let answers = self.answers();
        for question in &self.interview.questions {
            if question.outcome.as_deref() != question.outcome.as_deref().and(outcome) {
                continue;
            }
            for category in self.categories(question, &answers) {
                let within = |path: &str| match category {
                    Some(c) => path.replace(EACH, &format!("data.{}.", c.id())),
                    None => path.to_owned(),
                };
                let id = within(question.id());
                if self.answered.iter().any(|(done, _)| *done == id) || self.is_given(question, &id, &answers) {
                    continue;
                }
                if question.when.iter().all(|test| self.holds(test, &within(&test.path), &answers)) {
                    return Some(self.ask(question, id, category, &answers));
                }
            }
        }
        None
    }

    /// The categories that a question is asked for; one `None` for a question that is asked once.
    fn categories(&self, question: &Question, answers: &Answers) -> Vec<Option<Category>> {
        if !question.path.as_deref().is_some_and(|p| p.starts_with(EACH)) {
            return vec![None];
        }
        let hit = |c: &Category| get(answers, &format!("data.{}.items", c.id())).and_then(Value::as_array).is_some_and(|items| !items.is_empty());
        Category::all().iter().copied().filter(hit).map(Some).collect()
    }

    /// Whether everything that a question asks for is known already.
    fn is_given(&self, question: &Question, id: &str, answers: &Answers) -> bool {
        if question.types {
            return answers.contains_key("data");
        }
        if question.which.is_empty() {
            return get(answers, id).is_some();
        }
        question.which.iter().all(|pick| get(answers, &pick.path).is_some())
    }

    fn holds(&self, test: &Test, path: &str, answers: &Answers) -> bool {
        let value = get(answers, path);
        let is_one_of = |all: &Vec<Value>| match value {
            Some(Value::Array(list)) => list.iter().any(|v| all.contains(v)),
            Some(value) => all.contains(value),
            None => false,
        };
        test.r#in.as_ref().is_none_or(is_one_of)
            && !test.not_in.as_ref().is_some_and(is_one_of)
            && test.given.is_none_or(|given| given == value.is_some())
            && test.moved.is_none_or(|moved| moved == self.moved(path, answers).is_some())
    }

    /// Whether the level at a path is above (true) or below the usual one.
    fn moved(&self, path: &str, answers: &Answers) -> Option<bool> {
        let level = get(answers, path)?.as_u64()?;
        let usual = self.usual(path, answers)?;
        (level != usual).then_some(level > usual)
    }

    /// The usual level of the category of a path.
    fn usual(&self, path: &str, answers: &Answers) -> Option<u64> {
        let category: Category = path.split('.').nth(1)?.parse().ok()?;
        let items = get(answers, &format!("data.{}.items", category.id()))?.as_array()?;
        let items: Vec<String> = items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        Some(self.method.usual_level(category, &self.method.places(&items)).into())
    }

    fn ask(&self, question: &Question, id: String, category: Option<Category>, answers: &Answers) -> Ask {
        let title = category.map_or("", |c| self.guide.table(&self.method.category(c).title));
        let path = question.path.as_ref().map(|_| id.clone());
        Ask {
            text: fill(self.guide.tongues(&question.text), [("category", title)].into_iter()),
            help: question.help.as_ref().map(|h| self.guide.tongues(h).to_owned()),
            form: self.form(question, &id, answers),
            required: question.required,
            path,
            id,
        }
    }

    /// The kind of the answer at a question's path.
    fn kind(path: &str) -> Option<Kind> {
        field(path).map(|f| f.kind)
    }
}

#[cfg(test)]
mod tests;
