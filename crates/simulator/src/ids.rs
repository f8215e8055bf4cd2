//! Ids of what a built tenant holds: each a function of a small number, so that tests and rosters can name them.

use agentuser_core::ObjectId;

const fn id(kind: u32, n: u32) -> ObjectId {
    ObjectId::from_u128(((kind as u128) << 96) | (0x4000_u128 << 64) | (0x8000_u128 << 48) | n as u128)
}

/// The object id of blueprint `n`.
#[must_use]
pub const fn blueprint(n: u32) -> ObjectId {
    id(0xb100_0000, n)
}

/// The appId of blueprint `n`.
#[must_use]
pub const fn blueprint_app(n: u32) -> ObjectId {
    id(0xb1a0_0000, n)
}

/// The object id of blueprint `n`'s principal.
#[must_use]
pub const fn blueprint_principal(n: u32) -> ObjectId {
    id(0xb150_0000, n)
}

/// The object id of agent identity `n`: what `identityParentId` takes.
#[must_use]
pub const fn identity(n: u32) -> ObjectId {
    id(0xa1d0_0000, n)
}

/// The appId of agent identity `n`: what `identityParentId` does not take. First digits are spread evenly, as those of appIds
/// are.
#[must_use]
pub const fn identity_app(n: u32) -> ObjectId {
    id(0x01da_0000 | ((n.wrapping_add(9) % 16) << 28), n)
}

/// The object id of plain service principal `n`.
#[must_use]
pub const fn plain(n: u32) -> ObjectId {
    id(0x5e00_0000, n)
}

/// The object id of Microsoft Graph's own service principal.
#[must_use]
pub const fn graph_principal() -> ObjectId {
    id(0x5e9a_0000, 1)
}

/// The appId of plain service principal `n`.
#[must_use]
pub const fn plain_app(n: u32) -> ObjectId {
    id(0x5ea0_0000, n)
}

/// The object id of human `n`.
#[must_use]
pub const fn human(n: u32) -> ObjectId {
    id(0x4000_0000, n)
}

/// The object id of group `n`.
#[must_use]
pub const fn group(n: u32) -> ObjectId {
    id(0x6000_0000, n)
}

/// The object id of administrative unit `n`.
#[must_use]
pub const fn unit(n: u32) -> ObjectId {
    id(0xad00_0000, n)
}

/// The object id of an agent user that the tenant begins with, child of agent identity `n`.
#[must_use]
pub const fn agent_user(n: u32) -> ObjectId {
    id(0xa600_0000, n)
}

/// The skuId of SKU `n`.
#[must_use]
pub const fn sku(n: u32) -> ObjectId {
    id(0x5c00_0000, n)
}

/// The servicePlanId of plan `n`.
#[must_use]
pub const fn plan(n: u32) -> ObjectId {
    id(0x5c10_0000, n)
}

/// The id of tenant `n` beside the one that is simulated.
#[must_use]
pub const fn other_tenant(n: u32) -> ObjectId {
    id(0x7e00_0000, n)
}

/// The id of lifecycle policy `n`.
#[must_use]
pub const fn policy(n: u32) -> ObjectId {
    id(0x9011_0000, n)
}

/// The id of Conditional Access policy `n`.
#[must_use]
pub const fn access_policy(n: u32) -> ObjectId {
    id(0xca00_0000, n)
}

/// An id that nothing has.
#[must_use]
pub const fn nothing(n: u32) -> ObjectId {
    id(0xdead_0000, n)
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_read_well() {
        assert_eq!(super::identity(7).to_string(), "a1d00000-0000-4000-8000-000000000007");
    }
}
