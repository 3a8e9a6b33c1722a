//! Findings: what is wrong with an input, where, and how to mend it.
//!
//! A fault in a user's file is a finding, never an error of the program. Messages are English, like those of every parser.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What kind of fault. The codes are stable: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Code {
    /// The file or folder is missing or cannot be read: the machine's fault, not the file's.
    Unreadable,
    /// The file holds nothing.
    Empty,
    /// The file is not UTF-8.
    Encoding,
    /// The file is larger than a file may be.
    TooLarge,
    /// Tables or lists are nested too deep.
    TooDeep,
    /// A text is too long.
    TooLong,
    /// A list has too many entries, or the file too many words, signs or problems.
    TooMany,
    /// The file is not TOML, or not JSON.
    Syntax,
    /// A key stands twice.
    DuplicateKey,
    /// A key that the format does not have.
    UnknownKey,
    /// A value that is not one of those allowed.
    UnknownValue,
    /// A data type that the method does not have.
    UnknownItem,
    /// A value of the wrong type.
    WrongType,
    /// A number outside its bounds.
    OutOfRange,
    /// Something required is not there.
    Missing,
    /// A time of day without its offset from UTC.
    TimeWithoutOffset,
    /// Not a date or date-time, or none that the calendar has.
    BadTime,
    /// Nothing was lost: no personal data breach (GDPR art. 4(12)).
    NoLoss,
    /// A level leaves its base, and no factor says why.
    LevelWithoutBecause,
    /// A level leaves its base, and no reason is written down.
    LevelWithoutWhy,
    /// No factor given points the way the level moves.
    BecauseWrongDirection,
    /// A table (method, practice, regime, country) that does not hold together.
    BadTable,
    /// A vector that is not one.
    BadVector,
}

impl Code {
    /// The code as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.id())
    }
}

/// A place in a text: lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Place {
    /// The place of a byte offset.
    pub fn of(text: &str, offset: usize) -> Place {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        Place { line: 1 + before.matches('\n').count(), column: 1 + before[start..].chars().count() }
    }
}

/// One fault of an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of fault.
    pub code: Code,
    /// Where in the structure (`data.simple.level`, `processors[0].name`), if anywhere.
    pub path: Option<String>,
    /// What is wrong, and what is allowed.
    pub message: String,
    /// The bytes it is about.
    pub span: Option<std::ops::Range<usize>>,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Finding {
    /// A fault of the input as a whole.
    pub fn new(code: Code, message: impl Into<String>) -> Finding {
        Finding { code, path: None, message: message.into(), span: None, place: None }
    }

    /// The same, at a path.
    pub fn at(self, path: impl Into<String>) -> Finding {
        Finding { path: Some(path.into()), ..self }
    }

    /// The same, at bytes whose line is found later, together with that of all others ([`listed`]).
    pub fn over(self, span: std::ops::Range<usize>) -> Finding {
        Finding { span: Some(span), ..self }
    }

    /// The same, at bytes of a text.
    pub fn spanned(self, text: &str, span: std::ops::Range<usize>) -> Finding {
        Finding { place: Some(Place::of(text, span.start)), span: Some(span), ..self }
    }
}

/// The most problems of one text that are told.
pub const MOST: usize = 1_000;

/// The findings of one text in order, each with its line. Of too many the first are told, and how many follow, `untold` ones included.
pub fn listed(text: &str, mut findings: Vec<Finding>, untold: usize) -> Vec<Finding> {
    findings.sort_by_key(|f| f.span.as_ref().map_or(0, |span| span.start));
    // the text is gone through once, however many there are
    let (mut place, mut from) = (Place { line: 1, column: 1 }, 0);
    for finding in &mut findings {
        let Some(span) = &finding.span else { continue };
        let mut to = span.start.min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let between = &text[from..to];
        match between.rfind('\n') {
            Some(last) => place = Place { line: place.line + between.matches('\n').count(), column: 1 + between[last + 1..].chars().count() },
            None => place.column += between.chars().count(),
        }
        from = to;
        finding.place = Some(place);
    }
    findings.dedup();
    let untold = untold + findings.len().saturating_sub(MOST);
    findings.truncate(MOST);
    if untold > 0 {
        let last = findings.last().cloned();
        let more = Finding::new(Code::TooMany, format!("{untold} more problems after these {}; mend these first", findings.len()));
        findings.push(Finding { span: last.as_ref().and_then(|l| l.span.clone()), place: last.and_then(|l| l.place), ..more });
    }
    findings
}

/// The longest word that a message repeats, in characters.
const LONGEST_WORD: usize = 100;

/// A word of the user's, cut to what can be read.
pub fn cut(word: &str) -> std::borrow::Cow<'_, str> {
    match word.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => format!("{}…", &word[..end]).into(),
        None => word.into(),
    }
}

/// "did you mean", where one of the allowed words is near.
pub fn nearest<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = cut(word).to_lowercase();
    allowed
        .into_iter()
        .map(|candidate| (candidate, strsim::jaro_winkler(&word, &candidate.to_lowercase())))
        .filter(|(_, likeness)| *likeness > 0.8)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(candidate, _)| candidate)
}

/// The tail of a message: what is allowed, and what was probably meant.
pub fn allowed(word: &str, words: &[&str]) -> String {
    let hint = nearest(word, words.iter().copied()).map(|w| format!(" (did you mean `{w}`?)")).unwrap_or_default();
    format!("{hint}; allowed: {}", words.join(", "))
}
