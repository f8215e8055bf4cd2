//! Deterministic simulation of the library: a seed is a scenario, a scenario is run on a virtual clock against a
//! simulated tenant, and every invariant is held against what happens. It is for this project's tests alone.
//!
//! - [`Play::draw`] turns a seed into plain data: a tenant, a roster or something done to one user, one client or
//!   two, lags, faults, quotas, others who change the tenant meanwhile, permissions that come and go, deaths and cancellations,
//!   and every contradiction in Microsoft's pages, either way.
//! - [`Play::run`] plays it: the work with all that goes wrong, the work again, and twice more once everything is
//!   well. A model that never asks the library says which ends a row may have.
//! - [`LifeScenario`] does the same for audits and for the ends of lives, and [`SignInScenario`] for sign-ins.
//! - [`Search`] does so for many seeds on many threads; [`smallest`] makes a failing one smaller.
//!
//! The same seed gives the same trace.

mod admin;
mod arena;
mod changes;
mod checker;
mod client;
mod draw;
mod endless_lists;
mod learned;
mod lives;
mod model;
mod mutation;
mod others;
mod parts;
mod rate_oracle;
mod recorded;
mod request;
mod run;
mod scenario;
mod search;
mod setup;
mod sign_in;
mod trace;
mod violation;
mod watch;
mod writes;

pub use lives::{LifeScenario, Sabotage};
pub use mutation::Mutation;
pub use run::{Play, Simulated};
pub use scenario::Scenario;
pub use search::{Search, simulate, smallest};
pub use sign_in::SignInScenario;
pub use violation::{Invariant, Violation};
