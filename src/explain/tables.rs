//! Entries from the tables, each as its file says it: keys become details, so that a new key needs no new code here.

use serde_json::Value as Json;

use super::notation::{condition, conditions, pairs, words};
use super::{Cited, Entry, Sort, Stands};
use crate::tables::{Choice, Kind, Ref, Table, TableError, Tables};
use crate::tree::{self, Node, Value};

/// A table with what results say about it.
struct Stand {
    kind: Kind,
    reference: Ref,
    title: String,
    root: Node,
}

/// Keys that are said otherwise than as a detail.
const HANDLED: [&str; 14] =
    ["schema", "id", "version", "title", "checked", "sources", "source", "sure", "note", "examples", "criterion", "description", "meaning", "text"];

/// All entries.
pub fn entries(tables: &Tables, method: &Choice, practice: Option<&Choice>) -> Result<Vec<Entry>, TableError> {
    let with = tables.method(method)?.table;
    let stand = |kind: Kind, choice: &Choice| -> Result<Stand, TableError> {
        let (name, text) = tables.chosen(kind, choice)?;
        let table: Table = tables.load(kind, &name, &text, &with)?;
        let (root, _) = tree::toml(text.strip_prefix('\u{feff}').unwrap_or(&text));
        Ok(Stand { kind, reference: table.reference().clone(), title: table.title().to_owned(), root })
    };
    let all = |kind: Kind| tables.ids(kind).into_iter().map(|id| stand(kind, &Choice::Id(id))).collect::<Result<Vec<_>, _>>();

    let mut found = Vec::new();
    let chosen = stand(Kind::Method, method)?;
    for other in all(Kind::Method)?.into_iter().filter(|m| m.reference.id != chosen.reference.id) {
        found.push(other.head());
    }
    found.push(chosen.head());
    chosen.method(&mut found);

    let practices = match practice {
        Some(choice) => {
            let mut chain = vec![stand(Kind::Practice, choice)?];
            while let Some(base) = chain.last().and_then(|p| p.root.text("builds_on")) {
                let base = stand(Kind::Practice, &Choice::Id(base.to_owned()))?;
                chain.push(base);
            }
            chain
        }
        None => all(Kind::Practice)?,
    };
    // of a chain, what is replaced or left out further up does not hold
    let mut hidden: Vec<String> = Vec::new();
    for stand in &practices {
        found.push(stand.head());
        let mut own = Vec::new();
        stand.practice(&mut own);
        if practice.is_some() {
            own.retain(|e| !e.names.iter().any(|name| hidden.contains(name)));
            hidden.extend(own.iter().filter(|e| e.kind != Sort::Reading).flat_map(|e| e.names.clone()));
            hidden.extend(stand.root.list("drop").iter().map(Node::plain));
        }
        found.extend(own);
    }
    for stand in all(Kind::Regime)? {
        found.push(stand.head());
        stand.regime(&mut found);
    }
    for stand in all(Kind::Country)? {
        let own = stand.root.get("name").and_then(|e| e.node.text("own")).unwrap_or_default().to_owned();
        found.push(stand.head().named(&stand.title).named(own));
    }
    for stand in all(Kind::Form)? {
        found.push(stand.head());
    }
    Ok(found)
}

impl Stand {
    /// The table as a whole.
    fn head(&self) -> Entry {
        let kind = match self.kind {
            Kind::Method => Sort::Method,
            Kind::Practice => Sort::Practice,
            Kind::Regime => Sort::Regime,
            Kind::Country => Sort::Country,
            Kind::Form => Sort::Form,
        };
        let mut entry = self.entry(&self.root, kind, self.reference.id.clone());
        let sources = self.root.list("sources").iter().map(cited);
        entry.sources = sources.collect();
        entry
    }

