//! Markdown, GitHub's: the same report as in HTML, the pictures in words.

use super::answers::{Group, Said};
use super::given;
use super::json::Input;
use super::report::{Block, Card, Cell, Entry, Fact, Paper, Report, Section, Table, report};
use super::say::Say;
use crate::assess::Assessment;
use crate::incident::Incident;
use crate::method::Method;
use crate::texts::Texts;

/// Writes the report of one incident.
pub fn write(a: &Assessment, incident: &Incident, method: &Method, texts: &Texts, input: &Input) -> String {
    let say = Say { a, incident, method, texts };
    let mut page = Page { out: String::new(), say };
    page.report(&report(say, input));
    page.out
}

/// Writes a document of its own.
pub(super) fn paper(paper: &Paper, say: Say<'_>) -> String {
    let mut page = Page { out: String::new(), say };
    page.heading("# ", &paper.title);
    if !paper.facts.is_empty() {
        page.facts(&paper.facts);
    }
    for section in &paper.sections {
        if !section.title.is_empty() {
            page.heading("## ", &section.title);
        }
        section.blocks.iter().for_each(|block| page.block(block));
    }
    if !paper.foot.is_empty() {
        page.out.push_str("---\n\n");
        paper.foot.iter().for_each(|line| page.line(line));
    }
    page.out.trim_end().to_owned() + "\n"
}

/// One report under construction; what comes from a text goes in by `line`, `escape` or `exact` only.
struct Page<'a> {
    out: String,
    say: Say<'a>,
}

