//! The invariants of sign-ins, checked from the requests and answers alone: the engine is never asked.

use super::plan::SignInScenario;
use super::request::{Asked, Wants};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::http::Response;
use agentuser_core::problem::{Code, Problem, retry_after, sign_in};
use agentuser_core::token::renew_after;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A sign-in that has failed is not tried again for this long (docs/sign-in.md#renewal).
const FAILED_FOR: Duration = Duration::from_secs(5);

/// A longer wait is not kept up (docs/sign-in.md#renewal).
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// Fetches that begin together end within this time of each other, unless they are tried again.
const ONE_FETCH: Duration = Duration::from_secs(150);

/// No fetch takes longer.
const LONGEST_FETCH: Duration = Duration::from_secs(20 * 60);

/// A failure is told for so long at most: a wait, and the last tries before it.
const TOLD_FOR: Duration = Duration::from_secs(80 * 60);

/// A token that reached the host.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) wants: Wants,
    /// The claims of the request that got it.
    pub(crate) claims: Option<String>,
    pub(crate) asked_at: Duration,
    pub(crate) got_at: Duration,
    pub(crate) life: Duration,
    pub(crate) early: Option<Duration>,
    pub(crate) refused: bool,
    pub(crate) tag: Option<u64>,
}

/// Problems of a person's sign-in that are the library's own, not Entra's.
const OF_PEOPLE: [Code; 2] = [Code::SignInCodeExpired, Code::SignInInterrupted];