    fn method(&self, found: &mut Vec<Entry>) {
        for category in self.root.list("categories") {
            let id = name(category, "id");
            found.push(self.entry(category, Sort::Category, id.clone()));
            for level in category.list("levels") {
                let n = name(level, "level");
                let mut entry = self.entry(level, Sort::Level, format!("{id}.{n}"));
                entry.title = format!("{}, level {n}", category.text("title").unwrap_or(&id));
                entry.details.0.retain(|(key, _)| key != "level");
                found.push(entry);
            }
        }
        for factor in self.root.list("factors") {
            let because = factor.text("because").unwrap_or_default();
            found.push(self.entry(factor, Sort::Factor, name(factor, "id")).named(because));
        }
        for (key, kind) in [("data_types", Sort::DataType), ("flags", Sort::Flag), ("questions", Sort::Question)] {
            found.extend(self.root.list(key).iter().map(|node| self.entry(node, kind, name(node, "id"))));
        }
        let scored = [
            ("identification", "identification.level", Sort::Identification),
            ("confidentiality", "confidentiality.loss", Sort::Loss),
            ("integrity", "integrity.loss", Sort::Loss),
            ("availability", "availability.loss", Sort::Loss),
            ("bands", "level", Sort::Band),
        ];
        for (key, path, kind) in scored {
            for node in self.root.list(key) {
                let id = name(node, "id");
                found.push(self.entry(node, kind, format!("{path}.{id}")).named(&id));
            }
        }
        if let Some(malicious) = self.root.get("malicious") {
            found.push(self.entry(&malicious.node, Sort::Intent, "malicious".to_owned()).named("intent"));
        }
    }

    fn practice(&self, found: &mut Vec<Entry>) {
        let practice = &self.reference.id;
        for (list, key, kind) in [("rules", "id", Sort::Rule), ("readings", "note", Sort::Reading), ("claims", "id", Sort::Claim)] {
            for node in self.root.list(list) {
                let id = name(node, key);
                let mut entry = self.entry(node, kind, format!("{practice}.{id}")).named(&id);
                if kind == Sort::Reading {
                    // there the key names the note that the reading leaves
                    entry.note = None;
                }
                found.push(entry);
            }
        }
    }

    fn regime(&self, found: &mut Vec<Entry>) {
        let regime = &self.reference.id;
        for (list, key, kind) in [("duties", "action", Sort::Duty), ("exemptions", "id", Sort::Exemption), ("orders", "id", Sort::Order)] {
            let nodes = self.root.list(list);
            for (i, node) in nodes.iter().enumerate() {
                let id = name(node, key);
                // a law may ask for the same thing twice, of different people
                let before = nodes[..i].iter().filter(|other| name(other, key) == id).count();
                let number = if before > 0 { format!("-{}", before + 1) } else { String::new() };
                let entry = self.entry(node, kind, format!("{regime}.{id}{number}"));
                found.push(if kind == Sort::Duty { entry } else { entry.named(&id) });
            }
        }
    }

    /// An entry from a table within the table.
    fn entry(&self, node: &Node, kind: Sort, id: String) -> Entry {
        let said = |key: &str| node.get(key).map(|e| e.node.text("en").map_or_else(|| e.node.plain(), str::to_owned));
        let title = ["title", "to_text", "ground"].iter().find_map(|key| node.text(key)).unwrap_or(&id).to_owned();
        let mut entry = Entry::new(kind, id, title);
        entry.text = ["criterion", "description", "meaning", "text"].iter().find_map(|key| said(key));
        entry.note = said("note");
        entry.sure = said("sure");
        entry.checked = said("checked").or_else(|| self.root.get("checked").map(|e| e.node.plain()));
        entry.table = Some(Stands { kind: self.kind.noun(), table: self.reference.clone() });
        let mut cites: Vec<String> = node.list("source").iter().map(Node::plain).collect();
        for example in node.list("examples") {
            cites.extend(example.list("source").iter().map(Node::plain));
            entry.examples.push(match (example.text("text"), example.text("identifier")) {
                (Some(text), Some(identifier)) => format!("{identifier}: {text}"),
                (Some(text), None) => text.to_owned(),
                _ => example.plain(),
            });
        }
        let mut sources: Vec<&Node> = Vec::new();
        for cite in cites {
            let known = self.root.list("sources").iter().find(|s| s.text("id") == Some(&cite));
            sources.extend(known.filter(|known| !sources.iter().any(|s| std::ptr::eq(*s, *known))));
        }
        entry.sources = sources.into_iter().map(cited).collect();
        let Value::Table(entries) = &node.value else { return entry };
        for e in entries.iter().filter(|e| !HANDLED.contains(&e.key.as_str())) {
            detail(&mut entry, &e.key, &e.node);
        }
        entry
    }
}

