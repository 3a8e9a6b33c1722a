//! The gate: what stands in the way of calling incidents dealt with, as findings.
//!
//! Three things are looked at: each incident by itself ([`single`]), an older assessment of it ([`stored`]), and the incidents of a run beside each
//! other ([`together`]). What a finding weighs is its code's, unless a [`Policy`] says otherwise. Sentences are looked up when it is printed.

pub mod policy;
pub mod single;
pub mod stored;
pub mod together;

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::assess::{Assessment, Rules};
use crate::diag::{self, Place};
use crate::incident::Incident;
use crate::incident::places::Places;
use crate::incident::read::Syntax;
use crate::regime::Action;
use crate::tables::sha256;
use policy::Policy;
use stored::{Stamp, Stored};
use together::Sketch;

/// What a finding is about. The codes are stable: scripts rely on them. Their order is that of findings of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Code {
    /// An input that cannot be read as an incident.
    Invalid,
    /// A required duty past its outer deadline, nothing sent.
    Overdue,
    /// Late, and the file gives no reasons for the delay.
    LateWithoutReason,
    /// A required duty that is done or overdue without all its contents.
    Incomplete,
    /// The recorded risk is below the computed one.
    DecisionBelow,
    /// A stored assessment no longer says what the incident and the tables give.
    Stale,
    /// The same answers as another incident of the run, decided otherwise.
    Inconsistent,
    /// Times that cannot follow each other so, or have not come yet.
    Times,
    /// A required duty that is still open without all its contents.
    OpenIncomplete,
    /// Personal data of those affected in a free text.
    PersonalData,
    /// The same cause as another incident of the run, and neither names the other.
    Unlinked,
    /// A required duty that is not done yet, and not late.
    Open,
    /// A notification begun in time and not complete.
    InPhases,
    /// A required duty that was done late.
    DoneLate,
}

impl Code {
    /// The code as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// What it weighs where no policy says otherwise.
    pub fn level(self) -> Level {
        match self {
            Code::Invalid
            | Code::Overdue
            | Code::LateWithoutReason
            | Code::Incomplete
            | Code::DecisionBelow
            | Code::Stale
            | Code::Inconsistent
            | Code::Times => Level::Error,
            Code::OpenIncomplete | Code::PersonalData | Code::Unlinked => Level::Warning,
            Code::Open | Code::InPhases | Code::DoneLate => Level::Note,
        }
    }
}

/// What a finding weighs; only errors fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    /// The level as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// The sentence of a finding, a key of `[findings]` in the texts: a code may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Says {
    Invalid,
    Overdue,
    LateWithoutReason,
    IncompleteDone,
    IncompleteOverdue,
    DecisionBelow,
    StaleInputs,
    StaleTable,
    StaleOutcome,
    Inconsistent,
    TimesOrder,
    TimesFuture,
    OpenIncomplete,
    PersonalData,
    UnlinkedEvent,
    UnlinkedProcessor,
    Open,
    OpenBy,
    OpenLast,
    InPhases,
    DoneLate,
}

impl Says {
    /// The key of the sentence.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// The code it belongs to.
    pub fn code(self) -> Code {
        match self {
            Says::Invalid => Code::Invalid,
            Says::Overdue => Code::Overdue,
            Says::LateWithoutReason => Code::LateWithoutReason,
            Says::IncompleteDone | Says::IncompleteOverdue => Code::Incomplete,
            Says::DecisionBelow => Code::DecisionBelow,
            Says::StaleInputs | Says::StaleTable | Says::StaleOutcome => Code::Stale,
            Says::Inconsistent => Code::Inconsistent,
            Says::TimesOrder | Says::TimesFuture => Code::Times,
            Says::OpenIncomplete => Code::OpenIncomplete,
            Says::PersonalData => Code::PersonalData,
            Says::UnlinkedEvent | Says::UnlinkedProcessor => Code::Unlinked,
            Says::Open | Says::OpenBy | Says::OpenLast => Code::Open,
            Says::InPhases => Code::InPhases,
            Says::DoneLate => Code::DoneLate,
        }
    }
}

