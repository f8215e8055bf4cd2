//! The operations, one entry each: its name, its parameters, what it yields and ends with, and the flow that it runs.
//!
//! Reader, checks, dispatch, docs/schema.json and the bindings' skeletons follow from an entry. `parameters` has what a
//! parameter is called, how it is read and checked.

use super::audit_parameters::{Audit, SnapshotBytes};
use super::digest::PageDigest;
use super::first::{First, first};
use super::item::Item;
use super::many::{AnyRequest, Many, Running, Single, run_many};
use super::need_parameters::{Doctor, NeededFor};
use super::output::{Created, Ending, ListCount, Output};
use super::page::UserPage;
use super::parameters::{
    Changes, DeletedUser, Desired, Detail, DryRun, Group, IdentityParentId, LicenseChanges, Licenses,
    Manager, Names, Parameter, Person, Query, Readiness, RestoredAs, Roster, RosterBytes, Source, Sponsor,
    User, WaitFor,
};
use super::parent_parameters::{AgentIdentityId, DisplayNames, IdentityQuery};
use super::permission_parameters::{
    AppRole, Blueprint, Inherited, Permission, PermissionsOf, ResourceAppId, Scopes, WithConsent,
};
use super::plan_parameters::{
    Approval, Contained, PlanBytes, Planned, PlannedContainment, PlannedHandover, PlannedRoster, ReportBytes,
    Retirement, Undo,
};
#[cfg(feature = "schema")]
use super::shape::{Described, Shape};
use super::table::{marked, operations, parameters};
use crate::flow::{
    self, Access, Audited, BlueprintChain, Diagnosis, LicenseAssignment, Lifecycle, PermissionReport,
    Permissions, Report, RequiredPermissions, Sponsored, Summary, TokenPermission,
};
use crate::model::{self, AgentUser, DirectoryObject, ServicePrincipal, SubscribedSku, UserRef};
use crate::operation::{Graph, Items};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::validate::TenantFacts;
use serde::de::Error as _;
use serde_json::Error;
use std::future::ready;
use std::num::NonZeroUsize;

parameters! { (source)
    /// Operations to run side by side. It stands here because their requests are those of the table below.
    Operations -> Many<Request> {
        /// Their requests, as each would be given alone.
        operations "operations": need Vec<Single>,
        /// How many objects are worked on at the same time; all of them, unless given. The requests in flight are bounded in any
        /// case.
        at_once "atOnce": take NonZeroUsize,
    } = Some(Many::read(operations, at_once)?);
}

impl AnyRequest for Request {
    fn read(source: &mut Source) -> Result<Option<Self>, serde_json::Error> {
        Self::read(source)
    }

    fn run(self, graph: Graph, items: Items<Item>) -> Running {
        Box::pin(self.run(graph, items))
    }

    fn licenses(&self) -> Option<(&UserRef, &LicenseChanges, bool)> {
        match self {
            Self::ChangeLicenses { user, licenses, dry_run } => Some((user, licenses, *dry_run)),
            _ => None,
        }
    }
}

