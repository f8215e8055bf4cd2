//! Sign-in: which token is wanted, the requests that get it, and what their answers mean (docs/sign-in.md). Pure.
//!
//! A [`Leg`] is one request of Entra's token endpoint. One leg gives an application's own token; an agent user's token
//! takes three (docs/sign-in.md#agent-user). The [`Proof`] of a confidential client comes from the host, anew for
//! each leg. All of it is behind the feature `confidential`, so that a build for browsers, where no secret
//! can be kept, has nothing of it.

pub mod acquisition;
mod answer;
pub mod assertion;
mod authorization;
mod consent;
pub mod der;
mod leg;
mod login;
mod names;
mod query;
mod scopes;
mod secret;
mod tenant;
mod who;
mod x509;

pub use acquisition::Acquisition;
pub use answer::{Account, DeviceCode, Reply, Token};
pub use authorization::Authorization;
pub use consent::{ConsentFor, REDIRECT, admin_consent_url};
pub use leg::{Leg, Proof};
pub use login::{Audience, Login};
pub use names::{AgentIdentityId, ClientId, UserOf};
pub use scopes::Scopes;
pub use secret::Secret;
pub use tenant::Tenant;
pub use who::{Prompt, SignIn, Who};
pub use x509::CertificateFacts;
