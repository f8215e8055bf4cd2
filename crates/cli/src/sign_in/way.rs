//! Which way to sign in is meant: exactly one.

use crate::profile::Kind;
use crate::sign_in_options::SignInOptions;
use agentuser::sign_in::Prompt;
use agentuser::{Code, Problem};
use std::path::Path;
use zeroize::Zeroizing;

pub(crate) const TOKEN: &str = "AGENTUSER_TOKEN";
const SECRET: &str = "AGENTUSER_CLIENT_SECRET";
const CLIENT_ID: &str = "--client-id (or AGENTUSER_CLIENT_ID)";

/// A way to sign in.
#[derive(Debug)]
pub(crate) enum Way<'a> {
    /// An access token.
    Token(Zeroizing<String>),
    /// A file with one.
    TokenFile(&'a Path),
    /// A person, for this one command.
    Person(Prompt),
    /// The person who signed in by `login`.
    SignedIn(Prompt),
    /// An application.
    Application(Shown<'a>),
    /// The managed identity of this machine.
    ManagedIdentity(Option<&'a str>),
    /// The account that is signed in to the Azure CLI.
    AzureCli,
    /// The account that is signed in to the Azure Developer CLI.
    AzureDeveloperCli,
}

/// The proof of an application's identity.
#[derive(Debug)]
pub(crate) enum Shown<'a> {
    Secret(Zeroizing<String>),
    SecretFile(&'a Path),
    Certificate(&'a Path),
    FederatedTokenFile(Option<&'a Path>),
    ManagedIdentity(Option<&'a str>),
    GitHubActions,
    AzurePipelines(&'a str),
}

/// Values that were given, each with its flag and variable as people know them.
type Given<T> = Vec<(&'static str, T)>;

impl<'a> Way<'a> {
    /// The one way of options and variables, or else of the profile.
    ///
    /// # Errors
    /// Where there is none, or more than one: all are named.
    pub(crate) fn chosen(options: &'a SignInOptions, profile: Option<Kind>) -> Result<Self, Problem> {
        let of_application = profile == Some(Kind::Application);
        let (mut ways, mut proofs) = (whole_ways(options)?, proofs(options));
        let by_person = options.browser || options.device_code;
        if let Some(identity) = &options.managed_identity {
            let (name, id) = ("--managed-identity", identity.as_deref());
            let is_proof = options.client_id.is_some() || of_application && ways.is_empty();
            if is_proof {
                proofs.push((name, Shown::ManagedIdentity(id)))
            } else {
                ways.push((name, Self::ManagedIdentity(id)))
            }
        }
        let named = options.client_id.is_some() && !by_person;
        // A secret in the environment alone means nothing without an application.
        if (named || of_application && ways.is_empty() || !proofs.is_empty())
            && let Some(secret) = variable(SECRET)?
        {
            proofs.push((SECRET, Shown::Secret(secret)));
        }
        let is_application = named || !proofs.is_empty();
        match (ways.len(), is_application) {
            (0, true) => application(options, of_application, proofs),
            (1, false) => ways.pop().map(|(_, way)| way).ok_or_else(|| none(options)),
            (0, false) => Self::of_profile(options, profile),
            _ => {
                let names = ways.iter().map(|(name, _)| *name).chain(named.then_some(CLIENT_ID));
                Err(several("way to sign in", names.chain(proofs.iter().map(|(name, _)| *name))))
            }
        }
    }

    /// How a person is asked at a login, where an option says so.
    ///
    /// # Errors
    /// Where both ways to ask are given, or a sign-in of anybody else: all are named.
    pub(crate) fn of_login(options: &SignInOptions) -> Result<Option<Prompt>, Problem> {
        let prompts = [("--browser", options.browser), ("--device-code", options.device_code)];
        let prompts = prompts.into_iter().filter_map(|(name, given)| given.then_some(name));
        let others: Vec<&str> = others_than_persons(options)?;
        if options.browser && options.device_code {
            return Err(several("way to sign in", prompts.chain(others)));
        }
        if !others.is_empty() {
            return Err(not_a_person(&others));
        }
        Ok(match (options.browser, options.device_code) {
            (true, _) => Some(Prompt::Browser),
            (_, true) => Some(Prompt::DeviceCode),
            _ => None,
        })
    }

    /// The token that is given, which wins over every profile, by its name.
    ///
    /// # Errors
    /// Where the variable is not text.
    pub(crate) fn token_given(options: &SignInOptions) -> Result<Option<&'static str>, Problem> {
        let is_token = |way: &Way<'_>| matches!(way, Way::Token(_) | Way::TokenFile(_));
        let ways = whole_ways(options)?;
        Ok(ways.iter().find(|(_, way)| is_token(way)).map(|(name, _)| *name))
    }

    fn of_profile(options: &SignInOptions, profile: Option<Kind>) -> Result<Self, Problem> {
        match profile {
            Some(Kind::Browser) => Ok(Self::SignedIn(Prompt::Browser)),
            Some(Kind::DeviceCode) => Ok(Self::SignedIn(Prompt::DeviceCode)),
            Some(Kind::ManagedIdentity) => Ok(Self::ManagedIdentity(None)),
            Some(Kind::AzureCli) => Ok(Self::AzureCli),
            Some(Kind::AzureDeveloperCli) => Ok(Self::AzureDeveloperCli),
            Some(Kind::Application) => Err(no_proof()),
            None => Err(none(options)),
        }
    }
}

/// The ways that are complete by themselves.
fn whole_ways(options: &SignInOptions) -> Result<Given<Way<'_>>, Problem> {
    let mut ways = Given::new();
    if let Some(token) = variable(TOKEN)? {
        ways.push((TOKEN, Way::Token(token)));
    }
    if let Some(path) = &options.token_file {
        ways.push(("--token-file (or AGENTUSER_TOKEN_FILE)", Way::TokenFile(path)));
    }
    let flags = [
        (options.browser, "--browser", Way::Person(Prompt::Browser)),
        (options.device_code, "--device-code", Way::Person(Prompt::DeviceCode)),
        (options.azure_cli, "--azure-cli", Way::AzureCli),
        (options.azure_developer_cli, "--azure-developer-cli", Way::AzureDeveloperCli),
    ];
    ways.extend(flags.into_iter().filter_map(|(given, name, way)| given.then_some((name, way))));
    Ok(ways)
}

/// The given flags and variables of sign-ins that are not a person's. A token does not count, because it is
/// given for other commands, too.
fn others_than_persons(options: &SignInOptions) -> Result<Vec<&'static str>, Problem> {
    let is_tool = |way: &Way<'_>| matches!(way, Way::AzureCli | Way::AzureDeveloperCli);
    let mut names: Vec<&str> =
        whole_ways(options)?.iter().filter(|(_, way)| is_tool(way)).map(|(name, _)| *name).collect();
    names.extend(options.managed_identity.is_some().then_some("--managed-identity"));
    names.extend(proofs(options).iter().map(|(name, _)| *name));
    let agents = [
        ("--agent-identity (or AGENTUSER_AGENT_IDENTITY)", &options.agent_identity),
        ("--agent-user (or AGENTUSER_AGENT_USER)", &options.agent_user),
    ];
    names.extend(agents.into_iter().filter_map(|(name, given)| given.as_ref().map(|_| name)));
    Ok(names)
}

/// The proofs of an application that flags give.
fn proofs(options: &SignInOptions) -> Given<Shown<'_>> {
    let federated = options.federated_token_file.as_ref();
    let all = [
        (
            "--client-secret-file (or AGENTUSER_CLIENT_SECRET_FILE)",
            options.client_secret_file.as_deref().map(Shown::SecretFile),
        ),
        (
            "--client-certificate (or AGENTUSER_CLIENT_CERTIFICATE)",
            options.client_certificate.as_deref().map(Shown::Certificate),
        ),
        ("--federated-token-file", federated.map(|path| Shown::FederatedTokenFile(path.as_deref()))),
        ("--github-actions", options.github_actions.then_some(Shown::GitHubActions)),
        ("--azure-pipelines", options.azure_pipelines.as_deref().map(Shown::AzurePipelines)),
    ];
    all.into_iter().filter_map(|(name, proof)| Some((name, proof?))).collect()
}

fn application<'a>(
    options: &SignInOptions,
    of_profile: bool,
    mut proofs: Given<Shown<'a>>,
) -> Result<Way<'a>, Problem> {
    if proofs.len() > 1 {
        return Err(several("proof of the application", proofs.iter().map(|(name, _)| *name)));
    }
    let Some((name, proof)) = proofs.pop() else { return Err(no_proof()) };
    if options.client_id.is_none() && !of_profile {
        let message = format!("{name} is given, but no application that it is the proof of.");
        return Err(Problem::new(Code::TokenMissing, message)
            .with_cause(
                "There is no --client-id (or AGENTUSER_CLIENT_ID), and no profile of the kind application.",
            )
            .with_fix("Give --client-id and --tenant, or name a profile of the kind application."));
    }
    Ok(Way::Application(proof))
}

fn no_proof() -> Problem {
    Problem::new(Code::TokenMissing, "There is an application to sign in as, but no proof of it.")
        .with_cause(format!("{SECRET} is not set, and no flag gives another proof."))
        .with_fix(format!(
            "Set {SECRET}, or give --client-secret-file, --client-certificate, --federated-token-file, --managed-identity, \
             --github-actions or --azure-pipelines; for a person, --browser or --device-code."
        ))
}

fn none(options: &SignInOptions) -> Problem {
    let cause = if options.tenant.is_some() {
        "--tenant (or AGENTUSER_TENANT) is given, but no --client-id, no token and no profile."
    } else {
        "AGENTUSER_TOKEN is not set, there is no default profile, and no flag gives a way to sign in."
    };
    Problem::new(Code::TokenMissing, "There is no token to sign in to Microsoft Graph with.")
        .with_cause(cause)
        .with_fix(
            "Sign in as a person by `agentuser login`; as an application by --tenant, --client-id and a proof; or set \
             AGENTUSER_TOKEN to an access token for Microsoft Graph. `agentuser --help` lists all ways.",
        )
}

/// The value of a variable, unless it is empty.
fn variable(name: &str) -> Result<Option<Zeroizing<String>>, Problem> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(Zeroizing::new(value)).filter(|value| !value.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Problem::new(Code::TokenMissing, format!("The value of {name} is not Unicode text.")))
        }
    }
}

fn not_a_person(given: &[&str]) -> Problem {
    let message =
        format!("A person is to be signed in, and other ways to sign in are given: {}.", given.join(", "));
    Problem::new(Code::TokenMissing, message)
        .with_cause(
            "`agentuser login` keeps the sign-in of a person. Applications, machines, agents and the Azure tools sign in anew \
             for each command.",
        )
        .with_fix(
            "For a person, leave these options out, and unset their variables. For the others no login is needed: give the \
             options to the command that is to be run.",
        )
}

fn several(what: &str, given: impl Iterator<Item = &'static str>) -> Problem {
    let given: Vec<&str> = given.collect();
    Problem::new(Code::TokenMissing, format!("There is more than one {what}: {}.", given.join(", ")))
        .with_cause("It is unclear which of them is meant.")
        .with_fix("Keep one of them, and unset the others.")
}
