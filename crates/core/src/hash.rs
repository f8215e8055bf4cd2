//! Numbers that look random and never change: for jitter, shards and the scenarios of tests. They are not for secrets.

/// The golden ratio in 64 bits, splitmix64's increment.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A number that depends on all of its parts and looks random (splitmix64). Same parts, same number.
#[must_use]
pub fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(GOLDEN, |state, part| scramble((state ^ part).wrapping_add(GOLDEN)))
}

/// The finalizer of splitmix64: each bit of the result depends on each bit of `z`.
#[must_use]
pub const fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a text, stable across runs and machines (FNV-1a).
#[must_use]
#[inline]
pub fn text_key(text: &str) -> u64 {
    bytes_key(text.as_bytes())
}

/// The same for bytes that need not be text.
#[must_use]
#[inline]
pub fn bytes_key(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
