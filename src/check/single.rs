//! What an incident shows by itself: its duties, their contents, the recorded decision, its times, its texts.

use super::{Finding, Says, Subject, Value};
use crate::assess::Direction;
use crate::content;
use crate::duties::{Duty, DutyStatus, Missing};
use crate::incident::Incident;
use crate::note::NoteCode;
use crate::regime::{Action, Needed, Regime};
use crate::render::time;
use crate::tables::Loaded;

/// Looks at one thing.
type Look = fn(&Subject<'_>) -> Vec<Finding>;

/// Everything that is looked at.
const LOOKS: &[Look] = &[duties, contents, decision, noted];

/// The findings of one incident, without places.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    LOOKS.iter().flat_map(|look| look(subject)).collect()
}

/// How far each required duty is. The entry in one's own register is for the register to show, not for the incident's file.
fn duties(s: &Subject<'_>) -> Vec<Finding> {
    let required = s.assessment.duties.iter().filter(|d| d.required && d.action != Action::Register);
    required.filter_map(|duty| Some(about(duty, duty_says(duty)?, s.incident))).collect()
}

fn duty_says(duty: &Duty) -> Option<Says> {
    match duty.status {
        DutyStatus::Overdue => Some(Says::Overdue),
        DutyStatus::Open if duty.remaining.is_some_and(|left| left < 0) => Some(Says::OpenLast),
        DutyStatus::Open if duty.deadline.is_some() => Some(Says::OpenBy),
        DutyStatus::Open => Some(Says::Open),
        DutyStatus::InPhases => Some(Says::InPhases),
        DutyStatus::DoneLate => Some(Says::DoneLate),
        DutyStatus::Done | DutyStatus::NotRequired => None,
    }
}

fn about(duty: &Duty, says: Says, incident: &Incident) -> Finding {
    let finding = Finding::new(says)
        .with("action", Value::Action(duty.action))
        .text("to", super::quote(duty.to))
        .text("provision", duty.provision)
        .text("deadline", duty.deadline.map(time).unwrap_or_default())
        .text("outer", duty.outer_deadline.map(time).unwrap_or_default())
        .text("done", duty.done_at.map(time).unwrap_or_default());
    match recorded_at(duty.action, incident) {
        Some(path) => finding.at(path),
        None => finding,
    }
}

/// Where the file says that a duty was done.
fn recorded_at(action: Action, incident: &Incident) -> Option<&'static str> {
    match action {
        Action::Register | Action::NotifyOther => None,
        Action::NotifyController => Some("timeline.controller_notified"),
        Action::NotifyAuthority if incident.file.authority_notices.0.is_empty() => Some("timeline.authority_notified"),
        Action::NotifyAuthority | Action::NotifyAuthoritySecond => Some("authority_notices"),
        Action::NotifyDataSubjects => Some("timeline.subjects_notified"),
        Action::PublicCommunication => Some("exemptions.disproportionate_effort.published"),
    }
}

/// The answer that gives the reasons for being late.
const REASONS: &str = "timeline.delay_reason";

/// What the required duties need and the file does not say.
fn contents(s: &Subject<'_>) -> Vec<Finding> {
    if s.assessment.missing.is_empty() {
        return Vec::new();
    }
    let laws = s.rules.laws.select(s.incident, s.rules.country.map(|c| &c.table)).apply;
    let said = s.assessment.missing.iter().map(|missing| {
        let (status, action, provision) = furthest(s, &laws, missing);
        let says = match status {
            _ if missing.path == REASONS => Says::LateWithoutReason,
            DutyStatus::Overdue => Says::IncompleteOverdue,
            DutyStatus::Done | DutyStatus::DoneLate => Says::IncompleteDone,
            DutyStatus::Open | DutyStatus::InPhases | DutyStatus::NotRequired => Says::OpenIncomplete,
        };
        Finding::new(says)
            .at(missing.path)
            .with("action", Value::Action(action))
            .with("answer", Value::Answer(missing.path.to_owned()))
            .text("path", missing.path)
            .text("provision", provision)
    });
    said.collect()
}

/// The duty that is furthest of those that need something missing: one that was done without it counts before one that is still open. The
/// assessment names the first duty alone, so the regimes are asked for the others.
fn furthest<'a>(s: &'a Subject<'_>, laws: &[&'a Loaded<Regime>], missing: &'a Missing<'a>) -> (DutyStatus, Action, &'a str) {
    let required = || s.assessment.duties.iter().filter(|d| d.required);
    let named = required().filter(|d| d.action == missing.r#for).map(|d| (d.status, d.action, missing.provision));
    let others = required().filter_map(|d| Some((d.status, d.action, needed_under(s.incident, laws, d, missing.path)?)));
    let weight = |status: DutyStatus| match status {
        DutyStatus::Overdue => 3,
        DutyStatus::Done | DutyStatus::DoneLate => 2,
        DutyStatus::Open | DutyStatus::InPhases => 1,
        DutyStatus::NotRequired => 0,
    };
    let nothing = (DutyStatus::NotRequired, missing.r#for, missing.provision);
    // of several equally far the first, which is the one named
    named.chain(others).fold(nothing, |far, next| if weight(next.0) > weight(far.0) { next } else { far })
}

/// The provision under which a duty always needs an answer, where it does.
fn needed_under<'a>(incident: &Incident, laws: &[&'a Loaded<Regime>], duty: &Duty, path: &str) -> Option<&'a str> {
    let regimes = laws.iter().map(|r| &r.table.table).filter(|r| r.id == duty.regime);
    let tables = regimes.flat_map(|r| &r.duties).filter(|d| d.action == duty.action && d.provision == duty.provision);
    let mut items = tables.flat_map(|d| &d.content).filter(|item| item.needed == Needed::Always && item.path == path);
    let item = items.find(|item| !item.or.iter().any(|other| content::is_there(incident, other)))?;
    Some(&item.provision)
}

/// A recorded risk below the one that the rules give.
fn decision(s: &Subject<'_>) -> Vec<Finding> {
    let decision = &s.assessment.decision;
    let below = decision.own_word.as_ref().filter(|own| own.direction == Direction::Down);
    let said = |own: &crate::assess::OwnWord| {
        Finding::new(Says::DecisionBelow)
            .at(super::together::RISK)
            .text("own", <&str>::from(own.risk))
            .text("computed", <&str>::from(decision.computed))
            .text("outcome", decision.outcome.id())
    };
    below.map(said).into_iter().collect()
}

/// What the assessment noted and the gate weighs: times out of order or not yet come, personal data of those affected in a text.
fn noted(s: &Subject<'_>) -> Vec<Finding> {
    let said = s.assessment.notes.iter().filter_map(|note| {
        let says = match note.code {
            NoteCode::TimesOutOfOrder => Says::TimesOrder,
            NoteCode::TimeInFuture => Says::TimesFuture,
            NoteCode::PersonalData => Says::PersonalData,
            _ => return None,
        };
        let path = note.path.as_deref().unwrap_or_default();
        let values = note.values.iter().map(|(key, value)| (*key, Value::Text(value.clone())));
        Some(Finding { values: values.collect(), ..Finding::new(says) }.at(path).text("path", path))
    });
    said.collect()
}
