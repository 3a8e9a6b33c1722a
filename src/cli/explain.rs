//! `breach explain`: reading the tables.

use breach::diag::{Code, Finding};
use breach::explain::{Found, Glossary};
use breach::language::Language;
use breach::render::{explain as render, json};
use clap::{Args, ValueEnum};

use super::emit::{self, Out};
use super::{Exit, OutArgs, RuleArgs, config};

pub const EXAMPLES: &str = "\
Examples:
  breach explain                        everything that can be explained
  breach explain simple 3               level 3 of simple data: criterion, examples, sources
  breach explain trusted-recipient      a rule, as each practice has it
  breach explain 'art. 33(3)(b)'        what a provision says, and what rests on it
  breach explain clock-assumed          a note; diagnostics likewise
  breach explain PL                     a country: authority, zone, holidays
  breach explain rules                  all of a kind
  breach explain config                 the settings that apply, and where they come from
  breach explain encrypted              any other word is searched for";

/// The topic that shows the house's settings.
const CONFIG: &str = "config";

/// Options of `explain`.
#[derive(Args)]
pub struct ExplainArgs {
    /// What to explain: a name, a provision, a code, a kind, or words to search for; without it, all there is
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
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
    /// For a person
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let topic = args.topic.join(" ");
    let colour = emit::colour(&args.out);
    let mut out = Out::open(&args.out)?;
    // the house's settings stand in no table
    if topic == CONFIG {
        let exit = done(&mut out, &config::applies(&args.rules, args.format == Format::Json)?)?;
        out.finish(true)?;
        return Ok(exit);
    }
    let (tables, choices) = args.rules.choose()?;
    let language = match args.format {
        Format::Json => Language::ENGLISH,
        Format::Text => args.rules.lang.or(choices.house.lang).unwrap_or(Language::ENGLISH),
    };
    let glossary = Glossary::of(&tables, &choices.method, choices.practice.as_ref(), language)?;
    let found = (!topic.trim().is_empty()).then(|| glossary.find(&topic));
    let exit = match (&found, args.format) {
        (Some(nothing @ Found::Nothing(_)), format) => {
            let finding = Finding::new(Code::UnknownValue, render::nothing(nothing, &topic, &glossary.book));
            emit::say(&format!("error: {}", breach::render::text::inert(&finding.message)));
            if format == Format::Json {
                out.write(&(json::write_error(&topic, &[finding], true) + "\n"))?;
            }
            Exit::Invalid
        }
        (None, Format::Text) => done(&mut out, &render::map(&glossary, colour))?,
        (Some(found), Format::Text) => done(&mut out, &render::text(found, &topic, &glossary.book, colour))?,
        (found, Format::Json) => done(&mut out, &(render::json(&glossary, found.as_ref().map(|_| topic.as_str()), found.as_ref()) + "\n"))?,
    };
    out.finish(exit == Exit::Done)?;
    Ok(exit)
}

fn done(out: &mut Out<'_>, text: &str) -> anyhow::Result<Exit> {
    out.write(text)?;
    Ok(Exit::Done)
}
