//! Paths.

use percent_encoding::percent_decode_str;

/// A type that a path of service principals is cast to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PrincipalCast {
    AgentIdentity,
    BlueprintPrincipal,
}

/// The meaning of a path. `cast` tells whether it names the type `microsoft.graph.agentUser`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    Users { cast: bool },
    UsersCount { cast: bool },
    User { key: String, cast: bool },
    Manager { key: String, cast: bool },
    ManagerRef { key: String, cast: bool },
    Sponsors { key: String, cast: bool },
    SponsorsRef { key: String, cast: bool },
    SponsorRef { key: String, sponsor: String, cast: bool },
    AssignLicense { key: String, cast: bool },
    Reprocess { key: String, cast: bool },
    LicenseDetails { key: String, cast: bool },
    Revoke { key: String, cast: bool },
    MemberOf { key: String, cast: bool },
    Drive { key: String, cast: bool },
    Groups,
    Group { id: String },
    Members { id: String },
    SubscribedSkus,
    Organization,
    Domains,
    Principals { cast: Option<PrincipalCast> },
    Principal { id: String, cast: Option<PrincipalCast> },
    DeletedUsers,
    DeletedItem { id: String },
    Restore { id: String },
}

impl Route {
    /// Reads a path below the version, such as `/users/x`. None: the simulator does not know it.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let segments = path
            .strip_prefix('/')?
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8().map(|text| text.into_owned()))
            .collect::<Result<Vec<String>, _>>()
            .ok()?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["users", rest @ ..] => Self::user(rest),
            ["groups"] => Some(Self::Groups),
            ["groups", id] => Some(Self::Group { id: (*id).to_owned() }),
            ["groups", id, "members"] => Some(Self::Members { id: (*id).to_owned() }),
            ["subscribedSkus"] => Some(Self::SubscribedSkus),
            ["organization"] => Some(Self::Organization),
            ["domains"] => Some(Self::Domains),
            ["servicePrincipals"] => Some(Self::Principals { cast: None }),
            ["servicePrincipals", one] => Some(match principal_cast(one) {
                Some(cast) => Self::Principals { cast: Some(cast) },
                None => Self::Principal { id: (*one).to_owned(), cast: None },
            }),
            ["servicePrincipals", one, two] => match (principal_cast(one), principal_cast(two)) {
                (Some(cast), None) => Some(Self::Principal { id: (*two).to_owned(), cast: Some(cast) }),
                (None, Some(cast)) => Some(Self::Principal { id: (*one).to_owned(), cast: Some(cast) }),
                _ => None,
            },
            ["directory", "deletedItems", "microsoft.graph.user" | "graph.user"] => Some(Self::DeletedUsers),
            ["directory", "deletedItems", id] => Some(Self::DeletedItem { id: (*id).to_owned() }),
            ["directory", "deletedItems", id, "microsoft.graph.user" | "graph.user"] => {
                Some(Self::DeletedItem { id: (*id).to_owned() })
            }
            ["directory", "deletedItems", id, "restore" | "microsoft.graph.restore"] => {
                Some(Self::Restore { id: (*id).to_owned() })
            }
            _ => None,
        }
    }

    fn user(segments: &[&str]) -> Option<Self> {
        let (key, rest, cast) = match segments {
            [] => return Some(Self::Users { cast: false }),
            ["$count"] => return Some(Self::UsersCount { cast: false }),
            ["delta" | "delta()" | "microsoft.graph.delta" | "microsoft.graph.delta()"] => return None,
            [one] if is_cast(one) => return Some(Self::Users { cast: true }),
            [one, "$count"] if is_cast(one) => return Some(Self::UsersCount { cast: true }),
            [one, key, rest @ ..] if is_cast(one) => (*key, rest, true),
            [key, two, rest @ ..] if is_cast(two) => (*key, rest, true),
            [key, rest @ ..] => (*key, rest, false),
        };
        let key = key.to_owned();
        match rest {
            [] => Some(Self::User { key, cast }),
            ["manager"] => Some(Self::Manager { key, cast }),
            ["manager", "$ref"] => Some(Self::ManagerRef { key, cast }),
            ["sponsors"] => Some(Self::Sponsors { key, cast }),
            ["sponsors", "$ref"] => Some(Self::SponsorsRef { key, cast }),
            ["sponsors", sponsor, "$ref"] => {
                Some(Self::SponsorRef { key, sponsor: (*sponsor).to_owned(), cast })
            }
            ["assignLicense" | "microsoft.graph.assignLicense"] => Some(Self::AssignLicense { key, cast }),
            ["reprocessLicenseAssignment" | "microsoft.graph.reprocessLicenseAssignment"] => {
                Some(Self::Reprocess { key, cast })
            }
            ["memberOf"] => Some(Self::MemberOf { key, cast }),
            ["drive"] => Some(Self::Drive { key, cast }),
            ["licenseDetails"] => Some(Self::LicenseDetails { key, cast }),
            ["revokeSignInSessions" | "microsoft.graph.revokeSignInSessions"] => {
                Some(Self::Revoke { key, cast })
            }
            _ => None,
        }
    }

    /// The path with names in place of ids, for the journal.
    pub(super) const fn template(&self) -> &'static str {
        match self {
            Self::Users { cast: false } => "/users",
            Self::Users { cast: true } => "/users/microsoft.graph.agentUser",
            Self::UsersCount { cast: false } => "/users/$count",
            Self::UsersCount { cast: true } => "/users/microsoft.graph.agentUser/$count",
            Self::User { cast: false, .. } => "/users/{id}",
            Self::User { cast: true, .. } => "/users/microsoft.graph.agentUser/{id}",
            Self::Manager { .. } => "/users/{id}/manager",
            Self::ManagerRef { .. } => "/users/{id}/manager/$ref",
            Self::Sponsors { .. } => "/users/{id}/sponsors",
            Self::SponsorsRef { .. } => "/users/{id}/sponsors/$ref",
            Self::SponsorRef { .. } => "/users/{id}/sponsors/{sponsor}/$ref",
            Self::AssignLicense { .. } => "/users/{id}/assignLicense",
            Self::Reprocess { .. } => "/users/{id}/reprocessLicenseAssignment",
            Self::LicenseDetails { .. } => "/users/{id}/licenseDetails",
            Self::Revoke { .. } => "/users/{id}/revokeSignInSessions",
            Self::MemberOf { .. } => "/users/{id}/memberOf",
            Self::Drive { .. } => "/users/{id}/drive",
            Self::Groups => "/groups",
            Self::Group { .. } => "/groups/{id}",
            Self::Members { .. } => "/groups/{id}/members",
            Self::SubscribedSkus => "/subscribedSkus",
            Self::Organization => "/organization",
            Self::Domains => "/domains",
            Self::Principals { cast: None } => "/servicePrincipals",
            Self::Principals { cast: Some(PrincipalCast::AgentIdentity) } => {
                "/servicePrincipals/microsoft.graph.agentIdentity"
            }
            Self::Principals { cast: Some(PrincipalCast::BlueprintPrincipal) } => {
                "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal"
            }
            Self::Principal { cast: None, .. } => "/servicePrincipals/{id}",
            Self::Principal { cast: Some(PrincipalCast::AgentIdentity), .. } => {
                "/servicePrincipals/microsoft.graph.agentIdentity/{id}"
            }
            Self::Principal { cast: Some(PrincipalCast::BlueprintPrincipal), .. } => {
                "/servicePrincipals/microsoft.graph.agentIdentityBlueprintPrincipal/{id}"
            }
            Self::DeletedUsers => "/directory/deletedItems/microsoft.graph.user",
            Self::DeletedItem { .. } => "/directory/deletedItems/{id}",
            Self::Restore { .. } => "/directory/deletedItems/{id}/restore",
        }
    }
}

