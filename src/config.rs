//! The house's settings, `breach.toml`: what every incident of the house has in common, and the tables it works with.
//!
//! An incident's own words always go before: a default fills only what the incident leaves out, answer by answer.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::bounds;
use crate::diag::{Code, Finding, MOST, allowed, cut, listed};
use crate::incident::Incident;
use crate::incident::answer::Answer;
use crate::incident::format::field;
use crate::incident::raw::{Contact, Controller, LONGEST_LIST, List, Procedure};
use crate::incident::read::{self, LARGEST_FILE};
use crate::incident::write::{self, Answers};
use crate::language::Language;
use crate::note::{Note, NoteCode};
use crate::tables::{Choice, TableError};
use crate::tree::{self, Node, Value};

/// The name of the file.
pub const NAME: &str = "breach.toml";

/// What may stand at a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A language.
    Language,
    /// A table: its id, or the path of a file.
    Choice,
    /// One such, or a list of them.
    Choices,
    /// A path.
    Path,
    /// The answer, or the table of answers, at that path of the incident format.
    Answers(&'static str),
}

/// One key of the file.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// What may stand there.
    pub want: Want,
    /// What it is for.
    pub about: &'static str,
}

const fn s(key: &'static str, want: Want, about: &'static str) -> Setting {
    Setting { key, want, about }
}

/// Every key, in the order in which they are explained.
pub const SETTINGS: &[Setting] = &[
    s("controller", Want::Answers("controller"), "who keeps the files: name, country, role, sector and the rest of an incident's [controller]"),
    s("country", Want::Answers("controller.country"), "short for controller.country"),
    s("sector", Want::Answers("controller.sector"), "short for controller.sector"),
    s("contact", Want::Answers("notification.contact"), "whom authority and people may ask: name, role, email, phone"),
    s("procedure", Want::Answers("procedure"), "the house's procedure for breaches: policy"),
    s("lang", Want::Language, "the language of what is said about an incident"),
    s("language", Want::Language, "the same as lang"),
    s("method", Want::Choice, "what scores are made with: an id, or a file of your own"),
    s("practice", Want::Choice, "how a score is read: an id, or a file of your own"),
    s("regime", Want::Choices, "the law that applies: an id or a file of your own, or a list of them"),
    s("data", Want::Path, "a folder of tables of your own, laid over the built-in ones"),
    s("register", Want::Path, "the register of breaches"),
];

/// A setting as the file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Where it belongs: a setting, or a path of the incident format.
    pub path: String,
    /// Its value, as TOML.
    pub value: String,
    /// The line that says it.
    pub line: usize,
}

/// The settings.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Who keeps the files.
    pub controller: Controller,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// The house's procedure.
    pub procedure: Procedure,
    /// The language.
    pub lang: Option<Language>,
    /// The method.
    pub method: Option<Choice>,
    /// The practice.
    pub practice: Option<Choice>,
    /// The regimes; empty where they are chosen by the incident.
    pub regime: Vec<Choice>,
    /// A folder of tables of the house's own.
    pub data: Option<String>,
    /// The register.
    pub register: Option<String>,
    /// Everything the file says, in its order.
    pub said: Vec<Said>,
    /// The answers among it, as an incident nests them.
    pub answers: Answers,
}

/// Reads settings; paths in them are relative to `folder`.
///
/// # Errors
/// Everything that is wrong with them, with its place.
pub fn read(name: &str, bytes: &[u8], folder: &Path) -> Result<Config, TableError> {
    let bad = |text: &str, findings| TableError::Bad { name: name.to_owned(), kind: "configuration", text: text.to_owned(), findings };
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(bad("", vec![bounds::too_large()]));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| bad("", vec![Finding::new(Code::Encoding, "not UTF-8: save the file in that encoding")]))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (root, findings) = tree::toml(text);
    let mut reader = Reader { text, folder, findings, untold: 0, config: Config::default(), answers: serde_json::Map::new() };
    // what a broken text seems to say is not worth a finding
    if reader.findings.is_empty() {
        reader.table(&root);
    }
    let Reader { findings, untold, config, .. } = reader;
    let findings = listed(text, findings, untold);
    if findings.is_empty() { Ok(config) } else { Err(bad(text, findings)) }
}

struct Reader<'a> {
    text: &'a str,
    folder: &'a Path,
    findings: Vec<Finding>,
    untold: usize,
    config: Config,
    /// The answers, as an incident would give them.
    answers: serde_json::Map<String, serde_json::Value>,
}

