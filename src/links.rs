//! Incidents that belong together: joined by the ids that they name as `related`, either way and through others.

use std::collections::HashMap;

/// Of each incident, by its id and the ids that it names, the number of the part that it belongs to.
pub fn parts<'a>(all: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Vec<usize> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut parent: Vec<usize> = Vec::new();
    let mut ids = Vec::new();
    for (id, links) in all {
        let own = number_of(&mut numbers, &mut parent, id);
        for other in links {
            let other = number_of(&mut numbers, &mut parent, other);
            let (a, b) = (root(&mut parent, own), root(&mut parent, other));
            parent[a] = b;
        }
        ids.push(own);
    }
    ids.into_iter().map(|id| root(&mut parent, id)).collect()
}

/// The number of an id, a part of its own where it is new.
fn number_of<'a>(numbers: &mut HashMap<&'a str, usize>, parent: &mut Vec<usize>, id: &'a str) -> usize {
    *numbers.entry(id).or_insert_with(|| {
        parent.push(parent.len());
        parent.len() - 1
    })
}

/// The number of the part, with the way to it made shorter for the next who asks.
fn root(parent: &mut [usize], mut of: usize) -> usize {
    while parent[of] != of {
        parent[of] = parent[parent[of]];
        of = parent[of];
    }
    of
}
