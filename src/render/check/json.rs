//! JSON: one document a run, every key always there.

use serde::Serialize;

use super::message;
use crate::check::{Level, Report};
use crate::texts::Texts;

/// The name and version of this form.
pub const FORMAT: &str = "breach-check/1";

#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    findings: Vec<FindingShape<'a>>,
}

#[derive(Serialize)]
struct FindingShape<'a> {
    code: &'static str,
    level: Level,
    input: &'a str,
    path: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

/// Writes a report for programs.
pub fn write(report: &Report, english: &Texts) -> String {
    let findings = report
        .findings()
        .map(|(input, f)| FindingShape {
            code: f.code.id(),
            level: f.level,
            input: &input.name,
            path: f.path.as_deref(),
            line: f.place.map(|p| p.line),
            column: f.place.map(|p| p.column),
            message: message(f, english),
        })
        .collect();
    crate::render::json::to_string(&Shape { format: FORMAT, findings }, true) + "\n"
}
