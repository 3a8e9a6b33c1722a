//! `breach register list`: the incidents, filtered, in the columns of one's choice.

use breach::duties::Outcome;
use breach::incident::moment::Moment;
use breach::incident::words::{Level, Word};
use breach::register::column::{Column, USUAL};
use breach::register::view::Filter;
use breach::render::register::list;
use breach::render::register::words::Words;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use strum::{VariantArray, VariantNames};

use super::super::emit::{self, Out};
use super::super::{Exit, OutArgs};
use super::{ReadArgs, Register};

/// Which entries.
#[derive(Args)]
pub struct FilterArgs {
    /// Only incidents with something left to do
    #[arg(long)]
    open: bool,
    /// Only incidents with a duty past its outer deadline
    #[arg(long)]
    overdue: bool,
    /// Only incidents with this outcome; repeatable
    #[arg(long, value_name = "OUTCOME", value_parser = PossibleValuesParser::new(<Outcome as VariantNames>::VARIANTS).try_map(|o| o.parse::<Outcome>()))]
    outcome: Vec<Outcome>,
    /// Only incidents of this level; repeatable
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(Level::ids()).try_map(|l| l.parse::<Level>()))]
    level: Vec<Level>,
    /// Only what was entered on that day or at that time, or later
    #[arg(long, value_name = "DAY|RFC3339", value_parser = since)]
    since: Option<Moment>,
    /// Only incidents with this in one of their texts, upper and lower case alike
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Superseded entries too
    #[arg(long)]
    history: bool,
}

impl FilterArgs {
    /// The filter that they make.
    pub fn filter(&self) -> Filter {
        Filter {
            open: self.open,
            overdue: self.overdue,
            outcomes: self.outcome.clone(),
            levels: self.level.clone(),
            since: self.since,
            text: self.text.clone(),
            history: self.history,
            records: true,
        }
    }
}

fn since(said: &str) -> Result<Moment, String> {
    match Moment::read(said) {
        Ok(moment @ (Moment::Instant(_) | Moment::Day(_))) => Ok(moment),
        _ => Err("write a day like 2026-11-22, or a time with its offset like 2026-11-22T10:00:00+01:00".into()),
    }
}

/// Options of `register list`.
#[derive(Args)]
pub struct ListArgs {
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// The columns, separated by commas, in this order [default: the usual ones in text, all in json and csv]
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', value_parser = PossibleValuesParser::new(<Column as VariantNames>::VARIANTS).try_map(|c| c.parse::<Column>()))]
    columns: Vec<Column>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person: a line an incident, related ones together
    Text,
    /// For programs: objects one after another
    Json,
    /// For spreadsheets
    Csv,
}

/// Runs the command.
pub(super) fn run(args: &ListArgs, register: Register<'_>) -> anyhow::Result<Exit> {
    let texts = args.read.house.texts()?;
    let mut out = Out::open(&args.out)?;
    let chosen = Some(args.columns.as_slice()).filter(|c| !c.is_empty());
    let all = || chosen.unwrap_or(<Column as VariantArray>::VARIANTS);
    let shown = if args.format == Format::Text { chosen.unwrap_or(&USUAL) } else { all() };
    let filter = Filter { records: shown.iter().any(|c| c.is_of_record()), ..args.filter.filter() };
    let rows = match args.read.view(register, &filter, &texts)? {
        Ok(rows) => rows,
        Err(exit) => return Ok(exit),
    };
    let now = args.read.now();
    let written = match args.format {
        Format::Text if rows.is_empty() => {
            emit::say(&texts.say("register-nothing", &[]));
            String::new()
        }
        Format::Text => list::text(&rows, chosen, now, Words { texts: &texts, method: &args.read.house.method()? }),
        Format::Json => list::json(&rows, all(), now),
        Format::Csv => list::csv(&rows, all(), now),
    };
    out.write(&written)?;
    out.finish(true)?;
    // the program ends here, and its memory is given back faster at once than entry by entry
    std::mem::forget(rows);
    Ok(Exit::Done)
}