/// The model.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) tokens: BTreeMap<String, Known>,
    /// For each request, from when it may be sent.
    not_before: BTreeMap<(Wants, &'static str, Option<String>), Duration>,
    /// Requests that are to be sent again.
    retrying: BTreeSet<(Wants, &'static str, Option<String>)>,
    /// Failed requests: the time, the token that was wanted, and the code.
    failures: Vec<(Duration, Wants, Code)>,
    /// Losses and waits that count for all.
    losses: Vec<(Duration, Code)>,
    /// Claims that Graph demanded, and those that Entra did.
    of_graph: BTreeSet<String>,
    challenges: BTreeSet<String>,
    pub(crate) forgotten_at: Option<Duration>,
    pub(crate) secrets: BTreeSet<String>,
    assertions: BTreeSet<String>,
}

impl Model {
    /// Whether a text is free of secrets.
    pub(crate) fn check_text(&self, text: &str) -> Result<(), Violation> {
        let shown = text.contains("eyJ")
            || text.contains("SECRET")
            || self.secrets.iter().any(|s| text.contains(s.as_str()));
        require(!shown, Invariant::NoSecretShown, || format!("a secret is in: {text}"))
    }

    /// A request leaves.
    pub(crate) fn sends(
        &mut self,
        scenario: &SignInScenario,
        asked: &Asked,
        in_flight: &[&Asked],
        now: Duration,
    ) -> Result<(), Violation> {
        let id = asked.id();
        // Two fetches for one token, with other claims each, may meet one challenge of Entra's at the same time.
        let challenged = asked.claims.as_ref().is_some_and(|claims| self.challenges.contains(claims));
        let twin = in_flight.iter().find(|other| other.id() == id && !challenged);
        require(twin.is_none(), Invariant::NoNeedlessRequest, || format!("{asked:?} is in flight already"))?;
        if let Some(assertion) = &asked.assertion {
            let fresh = self.assertions.insert(assertion.clone());
            require(fresh, Invariant::NoNeedlessRequest, || {
                format!("{asked:?} shows a proof for the second time")
            })?;
        }
        let since = self.not_before.get(&id).copied().unwrap_or_default();
        require(since <= now || challenged, Invariant::WaitsAsAsked, || {
            format!("{asked:?} leaves at {now:?}, and was to wait until {since:?}")
        })?;
        if let Some(claims) = &asked.claims {
            let known = challenged || self.of_graph.contains(claims);
            require(known, Invariant::ClaimsPassedOn, || {
                format!("nobody asked for the claims of {asked:?}")
            })?;
        }
        let again = self.retrying.remove(&id);
        if scenario.bounds.0 >= 10_000 && asked.claims.is_none() && !again && asked.is_token() {
            let of_this = || self.tokens.values().filter(|known| known.wants == asked.wants);
            // If two tokens came at about the same time, the one that was begun last is kept, which is not
            // known here.
            let last = of_this().max_by_key(|known| known.got_at);
            let is_close = |known: &&Known| last.is_some_and(|last| known.got_at + ONE_FETCH > last.got_at);
            let good = last.filter(|last| of_this().filter(is_close).count() == 1 && self.is_kept(last, now));
            require(good.is_none(), Invariant::NoNeedlessRequest, || {
                format!("{asked:?} leaves, and there is {good:?}")
            })?;
        }
        Ok(())
    }

    /// Whether a token is in the cache, and need not be renewed. While one that meets a challenge comes, another may be on its
    /// way without the claims.
    fn is_kept(&self, known: &Known, now: Duration) -> bool {
        if known.claims.is_some() && now < known.got_at + ONE_FETCH {
            return false;
        }
        // A token whose request began before tokens were forgotten is not kept.
        let forgotten = self.forgotten_at.is_some_and(|at| known.asked_at <= at + LONGEST_FETCH);
        let early = known.early.is_none_or(|early| now < known.got_at + early);
        !known.refused && !forgotten && early && now < known.got_at + renew_after(known.life)
    }

    /// An answer reaches the host.
    pub(crate) fn answered(&mut self, asked: &Asked, response: &Response, now: Duration) {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        for name in ["refresh_token", "device_code"] {
            self.secrets.extend(text(name));
        }
        if response.status == 200 && body.get("device_code").is_some() {
            return;
        }
        if let Some(token) = text("access_token").filter(|_| response.status == 200) {
            let seconds = |name: &str| match body.get(name) {
                Some(Value::String(text)) => text.parse().ok(),
                other => other.and_then(Value::as_u64),
            };
            let early = seconds("refresh_in").map(Duration::from_secs);
            let life = Duration::from_secs(seconds("expires_in").unwrap_or(u64::MAX));
            let half = (life > Duration::from_secs(7200)).then_some(life / 2);
            let known = Known {
                wants: asked.wants.clone(),
                claims: asked.met.clone(),
                asked_at: asked.left_at,
                got_at: now,
                life,
                early: early.or(half),
                refused: false,
                tag: None,
            };
            self.tokens.insert(token, known);
            if text("refresh_token").is_some() {
                // A request with another refresh token is another request.
                let is_refresh = |leg: &str| matches!(leg, "refresh" | "onBehalfOfAgain");
                self.not_before
                    .retain(|(wants, leg, _), _| !is_refresh(leg) || !asked.wants.chain_has(wants));
            }
            return;
        }
        match text("error").as_deref() {
            Some("authorization_pending") => {
                self.not_before.insert(asked.id(), now + Duration::from_secs(5) - Duration::from_millis(1));
                return;
            }
            Some("slow_down") => {
                self.not_before.insert(asked.id(), now + Duration::from_secs(10) - Duration::from_millis(1));
                return;
            }
            _ => {}
        }
        let problem = sign_in(response);
        self.failures.push((now, asked.wants.clone(), problem.code()));
        let wait = retry_after(&response.headers).map(|wait| wait.min(LONGEST_WAIT));
        if let Some(claims) = text("claims") {
            self.challenges.insert(claims);
        } else if problem.code() == Code::SignInAssertionOutOfTime {
            self.stale(asked);
        } else if problem.is_transient() {
            self.retrying.insert(asked.id());
            self.not_before.insert(asked.id(), now + wait.unwrap_or_default());
        } else {
            self.not_before.insert(asked.id(), now + wait.unwrap_or_default().max(FAILED_FOR));
        }
    }

    /// The exchange tokens of that request are too old.
    fn stale(&mut self, asked: &Asked) {
        for token in &asked.exchanged {
            if let Some(known) = self.tokens.get_mut(token) {
                known.refused = true;
            }
        }
        self.retrying.insert(asked.id());
    }

    /// A request has no answer.
    pub(crate) fn lost(&mut self, asked: &Asked, code: Code, now: Duration) {
        self.failures.push((now, asked.wants.clone(), code));
        self.losses.push((now, code));
        self.retrying.insert(asked.id());
    }

    /// A proof, or a person, could not be had.
    pub(crate) fn none_to_be_had(&mut self, code: Code, now: Duration) {
        self.losses.push((now, code));
    }

    pub(crate) fn asks_for(&mut self, claims: Option<&String>) {
        self.of_graph.extend(claims.cloned());
    }

    /// All tokens are forgotten.
    pub(crate) fn forget(&mut self, now: Duration) {
        self.forgotten_at = Some(now);
        self.not_before.clear();
    }

    /// The token that an ask got is the right one.
    pub(crate) fn check_token(
        &mut self,
        token: &str,
        wants: &Wants,
        (claims, refused, asked_at): (Option<&String>, Option<u64>, Duration),
        (tag, expires_in): (u64, Option<Duration>),
        now: Duration,
    ) -> Result<(), Violation> {
        let lately = |at: Duration| now <= at + TOLD_FOR;
        let of_chain = self.failures.iter().any(|(at, of, _)| lately(*at) && of.chain_has(wants));
        // While nothing is answered, requests end unsent.
        let failed_lately = of_chain || self.losses.iter().any(|(at, _)| lately(*at));
        let challenges = &self.challenges;
        let Some(known) = self.tokens.get_mut(token) else {
            return Err(Violation {
                invariant: Invariant::RightToken,
                what: "a token that nobody gave".to_owned(),
            });
        };
        require(known.wants == *wants, Invariant::RightToken, || {
            format!("{wants:?} got the token of {:?}", known.wants)
        })?;
        require(!known.refused, Invariant::RightToken, || format!("{wants:?} got a token that was refused"))?;
        let same_tag = *known.tag.get_or_insert(tag) == tag;
        require(same_tag && refused != Some(tag), Invariant::RightToken, || {
            format!("the tag of {wants:?} is {tag}")
        })?;
        let left = (known.got_at + known.life).saturating_sub(now);
        require(expires_in == Some(left), Invariant::RightToken, || {
            format!("{wants:?} is said to live {expires_in:?}, and lives {left:?}")
        })?;
        let age = now - known.got_at;
        let fresh = age.is_zero() || age < renew_after(known.life) || (failed_lately && age < known.life);
        require(fresh, Invariant::RightToken, || {
            format!("{wants:?} got a token of age {age:?}, of {:?}", known.life)
        })?;
        if let Some(claims) = claims {
            let met = known.claims.as_ref().is_some_and(|of| of == claims || challenges.contains(of));
            let in_time = known.got_at >= asked_at || refused.is_some();
            require(met && in_time, Invariant::ClaimsPassedOn, || {
                format!("{wants:?} got a token with {:?} for {claims}", known.claims)
            })?;
        }
        Ok(())
    }

    /// The problem that an ask got is one that was met.
    pub(crate) fn check_problem(
        &self,
        problem: &Problem,
        wants: &Wants,
        asked_at: Duration,
        now: Duration,
    ) -> Result<(), Violation> {
        let code = problem.code();
        let internal = code == Code::Internal;
        require(!internal, Invariant::NoInternalProblem, || problem.message().to_owned())?;
        let lately = |at: Duration| at <= now && at + TOLD_FOR >= asked_at;
        let of_chain =
            self.failures.iter().any(|(at, of, met)| lately(*at) && *met == code && of.chain_has(wants));
        let of_all = self.losses.iter().any(|(at, met)| lately(*at) && *met == code);
        let of_person = wants.is_person() && OF_PEOPLE.contains(&code);
        require(of_chain || of_all || of_person, Invariant::RightProblem, || {
            format!("{wants:?} ended with {code:?}, which nothing was: {}", problem.message())
        })
    }

    /// Graph has refused the token with this number.
    pub(crate) fn refuse(&mut self, tag: u64) {
        for known in self.tokens.values_mut().filter(|known| known.tag == Some(tag)) {
            known.refused = true;
        }
    }
}
