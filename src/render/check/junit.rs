//! JUnit XML, as CI servers read it: a suite an input, a test case a finding. Errors fail their case, what cannot be read is an error of it; warnings
//! and notes pass and say so in its output. An input without findings has one case that passes.

use std::collections::BTreeMap;
use std::io;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::{ElementWriter, Writer};

use super::{compiler_line, line, message};
use crate::check::{Checked, Code, Finding, Level, Report};
use crate::texts::Texts;

/// The name of the whole, and of the case of an input without findings.
const NAME: &str = "breach check";

/// Writes a report as JUnit XML. There are no times in it: the same run gives the same bytes.
pub fn write(report: &Report, texts: &Texts) -> String {
    // writing to memory does not fail, and all that is written was text
    let bytes = document(report, texts).unwrap_or_else(|e| unreachable!("{e}"));
    String::from_utf8(bytes).unwrap_or_else(|e| unreachable!("{e}"))
}

/// The numbers that CI servers look at.
#[derive(Default)]
struct Sums {
    tests: usize,
    failures: usize,
    errors: usize,
}

impl Sums {
    fn of<'a>(all: impl Iterator<Item = &'a Checked>) -> Sums {
        all.fold(Sums::default(), |sums, checked| {
            let failed = checked.findings.iter().filter(|f| f.level == Level::Error);
            let errors = failed.clone().filter(|f| f.code == Code::Invalid).count();
            Sums {
                tests: sums.tests + checked.findings.len().max(1),
                failures: sums.failures + failed.count() - errors,
                errors: sums.errors + errors,
            }
        })
    }

    fn on<'a>(&self, element: ElementWriter<'a, Vec<u8>>) -> ElementWriter<'a, Vec<u8>> {
        let sums = [("tests", self.tests), ("failures", self.failures), ("errors", self.errors)];
        sums.into_iter().fold(element, |element, (key, sum)| element.with_attribute((key, sum.to_string().as_str())))
    }
}

type Xml = Writer<Vec<u8>>;

fn document(report: &Report, texts: &Texts) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = Sums::of(report.checked.iter()).on(xml.create_element("testsuites").with_attribute(("name", NAME)));
    if report.checked.is_empty() {
        root.write_empty()?;
    } else {
        root.write_inner_content(|xml| report.checked.iter().try_for_each(|checked| suite(xml, checked, texts)))?;
    }
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn suite(xml: &mut Xml, checked: &Checked, texts: &Texts) -> io::Result<()> {
    let name = allowed(&line(&checked.input.name));
    let element = xml.create_element("testsuite").with_attribute(("name", name.as_str()));
    Sums::of(std::iter::once(checked)).on(element).write_inner_content(|xml| {
        if checked.findings.is_empty() {
            xml.create_element("testcase").with_attribute(("name", NAME)).with_attribute(("classname", name.as_str())).write_empty()?;
        }
        let mut seen = BTreeMap::new();
        for finding in &checked.findings {
            let case = case_name(finding, &mut seen);
            let element = xml.create_element("testcase").with_attribute(("name", case.as_str())).with_attribute(("classname", name.as_str()));
            element.write_inner_content(|xml| verdict(xml, checked, finding, texts))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// The code and the path; a number where that was there before, since servers put cases of one name together.
fn case_name(finding: &Finding, seen: &mut BTreeMap<String, usize>) -> String {
    let path = finding.path.as_deref().map(|path| format!(": {}", line(path))).unwrap_or_default();
    let name = allowed(&format!("{}{path}", finding.code.id()));
    let times = seen.entry(name.clone()).or_insert(0);
    *times += 1;
    if *times == 1 { name } else { format!("{name} ({times})") }
}

fn verdict(xml: &mut Xml, checked: &Checked, finding: &Finding, texts: &Texts) -> io::Result<()> {
    let (place, label, said) = compiler_line(&checked.input, finding, texts);
    let whole = allowed(&format!("{place}: {label}: {said}"));
    let message = allowed(&line(&message(finding, texts)));
    let element = match (finding.level, finding.code) {
        (Level::Error, Code::Invalid) => xml.create_element("error"),
        (Level::Error, _) => xml.create_element("failure"),
        (Level::Warning | Level::Note, _) => {
            xml.create_element("system-out").write_text_content(BytesText::new(&whole))?;
            return Ok(());
        }
    };
    let element = element.with_attribute(("type", finding.code.id())).with_attribute(("message", message.as_str()));
    element.write_text_content(BytesText::new(&whole))?;
    Ok(())
}

/// A text without the characters that XML 1.0 has no way to write; control characters are gone already.
fn allowed(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
