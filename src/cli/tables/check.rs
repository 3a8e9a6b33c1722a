//! `breach tables check`: the lint for tables of one's own.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Result;
use breach::diag::Finding;
use breach::explain::Book;
use breach::render::text::inert;
use breach::tables::TableError;
use breach::tables::lint::{Checked, File, gather};
use clap::Args;
use serde::Serialize;

use super::Format;
use crate::cli::emit::{self, Out, Usage};
use crate::cli::{Exit, MethodArgs, OutArgs};

/// Options of `check`.
#[derive(Args)]
pub struct CheckArgs {
    /// Files of methods, practices, regimes and countries, or folders of them
    #[arg(value_name = "FILE|DIR", required = true)]
    paths: Vec<PathBuf>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    tables: MethodArgs,
    #[command(flatten)]
    out: OutArgs,
}

#[derive(Serialize)]
struct Shape<'a> {
    format: &'static str,
    tables: Vec<TableShape<'a>>,
    findings: Vec<FindingShape<'a>>,
}

#[derive(Serialize)]
struct TableShape<'a> {
    input: &'a str,
    kind: Option<&'static str>,
    findings: usize,
}

#[derive(Serialize)]
struct FindingShape<'a> {
    code: &'static str,
    input: &'a str,
    path: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    mend: Option<&'a str>,
}

/// Runs the command.
pub fn run(args: &CheckArgs) -> Result<Exit> {
    let (mut files, mut exit): (Vec<File>, Exit) = (Vec::new(), Exit::Done);
    for path in &args.paths {
        match gather(path) {
            Ok(found) => files.extend(found),
            Err(e) => exit = exit.max(emit::failed(&e.into())),
        }
    }
    if files.is_empty() && exit == Exit::Done {
        return Err(Usage("no table found: name a TOML file, or a folder with methods, practices, regimes or countries in it".into()).into());
    }
    let (tables, method) = args.tables.choose()?;
    let tables = tables.with_files(&siblings(&files)).with_files(&files);
    let method = match tables.method(&method) {
        // the method itself may be what is being checked
        Err(TableError::Bad { .. }) => breach::tables::Tables::default().method(&breach::desk::Choices::default().method)?,
        other => other?,
    };
    let checked: Vec<Checked> = files.iter().map(|file| tables.check(file, &method.table)).collect();
    let book = Book::english();
    let written = match args.format {
        Format::Json => serde_json::to_string_pretty(&shape(&checked, &book))? + "\n",
        Format::Text => checked.iter().map(|checked| text(checked, &book)).collect(),
    };
    let mut out = Out::open(&args.out)?;
    out.write(&written)?;
    out.finish(exit != Exit::Machine)?;
    if checked.iter().any(|c| !c.findings.is_empty()) {
        exit = exit.max(Exit::Found);
    }
    Ok(exit)
}

/// The files beside those that were named alone: they may build on them.
fn siblings(files: &[File]) -> Vec<File> {
    let folders = files.iter().filter(|f| f.folder.is_some()).filter_map(|f| Some(PathBuf::from(&f.name).parent()?.parent()?.to_path_buf()));
    let mut folders: Vec<PathBuf> = folders.map(|f| if f.as_os_str().is_empty() { PathBuf::from(".") } else { f }).collect();
    folders.dedup();
    // what cannot be read there was not asked about
    folders.iter().filter_map(|folder| gather(folder).ok()).flatten().collect()
}

/// What is wrong, and how to mend it: the last part of a message about a table, or what is to be done about its code.
fn parts<'a>(finding: &'a Finding, book: &'a Book) -> (&'a str, Option<&'a str>) {
    match finding.message.rsplit_once("; ") {
        Some((what, mend)) => (what, Some(mend)),
        None => (&finding.message, book.diagnostics.get(finding.code.id()).map(|said| said.mend.as_str())),
    }
}

fn shape<'a>(checked: &'a [Checked], book: &'a Book) -> Shape<'a> {
    Shape {
        format: "breach-tables-check/1",
        tables: checked.iter().map(|c| TableShape { input: &c.name, kind: c.kind.map(|k| k.noun()), findings: c.findings.len() }).collect(),
        findings: checked
            .iter()
            .flat_map(|c| {
                c.findings.iter().map(|f| {
                    let (message, mend) = parts(f, book);
                    FindingShape {
                        code: f.code.id(),
                        input: &c.name,
                        path: f.path.as_deref(),
                        line: f.place.map(|p| p.line),
                        column: f.place.map(|p| p.column),
                        message,
                        mend,
                    }
                })
            })
            .collect(),
    }
}

fn text(checked: &Checked, book: &Book) -> String {
    let name = emit::shown(std::path::Path::new(&checked.name));
    let mut out = String::new();
    if checked.findings.is_empty() {
        let _ = writeln!(out, "{name}: {}, nothing found", checked.kind.map_or("table", |k| k.noun()));
    }
    for finding in &checked.findings {
        let place = finding.place.map(|p| format!(":{}:{}", p.line, p.column)).unwrap_or_default();
        let (what, mend) = parts(finding, book);
        let _ = writeln!(out, "{name}{place}: {} [{}]", inert(what), finding.code.id());
        if let Some(mend) = mend {
            let _ = writeln!(out, "    {}", inert(mend));
        }
    }
    out
}
