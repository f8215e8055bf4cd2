//! Named profiles: which cloud, tenant and application somebody works with, and how they sign in. Never a secret.

mod file;
mod json;

pub(crate) use file::ProfileFile;

use crate::credential_store::Key;
use agentuser::sign_in::{ClientId, Login, Tenant};
use agentuser::{Cloud, Code, Endpoint, Problem};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The profile that `login` makes where none is named.
pub(crate) const FIRST: &str = "default";

// The members of a profile, by their names in the file.
const KIND: &str = "kind";
const TENANT: &str = "tenantId";
const CLIENT: &str = "clientId";
const CLOUD: &str = "cloud";
const GRAPH: &str = "graphEndpoint";
const LOGIN: &str = "loginEndpoint";

/// The longest name of a profile, in characters.
const LONGEST_NAME: usize = 64;

/// The name of a profile: letters, digits, `-`, `_` and `.`, beginning with a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ProfileName(String);

impl ProfileName {
    /// Its text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let taken = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if begins && text.len() <= LONGEST_NAME && text.chars().all(taken) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "{text:?} is not a name of a profile. Use 1 to {LONGEST_NAME} letters, digits, -, _ and ., beginning with a \
             letter or a digit."
        ))
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a profile signs in, by the names of `signIn.kind` in the configuration of every binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "camelCase")]
pub(crate) enum Kind {
    /// A person, in the system's browser
    Browser,
    /// A person, by a code that is typed on any device
    DeviceCode,
    /// An application; its proof comes from flags and variables
    Application,
    /// The machine's managed identity
    ManagedIdentity,
    /// The account that is signed in to the Azure CLI
    AzureCli,
    /// The account that is signed in to the Azure Developer CLI
    AzureDeveloperCli,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 6] = [
        Self::Browser,
        Self::DeviceCode,
        Self::Application,
        Self::ManagedIdentity,
        Self::AzureCli,
        Self::AzureDeveloperCli,
    ];

    /// Its name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::DeviceCode => "deviceCode",
            Self::Application => "application",
            Self::ManagedIdentity => "managedIdentity",
            Self::AzureCli => "azureCli",
            Self::AzureDeveloperCli => "azureDeveloperCli",
        }
    }

    /// Whether it is a person's, whose refresh token the credential store keeps.
    pub(crate) const fn is_person(self) -> bool {
        matches!(self, Self::Browser | Self::DeviceCode)
    }
}

/// A profile. Every member but the kind may be left to flags and variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) kind: Kind,
    pub(crate) tenant_id: Option<Tenant>,
    pub(crate) client_id: Option<ClientId>,
    /// Not together with `graph_endpoint`.
    pub(crate) cloud: Option<Cloud>,
    pub(crate) graph_endpoint: Option<Endpoint>,
    pub(crate) login_endpoint: Option<Endpoint>,
}

impl Profile {
    /// Its members by their names in the file, without those that it leaves out.
    pub(crate) fn members(&self) -> Vec<(&'static str, String)> {
        let origin = |endpoint: &Endpoint| endpoint.origin().to_owned();
        let members = [
            (KIND, Some(self.kind.as_str().to_owned())),
            (TENANT, self.tenant_id.as_ref().map(ToString::to_string)),
            (CLIENT, self.client_id.map(|id| id.to_string())),
            (CLOUD, self.cloud.map(|cloud| cloud.name().to_owned())),
            (GRAPH, self.graph_endpoint.as_ref().map(origin)),
            (LOGIN, self.login_endpoint.as_ref().map(origin)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Where the credential store has the refresh token of the profile, if it is a person's.
    ///
    /// # Errors
    /// Where it can't be told where the profile signs in.
    pub(crate) fn key(&self, name: &ProfileName) -> Result<Option<Key>, Problem> {
        let (true, Some(tenant_id), Some(client_id)) =
            (self.kind.is_person(), &self.tenant_id, self.client_id)
        else {
            return Ok(None);
        };
        let login = self.login_endpoint.as_ref().map(Endpoint::origin);
        let login = Login::chosen(self.cloud, self.graph_endpoint.as_ref(), login)?;
        Ok(Some(Key::new(name.as_str(), &login, tenant_id, client_id)))
    }
}

/// All profiles of a user, and which one counts where none is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Profiles {
    pub(crate) default: Option<ProfileName>,
    pub(crate) all: BTreeMap<ProfileName, Profile>,
}

impl Profiles {
    /// The profile of that name.
    ///
    /// # Errors
    /// When there is none, with the names that there are.
    pub(crate) fn get(&self, name: &ProfileName) -> Result<&Profile, Problem> {
        self.all.get(name).ok_or_else(|| {
            let names: Vec<&str> = self.all.keys().map(ProfileName::as_str).collect();
            let cause = if names.is_empty() {
                "There are no profiles yet.".to_owned()
            } else {
                format!("There are {}.", names.join(", "))
            };
            Problem::new(Code::Invalid, format!("There is no profile {name}."))
                .with_cause(cause)
                .with_fix(format!(
                    "Name one of `agentuser profile list`, or make it: `agentuser login --profile {name}`."
                ))
                .with_field("profile")
        })
    }

    /// Takes a profile in, and gives the one that it replaces; the first one becomes the default.
    pub(crate) fn set(&mut self, name: ProfileName, profile: Profile) -> Option<Profile> {
        self.default.get_or_insert_with(|| name.clone());
        self.all.insert(name, profile)
    }

    /// Takes a profile out. Another one does not become the default by itself.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(crate) fn remove(&mut self, name: &ProfileName) -> Result<(), Problem> {
        self.get(name)?;
        self.all.remove(name);
        self.default.take_if(|default| default == name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "contoso", "Contoso-2.test_x", "7", &"x".repeat(64)] {
            assert!(good.parse::<ProfileName>().is_ok(), "{good}");
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "../a", "ä", "a\n", &"x".repeat(65)] {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad}");
        }
    }
}
