//! `breach completions` and `breach man`: what follows from the command line's own description.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use breach::tables::{Choice, Kind, Tables};
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::emit::{Out, shown};
use super::{Cli, Colour, Exit, OutArgs};

pub const COMPLETION_EXAMPLES: &str = "\
Examples:
  breach completions bash > ~/.local/share/bash-completion/completions/breach
  breach completions zsh > ~/.zfunc/_breach                  with ~/.zfunc in fpath
  breach completions fish > ~/.config/fish/completions/breach.fish";

pub const MAN_EXAMPLES: &str = "\
Examples:
  breach man | man -l -                    the main page
  breach man ~/.local/share/man/man1       a page for every command";

/// Options of `completions`.
#[derive(Args)]
pub struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Options of `man`.
#[derive(Args)]
pub struct ManArgs {
    /// A folder for the pages of all commands; without one, the main page goes to standard output
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints the completions of a shell.
pub fn completions(args: &CompletionArgs) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "breach", &mut text);
    write(None, &text)
}

/// Writes the manual pages.
pub fn man(args: &ManArgs) -> anyhow::Result<Exit> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.folder else {
        return write(None, &page(&Man::new(command))?);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", shown(folder)))?;
    let mut commands = vec![command];
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().filter(|c| !c.is_hide_set()).cloned());
        let man = Man::new(command);
        write(Some(folder.join(man.get_filename())), &page(&man)?)?;
    }
    Ok(Exit::Done)
}

fn page(man: &Man) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    man.render(&mut text)?;
    Ok(text)
}

fn write(file: Option<PathBuf>, text: &[u8]) -> anyhow::Result<Exit> {
    let place = OutArgs { output: file, color: Colour::Never };
    let mut out = Out::open(&place)?;
    out.write(text)?;
    out.finish(true)?;
    Ok(Exit::Done)
}

/// A table by its id or its file; shells complete the ids of the built-in ones.
#[derive(Clone)]
pub struct TableName(pub Kind);

impl TypedValueParser for TableName {
    type Value = Choice;

    fn parse_ref(&self, _: &clap::Command, _: Option<&clap::Arg>, value: &OsStr) -> Result<Choice, clap::Error> {
        Ok(Choice::from(value))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Tables::built_in_ids(self.0).map(PossibleValue::new)))
    }
}
