//! The core's JSON tier for JavaScript: sessions, operations, and the pure functions.
//!
//! JSON goes over the border as text and bodies as bytes beside it. What is thrown is always text: the JSON of a
//! problem. crates/wasm/npm/src is the layer that people use.

mod offline;
mod operation;
mod session;
mod token;

pub use offline::{derive, explain, validate, validate_member, validate_roster};
pub use operation::Operation;
pub use session::Session;
pub use token::{bearer_text, renew_after};

use agentuser_core::problem::Problem;

/// A problem on its way to JavaScript, which throws it.
type Thrown = String;

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn thrown(problem: Problem) -> Thrown {
    problem.to_json()
}

/// A whole number that JavaScript has as a floating-point one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ids and times are far below 2^53"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
