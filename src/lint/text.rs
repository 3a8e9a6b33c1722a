//! A text made ready for the search: one kind of space, hyphen and digit, nothing that cannot be seen, and every sign's place in the original.

use smallvec::SmallVec;

/// A text as the search sees it.
pub struct Ready<'a> {
    /// The text as it was given.
    text: &'a str,
    /// The signs, spaces collapsed.
    pub signs: SmallVec<[char; 64]>,
}

/// Whether a text can hold an identifier at all; most cannot, and are not worth the rest.
///
/// That takes an address's sign, a full-width form, as many digits as the shortest number has, or what an account number begins with: a word of two
/// letters and a digit after it.
pub fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < SHORTEST {
        return false;
    }
    let mut digits = 0;
    let mut holds = |part: &[u8], start: usize| {
        part.iter().enumerate().filter(|(_, b)| is_of_interest(**b)).any(|(i, b)| {
            digits += 1;
            digits == FEWEST || !b.is_ascii_digit() || is_after_two_letters(bytes, start + i)
        })
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let found = blocks.iter().enumerate().any(|(i, block)| is_worth_it(block) && holds(block, i * BLOCK));
    // what is left is the end of a last block, or of words
    let is_left = || bytes.last_chunk().map_or_else(|| has_word_worth_it(rest), is_worth_it);
    found || (is_left() && holds(rest, bytes.len() - rest.len()))
}

/// Whether a text has a digit in any form; without one, nothing but an address can be found in it.
pub fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit() || b == FULL_WIDTH)
}

/// What begins the full-width forms.
const FULL_WIDTH: u8 = 0xEF;
/// The fewest digits that are of interest.
const FEWEST: u8 = 6;
/// The shortest thing of interest is an address, of five signs.
const SHORTEST: usize = 5;
/// So many bytes are looked at all at once.
const BLOCK: usize = 32;

/// Whether a byte is a digit, or another sign that an identifier may have and most texts have not.
fn is_of_interest(b: u8) -> bool {
    b.is_ascii_digit() || b == b'@' || b == FULL_WIDTH
}

/// Whether a block has such a byte. They are counted, which the compiler does for many bytes at once.
fn is_worth_it(block: &[u8; BLOCK]) -> bool {
    block.iter().map(|b| u8::from(is_of_interest(*b))).sum::<u8>() > 0
}

/// Whether eight bytes of a text that is shorter than a block may have one; what is shorter than that may.
fn has_word_worth_it(bytes: &[u8]) -> bool {
    const fn each(b: u8) -> u64 {
        u64::from_ne_bytes([b; 8])
    }
    // a byte that is zero borrows, so that its highest bit is set
    let has_zero = |bytes: u64| bytes.wrapping_sub(each(1)) & !bytes & each(0x80) != 0;
    let may = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        // of the signs that begin like a digit, six are none
        has_zero(word & each(0xF0) ^ each(b'0')) | has_zero(word ^ each(b'@')) | has_zero(word ^ each(FULL_WIDTH))
    };
    bytes.last_chunk().is_none_or(|last| may(last) || bytes.as_chunks().0.iter().any(may))
}

/// Whether a place is after a word of two letters, whatever spaces, hyphens and signs that cannot be seen stand in it and after it.
#[inline(never)]
fn is_after_two_letters(bytes: &[u8], place: usize) -> bool {
    let before = &bytes[..place];
    let mut seen = before.iter().rev().filter(|b| b.is_ascii() && !b.is_ascii_whitespace() && **b != b'-');
    let two = seen.next().is_some_and(u8::is_ascii_alphabetic) && seen.next().is_some_and(u8::is_ascii_alphabetic);
    two && !matches!(before, [.., c, a, b, b' '] | [.., c, a, b] if c.is_ascii_alphabetic() && a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
}

impl Ready<'_> {
    /// Makes a text ready.
    pub fn new(text: &str) -> Ready<'_> {
        let mut signs = SmallVec::with_capacity(text.len());
        if is_ready(text) {
            signs.extend(text.bytes().map(char::from));
        } else {
            signs.extend(seen(text).map(|(_, c)| c));
        }
        Ready { text, signs }
    }

    /// Where a sign stood in the original, in characters.
    pub fn origin(&self, i: usize) -> Option<usize> {
        seen(self.text).nth(i).map(|(i, _)| i)
    }

    /// The sign at a place.
    pub fn at(&self, i: usize) -> Option<char> {
        self.signs.get(i).copied()
    }

    /// The sign before a place.
    pub fn before(&self, i: usize) -> Option<char> {
        self.at(i.checked_sub(1)?)
    }

    /// The sign at a place in lower case without accents, as words are compared.
    fn folded(&self, i: usize) -> Option<char> {
        self.at(i).map(fold)
    }

    /// Whether a word of the list stands so that it begins exactly at a place.
    pub fn begins(&self, i: usize, words: &[String]) -> bool {
        let Some(first) = self.folded(i) else { return false };
        // no word begins within another
        let within = first.is_alphabetic() && self.before(i).is_some_and(char::is_alphabetic);
        !within && words.iter().any(|word| word.starts_with(first) && self.word_at(i, word).is_some())
    }

    /// Whether a word of the list begins in that range.
    pub fn has(&self, from: usize, to: usize, words: &[String]) -> bool {
        (from..to.min(self.signs.len())).any(|i| self.begins(i, words))
    }

    /// Whether a word of the list ends exactly before a place.
    pub fn ends(&self, i: usize, words: &[String]) -> bool {
        let Some(last) = i.checked_sub(1).and_then(|last| self.folded(last)) else { return false };
        words.iter().any(|word| {
            let stem = word.trim_end_matches('*');
            let start = || i.checked_sub(stem.chars().count());
            stem.ends_with(last) && start().is_some_and(|start| self.word_at(start, word) == Some(i))
        })
    }

    /// Where a word that begins at a place ends, without what `*` stands for. Words have edges; signs have none.
    fn word_at(&self, i: usize, word: &str) -> Option<usize> {
        let stem = word.trim_end_matches('*');
        let mut end = i;
        for c in stem.chars() {
            if self.folded(end) != Some(c) {
                return None;
            }
            end += 1;
        }
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let (first, last) = (stem.chars().next(), stem.chars().last());
        let open_left = letter(first) && letter(self.before(i));
        let open_right = stem.len() == word.len() && letter(last) && letter(self.at(end));
        (!open_left && !open_right).then_some(end)
    }
}

