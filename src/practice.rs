//! A practice: the legal reading of a severity, as rules. Read from `data/practices/`, or from a user's own file by the same loader.

mod held;
mod index;

use std::sync::OnceLock;
use std::{fmt, mem};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::bits::Entries;
use crate::condition::{Condition, Conditions, Written};
use crate::incident::words::*;
use crate::method::Method;
use crate::provenance::{Day, EMPTY, Source, Sure, check_cites, check_head, twice};
use crate::tables::Wrong;
use crate::tongues::Tongues;

pub use held::Held;
pub use index::{Index, Places, Run};

/// A practice as its file writes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PracticeTable {
    pub schema: u32,
    pub id: String,
    pub version: String,
    pub title: String,
    pub checked: Day,
    pub note: Option<String>,
    pub sources: Vec<Source>,
    /// The practice that this one builds on.
    pub builds_on: Option<String>,
    /// Rules of that one that do not hold here.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Whether it is no legal reading at all, only the presumption.
    pub score_only: Option<bool>,
    /// Whether the presumption falls with the confidentiality side.
    pub presumption_falls_with_confidentiality: Option<bool>,
    /// The factors for which a level below its base counts; lowered for others, a level is read at its base. Left out: all.
    pub lowered_counts_for: Option<Vec<Factor>>,
    #[serde(default)]
    pub readings: Vec<ReadingTable>,
    #[serde(default)]
    pub rules: Vec<RuleTable>,
    #[serde(default)]
    pub claims: Vec<ClaimTable>,
}

/// How rules read the confidentiality loss under some conditions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReadingTable {
    pub when: Vec<Written>,
    /// These losses …
    pub from: Vec<ReadLoss>,
    /// … are read as this one.
    pub to: ReadLoss,
    pub note: ReadingNote,
    pub ground: String,
    pub source: Vec<String>,
}

/// A confidentiality loss, or that it is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ReadLoss {
    None,
    NoEvidence,
    KnownRecipients,
    UnknownRecipients,
    Unknown,
}

/// Which note a reading leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ReadingNote {
    ReadAsUnknown,
    ReadAsNone,
    ReadAsLost,
}

/// A rule as its file writes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RuleTable {
    pub id: String,
    pub effect: Effect,
    /// What it asks, for rules with one case.
    pub side: Option<Side>,
    pub to: Option<Risk>,
    /// So many steps above the presumption, instead of `to`.
    pub steps: Option<u8>,
    /// At least this, with `steps`.
    pub at_least: Option<Risk>,
    #[serde(default)]
    pub when: Vec<Written>,
    /// Exceptions of a release.
    #[serde(default)]
    pub unless: Vec<Written>,
    /// For rules that say different things of different facts.
    #[serde(default)]
    pub cases: Vec<CaseTable>,
    /// The raising rules that a release answers; `*` is all.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Whether every release answers this rule's confidentiality part.
    pub answered_by_every_release: Option<bool>,
    /// Rules that this one goes before where the two contradict each other.
    #[serde(default)]
    pub before: Vec<String>,
    /// The note that it leaves where these raising rules held too.
    pub authorities_differ_on: Option<Vec<String>>,
    pub provision: String,
    pub ground: String,
    pub text: Tongues,
    #[serde(default)]
    pub examples: Vec<String>,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
    /// The first day it holds.
    pub from: Day,
    pub checked: Option<Day>,
}

/// One case of a rule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CaseTable {
    pub side: Side,
    pub to: Option<Risk>,
    pub steps: Option<u8>,
    pub at_least: Option<Risk>,
    pub when: Vec<Written>,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, serde::Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Effect {
    Raise,
    Release,
    Exempt,
    Note,
}

/// A side of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Side {
    Confidentiality,
    Availability,
    Integrity,
}

/// What a reason put forward for doing less is answered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ClaimTable {
    pub id: Claim,
    pub provision: String,
    pub ground: String,
    pub text: Tongues,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
}

