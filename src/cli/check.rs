//! `breach check`: the gate.

use std::path::{Path, PathBuf};

use breach::assess::assess;
use breach::check::policy::{Policy, Verdict};
use breach::check::stored::Stored;
use breach::check::{Check, Code, Input, Level, Report, Subject};
use breach::desk::Desk;
use breach::diag;
use breach::duties::Time;
use breach::incident::Incident;
use breach::render::check::{github, json, junit, text};
use breach::render::text::inert;
use breach::texts::Texts;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use strum::VariantNames;

use super::emit::{self, Out, Usage, shown};
use super::input::{self, Item, Source};
use super::{Exit, InputArgs, OutArgs, RuleArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach check incidents/                                 a line a finding; exit code 1 on errors
  breach check --format github incidents/                 annotations in GitHub Actions
  breach check --format junit -o report.xml incidents/    for other CI servers
  breach check --against assessed.json incident.toml      is a stored assessment still right?
  breach check --deny open --allow done-late incidents/   another idea of what must not be";

/// Options of `check`.
#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Compare with stored assessments, as `assess --format json` or jsonl wrote them
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    #[command(flatten)]
    words: Words,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line a finding, as compilers write them
    Text,
    /// For programs: one document
    Json,
    /// GitHub's workflow commands: annotations
    Github,
    /// JUnit XML, for CI servers
    Junit,
}

/// What to let pass and what not, in the order of the command line: clap keeps the two options apart, but the last word counts.
struct Words(Vec<(Code, Verdict)>);

const WORDS: [(&str, Verdict, &str); 2] = [
    ("allow", Verdict::Allow, "Leave out the findings of a code; repeatable"),
    ("deny", Verdict::Deny, "Make the findings of a code errors; repeatable; the last word on a code counts"),
];

impl Args for Words {
    fn augment_args(command: Command) -> Command {
        let code = || PossibleValuesParser::new(Code::VARIANTS).try_map(|code| code.parse::<Code>());
        WORDS.into_iter().fold(command, |command, (name, _, help)| {
            command.arg(Arg::new(name).long(name).value_name("CODE").action(ArgAction::Append).value_parser(code()).help(help))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Words::augment_args(command)
    }
}

impl FromArgMatches for Words {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Words, Error> {
        let mut words: Vec<(usize, Code, Verdict)> = Vec::new();
        for (name, verdict, _) in WORDS {
            let places = matches.indices_of(name).into_iter().flatten();
            let codes = matches.get_many::<Code>(name).into_iter().flatten();
            words.extend(places.zip(codes).map(|(place, code)| (place, *code, verdict)));
        }
        words.sort_by_key(|(place, ..)| *place);
        Ok(Words(words.into_iter().map(|(_, code, verdict)| (code, verdict)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Words::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Runs the command.
pub fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let policy = Policy::new(args.words.0.iter().copied());
    if policy.would_allow_invalid() {
        emit::say("note: `invalid` cannot be allowed, since nothing is known of an incident that cannot be read; it stays an error");
    }
    let against = args.against.as_deref().map(stored).transpose()?;
    let mut run = Run { desk: args.rules.desk()?, now: args.rules.time(), check: Check::new(against), exit: Exit::Done, assessed: 0 };
    let mut out = Out::open(&args.out)?;
    input::each(&args.input, |item| run.take(&item))?;
    let Run { desk, check, mut exit, assessed, .. } = run;
    let report = check.finish(&policy);
    if report.checked.is_empty() {
        emit::say("error: no incident found");
        exit = exit.max(Exit::Invalid);
    }
    if let Some(against) = &args.against {
        for input in &report.not_stored {
            emit::say(&format!("note: {}: {} holds no assessment of this incident", shown(Path::new(&input.name)), shown(against)));
        }
    }
    if report.count(Level::Error) > 0 {
        exit = exit.max(Exit::Found);
    }
    out.write(written(args, &report, &args.rules.texts(&desk)))?;
    out.finish(assessed > 0 && exit != Exit::Machine)?;
    Ok(exit)
}

fn written(args: &CheckArgs, report: &Report, texts: &Texts) -> String {
    match args.format {
        Format::Text => text::write(report, texts, emit::colour(&args.out)),
        Format::Json => json::write(report, &Texts::english()),
        Format::Github => github::write(report, texts),
        Format::Junit => junit::write(report, texts),
    }
}

/// Reads stored assessments: of JSON Lines any number, a line at a time.
fn stored(path: &Path) -> anyhow::Result<Stored> {
    let mut stored = Stored::default();
    for item in input::named(path, Source::Named).map(Source::open) {
        let name = shown(Path::new(&item.name));
        match item.bytes {
            Ok(bytes) => stored.add(&bytes).map_err(|said| Usage(format!("{name} {}", inert(&said))))?,
            Err(e) if e.code == diag::Code::Unreadable => anyhow::bail!("{name} {}", e.message),
            Err(e) => return Err(Usage(format!("{name} is {}", e.message)).into()),
        }
    }
    stored.whole().map_err(|said| Usage(format!("{} {}", shown(path), inert(&said))).into())
}

/// A run over all inputs.
struct Run {
    desk: Desk,
    now: Time,
    check: Check,
    exit: Exit,
    assessed: usize,
}

impl Run {
    fn take(&mut self, item: &Item) -> anyhow::Result<()> {
        let input = Input { name: item.name.clone(), file: item.file().to_owned(), line: item.line };
        match item.read(&self.desk) {
            Ok(incident) => self.check(item, input, &incident),
            Err(faults) => self.refuse(item, input, &faults),
        }
    }

    fn check(&mut self, item: &Item, input: Input, incident: &Incident) -> anyhow::Result<()> {
        let picked = self.desk.pick(incident)?;
        let Run { desk, now, check, .. } = self;
        desk.with(&picked, incident, *now, |rules| {
            let assessment = assess(incident, rules, *now, false);
            let bytes = item.bytes.as_deref().unwrap_or_default();
            check.incident(input, &Subject { incident, assessment: &assessment, rules, bytes, syntax: item.syntax });
        });
        self.assessed += 1;
        Ok(())
    }

    fn refuse(&mut self, item: &Item, input: Input, faults: &[diag::Finding]) -> anyhow::Result<()> {
        self.exit = self.exit.max(input::refusal(faults));
        item.complain(faults);
        self.check.refused(input, faults);
        Ok(())
    }
}
