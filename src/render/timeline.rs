//! The timeline of a report: everything that the file dates, the deadlines, and the clock as a picture.

use chrono::NaiveDateTime;

use super::answers::{self, Said};
use super::picture::{self, Clock, Span};
use super::report::{Block, Cell, Section, Table, section};
use super::say::Say;
use crate::duties::Time;
use crate::incident::moment::Moment;

/// One line of the timeline.
struct Event {
    /// When it was, for the order; what has no date comes last.
    at: Option<NaiveDateTime>,
    /// To the second, where that is known.
    instant: Option<Time>,
    when: String,
    what: String,
}

impl Event {
    fn at(say: &Say<'_>, t: Time, what: String) -> Event {
        Event { at: Some(t.naive_utc()), instant: Some(t), when: say.time(t), what }
    }
}

/// The section.
pub(super) fn section_of(say: &Say<'_>) -> Section {
    let mut events = given(say);
    for d in say.a.duties.iter().filter(|d| d.required) {
        let (deadline, outer) = (d.deadline, d.outer_deadline.filter(|outer| Some(*outer) != d.deadline));
        for (key, t) in [("report-deadline", deadline), ("report-outer-deadline", outer)] {
            events.extend(t.map(|t| Event::at(say, t, say.say(key, &[("action", &say.action(d.action)), ("to", say.table(d.to))]))));
        }
    }
    events.push(Event::at(say, say.a.as_of, say.say("report-assessed", &[])));
    events.sort_by_key(|e| (e.at.is_none(), e.at));

    let mut blocks: Vec<Block> = clock(say, &events).map(|clock| Block::Picture(picture::clock(say, clock))).into_iter().collect();
    let rows = events.into_iter().enumerate().map(|(i, e)| vec![(i + 1).to_string().into(), Cell::When(e.when), e.what.into()]);
    blocks.push(Block::Table(Table {
        caption: say.say("report-events", &[]),
        head: ["report-number", "report-when", "report-what"].map(|k| say.say(k, &[])).into(),
        rows: rows.collect(),
    }));
    section(say, "report-timeline", blocks)
}

/// Everything that the file dates.
fn given(say: &Say<'_>) -> Vec<Event> {
    let all = answers::answers(say);
    let all = || all.iter().flat_map(|g| &g.answers);
    // who or what an entry of a list is about stands beside its time
    let beside = |path: &str| -> Option<String> {
        let (entry, _) = path.rsplit_once("].")?;
        let about = ["name", "kind", "reference"].map(|key| format!("{entry}].{key}"));
        let about = all().filter(|a| about.contains(&a.path)).filter_map(|a| match &a.said {
            Said::Text(text) | Said::Word(text) => Some(text.clone()),
            _ => None,
        });
        Some(about.collect::<Vec<_>>().join(", ")).filter(|about| !about.is_empty())
    };
    let dated = all().filter_map(|a| match a.said {
        Said::Moment(moment) => Some((a, moment)),
        _ => None,
    });
    dated
        .map(|(answer, moment)| {
            let what = match beside(&answer.path) {
                Some(about) => say.say("report-event-of", &[("event", &answer.name), ("about", &about)]),
                None => answer.name.clone(),
            };
            match moment {
                Moment::Instant(t) => Event::at(say, t, what),
                Moment::Day(day) => Event { at: Some(day.into()), instant: None, when: say.day(day), what },
                Moment::Unknown | Moment::Ongoing => Event { at: None, instant: None, when: say.moment(moment), what },
            }
        })
        .collect()
}

/// What the picture shows: the duties with a deadline, and what happened about that time.
fn clock(say: &Say<'_>, events: &[Event]) -> Option<Clock> {
    let with_deadline = say.a.duties.iter().filter(|d| d.required);
    let spans: Vec<Span> = with_deadline
        .filter_map(|d| {
            let (start, deadline) = (d.started_at?, d.deadline?);
            Some(Span { action: say.action(d.action), start, deadline, outer: d.outer_deadline.unwrap_or(deadline), done: d.done_at })
        })
        .collect();
    let first = spans.iter().map(|s| s.start).min()?;
    let last = spans.iter().map(|s| s.outer).max()?;
    // what lies far off would press the clock into a corner; it stands in the table
    let length = last - first;
    let near = |t: &Time| *t >= first - length / 3 && *t <= last + length / 2;
    let seen = |t: Option<Time>| t.filter(near);
    let events: Vec<(usize, Time)> = events.iter().enumerate().filter_map(|(i, e)| Some((i + 1, seen(e.instant)?))).collect();
    let from = events.iter().map(|e| e.1).chain([first]).min()?;
    let to = events.iter().map(|e| e.1).chain([last]).max()?;
    // the file may write its times with other offsets than that of the country
    let (from, to) = (from.with_timezone(first.offset()), to.with_timezone(last.offset()));
    Some(Clock { spans, events, now: seen(Some(say.a.as_of)), from, to })
}
