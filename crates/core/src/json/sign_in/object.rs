//! Reads an object that is one of several kinds, and says everything that is wrong with it at once.

use super::table::{Kind, Member};
use crate::problem::Problem;
use crate::validate::{RuleCode, Violation, nearest_name};
use serde_json::{Map, Value};

/// The members of an object, and what was found to be wrong with it and others.
pub(super) struct Object<'a> {
    kind: &'static Kind,
    members: Map<String, Value>,
    /// The prefix of the names of its members in messages, such as `signIn.`.
    place: &'static str,
    broken: &'a mut Vec<Violation>,
}

impl<'a> Object<'a> {
    /// Takes the object that a member is. None, with the reason, where it is something else or of no known kind.
    pub(super) fn read(
        value: Option<Value>,
        kinds: &'static [Kind],
        place: &'static str,
        broken: &'a mut Vec<Violation>,
    ) -> Option<Self> {
        let whole = place.trim_end_matches('.');
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        let (mut members, named) = match value {
            Some(Value::Object(mut members)) => {
                let named = members.remove("kind").unwrap_or_default();
                (members, named)
            }
            None | Some(Value::Null) => {
                let fix = format!("Give {whole} an object with its kind: {}.", names.join(", "));
                broken.push(Violation::new(RuleCode::Required, whole, "A value is required.", fix));
                return None;
            }
            Some(_) => {
                let fix = format!("Give an object with its kind: {}.", names.join(", "));
                broken.push(Violation::new(RuleCode::WrongKind, whole, "The value is not an object.", fix));
                return None;
            }
        };
        let known = named.as_str().and_then(|named| kinds.iter().find(|kind| kind.name == named));
        let Some(kind) = known else {
            let (code, message) = match &named {
                Value::Null => (RuleCode::Required, "A value is required.".to_owned()),
                Value::String(_) => (RuleCode::UnknownKind, "There is no such kind.".to_owned()),
                _ => (RuleCode::WrongKind, "The value is not a text.".to_owned()),
            };
            let near = named.as_str().and_then(|named| nearest_name(named, names.iter().copied()));
            let fix = match near {
                Some(near) => format!("Use {near}."),
                None => format!("Use one of {}.", names.join(", ")),
            };
            broken.push(Violation::new(code, format!("{place}kind"), message, fix));
            return None;
        };
        members.retain(|_, value| !value.is_null());
        let mut object = Self { kind, members, place, broken };
        object.check_names(kinds);
        Some(object)
    }

    pub(super) fn kind(&self) -> &'static str {
        self.kind.name
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Every member belongs to this kind.
    fn check_names(&mut self, kinds: &[Kind]) {
        let strange = self.members.keys().filter(|name| self.kind.member(name).is_none());
        let strange: Vec<String> = strange.cloned().collect();
        for name in strange {
            self.members.remove(&name);
            let others: Vec<&str> =
                kinds.iter().filter(|kind| kind.member(&name).is_some()).map(|kind| kind.name).collect();
            let message = match others.as_slice() {
                [] => "There is no such member.".to_owned(),
                others => format!("It belongs to {}, not to {}.", others.join(", "), self.kind.name),
            };
            let mine = self.kind.required.iter().chain(self.kind.optional).map(|member| member.name);
            let fix = match nearest_name(&name, mine).filter(|_| others.is_empty()) {
                Some(near) => format!("Use {near}."),
                None => "Leave it out.".to_owned(),
            };
            self.add(Violation::new(RuleCode::UnknownMember, name, message, fix));
        }
    }

    /// Keeps a broken rule, whose field is a member of this object.
    pub(super) fn add(&mut self, violation: Violation) {
        let field = format!("{}{}", self.place, violation.field);
        self.broken.push(violation.of_field(field));
    }

    /// Keeps the broken rules of a problem.
    pub(super) fn add_all(&mut self, problem: &Problem, field: &'static str) {
        match problem.violations() {
            [] => self.add(Violation::new(RuleCode::NotUsable, field, problem.message(), problem.fix())),
            all => all.iter().for_each(|violation| self.add(violation.clone())),
        }
    }

    /// The value of a member by this reader; none where it is absent or broken, which is kept.
    pub(super) fn get<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        let text = self.text(name)?;
        read(&text).map_err(|violation| self.add(violation)).ok()
    }

    /// The text of a member; none where it is absent or something else, which is kept.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            Value::String(_) => {
                self.add(Violation::required(name));
                None
            }
            _ => {
                self.wrong(name, "a text");
                None
            }
        }
    }

    /// A member that is true or false; false where it is absent.
    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            Some(Value::Bool(flag)) => flag,
            None => false,
            Some(_) => {
                self.wrong(name, "true or false");
                false
            }
        }
    }

    /// A member as it is; an absent one that this kind needs is kept as broken.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Value> {
        let value = self.members.remove(name);
        let needed = self.kind.required.iter().any(|member: &&Member| member.name == name);
        if value.is_none() && needed {
            self.add(Violation::required(name));
        }
        value
    }

    fn wrong(&mut self, name: &'static str, expected: &str) {
        let (message, fix) = (format!("The value is not {expected}."), format!("Give {expected}."));
        self.add(Violation::new(RuleCode::WrongKind, name, message, fix));
    }

    /// A place to keep the broken rules of an object within this one.
    pub(super) fn broken(&mut self) -> &mut Vec<Violation> {
        self.broken
    }
}
