//! Text: one line a finding in the way of compilers, and a line of sums.

use anstyle::{AnsiColor, Style};

use super::{compiler_line, line};
use crate::check::{Level, Report};
use crate::texts::Texts;

/// Writes a report for a person to read.
pub fn write(report: &Report, texts: &Texts, colour: bool) -> String {
    let mut out = String::new();
    for (input, finding) in report.findings() {
        let (place, label, message) = compiler_line(input, finding, texts);
        let style = if colour { style(finding.level) } else { Style::new() };
        out.push_str(&format!("{place}: {style}{label}{style:#}: {message}\n"));
    }
    let count = |level| report.count(level).to_string();
    let (inputs, errors, warnings, notes) = (report.checked.len().to_string(), count(Level::Error), count(Level::Warning), count(Level::Note));
    let sums = [("inputs", inputs.as_str()), ("errors", &errors), ("warnings", &warnings), ("notes", &notes)];
    out + &line(&texts.finding("summary", &sums)) + "\n"
}

fn style(level: Level) -> Style {
    let colour = match level {
        Level::Error => AnsiColor::Red,
        Level::Warning => AnsiColor::Yellow,
        Level::Note => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}
