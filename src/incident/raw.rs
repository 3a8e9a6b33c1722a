//! The incident file, format 1, as it is written: one plain type for TOML and JSON.
//!
//! Reading into it accepts good files fast and says nothing about bad ones: what is wrong with those, and where, is found by
//! [`super::read`], which walks the file against [`super::format`].

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Count, Given, Hours, Step};
use super::moment::Moment;
use super::walk::{At, Texts};
use super::words::*;

/// The longest text a file may hold, in characters.
pub const LONGEST_TEXT: usize = 100_000;
/// The longest list a file may hold, in entries.
pub const LONGEST_LIST: usize = 1_000;

/// A text of bounded length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        // the byte length spares most texts the counting
        if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT {
            return Err(de::Error::custom("text too long"));
        }
        Ok(Text(text))
    }
}

/// A list of bounded length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(entry) = seq.next_element()? {
                    if list.len() == LONGEST_LIST {
                        return Err(de::Error::custom("list too long"));
                    }
                    list.push(entry);
                }
                Ok(List(list))
            }
        }
        input.deserialize_seq(V(PhantomData))
    }
}

/// Whether nothing was said, which is then not written either.
fn blank<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a key may hold. It is never null, which is no answer to any question.
trait Held<'de>: Deserialize<'de> {
    fn held<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Self::deserialize(input)
    }
}

/// What a file need not have: a key that is there holds it.
impl<'de, T: Deserialize<'de>> Held<'de> for Option<T> {
    fn held<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        T::deserialize(input).map(Some)
    }
}

impl<'de, T: Deserialize<'de>> Held<'de> for List<T> {}
impl<'de, T: Given> Held<'de> for Answer<T> {}

/// Declares the tables of the file: every key optional, unknown keys refused, `why` in each.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident { $($key:ident: $kind:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
        #[serde(deny_unknown_fields, default)]
        #[allow(missing_docs)]
        pub struct $name {
            $(#[serde(deserialize_with = "Held::held", skip_serializing_if = "blank")] pub $key: $kind,)*
            #[serde(deserialize_with = "Held::held", skip_serializing_if = "blank")]
            pub why: Option<Text>,
        }

        impl Held<'_> for $name {}

        impl Texts for $name {
            fn texts<'a>(&'a self, at: &At<'_>, take: &mut dyn FnMut(&At<'_>, &'a str)) {
                $(self.$key.texts(&At::Key(at, stringify!($key)), take);)*
                self.why.texts(&At::Key(at, super::format::WHY), take);
            }
        }
    )+};
}

