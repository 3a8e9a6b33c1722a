//! The register as one page that needs nothing but itself, for a screen, a phone and A4 paper.

use super::super::given;
use super::super::markup::Markup;
use super::super::picture;
use super::paper::{Paper, Sheet, Table};

const STYLE: &str = include_str!("../../../data/templates/report.css");

/// Writes the page. Nothing may be loaded, run, sent or embedded, whatever else it says.
pub fn write(paper: &Paper) -> String {
    let mut out = Markup::default();
    out.raw("<!DOCTYPE html>\n<html lang=\"").text(&paper.language).raw("\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n");
    out.raw("<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, url=no\"/>\n");
    out.element("<title>", &paper.title, "</title>\n");
    out.raw("<style>\n").raw(STYLE).raw("</style>\n</head>\n<body class=\"broad\">\n");
    out.element("<header class=\"page paper\"><h1>", &paper.title, "</h1></header>\n<main>\n<section class=\"incident\">\n");
    for text in &paper.lines {
        line(&mut out, "<p>", text, "</p>\n");
    }
    out.raw("<section>\n");
    line(&mut out, "<h3>", &paper.statistics.0, "</h3>\n");
    if !paper.statistics.1.rows.is_empty() {
        line(&mut out, "<figure>\n<figcaption>", &paper.picture.title, "</figcaption>\n");
        picture::draw(&paper.picture, 1, &mut out);
        if let Some(legend) = &paper.picture.legend {
            line(&mut out, "<p class=\"legend\">", legend, "</p>\n");
        }
        out.raw("</figure>\n");
    }
    table(&mut out, &paper.statistics.1);
    out.raw("</section>\n<section>\n");
    line(&mut out, "<h3>", &paper.overview.0, "</h3>\n");
    table(&mut out, &paper.overview.1);
    out.raw("<ul class=\"cards\">\n");
    for sheet in &paper.incidents {
        incident(&mut out, sheet, &paper.fields);
    }
    out.raw("</ul>\n</section>\n</section>\n</main>\n</body>\n</html>\n");
    out.finish()
}

/// A text on one line.
fn line(out: &mut Markup, open: &'static str, text: &str, close: &'static str) {
    out.element(open, &given::flat(text), close);
}

fn table(out: &mut Markup, table: &Table) {
    line(out, "<div class=\"wide\" tabindex=\"0\">\n<table>\n<caption>", &table.caption, "</caption>\n<thead><tr>");
    for name in &table.head {
        line(out, "<th scope=\"col\">", name, "</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.raw("<tr>");
        for (i, cell) in row.iter().enumerate() {
            let (open, close) = if i == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
            line(out, open, cell, close);
        }
        out.raw("</tr>\n");
    }
    out.raw("</tbody>\n</table>\n</div>\n");
}

fn incident(out: &mut Markup, sheet: &Sheet, names: &[String]) {
    out.raw(if sheet.alarm { "<li class=\"card alarm\">\n" } else { "<li class=\"card quiet\">\n" });
    line(out, "<h4 class=\"title\">", &sheet.title, "");
    line(out, " <span class=\"badge\">", &sheet.badge, "</span></h4>\n");
    if let Some(text) = &sheet.superseded {
        line(out, "<p class=\"aside\">", text, "</p>\n");
    }
    out.raw("<dl class=\"facts\">\n");
    // the number and the title stand above
    for (name, cell) in names.iter().zip(&sheet.cells).skip(2).filter(|(_, cell)| !cell.is_empty()) {
        line(out, "<div><dt>", name, "</dt><dd>");
        for paragraph in cell.iter().flat_map(|text| given::paragraphs(text)) {
            out.raw("<p>");
            for (i, text) in paragraph.iter().enumerate() {
                out.element(if i > 0 { "<br/>" } else { "" }, text, "");
            }
            out.raw("</p>");
        }
        out.raw("</dd></div>\n");
    }
    out.raw("</dl>\n</li>\n");
}
