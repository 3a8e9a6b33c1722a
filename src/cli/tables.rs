//! `breach tables`: the data in force, a lint for one's own, and what differs.

mod check;
mod diff;
mod list;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};

use super::Exit;
use super::deferred::Deferred;

pub const EXAMPLES: &str = "\
Examples:
  breach tables list                                 every table with its version and digest
  breach tables show edpb > own/practices/house.toml begin a table of your own with a copy
  breach tables check own                            everything that is wrong with your own tables
  breach tables diff edpb own/practices/house.toml   what differs, key by key
  breach tables diff edpb pl-uodo --incidents past/  and whose outcome would change";

/// The commands of `tables`.
#[derive(Args)]
pub struct TablesArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Every table: kind, id, version, status, where it is from, digest, title
    List(Deferred<list::ListArgs>),
    /// One table as its file says it; of a practice that builds on another, the rules that result too
    Show(Deferred<list::ShowArgs>),
    /// Everything that is wrong with tables of your own (exit code 1 if anything is)
    Check(Deferred<check::CheckArgs>),
    /// What differs between two tables, or two folders of them (exit code 1 if anything does)
    Diff(Deferred<diff::DiffArgs>),
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub fn run(args: &TablesArgs) -> Result<Exit> {
    match &args.command {
        Command::List(args) => list::list(args),
        Command::Show(args) => list::show(args),
        Command::Check(args) => check::run(args),
        Command::Diff(args) => diff::run(args),
    }
}
