//! What no text may exceed, looked at before any parser sees it: parsers recurse, and build far more than they are given.

use crate::diag::{Code, Finding};

/// The deepest nesting a file may have, of brackets and of the parts of a key.
pub const DEEPEST: usize = 32;

/// The largest file, in bytes.
pub const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// The most words and signs that a file may have outside of its comments; a text in quotes is one. With every list at its longest, an incident has a
/// third of them.
pub const MOST_SIGNS: usize = 200_000;

/// The most of a table, which is read again for each of its faults. The largest of the built-in ones has a tenth of them.
pub const MOST_SIGNS_OF_TABLE: usize = 50_000;

/// How a syntax is cut into words and signs.
pub struct Signs {
    comment: Option<u8>,
    quotes: &'static [u8],
    /// Whether the parts of a key nest.
    dotted: bool,
    /// Whether its parser goes on after a fault inside a text, so that each counts.
    goes_on: bool,
    most: usize,
}

/// TOML.
pub const TOML: Signs = Signs { comment: Some(b'#'), quotes: b"\"'", dotted: true, goes_on: true, most: MOST_SIGNS };
/// TOML that is a table of ours or of the user's own.
pub const TABLE: Signs = Signs { most: MOST_SIGNS_OF_TABLE, ..TOML };
/// JSON.
pub const JSON: Signs = Signs { comment: None, quotes: b"\"", dotted: false, goes_on: false, most: MOST_SIGNS };

/// A file larger than any may be.
pub fn too_large() -> Finding {
    Finding::new(Code::TooLarge, format!("larger than {} MiB, the most a file may have", LARGEST_FILE >> 20))
}

/// Whether a text is nested too deep or has too many words and signs, and where.
pub fn beyond(text: &str, signs: &Signs) -> Option<Finding> {
    let bytes = text.as_bytes();
    // no sign takes less than a byte, so that what is short and has few brackets and dots need not be read twice
    let nests = if signs.dotted { count(bytes, |b| opens(b) || b == b'.') } else { count(bytes, opens) };
    if bytes.len() <= signs.most && nests < DEEPEST {
        return None;
    }
    let deep = |at: usize| Some(Finding::new(Code::TooDeep, format!("nested deeper than {DEEPEST} levels")).spanned(text, at..at + 1));
    let (mut depth, mut count, mut i) = (0_usize, 0, 0);
    let mut key = Key::default();
    let mut in_word = false;
    while i < bytes.len() {
        let (start, c) = (i, bytes[i]);
        i += 1;
        let was_in_word = std::mem::take(&mut in_word);
        match c {
            b' ' | b'\t' => {}
            b'\n' => key = Key::default(),
            b'\r' => count += usize::from(bytes.get(i) != Some(&b'\n')),
            b'[' | b'{' => {
                (depth, count, key) = (depth + 1, count + 1, Key::default());
                if depth > DEEPEST {
                    return deep(start);
                }
            }
            b']' | b'}' => (depth, count, key) = (depth.saturating_sub(1), count + 1, Key::default()),
            b'=' | b',' | b':' => (count, key) = (count + 1, Key::default()),
            b'.' => {
                count += 1;
                if key.dot() > DEEPEST && signs.dotted {
                    return deep(start);
                }
            }
            c if signs.comment == Some(c) => {
                let line = &bytes[i..];
                let length = line.iter().position(|b| *b == b'\n').unwrap_or(line.len());
                count += line[..length].iter().filter(|b| is_control(**b)).count();
                i += length;
            }
            c if signs.quotes.contains(&c) => {
                key.part();
                let end = text_end(bytes, start);
                count += 1 + if signs.goes_on { faults(&bytes[start..end], c) } else { 0 };
                i = end;
            }
            c => {
                in_word = true;
                if !was_in_word {
                    key.part();
                    count += 1;
                }
                count += usize::from(is_control(c));
            }
        }
        if count > signs.most {
            let said = format!("more than {} words and signs, the most that a file may have", signs.most);
            return Some(Finding::new(Code::TooMany, said).spanned(text, start..i));
        }
    }
    None
}

/// Whether a byte is `[` or `{`, which differ in one bit.
fn opens(b: u8) -> bool {
    b | b' ' == b'{'
}

/// How many bytes are such, a block at a time, which the compiler counts many bytes at once.
fn count(bytes: &[u8], such: impl Fn(u8) -> bool) -> usize {
    // as many sixteens as a byte can count
    const BLOCK: usize = 240;
    let in_block = |block: &[u8]| usize::from(block.iter().fold(0_u8, |n, b| n + u8::from(such(*b))));
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    blocks.iter().map(|block| in_block(block)).sum::<usize>() + in_block(rest)
}

