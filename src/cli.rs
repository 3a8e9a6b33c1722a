//! The command line: options, inputs, outputs, exit codes. Everything else is the library's.

mod assess;
mod batch;
mod check;
mod config;
mod deferred;
mod draft;
mod emit;
mod explain;
mod generate;
mod input;
mod interview;
mod new;
mod progress;
mod register;
mod schema;
mod score;
mod tables;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use breach::config::Config;
use breach::desk::{Choices, Desk, METHOD};
use breach::duties::Time;
use breach::incident::moment::Moment;
use breach::language::Language;
use breach::method::Method;
use breach::tables::{Choice, Kind, Loaded, TableError, Tables};
use breach::texts::Texts;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use deferred::Deferred;

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
    term_width = 100,
    after_help = "Exit codes: 0 done, 1 found (--fail-on, errors of check), 2 invalid input or command line, 3 the machine failed."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Assess incident files, folders of them, or standard input
    #[command(after_help = assess::EXAMPLES)]
    Assess(Deferred<assess::AssessArgs>),
    /// Gate for CI: valid, complete, duties met in time, recorded decisions still what the tables give
    #[command(after_help = check::EXAMPLES)]
    Check(Deferred<check::CheckArgs>),
    /// Draft the notification to the authority, or the communication to the people concerned
    #[command(after_help = draft::EXAMPLES)]
    Draft(draft::DraftArgs),
    /// Read the tables: categories, levels, rules, regimes, countries, provisions, codes
    #[command(after_help = explain::EXAMPLES)]
    Explain(Deferred<explain::ExplainArgs>),
    /// Score vectors from arguments, or one a line from standard input
    #[command(after_help = score::EXAMPLES)]
    Score(Deferred<score::ScoreArgs>),
    /// Make an incident file: a commented template, or an interview on a terminal
    #[command(after_help = new::EXAMPLES)]
    New(Deferred<new::NewArgs>),
    /// The register of breaches (GDPR art. 33(5)): add, list, show, verify, export, reassess
    #[command(after_help = register::EXAMPLES)]
    Register(register::RegisterArgs),
    /// Print the JSON Schema of a file kind, for editors and programs
    #[command(after_help = schema::EXAMPLES)]
    Schema(Deferred<schema::SchemaArgs>),
    /// Print the completions of a shell
    #[command(after_help = generate::COMPLETION_EXAMPLES)]
    Completions(Deferred<generate::CompletionArgs>),
    /// Print the manual page, or write those of all commands
    #[command(after_help = generate::MAN_EXAMPLES)]
    Man(Deferred<generate::ManArgs>),
    /// The tables in force: list, show, check and compare them
    #[command(after_help = tables::EXAMPLES)]
    Tables(tables::TablesArgs),
}

/// What scores are made with.
#[derive(Args)]
struct MethodArgs {
    /// The method: an id, or a file of your own [default: enisa-2013]
    #[arg(long, value_name = "ID|FILE", value_parser = generate::TableName(Kind::Method), hide_possible_values = true)]
    method: Option<Choice>,
    /// A folder of tables of your own, laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    config: config::ConfigArgs,
}

/// What incidents are assessed with.
#[derive(Args)]
struct RuleArgs {
    #[command(flatten)]
    method: MethodArgs,
    /// The practice, the legal reading of a score: an id, or a file of your own [default: the country's]
    #[arg(long, value_name = "ID|FILE", value_parser = generate::TableName(Kind::Practice), hide_possible_values = true)]
    practice: Option<Choice>,
    /// A regime, the law that applies: an id, or a file of your own; repeatable [default: by country and sector]
    #[arg(long, value_name = "ID|FILE", value_parser = generate::TableName(Kind::Regime), hide_possible_values = true)]
    regime: Vec<Choice>,
    /// The language of what is said about incidents [default: breach.toml's, else en]
    #[arg(long, value_name = "LANG", value_parser = languages())]
    lang: Option<Language>,
    /// The time to assess for, RFC 3339 [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = now)]
    now: Option<Time>,
}

