//! Every reader over mutated files: nothing panics, nothing hangs, and whatever is said of a bad file is sound (`tests/fuzz/readers.rs` says what that is).
//!
//! A few thousand executions with every run of the tests; `tests/fuzz/run 10000000` does so many and prints the figure. `FUZZ_SEED` gives others.

#![allow(clippy::print_stdout)]

#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/readers.rs"]
mod readers;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mutate::{Mutator, Numbers};
use readers::{READERS, Reader};

/// How many executions there are where nobody says otherwise.
const FEW: u64 = 6_000;
/// Nothing that a reader is given here is large; one that takes so long hangs.
const HANGS: Duration = Duration::from_secs(60);

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|e| panic!("{name}: {value:?}: {e}")))
}

/// What one reader came to.
struct Ran {
    executions: u64,
    slowest: Duration,
    /// The inputs that it did not stand.
    found: Vec<Vec<u8>>,
}

fn run(reader: &Reader, executions: u64, seed: u64) -> Ran {
    let mutator = Mutator::of(readers::seeds(reader.name));
    let name: u64 = reader.name.bytes().fold(seed, |n, b| n.wrapping_mul(31).wrapping_add(b.into()));
    let mut numbers = Numbers(name);
    let mut ran = Ran { executions, slowest: Duration::ZERO, found: Vec::new() };
    for _ in 0..executions {
        let input = mutator.input(&mut numbers);
        let begun = Instant::now();
        let stood = catch_unwind(AssertUnwindSafe(|| (reader.read)(&input))).is_ok();
        let took = begun.elapsed();
        ran.slowest = ran.slowest.max(took);
        if !stood || took > HANGS {
            ran.found.push(input);
            // enough to look at
            if ran.found.len() == 5 {
                break;
            }
        }
    }
    ran
}

/// Where found inputs are kept, a folder for each reader.
fn kept(reader: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found").join(reader)
}

#[test]
fn every_reader_stands_whatever_it_is_given() {
    let total = setting("FUZZ_EXECUTIONS", FEW);
    let seed = setting("FUZZ_SEED", 2013);
    let weights: u64 = READERS.iter().map(|r| r.weight).sum();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(&str, Ran)>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(reader) = READERS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = Instant::now();
                    let ran = run(reader, (total * reader.weight).div_ceil(weights), seed);
                    let each = begun.elapsed().as_micros() as f64 / ran.executions.max(1) as f64;
                    println!(
                        "{:15} {:>9} executions, {each:.0} µs each, slowest {} ms, {} found",
                        reader.name,
                        ran.executions,
                        ran.slowest.as_millis(),
                        ran.found.len()
                    );
                    done.lock().expect("nobody panicked").push((reader.name, ran));
                }
            });
        }
    });
    let done = done.into_inner().expect("nobody panicked");
    let mut found = Vec::new();
    for (name, ran) in &done {
        for (n, input) in ran.found.iter().enumerate() {
            let path = std::env::temp_dir().join(format!("breach-found-{name}-{n}"));
            fs::write(&path, input).expect("it can be kept");
            found.push(format!("{name}: {}: {}", path.display(), String::from_utf8_lossy(input).chars().take(200).collect::<String>()));
        }
    }
    let executions: u64 = done.iter().map(|(_, ran)| ran.executions).sum();
    println!("{executions} executions over {} readers, {} findings", done.len(), found.len());
    assert!(found.is_empty(), "keep these under tests/fuzz/found:\n{}", found.join("\n"));
    assert!(executions >= total && done.len() == READERS.len());
}

/// What was found once, and the seeds as they are.
#[test]
fn found_cases_stay_mended() {
    let mut wrong = Vec::new();
    for reader in READERS {
        let found = fs::read_dir(kept(reader.name)).into_iter().flatten().map(|e| fs::read(e.expect("an entry").path()).expect("a file"));
        for input in found.chain(readers::seeds(reader.name)) {
            if catch_unwind(AssertUnwindSafe(|| (reader.read)(&input))).is_err() {
                wrong.push(format!("{}: {}", reader.name, String::from_utf8_lossy(&input).chars().take(200).collect::<String>()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Mutations that are all refused, or all accepted, would look at half of a reader only.
#[test]
fn mutations_are_neither_all_good_nor_all_bad() {
    use breach::incident::read::{Syntax, read};
    let method = breach::tables::Tables::default().method(&breach::tables::Choice::Id(breach::desk::METHOD.to_owned())).expect("built in").table;
    let mutator = Mutator::of(readers::seeds("incident-toml"));
    let mut numbers = Numbers(7);
    let good = (0..300).filter(|_| read(&mutator.input(&mut numbers), Syntax::Toml, &method).is_ok()).count();
    assert!((20..280).contains(&good), "{good} of 300 are good");
    let (mut once, mut again) = (Numbers(1), Numbers(1));
    assert!((0..50).all(|_| mutator.input(&mut once) == mutator.input(&mut again)), "the same number, the same bytes");
}

/// Each reader has its target for cargo-fuzz.
#[test]
fn every_reader_has_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    for reader in READERS {
        let target = fs::read_to_string(folder.join(format!("fuzz_targets/{}.rs", reader.name))).expect("a target");
        assert!(target.contains(&format!("\"{}\"", reader.name)) && manifest.contains(&format!("\"fuzz_targets/{}.rs\"", reader.name)));
    }
}
