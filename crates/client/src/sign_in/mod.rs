//! Signing in: applications, agent identities, agent users and persons as providers of tokens (docs/sign-in.md).
//!
//! Each is a [`TokenProvider`](crate::TokenProvider). Tokens are kept in memory, one sign-in at a time serves all who
//! wait for it, and what a server refuses is not sent again.

mod application;
#[cfg(feature = "azure_identity")]
pub mod azure;
mod browser;
mod config;
mod driver;
mod host;
mod person;
mod proof;
mod random;

pub use agentuser_core::sign_in::acquisition::AcquisitionSettings;
pub use agentuser_core::sign_in::{
    AgentIdentityId, Audience, ClientId, ConsentFor, Login, Prompt, Scopes, Secret, Tenant, UserOf,
    admin_consent_url,
};
pub use application::{AgentIdentity, AgentUser, Application, OnBehalfOf};
pub use config::{SignedIn, of_config};
pub use host::{DemandAnswer, MeetFuture, Missing, SignInDemand, SignInHost, SignInPrompt, prompts};
pub use person::Person;
pub use proof::{Certificate, Proof};
