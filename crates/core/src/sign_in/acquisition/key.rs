//! The keys of tokens in the cache.

use crate::ObjectId;
use crate::sign_in::{AgentIdentityId, ClientId, Login, Prompt, Scopes, Secret, SignIn, Tenant, UserOf, Who};
use std::cmp::Ordering;
use std::sync::Arc;

/// Names a token in the cache: asks with the same key get the same token.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    holder: Holder,
    /// In lower case; empty where the holder says it all.
    scopes: String,
    tenant: Tenant,
    login: Login,
}

/// The goal of a fetch: a key, and the claims of a challenge.
pub(super) type Goal = (Key, Option<String>);

/// The holder of a token.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// An application's own.
    Application(ClientId),
    /// T1: a blueprint vouches for its agent identity.
    Exchange(Agent),
    /// An agent identity's own.
    AgentIdentity(Agent),
    /// T2: an agent identity vouches for its agent user.
    UserExchange(Agent),
    /// An agent user's.
    AgentUser(Agent, UserOf),
    /// One on behalf of the person whose token that is.
    OnBehalfOf(Agent, UserToken),
    /// A person's.
    Person(ClientId),
}

/// An agent identity, and the blueprint whose proof counts for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Agent {
    pub(super) blueprint: ClientId,
    pub(super) identity: AgentIdentityId,
}

/// A person's token, which stands for the person. Two tokens of one person are two persons here: tokens are opaque.
#[derive(Clone)]
pub(super) struct UserToken(pub(super) Arc<Secret>);

impl Ord for UserToken {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.expose().cmp(other.0.expose())
    }
}

impl PartialOrd for UserToken {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for UserToken {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for UserToken {}

impl Key {
    /// The key of whoever signs in there, whatever the token is for: a refresh token serves all scopes
    /// (docs/sign-in.md#people).
    pub(super) fn of(sign_in: &SignIn) -> Self {
        let agent = |blueprint: &ClientId, identity: &AgentIdentityId| Agent {
            blueprint: *blueprint,
            identity: *identity,
        };
        let holder = match sign_in.who() {
            Who::Application { client_id } => Holder::Application(*client_id),
            Who::AgentIdentity { blueprint, identity } => Holder::AgentIdentity(agent(blueprint, identity)),
            Who::AgentUser { blueprint, identity, user } => {
                Holder::AgentUser(agent(blueprint, identity), user.clone())
            }
            Who::OnBehalfOf { blueprint, identity, user_token } => {
                Holder::OnBehalfOf(agent(blueprint, identity), UserToken(Arc::new(user_token.clone())))
            }
            Who::Person { client_id, .. } => Holder::Person(*client_id),
        };
        let (tenant, login) = (sign_in.tenant().clone(), sign_in.login().clone());
        Self { holder, scopes: String::new(), tenant, login }
    }

    pub(super) const fn holder(&self) -> &Holder {
        &self.holder
    }

    pub(super) const fn login(&self) -> &Login {
        &self.login
    }

    pub(super) const fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The same, whatever the token is for.
    pub(super) fn of_holder(&self) -> Self {
        Self { scopes: String::new(), ..self.clone() }
    }

    /// A number that depends on all of it, for jitter.
    pub(super) fn number(&self) -> u64 {
        use crate::hash::{mix, text_key};
        let id = |id: ObjectId| text_key(&id.to_string());
        let agent = |agent: &Agent| mix(&[id(agent.blueprint.id()), id(agent.identity.id())]);
        let holder = match &self.holder {
            Holder::Application(client) => mix(&[1, id(client.id())]),
            Holder::Exchange(of) => mix(&[2, agent(of)]),
            Holder::AgentIdentity(of) => mix(&[3, agent(of)]),
            Holder::UserExchange(of) => mix(&[4, agent(of)]),
            Holder::AgentUser(of, user) => mix(&[5, agent(of), text_key(&user.to_string())]),
            // The person's token has no part in it: jitter is not a secret.
            Holder::OnBehalfOf(of, _) => mix(&[6, agent(of)]),
            Holder::Person(client) => mix(&[7, id(client.id())]),
        };
        mix(&[holder, text_key(&self.scopes), text_key(self.tenant.as_str())])
    }
}

/// A token that is wanted.
pub(super) struct WantedToken {
    pub(super) key: Key,
    /// As they are sent; none of an exchange token, whose leg knows its own.
    pub(super) scopes: Option<Scopes>,
    /// How a person is asked.
    pub(super) prompt: Prompt,
}

impl WantedToken {
    /// The token of these scopes for that sign-in.
    pub(super) fn new(sign_in: &SignIn, scopes: &Scopes) -> Self {
        let prompt = match sign_in.who() {
            Who::Person { prompt, .. } => *prompt,
            _ => Prompt::Browser,
        };
        let key = Key { scopes: scopes.to_string().to_ascii_lowercase(), ..Key::of(sign_in) };
        Self { key, scopes: Some(scopes.clone()), prompt }
    }

    /// The exchange token T1 of this agent identity, at the same place.
    pub(super) fn exchange(&self, agent: Agent) -> Self {
        self.of(Holder::Exchange(agent))
    }

    /// The exchange token T2 of this agent identity, at the same place.
    pub(super) fn user_exchange(&self, agent: Agent) -> Self {
        self.of(Holder::UserExchange(agent))
    }

    fn of(&self, holder: Holder) -> Self {
        let key = Key { holder, scopes: String::new(), ..self.key.clone() };
        Self { key, scopes: None, prompt: self.prompt }
    }
}
