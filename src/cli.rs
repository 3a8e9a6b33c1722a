//! The command line: options, inputs, outputs, exit codes. Everything else is the library's.

mod assess;
mod desk;
mod emit;
mod input;
mod score;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Exit codes, the same everywhere; of several the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Done.
    Done = 0,
    /// Done, and what was asked about was found.
    Found = 1,
    /// Input or command line invalid.
    Invalid = 2,
    /// The machine failed.
    Machine = 3,
}

/// Severity and duties of a personal data breach under the GDPR, from one incident file.
#[derive(Parser)]
#[command(
    name = "breach",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 found (--fail-on), 2 invalid input or command line, 3 the machine failed."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Assess incident files, folders of them, or standard input
    #[command(after_help = assess::EXAMPLES)]
    Assess(assess::AssessArgs),
    /// Score vectors from arguments, or one a line from standard input
    #[command(after_help = score::EXAMPLES)]
    Score(score::ScoreArgs),
}

/// Which tables results are made with.
#[derive(Args)]
struct TableArgs {
    /// The method: an id, or a file of your own
    #[arg(long, value_name = "ID|FILE", default_value = desk::METHOD)]
    method: breach::tables::Choice,
    /// A folder of tables of your own, laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<std::path::PathBuf>,
}

/// Where the result goes.
#[derive(Args)]
struct OutArgs {
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
    /// Colour in text
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

/// When text has colours.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal only
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Runs the program on its arguments.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            // help that nobody reads to its end is no fault
            let _ = e.print();
            return ExitCode::from(e.exit_code() as u8);
        }
    };
    let done = match cli.command {
        Command::Assess(args) => assess::run(&args),
        Command::Score(args) => score::run(&args),
    };
    let exit = done.unwrap_or_else(|e| emit::failed(&e));
    ExitCode::from(exit as u8)
}
