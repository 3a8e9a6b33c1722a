//! The answers of an incident as rules look at them: every fact is read once, and looked at many times.

use crate::bits::Entries;
use crate::fact::{self, COUNT, EVERY_ITEM, FACTS, Fact, Key, Value};
use crate::incident::Incident;
use crate::incident::words::{Category, Word};

/// What an incident says at every fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet([Value; COUNT]);

impl Sheet {
    /// Nothing at any.
    pub const BLANK: Sheet = Sheet([Value::LeftOut; COUNT]);

    /// Of an incident, as everybody reads it.
    pub fn of(incident: &Incident) -> Sheet {
        let mut sheet = Sheet::BLANK;
        sheet.0.iter_mut().zip(FACTS.iter()).for_each(|(value, fact)| *value = fact.read(incident));
        sheet
    }

    /// What stands at a fact.
    pub fn at(&self, fact: &Fact) -> Value {
        self.0[fact.index()]
    }

    /// The word at a fact, where one is known.
    pub fn word<T: Word>(&self, fact: &Fact) -> Option<T> {
        match self.at(fact) {
            Value::Word(_, place) => T::all().get(usize::from(place)).copied(),
            _ => None,
        }
    }

    /// Puts another value at a fact.
    pub fn put(&mut self, fact: &Fact, value: Value) {
        self.0[fact.index()] = value;
    }

    /// Puts another answer of the incident at a fact, with what hangs together with it.
    pub fn answer(&mut self, fact: &Fact, value: Value, incident: &Incident) {
        self.put(fact, value);
        let of = |key| fact.data().map(|(category, _)| Fact::of_data(category, key));
        match (fact.data(), value) {
            (Some((_, Key::Affected)), Value::Flag(false)) => {
                let none = Value::List(Entries::NONE, false);
                let hanging = [(Key::Items, none), (Key::Level, Value::Number(0.0)), (Key::Because, none)];
                hanging.into_iter().filter_map(|(key, value)| Some((of(key)?, value))).for_each(|(fact, value)| self.put(fact, value));
                self.put(&EVERY_ITEM, self.every_item());
            }
            (Some((category, Key::Level)), level) => {
                let factors = if level == Value::Unknown { level } else { fact::factors(incident, category) };
                self.put(Fact::of_data(category, Key::Because), factors);
            }
            _ => {}
        }
    }

    /// Makes it the same as another again where an answer was put.
    pub fn put_back(&mut self, fact: &Fact, from: &Sheet) {
        self.put(fact, from.at(fact));
        if let Some((category, _)) = fact.data() {
            [Key::Items, Key::Affected, Key::Level, Key::Because]
                .map(|key| Fact::of_data(category, key))
                .iter()
                .for_each(|of| self.put(of, from.at(of)));
            self.put(&EVERY_ITEM, from.at(&EVERY_ITEM));
        }
    }

    /// The items of all categories.
    fn every_item(&self) -> Value {
        let items = Category::all().iter().map(|category| self.at(Fact::of_data(*category, Key::Items)));
        let (types, more) = items.fold((Entries::NONE, false), |(types, more), items| match items {
            Value::List(of, open) => (types.with(&of), more | open),
            _ => (types, more),
        });
        Value::List(types, more)
    }
}
