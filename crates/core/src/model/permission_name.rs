//! The names of permissions, and whose permissions are meant.

use super::reference::UserRef;
use crate::ObjectId;
use crate::any_case;
use crate::validate::{RuleCode, Violation};
use std::fmt;
use std::str::FromStr;

/// The most characters of a permission's name (docs/graph.md#permissions-of-agents).
const LONGEST: usize = 120;

/// The name of a permission, as tokens have it: the value of a delegated permission or of an app role, such as
/// `User.Read`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PermissionName(String);

impl PermissionName {
    /// Reads one. White space around it does not count.
    ///
    /// # Errors
    /// Why it is not one. The field of the violation is `permission`; the caller knows a better one.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        const FIELD: &str = "permission";
        let text = text.trim();
        let wrong = |message: &str, fix: String| {
            Err(Violation::new(RuleCode::PermissionNameShape, FIELD, message, fix))
        };
        if text.is_empty() {
            let fix = "Name a permission, such as User.Read.";
            return Err(Violation::new(RuleCode::Required, FIELD, "A value is required.", fix));
        }
        if text.contains(char::is_whitespace) {
            let names: Vec<&str> = text.split_whitespace().collect();
            let fix = format!("Give each name by itself: {}.", names.join(", "));
            return wrong("There are several names where one is expected.", fix);
        }
        if text.parse::<ObjectId>().is_ok() {
            let fix = "Use the name that tokens have, such as User.Read.".to_owned();
            return wrong("It is an id, not the name of a permission.", fix);
        }
        if let Some(name) = without_address(text) {
            let fix = format!("Use {name}, and name the resource by resourceAppId.");
            return wrong("It has the address of a resource before the name.", fix);
        }
        if text.starts_with('.') {
            let fix = "Name the permissions: .default asks a token for those that are granted.".to_owned();
            return wrong("A name does not begin with a dot.", fix);
        }
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'()*+,-./:;=?@[]^_{}~".contains(c);
        if let Some(position) = text.chars().position(|c| !is_allowed(c)) {
            let fix = "Use the name that tokens have, such as User.Read.".to_owned();
            return wrong("It has a character that no permission's name has.", fix)
                .map_err(|violation| violation.at(position));
        }
        if text.len() > LONGEST {
            let fix = "Use the name that tokens have, such as User.Read.".to_owned();
            return wrong("It is longer than 120 characters.", fix);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name behind the address of a resource, such as `https://graph.microsoft.com/User.Read`.
fn without_address(text: &str) -> Option<&str> {
    let rest = ["https://", "api://"].iter().find_map(|scheme| any_case::strip_prefix(text, scheme))?;
    rest.rsplit_once('/').map(|(_, name)| name)
}

impl FromStr for PermissionName {
    type Err = crate::problem::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|violation| crate::problem::Problem::from_violations(vec![violation]))
    }
}

impl fmt::Display for PermissionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A service principal of an agent that acts by delegated permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionClient {
    /// An agent identity, by object id.
    AgentIdentity(ObjectId),
    /// The principal of a blueprint: by the blueprint's application id, or by the object id of either.
    Blueprint(ObjectId),
}

/// The principal that acts by delegated permissions, and the users that it acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// An agent user by itself: its agent identity acts for it alone (`consentType` is `Principal`).
    AgentUser(UserRef),
    /// An agent identity for one user, which may be a person on whose behalf it acts (`Principal`).
    OneUser {
        /// The object id of the agent identity.
        agent_identity: ObjectId,
        /// The user.
        user: UserRef,
    },
    /// An agent identity, or a blueprint's principal, for all users (`AllPrincipals`).
    AllUsers(PermissionClient),
}

/// The principal whose permissions are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermissionHolder {
    /// An agent user.
    User(UserRef),
    /// An agent identity, or a blueprint's principal.
    Client(PermissionClient),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_and_what_was_meant_is_said() {
        for name in ["User.Read", " Mail.Send ", "access_agent", "Sites.Selected", "a:b/c"] {
            assert_eq!(PermissionName::parse(name).unwrap().as_str(), name.trim());
        }
        for (text, fix) in [
            ("", "such as User.Read"),
            ("User.Read Mail.Send", "User.Read, Mail.Send"),
            ("e1fe6dd8-ba31-4d61-89e7-88639da4683d", "tokens"),
            ("https://graph.microsoft.com/User.Read", "Use User.Read,"),
            ("API://x/access_agent", "Use access_agent,"),
            (".default", ".default"),
            ("User.Réad", "tokens"),
            (&"x".repeat(121), "tokens"),
        ] {
            let violation = PermissionName::parse(text).unwrap_err();
            assert!(violation.fix.contains(fix), "{text}: {violation:?}");
        }
        assert_eq!(PermissionName::parse("User.Réad").unwrap_err().position, Some(6));
    }
}
