//! Whether and when a request is repeated after an answer: pure functions.

use super::step::{Answer, Loss, Sent, Waiting};
use crate::http::Response;
use crate::problem::{claims_challenge, is_error, retry_after};
use std::time::Duration;

/// How failed requests are tried again.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Tries of one request, the first included. Being throttled is not a try.
    pub tries: u32,
    /// Tries before Graph has ever answered, where there is no connection or a proxy answers: a mistyped host
    /// should cost seconds.
    pub first_contact_tries: u32,
    /// The wait before the second try; it doubles from there.
    pub first_wait: Duration,
    /// The longest wait that is not the server's wish.
    pub longest_wait: Duration,
    /// The longest wait that a server may ask for. A request that is asked for more ends at once, and none is held back
    /// longer.
    pub longest_retry_after: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            tries: 6,
            first_contact_tries: 3,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            longest_retry_after: Duration::from_secs(60 * 60),
        }
    }
}

/// The longest wait after many 429s in a row, where the server asks for less: two of Graph's longest windows. Refused
/// requests count, too (docs/graph.md#throttling), so requests that are repeated within a window can keep it full.
const LONGEST_THROTTLED: Duration = Duration::from_secs(300);

/// The next move after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the answer.
    Final,
    /// The server, or the network, is to be asked again after this long.
    Again {
        /// How long to wait.
        after: Duration,
        /// The reason of the wait.
        why: Waiting,
    },
    /// The token was refused: once more with another one.
    Renew {
        /// The claims challenge, where the server sent one that could be read.
        claims: Option<String>,
    },
}

/// A server asked to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    /// As long as the policy allows it at most.
    pub(super) time: Duration,
    /// As long as it was asked for.
    pub(super) asked: Duration,
    /// The status of the answer.
    pub(super) status: u16,
    /// The server may have done the write all the same, so that the reads that look for it wait, too.
    pub(super) of_all: bool,
}

/// How far a request has come with its attempts.
#[derive(Debug, Clone, Copy)]
pub struct AttemptState {
    /// Whether it changes something. A write whose outcome is unknown is never repeated here: its flow looks first.
    pub write: bool,
    /// Attempts that count as tries, the last one included.
    pub tries: u32,
    /// 429s so far.
    pub throttled: u32,
    /// Whether a token that was refused without a challenge was renewed already.
    pub renewed: bool,
    /// Whether a claims challenge was met already. The token after one that has expired may be challenged, and the other
    /// way round.
    pub challenged: bool,
    /// Whether Graph has answered any request of this session.
    pub contacted: bool,
    /// Spreads the waits of many requests; any number.
    pub jitter: u64,
}

impl AttemptState {
    pub(super) const fn new(write: bool) -> Self {
        Self { write, tries: 1, throttled: 0, renewed: false, challenged: false, contacted: false, jitter: 0 }
    }

    /// The state of a request that carries no token, and changes nothing: one of a sign-in. A refusal never
    /// asks it for another token.
    #[cfg(feature = "confidential")]
    pub(crate) const fn without_token() -> Self {
        Self { renewed: true, challenged: true, ..Self::new(false) }
    }

    /// Which attempt it is, from 1: tries, refusals for want of room, and other tokens.
    pub(super) const fn number(&self) -> u32 {
        let tokens = self.renewed as u32 + self.challenged as u32;
        self.tries.saturating_add(self.throttled).saturating_add(tokens)
    }

    pub(super) const fn is_repeated(&self) -> bool {
        self.tries > 1 || self.throttled > 0
    }

    /// Counts another token, got for these claims.
    pub(super) const fn renew(&mut self, claims: Option<&String>) {
        if claims.is_some() {
            self.challenged = true;
        } else {
            self.renewed = true;
        }
    }

    /// Counts an answer after which the request is repeated. A 429 waits as long as it must, within the deadline;
    /// everything else is a try.
    pub(crate) const fn count(&mut self, answer: &Answer) {
        match answer {
            Answer::Response { response, .. } if response.status == 429 => {
                self.throttled = self.throttled.saturating_add(1);
            }
            _ => self.tries = self.tries.saturating_add(1),
        }
    }
}

