//! Others, who change the tenant and the clients' tokens while the clients are at work.

use crate::admin::{self, Act, Intervention, Loss};
use crate::request::body_text;
use crate::watch::Watch;
use agentuser_core::ObjectId;
use agentuser_simulator::{Cascade, Directory, Token, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::collections::VecDeque;
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct Others {
    interventions: VecDeque<Intervention>,
    loss: Option<Loss>,
    /// Every token that is in use.
    tokens: Vec<String>,
    /// The claims that tokens must be issued with.
    demanded: Option<String>,
}

impl Others {
    pub(crate) fn new(interventions: &[Intervention]) -> Self {
        let interventions = interventions.iter().cloned().collect();
        Self { interventions, loss: None, tokens: Vec::new(), demanded: None }
    }

    /// Ends what others do: permissions are back, interventions that have not happened do not.
    pub(crate) fn stop(&mut self) {
        self.interventions.clear();
        self.loss = None;
    }

    /// Replaces the tokens in use by those of clients that have just signed in.
    pub(crate) fn set_tokens(&mut self, tokens: Vec<String>, directory: &mut Directory) {
        self.tokens = tokens;
        self.demanded = None;
        self.allow(directory);
    }

    /// Adds a token that was issued with these claims.
    pub(crate) fn add_token(&mut self, token: String, claims: Option<&str>, directory: &mut Directory) {
        match &self.demanded {
            Some(demanded) if claims != Some(demanded) => challenge(directory, &token, demanded),
            _ => {
                self.tokens.push(token);
                self.allow(directory);
            }
        }
    }

    /// Takes every token out of use.
    fn take_tokens(&mut self) -> Vec<String> {
        self.demanded = None;
        std::mem::take(&mut self.tokens)
    }

    /// Lets every token in use have what the clients may do now.
    fn allow(&self, directory: &mut Directory) {
        for token in &self.tokens {
            directory.add_token(token, permissions(self.loss));
        }
    }

    /// The next intervention, when as many requests were sent as it waits for.
    pub(crate) fn next(&mut self, sent: u32) -> Option<Intervention> {
        if self.interventions.front()?.when <= sent { self.interventions.pop_front() } else { None }
    }
}

impl Watch<'_> {
    pub(crate) fn intervene(&mut self, world: &mut World, one: &Intervention) {
        match one.act {
            Act::Permissions(loss) => self.others.loss = Some(loss),
            Act::PermissionsReturn => self.others.loss = None,
            Act::TokensExpire => {
                for token in self.others.take_tokens() {
                    world.network_mut().directory_mut().remove_token(&token);
                }
            }
            Act::ClaimsDemanded => {
                // As Entra words it where a session was revoked: the token must be newer.
                let since = world.now().unix_ms.div_euclid(1000);
                let claims =
                    json!({"access_token": {"nbf": {"essential": true, "value": since.to_string()}}});
                let claims = claims.to_string();
                for token in self.others.take_tokens() {
                    challenge(world.network_mut().directory_mut(), &token, &claims);
                }
                self.others.demanded = Some(claims);
            }
            act => return self.change(world, act),
        }
        self.trace.say(world.now(), || format!("others: {:?}", one.act));
        self.others.allow(world.network_mut().directory_mut());
    }

    fn change(&mut self, world: &mut World, act: Act) {
        let now = world.now();
        let row = act.row().and_then(|place| self.scenario.rows.get(place));
        let (parent, upn) =
            row.map_or((ObjectId::from_u128(0), String::new()), |row| (row.parent_id(), row.upn()));
        let directory = world.network_mut().directory_mut();
        let Some(request) = act.request(directory, parent, &upn) else {
            self.trace.say(now, || format!("others: {act:?}, and there is nobody"));
            return;
        };
        let noted = directory.journal().len();
        let status = admin::act(directory, now, &request);
        self.trace.say(now, || {
            format!("others: {act:?}: {} {} {} -> {status}", request.method, request.url, body_text(&request))
        });
        let entries = directory.journal().get(noted..).unwrap_or_default();
        let mut changed: Vec<ObjectId> = entries.iter().filter_map(|entry| entry.object).collect();
        if matches!(act, Act::DeleteParent(_)) && self.scenario.switches.cascade != Cascade::Stays {
            // The parent's children are deleted some time later, without a request.
            changed.extend(directory.children_of(parent).map(|child| child.id));
            self.changes.by_others(changed, Duration::MAX);
        } else {
            self.changes.by_others(changed, now.mono);
        }
    }
}

/// Refuses a token until it is replaced by one with these claims.
fn challenge(directory: &mut Directory, token: &str, claims: &str) {
    directory.add_token(token, Token::everything().challenged(&STANDARD.encode(claims)));
}

/// The permissions of the clients' tokens.
fn permissions(loss: Option<Loss>) -> Token {
    const READS: [&str; 3] = ["AgentIdentity.Read.All", "Application.Read.All", "User.Read.All"];
    const SKUS: &str = "LicenseAssignment.Read.All";
    const WRITES: &str = "AgentIdUser.ReadWrite.All";
    match loss {
        None => Token::everything(),
        Some(Loss::Writes) => Token::application(READS.into_iter().chain([SKUS])),
        Some(Loss::Licenses) => Token::application(READS.into_iter().chain([WRITES])),
        Some(Loss::Reads) => Token::application([WRITES]),
        Some(Loss::Everything) => Token::application([]),
    }
}
