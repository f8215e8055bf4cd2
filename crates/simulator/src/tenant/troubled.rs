//! A tenant with everything that an audit finds, each once, and nothing else.

use super::trouble::{DAY, DAY_MS, DISABLED_PERSON, EMPTY_GROUP, ROLE_GROUP, STUCK_SKU};
use super::{FULL_SKU, SMALL_SKU, Tenant};
use crate::directory::{AccessPolicy, Life, User};
use crate::{clock, ids};
use agentuser_core::ObjectId;
use serde_json::json;

/// The number of the first agent user: those before are parents without an agent user.
const FIRST: u32 = 920_000;
/// A person in the recycle bin.
const DELETED_PERSON: u32 = 12;
/// The blueprints with too many agent identities, and with everything inherited.
const CROWDED: u32 = 5;
const ALL_INHERITED: u32 = 4;
/// How many agent identities the crowded one has: Microsoft allows 250.
const CROWD: u32 = 201;

/// The findings of an audit in the tenant `troubled`: the rule, and the object by its name. A user is named
/// by the part of its name before the `@`.
pub const PLANTED: &[(&str, &str)] = &[
    ("parent-gone", "parent.gone"),
    ("parent-deleted", "parent.deleted"),
    ("parent-disabled", "parent.disabled"),
    ("parent-not-identity", "parent.not.identity"),
    ("shared-parent", "shared.parent.one"),
    ("shared-parent", "shared.parent.two"),
    ("blueprint-crowded", "Blueprint 5"),
    ("no-sponsor", "no.sponsor"),
    ("sponsor-unusable", "sponsor.disabled"),
    // Graph does not show sponsors and managers in the recycle bin.
    ("no-sponsor", "sponsor.deleted"),
    ("sponsor-unusable", "sponsor.empty.group"),
    ("no-manager", "no.manager"),
    ("manager-unusable", "manager.disabled"),
    ("no-manager", "manager.deleted"),
    ("leave-date", "leaves.soon"),
    ("leave-date", "left.already"),
    ("idle", "idle"),
    ("disabled-and-licensed", "disabled.licensed"),
    ("license-error", "license.error"),
    ("license-without-mailbox", "license.without.mailbox"),
    ("mailbox-missing", "mailbox.missing"),
    ("no-usage-location", "no.usage.location"),
    ("domain-unverified", "domain.unverified"),
    ("domain-federated", "domain.federated"),
    ("deleted", "deleted"),
    ("role-group", "role.group"),
    ("privileged-role", "role.active"),
    ("privileged-role", "role.eligible"),
    ("grant-for-all", "grant.for.all"),
    ("all-inherited", "Blueprint 4"),
    ("blocked-permission", "blocked.permission"),
    ("risky", "risky"),
    ("sign-in-blocked", "sign.in.blocked"),
    ("lifecycle-action", "attestation.due"),
    ("attestation-due", "attestation.due"),
];

/// Agent users of whom an audit says nothing.
pub const SOUND: &[&str] = &["ada", "grace", "linus"];

/// The agent user of the tenant `troubled` with this part of its name before the `@`.
#[must_use]
pub fn troubled_user(local: &str) -> Option<ObjectId> {
    let named = NAMES.iter().position(|name| *name == local).or_else(|| {
        let at = SOUND.iter().position(|name| *name == local)?;
        Some(NAMES.len() + at)
    });
    Some(ids::agent_user(number(named?)))
}

/// The agent users with a finding, by name. The place of a name gives its number.
const NAMES: &[&str] = &[
    "parent.gone",
    "parent.deleted",
    "parent.disabled",
    "parent.not.identity",
    "shared.parent.one",
    "shared.parent.two",
    "no.sponsor",
    "sponsor.disabled",
    "sponsor.deleted",
    "sponsor.empty.group",
    "no.manager",
    "manager.disabled",
    "manager.deleted",
    "leaves.soon",
    "left.already",
    "idle",
    "disabled.licensed",
    "license.error",
    "license.without.mailbox",
    "mailbox.missing",
    "no.usage.location",
    "domain.unverified",
    "domain.federated",
    "deleted",
    "role.group",
    "role.active",
    "role.eligible",
    "grant.for.all",
    "inherits.all",
    "blocked.permission",
    "risky",
    "sign.in.blocked",
    "attestation.due",
];

fn number(place: usize) -> u32 {
    FIRST.saturating_add(u32::try_from(place).unwrap_or_default())
}

fn of(local: &str) -> ObjectId {
    troubled_user(local).unwrap_or(ids::nothing(0))
}

/// The number of a user, which its parent has, too.
fn number_of(local: &str) -> u32 {
    NAMES.iter().position(|name| *name == local).map_or(0, number)
}

impl Tenant {
    /// Adds everything that an audit finds, each once ([`PLANTED`]), and agent users without a finding ([`SOUND`]), to a
    /// [`Tenant::contoso_without_agent_users`]. Dates go by the date on which the tenant was made.
    #[must_use]
    pub fn troubled(self) -> Self {
        self.troubled_surroundings()
            .sound_users()
            .parents_in_trouble()
            .people_in_trouble()
            .others_in_trouble()
    }

