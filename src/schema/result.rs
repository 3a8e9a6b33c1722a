//! The schemas of what the program writes for other programs.

use serde_json::{Map, Value, json};
use strum::VariantNames;

use crate::check::Code;
use crate::duties::{DutyStatus, Outcome};
use crate::incident::answer::UNKNOWN;
use crate::incident::words::*;
use crate::regime::Action;
use crate::render::check;
use crate::render::json::FORMAT;

/// A table all of whose keys are always there.
fn whole<const N: usize>(keys: [(&str, Value); N]) -> Value {
    let names: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
    let properties: Map<String, Value> = keys.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn words(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn or_unknown(all: &[&str]) -> Value {
    json!({ "enum": all.iter().copied().chain([UNKNOWN]).collect::<Vec<_>>() })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn number() -> Value {
    json!({ "type": "number" })
}

fn time() -> Value {
    json!({ "type": "string", "format": "date-time", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}$" })
}

fn digest() -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
}

fn range() -> Value {
    whole([("min", number()), ("max", number())])
}

fn place() -> Value {
    or_null(json!({ "type": "integer", "minimum": 1 }))
}

/// An assessment, or the error object in its place.
pub fn assessment() -> Value {
    json!({ "oneOf": [one(), bad()] })
}

fn one() -> Value {
    let table = whole([("id", text()), ("version", text()), ("sha256", digest())]);
    let outcome = words(Outcome::VARIANTS);
    let risk = words(Risk::ids());
    whole([
        ("format", json!({ "const": FORMAT })),
        ("breach", text()),
        ("as_of", time()),
        ("input", text()),
        ("tables", whole([("method", table.clone()), ("practice", table.clone()), ("regimes", list(table.clone())), ("country", or_null(table))])),
        (
            "incident",
            whole([
                ("id", or_null(text())),
                ("title", or_null(text())),
                ("controller", or_null(text())),
                ("country", or_null(text())),
                ("sha256", digest()),
            ]),
        ),
        ("severity", severity()),
        (
            "decision",
            whole([
                ("presumed", risk.clone()),
                ("computed", risk.clone()),
                ("risk", risk.clone()),
                ("outcome", outcome.clone()),
                ("rules", list(rule())),
                (
                    "override",
                    or_null(whole([
                        ("risk", risk),
                        ("why", or_null(text())),
                        ("by", or_null(text())),
                        ("direction", words(&["same", "up", "down"])),
                        ("outcome", outcome.clone()),
                    ])),
                ),
            ]),
        ),
        ("duties", list(duty())),
        ("changes", or_null(list(whole([("answer", text()), ("from", value()), ("to", value()), ("outcome", outcome.clone())])))),
        (
            "find_out",
            or_null(list(whole([
                ("answer", text()),
                ("state", words(&[UNKNOWN, "left-out"])),
                ("outcomes", list(whole([("value", value()), ("outcome", outcome)]))),
            ]))),
        ),
        ("missing", list(whole([("path", text()), ("for", words(Action::VARIANTS)), ("provision", text())]))),
        ("notes", list(whole([("code", text()), ("path", or_null(text())), ("message", text())]))),
    ])
}

fn value() -> Value {
    json!({ "type": ["boolean", "number", "string"] })
}

fn severity() -> Value {
    let category = whole([
        ("category", words(Category::ids())),
        ("base", number()),
        ("score", number()),
        ("range", range()),
        ("level", json!({ "enum": [1, 2, 3, 4, UNKNOWN] })),
        ("because", list(words(Factor::ids()))),
        ("why", or_null(text())),
        ("items", list(text())),
    ]);
    let loss = |words: &[&str]| whole([("score", number()), ("loss", or_unknown(words))]);
    whole([
        ("score", number()),
        ("range", range()),
        ("level", words(Level::ids())),
        ("vector", text()),
        ("dpc", whole([("score", number()), ("range", range()), ("category", words(Category::ids())), ("categories", list(category))])),
        ("ei", whole([("score", number()), ("range", range()), ("level", or_unknown(Identification::ids())), ("why", or_null(text()))])),
        (
            "cb",
            whole([
                ("score", number()),
                ("range", range()),
                ("confidentiality", loss(ConfidentialityLoss::ids())),
                ("integrity", loss(IntegrityLoss::ids())),
                ("availability", loss(AvailabilityLoss::ids())),
                ("malicious", whole([("score", number()), ("answer", json!({ "enum": [true, false, UNKNOWN] }))])),
            ]),
        ),
        ("flags", list(words(&["many-individuals", "unintelligible"]))),
        ("without_lowering", number()),
    ])
}

fn rule() -> Value {
    whole([
        ("id", text()),
        ("effect", words(&["raise", "release", "exempt", "note"])),
        ("to", or_null(words(Risk::ids()))),
        ("decisive", flag()),
        ("because", list(text())),
        ("provision", text()),
        ("text", text()),
    ])
}

fn duty() -> Value {
    whole([
        ("regime", text()),
        ("action", words(Action::VARIANTS)),
        ("required", flag()),
        ("to", text()),
        ("provision", text()),
        ("start", or_null(words(&["aware", "told_by_processor", "detected", "notified", "incident_aware", "classified"]))),
        ("started_at", or_null(time())),
        ("start_assumed", flag()),
        ("deadline", or_null(time())),
        ("outer_deadline", or_null(time())),
        ("qualifier", or_null(text())),
        ("status", words(DutyStatus::VARIANTS)),
        ("remaining_hours", or_null(number())),
        ("done_at", or_null(time())),
        ("exemption", or_null(text())),
    ])
}

fn bad() -> Value {
    let error = whole([("code", text()), ("message", text()), ("path", or_null(text())), ("line", place()), ("column", place())]);
    let mut errors = list(error.clone());
    errors["minItems"] = 1.into();
    whole([("input", text()), ("error", error), ("errors", errors)])
}

/// The findings of the gate, one document a run.
pub fn check() -> Value {
    let finding = whole([
        ("code", words(Code::VARIANTS)),
        ("level", words(&["error", "warning", "note"])),
        ("input", text()),
        ("path", or_null(text())),
        ("line", place()),
        ("column", place()),
        ("message", text()),
    ]);
    whole([("format", json!({ "const": check::json::FORMAT })), ("findings", list(finding))])
}
