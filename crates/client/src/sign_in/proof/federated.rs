//! Assertions that the surroundings give: the token file of Kubernetes, and the id tokens of pipelines. They are asked for
//! anew for each leg (docs/sign-in.md#federated-tokens).

use crate::loss::plain_reason;
use crate::transport::Transport;
use agentuser_core::graph::Endpoint;
use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::operation::retry::backoff;
use agentuser_core::problem::{Code, Problem, retry_after};
use agentuser_core::sign_in::Secret;
use agentuser_core::sign_in::acquisition::AcquisitionSettings;
use agentuser_core::token::MAX_BYTES;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::HeaderValue;
use serde::Deserialize;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;
use zeroize::{Zeroize as _, Zeroizing};

/// The variable that names the token file of a Kubernetes pod.
const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";

/// How long an id token of a pipeline may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The content of the projected token file, read anew: the cluster writes a new token into it before the old one ends.
pub(super) fn file(path: Option<&PathBuf>) -> Result<Secret, Problem> {
    let path = match path {
        Some(path) => path.clone(),
        None => PathBuf::from(variable(
            TOKEN_FILE,
            "Run it in a pod with a workload identity, or name the token file.",
        )?),
    };
    let shown = path.display();
    let unread = |why: String| {
        Problem::new(Code::TokenMissing, format!("The federated token file {shown} {why}."))
            .with_cause("The path is wrong, the file is not mounted, or this user may not read it.")
            .with_fix("Check the path and who may read the file.")
    };
    let file = std::fs::File::open(&path)
        .map_err(|error| unread(format!("can't be read: {}", plain_reason(&error))))?;
    let mut text = Zeroizing::new(String::with_capacity(16 << 10));
    let read = file.take(MAX_BYTES as u64 + 1).read_to_string(&mut text);
    read.map_err(|error| unread(format!("can't be read: {}", plain_reason(&error))))?;
    match text.trim() {
        "" => Err(unread("is empty".to_owned())),
        token if token.len() > MAX_BYTES => Err(unread("is longer than a token".to_owned())),
        token => Ok(Secret::from(token.to_owned())),
    }
}

/// The id token of a job of GitHub Actions, for that audience.
pub(super) async fn github(transport: &Transport, audience: &str) -> Result<Secret, Problem> {
    let fix = "Give the job the permission id-token: write, and run it in GitHub Actions.";
    let url = variable("ACTIONS_ID_TOKEN_REQUEST_URL", fix)?;
    let token = variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN", fix)?;
    let joint = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{joint}audience={}", utf8_percent_encode(audience, NON_ALPHANUMERIC));
    let headers: Headers = [("Accept".to_owned(), "application/json".to_owned())].into_iter().collect();
    let request = Request { method: Method::Get, url, headers, body: Vec::new() };
    id_token(transport, "GitHub Actions", request, &token).await
}

/// The id token of a job of Azure Pipelines, for that service connection.
pub(super) async fn azure_pipelines(transport: &Transport, connection: &str) -> Result<Secret, Problem> {
    let url = variable("SYSTEM_OIDCREQUESTURI", "Run it in a job of Azure Pipelines.")?;
    let fix = "Hand the job's token to the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken).";
    let token = variable("SYSTEM_ACCESSTOKEN", fix)?;
    let joint = if url.contains('?') { '&' } else { '?' };
    let connection = utf8_percent_encode(connection, NON_ALPHANUMERIC);
    let url = format!("{url}{joint}api-version=7.1&serviceConnectionId={connection}");
    // A sign-in page in place of a refusal is for browsers.
    let headers = [("Accept", "application/json"), ("X-TFS-FedAuthRedirect", "Suppress")];
    let headers: Headers =
        headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let request = Request { method: Method::Post, url, headers, body: Vec::new() };
    id_token(transport, "Azure Pipelines", request, &token).await
}

#[derive(Deserialize)]
struct IdToken {
    /// GitHub's name of the token.
    value: Option<String>,
    /// The name that Azure Pipelines has for it.
    #[serde(rename = "oidcToken")]
    oidc_token: Option<String>,
}

async fn id_token(transport: &Transport, of: &str, request: Request, token: &str) -> Result<Secret, Problem> {
    check(of, &request.url)?;
    let bearer = Zeroizing::new(format!("Bearer {}", token.trim()));
    let mut authorization = HeaderValue::from_str(&bearer).map_err(|_| {
        Problem::new(Code::TokenMissing, format!("The token of the job in {of} can't be sent."))
    })?;
    authorization.set_sensitive(true);
    let policy = AcquisitionSettings::default().retry;
    let mut attempt = 1;
    loop {
        let sent = transport.send(request.clone(), Some(authorization.clone()), None);
        let problem = match tokio::time::timeout(TIMEOUT, sent).await {
            Ok(Ok(mut response)) => {
                let read = read(of, &response);
                response.body.zeroize();
                match read {
                    Ok(token) => return Ok(token),
                    Err(problem) => problem,
                }
            }
            Ok(Err((_, why))) => {
                let (code, message) = why.explain(of);
                Problem::new(code, format!("Could not get an id token. {message}"))
            }
            Err(_) => Problem::new(
                Code::TimedOut,
                format!("{of} gave no id token in {} seconds.", TIMEOUT.as_secs()),
            ),
        };
        let asked = problem.retry_after().unwrap_or_default();
        let is_last = attempt >= policy.first_contact_tries || asked > policy.longest_retry_after;
        if !problem.is_transient() || is_last {
            return Err(problem);
        }
        let own = backoff(&policy, attempt, u64::from(std::process::id()));
        tokio::time::sleep(own.max(asked)).await;
        attempt += 1;
    }
}

/// The job's token goes over TLS, or stays on this machine.
fn check(of: &str, url: &str) -> Result<(), Problem> {
    let origin = reqwest::Url::parse(url).map(|url| url.origin().ascii_serialization());
    if origin.is_ok_and(|origin| Endpoint::new(&origin).is_ok()) {
        return Ok(());
    }
    Err(Problem::new(
        Code::Invalid,
        format!("The address at which {of} gives id tokens is not one over HTTPS."),
    ))
}

fn read(of: &str, response: &Response) -> Result<Secret, Problem> {
    if response.status != 200 {
        let code = if response.status == 429 || response.status >= 500 {
            Code::SignInUnavailable
        } else {
            Code::TokenMissing
        };
        let problem = Problem::new(
            code,
            format!("{of} gave no id token. Its answer has the status {}.", response.status),
        )
        .with_cause("The job may not ask for id tokens, or its service connection is wrong.")
        .with_fix("Check the permissions of the job, and the id of the service connection.");
        return Err(match retry_after(&response.headers) {
            Some(wait) => problem.with_retry_after(wait),
            None => problem,
        });
    }
    let read: Option<IdToken> = serde_json::from_slice(&response.body).ok();
    let token = read.and_then(|read| read.value.or(read.oidc_token)).filter(|token| !token.is_empty());
    let token =
        token.ok_or_else(|| Problem::new(Code::BadAnswer, format!("The answer of {of} has no id token.")))?;
    Ok(token.into())
}

/// The value of a variable.
fn variable(name: &str, fix: &str) -> Result<String, Problem> {
    let value = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    value.ok_or_else(|| {
        Problem::new(Code::TokenMissing, format!("The variable {name} is not set.")).with_fix(fix)
    })
}
