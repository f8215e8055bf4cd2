//! Blueprints (docs/graph.md#blueprints).

mod chain;
mod explain;
mod find;
mod list;
mod parts;
mod verify;

pub use chain::{BlueprintChain, ChainLink, ChainPart, ChainVerdict, ChainedIdentity, LinkState, NotRead};
pub(super) use find::{blueprint, blueprint_principal};
pub use list::{list_blueprints, read_blueprint};
pub(super) use parts::{agent_users, deleted_principals, gather, identities};
pub use verify::verify_blueprint;
