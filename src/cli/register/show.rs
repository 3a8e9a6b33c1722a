//! `breach register show`: one incident with its history.

use anyhow::anyhow;
use breach::register::each::each;
use breach::register::view::{Filter, Row};
use breach::render::register::show::{self, Shown};
use breach::render::register::words::Words;
use clap::{Args, ValueEnum};
use serde_json::Value;

use super::super::emit::{Out, Usage, shown};
use super::super::{Exit, OutArgs};
use super::{ReadArgs, Register, cannot, open};

/// Options of `register show`.
#[derive(Args)]
pub struct ShowArgs {
    /// The incident's number
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    read: ReadArgs,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person: the last entry, and those before it
    Text,
    /// The lines of the register, as they are
    Json,
}

/// Runs the command.
pub(super) fn run(args: &ShowArgs, register: Register<'_>) -> anyhow::Result<Exit> {
    let texts = args.read.house.texts()?;
    let path = register.path(&args.read.house.config)?;
    let mut out = Out::open(&args.out)?;
    let id = args.id.trim();
    let all = match args.read.view(register, &Filter { history: true, ..Filter::default() }, &texts)? {
        Ok(rows) => rows,
        Err(exit) => return Ok(exit),
    };
    let mut rows: Vec<Row> = all.iter().filter(|row| row.entry.id == id).cloned().collect();
    let Some(last) = rows.last_mut() else {
        return Err(Usage(format!("no incident {id:?} in {}; `breach register list` shows them", shown(&path))).into());
    };
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut value = Value::Null;
    let read = each(open(&path)?, |whole| {
        if whole.entry.id == id {
            lines.push(whole.line.to_vec());
            if whole.entry.sequence == last.entry.sequence {
                value = whole.value().unwrap_or_default();
                last.record = Some(Box::new(whole.record()?));
            }
        }
        Ok(())
    });
    if let Err(e) = read {
        return cannot(&path, e, &texts);
    }
    let last = &*last;
    let related: Vec<Row> = all.iter().filter(|row| !row.superseded && row.entry.id != id && row.is_related(last)).cloned().collect();
    let written = match args.format {
        Format::Text => {
            let say = Words { texts: &texts, method: &args.read.house.method()? };
            show::text(&Shown { rows: &rows, line: &value, related: &related }, args.read.now(), say)
        }
        Format::Json => String::from_utf8(lines.concat()).map_err(|_| anyhow!("{}: not UTF-8", shown(&path)))?,
    };
    out.write(&written)?;
    out.finish(true)?;
    Ok(Exit::Done)
}
