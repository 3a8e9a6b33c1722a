//! Notes: what a reader should know besides the result. Codes and values here; the sentences are in `data/texts/`.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// What a note is about. The codes are stable: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum NoteCode {
    /// The country is not given or has no table.
    CountryUnknown,
    /// The country's own practice file is not the one applied.
    PracticeOverridden,
    /// No time that could start the clock is given.
    ClockNotStarted,
    /// The clock was started at the first signal, since awareness is not given.
    ClockAssumed,
    /// The clock started when a processor told, earlier than awareness.
    ClockByProcessor,
    /// Long between the first signal and awareness.
    LateAwareness,
    /// Between the safe and the outer deadline.
    BetweenDeadlines,
    /// Times that cannot follow each other so.
    TimesOutOfOrder,
    /// A time after now.
    TimeInFuture,
    /// A notice to the authority without the time it was sent.
    NoticeWithoutTime,
    /// Both a single notification and phases are given.
    NoticeTwice,
    /// A data type stands twice.
    DuplicateItem,
    /// A data type of another category.
    ItemElsewhere,
    /// A category without data types.
    NoItems,
    /// A recipient, though nobody is known to have received anything.
    RecipientWithoutRecipients,
    /// Factors, though the level does not leave its base.
    BecauseUnused,
    /// Another of the joint controllers notifies, or it is not known which.
    JointController,
    /// The controller's own word is lighter than what the rules give.
    OverrideDown,
    /// The controller's own word is heavier than what the rules give.
    OverrideUp,
    /// Nothing shows access, but an attack's exfiltration is not excluded.
    ReadAsUnknown,
    /// An attack took nothing out.
    ReadAsNone,
    /// No loss is named, but other answers speak of one.
    ReadAsLost,
    /// People live where another law than those shown may ask for something.
    OtherCountries,
    /// No law shown was in force on the day the clock starts.
    LawNotYet,
    /// A claim that no authority accepts.
    ClaimAnswered,
    /// Somebody asked to delay the communication.
    DelayAsked,
    /// A regime that may apply besides.
    OtherRegime,
    /// A table used is a proposal, not law.
    NotInForce,
    /// The practice is a score without legal reading.
    ScoreOnly,
    /// Authorities differ on a rule that mattered.
    AuthoritiesDiffer,
    /// Who is told is not confirmed for this law or sector.
    AuthorityUnsure,
    /// People live in several countries: a lead authority.
    CrossBorder,
    /// No establishment in the EU: every authority.
    EveryAuthority,
    /// A processor's one duty.
    ProcessorDuty,
    /// Answers that the file leaves out and the house's settings give.
    HouseDefaults,
    /// A text may hold personal data of somebody affected, which the register must not.
    PersonalData,
}

impl NoteCode {
    /// The code as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// One note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub code: NoteCode,
    /// The answer it is about, if any.
    pub path: Option<String>,
    /// Values for its sentence.
    pub values: Vec<(&'static str, String)>,
}

impl Note {
    /// A note about the incident as a whole.
    pub fn new(code: NoteCode) -> Note {
        Note { code, path: None, values: Vec::new() }
    }

    /// The same, about an answer.
    pub fn at(self, path: impl Into<String>) -> Note {
        Note { path: Some(path.into()), ..self }
    }

    /// The same, with a value for its sentence.
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Note {
        self.values.push((key, value.to_string()));
        self
    }
}
