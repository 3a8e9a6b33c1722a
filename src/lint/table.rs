//! What is known about identifiers: weights, prefixes, forms, and the words that stand near them. One file, `data/identifiers.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Kind;
use crate::provenance::{Day, Source, check_cites, check_head};
use crate::tables::ready;

/// The file as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Identifiers {
    schema: u32,
    id: String,
    version: String,
    title: String,
    checked: Day,
    sources: Vec<Source>,
    pub(super) nearby: Nearby,
    pub(super) pesel: Pesel,
    pub(super) nip: Nip,
    pub(super) taj: Taj,
    pub(super) hu_tax_id: HuTaxId,
    pub(super) iban: Iban,
    pub(super) payment_card: Cards,
    pub(super) pl_identity_card: PlIdentityCard,
    pub(super) hu_identity_card: Keyworded,
    pub(super) e_mail: Mail,
    pub(super) phone: Phone,
    pub(super) amounts: Amounts,
    pub(super) other_numbers: OtherNumbers,
    pub(super) own: Vec<Own>,
}

/// How far a keyword may stand from a number, in characters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nearby {
    pub(super) before: usize,
    pub(super) after: usize,
}

/// The Polish personal number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pesel {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) weights: Vec<u32>,
    pub(super) centuries: Vec<Century>,
}

/// What the month of birth tells of the century.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Century {
    pub(super) add: u32,
    pub(super) from: i32,
}

/// The Polish tax number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nip {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) weights: Vec<u32>,
    pub(super) prefix: String,
    pub(super) forms: Vec<Vec<usize>>,
}

/// The Hungarian social security number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taj {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) weights: Vec<u32>,
    pub(super) forms: Vec<Vec<usize>>,
}

/// The Hungarian personal tax number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HuTaxId {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) first: u32,
    pub(super) since: Day,
}

/// Bank account numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Iban {
    source: Vec<String>,
    pub(super) home: String,
}

/// Payment cards.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cards {
    source: Vec<String>,
    pub(super) forms: Vec<Vec<usize>>,
    pub(super) brands: Vec<Brand>,
}

/// The numbers of one brand: prefixes from … to, pair by pair.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    name: String,
    pub(super) from: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) lengths: Vec<usize>,
}

/// The Polish identity card.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlIdentityCard {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) weights: Vec<u32>,
    pub(super) series: String,
}

/// Something known by its form and a keyword alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyworded {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
}

/// E-mail addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    source: Vec<String>,
    pub(super) roles: Vec<String>,
    pub(super) public: Vec<String>,
    pub(super) outsiders: Vec<String>,
}

/// Telephone numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phone {
    source: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) abroad: Vec<String>,
    pub(super) pl: PhonePl,
    pub(super) hu: PhoneHu,
}

/// Numbers as they are written in Poland.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhonePl {
    pub(super) forms: Vec<Vec<usize>>,
    pub(super) areas: Vec<String>,
}

/// Numbers as they are written in Hungary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneHu {
    pub(super) trunk: String,
    pub(super) areas: Vec<String>,
    pub(super) mobile: Vec<String>,
}

/// Words that make a number an amount.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

/// Words that make a number that of a thing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherNumbers {
    pub(super) before: Vec<String>,
}

/// Answers that hold the data of whoever keeps the file, not of those affected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub(super) path: String,
    pub(super) holds: Vec<Kind>,
}

/// The built-in file.
static BUILT_IN: LazyLock<Identifiers> = LazyLock::new(|| ready::built_in("identifiers.toml"));

impl Identifiers {
    /// What comes with the program.
    pub fn built_in() -> &'static Identifiers {
        &BUILT_IN
    }

    /// What is wrong with the file, as (path, what is wrong); empty if nothing is.
    pub fn check(&self) -> Vec<(String, String)> {
        let mut wrong = check_head(self.schema, &self.id, &self.version, &self.title, self.checked, &self.sources);
        let cites = [
            ("pesel", &self.pesel.source),
            ("nip", &self.nip.source),
            ("taj", &self.taj.source),
            ("hu-tax-id", &self.hu_tax_id.source),
            ("iban", &self.iban.source),
            ("payment-card", &self.payment_card.source),
            ("pl-identity-card", &self.pl_identity_card.source),
            ("hu-identity-card", &self.hu_identity_card.source),
            ("e-mail", &self.e_mail.source),
            ("phone", &self.phone.source),
        ];
        wrong.extend(cites.into_iter().flat_map(|(path, cites)| check_cites(format_args!("{path}.source"), cites, &self.sources)));
        let weights = [
            ("pesel", self.pesel.weights.len(), 10),
            ("nip", self.nip.weights.len(), 9),
            ("taj", self.taj.weights.len(), 8),
            ("pl-identity-card", self.pl_identity_card.weights.len(), 9),
        ];
        for (path, have, need) in weights.into_iter().filter(|(_, have, need)| have != need) {
            wrong.push((format!("{path}.weights"), format!("{have} weights; {need} are needed")));
        }
        for brand in &self.payment_card.brands {
            if brand.from.len() != brand.to.len() || brand.from.iter().zip(&brand.to).any(|(from, to)| from.len() != to.len() || from > to) {
                wrong.push(("payment-card.brands".into(), format!("{}: `from` and `to` do not pair", brand.name)));
            }
        }
        let words = self.keyword_lists();
        for word in words.into_iter().flatten().filter(|word| super::text::folded(word) != **word) {
            wrong.push(("keywords".into(), format!("{word:?} is not in lower case without accents, as texts are compared")));
        }
        wrong
    }

    fn keyword_lists(&self) -> [&Vec<String>; 10] {
        [
            &self.pesel.keywords,
            &self.nip.keywords,
            &self.taj.keywords,
            &self.hu_tax_id.keywords,
            &self.pl_identity_card.keywords,
            &self.hu_identity_card.keywords,
            &self.phone.keywords,
            &self.amounts.before,
            &self.amounts.after,
            &self.other_numbers.before,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_file_holds_together() {
        assert_eq!(Identifiers::built_in().check(), Vec::new());
    }
}
