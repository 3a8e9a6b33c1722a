//! Policy: what the user of the gate lets pass, and what not.

use std::collections::BTreeMap;

use super::{Code, Finding, Level};

/// The user's word on a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not worth a finding.
    Allow,
    /// An error.
    Deny,
}

/// What findings weigh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    verdicts: BTreeMap<Code, Verdict>,
}

impl Policy {
    /// The user's words in their order: of several on one code the last counts.
    pub fn new(words: impl IntoIterator<Item = (Code, Verdict)>) -> Policy {
        Policy { verdicts: words.into_iter().collect() }
    }

    /// Whether the user would let pass what cannot be: nothing is known of an input that cannot be read.
    pub fn would_allow_invalid(&self) -> bool {
        self.verdicts.get(&Code::Invalid) == Some(&Verdict::Allow)
    }

    /// A finding as it weighs here; `None` where it is let pass.
    pub fn judge(&self, finding: Finding) -> Option<Finding> {
        match self.verdicts.get(&finding.code) {
            Some(Verdict::Allow) if finding.code != Code::Invalid => None,
            Some(Verdict::Deny) => Some(Finding { level: Level::Error, ..finding }),
            _ => Some(finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Says;
    use super::*;

    #[test]
    fn the_last_word_on_a_code_counts() {
        let words = [(Code::Open, Verdict::Deny), (Code::Overdue, Verdict::Allow), (Code::Open, Verdict::Allow)];
        assert_eq!(Policy::new(words).judge(Finding::new(Says::Open)), None);
        let words = [(Code::Open, Verdict::Allow), (Code::Open, Verdict::Deny)];
        assert_eq!(Policy::new(words).judge(Finding::new(Says::OpenBy)).map(|f| f.level), Some(Level::Error));
    }

    #[test]
    fn what_cannot_be_read_is_never_let_pass() {
        let policy = Policy::new([(Code::Invalid, Verdict::Allow)]);
        assert_eq!(policy.judge(Finding::new(Says::Invalid)).map(|f| f.level), Some(Level::Error));
    }
}
