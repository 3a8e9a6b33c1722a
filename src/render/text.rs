//! Text for a person: the outcome and the deadline first, then why, then what is missing. Eighty columns, no terminal asked.

use std::fmt::Write;

use chrono::Datelike;
use comfy_table::{ContentArrangement, Table, presets};

use crate::assess::{Assessment, Direction, RuleSpoke};
use crate::duties::{Duty, DutyStatus, Outcome, Time};
use crate::incident::Incident;
use crate::incident::answer::Answer;
use crate::incident::words::*;
use crate::method::{FlagId, Method, Scored};
use crate::practice::Effect;
use crate::quarters::Quarters;
use crate::regime::Action;
use crate::score::Part;
use crate::sensitivity::Question;
use crate::texts::Texts;

/// The width of everything.
const WIDTH: usize = 80;
/// How many changes and questions are shown before the rest is only counted.
const MOST: usize = 5;

/// How a line stands out on a terminal.
#[derive(Clone, Copy)]
enum Style {
    Alarm,
    Heading,
}

/// Writes an assessment for a person to read.
pub fn write(a: &Assessment, incident: &Incident, method: &Method, texts: &Texts, look: Look) -> String {
    let mut page = Page { out: String::new(), texts, look };
    if a.decision.score_only {
        page.line(&texts.say("score-only", &[]));
    }
    page.head(a, incident);
    page.duties(a);
    page.severity(a, incident, method);
    page.reading(a, incident);
    page.lowerings(a, incident);
    page.changes(a);
    page.questions(a);
    page.missing(a);
    page.notes(a);
    page.basis(a);
    page.out
}

/// How much is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Whether the outcome and the headings are coloured.
    pub colour: bool,
    /// Whether every change and question is shown, not only the first few.
    pub all: bool,
}

