//! `breach schema`: what editors complete and check with.

use breach::guide::Guide;
use breach::schema::{self, Kind};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

use super::emit::Out;
use super::{Exit, MethodArgs, OutArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach schema incident -o incident.schema.json    beside an incident file that begins with `#:schema incident.schema.json`
  breach schema config                              for breach.toml
  breach schema incident --method own.toml          with the data types of your own method";

/// Options of `schema`.
#[derive(Args)]
pub struct SchemaArgs {
    /// The kind of file
    #[arg(value_name = "KIND", value_parser = kinds())]
    kind: Kind,
    #[command(flatten)]
    tables: MethodArgs,
    #[command(flatten)]
    out: OutArgs,
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::VARIANTS).try_map(|name| name.parse::<Kind>())
}

/// Runs the command.
pub fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let method = args.tables.method()?;
    let mut out = Out::open(&args.out)?;
    out.write(schema::text(args.kind, &method.table, &Guide::english()))?;
    out.finish(true)?;
    Ok(Exit::Done)
}
