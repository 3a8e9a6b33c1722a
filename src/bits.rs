//! Sets of small numbers, a bit for each: entries of a vocabulary, facts, conditions of a practice.

/// Entries of a vocabulary, or the method's data types, by their places.
pub type Entries = Bits<2>;

/// A set of numbers from 0 to `64 * N - 1`. Sets that are held against each other thousands of times for each incident are never on the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits<const N: usize>([u64; N]);

impl<const N: usize> Bits<N> {
    /// No number is as large as this.
    pub const MOST: usize = N * u64::BITS as usize;

    /// Nothing.
    pub const NONE: Bits<N> = Bits([0; N]);

    /// Whether a number is in it.
    pub fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }

    /// Puts a number in or takes it out. A number that is too large is never in it.
    pub fn set(&mut self, number: usize, is: bool) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word = *word & !(1 << (number % 64)) | u64::from(is) << (number % 64);
        }
    }

    /// Whether some number is in both.
    pub fn meets(&self, other: &Bits<N>) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Whether all of another is in it.
    pub fn has_all(&self, other: &Bits<N>) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| b & !a == 0)
    }

    /// What is in either.
    pub fn with(&self, other: &Bits<N>) -> Bits<N> {
        self.each(other, |a, b| a | b)
    }

    /// What is in this one only.
    pub fn without(&self, other: &Bits<N>) -> Bits<N> {
        self.each(other, |a, b| a & !b)
    }

    /// What is in both.
    pub fn within(&self, other: &Bits<N>) -> Bits<N> {
        self.each(other, |a, b| a & b)
    }

    /// How many numbers are in it.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Its numbers, rising.
    pub fn iter(&self) -> impl Iterator<Item = usize> + use<N> {
        let mut rest = self.0;
        let mut at = 0;
        std::iter::from_fn(move || {
            while *rest.get(at)? == 0 {
                at += 1;
            }
            let number = at * 64 + rest[at].trailing_zeros() as usize;
            rest[at] &= rest[at] - 1;
            Some(number)
        })
    }

    fn each(&self, other: &Bits<N>, one: impl Fn(u64, u64) -> u64) -> Bits<N> {
        Bits(std::array::from_fn(|i| one(self.0[i], other.0[i])))
    }
}

impl<const N: usize> Default for Bits<N> {
    fn default() -> Self {
        Bits::NONE
    }
}

impl<const N: usize> FromIterator<usize> for Bits<N> {
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Self {
        let mut bits = Bits::NONE;
        numbers.into_iter().for_each(|number| bits.set(number, true));
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn they_do_what_sets_do(a: BTreeSet<u8>, b: BTreeSet<u8>, out: u8) {
            let bits = |set: &BTreeSet<u8>| set.iter().map(|n| usize::from(*n)).collect::<Bits<4>>();
            let same = |found: Bits<4>, set: BTreeSet<u8>| found.iter().eq(set.iter().map(|n| usize::from(*n)));
            let (x, y) = (bits(&a), bits(&b));
            prop_assert!(same(x, a.clone()) && (0..256).all(|n| x.has(n) == a.contains(&(n as u8))));
            prop_assert_eq!(x.count() as usize, a.len());
            prop_assert_eq!(x.meets(&y), !a.is_disjoint(&b));
            prop_assert_eq!(x.has_all(&y), a.is_superset(&b));
            prop_assert!(x.has_all(&x.within(&y)) && x.with(&y).has_all(&y));
            prop_assert!(same(x.with(&y), &a | &b) && same(x.without(&y), &a - &b) && same(x.within(&y), &a & &b));
            let mut z = x;
            z.set(out.into(), false);
            prop_assert!(same(z, a.into_iter().filter(|n| *n != out).collect()));
        }
    }

    #[test]
    fn a_number_that_is_too_large_is_never_in_it() {
        let mut bits: Bits<1> = [63, 64, usize::MAX].into_iter().collect();
        bits.set(64, true);
        assert!(bits.iter().eq([63]) && !bits.has(64) && !bits.has(usize::MAX));
    }
}
