//! Stopping a blueprint, an agent identity or an agent user at once (docs/graph.md#containing).

mod exceptions;
mod find;
mod plan;
mod request;
mod stop;

pub use plan::plan_contain;
pub use request::{ContainRequest, ContainTarget};
pub use stop::contain;
