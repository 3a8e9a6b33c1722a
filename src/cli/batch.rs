//! Many inputs: worked on by all cores, handed on in their order, a few at a time in memory.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::available_parallelism;

use anyhow::Context;
use clap::Args;

use super::input::Source;

/// How many cores work.
#[derive(Args)]
pub struct ThreadArgs {
    /// Work on so many cores; the results are the same on any number [default: all]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

impl ThreadArgs {
    /// The number of threads to work on. More than some for each core only stand in each other's way.
    fn count(&self) -> usize {
        const FOR_EACH_CORE: usize = 4;
        let cores = available_parallelism().map_or(1, usize::from);
        self.threads.map_or(cores, |threads| usize::from(threads).min(cores * FOR_EACH_CORE))
    }
}

/// So many portions for each core may be under way, so that no core waits for the next and memory stays flat.
const AHEAD: usize = 3;

/// Works on portions, on several threads if there is more than one portion, and hands the results on in order.
///
/// # Errors
/// The first that `done` gives; what comes after it is not handed on.
pub fn in_order<T: Send, R: Send>(
    threads: &ThreadArgs,
    mut portions: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut done: impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let begin: Vec<T> = portions.by_ref().take(2).collect();
    // most runs have one portion, and nobody asks how many cores there are
    let threads = if begin.len() < 2 { 1 } else { threads.count() };
    let portions = begin.into_iter().chain(portions);
    if threads == 1 {
        return portions.map(work).try_for_each(done);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("cannot start threads")?;
    let work = &work;
    pool.in_place_scope(|scope| {
        let mut under_way = VecDeque::new();
        let mut next = |under_way: &mut VecDeque<Receiver<R>>| match under_way.pop_front().map(|result| result.recv()) {
            Some(Ok(result)) => done(result),
            // nothing comes from a thread that panicked, and the panic goes on from here by itself
            _ => Ok(()),
        };
        for portion in portions {
            let (give, take) = sync_channel(1);
            scope.spawn(move |_| drop(give.send(work(portion))));
            under_way.push_back(take);
            if under_way.len() > AHEAD * threads {
                next(&mut under_way)?;
            }
        }
        while !under_way.is_empty() {
            next(&mut under_way)?;
        }
        Ok(())
    })
}

/// A portion: so many inputs, or so many bytes of them.
const PORTION: usize = 64;
const PORTION_BYTES: usize = 256 * 1024;

/// Inputs in portions.
pub fn portions(mut sources: impl Iterator<Item = Source>) -> impl Iterator<Item = Vec<Source>> {
    std::iter::from_fn(move || {
        let mut portion = Vec::new();
        let mut bytes = 0;
        while portion.len() < PORTION && bytes < PORTION_BYTES {
            let Some(source) = sources.next() else { break };
            bytes += source.size();
            portion.push(source);
        }
        (!portion.is_empty()).then_some(portion)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let mut seen = Vec::new();
            let slow_first = |n: u64| {
                std::thread::sleep(std::time::Duration::from_micros(if n.is_multiple_of(7) { 500 } else { 0 }));
                n * 2
            };
            in_order(&ThreadArgs { threads: Some(threads) }, 0..200, slow_first, |n| {
                seen.push(n);
                Ok(())
            })
            .unwrap();
            assert_eq!(seen, (0..200).map(|n| n * 2).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn no_number_of_threads_is_too_many() {
        let mut seen = 0;
        in_order(
            &ThreadArgs { threads: Some(u16::MAX) },
            0..20,
            |n: u64| n,
            |_| {
                seen += 1;
                Ok(())
            },
        )
        .unwrap();
        assert!(seen == 20 && ThreadArgs { threads: Some(u16::MAX) }.count() < 10_000);
    }

    #[test]
    fn nothing_is_handed_on_after_an_error() {
        for threads in [1, 3] {
            let mut seen = 0;
            let result = in_order(
                &ThreadArgs { threads: Some(threads) },
                0..1000,
                |n| n,
                |n| {
                    seen += 1;
                    if n == 10 { Err(anyhow::anyhow!("full")) } else { Ok(()) }
                },
            );
            assert!(result.is_err());
            assert_eq!(seen, 11, "{threads}");
        }
    }
}
