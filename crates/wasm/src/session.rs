//! A session, which the operations of one client share.

use crate::operation::Operation;
use crate::{Thrown, thrown, whole};
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{self, Limits};
use wasm_bindgen::prelude::wasm_bindgen;

/// Requests in flight at a time, unless the configuration says otherwise. A browser opens six connections to a host
/// over HTTP/1.1, and Graph speaks HTTP/2.
const IN_FLIGHT: usize = 16;

/// The configuration of a client, and what its operations have learned from throttling.
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
    /// When the configuration is not such JSON, or can't be used.
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
    /// When the JSON is not such a request; every broken rule of its parameters.
    pub fn start(&self, json: &str, input: Vec<u8>, seed: f64) -> Result<Operation, Thrown> {
        let request = OperationRequest::parse(json.as_bytes(), input).map_err(thrown)?;
        // JavaScript takes each item before it polls again.
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
