//! Blueprints (docs/graph.md#blueprints).

mod find;

pub(super) use find::{blueprint, blueprint_principal};
