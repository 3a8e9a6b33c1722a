//! The columns of a list: what an entry says, each under a name that scripts can rely on.

use serde_json::{Value, json};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use super::view::{Row, State};
use crate::duties::Time;
use crate::regime::Action;

/// A column; its name is its key in JSON too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs)]
pub enum Column {
    Id,
    Title,
    Sequence,
    Entries,
    Kind,
    RecordedAt,
    Controller,
    Country,
    Role,
    Related,
    Occurred,
    Aware,
    People,
    Records,
    Groups,
    Events,
    Cause,
    Data,
    Items,
    Level,
    Score,
    Risk,
    Computed,
    Decided,
    Outcome,
    State,
    Open,
    Overdue,
    Deadline,
    AuthorityNotified,
    SubjectsNotified,
    Missing,
    Policy,
    Followed,
    Why,
    By,
    DelayReason,
    Facts,
    Effects,
    Measures,
    Allowed,
    Superseded,
    Hash,
}

/// The columns for a person, where none are chosen.
pub const USUAL: [Column; 6] = [Column::Id, Column::RecordedAt, Column::Outcome, Column::State, Column::Followed, Column::Title];

impl Column {
    /// Its name.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Whether it is read from what an entry records in words.
    pub fn is_of_record(self) -> bool {
        use Column::*;
        matches!(self, Groups | Events | Cause | Items | Why | By | DelayReason | Facts | Effects | Measures | Allowed)
    }

    /// What a row says in it; nothing known is null.
    pub fn of(self, row: &Row, now: Time) -> Value {
        let (e, r) = (&row.entry, row.record.as_ref());
        let done = |action| e.duty(action).and_then(|d| d.done_at.clone());
        match self {
            Column::Id => json!(e.id),
            Column::Title => json!(e.title),
            Column::Sequence => json!(e.sequence),
            Column::Entries => json!(row.entries),
            Column::Kind => json!(e.kind),
            Column::RecordedAt => json!(e.recorded_at),
            Column::Controller => json!(e.controller),
            Column::Country => json!(e.country),
            Column::Role => json!(e.role),
            Column::Related => json!(e.related),
            Column::Occurred => json!(e.occurred),
            Column::Aware => json!(e.aware),
            Column::People => json!(e.people),
            Column::Records => json!(e.records),
            Column::Groups => json!(r.map(|r| &r.groups)),
            Column::Events => json!(r.map(|r| &r.events)),
            Column::Cause => json!(r.map(|r| r.cause)),
            Column::Data => json!(e.data),
            Column::Items => json!(r.map(|r| &r.items)),
            Column::Level => json!(e.level),
            Column::Score => json!(e.score),
            Column::Risk => json!(e.risk),
            Column::Computed => json!(e.computed),
            Column::Decided => json!(e.decided),
            Column::Outcome => json!(e.outcome),
            Column::State => json!(row.state.id()),
            Column::Open => json!(row.state.is_open()),
            Column::Overdue => json!(row.state == State::Overdue),
            Column::Deadline => json!(e.deadline(now)),
            Column::AuthorityNotified => json!(done(Action::NotifyAuthority)),
            Column::SubjectsNotified => json!(done(Action::NotifyDataSubjects)),
            Column::Missing => json!(e.missing),
            Column::Policy => json!(e.procedure.policy),
            Column::Followed => json!(e.procedure.followed),
            Column::Why => json!(r.map(|r| &r.decision.why)),
            Column::By => json!(r.map(|r| &r.decision.by)),
            Column::DelayReason => json!(r.map(|r| &r.delay_reason)),
            Column::Facts => json!(r.map(|r| &r.facts)),
            Column::Effects => json!(r.map(|r| &r.effects)),
            Column::Measures => json!(r.map(|r| [&r.measures.before[..], &r.measures.taken, &r.measures.planned].concat())),
            Column::Allowed => json!(r.map(|r| r.allowed.len())),
            Column::Superseded => json!(row.superseded),
            Column::Hash => json!(row.hash),
        }
    }
}
