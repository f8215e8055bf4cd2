//! Lifecycle management of Microsoft Entra agent users, from Rust.
//!
//! ```no_run
//! use agentuser::sign_in::{Application, Proof};
//! use agentuser::{Client, Cloud};
//!
//! # async fn example(secret: String) -> Result<(), agentuser::Problem> {
//! let client = Client::builder()
//!     .cloud(Cloud::Global)
//!     .token(Application::new(
//!         "contoso.onmicrosoft.com",
//!         "00000000-0000-0000-0000-000000000001",
//!         Proof::secret(secret.into()),
//!     )?)
//!     .build()?;
//! let mut pages = client.list(agentuser::ListQuery::default());
//! while let Some(page) = pages.next().await {
//!     for user in page {
//!         println!("{:?}", user.user_principal_name());
//!     }
//! }
//! println!("{} agent users", pages.await?);
//! # Ok(())
//! # }
//! ```
//!
//! Every method returns a [`Run`]: await it for the result, take its items one by one, watch its events, cancel it.

mod audits;
mod builder;
mod client;
mod clock;
mod groups;
mod loss;
mod parents;
mod permissions;
mod plans;
mod redaction;
mod reply;
mod run;
mod shared;
pub mod sign_in;
mod tls;
mod token;
mod traces;
mod transport;
#[cfg(feature = "xlsx")]
mod workbook;

pub use agentuser_core as core;
pub use agentuser_core::ObjectId;
pub use agentuser_core::flow::{
    Acceptance, Access, AccessGroup, AccessRole, AccessSource, AccessSourceKind, Applied, ApplyRequest,
    AssignedAppRole, AssigningGroup, AttestationEffect, AuditReport, AuditRequest, AuditSettings, Audited,
    BlueprintChain, ChainLink, ChainPart, ChainVerdict, ChainedIdentity, Change, Comparison, Condition,
    ConditionalPermissions, ContainRequest, ContainTarget, DelegatedPermission, Diagnosis, DisabledPlan,
    DoctorRequest, Evidence, Finding, FindingState, GoverningPolicy, HandedOver, HandoverRequest,
    InheritedResource, Leaver, LicenseAssignment, Lifecycle, LinkState, MapState, NeededFor, NotRead,
    OperationDiagnosis, OperationVerdict, OptionalPermissions, Outcome, PermissionReport, PermissionSet,
    Permissions, PlanRequest, ProbeAnswer, ProbeReport, Question, QuestionHow, RULES, Read, ReadDiagnosis,
    ReadOutcome, Readiness, Report, RequiredPermissions, RequiredRequest, RetireOptions, RetiredUntil,
    RosterRequest, Rule, RuleId, RuleResult, SeatCount, Section, Severity, Snapshot, Sourced, Sponsored,
    Subject, SubjectKind, Summary, Thresholds, TokenDiagnosis, TokenKind, TokenPermission, TokenState,
    Unasked, UndoRequest, Unread, UnreadSection, VerbArguments, explain, find_sku, required_permissions,
    token_remarks,
};
pub use agentuser_core::graph::{
    Cloud, Detail, Endpoint, Filter, FilteredMember, IdentityQuery, InheritanceChange, ListQuery,
    ListedMember, RestoreOptions,
};
pub use agentuser_core::model::{
    AgentUser, AgentUserPatch, Blueprint, CREATE_AGENT_USERS, Consent, DesiredUser, DirectLicense,
    DirectoryObject, Draft, GRAPH_APP_ID, Group, GroupRef, Inheritance, Member, MemberName, MemberValue,
    NamedAgent, NewAgentUser, ObjectKind, OpenColumn, OpenMember, PermissionClient, PermissionHolder,
    PermissionName, PlanRef, ServicePrincipal, SkuRef, SponsorRef, Stage, SubscribedSku, UserRef,
    WantedLicense, product_name,
};
pub use agentuser_core::operation::{
    ChangeRecord, Event, Quotas, Record, Recording, RequestRecord, Settings, TenantSize, Waiting,
};
pub use agentuser_core::permission::LeastPrivileged;
pub use agentuser_core::plan::{Expected, Plan, PlanLimits, PlannedChange, Verb};
pub use agentuser_core::problem::{Code, CodeTable, Explanation, Problem, ProblemKind};
pub use agentuser_core::remark::{Remark, RemarkCode};
pub use agentuser_core::roster::{Roster, RosterLimits, RosterSettings, Shard, ValidRoster};
pub use agentuser_core::validate::{RowError, RowErrorCount, RuleCode, TenantFacts, Upn, Violation};
pub use builder::Builder;
pub use client::Client;
pub use loss::{is_out_of_files, plain_reason};
pub use run::{CancelHandle, Run, Yielded};
#[cfg(feature = "azure_identity")]
pub use sign_in::azure;
pub use token::{AccessToken, FixedToken, TokenFuture, TokenProvider, TokenRequest, TokenWaits, from_fn};
#[cfg(feature = "xlsx")]
pub use workbook::Workbook;
