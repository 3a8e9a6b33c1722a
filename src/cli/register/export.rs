//! `breach register export`: the register for an authority, or for a spreadsheet.

use std::io::IsTerminal;

use anyhow::Context;
use breach::register::chain::Head;
use breach::register::view::{Filter, View};
use breach::render::register::paper::paper;
use breach::render::register::words::Words;
use breach::render::register::{html, markdown, sheets};
use clap::{Args, ValueEnum};

use super::super::emit::{Out, Usage, shown};
use super::super::{Exit, OutArgs};
use super::list::FilterArgs;
use super::{ReadArgs, Register, cannot, look, open};

/// Options of `register export`.
#[derive(Args)]
pub struct ExportArgs {
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page for screen and paper, with yearly statistics and a picture
    Html,
    /// The same in words, GitHub-flavoured
    Markdown,
    /// A row an incident
    Csv,
    /// A workbook: the incidents, the years with a chart
    Xlsx,
}

/// Runs the command.
pub(super) fn run(args: &ExportArgs, register: Register<'_>) -> anyhow::Result<Exit> {
    let texts = args.read.house.texts()?;
    if args.format == Format::Xlsx && args.out.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Usage("a workbook is nothing for a terminal; name a file with -o".into()).into());
    }
    let mut out = Out::open(&args.out)?;
    let path = register.path(&args.read.house.config)?;
    let filter: Filter = args.filter.filter();
    let mut head = Head::default();
    let view = match View::read_with_head(open(&path)?, &filter, args.read.now(), &mut head) {
        Ok(view) => view,
        Err(e) => return cannot(&path, e, &texts),
    };
    if let Some(broken) = &view.fault {
        look(&path, broken, &texts);
    }
    let paper = paper(&view.rows, &head, args.read.now(), Words { texts: &texts, method: &args.read.house.method()? });
    match args.format {
        Format::Html => out.write(html::write(&paper))?,
        Format::Markdown => out.write(markdown::write(&paper))?,
        Format::Csv => out.write(sheets::csv(&paper))?,
        Format::Xlsx => out.write(&sheets::xlsx(&paper).with_context(|| format!("cannot write {} as a workbook", shown(&path)))?)?,
    }
    out.finish(true)?;
    Ok(Exit::Done)
}
