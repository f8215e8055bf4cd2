//! The table "Permissions by task" of docs/getting-started.md, from the permissions of each call.

use agentuser_core::graph::Call;
use std::fmt::Write as _;

/// The permission of a caller who manages agent users of any blueprint. For a blueprint, `…IdentityParentedBy` is the same.
const WRITE: &str = "AgentIdUser.ReadWrite.All";

/// Something that an admin does, with the calls that it makes.
pub(crate) struct Task {
    pub(crate) what: &'static str,
    calls: &'static [Call],
    /// A permission to read what is not an agent user: people, who are managers and sponsors.
    also: Option<&'static str>,
    /// Commands that do it on the simulator's tenant, one after the other.
    pub(crate) commands: &'static [&'static str],
}

/// Every task, the smallest first.
pub(crate) const TASKS: &[Task] = &[
    Task {
        what: "verify a parent",
        calls: &[Call::GetAgentIdentity],
        also: None,
        commands: &["parent a1d00000-0000-4000-8000-000000000001"],
    },
    Task {
        what: "list agent identities, and those without an agent user",
        calls: &[
            Call::ListAgentIdentities,
            Call::GetAgentIdentity,
            Call::ListIdentityOwners,
            Call::ListAgentUsers,
        ],
        also: None,
        commands: &[
            "identity list --without-agent-user",
            "identity get a1d00000-0000-4000-8000-000000000001",
            "identity owners a1d00000-0000-4000-8000-000000000001",
        ],
    },
    Task {
        what: "see what lifecycle policies do to a parent",
        calls: &[Call::GetAgentIdentity, Call::ListLifecyclePolicies, Call::FindLifecycleSubject],
        also: None,
        commands: &["identity lifecycle a1d00000-0000-4000-8000-000000000001"],
    },
    Task {
        what: "attest a parent",
        calls: &[Call::GetAgentIdentity, Call::AttestIdentity],
        also: None,
        commands: &["attest a1d00000-0000-4000-8000-000000000001"],
    },
    Task {
        what: "verify a blueprint down to its agent users",
        calls: &[
            Call::FindBlueprintByAppId,
            Call::FindServicePrincipalByAppId,
            Call::ListAgentIdentities,
            Call::ListDeletedServicePrincipals,
            Call::ListAgentUsers,
            Call::ListDeletedUsers,
        ],
        also: None,
        commands: &["blueprint list", "blueprint verify b1a00000-0000-4000-8000-000000000002"],
    },
    Task {
        what: "list and read agent users, with manager, sponsors and names of licenses",
        calls: &[
            Call::ListAgentUsers,
            Call::GetUser,
            Call::GetManager,
            Call::ListSponsors,
            Call::ListSubscribedSkus,
        ],
        also: None,
        commands: &["list", "get first.agent@contoso.com"],
    },
    Task {
        what: "create, change, disable, delete",
        calls: &[
            Call::GetAgentIdentity,
            Call::FindAgentUserByParent,
            Call::GetUser,
            Call::CreateAgentUser,
            Call::UpdateAgentUser,
            Call::DeleteAgentUser,
        ],
        also: None,
        commands: &[
            "create --parent a1d00000-0000-4000-8000-000000000001 --display-name Ada --upn ada@contoso.com",
            "update ada@contoso.com --set jobTitle=Analyst",
            "disable ada@contoso.com",
            "delete ada@contoso.com --yes",
        ],
    },
    Task {
        what: "managers and sponsors",
        calls: &[
            Call::GetUser,
            Call::GetManager,
            Call::SetManager,
            Call::RemoveManager,
            Call::ListSponsors,
            Call::AddSponsor,
            Call::RemoveSponsor,
        ],
        also: Some("User.ReadBasic.All"),
        commands: &[
            "manager set first.agent@contoso.com human1@contoso.com",
            "manager clear first.agent@contoso.com",
            "sponsor add first.agent@contoso.com human2@contoso.com",
            "sponsor remove first.agent@contoso.com human2@contoso.com",
        ],
    },
    Task {
        what: "licenses",
        calls: &[Call::GetUser, Call::ListSubscribedSkus, Call::AssignLicense],
        also: None,
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
        calls: &[
            Call::GetAgentIdentity,
            Call::FindAgentUserByParent,
            Call::GetUser,
            Call::CreateAgentUser,
            Call::UpdateAgentUser,
            Call::GetManager,
            Call::SetManager,
            Call::ListSponsors,
            Call::AddSponsor,
            Call::ListSubscribedSkus,
            Call::AssignLicense,
        ],
        also: Some("User.ReadBasic.All"),
        commands: &["roster apply roster.csv --wait mailbox,teams", "roster plan roster.csv"],
    },
    Task {
        what: "rosters that expect licenses from groups: beside the row above",
        calls: &[Call::GetGroup, Call::FindGroupByName, Call::ListMemberships],
        also: None,
        commands: &[],
    },
    Task { what: "wait for OneDrive", calls: &[Call::GetUser, Call::GetDrive], also: None, commands: &[] },
    Task {
        what: "list deleted agent users and restore them",
        calls: &[Call::ListDeletedUsers, Call::GetDeletedItem, Call::RestoreDeletedItem, Call::GetUser],
        also: None,
        commands: &[
            "delete first.agent@contoso.com --yes",
            "list --deleted",
            "restore first.agent@contoso.com",
        ],
    },
    Task {
        what: "delete for ever",
        calls: &[Call::ListDeletedUsers, Call::GetDeletedItem, Call::PurgeDeletedItem],
        also: None,
        commands: &[],
    },
];

