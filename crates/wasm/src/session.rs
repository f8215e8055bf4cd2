//! What the operations of one client share.

use crate::operation::Operation;
use crate::{Thrown, thrown, whole};
use agentuser_core::json::{self, Config, OperationRequest};
use agentuser_core::operation::{self, Limits};
use wasm_bindgen::prelude::wasm_bindgen;

/// Where Graph is, how long to wait for what, and what throttling has taught.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(operation::Session);

#[wasm_bindgen]
impl Session {
    /// A session with this configuration.
    ///
    /// # Errors
    /// The configuration's problem.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<Self, Thrown> {
        let config = Config::parse(config.as_bytes()).map_err(thrown)?;
        // An item is taken as soon as it is there, or nobody polls.
        let limits = Limits { items: 1, ..config.limits() };
        Ok(Self(operation::Session::new(config.settings()).with_limits(limits)))
    }

    /// The scope of the tokens it needs.
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{}/.default", self.0.settings().root.origin())
    }

    /// An operation, with the bytes that belong to it. Nothing runs before its first poll.
    ///
    /// # Errors
    /// What is wrong with the request.
    pub fn start(&self, json: &str, input: Vec<u8>, seed: f64) -> Result<Operation, Thrown> {
        let request = OperationRequest::parse(json.as_bytes(), input).map_err(thrown)?;
        Ok(Operation::new(json::start(&self.0, whole(seed), request)))
    }
}
