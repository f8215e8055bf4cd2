//! Random numbers of the system.

use agentuser_core::problem::{Code, Problem};
use ring::rand::{SecureRandom as _, SystemRandom};
use std::time::{SystemTime, UNIX_EPOCH};

/// `N` random bytes of the system, for values that must not be guessed.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map(|()| bytes)
        .map_err(|_| Problem::new(Code::Internal, "The system gives no random numbers."))
}

/// A seed for ids and jitter. Nothing secret depends on it.
pub(super) fn seed() -> u64 {
    bytes().map_or_else(
        |_| {
            let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            unix.as_secs().rotate_left(30) ^ u64::from(unix.subsec_nanos()) ^ u64::from(std::process::id())
        },
        u64::from_le_bytes,
    )
}
