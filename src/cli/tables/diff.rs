//! `breach tables diff`: what differs, and whose outcome would change.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use breach::assess::assess;
use breach::desk::{Choices, Desk};
use breach::incident::text as text_of;
use breach::incident::words::Word;
use breach::render::text::inert;
use breach::tables::diff::{Difference, differences};
use breach::tables::lint::gather;
use breach::tables::{Choice, Kind, Ref, Tables};
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::Format;
use super::list::named;
use crate::cli::emit::{self, Out, Usage};
use crate::cli::input::{self, Form};
use crate::cli::{Exit, InputArgs, OutArgs, RuleArgs};

/// Options of `diff`.
#[derive(Args)]
pub struct DiffArgs {
    /// A table, by id or file, or a data folder
    #[arg(value_name = "A")]
    a: OsString,
    /// Another one of the same kind
    #[arg(value_name = "B")]
    b: OsString,
    /// Incidents, and folders of them, to assess with each
    #[arg(long, value_name = "PATH", num_args = 1..)]
    incidents: Vec<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// A table on one of the two sides.
struct Side {
    reference: Ref,
    text: String,
}

/// A table on both.
struct Pair {
    kind: Kind,
    a: Option<Side>,
    b: Option<Side>,
}

/// What is assessed with on the two sides.
struct Sides {
    pairs: Vec<Pair>,
    tables: [Tables; 2],
    choices: [Choices; 2],
}

#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    tables: Vec<TableShape<'a>>,
    incidents: Option<Vec<Changed>>,
    assessed: Option<usize>,
}

#[derive(Serialize)]
struct TableShape<'a> {
    kind: &'static str,
    a: Option<&'a Ref>,
    b: Option<&'a Ref>,
    differences: Vec<DifferenceShape<'a>>,
}

#[derive(Serialize)]
struct DifferenceShape<'a> {
    path: &'a str,
    from: Option<Value>,
    to: Option<Value>,
}

/// An incident with another result.
#[derive(Serialize)]
struct Changed {
    input: String,
    id: String,
    from: Value,
    to: Value,
}

/// Runs the command.
pub fn run(args: &DiffArgs) -> Result<Exit> {
    let sides = sides(args)?;
    let mut found = Vec::new();
    for pair in &sides.pairs {
        found.push(match (&pair.a, &pair.b) {
            (Some(a), Some(b)) => {
                let [of_a, of_b] = &sides.tables;
                differences(&of_a.resolved(pair.kind, &a.text)?, &of_b.resolved(pair.kind, &b.text)?)
            }
            _ => Vec::new(),
        });
    }
    let differ = sides.pairs.iter().zip(&found).any(|(pair, found)| pair.a.is_none() != pair.b.is_none() || !found.is_empty());
    let mut exit = if differ { Exit::Found } else { Exit::Done };
    let incidents = match args.incidents.is_empty() {
        true => None,
        false => Some(incidents(args, &sides, &mut exit)?),
    };
    let written = match args.format {
        Format::Json => json(&sides, &found, incidents)?,
        Format::Text => text(&sides, &found, incidents),
    };
    let mut out = Out::open(&args.out)?;
    out.write(&written)?;
    out.finish(exit != Exit::Machine)?;
    Ok(exit)
}

/// What is compared with what.
fn sides(args: &DiffArgs) -> Result<Sides> {
    let (tables, choices) = args.rules.choose()?;
    let folders = [&args.a, &args.b].map(|side| Path::new(side).is_dir() && named(&tables, &side.to_string_lossy()).is_empty());
    match folders {
        [true, true] => of_folders(args, tables, choices),
        [false, false] => of_tables(args, tables, choices),
        _ => Err(Usage("a folder can only be compared with a folder, a table with a table".into()).into()),
    }
}

fn of_folders(args: &DiffArgs, tables: Tables, choices: Choices) -> Result<Sides> {
    let (of_a, of_b) = (gather(Path::new(&args.a))?, gather(Path::new(&args.b))?);
    let ids: BTreeSet<(usize, String)> = of_a
        .iter()
        .chain(&of_b)
        .filter_map(|file| {
            let kind = file.folder?;
            Some((Kind::ALL.iter().position(|k| *k == kind)?, kind.id(&file.stem).into_owned()))
        })
        .collect();
    if ids.is_empty() {
        return Err(Usage("neither folder has methods, practices, regimes, countries or forms in it".into()).into());
    }
    let tables = [tables.clone().with_files(&of_a), tables.with_files(&of_b)];
    let mut pairs = Vec::new();
    for (kind, id) in ids {
        let kind = Kind::ALL[kind];
        let [a, b] = &tables;
        pairs.push(Pair { kind, a: side(a, kind, &id, &choices)?, b: side(b, kind, &id, &choices)? });
    }
    Ok(Sides { pairs, tables, choices: [choices.clone(), choices] })
}

