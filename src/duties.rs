//! Duties: what must be done, towards whom, by when and under which provision; and what has been done.

use std::cell::Cell;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::clock::{self, Deadline, Unit};
use crate::condition::{Reading, Saw};
use crate::content;
use crate::country::{Authority, Country};
use crate::incident::answer::Answer;
use crate::incident::moment::Moment;
use crate::incident::words::*;
use crate::incident::{Incident, text};
use crate::note::{Note, NoteCode};
use crate::regime::{Action, Addressee, Bound, DeadlineTable, DutyTable, ExemptionTable, Needed, Places, Regime, Start, Threshold};
use crate::sheet::Sheet;
use crate::zone::Zone;

/// A point in time.
pub type Time = DateTime<FixedOffset>;

/// The furthest of the duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr, EnumString, VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Outcome {
    RegisterOnly,
    NotifyController,
    NotifyAuthority,
    NotifyDataSubjects,
}

impl Outcome {
    /// The outcome as it is printed.
    pub fn id(self) -> &'static str {
        self.into()
    }

    fn of(action: Action) -> Outcome {
        match action {
            Action::Register => Outcome::RegisterOnly,
            Action::NotifyController => Outcome::NotifyController,
            Action::NotifyAuthority | Action::NotifyAuthoritySecond | Action::NotifyOther => Outcome::NotifyAuthority,
            Action::NotifyDataSubjects | Action::PublicCommunication => Outcome::NotifyDataSubjects,
        }
    }
}

/// How far a duty is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum DutyStatus {
    Open,
    InPhases,
    Overdue,
    Done,
    DoneLate,
    NotRequired,
}

/// One duty.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Duty<'a> {
    pub regime: &'a str,
    pub action: Action,
    pub required: bool,
    pub to: &'a str,
    pub provision: &'a str,
    pub start: Option<Start>,
    pub started_at: Option<Time>,
    pub start_assumed: bool,
    pub deadline: Option<Time>,
    /// The last instant that is in time.
    pub outer_deadline: Option<Time>,
    pub qualifier: Option<&'a str>,
    pub status: DutyStatus,
    /// Tenths of an hour to the deadline; negative past it.
    pub remaining: Option<i64>,
    pub done_at: Option<Time>,
    /// The exemption that takes the duty away.
    pub exemption: Option<&'a str>,
    /// Whether it hangs on the risk to people, not on the breach alone or on another test.
    pub by_risk: bool,
    /// Whether the law of another regime stands in its place.
    pub displaced: bool,
}

/// Something that a required duty needs and the incident does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Missing<'a> {
    pub path: &'a str,
    pub r#for: Action,
    pub provision: &'a str,
}

/// A regime's exemption or order that applies.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// As written.
    pub table: &'a ExemptionTable,
    /// Whether it is an order, which stands above exemptions.
    pub order: bool,
}

/// What the regimes require, before any clock is looked at.
pub struct Required<'a> {
    /// Every duty of whoever keeps the file, with whether it is required and which exemption took it away.
    pub duties: Vec<(&'a Regime, &'a DutyTable, bool, Option<&'a str>)>,
    /// What took away, or put back, a duty; what it saw.
    pub applied: Vec<(Applied<'a>, Vec<Saw<'a>>)>,
    /// The furthest of them.
    pub outcome: Outcome,
}

/// The outcome for each risk that an incident might have; each is worked out when it is first asked for.
pub struct Outcomes<'a> {
    incident: &'a Incident,
    bound: &'a [Bound<'a>],
    known: [[Cell<Option<Outcome>>; 2]; 3],
}

