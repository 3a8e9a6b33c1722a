//! Mutations of seeds: the same number, the same bytes, on every machine.

/// Numbers by SplitMix64: small, known, and the same everywhere.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another; 0 where there is none.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Pieces on which readers turn.
const PIECES: &[&str] = &[
    "",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u",
    "\\ud800",
    "\\u0000",
    "\\U00110000",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "#",
    "=",
    ".",
    ",",
    ":",
    "-",
    "+",
    "_",
    "/",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "null",
    "true",
    "false",
    "unknown",
    "nan",
    "inf",
    "-inf",
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "4",
    "5",
    "0.5",
    "0.25",
    "1.0",
    "1e999",
    "-1e999",
    "1e-999",
    "0x7fffffffffffffff",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1000000000001",
    "00",
    "1_000",
    "2026-11-20T16:40:00+01:00",
    "2026-11-20T16:40:00",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31T23:59:60Z",
    "16:40:00",
    "2199-12-31",
    "1989-12-31",
    "\u{feff}",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{202e}",
    "\u{2028}",
    "ż",
    "亀",
    "\u{1f4a9}",
    "\u{301}",
    "format",
    "incident",
    "why",
    "[data.simple]",
    "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "art. 33(1)",
    "DPC:",
    "EI:0.5",
];

/// Seeds and the words in them.
pub struct Mutator {
    seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
}

impl Mutator {
    pub fn of(seeds: Vec<Vec<u8>>) -> Mutator {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let mut words: Vec<Vec<u8>> = seeds
            .iter()
            .flat_map(|seed| seed.split(|b| !is_word(b)))
            .filter(|word| !word.is_empty() && word.len() < 40)
            .map(<[u8]>::to_vec)
            .collect();
        words.sort();
        words.dedup();
        words.extend(PIECES.iter().map(|piece| piece.as_bytes().to_vec()));
        Mutator { seeds, words }
    }

    /// A seed with a few changes.
    pub fn input(&self, numbers: &mut Numbers) -> Vec<u8> {
        let mut bytes = numbers.pick(&self.seeds).clone();
        for _ in 0..[1, 1, 2, 3, 8][numbers.below(5)] {
            self.change(&mut bytes, numbers);
        }
        bytes.truncate(20_000);
        bytes
    }

    fn change(&self, bytes: &mut Vec<u8>, numbers: &mut Numbers) {
        let at = numbers.below(bytes.len() + 1);
        let length = [1, 2, 8, 40, 400][numbers.below(5)];
        let end = (at + numbers.below(length + 1)).min(bytes.len());
        match numbers.below(10) {
            0 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            1 if at < bytes.len() => bytes[at] = numbers.next() as u8,
            2 => drop(bytes.drain(at..end)),
            // something that is there, again
            3 => {
                let piece = bytes[at..end].to_vec();
                let times = [1, 1, 2, 40][numbers.below(4)];
                drop(bytes.splice(at..at, piece.repeat(times)));
            }
            4 => drop(bytes.splice(at..at, numbers.pick(&self.words).iter().copied())),
            5 => drop(bytes.splice(at..end, numbers.pick(&self.words).iter().copied())),
            // one word in the place of another
            6 | 7 => {
                let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
                let start = bytes[..at].iter().rposition(|b| !is_word(b)).map_or(0, |i| i + 1);
                let stop = bytes[at..].iter().position(|b| !is_word(b)).map_or(bytes.len(), |i| at + i);
                drop(bytes.splice(start..stop, numbers.pick(&self.words).iter().copied()));
            }
            // a line elsewhere
            8 => {
                let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
                let stop = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| at + i + 1);
                let line: Vec<u8> = bytes.drain(start..stop).collect();
                let to = numbers.below(bytes.len() + 1);
                let to = bytes[..to].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
                drop(bytes.splice(to..to, line));
            }
            // the end of another seed
            _ => {
                let other = numbers.pick(&self.seeds);
                let from = numbers.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
}
