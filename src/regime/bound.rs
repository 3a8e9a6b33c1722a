//! A regime over one incident: which of its conditions hold.

use super::Regime;
use crate::bits::Bits;
use crate::condition::{Conditions, Reading};
use crate::fact::Fact;
use crate::sheet::Sheet;

/// Duties, exemptions or orders of a regime, by their places.
pub type Places = Bits<1>;

/// A regime that applies, and what of it holds.
#[derive(Clone, Copy)]
pub struct Bound<'a> {
    /// The regime.
    pub regime: &'a Regime,
    /// What of it holds.
    pub holds: Holds,
}

/// Whose conditions hold, before anybody looks at the risk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Of its duties.
    pub duties: Places,
    /// Of its exemptions, nothing speaking against them.
    pub exemptions: Places,
    /// Of its orders.
    pub orders: Places,
}

impl<'a> Bound<'a> {
    /// A regime over an incident's answers.
    pub fn new(regime: &'a Regime, sheet: &Sheet) -> Bound<'a> {
        let mut bound = Bound { regime, holds: Holds::default() };
        bound.judge(sheet, |_| true);
        bound
    }

    /// The same with another answer at a fact, which the sheet has already.
    pub fn with(mut self, fact: &Fact, sheet: &Sheet) -> Bound<'a> {
        if self.regime.looks.has(fact.index()) {
            self.judge(sheet, |conditions| conditions.looks.has(fact.index()));
        }
        self
    }

    /// Judges those of whose conditions some are asked for.
    fn judge(&mut self, sheet: &Sheet, asked: impl Fn(&Conditions) -> bool) {
        let (regime, holds) = (self.regime, &mut self.holds);
        for (list, places) in [(&regime.duties, &mut holds.duties), (&regime.orders, &mut holds.orders)] {
            for (i, when) in list.iter().enumerate().filter(|(_, when)| asked(when)) {
                places.set(i, when.all_hold(sheet, Reading::Raise));
            }
        }
        for (i, (when, unless)) in regime.exemptions.iter().zip(&regime.unless).enumerate().filter(|(_, (when, unless))| asked(when) || asked(unless))
        {
            holds.exemptions.set(i, when.all_hold(sheet, Reading::Release) && !unless.any_holds(sheet, Reading::Unless));
        }
    }
}
