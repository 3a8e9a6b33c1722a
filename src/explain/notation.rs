//! Conditions and other values of tables, in the tables' own words on one line each.

use crate::tree::{Node, Value};

/// What turns a test into another one: `counts`, `known` and `except`.
const ASIDES: [&str; 3] = ["counts", "known", "except"];

/// A condition: `subjects.count above 100 (counts unknown, left-out)`, `any of (…; …)`, `not (…)`.
pub fn condition(node: &Node) -> String {
    let Value::Table(entries) = &node.value else { return node.plain() };
    let of = |list: &Node| match &list.value {
        Value::List(list) => list.iter().map(condition).collect::<Vec<_>>().join("; "),
        _ => condition(list),
    };
    let mut said: Vec<String> = Vec::new();
    let mut asides: Vec<String> = Vec::new();
    for entry in entries {
        match entry.key.as_str() {
            "fact" => said.insert(0, entry.node.plain()),
            "any" | "all" => said.push(format!("{} of ({})", entry.key, of(&entry.node))),
            "not" => said.push(format!("not ({})", of(&entry.node))),
            "known" => asides.push(entry.key.clone()),
            key if ASIDES.contains(&key) => asides.push(format!("{key} {}", words(&entry.node))),
            key => said.push(format!("{} {}", key.replace('_', " "), words(&entry.node))),
        }
    }
    if !asides.is_empty() {
        said.push(format!("({})", asides.join(", ")));
    }
    said.join(" ")
}

/// A list of conditions, one a line.
pub fn conditions(list: &[Node]) -> Vec<String> {
    list.iter().map(condition).collect()
}

/// A word, a number, or words with commas between.
pub fn words(node: &Node) -> String {
    match &node.value {
        Value::List(list) => list.iter().map(Node::plain).collect::<Vec<_>>().join(", "),
        _ => node.plain(),
    }
}

/// A table without the keys that are said elsewhere: `easter western, offset 1`.
pub fn pairs(node: &Node, without: &[&str]) -> String {
    let Value::Table(entries) = &node.value else { return node.plain() };
    let entries = entries.iter().filter(|e| !without.contains(&e.key.as_str()));
    entries.map(|e| format!("{} {}", e.key.replace('_', " "), words(&e.node))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    #[test]
    fn conditions_are_told_in_the_words_of_the_tables() {
        for (written, told) in [
            (
                "{ fact = \"subjects.count\", above = 100, counts = [\"unknown\", \"left-out\"] }",
                "subjects.count above 100 (counts unknown, left-out)",
            ),
            ("{ fact = \"a\", has_at_least = 2, except = [\"x\"] }", "a has at least 2 (except x)"),
            ("{ is = true, fact = \"a\", known = true }", "a is true (known)"),
            ("{ any = [{ fact = \"a\", is = \"x\" }, { not = { fact = \"b\", in = [\"y\", \"z\"] } }] }", "any of (a is x; not (b in y, z))"),
        ] {
            let (root, _) = tree::toml(&format!("c = {written}"));
            assert_eq!(condition(&root.get("c").unwrap().node), told);
        }
    }
}
