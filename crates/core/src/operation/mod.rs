//! Operations: async inside, poll outside.
//!
//! A flow is a plain `async fn` over [`Graph`]. [`Session::start`] turns it into an [`Operation`], which a host
//! polls with the time and feeds with answers. Between the two lies the exchange: an in-memory table of requests
//! and timers. Nothing here does I/O.

mod batch;
mod budget;
mod cancel;
mod exchange;
mod graph;
mod items;
mod quotas;
pub mod retry;
mod run;
mod session;
mod step;

pub use cancel::Canceller;
pub use graph::{Failure, Graph};
pub use items::Items;
pub use quotas::{Quotas, TenantSize};
pub use run::Operation;
pub use session::{Limits, Session, Settings};
pub use step::{
    Accepted, Answer, Event, Loss, Outgoing, RejectedToken, RequestId, Sent, Step, TokenOwner, TokenTag,
    Waiting,
};
