//! The report for the record: what goes on paper, in which order. HTML and Markdown lay out the same report.
//!
//! Every text in it is plain: a format makes all of it harmless, ours and the user's alike, so that nothing in an incident can become markup.

use super::answers::{self, Group, Said};
use super::json::Input;
use super::picture::{self, Picture};
use super::say::Say;
use super::timeline;
use crate::assess::RuleSpoke;
use crate::duties::{Duty, DutyStatus, Outcome};
use crate::incident::text;
use crate::practice::Effect;

/// One incident's report.
pub struct Report {
    /// What must be said before all else.
    pub warning: Option<String>,
    /// The incident's number.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The outcome.
    pub outcome: String,
    /// Whether somebody must be told.
    pub alarm: bool,
    /// The deadlines, or what it rests on that there are none.
    pub lines: Vec<String>,
    /// Whose incident it is, and as of when it was assessed.
    pub facts: Vec<Fact>,
    /// All else.
    pub sections: Vec<Section>,
    /// What the report is not.
    pub disclaimer: String,
}

/// A document of its own: a notification, a letter. Its sections have a heading or none.
pub struct Paper {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub facts: Vec<Fact>,
    /// All of it.
    pub sections: Vec<Section>,
    /// What a reader should know of the document itself.
    pub foot: Vec<String>,
}

/// A short name and what it stands for.
pub struct Fact {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub value: Cell,
}

/// A part of the report under a heading of its own.
pub struct Section {
    /// The heading.
    pub title: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// One thing in a section.
pub enum Block {
    /// A heading below the section's.
    Heading(String),
    /// A paragraph.
    Line(String),
    /// A paragraph that sums up.
    Strong(String),
    /// A list.
    Items(Vec<String>),
    /// Duties or rules.
    Cards(Vec<Card>),
    /// A table.
    Table(Table),
    /// A single fact.
    Fact(Fact),
    /// A picture.
    Picture(Picture),
    /// What the file says.
    Answers(Vec<Group>),
    /// What a document says, field by field.
    Entries(Vec<Entry>),
}

/// One field of a document.
pub struct Entry {
    /// What it is called; none where the heading says it.
    pub name: Option<String>,
    /// What it says, or what stands in its place where that is blank.
    pub said: Result<Said, String>,
    /// What asks for it.
    pub provision: Option<String>,
}

/// A duty or a rule, with what belongs to it.
pub struct Card {
    /// How it stands out.
    pub tone: Tone,
    /// What it is about.
    pub title: String,
    /// What is true of it, in a word or two.
    pub badge: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// What belongs to it.
    pub facts: Vec<Fact>,
    /// What a reader may want to know besides.
    pub aside: Option<String>,
}

/// How a card stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Past its time, or what the outcome hangs on.
    Alarm,
    /// To be done, or asking for more.
    Due,
    /// Done, or asking for less.
    Done,
    /// Without effect.
    Quiet,
}

/// A table; the first column names the row.
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table, or the value of a fact.
pub enum Cell {
    /// Paragraphs.
    Text(Vec<String>),
    /// Something written exactly so: a path, a digest.
    Exact(String),
    /// A point in time.
    When(String),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(vec![text])
    }
}

/// The report of an assessment.
pub fn report(say: Say<'_>, input: &Input) -> Report {
    let a = say.a;
    let of = |given| text(given).unwrap_or_default().to_owned();
    let mut lines = say.deadlines();
    lines.extend(say.rests_on());
    Report {
        warning: a.decision.score_only.then(|| say.say("score-only", &[])),
        id: of(&say.incident.file.id),
        title: of(&say.incident.file.title),
        outcome: say.outcome(),
        alarm: a.decision.outcome != Outcome::RegisterOnly,
        lines,
        facts: facts(&say),
        sections: vec![
            duties(&say),
            severity(&say),
            reading(&say),
            changes(&say),
            lowering(&say),
            timeline::section_of(&say),
            missing(&say),
            notes(&say),
            section(&say, "report-answers", vec![Block::Answers(answers::answers(&say))]),
            tables(&say, input),
        ]
        .into_iter()
        .filter(|s| !s.blocks.is_empty())
        .collect(),
        disclaimer: say.say("disclaimer", &[]),
    }
}

/// A section under the sentence of a key.
pub(super) fn section(say: &Say<'_>, key: &str, blocks: Vec<Block>) -> Section {
    Section { title: say.say(key, &[]), blocks }
}

fn fact(say: &Say<'_>, key: &str, value: impl Into<Cell>) -> Fact {
    Fact { name: say.say(key, &[]), value: value.into() }
}