impl<'a> Outcomes<'a> {
    /// For an incident under its regimes.
    pub fn new(incident: &'a Incident, bound: &'a [Bound<'a>]) -> Outcomes<'a> {
        Outcomes { incident, bound, known: Default::default() }
    }

    /// The outcome of a risk; `carried`: by nothing but confidentiality.
    pub fn of(&self, risk: Risk, carried: bool) -> Outcome {
        let known = &self.known[risk as usize][usize::from(carried)];
        let outcome = known.get().unwrap_or_else(|| outcome(self.incident, risk, carried, self.bound));
        known.set(Some(outcome));
        outcome
    }
}

/// What the regimes require for a risk that is carried by nothing but confidentiality, or not. `without` leaves out one exemption or order, to see whether
/// it was decisive.
pub fn require<'a>(incident: &'a Incident, sheet: &Sheet, risk: Risk, carried: bool, bound: &[Bound<'a>], without: Option<&str>) -> Required<'a> {
    let judge = Judge { incident, risk, carried, bound, without };
    let mut duties = Vec::new();
    let mut applied = Vec::new();
    for bound in bound {
        let regime = bound.regime;
        for (i, duty) in judge.duties(regime) {
            let verdict = judge.judge(bound, i, duty);
            duties.push((regime, duty, verdict.required, verdict.exemption.map(|e| e.id.as_str())));
            let exemptions = judge
                .exemptions(bound, duty)
                .filter(|_| verdict.exemption.is_some())
                .map(|i| (Applied { table: &regime.table.exemptions[i], order: false }, &regime.exemptions[i], Reading::Release));
            let orders =
                judge.orders(bound, duty).map(|i| (Applied { table: &regime.table.orders[i], order: true }, &regime.orders[i], Reading::Raise));
            for (table, when, reading) in exemptions.chain(orders) {
                let mut seen = Vec::new();
                when.all.iter().for_each(|condition| condition.saw(sheet, reading, incident, &mut |saw| seen.push(saw)));
                applied.push((table, seen));
            }
        }
    }
    let instead = |regime: &Regime, action: Action| {
        let exempted = duties.iter().filter(|(r, ..)| r.table.id == regime.table.id).filter_map(|(.., id)| *id);
        exempted.into_iter().any(|id| regime.table.exemptions.iter().any(|e| e.id == id && e.instead == Some(action)))
    };
    // what comes in the place of an exempted duty is a duty only there
    let kept: Vec<bool> = duties.iter().map(|(r, d, ..)| d.action != Action::PublicCommunication || instead(r, d.action)).collect();
    let mut kept = kept.into_iter();
    duties.retain(|_| kept.next() == Some(true));
    let outcome = duties.iter().filter(|d| d.2).map(|d| Outcome::of(d.1.action)).max().unwrap_or(Outcome::RegisterOnly);
    Required { duties, applied, outcome }
}

/// The furthest of what the regimes require: the outcome of [`require`] without the rest.
pub fn outcome(incident: &Incident, risk: Risk, carried: bool, bound: &[Bound<'_>]) -> Outcome {
    let judge = Judge { incident, risk, carried, bound, without: None };
    let mut furthest = Outcome::RegisterOnly;
    for bound in bound {
        let (mut instead_required, mut instead) = (false, false);
        for (i, duty) in judge.duties(bound.regime) {
            let verdict = judge.judge(bound, i, duty);
            instead |= verdict.exemption.is_some_and(|e| e.instead == Some(Action::PublicCommunication));
            match duty.action {
                Action::PublicCommunication => instead_required |= verdict.required,
                _ if verdict.required => furthest = furthest.max(Outcome::of(duty.action)),
                _ => {}
            }
        }
        if instead && instead_required {
            furthest = furthest.max(Outcome::of(Action::PublicCommunication));
        }
    }
    furthest
}

/// What duties are judged by.
struct Judge<'i, 'a> {
    incident: &'i Incident,
    risk: Risk,
    carried: bool,
    bound: &'i [Bound<'a>],
    /// The exemption or order that is left out.
    without: Option<&'i str>,
}

/// What becomes of a duty.
struct Judged<'a> {
    required: bool,
    /// The exemption that takes it away.
    exemption: Option<&'a ExemptionTable>,
}

impl<'a> Judge<'_, 'a> {
    /// The duties of whoever keeps the file.
    fn duties(&self, regime: &'a Regime) -> impl Iterator<Item = (usize, &'a DutyTable)> {
        let role = self.incident.role();
        regime.table.duties.iter().enumerate().filter(move |(_, duty)| duty.roles.contains(&role))
    }

    fn judge(&self, bound: &Bound<'a>, i: usize, duty: &'a DutyTable) -> Judged<'a> {
        let regime = bound.regime;
        let ordered = self.orders(bound, duty).next().is_some();
        // a displaced duty stays in sight, but is not required; nor is a second notification after a complete one
        let reached = duty.threshold.reached(self.risk)
            && bound.holds.duties.has(i)
            && !displaced(regime, duty.action, self.bound.iter().map(|b| b.regime))
            && !(duty.action == Action::NotifyAuthoritySecond && notices(self.incident).first().is_some_and(|n| n.1));
        let exemption = if reached && !ordered { self.exemptions(bound, duty).next() } else { None };
        Judged { required: (reached && exemption.is_none()) || ordered, exemption: exemption.map(|i| &regime.table.exemptions[i]) }
    }

