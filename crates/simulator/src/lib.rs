//! A simulated Microsoft Graph for agent users: a fake, for tests and rehearsals.
//!
//! It is not Microsoft Graph. It was written from public documents, nothing in it was compared with a live tenant, and
//! it knows only what the life of agent users needs. It refuses a request that it does not know, and says so; it never answers
//! with a guess that looks like success. Where Microsoft's documents contradict each other or say nothing, it has a
//! switch for each reading ([`Switches`]).
//!
//! - [`Directory`] is a tenant: a request in, an answer out. It has no clock and no randomness: time is an argument,
//!   variety comes from a seed.
//! - [`Network`] stands in front of it: it delays, loses, resets and falsifies, by name and by seed ([`Faults`]).
//! - [`Tenant`] builds directories.
//! - `server`, behind the feature of that name, serves both over HTTP on this machine, with a token endpoint.
//! - `Embedded`, behind the feature `options`, is both inside a program, such as a page.
//! - `contract`, behind the feature of that name, checks requests and answers against the documented contract.
//!
//! ```
//! use agentuser_core::{Now, http::{Headers, Method, Request}};
//! use agentuser_simulator::{Tenant, ids, tenant};
//!
//! let mut directory = Tenant::contoso(10).build();
//! let request = Request {
//!     method: Method::Get,
//!     url: format!("{}/v1.0/servicePrincipals/{}", directory.root(), ids::identity(1)),
//!     headers: Headers::new(),
//!     body: Vec::new(),
//! };
//! let response = directory.handle(Now::default(), Some(tenant::ADMIN), &request);
//! assert_eq!(response.status, 200);
//! ```

mod batch;
pub mod behaviours;
mod clock;
#[cfg(feature = "contract")]
pub mod contract;
#[cfg(feature = "options")]
mod control;
mod directory;
#[cfg(feature = "options")]
mod embedded;
pub mod entra;
mod filled;
mod hash;
pub mod ids;
mod journal;
mod network;
#[cfg(feature = "options")]
pub mod options;
pub mod questions;
#[cfg(feature = "server")]
pub mod server;
mod snapshot;
mod spelling;
mod switches;
pub mod tenant;
mod world;
mod writes;

#[cfg(feature = "options")]
pub use control::Refused;
pub use directory::{
    AccessPolicy, AdministrativeUnit, Assignment, Blueprint, Directory, Domain, Fullest, Grant, Group, Lag,
    License, Licensing, Life, LifecyclePolicy, Plan, PolicyEnforcement, PolicyRule, PrincipalKind,
    Provisioning, Quotas, RiskyAgent, RoleAssignment, Secret, ServicePrincipal, SignIn, Sku, Token, User,
    role_id,
};
#[cfg(feature = "options")]
pub use embedded::Embedded;
pub use journal::{Entry, PermissionUse, Stats};
pub use network::{
    Contacts, Counts, Delivered, Delivery, Fault, Faults, Network, Planned, RetryAfter, ScriptedAnswer,
    ScriptedBody,
};
pub use switches::{
    AssignAgain, Cascade, ConflictStatus, EarlyWrite, ForeignAssertion, InnerError, LargeTop,
    LeaveDateUnread, MailGroupMembers, ManagerUnset, ParentMissing, PatchAnswer, ReportBeforeRun, Switches,
    Undeclared, Unwelcome, WhatIfOfAgents,
};
pub use tenant::Tenant;
pub use world::{Host, Interrupted, Interruption, Polled, Progress, Ran, Sending, Task, World};
