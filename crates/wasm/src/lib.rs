//! The core's JSON tier for JavaScript: sessions, operations, and the functions that need no network.
//!
//! JSON crosses to JavaScript as text, and bodies as bytes beside it. Everything thrown is the JSON of a problem.
//! crates/wasm/npm/src is the layer that callers use.

mod offline;
mod operation;
mod session;
mod token;

pub use offline::{
    access_policies, derive, explain, explain_code, render_report, validate, validate_member, validate_roster,
};
pub use operation::Operation;
pub use session::Session;
pub use token::{bearer_text, renew_after};

use agentuser_core::problem::Problem;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes known what the second module alone has. It is called once that is loaded, before all else of it.
#[wasm_bindgen]
pub fn arrived() {
    agentuser_core::later::arrived();
}

/// The JSON of a problem, which JavaScript throws.
type Thrown = String;

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn thrown(problem: Problem) -> Thrown {
    problem.to_json()
}

/// A whole number, which JavaScript holds as a floating-point one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ids and times are far below 2^53"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