    /// The places of the orders that a duty stands under.
    fn orders(&self, bound: &Bound<'a>, duty: &DutyTable) -> impl Iterator<Item = usize> {
        self.of(&bound.regime.table.orders, bound.holds.orders, duty.action)
    }

    /// The places of the exemptions from a duty.
    fn exemptions(&self, bound: &Bound<'a>, duty: &DutyTable) -> impl Iterator<Item = usize> {
        self.of(&bound.regime.table.exemptions, bound.holds.exemptions, duty.action)
    }

    /// Those of the ones that hold which are about a duty, and about this risk.
    fn of(&self, tables: &'a [ExemptionTable], hold: Places, action: Action) -> impl Iterator<Item = usize> {
        hold.iter().filter(move |i| {
            let table = &tables[*i];
            table.action == action && (self.carried || !table.confidentiality_only) && Some(table.id.as_str()) != self.without
        })
    }
}

/// Whether another regime that applies takes the place of this one's duty.
fn displaced<'a>(regime: &Regime, action: Action, mut regimes: impl Iterator<Item = &'a Regime>) -> bool {
    regimes.any(|other| other.table.displaces.iter().any(|d| d.regime == regime.table.id && d.action == action))
}

/// Where and when: what clocks need besides the incident.
pub struct Where<'a> {
    /// The country's table, if there is one.
    pub country: Option<&'a Country>,
    /// Its zone, or UTC.
    pub zone: Zone,
    /// The time the assessment is made for.
    pub now: Time,
}

/// The duties with their clocks, what is missing for them, and what a reader should know of the clocks.
pub fn duties<'a>(required: &Required<'a>, incident: &'a Incident, place: &Where<'a>) -> (Vec<Duty<'a>>, Vec<Missing<'a>>, Vec<Note>) {
    let mut notes = Vec::new();
    let mut duties = Vec::with_capacity(required.duties.len());
    let mut missing: Vec<Missing<'a>> = Vec::new();
    // notices under other laws are not what the register's reasons are about
    let register_only = !required.duties.iter().any(|d| d.2 && !matches!(d.1.action, Action::Register | Action::NotifyOther));
    for &(regime, table, is_required, exemption) in &required.duties {
        let done = done(table.action, two_steps(regime), incident);
        let mut duty = Duty {
            regime: &regime.table.id,
            action: table.action,
            required: is_required,
            to: addressee(regime, table, incident, place),
            provision: &table.provision,
            start: None,
            started_at: None,
            start_assumed: false,
            deadline: None,
            outer_deadline: None,
            qualifier: table.qualifier.as_deref(),
            status: DutyStatus::NotRequired,
            remaining: None,
            done_at: done.at.map(|t| place.zone.local(t)),
            exemption,
            by_risk: matches!(table.threshold, Threshold::Risk | Threshold::High),
            displaced: displaced(regime, table.action, required.duties.iter().map(|d| d.0)),
        };
        if is_required {
            if let Some(note) = doubt(regime, table, incident, place) {
                push(&mut notes, note);
            }
            if let Some(deadline) = &table.deadline {
                set_clock(&mut duty, deadline, incident, place, &mut notes);
            }
            set_status(&mut duty, done, place, &mut notes);
            let asked = table.deadline.as_ref().filter(|_| duty.start_assumed || duty.start.is_none()).and_then(|d| d.ask.as_ref());
            if let Some(path) = asked {
                miss(&mut missing, path, duty.action, duty.provision);
            }
            for item in table.content.iter().filter(|item| is_needed(item.needed, &duty, register_only)) {
                if !std::iter::once(&item.path).chain(&item.or).any(|path| content::is_there(incident, path)) {
                    miss(&mut missing, &item.path, duty.action, &item.provision);
                }
            }
        }
        // whoever relies on an exemption records why
        let relied_on = exemption.and_then(|id| regime.table.exemptions.iter().find(|e| e.id == id));
        if let Some((reason, exemption)) = relied_on.and_then(|e| Some((e.reason.as_ref()?, e)))
            && !content::is_there(incident, reason)
        {
            miss(&mut missing, reason, duty.action, &exemption.provision);
        }
        // one duty towards each of a processor's controllers
        let controllers = if table.to == Addressee::Controllers { incident.file.controller.acts_for.0.as_slice() } else { &[] };
        let before = duties.len();
        duties.extend(controllers.iter().filter(|c| !c.0.trim().is_empty()).map(|c| Duty { to: &c.0, ..duty }));
        if duties.len() == before {
            duties.push(duty);
        }
    }
    (duties, missing, notes)
}