/// A key of parts with dots between, as far as it was read.
#[derive(Default)]
struct Key {
    dots: usize,
    after_dot: bool,
}

impl Key {
    /// How many levels deep the part after this dot is.
    fn dot(&mut self) -> usize {
        self.dots = if self.after_dot { 0 } else { self.dots + 1 };
        self.after_dot = true;
        self.dots + 1
    }

    fn part(&mut self) {
        if !std::mem::take(&mut self.after_dot) {
            self.dots = 0;
        }
    }
}

/// The end of the text that opens at `start`: plain or, in TOML, in three quotes.
fn text_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let long = bytes[start..].starts_with(&[quote; 3]);
    let mut i = start + if long { 3 } else { 1 };
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if quote == b'"' => i += 1,
            c if c == quote && (!long || bytes[i..].starts_with(&[quote; 3])) => return if long { i + 3 } else { i + 1 },
            b'\n' if !long => return i,
            _ => {}
        }
        i += 1;
    }
    bytes.len()
}

/// How many faults a text may give rise to: control characters, and escapes that are none or that have to be looked at.
fn faults(text: &[u8], quote: u8) -> usize {
    let controls = text.iter().filter(|b| is_control(**b)).count();
    let escapes = |pair: &[u8]| pair[0] == b'\\' && !matches!(pair[1], b'b' | b't' | b'n' | b'f' | b'r' | b'e' | b'"' | b'\\' | b' ' | b'\n' | b'\r');
    controls + if quote == b'"' { text.windows(2).filter(|pair| escapes(pair)).count() } else { 0 }
}

fn is_control(c: u8) -> bool {
    (c < b' ' && !matches!(c, b'\t' | b'\n' | b'\r')) || c == 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, signs: &Signs) -> Option<(Code, usize, usize)> {
        let found = beyond(text, signs)?;
        let place = found.place.unwrap();
        Some((found.code, place.line, place.column))
    }

    #[test]
    fn brackets_nest_to_the_limit_and_no_further() {
        for signs in [&TOML, &JSON] {
            assert_eq!(code(&("[".repeat(32) + &"]".repeat(32)), signs), None);
            assert_eq!(code(&("[".repeat(33)), signs), Some((Code::TooDeep, 1, 33)));
            assert_eq!(code(&"[]".repeat(99), signs), None);
            assert_eq!(code(&format!("\"{}\"", "[".repeat(99)), signs), None, "brackets in a text are letters");
            assert_eq!(code(&format!("\"\\\"{}\"", "[".repeat(99)), signs), None);
        }
        let open = "[".repeat(99);
        for text in [format!("# {open}"), format!("'{open}'"), format!("'''{open}\n{open}'''"), format!("\"\"\"{open}\"{open}\"\"\"")] {
            assert_eq!(code(&text, &TOML), None, "{text}");
            assert_eq!(code(&format!("{text}\n{open}"), &TOML).unwrap().0, Code::TooDeep);
        }
    }

    #[test]
    fn the_parts_of_a_key_are_levels() {
        assert_eq!(code(&(vec!["a"; 32].join(".") + " = 1"), &TOML), None);
        assert_eq!(code(&vec!["a"; 33].join("."), &TOML), Some((Code::TooDeep, 1, 64)));
        assert_eq!(code(&vec!["\"a\" "; 33].join(" . "), &TOML).unwrap().0, Code::TooDeep);
        for text in ["a word. ".repeat(99), "a.b = 1.5\n".repeat(99), "1.5, ".repeat(99), "…".repeat(99), ".".repeat(99), "a.b\n".repeat(99)] {
            assert_eq!(code(&text, &TOML), None, "{text}");
        }
    }

    #[test]
    fn what_costs_a_parser_is_counted() {
        let n = MOST_SIGNS / 2;
        for piece in ["a ", "] ", "= ", "1,", "\"\" ", "'' ", "a.b=", "\r", "\"\n", "a\n", "\0", "# \u{1}\n"] {
            assert_eq!(code(&piece.repeat(2 * n + 1), &TOML).map(|f| f.0), Some(Code::TooMany), "{piece:?}");
        }
        for piece in ["\\q", "\\u", "\u{1}", "\\xZ"] {
            assert_eq!(code(&format!("\"{}\"", piece.repeat(2 * n)), &TOML).map(|f| f.0), Some(Code::TooMany), "{piece:?}");
        }
        for text in [" \t\n\r\n".repeat(2 * n), "a".repeat(4 * n), format!("# {}", "a = 1, ".repeat(n)), format!("\"{}\"", "\\n = 1,".repeat(n))] {
            assert_eq!(code(&text, &TOML), None);
        }
        assert_eq!(code(&format!("\"{}\"", "\\u0105".repeat(2 * n)), &JSON), None, "letters that some writers of JSON always escape");
    }
}
