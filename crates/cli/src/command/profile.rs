//! `agentuser profile`.

use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Output, Table};
use crate::profile::{Kind, Profile, ProfileFile, ProfileName, Profiles};
use crate::sign_in;
use agentuser::sign_in::{ClientId, Tenant};
use agentuser::{Cloud, Endpoint, Problem};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand, ValueHint};
use serde_json::{Map, Value};

const EXAMPLES: &str = "\
Examples:
  agentuser profile list
  agentuser profile show contoso --json
  agentuser profile set nightly --kind application --tenant contoso.com \\
      --client-id 00000000-0000-0000-0000-000000000001
  agentuser profile default nightly
  agentuser profile remove contoso

`agentuser login` makes a profile, too. A profile says where and as whom, and never has a secret: secrets come from variables and files, and the refresh token of a person is in the system's credential store. Flags win over variables (AGENTUSER_...), and these over the profile, each member by itself; a cloud or an endpoint that is given replaces all of the profile's, and a way to sign in that is given replaces the profile's.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the profiles
    List,
    /// Show a profile; the default one unless another is named
    Show {
        /// The profile
        #[arg(value_name = "NAME")]
        name: Option<ProfileName>,
    },
    /// Make a profile, or replace one, and forget its sign-in where it is another
    Set(Box<Set>),
    /// Choose the profile that counts where none is named
    Default {
        /// The profile
        #[arg(value_name = "NAME")]
        name: ProfileName,
    },
    /// Remove a profile, and forget its sign-in
    Remove {
        /// The profile
        #[arg(value_name = "NAME")]
        name: ProfileName,
    },
}

#[derive(Debug, Args)]
struct Set {
    /// The profile
    #[arg(value_name = "NAME")]
    name: ProfileName,
    /// How it signs in
    #[arg(long, value_name = "KIND", value_enum)]
    kind: Kind,
    /// The tenant: a GUID or a domain
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// The application, or the managed identity
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The Microsoft cloud
    #[arg(
        long,
        value_name = "CLOUD",
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Cloud::ALL.iter().map(|cloud| cloud.name())).try_map(|name| name.parse::<Cloud>())
    )]
    cloud: Option<Cloud>,
    /// Another Graph endpoint in place of the cloud's
    #[arg(
        long,
        value_name = "URL",
        value_parser = Endpoint::new,
        value_hint = ValueHint::Url,
        conflicts_with = "cloud"
    )]
    graph_endpoint: Option<Endpoint>,
    /// Another sign-in endpoint in place of the cloud's
    #[arg(long, value_name = "URL", value_parser = Endpoint::new, value_hint = ValueHint::Url)]
    login_endpoint: Option<Endpoint>,
}

pub(super) async fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let file = ProfileFile::of_user()?;
    match &arguments.action {
        Action::List => list(output, &file),
        Action::Show { name } => show(output, &file, name.as_ref()),
        Action::Set(set) => set_profile(output, &file, set).await,
        Action::Default { name } => {
            file.change(|profiles| {
                profiles.get(name)?;
                profiles.default = Some(name.clone());
                Ok(())
            })?;
            output.remark(&format!("The profile {name} counts where none is named."));
            Ok(Exit::Done)
        }
        Action::Remove { name } => remove(output, &file, name).await,
    }
}

fn list(output: &Output, file: &ProfileFile) -> CommandResult {
    let profiles = file.read()?;
    if output.is_json() {
        let all: Vec<Value> = profiles
            .all
            .keys()
            .filter_map(|name| Some(json(&profiles, name, profiles.all.get(name)?)))
            .collect();
        output.json(&all)?;
    } else if profiles.all.is_empty() {
        output.remark("There are no profiles. `agentuser login` makes one.");
    } else {
        let mut table = Table::new([
            Column::needed("Profile"),
            Column::needed("Kind"),
            Column::needed("Tenant"),
            Column::optional("Client id", 2),
            Column::optional("Where", 1),
        ]);
        for (name, profile) in &profiles.all {
            let default = if profiles.default.as_ref() == Some(name) { " (default)" } else { "" };
            table.row([
                format!("{name}{default}"),
                profile.kind.as_str().to_owned(),
                profile.tenant_id.as_ref().map(ToString::to_string).unwrap_or_default(),
                profile.client_id.map(|id| id.to_string()).unwrap_or_default(),
                place(profile),
            ]);
        }
        output.text(&table.to_text());
    }
    Ok(Exit::Done)
}

