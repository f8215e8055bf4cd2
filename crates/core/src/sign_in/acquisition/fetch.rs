//! A fetch: the way to one token, from top to bottom.
//!
//! [`Fetch::token`] is the way of each kind of sign-in. [`Fetch::obtain`] makes one request of it and meets what Entra may
//! ask for meanwhile; [`Fetch::ask`] repeats that request until its answer is final.

use super::key::{Goal, Holder, WantedToken};
use super::leg::{Grant, Maker, Used};
use super::refusal::{Refusal, claims_of};
use super::requests::{Attempt, Id};
use super::settings::AcquisitionSettings;
use super::step::{DemandAnswer, DemandKind};
use super::table::Shared;
use crate::hash::mix;
use crate::operation::retry::{self, AttemptState, Verdict};
use crate::operation::{Answer, Waiting};
use crate::problem::{Code, Problem};
use crate::sign_in::{Leg, Prompt, Reply, Token};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroize as _;

/// How much longer to wait between two looks once the server says that they come too often (docs/sign-in.md#device-code).
const SLOWER: Duration = Duration::from_secs(5);

/// The time between two looks is never shorter, whatever the server says.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// One fetch.
pub(super) struct Fetch {
    pub(super) shared: Arc<Shared>,
    pub(super) id: Id,
    pub(super) wanted: Arc<WantedToken>,
    /// The claims of the challenge that the token is to meet.
    pub(super) claims: Option<String>,
}

/// The last answer to a request.
struct Answered {
    reply: Reply,
    /// The exchange tokens that were sent.
    used: Vec<Used>,
    /// The answer to a try before was lost, so that it may have used up what can be used once.
    lost: bool,
}

impl Fetch {
    /// Gets the token.
    pub(super) async fn token(self) -> Result<Token, Problem> {
        let turn = self.shared.queue_up(self.goal_of_turn());
        (&turn).await;
        self.failed_meanwhile()?;
        match self.wanted.key.holder() {
            Holder::Application(_)
            | Holder::Exchange(_)
            | Holder::AgentIdentity(_)
            | Holder::UserExchange(_)
            | Holder::AgentUser(..) => Ok(self.obtain(&Grant::Own, self.claims.clone()).await?),
            Holder::OnBehalfOf(..) => self.on_behalf_of().await,
            Holder::Person(_) => self.person().await,
        }
    }

    /// Fetches for the same wait for each other, and so do all that may use the refresh token of one holder. Two are under way
    /// at the same time where all was forgotten in between.
    fn goal_of_turn(&self) -> Goal {
        if self.is_unattended() {
            (self.wanted.key.clone(), self.claims.clone())
        } else {
            (self.wanted.key.of_holder(), None)
        }
    }

    /// The failure of the fetch before, which would be met again.
    fn failed_meanwhile(&self) -> Result<(), Problem> {
        let table = self.shared.lock();
        let failed = table.failures.of(&self.wanted.key, self.claims.as_ref(), table.now.mono);
        failed.map_or(Ok(()), Err)
    }

    /// By the refresh token, where there is one that is taken; else by the person's token.
    async fn on_behalf_of(&self) -> Result<Token, Problem> {
        let token = match self.refreshed(self.claims.clone()).await {
            Some(Ok(token)) => token,
            Some(Err(refusal)) if !refusal.asks_for_the_person() => return Err(refusal.problem),
            Some(Err(_)) | None => self.obtain(&Grant::Own, self.claims.clone()).await?,
        };
        Ok(self.keep_refresh_token(token))
    }

    /// By the refresh token, where there is one that is taken; else the person is asked.
    async fn person(&self) -> Result<Token, Problem> {
        let token = match self.refreshed(self.claims.clone()).await {
            Some(Ok(token)) => token,
            Some(Err(refusal)) if !refusal.asks_for_the_person() => return Err(refusal.problem),
            Some(Err(refusal)) => {
                let claims = claims_of(&refusal.problem).or_else(|| self.claims.clone());
                self.prompted(claims).await.map_err(|problem| refusal.led_to(problem))?
            }
            None => self.prompted(self.claims.clone()).await?,
        };
        Ok(self.keep_refresh_token(token))
    }

    /// The person is asked, and once more where Entra challenges the client to bring other claims.
    async fn prompted(&self, claims: Option<String>) -> Result<Token, Problem> {
        match self.prompted_once(claims.clone()).await {
            Err(problem) => match claims_of(&problem).filter(|new| claims.as_ref() != Some(new)) {
                Some(new) => self.prompted_once(Some(new)).await,
                None => Err(problem),
            },
            token => token,
        }
    }

    async fn prompted_once(&self, claims: Option<String>) -> Result<Token, Problem> {
        match self.wanted.prompt {
            Prompt::Browser => self.by_browser(claims).await,
            Prompt::DeviceCode => self.by_device_code(claims).await,
        }
    }

