//! `breach score`: vectors to scores.

use std::io::{self, BufRead, IsTerminal, Read};

use breach::diag::{Code, Finding, Place};
use breach::incident::words::Level;
use breach::method::Method;
use breach::quarters::Quarters;
use breach::render::json;
use breach::vector;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::emit::{self, Out, Usage};
use super::input::{self, LONGEST_LINE};
use super::{Exit, MethodArgs, OutArgs};

pub const EXAMPLES: &str = "\
Examples:
  breach score ENISA:2013/DPC:3/EI:1/C:0.25/I:0/A:0/M:0
  breach score --format jsonl < vectors.txt";

/// Options of `score`.
#[derive(Args)]
pub struct ScoreArgs {
    /// Vectors, or `-`; without any, one a line from standard input
    #[arg(value_name = "VECTOR")]
    vectors: Vec<String>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    tables: MethodArgs,
    #[command(flatten)]
    out: OutArgs,
}

/// The forms of the result.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Score, level and vector, with tabs between
    Text,
    /// For programs: objects over several lines, one after another
    Json,
    /// For programs: one object a line
    Jsonl,
}

#[derive(Serialize)]
struct Scored<'a> {
    input: &'a str,
    score: Quarters,
    level: Level,
    vector: &'a str,
}

/// Runs the command.
pub fn run(args: &ScoreArgs) -> anyhow::Result<Exit> {
    let method = args.tables.method()?;
    let mut run = Run { format: args.format, method: &method.table, out: Out::open(&args.out)?, exit: Exit::Done, scored: 0 };
    if !args.vectors.is_empty() {
        for (i, vector) in args.vectors.iter().enumerate() {
            if vector == "-" {
                run.lines(io::stdin().lock())?;
                continue;
            }
            run.take(&format!("arg:{}", i + 1), None, Ok(vector))?;
        }
    } else if io::stdin().is_terminal() {
        return Err(Usage("no vector given: name one, or pipe them in (`breach score --help`)".into()).into());
    } else {
        run.lines(io::stdin().lock())?;
    }
    let Run { out, exit, scored, .. } = run;
    out.finish(scored > 0)?;
    Ok(exit)
}

struct Run<'a> {
    format: Format,
    method: &'a Method,
    out: Out<'a>,
    exit: Exit,
    scored: usize,
}

impl Run<'_> {
    fn lines(&mut self, mut from: impl BufRead) -> anyhow::Result<()> {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if from.by_ref().take(LONGEST_LINE + 2).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.len() as u64 > LONGEST_LINE + 1 {
                if line.last() != Some(&b'\n') {
                    input::skip_line(&mut from)?;
                }
                self.take(&format!("-:{number}"), Some(number), Err(input::too_long()))?;
                continue;
            }
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.take(&format!("-:{number}"), Some(number), std::str::from_utf8(text).map_err(|_| Finding::new(Code::Encoding, "not UTF-8")))?;
        }
        Ok(())
    }

    fn take(&mut self, input: &str, line: Option<usize>, vector: Result<&str, Finding>) -> anyhow::Result<()> {
        let scored = vector.and_then(|vector| Ok((vector, vector::score(vector, self.method)?)));
        self.scored += usize::from(scored.is_ok());
        let written = match (scored, self.format) {
            (Ok((vector, (score, level))), Format::Text) => format!("{score}\t{}\t{vector}\n", breach::incident::words::Word::id(level)),
            (Ok((vector, (score, level))), format) => {
                let object = Scored { input, score, level, vector };
                let pretty = format == Format::Json;
                (if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) })? + "\n"
            }
            (Err(mut finding), format) => {
                // of an argument there is no line; of standard input it is the physical one
                finding.place = line.map(|line| Place { line, column: finding.place.map_or(1, |p| p.column) });
                self.exit = self.exit.max(Exit::Invalid);
                if format != Format::Jsonl {
                    emit::say(&format!("{input}: {}", breach::render::text::inert(&finding.message)));
                }
                match format {
                    Format::Text => String::new(),
                    format => json::write_error(input, &[finding], format == Format::Json) + "\n",
                }
            }
        };
        self.out.write(&written)
    }
}
