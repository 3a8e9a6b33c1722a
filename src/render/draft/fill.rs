//! What stands in the fields of a draft.

use crate::advice;
use crate::assess::RuleSpoke;
use crate::duties::{self, DutyStatus};
use crate::form::{Computed, Document, FieldTable, Form, SectionTable, Shown};
use crate::incident::answer::{Answer, UNKNOWN};
use crate::incident::moment::Moment;
use crate::incident::words::*;
use crate::incident::{is_blank, text};
use crate::practice::Effect;
use crate::regime::Action;
use crate::texts::fill;

use super::super::answers::{self, Said};
use super::super::given;
use super::super::say::Say;
use super::{Field, Ground, Part, draft, duty};

/// What a field says, and whether that is only that it is not known.
type Filled = Option<(Said, bool)>;

/// The parts of a draft.
pub(super) fn parts(ground: &Ground<'_>, form: &Form, kind: Option<NoticeKind>) -> Vec<Part> {
    let filling = Filling::new(ground, form, kind);
    let mut parts: Vec<Part> = form.sections.iter().map(|s| filling.part(s)).collect();
    // what is still to come is seen when all else stands
    let to_come = filling.still_to_come(&parts);
    let name: &str = Computed::StillToCome.into();
    for field in parts.iter_mut().flat_map(|p| &mut p.fields).filter(|f| f.path.as_deref() == Some(name)) {
        field.said = Some(to_come.clone()).filter(|list| !list.is_empty()).map(Said::List);
    }
    parts.iter_mut().for_each(|p| p.fields.retain(|f| f.said.is_some() || f.path.as_deref() != Some(name)));
    parts.retain(|p| !p.text.is_empty() || !p.fields.is_empty());
    parts
}

struct Filling<'a> {
    ground: &'a Ground<'a>,
    say: Say<'a>,
    form: &'a Form,
    kind: Option<NoticeKind>,
    answers: Vec<answers::Answer>,
    /// Whether the notification is, or was, late.
    late: bool,
    /// What the law asks of this document: paths with their provisions, where that is another law than the form's.
    other_law: Option<Vec<(String, String)>>,
}