fn miss<'a>(missing: &mut Vec<Missing<'a>>, path: &'a str, r#for: Action, provision: &'a str) {
    if !missing.iter().any(|m| m.path == path) {
        missing.push(Missing { path, r#for, provision });
    }
}

fn is_needed(needed: Needed, duty: &Duty<'_>, register_only: bool) -> bool {
    match needed {
        Needed::Always => true,
        Needed::RegisterOnly => register_only,
        Needed::Late => matches!(duty.status, DutyStatus::Overdue | DutyStatus::DoneLate),
    }
}

fn addressee<'a>(regime: &Regime, table: &'a DutyTable, incident: &Incident, place: &Where<'a>) -> &'a str {
    authority(regime, table, incident, place).map_or(&table.to_text, |a| &a.name)
}

/// The authority that the country's table names for a duty.
fn authority<'a>(regime: &Regime, table: &DutyTable, incident: &Incident, place: &Where<'a>) -> Option<&'a Authority> {
    let sector = incident.file.controller.sector.known().map(Word::id);
    place.country.filter(|_| table.to == Addressee::Authority)?.authority(&regime.table.id, sector)
}

/// A doubt about who is told: a law of a special sector for which the table does not confirm the authority, or a sector that has a body of its own in some
/// countries.
fn doubt(regime: &Regime, table: &DutyTable, incident: &Incident, place: &Where<'_>) -> Option<Note> {
    let authority = authority(regime, table, incident, place)?;
    let sector = incident.file.controller.sector.known()?;
    let by_law = regime.table.sectors.is_some() && !authority.is_confirmed_for(&regime.table.id);
    let by_body = regime.table.own_bodies.contains(&sector) && !authority.sectors.iter().any(|s| s == sector.id());
    (by_law || by_body).then(|| Note::new(NoteCode::AuthorityUnsure).at("controller.sector").with("to", &authority.name).with("sector", sector.id()))
}

/// What has been done of a duty.
#[derive(Default)]
struct Done {
    /// Whether anything was.
    begun: bool,
    /// Whether all was.
    whole: bool,
    /// When the first of it was.
    at: Option<Time>,
}

/// Whether a regime has a second notification, so that the first is done by its initial notice.
fn two_steps(regime: &Regime) -> bool {
    regime.table.duties.iter().any(|d| d.action == Action::NotifyAuthoritySecond)
}

fn done(action: Action, two_steps: bool, incident: &Incident) -> Done {
    let once = |at: Option<Moment>| {
        let at = at.and_then(Moment::instant);
        Done { begun: at.is_some(), whole: at.is_some(), at }
    };
    let t = &incident.file.timeline;
    match action {
        Action::Register | Action::NotifyOther => Done::default(),
        Action::NotifyController => once(t.controller_notified),
        Action::PublicCommunication => once(incident.file.exemptions.disproportionate_effort.as_ref().and_then(|d| d.published)),
        Action::NotifyDataSubjects => {
            let told = once(t.subjects_notified);
            let said = incident.file.communication.state.is(CommunicationState::Done);
            Done { begun: told.begun || said, whole: told.whole || said, at: told.at }
        }
        Action::NotifyAuthority => {
            let sent = notices(incident);
            Done { begun: !sent.is_empty(), whole: sent.iter().any(|n| n.1) || (two_steps && !sent.is_empty()), at: sent.first().map(|n| n.0) }
        }
        Action::NotifyAuthoritySecond => {
            let later = notices(incident).get(1).map(|n| n.0);
            Done { begun: later.is_some(), whole: later.is_some(), at: later }
        }
    }
}

/// The notices to the authority, first to last, each with whether it completes the notification.
pub fn notices(incident: &Incident) -> Vec<(Time, bool)> {
    let single = incident.file.timeline.authority_notified.and_then(Moment::instant).map(|t| (t, true));
    let phases = incident.file.authority_notices.0.iter().filter_map(|n| Some((n.sent?.instant()?, n.kind.is(NoticeKind::Complete))));
    let mut all: Vec<(Time, bool)> = single.into_iter().chain(phases).collect();
    all.sort_by_key(|n| n.0);
    all
}

