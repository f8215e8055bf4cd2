//! Where a command goes and as whom: each member by a flag or a variable, or else by the profile.

use crate::credential_store::Key;
use crate::options::Connection;
use crate::profile::{FIRST, Kind, Profile, ProfileFile, ProfileName};
use agentuser::core::validate::Violations;
use agentuser::sign_in::{ClientId, Login, Tenant};
use agentuser::{Cloud, Code, Endpoint, Problem};

/// The place and the identity of a command.
#[derive(Debug)]
pub(crate) struct Target {
    /// The profile that was named, or that counts where none is.
    name: Option<ProfileName>,
    profile: Option<Profile>,
    /// The cloud; `None` beside a Graph endpoint, which wins over the cloud.
    cloud: Option<Cloud>,
    graph_endpoint: Option<Endpoint>,
    login_endpoint: Option<Endpoint>,
    tenant: Option<String>,
    client_id: Option<String>,
}

impl Target {
    /// The target of these options. A profile that is named must be there, unless the command makes it
    /// (`makes_profile`).
    ///
    /// # Errors When the profiles can't be read, or the named one is not there.
    pub(crate) fn new(options: &Connection, makes_profile: bool) -> Result<Self, Problem> {
        let wanted = options.sign_in.profile.clone();
        let profiles = match ProfileFile::of_user() {
            Ok(file) => file.read()?,
            Err(problem) if wanted.is_some() || makes_profile => return Err(problem),
            Err(_) => Default::default(),
        };
        let name = wanted.clone().or_else(|| profiles.default.clone());
        let profile = match &name {
            Some(name) if makes_profile => profiles.all.get(name).cloned(),
            Some(name) => Some(profiles.get(name)?.clone()),
            None => None,
        };
        // A place is one thing: that of the flags is not mixed with that of the profile.
        let elsewhere = options.cloud.is_some() || options.graph_endpoint.is_some();
        let place = profile.as_ref().filter(|_| !elsewhere);
        let graph_endpoint = options.graph_endpoint.clone().or_else(|| place?.graph_endpoint.clone());
        let cloud = options.cloud.or_else(|| place?.cloud);
        Ok(Self {
            cloud: cloud.filter(|_| graph_endpoint.is_none()),
            graph_endpoint,
            login_endpoint: options.login_endpoint.clone().or_else(|| place?.login_endpoint.clone()),
            tenant: options.sign_in.tenant.clone(),
            client_id: options.sign_in.client_id.clone(),
            name,
            profile,
        })
    }

