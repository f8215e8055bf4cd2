//! The sections of a snapshot: each is read as a whole, or not at all.

use serde::Serialize;
use std::fmt;

macro_rules! sections {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal)*) => {
        /// A part of a snapshot that is read as a whole, or not at all.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum Section { $($(#[doc = $doc])+ $variant,)* }

        impl Section {
            /// Every section.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, as in a snapshot.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

sections! {
    /// The managers of the agent users.
    Managers "managers"
    /// The sponsors of the agent users.
    Sponsors "sponsors"
    /// The people and groups that are managers and sponsors.
    People "people"
    /// The agent identities.
    Identities "identities"
    /// The service principals in the recycle bin that are agent identities.
    DeletedIdentities "deletedIdentities"
    /// The leave dates of the agent users.
    LeaveDates "leaveDates"
    /// The sign-in activity of the agent users.
    SignIns "signIns"
    /// The agent users in the recycle bin.
    DeletedUsers "deletedUsers"
    /// The verified domains of the tenant.
    Domains "domains"
    /// The SKUs of the tenant.
    Skus "skus"
    /// The blueprints.
    Blueprints "blueprints"
    /// The parents that neither list of agent identities has.
    OtherParents "otherParents"
    /// The principals of blueprints.
    Principals "principals"
    /// The delegated permission grants by which agents act.
    Grants "grants"
    /// The app roles of Microsoft Graph that agents have.
    AppRoles "appRoles"
    /// The permissions that the agent identities of blueprints inherit.
    Inheritance "inheritance"
    /// The directory roles that agent users have.
    Roles "roles"
    /// The directory roles that they may activate.
    EligibleRoles "eligibleRoles"
    /// The definitions of directory roles.
    RoleDefinitions "roleDefinitions"
    /// The groups to which roles can be assigned.
    RoleGroups "roleGroups"
    /// The results of lifecycle policies for the parents.
    Lifecycle "lifecycle"
    /// The answers of Graph's What-If about sign-ins.
    WhatIf "whatIf"
    /// The agents at risk.
    Risks "risks"
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
