//! `breach new`: an incident file, by interview or as a template.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use breach::config::Language;
use breach::desk::Desk;
use breach::guide::Guide;
use breach::incident::read::{LARGEST_FILE, Syntax};
use breach::incident::write::{Answers, set};
use breach::template::{self, complete, kept};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantNames;

use super::emit::{self, Out, Usage, say, shown};
use super::{Colour, Exit, OutArgs, RuleArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach new 2026-014.toml                          an interview, then the file and its assessment
  breach new --template 2026-014.toml               a commented file to fill in
  breach new --from 2026-011.toml 2026-014.toml     the same house: controller, contact, processors, procedure
  breach new --template | less                      every answer of the format, explained";

/// The schema as the template names it: beside the file.
const SCHEMA: &str = "incident.schema.json";

/// Options of `new`.
#[derive(Args)]
pub struct NewArgs {
    /// The file to write; without one a template goes to standard output
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write a commented template, and ask nothing
    #[arg(long)]
    template: bool,
    /// Start from an earlier incident: its controller, contact, processors and procedure
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// The language of questions and comments [default: breach.toml's, else en]
    #[arg(long, value_name = "LANG", value_parser = languages())]
    lang: Option<Language>,
    #[command(flatten)]
    rules: RuleArgs,
    /// Colour in text
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

fn languages() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::VARIANTS).try_map(|name| name.parse::<Language>())
}

/// Runs the command.
pub fn run(args: &NewArgs) -> anyhow::Result<Exit> {
    let desk = args.rules.desk()?;
    if let Some(file) = &args.file {
        let name = file.extension().and_then(OsStr::to_str);
        if matches!(name, Some("json" | "jsonl" | "ndjson")) {
            return Err(Usage(format!("{} would be JSON, and an incident is written here as TOML: name it *.toml", shown(file))).into());
        }
        // a link that points nowhere is there too
        if !args.force && fs::symlink_metadata(file).is_ok() {
            return Err(Usage(format!("{} is there already; --force writes over it", shown(file))).into());
        }
    }
    let Some(given) = given(args, &desk)? else { return Ok(Exit::Invalid) };
    template(args, &desk, &given)
}

/// What is known before anything is asked: from an earlier incident, then from the house's settings; `None` if that incident is none, which is shown.
fn given(args: &NewArgs, desk: &Desk) -> anyhow::Result<Option<Answers>> {
    let mut given = match &args.from {
        Some(path) => match earlier(path, desk)? {
            Some(answers) => kept(&answers),
            None => return Ok(None),
        },
        None => Answers::new(),
    };
    complete(&mut given, &desk.house().answers);
    if let Some(name) = args.file.as_deref().and_then(Path::file_stem).and_then(OsStr::to_str) {
        set(&mut given, "id", name.into());
    }
    Ok(Some(given))
}

/// The answers of an earlier incident.
fn earlier(path: &Path, desk: &Desk) -> anyhow::Result<Option<Answers>> {
    use anyhow::Context;
    let cannot = || format!("cannot read {}", shown(path));
    let mut bytes = Vec::new();
    let file = fs::File::open(path).with_context(cannot)?;
    std::io::Read::read_to_end(&mut std::io::Read::take(file, LARGEST_FILE + 1), &mut bytes).with_context(cannot)?;
    let syntax = if path.extension().is_some_and(|e| e == "json") { Syntax::Json } else { Syntax::Toml };
    match desk.read(&bytes, syntax) {
        Ok(_) => Ok(Some(breach::incident::read::answers(&bytes, syntax))),
        Err(findings) => {
            emit::findings(&path.display().to_string(), Some(&String::from_utf8_lossy(&bytes)), &findings);
            Ok(None)
        }
    }
}

fn guide(args: &NewArgs, desk: &Desk) -> Guide {
    let language = args.lang.or(desk.house().lang).unwrap_or(Language::En);
    Guide::of(language).unwrap_or_else(|| {
        let id: &str = language.into();
        say(&format!("note: questions and comments are not there in {id} yet; English instead"));
        Guide::english()
    })
}

fn template(args: &NewArgs, desk: &Desk, given: &Answers) -> anyhow::Result<Exit> {
    let text = template::template(desk.method(), &guide(args, desk), given, SCHEMA);
    write(args, &text)?;
    Ok(Exit::Done)
}

/// Writes the file whole, or to standard output where none is named.
fn write(args: &NewArgs, text: &str) -> anyhow::Result<()> {
    let place = OutArgs { output: args.file.clone(), color: args.color };
    let mut out = Out::open(&place)?;
    out.write(text)?;
    out.finish(true)
}
