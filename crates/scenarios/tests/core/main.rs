//! The core against a simulated tenant: its operations, flows, rosters and JSON tier.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod access_parts;
mod access_policies;
mod agent_identities;
mod agent_permissions;
mod audit;
mod audit_reach;
mod common;
mod contain;
mod doctor;
mod faults_at_writes;
mod handover;
mod hostile_pages;
mod json_tier;
mod lifecycle;
mod lists;
mod many;
mod needed_permissions;
mod operation;
mod plans;
mod provision;
mod quotas;
mod records;
mod requests_meet_contract;
mod retire;
mod roster_property;
mod single_changes;
mod sponsored;
mod waits;
mod words;