fn facts(say: &Say<'_>) -> Vec<Fact> {
    let controller = &say.incident.file.controller;
    let given = [("report-house", text(&controller.name)), ("report-country", text(&controller.country))];
    let mut facts: Vec<Fact> = given.into_iter().filter_map(|(key, value)| Some(fact(say, key, value?.to_owned()))).collect();
    facts.push(fact(say, "report-as-of", say.time(say.a.as_of)));
    facts
}

fn duties(say: &Say<'_>) -> Section {
    let card = |d: &Duty| {
        let mut facts = vec![fact(say, "column-to", say.table(d.to).to_owned())];
        let by = say.by(d);
        if !by.is_empty() {
            facts.push(fact(say, "column-by", by));
        }
        facts.push(fact(say, "report-provision", say.table(d.provision).to_owned()));
        let tone = match d.status {
            DutyStatus::Overdue | DutyStatus::DoneLate => Tone::Alarm,
            DutyStatus::Open | DutyStatus::InPhases => Tone::Due,
            DutyStatus::Done => Tone::Done,
            DutyStatus::NotRequired => Tone::Quiet,
        };
        Card { tone, title: say.action(d.action), badge: Some(say.status(d)), text: None, facts, aside: say.clock(d) }
    };
    section(say, "report-duties", vec![Block::Cards(say.a.duties.iter().map(card).collect())])
}

fn severity(say: &Say<'_>) -> Section {
    let mut blocks = vec![Block::Strong(say.sum())];
    blocks.extend(say.range().map(Block::Line));
    blocks.push(Block::Picture(picture::scale(say)));
    blocks.push(Block::Line(say.band()));
    blocks.push(Block::Picture(picture::sum(say)));
    let file = &say.incident.file;
    let dpc = say.incident.data.iter().find(|d| d.category == say.a.severity.dpc.category);
    let reasons = [
        dpc.and_then(|d| d.why.as_deref()),
        say.incident.identification_why(),
        text(&file.confidentiality.why),
        text(&file.integrity.why),
        text(&file.availability.why),
        text(&file.intent.why),
    ];
    let rows = say.parts().into_iter().zip(reasons).map(|(part, why)| {
        // a level that was moved has its reason in its sentence
        let why = why.filter(|why| !why.trim().is_empty() && !part.text.contains(why));
        let why = why.map(|why| say.say("report-reason", &[("why", why)]));
        vec![part.name.into(), Cell::Text([part.text].into_iter().chain(why).collect())]
    });
    blocks.push(Block::Table(Table {
        caption: say.say("report-parts", &[]),
        head: ["report-part", "report-criterion"].map(|k| say.say(k, &[])).into(),
        rows: rows.collect(),
    }));
    blocks.push(Block::Fact(fact(say, "report-vector", Cell::Exact(say.a.severity.vector.clone()))));
    blocks.extend(say.others().map(Block::Line));
    blocks.extend(say.flags().into_iter().map(Block::Line));
    section(say, "heading-severity", blocks)
}

fn reading(say: &Say<'_>) -> Section {
    let d = &say.a.decision;
    let mut blocks = vec![Block::Line(say.presumption())];
    if !d.rules.is_empty() {
        blocks.push(Block::Cards(d.rules.iter().map(|r| rule(say, r)).collect()));
    }
    blocks.extend(d.own_word.iter().map(|own| Block::Line(say.own_word(own))));
    blocks.extend(say.conclusions().into_iter().map(Block::Strong));
    section(say, "heading-reading", blocks)
}

fn rule(say: &Say<'_>, r: &RuleSpoke) -> Card {
    let title = match (r.effect, r.to) {
        (Effect::Raise, Some(to)) => say.say("report-effect-raise", &[("risk", &say.risk(to))]),
        (Effect::Raise, None) => say.say("report-effect-raises", &[]),
        (Effect::Release, _) => say.say("report-effect-release", &[]),
        (Effect::Exempt, _) => say.say("report-effect-exempt", &[]),
        (Effect::Note, _) => say.say("report-effect-note", &[]),
    };
    let badge = match r {
        r if r.answered => Some("report-answered"),
        r if r.decisive => Some("report-decisive"),
        _ => None,
    };
    let badge = badge.map(|key| say.say(key, &[]));
    let mut facts =
        vec![fact(say, "report-provision", say.table(r.provision).to_owned()), fact(say, "report-ground", say.table(r.ground).to_owned())];
    if !r.because.is_empty() {
        facts.push(fact(say, "report-seen", say.because(r)));
    }
    facts.push(fact(say, "report-without", say.short(r.outcome_without)));
    facts.push(fact(say, "report-rule", Cell::Exact(r.id.to_owned())));
    let tone = match r.effect {
        _ if r.answered => Tone::Quiet,
        Effect::Raise if r.decisive => Tone::Alarm,
        Effect::Raise => Tone::Due,
        Effect::Release | Effect::Exempt => Tone::Done,
        Effect::Note => Tone::Quiet,
    };
    Card { tone, title, badge, text: Some(say.in_language(r.text)), facts, aside: None }
}

