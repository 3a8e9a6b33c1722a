//! A text made ready for the search: one kind of space, hyphen and digit, nothing that cannot be seen, and every sign's place in the original.

/// A text as the search sees it.
pub struct Ready {
    /// The signs, spaces collapsed.
    pub signs: Vec<char>,
    /// The same in lower case without accents.
    pub folded: Vec<char>,
    /// Where each stood in the original, in characters.
    pub origin: Vec<usize>,
}

/// A digit.
const DIGIT: u8 = 1;
/// Any other sign that an identifier may have and most texts have not.
const OTHER: u8 = 2;
/// What every byte is: a table is faster than a question.
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut b = 0;
    while b < signs.len() {
        signs[b] = match b as u8 {
            b'0'..=b'9' => DIGIT,
            // 0xEF begins the full-width forms
            b'@' | 0xEF => OTHER,
            _ => 0,
        };
        b += 1;
    }
    signs
};

/// Whether a text can hold an identifier at all; most cannot, and are not worth the rest.
///
/// That takes an address's sign, a full-width form, as many digits as the shortest number has, or what an account number begins with: a word of two
/// letters and a digit after it.
pub fn may_hold(text: &str) -> bool {
    const FEWEST: usize = 6;
    let (seen, digits) = text.bytes().fold((0, 0), |(seen, digits), b| {
        let sign = SIGNS[usize::from(b)];
        (seen | sign, digits + usize::from(sign & DIGIT))
    });
    let account = || text.bytes().enumerate().any(|(i, b)| b.is_ascii_digit() && after_two_letters(&text.as_bytes()[..i]));
    seen & OTHER != 0 || digits >= FEWEST || (digits > 0 && account())
}

/// Whether a text ends in a word of two letters, whatever spaces, hyphens and signs that cannot be seen stand in it and after it.
fn after_two_letters(before: &[u8]) -> bool {
    let mut seen = before.iter().rev().filter(|b| b.is_ascii() && !b.is_ascii_whitespace() && **b != b'-');
    let two = seen.next().is_some_and(u8::is_ascii_alphabetic) && seen.next().is_some_and(u8::is_ascii_alphabetic);
    two && !matches!(before, [.., c, a, b, b' '] | [.., c, a, b] if c.is_ascii_alphabetic() && a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
}

impl Ready {
    /// Makes a text ready.
    pub fn new(text: &str) -> Ready {
        let mut ready =
            Ready { signs: Vec::with_capacity(text.len()), folded: Vec::with_capacity(text.len()), origin: Vec::with_capacity(text.len()) };
        for (i, c) in text.chars().enumerate() {
            let Some(c) = plain(c) else { continue };
            if c == ' ' && ready.signs.last() == Some(&' ') {
                continue;
            }
            ready.signs.push(c);
            ready.folded.push(fold(c));
            ready.origin.push(i);
        }
        ready
    }

    /// The sign at a place.
    pub fn at(&self, i: usize) -> Option<char> {
        self.signs.get(i).copied()
    }

    /// The sign before a place.
    pub fn before(&self, i: usize) -> Option<char> {
        self.at(i.checked_sub(1)?)
    }

    /// Whether a word of the list stands so that it begins exactly at a place.
    pub fn begins(&self, i: usize, words: &[String]) -> bool {
        words.iter().any(|word| self.word_at(i, word).is_some())
    }

    /// Whether a word of the list begins in that range.
    pub fn has(&self, from: usize, to: usize, words: &[String]) -> bool {
        (from..to.min(self.folded.len())).any(|i| self.begins(i, words))
    }

    /// Whether a word of the list ends exactly before a place.
    pub fn ends(&self, i: usize, words: &[String]) -> bool {
        words.iter().any(|word| {
            let length = word.trim_end_matches('*').chars().count();
            i.checked_sub(length).is_some_and(|start| self.word_at(start, word) == Some(i))
        })
    }

    /// Where a word that begins at a place ends, without what `*` stands for. Words have edges; signs have none.
    fn word_at(&self, i: usize, word: &str) -> Option<usize> {
        let stem = word.trim_end_matches('*');
        let mut end = i;
        for c in stem.chars() {
            if self.folded.get(end) != Some(&c) {
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
        assert_eq!(ready.origin, [0, 1, 2, 4, 5, 6, 8]);
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
}
