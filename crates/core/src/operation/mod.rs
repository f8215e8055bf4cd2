//! Operations: async inside, poll outside.
//!
//! A flow is a plain `async fn` over [`Graph`]. [`Session::start`] turns it into an [`Operation`], which a host
//! polls with the time and feeds with answers. Between the two lies the exchange: an in-memory table of requests
//! and timers. Nothing here does I/O.
//!
//! A request passes [`Graph`], which repeats it as [`retry`] says; the exchange, which queues it and packs it into batches;
//! and the budget, the one place that decides when a request of a class may go.

mod batch;
mod budget;
mod cancel;
mod exchange;
mod failure;
mod graph;
mod ids;
mod items;
mod quotas;
mod record;
pub mod retry;
mod run;
mod session;
mod silence;
mod step;

pub use cancel::Canceller;
pub use failure::Failure;
pub use graph::Graph;
#[cfg(feature = "confidential")]
pub(crate) use ids::{CLIENT_REQUEST_ID, Ids};
pub use items::Items;
pub use quotas::{Quotas, TenantSize};
pub(crate) use record::Changed;
#[cfg(feature = "confidential")]
pub(crate) use record::path;
pub use record::{ChangeOutcome, ChangeRecord, LossKind, Record, Recording, RequestRecord};
pub use run::Operation;
pub use session::{Limits, Session, Settings};
#[cfg(feature = "confidential")]
pub(crate) use silence::Silence;
pub use step::{
    Accepted, Answer, Event, Loss, Outgoing, RejectedToken, RequestId, Sent, StageCount, Step, TokenOwner,
    TokenTag, Waiting,
};