/// A checked practice, with what it builds on worked in.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Its own file, but for its rules, readings and claims, which are below.
    pub table: PracticeTable,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// How it reads losses.
    pub readings: Vec<LossReading>,
    /// Answers to claims.
    pub claims: Vec<ClaimTable>,
    /// Whether the presumption falls with the confidentiality side.
    pub presumption_falls: bool,
    /// The factors for which a lowered level counts; `None`: all.
    pub lowered_counts_for: Option<Vec<Factor>>,
    index: OnceLock<Index>,
}

/// A checked rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// As written.
    pub table: RuleTable,
    /// The practice in whose file it stands.
    pub stands_in: String,
    /// What it says of which facts.
    pub cases: Vec<Case>,
    /// Exceptions.
    pub unless: Vec<Condition>,
}

/// A checked case of a rule.
#[derive(Clone, Debug)]
pub struct Case {
    /// The side of the loss.
    pub side: Side,
    /// The floor it sets.
    pub floor: Floor,
    /// What must hold, all of it.
    pub when: Vec<Condition>,
}

/// What a raising case sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// At least this risk.
    To(Risk),
    /// So many steps above the presumption, and at least this.
    Above(u8, Risk),
    /// Nothing: a release or a note.
    Nothing,
}

/// A checked reading.
#[derive(Clone, Debug)]
pub struct LossReading {
    /// As written.
    pub table: ReadingTable,
    /// The places of the words that it reads otherwise.
    pub from: Entries,
    /// When it does.
    pub when: Conditions,
}

impl Practice {
    /// Checks a practice over the one it builds on.
    ///
    /// # Errors
    /// Everything that does not hold together.
    pub fn build(mut table: PracticeTable, base: Option<Practice>, method: &Method) -> Result<Practice, Vec<Wrong>> {
        let mut wrong = check_head(table.schema, &table.id, &table.version, &table.title, table.checked, &table.sources);
        let (base_falls, base_counts) = base.as_ref().map_or((false, None), |b| (b.presumption_falls, b.lowered_counts_for.clone()));
        let (mut rules, mut readings, mut claims) = base.map(|b| (b.rules, b.readings, b.claims)).unwrap_or_default();
        for (i, id) in table.drop.iter().enumerate() {
            if rules.iter().any(|r| r.table.id == *id) {
                rules.retain(|r| r.table.id != *id);
            } else {
                wrong.push((format!("drop[{i}]"), format!("\"{id}\" is not a rule of the practice it builds on; take it away, or name one")));
            }
        }
        let mut own: Vec<String> = Vec::new();
        for (i, written) in mem::take(&mut table.rules).into_iter().enumerate() {
            let path = format!("rules[{i}]");
            if own.contains(&written.id) {
                wrong.push((format!("{path}.id"), twice(&written.id)));
            }
            own.push(written.id.clone());
            let rule = Rule::build(written, &path, &table, method, &mut wrong);
            // a rule of the same id replaces, and keeps its place
            match rules.iter_mut().find(|r| r.table.id == rule.table.id) {
                Some(old) => *old = rule,
                None => rules.push(rule),
            }
        }
        for (i, written) in mem::take(&mut table.readings).into_iter().enumerate() {
            let when = conditions(&written.when, format_args!("readings[{i}].when"), method, &mut wrong);
            wrong.extend(check_cites(format_args!("readings[{i}].source"), &written.source, &table.sources));
            readings.push(LossReading { from: written.from.iter().map(|from| from.value().place()).collect(), when: when.into(), table: written });
        }
        for (i, claim) in mem::take(&mut table.claims).into_iter().enumerate() {
            wrong.extend(check_cites(format_args!("claims[{i}].source"), &claim.source, &table.sources));
            claims.retain(|c: &ClaimTable| c.id != claim.id);
            claims.push(claim);
        }
        let practice = Practice {
            index: OnceLock::new(),
            presumption_falls: table.presumption_falls_with_confidentiality.unwrap_or(base_falls),
            lowered_counts_for: table.lowered_counts_for.clone().or(base_counts),
            rules,
            readings,
            claims,
            table,
        };
        practice.check_between(&own, &mut wrong);
        let asked: usize = practice.rules.iter().flat_map(Rule::conditions).map(|condition| condition.facts().len()).sum();
        if asked > Places::MOST {
            wrong.push(("rules".into(), format!("{asked} facts are asked for in all conditions together; at most {} are allowed", Places::MOST)));
        }
        if wrong.is_empty() { Ok(practice) } else { Err(wrong) }
    }