/// When something happened that starts clocks.
pub fn started(start: Start, incident: &Incident) -> Option<Time> {
    let t = &incident.file.timeline;
    let o = &incident.file.other_law;
    match start {
        Start::Aware => t.aware.and_then(Moment::instant),
        Start::Detected => t.detected.and_then(Moment::instant),
        Start::ToldByProcessor => {
            let told = incident.file.processors.0.iter().filter_map(|p| p.told_us?.instant());
            told.chain(t.told_by_processor.and_then(Moment::instant)).min()
        }
        Start::Notified => notices(incident).first().map(|n| n.0),
        Start::IncidentAware => o.incident_aware.and_then(Moment::instant),
        Start::Classified => o.classified.and_then(Moment::instant),
    }
}

fn set_clock(duty: &mut Duty<'_>, table: &DeadlineTable, incident: &Incident, place: &Where<'_>, notes: &mut Vec<Note>) {
    let earliest = table.start.iter().filter_map(|s| Some((*s, started(*s, incident)?))).min_by_key(|s| s.1);
    let assumed = table.assume.and_then(|s| Some((s, started(s, incident)?)));
    let Some((start, at)) = earliest.or(assumed) else {
        // a clock that only a later step starts, and has no assumption, is not missing its start
        if table.assume.is_some() {
            push(notes, Note::new(NoteCode::ClockNotStarted));
        }
        return;
    };
    duty.start = Some(start);
    duty.started_at = Some(place.zone.local(at));
    duty.start_assumed = earliest.is_none();
    if duty.start_assumed {
        push(notes, Note::new(NoteCode::ClockAssumed).with("from", <&str>::from(start)));
    }
    if start == Start::ToldByProcessor && started(Start::Aware, incident).is_some_and(|aware| aware > at) {
        push(notes, Note::new(NoteCode::ClockByProcessor).at("timeline.told_by_processor"));
    }
    if let (Some(detected), Some(hours)) = (started(Start::Detected, incident), table.question_after_hours)
        && (at - detected).num_seconds() > i64::from(hours) * 3600
    {
        push(notes, Note::new(NoteCode::LateAwareness).at("timeline.detected").with("hours", (at - detected).num_hours()));
    }
    // no holiday moves an hour
    let country = place.country.filter(|_| table.unit != Unit::Hours);
    let calendar = country.map(Country::calendar).unwrap_or_default();
    if let Some(Deadline { deadline, outer }) = clock::deadline(at, table.period(), place.zone, &calendar) {
        duty.deadline = Some(deadline);
        duty.outer_deadline = Some(outer);
    }
}

fn set_status(duty: &mut Duty<'_>, done: Done, place: &Where<'_>, notes: &mut Vec<Note>) {
    let late = |at: Time| duty.outer_deadline.is_some_and(|outer| at > outer);
    let after_safe = |at: Time| duty.deadline.is_some_and(|deadline| at > deadline) && !late(at);
    duty.status = match (done.begun, done.at) {
        (true, Some(at)) if late(at) => DutyStatus::DoneLate,
        (true, _) if done.whole => DutyStatus::Done,
        (true, _) => DutyStatus::InPhases,
        // whether others were told cannot be written in an incident file, so nobody may be called late for it
        _ if late(place.now) && duty.action != Action::NotifyOther => DutyStatus::Overdue,
        _ => DutyStatus::Open,
    };
    let judged = done.at.or((duty.status == DutyStatus::Open).then_some(place.now));
    if judged.is_some_and(after_safe) {
        push(notes, Note::new(NoteCode::BetweenDeadlines).with("action", <&str>::from(duty.action)));
    }
    if let (Some(deadline), DutyStatus::Open | DutyStatus::InPhases | DutyStatus::Overdue) = (duty.deadline, duty.status) {
        duty.remaining = Some(tenths_of_hours((deadline - place.now).num_seconds()));
    }
}

/// Seconds as tenths of an hour, half away from zero.
fn tenths_of_hours(seconds: i64) -> i64 {
    const TENTH: i64 = 360;
    (seconds.abs() + TENTH / 2) / TENTH * seconds.signum()
}