    /// How the profile signs in.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.profile.as_ref().map(|profile| profile.kind)
    }

    /// The name of the profile.
    pub(crate) fn profile(&self) -> Option<&ProfileName> {
        self.name.as_ref()
    }

    /// The name of the profile, which `login` makes where there is none.
    pub(crate) fn name(&self) -> &str {
        self.name.as_ref().map_or(FIRST, ProfileName::as_str)
    }

    /// The origin of Graph.
    pub(crate) fn graph_origin(&self) -> &str {
        self.graph_endpoint.as_ref().map_or(self.cloud.unwrap_or_default().graph(), Endpoint::origin)
    }

    /// The cloud that is named.
    pub(crate) fn cloud(&self) -> Option<Cloud> {
        self.cloud
    }

    /// The Graph endpoint in place of a cloud's.
    pub(crate) fn graph_endpoint(&self) -> Option<&Endpoint> {
        self.graph_endpoint.as_ref()
    }

    /// Where the sign-in is.
    ///
    /// # Errors
    /// When nobody says where it is.
    pub(crate) fn login(&self) -> Result<Login, Problem> {
        Login::chosen(
            self.cloud,
            self.graph_endpoint.as_ref(),
            self.login_endpoint.as_ref().map(Endpoint::origin),
        )
    }

    /// The tenant; that of the profile where it is of this kind of sign-in.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn tenant(&self, of_person: bool) -> Result<String, Problem> {
        let of_profile = || self.of_kind(of_person)?.tenant_id.as_ref().map(Tenant::to_string);
        self.tenant.clone().or_else(of_profile).ok_or_else(|| {
            Problem::new(Code::TokenMissing, "There is no tenant to sign in to.")
                .with_cause("There is no --tenant (or AGENTUSER_TENANT), and the profile has none.")
                .with_fix("Give --tenant (or AGENTUSER_TENANT), a GUID or a domain.")
        })
    }

    /// The tenant for a tool where somebody is signed in: the one that is named, by a flag or by the profile. A profile that
    /// is good for any tenant names none.
    ///
    /// # Errors
    /// When the flag has none.
    pub(crate) fn tenant_of_tool(&self) -> Result<Option<Tenant>, Problem> {
        let of_profile = || self.profile.as_ref()?.tenant_id.clone().filter(|tenant| !tenant.is_shared());
        match &self.tenant {
            Some(text) => {
                Tenant::parse(text).map(Some).map_err(|violation| Problem::from_violations(vec![violation]))
            }
            None => Ok(of_profile()),
        }
    }

    /// The client id; that of the profile where it is of this kind of sign-in.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn client_id(&self, of_person: bool) -> Result<String, Problem> {
        let of_profile = || self.of_kind(of_person)?.client_id.map(|id| id.to_string());
        self.client_id.clone().or_else(of_profile).ok_or_else(|| {
            let who = if of_person { "a person signs in by" } else { "to sign in as" };
            Problem::new(Code::TokenMissing, format!("There is no application that {who}."))
                .with_cause("There is no --client-id (or AGENTUSER_CLIENT_ID), and the profile has none.")
                .with_fix(
                    "Give --client-id, the application (client) id of an app registration of your tenant.",
                )
        })
    }

    /// The tenant of a person, and the application that the person signs in by.
    ///
    /// # Errors
    /// When one of them is missing; every rule that they break.
    pub(crate) fn person(&self) -> Result<(Tenant, ClientId), Problem> {
        let (tenant, client_id) = (self.tenant(true)?, self.client_id(true)?);
        let mut broken = Violations::default();
        let tenant = broken.keep(Tenant::of_person(&tenant).map_err(|violation| vec![violation]));
        let client_id =
            broken.keep(ClientId::parse("clientId", &client_id).map_err(|violation| vec![violation]));
        broken.finish(tenant.zip(client_id)).map_err(Problem::from_violations)
    }

    /// The managed identity of the profile.
    pub(crate) fn managed_identity(&self) -> Option<String> {
        let profile = self.profile.as_ref().filter(|profile| profile.kind == Kind::ManagedIdentity)?;
        profile.client_id.map(|id| id.to_string())
    }

    fn of_kind(&self, of_person: bool) -> Option<&Profile> {
        let is_of_kind = |kind: Kind| if of_person { kind.is_person() } else { kind == Kind::Application };
        self.profile.as_ref().filter(|profile| is_of_kind(profile.kind))
    }

    /// Refuses a profile of an application or a machine where a person is meant.
    fn must_be_of_person(&self) -> Result<(), Problem> {
        let other = self.kind().filter(|kind| !kind.is_person());
        other.map_or(Ok(()), |kind| {
            let (name, kind) = (self.name(), kind.as_str());
            Err(Problem::new(Code::Invalid, format!("The profile {name} is not that of a person."))
                .with_cause(format!("It is of the kind {kind}, and has no sign-in that is kept."))
                .with_fix(
                    "Name another profile by --profile; `agentuser login` makes it where it is not there.",
                )
                .with_field("profile"))
        })
    }

    /// Where the credential store has the refresh token of the person.
    ///
    /// # Errors
    /// When the tenant or the client id is missing, or is none; when the profile is not that of a person.
    pub(crate) fn key(&self) -> Result<Key, Problem> {
        self.must_be_of_person()?;
        let (tenant_id, client_id) = self.person()?;
        Ok(Key::new(self.name(), &self.login()?, &tenant_id, client_id))
    }

    /// The profile that `login` keeps, and its name.
    ///
    /// # Errors
    /// As for [`Target::key`].
    pub(crate) fn to_profile(&self, kind: Kind) -> Result<(ProfileName, Profile), Problem> {
        self.must_be_of_person()?;
        let (tenant_id, client_id) = self.person()?;
        let name = match &self.name {
            Some(name) => name.clone(),
            None => FIRST.parse().map_err(crate::exit::internal)?,
        };
        let profile = Profile {
            kind,
            tenant_id: Some(tenant_id),
            client_id: Some(client_id),
            cloud: self.cloud,
            graph_endpoint: self.graph_endpoint.clone(),
            login_endpoint: self.login_endpoint.clone(),
        };
        Ok((name, profile))
    }
}
