//! A text of a table in several languages.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

use crate::language::Language;

/// A text in English and, where the table's author wrote it, in other languages of the program. What the built-in tables say in other languages stands in
/// `data/texts/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tongues {
    /// In English.
    pub en: String,
    others: BTreeMap<String, String>,
}

impl Tongues {
    /// What the author wrote in a language.
    pub fn of(&self, language: Language) -> Option<&str> {
        if language == Language::ENGLISH { Some(&self.en) } else { self.others.get(language.id()).map(String::as_str) }
    }
}

impl<'de> Deserialize<'de> for Tongues {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let mut others = BTreeMap::<String, String>::deserialize(input)?;
        if let Some(strange) = others.keys().find(|id| !Language::IDS.contains(&id.as_str())) {
            return Err(D::Error::unknown_field(strange, Language::IDS));
        }
        let en = others.remove(Language::ENGLISH.id()).ok_or_else(|| D::Error::missing_field(Language::ENGLISH.id()))?;
        Ok(Tongues { en, others })
    }
}

impl JsonSchema for Tongues {
    fn schema_name() -> Cow<'static, str> {
        "Tongues".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let languages: BTreeMap<&str, _> = Language::IDS.iter().map(|id| (*id, json_schema!({ "type": "string" }))).collect();
        json_schema!({
            "description": "A text in English and in other languages of the program.",
            "type": "object",
            "properties": languages,
            "additionalProperties": false,
            "required": [Language::ENGLISH.id()],
        })
    }
}
