//! Numbers in a text: runs of digits, and the longer numbers that runs with the same sign between them may make.

use std::ops::Range;

use smallvec::SmallVec;

use super::text::Ready;

/// A run of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// The first digit.
    pub start: usize,
    /// After the last.
    pub end: usize,
    /// How many digits stand in the runs before it.
    from: usize,
    /// Whether it is part of a date, which is part of nothing else.
    pub dated: bool,
}

impl Group {
    /// How many digits it has.
    pub fn size(&self) -> usize {
        self.end - self.start
    }
}

/// All digits of a text, in their runs.
pub struct Numbers {
    /// The runs, those of dates marked.
    pub groups: SmallVec<[Group; 8]>,
    digits: SmallVec<[u32; 32]>,
}

/// Runs of digits side by side, taken for one number.
#[derive(Clone, Debug)]
pub struct Window<'a> {
    /// The runs.
    pub groups: &'a [Group],
    /// Their digits.
    pub digits: &'a [u32],
    /// The signs from the first digit to the last.
    pub span: Range<usize>,
    /// The sign between the runs, if there are several.
    pub uniform: Option<char>,
    /// Whether no further run stands at that sign on either side.
    pub maximal: bool,
    /// Whether no further run stands there on one side at least.
    pub at_edge: bool,
    /// Whether a line ends in it.
    pub broken: bool,
}

impl Window<'_> {
    /// Whether it stands by itself: no letter or digit touches it, and it is no part of a decimal number.
    pub fn is_word(&self, text: &Ready) -> bool {
        let before = text.before(self.span.start);
        let decimal = before.is_some_and(|c| ".,".contains(c)) && text.before(self.span.start - 1).is_some_and(|c| c.is_ascii_digit())
            || text.at(self.span.end).is_some_and(|c| ".,".contains(c)) && text.at(self.span.end + 1).is_some_and(|c| c.is_ascii_digit());
        !before.is_some_and(char::is_alphanumeric) && !text.at(self.span.end).is_some_and(char::is_alphanumeric) && !decimal
    }

    /// Whether letters touch it in front, as in `NIP8567346215`.
    pub fn is_after_letters(&self, text: &Ready) -> bool {
        text.before(self.span.start).is_some_and(char::is_alphabetic) && !text.at(self.span.end).is_some_and(char::is_alphanumeric)
    }

    /// Whether a plus stands before it, as before a telephone number.
    pub fn after_plus(&self, text: &Ready) -> bool {
        text.before(self.span.start) == Some('+')
    }
}

/// The longest number of digits that anything looked for has.
const LONGEST: usize = 19;
/// The shortest that has a check.
const SHORTEST: usize = 9;

impl Numbers {
    /// Finds the runs of digits of a text.
    pub fn new(text: &Ready) -> Numbers {
        let mut numbers = Numbers { groups: SmallVec::new(), digits: SmallVec::new() };
        for (i, digit) in text.signs.iter().enumerate().filter_map(|(i, c)| Some((i, c.to_digit(10)?))) {
            match numbers.groups.last_mut() {
                Some(group) if group.end == i => group.end += 1,
                _ => numbers.groups.push(Group { start: i, end: i + 1, from: numbers.digits.len(), dated: false }),
            }
            numbers.digits.push(digit);
        }
        numbers.mark_dates(text);
        numbers
    }

    fn mark_dates(&mut self, text: &Ready) {
        for i in 0..self.groups.len().saturating_sub(2) {
            let [a, b, c] = [self.groups[i], self.groups[i + 1], self.groups[i + 2]];
            let number = |g: Group| self.digits(&[g]).iter().take(5).fold(0, |n, d| n * 10 + d);
            let gap = |from: Group, to: Group| &text.signs[from.end..to.start];
            let joined = |g: &[char]| matches!(g, ['-' | '/' | '.'] | ['.', ' ']);
            if !joined(gap(a, b)) || gap(a, b) != gap(b, c) || b.size() > 2 {
                continue;
            }
            let calendar = |y: Group, m: Group, d: Group| {
                y.size() == 4 && d.size() <= 2 && (1800..2200).contains(&number(y)) && (1..=12).contains(&number(m)) && (1..=31).contains(&number(d))
            };
            if calendar(a, b, c) || calendar(c, b, a) || calendar(c, a, b) {
                self.groups[i..i + 3].iter_mut().for_each(|g| g.dated = true);
            }
        }
    }

    /// The digits of runs side by side.
    pub fn digits(&self, groups: &[Group]) -> &[u32] {
        match groups {
            [] => &[],
            [first, .., last] | [first @ last] => &self.digits[first.from..last.from + last.size()],
        }
    }

    /// Gives every window of runs that one sign joins, up to the longest number there is, whose digits are wanted.
    pub fn windows<'a>(&'a self, text: &Ready, wanted: impl Fn(&[u32]) -> bool, mut take: impl FnMut(&Window<'a>)) {
        let groups = &self.groups;
        let enough = |g: &Group| self.digits.len() - g.from >= SHORTEST;
        let between = |i: usize| -> Option<(char, bool)> {
            let (left, right) = (groups.get(i)?, groups.get(i + 1)?);
            match &text.signs[left.end..right.start] {
                [c @ (' ' | '-' | '.' | '/')] => Some((*c, false)),
                ['\n'] | ['\n', ' '] | [' ', '\n'] => Some((' ', true)),
                _ => None,
            }
        };
        for (first, group) in groups.iter().enumerate().take_while(|(_, g)| enough(g)).filter(|(_, g)| !g.dated) {
            let (mut uniform, mut broken) = (None, false);
            for (last, next) in groups.iter().enumerate().skip(first) {
                if last > first {
                    let Some((sign, line)) = between(last - 1) else { break };
                    if uniform.is_some_and(|u| u != sign) || next.dated {
                        break;
                    }
                    uniform = Some(sign);
                    broken |= line;
                }
                let groups = &groups[first..=last];
                let digits = self.digits(groups);
                if digits.len() > LONGEST {
                    break;
                }
                if digits.len() < SHORTEST || !wanted(digits) {
                    continue;
                }
                let goes_on = |gap: Option<(char, bool)>, neighbour: Option<&Group>| {
                    gap.is_some_and(|(sign, line)| uniform.is_none_or(|u| u == sign) && !line) && neighbour.is_some_and(|g| !g.dated)
                };
                let before = first > 0 && goes_on(between(first - 1), self.groups.get(first - 1));
                let after = goes_on(between(last), self.groups.get(last + 1));
                let (maximal, at_edge) = (!before && !after, !before || !after);
                take(&Window { groups, digits, span: group.start..next.end, uniform, maximal, at_edge, broken });
            }
        }
    }
}
