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
    /// What is counted.
    what: &'static str,
    count: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Of a batch of incidents that begins.
    pub fn of(inputs: &InputArgs, out: &Out<'_>) -> Progress {
        let sizes = || inputs.paths.iter().map(|path| std::fs::metadata(path).ok().filter(|m| m.is_file()).map(|m| m.len()));
        let mut begun = Progress::stream("incidents", out);
        if begun.seen && !inputs.paths.is_empty() {
            begun.total = sizes().sum();
        }
        begun
    }

    /// Of a stream whose end nobody knows. Where results go to the terminal they show by themselves how far it is.
    pub fn stream(what: &'static str, out: &Out<'_>) -> Progress {
        let seen = io::stderr().is_terminal() && !out.is_terminal();
        Progress { seen, since: Instant::now(), total: None, bytes: 0, what, count: 0, bar: None }
    }

    /// So much more is done.
    pub fn add(&mut self, count: usize, bytes: usize) {
        self.count += count as u64;
        self.bytes += bytes as u64;
        let elapsed = self.since.elapsed();
        if !self.seen || elapsed < SOON {
            return;
        }
        let mut said = format!("{} {} in {} s", self.count, self.what, elapsed.as_secs());
        if let Some(total) = self.total.filter(|_| self.bytes > 0) {
            let left = elapsed.as_secs_f64() * total.saturating_sub(self.bytes) as f64 / self.bytes as f64;
            said += &format!(", {left:.0} s to go");
        }
        let (total, position) = (self.total, if self.total.is_some() { self.bytes } else { self.count });
        match &self.bar {
            Some(bar) => bar.set_message(said),
            None => self.bar = Some(bar(total).with_message(said)),
        }
        self.bar.iter().for_each(|bar| bar.set_position(position));
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
        Some(total) => (Some(total), "{bar:20} {percent}% {msg}"),
        None => (None, "{spinner} {msg}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr()).with_style(style)
}
