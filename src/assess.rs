//! The assessment: all steps in their order, and their one result.

use std::mem;

use crate::condition::Saw;
use crate::country::Country;
use crate::decide::{self, Ruling};
use crate::duties::{self, Duty, Missing, Outcome, Outcomes, Required, Time, Where};
use crate::incident::words::*;
use crate::incident::{Incident, text};
use crate::lint::{self, Found};
use crate::method::Method;
use crate::note::{Note, NoteCode};
use crate::practice::{Effect, Practice, ReadingNote};
use crate::regime::{Bound, Laws, Selected, Status};
use crate::score::{self, Severity};
use crate::sensitivity::{Change, Question, Search};
use crate::sheet::Sheet;
use crate::tables::{Loaded, Ref};
use crate::tongues::Tongues;
use crate::zone::Zone;

/// The tables that an assessment rests on.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// What scores are made of.
    pub method: &'a Loaded<Method>,
    /// How a severity is read.
    pub practice: &'a Loaded<Practice>,
    /// The laws to choose from.
    pub laws: Laws<'a>,
    /// The country, if it has a table.
    pub country: Option<&'a Loaded<Country>>,
}

/// The result of all steps: ids, paths and values; sentences come when it is rendered. What tables and the incident say is borrowed from them.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Assessment<'a> {
    pub as_of: Time,
    pub method: &'a Ref,
    pub practice: &'a Ref,
    pub regimes: Vec<&'a Ref>,
    pub country: Option<&'a Ref>,
    pub severity: Severity,
    pub decision: Decision<'a>,
    pub duties: Vec<Duty<'a>>,
    /// What would change the outcome; `None` where it was not asked for.
    pub changes: Option<Vec<Change>>,
    /// What to find out first; `None` where it was not asked for.
    pub find_out: Option<Vec<Question>>,
    pub missing: Vec<Missing<'a>>,
    pub notes: Vec<Note>,
    /// Every level below its base.
    pub lowerings: Vec<Lowering>,
}

/// A level that lies below its base, and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowering {
    /// The category.
    pub category: Category,
    /// The outcome with the level at its base.
    pub outcome_without: Outcome,
}

/// The legal reading.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Decision<'a> {
    /// What the level presumes.
    pub presumed: Risk,
    /// What the rules give.
    pub computed: Risk,
    /// What counts: the rules' word, or the controller's where it is heavier.
    pub risk: Risk,
    pub outcome: Outcome,
    pub rules: Vec<RuleSpoke<'a>>,
    pub own_word: Option<OwnWord<'a>>,
    /// Whether the practice is a score without legal reading.
    pub score_only: bool,
    /// Whether the presumption counted.
    pub presumption_stands: bool,
}

/// A rule, exemption or order that mattered.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct RuleSpoke<'a> {
    pub id: &'a str,
    pub effect: Effect,
    pub to: Option<Risk>,
    /// Whether the outcome differs without it.
    pub decisive: bool,
    /// The outcome without it.
    pub outcome_without: Outcome,
    /// Whether a release took away all that it asks for.
    pub answered: bool,
    pub because: Vec<Saw<'a>>,
    pub provision: &'a str,
    pub ground: &'a str,
    pub text: &'a Tongues,
}

/// The controller's own word beside the computed one.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct OwnWord<'a> {
    pub risk: Risk,
    pub why: Option<&'a str>,
    pub by: Option<&'a str>,
    pub direction: Direction,
    /// What that risk would give.
    pub outcome: Outcome,
}

/// Which way the controller's own word moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Direction {
    Same,
    Up,
    Down,
}

/// A verdict: what the tables make of an incident, without clocks and texts. The sensitivity search runs this many times.
pub struct Verdict<'a> {
    /// The answers that rules look at.
    pub sheet: Sheet,
    /// The score.
    pub severity: Severity,
    /// The rules' word.
    pub ruling: Ruling<'a>,
    /// The risk that counts.
    pub risk: Risk,
    /// The regimes that apply, and those that may.
    pub regimes: Selected<'a>,
    /// What of those that apply holds.
    pub bound: Vec<Bound<'a>>,
    /// What they require for it.
    pub required: Required<'a>,
}