impl Page<'_> {
    fn report(&mut self, r: &Report) {
        if let Some(warning) = &r.warning {
            self.paragraph(&format!("**{}**", escape(warning)));
        }
        self.heading("# ", &format!("{} {}", r.id, r.title));
        self.paragraph(&format!("**{}**", escape(&r.outcome)));
        for line in &r.lines {
            self.line(line);
        }
        self.facts(&r.facts);
        for section in &r.sections {
            self.section(section);
        }
        self.out.push_str("---\n\n");
        // the last line of a report ends it; what lies between two is for whoever puts them together
        self.out.push_str(&line_start(&escape(&r.disclaimer)));
        self.out.push('\n');
    }

    /// A paragraph of finished Markdown.
    fn paragraph(&mut self, markdown: &str) {
        self.out.push_str(markdown);
        self.out.push_str("\n\n");
    }

    fn line(&mut self, text: &str) {
        self.paragraph(&line_start(&escape(text)));
    }

    fn heading(&mut self, mark: &str, text: &str) {
        self.paragraph(&format!("{mark}{}", escape(text)));
    }

    fn section(&mut self, section: &Section) {
        self.heading("## ", &section.title);
        for block in &section.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.heading("### ", text),
            Block::Line(text) => self.line(text),
            Block::Strong(text) => self.paragraph(&format!("**{}**", escape(text))),
            Block::Items(items) => self.list(items.iter().map(|item| line_start(&escape(item)))),
            Block::Cards(cards) => {
                for card in cards {
                    self.card(card);
                }
                self.out.push('\n');
            }
            Block::Table(table) => self.table(table),
            Block::Fact(fact) => self.facts(std::slice::from_ref(fact)),
            Block::Picture(picture) => self.line(&picture.desc),
            Block::Answers(groups) => groups.iter().for_each(|group| self.answers(group)),
            Block::Entries(entries) => self.entries(entries),
        }
    }

    /// A list of finished entries.
    fn list(&mut self, entries: impl Iterator<Item = String>) {
        for entry in entries {
            self.out.push_str("- ");
            self.out.push_str(&entry);
            self.out.push('\n');
        }
        self.out.push('\n');
    }

    fn facts(&mut self, facts: &[Fact]) {
        self.list(facts.iter().map(fact));
    }

    fn card(&mut self, card: &Card) {
        let badge = card.badge.as_ref().map(|b| format!(" ({})", escape(b))).unwrap_or_default();
        let text = card.text.as_ref().map(|t| format!(": {}", escape(t))).unwrap_or_default();
        self.out.push_str(&format!("- **{}**{badge}{text}\n", escape(&card.title)));
        for line in card.facts.iter().map(fact).chain(card.aside.iter().map(|text| line_start(&escape(text)))) {
            self.out.push_str(&format!("  - {line}\n"));
        }
    }

    fn table(&mut self, table: &Table) {
        self.line(&table.caption);
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        self.out.push_str(&row(table.head.iter().map(|h| escape(h)).collect()));
        self.out.push_str(&row(table.head.iter().map(|_| "---".to_owned()).collect()));
        for cells in &table.rows {
            self.out.push_str(&row(cells.iter().map(cell).collect()));
        }
        self.out.push('\n');
    }

    fn answers(&mut self, group: &Group) {
        self.heading("### ", &group.name);
        for answer in &group.answers {
            let name = format!("- **{}** ({})", escape(&answer.name), exact(&answer.path));
            self.said(&name, &answer.said);
        }
        self.out.push('\n');
    }

    /// What an answer says, after its name.
    fn said(&mut self, name: &str, said: &Said) {
        match said {
            Said::Word(word) => self.out.push_str(&format!("{name}: {}\n", escape(word))),
            Said::Moment(moment) => self.out.push_str(&format!("{name}: {}\n", escape(&self.say.moment(*moment)))),
            Said::Words(words) => self.out.push_str(&format!("{name}: {}\n", escape(&words.join(", ")))),
            Said::Text(text) => self.given(name, text),
            Said::List(entries) if entries.len() == 1 => self.given(name, &entries[0]),
            Said::List(entries) => {
                self.out.push_str(&format!("{name}:\n"));
                for entry in entries {
                    self.out.push_str(&format!("  - {}\n", line_start(&escape(entry))));
                }
            }
        }
    }

    /// What a document says: fields with a name as a list, others as they are.
    fn entries(&mut self, entries: &[Entry]) {
        for entry in entries {
            match (&entry.name, &entry.said) {
                (Some(name), said) => {
                    let provision = entry.provision.as_ref().map(|p| format!(" ({})", escape(p))).unwrap_or_default();
                    let name = format!("- **{}**{provision}", escape(name));
                    match said {
                        Ok(said) => self.said(&name, said),
                        Err(blank) => self.out.push_str(&format!("{name}: {}\n", escape(blank))),
                    }
                }
                (None, Ok(Said::Text(text))) => self.quoted(text),
                (None, Ok(Said::List(list))) => self.list(list.iter().map(|entry| line_start(&escape(entry)))),
                (None, Ok(Said::Word(word))) => self.line(word),
                (None, Ok(Said::Words(words))) => self.line(&words.join(", ")),
                (None, Ok(Said::Moment(moment))) => self.line(&self.say.moment(*moment)),
                (None, Err(blank)) => self.line(blank),
            }
        }
        if entries.last().is_some_and(|e| e.name.is_some()) {
            self.out.push('\n');
        }
    }

    /// A text of the user's own, in its paragraphs.
    fn quoted(&mut self, text: &str) {
        for lines in given::paragraphs(text) {
            let lines: Vec<String> = lines.iter().map(|line| line_start(&escape(line))).collect();
            self.paragraph(&lines.join("\\\n"));
        }
    }

    /// A text of the user's own: beside its name, or quoted below it where it has several lines.
    fn given(&mut self, name: &str, text: &str) {
        let paragraphs = given::paragraphs(text);
        match paragraphs.as_slice() {
            [] => self.out.push_str(&format!("{name}:\n")),
            [one] if one.len() == 1 => self.out.push_str(&format!("{name}: {}\n", escape(&one[0]))),
            _ => {
                self.out.push_str(&format!("{name}:\n\n"));
                let quoted = paragraphs.iter().map(|lines| {
                    let lines: Vec<String> = lines.iter().map(|line| line_start(&escape(line))).collect();
                    format!("  > {}\n", lines.join("\\\n  > "))
                });
                self.out.push_str(&quoted.collect::<Vec<_>>().join("  >\n"));
                self.out.push('\n');
            }
        }
    }
}

