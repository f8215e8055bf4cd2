//! The parameters of operations on plans.

use super::parameters::{LicenseChanges, Parameter, Source};
#[cfg(feature = "schema")]
use super::shape::Shape;
use super::table::parameters;
use crate::flow::{
    ApplyRequest, ContainRequest, ContainTarget, HandedOver, HandoverRequest, PlanRequest, Readiness,
    RetireOptions, RetiredUntil, RosterRequest, UndoRequest, VerbArguments,
};
use crate::model::{UserRef, WrittenLicense};
use crate::plan::{MAX_AGE_DAYS, PlanLimits};
use crate::roster::RosterLimits;
use crate::validate::{RuleCode, Violation, Violations};
use serde::Deserialize;
use serde_json::Error;
use std::collections::BTreeSet;

/// A verb that is planned for agent users by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) enum UserVerb {
    /// Move them to the recycle bin.
    Delete,
    /// Bring them back from the recycle bin.
    Restore,
    /// Delete them for ever; they are in the recycle bin.
    Purge,
    /// Let them sign in.
    Enable,
    /// Keep them from signing in.
    Disable,
    /// Add and remove licenses.
    License,
    /// Take them out of service.
    Retire,
}

parameters! { (source)
    /// A verb for many agent users.
    Planned -> PlanRequest {
        /// The verb.
        verb "verb": need UserVerb,
        /// The agent users: object ids or user principal names.
        users "users": need Vec<String>,
        /// The licenses to add, for `license`, as `changeLicenses` takes them.
        add "add": or_default Vec<WrittenLicense>,
        /// The licenses to remove, for `license`: SKU part numbers or ids.
        remove "remove": or_default Vec<String>,
        /// For `restore`: let Graph drop the mail addresses that other users have by now, in place of refusing.
        reconcile "autoReconcileProxyConflict": take bool,
        /// For `retire`: how far they are retired; until they are deleted, unless given.
        until "until": take RetiredUntil,
        /// For `retire`: take the licenses first, so that their seats are free at once.
        free_seats "freeSeats": take bool,
        /// For `retire`: take them out of their groups first.
        leave_groups "leaveGroups": take bool,
        /// For `retire`: it is known that data is lost.
        accept_data_loss "acceptDataLoss": take bool,
    } = {
        let broken = &mut source.violations;
        let users = named(&users, broken);
        let retirement = (until, free_seats, leave_groups, accept_data_loss);
        let arguments = arguments(verb, (&add, &remove), reconcile, retirement, broken);
        arguments.map(|arguments| PlanRequest { arguments, users })
    };

    /// How an agent user is retired.
    Retirement -> RetireOptions {
        /// How far it is retired; until it is deleted, unless given.
        until "until": or_default RetiredUntil,
        /// Take the licenses first, so that their seats are free at once.
        free_seats "freeSeats": or_default bool,
        /// Take it out of its groups first.
        leave_groups "leaveGroups": or_default bool,
        /// It is known that data is lost: `purged`, `unlicensed` and `freeSeats` want it.
        accept_data_loss "acceptDataLoss": or_default bool,
    } = {
        let options = RetireOptions { until, free_seats, leave_groups, accept_data_loss };
        source.violations.keep(options.check().map_err(|violation| vec![violation]))
    };

    /// The relationships to hand over, and each leaver's successor.
    PlannedHandover -> HandoverRequest {
        /// The leavers: in each text a leaver and the one who follows, with a comma between them, as object ids, user principal
        /// names, or for sponsors groups as `group:{id}`.
        leavers "leavers": need Vec<String>,
        /// The relationships that are handed over; managers and sponsors, unless given.
        handed_over "handedOver": or_default HandedOver,
    } = source.violations.keep(HandoverRequest::read(&leavers, handed_over));

    /// The object to stop, and the exceptions.
    Contained -> ContainRequest {
        /// The blueprint that is stopped, with everything below it: its application id, or an object id of its application or its
        /// principal.
        blueprint "blueprint": take String,
        /// The agent identity that is stopped, with its agent user: its object id.
        identity "agentIdentityId": take String,
        /// The agent user that is stopped: its object id or user principal name.
        user "user": take String,
        /// The accounts that are never stopped: agent users, and agent identities by their object ids.
        except "except": or_default Vec<String>,
        /// Say what would be stopped, and stop nothing.
        dry_run "dryRun": or_default bool,
    } = contained((blueprint, identity, user), &except, dry_run, &mut source.violations);

    /// The object that a plan is to stop, and the exceptions.
    PlannedContainment -> ContainRequest {
        /// The blueprint that is stopped, with everything below it: its application id, or an object id of its application or its
        /// principal.
        blueprint "blueprint": take String,
        /// The agent identity that is stopped, with its agent user: its object id.
        identity "agentIdentityId": take String,
        /// The agent user that is stopped: its object id or user principal name.
        user "user": take String,
        /// The accounts that are never stopped: agent users, and agent identities by their object ids.
        except "except": or_default Vec<String>,
    } = contained((blueprint, identity, user), &except, true, &mut source.violations);

    /// How a roster is planned.
    PlannedRoster -> RosterRequest {
        /// The domain of user principal names that are derived from display names, for rows that have none.
        domain "domain": take String,
        /// Read the tenant's verified domains first, so that a wrong one is an error of its row; true unless given.
        check_domains "checkDomains": take bool,
        /// The numbers of the rows to plan, as in their reports; all rows, unless given.
        rows "rows": take BTreeSet<usize>,
        /// The i-th of n shards alone, as `i/n`.
        shard "shard": take String,
        /// The most bytes that the roster may have; 64 MiB, unless given.
        max_bytes "maxBytes": take usize,
        /// The most rows that the roster may have; 200,000, unless given.
        max_rows "maxRows": take usize,
        /// The most errors of the roster that are listed; 1,000, unless given. More are counted by rule and field.
        max_errors "maxErrors": take usize,
    } = {
        let limits = RosterLimits::of(max_bytes, max_rows, max_errors);
        let check_domains = check_domains.unwrap_or(true);
        let shard = shard.map(|shard| shard.parse().map_err(|violation| vec![violation])).transpose();
        source.violations.keep(shard).map(|shard| RosterRequest {
            domain, check_domains, rows, shard, readiness: Readiness::NONE, dry_run: true, limits,
        })
    };

    /// The bytes of a plan, which are given beside the JSON.
    PlanBytes -> Vec<u8> {} = Some(std::mem::take(&mut source.file));

    /// The bytes of reports, which are given beside the JSON.
    ReportBytes -> Vec<u8> {} = Some(std::mem::take(&mut source.file));

    /// How agent users of reports are brought back.
    Undo -> UndoRequest {
        /// Let Graph drop the mail addresses that other users have by now, in place of refusing; true unless given.
        reconcile "autoReconcileProxyConflict": take bool,
        /// Say what would change, and change nothing.
        dry_run "dryRun": or_default bool,
    } = Some(UndoRequest { auto_reconcile_proxy_conflict: reconcile.unwrap_or(true), dry_run });

    /// How a plan is applied.
    Approval -> ApplyRequest {
        /// The digest of the plan that was approved.
        approved "approved": need String,
        /// How old the plan may be, in days; 7, unless given.
        max_age_days "maxAgeDays": take u32,
        /// Say what is left to change, and change nothing.
        dry_run "dryRun": or_default bool,
        /// The numbers of the objects to change, as in the reports of a dry run; all of them, unless given.
        only "only": take BTreeSet<usize>,
        /// The most bytes that the plan may have; 128 MiB, unless given.
        max_bytes "maxBytes": take usize,
        /// The most changes that the plan may have; 1,000,000, unless given.
        max_changes "maxChanges": take usize,
        /// The most errors of the plan that are listed; 1,000, unless given.
        max_errors "maxErrors": take usize,
    } = {
        let usual = PlanLimits::default();
        let limits = PlanLimits {
            bytes: max_bytes.unwrap_or(usual.bytes),
            changes: max_changes.unwrap_or(usual.changes),
            errors: max_errors.unwrap_or(usual.errors),
        };
        let max_age_days = max_age_days.unwrap_or(MAX_AGE_DAYS);
        Some(ApplyRequest { approved, max_age_days, dry_run, only, limits })
    };
}

