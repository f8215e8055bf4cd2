//! What the operations of one client share.

use crate::operation::Operation;
use crate::{Thrown, thrown, whole};
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{self, Limits};
use wasm_bindgen::prelude::wasm_bindgen;

/// Requests in flight at a time, unless the configuration says otherwise. A browser opens six connections to a host
/// over HTTP/1.1, and Graph speaks HTTP/2.
const IN_FLIGHT: usize = 16;

/// Where Graph is, how long to wait for what, and what throttling has taught.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    session: operation::Session,
    in_flight: usize,
    batch: usize,
}

#[wasm_bindgen]
impl Session {
    /// A session with this configuration.
    ///
    /// # Errors
    /// The configuration's problem.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<Self, Thrown> {
        let config = Config::parse(config.as_bytes()).map_err(thrown)?;
        let in_flight = config.in_flight().unwrap_or(IN_FLIGHT);
        let batch = config.batch();
        Ok(Self { session: operation::Session::new(config.settings()), in_flight, batch })
    }

    /// The scope of the tokens it needs.
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{}/.default", self.session.settings().root.origin())
    }

    /// An operation, with the bytes that belong to it. Nothing runs before its first poll.
    ///
    /// # Errors
    /// What is wrong with the request.
    pub fn start(&self, json: &str, input: Vec<u8>, seed: f64) -> Result<Operation, Thrown> {
        let request = OperationRequest::parse(json.as_bytes(), input).map_err(thrown)?;
        // An item is taken as soon as it is there, or nobody polls.
        let limits = Limits {
            in_flight: self.in_flight,
            batch: self.batch,
            items: 1,
            seed: whole(seed),
            ..Limits::default()
        };
        Ok(Operation::new(json::start(&self.session, limits, request)))
    }
}
