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
    /// Whether it is part of a date, which is part of nothing else.
    pub dated: bool,
}

/// Runs of digits side by side, taken for one number.
#[derive(Clone, Debug)]
pub struct Window {
    /// The signs from the first digit to the last.
    pub span: Range<usize>,
    /// The digits.
    pub digits: SmallVec<[u32; 20]>,
    /// How many stand in each run.
    pub sizes: SmallVec<[usize; 8]>,
    /// The sign between the runs, if there are several.
    pub uniform: Option<char>,
    /// Whether no further run stands at that sign on either side.
    pub maximal: bool,
    /// Whether no further run stands there on one side at least.
    pub at_edge: bool,
    /// Whether a line ends in it.
    pub broken: bool,
}

impl Window {
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
/// The most runs a number is written in.
const MOST: usize = LONGEST;

/// All runs of digits, those of dates marked.
pub fn groups(text: &Ready) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut i = 0;
    while i < text.signs.len() {
        if !text.signs[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        while text.at(i).is_some_and(|c| c.is_ascii_digit()) {
            i += 1;
        }
        groups.push(Group { start, end: i, dated: false });
    }
    for i in 0..groups.len().saturating_sub(2) {
        let [a, b, c] = [groups[i], groups[i + 1], groups[i + 2]];
        let number = |g: Group| text.signs[g.start..g.end].iter().take(5).fold(0_u32, |n, c| n * 10 + c.to_digit(10).unwrap_or(0));
        let size = |g: Group| g.end - g.start;
        let gap = |from: Group, to: Group| &text.signs[from.end..to.start];
        let joined = |g: &[char]| matches!(g, ['-' | '/' | '.'] | ['.', ' ']);
        if !joined(gap(a, b)) || gap(a, b) != gap(b, c) || size(b) > 2 {
            continue;
        }
        let calendar = |y: Group, m: Group, d: Group| {
            size(y) == 4 && size(d) <= 2 && (1800..2200).contains(&number(y)) && (1..=12).contains(&number(m)) && (1..=31).contains(&number(d))
        };
        if calendar(a, b, c) || calendar(c, b, a) || calendar(c, a, b) {
            groups[i..i + 3].iter_mut().for_each(|g| g.dated = true);
        }
    }
    groups
}

/// Every window of runs that one sign joins, up to the longest number there is.
pub fn windows(text: &Ready, groups: &[Group]) -> Vec<Window> {
    let between = |i: usize| -> Option<(char, bool)> {
        let (left, right) = (groups.get(i)?, groups.get(i + 1)?);
        match &text.signs[left.end..right.start] {
            [c] if " -./".contains(*c) => Some((*c, false)),
            ['\n'] | ['\n', ' '] | [' ', '\n'] => Some((' ', true)),
            _ => None,
        }
    };
    let mut windows = Vec::new();
    for (first, group) in groups.iter().enumerate().filter(|(_, g)| !g.dated && g.end - g.start <= LONGEST) {
        let (mut digits, mut sizes, mut uniform, mut broken) = (SmallVec::new(), SmallVec::new(), None, false);
        for (last, next) in groups.iter().enumerate().skip(first).take(MOST) {
            if last > first {
                let Some((sign, line)) = between(last - 1) else { break };
                if uniform.is_some_and(|u| u != sign) || next.dated {
                    break;
                }
                uniform = Some(sign);
                broken |= line;
            }
            if digits.len() + next.end - next.start > LONGEST {
                break;
            }
            digits.extend(text.signs[next.start..next.end].iter().filter_map(|c| c.to_digit(10)));
            sizes.push(next.end - next.start);
            // shorter than any number that has a check
            if digits.len() < 9 {
                continue;
            }
            let goes_on = |gap: Option<(char, bool)>, neighbour: Option<&Group>| {
                gap.is_some_and(|(sign, line)| uniform.is_none_or(|u| u == sign) && !line) && neighbour.is_some_and(|g| !g.dated)
            };
            let before = first > 0 && goes_on(between(first - 1), groups.get(first - 1));
            let after = goes_on(between(last), groups.get(last + 1));
            windows.push(Window {
                span: group.start..next.end,
                digits: digits.clone(),
                sizes: sizes.clone(),
                uniform,
                maximal: !before && !after,
                at_edge: !before || !after,
                broken,
            });
        }
    }
    windows
}