/// A value for a finding's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As it is.
    Text(String),
    /// What a duty asks for, in words.
    Action(Action),
    /// The short name of an answer, by its path.
    Answer(String),
    /// A word of `[findings]`.
    Word(&'static str),
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// What it weighs.
    pub level: Level,
    /// The answer it is about, if any.
    pub path: Option<String>,
    /// Where that stands in the file; of JSON Lines, at least the line.
    pub place: Option<Place>,
    /// Its sentence.
    pub says: Says,
    /// The values of the sentence.
    pub values: Vec<(&'static str, Value)>,
}

impl Finding {
    /// A finding about an incident as a whole.
    pub fn new(says: Says) -> Finding {
        let code = says.code();
        Finding { code, level: code.level(), path: None, place: None, says, values: Vec::new() }
    }

    /// The same, about an answer.
    pub fn at(self, path: impl Into<String>) -> Finding {
        Finding { path: Some(path.into()), ..self }
    }

    /// The same, with a value for its sentence.
    pub fn with(mut self, key: &'static str, value: Value) -> Finding {
        self.values.push((key, value));
        self
    }

    /// The same, with a text for its sentence.
    pub fn text(self, key: &'static str, text: impl ToString) -> Finding {
        self.with(key, Value::Text(text.to_string()))
    }
}

/// The longest piece of somebody's text that a sentence repeats, in characters.
const LONGEST_QUOTE: usize = 100;

/// A text of a file, cut to what a sentence can hold.
fn quote(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Where something checked came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The path as given, `-`, or `file:line`.
    pub name: String,
    /// The file alone.
    pub file: String,
    /// The line, of JSON Lines.
    pub line: Option<usize>,
}

impl Input {
    /// Whether there is a file, not standard input.
    pub fn is_file(&self) -> bool {
        self.file != "-"
    }

    /// Where it begins, of JSON Lines; of a file as a whole nothing is said.
    fn start(&self) -> Option<Place> {
        self.line.map(|line| Place { line, column: 1 })
    }
}

/// An input and what was found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Where it came from.
    pub input: Input,
    /// What was found: errors first, each level in the order of the codes.
    pub findings: Vec<Finding>,
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Every input, in the order they came.
    pub checked: Vec<Checked>,
    /// Inputs of which the stored assessments know nothing, where there are any.
    pub not_stored: Vec<Input>,
}

impl Report {
    /// Every finding with its input.
    pub fn findings(&self) -> impl Iterator<Item = (&Input, &Finding)> {
        self.checked.iter().flat_map(|c| c.findings.iter().map(|f| (&c.input, f)))
    }

    /// How many findings have a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings().filter(|(_, f)| f.level == level).count()
    }
}

/// An incident under the gate.
pub struct Subject<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// What was made of it.
    pub assessment: &'a Assessment<'a>,
    /// By what.
    pub rules: &'a Rules<'a>,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// How they are written.
    pub syntax: Syntax,
}

/// A run of the gate: takes one input after the other, keeps only what later ones are held against.
#[derive(Default)]
pub struct Check {
    against: Option<Stored>,
    checked: Vec<Checked>,
    sketches: Vec<Sketch>,
}

impl Check {
    /// A run, with the stored assessments to compare with, if any.
    pub fn new(against: Option<Stored>) -> Check {
        Check { against, ..Check::default() }
    }

    /// Takes an incident.
    pub fn incident(&mut self, input: Input, subject: &Subject<'_>) {
        let places = Places::of(subject.bytes, subject.syntax, input.line);
        let place = |path: Option<&str>| match path {
            Some(path) => places.as_ref().map(|p| p.at(path)),
            None => input.start(),
        };
        let mut findings = single::findings(subject);
        for finding in &mut findings {
            finding.place = place(finding.path.as_deref());
        }
        let stamp = self.against.as_ref().map(|_| Stamp::of(subject, sha256(&[subject.bytes])));
        self.sketches.push(Sketch::of(self.checked.len(), subject, stamp, place));
        self.checked.push(Checked { input, findings });
    }

    /// Takes an input that is no incident.
    pub fn refused(&mut self, input: Input, faults: &[diag::Finding]) {
        let findings = faults
            .iter()
            .map(|fault| Finding {
                path: fault.path.clone(),
                place: fault.place.or(input.start()),
                ..Finding::new(Says::Invalid).text("message", &fault.message)
            })
            .collect();
        self.checked.push(Checked { input, findings });
    }

    /// Holds everything against everything, and judges.
    pub fn finish(self, policy: &Policy) -> Report {
        let Check { against, mut checked, sketches } = self;
        let names: Vec<String> = checked.iter().map(|c| c.input.name.clone()).collect();
        let mut more = together::findings(&sketches, &names);
        let mut not_stored = Vec::new();
        for sketch in &sketches {
            let (Some(stored), Some(now)) = (&against, &sketch.stamp) else { continue };
            match stored.of(&now.id, sketches.len() == 1) {
                Some(old) => more.extend(stored::stale(now, old).into_iter().map(|f| (sketch.input, Finding { place: sketch.place, ..f }))),
                None => not_stored.push(checked[sketch.input].input.clone()),
            }
        }
        for (input, finding) in more {
            checked[input].findings.push(finding);
        }
        for one in &mut checked {
            one.findings = std::mem::take(&mut one.findings).into_iter().filter_map(|f| policy.judge(f)).collect();
            one.findings.sort_by_key(|f| (f.level, f.code));
        }
        Report { checked, not_stored }
    }
}