impl<'a> Filling<'a> {
    fn new(ground: &'a Ground<'a>, form: &'a Form, kind: Option<NoticeKind>) -> Filling<'a> {
        let say = ground.say();
        let duty = duty(ground.assessment, form.document);
        let other = duty.filter(|d| d.regime != form.regime);
        let contents = |d: &duties::Duty| -> Vec<(String, String)> {
            let regime = ground.regimes.iter().find(|r| r.table.id == d.regime);
            let tables = regime.iter().flat_map(|r| &r.table.duties).filter(|t| t.action == d.action);
            tables.flat_map(|t| &t.content).map(|c| (c.path.clone(), c.provision.clone())).collect()
        };
        Filling {
            ground,
            say,
            form,
            kind,
            answers: answers::answers(&say).into_iter().flat_map(|group| group.answers).collect(),
            late: duty.is_some_and(|d| matches!(d.status, DutyStatus::Overdue | DutyStatus::DoneLate)),
            other_law: other.map(contents),
        }
    }

    fn part(&self, section: &SectionTable) -> Part {
        let title = section.title.as_deref().map(|title| self.say.table(title).to_owned());
        Part { id: section.id.clone(), title, text: section.text.iter().map(|t| self.text(t)).collect(), fields: self.fields(section) }
    }

    /// A paragraph of the form's own.
    fn text(&self, english: &str) -> String {
        let controller = self.answer(CONTROLLER).map_or_else(|| BLANK.to_owned(), |(said, _)| self.flat(&said));
        let date = self.say.plain_day(self.say.a.as_of.date_naive());
        fill(self.say.table(english), [("controller", controller.as_str()), ("date", date.as_str())].into_iter())
    }

    fn fields(&self, section: &SectionTable) -> Vec<Field> {
        section.fields.iter().filter_map(|f| self.field(f)).collect()
    }

    fn field(&self, table: &FieldTable) -> Option<Field> {
        let filled = self.value(table.value.as_deref(), table).or_else(|| self.value(table.fallback.as_deref(), table));
        let given = filled.is_some();
        // on a form a line that another one makes unnecessary is still a line
        let unnecessary = !given && self.value(table.or.as_deref(), table).is_some();
        let shown = match table.shown {
            Shown::Always => !unnecessary || self.form.document == Document::Authority,
            Shown::Given => given,
            Shown::Late => given || self.late,
            Shown::Later => given || self.kind == Some(NoticeKind::Supplementary),
            Shown::InPhases => self.kind != Some(NoticeKind::Complete),
            Shown::Communicated => {
                let duty = duty(self.say.a, Document::Subjects);
                given || duty.is_some_and(|d| d.required || d.done_at.is_some() || d.status == DutyStatus::Done)
            }
        };
        let kinds = &self.say.incident.file.event.kind.0;
        let shown = shown && (table.event.is_empty() || kinds.iter().any(|kind| kind.known().is_some_and(|kind| table.event.contains(&kind))));

        let (said, unknown) = filled.map_or((None, false), |(said, unknown)| (Some(said), unknown));
        let label = table.label.as_deref().map(|label| self.say.table(label).to_owned());
        let provision = self.provision(table).filter(|_| !unnecessary);
        // reasons for a delay go with the notification and do not follow it
        let needed = table.provision.is_some() && table.shown != Shown::Late && !unnecessary;
        let path = table.value.as_deref().map(path_of).map(str::to_owned);
        shown.then(|| Field { id: table.id.clone(), label, path, or: table.or.clone(), provision, needed, said, unknown })
    }

    /// What asks for a field, under the law that applies.
    fn provision(&self, table: &FieldTable) -> Option<String> {
        let own = table.provision.as_ref()?;
        let Some(contents) = &self.other_law else { return Some(own.clone()) };
        let path = table.value.as_deref()?;
        let covers = |asked: &str| path == asked || path.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'));
        let asked = contents.iter().find(|(asked, _)| covers(asked) || table.or.as_deref() == Some(asked));
        match asked {
            Some((_, provision)) => Some(provision.clone()),
            // a communication is not sent without it, whichever law that is
            None if self.form.document != Document::Authority => Some(own.clone()),
            None => None,
        }
    }

    fn value(&self, value: Option<&str>, table: &FieldTable) -> Filled {
        let value = value?;
        match value.parse::<Computed>() {
            Ok(computed) => self.computed(computed, table),
            Err(_) => self.answer(value),
        }
    }

    /// What the file says at a path; several entries of a list together.
    fn answer(&self, path: &str) -> Filled {
        // a processor's file is its own: the controllers of its document are those that it acts for
        let path = match (self.say.incident.role(), path) {
            (Role::Processor, CONTROLLER) => "controller.acts_for",
            (Role::Processor, "processors[].name") => CONTROLLER,
            (Role::Processor, "controller.country") => return None,
            (_, path) => path,
        };
        let mut all: Vec<(Said, bool)> = self.answers.iter().filter(|a| a.field == path).filter_map(|a| self.plain(a)).collect();
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some((Said::List(all.iter().map(|(said, _)| self.flat(said)).collect()), all.iter().all(|(_, unknown)| *unknown))),
        }
    }

    /// An answer as it stands in a document; none where it is empty.
    fn plain(&self, answer: &answers::Answer) -> Filled {
        if answer.unknown {
            return Some((Said::Word(self.unknown()), true));
        }
        let said = match &answer.said {
            Said::Text(text) => Some(Said::Text(text.clone())).filter(|_| !is_blank(text)),
            Said::List(entries) => {
                let entries: Vec<String> = entries.iter().filter(|e| !is_blank(e)).cloned().collect();
                Some(Said::List(entries.clone())).filter(|_| !entries.is_empty())
            }
            Said::Words(words) => Some(Said::Word(words.join(", "))).filter(|_| !words.is_empty()),
            Said::Word(word) => Some(Said::Word(word.clone())),
            Said::Moment(moment) => Some(Said::Word(self.moment(*moment))),
        };
        said.map(|said| (said, false))
    }

    fn flat(&self, said: &Said) -> String {
        match said {
            Said::Text(text) | Said::Word(text) => given::flat(text),
            Said::List(list) | Said::Words(list) => list.join(", "),
            Said::Moment(moment) => self.moment(*moment),
        }
    }

