//! Signing in: which way, where and as whom, by flags, then variables, then the profile.

mod certificate;
mod config;
mod forget;
mod kept;
mod prompt;
mod target;
mod way;

pub(crate) use config::{application, managed_identity, person, refuse_agent, settings};
pub(crate) use forget::{forget, warn};
pub(crate) use kept::{KeptSignIn, Unattended};
pub(crate) use prompt::Terminal;
pub(crate) use target::Target;
pub(crate) use way::{TOKEN, Way};

use crate::profile::Kind;
use agentuser::sign_in::Prompt;

/// The kind of the profile of a person who is asked in this way.
pub(crate) fn kind(prompt: Prompt) -> Kind {
    match prompt {
        Prompt::Browser => Kind::Browser,
        Prompt::DeviceCode => Kind::DeviceCode,
    }
}
