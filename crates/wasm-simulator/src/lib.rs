//! The simulator for JavaScript: a fake of Microsoft Graph and its sign-in, for tests and rehearsals.
//!
//! JSON crosses to JavaScript as text, and bodies as bytes beside it. crates/wasm/npm/src/simulator.ts makes a `fetch` of it.

use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::operation::Sent;
use agentuser_simulator::options::SimulatorOptions;
use agentuser_simulator::{Delivered, Embedded, Refused};
use serde_json::{Value, json};
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// A sentence, which JavaScript throws.
type Thrown = String;

/// A simulator. Times are in milliseconds, from its start and of a clock that never goes back.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulator(Embedded);

#[wasm_bindgen]
impl Simulator {
    /// A simulator with options as JSON. `unix` is the wall clock, in milliseconds since 1970; `secret` is random.
    ///
    /// # Errors
    /// Everything that is wrong with the options, each with its place.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::cast_possible_truncation, reason = "a wall clock's milliseconds are far below 2^53")]
    pub fn new(options: &str, unix: f64, secret: u64) -> Result<Self, Thrown> {
        let options = SimulatorOptions::parse(options.as_bytes())?;
        Ok(Self(Embedded::new(&options, unix as i64, secret)?))
    }

    /// Graph's root.
    #[must_use]
    pub fn root(&self) -> String {
        self.0.root().to_owned()
    }

    /// The token that may do everything.
    #[must_use]
    pub fn token(&self) -> String {
        self.0.token().to_owned()
    }

    /// Sends a request, whose head is an array of method, URL and header fields. Gives its fate.
    ///
    /// # Errors
    /// When the JSON is not such a head, or the method is not one of Graph's.
    pub fn send(&mut self, real: f64, head: &str, body: Vec<u8>) -> Result<Fate, Thrown> {
        let (method, url, fields) = serde_json::from_str::<(String, String, Vec<(String, String)>)>(head)
            .map_err(|error| error.to_string())?;
        let methods = [Method::Get, Method::Post, Method::Patch, Method::Put, Method::Delete];
        let known = methods.into_iter().find(|known| known.as_str() == method);
        let method = known.ok_or_else(|| format!("The simulator does not take the method {method}."))?;
        let (own, others): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let mut headers = Headers::new();
        for (name, value) in others {
            headers.push(name, value);
        }
        let authorization = own.first().map(|(_, value)| value.as_str());
        let request = Request { method, url, headers, body };
        let delivery = self.0.deliver(time(real), authorization, request);
        Ok(Fate { after: delivery.after.as_secs_f64() * 1000.0, outcome: delivery.outcome })
    }

    /// Looks at what Graph does not show, by name. Gives JSON; none for a name that there is not.
    #[must_use]
    pub fn look(&mut self, real: f64, name: &str) -> Option<String> {
        self.0.look(time(real), name).as_ref().map(Value::to_string)
    }

    /// Orders what Graph does not do, by name and with its JSON. Gives JSON.
    ///
    /// # Errors
    /// The name is not that of an order, or the order can't be carried out.
    pub fn order(&mut self, real: f64, name: &str, json: &str) -> Result<String, Thrown> {
        let done = self.0.order(time(real), name, json.as_bytes());
        done.map(|value| value.to_string()).map_err(|Refused { message, .. }| message)
    }
}

/// The fate of a request.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Fate {
    after: f64,
    outcome: Delivered,
}

#[wasm_bindgen]
impl Fate {
    /// How long after the request it comes, in milliseconds.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn after(&self) -> f64 {
        self.after
    }

    /// The head of an answer, as an array of status and header fields; else why there is none: `refused`, `lost` or `never`.
    #[must_use]
    pub fn head(&self) -> String {
        match &self.outcome {
            Delivered::Response(Response { status, headers, .. }) => {
                let fields: Vec<_> = headers.iter().map(|(name, value)| json!([name, value])).collect();
                json!([status, fields]).to_string()
            }
            Delivered::Lost { sent: Sent::No } => "\"refused\"".to_owned(),
            Delivered::Lost { sent: Sent::Maybe } => "\"lost\"".to_owned(),
            Delivered::Never => "\"never\"".to_owned(),
        }
    }

    /// Hands out the body of an answer.
    #[must_use]
    pub fn body(&mut self) -> Vec<u8> {
        match &mut self.outcome {
            Delivered::Response(response) => std::mem::take(&mut response.body),
            Delivered::Lost { .. } | Delivered::Never => Vec::new(),
        }
    }
}

fn time(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}
