//! What is said of an assessment, sentence by sentence, in the language of the texts. The formats lay it out and make it harmless.

use chrono::{Datelike, NaiveDate};

use crate::assess::{Assessment, Direction, Lowering, OwnWord, RuleSpoke};
use crate::condition::What;
use crate::duties::{Duty, DutyStatus, Missing, Outcome, Time};
use crate::fact::Value;
use crate::incident::answer::{Answer, UNKNOWN};
use crate::incident::moment::Moment;
use crate::incident::words::*;
use crate::incident::{Incident, text};
use crate::method::{FlagId, Method, Scored};
use crate::practice::Effect;
use crate::regime::Action;
use crate::score::{self, Range};
use crate::sensitivity::{Change, Question};
use crate::tables::Ref;
use crate::texts::Texts;
use crate::tongues::Tongues;

/// An assessment, and what is needed to speak of it.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct Say<'a> {
    pub a: &'a Assessment<'a>,
    pub incident: &'a Incident,
    pub method: &'a Method,
    pub texts: &'a Texts,
}

/// One part of the score.
pub struct Part {
    /// What it scores; the worse end counts.
    pub range: Range,
    /// Whether there was no such loss.
    pub none: bool,
    /// Its name with its score.
    pub name: String,
    /// The answer and its criterion.
    pub text: String,
}

