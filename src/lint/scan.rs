//! The search of one text: candidates by their form, then check digits, then what stands around them.

use std::cmp::Reverse;
use std::ops::Range;

use iban::Iban;
use smallvec::SmallVec;

use super::Kind;
use super::check;
use super::numbers::{Group, Numbers, Window};
use super::table::Identifiers;
use super::text::Ready;

/// Something found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// The signs of the ready text that it takes.
    pub span: Range<usize>,
    /// What tells it from others of its kind, however it is written.
    pub value: String,
    /// How sure: of two on the same signs the surer stays.
    rank: Rank,
}

/// How sure a hit is, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The form in which people write it.
    Form,
    /// A check.
    Check,
    /// A word near, or a form that little else has.
    Word,
    /// A check and a word near.
    CheckAndWord,
}

/// Everything in a text, in its order, but for kinds that are of no interest where it stands.
pub fn scan(text: &Ready, table: &Identifiers, passed_over: impl Fn(Kind) -> bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    mails(text, &mut hits);
    ibans(text, table, &mut hits);
    let mut numbers = Numbers::new(text);
    if !hits.is_empty() {
        numbers.groups.retain(|g| is_free_of(&hits, g.start..g.end));
    }
    let search = Search { text, numbers: &numbers, table };
    let mut found = Vec::new();
    numbers.windows(text, |digits| search.is_checked(digits), |window| search.judge(window, &mut found));
    search.identity_cards(&mut found);
    // a telephone number may still take the place of something less sure
    if !found.is_empty() || !passed_over(Kind::Phone) {
        search.phones(&mut found);
    }
    // the surest first, then the longest; what lies on it falls
    found.sort_by_key(|hit| (Reverse(hit.rank), Reverse(hit.span.len()), hit.kind, hit.span.start));
    for hit in found {
        if is_free_of(&hits, hit.span.clone()) {
            hits.push(hit);
        }
    }
    hits.retain(|hit| !passed_over(hit.kind));
    hits.sort_by_key(|h| h.span.start);
    hits
}

/// Whether no hit lies on these signs.
fn is_free_of(hits: &[Hit], span: Range<usize>) -> bool {
    !hits.iter().any(|h| h.span.start < span.end && span.start < h.span.end)
}

/// E-mail addresses: something, @, a domain with a top level of letters.
fn mails(text: &Ready, hits: &mut Vec<Hit>) {
    let local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
    let label = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    for at in (0..text.signs.len()).filter(|i| text.signs[*i] == '@') {
        let mut start = at;
        while start > 0 && at - start < 64 && local(text.signs[start - 1]) {
            start -= 1;
        }
        let mut end = at + 1;
        while end < text.signs.len() && end - at < 255 && label(text.signs[end]) {
            end += 1;
        }
        while end > at && ".-".contains(text.signs[end - 1]) {
            end -= 1;
        }
        while start < at && ".'-".contains(text.signs[start]) {
            start += 1;
        }
        let domain = &text.signs[(at + 1).min(end)..end];
        let top = domain.iter().rposition(|c| *c == '.').map(|dot| &domain[dot + 1..]);
        if start < at && top.is_some_and(|top| top.len() >= 2 && top.iter().all(|c| c.is_alphabetic())) {
            let value: String = text.signs[start..end].iter().collect::<String>().to_lowercase();
            hits.push(Hit { kind: Kind::EMail, span: start..end, value, rank: Rank::Check });
        }
    }
}

