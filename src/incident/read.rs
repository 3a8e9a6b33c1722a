//! From the bytes of a file to an incident, or to everything that is wrong with it.
//!
//! A good file goes straight into [`Raw`] and is validated. On any failure a second pass walks the file as a tree against the format's table,
//! takes out what is wrong, and validates the rest too, so that all problems of a file are reported at once.

use std::ops::Range;

use super::answer::{Count, Given, Hours, UNKNOWN};
use super::format::{self, FORMAT, Kind};
use super::moment::{Moment, NotAMoment, YEARS};
use super::raw::{LONGEST_LIST, LONGEST_TEXT, Raw};
use super::write::Answers;
use super::{Incident, validate};
use crate::bounds;
pub use crate::bounds::LARGEST_FILE;
use crate::diag::{Code, Finding, MOST, allowed, cut, listed};
use crate::method::Method;
use crate::tree::{self, Node, Value};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// TOML 1.0.
    Toml,
    /// One JSON value.
    Json,
}

/// What a file is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// A personal data breach, so that something was lost.
    #[default]
    Breach,
    /// Something that was found not to be one: nothing was lost, and the reasons are written down. Nothing is scored, so data need not be named.
    NoBreach,
}

/// The table of a case file that holds the incident.
const CASE: &str = "incident";

/// Reads one incident, or the `[incident]` of a case file.
///
/// # Errors
/// Every problem of the file, in the order of their places.
pub fn read(bytes: &[u8], syntax: Syntax, method: &Method) -> Result<Incident, Vec<Finding>> {
    read_about(About::Breach, bytes, syntax, method)
}

/// The same, of a breach or of what was found not to be one.
///
/// # Errors
/// Every problem of the file, in the order of their places.
pub fn read_about(about: About, bytes: &[u8], syntax: Syntax, method: &Method) -> Result<Incident, Vec<Finding>> {
    let text = text(bytes).map_err(|finding| vec![finding])?;
    let signs = match syntax {
        Syntax::Toml => &bounds::TOML,
        Syntax::Json => &bounds::JSON,
    };
    if let Some(finding) = bounds::beyond(text, signs) {
        return Err(vec![finding]);
    }
    let raw: Option<Raw> = match syntax {
        Syntax::Toml => toml::from_str(text).ok(),
        Syntax::Json => serde_json::from_str(text).ok(),
    };
    if let Some(raw) = raw
        && let Ok(incident) = validate::validate(raw, about, method)
    {
        return Ok(incident);
    }
    explain(about, text, syntax, method)
}

/// The answers of a good file as they are written, a case file's being those of its incident; none of a bad one.
pub fn answers(bytes: &[u8], syntax: Syntax) -> Answers {
    let Ok(text) = text(bytes) else { return Answers::new() };
    let (root, _) = parse(text, syntax);
    let node = match root.get(CASE) {
        Some(case) if root.get("format").is_none() => &case.node,
        _ => &root,
    };
    match part(text, node, "", "", Kind::Table).0 {
        Some(serde_json::Value::Object(answers)) => answers,
        _ => Answers::new(),
    }
}

/// Whether a file of a folder is meant as an incident: it has a `format` or, as a case file, an `[incident]`; or it cannot be read at all, which
/// is for [`read`] to say.
pub fn is_incident(bytes: &[u8], syntax: Syntax) -> bool {
    let Ok(text) = text(bytes).or_else(|f| if f.code == Code::Empty && syntax == Syntax::Toml { Ok("") } else { Err(f) }) else { return true };
    let (root, findings) = parse(text, syntax);
    !findings.is_empty() || root.get("format").is_some() || root.get(CASE).is_some()
}

/// The text of a file: UTF-8, with or without a byte order mark, and something in it.
fn text(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(bounds::too_large());
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(e) => {
            let good = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
            let at = good.len()..good.len();
            return Err(Finding::new(Code::Encoding, "not UTF-8: save the file in that encoding").spanned(&good, at));
        }
    };
    if text.trim().is_empty() {
        return Err(Finding::new(Code::Empty, "nothing in it: an incident file begins with `format = 1`").spanned(text, 0..0));
    }
    Ok(text)
}

fn parse(text: &str, syntax: Syntax) -> (Node, Vec<Finding>) {
    match syntax {
        Syntax::Toml => tree::toml(text),
        Syntax::Json => tree::json(text),
    }
}

/// The text of a file and the tree of its incident, which of a case file is a part.
pub(super) fn tree(bytes: &[u8], syntax: Syntax) -> Option<(&str, Node)> {
    let text = text(bytes).ok()?;
    let (root, _) = parse(text, syntax);
    Some((text, incident_of(root)))
}

