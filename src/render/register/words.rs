//! What entries say, in the words of a language.

use crate::duties::{Outcome, Time};
use crate::incident::answer::UNKNOWN;
use crate::incident::words::{Category, Level, Risk, Word};
use crate::method::Method;
use crate::register::entry::{Due, Entry, Kind, Measures, Procedure, Reasons};
use crate::register::view::State;
use crate::texts::Texts;

/// The words of a language, and of the method that names levels and types of data.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The language.
    pub texts: &'a Texts,
    /// The method; what it does not name keeps its word.
    pub method: &'a Method,
}

#[allow(missing_docs)]
impl Words<'_> {
    pub fn say(&self, key: &str) -> String {
        self.texts.say(key, &[])
    }

    pub fn with(&self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.texts.say(key, &values)
    }

    /// What a table says, which an entry holds in English.
    pub fn table(&self, english: &str) -> String {
        self.texts.table(english).to_owned()
    }

    /// An outcome in a word or two.
    pub fn outcome_word(&self, outcome: Outcome) -> String {
        self.say(&format!("register-outcome-{}", outcome.id()))
    }

    /// A risk in a word or two.
    pub fn risk_word(&self, risk: Risk) -> String {
        self.say(&format!("register-risk-{}", risk.id()))
    }

    pub fn level(&self, level: Level) -> String {
        self.method.bands.iter().find(|b| b.id == level).map_or_else(|| level.id().to_owned(), |b| self.table(&b.title))
    }

    pub fn category(&self, category: Category) -> String {
        self.table(&self.method.category(category).title)
    }

    /// A type of data.
    pub fn item(&self, id: &str) -> String {
        self.method.data_type(id).map_or_else(|| id.to_owned(), |t| self.table(&t.title))
    }

    /// A word of the incident format; `path` is where it stands.
    pub fn word(&self, path: &str, word: &str) -> String {
        match self.texts.word(path, word) {
            UNKNOWN => self.say("state-unknown"),
            word => word.to_owned(),
        }
    }

    pub fn kind(&self, kind: Kind) -> String {
        self.say(match kind {
            Kind::Breach => "register-kind-breach",
            Kind::NotABreach => "register-state-not-a-breach",
        })
    }

    /// What follows from it, in short.
    pub fn outcome(&self, e: &Entry) -> String {
        match (e.kind, e.outcome) {
            (Kind::Breach, Some(outcome)) => self.say(&format!("short-{}", outcome.id())),
            _ => self.say("register-not-a-breach"),
        }
    }

    /// The same as it stands above a report.
    pub fn outcome_in_full(&self, e: &Entry) -> String {
        match (e.kind, e.outcome) {
            (Kind::Breach, Some(outcome)) => self.say(&format!("outcome-{}", outcome.id())),
            _ => self.say("register-not-a-breach"),
        }
    }

    pub fn state(&self, state: State) -> String {
        self.say(&format!("register-state-{}", state.id()))
    }

    pub fn flag(&self, flag: Option<bool>) -> String {
        self.say(match flag {
            Some(true) => "yes",
            Some(false) => "no",
            None => "register-unknown",
        })
    }

    pub fn number(&self, n: Option<u64>) -> String {
        n.map_or_else(|| self.say("register-unknown"), |n| n.to_string())
    }

    /// The risk, the controller's own word, the reasons.
    pub fn decision(&self, e: &Entry, own: &Reasons) -> Vec<String> {
        let mut all = Vec::new();
        if let (Some(risk), Some(computed), Some(score), Some(level)) = (e.risk, e.computed, e.score, e.level) {
            let [risk, computed] = [risk, computed].map(|r| self.say(&format!("risk-{}", r.id())));
            all.push(self.with(
                "register-decision",
                &[("risk", risk), ("computed", computed), ("score", self.texts.number(score)), ("level", self.level(level))],
            ));
        }
        let mut named = |key: &str, value: &Option<String>| all.extend(value.as_ref().map(|v| format!("{}: {v}", self.say(key))));
        named("register-col-decided", &e.decided.map(|r| self.say(&format!("risk-{}", r.id()))));
        named("register-col-why", &own.why);
        named("register-col-by", &own.by);
        all.extend(own.dpo_advice.as_ref().map(|v| format!("{}: {v}", self.texts.field("decision.dpo_advice"))));
        all
    }

    pub fn measures(&self, m: &Measures) -> Vec<String> {
        let marked = |key: &'static str| move |text: &String| self.with(key, &[("text", text.clone())]);
        let before = m.before.iter().map(marked("register-measures-before"));
        let planned = m.planned.iter().map(marked("register-measures-planned"));
        before.chain(m.taken.iter().cloned()).chain(planned).chain(m.advice.iter().map(marked("register-advice"))).collect()
    }

    /// A duty and how far it is at a time.
    pub fn duty(&self, d: &Due, now: Time) -> String {
        let status: &str = d.status_at(now).into();
        let status = match &d.done_at {
            Some(time) if matches!(status, "done" | "done-late") => {
                self.with(if status == "done" { "status-done-at" } else { "status-done-late" }, &[("time", time.clone())])
            }
            _ => self.say(&format!("status-{status}")),
        };
        let mut values = vec![
            ("action", self.say(&format!("action-{}", <&str>::from(d.action)))),
            ("to", self.table(&d.to)),
            ("status", status),
            ("provision", self.table(&d.provision)),
        ];
        let key = match d.outer_deadline.as_ref().or(d.deadline.as_ref()) {
            Some(deadline) => {
                values.push(("deadline", deadline.clone()));
                "register-duty-by"
            }
            None => "register-duty",
        };
        self.with(key, &values)
    }

    pub fn procedure(&self, p: &Procedure) -> String {
        let policy = p.policy.as_ref().map_or_else(|| self.say("register-unknown"), |p| p.to_string());
        self.with("register-procedure", &[("policy", policy), ("followed", self.flag(p.followed))])
    }
}
