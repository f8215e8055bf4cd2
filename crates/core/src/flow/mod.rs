//! The flows: each a plain `async fn` over [`crate::operation::Graph`] that reads from top to bottom.

mod audit;
mod blueprint;
mod change_record;
mod choices;
mod contain;
mod create;
mod delete;
mod doctor;
mod ensure;
mod explain;
mod find;
mod handover;
mod held;
mod identity;
mod leaving;
mod license;
mod license_groups;
mod license_view;
mod lifecycle;
mod list;
mod making;
mod membership;
mod pages;
mod parent;
mod permission;
mod planned;
mod poller;
mod principal;
mod provision;
mod read;
mod ready;
mod references;
mod remarks;
mod report;
mod required;
mod retire;
mod roster;
mod row;
mod row_statuses;
mod run;
mod sessions;
mod single;
mod skus;
mod sponsored;
mod tenant;
mod tenant_facts;
mod update;

pub use audit::{
    ACCEPTANCE_UNMATCHED, Acceptance, Accepted, AuditReport, AuditRequest, AuditSettings, Audited,
    Comparison, Evidence, Finding, FindingState, Fix, FoundUser, GoneFinding, Identified, NotPlanned,
    PlannedFix, RULES, Rule, RuleId, RuleResult, Section, Severity, Snapshot, Subject, SubjectKind, Table,
    Text, Thresholds, UnreadSection, audit, audit_snapshot, snapshot,
};
pub use blueprint::{
    BlueprintChain, ChainLink, ChainPart, ChainVerdict, ChainedIdentity, LinkState, NotRead, list_blueprints,
    read_blueprint, verify_blueprint,
};
pub use choices::{find_groups, find_users};
pub use contain::{ContainRequest, ContainTarget, contain, plan_contain};
pub use delete::{delete, purge, restore};
pub use doctor::{
    Diagnosis, DoctorRequest, OperationDiagnosis, OperationVerdict, ProbeAnswer, ProbeReport, Question,
    QuestionHow, ReadDiagnosis, ReadOutcome, TokenDiagnosis, TokenKind, Unasked, doctor, token_remarks,
};
pub use explain::explain;
pub use find::{find_by_parent, get};
pub use handover::{HandedOver, HandoverRequest, Leaver, plan_handover};
pub use identity::{identity, list_identities, list_identity_owners, list_identity_sponsors};
pub use license::{SharedSkus, change_licenses, change_licenses_with};
pub use license_view::{AssigningGroup, DisabledPlan, LicenseAssignment, list_licenses};
pub use lifecycle::{AttestationEffect, GoverningPolicy, Lifecycle, attest, lifecycle};
pub use list::{Found, UserSet, Users, list, list_deleted};
pub use membership::{add_to_group, list_groups, remove_from_group};
pub use parent::verify_parent;
pub use permission::{
    Access, AccessGroup, AccessRole, AccessSource, AccessSourceKind, AssignedAppRole, DelegatedPermission,
    InheritedResource, PermissionReport, Permissions, Sourced, TokenPermission, TokenState, allow_creation,
    assign_app_role, grant_permission, inherit_permissions, list_permissions, read_access, remove_app_role,
    revoke_permission, wait_permission,
};
pub use planned::{
    ApplyRequest, PlanRequest, UndoRequest, VerbArguments, apply_plan, plan, plan_roster, restore_reported,
};
pub use provision::{create_agent_user, provision};
pub use read::{Read, Unread};
pub use ready::{Readiness, wait_ready};
pub use references::{add_sponsor, clear_manager, list_sponsors, manager, remove_sponsor, set_manager};
pub use report::{Applied, Change, Outcome, Report, SeatCount, Summary};
pub use required::{
    Condition, ConditionalPermissions, MapState, NeededFor, OptionalPermissions, PermissionSet,
    RequiredPermissions, RequiredRequest, known_operations, required_permissions, required_under,
};
pub use retire::{RetireOptions, RetiredUntil, retire};
pub use roster::{RosterRequest, apply_roster, apply_rows, read_roster};
pub use sessions::revoke_sessions;
pub use skus::{find_sku, list_skus};
pub use sponsored::{Sponsored, sponsored};
pub use tenant_facts::read_tenant_facts;
pub use update::update;

use crate::operation::Graph;

/// The graph of a flow: writes are refused to a dry run, so that none can leave by mistake.
fn guarded(graph: &Graph, dry_run: bool) -> Graph {
    if dry_run { graph.read_only() } else { graph.clone() }
}
