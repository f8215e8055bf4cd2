//! Applications, and the agent identities and agent users whose blueprint one of them is.

use super::driver::Driver;
use super::host::{SignInDemand, SignInHost};
use super::proof::Proof;
use crate::token::{AccessToken, TokenFuture, TokenProvider, TokenRequest};
use agentuser_core::graph::Cloud;
use agentuser_core::problem::{Problem, ProblemKind};
use agentuser_core::sign_in::acquisition::{AcquisitionSettings, Granted, Renewal, Wanted};
use agentuser_core::sign_in::{ClientId, Login, Scopes, Secret, SignIn, Tenant, UserOf, Who};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An application that signs in by itself: an app registration, or a blueprint (docs/sign-in.md#application-token). All
/// that is made of one application shares its tokens, so that a thousand agent users of a blueprint need one exchange
/// token for each agent identity.
///
/// ```no_run
/// use agentuser::Client;
/// use agentuser::sign_in::{Application, Proof, UserOf};
///
/// # fn example(secret: String) -> Result<(), agentuser::Problem> {
/// let blueprint = Application::new(
///     "contoso.onmicrosoft.com",
///     "00000000-0000-4000-8000-000000000001",
///     Proof::secret(secret.into()),
/// )?;
/// let user = blueprint.agent_user("a1d00000-0000-4000-8000-000000000001", UserOf::by_name("ada@contoso.com")?)?;
/// let client = Client::builder().token(user).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Application {
    driver: Driver,
    login: Login,
    tenant: Tenant,
    client_id: ClientId,
}

impl Application {
    /// The application of that client id, in that tenant (a GUID or a domain), in the global cloud.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) when the tenant or the client id is none.
    pub fn new(tenant: &str, client_id: &str, proof: Proof) -> Result<Self, Problem> {
        Self::with_settings(tenant, client_id, proof, AcquisitionSettings::default())
    }

    /// The same with other times and limits.
    ///
    /// # Errors
    /// As [`Application::new`].
    pub fn with_settings(
        tenant: &str,
        client_id: &str,
        proof: Proof,
        settings: AcquisitionSettings,
    ) -> Result<Self, Problem> {
        let tenant = Tenant::parse(tenant).map_err(|violation| Problem::from_violations(vec![violation]))?;
        let client_id = ClientId::parse("clientId", client_id)
            .map_err(|violation| Problem::from_violations(vec![violation]))?;
        Ok(Self {
            driver: Driver::new(settings, Some(proof), None),
            login: Cloud::Global.into(),
            tenant,
            client_id,
        })
    }

    /// The same, in another cloud.
    #[must_use]
    pub fn cloud(self, cloud: Cloud) -> Self {
        self.login(cloud.into())
    }

    /// The same, with a sign-in endpoint in place of the cloud's, such as a simulator's.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) when it is neither an origin over TLS nor one on this machine.
    pub fn login_endpoint(self, origin: &str) -> Result<Self, Problem> {
        Ok(self.login(Login::chosen(None, None, Some(origin))?))
    }

    /// The same, with that sign-in endpoint.
    #[must_use]
    pub fn login(mut self, login: Login) -> Self {
        self.login = login;
        self
    }

    /// The agent identity of that id, whose blueprint this is.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) when it is not an id.
    pub fn agent_identity(&self, id: &str) -> Result<AgentIdentity, Problem> {
        let identity = identity(id)?;
        Ok(AgentIdentity(self.member(Who::AgentIdentity { blueprint: self.client_id, identity })?))
    }

    /// The agent user of that agent identity, whose blueprint this is.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) when it is not an id.
    pub fn agent_user(&self, identity_id: &str, user: UserOf) -> Result<AgentUser, Problem> {
        let identity = identity(identity_id)?;
        Ok(AgentUser(self.member(Who::AgentUser { blueprint: self.client_id, identity, user })?))
    }

    /// The agent identity of that id on behalf of a person. The host is asked for the person's token.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) when it is not an id.
    pub fn on_behalf_of(&self, identity_id: &str, host: Arc<dyn SignInHost>) -> Result<OnBehalfOf, Problem> {
        let identity = identity(identity_id)?;
        let application = self.clone();
        Ok(OnBehalfOf { application, identity, host, user_token: Mutex::default() })
    }

    /// Forgets all tokens that are in memory, those of its agent identities and agent users as well.
    pub fn sign_out(&self) {
        self.driver.forget();
    }

    fn member(&self, who: Who) -> Result<Member, Problem> {
        let sign_in = SignIn::new(self.login.clone(), self.tenant.clone(), who)?;
        Ok(Member { driver: self.driver.clone(), sign_in })
    }
}

impl TokenProvider for Application {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            let who = Who::Application { client_id: self.client_id };
            self.member(who)?.token(&request, None).await
        })
    }
}

/// An agent identity that signs in by itself (docs/sign-in.md#agent-identity).
#[derive(Debug, Clone)]
pub struct AgentIdentity(Member);

