//! Strategies that the properties share.

use agentuser_core::ObjectId;
use proptest::prelude::*;

pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn id() -> impl Strategy<Value = ObjectId> {
    prop_oneof![any::<u128>(), 0..4_u128].prop_map(ObjectId::from_u128)
}
