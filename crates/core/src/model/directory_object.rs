//! Directory objects of any kind, as references name them.

use super::open::open_type;
use crate::ObjectId;

open_type! {
    /// A manager or a sponsor. Graph may fill in the id alone (docs/graph.md#known-issues).
    DirectoryObject {
        /// Its type, such as `#microsoft.graph.user` or `#microsoft.graph.group`.
        odata_type: Option<String> = "@odata.type",
        /// The object id.
        id: Option<ObjectId> = "id",
        /// The name people see.
        display_name: Option<String> = "displayName",
        /// A user's sign-in name.
        user_principal_name: Option<String> = "userPrincipalName",
        /// Whether a user can sign in; read where that is asked for.
        account_enabled: Option<bool> = "accountEnabled",
    }
}

impl DirectoryObject {
    /// The same with the type of a user, where Graph omits it: agent users alone have a parent.
    #[must_use]
    pub(crate) fn with_user_type(mut self) -> Self {
        let has_parent = self.other.get("identityParentId").is_some_and(|parent| !parent.is_null());
        let kind = if has_parent { "#microsoft.graph.agentUser" } else { "#microsoft.graph.user" };
        self.odata_type.get_or_insert_with(|| kind.to_owned());
        self
    }
}

open_type! {
    /// A domain of the tenant, as `organization` lists it.
    VerifiedDomain {
        /// The domain.
        name: Option<String> = "name",
        /// Whether it is the default for new users.
        is_default: Option<bool> = "isDefault",
        /// `Managed` or `Federated`.
        kind: Option<String> = "type",
    }
}

open_type! {
    /// The tenant.
    Organization {
        /// The tenant's id.
        id: Option<ObjectId> = "id",
        /// The verified domains.
        verified_domains: Vec<VerifiedDomain> = "verifiedDomains",
    }
}
