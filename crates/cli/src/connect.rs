//! A client from the options and the environment.

use crate::input::{self, Content};
use crate::options::Connection;
use crate::output::Output;
use crate::token_file::{self, TokenFile};
use agentuser::core::sign_in::Login;
use agentuser::core::token::BearerText;
use agentuser::{Client, ClientSecret, Code, Endpoint, FixedToken, Problem, plain_reason};
use std::path::Path;
use std::time::Duration;

const TOKEN: &str = "AGENTUSER_TOKEN";
const SECRET: &str = "AGENTUSER_CLIENT_SECRET";

/// The file of all certificate authorities of a system has a few hundred kilobytes.
const CA_FILE_LIMIT: usize = 16 << 20;

/// A client that signs in in the one way that the options give.
pub(crate) fn client(options: &Connection, output: &Output) -> Result<Client, Problem> {
    for (path, what) in [(&options.token_file, "token"), (&options.client_secret_file, "client secret")] {
        if let Some(remark) = path.as_deref().and_then(|path| token_file::is_open_to_others(path, what)) {
            output.remarks().warn("secretOpenToOthers", &remark);
        }
    }
    let most = options.settings.max_token_bytes;
    let builder = options.settings.apply(Client::builder());
    let builder = match &options.graph_endpoint {
        Some(endpoint) => builder.graph_endpoint(endpoint.clone()),
        None => builder.cloud(options.cloud),
    };
    let builder = match &options.ca_file {
        Some(path) => builder.root_certificates(&certificates(path)?)?,
        None => builder,
    };
    let token = variable(TOKEN)?;
    match (token, &options.token_file, &options.client_id) {
        (Some(token), None, None) => {
            BearerText::parse_within(&token, &format!("The value of {TOKEN}"), most)?;
            builder.token(FixedToken::new(token)).build()
        }
        (None, Some(path), None) => builder.token(TokenFile::new(path.clone(), most)).build(),
        (None, None, Some(client_id)) => builder.token(application(options, client_id)?).build(),
        (None, None, None) => Err(none(options)),
        (token, file, client) => Err(several(token.is_some(), file.is_some(), client.is_some())),
    }
}

fn application(options: &Connection, client_id: &str) -> Result<ClientSecret, Problem> {
    let tenant = options.tenant.as_deref().ok_or_else(|| {
        Problem::new(Code::TokenMissing, "There is a client id, but no tenant to sign in to.")
            .with_fix("Give --tenant (or AGENTUSER_TENANT), a GUID or a domain.")
    })?;
    let secret = match (variable(SECRET)?, &options.client_secret_file) {
        (None, Some(path)) => token_file::read(path, "client secret", options.settings.max_token_bytes)?,
        (Some(secret), None) => secret,
        (None, None) => {
            return Err(Problem::new(Code::TokenMissing, "There is a client id, but no client secret.")
                .with_fix(format!("Set {SECRET}, or give --client-secret-file.")));
        }
        (Some(_), Some(_)) => {
            return Err(Problem::new(
                Code::TokenMissing,
                format!("Both {SECRET} and --client-secret-file are given."),
            )
            .with_cause("It is unclear which of the two secrets is meant.")
            .with_fix("Keep one of them."));
        }
    };
    let cloud = options.graph_endpoint.is_none().then_some(options.cloud);
    let named = options.login_endpoint.as_ref().map(Endpoint::origin);
    let login = Login::chosen(cloud, options.graph_endpoint.as_ref(), named)?;
    Ok(ClientSecret::new(tenant, client_id, secret)?
        .login(login)
        .outage_timeout(options.settings.outage_timeout)
        .longest_wait(options.settings.timeout.unwrap_or(Duration::MAX)))
}

/// The bytes of a file of certificates.
fn certificates(path: &Path) -> Result<Vec<u8>, Problem> {
    let problem = |why: String| {
        let file = path.display();
        Problem::new(Code::Invalid, format!("The file {file} of --ca-file {why}."))
            .with_cause("The path is wrong, or this user may not read the file.")
            .with_fix("Check the path and who may read the file.")
    };
    match input::to_limit_of(path, CA_FILE_LIMIT - 1) {
        Ok(Content::TooLarge) => Err(problem(format!("is {} MiB long or longer", CA_FILE_LIMIT >> 20))),
        Ok(Content::Whole(pem)) => Ok(pem),
        Err(error) => Err(problem(format!("can't be read: {}", plain_reason(&error)))),
    }
}

/// The value of a variable, unless it is empty.
fn variable(name: &str) -> Result<Option<String>, Problem> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Problem::new(Code::TokenMissing, format!("The value of {name} is not Unicode text.")))
        }
    }
}

fn none(options: &Connection) -> Problem {
    let cause = if options.tenant.is_some() {
        "--tenant (or AGENTUSER_TENANT) is given, but no --client-id, and no token either."
    } else {
        "AGENTUSER_TOKEN is not set, and neither --token-file nor --client-id is given."
    };
    Problem::new(Code::TokenMissing, "There is no token to sign in to Microsoft Graph with.")
        .with_cause(cause)
        .with_fix(
            "Set AGENTUSER_TOKEN to an access token for Microsoft Graph; or give --token-file; or --tenant and \
             --client-id with AGENTUSER_CLIENT_SECRET.",
        )
}

fn several(token: bool, file: bool, client: bool) -> Problem {
    let given = [
        (token, TOKEN),
        (file, "--token-file (or AGENTUSER_TOKEN_FILE)"),
        (client, "--client-id (or AGENTUSER_CLIENT_ID)"),
    ];
    let given: Vec<_> = given.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
    Problem::new(Code::TokenMissing, format!("There is more than one way to sign in: {}.", given.join(", ")))
        .with_cause("It is unclear which of them is meant.")
        .with_fix("Keep one of them, and unset the others.")
}