/// The one thing that is named, and the accounts that are never stopped.
fn contained(
    (blueprint, identity, user): (Option<String>, Option<String>, Option<String>),
    except: &[String],
    dry_run: bool,
    broken: &mut Violations,
) -> Option<ContainRequest> {
    let target = match (blueprint, identity, user) {
        (Some(id), None, None) => broken.object_id("blueprint", &id).map(ContainTarget::Blueprint),
        (None, Some(id), None) => broken.object_id("agentIdentityId", &id).map(ContainTarget::Identity),
        (None, None, Some(user)) => broken.keep_as("user", UserRef::parse(&user)).map(ContainTarget::User),
        _ => {
            let message = "It needs one of blueprint, agentIdentityId and user.";
            let fix = "Name one thing to stop.";
            broken.push(Violation::new(RuleCode::NotUsable, "blueprint", message, fix));
            None
        }
    };
    let before = broken.len();
    let except = refs("except", except, broken);
    target.filter(|_| broken.len() == before).map(|target| ContainRequest { target, except, dry_run })
}

/// The agent users, each with its place where its name breaks a rule.
fn named(users: &[String], broken: &mut Violations) -> Vec<UserRef> {
    if users.is_empty() {
        broken.push(Violation::required("users"));
    }
    refs("users", users, broken)
}

