//! The incident format as a table: every path, and what may stand there.
//!
//! The reader's diagnostics, the conditions of rules, and the search for what would change an outcome all look here, so that a name exists
//! once. A test holds this table and [`super::raw`] together.

use strum::VariantNames;

use super::words::*;

/// What may stand at a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A table.
    Table,
    /// A list of tables.
    Tables,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A list of data types, from the method's vocabulary.
    Items,
    /// A word of a vocabulary, or `unknown`.
    Word(&'static [&'static str]),
    /// A list of words of a vocabulary; `true` where `unknown` may be one of them.
    Words(&'static [&'static str], bool),
    /// True, false or `unknown`.
    Flag,
    /// The number of the format.
    Format,
    /// A level, or `unknown`.
    Step,
    /// A number, 1 or more, or `unknown`.
    Count,
    /// A number of hours, or `unknown`.
    Hours,
    /// A date-time with offset.
    Instant,
    /// A date, or a date-time with offset.
    Day,
    /// A date, a date-time with offset, or `unknown`.
    Past,
    /// A date, a date-time with offset, `unknown` or `ongoing`.
    End,
}

/// One path of the format. List entries are written `processors[].name`.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The dotted path.
    pub path: &'static str,
    /// What may stand there.
    pub kind: Kind,
}

const fn f(path: &'static str, kind: Kind) -> Field {
    Field { path, kind }
}

/// The number of the format that this program reads.
pub const FORMAT: u64 = 1;

/// The key that every table takes: the reason for what the table says.
pub const WHY: &str = "why";

use Kind::*;