fn changes(say: &Say<'_>) -> Section {
    let mut blocks = Vec::new();
    match &say.a.changes {
        None => blocks.push(Block::Line(say.say("report-not-sought", &[]))),
        Some(changes) if changes.is_empty() => blocks.push(Block::Line(say.say("rests-on-stands", &[]))),
        Some(changes) => {
            let rows = changes.iter().map(|c| {
                let [to, from] = [&c.to, &c.from].map(|value| say.value(c.answer, value));
                let now_and_then = say.say("report-instead", &[("to", &to), ("from", &from)]);
                vec![Cell::Text(vec![say.texts.field(c.answer)]), now_and_then.into(), say.short(c.outcome).into()]
            });
            blocks.push(Block::Table(Table {
                caption: say.say("report-changes", &[]),
                head: ["report-answer", "report-change", "report-outcome"].map(|k| say.say(k, &[])).into(),
                rows: rows.collect(),
            }));
        }
    }
    if let Some(questions) = say.a.find_out.as_ref().filter(|q| !q.is_empty()) {
        let rows = questions.iter().map(|q| {
            let answers = say.answers_as(q, &|value| say.value(q.answer, value));
            vec![say.texts.field(q.answer).into(), say.state(q).into(), Cell::Text(answers)]
        });
        blocks.push(Block::Heading(say.say("heading-find-out", &[])));
        blocks.push(Block::Table(Table {
            caption: say.say("report-questions", &[]),
            head: ["report-answer", "report-state", "report-outcomes"].map(|k| say.say(k, &[])).into(),
            rows: rows.collect(),
        }));
    }
    section(say, "heading-changes", blocks)
}

fn lowering(say: &Say<'_>) -> Section {
    let lowerings = say.lowerings();
    let own = say.a.decision.own_word.as_ref();
    let mut blocks = Vec::new();
    if lowerings.is_empty() && own.is_none() {
        blocks.push(Block::Line(say.say("report-no-lowering", &[])));
    }
    if !lowerings.is_empty() {
        blocks.push(Block::Items(lowerings));
    }
    blocks.extend(own.map(|own| Block::Line(say.own_word(own))));
    section(say, "report-lowering", blocks)
}

fn missing(say: &Say<'_>) -> Section {
    let missing = &say.a.missing;
    if missing.is_empty() {
        return section(say, "heading-missing", vec![Block::Line(say.say("report-nothing-missing", &[]))]);
    }
    let rows = missing.iter().map(|m| {
        let what = vec![say.action(m.r#for), say.table(m.provision).to_owned()];
        vec![say.texts.field(m.path).into(), Cell::Exact(m.path.to_owned()), Cell::Text(what)]
    });
    let table = Table {
        caption: say.say("report-missing", &[]),
        head: ["report-answer", "report-place", "report-needed-for"].map(|k| say.say(k, &[])).into(),
        rows: rows.collect(),
    };
    section(say, "heading-missing", vec![Block::Table(table)])
}

fn notes(say: &Say<'_>) -> Section {
    let notes = say.notes();
    section(say, "heading-notes", if notes.is_empty() { Vec::new() } else { vec![Block::Items(notes)] })
}

fn tables(say: &Say<'_>, input: &Input) -> Section {
    let a = say.a;
    let kinds = [("report-method", vec![&a.method]), ("report-practice", vec![&a.practice])];
    let more = [("report-regime", a.regimes.iter().collect::<Vec<_>>()), ("report-country", a.country.iter().collect())];
    let rows = kinds.into_iter().chain(more).flat_map(|(key, tables)| {
        let kind = say.say(key, &[]);
        tables.into_iter().map(move |t| vec![kind.clone().into(), format!("{} {}", t.id, t.version).into(), Cell::Exact(t.sha256.clone())])
    });
    let file = vec![say.say("report-file", &[]).into(), input.name.clone().into(), Cell::Exact(input.sha256.clone())];
    let table = Table {
        caption: say.say("report-tables-caption", &[]),
        head: ["report-table", "report-version", "report-digest"].map(|k| say.say(k, &[])).into(),
        rows: rows.chain([file]).collect(),
    };
    let made = say.say("report-made-with", &[("version", env!("CARGO_PKG_VERSION")), ("as_of", &super::time(a.as_of))]);
    section(say, "report-tables", vec![Block::Table(table), Block::Line(made)])
}
