//! An operation under way.

use crate::{Thrown, thrown, whole};
use agentuser_core::Now;
use agentuser_core::json::{self, Item, Output, StepJson};
use agentuser_core::operation::{Accepted, RequestId, Step};
use std::fmt;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// An operation that JavaScript polls and feeds with answers.
#[wasm_bindgen]
pub struct Operation {
    operation: json::Operation,
    step_json: fn(Step<Item, Output>) -> StepJson,
    /// The bodies of requests that JavaScript has not begun to send: a few at a time.
    bodies: Vec<(RequestId, Vec<u8>)>,
}

impl Operation {
    pub(crate) fn new(operation: json::Operation, step_json: fn(Step<Item, Output>) -> StepJson) -> Self {
        Self { operation, step_json, bodies: Vec::new() }
    }
}

#[wasm_bindgen]
impl Operation {
    /// The next step as JSON. `mono` is a clock in milliseconds that never goes back; `unix` is the wall clock, in
    /// milliseconds since 1970.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a wall clock's milliseconds are far below 2^53")]
    pub fn poll(&mut self, mono: f64, unix: f64) -> String {
        let mono = Duration::try_from_secs_f64(mono / 1000.0).unwrap_or_default();
        let (json, bodies) = (self.step_json)(self.operation.poll(Now { mono, unix_ms: unix as i64 }));
        self.bodies.extend(bodies);
        json
    }

    /// Hands out the body of a request of the last step; none when the request has none.
    #[must_use]
    pub fn body(&mut self, id: f64) -> Option<Vec<u8>> {
        let place = self.bodies.iter().position(|(of, _)| *of == request(id))?;
        Some(self.bodies.swap_remove(place).1)
    }

    /// Hands back the answer to a request. True when the operation waited for it.
    ///
    /// # Errors
    /// When the JSON is not an answer.
    pub fn answer(&mut self, id: f64, json: &str, body: Vec<u8>) -> Result<bool, Thrown> {
        let answer = json::answer(json.as_bytes(), body).map_err(thrown)?;
        Ok(self.operation.answer(request(id), answer) == Accepted::Used)
    }

    /// Tells that a request waits for a token: until `maySend`, it can't time out.
    #[wasm_bindgen(js_name = tokenPending)]
    pub fn token_pending(&mut self, id: f64) {
        self.operation.token_pending(request(id));
    }

    /// Whether the request may be sent now; false when the operation has given it up.
    #[wasm_bindgen(js_name = maySend)]
    pub fn may_send(&mut self, id: f64) -> bool {
        self.operation.may_send(request(id)) == Accepted::Used
    }

    /// Asks the operation to end in good order, from its next poll on.
    pub fn cancel(&self) {
        self.operation.canceller().cancel();
    }
}

fn request(id: f64) -> RequestId {
    RequestId::from_number(whole(id))
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.operation.fmt(f)
    }
}
