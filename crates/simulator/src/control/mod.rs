//! A simulator's own requests, which Graph and Entra do not have: JSON in and out.

mod look;
mod network;
mod orders;

pub(crate) use look::{clients, objects, permissions, state, stats, writes};
pub(crate) use network::network;
pub(crate) use orders::{approver, certificate, consent, device_code, policies, revoke, script, user_token};

use crate::options::read;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// The most seconds by which the clock moves.
const FURTHEST: u64 = 10 * 366 * 24 * 3_600;

/// The reason why an order is not carried out, as Graph would say it.
#[derive(Debug)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: &'static str,
    /// The message.
    pub message: String,
}

/// The result of an order.
pub(crate) type Ordered = Result<Value, Refused>;

pub(crate) fn wrong(message: impl Into<String>) -> Refused {
    Refused { status: 400, code: "BadRequest", message: message.into() }
}

/// An order, read from JSON.
pub(crate) fn order<T: DeserializeOwned>(json: &[u8]) -> Result<T, Refused> {
    read(json).map_err(wrong)
}

/// How much later it is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

/// Reads by how much the clock is to move.
pub(crate) fn advance(json: &[u8]) -> Result<Duration, Refused> {
    let Advance { seconds } = order(json)?;
    if seconds > FURTHEST {
        return Err(wrong("The clock moves by ten years at most."));
    }
    Ok(Duration::from_secs(seconds))
}