/// The table of that id, if it is there.
fn side(tables: &Tables, kind: Kind, id: &str, choices: &Choices) -> Result<Option<Side>> {
    let Ok(text) = tables.text(kind, id) else { return Ok(None) };
    load(tables, kind, &tables.name(kind, id), text.to_owned(), choices).map(Some)
}

fn load(tables: &Tables, kind: Kind, name: &str, text: String, choices: &Choices) -> Result<Side> {
    let method = tables.method(&choices.method)?.table;
    let reference = tables.load(kind, name, &text, &method)?.reference().clone();
    Ok(Side { reference, text })
}

fn of_tables(args: &DiffArgs, tables: Tables, choices: Choices) -> Result<Sides> {
    let candidates = [&args.a, &args.b].map(|name| candidates(&tables, name));
    let [a, b] = candidates;
    let (a, b) = (a?, b?);
    let common = a.iter().flat_map(|x| b.iter().filter(|y| y.0 == x.0).map(move |y| (x, y))).collect::<Vec<_>>();
    let [(of_a, of_b)] = common.as_slice() else {
        let said = match common.is_empty() {
            true => format!("{:?} is a {} and {:?} a {}; name two of a kind", args.a, a[0].0.noun(), args.b, b[0].0.noun()),
            false => format!("several kinds of tables are called {:?} and {:?}; say which as KIND/ID", args.a, args.b),
        };
        return Err(Usage(said).into());
    };
    let kind = of_a.0;
    let read = |choice: &Choice| -> Result<Side> {
        let (name, text) = tables.chosen(kind, choice)?;
        load(&tables, kind, &name, text.into_owned(), &choices)
    };
    let (side_a, side_b) = (read(&of_a.1)?, read(&of_b.1)?);
    let mut sides = [choices.clone(), choices];
    let mut with = [tables.clone(), tables.clone()];
    match kind {
        Kind::Method => [sides[0].method, sides[1].method] = [of_a.1.clone(), of_b.1.clone()],
        Kind::Practice => [sides[0].practice, sides[1].practice] = [Some(of_a.1.clone()), Some(of_b.1.clone())],
        // the second takes the place of the first
        Kind::Regime | Kind::Country | Kind::Form => {
            let id = side_a.reference.id.clone();
            with = [tables.clone().and(kind, &id, side_a.text.clone()), tables.and(kind, &id, side_b.text.clone())];
        }
    }
    Ok(Sides { pairs: vec![Pair { kind, a: Some(side_a), b: Some(side_b) }], tables: with, choices: sides })
}

/// The tables that a name may mean: a file, or the tables of that id.
fn candidates(tables: &Tables, given: &OsStr) -> Result<Vec<(Kind, Choice)>> {
    let name = given.to_string_lossy();
    let by_id = named(tables, &name);
    if !by_id.is_empty() {
        return Ok(by_id.into_iter().map(|(kind, id)| (kind, Choice::Id(id))).collect());
    }
    match Choice::from(given) {
        Choice::File(path) => {
            let file = gather(&path)?;
            let method = tables.method(&Choices::default().method)?.table;
            let checked = file.iter().map(|file| tables.check(file, &method)).next();
            match checked {
                Some(checked) => match checked.kind {
                    Some(kind) => Ok(vec![(kind, Choice::File(path))]),
                    None => {
                        emit::findings(&checked.name, Some(&checked.text), &checked.findings);
                        Err(Usage(format!("{name} is no table")).into())
                    }
                },
                None => Err(Usage(format!("{name} is no table")).into()),
            }
        }
        Choice::Id(_) => super::list::one(tables, &name).map(|(kind, id)| vec![(kind, Choice::Id(id))]),
    }
}

/// Assesses every incident on both sides.
fn incidents(args: &DiffArgs, sides: &Sides, exit: &mut Exit) -> Result<(usize, Vec<Changed>)> {
    let [a, b] = &sides.tables;
    let [of_a, of_b] = &sides.choices;
    let mut desks = [Desk::new(a.clone(), of_a.clone())?, Desk::new(b.clone(), of_b.clone())?];
    let now = args.rules.time();
    let (mut assessed, mut changed, mut seen) = (0, Vec::new(), 0);
    input::each(&InputArgs { paths: args.incidents.clone(), input_format: Form::Toml }, |item| {
        seen += 1;
        let mut results = Vec::new();
        for desk in &mut desks {
            let incident = match item.read(desk) {
                Ok(incident) => incident,
                Err(findings) => {
                    *exit = (*exit).max(input::refusal(&findings));
                    item.complain(&findings);
                    return Ok(());
                }
            };
            let picked = desk.pick(&incident)?;
            let assessment = desk.with(&picked, &incident, now, |rules| assess(&incident, rules, now, false));
            let value = serde_json::json!({
                "outcome": assessment.decision.outcome.id(), "risk": assessment.decision.risk.id(),
                "level": assessment.severity.level.id(), "score": assessment.severity.score(),
            });
            results.push((text_of(&incident.file.id).unwrap_or_default().to_owned(), value));
        }
        assessed += 1;
        if let [(id, from), (_, to)] = results.as_slice()
            && from != to
        {
            changed.push(Changed { input: item.name, id: id.clone(), from: from.clone(), to: to.clone() });
        }
        Ok(())
    })?;
    if seen == 0 {
        emit::say("error: no incident found");
        *exit = (*exit).max(Exit::Invalid);
    }
    Ok((assessed, changed))
}

