//! An application's own token, by its secret: the client credentials grant (docs/sign-in.md#application-token).

use super::provider::{AccessToken, TokenFuture, TokenProvider, TokenRequest};
use crate::redaction::Redaction;
use agentuser_core::graph::{Cloud, Endpoint, InvalidEndpoint};
use agentuser_core::json::Config;
use agentuser_core::operation::retry::{Policy, backoff};
use agentuser_core::operation::{Loss, Sent};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in;
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;
use tokio::time::Instant;

/// How long the first attempt may take; each next one may take twice as long.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// Without an answer for so long, a sign-in is given up.
const OUTAGE_TIMEOUT: Duration = Duration::from_secs(120);

/// A server that asks for a longer wait has its problem reported.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// An application with a secret, such as a blueprint that creates its own agent users.
#[derive(Debug)]
pub struct ClientSecret {
    login: String,
    tenant: String,
    client_id: String,
    secret: SecretString,
    outage_timeout: Duration,
    longest_wait: Duration,
}

impl ClientSecret {
    /// The application of that client id, in that tenant (a GUID or a domain), in the global cloud.
    ///
    /// # Errors
    /// When the tenant or the client id has characters that none can have.
    pub fn new(tenant: &str, client_id: &str, secret: String) -> Result<Self, Problem> {
        let plain = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
        };
        for (name, value) in [("tenant", tenant), ("client id", client_id)] {
            if !plain(value) {
                return Err(Problem::new(
                    Code::Invalid,
                    format!("The {name} is neither a GUID nor a domain."),
                ));
            }
        }
        Ok(Self {
            login: Cloud::Global.login().to_owned(),
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
            secret: secret.into(),
            outage_timeout: OUTAGE_TIMEOUT,
            longest_wait: LONGEST_WAIT,
        })
    }

    /// The application of a configuration of the JSON tier, where it has one. Beside a `graphEndpoint`,
    /// its sign-in is at that endpoint unless the configuration says where.
    ///
    /// # Errors
    /// As for [`ClientSecret::new`] and [`ClientSecret::login_endpoint`].
    pub fn of_config(config: &Config, secret: String) -> Result<Option<Self>, Problem> {
        let Some(named) = config.client_secret() else { return Ok(None) };
        let most = config.max_token_bytes();
        if secret.len() > most {
            return Err(agentuser_core::token::too_large("The client secret", most));
        }
        let application = Self::new(&named.tenant_id, &named.client_id, secret)?;
        let endpoint = config.endpoint();
        let login = match (&named.login_endpoint, config.cloud()) {
            (Some(login), _) => login.as_str(),
            (None, Some(cloud)) => return Ok(Some(application.cloud(cloud))),
            (None, None) => endpoint.origin(),
        };
        let application = application.login_endpoint(login).map_err(|error| {
            Problem::new(Code::Invalid, format!("The loginEndpoint can't be used. {error}"))
                .with_field("loginEndpoint")
        })?;
        Ok(Some(application))
    }

    /// The same, in another cloud.
    #[must_use]
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        cloud.login().clone_into(&mut self.login);
        self
    }

    /// The same, but given up when the sign-in endpoint has answered nothing for this long: two minutes by default.
    #[must_use]
    pub fn outage_timeout(mut self, time: Duration) -> Self {
        self.outage_timeout = time;
        self
    }

    /// The same, for a caller that has no more time than this: a longer `Retry-After` ends the sign-in at once. Two
    /// minutes are waited at most.
    #[must_use]
    pub fn longest_wait(mut self, time: Duration) -> Self {
        self.longest_wait = time.min(LONGEST_WAIT);
        self
    }

    /// The same, with a sign-in endpoint in place of the cloud's, such as a simulator's.
    ///
    /// # Errors
    /// When it is neither an origin over TLS nor one on this machine.
    pub fn login_endpoint(mut self, origin: &str) -> Result<Self, InvalidEndpoint> {
        Endpoint::new(origin)?.origin().clone_into(&mut self.login);
        Ok(self)
    }
}

impl TokenProvider for ClientSecret {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            let policy = Policy::default();
            // Workers that begin together do not sign in together again.
            let jitter = u64::from(std::process::id());
            let mut attempt = 1;
            let mut silent_since = None;
            let secret = Redaction::of(self.secret.expose_secret());
            loop {
                let form = sign_in::client_credentials(
                    &self.login,
                    &self.tenant,
                    &self.client_id,
                    self.secret.expose_secret(),
                    &request.scope,
                    request.claims.as_deref(),
                );
                let sent = request.transport.send(form, None, None);
                let begun = *silent_since.get_or_insert_with(Instant::now);
                let left = self.outage_timeout.saturating_sub(begun.elapsed());
                let time = ATTEMPT_TIMEOUT.saturating_mul(1 << (attempt - 1).min(8)).min(left);
                let answer = tokio::time::timeout(time, sent).await;
                let answer = answer.unwrap_or(Err((Sent::Maybe, Loss::TimedOut)));
                // A server may repeat what it was sent.
                let answer = answer.map(|response| secret.redact(response));
                if answer.is_ok() {
                    silent_since = None;
                }
                let silent = silent_since.map_or(Duration::ZERO, |since| since.elapsed());
                let problem = match answer {
                    Ok(response) => match sign_in::token(&response) {
                        Ok(token) => return Ok(AccessToken::new(token.secret, token.expires_in)),
                        Err(problem) => problem,
                    },
                    Err((_, why)) => {
                        let (code, message) = why.explain(&self.login);
                        Problem::new(code, format!("Could not sign in. {message}"))
                    }
                };
                // As many as of a request to Graph: a login endpoint that can't be reached should cost seconds.
                let attempts = match problem.code() {
                    Code::Unreachable | Code::ProxyFailed => policy.first_contact_tries,
                    _ => policy.tries,
                };
                let wait = problem.retry_after().unwrap_or_else(|| backoff(&policy, attempt, jitter));
                let late = silent.saturating_add(wait) >= self.outage_timeout;
                if !problem.is_transient() || attempt >= attempts || wait > self.longest_wait || late {
                    return Err(problem);
                }
                tokio::time::sleep(wait).await;
                attempt += 1;
            }
        })
    }
}