/// The next move after this answer. `unreadable` says that its body is not what
/// Graph documents for its status.
#[must_use]
pub fn verdict(policy: &Policy, state: AttemptState, answer: &Answer, unreadable: bool) -> Verdict {
    let stranger = !state.contacted && state.tries >= policy.first_contact_tries;
    let again = |after: Option<Duration>| match after {
        _ if state.tries >= policy.tries => Verdict::Final,
        Some(after) if after > policy.longest_retry_after => Verdict::Final,
        Some(after) => Verdict::Again { after, why: Waiting::Throttled },
        None => Verdict::Again { after: backoff(policy, state.tries, state.jitter), why: Waiting::Retry },
    };
    match answer {
        Answer::NoToken(_) => Verdict::Final,
        Answer::Lost { why: Loss::Unreachable(_) | Loss::Proxy(_), .. } if stranger => Verdict::Final,
        // The same certificate would come again.
        Answer::Lost { why: Loss::Certificate(_) | Loss::Tls(_), .. } => Verdict::Final,
        Answer::Lost { sent: Sent::No, .. } => again(None),
        Answer::Lost { why: Loss::TooLarge, .. } => Verdict::Final,
        Answer::Lost { sent: Sent::Maybe, .. } if state.write => Verdict::Final,
        Answer::Lost { sent: Sent::Maybe, .. } => again(None),
        Answer::Response { response, .. } => match response.status {
            429 if retry_after(&response.headers).is_some_and(|asked| asked > policy.longest_retry_after) => {
                Verdict::Final
            }
            // The server refused to look at it, so repeating is safe even for a write.
            429 => Verdict::Again { after: throttled(policy, state, response), why: Waiting::Throttled },
            401 if !state.challenged || !state.renewed => match claims_challenge(&response.headers) {
                Some(_) if state.challenged => Verdict::Final,
                None if state.renewed => Verdict::Final,
                claims => Verdict::Renew { claims },
            },
            403 if !state.challenged => match claims_challenge(&response.headers) {
                Some(claims) => Verdict::Renew { claims: Some(claims) },
                None => Verdict::Final,
            },
            408 | 500..=599 if state.write => Verdict::Final,
            // 501 and 505 will say the same again; 507 and 509 are about quota.
            501 | 505 | 507 | 509 => Verdict::Final,
            408 | 500..=599 => again(retry_after(&response.headers)),
            // A status that HTTP does not have is to be treated as a server error (RFC 9110, section 15).
            ..=299 | 400..=499 | 600.. if unreadable && !state.write => {
                if stranger {
                    Verdict::Final
                } else {
                    again(retry_after(&response.headers))
                }
            }
            _ => Verdict::Final,
        },
    }
}

/// How long the server asks all requests of a class to wait, where its answer says so: the budget holds them back. A server
/// error without Graph's body may come from a proxy, and holds nothing back but the request itself.
pub(super) fn class_wait(policy: &Policy, state: AttemptState, response: &Response) -> Option<Wait> {
    let (time, of_all) = match response.status {
        429 => (throttled(policy, state, response), false),
        408 | 500..=599 => (retry_after(&response.headers).filter(|_| is_error(response))?, state.write),
        _ => return None,
    };
    let status = response.status;
    Some(Wait { time: time.min(policy.longest_retry_after), asked: time, status, of_all })
}

/// How long a write waits before its flow looks for it, where a proxy's page asks for that. The budget holds it back where
/// Graph asks.
pub(super) fn own_wait(policy: &Policy, state: AttemptState, answer: &Answer) -> Option<Duration> {
    match answer {
        Answer::Response { response, .. }
            if state.write && matches!(response.status, 400..=500 | 502..=599) && !is_error(response) =>
        {
            retry_after(&response.headers).filter(|asked| *asked <= policy.longest_retry_after)
        }
        _ => None,
    }
}

/// The wait after a 429. Some servers ask for no wait at all, or for one that is too short, again and again: it gets
/// longer all the same.
fn throttled(policy: &Policy, state: AttemptState, response: &Response) -> Duration {
    let patient = Policy { longest_wait: policy.longest_wait.max(LONGEST_THROTTLED), ..*policy };
    let own = |more| backoff(&patient, state.throttled.saturating_add(more), state.jitter);
    retry_after(&response.headers).map_or_else(|| own(2), |asked| asked.max(own(0)))
}

