//! Tokens of users: of agent users, and of people on whose behalf agents act.

use super::call::Call;
use super::client::{Client, Proof};
use super::refused::Refused;
use super::sessions::{Kind, Subject};
use super::state::What;
use crate::directory::User;
use agentuser_core::ObjectId;
use agentuser_core::http::Response;

impl Call<'_> {
    /// `grant_type=user_fic`: an agent identity gets the token of its agent user
    /// (<https://learn.microsoft.com/entra/agent-id/agent-user-oauth-flow>).
    pub(super) fn user_fic(&mut self) -> Result<Response, Refused> {
        let client = self.client()?;
        let proof = self.prove(client)?;
        let (Client::Identity { object, .. }, Proof::Exchange) = (client, proof) else {
            // Neither number nor words are known.
            let text = "The grant 'user_fic' is for agent identities, with a token of their blueprint.";
            return Err(Refused::own("unauthorized_client", text));
        };
        self.check_identity_token(object)?;
        let user = self.agent_user()?;
        if user.parent != Some(object) {
            // Neither number nor words are known.
            let text = "The user is not the agent user of this agent identity.";
            return Err(Refused::own("invalid_grant", text));
        }
        if !user.account_enabled {
            return Err(Refused::grant(50_057, "The user account is disabled."));
        }
        let scopes = self.directory.scopes(self.required("scope")?)?;
        let subject = Subject { client, user: user.id, kind: Kind::Agent };
        self.user_answer(subject, &scopes, None)
    }

    /// The token of the agent identity itself: T2.
    fn check_identity_token(&self, identity: ObjectId) -> Result<(), Refused> {
        let token = self.required("user_federated_identity_credential")?;
        let issued = self.entra_assertion(token)?;
        if issued.what == What::Identity(identity) {
            return Ok(());
        }
        let text = "No matching federated identity record found for presented assertion subject.";
        Err(Refused::client(700_213, text))
    }

    /// The user by exactly one of its id and its name.
    fn agent_user(&self) -> Result<User, Refused> {
        let found = match (self.field("user_id"), self.field("username")) {
            (Some(_), Some(_)) => {
                let text = "The form must have one of 'user_id' and 'username'.";
                return Err(Refused::own("invalid_request", text));
            }
            (None, None) => return Err(Refused::required("username")),
            // Observed: https://github.com/microsoft/Agents-for-js/issues/932
            (Some(id), None) => {
                let id = id.parse().map_err(|_| {
                    let text = "There was an error issuing a token or an issue with our sign-in service.";
                    Refused::new("server_error", 50_000, text)
                })?;
                self.directory.find_user(id)
            }
            (None, Some(name)) => self.directory.user_by_name(name),
        };
        found
            .filter(|user| user.life.is_live())
            .cloned()
            .ok_or_else(|| Refused::grant(50_034, "The user account does not exist in the directory."))
    }

    /// `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`: an agent identity acts on behalf of a person
    /// (<https://learn.microsoft.com/entra/agent-id/agent-on-behalf-of-oauth-flow>).
    pub(super) fn on_behalf_of(&mut self) -> Result<Response, Refused> {
        let client = self.client()?;
        let proof = self.prove(client)?;
        let (blueprint, proof) = match (client, proof) {
            (Client::Identity { blueprint, .. }, proof) => (blueprint, proof),
            (Client::Blueprint(app), _) => {
                let text = format!("The agentic application '{app}' may not act on behalf of users.");
                return Err(Refused::new("invalid_request", 82_002, text));
            }
            (Client::Application(_), _) => {
                return Err(Refused::not_simulated("applications that act on behalf of users"));
            }
        };
        if proof != Proof::Exchange {
            return Err(Refused::client(7_000_216, "The form must have 'client_assertion'."));
        }
        if self.required("requested_token_use")? != "on_behalf_of" {
            let text = "The value of 'requested_token_use' is 'on_behalf_of'.";
            return Err(Refused::own("invalid_request", text));
        }
        let user = self.person_behind(self.required("assertion")?, blueprint)?;
        let scopes = self.directory.scopes(self.required("scope")?)?;
        let subject = Subject { client, user, kind: Kind::Agent };
        self.user_answer(subject, &scopes, None)
    }

    /// The person of a token that is for the blueprint.
    fn person_behind(&self, assertion: &str, blueprint: ObjectId) -> Result<ObjectId, Refused> {
        let invalid = |text: &str| Refused::grant(50_013, format!("Assertion failed validation. {text}"));
        let issued = self.directory.entra.known(assertion);
        let issued = issued.ok_or_else(|| invalid("The token is not one for the blueprint."))?;
        let What::User { user, audience, revocations } = issued.what else {
            return Err(invalid("The token is not a user's."));
        };
        if audience != blueprint {
            return Err(invalid("The audience of the token is not the blueprint."));
        }
        if issued.ends <= self.now.mono {
            return Err(Refused::grant(500_133, "Assertion is not within its valid time range."));
        }
        let person = self.directory.find_user(user).filter(|one| one.life.is_live());
        let person = person
            .ok_or_else(|| Refused::grant(50_034, "The user account does not exist in the directory."))?;
        if !person.account_enabled {
            return Err(Refused::grant(50_057, "The user account is disabled."));
        }
        if person.revocations != revocations {
            let text = "The provided grant has expired due to it being revoked.";
            return Err(Refused::grant(50_173, text).suberror("bad_token"));
        }
        Ok(user)
    }
}
