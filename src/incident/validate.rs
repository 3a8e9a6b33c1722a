//! What must hold between the answers of a file, beyond each being one of those allowed.

use super::answer::{Answer, UNKNOWN};
use super::format::FORMAT;
use super::moment::Moment;
use super::raw::{DataCategory, Raw, Text};
use super::read::About;
use super::words::*;
use super::{DataOf, Incident, text};
use crate::bits::Entries;
use crate::diag::{Code, Finding, allowed};
use crate::method::{Direction, Method};
use crate::note::{Note, NoteCode};

/// Checks a file that has the right shape.
///
/// # Errors
/// Everything that is wrong with it, without places.
pub fn validate(mut raw: Raw, about: About, method: &Method) -> Result<Incident, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut notes = Vec::new();

    match raw.format {
        Some(FORMAT) => {}
        Some(n) => findings.push(Finding::new(Code::UnknownValue, format!("format {n} is not known; allowed: {FORMAT}")).at("format")),
        None => findings.push(missing("format", &format!("write `format = {FORMAT}`"))),
    }
    if text(&raw.id).is_none() {
        findings.push(missing("id", "write `id = \"…\"`, the incident's number in your register"));
    }
    times(&raw, &mut findings);

    let mut data = Vec::new();
    for category in Category::all() {
        let slot = raw.data.slot(*category);
        if let Some(table) = slot {
            let types = check_items(*category, &table.items.0, method, &mut findings, &mut notes);
            // what was said not to be hit stays in the file, and only there
            if !table.affected.is(false) {
                data.extend(slot.take().map(|table| data_of(*category, table, types, method, &mut findings, &mut notes)));
            }
        }
    }
    let scored = about == About::Breach;
    if data.is_empty() && scored {
        let tables: Vec<String> = Category::ids().iter().map(|c| format!("[data.{c}]")).collect();
        findings.push(missing("data", &format!("write at least one of {}", tables.join(", "))));
    }

    match &raw.identification {
        Some(table) if table.level == Answer::LeftOut => findings.push(missing("identification.level", &levels())),
        None if scored => findings.push(missing("identification", &format!("write [identification] with its level: {}", levels()))),
        _ => {}
    }

    losses(&raw, about, &mut findings, &mut notes);
    if text(&raw.decision.why).is_none() {
        if about == About::NoBreach {
            findings.push(missing("decision.why", "write why this was found not to be a personal data breach"));
        } else if raw.decision.risk != Answer::LeftOut {
            findings.push(missing("decision.why", "a risk of your own needs its reasons"));
        }
    }
    for (i, notice) in raw.authority_notices.0.iter().enumerate() {
        if notice.sent.is_none() {
            notes.push(Note::new(NoteCode::NoticeWithoutTime).at(format!("authority_notices[{i}].sent")));
        }
    }
    if raw.timeline.authority_notified.is_some() && !raw.authority_notices.0.is_empty() {
        notes.push(Note::new(NoteCode::NoticeTwice).at("timeline.authority_notified"));
    }

    if findings.is_empty() { Ok(Incident { file: raw, data, notes }) } else { Err(findings) }
}

fn missing(path: &str, how: &str) -> Finding {
    Finding::new(Code::Missing, format!("`{path}` is missing: {how}")).at(path)
}

fn levels() -> String {
    let mut words: Vec<&str> = Identification::ids().to_vec();
    words.push(UNKNOWN);
    words.join(", ")
}

/// Looks at the data types of a category; which of them there are.
fn check_items(category: Category, items: &[Text], method: &Method, findings: &mut Vec<Finding>, notes: &mut Vec<Note>) -> Entries {
    let mut listed = Entries::NONE;
    for (i, Text(item)) in items.iter().enumerate() {
        let at = || format!("data.{}.items[{i}]", category.id());
        match method.place(item).map(|place| (place, &method.data_types[place])) {
            None => {
                let types: Vec<&str> = method.data_types.iter().map(|t| t.id.as_str()).collect();
                findings.push(Finding::new(Code::UnknownItem, format!("{item:?} is not a data type{}", allowed(item, &types))).at(at()));
            }
            Some((place, known)) => {
                listed.set(place, true);
                if known.category != category {
                    notes.push(Note::new(NoteCode::ItemElsewhere).at(at()).with("item", item).with("category", known.category.id()));
                }
            }
        }
        if items[..i].iter().any(|earlier| earlier.0 == *item) {
            notes.push(Note::new(NoteCode::DuplicateItem).at(at()).with("item", item));
        }
    }
    listed
}

