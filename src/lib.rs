//! Severity and duties of a personal data breach, from one incident file.
//!
//! The flow goes forward only; each arrow is one function from plain values to a plain value:
//!
//! ```text
//! bytes -> Raw              incident::read       what the file says; every problem at once
//!       -> Incident         incident::validate   what the engine may rely on
//!       -> Severity         score                SE = DPC x EI + CB, exactly, unknown answers as ranges
//!       -> Ruling           decide               presumption, the rules that spoke, the risk
//!       -> Required         duties               what the regimes ask for, exemptions, orders
//!       -> Duty             duties, clock        recipients, deadlines, how far it is
//!       -> Assessment       assess               the steps in order; their one result
//!       -> text, JSON …     render               sentences are looked up here
//!       -> Report           check                the gate: what stands in the way of calling incidents dealt with
//! ```
//!
//! Every score, band, rule, deadline, article and authority is data ([`tables`]); this code holds the mechanism. The library never prints and never
//! asks the time.

pub mod advice;
pub mod assess;
pub mod bits;
pub mod bounds;
pub mod calendar;
pub mod check;
pub mod citation;
pub mod clock;
pub mod condition;
pub mod config;
pub mod content;
pub mod country;
pub mod decide;
pub mod desk;
pub mod diag;
pub mod duties;
pub mod explain;
pub mod fact;
pub mod form;
pub mod guide;
pub mod incident;
pub mod interview;
pub mod language;
pub mod links;
pub mod lint;
pub mod method;
pub mod note;
pub mod practice;
pub mod provenance;
pub mod quarters;
pub mod regime;
pub mod register;
pub mod render;
pub mod schema;
pub mod score;
pub mod sensitivity;
pub mod sheet;
pub mod tables;
pub mod template;
pub mod texts;
pub mod tongues;
pub mod tree;
pub mod vector;
pub mod zone;
