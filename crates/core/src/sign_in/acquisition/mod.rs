//! The engine that gets tokens, keeps them, and renews them in time.
//!
//! `run` is what a host polls. An ask is served from the `cache`, or waits for a `fetch`: an `async fn` that reads from
//! top to bottom, and awaits the futures of `pending`. All of them work on one `table`.

mod cache;
mod demands;
mod failures;
mod fetch;
mod key;
mod leg;
mod pending;
mod refusal;
mod requests;
mod run;
mod settings;
mod silence;
mod step;
mod table;
mod turns;

pub use run::Acquisition;
pub use settings::AcquisitionSettings;
pub use step::{AskId, Demand, DemandAnswer, DemandId, DemandKind, Granted, Outgoing, Renewal, Step, Wanted};
