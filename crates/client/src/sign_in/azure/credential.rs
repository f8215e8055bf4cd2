//! A client's sign-in as a credential of the Azure SDK.

use crate::client::Client;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use azure_core::time::OffsetDateTime;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A token whose end is unknown is said to live for so long. The SDK asks again five minutes before the end.
const UNKNOWN_LIFE: Duration = Duration::from_secs(6 * 60);

/// The sign-in of a [`Client`] as a credential of the Azure SDK, for any of its clients: an agent identity or an agent
/// user that reads a storage account, say.
///
/// ```no_run
/// # async fn example(client: agentuser::Client) -> azure_core::Result<()> {
/// use agentuser::azure::AgentCredential;
/// use azure_core::credentials::TokenCredential;
///
/// let credential = AgentCredential::new(client);
/// let token = credential.get_token(&["https://storage.azure.com/.default"], None).await?;
/// println!("until {}", token.expires_on);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AgentCredential(Client);

impl AgentCredential {
    /// The sign-in of that client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    async fn token(&self, scopes: &[&str]) -> azure_core::Result<AccessToken> {
        let token = self.0.token(scopes).await.map_err(|problem| {
            let message = problem.to_string();
            Error::with_error(ErrorKind::Credential, problem, message)
        })?;
        let left = token.expires_in().unwrap_or(UNKNOWN_LIFE);
        Ok(AccessToken::new(token.expose_secret().to_owned(), OffsetDateTime::now_utc() + left))
    }
}

impl TokenCredential for AgentCredential {
    fn get_token<'a, 'b, 'c, 'd, 'r>(
        &'a self,
        scopes: &'b [&'c str],
        _: Option<TokenRequestOptions<'d>>,
    ) -> Pin<Box<dyn Future<Output = azure_core::Result<AccessToken>> + Send + 'r>>
    where
        'a: 'r,
        'b: 'r,
        'c: 'r,
        'd: 'r,
        Self: 'r,
    {
        Box::pin(self.token(scopes))
    }
}
