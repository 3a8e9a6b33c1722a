//! `breach register reassess`: what the tables of today would decide otherwise.

use std::collections::HashSet;

use breach::register::each::{ReadError, each};
use breach::register::reassess::Run;
use breach::register::view::{Filter, View};
use breach::render::register::reassess;
use breach::render::register::words::Words;
use breach::texts::Texts;
use clap::{Args, ValueEnum};

use super::super::emit::Out;
use super::super::{Exit, OutArgs, RuleArgs};
use super::{Register, cannot, look, open, texts};

/// Options of `register reassess`.
#[derive(Args)]
pub struct ReassessArgs {
    /// Superseded entries too
    #[arg(long)]
    history: bool,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line a finding, with its reasons
    Text,
    /// For programs: one document
    Json,
}

/// Runs the command.
pub(super) fn run(args: &ReassessArgs, register: Register<'_>) -> anyhow::Result<Exit> {
    let texts = match args.format {
        Format::Json => Texts::english(),
        Format::Text => texts(args.rules.lang, &args.rules.method.config)?,
    };
    let path = register.path(&args.rules.method.config)?;
    let mut desk = args.rules.desk()?;
    let mut out = Out::open(&args.out)?;
    let view = match View::read(open(&path)?, &Filter { history: args.history, ..Filter::default() }, args.rules.time()) {
        Ok(view) => view,
        Err(e) => return cannot(&path, e, &texts),
    };
    if let Some(broken) = &view.fault {
        look(&path, broken, &texts);
    }
    let asked: HashSet<u64> = view.rows.iter().map(|row| row.entry.sequence).collect();
    let mut run = Run::default();
    let mut failed = None;
    let read = each(open(&path)?, |whole| {
        if failed.is_none() && asked.contains(&whole.entry.sequence) {
            failed = run.take(&whole, &mut desk).err();
        }
        Ok::<(), ReadError>(())
    });
    if let Some(e) = failed {
        return Err(e.into());
    }
    if let Err(e) = read {
        return cannot(&path, e, &texts);
    }
    let report = run.finish();
    let say = Words { texts: &texts, method: desk.method() };
    out.write(&match args.format {
        Format::Text => reassess::text(&report, say),
        Format::Json => reassess::json(&report, say),
    })?;
    out.finish(true)?;
    Ok(if report.is_clean() { Exit::Done } else { Exit::Found })
}
