//! A parsed text with the place of every key and value: what TOML and JSON have in common.
//!
//! Only built when something is wrong with a file, to say what and where; good files go straight into their types.

use std::collections::HashSet;
use std::ops::Range;

use jsonc_parser::ast;
use toml::de::{DeTable, DeValue};

use crate::bounds::{self, beyond};
use crate::diag::{Code, Finding, listed};

/// A value and where it stands, in bytes.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes; of a TOML table its header.
    pub span: Range<usize>,
}

/// A value of TOML or JSON.
#[derive(Clone, Debug)]
pub enum Value {
    /// Keys with their places, in file order; JSON may hold a key twice.
    Table(Vec<Entry>),
    /// A list.
    List(Vec<Node>),
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i128),
    /// A decimal number.
    Decimal(f64),
    /// True or false.
    Flag(bool),
    /// TOML's own date-time, as it is written.
    Time(String),
    /// JSON's null.
    Null,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The value at a key of a table.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|e| e.key == key),
            _ => None,
        }
    }

    /// The list at a key of a table; nothing where there is none.
    pub fn list(&self, key: &str) -> &[Node] {
        match self.get(key).map(|e| &e.node.value) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// The text at a key of a table.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key).map(|e| &e.node.value) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A text without quotes, anything else as TOML writes it.
    pub fn plain(&self) -> String {
        match &self.value {
            Value::Text(text) => text.clone(),
            _ => self.written(),
        }
    }

    /// The value on one line, as TOML writes it.
    pub fn written(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match &self.value {
            Value::Table(entries) => format!("{{ {} }}", joined(entries.iter().map(|e| format!("{} = {}", e.key, e.node.written())).collect())),
            Value::List(list) => format!("[{}]", joined(list.iter().map(Node::written).collect())),
            Value::Text(text) => format!("{text:?}"),
            Value::Time(time) => time.clone(),
            Value::Null => String::new(),
            _ => self.json().to_string(),
        }
    }

    /// The value for programs: numbers without `.0`, keys of tables sorted.
    pub fn json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Table(entries) => Json::Object(entries.iter().map(|e| (e.key.clone(), e.node.json())).collect()),
            Value::List(list) => list.iter().map(Node::json).collect(),
            Value::Text(text) | Value::Time(text) => Json::String(text.clone()),
            Value::Whole(n) => i64::try_from(*n).map_or(Json::Null, Json::from),
            Value::Decimal(n) if n.fract() == 0.0 && n.abs() < 1e15 => Json::from(*n as i64),
            Value::Decimal(n) => Json::from(*n),
            Value::Flag(flag) => Json::Bool(*flag),
            Value::Null => Json::Null,
        }
    }

    /// The place of a path; where it ends nowhere, the nearest table above it.
    pub fn place(&self, path: &str) -> Range<usize> {
        let mut node = self;
        for step in path.split('.') {
            let (key, index) = match step.split_once('[') {
                Some((key, index)) => (key, index.trim_end_matches(']').parse::<usize>().ok()),
                None => (step, None),
            };
            let Some(entry) = node.get(key) else { break };
            node = &entry.node;
            if let (Some(i), Value::List(list)) = (index, &node.value) {
                let Some(inner) = list.get(i) else { break };
                node = inner;
            }
        }
        node.span.clone()
    }
}