operations! { (graph, items, AgentUserPage)
    /// Verifies that an agent identity can be the parent of an agent user. Ends with the agent identity.
    VerifyParent "verifyParent" (parent: IdentityParentId) -> ServicePrincipal
        => flow::verify_parent(&graph, parent);

    /// Lists agent identities. Yields pages of them; ends with their number.
    ListIdentities "listIdentities" (query: IdentityQuery) -> ListCount, each Vec<ServicePrincipal>
        => flow::list_identities(graph, query, items);

    /// Reads one agent identity. Ends with it.
    Identity "identity" (id: AgentIdentityId) -> ServicePrincipal
        => flow::identity(&graph, id);

    /// Reads the sponsors of an agent identity. Ends with an array of directory objects.
    IdentitySponsors "identitySponsors" (id: AgentIdentityId) -> Vec<DirectoryObject>
        => flow::list_identity_sponsors(&graph, id);

    /// Reads the owners of an agent identity. Ends with an array of directory objects.
    IdentityOwners "identityOwners" (id: AgentIdentityId) -> Vec<DirectoryObject>
        => flow::list_identity_owners(&graph, id);

    /// Reads the next action of Microsoft's lifecycle policies on an agent identity, its date, and whether attesting helps. Ends
    /// with it.
    Lifecycle "lifecycle" (id: AgentIdentityId) -> Lifecycle
        => flow::lifecycle(&graph, id);

    /// Attests an agent identity, as Microsoft's lifecycle policies ask from time to time. Ends with a report.
    Attest "attest" (id: AgentIdentityId, dry_run: DryRun) -> Report
        => flow::attest(&graph, id, dry_run);

    /// Lists the blueprints of the tenant, at most 10,000. Ends with an array of them.
    ListBlueprints "listBlueprints" (names: DisplayNames) -> Vec<model::Blueprint>
        => flow::list_blueprints(&graph, names.as_deref());

    /// Reads one blueprint. Ends with it.
    ReadBlueprint "blueprint" (blueprint: Blueprint) -> model::Blueprint
        => flow::read_blueprint(&graph, blueprint);

    /// Verifies the chain from a blueprint to its principal, its agent identities and their agent users. Ends with it, and with
    /// what is missing, disabled, in the recycle bin or not to be read.
    VerifyBlueprint "verifyBlueprint" (blueprint: Blueprint) -> BlueprintChain
        => flow::verify_blueprint(&graph, blueprint);

    /// Audits the agent users of the tenant, in one pass of reads, and changes nothing. Ends with the report.
    Audit "audit" (request: Audit) -> Audited
        => async { flow::audit(&graph, request?).await };

    /// Audits a snapshot offline; its file is given as bytes beside this JSON. Ends with the report.
    AuditSnapshot "auditSnapshot" (file: SnapshotBytes, request: Audit) -> Audited
        => async { flow::audit_snapshot(&file, &request?) };

    /// Reads the verified domains of the tenant. Ends with them, or without any where the caller may not read them.
    VerifiedDomains "verifiedDomains" () -> TenantFacts
        => flow::read_tenant_facts(&graph);

    /// Reads one agent user. Ends with it.
    @first Get "get" (user: User, detail: Detail) -> AgentUser
        => flow::get(&graph, &user, &detail);

    /// Reads the agent user of a parent. Ends with it, or with null where the parent has none.
    FindByParent "findByParent" (parent: IdentityParentId, detail: Detail) -> Option<AgentUser>
        => flow::find_by_parent(&graph, parent, &detail);

    /// Lists agent users. Yields pages of them; ends with their number.
    @first List "list" (query: Query) -> ListCount, each Vec<AgentUser>
        => flow::list::<AgentUserPage, _>(graph, query, items);

    /// Lists the agent users in the recycle bin. Yields pages of them; ends with their number.
    @first ListDeleted "listDeleted" () -> ListCount, each Vec<AgentUser>
        => flow::list_deleted::<AgentUserPage, _>(graph, items);

    /// Provisions one agent user, exactly once, and reads it. Ends with its report, and without a problem also with the agent user.
    Create "create" (desired: Desired, readiness: Readiness) -> Created
        => flow::create_agent_user(graph, *desired, readiness);

    /// Provisions one agent user, exactly once. Ends with a report.
    Provision "provision" (desired: Desired, readiness: Readiness, dry_run: DryRun) -> Report
        => flow::provision(graph, *desired, readiness, dry_run);

    /// Provisions every row of a roster; the roster, CSV or JSON, is given as bytes beside this JSON. Yields the report
    /// of each row as it ends; ends with a summary.
    ApplyRoster "applyRoster" (file: RosterBytes, request: Roster) -> Summary, each Report
        => flow::apply_roster(graph, file, request, items);

    /// Plans a roster, which is given as bytes beside this JSON, and changes nothing. Yields the report of each row; ends with
    /// the plan. The result's JSON is the plan's file.
    PlanRoster "planRoster" (file: RosterBytes, request: PlannedRoster) -> Plan, each Report
        => flow::plan_roster(graph, file, request, items);

    /// Plans a verb for many agent users, and changes nothing. Yields the report of each; ends with the plan. The result's JSON
    /// is the plan's file.
    Plan "plan" (request: Planned) -> Plan, each Report
        => flow::plan(graph, request, items);

    /// Plans to hand over what leavers are the manager or a sponsor of, and changes nothing. Yields the report of each agent user
    /// and agent identity that has something to change, and of each leaver; ends with the plan. The result's JSON is the plan's
    /// file.
    PlanHandover "planHandover" (request: PlannedHandover) -> Plan, each Report
        => flow::plan_handover(graph, request, items);

    /// Plans to stop a blueprint, an agent identity or an agent user, with everything below it, and changes nothing. Yields the
    /// report of each object; ends with the plan. The result's JSON is the plan's file.
    PlanContain "planContain" (request: PlannedContainment) -> Plan, each Report
        => flow::plan_contain(graph, request, items);

    /// Makes the changes of a plan, and no other; the plan's file is given as bytes beside this JSON. Yields the report of each
    /// agent user as it ends; ends with a summary.
    ApplyPlan "applyPlan" (file: PlanBytes, request: Approval) -> Summary, each Report
        => flow::apply_plan(graph, file, request, items);

    /// Changes members; only those that differ are sent. Ends with a report.
    Update "update" (user: User, changes: Changes, dry_run: DryRun) -> Report
        => flow::update(&graph, &user, &changes, dry_run);

    /// Moves an agent user to the recycle bin. Ends with a report.
    Delete "delete" (user: User, dry_run: DryRun) -> Report
        => flow::delete(&graph, &user, dry_run);

    /// Brings an agent user back from the recycle bin. Ends with a report.
    Restore "restore" (user: DeletedUser, options: RestoredAs, dry_run: DryRun) -> Report
        => flow::restore(&graph, &user, &options, dry_run);

    /// Brings back the agent users and other objects of reports, which are given as bytes beside this JSON: those of `retire`, of
    /// `contain` and of plans. Yields the report of each; ends with a summary.
    RestoreReported "restoreReported" (file: ReportBytes, request: Undo) -> Summary, each Report
        => flow::restore_reported(graph, file, request, items);

    /// Deletes an agent user in the recycle bin for ever. Ends with a report.
    Purge "purge" (user: DeletedUser, dry_run: DryRun) -> Report
        => flow::purge(&graph, &user, dry_run);

    /// Ends the sign-in sessions of an agent user. Access tokens that are out may live on to their end. Ends with a report.
    RevokeSessions "revokeSessions" (user: User, dry_run: DryRun) -> Report
        => flow::revoke_sessions(&graph, &user, dry_run);

    /// Takes an agent user out of service: disabled, signed out, and deleted as far as was asked for. Ends with a report.
    Retire "retire" (user: User, options: Retirement, dry_run: DryRun) -> Report
        => flow::retire(&graph, &user, options, dry_run);

    /// Stops a blueprint, an agent identity or an agent user at once, with everything below it: disabled from the top, agent users
    /// signed out. Yields the report of each object; ends with a summary.
    Contain "contain" (request: Contained) -> Summary, each Report
        => flow::contain(graph, request, items);

    /// Runs operations side by side: those on one object that end with a report, and the reads of one agent user. Those that name
    /// the same object run one after the other, in their order. Yields the report of each as it ends, in which `row` is its place,
    /// from 1, and what was read as a page of one; ends with the numbers of the reports.
    Many "many" (operations: Operations) -> Summary, each super::many::Yielded
        => run_many(graph, operations, items);

    /// Reads the manager. Ends with a directory object, or with null where there is none.
    Manager "manager" (user: User) -> Option<DirectoryObject>
        => flow::manager(&graph, &user);

    /// Sets the manager. Ends with a report.
    SetManager "setManager" (user: User, manager: Manager, dry_run: DryRun) -> Report
        => flow::set_manager(&graph, &user, &manager, dry_run);

    /// Removes the manager. Ends with a report.
    ClearManager "clearManager" (user: User, dry_run: DryRun) -> Report
        => flow::clear_manager(&graph, &user, dry_run);

    /// Reads the sponsors. Ends with an array of directory objects.
    Sponsors "sponsors" (user: User) -> Vec<DirectoryObject>
        => flow::list_sponsors(&graph, &user);

    /// Adds a sponsor. Ends with a report.
    AddSponsor "addSponsor" (user: User, sponsor: Sponsor, dry_run: DryRun) -> Report
        => flow::add_sponsor(&graph, &user, &sponsor, dry_run);

    /// Removes a sponsor. Ends with a report.
    RemoveSponsor "removeSponsor" (user: User, sponsor: Sponsor, dry_run: DryRun) -> Report
        => flow::remove_sponsor(&graph, &user, &sponsor, dry_run);

    /// Reads what a person sponsors, directly and by groups, at most 10,000 objects. Ends with the agent users, the agent identities
    /// and the others.
    Sponsored "sponsored" (person: Person) -> Sponsored
        => flow::sponsored(&graph, person.as_ref());

    /// Finds users of any kind, people and agent users, to choose from: at most 100. Ends with an array of directory objects, each
    /// with its type.
    FindUsers "findUsers" (names: Names) -> Vec<DirectoryObject>
        => flow::find_users(&graph, names.as_deref());

    /// Finds groups to choose from: at most 100. Ends with an array of groups.
    FindGroups "findGroups" (names: DisplayNames) -> Vec<model::Group>
        => flow::find_groups(&graph, names.as_deref());

    /// Reads the groups that an agent user is a direct member of. Ends with an array of groups.
    Groups "groups" (user: User) -> Vec<model::Group>
        => flow::list_groups(&graph, &user);

    /// Adds an agent user to a group. Ends with a report.
    AddToGroup "addToGroup" (user: User, group: Group, dry_run: DryRun) -> Report
        => flow::add_to_group(&graph, &user, &group, dry_run);

    /// Removes an agent user from a group. Ends with a report.
    RemoveFromGroup "removeFromGroup" (user: User, group: Group, dry_run: DryRun) -> Report
        => flow::remove_from_group(&graph, &user, &group, dry_run);

    /// Reads the SKUs of the tenant, with their seats. Ends with an array of them.
    @first Skus "skus" () -> Vec<SubscribedSku>
        => flow::list_skus(&graph);

    /// Reads the licenses of an agent user: each assignment with its state, the group that it comes from, and the plans
    /// that are off. Ends with an array of them.
    Licenses "licenses" (user: User) -> Vec<LicenseAssignment>
        => flow::list_licenses(&graph, &user);

    /// Adds and removes licenses. Ends with a report.
    ChangeLicenses "changeLicenses" (user: User, licenses: Licenses, dry_run: DryRun) -> Report
        => flow::change_licenses(&graph, &user, &licenses.add, &licenses.remove, dry_run);

    /// Waits until the mailbox, Teams and OneDrive, as asked, are provisioned. Ends with a report.
    WaitReady "waitReady" (user: User, readiness: WaitFor) -> Report
        => flow::wait_ready(&graph, &user, readiness);

    /// Lists the permissions of an agent user, an agent identity or a blueprint's principal: delegated permission grants, app
    /// roles, and what a blueprint lets its agent identities inherit. Ends with them.
    Permissions "permissions" (of: PermissionsOf) -> Permissions
        => flow::list_permissions(&graph, &of);

    /// Reads what an agent user has access to: groups, directory roles, delegated permissions, app roles, and what its blueprint
    /// lets it inherit, each with where it comes from. A part that may not be read says why. Ends with it.
    Access "access" (user: User) -> Access
        => flow::read_access(&graph, &user);

    /// Grants delegated permissions (`oauth2PermissionGrants`), for one user or for all. Those that are granted already stay.
    /// Ends with a report.
    GrantPermission "grantPermission" (consent: WithConsent, resource: ResourceAppId, scopes: Scopes, dry_run: DryRun)
        -> PermissionReport
        => flow::grant_permission(&graph, &consent, resource, &scopes, dry_run);

    /// Revokes delegated permissions. Others of the same grant stay. Ends with a report.
    RevokePermission "revokePermission" (consent: WithConsent, resource: ResourceAppId, scopes: Scopes, dry_run: DryRun)
        -> PermissionReport
        => flow::revoke_permission(&graph, &consent, resource, &scopes, dry_run);

    /// Assigns an app role to an agent user, an agent identity or a blueprint's principal. Ends with a report.
    AssignAppRole "assignAppRole" (of: PermissionsOf, resource: ResourceAppId, app_role: AppRole, dry_run: DryRun)
        -> PermissionReport
        => flow::assign_app_role(&graph, &of, resource, &app_role, dry_run);

    /// Takes an app role away from an agent user, an agent identity or a blueprint's principal. Ends with a report.
    RemoveAppRole "removeAppRole" (of: PermissionsOf, resource: ResourceAppId, app_role: AppRole, dry_run: DryRun)
        -> PermissionReport
        => flow::remove_app_role(&graph, &of, resource, &app_role, dry_run);

    /// Lets a blueprint create agent users for its agent identities: assigns its principal the app role
    /// `AgentIdUser.ReadWrite.IdentityParentedBy` of Microsoft Graph. Ends with a report.
    AllowCreation "allowCreation" (blueprint: Blueprint, dry_run: DryRun) -> PermissionReport
        => flow::allow_creation(&graph, blueprint, dry_run);

    /// Sets what the agent identities of a blueprint inherit of a resource's permissions. Ends with a report.
    InheritPermissions "inheritPermissions"
        (blueprint: Blueprint, resource: ResourceAppId, inherited: Inherited, dry_run: DryRun) -> PermissionReport
        => flow::inherit_permissions(&graph, blueprint, resource, inherited, dry_run);

    /// Waits until the token of this client carries a permission, and gets new tokens for that. Ends with whether it does.
    WaitPermission "waitPermission" (permission: Permission) -> TokenPermission
        => flow::wait_permission(&graph, &permission);

    /// Tells which permissions and roles operations need; or a roster, which is given as bytes beside this JSON. Sends no
    /// request. Ends with them.
    RequiredPermissions "requiredPermissions" (needed: NeededFor, roster: RosterBytes) -> RequiredPermissions
        => ready(flow::required_permissions(roster, needed));

    /// Reads the token for a diagnosis, tries reads that change nothing, and says which operations will fail and how to get what
    /// they need; or asks Graph, as a probe, what no page of Microsoft answers. Ends with what it found; the report of a probe has
    /// no ids and no names.
    Doctor "doctor" (request: Doctor) -> Diagnosis
        => flow::doctor(&graph, request);
}
