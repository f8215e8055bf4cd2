//! Links into the Entra portal (docs/graph.md#portal-links).

use crate::ObjectId;
use serde_json::Value;

/// The page that a row leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The page of the user whose object id is this member.
    User(&'static str),
    /// The page of a finding's subject.
    Subject,
    /// The page of a finding's user, or of its subject where it has no user.
    UserOrSubject,
}

impl Link {
    /// The address of the page, where the row leads to one.
    pub(super) fn url(self, row: &Value) -> Option<String> {
        let text = |path: &str| row.pointer(path).and_then(Value::as_str);
        match self {
            Self::User(pointer) => user(text(pointer)?),
            Self::Subject => match text("/subject/kind")? {
                "agentUser" => user(text("/subject/id")?),
                "agentIdentity" => agent_identity(text("/subject/id")?),
                _ => None,
            },
            Self::UserOrSubject => Self::User("/user/id").url(row).or_else(|| Self::Subject.url(row)),
        }
    }
}

/// The id as the portal's addresses have it. Another text than an id would change where the address leads to.
fn id(text: &str) -> Option<ObjectId> {
    text.parse().ok()
}

fn user(text: &str) -> Option<String> {
    let id = id(text)?;
    Some(format!(
        "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{id}"
    ))
}

fn agent_identity(text: &str) -> Option<String> {
    let id = id(text)?;
    Some(format!(
        "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/AgentIdentity.MenuView/~/overview/objectId/{id}/menuId/overview"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_ids_make_links() {
        let id = "a6000000-0000-4000-8000-000000000001";
        let of = |row: Value| Link::UserOrSubject.url(&row);
        let user = of(json!({"user": {"id": id}, "subject": {"kind": "agentIdentity", "id": id}})).unwrap();
        assert!(user.ends_with(&format!("UserProfileMenuBlade/~/overview/userId/{id}")), "{user}");
        let identity = of(json!({"user": null, "subject": {"kind": "agentIdentity", "id": id}})).unwrap();
        assert!(
            identity.contains(&format!("AgentIdentity.MenuView/~/overview/objectId/{id}/")),
            "{identity}"
        );
        for subject in
            [json!({"kind": "agentUser", "id": "../x\" onclick="}), json!({"kind": "tenant", "id": id})]
        {
            assert_eq!(of(json!({"subject": subject})), None);
        }
    }
}