/// Scores, decides and requires.
pub fn verdict<'a>(incident: &'a Incident, rules: &Rules<'a>) -> Verdict<'a> {
    let sheet = Sheet::of(incident);
    let severity = score::severity(incident, &sheet, &rules.method.table);
    let ruling = decide::decide(incident, &sheet, &severity, &rules.practice.table, None);
    let risk = risk(incident, ruling.weighed.risk);
    let regimes = rules.laws.select(incident, rules.country.map(|c| &c.table));
    let bound: Vec<Bound<'a>> = regimes.apply.iter().map(|r| Bound::new(&r.table, &sheet)).collect();
    let required = duties::require(incident, &sheet, risk, ruling.weighed.carries(risk), &bound, None);
    Verdict { sheet, severity, ruling, risk, regimes, bound, required }
}

/// The rules' word, or the controller's where it is heavier. A processor's own word moves nothing.
pub(crate) fn risk(incident: &Incident, computed: Risk) -> Risk {
    let own = incident.file.decision.risk.known().filter(|_| incident.role() != Role::Processor);
    own.map_or(computed, |own| own.max(computed))
}

/// Assesses an incident: every step in its order.
pub fn assess<'a>(incident: &'a Incident, rules: &Rules<'a>, now: Time, with_changes: bool) -> Assessment<'a> {
    let mut verdict = verdict(incident, rules);
    let zone = rules.country.map_or(Zone::UTC, |c| c.table.zone());
    let place = Where { country: rules.country.map(|c| &c.table), zone, now };
    let decision = decision(incident, rules, &mut verdict);
    let (duties, missing, clock_notes) = duties::duties(&verdict.required, incident, &place);

    let mut notes = incident.notes.clone();
    notes.extend(table_notes(incident, rules, &verdict.regimes));
    notes.extend(decision_notes(incident, rules, &verdict, &decision));
    notes.extend(clock_notes);
    notes.extend(duties::time_notes(incident, now));
    notes.extend(duties::communication_notes(incident));
    notes.extend(lint::search(incident, place.country).iter().map(Found::note));

    let lowered = verdict.severity.dpc.categories.iter().any(|category| category.lowered);
    let mut search = (with_changes || lowered).then(|| Search::new(incident, rules, &verdict));
    let lowerings = search.as_mut().map_or(Vec::new(), |search| lowerings(incident, &verdict, search));
    let (changes, find_out) = search.filter(|_| with_changes).map(|mut search| (search.changes(), search.find_out())).unzip();
    Assessment {
        as_of: zone.local(now),
        method: &rules.method.reference,
        practice: &rules.practice.reference,
        regimes: verdict.regimes.apply.iter().map(|r| &r.reference).collect(),
        country: rules.country.map(|c| &c.reference),
        severity: verdict.severity,
        decision,
        duties,
        changes,
        find_out,
        missing,
        notes,
        lowerings,
    }
}

fn lowerings(incident: &Incident, now: &Verdict<'_>, search: &mut Search<'_>) -> Vec<Lowering> {
    let lowered = incident.data.iter().zip(&now.severity.dpc.categories).filter(|(_, score)| score.lowered);
    lowered.map(|(d, _)| Lowering { category: d.category, outcome_without: search.outcome_unlowered(d) }).collect()
}

