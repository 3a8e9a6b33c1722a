//! JSON Schemas (draft 2020-12) of every file kind, so that editors complete and check while somebody types.
//!
//! The incident's comes from the table that its reader uses, the tables' from the types that read them. What JSON Schema cannot say (that a level of
//! its own needs a fitting reason, that a key stands once) is left to `breach assess`.

mod incident;
mod result;

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::country::Country;
use crate::form::Form;
use crate::guide::Guide;
use crate::method::Method;
use crate::practice::PracticeTable;
use crate::regime::RegimeTable;

/// A kind of file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// The incident file, format 1.
    Incident,
    /// The result of `assess`, and what stands in its place for a bad input.
    Assessment,
    /// A case file: an incident with its source and what it ought to give.
    Case,
    /// A method.
    Method,
    /// A practice.
    Practice,
    /// A regime.
    Regime,
    /// A country.
    Country,
    /// A form for drafts.
    Form,
    /// The house's settings.
    Config,
    /// The result of `check`.
    Check,
}

impl Kind {
    /// The name as it is typed.
    pub fn id(self) -> &'static str {
        self.into()
    }
}

/// The dialect of all schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a kind of file; data types are the method's, descriptions the guide's.
pub fn schema(kind: Kind, method: &Method, guide: &Guide) -> Value {
    let mut schema = match kind {
        Kind::Incident => incident::incident(method, guide),
        Kind::Case => incident::case(method, guide),
        Kind::Config => incident::config(method, guide),
        Kind::Assessment => result::assessment(),
        Kind::Check => result::check(),
        Kind::Method => derived::<Method>(),
        Kind::Practice => derived::<PracticeTable>(),
        Kind::Regime => derived::<RegimeTable>(),
        Kind::Country => derived::<Country>(),
        Kind::Form => derived::<Form>(),
    };
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".into(), DIALECT.into());
        object.insert("title".into(), format!("breach: {}", kind.id()).into());
    }
    schema
}

/// The schema as a file holds it.
pub fn text(kind: Kind, method: &Method, guide: &Guide) -> String {
    format!("{:#}\n", schema(kind, method, guide))
}

fn derived<T: schemars::JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    // the key of the head of every table
    schema["properties"]["schema"] = json!({ "const": 1, "description": "the form of this file" });
    schema
}

/// TOML has no null: what may be left out is left out.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(without_null),
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|t| t != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    object.insert("type".into(), one);
                }
            }
            if let Some(Value::Array(any)) = object.get_mut("anyOf") {
                any.retain(|s| s["type"] != "null");
                if let [Value::Object(one)] = any.as_slice() {
                    let one = one.clone();
                    object.remove("anyOf");
                    object.extend(one);
                }
            }
            object.remove("default");
            object.values_mut().for_each(without_null);
        }
        _ => {}
    }
}
