//! The version of the library, and other facts about it.

use crate::handle;
use crate::status::{self, agentuser_status};
use crate::text::agentuser_str;

/// The version of this header. A program works with a library whose agentuser_abi_version() says the same number.
/// Additions leave it as it is; it changes when something that was there changes.
pub const AGENTUSER_ABI_VERSION: u32 = 1;

/// The version of the ABI that this library has: compare it with AGENTUSER_ABI_VERSION before anything else.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn agentuser_abi_version() -> u32 {
    AGENTUSER_ABI_VERSION
}

/// The version of this library, such as `0.1.0`. The text is never freed.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn agentuser_version() -> agentuser_str {
    agentuser_str::of(env!("CARGO_PKG_VERSION").as_bytes())
}

/// The name of a status, such as `NOT_A_HANDLE`; absent for a number that this library does not know. The text is
/// never freed.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn agentuser_status_name(status: agentuser_status) -> agentuser_str {
    agentuser_str::maybe(status::name(status))
}

/// How many handles of all kinds are alive, so that a program can check that it freed them all.
///
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn agentuser_live_handles() -> usize {
    handle::count()
}