/// The legal reading; what rules saw goes over into it.
fn decision<'a>(incident: &'a Incident, rules: &Rules<'a>, verdict: &mut Verdict<'a>) -> Decision<'a> {
    let practice = &rules.practice.table;
    let seen: Vec<Vec<Saw<'a>>> = verdict.ruling.spoke.iter_mut().map(|spoke| mem::take(&mut spoke.because)).collect();
    let Verdict { sheet, ruling, risk: final_risk, bound, required, .. } = verdict;
    let outcomes = Outcomes::new(incident, bound);
    let (weighed, presumed) = (&ruling.weighed, ruling.stand.presumed);

    let mut spoke: Vec<RuleSpoke<'a>> = ruling
        .spoke
        .iter()
        .zip(seen)
        .map(|(s, because)| {
            let table = &practice.rules[s.rule].table;
            let other = ruling.without(practice, s.rule);
            let other_risk = risk(incident, other.risk);
            let outcome_without = outcomes.of(other_risk, other.carries(other_risk));
            RuleSpoke {
                id: &table.id,
                effect: table.effect,
                to: s.to,
                decisive: outcome_without != required.outcome,
                outcome_without,
                answered: weighed.released && s.only_confidentiality(),
                because,
                provision: &table.provision,
                ground: &table.ground,
                text: &table.text,
            }
        })
        .collect();
    let of_regimes = required.applied.iter_mut().map(|(applied, because)| {
        let outcome_without =
            duties::require(incident, sheet, *final_risk, ruling.weighed.carries(*final_risk), bound, Some(&applied.table.id)).outcome;
        RuleSpoke {
            id: &applied.table.id,
            effect: if applied.order { Effect::Note } else { Effect::Exempt },
            to: None,
            decisive: outcome_without != required.outcome,
            outcome_without,
            answered: false,
            because: mem::take(because),
            provision: &applied.table.provision,
            ground: &applied.table.ground,
            text: &applied.table.text,
        }
    });
    // the practice's notes stand last, as in its table
    let practice_notes = spoke.iter().position(|r| r.effect == Effect::Note).unwrap_or(spoke.len());
    spoke.splice(practice_notes..practice_notes, of_regimes);

    // where several rules would each be enough, none alone is decisive, yet together they are
    let by_presumption = weighed.presumption_stands && outcomes.of(presumed, weighed.carries(presumed)) == required.outcome;
    if !spoke.iter().any(|r| r.decisive) && !by_presumption {
        let sets_it = |r: &RuleSpoke<'_>| r.effect == Effect::Release || (r.effect == Effect::Raise && r.to == Some(weighed.risk) && !r.answered);
        spoke.iter_mut().filter(|r| sets_it(r)).for_each(|r| r.decisive = true);
    }

    let own_word = incident.file.decision.risk.known().map(|own| OwnWord {
        risk: own,
        why: text(&incident.file.decision.why),
        by: text(&incident.file.decision.by),
        direction: match own.cmp(&weighed.risk) {
            std::cmp::Ordering::Less => Direction::Down,
            std::cmp::Ordering::Equal => Direction::Same,
            std::cmp::Ordering::Greater => Direction::Up,
        },
        outcome: outcomes.of(own, weighed.carries(own)),
    });
    Decision {
        presumed,
        computed: weighed.risk,
        risk: *final_risk,
        outcome: required.outcome,
        rules: spoke,
        own_word,
        score_only: practice.table.score_only == Some(true),
        presumption_stands: weighed.presumption_stands,
    }
}

fn table_notes(incident: &Incident, rules: &Rules<'_>, regimes: &Selected<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let controller = &incident.file.controller;
    match (rules.country, text(&controller.country)) {
        (Some(_), _) => {}
        (None, Some(code)) => notes.push(Note::new(NoteCode::CountryUnknown).at("controller.country").with("country", code)),
        (None, None) => notes.push(Note::new(NoteCode::CountryUnknown).at("controller.country").with("country", "-")),
    }
    let not_in_force = regimes.apply.iter().filter(|r| r.table.table.status != Status::InForce);
    notes.extend(not_in_force.map(|r| Note::new(NoteCode::NotInForce).with("regime", &r.reference.id).with("title", &r.table.table.title)));
    notes.extend(regimes.may.iter().map(|(r, path)| {
        let t = &r.table.table;
        Note::new(NoteCode::OtherRegime).at(path).with("title", &t.title).with("who", &t.who).with("law", &t.law)
    }));
    let own = rules.country.and_then(|c| c.table.practice.as_deref());
    if let Some(own) = own.filter(|own| *own != rules.practice.reference.id) {
        notes.push(Note::new(NoteCode::PracticeOverridden).with("practice", &rules.practice.reference.id).with("own", own));
    }
    if rules.practice.table.table.score_only == Some(true) {
        notes.push(Note::new(NoteCode::ScoreOnly).with("practice", &rules.practice.reference.id));
    }
    notes.extend(abroad_notes(incident, regimes));
    notes
}