    /// What must hold between rules: names that exist, and no contradiction without an order.
    fn check_between(&self, own: &[String], wrong: &mut Vec<Wrong>) {
        // a fault is shown in this file if the rule stands here, else at the head
        let place = |id: &str, key: &str| match own.iter().rposition(|own| own == id) {
            Some(i) => format!("rules[{i}].{key}"),
            None => "builds_on".to_owned(),
        };
        for rule in &self.rules {
            let t = &rule.table;
            for (key, names) in [("answers", &t.answers), ("before", &t.before)] {
                // what is left out may still be named by the rules that stay
                let known = |name: &String| name == "*" || self.rules.iter().any(|r| r.table.id == *name) || self.table.drop.contains(name);
                for name in names.iter().filter(|name| !known(name)) {
                    wrong.push((place(&t.id, key), format!("\"{name}\" is not a rule of this practice; take it away, or name one")));
                }
            }
        }
        for (i, a) in self.rules.iter().enumerate() {
            for b in &self.rules[i + 1..] {
                let ordered = a.table.before.contains(&b.table.id) || b.table.before.contains(&a.table.id);
                let mutual = a.table.before.contains(&b.table.id) && b.table.before.contains(&a.table.id);
                if mutual || (!ordered && a.contradicts(b)) {
                    wrong.push((
                        place(&b.table.id, if mutual { "before" } else { "when" }),
                        format!(
                            "\"{}\" and \"{}\" contradict each other: the same facts, different conclusions; say which goes `before`",
                            a.table.id, b.table.id
                        ),
                    ));
                }
            }
        }
    }

    /// Which rules look at which fact. A practice that others build on need not know, and is not asked.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.rules, &self.readings))
    }

    /// The thresholds its rules hold facts against.
    pub fn thresholds(&self) -> Vec<(&'static crate::fact::Fact, f64)> {
        self.rules.iter().flat_map(Rule::conditions).flat_map(Condition::thresholds).collect()
    }
}

fn conditions(written: &[Written], path: fmt::Arguments<'_>, method: &Method, wrong: &mut Vec<Wrong>) -> Vec<Condition> {
    written.iter().enumerate().filter_map(|(i, c)| c.check(format_args!("{path}[{i}]"), method, wrong)).collect()
}