impl MethodArgs {
    /// The built-in tables, with the user's own folder over them, and the method that was chosen.
    fn tables(&self, house: &Config) -> Result<(Tables, Choice), TableError> {
        let folder = self.data.as_deref().or(house.data.as_deref().map(Path::new));
        let tables = folder.map_or_else(|| Ok(Tables::default()), Tables::with)?;
        let method = self.method.clone().or_else(|| house.method.clone());
        Ok((tables, method.unwrap_or_else(|| Choice::Id(METHOD.into()))))
    }

    /// The tables, and the method of them that was chosen, by the command line or the house's settings.
    fn choose(&self) -> Result<(Tables, Choice), TableError> {
        self.tables(&self.config.load()?.config)
    }

    /// The method that scores are made with.
    fn method(&self) -> Result<Loaded<Method>, TableError> {
        let (tables, method) = self.choose()?;
        tables.method(&method)
    }
}

impl RuleArgs {
    /// The tables, and what is chosen of them: what the command line says goes before the house's settings.
    fn choose(&self) -> Result<(Tables, Choices), TableError> {
        let house = self.method.config.load()?.config;
        let (tables, method) = self.method.tables(&house)?;
        let practice = self.practice.clone().or_else(|| house.practice.clone());
        let regimes = if self.regime.is_empty() { house.regime.clone() } else { self.regime.clone() };
        Ok((tables, Choices { method, practice, regimes, house }))
    }

    /// The tables of a run.
    fn desk(&self) -> Result<Desk, TableError> {
        let (tables, choices) = self.choose()?;
        Desk::new(tables, choices)
    }

    /// The language that was chosen, by the command line or the house's settings.
    fn language(&self, desk: &Desk) -> Option<Language> {
        self.lang.or(desk.house().lang)
    }

    /// The sentences in the language that was chosen, English where none was.
    fn texts(&self, desk: &Desk) -> Texts {
        Texts::of(self.language(desk).unwrap_or(Language::ENGLISH))
    }

    /// The time to assess for. The only place that asks the clock.
    fn time(&self) -> Time {
        self.now.unwrap_or_else(|| chrono::Utc::now().fixed_offset())
    }
}

fn languages() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::IDS).map(|id| id.parse::<Language>().unwrap_or(Language::ENGLISH))
}

fn now(text: &str) -> Result<Time, String> {
    match Moment::read(text) {
        Ok(Moment::Instant(t)) => Ok(t),
        _ => Err("write it as RFC 3339 with an offset, like 2026-11-22T10:00:00+01:00".into()),
    }
}

/// Incidents to read.
#[derive(Args)]
struct InputArgs {
    /// Incident files (TOML, JSON, JSON Lines), folders of them, or `-`
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The form of standard input
    #[arg(long, value_enum, default_value_t = input::Form::Toml, value_name = "FORM")]
    input_format: input::Form,
}

/// Where the result goes.
#[derive(Args)]
struct OutArgs {
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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
    // no colour but on a terminal, whatever the environment says
    let colour = if emit::on_terminal(&std::io::stdout()) && emit::on_terminal(&std::io::stderr()) {
        clap::ColorChoice::Auto
    } else {
        clap::ColorChoice::Never
    };
    let parsed = Cli::command().color(colour).try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(e) => {
            return match e.print() {
                Err(io) if io.kind() != std::io::ErrorKind::BrokenPipe => {
                    emit::say(&format!("error: cannot write to standard output: {io}"));
                    ExitCode::from(Exit::Machine as u8)
                }
                // help that nobody reads to its end is no fault
                _ => ExitCode::from(e.exit_code() as u8),
            };
        }
    };
    let done = match cli.command {
        Command::Assess(args) => assess::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Draft(args) => draft::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Score(args) => score::run(&args),
        Command::New(args) => new::run(&args),
        Command::Register(args) => register::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => generate::completions(&args),
        Command::Man(args) => generate::man(&args),
        Command::Tables(args) => tables::run(&args),
    };
    let exit = done.unwrap_or_else(|e| emit::failed(&e));
    ExitCode::from(exit as u8)
}
