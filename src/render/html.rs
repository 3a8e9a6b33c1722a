//! HTML: the report as one page that needs nothing but itself, for a screen, a phone and A4 paper.

use super::answers::{Group, Said};
use super::given;
use super::json::Input;
use super::markup::Markup;
use super::picture::{self, Picture};
use super::report::{Block, Card, Cell, Entry, Fact, Paper, Report, Section, Table, Tone, report};
use super::say::Say;
use crate::assess::Assessment;
use crate::incident::Incident;
use crate::method::Method;
use crate::texts::Texts;

const STYLE: &str = include_str!("../../data/templates/report.css");

/// One document with a section for each incident.
#[derive(Default)]
pub struct Document {
    /// The first section, kept back until it is known whether it is the only one; with its title.
    first: Option<(String, String)>,
    /// How many incidents there are.
    incidents: usize,
    /// How many pictures there are.
    pictures: usize,
}

impl Document {
    /// Adds an incident's section, and gives what can be written by now.
    pub fn add(&mut self, a: &Assessment, incident: &Incident, method: &Method, texts: &Texts, input: &Input) -> String {
        let say = Say { a, incident, method, texts };
        self.incidents += 1;
        let report = report(say, input);
        let mut page = Page { out: Markup::default(), say, pictures: self.pictures };
        page.incident(&report, self.incidents);
        self.pictures = page.pictures;
        let section = page.out.finish();
        match (self.incidents, self.first.take()) {
            (1, _) => {
                self.first = Some((format!("{} {}", report.id, report.title), section));
                String::new()
            }
            (_, Some((_, first))) => head(texts, &texts.say("report-of-many", &[])) + &first + &section,
            (_, None) => section,
        }
    }

    /// Gives the rest; nothing where there was no incident.
    pub fn end(self, texts: &Texts) -> String {
        let begin = match self.first {
            Some((title, section)) => head(texts, &title) + &section,
            None if self.incidents == 0 => return String::new(),
            None => String::new(),
        };
        begin + "</main>\n</body>\n</html>\n"
    }
}

/// Everything before the first section. Nothing may be loaded, run, sent or embedded, whatever else the page says.
fn head(texts: &Texts, incident: &str) -> String {
    let title = texts.say("report-page-title", &[("incident", incident)]);
    let mut out = before(texts, &title);
    out.element("<header class=\"page\"><h1>", &texts.say("report-title", &[]), "</h1></header>\n<main>\n");
    out.finish()
}

/// A page up to the beginning of its body.
fn before(texts: &Texts, title: &str) -> Markup {
    let mut out = Markup::default();
    out.raw("<!DOCTYPE html>\n<html lang=\"").text(texts.language.id()).raw("\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n");
    // phones make links of what looks like a number or an address
    out.raw("<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, url=no\"/>\n");
    out.element("<title>", &given::flat(title), "</title>\n");
    out.raw("<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    out
}

/// A document of its own: a notification, a letter.
pub(super) fn paper(paper: &Paper, say: Say<'_>) -> String {
    let mut page = Page { out: before(say.texts, &paper.title), say, pictures: 0 };
    page.line("<main class=\"paper\">\n<h1>", &paper.title, "</h1>\n");
    if !paper.facts.is_empty() {
        page.facts("<dl class=\"facts\">\n", &paper.facts);
    }
    for section in &paper.sections {
        page.out.raw("<section>\n");
        if !section.title.is_empty() {
            page.line("<h2>", &section.title, "</h2>\n");
        }
        section.blocks.iter().for_each(|block| page.block(block));
        page.out.raw("</section>\n");
    }
    for line in &paper.foot {
        page.line("<p class=\"disclaimer\">", line, "</p>\n");
    }
    page.out.finish() + "</main>\n</body>\n</html>\n"
}

/// One section under construction.
struct Page<'a> {
    out: Markup,
    say: Say<'a>,
    pictures: usize,
}

