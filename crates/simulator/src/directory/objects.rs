//! Objects besides users and service principals: groups, blueprints, administrative units and grants. They have no past:
//! every reader sees each change at once (an assumption).

use super::Life;
use agentuser_core::{Now, ObjectId};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its object id.
    pub id: ObjectId,
    /// Its display name.
    pub display_name: String,
    /// The licenses that it assigns to its members, with the plans that are off.
    pub licenses: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    /// The error of its assignments, such as `CountViolation`.
    pub license_error: Option<&'static str>,
    /// Its direct members: users, groups, service principals.
    pub members: BTreeSet<ObjectId>,
    /// Its owners.
    pub owners: BTreeSet<ObjectId>,
    /// Whether every agent user that is created becomes a member, as by a dynamic rule.
    pub dynamic: bool,
    /// All other members that were set.
    pub extras: Map<String, Value>,
    /// When it was created.
    pub created: Now,
    /// Whether it is there.
    pub life: Life,
}

impl Group {
    /// A security group without members, which has been there since then.
    #[must_use]
    pub fn new(id: ObjectId, display_name: String, created: Now) -> Self {
        Self {
            id,
            display_name,
            licenses: BTreeMap::new(),
            license_error: None,
            members: BTreeSet::new(),
            owners: BTreeSet::new(),
            dynamic: false,
            extras: Map::new(),
            created,
            life: Life::Live,
        }
    }

    /// Whether roles can be assigned to it.
    #[must_use]
    pub fn is_assignable_to_role(&self) -> bool {
        self.is("isAssignableToRole")
    }

    /// Whether a member that was set is true.
    pub(super) fn is(&self, name: &str) -> bool {
        self.extras.get(name).is_some_and(|is_so| is_so == true)
    }

    /// Whether it is a Microsoft 365 group.
    #[must_use]
    pub fn is_unified(&self) -> bool {
        let types = self.extras.get("groupTypes").and_then(Value::as_array);
        types.is_some_and(|types| types.iter().any(|one| one == "Unified"))
    }
}

/// An agent identity blueprint (an application).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blueprint {
    /// Its object id.
    pub id: ObjectId,
    /// Its appId, which its agent identities name.
    pub app_id: ObjectId,
    /// Its display name.
    pub display_name: String,
    /// Its owners, users or service principals.
    pub owners: BTreeSet<ObjectId>,
    /// Its sponsors, users or groups.
    pub sponsors: BTreeSet<ObjectId>,
    /// Its client secrets.
    pub secrets: Vec<Secret>,
    /// Its federated identity credentials by id, each with its other members.
    pub federated: BTreeMap<ObjectId, Map<String, Value>>,
    /// The permissions that its agent identities inherit, by the appId of the resource.
    pub inheritable: BTreeMap<ObjectId, Map<String, Value>>,
    /// All other members that were set.
    pub extras: Map<String, Value>,
    /// When it was created.
    pub created: Now,
    /// Whether it is there.
    pub life: Life,
}

impl Blueprint {
    /// A blueprint without credentials, which has been there since then.
    #[must_use]
    pub fn new(id: ObjectId, app_id: ObjectId, display_name: String, created: Now) -> Self {
        Self {
            id,
            app_id,
            display_name,
            owners: BTreeSet::new(),
            sponsors: BTreeSet::new(),
            secrets: Vec::new(),
            federated: BTreeMap::new(),
            inheritable: BTreeMap::new(),
            extras: Map::new(),
            created,
            life: Life::Live,
        }
    }
}

/// A client secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its `keyId`.
    pub key_id: ObjectId,
    /// The secret itself.
    pub text: String,
    /// Its name.
    pub display_name: Option<String>,
    /// Since when it is good, in milliseconds since 1970.
    pub start_ms: i64,
    /// The end of its validity, in milliseconds since 1970.
    pub end_ms: i64,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// An administrative unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministrativeUnit {
    /// Its object id.
    pub id: ObjectId,
    /// Its display name.
    pub display_name: String,
    /// Its members, users or groups.
    pub members: BTreeSet<ObjectId>,
    /// Whether its members can be changed by administrators of the unit alone.
    pub restricted: bool,
}

/// A delegated permission grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The service principal that acts.
    pub client: ObjectId,
    /// The user on whose behalf it acts. None: every user.
    pub principal: Option<ObjectId>,
    /// The service principal of the API.
    pub resource: ObjectId,
    /// The scopes, separated by blanks.
    pub scope: String,
}

/// An app role that a user, a group or a service principal has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The object that has it.
    pub principal: ObjectId,
    /// The service principal of the API.
    pub resource: ObjectId,
    /// The role.
    pub role: ObjectId,
    /// When it was assigned.
    pub created: Now,
}
