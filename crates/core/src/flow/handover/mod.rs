//! Handing over what a leaver is the manager or a sponsor of (docs/graph.md#handing-over): the one who follows is seen before the
//! leaver goes, and nobody is left without a sponsor.

mod find;
mod pairs;
mod parents;
mod plan;
mod request;

pub use plan::plan_handover;
pub use request::{HandedOver, HandoverRequest, Leaver};
