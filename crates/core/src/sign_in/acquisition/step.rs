//! The values that pass between an [`super::Acquisition`] and its host.

use crate::http::Request;
use crate::operation::{Event, RequestId, RequestRecord, TokenTag};
use crate::problem::Problem;
use crate::sign_in::{Account, ClientId, Login, Proof, Scopes, Secret, SignIn, Tenant};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Names an ask within its [`super::Acquisition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AskId(pub(super) u64);

/// Names a demand within its [`super::Acquisition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DemandId(pub(super) u64);

impl DemandId {
    /// The id as a number, for hosts that keep it outside Rust.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The id of that number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// The token that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The sign-in: subject, tenant and endpoint.
    pub sign_in: SignIn,
    /// Its scopes.
    pub scopes: Scopes,
}

/// Why the token that is there would not do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewal {
    /// The claims of the challenge that it met. They reach the sign-in: a token of the cache never answers them, unless it
    /// was got for these very claims after the one that was refused.
    pub claims: Option<String>,
    /// The tag of the token that was refused. It is not given out again. Where there is a newer one, that will do.
    pub refused: Option<TokenTag>,
    /// Whatever token is in memory was refused, to somebody who does not know its tag. It is not given out again.
    pub anew: bool,
}

/// A token that is given out.
#[derive(Clone)]
#[non_exhaustive]
pub struct Granted {
    /// The access token.
    pub token: Secret,
    /// Its number, for [`Renewal::refused`].
    pub tag: TokenTag,
    /// How long it still lives, where the sign-in said so.
    pub expires_in: Option<Duration>,
    /// When to ask again, where the token has an end: a newer one is better then, and this one is given out meanwhile.
    pub renew_in: Option<Duration>,
    /// The granted scopes, with blanks between, where the sign-in named them.
    pub scope: Option<Arc<str>>,
    /// Its account, for display alone.
    pub account: Option<Arc<Account>>,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted")
            .field("tag", &self.tag)
            .field("expires_in", &self.expires_in)
            .field("renew_in", &self.renew_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The host's next task.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// Send these, each on its own and without following redirects, and hand back each answer with
    /// [`super::Acquisition::answer`].
    Send(Vec<Outgoing>),
    /// Stop waiting for these: they timed out, or nobody needs their answers any more.
    Abort(Vec<RequestId>),
    /// A demand that only the host can meet, by an answer to [`super::Acquisition::meet`], or by showing it.
    Demand(Demand),
    /// These demands are over: nobody waits for them any more.
    Withdrawn(Vec<DemandId>),
    /// An ask has ended.
    Ended(AskId, Result<Granted, Problem>),
    /// Progress of these asks. Bounded: the newest win, older ones may be lost.
    Event(Vec<AskId>, Event),
    /// A request has ended, which was sent for these asks.
    Record(Vec<AskId>, Box<RequestRecord>),
    /// Nothing to do until this moment (on [`crate::Now::mono`]) or until an ask, an answer or what was demanded comes;
    /// without a moment, until then.
    Wait(Option<Duration>),
}

/// A request to send. It names no token: what proves the client is in its body, which is overwritten when dropped.
#[derive(Clone)]
#[non_exhaustive]
pub struct Outgoing {
    /// Its id, for the answer.
    pub id: RequestId,
    /// The request.
    pub request: Request,
    /// Which one of a sign-in it is, such as `exchange`.
    pub leg: &'static str,
    /// The `User-Agent` to send.
    pub user_agent: Arc<str>,
    /// The secrets to take out of an answer that is an error, where the server repeats what it was sent. A
    /// success is not to be searched: the new token may begin like the old one.
    pub secrets: Vec<Secret>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("id", &self.id).field("leg", &self.leg).finish_non_exhaustive()
    }
}

/// A proof or a prompt, which only the host can give or show.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Demand {
    /// Its id, for the answer.
    pub id: DemandId,
    /// The asks that wait for it.
    pub asks: Vec<AskId>,
    /// Its kind.
    pub kind: DemandKind,
}

/// The kind of a demand.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum DemandKind {
    /// A proof of a confidential client, afresh: each try of each leg asks for its own.
    Proof {
        /// The client.
        client_id: ClientId,
        /// Where the proof goes.
        login: Login,
        /// The tenant.
        tenant: Tenant,
        /// Which request it is for, such as `exchange`.
        leg: &'static str,
        /// A GUID for the `jti` of an assertion.
        jti: String,
    },
    /// A person's sign-in in the browser: the host opens it, and brings back the code.
    Authorize {
        /// The app registration.
        client_id: ClientId,
        /// Where the browser goes.
        login: Login,
        /// The tenant.
        tenant: Tenant,
        /// The scopes to ask for.
        scopes: Scopes,
        /// The claims challenge to pass on.
        claims: Option<String>,
    },
    /// The code that a person types at a page. It needs no answer.
    ShowDeviceCode {
        /// The code.
        user_code: String,
        /// The page.
        verification_uri: String,
        /// Instructions for the person, in Entra's words.
        message: Option<String>,
        /// How long the code is good for.
        expires_in: Duration,
    },
}

/// The answer to a demand.
#[derive(Debug)]
#[non_exhaustive]
pub enum DemandAnswer {
    /// The answer to [`DemandKind::Proof`].
    Proof(Proof),
    /// The answer to [`DemandKind::Authorize`], as the browser brought it back.
    Code {
        /// The code.
        code: Secret,
        /// The verifier of the challenge that the browser was sent with.
        verifier: Secret,
        /// The address to which the browser came back, as it was sent.
        redirect_uri: String,
    },
}
