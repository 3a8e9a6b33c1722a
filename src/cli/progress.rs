//! How far a long batch is: a bar on the terminal, and only there.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::InputArgs;
use super::emit::{self, Out};

/// Work that is done sooner needs no bar.
const SOON: Duration = Duration::from_secs(2);

/// How far a batch is.
pub struct Progress {
    /// Whether somebody sees it.
    seen: bool,
    since: Instant,
    /// All bytes there are to read, where that is known beforehand.
    total: Option<u64>,
    bytes: u64,
    incidents: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Of a batch that begins. Where results go to the terminal they show by themselves how far it is.
    pub fn new(inputs: &InputArgs, out: &Out<'_>) -> Progress {
        let seen = io::stderr().is_terminal() && !out.is_terminal();
        let sizes = || inputs.paths.iter().map(|path| std::fs::metadata(path).ok().filter(|m| m.is_file()).map(|m| m.len()));
        let total = if seen && !inputs.paths.is_empty() { sizes().sum() } else { None };
        Progress { seen, since: Instant::now(), total, bytes: 0, incidents: 0, bar: None }
    }

    /// So much more is done.
    pub fn add(&mut self, incidents: usize, bytes: usize) {
        self.incidents += incidents as u64;
        self.bytes += bytes as u64;
        if !self.seen || self.since.elapsed() < SOON {
            return;
        }
        let total = self.total;
        let bar = self.bar.get_or_insert_with(|| bar(total));
        bar.set_position(if total.is_some() { self.bytes } else { self.incidents });
        bar.set_message(format!("{} incidents", self.incidents));
    }

    /// Lines to standard error, past the bar.
    pub fn diagnostics(&self, lines: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| emit::diagnostics(lines)),
            None => emit::diagnostics(lines),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (length, template) = match total {
        Some(total) => (Some(total), "{bar:40} {percent}% {msg}, {elapsed_precise}, {eta_precise} to go"),
        None => (None, "{spinner} {msg}, {elapsed_precise}, {per_sec}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr()).with_style(style)
}
