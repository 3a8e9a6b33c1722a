//! Citations: the provisions that a text such as "GDPR arts 34(2), 33(3)(b); recital 75" names, one by one.

use std::fmt;

/// What a law is divided into, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    Article,
    Regulation,
    Recital,
    Annex,
}

/// How units are written, the longer forms first.
const WORDS: [(&str, Unit); 12] = [
    ("articles", Unit::Article),
    ("article", Unit::Article),
    ("arts.", Unit::Article),
    ("arts", Unit::Article),
    ("art.", Unit::Article),
    ("art", Unit::Article),
    ("regs", Unit::Regulation),
    ("reg.", Unit::Regulation),
    ("reg", Unit::Regulation),
    ("recitals", Unit::Recital),
    ("recital", Unit::Recital),
    ("annex", Unit::Annex),
];

impl Unit {
    /// How one of them is cited.
    fn word(self) -> &'static str {
        match self {
            Unit::Article => "art.",
            Unit::Regulation => "reg.",
            Unit::Recital => "recital",
            Unit::Annex => "Annex",
        }
    }
}

/// One provision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provision {
    /// The law, as it is cited.
    pub law: String,
    /// What it is divided into there.
    pub unit: Unit,
    /// The place: `33(3)(b)`, `75`, `I`.
    pub at: String,
}

impl Provision {
    /// Its place among the others of its law: numbers as numbers.
    pub fn order(&self) -> (Unit, u32, &str) {
        let digits = self.at.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.at.len());
        (self.unit, self.at[..digits].parse().unwrap_or_default(), &self.at[digits..])
    }
}

impl fmt::Display for Provision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.law, self.unit.word(), self.at)
    }
}

/// The provisions that a citation names.
pub fn provisions(citation: &str) -> Vec<Provision> {
    let mut found: Vec<Provision> = Vec::new();
    let mut law = String::new();
    for part in citation.split(';') {
        let Some((before, unit, after)) = divide(part) else { continue };
        // "for qualified providers art. 24" says more about the law before it and names none
        if before.chars().any(|c| c.is_uppercase() || c.is_ascii_digit()) {
            law = before.to_owned();
        }
        if law.is_empty() {
            continue;
        }
        let mut last = String::new();
        for place in after.split(',') {
            let Some(at) = place_at(place.trim(), unit, &last) else { break };
            last.clone_from(&at);
            found.push(Provision { law: law.clone(), unit, at });
        }
    }
    found
}

/// What stands before the unit, the unit, and what follows.
fn divide(part: &str) -> Option<(&str, Unit, &str)> {
    let mut at = 0;
    for word in part.split(' ') {
        if let Some((_, unit)) = WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)) {
            return Some((part[..at].trim(), *unit, part[at + word.len()..].trim()));
        }
        at += word.len() + 1;
    }
    None
}

/// A place at the beginning of a text; "(2)" alone stands beside the last part of the one before.
fn place_at(text: &str, unit: Unit, last: &str) -> Option<String> {
    let end = text.find(|c: char| c.is_whitespace()).unwrap_or(text.len());
    let word = &text[..end];
    match word.chars().next()? {
        '(' => {
            // "5(1)(a), (2)" goes back to the number, "23(4)(d), (e)" to the letter
            let kind = |bracket: &str| bracket.chars().nth(1).map(|c| c.is_ascii_digit());
            let mut before = &last[..last.rfind('(')?];
            let mut replaced = &last[before.len()..];
            while kind(replaced) != kind(word) {
                let shorter = &before[..before.rfind('(')?];
                (replaced, before) = (&before[shorter.len()..], shorter);
            }
            Some(format!("{before}{word}"))
        }
        c if c.is_ascii_digit() => Some(word.to_owned()),
        'I' | 'V' | 'X' if unit == Unit::Annex => Some(word.to_owned()),
        _ => None,
    }
}

/// A provision as somebody asks for it: "art. 33(1)", "33(3)(b)", "Art. 33 GDPR", "recital 75".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Words of the law, in lower case; none where it is not said.
    pub law: Vec<String>,
    /// The unit, if it is said.
    pub unit: Option<Unit>,
    /// The place.
    pub at: String,
}

