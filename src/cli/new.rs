//! `breach new`: an incident file, by interview or as a template.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::Context;
use breach::assess::{assess, verdict};
use breach::desk::Desk;
use breach::guide::Guide;
use breach::incident::read::{LARGEST_FILE, Syntax};
use breach::incident::write::{self, Answers, set};
use breach::interview::{Interview, Session};
use breach::language::Language;
use breach::render;
use breach::template::{self, complete, kept};
use breach::texts::Texts;
use clap::Args;

use super::emit::{self, Out, Usage, say, shown};
use super::interview::{Ended, Prompts};
use super::{Colour, Exit, OutArgs, RuleArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach new 2026-014.toml                          an interview, then the file and its assessment
  breach new --template 2026-014.toml               a commented file to fill in
  breach new --from 2026-011.toml 2026-014.toml     the same house: controller, contact, processors, procedure
  breach new --template | less                      every answer of the format, explained";

/// The schema as the template names it: beside the file.
const SCHEMA: &str = "incident.schema.json";

/// The file that is proposed where none is named.
const USUAL: &str = "incident.toml";

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
    #[command(flatten)]
    rules: RuleArgs,
    /// Colour in text
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

/// Runs the command.
pub fn run(args: &NewArgs) -> anyhow::Result<Exit> {
    let desk = args.rules.desk()?;
    if let Some(file) = &args.file {
        refuse(file, args.force)?;
    }
    let language = args.rules.language(&desk).unwrap_or(Language::ENGLISH);
    let guide = Guide::of(language);
    if args.template || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        let Some(given) = given(args, &desk, args.file.as_deref())? else { return Ok(Exit::Invalid) };
        let text = template::template(desk.method(), &guide, &given, SCHEMA);
        write(args.file.as_deref(), &text)?;
        return Ok(Exit::Done);
    }
    interview(args, desk, language, &guide)
}

/// Refuses a file that cannot be written, or must not be.
fn refuse(file: &Path, force: bool) -> anyhow::Result<()> {
    let name = file.extension().and_then(OsStr::to_str);
    if matches!(name, Some("json" | "jsonl" | "ndjson")) {
        return Err(Usage(format!("{} would be JSON, and an incident is written here as TOML: name it *.toml", shown(file))).into());
    }
    // a link that points nowhere is there too
    if !force && fs::symlink_metadata(file).is_ok() {
        return Err(Usage(format!("{} is there already; --force writes over it", shown(file))).into());
    }
    Ok(())
}

/// Asks, writes the file, assesses it.
fn interview(args: &NewArgs, desk: Desk, language: Language, guide: &Guide) -> anyhow::Result<Exit> {
    let file = match &args.file {
        Some(file) => file.clone(),
        None => {
            let Some(file) = Prompts::new(guide, Path::new(USUAL), args.color).file(USUAL)? else { return Ok(Exit::Invalid) };
            refuse(&file, args.force)?;
            file
        }
    };
    // better now than after the first answer
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder).with_context(|| format!("cannot write {}", shown(&file)))?;
    let Some(given) = given(args, &desk, Some(&file))? else { return Ok(Exit::Invalid) };
    let (tables, _) = args.rules.method.tables(desk.house())?;
    let zone = move |code: &str| tables.country(code).ok().flatten().map(|country| country.table.zone());
    let prompts = Prompts::new(guide, &file, args.color);
    let method = desk.method().clone();
    let mut session = Session::new(Interview::built_in(), &method, guide, Box::new(zone), given);
    if prompts.resume(&mut session)? == Ended::Interrupted || prompts.ask_all(&mut session, None)? == Ended::Interrupted {
        return Ok(Exit::Invalid);
    }
    let now = args.rules.time();
    let name = file.display().to_string();
    // what the result asks for may change it no more: it is only written down
    let mut shown_at_last = None;
    for _ in 0..2 {
        let text = write::file(&session.answers());
        let incident = match desk.read(text.as_bytes(), Syntax::Toml) {
            Ok(incident) => incident,
            Err(findings) => {
                emit::findings(&name, Some(&text), &findings);
                return Ok(Exit::Invalid);
            }
        };
        let picked = desk.pick(&incident)?;
        let outcome = desk.with(&picked, &incident, now, |rules| verdict(&incident, rules)).required.outcome.id();
        let more = session.next(Some(outcome)).is_some();
        shown_at_last = Some((text, incident, picked));
        if !more || prompts.ask_all(&mut session, Some(outcome))? == Ended::Interrupted {
            break;
        }
    }
    let Some((text, incident, picked)) = shown_at_last else { return Ok(Exit::Invalid) };
    let assessment = desk.with(&picked, &incident, now, |rules| assess(&incident, rules, now, true));
    write(Some(&file), &text)?;
    prompts.done();
    say(&format!("\n{}\n", guide.say("ask-written", &[("file", &shown(&file))])));
    let place = OutArgs { output: None, color: args.color };
    let texts = Texts::of(language);
    let look = render::text::Look { colour: emit::colour(&place), all: false };
    let mut out = Out::open(&place)?;
    out.write(render::text::write(&assessment, &incident, desk.method(), &texts, look))?;
    out.finish(true)?;
    Ok(Exit::Done)
}

/// What is known before anything is asked: from an earlier incident, then from the house's settings; `None` if that incident is none, which is shown.
fn given(args: &NewArgs, desk: &Desk, file: Option<&Path>) -> anyhow::Result<Option<Answers>> {
    let mut given = match &args.from {
        Some(path) => match earlier(path, desk)? {
            Some(answers) => kept(&answers),
            None => return Ok(None),
        },
        None => Answers::new(),
    };
    complete(&mut given, &desk.house().answers);
    if let Some(name) = file.and_then(Path::file_stem).and_then(OsStr::to_str) {
        set(&mut given, "id", name.into());
    }
    Ok(Some(given))
}

/// The answers of an earlier incident.
fn earlier(path: &Path, desk: &Desk) -> anyhow::Result<Option<Answers>> {
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

/// Writes the file whole, or to standard output where none is named.
fn write(file: Option<&Path>, text: &str) -> anyhow::Result<()> {
    let place = OutArgs { output: file.map(Path::to_path_buf), color: Colour::Never };
    let mut out = Out::open(&place)?;
    out.write(text)?;
    out.finish(true)
}