/// The signs of a text that the search looks at, with their places in it; of several spaces the first.
fn seen(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut last = None;
    let signs = text.chars().enumerate().filter_map(|(i, c)| Some((i, plain(c)?)));
    signs.filter(move |(_, c)| last.replace(*c) != Some(' ') || *c != ' ')
}

/// Whether a text is ready as it is: visible ASCII and single spaces.
fn is_ready(text: &str) -> bool {
    let mut last = 0;
    text.bytes().all(|b| matches!(b, b'!'..=b'~') | (b == b' ') && (std::mem::replace(&mut last, b), b) != (b' ', b' '))
}

/// A text as words are compared: lower case, no accents.
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// The sign that the search takes it for; `None` for what cannot be seen.
fn plain(c: char) -> Option<char> {
    Some(match c {
        // most signs are these
        '!'..='~' => c,
        // every visible ASCII sign has a full-width form at a fixed distance
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{00ad}' | '\u{0300}'..='\u{036f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            return None;
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\n' | '\r' => '\n',
        c if c.is_whitespace() => ' ',
        c => c,
    })
}

fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c.to_lowercase().next().unwrap_or(c) {
        'ą' | 'á' | 'à' | 'â' | 'ä' | 'ă' | 'ã' | 'å' => 'a',
        'ć' | 'č' | 'ç' => 'c',
        'ď' => 'd',
        'ę' | 'é' | 'è' | 'ê' | 'ë' | 'ě' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ł' | 'ľ' => 'l',
        'ń' | 'ň' | 'ñ' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'ő' | 'õ' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ú' | 'ù' | 'û' | 'ü' | 'ű' | 'ů' => 'u',
        'ý' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_sign_is_one() {
        let ready = Ready::new("\u{ff14}\u{ff14}\u{00a0}\u{202f}0\u{2011}5\u{200b}1");
        assert_eq!(ready.signs.iter().collect::<String>(), "44 0-51");
        assert_eq!((0..8).map_while(|i| ready.origin(i)).collect::<Vec<_>>(), [0, 1, 2, 4, 5, 6, 8]);
    }

    #[test]
    fn words_have_edges() {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let ready = Ready::new("Dowód nr, turnip, tel. i NIP5");
        assert!(ready.has(0, 5, &words(&["dowod"])));
        assert!(!ready.has(0, 5, &words(&["dow"])));
        assert!(ready.has(0, 5, &words(&["dow*"])));
        assert!(!ready.has(0, 17, &words(&["nip"])));
        assert!(ready.has(18, 29, &words(&["nip"])) && ready.has(18, 29, &words(&["tel."])));
        assert!(ready.ends(28, &words(&["nip"])));
        assert!(!ready.ends(27, &words(&["nip"])));
    }

    /// What `may_hold` asks for, sign by sign.
    fn holds(text: &str) -> bool {
        let bytes = text.as_bytes();
        let digits: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i].is_ascii_digit()).collect();
        let shown = text.contains(|c| c == '@' || matches!(c as u32, 0xF000..=0xFFFF));
        bytes.len() >= 5 && (shown || digits.len() >= 6 || digits.iter().any(|i| is_after_two_letters(bytes, *i)))
    }

    proptest::proptest! {
        #[test]
        fn a_text_in_blocks_holds_what_it_holds_sign_by_sign(text in "([a-d .:;?-]{0,20}|[0-9]|@|\u{ff10}|ł|LC ?){0,9}") {
            proptest::prop_assert_eq!(may_hold(&text), holds(&text), "{}", text);
        }

        #[test]
        fn a_text_that_is_ready_is_taken_as_it_is(text in "([a-zA-Z0-9.@+-]| |  |\u{a0}|\t|ł|\u{200b}){0,12}") {
            let slowly: Vec<char> = seen(&text).map(|(_, c)| c).collect();
            proptest::prop_assert_eq!(Ready::new(&text).signs.to_vec(), slowly, "{}", text);
        }

        #[test]
        fn words_begin_and_end_where_one_of_them_stands(text in "(zł|Zł|nip|vat id|€|db|[a-f ]|[ -]){0,8}") {
            let words: Vec<String> = ["zl", "zlot*", "nip", "vat id", "€", "d*", "db"].map(str::to_owned).into();
            let ready = Ready::new(&text);
            for i in 0..ready.signs.len() + 2 {
                proptest::prop_assert_eq!(ready.begins(i, &words), words.iter().any(|w| ready.word_at(i, w).is_some()), "{} {}", text, i);
                let ends = words.iter().any(|w| (0..i).any(|start| ready.word_at(start, w) == Some(i)));
                proptest::prop_assert_eq!(ready.ends(i, &words), ends, "{} {}", text, i);
            }
        }
    }
}
