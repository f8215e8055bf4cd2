//! Numbers that a scenario draws from its seed, one for each purpose, so that leaving one thing out changes no other.
//!
//! The text of a purpose is part of the number: another text would give every seed another scenario.

use agentuser_core::hash::{mix, text_key};

/// Numbers from a seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The draws of one of many equal things.
    pub(crate) fn of(self, what: &str, number: usize) -> Self {
        Self(mix(&[self.0, text_key(what), number as u64]))
    }

    pub(crate) fn number(self, purpose: &str) -> u64 {
        mix(&[self.0, text_key(purpose)])
    }

    /// From zero to one less than `cases`.
    pub(crate) fn below(self, purpose: &str, cases: u32) -> u32 {
        u32::try_from(self.number(purpose) % u64::from(cases.max(1))).unwrap_or_default()
    }

    pub(crate) fn one_in(self, purpose: &str, odds: u32) -> bool {
        self.below(purpose, odds) == 0
    }

    pub(crate) fn pick<T: Copy + Default>(self, purpose: &str, among: &[T]) -> T {
        let cases = u32::try_from(among.len()).unwrap_or(u32::MAX);
        among.get(self.below(purpose, cases) as usize).copied().unwrap_or_default()
    }
}