impl Page<'_> {
    fn incident(&mut self, r: &Report, n: usize) {
        self.out.raw("<section class=\"incident\" aria-labelledby=\"i").number(n).raw("\">\n<header>\n");
        if let Some(warning) = &r.warning {
            self.line("<p class=\"warning\">", warning, "</p>\n");
        }
        self.out.raw("<h2 id=\"i").number(n).raw("\">");
        self.line("<span class=\"number\">", &r.id, "</span> ");
        self.line("", &r.title, "</h2>\n");
        self.out.raw(if r.alarm { "<div class=\"outcome alarm\">\n" } else { "<div class=\"outcome calm\">\n" });
        self.line("<p class=\"verdict\">", &r.outcome, "</p>\n");
        for line in &r.lines {
            self.line("<p>", line, "</p>\n");
        }
        self.out.raw("</div>\n");
        self.facts("<dl class=\"facts\">\n", &r.facts);
        self.out.raw("</header>\n");
        for section in &r.sections {
            self.section(section);
        }
        self.line("<p class=\"disclaimer\">", &r.disclaimer, "</p>\n</section>\n");
    }

    /// A text on one line.
    fn line(&mut self, open: &'static str, text: &str, close: &'static str) {
        self.out.element(open, &given::flat(text), close);
    }

    /// A text of the user's own, in its paragraphs.
    fn given(&mut self, text: &str) {
        for paragraph in given::paragraphs(text) {
            self.out.raw("<p>");
            for (i, line) in paragraph.iter().enumerate() {
                self.out.element(if i > 0 { "<br/>" } else { "" }, line, "");
            }
            self.out.raw("</p>\n");
        }
    }

    fn section(&mut self, section: &Section) {
        self.line("<section>\n<h3>", &section.title, "</h3>\n");
        for block in &section.blocks {
            self.block(block);
        }
        self.out.raw("</section>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.line("<h4>", text, "</h4>\n"),
            Block::Line(text) => self.line("<p>", text, "</p>\n"),
            Block::Strong(text) => self.line("<p class=\"sum\">", text, "</p>\n"),
            Block::Items(items) => {
                self.out.raw("<ul>\n");
                for item in items {
                    self.line("<li>", item, "</li>\n");
                }
                self.out.raw("</ul>\n");
            }
            Block::Cards(cards) => {
                self.out.raw("<ul class=\"cards\">\n");
                for card in cards {
                    self.card(card);
                }
                self.out.raw("</ul>\n");
            }
            Block::Table(table) => self.table(table),
            Block::Fact(fact) => self.facts("<dl class=\"facts\">\n", std::slice::from_ref(fact)),
            Block::Picture(picture) => self.picture(picture),
            Block::Answers(groups) => groups.iter().for_each(|group| self.answers(group)),
            Block::Entries(entries) => self.entries(entries),
        }
    }

    fn card(&mut self, card: &Card) {
        self.out.raw(match card.tone {
            Tone::Alarm => "<li class=\"card alarm\">\n",
            Tone::Due => "<li class=\"card due\">\n",
            Tone::Done => "<li class=\"card done\">\n",
            Tone::Quiet => "<li class=\"card quiet\">\n",
        });
        self.line("<p class=\"title\">", &card.title, "");
        if let Some(badge) = &card.badge {
            self.line(" <span class=\"badge\">", badge, "</span>");
        }
        self.out.raw("</p>\n");
        if let Some(text) = &card.text {
            self.line("<p>", text, "</p>\n");
        }
        self.facts("<dl class=\"facts\">\n", &card.facts);
        if let Some(aside) = &card.aside {
            self.line("<p class=\"aside\">", aside, "</p>\n");
        }
        self.out.raw("</li>\n");
    }

    fn facts(&mut self, open: &'static str, facts: &[Fact]) {
        self.out.raw(open);
        for fact in facts {
            self.line("<div><dt>", &fact.name, "</dt><dd>");
            self.cell(&fact.value);
            self.out.raw("</dd></div>\n");
        }
        self.out.raw("</dl>\n");
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Exact(text) => self.line("<code>", text, "</code>"),
            Cell::When(text) => {
                // a date that is broken at its hyphens is hard to read
                self.out.raw("<span class=\"when\">");
                for (i, word) in given::flat(text).split(' ').enumerate() {
                    self.out.element(if i > 0 { " <span>" } else { "<span>" }, word, "</span>");
                }
                self.out.raw("</span>");
            }
            Cell::Text(paragraphs) if paragraphs.len() == 1 => self.line("", &paragraphs[0], ""),
            Cell::Text(paragraphs) => {
                for paragraph in paragraphs {
                    self.line("<p>", paragraph, "</p>");
                }
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.line("<table>\n<caption>", &table.caption, "</caption>\n<thead><tr>");
        for name in &table.head {
            self.line("<th scope=\"col\">", name, "</th>");
        }
        self.out.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.out.raw("<tr>");
            for (i, cell) in row.iter().enumerate() {
                self.out.raw(if i == 0 { "<th scope=\"row\">" } else { "<td>" });
                self.cell(cell);
                self.out.raw(if i == 0 { "</th>" } else { "</td>" });
            }
            self.out.raw("</tr>\n");
        }
        self.out.raw("</tbody>\n</table>\n");
    }

    fn picture(&mut self, picture: &Picture) {
        self.pictures += 1;
        self.line("<figure>\n<figcaption>", &picture.title, "</figcaption>\n");
        picture::draw(picture, self.pictures, &mut self.out);
        if let Some(legend) = &picture.legend {
            self.line("<p class=\"legend\">", legend, "</p>\n");
        }
        self.out.raw("</figure>\n");
    }

    fn answers(&mut self, group: &Group) {
        self.line("<h4>", &group.name, "</h4>\n<dl class=\"answers\">\n");
        for answer in &group.answers {
            self.out.raw(if answer.is_reason() { "<div class=\"reason\">" } else { "<div>" });
            self.line("<dt>", &answer.name, "");
            self.line(" <code>", &answer.path, "</code></dt>\n<dd>");
            self.said(&answer.said);
            self.out.raw("</dd></div>\n");
        }
        self.out.raw("</dl>\n");
    }

    /// What an answer says.
    fn said(&mut self, said: &Said) {
        match said {
            Said::Text(text) => self.given(text),
            Said::Word(word) => self.line("", word, ""),
            Said::Moment(moment) => self.line("", &self.say.moment(*moment), ""),
            Said::Words(words) => self.line("", &words.join(", "), ""),
            Said::List(entries) if entries.len() == 1 => self.given(&entries[0]),
            Said::List(entries) => {
                self.out.raw("<ul>\n");
                for entry in entries {
                    self.out.raw("<li>");
                    self.given(entry);
                    self.out.raw("</li>\n");
                }
                self.out.raw("</ul>\n");
            }
        }
    }

    /// What a document says: fields with a name beside each other, others as they are.
    fn entries(&mut self, entries: &[Entry]) {
        for named in entries.chunk_by(|a, b| a.name.is_some() == b.name.is_some()) {
            let list = named[0].name.is_some();
            self.out.raw(if list { "<dl class=\"entries\">\n" } else { "<div class=\"entries\">\n" });
            for entry in named {
                self.out.raw("<div>");
                if let Some(name) = &entry.name {
                    self.line("<dt>", name, "");
                    if let Some(provision) = &entry.provision {
                        self.line(" <small>", provision, "</small>");
                    }
                    self.out.raw("</dt><dd>");
                }
                match &entry.said {
                    Ok(said) => self.said(said),
                    Err(blank) => self.line("<span class=\"blank\">", blank, "</span>"),
                }
                self.out.raw(if list { "</dd></div>\n" } else { "</div>\n" });
            }
            self.out.raw(if list { "</dl>\n" } else { "</div>\n" });
        }
    }
}
