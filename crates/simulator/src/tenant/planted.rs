//! A large tenant in which every finding of an audit is planted in one of a hundred agent users.

use super::trouble::{DAY, DISABLED_PERSON, EMPTY_GROUP, ROLE_GROUP, STUCK_SKU};
use super::{FULL_SKU, SMALL_SKU, Tenant};
use crate::directory::{AccessPolicy, Life, User};
use crate::ids;
use serde_json::json;

/// The number of the first blueprint. Those of a [`Tenant::contoso`] come before.
const FIRST_BLUEPRINT: u32 = 101;
/// How many agent identities a blueprint has: as many as an audit does not remark upon.
const OF_BLUEPRINT: u32 = 200;
const EVERY: u32 = 100;
/// How many without an agent user a crowded blueprint has beside them. Two of its two hundred are gone.
const TOO_MANY: u32 = 3;

/// The number of the person who sponsors a few agent users alone.
const SPONSOR: u32 = 3;
/// The numbers of agent users without any finding.
const SPONSORED: std::ops::Range<u32> = 90..97;

/// The rules whose findings are planted in agent users. Those whose number is a multiple of a hundred, and the place of the rule
/// in this list more, have its finding.
const PLANTED: &[&str] = &[
    "parent-gone",
    "parent-deleted",
    "parent-disabled",
    "parent-not-identity",
    "shared-parent",
    "no-sponsor",
    "sponsor-unusable",
    "no-manager",
    "manager-unusable",
    "leave-date",
    "idle",
    "disabled-and-licensed",
    "license-error",
    "license-without-mailbox",
    "mailbox-missing",
    "no-usage-location",
    "domain-unverified",
    "domain-federated",
    "role-group",
    "privileged-role",
    "grant-for-all",
    "blocked-permission",
    "risky",
    "sign-in-blocked",
    "lifecycle-action",
    "deleted",
];

/// How many subjects of a rule have its finding in a [`Tenant::planted`].
#[must_use]
pub fn planted(rule: &str, users: u32) -> usize {
    let subjects = match rule {
        "blueprint-crowded" | "all-inherited" => of_hundred(blueprints(users)),
        _ => users / EVERY,
    };
    usize::try_from(subjects).unwrap_or_default()
}

const fn blueprints(users: u32) -> u32 {
    users.div_ceil(OF_BLUEPRINT)
}

/// One of a hundred, and at least one.
const fn of_hundred(number: u32) -> u32 {
    number.div_ceil(EVERY)
}

/// The numbers of the agent users with the finding of a rule.
fn numbers(rule: &str, users: u32) -> impl Iterator<Item = u32> + use<> {
    let place = PLANTED.iter().position(|name| *name == rule).unwrap_or(PLANTED.len());
    let first = u32::try_from(place + 1).unwrap_or_default();
    (first..=users).step_by(EVERY as usize)
}

impl Tenant {
    /// A [`Tenant::contoso_without_agent_users`] with so many agent users, a multiple of two hundred, of which one in a hundred
    /// has the finding of each rule ([`planted`]).
    #[must_use]
    pub fn planted(users: u32) -> Self {
        Self::contoso_without_agent_users(0).planted_with(users)
    }

    /// The same, from a [`Tenant::contoso_without_agent_users`] with settings of its own.
    pub(crate) fn planted_with(self, users: u32) -> Self {
        self.planted_surroundings(users)
            .planted_users(users)
            .planted_parents(users)
            .planted_people(users)
            .planted_licenses(users)
            .planted_access(users)
            .planted_sponsor(users)
    }

    fn planted_surroundings(self, users: u32) -> Self {
        let mut tenant = self.surroundings(users);
        for n in 0..blueprints(users) {
            tenant = tenant.blueprint(FIRST_BLUEPRINT + n);
        }
        for n in 0..of_hundred(blueprints(users)) {
            let blueprint = FIRST_BLUEPRINT + n;
            for extra in 1..=TOO_MANY {
                tenant = tenant.identity(users + n * TOO_MANY + extra, blueprint);
            }
            tenant = tenant.all_inherited(blueprint);
        }
        tenant
    }

    /// All agent users, sound so far.
    fn planted_users(mut self, users: u32) -> Self {
        for n in 1..=users {
            let id = ids::agent_user(n);
            self = self
                .identity(n, FIRST_BLUEPRINT + (n - 1) / OF_BLUEPRINT)
                .agent_user(n, &format!("agent{n}@contoso.com"))
                .change_user(id, |user| {
                    user.manager = Some(ids::human(1));
                    user.sponsors.insert(ids::human(2));
                })
                .signed_in(id, 1, true);
        }
        self
    }

