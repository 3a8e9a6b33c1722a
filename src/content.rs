//! Contents: what notifications, communications and the register are made of, and whether an incident says it.

use crate::incident::answer::Answer;
use crate::incident::{Incident, some_text, text};

/// Whether an incident says something.
pub type Said = fn(&Incident) -> bool;

/// Every answer that a content may be, and whether it is there. "Unknown" is an answer: the law asks for numbers *where possible*.
pub const PATHS: &[(&str, Said)] = &[
    ("description", |i| text(&i.file.description).is_some()),
    ("controller.name", |i| text(&i.file.controller.name).is_some()),
    ("timeline.occurred", |i| i.file.timeline.occurred.is_some()),
    ("timeline.detected", |i| i.file.timeline.detected.is_some()),
    ("timeline.aware", |i| i.file.timeline.aware.is_some()),
    ("timeline.delay_reason", |i| text(&i.file.timeline.delay_reason).is_some()),
    ("event.kind", |i| !i.file.event.kind.0.is_empty()),
    ("event.medium", |i| some_text(&i.file.event.medium)),
    ("subjects.groups", |i| some_text(&i.file.subjects.groups)),
    ("subjects.count", |i| i.file.subjects.count != Answer::LeftOut),
    ("subjects.records", |i| i.file.subjects.records != Answer::LeftOut),
    ("notification.contact", |i| {
        let contact = i.file.notification.contact.as_ref();
        contact.is_some_and(|c| text(&c.name).is_some() && (text(&c.email).is_some() || text(&c.phone).is_some()))
    }),
    ("notification.consequences", |i| some_text(&i.file.notification.consequences)),
    ("notification.measures_before", |i| some_text(&i.file.notification.measures_before)),
    ("notification.measures_taken", |i| some_text(&i.file.notification.measures_taken)),
    ("notification.measures_planned", |i| some_text(&i.file.notification.measures_planned)),
    ("notification.advice", |i| some_text(&i.file.notification.advice)),
    ("communication.means", |i| some_text(&i.file.communication.means)),
    ("exemptions.subsequent_measures.what", |i| {
        i.file.exemptions.subsequent_measures.as_ref().is_some_and(|m| text(&m.what).is_some() || text(&m.why).is_some())
    }),
    ("exemptions.disproportionate_effort.why", |i| i.file.exemptions.disproportionate_effort.as_ref().is_some_and(|e| text(&e.why).is_some())),
    ("decision.why", |i| text(&i.file.decision.why).is_some()),
];

/// The content that a path is a part of; itself where it is none.
pub fn whole(path: &str) -> &str {
    let holds = |whole: &str| path.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
    PATHS.iter().map(|(whole, _)| *whole).find(|whole| holds(whole)).unwrap_or(path)
}

/// Whether contents may be made of this answer.
pub fn known(path: &str) -> bool {
    PATHS.iter().any(|(p, _)| *p == path)
}

/// Whether the incident says it.
pub fn is_there(incident: &Incident, path: &str) -> bool {
    PATHS.iter().any(|(p, there)| *p == path && there(incident))
}
