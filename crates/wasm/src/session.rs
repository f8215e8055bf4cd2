//! A session, which the operations of one client share.

use crate::operation::Operation;
use crate::{Thrown, thrown, whole};
use agentuser_core::json::{self, Config, FirstRequest, OperationRequest};
use agentuser_core::operation::{self, Limits, TokenTag};
use agentuser_core::token::TokenFacts;
use wasm_bindgen::prelude::wasm_bindgen;

/// The configuration of a client, and what its operations have learned from throttling.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(operation::Session);

#[wasm_bindgen]
impl Session {
    /// A session with this configuration.
    ///
    /// # Errors
    /// When the configuration is not such JSON, or can't be used.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<Self, Thrown> {
        let config = Config::parse(config.as_bytes()).map_err(thrown)?;
        config.require_session().map_err(thrown)?;
        // JavaScript takes each item before it polls again.
        let limits = Limits { items: 1, ..config.limits() };
        Ok(Self(operation::Session::new(config.settings()).with_limits(limits)))
    }

    /// The scope of the tokens that its requests need.
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{}/.default", self.0.settings().graph_endpoint.origin())
    }

    /// Whether `noteToken` was called for the token.
    #[must_use]
    #[wasm_bindgen(js_name = hasNoted)]
    pub fn has_noted(&self, tag: f64) -> bool {
        self.0.has_noted(TokenTag(whole(tag)))
    }

    /// Notes a token before its first answer is handed back: records of changes then say who made them, and a token for
    /// another service is named as such. The token is read and not kept.
    #[wasm_bindgen(js_name = noteToken)]
    pub fn note_token(&self, tag: f64, token: &str) {
        self.0.note_token(TokenTag(whole(tag)), TokenFacts::read(token));
    }

    /// An operation that lists agent users or shows one. Nothing runs before its first poll.
    ///
    /// # Errors
    /// When the JSON is not such a request; every broken rule of its parameters.
    #[wasm_bindgen(js_name = startFirst)]
    pub fn start_first(&self, json: &str, seed: f64) -> Result<Operation, Thrown> {
        let request = FirstRequest::parse(json.as_bytes()).map_err(thrown)?;
        Ok(Operation::new(json::start_first(&self.0, whole(seed), request), json::first_step_json))
    }

    /// Any operation, with the bytes that belong to it. Nothing runs before its first poll.
    ///
    /// # Errors
    /// When the JSON is not such a request; every broken rule of its parameters.
    pub fn start(&self, json: &str, input: Vec<u8>, seed: f64) -> Result<Operation, Thrown> {
        let request = OperationRequest::parse(json.as_bytes(), input).map_err(thrown)?;
        Ok(Operation::new(json::start(&self.0, whole(seed), request), json::step_json))
    }
}
