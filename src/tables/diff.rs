//! What differs between two tables, key by key.

use super::{Choice, Kind, TableError, Tables};
use crate::tree::{self, Entry, Node, Value};

/// One difference.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Where; entries of lists are named by their id where they have one: `rules[scale].steps`.
    pub path: String,
    /// What the first table has there.
    pub from: Option<Node>,
    /// What the second one has.
    pub to: Option<Node>,
    /// Whether the same things stand there in another order.
    pub only_order: bool,
}

/// What names an entry of a list, the best first.
const NAMES: [&str; 6] = ["id", "action", "level", "path", "regime", "name"];

/// What differs between two tables as they are read: a practice with what it builds on.
pub fn differences(a: &Node, b: &Node) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", a, b, &mut found);
    found
}

fn one(path: String, from: Option<&Node>, to: Option<&Node>) -> Difference {
    Difference { path, from: from.cloned(), to: to.cloned(), only_order: false }
}

fn compare(path: &str, a: &Node, b: &Node, found: &mut Vec<Difference>) {
    match (&a.value, &b.value) {
        _ if same(a, b) => {}
        (Value::Table(of_a), Value::Table(of_b)) => {
            let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            for entry in of_a {
                match b.get(&entry.key) {
                    Some(other) => compare(&inner(&entry.key), &entry.node, &other.node, found),
                    // of a whole list, one entry after another
                    None if is_list(&entry.node) => compare(&inner(&entry.key), &entry.node, &empty(), found),
                    None => found.push(one(inner(&entry.key), Some(&entry.node), None)),
                }
            }
            for entry in of_b.iter().filter(|e| a.get(&e.key).is_none()) {
                if is_list(&entry.node) {
                    compare(&inner(&entry.key), &empty(), &entry.node, found);
                    continue;
                }
                found.push(one(inner(&entry.key), None, Some(&entry.node)));
            }
        }
        (Value::List(of_a), Value::List(of_b)) => {
            match NAMES.iter().find(|name| named(of_a, name) && named(of_b, name) && of_a.len() + of_b.len() > 0) {
                Some(name) => compare_named(path, name, (a, of_a), (b, of_b), found),
                None => compare_nameless(path, (a, of_a), (b, of_b), found),
            }
        }
        _ => found.push(one(path.to_owned(), Some(a), Some(b))),
    }
}

/// A list of tables; to leave out a list of words may mean something else than an empty one.
fn is_list(node: &Node) -> bool {
    matches!(&node.value, Value::List(list) if list.first().is_some_and(|entry| matches!(entry.value, Value::Table(_))))
}

fn empty() -> Node {
    Node { value: Value::List(Vec::new()), span: 0..0 }
}

/// Lists of tables that have names.
fn compare_named(path: &str, name: &str, (a, of_a): (&Node, &[Node]), (b, of_b): (&Node, &[Node]), found: &mut Vec<Difference>) {
    let id = |node: &Node| node.get(name).map(|e| e.node.plain()).unwrap_or_default();
    let before = found.len();
    for entry in of_a {
        let path = format!("{path}[{}]", id(entry));
        match of_b.iter().find(|other| id(other) == id(entry)) {
            Some(other) => compare(&path, entry, other, found),
            None => found.push(one(path, Some(entry), None)),
        }
    }
    for entry in of_b.iter().filter(|entry| !of_a.iter().any(|other| id(other) == id(entry))) {
        found.push(one(format!("{path}[{}]", id(entry)), None, Some(entry)));
    }
    let order = |list: &[Node], other: &[Node]| list.iter().map(&id).filter(|i| other.iter().any(|o| id(o) == *i)).collect::<Vec<_>>();
    if order(of_a, of_b) != order(of_b, of_a) || found.len() == before {
        found.push(Difference { only_order: true, ..one(path.to_owned(), Some(a), Some(b)) });
    }
}

/// Lists of words, or of tables without names: what is in both is left aside; tables that are left over are compared in pairs.
fn compare_nameless(path: &str, (a, of_a): (&Node, &[Node]), (b, of_b): (&Node, &[Node]), found: &mut Vec<Difference>) {
    let mut rest_b: Vec<&Node> = of_b.iter().collect();
    let mut rest_a = Vec::new();
    for (i, entry) in of_a.iter().enumerate() {
        match rest_b.iter().position(|other| same(entry, other)) {
            Some(at) => drop(rest_b.remove(at)),
            None => rest_a.push((i, entry)),
        }
    }
    if rest_a.is_empty() && rest_b.is_empty() {
        found.push(Difference { only_order: true, ..one(path.to_owned(), Some(a), Some(b)) });
    }
    let is_table = |node: &Node| matches!(node.value, Value::Table(_));
    let mut rest_b = rest_b.into_iter().peekable();
    for (i, entry) in rest_a {
        match rest_b.next_if(|other| is_table(entry) && is_table(other)) {
            Some(other) => compare(&format!("{path}[{i}]"), entry, other, found),
            None => found.push(one(path.to_owned(), Some(entry), None)),
        }
    }
    for entry in rest_b {
        found.push(one(path.to_owned(), None, Some(entry)));
    }
}

/// Whether every entry has a name and no two have the same.
fn named(list: &[Node], name: &str) -> bool {
    let names: Vec<String> = list.iter().filter_map(|node| node.get(name)).map(|e| e.node.plain()).collect();
    names.len() == list.len() && names.iter().enumerate().all(|(i, name)| !names[..i].contains(name))
}

/// Whether two values are the same, wherever they stand; `1` and `1.0` are.
fn same(a: &Node, b: &Node) -> bool {
    a.json() == b.json()
}