impl Task {
    /// The fewest permissions that allow all of its calls, the one to write agent users first where there is a write.
    pub(crate) fn permissions(&self) -> Vec<&'static str> {
        let mut chosen: Vec<&'static str> = self.also.into_iter().collect();
        let covers = |chosen: &[&str], call: &Call| call.permissions().iter().any(|one| chosen.contains(one));
        if self.calls.iter().any(|call| call.is_write() && call.permissions().contains(&WRITE)) {
            chosen.insert(0, WRITE);
        }
        for call in self.calls {
            if !covers(&chosen, call) {
                chosen.extend(call.permissions().first());
            }
        }
        // An early call's least permission may be less than what a later one needs.
        let mut at = 0;
        while at < chosen.len() {
            let rest: Vec<&str> =
                chosen.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, one)| *one).collect();
            let needed = chosen.get(at).is_some_and(|one| Some(*one) == self.also)
                || !self.calls.iter().all(|call| covers(&rest, call));
            if needed {
                at += 1;
            } else {
                chosen.remove(at);
            }
        }
        chosen
    }

    /// The roles that a signed-in admin needs for it.
    fn roles(&self) -> Vec<&'static str> {
        let mut roles: Vec<&str> = self.calls.iter().filter_map(|call| call.role()).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

/// The table.
pub(super) fn table() -> String {
    let mut table = String::from("| task | permissions | role of a person |\n|---|---|---|\n");
    for task in TASKS {
        let permissions: Vec<String> = task.permissions().iter().map(|one| format!("`{one}`")).collect();
        let _ =
            writeln!(table, "| {} | {} | {} |", task.what, permissions.join(", "), task.roles().join(", "));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_permissions_of_a_task_allow_each_of_its_calls() {
        for task in TASKS {
            let chosen = task.permissions();
            for call in task.calls {
                assert!(call.permissions().iter().any(|one| chosen.contains(one)), "{}: {call}", task.what);
            }
        }
    }

    #[test]
    fn none_of_them_is_more_than_the_task_needs() {
        let of = |what: &str| TASKS.iter().find(|task| task.what.starts_with(what)).unwrap().permissions();
        assert_eq!(of("verify"), ["AgentIdentity.Read.All"]);
        assert_eq!(of("list and read"), ["User.Read.All", "LicenseAssignment.Read.All"]);
        assert_eq!(of("create"), [WRITE, "AgentIdentity.Read.All"]);
        assert_eq!(of("managers"), [WRITE, "User.ReadBasic.All"]);
    }
}
