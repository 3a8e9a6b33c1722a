//! The register in Markdown, GitHub's; the picture in words.

use super::super::markdown::{escape, line_start};
use super::paper::{Paper, Sheet, Table};

/// Writes the register.
pub fn write(paper: &Paper) -> String {
    let mut out = format!("# {}\n\n", escape(&paper.title));
    for text in &paper.lines {
        out += &format!("{}\n\n", line_start(&escape(text)));
    }
    out += &format!("## {}\n\n", escape(&paper.statistics.0));
    if !paper.statistics.1.rows.is_empty() {
        out += &format!("{}\n\n", line_start(&escape(&paper.picture.desc)));
    }
    out += &table(&paper.statistics.1);
    out += &format!("## {}\n\n", escape(&paper.overview.0));
    out += &table(&paper.overview.1);
    for sheet in &paper.incidents {
        out += &incident(sheet, &paper.fields);
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = format!("{}\n\n", line_start(&escape(&table.caption)));
    out += &row(table.head.iter().map(|h| escape(h)).collect());
    out += &row(table.head.iter().map(|_| "---".to_owned()).collect());
    for cells in &table.rows {
        out += &row(cells.iter().map(|c| escape(c)).collect());
    }
    out + "\n"
}

fn incident(sheet: &Sheet, names: &[String]) -> String {
    let mut out = format!("### {} ({})\n\n", escape(&sheet.title), escape(&sheet.badge));
    if let Some(text) = &sheet.superseded {
        out += &format!("{}\n\n", line_start(&escape(text)));
    }
    for (name, cell) in names.iter().zip(&sheet.cells).skip(2) {
        match cell.as_slice() {
            [] => {}
            [one] => out += &format!("- **{}**: {}\n", escape(name), escape(one)),
            several => {
                out += &format!("- **{}**:\n", escape(name));
                for text in several {
                    out += &format!("  - {}\n", line_start(&escape(text)));
                }
            }
        }
    }
    out + "\n"
}