    /// People, groups, SKUs, blueprints and policies.
    fn troubled_surroundings(self) -> Self {
        let deleted = self.days_ago(5);
        let mut tenant = self
            .surroundings(100)
            .blueprint(ALL_INHERITED)
            .blueprint(CROWDED)
            .human(DELETED_PERSON)
            .change_user(ids::human(DELETED_PERSON), |user| user.life = Life::Deleted(deleted))
            .change_group(EMPTY_GROUP, |group| group.display_name = "Nobody".to_owned())
            .all_inherited(ALL_INHERITED);
        for n in 0..CROWD {
            tenant = tenant.identity(FIRST - 1_000 + n, CROWDED);
        }
        tenant
    }

    /// All users, sound so far.
    fn sound_users(mut self) -> Self {
        for (place, local) in NAMES.iter().chain(SOUND).enumerate() {
            let (n, id) = (number(place), ids::agent_user(number(place)));
            let blueprint = if *local == "inherits.all" { ALL_INHERITED } else { 1 };
            let license = self.old_license(None);
            self = self
                .identity(n, blueprint)
                .agent_user(n, &format!("{local}@contoso.com"))
                .change_user(id, |user| {
                    user.manager = Some(ids::human(1));
                    user.sponsors.insert(ids::human(2));
                    user.licenses.insert(ids::sku(FULL_SKU), license);
                })
                .signed_in(id, 1, true);
        }
        self
    }

    fn parents_in_trouble(self) -> Self {
        let deleted = self.days_ago(10);
        let attested = self.days_ago(100);
        let shared = ids::identity(number_of("shared.parent.one"));
        self.change_identity(number_of("parent.gone"), |identity| identity.life = Life::Gone)
            .change_identity(number_of("parent.deleted"), |identity| identity.life = Life::Deleted(deleted))
            .change_identity(number_of("parent.disabled"), |identity| identity.account_enabled = false)
            .change_identity(number_of("attestation.due"), |identity| identity.attested = Some(attested))
            .of("parent.not.identity", |user| user.parent = Some(ids::plain(1)))
            .of("shared.parent.two", |user| user.parent = Some(shared))
    }

    fn people_in_trouble(self) -> Self {
        let sponsor = |id: ObjectId| move |user: &mut User| user.sponsors = [id].into();
        self.of("no.sponsor", |user| user.sponsors.clear())
            .of("sponsor.disabled", sponsor(ids::human(DISABLED_PERSON)))
            .of("sponsor.deleted", sponsor(ids::human(DELETED_PERSON)))
            .of("sponsor.empty.group", sponsor(ids::group(EMPTY_GROUP)))
            .of("no.manager", |user| user.manager = None)
            .of("manager.disabled", |user| user.manager = Some(ids::human(DISABLED_PERSON)))
            .of("manager.deleted", |user| user.manager = Some(ids::human(DELETED_PERSON)))
    }

    fn others_in_trouble(mut self) -> Self {
        let date = |days: i64| json!(clock::iso(self.unix_ms + days * DAY_MS));
        let (soon, past, deleted) = (date(10), date(-3), self.days_ago(20));
        let [small, stuck, failed] =
            [None, None, Some("DependencyViolation")].map(|error| self.old_license(error));
        self.directory.sign_ins.remove(&of("idle"));
        self.directory.sign_ins.remove(&of("deleted"));
        let blocked = json!({"includeUsers": [of("sign.in.blocked").to_string()]});
        let in_bin = [
            (ids::human(DELETED_PERSON), 5),
            (ids::identity(number_of("parent.deleted")), 10),
            (of("deleted"), 20),
        ];
        for (id, days) in in_bin {
            let (since, left) = (self.days_ago(days), DAY * (30 - u32::try_from(days).unwrap_or_default()));
            self.directory.purge_in(id, since, left);
        }
        self.consent(ids::identity(number_of("grant.for.all")), None, "Mail.Read")
            .consent(
                ids::identity(number_of("blocked.permission")),
                Some(of("blocked.permission")),
                "User.ReadWrite.All",
            )
            .of("leaves.soon", |user| drop(user.extras.insert("employeeLeaveDateTime".into(), soon)))
            .of("left.already", |user| drop(user.extras.insert("employeeLeaveDateTime".into(), past)))
            .signed_in(of("idle"), 200, true)
            .signed_in(of("idle"), 1, false)
            .of("disabled.licensed", |user| user.account_enabled = false)
            .of("license.error", |user| drop(user.licenses.insert(ids::sku(SMALL_SKU), failed)))
            .of("license.without.mailbox", |user| user.licenses = [(ids::sku(SMALL_SKU), small)].into())
            .of("mailbox.missing", |user| user.licenses = [(ids::sku(STUCK_SKU), stuck)].into())
            .of("no.usage.location", |user| {
                user.usage_location = None;
                user.licenses.clear();
            })
            .of("domain.unverified", |user| {
                user.user_principal_name = "domain.unverified@fabrikam.com".to_owned();
            })
            .of("domain.federated", |user| {
                user.user_principal_name = "domain.federated@federated.contoso.com".to_owned();
            })
            .of("deleted", |user| user.life = Life::Deleted(deleted))
            .change_group(ROLE_GROUP, |group| {
                group.display_name = "Role holders".to_owned();
                group.extras.insert("isAssignableToRole".into(), true.into());
                group.members.insert(of("role.group"));
            })
            .directory_role(of("role.active"), "Global Reader", false)
            .directory_role(of("role.eligible"), "Global Reader", true)
            .at_risk(of("risky"), "high")
            .access_policy(AccessPolicy::blocking(ids::access_policy(1), "Block one agent", blocked))
    }

    fn of(self, local: &str, change: impl FnOnce(&mut User)) -> Self {
        self.change_user(of(local), change)
    }
}
