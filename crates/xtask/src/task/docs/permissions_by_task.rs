//! The table "Permissions by task" of docs/getting-started.md, from the permissions of the operations that a task takes.

use agentuser_core::flow::{Condition, RequiredPermissions, required_under};
use std::fmt::Write as _;

/// A task of an admin.
pub(crate) struct Task {
    pub(crate) what: &'static str,
    operations: &'static [&'static str],
    /// The conditions of these operations' permissions that apply to the task.
    conditions: &'static [Condition],
    /// Commands that do it on the simulator's tenant, one after the other.
    pub(crate) commands: &'static [&'static str],
}

/// Every task, the smallest first.
pub(crate) const TASKS: &[Task] = &[
    Task {
        what: "verify a parent",
        operations: &["verifyParent"],
        conditions: &[],
        commands: &["parent a1d00000-0000-4000-8000-000000000001"],
    },
    Task {
        what: "list agent identities, and those without an agent user",
        operations: &["listIdentities", "identity", "identityOwners"],
        conditions: &[Condition::WithoutAgentUser],
        commands: &[
            "identity list --without-agent-user",
            "identity get a1d00000-0000-4000-8000-000000000001",
            "identity owners a1d00000-0000-4000-8000-000000000001",
        ],
    },
    Task {
        what: "see what lifecycle policies do to a parent",
        operations: &["lifecycle"],
        conditions: &[],
        commands: &["identity lifecycle a1d00000-0000-4000-8000-000000000001"],
    },
    Task {
        what: "attest a parent",
        operations: &["attest"],
        conditions: &[],
        commands: &["attest a1d00000-0000-4000-8000-000000000001"],
    },
    Task {
        what: "verify a blueprint down to its agent users",
        operations: &["listBlueprints", "verifyBlueprint"],
        conditions: &[],
        commands: &["blueprint list", "blueprint verify b1a00000-0000-4000-8000-000000000002"],
    },
    Task {
        what: "list and read agent users, with manager, sponsors and names of licenses",
        operations: &["list", "get", "manager", "sponsors", "skus"],
        conditions: &[],
        commands: &["list", "get first.agent@contoso.com"],
    },
    Task {
        what: "create, change, disable, delete",
        operations: &["create", "update", "delete"],
        conditions: &[],
        commands: &[
            "create --parent a1d00000-0000-4000-8000-000000000001 --display-name Ada --upn ada@contoso.com",
            "update ada@contoso.com --set jobTitle=Analyst",
            "disable ada@contoso.com",
            "delete ada@contoso.com --yes",
        ],
    },
    Task {
        what: "managers and sponsors",
        operations: &["manager", "setManager", "clearManager", "sponsors", "addSponsor", "removeSponsor"],
        conditions: &[Condition::Manager, Condition::Sponsors],
        commands: &[
            "manager set first.agent@contoso.com human1@contoso.com",
            "manager clear first.agent@contoso.com",
            "sponsor add first.agent@contoso.com human2@contoso.com",
            "sponsor remove first.agent@contoso.com human2@contoso.com",
        ],
    },
    Task {
        what: "groups",
        operations: &["groups", "addToGroup", "removeFromGroup"],
        conditions: &[],
        commands: &[
            "group list first.agent@contoso.com",
            "group add first.agent@contoso.com \"Group 1\"",
            "group remove first.agent@contoso.com \"Group 1\"",
        ],
    },
    Task {
        what: "licenses",
        operations: &["update", "skus", "licenses", "changeLicenses"],
        conditions: &[],
        commands: &[
            "update first.agent@contoso.com --set usageLocation=DE",
            "sku",
            "license add first.agent@contoso.com AGENT_365",
            "license list first.agent@contoso.com",
            "license remove first.agent@contoso.com AGENT_365",
        ],
    },
    Task {
        what: "a roster with managers, sponsors and licenses, waiting for mailbox and Teams",
        operations: &["applyRoster", "planRoster"],
        conditions: &[Condition::Manager, Condition::Sponsors, Condition::Licenses, Condition::Services],
        commands: &["roster apply roster.csv --wait mailbox,teams", "roster plan roster.csv"],
    },
    Task {
        what: "a roster with groups",
        operations: &["applyRoster", "planRoster"],
        conditions: &[Condition::Groups],
        commands: &[],
    },
    Task {
        what: "a roster that expects licenses from groups",
        operations: &["applyRoster", "planRoster"],
        conditions: &[Condition::LicenseGroups],
        commands: &[],
    },
    Task {
        what: "wait for OneDrive",
        operations: &["waitReady"],
        conditions: &[Condition::OneDrive],
        commands: &[],
    },
    Task {
        what: "list deleted agent users and restore them",
        operations: &["listDeleted", "restore"],
        conditions: &[Condition::DeletedByName],
        commands: &[
            "delete first.agent@contoso.com --yes",
            "list --deleted",
            "restore first.agent@contoso.com",
        ],
    },
    Task {
        what: "delete for ever",
        operations: &["listDeleted", "purge"],
        conditions: &[Condition::DeletedByName],
        commands: &[],
    },
];

impl Task {
    fn needed(&self) -> RequiredPermissions {
        required_under(self.operations, self.conditions)
    }

    /// The fewest permissions of an application that does it.
    pub(crate) fn permissions(&self) -> Vec<&'static str> {
        self.needed().application.permissions
    }
}

/// The table.
pub(super) fn table() -> String {
    let mut table = String::from(
        "| task | permissions of an application | of a signed-in person | role of a person |\n|---|---|---|---|\n",
    );
    let list = |all: &[&str]| all.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
    for task in TASKS {
        let RequiredPermissions { application, delegated, .. } = task.needed();
        let person = match list(&delegated.permissions) {
            same if same == list(&application.permissions) => "the same".to_owned(),
            others => others,
        };
        let roles = delegated.roles.join(", ");
        let _ =
            writeln!(table, "| {} | {} | {person} | {roles} |", task.what, list(&application.permissions));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use agentuser_core::flow::known_operations;

    #[test]
    fn tasks_name_operations_that_there_are() {
        for name in TASKS.iter().flat_map(|task| task.operations) {
            assert!(known_operations().any(|known| known == *name), "{name}");
        }
    }

    #[test]
    fn none_of_them_is_more_than_the_task_needs() {
        let of = |what: &str| TASKS.iter().find(|task| task.what.starts_with(what)).unwrap().permissions();
        assert_eq!(of("verify"), ["AgentIdentity.Read.All"]);
        assert_eq!(of("list and read"), ["User.Read.All", "LicenseAssignment.Read.All"]);
        assert_eq!(of("create"), ["AgentIdUser.ReadWrite.All", "AgentIdentity.Read.All"]);
        assert_eq!(of("managers"), ["AgentIdUser.ReadWrite.All", "User.ReadBasic.All"]);
    }
}
