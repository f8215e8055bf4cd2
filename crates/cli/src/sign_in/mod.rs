//! Signing in: which way, where and as whom, by flags, then variables, then the profile.

mod application;
mod certificate;
mod prompt;
mod signed_in;
mod target;
mod way;

pub(crate) use application::{application, refuse_agent, settings};
pub(crate) use prompt::Terminal;
pub(crate) use signed_in::{SignedIn, Unattended};
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
