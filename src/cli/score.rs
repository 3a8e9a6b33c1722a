//! `breach score`: vectors to scores.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};

use breach::diag::{Finding, Place};
use breach::incident::words::{Level, Word};
use breach::quarters::Quarters;
use breach::render::json;
use breach::render::text::inert;
use breach::vector::Scale;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::batch::{self, ThreadArgs};
use super::emit::{Out, Usage};
use super::input::{self, LONGEST_LINE};
use super::progress::Progress;
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
    threads: ThreadArgs,
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
    let job = Job { format: args.format, scale: Scale::new(&method.table) };
    let out = Out::open(&args.out)?;
    let mut run = Run { job: &job, progress: Progress::stream("vectors", &out), out, exit: Exit::Done, scored: 0 };
    if !args.vectors.is_empty() {
        for (i, vector) in args.vectors.iter().enumerate() {
            if vector == "-" {
                run.lines(&args.threads)?;
                continue;
            }
            let mut done = Portion::default();
            job.take(&mut done, &format!("arg:{}", i + 1), None, vector.as_bytes());
            run.take(done)?;
        }
    } else if io::stdin().is_terminal() {
        return Err(Usage("no vector given: name one, or pipe them in (`breach score --help`)".into()).into());
    } else {
        run.lines(&args.threads)?;
    }
    let Run { out, exit, scored, progress, .. } = run;
    drop(progress);
    out.finish(scored > 0)?;
    Ok(exit)
}

/// What every vector of a run is scored with.
struct Job<'a> {
    format: Format,
    scale: Scale<'a>,
}

/// What became of some vectors.
#[derive(Default)]
struct Portion {
    /// For standard output.
    written: String,
    /// For standard error.
    said: String,
    seen: usize,
    scored: usize,
    refused: bool,
}

/// So many bytes of standard input are worked on together.
const PORTION_BYTES: usize = 128 * 1024;

/// Standard input in portions of whole lines, each with the number of its first line.
struct Lines<R> {
    from: R,
    number: usize,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<(usize, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut portion = Vec::new();
        // as much as there is at once, then to the end of the line
        let read = self.from.by_ref().take(PORTION_BYTES as u64).read_to_end(&mut portion);
        let read = read.and_then(|_| if portion.is_empty() { Ok(()) } else { self.read_on(&mut portion) });
        let first = self.number;
        self.number += portion.iter().filter(|b| **b == b'\n').count();
        match read {
            Err(e) => Some(Err(e)),
            Ok(()) if portion.is_empty() => None,
            Ok(()) => Some(Ok((first, portion))),
        }
    }
}

impl<R: BufRead> Lines<R> {
    /// Reads the rest of a line; of one longer than a line may be only so much as to tell.
    fn read_on(&mut self, portion: &mut Vec<u8>) -> io::Result<()> {
        if portion.last() == Some(&b'\n') {
            return Ok(());
        }
        let most = LONGEST_LINE + 2;
        let read = self.from.by_ref().take(most).read_until(b'\n', portion)?;
        if read as u64 == most && portion.last() != Some(&b'\n') {
            input::skip_line(&mut self.from)?;
            portion.push(b'\n');
        }
        Ok(())
    }
}

impl Job<'_> {
    /// Scores a portion of whole lines.
    fn lines(&self, first: usize, lines: &[u8]) -> Portion {
        let mut done = Portion::default();
        let lines = lines.strip_suffix(b"\n").unwrap_or(lines);
        for (number, line) in (first..).zip(lines.split(|b| *b == b'\n')) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.iter().all(u8::is_ascii_whitespace) {
                self.take(&mut done, "", Some(number), line);
            }
        }
        done
    }

    /// Scores a vector of an argument, which has a name, or of a line, which has a number.
    fn take(&self, done: &mut Portion, name: &str, line: Option<usize>, vector: &[u8]) {
        let input = || line.map_or_else(|| name.to_owned(), |line| format!("-:{line}"));
        let encoding = |_| Finding::new(breach::diag::Code::Encoding, "not UTF-8");
        let vector = if vector.len() as u64 > LONGEST_LINE { Err(input::too_long()) } else { Ok(vector) };
        let scored =
            vector.and_then(|vector| std::str::from_utf8(vector).map_err(encoding)).and_then(|vector| Ok((vector, self.scale.score(vector)?)));
        done.seen += 1;
        let out = &mut done.written;
        match (scored, self.format) {
            (Ok((vector, (score, level))), Format::Text) => {
                done.scored += 1;
                score.push_to(out);
                out.extend(["\t", level.id(), "\t", vector, "\n"]);
            }
            (Ok((vector, (score, level))), format) => {
                done.scored += 1;
                *out += &json::to_string(&Scored { input: &input(), score, level, vector }, format == Format::Json);
                out.push('\n');
            }
            (Err(mut finding), format) => {
                // of an argument there is no line; of standard input it is the physical one
                finding.place = line.map(|line| Place { line, column: finding.place.map_or(1, |p| p.column) });
                done.refused = true;
                if format != Format::Jsonl {
                    done.said += &format!("{}: {}\n", input(), inert(&finding.message));
                }
                if format != Format::Text {
                    *out += &json::write_error(&input(), &[finding], format == Format::Json);
                    out.push('\n');
                }
            }
        }
    }
}

struct Run<'a> {
    job: &'a Job<'a>,
    progress: Progress,
    out: Out<'a>,
    exit: Exit,
    scored: usize,
}

impl Run<'_> {
    fn lines(&mut self, threads: &ThreadArgs) -> anyhow::Result<()> {
        let job = self.job;
        let lines = Lines { from: BufReader::new(io::stdin().lock()), number: 1 };
        let score = |portion: io::Result<(usize, Vec<u8>)>| portion.map(|(first, lines)| job.lines(first, &lines));
        batch::in_order(threads, lines, score, |done| self.take(done?))
    }

    fn take(&mut self, done: Portion) -> anyhow::Result<()> {
        if !done.said.is_empty() {
            self.progress.diagnostics(&done.said);
        }
        self.scored += done.scored;
        self.progress.add(done.seen, 0);
        self.exit = self.exit.max(if done.refused { Exit::Invalid } else { Exit::Done });
        self.out.write(&done.written)
    }
}