    /// A time as whoever gets the document reads it.
    fn moment(&self, moment: Moment) -> String {
        match (self.form.document, moment) {
            (_, Moment::Unknown) => self.unknown(),
            (Document::Authority, moment) => self.say.moment(moment),
            (_, Moment::Day(day)) => self.say.plain_day(day),
            (_, Moment::Instant(t)) => {
                let day = self.say.plain_day(t.date_naive());
                self.say.say("draft-day-time", &[("day", &day), ("time", &t.format("%H:%M").to_string())])
            }
            (_, Moment::Ongoing) => self.say.moment(moment),
        }
    }

    fn unknown(&self) -> String {
        self.say.say("draft-unknown", &[])
    }

    fn computed(&self, computed: Computed, table: &FieldTable) -> Filled {
        let word = |word: String| Some((Said::Word(word), false));
        let list = |list: Vec<String>| (!list.is_empty()).then_some((Said::List(list), false));
        let (say, a, file) = (self.say, self.say.a, &self.say.incident.file);
        match computed {
            Computed::NoticeType => word(say.texts.word("authority_notices[].kind", self.kind?.into()).to_owned()),
            // filled in when all else stands
            Computed::StillToCome => None,
            Computed::EarlierNotices => list(self.earlier()),
            Computed::Authority => word(say.table(duty(a, Document::Authority)?.to).to_owned()),
            Computed::OtherAuthorities => list(self.other_authorities()),
            Computed::ToldByProcessor => {
                let of_processors = file.processors.0.iter().filter_map(|p| p.told_us.and_then(Moment::instant));
                let told = file.timeline.told_by_processor.and_then(Moment::instant).into_iter().chain(of_processors).min()?;
                word(self.moment(Moment::Instant(told)))
            }
            Computed::Losses => self.losses(),
            Computed::When => self.when(),
            Computed::People => self.people(),
            // a category that the file does not name was not hit
            Computed::DataTypes => list(self.data_types(table)).or_else(|| self.no_data_types(table)),
            Computed::Risk => word(say.texts.word("decision.risk", a.decision.risk.id()).to_owned()),
            Computed::HighRisk => word(say.flag(a.decision.risk == Risk::High)),
            Computed::RiskReasons => list(self.risk_reasons()),
            Computed::Severity => word(say.sum()),
            Computed::CrossBorder => {
                let concerned = &file.controller.countries_concerned.0;
                let elsewhere = concerned.iter().any(|c| Some(c.0.as_str()) != text(&file.controller.country));
                (!concerned.is_empty()).then(|| (Said::Word(say.flag(elsewhere)), false))
            }
            Computed::Exemption => {
                let id = a.duties.iter().find_map(|d| d.exemption.as_ref().filter(|_| d.action == Action::NotifyDataSubjects))?;
                let rule = a.decision.rules.iter().find(|r| r.id == *id)?;
                let why = self.exemption_reasons();
                list([format!("{} [{}]", say.table(rule.ground), say.table(rule.provision))].into_iter().chain(why).collect())
            }
            Computed::Letter => self.letter(),
            Computed::Advice => {
                let own = file.notification.advice.0.iter().map(|t| t.0.clone()).filter(|t| !is_blank(t));
                list(own.chain(advice::advice(say.incident).into_iter().map(|t| say.table(t).to_owned())).collect())
            }
        }
    }

    /// The reasons recorded for an exemption.
    fn exemption_reasons(&self) -> Vec<String> {
        let exemptions = &self.say.incident.file.exemptions;
        let measures = exemptions.subsequent_measures.iter().flat_map(|m| [text(&m.what), text(&m.why)]);
        let effort = exemptions.disproportionate_effort.iter().map(|e| text(&e.why));
        let protection = [text(&self.say.incident.file.protection.why)];
        measures.chain(effort).chain(protection).flatten().map(given::flat).collect()
    }

    /// When it happened: from, to, or since when.
    fn when(&self) -> Filled {
        let timeline = &self.say.incident.file.timeline;
        let known = |m: Option<Moment>| m.filter(|m| !matches!(m, Moment::Unknown));
        let (from, to) = (known(timeline.occurred), known(timeline.ended));
        let at = |m: Moment| self.moment(m);
        let said = match (from, to) {
            (Some(from), Some(Moment::Ongoing)) => self.say.say("draft-since", &[("from", &at(from))]),
            (Some(from), Some(to)) if at(from) != at(to) => self.say.say("draft-from-to", &[("from", &at(from)), ("to", &at(to))]),
            (Some(from), _) => at(from),
            (None, Some(Moment::Ongoing)) => self.say.say("ongoing", &[]),
            (None, Some(to)) => self.say.say("draft-until", &[("to", &at(to))]),
            (None, None) if timeline.occurred.is_some() => return Some((Said::Word(self.unknown()), true)),
            (None, None) => return None,
        };
        Some((Said::Word(said), false))
    }

