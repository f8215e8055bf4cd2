//! Seeded numbers. The only source of variety here: no randomness, no clock.

use agentuser_core::ObjectId;
use agentuser_core::hash::{bytes_key, scramble};
use std::time::Duration;

/// A keyed hash, fed word by word. Equal seed and words give an equal number, on every platform.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hash(u64);

impl Hash {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(scramble(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) const fn word(self, word: u64) -> Self {
        Self(scramble(self.0.rotate_left(23) ^ scramble(word.wrapping_add(0x2545_f491_4f6c_dd1d))))
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        self.word(bytes_key(bytes)).word(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
    }

    pub(crate) fn id(self, id: ObjectId) -> Self {
        let value = id.as_u128();
        self.word(low(value)).word(low(value >> 64))
    }

    pub(crate) const fn finish(self) -> u64 {
        self.0
    }

    /// A GUID of version 4 form.
    pub(crate) fn guid(self) -> ObjectId {
        let high = u128::from(self.word(1).0);
        let value = (high << 64) | u128::from(self.word(2).0);
        let version = value & !(0xf << 76) | (0x4 << 76);
        ObjectId::from_u128(version & !(0x3 << 62) | (0x2 << 62))
    }

    /// A duration from zero to `most`, both included, in whole milliseconds.
    pub(crate) fn up_to(self, most: Duration) -> Duration {
        let ms = u64::try_from(most.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis(self.0 % ms.saturating_add(1))
    }

    /// One of `n` cases, from zero.
    pub(crate) fn below(self, n: u64) -> u64 {
        self.0 % n.max(1)
    }
}

#[allow(clippy::cast_possible_truncation)]
const fn low(value: u128) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_of_version_four() {
        for n in 0..200 {
            let text = Hash::new(7).word(n).guid().to_string();
            assert_eq!(text.as_bytes()[14], b'4', "{text}");
            assert!(b"89ab".contains(&text.as_bytes()[19]), "{text}");
        }
    }

    #[test]
    fn words_matter_and_their_order_does() {
        let base = Hash::new(1).word(2).word(3).finish();
        assert_eq!(base, Hash::new(1).word(2).word(3).finish());
        assert_ne!(base, Hash::new(1).word(3).word(2).finish());
        assert_ne!(base, Hash::new(2).word(2).word(3).finish());
        assert_ne!(Hash::new(0).text("ab").finish(), Hash::new(0).text("ba").finish());
    }

    #[test]
    fn durations_reach_both_ends() {
        let most = Duration::from_millis(3);
        let seen: std::collections::BTreeSet<_> =
            (0..100).map(|n| Hash::new(3).word(n).up_to(most).as_millis()).collect();
        assert_eq!(seen, [0, 1, 2, 3].into());
        assert_eq!(Hash::new(3).up_to(Duration::ZERO), Duration::ZERO);
    }
}
