//! Reading an object of a plan member by member, with every broken rule and its place.

use crate::ObjectId;
use crate::validate::{RuleCode, Violation, Violations, object_id};
use serde_json::{Map, Value};

/// An object whose members are taken one by one. Those that are left are unknown.
pub(super) struct Fields<'a> {
    members: Map<String, Value>,
    /// The object's place, such as `changes[3].`; empty for the plan itself.
    place: String,
    broken: &'a mut Violations,
}

impl<'a> Fields<'a> {
    pub(super) fn new(members: Map<String, Value>, place: String, broken: &'a mut Violations) -> Self {
        Self { members, place, broken }
    }

    /// Notes a broken rule of a member.
    pub(super) fn broken(&mut self, code: RuleCode, name: &str, message: impl Into<String>, fix: &str) {
        let field = format!("{}{name}", self.place);
        self.broken.push(Violation::new(code, field, message, fix));
    }

    /// The same for rules that a part of the library found broken.
    pub(super) fn keep<T>(&mut self, name: &str, result: Result<T, Vec<Violation>>) -> Option<T> {
        let field = format!("{}{name}", self.place);
        let named = |all: Vec<Violation>| all.into_iter().map(|one| one.of_field(field.clone())).collect();
        self.broken.keep(result.map_err(named))
    }

    /// A member that may be absent.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    /// A member that must be there.
    pub(super) fn need(&mut self, name: &str) -> Option<Value> {
        let value = self.take(name);
        if value.is_none() {
            self.broken(RuleCode::Required, name, "The member is missing.", AS_PLANNED);
        }
        value
    }

    /// The value, or a violation that it is not `wanted`.
    pub(super) fn kind<T>(&mut self, name: &str, value: Option<T>, wanted: &str) -> Option<T> {
        if value.is_none() {
            self.broken(RuleCode::WrongKind, name, format!("The value is not {wanted}."), AS_PLANNED);
        }
        value
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.need(name)?;
        self.read_text(name, value)
    }

    /// A text that may be absent.
    pub(super) fn text_or_none(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        self.read_text(name, value)
    }

    fn read_text(&mut self, name: &str, value: Value) -> Option<String> {
        let text = match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        self.kind(name, text, "a text")
    }

    /// An array of texts; empty where it may be absent and is.
    pub(super) fn texts(&mut self, name: &str, needed: bool) -> Option<Vec<String>> {
        let Some(value) = (if needed { self.need(name) } else { self.take(name) }) else {
            return (!needed).then(Vec::new);
        };
        let texts = match value {
            Value::Array(values) => values
                .into_iter()
                .map(|value| match value {
                    Value::String(text) => Some(text),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        self.kind(name, texts, "an array of texts")
    }

    /// An object id that may be absent.
    pub(super) fn id_or_none(&mut self, name: &str) -> Option<ObjectId> {
        let text = self.text_or_none(name)?;
        self.keep(name, object_id("id", &text).map_err(|one| vec![one]))
    }

    /// An object id that must be there.
    pub(super) fn id(&mut self, name: &str) -> Option<ObjectId> {
        let text = self.text(name)?;
        self.keep(name, object_id("id", &text).map_err(|one| vec![one]))
    }

    /// An object that must be there.
    pub(super) fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        let object = match self.need(name)? {
            Value::Object(members) => Some(members),
            _ => None,
        };
        self.kind(name, object, "an object")
    }

    /// The members of an object that was taken out of this one.
    pub(super) fn below(&mut self, name: &str, members: Map<String, Value>) -> Fields<'_> {
        Fields { members, place: format!("{}{name}.", self.place), broken: self.broken }
    }

    /// Notes every member that was not taken.
    pub(super) fn finish(mut self) {
        let left = std::mem::take(&mut self.members);
        for (name, _) in left {
            self.broken(RuleCode::UnknownMember, &name, "A plan has no such member.", AS_PLANNED);
        }
    }
}

/// The fix of whatever is wrong in a plan.
pub(super) const AS_PLANNED: &str = "Use the plan as it was written, or plan again.";
