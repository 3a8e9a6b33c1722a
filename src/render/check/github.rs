//! GitHub's workflow commands: an annotation a finding. `::error file=…,line=…,col=…,title=…::message`

use super::{line, message};
use crate::check::{Level, Report};
use crate::texts::Texts;

/// Writes a report as annotations.
pub fn write(report: &Report, texts: &Texts) -> String {
    let mut out = String::new();
    for (input, finding) in report.findings() {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let mut properties = Vec::new();
        if input.is_file() {
            properties.push(format!("file={}", property(&line(&input.file))));
        }
        if let Some(place) = finding.place {
            properties.push(format!("line={},col={}", place.line, place.column));
        }
        properties.push(format!("title={}", property(finding.code.id())));
        out.push_str(&format!("::{command} {}::{}\n", properties.join(","), data(&line(&message(finding, texts)))));
    }
    out
}

/// A message, escaped as the runner unescapes it.
fn data(text: &str) -> String {
    // the percent sign first, or the others' escapes would be escaped again
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_or_a_property_is_escaped() {
        assert_eq!(data("50 %, a: b\r\n::error::no"), "50 %25, a: b%0D%0A::error::no");
        assert_eq!(property("a,line=9::b%\n"), "a%2Cline=9%3A%3Ab%25%0A");
    }
}
