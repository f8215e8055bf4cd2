//! An application's own token, by its secret: the client credentials grant (docs/sign-in.md#application-token).

use super::provider::{AccessToken, TokenFuture, TokenProvider, TokenRequest};
use crate::redaction::Redaction;
use agentuser_core::graph::Cloud;
use agentuser_core::json::Config;
use agentuser_core::operation::retry::{Policy, backoff};
use agentuser_core::operation::{Loss, Sent};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::sign_in::{ClientId, Leg, Login, Proof, Reply, Scopes, Secret, Tenant};
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
    login: Login,
    tenant: Tenant,
    client_id: ClientId,
    secret: Secret,
    outage_timeout: Duration,
    longest_wait: Duration,
}

impl ClientSecret {
    /// The application of that client id, in that tenant (a GUID or a domain), in the global cloud.
    ///
    /// # Errors
    /// When the tenant is neither a GUID nor a domain, or the client id is not a GUID.
    pub fn new(tenant: &str, client_id: &str, secret: String) -> Result<Self, Problem> {
        let secret = Secret::from(secret);
        let (tenant, client_id) = (Tenant::parse(tenant), ClientId::parse("clientId", client_id));
        let (tenant, client_id) = match (tenant, client_id) {
            (Ok(tenant), Ok(client_id)) => (tenant, client_id),
            (tenant, client_id) => {
                let broken = [tenant.err(), client_id.err()].into_iter().flatten();
                return Err(Problem::from_violations(broken.collect()));
            }
        };
        Ok(Self {
            login: Cloud::Global.into(),
            tenant,
            client_id,
            secret,
            outage_timeout: OUTAGE_TIMEOUT,
            longest_wait: LONGEST_WAIT,
        })
    }

    /// The application of a configuration of the JSON tier, where it has one.
    ///
    /// # Errors
    /// As for [`ClientSecret::new`] and [`Login::chosen`].
    pub fn of_config(config: &Config, secret: String) -> Result<Option<Self>, Problem> {
        let Some(named) = config.client_secret() else { return Ok(None) };
        let most = config.max_token_bytes();
        if secret.len() > most {
            return Err(agentuser_core::token::too_large("The client secret", most));
        }
        let endpoint = config.endpoint();
        let login = Login::chosen(config.cloud(), Some(&endpoint), named.login_endpoint.as_deref())?;
        Ok(Some(Self::new(&named.tenant_id, &named.client_id, secret)?.login(login)))
    }

    /// The same, in another cloud.
    #[must_use]
    pub fn cloud(self, cloud: Cloud) -> Self {
        self.login(cloud.into())
    }

    /// The same, with that sign-in endpoint.
    #[must_use]
    pub fn login(mut self, login: Login) -> Self {
        self.login = login;
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
    pub fn login_endpoint(self, origin: &str) -> Result<Self, Problem> {
        let login = Login::chosen(None, None, Some(origin))?;
        Ok(self.login(login))
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
            let leg = Leg::Application {
                client_id: self.client_id,
                proof: Proof::Secret(self.secret.clone()),
                scopes: Scopes::new([&request.scope])?,
            };
            let secret = Redaction::of(self.secret.expose());
            loop {
                let form = leg.request(&self.login, &self.tenant, request.claims.as_deref());
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
                    Ok(response) => match leg.read(&response) {
                        Reply::Token(token) => {
                            return Ok(AccessToken::new(token.secret.expose().to_owned(), token.expires_in));
                        }
                        Reply::Again(problem) => problem,
                        other => return Err(other.into_problem()),
                    },
                    Err((_, why)) => {
                        let (code, message) = why.explain(self.login.origin());
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