fn is_cast(segment: &str) -> bool {
    matches!(segment, "microsoft.graph.agentUser" | "graph.agentUser")
}

fn principal_cast(segment: &str) -> Option<PrincipalCast> {
    match segment {
        "microsoft.graph.agentIdentity" | "graph.agentIdentity" => Some(PrincipalCast::AgentIdentity),
        "microsoft.graph.agentIdentityBlueprintPrincipal" | "graph.agentIdentityBlueprintPrincipal" => {
            Some(PrincipalCast::BlueprintPrincipal)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_spellings_of_one_agent_user() {
        for (path, cast) in [
            ("/users/a%23b%27@contoso.com", false),
            ("/users/microsoft.graph.agentUser/a%23b%27@contoso.com", true),
            ("/users/a%23b%27@contoso.com/microsoft.graph.agentUser", true),
            ("/users/graph.agentUser/a%23b'@contoso.com", true),
        ] {
            let key = "a#b'@contoso.com".to_owned();
            assert_eq!(Route::parse(path), Some(Route::User { key, cast }), "{path}");
        }
    }

    #[test]
    fn unknown_paths_are_unknown() {
        for path in [
            "",
            "/",
            "users",
            "/Users",
            "/agentUsers",
            "/users/delta",
            "/users/x/manager/y/$ref",
            "/users/x/photo",
            "/users/%ff",
            "/servicePrincipals/a/b",
            "/directory/deletedItems",
            "/$batch",
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
    }
}
