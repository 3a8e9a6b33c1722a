//! A form: a document to draft, as an authority or people should get it. One file of `data/forms/` each.
//!
//! A form says which answers of an incident stand where, under which label, and which provision asks for them; it never says what the answers are.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::diag::allowed;
use crate::incident::format::{Kind, field};
use crate::incident::words::{Category, EventKind};
use crate::provenance::{Day, EMPTY, Source, Sure, check_cites, check_head, twice};
use crate::tables::Wrong;

/// One form.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The form of the file; 1.
    pub schema: u32,
    /// Its name.
    pub id: String,
    /// Raised by every change of what it holds.
    pub version: String,
    /// Its title; that of the document where people get it.
    pub title: String,
    /// The day a person last held the table against its sources.
    pub checked: Day,
    /// What is to be known of it.
    pub note: Option<String>,
    /// What it drafts.
    pub document: Document,
    /// The regime whose provisions its fields cite; under another law that one's own stand instead.
    pub regime: String,
    /// What all of this rests on.
    pub sources: Vec<Source>,
    /// Its sections, in order.
    pub sections: Vec<SectionTable>,
}

/// What a form drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Document {
    /// The notification to the authority (GDPR art. 33(3)).
    Authority,
    /// The communication to each person (GDPR art. 34(2)).
    Subjects,
    /// The same for children and those who hold parental responsibility.
    Children,
    /// The public communication in its place (GDPR art. 34(3)(c)).
    Public,
}

/// One section.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SectionTable {
    pub id: String,
    pub title: Option<String>,
    /// Paragraphs; `{controller}` and `{date}` are filled in.
    #[serde(default)]
    pub text: Vec<String>,
    #[serde(default)]
    pub fields: Vec<FieldTable>,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// One field.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldTable {
    /// Its name, unique in the form.
    pub id: String,
    /// What it is called; none where the section's title says it.
    pub label: Option<String>,
    /// What it holds: a path of the incident format, or something that the program puts together; none: to be filled in by hand.
    pub value: Option<String>,
    /// An answer that may stand instead, where this one is not given.
    pub fallback: Option<String>,
    /// An answer that makes this one unnecessary.
    pub or: Option<String>,
    /// Of which categories, where types of data are listed.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Only these types of data.
    #[serde(default)]
    pub only: Vec<String>,
    /// None of these types of data.
    #[serde(default)]
    pub without: Vec<String>,
    /// Only where the event was one of these.
    #[serde(default)]
    pub event: Vec<EventKind>,
    /// What asks for it.
    pub provision: Option<String>,
    /// When it is shown.
    #[serde(default)]
    pub shown: Shown,
}

/// When a field is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// Always, blank where nothing is given.
    #[default]
    Always,
    /// Where something is given.
    Given,
    /// Where something is given, or the notification is late.
    Late,
    /// In a notification that follows another.
    Later,
    /// In a notification that is not complete.
    InPhases,
    /// Where people are told, or have to be.
    Communicated,
}

/// What the program puts together from several answers, or from the assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Computed {
    /// Complete, initial or supplementary (GDPR art. 33(4)).
    NoticeType,
    /// What the notification does not hold yet.
    StillToCome,
    /// What was sent before.
    EarlierNotices,
    Authority,
    OtherAuthorities,
    ToldByProcessor,
    /// Confidentiality, integrity, availability.
    Losses,
    /// From when to when.
    When,
    /// Their number, and how good it is.
    People,
    DataTypes,
    Risk,
    HighRisk,
    RiskReasons,
    Severity,
    CrossBorder,
    Exemption,
    /// The text of the communication to the people.
    Letter,
    /// What people can do themselves.
    Advice,
}

/// What `{name}` may stand for in a section's text.
pub const PLACES: [&str; 2] = ["controller", "date"];

impl Form {
    /// Everything in the table that does not hold together.
    pub fn check(&self) -> Vec<Wrong> {
        let mut wrong = check_head(self.schema, &self.id, &self.version, &self.title, self.checked, &self.sources);
        if self.sections.is_empty() {
            wrong.push(("sections".into(), "empty; list at least one".into()));
        }
        let (mut sections, mut fields) = (BTreeSet::new(), BTreeSet::new());
        for (i, section) in self.sections.iter().enumerate() {
            let path = format!("sections[{i}]");
            if !sections.insert(section.id.as_str()) {
                wrong.push((format!("{path}.id"), twice(&section.id)));
            }
            for (j, text) in section.text.iter().enumerate() {
                let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
                let strange = names.filter(|name| !PLACES.contains(name));
                wrong.extend(
                    strange.map(|name| {
                        (format!("{path}.text[{j}]"), format!("\"{{{name}}}\" is nothing that can be filled in{}", allowed(name, &PLACES)))
                    }),
                );
            }
            for (j, field) in section.fields.iter().enumerate() {
                let path = format!("{path}.fields[{j}]");
                if !fields.insert(field.id.as_str()) {
                    wrong.push((format!("{path}.id"), twice(&field.id)));
                }
                field.check(&path, &mut wrong);
            }
            wrong.extend(check_cites(format_args!("{path}.source"), &section.source, &self.sources));
        }
        wrong
    }

    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = &FieldTable> {
        self.sections.iter().flat_map(|s| &s.fields)
    }
}

impl FieldTable {
    fn check(&self, path: &str, wrong: &mut Vec<Wrong>) {
        if self.id.trim().is_empty() {
            wrong.push((format!("{path}.id"), EMPTY.into()));
        }
        for (key, value) in [("value", &self.value), ("fallback", &self.fallback), ("or", &self.or)] {
            if let Some(value) = value
                && !is_answer(value)
                && (key != "value" || value.parse::<Computed>().is_err())
            {
                let said = format!("{value:?} is neither a path of the incident format nor one of {}", Computed::VARIANTS.join(", "));
                wrong.push((format!("{path}.{key}"), format!("{said}; write one of them")));
            }
        }
        let lists_types = self.value.as_deref() == Some(Computed::DataTypes.into());
        if lists_types == self.categories.is_empty() {
            let must = if lists_types { "missing; say of which categories types are listed" } else { "out of place; only data-types has categories" };
            wrong.push((format!("{path}.categories"), must.into()));
        }
    }
}

/// Whether a path is that of an answer.
fn is_answer(path: &str) -> bool {
    field(path).is_some_and(|f| !matches!(f.kind, Kind::Table | Kind::Tables))
}
