//! The closed vocabularies of the incident format: each list of words is written here, once.
//!
//! The order of the variants is the order of the words in the format; sensitivity steps to neighbours in it.

use std::str::FromStr;

use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

/// A word of a closed vocabulary.
pub trait Word: Copy + PartialEq + FromStr + Into<&'static str> + VariantNames + VariantArray + Placed {
    /// The word as it is written in a file.
    fn id(self) -> &'static str {
        self.into()
    }
    /// All words, as values.
    fn all() -> &'static [Self] {
        <Self as VariantArray>::VARIANTS
    }
    /// All words, as they are written.
    fn ids() -> &'static [&'static str] {
        <Self as VariantNames>::VARIANTS
    }
}

impl<T: Copy + PartialEq + FromStr + Into<&'static str> + VariantNames + VariantArray + Placed> Word for T {}

/// What has a place in its vocabulary.
pub trait Placed {
    /// The place, from 0.
    fn place(self) -> usize;
}

/// Declares vocabularies: the doc comment, the name, and the words as variants (written in kebab-case in files).
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumString, IntoStaticStr, VariantNames, VariantArray, serde::Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "enum": Self::ids() })
            }
        }

        impl super::walk::Texts for $name {}

        impl Placed for $name {
            fn place(self) -> usize {
                self as usize
            }
        }

        impl super::answer::Given for $name {
            fn from_word(word: &str) -> Option<Self> {
                word.parse().ok()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(input)?;
                word.parse().map_err(|_| serde::de::Error::unknown_variant(&word, Self::ids()))
            }
        }
    )+

        /// Every word as it is written in a file, and as it is serialised.
        #[cfg(test)]
        fn every_word() -> Vec<(&'static str, serde_json::Value)> {
            let mut words = Vec::new();
            $(words.extend($name::all().iter().map(|word| (word.id(), serde_json::json!(word))));)+
            words
        }
    };
}

words! {
    /// A category of data: ENISA's four, in its order.
    Category { Simple, Behavioural, Financial, Sensitive }
    /// How easily somebody who holds the data can tell whose they are.
    Identification { Negligible, Limited, Significant, Maximum }
    /// What became of confidentiality.
    ConfidentialityLoss { None, NoEvidence, KnownRecipients, UnknownRecipients }
    /// What became of integrity.
    IntegrityLoss { None, Unused, Recoverable, Unrecoverable }
    /// What became of availability.
    AvailabilityLoss { None, Recoverable, Temporary, Permanent }
    /// Who received the data, of known recipients the worst.
    Recipient { Internal, Partner, Ordinary, Adverse }
    /// What trust in a recipient rests on.
    Trust { Employment, Contract, ProceduresKnown, Cooperation, InstructionsEnforceable, SecrecyOnly }
    /// What shows that nobody read the data.
    UnreadShownBy { Sealed, Log, Statement }
    /// Whether an attacker took data out.
    Exfiltration { Excluded, NotExcluded, Taken }
    /// What justifies a level away from its base.
    Factor { Volume, Controller, Individuals, Inaccurate, PublicBefore, Nature }
    /// The part of whoever keeps the file (GDPR art. 4(7), 4(8), 26).
    Role { Controller, JointController, Processor }
    /// Which of joint controllers notifies (GDPR art. 26).
    Notifies { Us, Other }
    /// The sector of the activity in which the breach happened.
    Sector { General, Health, Telecom, Finance, Public, EuInstitution, LawEnforcement, TrustService, Church, Court }
    /// What kind of event it was.
    EventKind {
        DeviceLostOrStolen, PaperLostOrStolen, PostLostOrOpened, UnauthorisedAccess, Hacking, Malware, Phishing, WrongAnonymisation,
        DisposalWithoutErasure, UnintendedPublication, SentToWrongRecipient, WrongPersonsData, OralDisclosure, Other,
    }
    /// Where the event came from.
    Cause { InternalAccidental, InternalMalicious, ExternalAccidental, ExternalMalicious }
    /// How good a number is.
    CountIs { Exact, Approximate, AtMost }
    /// A notice to the authority (GDPR art. 33(4)).
    NoticeKind { Initial, Supplementary, Complete }
    /// What shows that later measures removed the risk (GDPR art. 34(3)(b)).
    VerifiedBy { Logs, OwnControl, ReturnSealed, RecipientStatement, None }
    /// How far the communication to the people is.
    CommunicationState { Done, Planned, No, Undecided }
    /// A reason put forward for doing less.
    Claim { ShortExposure, FewPeople, NoComplaint, CustomersOwnMistake, PublicElsewhere, SecrecyOnly, TypoInIdentifier, AlreadyKnew }
    /// Why an earlier assessment is open again.
    Reopened { KeyBroken, DataSurfaced, NewFacts }
    /// The legal reading: how likely a risk to people's rights and freedoms is (GDPR arts 33(1), 34(1)).
    Risk { Unlikely, Risk, High }
    /// The level of a severity score.
    Level { Low, Medium, High, VeryHigh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_in_kebab_case() {
        assert_eq!(ConfidentialityLoss::ids(), ["none", "no-evidence", "known-recipients", "unknown-recipients"]);
        assert_eq!("very-high".parse(), Ok(Level::VeryHigh));
        assert_eq!(Claim::CustomersOwnMistake.id(), "customers-own-mistake");
    }

    #[test]
    fn every_word_is_serialised_as_it_is_read() {
        for (word, serialised) in every_word() {
            assert_eq!(serialised, word);
        }
    }
}
