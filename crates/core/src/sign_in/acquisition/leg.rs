//! The leg that a fetch sends, with what proves it: asked for anew with each try, because a try may come much later than
//! the one before.

use super::key::{Agent, Holder, Key, WantedToken};
use super::requests::Id;
use super::step::{DemandAnswer, DemandKind};
use super::table::Shared;
use crate::operation::TokenTag;
use crate::problem::{Code, Problem};
use crate::sign_in::{ClientId, Leg, Proof, Scopes, Secret};
use std::sync::Arc;
use std::time::Duration;

/// The means by which a token is asked for.
pub(super) enum Grant {
    /// The holder's own: a proof, T1, T2, or a person's token from elsewhere.
    Own,
    /// A refresh token.
    Refresh(Secret),
    /// Nothing yet: a code that a person types.
    DeviceCode,
    /// The device code, once it is there.
    DeviceToken {
        /// The part of it that the person does not see.
        device_code: Secret,
        /// How long to wait between two looks.
        interval: Duration,
    },
    /// The code that the browser brought back.
    Code {
        /// The code.
        code: Secret,
        /// The verifier of the challenge.
        verifier: Secret,
        /// The address to which the browser came back.
        redirect_uri: String,
    },
}

/// An exchange token that was sent.
pub(super) struct Used {
    pub(super) key: Key,
    pub(super) tag: TokenTag,
}

impl Grant {
    /// The shortest time between two tries.
    pub(super) const fn least_wait(&self) -> Duration {
        match self {
            Self::DeviceToken { interval, .. } => *interval,
            _ => Duration::ZERO,
        }
    }
}

/// The fetch that makes a leg.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) fetch: Id,
    pub(super) wanted: &'a WantedToken,
}

impl Maker<'_> {
    /// The leg, and the exchange tokens that are in it.
    pub(super) async fn leg(self, grant: &Grant) -> Result<(Leg, Vec<Used>), Problem> {
        let mut used = Vec::new();
        let leg = match self.wanted.key.holder() {
            Holder::Application(client_id) => {
                let proof = self.proof(*client_id, "application").await?;
                Leg::Application { client_id: *client_id, proof, scopes: self.scopes()? }
            }
            Holder::Exchange(Agent { blueprint, identity }) => {
                let proof = self.proof(*blueprint, "exchange").await?;
                Leg::Exchange { blueprint: *blueprint, proof, identity: *identity }
            }
            Holder::AgentIdentity(agent) => {
                let t1 = self.exchanged(self.wanted.exchange(*agent), &mut used).await?;
                Leg::AgentIdentity { identity: agent.identity, t1, scopes: self.scopes()? }
            }
            Holder::UserExchange(agent) => {
                let t1 = self.exchanged(self.wanted.exchange(*agent), &mut used).await?;
                Leg::UserExchange { identity: agent.identity, t1 }
            }
            Holder::AgentUser(agent, user) => {
                // T1 comes last, because it is there once T2 is, unless it has become too old meanwhile.
                let t2 = self.exchanged(self.wanted.user_exchange(*agent), &mut used).await?;
                let t1 = self.exchanged(self.wanted.exchange(*agent), &mut used).await?;
                let (user, scopes) = (user.clone(), self.scopes()?);
                Leg::AgentUser { identity: agent.identity, t1, t2, user, scopes }
            }
            Holder::OnBehalfOf(agent, user_token) => {
                let t1 = self.exchanged(self.wanted.exchange(*agent), &mut used).await?;
                let (identity, scopes) = (agent.identity, self.scopes()?);
                match grant {
                    Grant::Refresh(token) => {
                        Leg::OnBehalfOfAgain { identity, t1, refresh_token: token.clone(), scopes }
                    }
                    _ => Leg::OnBehalfOf { identity, t1, user_token: (*user_token.0).clone(), scopes },
                }
            }
            Holder::Person(client_id) => self.of_person(*client_id, grant)?,
        };
        Ok((leg, used))
    }

    fn of_person(self, client_id: ClientId, grant: &Grant) -> Result<Leg, Problem> {
        let scopes = self.scopes()?;
        match grant {
            Grant::Refresh(token) => Ok(Leg::Refresh { client_id, refresh_token: token.clone(), scopes }),
            Grant::DeviceCode => Ok(Leg::DeviceCode { client_id, scopes }),
            Grant::DeviceToken { device_code, .. } => {
                Ok(Leg::DeviceToken { client_id, device_code: device_code.clone() })
            }
            Grant::Code { code, verifier, redirect_uri } => Ok(Leg::Code {
                client_id,
                code: code.clone(),
                verifier: verifier.clone(),
                redirect_uri: redirect_uri.clone(),
                scopes,
            }),
            Grant::Own => {
                Err(Problem::new(Code::Internal, "A person has no token of their own to begin with."))
            }
        }
    }

    fn scopes(self) -> Result<Scopes, Problem> {
        let missing = || Problem::new(Code::Internal, "A token is asked for without scopes.");
        self.wanted.scopes.clone().ok_or_else(missing)
    }

    /// The proof of this client, from the host.
    async fn proof(self, client_id: ClientId, leg: &'static str) -> Result<Proof, Problem> {
        let jti = {
            let mut table = self.shared.lock();
            let id = table.new_id();
            table.requests.ids().request(id).text()
        };
        let (login, tenant) = (self.wanted.key.login().clone(), self.wanted.key.tenant().clone());
        let kind = DemandKind::Proof { client_id, login, tenant, leg, jti };
        match self.shared.demand(self.fetch, kind).await? {
            DemandAnswer::Proof(proof) => Ok(proof),
            DemandAnswer::Code { .. } => {
                Err(Problem::new(Code::Internal, "A proof was demanded, and something else was given."))
            }
        }
    }

    /// An exchange token: from the cache, or by a fetch of its own that others may wait for as well.
    async fn exchanged(self, wanted: WantedToken, used: &mut Vec<Used>) -> Result<Secret, Problem> {
        let key = wanted.key.clone();
        let granted = self.shared.need(self.fetch, wanted).await?;
        used.push(Used { key, tag: granted.tag });
        Ok(granted.token)
    }
}