impl Tables {
    /// A table as it is read, for comparing: of a practice, what results from all that it builds on.
    ///
    /// # Errors
    /// If a practice that it builds on is not there.
    pub fn resolved(&self, kind: Kind, text: &str) -> Result<Node, TableError> {
        let (own, _) = tree::toml(text.strip_prefix('\u{feff}').unwrap_or(text));
        match own.get("builds_on").map(|e| e.node.plain()) {
            Some(base) if kind == Kind::Practice => {
                let (_, text) = self.chosen(kind, &Choice::Id(base))?;
                Ok(merged(self.resolved(kind, &text)?, own))
            }
            _ => Ok(own),
        }
    }
}

/// A practice laid over the one that it builds on, as [`crate::practice::Practice::build`] does it.
fn merged(base: Node, own: Node) -> Node {
    let id = |node: &Node| node.get("id").map(|e| e.node.plain());
    let dropped: Vec<String> = own.list("drop").iter().map(Node::plain).collect();
    let by_id = |key: &str, keep_place: bool| {
        let mut all = base.list(key).to_vec();
        all.retain(|entry| key != "rules" || !id(entry).is_some_and(|id| dropped.contains(&id)));
        for entry in own.list(key).iter().cloned() {
            match all.iter().position(|other| id(other) == id(&entry)) {
                Some(at) if keep_place => all[at] = entry,
                Some(at) => {
                    all.remove(at);
                    all.push(entry);
                }
                None => all.push(entry),
            }
        }
        all
    };
    let readings = base.list("readings").iter().chain(own.list("readings")).cloned().collect();
    let lists = [("sources", by_id("sources", true)), ("readings", readings), ("rules", by_id("rules", true)), ("claims", by_id("claims", false))];
    let inherited = ["presumption_falls_with_confidentiality", "lowered_counts_for"];

    let Value::Table(mut entries) = own.value else { return own };
    entries.retain(|e| e.key != "drop" && !lists.iter().any(|(key, _)| e.key == *key));
    let missing = inherited.iter().filter_map(|key| base.get(key)).filter(|e| !entries.iter().any(|own| own.key == e.key));
    let missing: Vec<Entry> = missing.cloned().collect();
    entries.extend(missing);
    for (key, list) in lists {
        entries.push(Entry { key: key.to_owned(), key_span: 0..0, node: Node { value: Value::List(list), span: 0..0 } });
    }
    Node { value: Value::Table(entries), span: 0..0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Choices;

    fn of(a: &str, b: &str) -> Vec<(String, Option<String>, Option<String>, bool)> {
        let found = differences(&tree::toml(a).0, &tree::toml(b).0);
        found.into_iter().map(|d| (d.path, d.from.as_ref().map(Node::written), d.to.as_ref().map(Node::written), d.only_order)).collect()
    }

    fn row(path: &str, from: Option<&str>, to: Option<&str>) -> (String, Option<String>, Option<String>, bool) {
        (path.to_owned(), from.map(str::to_owned), to.map(str::to_owned), false)
    }

    #[test]
    fn values_keys_and_words_are_told_apart() {
        assert_eq!(
            of("a = 1\nb = \"x\"\nc = 2", "a = 1.0\nb = \"y\"\nd = true"),
            [row("b", Some("\"x\""), Some("\"y\"")), row("c", Some("2"), None), row("d", None, Some("true"))]
        );
        assert_eq!(of("l = [\"a\", \"b\"]", "l = [\"b\", \"c\"]"), [row("l", Some("\"a\""), None), row("l", None, Some("\"c\""))]);
        assert_eq!(of("l = [1, 2]", "l = [2, 1]").iter().map(|d| d.3).collect::<Vec<_>>(), [true]);
        assert_eq!(of("l = [1, 1]", "l = [1]"), [row("l", Some("1"), None)]);
    }

    #[test]
    fn entries_with_an_id_are_followed_by_it() {
        let a = "[[rules]]\nid = \"p\"\nsteps = 1\n[[rules]]\nid = \"q\"";
        let b = "[[rules]]\nid = \"r\"\n[[rules]]\nid = \"p\"\nsteps = 2";
        assert_eq!(
            of(a, b),
            [
                row("rules[p].steps", Some("1"), Some("2")),
                row("rules[q]", Some("{ id = \"q\" }"), None),
                row("rules[r]", None, Some("{ id = \"r\" }"))
            ]
        );
        let turned = "[[rules]]\nid = \"q\"\n[[rules]]\nid = \"p\"\nsteps = 1";
        assert_eq!(of(a, turned).iter().map(|d| (d.0.as_str(), d.3)).collect::<Vec<_>>(), [("rules", true)]);
    }

    #[test]
    fn tables_without_a_name_are_compared_in_pairs() {
        assert_eq!(of("when = [{ is = 1 }, { is = 2 }]", "when = [{ is = 2 }, { is = 3 }]"), [row("when[0].is", Some("1"), Some("3"))]);
    }

    #[test]
    fn a_practice_is_compared_with_what_it_builds_on() {
        let tables = Tables::default();
        let method = tables.method(&Choices::default().method).unwrap();
        for id in tables.ids(Kind::Practice) {
            let text = tables.text(Kind::Practice, &id).unwrap();
            let built = tables.practice(&Choice::Id(id.clone()), &method.table).unwrap();
            let rules = tables.resolved(Kind::Practice, text).unwrap();
            let ids = |key: &str| rules.list(key).iter().filter_map(|r| r.text("id")).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(ids("rules"), built.table.rules.iter().map(|r| r.table.id.clone()).collect::<Vec<_>>(), "{id}");
            assert_eq!(ids("claims").len(), built.table.claims.len(), "{id}");
        }
    }
}
