//! The register of personal data breaches (GDPR art. 33(5)): an append-only file of JSON Lines in which no line can be changed unseen.
//!
//! Each line is one [`entry::Entry`] with the assessment and the incident that it rests on, chained to the line before by SHA-256 ([`mod@line`]).
//! [`append`] writes, [`chain`] verifies, [`read`] and [`mod@each`] read; [`view`] makes of the entries what a reader asks for, [`years`] counts them,
//! [`reassess`] holds them against the tables of today. A later state of an incident is a later entry of the same id; nothing is ever edited.

pub mod append;
pub mod chain;
pub mod column;
pub mod each;
pub mod entry;
pub mod line;
pub mod read;
pub mod reassess;
pub mod shared;
pub mod view;
pub mod years;

/// Where the register is, unless somebody says otherwise.
pub const NAME: &str = "register.jsonl";
