//! Taking an agent user out of service, in good order: disabled, signed out, and then as far as was asked for.

mod granted;
mod losses;
mod options;
mod steps;

pub use options::{RetireOptions, RetiredUntil};
pub use steps::retire;
pub(super) use steps::{find, read_skus, retire_it};