/// Account numbers: with their country, or as they are written at home.
fn ibans(text: &Ready, table: &Identifiers, hits: &mut Vec<Hit>) {
    // most texts have too few letters and digits even with a country before them
    let most = table.iban.home.len() + text.signs.iter().filter(|c| c.is_ascii_alphanumeric()).count();
    let mut i = if most < SHORTEST_ACCOUNT { text.signs.len() } else { 0 };
    while i < text.signs.len() {
        let at = |n: usize| text.at(n).unwrap_or(' ');
        let first = at(i);
        let whole = !text.before(i).is_some_and(char::is_alphanumeric);
        let found = match first {
            c if whole && c.is_ascii_alphabetic() && at(i + 1).is_ascii_alphabetic() => {
                let digits = if " -".contains(at(i + 2)) { i + 3 } else { i + 2 };
                (at(digits).is_ascii_digit()).then(|| account(text, i, "")).flatten()
            }
            c if whole && c.is_ascii_digit() && at(i + 1).is_ascii_digit() => account(text, i, &table.iban.home),
            _ => None,
        };
        match found {
            Some((end, value)) => {
                hits.push(Hit { kind: Kind::Iban, span: i..end, value, rank: Rank::Check });
                i = end;
            }
            None => i += 1,
        }
    }
}

/// The signs of the shortest account number there is.
const SHORTEST_ACCOUNT: usize = 15;

/// The longest account number that begins at a place and ends at the end of a word.
fn account(text: &Ready, start: usize, country: &str) -> Option<(usize, String)> {
    if country.len() + text.signs.len() - start < SHORTEST_ACCOUNT {
        return None;
    }
    // and the longest 34
    const LONGEST: usize = 34;
    let mut value = String::with_capacity(LONGEST);
    value.push_str(country);
    let mut ends = SmallVec::<[_; 8]>::new();
    let mut i = start;
    while value.len() < LONGEST {
        match text.at(i) {
            Some(c) if c.is_ascii_alphanumeric() => value.push(c.to_ascii_uppercase()),
            Some(' ' | '-' | '\n') if text.at(i + 1).is_some_and(|c| c.is_ascii_alphanumeric()) => {}
            _ => break,
        }
        i += 1;
        if !text.at(i).is_some_and(char::is_alphanumeric) {
            ends.push((i, value.len()));
        }
    }
    ends.into_iter().rev().find_map(|(end, length)| {
        let value = value.get(..length)?;
        (length >= SHORTEST_ACCOUNT && value.parse::<Iban>().is_ok()).then(|| (end, value.to_owned()))
    })
}

/// Whether runs of digits are of the sizes of one of the customary forms.
fn is_one_of(groups: &[Group], forms: &[Vec<usize>]) -> bool {
    forms.iter().any(|form| groups.iter().map(Group::size).eq(form.iter().copied()))
}

/// Digits as they are written.
fn written(digits: &[u32]) -> String {
    let mut text = String::with_capacity(digits.len());
    text.extend(digits.iter().filter_map(|d| char::from_digit(*d, 10)));
    text
}

/// What follows in a number that begins with those digits.
fn after<'d>(digits: &'d [u32], first: &str) -> Option<&'d [u32]> {
    let (start, rest) = digits.split_at_checked(first.len())?;
    start.iter().zip(first.bytes()).all(|(d, b)| d + u32::from(b'0') == u32::from(b)).then_some(rest)
}

/// The search for numbers in one text.
struct Search<'a> {
    text: &'a Ready<'a>,
    numbers: &'a Numbers,
    table: &'a Identifiers,
}

