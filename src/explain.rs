//! Explaining: every term of the tables, of the file format and of the results, each with what it means and where that comes from.
//!
//! Nothing is explained twice: what a table says is read from the table, and only what no table says stands in `data/texts/`.

mod book;
mod find;
mod format;
mod notation;
mod provisions;
mod tables;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::language::Language;
use crate::tables::{Choice, Ref, TableError, Tables};
use crate::texts::Translations;
pub use book::Book;
pub use find::Found;

/// The kinds of things that can be explained, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Sort {
    Topic,
    Method,
    Category,
    Level,
    Factor,
    DataType,
    Identification,
    Loss,
    Intent,
    Band,
    Flag,
    Question,
    Practice,
    Rule,
    Reading,
    Claim,
    Regime,
    Duty,
    Exemption,
    Order,
    Country,
    Form,
    Article,
    Field,
    Word,
    Diagnostic,
    Note,
    Finding,
}

impl Sort {
    /// The kind as it is written.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

impl Serialize for Sort {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.id())
    }
}

/// A document that something rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// How it is known: `first-hand`, `second-hand`, `own`.
    pub sure: String,
}

/// A table that something stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stands {
    /// The kind of table.
    pub kind: &'static str,
    /// The table.
    #[serde(flatten)]
    pub table: Ref,
}

/// What more is to be said of a thing: texts, numbers, flags, or lists of texts, by the key of their label.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details(pub Vec<(String, Value)>);

impl Serialize for Details {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// One thing, explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// What kind of thing it is.
    pub kind: Sort,
    /// Its name, unique within its kind.
    pub id: String,
    /// The names by which it is found, in lower case: its id, its title, and others.
    #[serde(skip)]
    pub names: Vec<String>,
    /// Its title.
    pub title: String,
    /// What it means: the criterion, the description, the sentence.
    pub text: Option<String>,
    /// What more there is to say.
    pub details: Details,
    /// Cases that show what it means.
    pub examples: Vec<String>,
    /// What else is to be known.
    pub note: Option<String>,
    /// Where it comes from.
    pub sources: Vec<Cited>,
    /// Where it is less sure than its sources.
    pub sure: Option<String>,
    /// The day on which a person last held it against them.
    pub checked: Option<String>,
    /// The table that it stands in.
    pub table: Option<Stands>,
    /// Other things to read.
    pub see: Vec<String>,
}

impl Entry {
    fn new(kind: Sort, id: impl Into<String>, title: impl Into<String>) -> Entry {
        Entry {
            kind,
            id: id.into(),
            names: Vec::new(),
            title: title.into(),
            text: None,
            details: Details::default(),
            examples: Vec::new(),
            note: None,
            sources: Vec::new(),
            sure: None,
            checked: None,
            table: None,
            see: Vec::new(),
        }
    }

    fn named(mut self, name: impl AsRef<str>) -> Entry {
        let name = name.as_ref().to_lowercase();
        if !name.is_empty() {
            self.names.push(name);
        }
        self
    }

    /// Puts what tables say into another language; it is found by its English names too.
    fn translate(&mut self, translations: &Translations) {
        let of = |english: &mut String| *english = translations.table(english).to_owned();
        of(&mut self.title);
        self.names.push(self.title.to_lowercase());
        self.text.iter_mut().chain(&mut self.note).chain(&mut self.examples).for_each(of);
        self.sources.iter_mut().for_each(|source| of(&mut source.title));
        for (_, value) in &mut self.details.0 {
            match value {
                Value::String(text) => of(text),
                Value::Array(list) => list.iter_mut().for_each(|entry| {
                    if let Value::String(text) = entry {
                        of(text);
                    }
                }),
                _ => {}
            }
        }
    }

    fn detail(&mut self, key: &str, value: impl Into<Value>) {
        self.details.0.push((key.to_owned(), value.into()));
    }
}

/// Everything that can be explained.
#[derive(Clone, Debug)]
pub struct Glossary {
    /// All of it, by kind and then as the tables have it.
    pub entries: Vec<Entry>,
    /// The words around it.
    pub book: Book,
}

impl Glossary {
    /// Everything in the tables: of methods the one chosen; of practices the one chosen with what it builds on, else all.
    ///
    /// # Errors
    /// If a table is not there or does not hold together.
    pub fn of(tables: &Tables, method: &Choice, practice: Option<&Choice>, language: Language) -> Result<Glossary, TableError> {
        let book = Book::of(language);
        let translations = Translations::of(language);
        let mut entries = tables::entries(tables, method, practice)?;
        entries.extend(format::entries(&book, &tables.method(method)?.table, &entries));
        entries.extend(book.topics());
        let provisions = provisions::entries(&book, &entries);
        entries.extend(provisions);
        for entry in &mut entries {
            let own = [entry.id.to_lowercase(), entry.title.to_lowercase()];
            entry.names.extend(own);
            entry.translate(&translations);
        }
        entries.sort_by_key(|e| e.kind);
        Ok(Glossary { entries, book })
    }

    /// The entries of a kind.
    pub fn of_kind(&self, kind: Sort) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| e.kind == kind)
    }
}
