//! `breach register`: the register of breaches (GDPR art. 33(5)).

mod add;
mod export;
mod list;
mod reassess;
mod show;
mod verify;

use std::path::{Path, PathBuf};

use anyhow::Context;
use breach::desk::METHOD;
use breach::duties::Time;
use breach::language::Language;
use breach::method::Method;
use breach::register::NAME;
use breach::register::chain::Fault;
use breach::register::each::ReadError;
use breach::register::read::Lines;
use breach::register::view::{Filter, Row, View};
use breach::render::register::fault;
use breach::tables::{Choice, Tables};
use breach::texts::Texts;
use clap::{Args, Subcommand};

use super::config::ConfigArgs;
use super::emit::{self, shown};
use super::{Exit, languages, now};

pub const EXAMPLES: &str = "\
Examples:
  breach register add incident.toml               enter it; a later state is entered in the same way
  breach register add --not-a-breach alarm.toml   what was found not to be a breach, and why
  breach register list --open                     what is left to do
  breach register show 2026-014                   an incident with its history
  breach register verify --expect HASH            nothing altered, nothing cut off since that hash
  breach register export -o register.html         the register as an authority asks for it
  breach register reassess                        what today's tables would decide otherwise";

/// Options of `register`.
#[derive(Args)]
pub struct RegisterArgs {
    /// The register [default: the settings', else register.jsonl]
    #[arg(long, value_name = "FILE", global = true)]
    register: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Enter an incident with its assessment; a later state takes the place of the earlier one, which stays
    Add(add::AddArgs),
    /// List the incidents
    List(list::ListArgs),
    /// Show an incident with its history
    Show(show::ShowArgs),
    /// Verify that nothing was altered, removed, moved or put in
    Verify(verify::VerifyArgs),
    /// Write the register for an authority or for a spreadsheet
    Export(export::ExportArgs),
    /// Score the entries again: what would be decided otherwise, and what was decided otherwise on the same answers
    Reassess(reassess::ReassessArgs),
}

/// Runs the command.
pub fn run(args: &RegisterArgs) -> anyhow::Result<Exit> {
    let register = Register(args.register.as_deref());
    match &args.command {
        Command::Add(args) => add::run(args, register),
        Command::List(args) => list::run(args, register),
        Command::Show(args) => show::run(args, register),
        Command::Verify(args) => verify::run(args, register),
        Command::Export(args) => export::run(args, register),
        Command::Reassess(args) => reassess::run(args, register),
    }
}

/// The register that the command line names, if it names one.
#[derive(Clone, Copy)]
struct Register<'a>(Option<&'a Path>);

impl Register<'_> {
    fn path(self, config: &ConfigArgs) -> anyhow::Result<PathBuf> {
        Ok(match self.0 {
            Some(path) => path.to_owned(),
            None => config.load()?.config.register.map_or_else(|| NAME.into(), PathBuf::from),
        })
    }
}

/// Which settings apply, and in which language.
#[derive(Args)]
struct HouseArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The language of what is said [default: breach.toml's, else en]
    #[arg(long, value_name = "LANG", value_parser = languages())]
    lang: Option<Language>,
}

impl HouseArgs {
    fn texts(&self) -> anyhow::Result<Texts> {
        texts(self.lang, &self.config)
    }

    /// The method that names levels and types of data: the house's or, where that cannot be had, the built-in one. To look into a register no table is
    /// needed.
    fn method(&self) -> anyhow::Result<Method> {
        let house = self.config.load()?.config;
        let folder = house.data.as_deref().map(Path::new);
        let tables = folder.and_then(|folder| Tables::with(folder).ok()).unwrap_or_default();
        let own = house.method.and_then(|own| tables.method(&own).ok());
        let method = own.map_or_else(|| Tables::default().method(&Choice::Id(METHOD.into())), Ok)?;
        Ok(method.table)
    }
}

/// The sentences in the language that was chosen, by the command line or the house's settings; English where none was.
fn texts(lang: Option<Language>, config: &ConfigArgs) -> anyhow::Result<Texts> {
    Ok(Texts::of(lang.or(config.load()?.config.lang).unwrap_or(Language::ENGLISH)))
}

/// Which settings apply to reading, and as of when.
#[derive(Args)]
struct ReadArgs {
    #[command(flatten)]
    house: HouseArgs,
    /// The time to judge for what is overdue, RFC 3339 [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = now)]
    now: Option<Time>,
}

impl ReadArgs {
    fn now(&self) -> Time {
        self.now.unwrap_or_else(|| chrono::Utc::now().fixed_offset())
    }

    /// The entries that a filter lets through, and what became of reading them.
    fn view(&self, register: Register<'_>, filter: &Filter, texts: &Texts) -> anyhow::Result<Result<Vec<Row>, Exit>> {
        let path = register.path(&self.house.config)?;
        let view = match View::read(open(&path)?, filter, self.now()) {
            Ok(view) => view,
            Err(e) => return Ok(Err(cannot(&path, e, texts)?)),
        };
        if let Some(broken) = &view.fault {
            look(&path, broken, texts);
        }
        Ok(Ok(view.rows))
    }
}

/// A sentence for standard error: harmless, and never a line more.
fn one_line(text: &str) -> String {
    breach::render::text::inert(text).replace('\n', "\u{fffd}")
}

/// Opens a register for reading.
fn open(path: &Path) -> anyhow::Result<Lines> {
    Lines::open(path).with_context(|| format!("cannot read {}", shown(path)))
}

/// Says why a register cannot be read.
fn cannot(path: &Path, error: ReadError, texts: &Texts) -> anyhow::Result<Exit> {
    match error {
        ReadError::Machine(e) => Err(anyhow::Error::new(e).context(format!("cannot read {}", shown(path)))),
        ReadError::Fails(broken) => {
            emit::say(&format!("error: {}: {}", shown(path), one_line(&fault(&broken, texts))));
            Ok(failure(&broken))
        }
    }
}

/// What a register that fails does to the exit code: it was tampered with, or this program knows too little of it.
fn failure(fault: &Fault) -> Exit {
    if fault.how.is_unknown_format() { Exit::Invalid } else { Exit::Found }
}

/// Says that the chain does not hold, to somebody who asked for something else.
fn look(path: &Path, broken: &Fault, texts: &Texts) {
    let said = texts.say("register-look", &[("fault", &fault(broken, texts))]);
    emit::say(&format!("warning: {}: {}", shown(path), one_line(&said)));
}