impl TokenProvider for AgentIdentity {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.0.token(&request, None).await })
    }
}

/// An agent user that signs in (docs/sign-in.md#agent-user).
#[derive(Debug, Clone)]
pub struct AgentUser(Member);

impl TokenProvider for AgentUser {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.0.token(&request, None).await })
    }
}

/// An agent identity that acts on behalf of a person who signed in elsewhere (docs/sign-in.md#on-behalf-of).
pub struct OnBehalfOf {
    application: Application,
    identity: agentuser_core::sign_in::AgentIdentityId,
    host: Arc<dyn SignInHost>,
    /// The person's token, until it will not do any more or is of an earlier epoch.
    user_token: Mutex<Option<(u64, Secret)>>,
}

impl fmt::Debug for OnBehalfOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnBehalfOf").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl OnBehalfOf {
    /// Forgets the person's token, and all tokens of the application that are in memory.
    pub fn sign_out(&self) {
        self.application.sign_out();
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(u64, Secret)>> {
        self.user_token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person's token: the one that is there, or one from the host; and whether it is that of before.
    async fn user_token(&self, claims: Option<String>, anew: bool) -> Result<(Secret, bool), Problem> {
        let epoch = self.application.driver.epoch();
        let kept = self.lock().clone().filter(|(of, _)| *of == epoch && !anew);
        if let Some((_, kept)) = kept {
            return Ok((kept, true));
        }
        let blueprint = self.application.client_id.to_string();
        let answer = self.host.meet(SignInDemand::UserToken { blueprint, claims: claims.clone() }).await;
        // A program that can't ask the person hands the challenge on to one that can.
        let answer = answer.map_err(|problem| match &claims {
            Some(claims) if problem.claims().is_none() => problem.with_claims(claims),
            _ => problem,
        })?;
        let token = answer.secret("The person's token")?;
        let mut kept = self.lock();
        // It came too late for whoever signed out meanwhile.
        if epoch == self.application.driver.epoch() {
            *kept = Some((epoch, token.clone()));
        }
        Ok((token, false))
    }

    async fn attempt(&self, request: &TokenRequest, user_token: Secret) -> Result<AccessToken, Problem> {
        let blueprint = self.application.client_id;
        let who = Who::OnBehalfOf { blueprint, identity: self.identity, user_token };
        self.application.member(who)?.token(request, None).await
    }
}

impl TokenProvider for OnBehalfOf {
    /// A challenge is for the person: the program that signed the person in has to pass it on, Graph's as Entra's. It is asked
    /// once for each.
    fn token(&self, mut request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move {
            let anew = request.claims.is_some();
            let (mut user_token, mut is_kept) = self.user_token(request.claims.clone(), anew).await?;
            let mut is_challenged = false;
            loop {
                let problem = match self.attempt(&request, user_token).await {
                    Err(problem) if problem.kind() == ProblemKind::SignIn => problem,
                    ended => return ended,
                };
                let new = problem.claims().filter(|new| request.claims.as_deref() != Some(*new));
                match new.filter(|_| !is_challenged) {
                    Some(challenge) => {
                        request.claims = Some(challenge.to_owned());
                        is_challenged = true;
                    }
                    None if is_kept => {}
                    None => return Err(problem),
                }
                is_kept = false;
                (user_token, _) = self.user_token(request.claims.clone(), true).await?;
            }
        })
    }
}

/// One who signs in by an engine.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) driver: Driver,
    pub(super) sign_in: SignIn,
}

impl Member {
    /// The token, for other scopes than those of the request where some are given.
    pub(super) async fn token(
        &self,
        request: &TokenRequest,
        scopes: Option<&Scopes>,
    ) -> Result<AccessToken, Problem> {
        let scopes = scopes.cloned().map_or_else(|| Scopes::new([&request.scope]), Ok)?;
        let wanted = Wanted { sign_in: self.sign_in.clone(), scopes };
        let mut renewal = Renewal::default();
        renewal.claims.clone_from(&request.claims);
        renewal.refused = request.refused_tag;
        renewal.anew = request.refused && request.refused_tag.is_none();
        let granted = self.driver.token(wanted, renewal, request).await?;
        Ok(access_token(granted))
    }
}

fn access_token(granted: Granted) -> AccessToken {
    let Granted { token, tag, expires_in, renew_in, scope, account, .. } = granted;
    let account = account.and_then(|account| account.name.clone().or(account.object_id.clone()));
    AccessToken::of_secret(token, expires_in)
        .with_renewal(renew_in)
        .with_scope(scope.map(|scope| scope.to_string()))
        .with_account(account)
        .with_tag(tag)
}

fn identity(id: &str) -> Result<agentuser_core::sign_in::AgentIdentityId, Problem> {
    agentuser_core::sign_in::AgentIdentityId::parse("agentIdentityId", id)
        .map_err(|violation| Problem::from_violations(vec![violation]))
}