/// The incident of a file: all of it, or the part of a case file.
fn incident_of(root: Node) -> Node {
    match root.get(CASE) {
        Some(case) if root.get("format").is_none() => case.node.clone(),
        _ => root,
    }
}

/// The second pass: all problems of a text, or the incident if there are none (a case file).
fn explain(about: About, text: &str, syntax: Syntax, method: &Method) -> Result<Incident, Vec<Finding>> {
    let (root, mut findings) = parse(text, syntax);
    if findings.iter().any(|f| f.code != Code::DuplicateKey) {
        return Err(findings);
    }
    let node = &incident_of(root);
    let mut walk = Walk { method: Some(method), findings: Vec::new(), untold: 0 };
    let cleaned = walk.value(node, "", "", Kind::Table);
    findings.append(&mut walk.findings);
    let structural = findings.clone();

    let raw: Result<Raw, _> = serde_json::from_value(cleaned.unwrap_or_default());
    match raw {
        Ok(raw) => match validate::validate(raw, about, method) {
            Ok(incident) if findings.is_empty() => return Ok(incident),
            Ok(_) => {}
            Err(more) => findings.extend(more.into_iter().filter(|f| !follows(f, &structural)).map(|f| {
                let span = node.place(f.path.as_deref().unwrap_or_default());
                f.spanned(text, span)
            })),
        },
        // the walk and the type disagree: a fault of this program, which must not pass for a good file
        Err(e) if findings.is_empty() => findings.push(Finding::new(Code::Syntax, e.to_string())),
        Err(_) => {}
    }
    Err(listed(text, findings, walk.untold))
}

/// Whether a finding only says again that something is missing or none because it was already found bad.
fn follows(finding: &Finding, earlier: &[Finding]) -> bool {
    let Some(path) = &finding.path else { return false };
    let told = |path: &str| earlier.iter().any(|e| e.path.as_deref().is_some_and(|p| p == path || p.starts_with(&format!("{path}."))));
    match finding.code {
        Code::Missing | Code::LevelWithoutWhy => told(path),
        Code::LevelWithoutBecause | Code::BecauseWrongDirection => {
            told(path)
                || told(&path.replace(".level", ".because"))
                || earlier.iter().any(|e| e.path.as_deref().is_some_and(|p| p.starts_with(&path.replace(".level", ".because"))))
        }
        // a misspelt loss, or key of a loss, is a loss all the same
        Code::NoLoss => earlier.iter().any(|e| {
            e.path.as_deref().is_some_and(|p| {
                ["confidentiality", "integrity", "availability"].iter().any(|t| p.starts_with(t)) || !p.contains('.') && e.code == Code::UnknownKey
            })
        }),
        _ => false,
    }
}

/// Reads a part of the format that stands in another file: `path` is its place there, `field` its place in an incident. The value is without what
/// is wrong in it, which is reported.
pub(crate) fn part(text: &str, node: &Node, path: &str, field: &str, kind: Kind) -> (Option<serde_json::Value>, Vec<Finding>) {
    let mut walk = Walk { method: None, findings: Vec::new(), untold: 0 };
    let value = walk.value(node, path, field, kind);
    (value, listed(text, walk.findings, walk.untold))
}

struct Walk<'a> {
    /// Where data types come from; without one, none is known to be wrong.
    method: Option<&'a Method>,
    findings: Vec<Finding>,
    /// How many more there are than anybody would read.
    untold: usize,
}