impl Asked {
    /// Reads what somebody asks for, if it is a provision.
    pub fn read(text: &str) -> Option<Asked> {
        let text = text.replace(" (", "(");
        let (mut law, mut unit, mut at) = (Vec::new(), None, None);
        for word in text.split_whitespace() {
            let known = WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known));
            // "art.33(1)"
            let glued = WORDS.iter().find_map(|(known, unit)| {
                let head = word.get(..known.len()).filter(|head| head.eq_ignore_ascii_case(known))?;
                let rest = &word[head.len()..];
                rest.starts_with(|c: char| c.is_ascii_digit()).then_some((*unit, rest))
            });
            match (known, glued) {
                (Some((_, said)), _) => unit = Some(*said),
                (None, Some((said, place))) => (unit, at) = (Some(said), Some(place.to_owned())),
                _ if at.is_none() && is_place(word, unit) => at = Some(word.to_owned()),
                _ => law.push(word.to_lowercase()),
            }
        }
        Some(Asked { law, unit, at: at? })
    }

    /// Whether a provision is the one asked for, or lies in it.
    pub fn holds(&self, provision: &Provision) -> bool {
        let place = provision.at.to_lowercase();
        let asked = self.at.to_lowercase();
        let here = place == asked || place.strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('('));
        let unit = match self.unit {
            Some(unit) => unit == provision.unit,
            None => matches!(provision.unit, Unit::Article | Unit::Regulation),
        };
        let law = provision.law.to_lowercase();
        here && unit && self.law.iter().all(|word| law.split(' ').any(|w| w.trim_matches(['(', ')']) == word))
    }
}

/// `33`, `33(3)(b)`, `5A`, `19a(1)`; after "Annex" a Roman number.
fn is_place(word: &str, unit: Option<Unit>) -> bool {
    if unit == Some(Unit::Annex) {
        return word.chars().all(|c| matches!(c.to_ascii_uppercase(), 'I' | 'V' | 'X'));
    }
    let (number, rest) = word.split_at(word.find('(').unwrap_or(word.len()));
    let letters = number.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() < number.len()
        && letters.len() <= 1
        && letters.chars().all(|c| c.is_ascii_alphabetic())
        && rest.split_inclusive(')').all(|part| part.len() > 2 && part.starts_with('(') && part.ends_with(')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provision_of_a_citation_is_found() {
        for (citation, wanted) in [
            ("GDPR art. 33(1)", "GDPR art. 33(1)"),
            ("GDPR arts 34(2), 33(3)(b)", "GDPR art. 34(2) | GDPR art. 33(3)(b)"),
            ("GDPR arts 33(1), 34(1); recitals 38, 75", "GDPR art. 33(1) | GDPR art. 34(1) | GDPR recital 38 | GDPR recital 75"),
            ("Regulation (EU) 611/2013 art. 2(1), (2)", "Regulation (EU) 611/2013 art. 2(1) | Regulation (EU) 611/2013 art. 2(2)"),
            ("Regulation (EU) 611/2013 Annex I, section 1", "Regulation (EU) 611/2013 Annex I"),
            ("PECR 2003 reg. 5A(2); Regulation (EU) 611/2013 art. 2(2)", "PECR 2003 reg. 5A(2) | Regulation (EU) 611/2013 art. 2(2)"),
            ("Directive (EU) 2022/2555 art. 23(4)(d), (e)", "Directive (EU) 2022/2555 art. 23(4)(d) | Directive (EU) 2022/2555 art. 23(4)(e)"),
            ("DORA art. 5(1)(a), (2)", "DORA art. 5(1)(a) | DORA art. 5(2)"),
            ("Directive (EU) 2022/2555 art. 23(4), second subparagraph", "Directive (EU) 2022/2555 art. 23(4)"),
            (
                "Regulation (EU) No 910/2014 art. 19a(1)(b); for qualified providers art. 24(2)(fb)",
                "Regulation (EU) No 910/2014 art. 19a(1)(b) | Regulation (EU) No 910/2014 art. 24(2)(fb)",
            ),
            ("GDPR art. 33(1) as proposed, COM(2025) 837", "GDPR art. 33(1)"),
            ("house rule 7", ""),
        ] {
            let found: Vec<String> = provisions(citation).iter().map(Provision::to_string).collect();
            assert_eq!(found.join(" | "), wanted, "{citation}");
        }
    }

    #[test]
    fn what_is_asked_for_is_understood_as_people_write_it() {
        let gdpr = |at: &str| Provision { law: "GDPR".into(), unit: Unit::Article, at: at.into() };
        for asked in ["33(3)(b)", "art. 33(3)(b)", "Art. 33 (3) (b) GDPR", "article 33(3)(B)", "art.33(3)(b)", "gdpr 33(3)", "33"] {
            let asked = Asked::read(asked).unwrap();
            assert!(asked.holds(&gdpr("33(3)(b)")), "{asked:?}");
            assert!(!asked.holds(&gdpr("34(3)(b)")), "{asked:?}");
        }
        assert!(!Asked::read("33(3)").unwrap().holds(&gdpr("33(30)")));
        assert!(!Asked::read("3").unwrap().holds(&gdpr("33(3)")));
        assert!(!Asked::read("art. 33(3) UK GDPR").unwrap().holds(&gdpr("33(3)")));
        assert!(!Asked::read("recital 33").unwrap().holds(&gdpr("33")));
        for other in ["simple 3x4", "full name", "24-hours", "33()", "annex"] {
            assert_eq!(Asked::read(other), None, "{other}");
        }
    }
}