fn push(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// Places in [`past`].
const OCCURRED: usize = 0;
const ENDED: usize = 1;
const DETECTED: usize = 2;
const TOLD_BY_PROCESSOR: usize = 3;
const AWARE: usize = 4;
const AUTHORITY_NOTIFIED: usize = 5;
const SUBJECTS_NOTIFIED: usize = 6;
const CONTROLLER_NOTIFIED: usize = 7;

/// What cannot come before what. The notification stands for the first notice, in whichever way it is written.
const ORDER: [(usize, usize); 12] = [
    (OCCURRED, ENDED),
    (OCCURRED, DETECTED),
    (OCCURRED, TOLD_BY_PROCESSOR),
    (OCCURRED, AWARE),
    (OCCURRED, AUTHORITY_NOTIFIED),
    (OCCURRED, SUBJECTS_NOTIFIED),
    (OCCURRED, CONTROLLER_NOTIFIED),
    (DETECTED, AWARE),
    (DETECTED, AUTHORITY_NOTIFIED),
    (AWARE, AUTHORITY_NOTIFIED),
    (AWARE, SUBJECTS_NOTIFIED),
    (DETECTED, CONTROLLER_NOTIFIED),
];

/// What is odd about the times of an incident: out of order, or not yet come.
pub fn time_notes(incident: &Incident, now: Time) -> Vec<Note> {
    let file = &incident.file;
    let past = past(incident);
    let notices = file.authority_notices.0.iter().enumerate().filter_map(|(i, n)| Some((format!("authority_notices[{i}].sent"), n.sent?)));
    let processors = file.processors.0.iter().enumerate().filter_map(|(i, p)| Some((format!("processors[{i}].told_us"), p.told_us?)));
    let (notices, processors): (Vec<_>, Vec<_>) = (notices.collect(), processors.collect());
    let single = |place: usize| Some((past[place].0, past[place].1?));
    let all_notices = single(AUTHORITY_NOTIFIED).into_iter().chain(notices.iter().map(listed));
    let first_notice = all_notices.filter_map(|n| Some((n, n.1.instant()?))).min_by_key(|(_, at)| *at).map(|(n, _)| n);
    let find = |place| if place == AUTHORITY_NOTIFIED { first_notice } else { single(place) };
    let order = ORDER.into_iter().filter_map(|(before, after)| {
        let (before, after) = (find(before)?, find(after)?);
        after.1.is_before(before.1).then(|| Note::new(NoteCode::TimesOutOfOrder).at(after.0).with("before", before.0))
    });
    let all = (0..past.len()).filter_map(single).chain(notices.iter().chain(&processors).map(listed));
    let future = all.filter(|(_, at)| at.is_after(now)).map(|(path, _)| Note::new(NoteCode::TimeInFuture).at(path));
    order.chain(future).collect()
}

/// A time of a list.
fn listed((path, at): &(String, Moment)) -> (&str, Moment) {
    (path, *at)
}

/// Every time of an incident, but for those of lists, that says that something has happened.
fn past(incident: &Incident) -> [(&'static str, Option<Moment>); 11] {
    let file = &incident.file;
    let t = &file.timeline;
    [
        ("timeline.occurred", t.occurred),
        ("timeline.ended", t.ended),
        ("timeline.detected", t.detected),
        ("timeline.told_by_processor", t.told_by_processor),
        ("timeline.aware", t.aware),
        ("timeline.authority_notified", t.authority_notified),
        ("timeline.subjects_notified", t.subjects_notified),
        ("timeline.controller_notified", t.controller_notified),
        ("exemptions.disproportionate_effort.published", file.exemptions.disproportionate_effort.as_ref().and_then(|d| d.published)),
        ("other_law.incident_aware", file.other_law.incident_aware),
        ("other_law.classified", file.other_law.classified),
    ]
}

/// Notes about how far the communication to the people is.
pub fn communication_notes(incident: &Incident) -> Vec<Note> {
    let c = &incident.file.communication;
    let asked = text(&c.delay_asked_by).map(|by| Note::new(NoteCode::DelayAsked).at("communication.delay_asked_by").with("by", by));
    let joint = (!matches!(incident.file.controller.notifies, Answer::Known(Notifies::Us) | Answer::LeftOut))
        .then(|| Note::new(NoteCode::JointController).at("controller.notifies"));
    asked.into_iter().chain(joint).collect()
}
