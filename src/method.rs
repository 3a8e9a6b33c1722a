//! A method: what scores are made of. Read from `data/methods/`, or from a user's own file by the same loader.
//!
//! The program knows the shape of the sum, SE = DPC x EI + CB, and the words of the incident format; every number and every criterion comes from here.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::bits::Entries;
use crate::incident::words::*;
use crate::provenance::{Day, EMPTY, Source, Sure, check_cites, check_head, twice};
use crate::quarters::Quarters;
use crate::tables::Wrong;

/// A method of scoring.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Method {
    pub schema: u32,
    pub id: String,
    pub version: String,
    pub title: String,
    pub checked: Day,
    pub note: Option<String>,
    pub sources: Vec<Source>,
    /// The prefix of the method's vectors.
    pub vector: String,
    pub categories: Vec<CategoryTable>,
    pub factors: Vec<FactorTable>,
    pub data_types: Vec<DataType>,
    pub identification: Vec<Scored<Identification>>,
    pub confidentiality: Vec<Scored<ConfidentialityLoss>>,
    pub integrity: Vec<Scored<IntegrityLoss>>,
    pub availability: Vec<Scored<AvailabilityLoss>>,
    pub malicious: Malicious,
    pub bands: Vec<Band>,
    pub flags: Vec<Flag>,
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// A category of data and its levels.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CategoryTable {
    pub id: Category,
    pub title: String,
    /// The level that counts where nothing moves it.
    pub base: u8,
    pub description: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
    pub levels: Vec<LevelTable>,
}

/// One level of a category.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LevelTable {
    pub level: u8,
    pub criterion: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// A case that shows what a criterion means.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Example {
    /// The identifier it is about, where examples are sorted by them.
    pub identifier: Option<String>,
    pub text: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// Which way a factor moves a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Direction {
    Raise,
    Lower,
}

/// What may move a level away from its base.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FactorTable {
    pub id: String,
    pub title: String,
    pub direction: Direction,
    /// The word an incident file uses for it.
    pub because: Option<Factor>,
    /// Which way that word moves a level, where it differs from `direction`.
    pub because_moves: Option<Direction>,
    /// Where the answer stands instead of in `because`.
    pub answer: Option<String>,
    pub description: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// A type of data.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DataType {
    pub id: String,
    pub title: String,
    pub category: Category,
    /// The level that a listed item sets, if not the category's base.
    pub level: Option<u8>,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// An answer with its score and criterion.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Scored<T> {
    pub id: T,
    pub title: Option<String>,
    pub score: Quarters,
    pub criterion: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// What intent adds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Malicious {
    pub title: String,
    /// Added when somebody meant it.
    pub score: Quarters,
    pub criterion: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// A stretch of the scale.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Band {
    pub id: Level,
    pub title: String,
    /// The first score in it.
    pub from: Quarters,
    /// The first score above it; `None` in the last.
    pub below: Option<Quarters>,
    /// What it means for people.
    pub meaning: String,
    /// What practice presumes of it.
    pub presumption: Risk,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// A sign beside the score, never part of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Flag {
    pub id: FlagId,
    pub title: String,
    /// Strictly more people than this.
    pub above: Option<u64>,
    pub description: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

/// The flags that the program can raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum FlagId {
    ManyIndividuals,
    Unintelligible,
}

/// What a calculator asks besides; for readers only.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Question {
    pub id: String,
    pub title: String,
    pub text: String,
    pub source: Vec<String>,
    pub sure: Option<Sure>,
    pub note: Option<String>,
}

impl Method {
    /// The table of a category.
    pub fn category(&self, id: Category) -> &CategoryTable {
        // check() proves that the four stand in this order
        &self.categories[id as usize]
    }

    /// A data type by its id.
    pub fn data_type(&self, id: &str) -> Option<&DataType> {
        Some(&self.data_types[self.place(id)?])
    }

