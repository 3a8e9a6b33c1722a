//! A draft on paper: HTML and Markdown.

use super::super::report::{Block, Entry, Fact, Paper, Section};
use super::super::{html, markdown};
use super::{Draft, Ground, Part, fill::BLANK};
use crate::form::Document;

pub(super) fn html(draft: &Draft, ground: &Ground<'_>) -> String {
    html::paper(&paper(draft, ground), ground.say())
}

pub(super) fn markdown(draft: &Draft, ground: &Ground<'_>) -> String {
    markdown::paper(&paper(draft, ground), ground.say())
}

fn paper(draft: &Draft, ground: &Ground<'_>) -> Paper {
    let say = ground.say();
    let sections = draft.parts.iter().map(|part| section(part, draft, ground)).collect();
    // people get nothing but their letter; an authority's officer should know what kind of paper this is
    let (facts, foot) = match draft.document {
        Document::Authority => {
            let facts = vec![Fact { name: say.say("draft-incident", &[]), value: say.title().into() }];
            let made = say.say("draft-made-with", &[("version", env!("CARGO_PKG_VERSION")), ("as_of", &super::super::time(say.a.as_of))]);
            (facts, draft.note.iter().cloned().chain([made, say.say("disclaimer", &[])]).collect())
        }
        Document::Subjects | Document::Children | Document::Public => (Vec::new(), Vec::new()),
    };
    Paper { title: draft.title.clone(), facts, sections, foot }
}

fn section(part: &Part, draft: &Draft, ground: &Ground<'_>) -> Section {
    let say = ground.say();
    let for_authority = draft.document == Document::Authority;
    let entries = part.fields.iter().map(|f| {
        let provision = f.provision.as_deref().map(|p| say.table(p).to_owned());
        let blank = || match &provision {
            Some(provision) => say.say("draft-blank-for", &[("blank", BLANK), ("provision", provision)]),
            None => say.say("draft-blank", &[("blank", BLANK)]),
        };
        Entry {
            name: f.label.clone(),
            said: f.said.clone().ok_or_else(blank),
            provision: provision.clone().filter(|_| for_authority && f.said.is_some()),
        }
    });
    let mut blocks: Vec<Block> = part.text.iter().cloned().map(Block::Line).collect();
    if !part.fields.is_empty() {
        blocks.push(Block::Entries(entries.collect()));
    }
    Section { title: part.title.clone().unwrap_or_default(), blocks }
}
