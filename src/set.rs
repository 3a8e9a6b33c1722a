//! Sets of words: which of a vocabulary are there, a bit for each.

/// Entries of a vocabulary, each by its place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set(u128);

impl Set {
    /// So many entries a vocabulary may have.
    pub const MOST: usize = u128::BITS as usize;

    /// Whether some entry is in both.
    pub fn meets(self, other: Set) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether an entry is in it.
    pub fn has(self, place: usize) -> bool {
        self.meets(Set::of(place))
    }

    /// The places of its entries, rising.
    pub fn places(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let place = rest.trailing_zeros();
            rest &= rest.checked_sub(1)?;
            Some(place as usize)
        })
    }

    /// A set of one entry; of none, where no vocabulary goes that far.
    fn of(place: usize) -> Set {
        Set(u32::try_from(place).ok().and_then(|place| 1_u128.checked_shl(place)).unwrap_or_default())
    }

    /// What is in either.
    pub fn with(self, other: Set) -> Set {
        Set(self.0 | other.0)
    }

    /// What is in this one only.
    pub fn without(self, other: Set) -> Set {
        Set(self.0 & !other.0)
    }

    /// How many entries are in it.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

impl FromIterator<usize> for Set {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Set {
        places.into_iter().fold(Set::default(), |set, place| set.with(Set::of(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_in_it_and_nothing_else() {
        let set: Set = [0, 3, 127, 3].into_iter().collect();
        assert!((0..Set::MOST).all(|place| set.has(place) == [0, 3, 127].contains(&place)));
        assert_eq!(set.count(), 3);
        assert_eq!(set.places().collect::<Vec<_>>(), [0, 3, 127]);
        assert!(!set.has(Set::MOST) && [Set::MOST].into_iter().collect::<Set>() == Set::default());
        let other: Set = [3, 4].into_iter().collect();
        assert!(set.meets(other) && !set.without(other).meets(other));
        assert_eq!(set.with(other).count(), 4);
    }
}