struct Page<'a> {
    out: String,
    texts: &'a Texts,
    look: Look,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn styled(&mut self, text: &str, style: Style) {
        let codes = match style {
            Style::Alarm => anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into())),
            Style::Heading => anstyle::Style::new().bold(),
        };
        match self.look.colour {
            true => {
                let _ = writeln!(self.out, "{codes}{text}{codes:#}");
            }
            false => self.line(text),
        }
    }

    fn heading(&mut self, key: &str) {
        self.out.push('\n');
        let text = self.texts.say(key, &[]);
        self.styled(&text, Style::Heading);
    }

    /// A paragraph, its later lines indented by the width of `mark`.
    fn paragraph(&mut self, mark: &str, text: &str) {
        let later = " ".repeat(mark.chars().count());
        let wrapped = textwrap::fill(
            &inert(text),
            textwrap::Options::new(WIDTH).initial_indent(mark).subsequent_indent(&later).word_splitter(textwrap::WordSplitter::NoHyphenation),
        );
        self.line(&wrapped);
    }

    fn item(&mut self, text: &str) {
        self.paragraph("- ", text);
    }

    fn table(&mut self, rows: Vec<Vec<String>>, head: Option<Vec<String>>) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH as u16);
        if let Some(head) = head {
            table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(head);
        }
        for row in rows {
            table.add_row(row.into_iter().map(|cell| inert(&cell)));
        }
        let printed: String = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        self.out.push_str(&printed);
    }

    fn head(&mut self, a: &Assessment, incident: &Incident) {
        let id = crate::incident::text(&incident.file.id).unwrap_or_default();
        let title = crate::incident::text(&incident.file.title).unwrap_or_default();
        self.paragraph("", format!("{id}  {title}").trim_end());
        let key = match a.decision.outcome {
            Outcome::NotifyDataSubjects if !required(a, Action::NotifyAuthority) => "outcome-only-data-subjects".to_owned(),
            Outcome::NotifyAuthority if !required(a, Action::NotifyAuthority) => "outcome-notify-other".to_owned(),
            outcome => format!("outcome-{}", outcome.id()),
        };
        let text = self.texts.say(&key, &[]);
        self.styled(&text, if a.decision.outcome == Outcome::RegisterOnly { Style::Heading } else { Style::Alarm });
        let deadlines: Vec<String> = a.duties.iter().filter(|d| d.required).filter_map(|d| self.deadline_line(d)).collect();
        for line in deadlines {
            self.paragraph("", &line);
        }
    }

    /// The sentence about a duty with a deadline that is not met yet, or was missed.
    fn deadline_line(&self, duty: &Duty) -> Option<String> {
        let deadline = self.time(duty.deadline?);
        let values = |left: &str| -> String {
            let key = if duty.status == DutyStatus::Overdue { "deadline-overdue" } else { "deadline-line" };
            self.texts.say(key, &[("to", &duty.to), ("deadline", &deadline), ("left", left)])
        };
        match duty.status {
            DutyStatus::Open | DutyStatus::InPhases | DutyStatus::Overdue => Some(values(&self.left(duty))),
            DutyStatus::DoneLate => {
                let done = duty.done_at.map(|t| self.time(t)).unwrap_or_default();
                Some(self.texts.say("deadline-late", &[("to", &duty.to), ("deadline", &deadline), ("done", &done)]))
            }
            DutyStatus::Done | DutyStatus::NotRequired => None,
        }
    }

    fn left(&self, duty: &Duty) -> String {
        duty.remaining.map_or_else(String::new, |tenths| {
            let hours = format!("{}", tenths.abs() as f64 / 10.0);
            self.texts.say(if tenths < 0 { "over" } else { "left" }, &[("hours", &hours)])
        })
    }

    /// A time with its weekday: `Monday 2026-11-23 16:30 +01:00`.
    fn time(&self, t: Time) -> String {
        let weekday = self.texts.say(&format!("weekday-{}", t.weekday().num_days_from_monday()), &[]);
        format!("{weekday} {}", t.format("%Y-%m-%d %H:%M %:z"))
    }

    fn duties(&mut self, a: &Assessment) {
        self.out.push('\n');
        let head = ["column-duty", "column-to", "column-by", "column-status"].map(|k| self.texts.say(k, &[])).to_vec();
        let rows = a.duties.iter().map(|d| self.duty(d)).collect();
        self.table(rows, Some(head));
        let clocks: Vec<String> = a
            .duties
            .iter()
            .filter_map(|d| {
                let key = if d.start_assumed { "clock-assumed" } else { "clock" };
                let start = self.texts.say(&format!("start-{}", <&str>::from(d.start?)), &[]);
                Some(self.texts.say(key, &[("time", &self.time(d.started_at?)), ("start", &start), ("qualifier", d.qualifier.as_deref()?)]))
            })
            .collect();
        for clock in clocks {
            self.paragraph("", &clock);
        }
    }

    fn duty(&self, d: &Duty) -> Vec<String> {
        let what = format!("{}\n{}", self.texts.say(&format!("action-{}", <&str>::from(d.action)), &[]), d.provision);
        let by = match (d.required, d.deadline, d.outer_deadline) {
            (false, ..) => String::new(),
            (true, Some(deadline), Some(outer)) if outer > deadline => {
                let same_day = outer.date_naive() == deadline.date_naive();
                let outer = if same_day { outer.format("%H:%M").to_string() } else { self.time(outer) };
                self.texts.say("by-outer", &[("deadline", &self.time(deadline)), ("outer", &outer)])
            }
            (true, Some(deadline), _) => self.texts.say("by-deadline", &[("deadline", &self.time(deadline))]),
            (true, None, _) => d.qualifier.clone().unwrap_or_default(),
        };
        let mut status = match (d.status, d.done_at, &d.exemption) {
            (DutyStatus::NotRequired, _, Some(exemption)) => self.texts.say("status-exempt", &[("exemption", exemption)]),
            (DutyStatus::Done, Some(t), _) => self.texts.say("status-done-at", &[("time", &self.time(t))]),
            (DutyStatus::DoneLate, Some(t), _) => self.texts.say("status-done-late", &[("time", &self.time(t))]),
            (status, ..) => self.texts.say(&format!("status-{}", <&str>::from(status)), &[]),
        };
        if d.remaining.is_some() {
            status.push_str(&self.left(d));
        }
        vec![what, d.to.clone(), by, status]
    }

    fn severity(&mut self, a: &Assessment, incident: &Incident, method: &Method) {
        self.heading("heading-severity");
        let s = &a.severity;
        let band = method.band(s.score());
        let values = [s.score(), s.dpc.range.max, s.ei.range.max, s.cb.range.max].map(|q| q.to_string());
        let sum = self
            .texts
            .say("severity-sum", &[("score", &values[0]), ("dpc", &values[1]), ("ei", &values[2]), ("cb", &values[3]), ("level", &band.title)]);
        self.line(&sum);
        if s.range.min != s.range.max {
            let text = self.texts.say("severity-range", &[("min", &s.range.min.to_string()), ("max", &s.range.max.to_string())]);
            self.paragraph("", &text);
        }
        let mut rows = vec![self.part("part-dpc", s.dpc.range.max, self.category(a, incident, method))];
        rows.push(self.part("part-ei", s.ei.range.max, self.scored(&s.ei, &method.identification)));
        let cb = &s.cb;
        let losses = [
            (
                "part-c",
                cb.confidentiality.range.max,
                cb.confidentiality.answer == Some(ConfidentialityLoss::None),
                self.scored(&cb.confidentiality, &method.confidentiality),
            ),
            ("part-i", cb.integrity.range.max, cb.integrity.answer == Some(IntegrityLoss::None), self.scored(&cb.integrity, &method.integrity)),
            (
                "part-a",
                cb.availability.range.max,
                cb.availability.answer == Some(AvailabilityLoss::None),
                self.scored(&cb.availability, &method.availability),
            ),
        ];
        rows.extend(losses.into_iter().filter(|(_, _, none, _)| !none).map(|(key, score, _, text)| self.part(key, score, text)));
        let criterion = &method.malicious.criterion;
        rows.push(self.part(
            "part-m",
            cb.malicious.range.max,
            match cb.malicious.answer {
                Some(true) => self.texts.say("intent-true", &[("criterion", criterion)]),
                Some(false) => self.texts.say("intent-false", &[]),
                None => self.texts.say("part-unknown", &[("criterion", criterion)]),
            },
        ));
        self.table(rows, None);
        let others: Vec<String> = s
            .dpc
            .categories
            .iter()
            .filter(|c| c.category != s.dpc.category)
            .map(|c| format!("{} {}", method.category(c.category).title, c.range.max))
            .collect();
        if !others.is_empty() {
            let text = self.texts.say("others", &[("categories", &others.join(", "))]);
            self.paragraph("", &text);
        }
        let meaning = self.texts.say("band", &[("level", &band.title), ("meaning", &band.meaning)]);
        self.paragraph("", &meaning);
        for flag in &s.flags {
            let text = match flag {
                FlagId::ManyIndividuals => self.texts.say("flag-many-individuals", &[("above", &method.many().unwrap_or_default().to_string())]),
                FlagId::Unintelligible => self.texts.say("flag-unintelligible", &[]),
            };
            self.paragraph("", &text);
        }
    }

    fn part(&self, key: &str, score: Quarters, text: String) -> Vec<String> {
        vec![self.texts.say(key, &[("score", &score.to_string())]), text]
    }

    /// The category that counts, with the criterion of its level.
    fn category(&self, a: &Assessment, incident: &Incident, method: &Method) -> String {
        let dpc = &a.severity.dpc;
        let Some((data, score)) = incident.data.iter().zip(&dpc.categories).find(|(d, _)| d.category == dpc.category) else { return String::new() };
        let table = method.category(dpc.category);
        let level = (score.range.max.0 / 4) as u8;
        let criterion = table.levels.iter().find(|l| l.level == level).map(|l| l.criterion.as_str()).unwrap_or_default();
        let (level_text, base) = (level.to_string(), data.usual.to_string());
        let because: Vec<&str> = data.because.iter().map(|f| f.id()).collect();
        let values = [
            ("category", table.title.as_str()),
            ("level", &level_text),
            ("base", &base),
            ("because", &because.join(", ")),
            ("criterion", criterion),
            ("why", data.why.as_deref().unwrap_or_default()),
        ];
        match data.level {
            Answer::Unknown => self.texts.say("part-unknown", &values),
            _ if !data.certain => self.texts.say("part-category-uncertain", &values),
            Answer::Known(step) if step.0 != data.usual => self.texts.say("part-category-moved", &values),
            _ => self.texts.say("part-category", &values),
        }
    }

    fn scored<T: Word>(&self, part: &Part<T>, table: &[Scored<T>]) -> String {
        let of = |answer: T| table.iter().find(|s| s.id == answer).map(|s| s.criterion.as_str()).unwrap_or_default();
        match part.answer {
            Some(answer) => self.texts.say("part-answer", &[("answer", answer.id()), ("criterion", of(answer))]),
            None => self.texts.say("part-unknown", &[("criterion", T::all().last().map(|w| of(*w)).unwrap_or_default())]),
        }
    }

    fn risk(&self, risk: Risk) -> String {
        self.texts.say(&format!("risk-{}", risk.id()), &[])
    }

    fn outcome(&self, outcome: Outcome) -> String {
        self.texts.say(&format!("short-{}", outcome.id()), &[])
    }

    fn reading(&mut self, a: &Assessment, incident: &Incident) {
        self.heading("heading-reading");
        let d = &a.decision;
        let key = if d.presumption_stands { "presumption" } else { "presumption-falls" };
        let text = self.texts.say(key, &[("risk", &self.risk(d.presumed))]);
        self.item(&text);
        for rule in &d.rules {
            let key = match rule {
                r if r.answered => "rule-answered",
                r if r.decisive => "rule-decisive",
                _ => "rule",
            };
            let mut text = self.texts.say(key, &[("text", &rule.text.en), ("provision", &rule.provision)]);
            if !rule.because.is_empty() {
                text.push(' ');
                text.push_str(&self.texts.say("saw", &[("because", &rule.because.join(", "))]));
            }
            self.item(&text);
        }
        if let Some(own) = &d.own_word {
            let by = own.by.as_ref().map(|by| self.texts.say("own-word-by", &[("by", by)])).unwrap_or_default();
            let key = match own.direction {
                _ if incident.role() == Role::Processor => "own-word-processor",
                Direction::Up => "own-word-up",
                Direction::Same => "own-word-same",
                Direction::Down => "own-word-down",
            };
            let effect = self.texts.say(key, &[("computed", &self.risk(d.computed)), ("outcome", &self.outcome(own.outcome))]);
            let why = own.why.clone().unwrap_or_default();
            let text = self.texts.say("own-word", &[("risk", &self.risk(own.risk)), ("by", &by), ("effect", &effect), ("why", &why)]);
            self.item(&text);
        }
        for line in self.conclusions(a, incident) {
            self.paragraph("=> ", &line);
        }
        if d.outcome == Outcome::RegisterOnly {
            let grounds: Vec<String> = d.rules.iter().filter(|r| r.effect == Effect::Release).map(|r| r.ground.clone()).collect();
            let grounds = match (grounds.is_empty(), d.presumption_stands) {
                (false, _) => grounds.join("; "),
                (true, true) => self.texts.say("rests-on-presumption", &[]),
                (true, false) => self.texts.say("rests-on-no-floor", &[]),
            };
            let text = self.texts.say("rests-on", &[("grounds", &grounds)]);
            self.paragraph("", &text);
            if let Some(changes) = &a.changes {
                let key = if changes.is_empty() { "rests-on-stands" } else { "rests-on-falls" };
                let text = self.texts.say(key, &[]);
                self.paragraph("", &text);
            }
        }
    }

    /// What follows for the authority and, apart from it, for the people.
    fn conclusions(&self, a: &Assessment, incident: &Incident) -> Vec<String> {
        if incident.role() == Role::Processor {
            let provision = a.duties.first().map(|d| d.provision.as_str()).unwrap_or_default();
            return vec![self.texts.say("conclusion-processor", &[("provision", provision)])];
        }
        let risk = self.risk(a.decision.risk);
        let about = |d: &Duty| -> Option<String> {
            let exemption = d.exemption.clone().unwrap_or_default();
            let key = match (d.action, d.required, &d.exemption) {
                (Action::NotifyAuthority, true, _) => "conclusion-33-required",
                (Action::NotifyAuthority, false, _) => "conclusion-33-not",
                (Action::NotifyDataSubjects, false, Some(_)) => "conclusion-34-exempt",
                (Action::NotifyDataSubjects, true, _) if a.decision.risk < Risk::High => "conclusion-34-ordered",
                (Action::NotifyDataSubjects, true, _) => "conclusion-34-required",
                (Action::NotifyDataSubjects, false, None) => "conclusion-34-not",
                _ => return None,
            };
            Some(self.texts.say(key, &[("provision", &d.provision), ("risk", &risk), ("exemption", &exemption)]))
        };
        a.duties.iter().filter_map(about).collect()
    }

    /// Every level below its base and every release, with the outcome without it.
    fn lowerings(&mut self, a: &Assessment, incident: &Incident) {
        let lowered: Vec<String> = a
            .lowerings
            .iter()
            .filter_map(|l| Some((l, incident.data.iter().find(|d| d.category == l.category)?)))
            .map(|(lowering, d)| {
                let because: Vec<&str> = d.because.iter().map(|f| f.id()).collect();
                self.texts.say(
                    "lowering-level",
                    &[
                        ("category", d.category.id()),
                        ("level", &d.level.known().map_or(0, |l| l.0).to_string()),
                        ("base", &d.usual.to_string()),
                        ("because", &because.join(", ")),
                        ("why", d.why.as_deref().unwrap_or_default()),
                        ("score", &a.severity.without_lowering.to_string()),
                        ("outcome", &self.outcome(lowering.outcome_without)),
                    ],
                )
            })
            .collect();
        let released = |r: &&RuleSpoke| matches!(r.effect, Effect::Release | Effect::Exempt);
        let releases: Vec<String> = a
            .decision
            .rules
            .iter()
            .filter(released)
            .map(|r| self.texts.say("lowering-release", &[("id", &r.id), ("text", &r.ground), ("outcome", &self.outcome(r.outcome_without))]))
            .collect();
        if lowered.is_empty() && releases.is_empty() {
            return;
        }
        self.heading("heading-lowering");
        for line in lowered.into_iter().chain(releases) {
            self.item(&line);
        }
    }

    fn changes(&mut self, a: &Assessment) {
        let Some(changes) = a.changes.as_ref().filter(|c| !c.is_empty()) else { return };
        self.heading("heading-changes");
        for c in changes.iter().take(self.most()) {
            let text = self.texts.say(
                "change",
                &[
                    ("answer", &self.texts.field(&c.answer)),
                    ("from", &c.from.to_string()),
                    ("to", &c.to.to_string()),
                    ("outcome", &self.outcome(c.outcome)),
                ],
            );
            self.item(&text);
        }
        self.rest(changes.len());
    }

    fn questions(&mut self, a: &Assessment) {
        let Some(questions) = a.find_out.as_ref().filter(|q| !q.is_empty()) else { return };
        self.heading("heading-find-out");
        for q in questions.iter().take(self.most()) {
            let text = self.question(q);
            self.item(&text);
        }
        self.rest(questions.len());
    }

    /// A question with its answers, those of one outcome together.
    fn question(&self, q: &Question) -> String {
        let mut groups: Vec<(Outcome, Vec<String>)> = Vec::new();
        for (value, outcome) in &q.outcomes {
            match groups.iter_mut().find(|(o, _)| o == outcome) {
                Some((_, values)) => values.push(value.to_string()),
                None => groups.push((*outcome, vec![value.to_string()])),
            }
        }
        let outcomes: Vec<String> = groups
            .into_iter()
            .map(|(outcome, values)| self.texts.say("question-outcome", &[("values", &values.join(", ")), ("outcome", &self.outcome(outcome))]))
            .collect();
        let state = self.texts.say(if q.left_out { "state-left-out" } else { "state-unknown" }, &[]);
        self.texts.say("question", &[("answer", &self.texts.field(&q.answer)), ("state", &state), ("outcomes", &outcomes.join("; "))])
    }

    fn most(&self) -> usize {
        if self.look.all { usize::MAX } else { MOST }
    }

    /// How many were left out.
    fn rest(&mut self, all: usize) {
        if all > self.most() {
            let text = self.texts.say("more", &[("n", &(all - MOST).to_string())]);
            self.item(&text);
        }
    }

    fn missing(&mut self, a: &Assessment) {
        if a.missing.is_empty() {
            return;
        }
        self.heading("heading-missing");
        for m in &a.missing {
            let action = self.texts.say(&format!("action-{}", <&str>::from(m.r#for)), &[]);
            let text = self
                .texts
                .say("missing", &[("answer", &self.texts.field(&m.path)), ("path", &m.path), ("action", &action), ("provision", &m.provision)]);
            self.item(&text);
        }
    }

    fn notes(&mut self, a: &Assessment) {
        if a.notes.is_empty() {
            return;
        }
        self.heading("heading-notes");
        for note in &a.notes {
            let text = self.texts.note(note);
            self.item(&text);
        }
    }

    fn basis(&mut self, a: &Assessment) {
        self.out.push('\n');
        let tables: Vec<String> = [&a.method, &a.practice]
            .into_iter()
            .chain(&a.regimes)
            .chain(&a.country)
            .map(|r| format!("{} {} ({})", r.id, r.version, &r.sha256[..8]))
            .collect();
        let basis = self.texts.say("basis", &[("tables", &tables.join(", ")), ("as_of", &super::time(a.as_of))]);
        self.paragraph("", &basis);
        let disclaimer = self.texts.say("disclaimer", &[]);
        self.paragraph("", &disclaimer);
    }
}

fn required(a: &Assessment, action: Action) -> bool {
    a.duties.iter().any(|d| d.action == action && d.required)
}

/// A text from a file that can do nothing to a terminal: no control characters, no turning of the writing direction.
pub fn inert(text: &str) -> String {
    let harmless = |c: char| {
        c == '\n'
            || !(c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}' | '\u{2028}' | '\u{2029}'))
    };
    text.chars().map(|c| if harmless(c) { c } else { '\u{fffd}' }).collect()
}
