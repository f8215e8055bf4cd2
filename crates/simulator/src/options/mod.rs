//! The options of a simulator, of a server ([`crate::server`]) or inside a program ([`crate::Embedded`]).

mod build;
mod extending;
mod json;
mod licensing;
mod lifecycle;
mod ranges;
mod script;
mod sign_in;
mod simulator;
mod tenants;
mod tokens;

pub use extending::{AttributeSetOptions, ExtensionOptions};
pub use licensing::{GroupKind, GroupOptions, LicenseOptions, SkuOptions};
pub use lifecycle::LifecycleOptions;
pub use script::FaultOptions;
pub use sign_in::{
    ApplicationOptions, ConsentOptions, FederatedOptions, PersonOptions, PolicyOptions, SignInOptions,
    WorkloadOptions,
};
pub use simulator::SimulatorOptions;
pub use tenants::{Edition, TenantKind};
pub use tokens::TokenOptions;

pub(crate) use json::read;
pub(crate) use ranges::{LONGEST_LAG_MS, MOST_PER_MILLE, latency_outside, outside};
pub(crate) use sign_in::person;

/// The name of the token that may do everything.
pub const TOKEN: &str = "admin";