/// The cloud or the endpoint of a profile.
fn place(profile: &Profile) -> String {
    let endpoint = profile.graph_endpoint.as_ref().map(Endpoint::origin);
    endpoint.or(profile.cloud.map(Cloud::name)).unwrap_or_default().to_owned()
}

fn show(output: &Output, file: &ProfileFile, name: Option<&ProfileName>) -> CommandResult {
    let profiles = file.read()?;
    let Some(name) = name.or(profiles.default.as_ref()) else {
        return Err(no_default(&profiles).into());
    };
    let profile = profiles.get(name)?;
    output.one(&json(&profiles, name, profile), |value| {
        let mut table = Table::of_values();
        for (name, value) in value.as_object().into_iter().flatten() {
            let value =
                value.as_str().unwrap_or_else(|| if value == &Value::Bool(true) { "yes" } else { "no" });
            table.row([name.clone(), value.to_owned()]);
        }
        table
    })?;
    Ok(Exit::Done)
}

fn json(profiles: &Profiles, name: &ProfileName, profile: &Profile) -> Value {
    let mut members = Map::new();
    members.insert("name".to_owned(), name.as_str().into());
    members.extend(profile.members().into_iter().map(|(name, value)| (name.to_owned(), value.into())));
    members.insert("default".to_owned(), (profiles.default.as_ref() == Some(name)).into());
    Value::Object(members)
}

fn no_default(profiles: &Profiles) -> Problem {
    let names: Vec<&str> = profiles.all.keys().map(ProfileName::as_str).collect();
    let cause = if names.is_empty() {
        "There are no profiles yet.".to_owned()
    } else {
        format!("There are {}.", names.join(", "))
    };
    Problem::new(agentuser::Code::Invalid, "No profile is named, and none is the default.")
        .with_cause(cause)
        .with_fix("Name one, or choose one by `agentuser profile default`; `agentuser login` makes one.")
        .with_field("profile")
}

async fn set_profile(output: &Output, file: &ProfileFile, set: &Set) -> CommandResult {
    let Set { name, kind, tenant, client_id, cloud, graph_endpoint, login_endpoint } = set;
    let tenant = tenant.as_deref().map(if kind.is_person() { Tenant::of_person } else { Tenant::parse });
    let client_id = client_id.as_deref().map(|id| ClientId::parse("clientId", id));
    let broken = |violation| Problem::from_violations(vec![violation]);
    let profile = Profile {
        kind: *kind,
        tenant_id: tenant.transpose().map_err(broken)?,
        client_id: client_id.transpose().map_err(broken)?,
        cloud: *cloud,
        graph_endpoint: graph_endpoint.clone(),
        login_endpoint: login_endpoint.clone(),
    };
    // Where nobody says where it signs in, a later command could only fail.
    profile.key(name)?;
    let forgotten = match file.read()?.all.get(name) {
        Some(replaced) => sign_in::forget(output, name, replaced, Some(&profile)).await?,
        None => false,
    };
    let default = file.change(|profiles| {
        profiles.set(name.clone(), profile);
        Ok(profiles.default.clone())
    })?;
    let counts = if default.as_ref() == Some(name) { ", which counts where none is named," } else { "" };
    output.remark(&format!("The profile {name}{counts} is in {}.", file.path().display()));
    if forgotten {
        output.remark(&format!("The sign-in of the profile {name} as it was is forgotten."));
    }
    Ok(Exit::Done)
}

async fn remove(output: &Output, file: &ProfileFile, name: &ProfileName) -> CommandResult {
    // The sign-in goes first: where the store fails, the profile still says which one is to be forgotten.
    let forgotten = sign_in::forget(output, name, file.read()?.get(name)?, None).await?;
    file.change(|profiles| profiles.remove(name))?;
    let sign_in = if forgotten { ", and its sign-in is forgotten" } else { "" };
    output.remark(&format!("The profile {name} is removed{sign_in}."));
    Ok(Exit::Done)
}
