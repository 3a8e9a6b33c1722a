//! What entries say, in the words of a language.

use crate::duties::Time;
use crate::incident::words::Word;
use crate::register::entry::{Due, Entry, Kind, Measures, Procedure, Reasons};
use crate::register::view::State;
use crate::texts::Texts;

/// The words of a language.
#[derive(Clone, Copy)]
pub(super) struct Words<'a>(pub &'a Texts);

impl Words<'_> {
    pub fn say(&self, key: &str) -> String {
        self.0.say(key, &[])
    }

    pub fn with(&self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.0.say(key, &values)
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
                &[("risk", risk), ("computed", computed), ("score", score.to_string()), ("level", level.id().to_owned())],
            ));
        }
        let mut named = |key: &str, value: &Option<String>| all.extend(value.as_ref().map(|v| format!("{}: {v}", self.say(key))));
        named("register-col-decided", &e.decided.map(|r| self.say(&format!("risk-{}", r.id()))));
        named("register-col-why", &own.why);
        named("register-col-by", &own.by);
        all.extend(own.dpo_advice.as_ref().map(|v| format!("{}: {v}", self.0.field("decision.dpo_advice"))));
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
            ("to", d.to.clone()),
            ("status", status),
            ("provision", d.provision.clone()),
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
        let policy = p.policy.clone().unwrap_or_else(|| self.say("register-unknown"));
        self.with("register-procedure", &[("policy", policy), ("followed", self.flag(p.followed))])
    }
}
