//! The schema of the incident file, from the table of the format; the case file and the settings hold parts of it.

use serde_json::{Map, Value, json};

use crate::config::{SETTINGS, Want};
use crate::guide::Guide;
use crate::incident::answer::{Count, Hours, UNKNOWN};
use crate::incident::format::{FIELDS, FORMAT, Field, Kind, WHY, keys};
use crate::incident::raw::{LONGEST_LIST, LONGEST_TEXT};
use crate::incident::words::*;
use crate::language::Language;
use crate::method::Method;

/// The parts of date-times, 1990 to 2199.
const DAY: &str = "(199[0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}";
const TIME: &str = "[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})";

struct Builder<'a> {
    method: &'a Method,
    guide: &'a Guide,
}

pub fn incident(method: &Method, guide: &Guide) -> Value {
    let builder = Builder { method, guide };
    let mut schema = builder.table("");
    schema["required"] = json!(["format", "id", "data", "identification"]);
    let mut hit = Vec::new();
    for category in Category::ids() {
        hit.push(json!({ "required": [category], "properties": { (*category): { "not": { "properties": { "affected": { "const": false } }, "required": ["affected"] } } } }));
    }
    schema["properties"]["data"]["anyOf"] = hit.into();
    schema["properties"]["identification"]["required"] = json!(["level"]);
    // without a loss it is no personal data breach
    let losses = ["confidentiality", "integrity", "availability"];
    let lost = losses.map(|table| json!({ "required": [table], "properties": { table: { "required": ["loss"], "properties": { "loss": { "not": { "const": "none" } } } } } }));
    schema["anyOf"] = json!(lost);
    schema["properties"]["decision"]["if"] = json!({ "required": ["risk"] });
    schema["properties"]["decision"]["then"] = json!({ "required": [WHY], "properties": { WHY: { "pattern": "\\S" } } });
    schema
}

pub fn case(method: &Method, guide: &Guide) -> Value {
    let text = json!({ "type": "string" });
    let outcome = json!({ "enum": [true, false, "depends"] });
    json!({
        "type": "object",
        "description": "a published case: its source, the incident, and what the authority found",
        "properties": {
            "source": {
                "type": "object",
                "properties": { "document": text, "case": text, "url": text, "confidence": text, "facts": text },
                "additionalProperties": true,
            },
            "expected": {
                "type": "object",
                "properties": {
                    "notify_authority": outcome,
                    "notify_data_subjects": outcome,
                    "score": { "type": "number" },
                    "level": { "enum": Level::ids() },
                },
                "additionalProperties": true,
            },
            "incident": incident(method, guide),
        },
        "required": ["incident"],
        "additionalProperties": true,
    })
}

pub fn config(method: &Method, guide: &Guide) -> Value {
    let builder = Builder { method, guide };
    let text = json!({ "type": "string", "pattern": "\\S" });
    let mut properties = Map::new();
    for setting in SETTINGS {
        let mut schema = match setting.want {
            Want::Language => json!({ "enum": Language::IDS }),
            Want::Choice | Want::Path => text.clone(),
            Want::Choices => json!({ "anyOf": [text, { "type": "array", "items": text }] }),
            Want::Answers(path) => match FIELDS.iter().find(|f| f.path == path) {
                Some(field) => builder.field(field),
                None => json!(true),
            },
        };
        schema["description"] = setting.about.into();
        properties.insert(setting.key.to_owned(), schema);
    }
    json!({ "type": "object", "description": "the settings of a house", "properties": properties, "additionalProperties": false })
}

impl Builder<'_> {
    fn table(&self, path: &str) -> Value {
        let mut properties = Map::new();
        for key in keys(path) {
            let at = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            let schema = match FIELDS.iter().find(|f| f.path == at) {
                Some(field) => self.field(field),
                None => json!({ "type": "string", "maxLength": LONGEST_TEXT, "description": "the reasons for what this table says" }),
            };
            properties.insert(key.to_owned(), schema);
        }
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }

    fn field(&self, field: &Field) -> Value {
        let mut schema = self.kind(field);
        schema["description"] = self.guide.about(field.path).into();
        schema
    }

    fn kind(&self, field: &Field) -> Value {
        let list = |items: Value| json!({ "type": "array", "items": items, "maxItems": LONGEST_LIST });
        let text = json!({ "type": "string", "maxLength": LONGEST_TEXT });
        let or_unknown = |schema: Value| json!({ "anyOf": [schema, { "const": UNKNOWN }] });
        let instant = json!({ "type": "string", "format": "date-time", "pattern": format!("^{DAY}{TIME}$") });
        let day = json!({ "type": "string", "format": "date", "pattern": format!("^{DAY}$") });
        match field.kind {
            Kind::Table => self.table(field.path),
            Kind::Tables => list(self.table(&format!("{}[]", field.path))),
            Kind::Text if field.path == "id" => json!({ "type": "string", "maxLength": LONGEST_TEXT, "pattern": "\\S" }),
            Kind::Text => text,
            Kind::Texts => list(text),
            Kind::Items => list(self.items()),
            Kind::Word(words) => json!({ "anyOf": [self.words(field.path, words), { "const": UNKNOWN }] }),
            Kind::Words(words, unknown) => list(if unknown { or_unknown(self.words(field.path, words)) } else { self.words(field.path, words) }),
            Kind::Flag => json!({ "enum": [true, false, UNKNOWN] }),
            Kind::Format => json!({ "const": FORMAT }),
            Kind::Step => json!({ "enum": [1, 2, 3, 4, UNKNOWN] }),
            Kind::Count => or_unknown(json!({ "type": "integer", "minimum": 1, "maximum": Count::MOST })),
            Kind::Hours => or_unknown(json!({ "type": "number", "minimum": 0, "maximum": Hours::MOST })),
            Kind::Instant => instant,
            Kind::Day => json!({ "anyOf": [instant, day] }),
            Kind::Past => json!({ "anyOf": [instant, day, { "const": UNKNOWN }] }),
            Kind::End => json!({ "anyOf": [instant, day, { "enum": [UNKNOWN, "ongoing"] }] }),
        }
    }

    /// Words, each with what it means.
    fn words(&self, path: &str, words: &[&str]) -> Value {
        let one = |word: &&str| match self.guide.word(path, word, self.method) {
            Some(meaning) => json!({ "const": word, "description": meaning }),
            None => json!({ "const": word }),
        };
        json!({ "oneOf": words.iter().map(one).collect::<Vec<_>>() })
    }

    fn items(&self) -> Value {
        let types = self.method.data_types.iter();
        json!({ "oneOf": types.map(|t| json!({ "const": t.id, "description": t.title })).collect::<Vec<_>>() })
    }
}
