//! Vectors: the scored answers of an incident in one line, `ENISA:2013/DPC:3/EI:0.75/C:0.5/I:0/A:0/M:0.5`.
//!
//! Exactly so: this order, these spellings, the method's values and nothing else.

use crate::diag::{Code, Finding};
use crate::incident::words::Level;
use crate::method::Method;
use crate::quarters::Quarters;

/// The metrics, in order.
pub const METRICS: [&str; 6] = ["DPC", "EI", "C", "I", "A", "M"];

/// The vector of six scores.
pub fn write(scores: [Quarters; 6], method: &Method) -> String {
    // room for all, asked for once
    let mut vector = String::with_capacity(method.vector.len() + METRICS.len() * 8);
    vector.push_str(&method.vector);
    for (metric, score) in METRICS.iter().zip(scores) {
        vector.extend(["/", metric, ":"]);
        score.push_to(&mut vector);
    }
    vector
}

/// The values that the metrics of a method's vectors may have, each as it is written: worked out once for any number of vectors.
pub struct Scale<'m> {
    method: &'m Method,
    values: [Vec<(String, Quarters)>; 6],
}

impl<'m> Scale<'m> {
    /// The scale of a method.
    pub fn new(method: &'m Method) -> Scale<'m> {
        let written = |metric| values(metric, method).into_iter().map(|score| (score.to_string(), score)).collect();
        Scale { method, values: std::array::from_fn(written) }
    }

    /// The score and level of a vector.
    ///
    /// # Errors
    /// What is wrong with it: the first metric that is not as it must be, and where it stands.
    pub fn score(&self, vector: &str) -> Result<(Quarters, Level), Finding> {
        match self.read(vector) {
            Some(scores) => Ok(total(scores, self.method)),
            // only of a bad one somebody asks what is wrong
            None => score(vector, self.method),
        }
    }

    fn read(&self, vector: &str) -> Option<[Quarters; 6]> {
        let mut rest = vector.strip_prefix(self.method.vector.as_str())?;
        let mut scores = [Quarters(0); 6];
        for ((metric, values), score) in METRICS.iter().zip(&self.values).zip(&mut scores) {
            let value = rest.strip_prefix('/')?.strip_prefix(metric)?.strip_prefix(':')?;
            let end = value.bytes().position(|b| b == b'/').unwrap_or(value.len());
            *score = values.iter().find(|(written, _)| *written == value[..end])?.1;
            rest = &value[end..];
        }
        rest.is_empty().then_some(scores)
    }
}

fn total([dpc, ei, circumstances @ ..]: [Quarters; 6], method: &Method) -> (Quarters, Level) {
    let score = ei.times((dpc.0 / 4) as u8) + circumstances.into_iter().sum();
    (score, method.band(score).id)
}

/// The score and level of a vector.
///
/// # Errors
/// What is wrong with it: the first metric that is not as it must be, and where it stands.
pub fn score(vector: &str, method: &Method) -> Result<(Quarters, Level), Finding> {
    let prefix = &method.vector;
    let mut at = prefix.len() + 1;
    let bad = |at: usize, message: String| Finding::new(Code::BadVector, message).spanned(vector, at..vector.len());
    let rest = vector
        .strip_prefix(prefix.as_str())
        .and_then(|rest| rest.strip_prefix('/'))
        .ok_or_else(|| bad(0, format!("{} does not begin with {prefix}/", quoted(vector))))?;
    let mut parts = rest.split('/');
    let mut scores = [Quarters(0); 6];
    for (i, metric) in METRICS.iter().enumerate() {
        let part = parts
            .next()
            .ok_or_else(|| bad(vector.len(), format!("{metric}: missing; a vector is {prefix}/{}", METRICS.map(|m| format!("{m}:…")).join("/"))))?;
        let value = part.strip_prefix(metric).and_then(|v| v.strip_prefix(':')).ok_or_else(|| {
            let what = if METRICS.iter().any(|m| part.split(':').next() == Some(m)) { "stands in its place" } else { "is not a metric" };
            bad(at, format!("{metric}: expected here, but {} {what}", quoted(part)))
        })?;
        let allowed = values(i, method);
        scores[i] = allowed.iter().copied().find(|score| score.to_string() == value).ok_or_else(|| {
            let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            bad(at, format!("{metric}: {} is not one of {}", quoted(value), allowed.join(", ")))
        })?;
        at += part.len() + 1;
    }
    if let Some(more) = parts.next() {
        return Err(bad(at, format!("ends after {}, but {} follows", METRICS[5], quoted(more))));
    }
    Ok(total(scores, method))
}

/// A piece of a vector in quotes, cut to what can be read.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}", format!("{}…", &text[..end])),
        None => format!("{text:?}"),
    }
}

/// The values that a metric may have, rising.
fn values(metric: usize, method: &Method) -> Vec<Quarters> {
    let mut values: Vec<Quarters> = match metric {
        0 => (method.lowest_level()..=method.highest_level()).map(Quarters::whole).collect(),
        1 => method.identification.iter().map(|s| s.score).collect(),
        2 => method.confidentiality.iter().map(|s| s.score).collect(),
        3 => method.integrity.iter().map(|s| s.score).collect(),
        4 => method.availability.iter().map(|s| s.score).collect(),
        _ => vec![Quarters(0), method.malicious.score],
    };
    values.sort_unstable();
    values.dedup();
    values
}