impl Reader<'_> {
    fn say(&mut self, code: Code, path: &str, span: &Range<usize>, message: impl Into<String>) {
        if self.findings.len() < MOST {
            self.findings.push(Finding::new(code, message).at(path).over(span.clone()));
        } else {
            self.untold += 1;
        }
    }

    fn table(&mut self, root: &Node) {
        let Value::Table(entries) = &root.value else { return };
        let keys: Vec<&str> = SETTINGS.iter().map(|s| s.key).collect();
        for entry in entries {
            let Some(setting) = SETTINGS.iter().find(|s| s.key == entry.key) else {
                let key = cut(&entry.key);
                self.say(Code::UnknownKey, &key, &entry.key_span, format!("unknown setting `{key}`{}", allowed(&key, &keys)));
                continue;
            };
            match setting.want {
                Want::Answers(path) => self.answers(&entry.node, &entry.key, path),
                want => self.setting(&entry.node, setting.key, want),
            }
        }
        for (path, value) in &self.answers {
            write::set(&mut self.config.answers, path, value.clone());
        }
        let take = |reader: &mut Self, path: &str| reader.answers.remove(path).unwrap_or_default();
        self.config.controller = typed(take(self, "controller"));
        self.config.procedure = typed(take(self, "procedure"));
        self.config.contact = typed(take(self, "notification.contact"));
    }

    /// A key of the incident format: read as it would be there.
    fn answers(&mut self, node: &Node, key: &str, path: &str) {
        let Some(kind) = field(path).map(|f| f.kind) else { return };
        let (value, findings) = read::part(self.text, node, key, path, kind);
        self.findings.extend(findings);
        let Some(value) = value else { return };
        match (path.rsplit_once('.'), value) {
            // one answer of a table
            (Some((table, answer)), value) if !value.is_object() => self.answer(table, answer, value, node, key),
            (_, serde_json::Value::Object(given)) => {
                for (answer, value) in given {
                    let at = node.get(&answer).map_or(node, |e| &e.node).clone();
                    self.answer(path, &answer, value, &at, &format!("{key}.{answer}"));
                }
            }
            _ => {}
        }
    }

    fn answer(&mut self, table: &str, answer: &str, value: serde_json::Value, node: &Node, key: &str) {
        let table_of = self.answers.entry(table.to_owned()).or_insert_with(|| serde_json::Map::new().into());
        let Some(given) = table_of.as_object_mut() else { return };
        if given.contains_key(answer) {
            let message = format!("`{key}` and `{table}.{answer}` say the same; keep one");
            return self.say(Code::DuplicateKey, key, &node.span, message);
        }
        given.insert(answer.to_owned(), value.clone());
        self.remember(format!("{table}.{answer}"), written(&value), node);
    }

    fn remember(&mut self, path: String, value: String, node: &Node) {
        let line = crate::diag::Place::of(self.text, node.span.start).line;
        self.config.said.push(Said { path, value, line });
    }

    fn setting(&mut self, node: &Node, key: &'static str, want: Want) {
        let wanted = match want {
            Want::Choices => "a text (in quotes), or a list of them",
            _ => "a text (in quotes)",
        };
        let texts: Option<Vec<&str>> = match (&node.value, want) {
            (Value::List(list), Want::Choices) if list.len() > LONGEST_LIST => {
                return self.say(Code::TooMany, key, &node.span, format!("{} entries; allowed: {LONGEST_LIST}", list.len()));
            }
            (Value::Text(text), _) => Some(vec![text]),
            (Value::List(list), Want::Choices) => {
                list.iter().map(|n| if let Value::Text(text) = &n.value { Some(text.as_str()) } else { None }).collect()
            }
            _ => None,
        };
        let Some(texts) = texts else {
            return self.say(Code::WrongType, key, &node.span, format!("{} is not {wanted}", node.value.described()));
        };
        if texts.iter().any(|text| text.trim().is_empty()) {
            return self.say(Code::Missing, key, &node.span, format!("`{key}` is empty: leave it out, or say which"));
        }
        let first = texts.first().copied().unwrap_or_default();
        let value = match want {
            Want::Language => {
                if self.config.lang.is_some() {
                    return self.say(Code::DuplicateKey, key, &node.span, "`lang` and `language` say the same; keep one");
                }
                let Ok(language) = first.parse() else {
                    let message = format!("{:?} is not a language{}", cut(first), allowed(first, Language::IDS));
                    return self.say(Code::UnknownValue, key, &node.span, message);
                };
                self.config.lang = Some(language);
                written(&first.into())
            }
            Want::Path => {
                let path = self.beside(first);
                match key {
                    "data" => self.config.data = Some(path.clone()),
                    _ => self.config.register = Some(path.clone()),
                }
                written(&path.into())
            }
            _ => {
                let choices: Vec<Choice> = texts.iter().map(|text| self.choice(text)).collect();
                let value = match choices.as_slice() {
                    [one] => written(&one.as_str().as_ref().into()),
                    several => written(&several.iter().map(Choice::as_str).collect::<Vec<_>>().into()),
                };
                match key {
                    "method" => self.config.method = choices.into_iter().next(),
                    "practice" => self.config.practice = choices.into_iter().next(),
                    _ => self.config.regime = choices,
                }
                value
            }
        };
        let path = if want == Want::Language { "lang" } else { key };
        self.remember(path.to_owned(), value, node);
    }

    /// A path as seen from where the program runs.
    fn beside(&self, path: &str) -> String {
        // joining an absolute path gives that path
        self.folder.join(path).to_string_lossy().into_owned()
    }

    fn choice(&self, text: &str) -> Choice {
        match Choice::from(OsStr::new(text)) {
            Choice::File(path) => Choice::File(self.folder.join(path)),
            id => id,
        }
    }
}