fn fact(fact: &Fact) -> String {
    format!("{}: {}", escape(&fact.name), cell(&fact.value))
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(paragraphs) => escape(&paragraphs.join(" ")),
        Cell::Exact(text) => exact(text),
        Cell::When(text) => escape(text),
    }
}

/// A text on one line that no reader of Markdown takes for anything but text.
pub(super) fn escape(text: &str) -> String {
    let flat = given::flat(text);
    let mut out = String::with_capacity(flat.len());
    let mut rest = flat.as_str();
    while let Some(c) = rest.chars().next() {
        let run = rest.find(|c| !in_address(c)).unwrap_or(rest.len());
        if run == 0 {
            escape_into(&mut out, &rest[..c.len_utf8()]);
            rest = &rest[c.len_utf8()..];
        } else {
            let (word, tail) = rest.split_at(run);
            // escapes do not keep readers from making links of addresses; in code nothing is looked for
            if becomes_link(word) {
                out.push_str(&exact(word))
            } else {
                escape_into(&mut out, word)
            }
            rest = tail;
        }
    }
    out
}

fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '`' => out.push_str("&#96;"),
            '{' => out.push_str("&#123;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
}

/// Characters that an address may be made of, and that mean nothing in code.
fn in_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c)
}

/// Whether GitHub would make a link, a mention or a picture of a word.
fn becomes_link(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let numbered = |mark: &str| lower.match_indices(mark).any(|(i, m)| lower[i + m.len()..].starts_with(|c: char| c.is_ascii_digit()));
    lower.contains('@')
        || ["://", "www.", "mailto:", "xmpp:"].iter().any(|mark| lower.contains(mark))
        || ["#", "gh-"].iter().any(|mark| numbered(mark))
        || is_picture(&lower)
}

/// Whether a word holds what GitHub shows as a small picture: `:smile:`.
fn is_picture(word: &str) -> bool {
    let names: Vec<&str> = word.split(':').collect();
    let inner = names.get(1..names.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().any(|name| {
        !name.is_empty()
            && (name.contains(|c: char| c.is_ascii_alphabetic()) || matches!(*name, "+1" | "-1" | "100" | "1234"))
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_+-".contains(c))
    })
}

/// What begins a block at the start of a line: a heading, a list, a rule, a table.
pub(super) fn line_start(escaped: &str) -> String {
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    match escaped.as_bytes() {
        [b'-' | b'+' | b'=' | b':', ..] => format!("\\{escaped}"),
        bytes if digits > 0 && matches!(bytes.get(digits), Some(b'.' | b')')) => {
            let (number, rest) = escaped.split_at(digits);
            format!("{number}\\{rest}")
        }
        _ => escaped.to_owned(),
    }
}

/// Something written exactly so, as code. A mark longer than any in the text holds it.
fn exact(text: &str) -> String {
    let flat = given::flat(text).replace('|', "\u{2758}");
    if flat.is_empty() {
        return flat;
    }
    let longest = flat.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let mark = "`".repeat(longest + 1);
    // a blank at both ends is taken away again by the reader
    let blank = if longest > 0 { " " } else { "" };
    format!("{mark}{blank}{flat}{blank}{mark}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_link_becomes_code() {
        for word in ["dpo@example.com", "https://example.com/a?b=c", "WWW.example.com", "@someone", "#12", "gh-7", ":smile:"] {
            assert_eq!(escape(word), format!("`{word}`"));
        }
        for word in ["14:05:00", "2026-11-22T10:00:00+01:00", "a/b", "C#", "x = 3", "EI:0.75"] {
            assert_eq!(escape(word).replace('\\', ""), word);
        }
    }

    #[test]
    fn marks_lose_their_meaning() {
        assert_eq!(escape("[a](b) <b> *c* `d` | ~e~"), r"\[a\](b) &lt;b&gt; \*c\* &#96;d&#96; \| \~e\~");
        assert_eq!(line_start("- a"), r"\- a");
        assert_eq!(line_start("1. a"), r"1\. a");
    }

    #[test]
    fn code_holds_backquotes() {
        assert_eq!(exact("a``b"), "``` a``b ```");
    }
}
