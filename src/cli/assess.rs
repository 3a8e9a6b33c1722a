//! `breach assess`: the main job.

use std::mem::ManuallyDrop;

use breach::assess::{Assessment, assess};
use breach::desk::{Desk, Picked};
use breach::diag::Finding;
use breach::duties::{Outcome, Time};
use breach::incident::Incident;
use breach::render::{csv, html, json, markdown, text};
use breach::tables::{TableError, sha256};
use breach::texts::Texts;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use strum::VariantNames;

use super::batch::{self, ThreadArgs};
use super::emit::{self, Out};
use super::input::{self, Item, Results, Source};
use super::progress::Progress;
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
    threads: ThreadArgs,
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
    let texts = match args.format {
        Format::Json | Format::Jsonl | Format::Csv => Texts::english(),
        Format::Text | Format::Markdown | Format::Html => args.rules.texts(&desk),
    };
    // the tables are needed until the program ends, and then nobody need take them apart
    let job = ManuallyDrop::new(Job { args, desk, texts, now: args.rules.time(), colour: emit::colour(&args.out) });
    let mut out = Out::open(&args.out)?;
    let sources = input::sources(&args.input, Results::of(args.out.output.as_deref()))?;
    if args.format == Format::Csv {
        out.write(csv::header())?;
    }
    let mut run =
        Run { job: &job, progress: Progress::of(&args.input, &out), out, page: html::Document::default(), exit: Exit::Done, seen: 0, assessed: 0 };
    batch::in_order(&args.threads, batch::portions(sources), |portion| job.portion(portion), |done| run.take(done))?;
    run.end()
}

/// What every incident of a run is assessed with.
struct Job<'a> {
    args: &'a AssessArgs,
    desk: Desk,
    texts: Texts,
    now: Time,
    colour: bool,
}

/// What became of a portion of the inputs.
#[derive(Default)]
struct Portion {
    /// For standard output.
    written: Vec<u8>,
    /// For standard error.
    said: String,
    /// For the page of an HTML report: its sections are numbered, so that they are written one after the other.
    sections: Vec<(Incident, Picked, json::Input)>,
    exit: Option<Exit>,
    seen: usize,
    assessed: usize,
    bytes: usize,
    /// A table that does not hold together; nothing after it was looked at.
    failed: Option<TableError>,
}

impl Job<'_> {
    fn portion(&self, sources: Vec<Source>) -> Portion {
        // so that it need not grow, and what is written be moved, time and again
        const RESULT: usize = 8192;
        let mut done = Portion { written: Vec::with_capacity(RESULT * sources.len()), ..Portion::default() };
        for source in sources {
            let found = matches!(source, Source::Found(_));
            let item = source.open();
            done.bytes += item.bytes.as_ref().map_or(0, |bytes| bytes.len() + 1);
            match item.read(&self.desk) {
                Ok(incident) => {
                    if let Err(failed) = self.assess(&mut done, item, incident) {
                        done.failed = Some(failed);
                        break;
                    }
                }
                // what can be read is an incident, so only what cannot is looked at again
                Err(_) if found && item.is_no_incident() => {
                    done.said += &input::no_incident(&item.name);
                    done.said.push('\n');
                }
                Err(findings) => self.refuse(&mut done, &item, &findings),
            }
        }
        done
    }

    fn assess(&self, done: &mut Portion, item: Item, incident: Incident) -> Result<(), TableError> {
        done.seen += 1;
        let picked = self.desk.pick(&incident)?;
        let assessment = self.assessment(&incident, &picked);
        if self.args.fail_on.is_some_and(|on| assessment.decision.outcome >= on) {
            done.exit = done.exit.max(Some(Exit::Found));
        }
        let sha256 = sha256(&[item.bytes.as_deref().unwrap_or_default()]);
        let input = json::Input { name: item.name, sha256 };
        let (method, texts) = (self.desk.method(), &self.texts);
        if matches!(self.args.format, Format::Text | Format::Markdown) && done.assessed > 0 {
            done.written.push(b'\n');
        }
        done.assessed += 1;
        let out = &mut done.written;
        match self.args.format {
            Format::Text => out.extend_from_slice(
                text::write(&assessment, &incident, method, texts, text::Look { colour: self.colour, all: self.args.all }).as_bytes(),
            ),
            Format::Json => out.extend_from_slice((json::write(&assessment, &incident, &input, texts, true) + "\n").as_bytes()),
            Format::Jsonl => json::write_line(&assessment, &incident, &input, texts, out),
            Format::Markdown => out.extend_from_slice(markdown::write(&assessment, &incident, method, texts, &input).as_bytes()),
            Format::Html => done.sections.push((incident, picked, input)),
            Format::Csv => out.extend_from_slice(csv::row(&assessment, &incident, &input).as_bytes()),
        }
        Ok(())
    }

    fn assessment<'a>(&'a self, incident: &'a Incident, picked: &'a Picked) -> Assessment<'a> {
        self.desk.with(picked, incident, self.now, |rules| assess(incident, rules, self.now, !self.args.no_changes))
    }

    fn refuse(&self, done: &mut Portion, item: &Item, findings: &[Finding]) {
        done.seen += 1;
        done.exit = done.exit.max(Some(input::refusal(findings)));
        if self.args.format != Format::Jsonl {
            done.said += &item.complaint(findings);
        }
        match self.args.format {
            Format::Text | Format::Markdown | Format::Html | Format::Csv => {}
            Format::Json => done.written.extend(json::write_error(&item.name, findings, true).bytes().chain(*b"\n")),
            Format::Jsonl => done.written.extend(json::write_error(&item.name, findings, false).bytes().chain(*b"\n")),
        }
    }
}

/// A run over all inputs.
struct Run<'a> {
    job: &'a Job<'a>,
    out: Out<'a>,
    progress: Progress,
    /// The page of an HTML report.
    page: html::Document,
    exit: Exit,
    seen: usize,
    assessed: usize,
}

impl Run<'_> {
    /// Takes a portion, in the order of the inputs.
    fn take(&mut self, done: Portion) -> anyhow::Result<()> {
        let job = self.job;
        let Job { args, desk, texts, .. } = job;
        if !done.said.is_empty() {
            self.progress.diagnostics(&done.said);
        }
        if matches!(args.format, Format::Text | Format::Markdown) && self.assessed > 0 && done.assessed > 0 {
            self.out.write("\n")?;
        }
        self.out.write(&done.written)?;
        for (incident, picked, input) in &done.sections {
            self.out.write(self.page.add(&job.assessment(incident, picked), incident, desk.method(), texts, input))?;
        }
        self.seen += done.seen;
        self.assessed += done.assessed;
        self.exit = self.exit.max(done.exit.unwrap_or(Exit::Done));
        self.progress.add(done.seen, done.bytes);
        done.failed.map_or(Ok(()), |failed| Err(failed.into()))
    }

    fn end(self) -> anyhow::Result<Exit> {
        let Run { job, mut out, page, mut exit, seen, assessed, progress } = self;
        drop(progress);
        out.write(page.end(&job.texts))?;
        if seen == 0 {
            emit::say("error: no incident found");
            exit = exit.max(Exit::Invalid);
        }
        out.finish(assessed > 0 && exit != Exit::Machine)?;
        Ok(exit)
    }
}
