//! An operation under way.

use crate::{Thrown, thrown, whole};
use agentuser_core::Now;
use agentuser_core::json;
use agentuser_core::operation::{Accepted, RequestId};
use std::fmt;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// An operation that JavaScript polls and feeds with answers.
#[wasm_bindgen]
pub struct Operation {
    operation: json::Operation,
    /// Of requests that JavaScript has not begun to send: a few at a time.
    bodies: Vec<(RequestId, Vec<u8>)>,
}

impl Operation {
    pub(crate) fn new(operation: json::Operation) -> Self {
        Self { operation, bodies: Vec::new() }
    }
}

#[wasm_bindgen]
impl Operation {
    /// The next step as JSON. `mono` counts milliseconds and never goes back; `unix` is the wall clock.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a wall clock's milliseconds are far below 2^53")]
    pub fn poll(&mut self, mono: f64, unix: f64) -> String {
        let mono = Duration::try_from_secs_f64(mono / 1000.0).unwrap_or_default();
        let (json, bodies) = json::step_json(self.operation.poll(Now { mono, unix_ms: unix as i64 }));
        self.bodies.extend(bodies);
        json
    }

    /// Hands out the body of a request that the last step wants sent; none when it has none.
    #[must_use]
    pub fn body(&mut self, id: f64) -> Option<Vec<u8>> {
        let place = self.bodies.iter().position(|(of, _)| *of == request(id))?;
        Some(self.bodies.swap_remove(place).1)
    }

    /// Hands back what came of a request. Says whether anybody waited for it.
    ///
    /// # Errors
    /// When the JSON is no answer.
    pub fn answer(&mut self, id: f64, json: &str, body: Vec<u8>) -> Result<bool, Thrown> {
        let answer = json::answer(json.as_bytes(), body).map_err(thrown)?;
        Ok(self.operation.answer(request(id), answer) == Accepted::Used)
    }

    /// The request waits for a token: its time does not run.
    #[wasm_bindgen(js_name = tokenPending)]
    pub fn token_pending(&mut self, id: f64) {
        self.operation.token_pending(request(id));
    }

    /// Whether the request may leave now; else it was given up.
    #[wasm_bindgen(js_name = maySend)]
    pub fn may_send(&mut self, id: f64) -> bool {
        self.operation.may_send(request(id)) == Accepted::Used
    }

    /// Asks it to end in good order. It takes effect with the next poll.
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