/// Exponential backoff with jitter between half and the whole of the step.
#[must_use]
pub fn backoff(policy: &Policy, tries: u32, jitter: u64) -> Duration {
    let step = policy
        .first_wait
        .saturating_mul(1_u32.checked_shl(tries.saturating_sub(1).min(20)).unwrap_or(u32::MAX))
        .min(policy.longest_wait);
    let half = step / 2;
    let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX);
    half + Duration::from_millis(if spread == 0 { 0 } else { jitter % (spread + 1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Response;
    use crate::operation::step::TokenTag;

    fn state(write: bool) -> AttemptState {
        AttemptState {
            write,
            tries: 1,
            throttled: 0,
            renewed: false,
            challenged: false,
            contacted: true,
            jitter: 7,
        }
    }

    fn response(status: u16, headers: &[(&'static str, &str)]) -> Answer {
        let headers = headers.iter().map(|(n, v)| (*n, *v)).collect();
        Answer::Response { response: Response { status, headers, body: Vec::new() }, token: TokenTag(1) }
    }

    #[test]
    fn a_write_is_repeated_only_when_it_surely_did_not_happen() {
        let policy = Policy::default();
        let write = |answer: &Answer| verdict(&policy, state(true), answer, false);
        assert_eq!(write(&response(500, &[])), Verdict::Final);
        assert_eq!(write(&response(503, &[("Retry-After", "3")])), Verdict::Final);
        assert_eq!(write(&Answer::Lost { sent: Sent::Maybe, why: Loss::TimedOut }), Verdict::Final);
        let not_sent = Answer::Lost { sent: Sent::No, why: Loss::Unreachable("refused".into()) };
        assert!(matches!(write(&not_sent), Verdict::Again { why: Waiting::Retry, .. }));
        assert_eq!(
            write(&response(429, &[("Retry-After", "17")])),
            Verdict::Again { after: Duration::from_secs(17), why: Waiting::Throttled }
        );
    }

    #[test]
    fn a_read_is_repeated_until_its_tries_are_used_and_throttling_is_not_a_try() {
        let policy = Policy::default();
        for tries in 1..policy.tries {
            let state = AttemptState { tries, ..state(false) };
            assert!(matches!(verdict(&policy, state, &response(503, &[]), false), Verdict::Again { .. }));
        }
        let spent = AttemptState { tries: policy.tries, ..state(false) };
        assert_eq!(verdict(&policy, spent, &response(503, &[]), false), Verdict::Final);
        assert!(matches!(verdict(&policy, spent, &response(429, &[]), false), Verdict::Again { .. }));
    }

    #[test]
    fn a_write_that_a_page_leaves_unknown_waits_as_the_page_asks() {
        let policy = Policy::default();
        let wait =
            |write, status| own_wait(&policy, state(write), &response(status, &[("Retry-After", "30")]));
        for (status, waits) in
            [(403, true), (423, true), (500, true), (503, true), (501, false), (301, false)]
        {
            assert_eq!(wait(true, status), waits.then_some(Duration::from_secs(30)), "{status}");
            assert_eq!(wait(false, status), None, "{status}");
        }
    }

    #[test]
    fn an_answer_that_can_t_be_read_may_still_say_how_long_to_wait() {
        let policy = Policy::default();
        for status in [200, 404, 423] {
            let answer = response(status, &[("Retry-After", "204")]);
            let asked = Verdict::Again { after: Duration::from_secs(204), why: Waiting::Throttled };
            assert_eq!(verdict(&policy, state(false), &answer, true), asked);
        }
    }

    #[test]
    fn a_request_that_is_refused_again_and_again_leaves_a_whole_window_free() {
        let policy = Policy::default();
        let throttled = |throttled| {
            let state = AttemptState { throttled, ..state(true) };
            match verdict(&policy, state, &response(429, &[("Retry-After", "30")]), false) {
                Verdict::Again { after, .. } => after,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(throttled(0), Duration::from_secs(30));
        assert!(throttled(12) >= Duration::from_secs(150), "{:?}", throttled(12));
        assert!(throttled(u32::MAX) <= LONGEST_THROTTLED);
    }

    #[test]
    fn a_host_that_never_answered_is_given_up_soon() {
        let policy = Policy::default();
        let refused = Answer::Lost { sent: Sent::No, why: Loss::Unreachable("refused".into()) };
        let tried = AttemptState { tries: policy.first_contact_tries, ..state(false) };
        assert!(matches!(verdict(&policy, tried, &refused, false), Verdict::Again { .. }));
        let never = AttemptState { contacted: false, ..tried };
        assert_eq!(verdict(&policy, never, &refused, false), Verdict::Final);
    }

    #[test]
    fn a_token_is_renewed_once_with_the_claims_of_the_challenge() {
        let policy = Policy::default();
        let challenge =
            r#"Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
        let claims = Some(r#"{"access_token":{}}"#.to_owned());
        for status in [401, 403] {
            let answer = response(status, &[("WWW-Authenticate", challenge)]);
            assert_eq!(
                verdict(&policy, state(true), &answer, false),
                Verdict::Renew { claims: claims.clone() }
            );
            let challenged = AttemptState { challenged: true, ..state(true) };
            assert_eq!(verdict(&policy, challenged, &answer, false), Verdict::Final);
            let renewed = AttemptState { renewed: true, ..state(true) };
            assert!(matches!(verdict(&policy, renewed, &answer, false), Verdict::Renew { claims: Some(_) }));
        }
        assert_eq!(
            verdict(&policy, state(false), &response(401, &[]), false),
            Verdict::Renew { claims: None }
        );
        assert_eq!(verdict(&policy, state(false), &response(403, &[]), false), Verdict::Final);
    }

    #[test]
    fn backoff_doubles_up_to_its_longest_and_never_overflows() {
        let policy = Policy::default();
        for tries in [1, 2, 5, 31, 32, 33, u32::MAX] {
            for jitter in [0, 1, u64::MAX] {
                let wait = backoff(&policy, tries, jitter);
                assert!(
                    wait <= policy.longest_wait && wait >= policy.first_wait / 2,
                    "{tries} {jitter} {wait:?}"
                );
            }
        }
    }
}