/// Reads TOML; all syntax errors at once. The tree holds what could be read.
pub fn toml(text: &str) -> (Node, Vec<Finding>) {
    if let Some(finding) = beyond(text, &bounds::TOML) {
        return (Node { value: Value::Table(vec![]), span: 0..0 }, vec![finding]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let span = table.span();
    let mut impossible = Vec::new();
    let root = Node { value: from_table(table.into_inner(), text, &mut impossible), span: span.start..span.start };
    let impossible: HashSet<_> = impossible.into_iter().collect();
    let findings = errors
        .iter()
        // a date that the calendar does not have is a bad value, which whoever knows the format says better
        .filter(|e| !e.span().is_some_and(|span| impossible.contains(&span)))
        .map(|e| {
            let said = e.message();
            let code = if said.contains("duplicate key") { Code::DuplicateKey } else { Code::Syntax };
            Finding::new(code, said.trim().replace('\n', "; ")).over(e.span().unwrap_or(0..0))
        })
        .collect();
    (root, listed(text, findings, 0))
}

fn from_table(table: DeTable<'_>, text: &str, impossible: &mut Vec<Range<usize>>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry { key_span: key.span(), key: key.into_inner().into_owned(), node: from_toml(value, text, impossible) })
        .collect();
    entries.sort_by_key(|e| e.key_span.start);
    Value::Table(entries)
}

/// A value of TOML; times that the calendar does not have are kept as they are written, and their places noted.
fn from_toml(value: toml::Spanned<DeValue<'_>>, text: &str, impossible: &mut Vec<Range<usize>>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(n) => match i128::from_str_radix(&n.as_str().replace('_', ""), n.radix()) {
            Ok(n) => Value::Whole(n),
            Err(_) => Value::Decimal(f64::INFINITY),
        },
        DeValue::Float(n) => Value::Decimal(n.as_str().replace('_', "").parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(time) if time.date.is_none() && time.time.is_none() => {
            impossible.push(span.clone());
            Value::Time(text.get(span.clone()).unwrap_or_default().to_owned())
        }
        DeValue::Datetime(time) => Value::Time(time.to_string()),
        DeValue::Array(list) => Value::List(list.into_iter().map(|entry| from_toml(entry, text, impossible)).collect()),
        DeValue::Table(table) => from_table(table, text, impossible),
    };
    Node { value, span }
}

/// Reads JSON, strictly.
pub fn json(text: &str) -> (Node, Vec<Finding>) {
    let nothing = Node { value: Value::Table(vec![]), span: 0..0 };
    if let Some(finding) = beyond(text, &bounds::JSON) {
        return (nothing, vec![finding]);
    }
    // serde_json decides what is JSON and says so well; the other reader only adds the places
    if let Err(e) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let line_start: usize = text.split_inclusive('\n').take(e.line().saturating_sub(1)).map(str::len).sum();
        let offset = (line_start + e.column().saturating_sub(1)).min(text.len());
        let said = e.to_string();
        let said = said.split(" at line ").next().unwrap_or(&said).to_owned();
        return (nothing, vec![Finding::new(Code::Syntax, said).spanned(text, offset..offset)]);
    }
    let strict = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match jsonc_parser::parse_to_ast(text, &Default::default(), &strict).map(|parsed| parsed.value) {
        Ok(Some(value)) => (from_json(value), vec![]),
        Ok(None) => (nothing, vec![]),
        Err(e) => {
            let span = e.range().start..e.range().end;
            (nothing, vec![Finding::new(Code::Syntax, e.kind().to_string()).spanned(text, span)])
        }
    }
}

fn from_json(value: ast::Value<'_>) -> Node {
    use jsonc_parser::common::Ranged;
    let span = value.range().start..value.range().end;
    let value = match value {
        ast::Value::StringLit(text) => Value::Text(text.value.into_owned()),
        ast::Value::NumberLit(n) => match n.value.parse() {
            Ok(n) => Value::Whole(n),
            Err(_) => Value::Decimal(n.value.parse().unwrap_or(f64::NAN)),
        },
        ast::Value::BooleanLit(flag) => Value::Flag(flag.value),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(list) => Value::List(list.elements.into_iter().map(from_json).collect()),
        ast::Value::Object(object) => Value::Table(
            object
                .properties
                .into_iter()
                .map(|p| Entry { key_span: p.name.range().start..p.name.range().end, key: p.name.as_str().to_owned(), node: from_json(p.value) })
                .collect(),
        ),
    };
    Node { value, span }
}
