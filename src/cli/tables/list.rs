//! `breach tables list` and `show`.

use std::fmt::Write;
use std::io::{self, IsTerminal};

use anyhow::Result;
use breach::practice::{self, Practice};
use breach::render::text::inert;
use breach::tables::{Kind, Table, Tables};
use clap::Args;
use serde::Serialize;

use super::Format;
use crate::cli::emit::{self, Out, Usage};
use crate::cli::{Exit, MethodArgs, OutArgs};

/// Options of `list`.
#[derive(Args)]
pub struct ListArgs {
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    tables: MethodArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// Options of `show`.
#[derive(Args)]
pub struct ShowArgs {
    /// The table: its id, or KIND/ID where several have it
    #[arg(value_name = "ID")]
    id: String,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    tables: MethodArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// A table as `list` shows it.
#[derive(Serialize)]
struct Row {
    kind: &'static str,
    id: String,
    version: String,
    status: Option<breach::regime::Status>,
    /// `built-in` or `own`.
    from: &'static str,
    sha256: String,
    title: String,
}

impl Row {
    fn of(tables: &Tables, kind: Kind, table: &Table) -> Row {
        let reference = table.reference();
        Row {
            kind: kind.noun(),
            id: reference.id.clone(),
            version: reference.version.clone(),
            status: table.status(),
            from: if tables.is_own(kind, &reference.id) { "own" } else { "built-in" },
            sha256: reference.sha256.clone(),
            title: table.title().to_owned(),
        }
    }
}

#[derive(Serialize)]
struct List {
    format: &'static str,
    tables: Vec<Row>,
}

/// So much of a digest tells two apart.
const SHORT: usize = 12;

/// Runs `list`.
pub fn list(args: &ListArgs) -> Result<Exit> {
    let (tables, method) = args.tables.choose()?;
    let method = tables.method(&method)?.table;
    let (mut rows, mut exit) = (Vec::new(), Exit::Done);
    for kind in Kind::ALL {
        for id in tables.ids(kind) {
            let loaded = tables.text(kind, &id).and_then(|text| tables.load(kind, &tables.name(kind, &id), text, &method));
            match loaded {
                Ok(table) => rows.push(Row::of(&tables, kind, &table)),
                // one that cannot be used hides none of the others
                Err(e) => exit = exit.max(emit::failed(&e.into())),
            }
        }
    }
    let written = match args.format {
        Format::Json => serde_json::to_string_pretty(&List { format: "breach-tables/1", tables: rows })? + "\n",
        Format::Text => columns(&rows),
    };
    let mut out = Out::open(&args.out)?;
    out.write(&written)?;
    out.finish(exit != Exit::Machine)?;
    Ok(exit)
}

/// One table a line; the title, which may be long, comes last.
fn columns(rows: &[Row]) -> String {
    let cells = |row: &Row| {
        let status =
            row.status.map_or("-".to_owned(), |s| serde_json::to_value(s).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default());
        [row.kind.to_owned(), inert(&row.id), inert(&row.version), status, row.from.to_owned(), row.sha256[..SHORT].to_owned(), inert(&row.title)]
    };
    let rows: Vec<[String; 7]> = rows.iter().map(cells).collect();
    let width = |i: usize| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..7).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}

/// A table and, of a practice that builds on another, what results.
#[derive(Serialize)]
struct Shown<'a> {
    format: &'static str,
    #[serde(flatten)]
    row: Row,
    text: &'a str,
    /// The rules in the order in which they are looked at, where it builds on another.
    rules: Option<Vec<Rule>>,
}

#[derive(Serialize)]
struct Rule {
    id: String,
    effect: breach::practice::Effect,
    provision: String,
    /// The practice in whose file it stands.
    stands_in: String,
}

/// Runs `show`.
pub fn show(args: &ShowArgs) -> Result<Exit> {
    let (tables, method) = args.tables.choose()?;
    let method = tables.method(&method)?.table;
    let (kind, id) = one(&tables, &args.id)?;
    let text = tables.text(kind, &id)?;
    let table = tables.load(kind, &tables.name(kind, &id), text, &method)?;
    let rules = match &table {
        Table::Practice(practice) if practice.table.table.builds_on.is_some() => Some(resulting(&practice.table)),
        _ => None,
    };
    let written = match args.format {
        Format::Json => serde_json::to_string_pretty(&Shown { format: "breach-table/1", row: Row::of(&tables, kind, &table), text, rules })? + "\n",
        Format::Text => {
            let end = if text.ends_with('\n') { "" } else { "\n" };
            let all = rules.map_or_else(|| text.to_owned(), |rules| format!("{text}{end}{}", as_comment(&rules)));
            // to a file or a pipe as it is, so that it can be copied; a terminal is not left to what a file may hold
            if args.out.output.is_none() && io::stdout().is_terminal() { inert(&all.replace('\t', "    ")) } else { all }
        }
    };
    let mut out = Out::open(&args.out)?;
    out.write(&written)?;
    out.finish(true)?;
    Ok(Exit::Done)
}

/// The rules that result, as a comment, so that what is shown can still be read as a table.
fn as_comment(rules: &[Rule]) -> String {
    let mut out = String::from("\n# With what it builds on, these rules result, in this order (rule, effect, practice in whose file it stands):\n");
    let width = |of: fn(&Rule) -> usize| rules.iter().map(of).max().unwrap_or_default();
    let (ids, effects) = (width(|r| r.id.chars().count()), width(|r| effect(r).len()));
    for rule in rules {
        let _ = writeln!(out, "#   {:ids$}  {:effects$}  {}", rule.id, effect(rule), rule.stands_in);
    }
    out
}

fn effect(rule: &Rule) -> &'static str {
    use breach::practice::Effect::*;
    match rule.effect {
        Raise => "raise",
        Release => "release",
        Exempt => "exempt",
        Note => "note",
    }
}

/// The rules of a practice with the files that they stand in.
fn resulting(practice: &Practice) -> Vec<Rule> {
    let rule = |r: &practice::Rule| {
        let (id, provision) = (r.table.id.clone(), r.table.provision.clone());
        Rule { id, effect: r.table.effect, provision, stands_in: r.stands_in.clone() }
    };
    practice.rules.iter().map(rule).collect()
}

/// The one table of that name: an id, or a kind and an id with a slash between.
pub fn one(tables: &Tables, name: &str) -> Result<(Kind, String)> {
    let found = named(tables, name);
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let known: Vec<String> = Kind::ALL.iter().flat_map(|kind| tables.ids(*kind)).collect();
            let hint = breach::diag::nearest(name, known.iter().map(String::as_str)).map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default();
            Err(Usage(format!("no table is called {name:?}{hint}; `breach tables list` shows them")).into())
        }
        several => {
            let names: Vec<String> = several.iter().map(|(kind, id)| format!("{}/{id}", kind.noun())).collect();
            Err(Usage(format!("several tables are called {name:?}; name one of {}", names.join(", "))).into())
        }
    }
}

/// Every table of that name.
pub fn named(tables: &Tables, name: &str) -> Vec<(Kind, String)> {
    let (wanted, id) = match name.split_once('/') {
        Some((kind, id)) => (Some(kind), id.strip_suffix(".toml").unwrap_or(id)),
        None => (None, name),
    };
    let of_kind = |kind: &Kind| wanted.is_none_or(|w| w == kind.noun() || w == kind.folder());
    let there = |kind: Kind| tables.ids(kind).into_iter().find(|known| *known == kind.id(id)).map(|id| (kind, id));
    Kind::ALL.into_iter().filter(of_kind).filter_map(there).collect()
}
