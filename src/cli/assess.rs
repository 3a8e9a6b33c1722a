//! `breach assess`: the main job.

use breach::assess::assess;
use breach::desk::Desk;
use breach::diag::Finding;
use breach::duties::{Outcome, Time};
use breach::incident::Incident;
use breach::render::{csv, html, json, markdown, text};
use breach::tables::sha256;
use breach::texts::Texts;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use strum::VariantNames;

use super::emit::{self, Out};
use super::input::{self, Item};
use super::{Exit, InputArgs, OutArgs, RuleArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach assess incident.toml                              what to do, towards whom, by when, and why
  breach assess --format json incident.toml                the same for programs
  breach assess --format jsonl incidents/ > results.jsonl  a folder of incidents
  breach assess --format html -o report.html incident.toml a report for the record, to keep and to print
  breach assess --fail-on notify-authority incident.toml   exit code 1 if the authority must be told";

/// Options of `assess`.
#[derive(Args)]
pub struct AssessArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    rules: RuleArgs,
    /// Exit code 1 if the outcome is this or goes further
    #[arg(long, value_name = "OUTCOME", value_parser = asked_outcomes())]
    fail_on: Option<Outcome>,
    /// Leave out what would change the outcome and what to find out
    #[arg(long)]
    no_changes: bool,
    /// Show everything that would change the outcome, not only the first few
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// For programs: objects over several lines, one after another
    Json,
    /// For programs: one object a line
    Jsonl,
    /// A report for the record, GitHub-flavoured
    Markdown,
    /// A report for the record: one page for screen and paper, a section for each incident
    Html,
    /// For spreadsheets: one row an incident
    Csv,
}

/// The outcomes that can be asked about: all but the least, which is always met.
fn asked_outcomes() -> impl TypedValueParser<Value = Outcome> {
    PossibleValuesParser::new(&Outcome::VARIANTS[1..]).try_map(|name| name.parse::<Outcome>())
}

/// Runs the command.
pub fn run(args: &AssessArgs) -> anyhow::Result<Exit> {
    let desk = args.rules.desk()?;
    let mut run = Run {
        args,
        texts: match args.format {
            Format::Json | Format::Jsonl | Format::Csv => Texts::english(),
            Format::Text | Format::Markdown | Format::Html => args.rules.texts(&desk),
        },
        desk,
        now: args.rules.time(),
        colour: emit::colour(&args.out),
        out: Out::open(&args.out)?,
        page: html::Document::default(),
        exit: Exit::Done,
        seen: 0,
        assessed: 0,
    };
    if args.format == Format::Csv {
        run.out.write(&csv::header())?;
    }
    input::each(&args.input, |item| run.take(item))?;
    let Run { mut out, page, texts, mut exit, seen, assessed, .. } = run;
    out.write(&page.end(&texts))?;
    if seen == 0 {
        emit::say("error: no incident found");
        exit = exit.max(Exit::Invalid);
    }
    out.finish(assessed > 0 && exit != Exit::Machine)?;
    Ok(exit)
}

/// A run over all inputs.
struct Run<'a> {
    args: &'a AssessArgs,
    desk: Desk,
    texts: Texts,
    now: Time,
    colour: bool,
    out: Out<'a>,
    /// The page of an HTML report.
    page: html::Document,
    exit: Exit,
    seen: usize,
    assessed: usize,
}

impl Run<'_> {
    fn take(&mut self, item: Item) -> anyhow::Result<()> {
        self.seen += 1;
        match item.read(&self.desk) {
            Ok(incident) => self.assess(&item, &incident),
            Err(findings) => self.refuse(&item, &findings),
        }
    }

    fn assess(&mut self, item: &Item, incident: &Incident) -> anyhow::Result<()> {
        let picked = self.desk.pick(incident)?;
        let assessment = self.desk.with(&picked, incident, self.now, |rules| assess(incident, rules, self.now, !self.args.no_changes));
        let bytes = item.bytes.as_deref().unwrap_or_default();
        let input = json::Input { name: item.name.clone(), sha256: sha256(&[bytes]) };
        let mut written = match self.args.format {
            Format::Text => {
                text::write(&assessment, incident, self.desk.method(), &self.texts, text::Look { colour: self.colour, all: self.args.all })
            }
            Format::Json => json::write(&assessment, incident, &input, &self.texts, true) + "\n",
            Format::Jsonl => json::write(&assessment, incident, &input, &self.texts, false) + "\n",
            Format::Markdown => markdown::write(&assessment, incident, self.desk.method(), &self.texts, &input),
            Format::Html => self.page.add(&assessment, incident, self.desk.method(), &self.texts, &input),
            Format::Csv => csv::row(&assessment, incident, &input),
        };
        if matches!(self.args.format, Format::Text | Format::Markdown) && self.assessed > 0 {
            written.insert(0, '\n');
        }
        self.assessed += 1;
        if self.args.fail_on.is_some_and(|on| assessment.decision.outcome >= on) {
            self.exit = self.exit.max(Exit::Found);
        }
        self.out.write(&written)
    }

    fn refuse(&mut self, item: &Item, findings: &[Finding]) -> anyhow::Result<()> {
        self.exit = self.exit.max(input::refusal(findings));
        if self.args.format != Format::Jsonl {
            item.complain(findings);
        }
        match self.args.format {
            Format::Text | Format::Markdown | Format::Html | Format::Csv => Ok(()),
            Format::Json => self.out.write(&(json::write_error(&item.name, findings, true) + "\n")),
            Format::Jsonl => self.out.write(&(json::write_error(&item.name, findings, false) + "\n")),
        }
    }
}