/// Answers that were read one by one against the format fit the type.
fn typed<T: DeserializeOwned + Default>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

/// A value as TOML writes it.
fn written(value: &serde_json::Value) -> String {
    toml::Value::try_from(value).map(|v| v.to_string()).unwrap_or_default()
}

/// An answer that may be missing.
trait MayBeMissing {
    fn is_missing(&self) -> bool;
}

impl<T> MayBeMissing for Option<T> {
    fn is_missing(&self) -> bool {
        self.is_none()
    }
}

impl<T> MayBeMissing for List<T> {
    fn is_missing(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> MayBeMissing for Answer<T> {
    fn is_missing(&self) -> bool {
        matches!(self, Answer::LeftOut)
    }
}

/// Fills what a table leaves out, and names it.
macro_rules! fill {
    ($filled:ident, $path:literal, $theirs:expr, $ours:expr, [$($key:ident),+ $(,)?]) => {$(
        if $theirs.$key.is_missing() && !$ours.$key.is_missing() {
            $theirs.$key = $ours.$key.clone();
            $filled.push(concat!($path, ".", stringify!($key)));
        }
    )+};
}

impl Config {
    /// Fills what an incident leaves out with the house's own, and notes what that was.
    pub fn fill(&self, incident: &mut Incident) {
        let mut filled: Vec<&str> = Vec::new();
        let file = &mut incident.file;
        fill!(
            filled,
            "controller",
            file.controller,
            self.controller,
            [name, country, role, acts_for, joint_with, notifies, sector, critical_service, eu_establishment, countries_concerned]
        );
        // a contact is one person: half of another one's address helps nobody
        if file.notification.contact.is_none() && self.contact.is_some() {
            file.notification.contact = self.contact.clone();
            filled.push("notification.contact");
        }
        fill!(filled, "procedure", file.procedure, self.procedure, [policy, followed]);
        if !filled.is_empty() {
            incident.notes.push(Note::new(NoteCode::HouseDefaults).with("answers", filled.join(", ")).with("file", NAME));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(Code, usize)> {
        match read("breach.toml", text.as_bytes(), Path::new("house")) {
            Ok(_) => vec![],
            Err(TableError::Bad { findings, .. }) => findings.iter().map(|f| (f.code, f.place.map_or(0, |p| p.line))).collect(),
            Err(e) => panic!("{e}"),
        }
    }

    #[test]
    fn paths_are_relative_to_the_files_folder() {
        let text =
            "method = \"own.toml\"\npractice = \"edpb\"\ndata = \"tables\"\nregister = \"/var/register.jsonl\"\nregime = [\"gdpr\", \"r/x.toml\"]\n";
        let config = read("breach.toml", text.as_bytes(), Path::new("house")).unwrap();
        assert_eq!(config.method, Some(Choice::File("house/own.toml".into())));
        assert_eq!(config.practice, Some(Choice::Id("edpb".into())));
        assert_eq!(config.data.as_deref(), Some("house/tables"));
        assert_eq!(config.register.as_deref(), Some("/var/register.jsonl"));
        assert_eq!(config.regime, [Choice::Id("gdpr".into()), Choice::File("house/r/x.toml".into())]);
    }

    #[test]
    fn every_mistake_is_found_in_its_line() {
        let text = "langage = \"en\"\nlang = \"de\"\nregister = 3\nmethod = \"\"\ncountry = \"PL\"\n[controller]\ncountry = \"DE\"\nrole = \"boss\"\nnam = \"x\"\n";
        let expected = [
            (Code::UnknownKey, 1),
            (Code::UnknownValue, 2),
            (Code::WrongType, 3),
            (Code::Missing, 4),
            (Code::DuplicateKey, 7),
            (Code::UnknownValue, 8),
            (Code::UnknownKey, 9),
        ];
        assert_eq!(codes(text), expected);
    }

    #[test]
    fn an_empty_file_sets_nothing() {
        assert_eq!(codes(""), []);
        assert_eq!(codes("lang = \n"), [(Code::Syntax, 1)]);
    }

    #[test]
    fn every_answer_of_a_controller_can_be_a_default() {
        let text = "[controller]\nname = \"a\"\ncountry = \"PL\"\nrole = \"processor\"\nacts_for = [\"b\"]\njoint_with = [\"c\"]\nnotifies = \"us\"\n\
                    sector = \"health\"\ncritical_service = true\neu_establishment = \"unknown\"\ncountries_concerned = [\"PL\"]\nwhy = \"w\"\n";
        let config = read("breach.toml", text.as_bytes(), Path::new("")).unwrap();
        assert_eq!(config.said.len(), 11);
        assert_eq!(config.controller.eu_establishment, Answer::Unknown);
    }
}