impl Say<'_> {
    /// A sentence of the outputs.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.say(key, values)
    }

    /// A text of a table in the language of the texts; English where it has no other.
    pub fn in_language(&self, text: &Tongues) -> String {
        self.texts.tongues(text).to_owned()
    }

    /// What a table says, in the language of the texts.
    pub fn table<'t>(&'t self, english: &'t str) -> &'t str {
        self.texts.table(english)
    }

    /// A word of the incident format as it is called on paper; `path` is where it stands.
    pub fn word(&self, path: &str, word: &str) -> String {
        match path.strip_prefix("data.").and_then(|rest| rest.split_once('.')) {
            Some((_, "items")) => self.item(word),
            Some((_, "because")) => self.texts.word("data.because", word).to_owned(),
            _ => match self.texts.word(path, word) {
                UNKNOWN => self.say("state-unknown", &[]),
                word => word.to_owned(),
            },
        }
    }

    /// A type of data as the method calls it.
    pub fn item(&self, id: &str) -> String {
        self.method.data_type(id).map_or(id, |t| self.table(&t.title)).to_owned()
    }

    /// An answer as it is written on paper; `path` is where it stands.
    pub fn value(&self, path: &str, value: &Value) -> String {
        match value {
            Value::Flag(flag) => self.flag(*flag),
            Value::Word(words, place) => self.word(path, words[usize::from(*place)]),
            other => other.to_string(),
        }
    }

    /// True or false.
    pub fn flag(&self, flag: bool) -> String {
        self.say(if flag { "yes" } else { "no" }, &[])
    }

    /// The incident's number and title.
    pub fn title(&self) -> String {
        let of = |given| text(given).unwrap_or_default();
        format!("{}  {}", of(&self.incident.file.id), of(&self.incident.file.title)).trim_end().to_owned()
    }

    /// The outcome as it stands above everything.
    pub fn outcome(&self) -> String {
        let key = match self.a.decision.outcome {
            Outcome::NotifyDataSubjects if !self.required(Action::NotifyAuthority) => "outcome-only-data-subjects".to_owned(),
            Outcome::NotifyAuthority if !self.required(Action::NotifyAuthority) => "outcome-notify-other".to_owned(),
            outcome => format!("outcome-{}", outcome.id()),
        };
        self.say(&key, &[])
    }

    fn required(&self, action: Action) -> bool {
        self.a.duties.iter().any(|d| d.action == action && d.required)
    }

    /// An outcome in a few words, to be used in a sentence.
    pub fn short(&self, outcome: Outcome) -> String {
        self.say(&format!("short-{}", outcome.id()), &[])
    }

    /// The risk, as half a sentence.
    pub fn risk(&self, risk: Risk) -> String {
        self.say(&format!("risk-{}", risk.id()), &[])
    }

    /// What a duty asks for, in a few words.
    pub fn action(&self, action: Action) -> String {
        self.say(&format!("action-{}", <&str>::from(action)), &[])
    }

    /// The sentences about duties with a deadline that is not met yet, or was missed.
    pub fn deadlines(&self) -> Vec<String> {
        self.a.duties.iter().filter(|d| d.required).filter_map(|d| self.deadline(d)).collect()
    }

    fn deadline(&self, duty: &Duty) -> Option<String> {
        let deadline = self.time(duty.deadline?);
        match duty.status {
            DutyStatus::Open | DutyStatus::InPhases | DutyStatus::Overdue => {
                let key = if duty.status == DutyStatus::Overdue { "deadline-overdue" } else { "deadline-line" };
                Some(self.say(key, &[("to", self.table(duty.to)), ("deadline", &deadline), ("left", &self.left(duty))]))
            }
            DutyStatus::DoneLate => {
                let done = duty.done_at.map(|t| self.time(t)).unwrap_or_default();
                Some(self.say("deadline-late", &[("to", self.table(duty.to)), ("deadline", &deadline), ("done", &done)]))
            }
            DutyStatus::Done | DutyStatus::NotRequired => None,
        }
    }

    fn left(&self, duty: &Duty) -> String {
        duty.remaining.map_or_else(String::new, |tenths| {
            let hours = self.texts.number(tenths.abs() as f64 / 10.0);
            self.say(if tenths < 0 { "over" } else { "left" }, &[("hours", &hours)])
        })
    }

    /// A time with its weekday: `Monday 2026-11-23 16:30 +01:00`.
    pub fn time(&self, t: Time) -> String {
        let weekday = self.say(&format!("weekday-{}", t.weekday().num_days_from_monday()), &[]);
        format!("{weekday} {}", t.format("%Y-%m-%d %H:%M %:z"))
    }

    /// A day with its weekday.
    pub fn day(&self, day: NaiveDate) -> String {
        let weekday = self.say(&format!("weekday-{}", day.weekday().num_days_from_monday()), &[]);
        format!("{weekday} {day}")
    }

    /// A day in the way of letters.
    pub fn plain_day(&self, day: NaiveDate) -> String {
        let month = self.say(&format!("month-{}", day.month()), &[]);
        self.say("draft-day", &[("day", &day.day().to_string()), ("month", &month), ("year", &day.year().to_string())])
    }

    /// A point in time, as far as it is known.
    pub fn moment(&self, moment: Moment) -> String {
        match moment {
            Moment::Instant(t) => self.time(t),
            Moment::Day(day) => self.day(day),
            Moment::Unknown => self.say("state-unknown", &[]),
            Moment::Ongoing => self.say("ongoing", &[]),
        }
    }

    /// By when a duty is to be done.
    pub fn by(&self, d: &Duty) -> String {
        match (d.required, d.deadline, d.outer_deadline) {
            (false, ..) => String::new(),
            (true, Some(deadline), Some(outer)) if outer > deadline => {
                let same_day = outer.date_naive() == deadline.date_naive();
                let outer = if same_day { outer.format("%H:%M").to_string() } else { self.time(outer) };
                self.say("by-outer", &[("deadline", &self.time(deadline)), ("outer", &outer)])
            }
            (true, Some(deadline), _) => self.say("by-deadline", &[("deadline", &self.time(deadline))]),
            (true, None, _) => d.qualifier.map_or("", |q| self.table(q)).to_owned(),
        }
    }

    /// How far a duty is, and how long there is left.
    pub fn status(&self, d: &Duty) -> String {
        let mut status = match (d.status, d.done_at, &d.exemption) {
            (DutyStatus::NotRequired, _, Some(exemption)) => self.say("status-exempt", &[("exemption", &self.exemption(exemption))]),
            (DutyStatus::Done, Some(t), _) => self.say("status-done-at", &[("time", &self.time(t))]),
            (DutyStatus::DoneLate, Some(t), _) => self.say("status-done-late", &[("time", &self.time(t))]),
            (status, ..) => self.say(&format!("status-{}", <&str>::from(status)), &[]),
        };
        if d.remaining.is_some() {
            status.push_str(&self.left(d));
        }
        status
    }

    /// When and by what a duty's clock was started.
    pub fn clock(&self, d: &Duty) -> Option<String> {
        let key = if d.start_assumed { "clock-assumed" } else { "clock" };
        let start = self.say(&format!("start-{}", <&str>::from(d.start?)), &[]);
        Some(self.say(key, &[("time", &self.time(d.started_at?)), ("start", &start), ("qualifier", self.table(d.qualifier?))]))
    }

    /// The score as the sum that it is.
    pub fn sum(&self) -> String {
        let s = &self.a.severity;
        let values = [s.score(), s.dpc.range.max, s.ei.range.max, s.cb.range.max].map(|q| self.texts.number(q));
        let level = self.table(&self.method.band(s.score()).title);
        self.say("severity-sum", &[("score", &values[0]), ("dpc", &values[1]), ("ei", &values[2]), ("cb", &values[3]), ("level", level)])
    }

    /// Between what the score lies, where not all is known.
    pub fn range(&self) -> Option<String> {
        let Range { min, max } = self.a.severity.range;
        (min != max).then(|| self.say("severity-range", &[("min", &self.texts.number(min)), ("max", &self.texts.number(max))]))
    }

    /// The parts of the score: data, identification, the three losses, intent.
    pub fn parts(&self) -> [Part; 6] {
        let s = &self.a.severity;
        let (c, i, a) = (&s.cb.confidentiality, &s.cb.integrity, &s.cb.availability);
        let criterion = self.table(&self.method.malicious.criterion);
        let intent = match s.cb.malicious.answer {
            Some(true) => self.say("intent-true", &[("criterion", criterion)]),
            Some(false) => self.say("intent-false", &[]),
            None => self.say("part-unknown", &[("criterion", criterion)]),
        };
        [
            self.part("part-dpc", s.dpc.range, false, self.category()),
            self.part("part-ei", s.ei.range, false, self.scored("identification.level", &s.ei, &self.method.identification)),
            self.part(
                "part-c",
                c.range,
                c.answer == Some(ConfidentialityLoss::None),
                self.scored("confidentiality.loss", c, &self.method.confidentiality),
            ),
            self.part("part-i", i.range, i.answer == Some(IntegrityLoss::None), self.scored("integrity.loss", i, &self.method.integrity)),
            self.part("part-a", a.range, a.answer == Some(AvailabilityLoss::None), self.scored("availability.loss", a, &self.method.availability)),
            self.part("part-m", s.cb.malicious.range, false, intent),
        ]
    }

    fn part(&self, key: &str, range: Range, none: bool, text: String) -> Part {
        Part { range, none, name: self.say(key, &[("score", &self.texts.number(range.max))]), text }
    }

    /// The category that counts, with the criterion of its level.
    fn category(&self) -> String {
        let dpc = &self.a.severity.dpc;
        let Some((data, score)) = self.incident.data.iter().zip(&dpc.categories).find(|(d, _)| d.category == dpc.category) else {
            return String::new();
        };
        let table = self.method.category(dpc.category);
        let level = (score.range.max.0 / 4) as u8;
        let criterion = table.levels.iter().find(|l| l.level == level).map(|l| self.table(&l.criterion)).unwrap_or_default();
        let (level_text, base) = (level.to_string(), data.usual.to_string());
        let values = [
            ("category", self.table(&table.title)),
            ("level", &level_text),
            ("base", &base),
            ("because", &self.factors(&data.because)),
            ("criterion", criterion),
            ("why", data.why.as_deref().unwrap_or_default()),
        ];
        match data.level {
            Answer::Unknown => self.say("part-unknown", &values),
            _ if !data.certain => self.say("part-category-uncertain", &values),
            Answer::Known(step) if step.0 != data.usual => self.say("part-category-moved", &values),
            _ => self.say("part-category", &values),
        }
    }

    fn scored<T: Word>(&self, path: &str, part: &score::Part<T>, table: &[Scored<T>]) -> String {
        let of = |answer: T| table.iter().find(|s| s.id == answer).map(|s| self.table(&s.criterion)).unwrap_or_default();
        match part.answer {
            Some(answer) => self.say("part-answer", &[("answer", self.texts.word(path, answer.id())), ("criterion", of(answer))]),
            None => self.say("part-unknown", &[("criterion", T::all().last().map(|w| of(*w)).unwrap_or_default())]),
        }
    }

    /// The categories that do not count.
    pub fn others(&self) -> Option<String> {
        let dpc = &self.a.severity.dpc;
        let others = dpc.categories.iter().filter(|c| c.category != dpc.category);
        let others: Vec<String> =
            others.map(|c| format!("{} {}", self.table(&self.method.category(c.category).title), self.texts.number(c.range.max))).collect();
        (!others.is_empty()).then(|| self.say("others", &[("categories", &others.join(", "))]))
    }

    /// What the level means for people.
    pub fn band(&self) -> String {
        let band = self.method.band(self.a.severity.score());
        self.say("band", &[("level", self.table(&band.title)), ("meaning", self.table(&band.meaning))])
    }

    /// The signs beside the score.
    pub fn flags(&self) -> Vec<String> {
        let flags = self.a.severity.flags.iter();
        flags
            .map(|flag| match flag {
                FlagId::ManyIndividuals => self.say("flag-many-individuals", &[("above", &self.method.many().unwrap_or_default().to_string())]),
                FlagId::Unintelligible => self.say("flag-unintelligible", &[]),
            })
            .collect()
    }

    /// What the level presumes, and whether that counts.
    pub fn presumption(&self) -> String {
        let d = &self.a.decision;
        let key = if d.presumption_stands { "presumption" } else { "presumption-falls" };
        self.say(key, &[("risk", &self.risk(d.presumed))])
    }

    /// What a rule says, on what provision, and what it saw.
    pub fn rule(&self, rule: &RuleSpoke) -> String {
        let key = match rule {
            r if r.answered => "rule-answered",
            r if r.decisive => "rule-decisive",
            _ => "rule",
        };
        let text = self.say(key, &[("text", &self.in_language(rule.text)), ("provision", self.table(rule.provision))]);
        match self.saw(rule) {
            Some(saw) => format!("{text} {saw}"),
            None => text,
        }
    }

    /// The answers that a rule saw.
    pub fn saw(&self, rule: &RuleSpoke) -> Option<String> {
        (!rule.because.is_empty()).then(|| self.say("saw", &[("because", &self.because(rule))]))
    }

    /// The same, as a list: paths and words of the file as they stand there.
    pub fn because(&self, rule: &RuleSpoke) -> String {
        let seen = rule.because.iter().map(|saw| match saw.what {
            What::Has(item) => self.say("saw-has", &[("path", saw.path), ("item", item)]),
            What::Is(Value::Given) => self.say("saw-given", &[("path", saw.path)]),
            What::Is(_) => saw.to_string(),
        });
        seen.collect::<Vec<_>>().join(", ")
    }

    /// An exemption by the provision that it rests on.
    fn exemption(&self, id: &str) -> String {
        let rule = self.a.decision.rules.iter().find(|r| r.id == id);
        rule.map_or(id, |r| self.table(r.provision)).to_owned()
    }

    /// The controller's own word.
    pub fn own_word(&self, own: &OwnWord) -> String {
        let by = own.by.as_ref().map(|by| self.say("own-word-by", &[("by", by)])).unwrap_or_default();
        let key = match own.direction {
            _ if self.incident.role() == Role::Processor => "own-word-processor",
            Direction::Up => "own-word-up",
            Direction::Same => "own-word-same",
            Direction::Down => "own-word-down",
        };
        let effect = self.say(key, &[("computed", &self.risk(self.a.decision.computed)), ("outcome", &self.short(own.outcome))]);
        let why = own.why.unwrap_or_default();
        self.say("own-word", &[("risk", &self.risk(own.risk)), ("by", &by), ("effect", &effect), ("why", why)])
    }

    /// What follows for the authority and, apart from it, for the people.
    pub fn conclusions(&self) -> Vec<String> {
        if self.incident.role() == Role::Processor {
            let provision = self.a.duties.first().map(|d| self.table(d.provision)).unwrap_or_default();
            return vec![self.say("conclusion-processor", &[("provision", provision)])];
        }
        let risk = self.risk(self.a.decision.risk);
        let about = |d: &Duty| -> Option<String> {
            let exemption = d.exemption.map(|id| self.exemption(id)).unwrap_or_default();
            let ordered = self.incident.file.communication.ordered.is_some();
            let key = match (d.action, d.required, &d.exemption) {
                (Action::NotifyAuthority | Action::NotifyDataSubjects, false, _) if d.displaced => "conclusion-displaced",
                (Action::NotifyAuthority, true, _) if !d.by_risk => "conclusion-33-other",
                (Action::NotifyAuthority, true, _) => "conclusion-33-required",
                (Action::NotifyAuthority, false, _) => "conclusion-33-not",
                (Action::NotifyDataSubjects, false, Some(_)) => "conclusion-34-exempt",
                (Action::NotifyDataSubjects, true, _) if ordered => "conclusion-34-ordered",
                (Action::NotifyDataSubjects, true, _) if !d.by_risk || self.a.decision.risk < Risk::High => "conclusion-34-other",
                (Action::NotifyDataSubjects, true, _) => "conclusion-34-required",
                (Action::NotifyDataSubjects, false, None) => "conclusion-34-not",
                _ => return None,
            };
            Some(self.say(key, &[("provision", self.table(d.provision)), ("risk", &risk), ("exemption", &exemption)]))
        };
        self.a.duties.iter().filter_map(about).collect()
    }

    /// Where nobody need be told: what that rests on, and what would make it fall.
    pub fn rests_on(&self) -> Vec<String> {
        let d = &self.a.decision;
        if d.outcome != Outcome::RegisterOnly {
            return Vec::new();
        }
        let grounds: Vec<String> = d.rules.iter().filter(|r| r.effect == Effect::Release).map(|r| self.table(r.ground).to_owned()).collect();
        let grounds = match (grounds.is_empty(), d.presumption_stands) {
            (false, _) => grounds.join("; "),
            (true, true) => self.say("rests-on-presumption", &[]),
            (true, false) => self.say("rests-on-no-floor", &[]),
        };
        let mut said = vec![self.say("rests-on", &[("grounds", &grounds)])];
        if let Some(changes) = &self.a.changes {
            said.push(self.say(if changes.is_empty() { "rests-on-stands" } else { "rests-on-falls" }, &[]));
        }
        said
    }

    /// Every level below its base and every release, with the outcome without it.
    pub fn lowerings(&self) -> Vec<String> {
        let levels = self.a.lowerings.iter().filter_map(|l| self.lowering(l));
        let releases = self.a.decision.rules.iter().filter(|r| matches!(r.effect, Effect::Release | Effect::Exempt));
        let releases = releases.map(|r| {
            self.say("lowering-release", &[("id", r.id), ("text", &sentence(self.table(r.ground))), ("outcome", &self.short(r.outcome_without))])
        });
        levels.chain(releases).collect()
    }

    fn lowering(&self, lowering: &Lowering) -> Option<String> {
        let d = self.incident.data.iter().find(|d| d.category == lowering.category)?;
        Some(self.say(
            "lowering-level",
            &[
                ("category", self.table(&self.method.category(d.category).title)),
                ("level", &d.level.known().map_or(0, |l| l.0).to_string()),
                ("base", &d.usual.to_string()),
                ("because", &self.factors(&d.because)),
                ("why", &sentence(d.why.as_deref().unwrap_or_default())),
                ("score", &self.texts.number(self.a.severity.without_lowering)),
                ("outcome", &self.short(lowering.outcome_without)),
            ],
        ))
    }

    /// An answer that would change the outcome.
    pub fn change(&self, c: &Change) -> String {
        self.say(
            "change",
            &[
                ("answer", &self.texts.field(c.answer)),
                ("from", &self.value(c.answer, &c.from)),
                ("to", &self.value(c.answer, &c.to)),
                ("outcome", &self.short(c.outcome)),
            ],
        )
    }

    /// A question with its answers, those of one outcome together.
    pub fn question(&self, q: &Question) -> String {
        let values = [("answer", self.texts.field(q.answer)), ("state", self.state(q)), ("outcomes", self.answers(q).join("; "))];
        self.say("question", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
    }

    /// Whether a question was answered with unknown, or not at all.
    pub fn state(&self, q: &Question) -> String {
        self.say(if q.left_out { "state-left-out" } else { "state-unknown" }, &[])
    }

    /// The answers to a question, those of one outcome together.
    pub fn answers(&self, q: &Question) -> Vec<String> {
        self.answers_as(q, &|value| self.value(q.answer, value))
    }

    /// The answers to a question, each written as `write` does.
    pub fn answers_as(&self, q: &Question, write: &dyn Fn(&Value) -> String) -> Vec<String> {
        let mut groups: Vec<(Outcome, Vec<String>)> = Vec::new();
        for (value, outcome) in &q.outcomes {
            match groups.iter_mut().find(|(o, _)| o == outcome) {
                Some((_, values)) => values.push(write(value)),
                None => groups.push((*outcome, vec![write(value)])),
            }
        }
        let groups = groups.into_iter();
        groups.map(|(outcome, values)| self.say("question-outcome", &[("values", &values.join(", ")), ("outcome", &self.short(outcome))])).collect()
    }

    /// Something that a duty needs and the incident does not say.
    pub fn missing(&self, m: &Missing) -> String {
        let values = [
            ("answer", self.texts.field(m.path)),
            ("path", m.path.to_owned()),
            ("action", self.action(m.r#for)),
            ("provision", self.table(m.provision).to_owned()),
        ];
        self.say("missing", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
    }

    fn factors(&self, because: &[Factor]) -> String {
        let because: Vec<&str> = because.iter().map(|f| self.texts.word("data.because", f.id())).collect();
        because.join(", ")
    }

    /// Every note's sentence.
    pub fn notes(&self) -> Vec<String> {
        self.a.notes.iter().map(|note| self.texts.note(note).to_string()).collect()
    }

    /// The tables that the assessment rests on: method, practice, regimes, country.
    pub fn tables(&self) -> impl Iterator<Item = &Ref> {
        [self.a.method, self.a.practice].into_iter().chain(self.a.regimes.iter().copied()).chain(self.a.country)
    }
}

/// A text with a full stop, where it has no end of its own and another sentence follows.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}
