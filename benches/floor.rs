//! The floor that the batch is held against: each line parsed into its type, hashed with SHA-256, and a result of the same size written. Nothing else.
//!
//! `bench-floor FILE BYTES`: BYTES is how large one result is, in the middle.

use std::hint::black_box;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

use breach::incident::raw::Raw;
use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let file = args.next().unwrap_or_default();
    let size: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or_default();
    let mut lines = BufReader::new(std::fs::File::open(file)?);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut result = vec![b'x'; size.saturating_sub(1)];
    result.push(b'\n');
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let raw: Raw = serde_json::from_slice(&line)?;
        black_box(&raw);
        black_box(Sha256::digest(&line));
        out.write_all(&result)?;
        line.clear();
    }
    out.flush()
}
