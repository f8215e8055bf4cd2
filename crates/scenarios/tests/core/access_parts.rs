//! The access of an agent user: its parts are read side by side, and named where they can't be read.

use crate::common::*;
use agentuser_core::flow;
use agentuser_core::model::UserRef;
use agentuser_simulator::{Faults, Network, Token, World, tenant};
use std::time::Duration;

#[test]
fn parts_that_need_no_other_part_do_not_wait_for_it() {
    let latency = Duration::from_millis(100);
    let network = Network::new(populated().build(), Faults::none()).latency(latency, latency);
    let mut world = World::new(network, tenant::ADMIN);
    let ran = single(&mut world, |graph| async move { flow::read_access(&graph, &UserRef::Id(ONE)).await });
    assert_eq!(ran.result.unwrap().unwrap().unread(), []);
    // The user, its agent identity, the blueprint by one id or another, and what that lets it inherit.
    let trips = world.now().mono.as_millis() / latency.as_millis();
    assert!(ran.sent.len() >= 10 && trips <= 5, "{} requests, {trips} round trips", ran.sent.len());
}

#[test]
fn where_the_groups_are_unknown_the_roles_by_them_are_unknown_too() {
    let reads = ["User.Read.All", "RoleManagement.Read.Directory", "RoleEligibilitySchedule.Read.Directory"];
    let tenant = populated().token("groupless", Token::application(reads));
    let mut world = world_as(tenant, Faults::none(), "Bearer groupless");
    let ran = single(&mut world, |graph| async move { flow::read_access(&graph, &UserRef::Id(ONE)).await });
    let access = ran.result.unwrap().unwrap();
    assert!(access.roles.get().is_ok() && access.eligible_roles.get().is_ok());
    for part in ["groups", "roles by groups", "eligibleRoles by groups"] {
        let unread = access.unread();
        let (_, why) = unread.iter().find(|(name, _)| *name == part).unwrap();
        assert!(!why.permissions.is_empty(), "{part}: {why:?}");
    }
}