tables! {
    /// The whole file.
    Raw {
        format: Option<u64>, id: Option<Text>, title: Option<Text>, description: Option<Text>, related: List<Text>, controller: Controller,
        processors: List<Processor>, timeline: Timeline, authority_notices: List<Notice>, event: Event, subjects: Subjects, data: Data,
        identification: Option<Identified>, confidentiality: Confidentiality, integrity: Integrity, availability: Availability, intent: Intent,
        protection: Protection, exemptions: Exemptions, communication: Communication, notification: Notification, told: Told, procedure: Procedure,
        other_law: OtherLaw, claims: Claims, reopened: Reopening, decision: OwnDecision,
    }
    /// Who keeps the file.
    Controller {
        name: Option<Text>, country: Option<Text>, role: Answer<Role>, acts_for: List<Text>, joint_with: List<Text>, notifies: Answer<Notifies>,
        sector: Answer<Sector>, critical_service: Answer<bool>, eu_establishment: Answer<bool>, countries_concerned: List<Text>,
    }
    /// A processor of the controller's.
    Processor { name: Option<Text>, country: Option<Text>, told_us: Option<Moment> }
    /// When what happened.
    Timeline {
        occurred: Option<Moment>, ended: Option<Moment>, detected: Option<Moment>, told_by_processor: Option<Moment>, aware: Option<Moment>,
        authority_notified: Option<Moment>, subjects_notified: Option<Moment>, controller_notified: Option<Moment>, delay_reason: Option<Text>,
    }
    /// A notice to the authority, one of several phases.
    Notice { sent: Option<Moment>, kind: Answer<NoticeKind>, reference: Option<Text>, complete_by: Option<Moment> }
    /// What happened.
    Event { kind: List<Answer<EventKind>>, cause: Answer<Cause>, how_found: Option<Text>, medium: List<Text> }
    /// The data subjects.
    Subjects {
        count: Answer<Count>, count_is: Answer<CountIs>, records: Answer<Count>, groups: List<Text>,
        children: Answer<bool>, vulnerable: Answer<bool>, endangered: Answer<bool>,
    }
    /// The data, by category.
    Data { simple: Option<DataCategory>, behavioural: Option<DataCategory>, financial: Option<DataCategory>, sensitive: Option<DataCategory> }
    /// One category of data.
    DataCategory { items: List<Text>, affected: Answer<bool>, level: Answer<Step>, because: List<Factor> }
    /// How identifiable the people are.
    Identified { level: Answer<Identification> }
    /// The loss of confidentiality.
    Confidentiality {
        loss: Answer<ConfidentialityLoss>, recipient: Answer<Recipient>, trust: List<Answer<Trust>>, opened: Answer<bool>,
        unread_shown_by: Answer<UnreadShownBy>, deletion_confirmed: Answer<bool>, further_use: Answer<bool>, exfiltration: Answer<Exfiltration>,
        takeover: Answer<bool>, fraud: Answer<bool>, repeated: Answer<bool>,
    }
    /// The loss of integrity.
    Integrity { loss: Answer<IntegrityLoss>, acted_on: Answer<bool> }
    /// The loss of availability.
    Availability { loss: Answer<AvailabilityLoss>, hours: Answer<Hours>, backup: Answer<bool>, effect: Answer<bool> }
    /// Whether somebody meant it.
    Intent { malicious: Answer<bool> }
    /// What protected the data at the time.
    Protection { unintelligible: Answer<bool>, key_safe: Answer<bool> }
    /// What art. 34(3) GDPR is claimed on.
    Exemptions { subsequent_measures: Option<SubsequentMeasures>, disproportionate_effort: Option<DisproportionateEffort> }
    /// Later measures (GDPR art. 34(3)(b)).
    SubsequentMeasures { what: Option<Text>, before_any_use: Answer<bool>, verified_by: Answer<VerifiedBy> }
    /// Public communication instead (GDPR art. 34(3)(c)).
    DisproportionateEffort { published: Option<Moment> }
    /// The communication to the people.
    Communication {
        state: Answer<CommunicationState>, planned: Option<Moment>, means: List<Text>, count: Answer<Count>, ordered: Option<Moment>,
        delay_asked_by: Option<Text>,
    }
    /// What a notification must hold (GDPR arts 33(3), 34(2)).
    Notification {
        contact: Option<Contact>, consequences: List<Text>, measures_before: List<Text>, measures_taken: List<Text>, measures_planned: List<Text>,
        advice: List<Text>,
    }
    /// Whom to ask.
    Contact { name: Option<Text>, role: Option<Text>, email: Option<Text>, phone: Option<Text> }
    /// Who else was told.
    Told { police: Option<Moment>, hotline: Option<Text>, authorities: List<ToldAuthority> }
    /// Another authority that was told.
    ToldAuthority { name: Option<Text>, country: Option<Text>, on: Option<Moment> }
    /// The house's own procedure.
    Procedure { policy: Option<Text>, followed: Answer<bool> }
    /// Facts on which other regimes hang.
    OtherLaw {
        telecom_adverse_effect: Answer<bool>, nis2_significant: Answer<bool>, dora_major: Answer<bool>, cra_severe: Answer<bool>,
        trust_service_significant: Answer<bool>, incident_aware: Option<Moment>, classified: Option<Moment>,
    }
    /// Reasons put forward for doing less.
    Claims { reasons: List<Claim> }
    /// Why the case is open again.
    Reopening { because: List<Reopened> }
    /// The controller's own word.
    OwnDecision { risk: Answer<Risk>, by: Option<Text>, dpo_advice: Option<Text> }
}

impl Data {
    /// The place of a category.
    pub fn slot(&mut self, category: Category) -> &mut Option<DataCategory> {
        match category {
            Category::Simple => &mut self.simple,
            Category::Behavioural => &mut self.behavioural,
            Category::Financial => &mut self.financial,
            Category::Sensitive => &mut self.sensitive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::format::{FIELDS, WHY};

    /// A file of nothing but that value at that path.
    fn file(path: &str, value: &str) -> String {
        path.rsplit('.').fold(value.to_owned(), |inner, key| match key.strip_suffix("[]") {
            Some(list) => format!("{{\"{list}\":[{inner}]}}"),
            None => format!("{{\"{key}\":{inner}}}"),
        })
    }

    #[test]
    fn null_is_no_answer() {
        assert!(serde_json::from_str::<Raw>(&file("processors[].told_us", "\"2026-11-20\"")).is_ok());
        for path in FIELDS.iter().map(|f| f.path).chain([WHY, "data.simple.why", "notification.advice[]", "event.kind[]", "claims.reasons[]"]) {
            assert!(serde_json::from_str::<Raw>(&file(path, "null")).is_err(), "{path}");
        }
    }
}