    /// By the refresh token; none where there is none, or a fetch that was given up has just shown it in vain. One that is
    /// done with is forgotten. One that was refused for another reason, such as consent that these scopes lack, serves other
    /// scopes as before.
    async fn refreshed(&self, claims: Option<String>) -> Option<Result<Token, Refusal>> {
        let key = &self.wanted.key;
        let holder = key.of_holder();
        let token = {
            let table = self.shared.lock();
            if table.failures.is_refresh_refused(key, claims.as_ref(), table.now.mono) {
                return None;
            }
            table.cache.refresh_token(&holder).cloned()?
        };
        let refreshed = self.obtain(&Grant::Refresh(token), claims.clone()).await;
        // Another answer was lost: Entra may have taken the refresh token then. It takes one more than once
        // (docs/sign-in.md#people), so that this is a refusal like any other.
        if let Err(refusal) = &refreshed {
            let mut table = self.shared.lock();
            let now = table.now.mono;
            table.failures.refuse_refresh((key.clone(), claims), &refusal.problem, now);
            if refusal.is_over {
                table.cache.forget_refresh_token(&holder);
            }
        }
        Some(refreshed)
    }

    fn keep_refresh_token(&self, mut token: Token) -> Token {
        if let Some(refresh_token) = token.refresh_token.take() {
            let mut table = self.shared.lock();
            if table.may_keep(self.id) {
                table.keep_refresh_token(self.wanted.key.of_holder(), refresh_token);
            }
        }
        token
    }

    /// In the browser: the host opens it, and brings back a code.
    async fn by_browser(&self, claims: Option<String>) -> Result<Token, Problem> {
        let Holder::Person(client_id) = self.wanted.key.holder() else { return Err(wrong_holder()) };
        let demand = self.shared.demand(
            self.id,
            DemandKind::Authorize {
                client_id: *client_id,
                login: self.wanted.key.login().clone(),
                tenant: self.wanted.key.tenant().clone(),
                scopes: self.wanted.scopes.clone().ok_or_else(wrong_holder)?,
                claims,
            },
        );
        let DemandAnswer::Code { code, verifier, redirect_uri } = demand.await? else {
            return Err(wrong_answer());
        };
        // The code has met the challenge: its claims went along with the browser.
        let token = self.obtain(&Grant::Code { code, verifier, redirect_uri }, None).await;
        token.map_err(|refusal| refusal.of_once_only("the code that the browser brought back"))
    }

    /// By a code that the person types in any browser. The claims go along with both requests (docs/sign-in.md#device-code).
    async fn by_device_code(&self, claims: Option<String>) -> Result<Token, Problem> {
        let answered = self.ask(&Grant::DeviceCode, claims.as_deref()).await?;
        let code = match answered.reply {
            Reply::DeviceCode(code) => *code,
            Reply::Stale(problem) | Reply::Again(problem) | Reply::Refused { problem, .. } => {
                return Err(problem);
            }
            Reply::Token(_) | Reply::Pending { .. } => return Err(wrong_answer()),
        };
        let ends_at = self.now().saturating_add(code.expires_in);
        let mut shown = self.shared.demand(
            self.id,
            DemandKind::ShowDeviceCode {
                user_code: code.user_code,
                verification_uri: code.verification_uri,
                message: code.message,
                expires_in: code.expires_in,
            },
        );
        let mut interval = code.interval.max(SHORTEST_INTERVAL);
        let mut lost = false;
        loop {
            // A look that is lost is made again no later than that either.
            interval = interval.min(ends_at.saturating_sub(self.now()));
            shown.unless_failed(self.shared.sleep_until(self.now().saturating_add(interval))).await?;
            if self.now() >= ends_at {
                return Err(Problem::new(
                    Code::SignInCodeExpired,
                    "Could not sign in. The code expired before a person signed in.",
                ));
            }
            let grant = Grant::DeviceToken { device_code: code.device_code.clone(), interval };
            let answered = self.ask(&grant, claims.as_deref()).await?;
            lost |= answered.lost;
            match answered.reply {
                Reply::Token(token) => return Ok(*token),
                Reply::Pending { slower } => interval += if slower { SLOWER } else { Duration::ZERO },
                Reply::Stale(problem) | Reply::Again(problem) | Reply::Refused { problem, .. } => {
                    let refusal = Refusal { problem, is_over: false, lost };
                    return Err(refusal.of_once_only("the person's code"));
                }
                Reply::DeviceCode(_) => return Err(wrong_answer()),
            }
        }
    }

    /// Makes one request, and once more where Entra finds an assertion out of its time or challenges an application to bring
    /// claims.
    async fn obtain(&self, grant: &Grant, mut claims: Option<String>) -> Result<Token, Refusal> {
        let (mut is_fresh, mut is_challenged, mut lost) = (false, false, false);
        loop {
            let answered = self.ask(grant, claims.as_deref()).await?;
            lost |= answered.lost;
            match answered.reply {
                Reply::Token(token) => return Ok(*token),
                Reply::Stale(_) if !is_fresh => {
                    is_fresh = true;
                    let mut table = self.shared.lock();
                    for Used { key, tag } in answered.used {
                        table.cache.refuse(&key, tag);
                    }
                }
                Reply::Refused { problem, is_over } => match claims_of(&problem) {
                    Some(new) if !is_challenged && self.is_unattended() && claims.as_ref() != Some(&new) => {
                        is_challenged = true;
                        claims = Some(new);
                    }
                    _ => return Err(Refusal { problem, is_over, lost }),
                },
                Reply::Stale(problem) | Reply::Again(problem) => {
                    return Err(Refusal { problem, is_over: false, lost });
                }
                Reply::DeviceCode(_) | Reply::Pending { .. } => return Err(wrong_answer().into()),
            }
        }
    }

