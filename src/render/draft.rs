//! A draft: the notification to the authority or the communication to people, from an incident, its assessment and a form.
//!
//! What the incident does not say stays blank, with the provision that asks for it; nothing is invented.

mod fill;
mod json;
mod paper;

use crate::assess::Assessment;
use crate::content;
use crate::duties::{self, Duty};
use crate::form::{Document, Form};
use crate::incident::Incident;
use crate::incident::words::NoticeKind;
use crate::method::Method;
use crate::regime::{Action, Regime};
use crate::tables::Loaded;
use crate::texts::Texts;

use super::answers::Said;
use super::json::Input;
use super::say::Say;

/// What a draft is made from.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct Ground<'a> {
    pub assessment: &'a Assessment<'a>,
    pub incident: &'a Incident,
    pub method: &'a Method,
    pub texts: &'a Texts,
    /// The regimes that apply; what they ask for is cited by their own provisions.
    pub regimes: &'a [&'a Regime],
    /// The letter to people, for authorities that want to see it.
    pub letter: &'a Form,
}

impl<'a> Ground<'a> {
    fn say(&self) -> Say<'a> {
        Say { a: self.assessment, incident: self.incident, method: self.method, texts: self.texts }
    }
}

/// A draft.
pub struct Draft {
    /// What it is.
    pub document: Document,
    /// For a notification: whether it is complete, or what else.
    pub kind: Option<NoticeKind>,
    /// Its title.
    pub title: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// What a provision asks for and the incident does not say.
    pub missing: Vec<Blank>,
    /// What is to be known of the form.
    pub note: Option<String>,
}

/// One part of a draft.
pub struct Part {
    /// Its name in the form.
    pub id: String,
    /// Its heading.
    pub title: Option<String>,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// One field of a draft.
pub struct Field {
    /// Its name in the form.
    pub id: String,
    /// What it is called.
    pub label: Option<String>,
    /// Where the answer stands in the incident file, or what the program puts it together from.
    pub path: Option<String>,
    /// Another answer that makes this one unnecessary.
    or: Option<String>,
    /// What asks for it, in English.
    pub provision: Option<String>,
    /// Whether a notification is not complete without it.
    needed: bool,
    /// What it says; blank where there is nothing.
    pub said: Option<Said>,
    /// Whether the answer is that it is not known.
    pub unknown: bool,
}

impl Field {
    /// Whether it is still to come: needed, and blank or not known.
    fn is_open(&self) -> bool {
        self.needed && (self.said.is_none() || self.unknown)
    }
}

/// Something that a provision asks for and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// Where it would stand in the incident file.
    pub path: String,
    /// What asks for it, in English.
    pub provision: String,
}

/// Fills a form; `kind` overrides what kind of notification it would be.
pub fn draft(ground: &Ground<'_>, form: &Form, kind: Option<NoticeKind>) -> Draft {
    let say = ground.say();
    let kind = (form.document == Document::Authority).then(|| kind.unwrap_or_else(|| kind_of(ground, form)));
    let parts = fill::parts(ground, form, kind);
    let title = match kind {
        Some(kind) => say.say("draft-notification", &[("kind", say.texts.word("authority_notices[].kind", kind.into()))]),
        None => say.table(&form.title).to_owned(),
    };
    let note = form.note.as_deref().map(|note| say.table(note).to_owned());
    Draft { document: form.document, kind, title, missing: blanks(&parts), parts, note }
}

/// The duty that a document answers to: a required one before all others.
fn duty<'a>(assessment: &'a Assessment<'a>, document: Document) -> Option<&'a Duty<'a>> {
    let action = match document {
        Document::Authority => Action::NotifyAuthority,
        Document::Subjects | Document::Children => Action::NotifyDataSubjects,
        Document::Public => Action::PublicCommunication,
    };
    let of = |action| assessment.duties.iter().filter(move |d: &&Duty<'_>| d.action == action).max_by_key(|d| d.required);
    // a public communication stands in the place of the other one
    of(action).or_else(|| (document == Document::Public).then(|| of(Action::NotifyDataSubjects)).flatten())
}

/// Complete, initial or supplementary: what was sent before, and whether something is still to come (GDPR art. 33(4)).
fn kind_of(ground: &Ground<'_>, form: &Form) -> NoticeKind {
    let parts = fill::parts(ground, form, Some(NoticeKind::Complete));
    let open = parts.iter().flat_map(|p| &p.fields).any(Field::is_open);
    match (duties::notices(ground.incident).is_empty(), open) {
        (false, _) => NoticeKind::Supplementary,
        (true, true) => NoticeKind::Initial,
        (true, false) => NoticeKind::Complete,
    }
}

/// What is asked for and blank; of answers that may stand for each other, and of the parts of one, the first.
fn blanks(parts: &[Part]) -> Vec<Blank> {
    let mut blanks: Vec<Blank> = Vec::new();
    for field in parts.iter().flat_map(|p| &p.fields).filter(|f| f.said.is_none()) {
        let (Some(path), Some(provision)) = (&field.path, &field.provision) else { continue };
        let path = content::whole(path);
        let there = |path: &str| blanks.iter().any(|b| b.path == path);
        if !there(path) && !field.or.as_deref().is_some_and(|or| there(content::whole(or))) {
            blanks.push(Blank { path: path.to_owned(), provision: provision.clone() });
        }
    }
    blanks
}

impl Draft {
    /// What is needed and blank or not known, by its label.
    pub fn open(&self) -> Vec<&str> {
        self.parts.iter().flat_map(|p| &p.fields).filter(|f| f.is_open()).filter_map(|f| f.label.as_deref()).collect()
    }

    /// Whether it may not go out as it is: a communication without what people must be told.
    pub fn is_refused(&self) -> bool {
        self.document != Document::Authority && !self.missing.is_empty()
    }

    /// As a page that needs nothing but itself.
    pub fn html(&self, ground: &Ground<'_>) -> String {
        paper::html(self, ground)
    }

    /// As GitHub's Markdown.
    pub fn markdown(&self, ground: &Ground<'_>) -> String {
        paper::markdown(self, ground)
    }

    /// For programs.
    pub fn json(&self, ground: &Ground<'_>, form: &Loaded<Form>, input: &Input) -> String {
        json::write(self, ground, form, input)
    }
}