impl Rule {
    fn build(written: RuleTable, path: &str, within: &PracticeTable, method: &Method, wrong: &mut Vec<Wrong>) -> Rule {
        let mut say = |key: &str, what: &str| wrong.push((format!("{path}.{key}"), what.to_owned()));
        for (key, text) in [("id", &written.id), ("provision", &written.provision), ("ground", &written.ground), ("text.en", &written.text.en)] {
            if text.trim().is_empty() {
                say(key, EMPTY);
            }
        }
        match written.effect {
            Effect::Raise if !written.answers.is_empty() || !written.unless.is_empty() => {
                say("effect", "a raising rule has neither `answers` nor `unless`; take them away, or make it a release")
            }
            Effect::Release if written.to.is_some() || written.steps.is_some() || !written.cases.is_empty() => {
                say("effect", "a release sets no risk and has no cases; take `to`, `steps` and `cases` away")
            }
            Effect::Release if written.side != Some(Side::Confidentiality) => {
                say("side", "a release sets the confidentiality side aside; write `side = \"confidentiality\"`")
            }
            Effect::Exempt => say("effect", "exemptions belong to a regime; write raise, release or note"),
            _ => {}
        }
        if !written.cases.is_empty() && (written.side.is_some() || written.to.is_some() || written.steps.is_some() || !written.when.is_empty()) {
            say("cases", "a rule with cases has its `side`, `to`, `steps` and `when` in them; move them there");
        }
        let mut case = |path: fmt::Arguments<'_>, side, (to, steps, at_least): (Option<Risk>, Option<u8>, Option<Risk>), when: &[Written]| {
            if when.is_empty() {
                wrong.push((format!("{path}.when"), "no condition, so that the rule would always hold; say when it holds".into()));
            }
            let floor = match (written.effect, to, steps) {
                (Effect::Raise, Some(to), None) if to > Risk::Unlikely && at_least.is_none() => Floor::To(to),
                (Effect::Raise, None, Some(steps @ 1..=2)) => Floor::Above(steps, at_least.unwrap_or(Risk::Unlikely)),
                (Effect::Raise, ..) => {
                    wrong.push((
                        format!("{path}.to"),
                        "a raising rule that sets nothing, or two things; write either `to` (risk or high) or `steps` (1 or 2) with `at_least`"
                            .into(),
                    ));
                    Floor::Nothing
                }
                _ => Floor::Nothing,
            };
            Case { side, floor, when: conditions(when, format_args!("{path}.when"), method, wrong) }
        };
        let cases = if written.cases.is_empty() {
            let side = written.side.unwrap_or(Side::Confidentiality);
            vec![case(format_args!("{path}"), side, (written.to, written.steps, written.at_least), &written.when)]
        } else {
            let cases = written.cases.iter().enumerate();
            cases.map(|(i, c)| case(format_args!("{path}.cases[{i}]"), c.side, (c.to, c.steps, c.at_least), &c.when)).collect()
        };
        let unless = conditions(&written.unless, format_args!("{path}.unless"), method, wrong);
        wrong.extend(check_cites(format_args!("{path}.source"), &written.source, &within.sources));
        Rule { table: written, stands_in: within.id.clone(), cases, unless }
    }

    /// Its conditions, exceptions last.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.cases.iter().flat_map(|case| &case.when).chain(&self.unless)
    }

    /// Whether this release answers a raising rule.
    pub fn answers(&self, raise: &Rule) -> bool {
        raise.table.answered_by_every_release == Some(true) || self.table.answers.iter().any(|a| a == "*" || *a == raise.table.id)
    }

    /// Whether two rules draw different conclusions from the very same facts on the same side, with nothing that decides between them.
    fn contradicts(&self, other: &Rule) -> bool {
        let settled = |release: &Rule, raise: &Rule| release.answers(raise);
        let (a, b) = (&self.table, &other.table);
        let opposed = match (a.effect, b.effect) {
            (Effect::Raise, Effect::Release) => !settled(other, self),
            (Effect::Release, Effect::Raise) => !settled(self, other),
            (Effect::Raise, Effect::Raise) => true,
            _ => false,
        };
        fn written(t: &RuleTable) -> impl Iterator<Item = (Side, &[Written])> {
            let own = t.cases.is_empty().then(|| (t.side.unwrap_or(Side::Confidentiality), t.when.as_slice()));
            own.into_iter().chain(t.cases.iter().map(|c| (c.side, c.when.as_slice())))
        }
        let same = |x: &[Written], y: &[Written]| x.len() == y.len() && x.iter().all(|c| y.contains(c));
        opposed
            && written(a)
                .zip(&self.cases)
                .any(|((side, when), case)| written(b).zip(&other.cases).any(|((s, w), c)| side == s && case.floor != c.floor && same(when, w)))
    }
}