fn name(node: &Node, key: &str) -> String {
    node.get(key).map(|e| e.node.plain()).unwrap_or_default()
}

fn cited(source: &Node) -> Cited {
    Cited { title: name(source, "title"), url: source.text("url").map(str::to_owned), sure: name(source, "sure") }
}

/// Adds a key of a table as a detail.
fn detail(entry: &mut Entry, key: &str, node: &Node) {
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => &[],
    };
    let ids = |key: &str| Json::from(list.iter().map(|n| name(n, key)).collect::<Vec<_>>());
    let lines = |of: &dyn Fn(&Node) -> String| Json::from(list.iter().map(of).collect::<Vec<_>>());
    match key {
        "when" | "unless" => entry.detail(key, conditions(list)),
        "cases" => {
            for case in list {
                let mut said = conditions(case.list("when"));
                said.insert(0, pairs(case, &["when"]));
                entry.detail("when", said);
            }
        }
        "deadline" => {
            entry.detail(key, format!("{} {}", name(node, "amount"), name(node, "unit")));
            for key in ["counting", "start", "assume"] {
                if let Some(e) = node.get(key) {
                    detail(entry, key, &e.node);
                }
            }
        }
        "content" => {
            let line = |n: &Node| format!("{} [{}]{}", name(n, "path"), name(n, "provision"), aside(n, &["path", "provision"]));
            entry.detail(key, lines(&line));
        }
        "displaces" => entry.detail(key, lines(&|n| format!("{}.{}", name(n, "regime"), name(n, "action")))),
        "authorities" => {
            let line = |n: &Node| {
                let aside = aside(n, &["id", "name", "name_en", "url", "source", "sure", "note", "checked"]);
                let note = n.text("note").map(|note| format!(". {note}")).unwrap_or_default();
                format!("{} ({}), {}{aside}{note}", name(n, "name"), name(n, "name_en"), name(n, "url"))
            };
            entry.detail(key, lines(&line));
        }
        "holidays" => entry.detail(key, lines(&|n| format!("{}{}", name(n, "name"), aside(n, &["name", "source", "sure", "note", "checked"])))),
        "name" if node.get("own").is_some() => entry.detail("own_name", name(node, "own")),
        "levels" => entry.detail(key, ids("level")),
        "duties" => entry.detail(key, ids("action")),
        // the day from which a rule holds, not the beginning of a band
        "from" if entry.kind == Sort::Rule => entry.detail("since", node.plain()),
        "to" if entry.kind == Sort::Duty => entry.detail("towards", node.plain()),
        // its title, or shown with what follows from it
        "to_text" | "bands" | "flags" | "questions" | "factors" | "categories" | "identification" | "confidentiality" | "integrity"
        | "availability" | "malicious" => {}
        _ if list.iter().any(|n| n.get("id").is_some()) => entry.detail(key, ids("id")),
        _ if matches!(node.value, Value::List(_)) => entry.detail(key, lines(&condition)),
        _ if matches!(node.value, Value::Table(_)) => entry.detail(key, words(node)),
        _ => entry.detail(key, node.json()),
    }
}

fn aside(node: &Node, without: &[&str]) -> String {
    match pairs(node, without) {
        said if said.is_empty() => said,
        said => format!(" ({said})"),
    }
}
