//! A draft as JSON, for programs that fill in an authority's own form.

use serde::Serialize;

use super::super::answers::Said;
use super::super::json::{Input, to_string};
use super::super::time;
use super::{Draft, Ground};
use crate::form::{Document, Form};
use crate::incident::text;
use crate::tables::{Loaded, Ref};

#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    breach: &'static str,
    as_of: String,
    input: &'a str,
    form: &'a Ref,
    incident: Incident<'a>,
    document: &'static str,
    notice: Option<&'static str>,
    language: &'static str,
    to: Option<&'a str>,
    title: &'a str,
    sections: Vec<Section<'a>>,
    missing: Vec<Missing<'a>>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Incident<'a> {
    id: Option<&'a str>,
    title: Option<&'a str>,
    controller: Option<&'a str>,
    country: Option<&'a str>,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Section<'a> {
    id: &'a str,
    title: Option<&'a str>,
    text: &'a [String],
    fields: Vec<Field<'a>>,
}

#[derive(Serialize)]
struct Field<'a> {
    id: &'a str,
    label: Option<&'a str>,
    path: Option<&'a str>,
    provision: Option<&'a str>,
    /// A text, or a list of texts; null where it is blank.
    value: Option<Value<'a>>,
    unknown: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(&'a str),
    List(&'a [String]),
}

#[derive(Serialize)]
struct Missing<'a> {
    path: &'a str,
    provision: &'a str,
}

fn value(said: &Said) -> Option<Value<'_>> {
    match said {
        Said::Text(text) | Said::Word(text) => Some(Value::Text(text)),
        Said::List(list) | Said::Words(list) => Some(Value::List(list)),
        // a draft has none: times are written as its reader reads them
        Said::Moment(_) => None,
    }
}

pub(super) fn write(draft: &Draft, ground: &Ground<'_>, form: &Loaded<Form>, input: &Input) -> String {
    let file = &ground.incident.file;
    let to = super::duty(ground.assessment, draft.document).map(|d| d.to);
    let shape = Shape {
        format: "breach-draft/1",
        breach: env!("CARGO_PKG_VERSION"),
        as_of: time(ground.assessment.as_of),
        input: &input.name,
        form: &form.reference,
        incident: Incident {
            id: text(&file.id),
            title: text(&file.title),
            controller: text(&file.controller.name),
            country: text(&file.controller.country),
            sha256: &input.sha256,
        },
        document: draft.document.into(),
        notice: draft.kind.map(Into::into),
        language: ground.texts.language.id(),
        to: to.filter(|_| draft.document == Document::Authority),
        title: &draft.title,
        sections: draft
            .parts
            .iter()
            .map(|part| Section {
                id: &part.id,
                title: part.title.as_deref(),
                text: &part.text,
                fields: part
                    .fields
                    .iter()
                    .map(|f| Field {
                        id: &f.id,
                        label: f.label.as_deref(),
                        path: f.path.as_deref(),
                        provision: f.provision.as_deref(),
                        value: f.said.as_ref().and_then(value),
                        unknown: f.unknown,
                    })
                    .collect(),
            })
            .collect(),
        missing: draft.missing.iter().map(|m| Missing { path: &m.path, provision: &m.provision }).collect(),
        note: draft.note.as_deref(),
    };
    to_string(&shape, true) + "\n"
}
