//! A person who signs in, by an app registration that is a public client.

use super::application::Member;
use super::driver::Driver;
use super::host::SignInHost;
use crate::token::{TokenFuture, TokenProvider, TokenRequest};
use agentuser_core::graph::Cloud;
use agentuser_core::problem::Problem;
use agentuser_core::sign_in::acquisition::AcquisitionSettings;
use agentuser_core::sign_in::{ClientId, Login, Prompt, Scopes, Secret, SignIn, Tenant, Who};
use std::sync::Arc;

/// A person who signs in in a browser or by a code (docs/sign-in.md#people). The host shows what there is to see.
///
/// ```no_run
/// use agentuser::Client;
/// use agentuser::sign_in::{Person, Prompt, SignInPrompt, prompts};
///
/// # fn example() -> Result<(), agentuser::Problem> {
/// let host = prompts(|prompt| match prompt {
///     SignInPrompt::DeviceCode { user_code, verification_uri, .. } => {
///         println!("Type {user_code} at {verification_uri}.");
///         Ok(())
///     }
///     SignInPrompt::Browser { url } => {
///         println!("Open {url}.");
///         Ok(())
///     }
///     _ => Ok(()),
/// });
/// let client_id = "00000000-0000-4000-8000-000000000001";
/// let person = Person::new("contoso.onmicrosoft.com", client_id, Prompt::DeviceCode, host)?;
/// let client = Client::builder().token(person).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Person {
    member: Member,
    /// In place of everything that was granted on Graph.
    scopes: Option<Scopes>,
}

impl Person {
    /// A person of that tenant (a GUID, a domain, or `organizations` for any), by the app registration of that client id,
    /// in the global cloud.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) when the tenant or the client id is none.
    pub fn new(
        tenant: &str,
        client_id: &str,
        prompt: Prompt,
        host: Arc<dyn SignInHost>,
    ) -> Result<Self, Problem> {
        Self::with_settings(tenant, client_id, prompt, host, AcquisitionSettings::default())
    }

    /// The same with other times and limits.
    ///
    /// # Errors
    /// As [`Person::new`].
    pub fn with_settings(
        tenant: &str,
        client_id: &str,
        prompt: Prompt,
        host: Arc<dyn SignInHost>,
        settings: AcquisitionSettings,
    ) -> Result<Self, Problem> {
        let invalid = |violation| Problem::from_violations(vec![violation]);
        let tenant = Tenant::of_person(tenant).map_err(invalid)?;
        let client_id = ClientId::parse("clientId", client_id).map_err(invalid)?;
        let sign_in = SignIn::new(Cloud::Global.into(), tenant, Who::Person { client_id, prompt })?;
        let driver = Driver::new(settings, None, Some(host));
        Ok(Self { member: Member { driver, sign_in }, scopes: None })
    }

    /// The same, with that sign-in endpoint.
    ///
    /// # Errors
    /// None that [`Person::new`] had not.
    pub fn login(mut self, login: Login) -> Result<Self, Problem> {
        let sign_in = &self.member.sign_in;
        self.member.sign_in = SignIn::new(login, sign_in.tenant().clone(), sign_in.who().clone())?;
        Ok(self)
    }

    /// The same, asking for these permissions on Graph in place of all that were granted.
    #[must_use]
    pub fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = Some(scopes);
        self
    }

    /// Takes what an earlier sign-in left, so that the person need not be asked.
    pub fn remember(&self, refresh_token: Secret) {
        self.member.driver.remember(&self.member.sign_in, refresh_token);
    }

    /// The refresh token, which gets the next token without a prompt; `None` before the first token. Keep it
    /// where no other user can read it.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Secret> {
        self.member.driver.refresh_token(&self.member.sign_in)
    }

    /// Forgets all tokens that are in memory.
    pub fn sign_out(&self) {
        self.member.driver.forget();
    }
}

impl TokenProvider for Person {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            let scopes = self.scopes.as_ref().filter(|_| request.is_for_graph);
            self.member.token(&request, scopes).await
        })
    }
}
