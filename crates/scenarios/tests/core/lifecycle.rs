//! Lifecycle policies of agent identities and their attestation, on a virtual clock.

use crate::common::*;
use crate::faults_at_writes::{FAULTS, Lost};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, AttestationEffect, Lifecycle, Outcome, Report};
use agentuser_core::http::Method;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::RemarkCode;
use agentuser_simulator::{
    Fault, Faults, LifecyclePolicy, Planned, PolicyEnforcement, PolicyRule, ReportBeforeRun, Switches,
    Tenant, World, ids,
};
use std::collections::BTreeSet;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn lifecycle(world: &mut World, id: ObjectId) -> Lifecycle {
    result(world, move |graph| async move { flow::lifecycle(&graph, id).await }).unwrap()
}

fn attest(world: &mut World, id: ObjectId, dry_run: bool) -> Result<Report, Problem> {
    result(world, move |graph| async move { flow::attest(&graph, id, dry_run).await })
}

fn policy(rules: Vec<PolicyRule>, enforcement: PolicyEnforcement) -> LifecyclePolicy {
    LifecyclePolicy {
        display_name: "Own policy".to_owned(),
        system_default: false,
        rules,
        grace_days: 14,
        enforcement,
        ..LifecyclePolicy::system_default(ids::policy(2))
    }
}

#[test]
fn the_default_policy_of_microsoft_disables_and_deletes_what_nobody_attests() {
    let mut world = world(Tenant::contoso(3), Faults::none());
    let told = lifecycle(&mut world, ids::identity(1));
    assert_eq!((told.next_action, told.remarks), (None, vec![]));
    assert_eq!(told.policies[0].policy_source.as_deref(), Some("systemDefault"));
    assert_eq!(told.policies[0].attestation, None);
    world.pass(DAY * 91);
    let told = lifecycle(&mut world, ids::identity(1));
    assert_eq!(told.next_action.as_deref(), Some("disable"));
    assert!(told.next_action_date_time.unwrap().starts_with("2026-08-30T"));
    assert_eq!(told.policies[0].attestation, Some(AttestationEffect::Helps));
    let codes: Vec<_> = told.remarks.iter().map(|remark| remark.code).collect();
    assert_eq!(codes, [RemarkCode::LifecycleAction, RemarkCode::NotCompliant]);
    let report = attest(&mut world, ids::identity(1), false).unwrap();
    assert_eq!((report.outcome, report.id), (Outcome::Changed, Some(ids::identity(1))));
    let told = lifecycle(&mut world, ids::identity(1));
    assert_eq!((told.next_action, told.remarks), (None, vec![]));
    assert!(lifecycle(&mut world, ids::identity(2)).next_action.is_some(), "another one is not attested");
    assert_eq!(writes(&world), 1);
}

#[test]
fn the_rules_that_may_be_broken_are_named() {
    let attestation = PolicyRule::PeriodicAttestation(0);
    let presence = PolicyRule::SponsorPresence;
    for (rules, effect, text) in [
        (vec![attestation], AttestationEffect::Helps, "its attestation is due"),
        (
            vec![attestation, presence],
            AttestationEffect::MayHelp,
            "one of these rules is broken: sponsorPresence",
        ),
        (
            vec![presence, PolicyRule::Inactivity(90)],
            AttestationEffect::DoesNotHelp,
            "Its rules: sponsorPresence, inactivity.",
        ),
    ] {
        let tenant = Tenant::contoso(3)
            .change_identity(1, |one| one.sponsors.clear())
            .first_lifecycle_policy(policy(rules, PolicyEnforcement::DeleteOnly));
        let mut world = world(tenant, Faults::none());
        let told = lifecycle(&mut world, ids::identity(1));
        assert_eq!(told.policies[0].attestation, Some(effect), "{text}");
        assert_eq!(told.policies[0].enforcement_action.as_deref(), Some("deleteOnly"));
        assert_eq!(told.next_action.as_deref(), Some("delete"));
        assert!(
            told.remarks.iter().any(|remark| remark.message.contains(text)),
            "{text}: {:?}",
            told.remarks
        );
    }
}

#[test]
fn policies_that_do_not_act_on_an_agent_identity_are_told_apart() {
    let own = || policy(vec![PolicyRule::PeriodicAttestation(0)], PolicyEnforcement::DisableOnly);
    let excluded = LifecyclePolicy { excluded: BTreeSet::from([ids::identity(1)]), ..own() };
    let off = LifecyclePolicy { enabled: false, ..own() };
    for report_before_run in [ReportBeforeRun::NotFound, ReportBeforeRun::Empty] {
        let never_run = LifecyclePolicy { never_run: true, enabled: false, ..own() };
        for policy in [excluded.clone(), off.clone(), never_run] {
            let switches = Switches { report_before_run, ..Switches::default() };
            let tenant = Tenant::contoso(3).switches(switches).first_lifecycle_policy(policy.clone());
            let mut world = world(tenant, Faults::none());
            let told = lifecycle(&mut world, ids::identity(1));
            let names: Vec<_> = told.policies.iter().filter_map(|one| one.display_name.as_deref()).collect();
            assert_eq!(names, ["Default agent attestation policy"], "{policy:?}");
            assert_eq!(told.next_action, None);
        }
    }
    let mut world = world(Tenant::contoso(3).first_lifecycle_policy(own()), Faults::none());
    let told = lifecycle(&mut world, ids::identity(1));
    assert_eq!(told.policies.iter().map(|one| one.is_effective()).collect::<Vec<_>>(), [true, false]);
    assert_eq!(told.next_action.as_deref(), Some("disable"));
}

/// An attestation whose answer is lost is sent again: the same attestation twice counts as one.
#[test]
fn an_attestation_is_made_whatever_happens_to_its_request() {
    for (fault, lost) in FAULTS {
        let faults = Faults::plan([Planned::new(Method::Post, "/attest", 1, fault)]);
        let mut world = world(Tenant::contoso(3), faults);
        let report = attest(&mut world, ids::identity(1), false).unwrap();
        assert_eq!((report.outcome, report.problem), (Outcome::Changed, None), "{}", fault.name());
        let most = if lost == Lost::After { 2 } else { 1 };
        assert!((1..=most).contains(&writes(&world)), "{}", fault.name());
    }
    let mut lost = world(
        Tenant::contoso(3),
        Faults::plan([Planned::new(Method::Post, "/attest", 1, Fault::LostAnswer).times(40)]),
    );
    assert_eq!(code(attest(&mut lost, ids::identity(1), false)), Code::OutcomeUnknown);
}

#[test]
fn a_dry_run_attests_nothing_and_what_is_not_an_agent_identity_is_not_attested() {
    let mut world = world(Tenant::contoso(3), Faults::none());
    let report = attest(&mut world, ids::identity(1), true).unwrap();
    assert_eq!((report.outcome, report.changes[0].applied), (Outcome::Planned, false));
    assert_eq!(report.display_name.as_deref(), Some("Agent 1"));
    assert_eq!(code(attest(&mut world, ids::plain(1), false)), Code::ParentIsServicePrincipal);
    assert_eq!(code(attest(&mut world, ids::nothing(1), false)), Code::ParentNotFound);
    assert_eq!(writes(&world), 0);
}