fn refs(field: &str, names: &[String], broken: &mut Violations) -> Vec<UserRef> {
    let read = |(index, name): (usize, &String)| {
        let of_place = |one: Violation| one.of_field(format!("{field}[{index}]"));
        let read = UserRef::parse(name).map_err(|all| all.into_iter().map(of_place).collect());
        broken.keep(read)
    };
    names.iter().enumerate().filter_map(read).collect()
}

/// The members that say how to retire: how far, and whether seats are freed, groups left and losses accepted.
type Retiring = (Option<RetiredUntil>, Option<bool>, Option<bool>, Option<bool>);

fn arguments(
    verb: UserVerb,
    (add, remove): (&[WrittenLicense], &[String]),
    reconcile: Option<bool>,
    (until, free_seats, leave_groups, accept_data_loss): Retiring,
    broken: &mut Violations,
) -> Option<VerbArguments> {
    let mut only = |is_given: bool, name: &'static str, of: UserVerb, word: &str| {
        if is_given && verb != of {
            let message = format!("It belongs to the verb {word} alone.");
            broken.push(Violation::new(RuleCode::NotUsable, name, message, "Leave it out."));
        }
    };
    only(!add.is_empty(), "add", UserVerb::License, "license");
    only(!remove.is_empty(), "remove", UserVerb::License, "license");
    only(reconcile.is_some(), "autoReconcileProxyConflict", UserVerb::Restore, "restore");
    only(until.is_some(), "until", UserVerb::Retire, "retire");
    only(free_seats.is_some(), "freeSeats", UserVerb::Retire, "retire");
    only(leave_groups.is_some(), "leaveGroups", UserVerb::Retire, "retire");
    only(accept_data_loss.is_some(), "acceptDataLoss", UserVerb::Retire, "retire");
    Some(match verb {
        UserVerb::Retire => {
            let options = RetireOptions {
                until: until.unwrap_or_default(),
                free_seats: free_seats.unwrap_or_default(),
                leave_groups: leave_groups.unwrap_or_default(),
                accept_data_loss: accept_data_loss.unwrap_or_default(),
            };
            VerbArguments::Retire(broken.keep(options.check().map_err(|violation| vec![violation]))?)
        }
        UserVerb::Delete => VerbArguments::Delete,
        UserVerb::Restore => {
            VerbArguments::Restore { auto_reconcile_proxy_conflict: reconcile.unwrap_or_default() }
        }
        UserVerb::Purge => VerbArguments::Purge,
        UserVerb::Enable => VerbArguments::Enable,
        UserVerb::Disable => VerbArguments::Disable,
        UserVerb::License => {
            let changes = LicenseChanges::check(add, remove, broken)?;
            VerbArguments::License { add: changes.add, remove: changes.remove }
        }
    })
}
