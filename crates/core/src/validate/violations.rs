//! Collecting broken rules, so that all of them are reported at once.

use super::{Violation, object_id};
use crate::ObjectId;

/// The broken rules found so far.
#[derive(Debug, Clone, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes one broken rule.
    pub fn push(&mut self, violation: Violation) {
        self.0.push(violation);
    }

    /// Notes broken rules.
    pub fn extend(&mut self, violations: impl IntoIterator<Item = Violation>) {
        self.0.extend(violations);
    }

    /// The value; without one, its broken rules are noted.
    pub fn keep<T>(&mut self, result: Result<T, Vec<Violation>>) -> Option<T> {
        result.map_err(|violations| self.0.extend(violations)).ok()
    }

    /// As [`Violations::keep`], with the broken rules under this field's name.
    pub fn keep_as<T>(&mut self, field: &'static str, result: Result<T, Vec<Violation>>) -> Option<T> {
        let named =
            |violations: Vec<Violation>| violations.into_iter().map(|one| one.of_field(field)).collect();
        self.keep(result.map_err(named))
    }

    /// The object id that a field holds.
    pub fn object_id(&mut self, field: &'static str, text: &str) -> Option<ObjectId> {
        self.keep(object_id(field, text).map_err(|violation| vec![violation]))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no rule is broken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, if no rule is broken.
    ///
    /// # Errors
    /// Every broken rule.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Violation>> {
        value.filter(|_| self.0.is_empty()).ok_or(self.0)
    }
}

impl From<Violations> for Vec<Violation> {
    fn from(violations: Violations) -> Self {
        violations.0
    }
}