fn data_of(category: Category, table: DataCategory, types: Entries, method: &Method, findings: &mut Vec<Finding>, notes: &mut Vec<Note>) -> DataOf {
    let at = |key: &str| format!("data.{}.{key}", category.id());
    let items: Vec<String> = table.items.0.into_iter().map(|t| t.0).collect();
    let certain = table.affected != Answer::Unknown;
    if items.is_empty() && certain {
        notes.push(Note::new(NoteCode::NoItems).at(at("items")));
    }
    let usual = method.usual_level(category, &types);
    let because = table.because.0;
    if let Answer::Known(level) = table.level
        && level.0 != usual
    {
        let (way, direction) = if level.0 > usual { ("above", Direction::Raise) } else { ("below", Direction::Lower) };
        let fitting: Vec<&str> = Factor::all().iter().filter(|f| method.direction(**f) == Some(direction)).map(|f| f.id()).collect();
        let level_at = |code, message: String| Finding::new(code, message).at(at("level"));
        if because.is_empty() {
            let message = format!("level {} is {way} the usual {usual}: say `because` of what; allowed here: {}", level.0, fitting.join(", "));
            findings.push(level_at(Code::LevelWithoutBecause, message));
        } else if !because.iter().any(|f| method.direction(*f) == Some(direction)) {
            let given: Vec<&str> = because.iter().map(|f| f.id()).collect();
            let message = format!(
                "level {} is {way} the usual {usual}, but {} cannot move it there; allowed here: {}",
                level.0,
                given.join(", "),
                fitting.join(", ")
            );
            findings.push(Finding::new(Code::BecauseWrongDirection, message).at(at("because")));
        }
        if text(&table.why).is_none() {
            findings
                .push(level_at(Code::LevelWithoutWhy, format!("level {} is {way} the usual {usual}: write the reason as `why = \"…\"`", level.0)));
        }
    } else if !because.is_empty() && table.level != Answer::Unknown {
        notes.push(Note::new(NoteCode::BecauseUnused).at(at("because")));
    }
    DataOf { category, certain, items, types, usual, level: table.level, because, why: table.why.map(|t| t.0) }
}

fn losses(raw: &Raw, about: About, findings: &mut Vec<Finding>, notes: &mut Vec<Note>) {
    let (c, i, a) = (raw.confidentiality.loss, raw.integrity.loss, raw.availability.loss);
    let none = [
        ("confidentiality.loss", c == Answer::LeftOut || c.is(ConfidentialityLoss::None)),
        ("integrity.loss", i == Answer::LeftOut || i.is(IntegrityLoss::None)),
        ("availability.loss", a == Answer::LeftOut || a.is(AvailabilityLoss::None)),
    ];
    if about == About::Breach && none.iter().all(|(_, none)| *none) {
        let said = "nothing was lost, neither confidentiality nor integrity nor availability, so this is no personal data breach (GDPR art. 4(12)); \
                    if something may have been, write the loss, \"unknown\" if need be";
        findings.push(Finding::new(Code::NoLoss, said).at("confidentiality.loss"));
    }
    if about == About::NoBreach {
        let said = "something was or may have been lost, so this is a personal data breach (GDPR art. 4(12)); of what was found not to be one every loss is \"none\"";
        let raised = matches!(raw.decision.risk, Answer::Known(Risk::Risk | Risk::High) | Answer::Unknown);
        let no_risk = "what was found not to be a personal data breach has no risk of one; leave it out";
        findings.extend(raised.then(|| Finding::new(Code::UnknownValue, no_risk).at("decision.risk")));
        findings.extend(none.iter().filter(|(_, none)| !none).map(|(path, _)| Finding::new(Code::UnknownValue, said).at(*path)));
    }
    let received = !matches!(
        c,
        Answer::LeftOut | Answer::Known(ConfidentialityLoss::None | ConfidentialityLoss::NoEvidence | ConfidentialityLoss::UnknownRecipients)
    );
    if raw.confidentiality.recipient != Answer::LeftOut && !received {
        notes.push(Note::new(NoteCode::RecipientWithoutRecipients).at("confidentiality.recipient"));
    }
}

/// Which forms of time each place takes; the walk over a bad file says the rest.
fn times(raw: &Raw, findings: &mut Vec<Finding>) {
    let (t, o) = (&raw.timeline, &raw.other_law);
    let instant = |m: Option<Moment>| matches!(m, None | Some(Moment::Instant(_)));
    let day = |m: Option<Moment>| matches!(m, None | Some(Moment::Instant(_) | Moment::Day(_)));
    let good = instant(t.detected)
        && instant(t.told_by_processor)
        && instant(t.aware)
        && instant(t.authority_notified)
        && instant(t.subjects_notified)
        && instant(t.controller_notified)
        && instant(o.incident_aware)
        && instant(o.classified)
        && instant(raw.exemptions.disproportionate_effort.as_ref().and_then(|d| d.published))
        && raw.processors.0.iter().all(|p| instant(p.told_us))
        && raw.authority_notices.0.iter().all(|n| instant(n.sent) && day(n.complete_by))
        && day(raw.communication.planned)
        && day(raw.communication.ordered)
        && day(raw.told.police)
        && raw.told.authorities.0.iter().all(|a| day(a.on))
        && t.occurred != Some(Moment::Ongoing);
    if !good {
        findings.push(Finding::new(Code::BadTime, "a time in a form that its place does not take"));
    }
}
