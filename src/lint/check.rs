//! Check digits: whether a number is one that the issuer could have given. Digits come as numbers from 0 to 9.

use chrono::{Datelike, Days, NaiveDate};

use super::table::{Cards, HuTaxId, Nip, Pesel, PlIdentityCard, Taj};

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(d, w)| d * w).sum()
}

/// PESEL: the weighted sum and the date of birth in it.
pub fn pesel(digits: &[u32], table: &Pesel) -> bool {
    let &[y1, y2, m1, m2, d1, d2, ..] = digits else { return false };
    if digits.len() != 11 || (10 - weighted(digits, &table.weights) % 10) % 10 != digits[10] {
        return false;
    }
    let (year, month, day) = (y1 * 10 + y2, m1 * 10 + m2, d1 * 10 + d2);
    table.centuries.iter().any(|c| {
        let month = month.checked_sub(c.add).filter(|m| (1..=12).contains(m));
        month.is_some_and(|month| NaiveDate::from_ymd_opt(c.from + year as i32, month, day).is_some())
    })
}

/// NIP: the weighted sum modulo 11; a remainder of 10 is never given.
pub fn nip(digits: &[u32], table: &Nip) -> bool {
    digits.len() == 10 && weighted(digits, &table.weights) % 11 == digits[9]
}

/// TAJ: the weighted sum modulo 10.
pub fn taj(digits: &[u32], table: &Taj) -> bool {
    digits.len() == 9 && weighted(digits, &table.weights) % 10 == digits[8]
}

/// The Hungarian tax id: each digit times its place, modulo 11; a remainder of 10 is never given. The birth must lie in the calendar of the living.
pub fn hu_tax_id(digits: &[u32], table: &HuTaxId) -> bool {
    if digits.len() != 10 || digits[0] != table.first {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip(1..).map(|(d, i)| d * i).sum();
    let days = digits[1..6].iter().fold(0_u64, |n, d| n * 10 + u64::from(*d));
    sum % 11 == digits[9] && table.since.0.checked_add_days(Days::new(days)).is_some_and(|born| born.year() < 2100)
}

/// Payment cards: a brand's prefix and length, and the Luhn formula.
pub fn card(digits: &[u32], table: &Cards) -> bool {
    if !luhn(digits) {
        return false;
    }
    let text: String = digits.iter().filter_map(|d| char::from_digit(*d, 10)).collect();
    table.brands.iter().any(|brand| {
        let within = |from: &String, to: &String| text.get(..from.len()).is_some_and(|prefix| from.as_str() <= prefix && prefix <= to.as_str());
        brand.lengths.contains(&digits.len()) && brand.from.iter().zip(&brand.to).any(|(from, to)| within(from, to))
    })
}

/// The Luhn formula: from the right, every second digit doubled, its digits added.
pub fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 0 { *d } else { d * 2 / 10 + d * 2 % 10 }).sum();
    sum.is_multiple_of(10)
}

/// The Polish identity card: three letters (A is 10) and six digits, the weighted sum modulo 10.
pub fn pl_identity_card(signs: &[char], table: &PlIdentityCard) -> bool {
    let values: Option<Vec<u32>> = signs.iter().map(|c| c.to_digit(36)).collect();
    values.is_some_and(|values| values.len() == 9 && weighted(&values, &table.weights).is_multiple_of(10))
}

#[cfg(test)]
mod tests {
    use super::super::table::Identifiers;
    use super::*;

    fn digits(text: &str) -> Vec<u32> {
        text.chars().filter_map(|c| c.to_digit(10)).collect()
    }

    #[test]
    fn published_numbers_pass_and_their_neighbours_fail() {
        let table = Identifiers::built_in();
        for (good, bad) in [("44051401359", "44051401358"), ("02211307589", "02381307589")] {
            assert!(pesel(&digits(good), &table.pesel), "{good}");
            assert!(!pesel(&digits(bad), &table.pesel), "{bad}");
        }
        assert!(nip(&digits("8567346215"), &table.nip));
        assert!(!nip(&digits("8567346216"), &table.nip));
        assert!(taj(&digits("111111110"), &table.taj));
        assert!(!taj(&digits("111111111"), &table.taj));
        assert!(hu_tax_id(&digits("8365670003"), &table.hu_tax_id));
        assert!(!hu_tax_id(&digits("8365670004"), &table.hu_tax_id));
        assert!(luhn(&digits("79927398713")));
        assert!(!luhn(&digits("79927398710")));
        assert!(card(&digits("4111111111111111"), &table.payment_card));
        assert!(!card(&digits("1111111111111117"), &table.payment_card), "no brand");
        let signs = |text: &str| text.chars().collect::<Vec<_>>();
        assert!(pl_identity_card(&signs("ABA300000"), &table.pl_identity_card));
        assert!(!pl_identity_card(&signs("ABA300001"), &table.pl_identity_card));
    }

    #[test]
    fn one_wrong_digit_is_always_seen() {
        let table = Identifiers::built_in();
        for (number, check) in [
            ("44051401359", (|d| pesel(d, &Identifiers::built_in().pesel)) as fn(&[u32]) -> bool),
            ("8365670003", |d| hu_tax_id(d, &Identifiers::built_in().hu_tax_id)),
            ("8567346215", |d| nip(d, &Identifiers::built_in().nip)),
        ] {
            let good = digits(number);
            for place in 0..good.len() {
                for other in (0..10).filter(|d| *d != good[place]) {
                    let mut bad = good.clone();
                    bad[place] = other;
                    assert!(!check(&bad), "{number} with {other} at {place}");
                }
            }
        }
        assert!(table.pesel.weights.len() == 10);
    }
}