/// What people in other countries mean: a lead authority, every authority, or other countries' laws.
fn abroad_notes(incident: &Incident, regimes: &Selected<'_>) -> Vec<Note> {
    let controller = &incident.file.controller;
    let concerned: Vec<&str> = controller.countries_concerned.0.iter().map(|c| c.0.as_str()).collect();
    let one_stop = |code: &str| regimes.apply.iter().any(|r| r.table.table.people_in.iter().any(|c| c == code));
    let (inside, outside): (Vec<&str>, Vec<&str>) = concerned.iter().filter(|c| Some(**c) != text(&controller.country)).partition(|c| one_stop(c));
    let mut notes = Vec::new();
    if controller.eu_establishment.is(false) && concerned.iter().any(|c| one_stop(c)) {
        let all: Vec<&str> = concerned.iter().copied().filter(|c| one_stop(c)).collect();
        notes.push(Note::new(NoteCode::EveryAuthority).at("controller.eu_establishment").with("countries", all.join(", ")));
    } else if !inside.is_empty() {
        notes.push(Note::new(NoteCode::CrossBorder).at("controller.countries_concerned").with("countries", inside.join(", ")));
    }
    if !outside.is_empty() {
        notes.push(Note::new(NoteCode::OtherCountries).at("controller.countries_concerned").with("countries", outside.join(", ")));
    }
    notes.extend(regimes.out_of_time.then(|| Note::new(NoteCode::LawNotYet).at("timeline.aware")));
    notes
}

fn decision_notes(incident: &Incident, rules: &Rules<'_>, verdict: &Verdict<'_>, decision: &Decision<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    notes.extend(verdict.ruling.view.note.map(|read| {
        let code = match read {
            ReadingNote::ReadAsUnknown => NoteCode::ReadAsUnknown,
            ReadingNote::ReadAsNone => NoteCode::ReadAsNone,
            ReadingNote::ReadAsLost => NoteCode::ReadAsLost,
        };
        Note::new(code).at("confidentiality.loss")
    }));
    let practice = &rules.practice.table;
    for spoke in &verdict.ruling.spoke {
        let table = &practice.rules[spoke.rule].table;
        let differ_on = table.authorities_differ_on.iter().flatten();
        for other in differ_on.filter(|id| verdict.ruling.spoke.iter().any(|s| practice.rules[s.rule].table.id == **id)) {
            notes.push(Note::new(NoteCode::AuthoritiesDiffer).with("rule", &table.id).with("other", other));
        }
    }
    for claim in &incident.file.claims.reasons.0 {
        let answer = practice.claims.iter().find(|c| c.id == *claim);
        let (said, provision) = answer.map_or(("", ""), |c| (c.text.en.as_str(), c.provision.as_str()));
        notes.push(
            Note::new(NoteCode::ClaimAnswered).at("claims.reasons").with("claim", claim.id()).with("answer", said).with("provision", provision),
        );
    }
    // a processor's own word moves nothing, so there is nothing to say of it
    if let Some(own) = decision.own_word.as_ref().filter(|_| incident.role() != Role::Processor) {
        let code = match own.direction {
            Direction::Up => Some(NoteCode::OverrideUp),
            Direction::Down => Some(NoteCode::OverrideDown),
            Direction::Same => None,
        };
        notes.extend(code.map(|c| Note::new(c).at("decision.risk").with("own", own.risk.id()).with("computed", decision.computed.id())));
    }
    if incident.role() == Role::Processor {
        notes.push(Note::new(NoteCode::ProcessorDuty).at("controller.role"));
    }
    notes
}
