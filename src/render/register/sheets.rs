//! The register for spreadsheets: rows as CSV, and a workbook with a second sheet for the years and a chart of them.

use rust_xlsxwriter::{Chart, ChartType, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use super::super::csv;
use super::super::given::flat;
use super::paper::Paper;

/// Writes a header and a row an incident.
pub fn csv(paper: &Paper) -> String {
    let mut out = csv::line(paper.fields.iter().map(|name| csv::inert_cell(name)).collect());
    for sheet in &paper.incidents {
        out.push_str(&csv::line(sheet.cells.iter().map(|cell| csv::inert_cell(&cell.join("; "))).collect()));
    }
    out
}

/// The longest text that a cell holds, in characters.
const LONGEST: usize = 32_767;
/// The widest a column is made, in characters.
const WIDEST: f64 = 48.0;
/// Of the columns of the statistics, the first and the last that count what followed.
const COUNTED: [u16; 2] = [2, 6];

/// Writes a workbook. Every text is written as one, so that nothing is taken for a formula or a link.
///
/// # Errors
/// If the register has more rows than a sheet.
pub fn xlsx(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // the same register gives the same bytes, whenever that is
    let day = ExcelDateTime::from_ymd(2018, 5, 25)?;
    book.set_properties(&DocProperties::new().set_title(&paper.title).set_creation_datetime(&day));
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);

    let sheet = book.add_worksheet().set_name(&paper.sheets[0])?;
    sheet.set_freeze_panes(1, 1)?;
    for (x, name) in (0..).zip(&paper.fields) {
        sheet.write_string_with_format(0, x, text(name), &bold)?;
        let widest = paper.incidents.iter().filter_map(|s| s.cells.get(usize::from(x))).flatten().map(|t| t.chars().count()).max();
        sheet.set_column_width(x, (widest.unwrap_or(0).max(name.chars().count()) as f64 + 2.0).min(WIDEST))?;
    }
    for (y, incident) in (1..).zip(&paper.incidents) {
        for (x, cell) in (0..).zip(&incident.cells) {
            let lines: Vec<String> = cell.iter().map(|t| flat(t)).collect();
            sheet.write_string_with_format(y, x, shortened(lines.join("\n")), &plain)?;
        }
    }

    let name = paper.sheets[1].as_str();
    let table = &paper.statistics.1;
    let sheet = book.add_worksheet().set_name(name)?;
    for (x, head) in (0..).zip(&table.head) {
        sheet.write_string_with_format(0, x, text(head), &bold)?;
        sheet.set_column_width(x, 16)?;
    }
    for (y, row) in (1..).zip(&table.rows) {
        for (x, cell) in (0..).zip(row) {
            match cell.parse::<u32>() {
                Ok(n) if x > 0 => sheet.write_number(y, x, n)?,
                _ => sheet.write_string_with_format(y, x, text(cell), &plain)?,
            };
        }
    }
    let last = table.rows.len() as u32;
    if last > 0 {
        let mut chart = Chart::new(ChartType::ColumnStacked);
        chart.title().set_name(&paper.picture.title);
        for x in COUNTED[0]..=COUNTED[1] {
            let series = chart.add_series();
            series.set_categories((name, 1, 0, last, 0)).set_values((name, 1, x, last, x)).set_name((name, 0, x));
        }
        sheet.insert_chart(last + 2, 0, &chart)?;
    }
    book.save_to_buffer()
}

fn text(text: &str) -> String {
    shortened(flat(text))
}

/// A text as long as a cell may be.
fn shortened(text: String) -> String {
    // the limit is one of UTF-16 units
    if text.encode_utf16().count() <= LONGEST {
        return text;
    }
    let mut units = 1;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= LONGEST
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