fn json(sides: &Sides, found: &[Vec<Difference>], incidents: Option<(usize, Vec<Changed>)>) -> Result<String> {
    let tables = sides.pairs.iter().zip(found).filter(|(p, found)| !found.is_empty() || p.a.is_none() != p.b.is_none());
    let tables = tables.map(|(pair, found)| TableShape {
        kind: pair.kind.noun(),
        a: pair.a.as_ref().map(|s| &s.reference),
        b: pair.b.as_ref().map(|s| &s.reference),
        differences: found
            .iter()
            .map(|d| DifferenceShape { path: &d.path, from: d.from.as_ref().map(|n| n.json()), to: d.to.as_ref().map(|n| n.json()) })
            .collect(),
    });
    let (assessed, incidents) = incidents.map_or((None, None), |(n, list)| (Some(n), Some(list)));
    Ok(serde_json::to_string_pretty(&Shape { format: "breach-tables-diff/1", tables: tables.collect(), incidents, assessed })? + "\n")
}

fn text(sides: &Sides, found: &[Vec<Difference>], incidents: Option<(usize, Vec<Changed>)>) -> String {
    let mut out = String::new();
    let name = |side: &Option<Side>| {
        side.as_ref().map_or("-".to_owned(), |s| format!("{} (version {})", inert(&s.reference.id), inert(&s.reference.version)))
    };
    for (pair, found) in sides.pairs.iter().zip(found) {
        match (&pair.a, &pair.b) {
            (Some(a), None) => drop(writeln!(out, "{} {}: only in the first", pair.kind.noun(), inert(&a.reference.id))),
            (None, Some(b)) => drop(writeln!(out, "{} {}: only in the second", pair.kind.noun(), inert(&b.reference.id))),
            _ if found.is_empty() => {}
            _ => {
                let _ = writeln!(out, "{} {} -> {}", pair.kind.noun(), name(&pair.a), name(&pair.b));
                found.iter().for_each(|d| out.push_str(&difference(d)));
            }
        }
    }
    if let Some((assessed, changed)) = incidents {
        let others = changed.iter().filter(|c| c.from["outcome"] != c.to["outcome"]).count();
        let _ = writeln!(out, "{}incidents: {assessed} assessed, {others} with another outcome", if out.is_empty() { "" } else { "\n" });
        for c in &changed {
            let what = ["outcome", "risk", "level", "score"].iter().filter(|key| c.from[**key] != c.to[**key]);
            let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            let what: Vec<String> = what.map(|key| format!("{key} {} -> {}", plain(&c.from[*key]), plain(&c.to[*key]))).collect();
            let _ = writeln!(out, "  {} ({}): {}", emit::shown(Path::new(&c.input)), inert(&c.id), what.join(", "));
        }
    }
    out
}

/// Values longer than this stand on lines of their own.
const LONG: usize = 60;
/// So much is shown of what only one side has; programs get all of it.
const MOST: usize = 160;

fn difference(d: &Difference) -> String {
    let value = |node: &breach::tree::Node| inert(&node.written());
    let path = inert(&d.path);
    match (&d.from, &d.to) {
        _ if d.only_order => format!("  {path}: the same in another order\n"),
        (Some(from), Some(to)) => {
            let (from, to) = (value(from), value(to));
            match from.chars().count().max(to.chars().count()) > LONG {
                true => format!("  {path}:\n    - {from}\n    + {to}\n"),
                false => format!("  {path}: {from} -> {to}\n"),
            }
        }
        (Some(from), None) => format!("  - {path}: {}\n", beginning(&value(from))),
        (None, Some(to)) => format!("  + {path}: {}\n", beginning(&value(to))),
        (None, None) => String::new(),
    }
}

/// The beginning of a long value.
fn beginning(value: &str) -> String {
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &value[..end]),
        None => value.to_owned(),
    }
}
