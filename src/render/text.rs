//! Text for a person: the outcome and the deadline first, then why, then what is missing. Eighty columns, no terminal asked.

use std::fmt::Write;

use comfy_table::{ContentArrangement, Table, presets};

use super::given::flat;
use super::say::Say;
use crate::assess::Assessment;
use crate::duties::{Duty, Outcome};
use crate::incident::Incident;
use crate::method::Method;
use crate::texts::Texts;

/// The width of everything.
pub(super) const WIDTH: usize = 80;
/// How many changes and questions are shown before the rest is only counted.
const MOST: usize = 5;

/// How a line stands out on a terminal.
#[derive(Clone, Copy)]
enum Style {
    Alarm,
    Heading,
}

/// Writes an assessment for a person to read.
pub fn write(a: &Assessment, incident: &Incident, method: &Method, texts: &Texts, look: Look) -> String {
    let say = Say { a, incident, method, texts };
    let mut page = Page { out: String::new(), say, look };
    if a.decision.score_only {
        page.line(&say.say("score-only", &[]));
    }
    page.head();
    page.duties();
    page.severity();
    page.reading();
    page.list("heading-lowering", say.lowerings(), usize::MAX);
    let most = if look.all { usize::MAX } else { MOST };
    page.list("heading-changes", a.changes.iter().flatten().map(|c| say.change(c)).collect(), most);
    page.list("heading-find-out", a.find_out.iter().flatten().map(|q| say.question(q)).collect(), most);
    page.list("heading-missing", a.missing.iter().map(|m| say.missing(m)).collect(), usize::MAX);
    page.list("heading-notes", say.notes(), usize::MAX);
    page.basis();
    page.out
}

/// How much is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// Whether the outcome and the headings are coloured.
    pub colour: bool,
    /// Whether every change and question is shown, not only the first few.
    pub all: bool,
}

struct Page<'a> {
    out: String,
    say: Say<'a>,
    look: Look,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn styled(&mut self, text: &str, style: Style) {
        let codes = match style {
            Style::Alarm => anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into())),
            Style::Heading => anstyle::Style::new().bold(),
        };
        match self.look.colour {
            true => {
                let _ = writeln!(self.out, "{codes}{text}{codes:#}");
            }
            false => self.line(text),
        }
    }

    fn heading(&mut self, key: &str) {
        self.out.push('\n');
        let text = self.say.say(key, &[]);
        self.styled(&text, Style::Heading);
    }

    fn paragraph(&mut self, mark: &str, text: &str) {
        self.line(&paragraph(mark, text));
    }

    fn item(&mut self, text: &str) {
        self.paragraph("- ", text);
    }

    fn table(&mut self, rows: Vec<Vec<String>>, head: Option<Vec<String>>) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH as u16);
        if let Some(head) = head {
            table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(head);
        }
        for row in rows {
            table.add_row(row.into_iter().map(|cell| inert(&cell)));
        }
        let printed: String = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        self.out.push_str(&printed);
    }

    fn paragraphs(&mut self, all: impl IntoIterator<Item = String>) {
        for text in all {
            self.paragraph("", &text);
        }
    }

    fn items(&mut self, all: impl IntoIterator<Item = String>) {
        for text in all {
            self.item(&text);
        }
    }

    /// A heading with its items, where there are any; of many only the first few, unless all were asked for.
    fn list(&mut self, key: &str, all: Vec<String>, most: usize) {
        if all.is_empty() {
            return;
        }
        self.heading(key);
        let left_out = all.len().saturating_sub(most);
        self.items(all.into_iter().take(most));
        if left_out > 0 {
            self.item(&self.say.say("more", &[("n", &left_out.to_string())]));
        }
    }

    fn head(&mut self) {
        self.paragraph("", &self.say.title());
        let style = if self.say.a.decision.outcome == Outcome::RegisterOnly { Style::Heading } else { Style::Alarm };
        self.styled(&self.say.outcome(), style);
        self.paragraphs(self.say.deadlines());
    }

    fn duties(&mut self) {
        let say = self.say;
        self.out.push('\n');
        let head = ["column-duty", "column-to", "column-by", "column-status"].map(|k| say.say(k, &[])).to_vec();
        let row = |d: &Duty| vec![format!("{}\n{}", say.action(d.action), say.table(d.provision)), flat(say.table(d.to)), say.by(d), say.status(d)];
        self.table(say.a.duties.iter().map(row).collect(), Some(head));
        self.paragraphs(say.a.duties.iter().filter_map(|d| say.clock(d)));
    }

    fn severity(&mut self) {
        self.heading("heading-severity");
        self.line(&self.say.sum());
        self.paragraphs(self.say.range());
        let parts = self.say.parts().into_iter().filter(|p| !p.none);
        self.table(parts.map(|p| vec![p.name, p.text]).collect(), None);
        self.paragraphs(self.say.others());
        self.paragraph("", &self.say.band());
        self.paragraphs(self.say.flags());
    }

    fn reading(&mut self) {
        let say = self.say;
        self.heading("heading-reading");
        self.item(&say.presumption());
        self.items(say.a.decision.rules.iter().map(|r| say.rule(r)));
        self.items(say.a.decision.own_word.iter().map(|own| say.own_word(own)));
        for line in say.conclusions() {
            self.paragraph("=> ", &line);
        }
        self.paragraphs(say.rests_on());
    }

    fn basis(&mut self) {
        self.out.push('\n');
        let tables: Vec<String> = self.say.tables().map(|r| format!("{} {} ({})", r.id, r.version, &r.sha256[..8])).collect();
        self.paragraph("", &self.say.say("basis", &[("tables", &tables.join(", ")), ("as_of", &super::time(self.say.a.as_of))]));
        self.paragraph("", &self.say.say("disclaimer", &[]));
    }
}

/// A paragraph, its later lines indented by the width of `mark`. What lines a text of the user's has of its own would look like ours.
pub(super) fn paragraph(mark: &str, text: &str) -> String {
    let later = " ".repeat(mark.chars().count());
    let options = textwrap::Options::new(WIDTH).initial_indent(mark).subsequent_indent(&later);
    textwrap::fill(&flat(text), options.word_splitter(textwrap::WordSplitter::NoHyphenation))
}

/// A text from a file that can do nothing to a terminal: no control characters, no turning of the writing direction.
pub fn inert(text: &str) -> String {
    text.chars().map(|c| if c == '\n' || is_harmless(c) { c } else { '\u{fffd}' }).collect()
}

/// Whether a character can do nothing to a terminal: no control character, none that turns the direction of writing or ends a line unseen.
pub(super) fn is_harmless(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}' | '\u{2028}' | '\u{2029}'))
}