    fn earlier(&self) -> Vec<String> {
        let file = &self.say.incident.file;
        let single = file.timeline.authority_notified.map(|t| {
            let kind: &str = NoticeKind::Complete.into();
            [self.say.texts.word("authority_notices[].kind", kind).to_owned(), self.moment(t)].join(", ")
        });
        let phases = file.authority_notices.0.iter().filter(|n| n.sent.is_some()).map(|n| {
            let kind = n.kind.known().map(|k| self.say.texts.word("authority_notices[].kind", k.id()).to_owned());
            let parts = [kind, n.sent.map(|t| self.moment(t)), text(&n.reference).map(given::flat)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        });
        single.into_iter().chain(phases).collect()
    }

    fn other_authorities(&self) -> Vec<String> {
        let told = self.say.incident.file.told.authorities.0.iter();
        let line = |name: Option<&str>, country: Option<&str>, on: Option<Moment>| {
            let parts = [name.map(given::flat), country.map(given::flat), on.map(|t| self.moment(t))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        told.map(|a| line(text(&a.name), text(&a.country), a.on)).filter(|line| !line.is_empty()).collect()
    }

    /// The sides on which something was lost, or may have been.
    fn losses(&self) -> Filled {
        fn of<T: Word>(say: &Say<'_>, side: &str, loss: Answer<T>, none: T) -> Option<(String, bool)> {
            let (word, unknown) = match loss {
                Answer::Known(loss) if loss == none => return None,
                Answer::Known(loss) => (loss.id(), false),
                Answer::Unknown | Answer::LeftOut => (UNKNOWN, true),
            };
            let name = say.say(&format!("report-group-{side}"), &[]);
            Some((format!("{name}: {}", say.word(&format!("{side}.loss"), word)), unknown))
        }
        let (say, i) = (&self.say, self.say.incident);
        let sides = [
            of(say, "confidentiality", i.confidentiality(), ConfidentialityLoss::None),
            of(say, "integrity", i.integrity(), IntegrityLoss::None),
            of(say, "availability", i.availability(), AvailabilityLoss::None),
        ];
        let sides: Vec<(String, bool)> = sides.into_iter().flatten().collect();
        let unknown = sides.iter().all(|(_, unknown)| *unknown);
        let lines: Vec<String> = sides.into_iter().map(|(line, _)| line).collect();
        (!lines.is_empty()).then_some((Said::List(lines), unknown))
    }

    fn people(&self) -> Filled {
        let subjects = &self.say.incident.file.subjects;
        match subjects.count {
            Answer::LeftOut => None,
            Answer::Unknown => Some((Said::Word(self.unknown()), true)),
            Answer::Known(count) => {
                let count = count.0.to_string();
                let how = subjects.count_is.known().map(|how| format!(" ({})", self.say.texts.word("subjects.count_is", how.id())));
                Some((Said::Word(count + &how.unwrap_or_default()), false))
            }
        }
    }

    fn data_types(&self, table: &FieldTable) -> Vec<String> {
        let mut all = Vec::new();
        for data in self.say.incident.data.iter().filter(|d| table.categories.contains(&d.category)) {
            let wanted = |item: &&String| (table.only.is_empty() || table.only.contains(item)) && !table.without.contains(item);
            let mut named: Vec<String> = data.items.iter().filter(wanted).map(|item| self.item(item)).collect();
            // a category without types is still one that was hit
            if data.items.is_empty() && table.only.is_empty() {
                let title = &self.say.method.category(data.category).title;
                named.push(self.in_plain_words(data.category.id()).unwrap_or_else(|| self.say.table(title).to_owned()));
            }
            if !data.certain {
                named = named.iter().map(|name| self.say.say("draft-uncertain", &[("data", name)])).collect();
            }
            all.extend(named);
        }
        all.dedup();
        all
    }

    /// A type of data as whoever gets the document calls it.
    fn item(&self, id: &str) -> String {
        self.in_plain_words(id).unwrap_or_else(|| self.say.item(id))
    }

    /// What people who are no specialists call data; nothing where the usual name will do.
    fn in_plain_words(&self, id: &str) -> Option<String> {
        let plain = self.say.texts.word("letter", id);
        (self.form.document != Document::Authority && plain != id).then(|| plain.to_owned())
    }

    /// Whether there are none, or whether that is not known: a category that may be hit, or whose types are not named, may hold them.
    fn no_data_types(&self, table: &FieldTable) -> Filled {
        let open = self.say.incident.data.iter().any(|d| table.categories.contains(&d.category) && (!d.certain || d.items.is_empty()));
        Some(if open { (Said::Word(self.unknown()), true) } else { (Said::Word(self.say.say("draft-none", &[])), false) })
    }

    /// What makes the risk what it is: the grounds of the rules that set it, unless the controller's own word does; and that word with its reasons.
    fn risk_reasons(&self) -> Vec<String> {
        let (say, decision) = (self.say, &self.say.a.decision);
        let counts = |r: &&RuleSpoke| match r.effect {
            _ if decision.risk != decision.computed => false,
            Effect::Raise => !r.answered && r.to == Some(decision.computed),
            Effect::Release => true,
            Effect::Exempt | Effect::Note => false,
        };
        let own = decision.own_word.as_ref().map(|own| {
            let by = own.by.as_ref().map(|by| say.say("own-word-by", &[("by", by)])).unwrap_or_default();
            let why = own.why.unwrap_or_default();
            given::flat(&say.say("draft-own-word", &[("risk", &say.risk(own.risk)), ("by", &by), ("why", why)]))
        });
        let ground = |r: &RuleSpoke| format!("{} [{}]", say.table(r.ground), say.table(r.provision));
        decision.rules.iter().filter(counts).map(ground).chain(own).collect()
    }

    /// The communication to the people as plain text, where it is due and can be written.
    fn letter(&self) -> Filled {
        let duty = duty(self.say.a, Document::Subjects)?;
        // what was sent is not known here, and what will not be sent is no content
        let done = duty.done_at.is_some() || duty.status == DutyStatus::Done;
        let to_be_sent = duty.required && !done && !self.say.incident.file.communication.state.is(CommunicationState::No);
        let letter = to_be_sent.then(|| draft(self.ground, self.ground.letter, None)).filter(|letter| !letter.is_refused())?;
        let mut lines = vec![self.say.say("draft-proposal", &[]), letter.title.clone()];
        for part in &letter.parts {
            lines.extend(part.title.clone());
            lines.extend(part.text.clone());
            for field in &part.fields {
                let said = match field.said.as_ref() {
                    Some(Said::List(list)) if list.len() > 1 => {
                        list.iter().map(|entry| format!("- {}", given::flat(entry))).collect::<Vec<_>>().join("\n")
                    }
                    Some(said) => self.flat(said),
                    None => continue,
                };
                lines.push(match (&field.label, said.contains('\n')) {
                    (Some(label), true) => format!("{label}:\n{said}"),
                    (Some(label), false) => format!("{label}: {said}"),
                    (None, _) => said,
                });
            }
        }
        Some((Said::Text(lines.join("\n\n")), false))
    }

    /// What a provision asks for and is blank or not known.
    fn still_to_come(&self, parts: &[Part]) -> Vec<String> {
        let to_come: &str = Computed::StillToCome.into();
        let named = |f: &Field| {
            let name = f.label.clone().unwrap_or_else(|| f.id.clone());
            match &f.provision {
                Some(provision) => format!("{name} [{}]", self.say.table(provision)),
                None => name,
            }
        };
        parts.iter().flat_map(|p| &p.fields).filter(|f| f.is_open() && f.path.as_deref() != Some(to_come)).map(named).collect()
    }
}

/// Where in the incident file an answer stands that the program puts into words.
fn path_of(value: &str) -> &str {
    match value.parse() {
        Ok(Computed::People) => "subjects.count",
        Ok(Computed::When) => "timeline.occurred",
        _ => value,
    }
}

/// Where the controller's name stands.
const CONTROLLER: &str = "controller.name";

/// A place to be filled in by hand.
pub(super) const BLANK: &str = "________________";