    /// The place of a data type.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.data_types.iter().position(|t| t.id == id)
    }

    /// Which data types are listed, by their places.
    pub fn places(&self, items: &[String]) -> Entries {
        items.iter().filter_map(|item| self.place(item)).collect()
    }

    /// The level of a category where the file gives none: its base, or the higher one that a listed data type sets.
    pub fn usual_level(&self, category: Category, types: &Entries) -> u8 {
        let listed = types.iter().filter_map(|place| self.data_types.get(place)?.level);
        listed.fold(self.category(category).base, u8::max)
    }

    /// Which way a factor moves a level.
    pub fn direction(&self, factor: Factor) -> Option<Direction> {
        let found = self.factors.iter().find(|f| f.because == Some(factor))?;
        Some(found.because_moves.unwrap_or(found.direction))
    }

    /// The lowest level that any category can have.
    pub fn lowest_level(&self) -> u8 {
        self.categories.iter().flat_map(|c| &c.levels).map(|l| l.level).min().unwrap_or_default()
    }

    /// The highest level that any category can have.
    pub fn highest_level(&self) -> u8 {
        self.categories.iter().flat_map(|c| &c.levels).map(|l| l.level).max().unwrap_or_default()
    }

    /// The band that a score lies in.
    pub fn band(&self, score: Quarters) -> &Band {
        // check() proves that the bands have neither gap nor overlap and that the last is open
        self.bands.iter().find(|b| b.below.is_none_or(|below| score < below)).unwrap_or(&self.bands[self.bands.len() - 1])
    }

    /// How many people raise the flag: strictly more than this.
    pub fn many(&self) -> Option<u64> {
        self.flags.iter().find_map(|f| f.above)
    }

    /// Everything in the table that does not hold together.
    pub fn check(&self) -> Vec<Wrong> {
        let mut wrong = check_head(self.schema, &self.id, &self.version, &self.title, self.checked, &self.sources);
        self.check_vocabularies(&mut wrong);
        self.check_levels(&mut wrong);
        self.check_bands(&mut wrong);
        self.check_sources(&mut wrong);
        wrong
    }

    fn check_vocabularies(&self, wrong: &mut Vec<Wrong>) {
        fn all<T: Word>(wrong: &mut Vec<Wrong>, path: &str, given: impl Iterator<Item = T>) {
            let given: Vec<&str> = given.map(Word::id).collect();
            if given != T::ids() {
                wrong.push((path.into(), format!("holds {}; must hold exactly {}, in this order", given.join(", "), T::ids().join(", "))));
            }
        }
        all(wrong, "categories", self.categories.iter().map(|c| c.id));
        all(wrong, "identification", self.identification.iter().map(|s| s.id));
        all(wrong, "confidentiality", self.confidentiality.iter().map(|s| s.id));
        all(wrong, "integrity", self.integrity.iter().map(|s| s.id));
        all(wrong, "availability", self.availability.iter().map(|s| s.id));
        all(wrong, "bands", self.bands.iter().map(|b| b.id));

        let ids = |path: &str, ids: Vec<&str>, wrong: &mut Vec<Wrong>| {
            for (i, id) in ids.iter().enumerate() {
                if id.trim().is_empty() {
                    wrong.push((format!("{path}[{i}].id"), EMPTY.into()));
                } else if ids[..i].contains(id) {
                    wrong.push((format!("{path}[{i}].id"), twice(id)));
                }
            }
        };
        ids("data_types", self.data_types.iter().map(|t| t.id.as_str()).collect(), wrong);
        ids("factors", self.factors.iter().map(|t| t.id.as_str()).collect(), wrong);
        ids("questions", self.questions.iter().map(|t| t.id.as_str()).collect(), wrong);
        if self.data_types.is_empty() {
            wrong.push(("data_types".into(), "empty; list the data types".into()));
        } else if self.data_types.len() > Entries::MOST {
            wrong.push(("data_types".into(), format!("{} of them; at most {} are allowed", self.data_types.len(), Entries::MOST)));
        }
        for factor in Factor::all() {
            let n = self.factors.iter().filter(|f| f.because == Some(*factor)).count();
            if n != 1 {
                wrong.push(("factors".into(), format!("`because = \"{}\"` stands {n} times; exactly one factor must have it", factor.id())));
            }
        }
        for (i, factor) in self.factors.iter().enumerate() {
            if factor.because.is_some() == factor.answer.is_some() {
                wrong.push((format!("factors[{i}]"), "has both or neither of `because` and `answer`; must have one of them".into()));
            }
            if let Some(path) = &factor.answer
                && crate::incident::format::field(path).is_none()
            {
                wrong.push((
                    format!("factors[{i}].answer"),
                    format!("\"{path}\" is not a path of the incident format; write one, such as subjects.count"),
                ));
            }
        }
        for flag in [FlagId::ManyIndividuals, FlagId::Unintelligible] {
            if self.flags.iter().filter(|f| f.id == flag).count() != 1 {
                wrong.push(("flags".into(), "not each once; must hold many-individuals and unintelligible".into()));
            }
        }
        for (i, flag) in self.flags.iter().enumerate() {
            if flag.above.is_some() != (flag.id == FlagId::ManyIndividuals) {
                wrong.push((format!("flags[{i}].above"), "missing or out of place; must stand at many-individuals, and only there".into()));
            }
        }
        if self.vector.trim().is_empty() || self.vector.contains(['/', ' ', '\t']) {
            wrong.push(("vector".into(), "empty, or has `/` or blanks in it; write a prefix such as HOUSE:2026".into()));
        }
    }

    fn check_levels(&self, wrong: &mut Vec<Wrong>) {
        for (i, category) in self.categories.iter().enumerate() {
            let levels: Vec<u8> = category.levels.iter().map(|l| l.level).collect();
            if levels != [1, 2, 3, 4] {
                wrong.push((format!("categories[{i}].levels"), format!("holds {levels:?}; must hold 1, 2, 3, 4, in this order")));
            }
            if !levels.contains(&category.base) {
                wrong.push((format!("categories[{i}].base"), format!("{} is not one of its levels; write one of them", category.base)));
            }
        }
        for (i, data_type) in self.data_types.iter().enumerate() {
            if data_type.level.is_some_and(|level| !(1..=4).contains(&level)) {
                wrong.push((format!("data_types[{i}].level"), "no level; must be 1, 2, 3 or 4".into()));
            }
        }
        fn rising<T>(wrong: &mut Vec<Wrong>, path: &str, scored: &[Scored<T>]) {
            for (i, pair) in scored.windows(2).enumerate() {
                if pair[1].score < pair[0].score {
                    wrong.push((
                        format!("{path}[{}].score", i + 1),
                        "less than the one before, which is the lighter answer; give it as much or more".into(),
                    ));
                }
            }
            for (i, one) in scored.iter().enumerate() {
                if one.score < Quarters(0) {
                    wrong.push((format!("{path}[{i}].score"), "below zero; must be 0 or more".into()));
                }
            }
        }
        rising(wrong, "identification", &self.identification);
        rising(wrong, "confidentiality", &self.confidentiality);
        rising(wrong, "integrity", &self.integrity);
        rising(wrong, "availability", &self.availability);
        if self.malicious.score < Quarters(0) {
            wrong.push(("malicious.score".into(), "below zero; must be 0 or more".into()));
        }
    }

    fn check_bands(&self, wrong: &mut Vec<Wrong>) {
        let mut next = Some(Quarters(0));
        for (i, band) in self.bands.iter().enumerate() {
            match next {
                Some(next) if band.from == next => {}
                Some(next) => wrong.push((
                    format!("bands[{i}].from"),
                    format!("is {}, but the band before ends at {next}; begin there, so that there is neither gap nor overlap", band.from),
                )),
                None => wrong.push((format!("bands[{i}].from"), "the band before has no end; give that one a `below`".into())),
            }
            if band.below.is_some_and(|below| below <= band.from) {
                wrong.push((format!("bands[{i}].below"), "not above `from`; raise it, or lower `from`".into()));
            }
            if i > 0 && band.presumption < self.bands[i - 1].presumption {
                wrong.push((format!("bands[{i}].presumption"), "lighter than that of the band before; presume as much or more".into()));
            }
            next = band.below;
        }
        if let (Some(_), Some(last)) = (next, self.bands.len().checked_sub(1)) {
            wrong.push((format!("bands[{last}].below"), "the last band has an end, but scores go on; take `below` away".into()));
        }
    }

    fn check_sources(&self, wrong: &mut Vec<Wrong>) {
        let mut cites = |path: fmt::Arguments<'_>, source: &[String]| wrong.extend(check_cites(format_args!("{path}.source"), source, &self.sources));
        for (i, category) in self.categories.iter().enumerate() {
            cites(format_args!("categories[{i}]"), &category.source);
            for (j, level) in category.levels.iter().enumerate() {
                cites(format_args!("categories[{i}].levels[{j}]"), &level.source);
                for (k, example) in level.examples.iter().enumerate() {
                    cites(format_args!("categories[{i}].levels[{j}].examples[{k}]"), &example.source);
                }
            }
        }
        fn scored<T>(cites: &mut impl FnMut(fmt::Arguments<'_>, &[String]), path: &str, all: &[Scored<T>]) {
            for (i, one) in all.iter().enumerate() {
                cites(format_args!("{path}[{i}]"), &one.source);
                for (k, example) in one.examples.iter().enumerate() {
                    cites(format_args!("{path}[{i}].examples[{k}]"), &example.source);
                }
            }
        }
        scored(&mut cites, "identification", &self.identification);
        scored(&mut cites, "confidentiality", &self.confidentiality);
        scored(&mut cites, "integrity", &self.integrity);
        scored(&mut cites, "availability", &self.availability);
        cites(format_args!("malicious"), &self.malicious.source);
        let lists = [
            ("factors", self.factors.iter().map(|t| &t.source).collect::<Vec<_>>()),
            ("data_types", self.data_types.iter().map(|t| &t.source).collect()),
            ("bands", self.bands.iter().map(|t| &t.source).collect()),
            ("flags", self.flags.iter().map(|t| &t.source).collect()),
            ("questions", self.questions.iter().map(|t| &t.source).collect()),
        ];
        for (path, sources) in lists {
            for (i, source) in sources.into_iter().enumerate() {
                cites(format_args!("{path}[{i}]"), source);
            }
        }
    }
}