    /// No person can meet a challenge.
    fn is_unattended(&self) -> bool {
        !matches!(self.wanted.key.holder(), Holder::Person(_) | Holder::OnBehalfOf(..))
    }

    /// Repeats a request until its answer is final. A token request changes nothing, so one whose answer was lost is sent
    /// again like any read; each try shows a proof, T1 and T2 of its own.
    async fn ask(&self, grant: &Grant, claims: Option<&str>) -> Result<Answered, Problem> {
        let settings = Arc::clone(&self.shared.lock().settings);
        let login = self.wanted.key.login();
        let key = mix(&[self.shared.lock().seed, self.wanted.key.number()]);
        let mut state = AttemptState::without_token();
        let (mut number, mut lost) = (0, false);
        let held = {
            let mut table = self.shared.lock();
            let now = table.now.mono;
            let held = table.failures.held_until(&self.wanted.key, self.claims.as_ref(), now);
            if let Some(until) = held {
                let wait = until.saturating_sub(now);
                table.waits(self.id, Waiting::Throttled, wait);
            }
            held
        };
        if let Some(until) = held {
            self.shared.sleep_until(until).await;
        }
        loop {
            let maker = Maker { shared: &self.shared, fetch: self.id, wanted: &self.wanted };
            let (leg, used) = maker.leg(grant).await?;
            number += 1;
            state.jitter = mix(&[key, u64::from(state.tries), u64::from(state.throttled)]);
            let request = leg.request(login, self.wanted.key.tenant(), claims);
            let timeout = self.timeout(&settings, state.tries);
            let attempt = Attempt { fetch: self.id, login, leg: &leg, request, timeout, number };
            let mut asked = self.shared.request(attempt);
            let mut answer = (&mut asked).await;
            let reply = self.read(&leg, &answer)?.named(asked.client_request_id());
            let again = self.again(&settings, &mut state, &answer, &reply, grant);
            lost |= matches!(answer, Answer::Lost { .. });
            if let Answer::Response { response, .. } = &mut answer {
                response.body.zeroize();
            }
            match again {
                Some(resume) => self.shared.sleep_until(resume).await,
                None => return Ok(Answered { reply, used, lost }),
            }
        }
    }

    /// How long a try may take.
    fn timeout(&self, settings: &AcquisitionSettings, tries: u32) -> Duration {
        let longer = 1_u32 << tries.saturating_sub(1).min(16);
        let timeout = settings.first_timeout.saturating_mul(longer).min(settings.request_timeout);
        let mut table = self.shared.lock();
        let now = table.now.mono;
        let left = table.requests.silence(self.wanted.key.login()).left(now, settings);
        timeout.min(left.max(settings.first_timeout))
    }

    /// When to send the request again after this answer, by the policy of all requests; none where the answer is final.
    fn again(
        &self,
        settings: &AcquisitionSettings,
        state: &mut AttemptState,
        answer: &Answer,
        reply: &Reply,
        grant: &Grant,
    ) -> Option<Duration> {
        let login = self.wanted.key.login();
        let mut table = self.shared.lock();
        if !matches!(reply, Reply::Again(_)) {
            table.contacted.insert(login.clone(), ());
            return None;
        }
        state.contacted = table.contacted.get(login).is_some();
        let Verdict::Again { after, why } = retry::verdict(&settings.retry, *state, answer, true) else {
            return None;
        };
        state.count(answer);
        let after = after.max(grant.least_wait());
        let resume = table.now.mono.saturating_add(after);
        if matches!(answer, Answer::Lost { .. }) && table.requests.silence(login).is_in_vain(resume, settings)
        {
            return None;
        }
        if why == Waiting::Throttled {
            let now = table.now.mono;
            table.failures.hold(&self.wanted.key, self.claims.as_ref(), resume, now);
        }
        table.waits(self.id, why, after);
        Some(resume)
    }

    /// The meaning of an answer to a leg, or of its loss.
    fn read(&self, leg: &Leg, answer: &Answer) -> Result<Reply, Problem> {
        match answer {
            Answer::Response { response, .. } => Ok(leg.read(response)),
            Answer::Lost { why, .. } => {
                let (code, what) = why.explain(self.wanted.key.login().origin());
                Ok(Reply::Again(Problem::new(code, format!("Could not sign in. {what}"))))
            }
            Answer::NoToken(problem) => Err(problem.clone()),
        }
    }

    fn now(&self) -> Duration {
        self.shared.lock().now.mono
    }
}

fn wrong_answer() -> Problem {
    Problem::new(Code::Internal, "A sign-in got an answer that belongs to another request.")
}

fn wrong_holder() -> Problem {
    Problem::new(Code::Internal, "A sign-in is not of the one who began it.")
}
