//! What stands in the fields of a draft.

use crate::advice;
use crate::assess::RuleSpoke;
use crate::duties::{self, DutyStatus};
use crate::form::{Computed, Document, FieldTable, Form, SectionTable, Shown};
use crate::incident::answer::{Answer, UNKNOWN};
use crate::incident::moment::Moment;
use crate::incident::text;
use crate::incident::words::*;
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
        let controller = text(&self.say.incident.file.controller.name).map_or_else(|| BLANK.to_owned(), given::flat);
        let date = self.say.plain_day(self.say.a.as_of.date_naive());
        fill(self.say.table(english), [("controller", controller.as_str()), ("date", date.as_str())].into_iter())
    }

    fn fields(&self, section: &SectionTable) -> Vec<Field> {
        section.fields.iter().filter_map(|f| self.field(f)).collect()
    }

    fn field(&self, table: &FieldTable) -> Option<Field> {
        let filled = self.value(table.value.as_deref(), table).or_else(|| self.value(table.fallback.as_deref(), table));
        let given = filled.is_some();
        let shown = match table.shown {
            Shown::Always => given || self.value(table.or.as_deref(), table).is_none(),
            Shown::Given => given,
            Shown::Late => given || self.late,
            Shown::Later => given || self.kind == Some(NoticeKind::Supplementary),
            Shown::InPhases => self.kind != Some(NoticeKind::Complete),
        };
        let (said, unknown) = filled.map_or((None, false), |(said, unknown)| (Some(said), unknown));
        let label = table.label.as_deref().map(|label| self.say.table(label).to_owned());
        shown.then(|| Field {
            id: table.id.clone(),
            label,
            path: table.value.clone(),
            or: table.or.clone(),
            provision: self.provision(table),
            said,
            unknown,
        })
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
            Said::Text(text) => Some(Said::Text(text.clone())).filter(|_| !text.trim().is_empty()),
            Said::List(entries) => {
                let entries: Vec<String> = entries.iter().filter(|e| !e.trim().is_empty()).cloned().collect();
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
            Computed::Authority => word(say.table(&duty(a, Document::Authority)?.to).to_owned()),
            Computed::OtherAuthorities => list(self.other_authorities()),
            Computed::ToldByProcessor => {
                let of_processors = file.processors.0.iter().filter_map(|p| p.told_us.and_then(Moment::instant));
                let told = file.timeline.told_by_processor.and_then(Moment::instant).into_iter().chain(of_processors).min()?;
                word(self.moment(Moment::Instant(told)))
            }
            Computed::Losses => self.losses(),
            Computed::People => self.people(),
            // a category that the file does not name was not hit
            Computed::DataTypes => list(self.data_types(table)).or_else(|| word(say.say("draft-none", &[]))),
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
                word(say.in_language(&a.decision.rules.iter().find(|r| r.id == *id)?.text))
            }
            Computed::Letter => self.letter(),
            Computed::Advice => {
                let own = file.notification.advice.0.iter().map(|t| t.0.clone()).filter(|t| !t.trim().is_empty());
                list(own.chain(advice::advice(say.incident).into_iter().map(|t| say.table(t).to_owned())).collect())
            }
        }
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
            let mut named: Vec<String> = data.items.iter().filter(wanted).map(|item| self.say.item(item)).collect();
            // a category without types is still one that was hit
            if data.items.is_empty() && table.only.is_empty() {
                named.push(self.say.table(&self.say.method.category(data.category).title).to_owned());
            }
            if !data.certain {
                named = named.iter().map(|name| self.say.say("draft-uncertain", &[("data", name)])).collect();
            }
            all.extend(named);
        }
        all.dedup();
        all
    }

    /// What makes the risk what it is: the rules that set it, and the controller's own reasons.
    fn risk_reasons(&self) -> Vec<String> {
        let (say, decision) = (self.say, &self.say.a.decision);
        let counts = |r: &&RuleSpoke| match r.effect {
            Effect::Raise => !r.answered && r.to == Some(decision.computed),
            Effect::Release => true,
            Effect::Exempt | Effect::Note => false,
        };
        let own = decision.own_word.as_ref().and_then(|own| own.why.as_deref()).map(given::flat);
        decision.rules.iter().filter(counts).map(|r| say.in_language(&r.text)).chain(own).collect()
    }

    /// The communication to the people as plain text, where it is due and can be written.
    fn letter(&self) -> Filled {
        let due = duty(self.say.a, Document::Subjects).is_some_and(|d| d.required || d.done_at.is_some());
        let letter = due.then(|| draft(self.ground, self.ground.letter, None)).filter(|letter| !letter.is_refused())?;
        let mut lines = vec![letter.title.clone()];
        for part in &letter.parts {
            lines.extend(part.title.clone());
            lines.extend(part.text.clone());
            for field in &part.fields {
                let said = match field.said.as_ref() {
                    Some(Said::List(list)) => list.iter().map(|entry| format!("- {}", given::flat(entry))).collect::<Vec<_>>().join("\n"),
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
        let open = |f: &&Field| f.provision.is_some() && f.path.as_deref() != Some(Computed::StillToCome.into()) && (f.said.is_none() || f.unknown);
        let named = |f: &Field| {
            let name = f.label.clone().unwrap_or_else(|| f.id.clone());
            format!("{name} [{}]", self.say.table(f.provision.as_deref().unwrap_or_default()))
        };
        parts.iter().flat_map(|p| &p.fields).filter(open).map(named).collect()
    }
}

/// A place to be filled in by hand.
pub(super) const BLANK: &str = "________________";
