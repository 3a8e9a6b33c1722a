//! CSV: one line an incident, for spreadsheets.

use super::json::Input;
use super::{given, time};
use crate::assess::Assessment;
use crate::duties::{Duty, Outcome};
use crate::incident::words::Word;
use crate::incident::{Incident, text};
use crate::regime::Action;
use crate::tables::Ref;

/// The columns. Scripts rely on their names; they are those of the JSON form where there is one.
const COLUMNS: [&str; 37] = [
    "input",
    "id",
    "title",
    "controller",
    "country",
    "role",
    "score",
    "min",
    "max",
    "level",
    "vector",
    "presumed",
    "computed",
    "override",
    "risk",
    "outcome",
    "authority",
    "authority_required",
    "authority_deadline",
    "authority_outer_deadline",
    "authority_status",
    "authority_remaining_hours",
    "authority_done_at",
    "subjects_required",
    "subjects_status",
    "subjects_exemption",
    "controllers_status",
    "flags",
    "missing",
    "as_of",
    "sha256",
    "method",
    "method_sha256",
    "practice",
    "practice_sha256",
    "regimes",
    "country_table",
];

/// The line with the columns' names.
pub fn header() -> String {
    line(COLUMNS.map(str::to_owned).to_vec())
}

/// An incident's line.
pub fn row(a: &Assessment, incident: &Incident, input: &Input) -> String {
    let controller = &incident.file.controller;
    let given = |given| inert_cell(text(given).unwrap_or_default());
    let (s, d) = (&a.severity, &a.decision);
    let authority = first(a, Action::NotifyAuthority);
    let subjects = first(a, Action::NotifyDataSubjects);
    let controllers = first(a, Action::NotifyController);
    let at = |t: Option<crate::duties::Time>| t.map(time).unwrap_or_default();
    let flags: Vec<String> = s.flags.iter().map(word).collect();
    let name = |r: &Ref| inert_cell(&format!("{} {}", r.id, r.version));
    let named = |all: &mut dyn Iterator<Item = &Ref>| -> String {
        inert_cell(&all.map(|r| format!("{} {} {}", r.id, r.version, r.sha256)).collect::<Vec<_>>().join("; "))
    };
    line(vec![
        inert_cell(&input.name),
        given(&incident.file.id),
        given(&incident.file.title),
        given(&controller.name),
        given(&controller.country),
        incident.role().id().to_owned(),
        s.score().to_string(),
        s.range.min.to_string(),
        s.range.max.to_string(),
        s.level.id().to_owned(),
        inert_cell(&s.vector),
        d.presumed.id().to_owned(),
        d.computed.id().to_owned(),
        d.own_word.as_ref().map(|own| own.risk.id().to_owned()).unwrap_or_default(),
        d.risk.id().to_owned(),
        Outcome::id(d.outcome).to_owned(),
        authority.map(|d| inert_cell(d.to)).unwrap_or_default(),
        authority.map(|d| d.required.to_string()).unwrap_or_default(),
        at(authority.and_then(|d| d.deadline)),
        at(authority.and_then(|d| d.outer_deadline)),
        authority.map(status).unwrap_or_default(),
        authority.and_then(|d| d.remaining).map(|tenths| (tenths as f64 / 10.0).to_string()).unwrap_or_default(),
        at(authority.and_then(|d| d.done_at)),
        subjects.map(|d| d.required.to_string()).unwrap_or_default(),
        subjects.map(status).unwrap_or_default(),
        subjects.and_then(|d| d.exemption).map(inert_cell).unwrap_or_default(),
        controllers.map(status).unwrap_or_default(),
        flags.join(" "),
        a.missing.len().to_string(),
        time(a.as_of),
        input.sha256.clone(),
        name(a.method),
        a.method.sha256.clone(),
        name(a.practice),
        a.practice.sha256.clone(),
        named(&mut a.regimes.iter().copied()),
        named(&mut a.country.into_iter()),
    ])
}

/// The duty of a kind whose deadline ends first; a required one before all others.
fn first<'r>(a: &'r Assessment<'_>, action: Action) -> Option<&'r Duty<'r>> {
    a.duties.iter().filter(|d| d.action == action).min_by_key(|d| (!d.required, d.deadline.is_none(), d.deadline))
}

fn status(duty: &Duty) -> String {
    word(&duty.status)
}

/// A word as it stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A text that no spreadsheet takes for a formula: what could begin one is put after an apostrophe.
pub(super) fn inert_cell(text: &str) -> String {
    let could_be = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let flat = given::flat(text);
    if could_be(text) || could_be(text.trim_start()) || could_be(&flat) { format!("'{flat}") } else { flat }
}

/// A line of cells.
pub(super) fn line(cells: Vec<String>) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    // into memory: nothing can fail
    let written = out.write_record(&cells).and_then(|()| out.into_inner().map_err(|e| e.into_error().into()));
    String::from_utf8(written.unwrap_or_else(|e| unreachable!("{e}"))).unwrap_or_else(|e| unreachable!("{e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{ff1d}1"] {
            assert!(inert_cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(inert_cell("a = b, - c"), "a = b, - c");
    }
}