impl Search<'_> {
    /// Whether digits pass one of the checks.
    fn is_checked(&self, digits: &[u32]) -> bool {
        let table = self.table;
        let passes = match digits.len() {
            9 => check::taj(digits, &table.taj),
            10 => check::nip(digits, &table.nip) || check::hu_tax_id(digits, &table.hu_tax_id),
            11 => check::pesel(digits, &table.pesel),
            13..=19 => check::card(digits, &table.payment_card),
            _ => false,
        };
        passes && digits.iter().any(|d| *d != 0)
    }

    /// What a window of digits that pass a check is.
    fn judge(&self, w: &Window, hits: &mut Vec<Hit>) {
        let table = self.table;
        let one = w.groups.len() == 1;
        match w.digits.len() {
            9 => {
                let named = self.named(w, &table.taj.keywords);
                let written = is_one_of(w.groups, &table.taj.forms) && self.is_plain(w);
                hits.extend(self.weak(w, Kind::Taj, named, written.then_some(Rank::Check)));
            }
            10 => {
                if check::nip(w.digits, &table.nip) {
                    let named = self.named(w, &table.nip.keywords) || self.prefixed(w, &table.nip.prefix);
                    let written = is_one_of(w.groups, &table.nip.forms) && self.is_plain(w);
                    hits.extend(self.weak(w, Kind::Nip, named, written.then_some(Rank::Word)));
                }
                if check::hu_tax_id(w.digits, &table.hu_tax_id) {
                    let named = self.named(w, &table.hu_tax_id.keywords);
                    hits.extend(self.strong(w, Kind::HuTaxId, named, one || w.groups.iter().all(|g| g.size() <= 5)));
                }
            }
            11 => {
                let named = self.named(w, &table.pesel.keywords);
                hits.extend(self.strong(w, Kind::Pesel, named, one || w.groups.iter().all(|g| g.size() <= 6)));
            }
            13..=19 => {
                let fits = one || is_one_of(w.groups, &table.payment_card.forms);
                if fits && w.is_word(self.text) {
                    hits.push(self.hit(w, Kind::PaymentCard, Rank::Check));
                }
            }
            _ => {}
        }
    }

    fn hit(&self, w: &Window, kind: Kind, rank: Rank) -> Hit {
        Hit { kind, span: w.span.clone(), value: written(w.digits), rank }
    }

    /// A number whose check few others pass: reported wherever it stands whole.
    fn strong(&self, w: &Window, kind: Kind, named: bool, form: bool) -> Option<Hit> {
        let whole = w.is_word(self.text) || (named && w.is_after_letters(self.text));
        let stands = w.groups.len() == 1 || (form && !w.broken && (named || (w.maximal && !w.after_plus(self.text))));
        (whole && stands).then(|| self.hit(w, kind, if named { Rank::CheckAndWord } else { Rank::Check }))
    }

    /// A number whose check every tenth passes: reported with a keyword, or in the form people write it in.
    fn weak(&self, w: &Window, kind: Kind, named: bool, written: Option<Rank>) -> Option<Hit> {
        let whole = w.is_word(self.text) || (named && w.is_after_letters(self.text));
        let sure = named && (w.groups.len() == 1 || w.at_edge) && !self.is_amount(w.span.clone());
        let rank = if sure { Some(Rank::CheckAndWord) } else { written };
        rank.filter(|_| whole).map(|rank| self.hit(w, kind, rank))
    }

    /// Whether a keyword stands near.
    fn named(&self, w: &Window, words: &[String]) -> bool {
        self.near(w.span.clone(), words)
    }

    fn near(&self, span: Range<usize>, words: &[String]) -> bool {
        let nearby = &self.table.nearby;
        self.text.has(span.start.saturating_sub(nearby.before), span.start, words) || self.text.has(span.end, span.end + nearby.after, words)
    }

    /// Whether a country stands directly before the number.
    fn prefixed(&self, w: &Window, prefix: &str) -> bool {
        let before: Vec<char> = prefix.chars().collect();
        let end = if self.text.before(w.span.start).is_some_and(|c| " -".contains(c)) { w.span.start - 1 } else { w.span.start };
        let Some(start) = end.checked_sub(before.len()) else { return false };
        self.text.signs[start..end] == before[..] && !self.text.before(start).is_some_and(char::is_alphanumeric)
    }

    /// Whether a number in a customary form stands alone: not part of a longer one, no amount, no other thing's number.
    fn is_plain(&self, w: &Window) -> bool {
        w.maximal && !w.broken && w.uniform.is_some_and(|c| " -".contains(c)) && self.is_free(w.span.clone())
    }

    /// No amount, no other thing's number, no part of a code.
    fn is_free(&self, span: Range<usize>) -> bool {
        let before = span.start.saturating_sub(20);
        let attached =
            self.text.before(span.start).is_some_and(|c| "-/_.,#".contains(c)) && self.text.before(span.start - 1).is_some_and(char::is_alphanumeric);
        let goes_on = self.text.at(span.end).is_some_and(|c| "-/_.,:".contains(c)) && self.text.at(span.end + 1).is_some_and(char::is_alphanumeric);
        !attached && !goes_on && !self.is_amount(span.clone()) && !self.text.has(before, span.start, &self.table.other_numbers.before)
    }

    /// Whether the number counts or measures something.
    fn is_amount(&self, span: Range<usize>) -> bool {
        let amounts = &self.table.amounts;
        let after = if self.text.at(span.end) == Some(' ') { span.end + 1 } else { span.end };
        let before = if self.text.before(span.start) == Some(' ') { span.start - 1 } else { span.start };
        let decimals = self.text.at(span.end).is_some_and(|c| ",.".contains(c)) && self.text.at(span.end + 1).is_some_and(|c| c.is_ascii_digit());
        decimals || self.text.begins(after, &amounts.after) || self.text.ends(before, &amounts.before)
    }

    /// Telephone numbers: with a country, in the form of one's own, or any with a keyword.
    fn phones(&self, hits: &mut Vec<Hit>) {
        let mut i = 0;
        while i < self.numbers.groups.len() {
            let (hit, next) = self.phone(i);
            hits.extend(hit);
            i = next.max(i + 1);
        }
    }

    /// The telephone number that begins with a group, and the group to go on with.
    fn phone(&self, first: usize) -> (Option<Hit>, usize) {
        let (text, groups) = (self.text, &self.numbers.groups);
        let phone = &self.table.phone;
        // brackets around an area, then spaces, hyphens, dots, slashes: at most two signs between groups
        let mut last = first;
        while last + 1 < groups.len() && !groups[last + 1].dated && last - first < 8 {
            let between = &text.signs[groups[last].end..groups[last + 1].start];
            if between.is_empty() || between.len() > 2 || !between.iter().all(|c| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')')) {
                break;
            }
            last += 1;
        }
        if groups[first].dated {
            return (None, first + 1);
        }
        // what follows in a chain is part of the same number, or of none
        let next = last + 1;
        let chain = &groups[first..=last];
        let digits = self.numbers.digits(chain);
        // no number has fewer, none more
        if !(7..=15).contains(&digits.len()) {
            return (None, next);
        }
        let mut start = chain[0].start;
        if text.before(start) == Some('(') {
            start -= 1;
        }
        let plus = text.before(start) == Some('+') || (text.before(start) == Some('(') && text.before(start - 1) == Some('+'));
        let span = start..chain[chain.len() - 1].end;
        let lead = if plus { text.before(start).map_or(start, |_| start - 1) } else { start };
        let attached = text.before(lead).is_some_and(char::is_alphanumeric) || text.at(span.end).is_some_and(char::is_alphanumeric);
        let address = chain.len() == 4 && chain.windows(2).all(|g| text.signs[g[0].end..g[1].start] == ['.']) && chain.iter().all(|g| g.size() <= 3);
        if attached || address || digits.iter().skip_while(|d| **d == 0).skip(2).all(|d| *d == 0) {
            return (None, next);
        }
        let found = |rank: Rank| {
            let own = written(&digits[digits.len().saturating_sub(9)..]);
            (Some(Hit { kind: Kind::Phone, span: lead..span.end, value: own, rank }), next)
        };
        let national = after(digits, "00").is_some_and(|v| phone.abroad.iter().any(|c| after(v, c).is_some()));
        if (plus && (8..=15).contains(&digits.len()) && digits[0] != 0 || national && (12..=13).contains(&digits.len()))
            && !self.is_amount(span.clone())
        {
            return found(Rank::Check);
        }
        if let Some(rank) = self.local_phone(digits, chain, span.clone()) {
            return found(rank);
        }
        (None, next)
    }

    /// A number without a country, by its groups.
    fn local_phone(&self, digits: &[u32], chain: &[Group], span: Range<usize>) -> Option<Rank> {
        let phone = &self.table.phone;
        let one = chain.len() == 1;
        // words are looked for last, which takes longest
        let free = || self.is_free(span.clone());
        let named = || self.near(span.clone(), &phone.keywords);
        let polish = digits.len() == 9 && phone.pl.areas.iter().any(|area| after(digits, area).is_some());
        let home = after(digits, &phone.hu.trunk);
        let hungarian = home.is_some_and(|home| {
            phone.hu.areas.iter().any(|area| {
                let Some(rest) = after(home, area) else { return false };
                let long = if area.len() == 1 || phone.hu.mobile.contains(area) { 7 } else { 6 };
                // the area must be a group, or the end of the first one
                let edge = chain[0].size() == 2 + area.len() || (chain[0].size() == 2 && chain.get(1).is_some_and(|g| g.size() == area.len()));
                rest.len() == long && (one || edge)
            })
        });
        let written = !one && (hungarian || (polish && is_one_of(chain, &phone.pl.forms)));
        if written && free() {
            return Some(if hungarian || named() { Rank::Word } else { Rank::Form });
        }
        let grouped = !one && (7..=11).contains(&digits.len()) && chain.iter().all(|g| (2..=4).contains(&g.size()));
        let abroad = one && digits.len() == 11 && phone.abroad.iter().any(|c| after(digits, c).is_some());
        let plain = one && (polish || hungarian);
        match (grouped || plain || written || abroad) && free() && named() {
            true if grouped || plain || written => Some(Rank::Word),
            // many a PESEL looks so too
            true if abroad => Some(Rank::Form),
            _ => None,
        }
    }

    /// Identity cards: letters and digits side by side.
    fn identity_cards(&self, hits: &mut Vec<Hit>) {
        let text = self.text;
        for group in self.numbers.groups.iter().filter(|g| g.size() == 6) {
            let polish = &self.table.pl_identity_card;
            let gap = usize::from(text.before(group.start).is_some_and(|c| " -".contains(c)));
            if let Some(start) = group.start.checked_sub(3 + gap)
                && text.signs[start..start + 3].iter().all(char::is_ascii_alphabetic)
                && !text.before(start).is_some_and(char::is_alphanumeric)
                && !text.at(group.end).is_some_and(char::is_alphanumeric)
            {
                let signs: Vec<char> = text.signs[start..start + 3].iter().chain(&text.signs[group.start..group.end]).copied().collect();
                let span = start..group.end;
                let upper = signs[..3].iter().all(char::is_ascii_uppercase);
                let written =
                    upper && gap == 1 && text.before(group.start) == Some(' ') && polish.series.contains(signs[0]) && self.is_free(span.clone());
                let named = self.near(span.clone(), &polish.keywords);
                if (named || written) && check::pl_identity_card(&signs, polish) {
                    let value = signs.iter().collect::<String>().to_uppercase();
                    hits.push(Hit { kind: Kind::PlIdentityCard, span, value, rank: if named { Rank::CheckAndWord } else { Rank::Form } });
                }
            }
            let gap = usize::from(text.at(group.end).is_some_and(|c| " -".contains(c)));
            let letters = group.end + gap..group.end + gap + 2;
            if text.signs.get(letters.clone()).is_some_and(|l| l.iter().all(char::is_ascii_uppercase))
                && !text.at(letters.end).is_some_and(char::is_alphanumeric)
                && !text.before(group.start).is_some_and(char::is_alphanumeric)
                && self.near(group.start..letters.end, &self.table.hu_identity_card.keywords)
            {
                let value = text.signs[group.start..group.end].iter().chain(&text.signs[letters.clone()]).collect();
                hits.push(Hit { kind: Kind::HuIdentityCard, span: group.start..letters.end, value, rank: Rank::Word });
            }
        }
    }
}