    fn planted_parents(mut self, users: u32) -> Self {
        let (deleted, attested) = (self.days_ago(10), self.days_ago(100));
        for n in numbers("parent-gone", users) {
            self = self.change_identity(n, |identity| identity.life = Life::Gone);
        }
        for n in numbers("parent-deleted", users) {
            self = self.change_identity(n, |identity| identity.life = Life::Deleted(deleted));
            self.directory.purge_in(ids::identity(n), deleted, 20 * DAY);
        }
        for n in numbers("parent-disabled", users) {
            self = self.change_identity(n, |identity| identity.account_enabled = false);
        }
        for n in numbers("parent-not-identity", users) {
            self = self.plain_principal(n).plant(n, |user| user.parent = Some(ids::plain(n)));
        }
        for n in numbers("shared-parent", users).skip(1).step_by(2) {
            self = self.plant(n, |user| user.parent = Some(ids::identity(n - EVERY)));
        }
        for n in numbers("lifecycle-action", users) {
            self = self.change_identity(n, |identity| identity.attested = Some(attested));
        }
        self
    }

    fn planted_people(mut self, users: u32) -> Self {
        for n in numbers("no-sponsor", users) {
            self = self.plant(n, |user| user.sponsors.clear());
        }
        for n in numbers("sponsor-unusable", users) {
            let sponsor = if n % 200 < EVERY { ids::human(DISABLED_PERSON) } else { ids::group(EMPTY_GROUP) };
            self = self.plant(n, |user| user.sponsors = [sponsor].into());
        }
        for n in numbers("no-manager", users) {
            self = self.plant(n, |user| user.manager = None);
        }
        for n in numbers("manager-unusable", users) {
            self = self.plant(n, |user| user.manager = Some(ids::human(DISABLED_PERSON)));
        }
        for n in numbers("leave-date", users) {
            let date = json!("2001-01-31T00:00:00Z");
            self = self.plant(n, |user| drop(user.extras.insert("employeeLeaveDateTime".into(), date)));
        }
        for n in numbers("idle", users) {
            self.directory.sign_ins.remove(&ids::agent_user(n));
            self = self.signed_in(ids::agent_user(n), 200, true);
        }
        let deleted = self.days_ago(20);
        for n in numbers("deleted", users) {
            self.directory.sign_ins.remove(&ids::agent_user(n));
            self = self.plant(n, |user| user.life = Life::Deleted(deleted));
            self.directory.purge_in(ids::agent_user(n), deleted, 10 * DAY);
        }
        self
    }

    fn planted_licenses(mut self, users: u32) -> Self {
        for (rule, sku, error) in [
            ("disabled-and-licensed", FULL_SKU, None),
            // The mailbox is there by the other license.
            ("license-error", FULL_SKU, None),
            ("license-error", SMALL_SKU, Some("DependencyViolation")),
            ("license-without-mailbox", SMALL_SKU, None),
            ("mailbox-missing", STUCK_SKU, None),
        ] {
            for n in numbers(rule, users) {
                let license = self.old_license(error);
                self = self.plant(n, |user| drop(user.licenses.insert(ids::sku(sku), license)));
            }
        }
        for n in numbers("disabled-and-licensed", users) {
            self = self.plant(n, |user| user.account_enabled = false);
        }
        for n in numbers("no-usage-location", users) {
            self = self.plant(n, |user| user.usage_location = None);
        }
        for (rule, domain) in
            [("domain-unverified", "fabrikam.com"), ("domain-federated", "federated.contoso.com")]
        {
            for n in numbers(rule, users) {
                self = self.plant(n, |user| user.user_principal_name = format!("agent{n}@{domain}"));
            }
        }
        self
    }

    fn planted_access(self, users: u32) -> Self {
        let ids_of = |rule| numbers(rule, users).map(ids::agent_user);
        let blocked: Vec<String> = ids_of("sign-in-blocked").map(|id| id.to_string()).collect();
        let mut tenant = self
            .change_group(ROLE_GROUP, |group| {
                group.extras.insert("isAssignableToRole".into(), true.into());
                group.members.extend(ids_of("role-group"));
            })
            .access_policy(AccessPolicy::blocking(
                ids::access_policy(1),
                "Block agents by name",
                json!({ "includeUsers": blocked }),
            ));
        for n in numbers("privileged-role", users) {
            tenant = tenant.directory_role(ids::agent_user(n), "Global Reader", n % 200 < EVERY);
        }
        for n in numbers("grant-for-all", users) {
            tenant = tenant.consent(ids::identity(n), None, "Mail.Read");
        }
        for n in numbers("blocked-permission", users) {
            tenant = tenant.consent(ids::identity(n), Some(ids::agent_user(n)), "User.ReadWrite.All");
        }
        for id in ids_of("risky") {
            tenant = tenant.at_risk(id, "high");
        }
        tenant
    }

    /// A person with a few agent users and their agent identities, of which one is about to be disabled.
    fn planted_sponsor(mut self, users: u32) -> Self {
        let person = ids::human(SPONSOR);
        for n in numbers("lifecycle-action", users).take(1).chain(SPONSORED) {
            self = self.plant(n, |user| _ = user.sponsors.insert(person));
            self = self.change_identity(n, |identity| _ = identity.sponsors.insert(person));
        }
        self
    }

    fn plant(self, n: u32, change: impl FnOnce(&mut User)) -> Self {
        self.change_user(ids::agent_user(n), change)
    }
}