/// Every path, in the order of the format's description.
pub const FIELDS: &[Field] = &[
    f("format", Format),
    f("id", Text),
    f("title", Text),
    f("description", Text),
    f("related", Texts),
    f("controller", Table),
    f("controller.name", Text),
    f("controller.country", Text),
    f("controller.role", Word(Role::VARIANTS)),
    f("controller.acts_for", Texts),
    f("controller.joint_with", Texts),
    f("controller.notifies", Word(Notifies::VARIANTS)),
    f("controller.sector", Word(Sector::VARIANTS)),
    f("controller.critical_service", Flag),
    f("controller.eu_establishment", Flag),
    f("controller.countries_concerned", Texts),
    f("processors", Tables),
    f("processors[].name", Text),
    f("processors[].country", Text),
    f("processors[].told_us", Instant),
    f("timeline", Table),
    f("timeline.occurred", Past),
    f("timeline.ended", End),
    f("timeline.detected", Instant),
    f("timeline.told_by_processor", Instant),
    f("timeline.aware", Instant),
    f("timeline.authority_notified", Instant),
    f("timeline.subjects_notified", Instant),
    f("timeline.controller_notified", Instant),
    f("timeline.delay_reason", Text),
    f("authority_notices", Tables),
    f("authority_notices[].sent", Instant),
    f("authority_notices[].kind", Word(NoticeKind::VARIANTS)),
    f("authority_notices[].reference", Text),
    f("authority_notices[].complete_by", Day),
    f("event", Table),
    f("event.kind", Words(EventKind::VARIANTS, true)),
    f("event.cause", Word(Cause::VARIANTS)),
    f("event.how_found", Text),
    f("event.medium", Texts),
    f("subjects", Table),
    f("subjects.count", Count),
    f("subjects.count_is", Word(CountIs::VARIANTS)),
    f("subjects.records", Count),
    f("subjects.groups", Texts),
    f("subjects.children", Flag),
    f("subjects.vulnerable", Flag),
    f("subjects.endangered", Flag),
    f("data", Table),
    f("data.simple", Table),
    f("data.simple.items", Items),
    f("data.simple.affected", Flag),
    f("data.simple.level", Step),
    f("data.simple.because", Words(Factor::VARIANTS, false)),
    f("data.behavioural", Table),
    f("data.behavioural.items", Items),
    f("data.behavioural.affected", Flag),
    f("data.behavioural.level", Step),
    f("data.behavioural.because", Words(Factor::VARIANTS, false)),
    f("data.financial", Table),
    f("data.financial.items", Items),
    f("data.financial.affected", Flag),
    f("data.financial.level", Step),
    f("data.financial.because", Words(Factor::VARIANTS, false)),
    f("data.sensitive", Table),
    f("data.sensitive.items", Items),
    f("data.sensitive.affected", Flag),
    f("data.sensitive.level", Step),
    f("data.sensitive.because", Words(Factor::VARIANTS, false)),
    f("identification", Table),
    f("identification.level", Word(Identification::VARIANTS)),
    f("confidentiality", Table),
    f("confidentiality.loss", Word(ConfidentialityLoss::VARIANTS)),
    f("confidentiality.recipient", Word(Recipient::VARIANTS)),
    f("confidentiality.trust", Words(Trust::VARIANTS, true)),
    f("confidentiality.opened", Flag),
    f("confidentiality.unread_shown_by", Word(UnreadShownBy::VARIANTS)),
    f("confidentiality.deletion_confirmed", Flag),
    f("confidentiality.further_use", Flag),
    f("confidentiality.exfiltration", Word(Exfiltration::VARIANTS)),
    f("confidentiality.takeover", Flag),
    f("confidentiality.fraud", Flag),
    f("confidentiality.repeated", Flag),
    f("integrity", Table),
    f("integrity.loss", Word(IntegrityLoss::VARIANTS)),
    f("integrity.acted_on", Flag),
    f("availability", Table),
    f("availability.loss", Word(AvailabilityLoss::VARIANTS)),
    f("availability.hours", Hours),
    f("availability.backup", Flag),
    f("availability.effect", Flag),
    f("intent", Table),
    f("intent.malicious", Flag),
    f("protection", Table),
    f("protection.unintelligible", Flag),
    f("protection.key_safe", Flag),
    f("exemptions", Table),
    f("exemptions.subsequent_measures", Table),
    f("exemptions.subsequent_measures.what", Text),
    f("exemptions.subsequent_measures.before_any_use", Flag),
    f("exemptions.subsequent_measures.verified_by", Word(VerifiedBy::VARIANTS)),
    f("exemptions.disproportionate_effort", Table),
    f("exemptions.disproportionate_effort.published", Instant),
    f("communication", Table),
    f("communication.state", Word(CommunicationState::VARIANTS)),
    f("communication.planned", Day),
    f("communication.means", Texts),
    f("communication.count", Count),
    f("communication.ordered", Day),
    f("communication.delay_asked_by", Text),
    f("notification", Table),
    f("notification.contact", Table),
    f("notification.contact.name", Text),
    f("notification.contact.role", Text),
    f("notification.contact.email", Text),
    f("notification.contact.phone", Text),
    f("notification.consequences", Texts),
    f("notification.measures_before", Texts),
    f("notification.measures_taken", Texts),
    f("notification.measures_planned", Texts),
    f("notification.advice", Texts),
    f("told", Table),
    f("told.police", Day),
    f("told.hotline", Text),
    f("told.authorities", Tables),
    f("told.authorities[].name", Text),
    f("told.authorities[].country", Text),
    f("told.authorities[].on", Day),
    f("procedure", Table),
    f("procedure.policy", Text),
    f("procedure.followed", Flag),
    f("other_law", Table),
    f("other_law.telecom_adverse_effect", Flag),
    f("other_law.nis2_significant", Flag),
    f("other_law.dora_major", Flag),
    f("other_law.cra_severe", Flag),
    f("other_law.trust_service_significant", Flag),
    f("other_law.incident_aware", Instant),
    f("other_law.classified", Instant),
    f("claims", Table),
    f("claims.reasons", Words(Claim::VARIANTS, false)),
    f("reopened", Table),
    f("reopened.because", Words(Reopened::VARIANTS, false)),
    f("decision", Table),
    f("decision.risk", Word(Risk::VARIANTS)),
    f("decision.by", Text),
    f("decision.dpo_advice", Text),
];

/// The field at a path; the `why` of any table is a text.
pub fn field(path: &str) -> Option<Field> {
    if path == WHY {
        return Some(Field { path: WHY, kind: Text });
    }
    if let Some(table) = path.strip_suffix(".why") {
        return FIELDS
            .iter()
            .find(|f| f.path == table.trim_end_matches("[]") && matches!(f.kind, Table | Tables))
            .map(|f| Field { path: f.path, kind: Text });
    }
    FIELDS.iter().find(|f| f.path == path).copied()
}

/// The keys that may stand in the table at a path (`""` is the file itself), in order.
pub fn keys(table: &str) -> Vec<&'static str> {
    let own = FIELDS.iter().filter_map(|f| {
        let rest = if table.is_empty() { f.path } else { f.path.strip_prefix(table)?.strip_prefix('.')? };
        (!rest.contains('.')).then_some(rest)
    });
    own.chain([WHY]).collect()
}