impl Walk<'_> {
    fn say(&mut self, code: Code, path: &str, span: &Range<usize>, message: impl Into<String>) -> Option<serde_json::Value> {
        if self.findings.len() >= MOST {
            self.untold += 1;
            return None;
        }
        let finding = Finding::new(code, message).over(span.clone());
        self.findings.push(if path.is_empty() { finding } else { finding.at(path) });
        None
    }

    /// The value without what is wrong in it, which is reported. `path` is as printed, `field` as in the format's table.
    fn value(&mut self, node: &Node, path: &str, field: &str, kind: Kind) -> Option<serde_json::Value> {
        let span = &node.span;
        let wrong = |walk: &mut Self, wanted: &str| walk.say(Code::WrongType, path, span, format!("{} is not {wanted}", node.value.described()));
        match (kind, &node.value) {
            (Kind::Table, Value::Table(_)) => Some(self.table(node, path, field)),
            (Kind::Table, _) if path.is_empty() => wrong(self, "a table of keys and values, which an incident is"),
            (Kind::Table, _) => wrong(self, "a table"),
            (Kind::Tables, Value::List(list)) => {
                self.list(list, span, path, |walk, node, path| walk.value(node, path, &format!("{field}[]"), Kind::Table))
            }
            (Kind::Tables, _) => wrong(self, "a list of tables"),
            (Kind::Text, Value::Text(text)) => self.text(text, span, path),
            (Kind::Text, _) => wrong(self, "a text (in quotes)"),
            (Kind::Texts | Kind::Items | Kind::Words(..), Value::List(list)) => {
                let inner = match kind {
                    Kind::Words(words, _) => Kind::Word(words),
                    _ => Kind::Text,
                };
                self.list(list, span, path, |walk, node, path| match (kind, &node.value) {
                    (Kind::Items, Value::Text(item)) => walk.item(item, node, path),
                    (Kind::Words(words, false), Value::Text(word)) if word == UNKNOWN => {
                        walk.say(Code::UnknownValue, path, &node.span, format!("`{UNKNOWN}` cannot stand here{}", allowed(word, words)))
                    }
                    _ => walk.value(node, path, field, inner),
                })
            }
            (Kind::Texts | Kind::Items | Kind::Words(..), _) => wrong(self, "a list (in square brackets)"),
            (Kind::Flag, Value::Flag(flag)) => Some((*flag).into()),
            (Kind::Word(_) | Kind::Flag | Kind::Step | Kind::Count | Kind::Hours, Value::Text(word)) if word == UNKNOWN => Some(word.clone().into()),
            (Kind::Flag, _) => wrong(self, "true, false or \"unknown\""),
            (Kind::Word(words), Value::Text(word)) => {
                if words.contains(&word.as_str()) {
                    return Some(word.clone().into());
                }
                let mut words = words.to_vec();
                words.push(UNKNOWN);
                self.say(Code::UnknownValue, path, span, format!("{:?} is not an answer{}", cut(word), allowed(word, &words)))
            }
            (Kind::Word(words), _) => wrong(self, &format!("one of the words {}", words.join(", "))),
            (Kind::Format, Value::Whole(n)) if *n == i128::from(FORMAT) => Some(FORMAT.into()),
            (Kind::Format, Value::Whole(n)) => self.say(Code::UnknownValue, path, span, format!("format {n} is not known; allowed: {FORMAT}")),
            (Kind::Format, _) => wrong(self, &format!("the number {FORMAT}")),
            (Kind::Step, Value::Whole(n)) if (1..=4).contains(n) => Some((*n as u64).into()),
            (Kind::Step, Value::Whole(n)) => self.say(Code::OutOfRange, path, span, format!("{n} is not a level; allowed: 1, 2, 3, 4, \"unknown\"")),
            (Kind::Step, Value::Decimal(n)) => {
                self.say(Code::OutOfRange, path, span, format!("{n} is not a level; allowed: 1, 2, 3, 4, \"unknown\""))
            }
            (Kind::Step, _) => wrong(self, "a level; allowed: 1, 2, 3, 4, \"unknown\""),
            (Kind::Count, Value::Whole(n)) if Count::from_whole(*n).is_some() => Some((*n as u64).into()),
            (Kind::Count, Value::Whole(n)) => {
                self.say(Code::OutOfRange, path, span, format!("{n} is out of range; allowed: 1 to {}, \"unknown\"", Count::MOST))
            }
            (Kind::Count, Value::Decimal(n)) => {
                self.say(Code::OutOfRange, path, span, format!("{n} is out of range; allowed: a whole number from 1 to {}, \"unknown\"", Count::MOST))
            }
            (Kind::Count, _) => wrong(self, "a whole number, 1 or more, or \"unknown\""),
            (Kind::Hours, Value::Whole(_) | Value::Decimal(_)) => {
                let n = match node.value {
                    Value::Whole(n) => n as f64,
                    Value::Decimal(n) => n,
                    _ => f64::NAN,
                };
                match Hours::from_decimal(n) {
                    Some(hours) => serde_json::Number::from_f64(hours.0).map(Into::into),
                    None => self.say(Code::OutOfRange, path, span, format!("{n} is out of range; allowed: 0 to {} hours, \"unknown\"", Hours::MOST)),
                }
            }
            (Kind::Hours, _) => wrong(self, "a number of hours, or \"unknown\""),
            (Kind::Instant | Kind::Day | Kind::Past | Kind::End, Value::Text(text) | Value::Time(text)) => self.moment(text, span, path, kind),
            (Kind::Instant, _) => wrong(self, "a date-time with offset, like 2026-11-20T16:40:00+01:00"),
            (Kind::Day | Kind::Past | Kind::End, _) => wrong(self, "a date, or a date-time with offset"),
        }
    }

    fn table(&mut self, node: &Node, path: &str, field: &str) -> serde_json::Value {
        let Value::Table(entries) = &node.value else { return serde_json::Value::Null };
        let keys = format::keys(field);
        let mut cleaned = serde_json::Map::new();
        for entry in entries {
            let join = |base: &str, key: &str| if base.is_empty() { key.to_owned() } else { format!("{base}.{key}") };
            let key = cut(&entry.key);
            let (path, field) = (join(path, &key), join(field, &key));
            if cleaned.contains_key(&entry.key) {
                self.say(Code::DuplicateKey, &path, &entry.key_span, format!("`{key}` stands twice; keep one"));
                continue;
            }
            if !keys.contains(&entry.key.as_str()) {
                self.say(Code::UnknownKey, &path, &entry.key_span, format!("unknown key `{key}`{}", allowed(&key, &keys)));
                continue;
            }
            let Some(kind) = format::field(&field).map(|f| f.kind) else { continue };
            if let Some(value) = self.value(&entry.node, &path, &field, kind) {
                cleaned.insert(entry.key.clone(), value);
            }
        }
        cleaned.into()
    }

    fn list(
        &mut self,
        list: &[Node],
        span: &Range<usize>,
        path: &str,
        entry: impl Fn(&mut Self, &Node, &str) -> Option<serde_json::Value>,
    ) -> Option<serde_json::Value> {
        if list.len() > LONGEST_LIST {
            return self.say(Code::TooMany, path, span, format!("{} entries; allowed: {LONGEST_LIST}", list.len()));
        }
        let cleaned: Vec<_> = list.iter().enumerate().filter_map(|(i, node)| entry(self, node, &format!("{path}[{i}]"))).collect();
        Some(cleaned.into())
    }

    fn text(&mut self, text: &str, span: &Range<usize>, path: &str) -> Option<serde_json::Value> {
        let length = text.chars().count();
        if length > LONGEST_TEXT {
            return self.say(Code::TooLong, path, span, format!("{length} characters; allowed: {LONGEST_TEXT}"));
        }
        Some(text.into())
    }

    fn item(&mut self, item: &str, node: &Node, path: &str) -> Option<serde_json::Value> {
        let Some(method) = self.method.filter(|m| m.data_type(item).is_none()) else { return Some(item.into()) };
        let types: Vec<&str> = method.data_types.iter().map(|t| t.id.as_str()).collect();
        self.say(Code::UnknownItem, path, &node.span, format!("{:?} is not a data type{}", cut(item), allowed(item, &types)))
    }

    fn moment(&mut self, text: &str, span: &Range<usize>, path: &str, kind: Kind) -> Option<serde_json::Value> {
        let form = "write it like 2026-11-20T16:40:00+01:00";
        let shown = cut(text);
        match Moment::read(text) {
            Ok(Moment::Day(_)) if kind == Kind::Instant => self.say(
                Code::TimeWithoutOffset,
                path,
                span,
                format!("{shown} has no time of day and no offset from UTC, and the clock needs both; {form}"),
            ),
            Ok(Moment::Unknown) if !matches!(kind, Kind::Past | Kind::End) => {
                self.say(Code::BadTime, path, span, format!("a time that is not known is left out here; otherwise {form}"))
            }
            Ok(Moment::Ongoing) if kind != Kind::End => self.say(Code::BadTime, path, span, format!("\"ongoing\" is no point in time; {form}")),
            Ok(_) => Some(text.into()),
            Err(NotAMoment::NoOffset) => {
                self.say(Code::TimeWithoutOffset, path, span, format!("{shown} has no offset from UTC, so its hour is not certain; {form}"))
            }
            Err(NotAMoment::Year) => {
                self.say(Code::OutOfRange, path, span, format!("{shown}: years from {} to {} are allowed", YEARS.start(), YEARS.end()))
            }
            Err(NotAMoment::Unreadable) => self.say(Code::BadTime, path, span, format!("{shown:?} is no date-time that the calendar has; {form}")),
        }
    }
}

impl Value {
    /// The kind of value, in words.
    pub(crate) fn described(&self) -> String {
        match self {
            Value::Table(_) => "a table".into(),
            Value::List(_) => "a list".into(),
            Value::Text(text) if text.chars().count() <= 40 => format!("the text {text:?}"),
            Value::Text(_) => "a text".into(),
            Value::Whole(n) => n.to_string(),
            Value::Decimal(n) => n.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Time(time) => time.clone(),
            Value::Null => "null".into(),
        }
    }
}
