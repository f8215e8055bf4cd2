//! Tokens: refused, missing, and waited for.

use super::{at, first_request, get, response, session, user};
use agentuser_core::flow;
use agentuser_core::graph::Detail;
use agentuser_core::http::{Headers, Response};
use agentuser_core::operation::{Accepted, Answer, Event, Items, Limits, RequestId, Step, TokenTag, Waiting};
use agentuser_core::problem::{Code, Problem};
use agentuser_simulator::ids;
use futures_util::future::join;
use std::time::Duration;

/// A challenge that asks for `{"a":1}`.
const CHALLENGE: &str = r#"Bearer error="insufficient_claims", claims="eyJhIjoxfQ==""#;

/// The refusal of a token.
fn unauthorized(tag: u64, challenge: &str) -> Answer {
    Answer::Response {
        response: Response {
            status: 401,
            headers: Headers::from_iter([("WWW-Authenticate", challenge)]),
            body: br#"{"error":{"code":"InvalidAuthenticationToken","message":"no"}}"#.to_vec(),
        },
        token: TokenTag(tag),
    }
}

#[test]
fn a_challenge_to_the_token_after_an_expired_one_is_met() {
    // And the other way round: the token with the claims has expired on its way.
    for [first, second] in [["Bearer", CHALLENGE], [CHALLENGE, "Bearer"]] {
        let mut operation = get(&session());
        let mut request = first_request(&mut operation, at(0));
        for (tag, challenge) in [(7, first), (8, second)] {
            operation.answer(request.id, unauthorized(tag, challenge));
            request = first_request(&mut operation, at(0));
            let refused = request.rejected_token.clone().unwrap();
            let claims = (challenge == CHALLENGE).then_some(r#"{"a":1}"#);
            assert_eq!((refused.tag, refused.claims.as_deref()), (TokenTag(tag), claims));
        }
        // A third token is too much.
        operation.answer(request.id, unauthorized(9, second));
        assert!(matches!(operation.poll(at(0)), Step::Done(Err(_))));
    }
}

#[test]
fn an_unauthorized_request_is_repeated_once_with_another_token_and_the_claims() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    assert_eq!(request.rejected_token, None);
    operation.answer(request.id, unauthorized(7, CHALLENGE));
    let again = first_request(&mut operation, at(0));
    let refused = again.rejected_token.unwrap();
    assert_eq!((refused.tag, refused.claims.as_deref()), (TokenTag(7), Some(r#"{"a":1}"#)));
    operation.answer(again.id, unauthorized(8, CHALLENGE));
    let Step::Done(Err(problem)) = operation.poll(at(0)) else { panic!("done") };
    assert_eq!(problem.code(), Code::ClaimsChallenge);
    assert!(!problem.fix().is_empty());
}

#[test]
fn without_a_token_the_host_s_problem_is_the_result() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    operation.answer(request.id, Answer::NoToken(Problem::new(Code::TokenMissing, "sign in")));
    let Step::Done(Err(problem)) = operation.poll(at(0)) else { panic!("done") };
    assert_eq!(problem.code(), Code::TokenMissing);
}

fn is_told_of_sign_in<I, T>(step: Step<I, T>) -> bool {
    matches!(step, Step::Event(Event::Waiting { row: None, why: Waiting::SignIn, wait_ms: 0, .. }))
}

#[test]
fn requests_that_wait_for_one_sign_in_are_told_of_once() {
    let limits = Limits { batch: 1, ..Limits::default() };
    let mut operation = session().with_limits(limits).start(0, move |graph, _: Items<()>| async move {
        let [one, other] = [1, 2].map(|n| ids::agent_user(n).into());
        let detail = Detail::USUAL;
        let (one, other) = join(flow::get(&graph, &one, &detail), flow::get(&graph, &other, &detail)).await;
        one.and(other)
    });
    let Step::Send(requests) = operation.poll(at(0)) else { panic!("send") };
    let [one, other] = &requests[..] else { panic!("two requests") };
    operation.token_pending(one.id);
    operation.token_pending(other.id);
    let Step::Wait(Some(until)) = operation.poll(at(9)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(10));
    assert!(is_told_of_sign_in(operation.poll(at(10))));
    assert!(matches!(operation.poll(at(11)), Step::Wait(None)), "it is one sign-in");
    operation.may_send(one.id);
    operation.may_send(other.id);
    let Step::Wait(Some(until)) = operation.poll(at(12)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(22), "they have no answer yet");
    operation.answer(one.id, response(200, &user()));
    operation.answer(other.id, unauthorized(7, CHALLENGE));
    let again = first_request(&mut operation, at(13));
    operation.token_pending(again.id);
    let step = operation.poll(at(22));
    assert!(matches!(step, Step::Wait(Some(_))), "{step:?}");
    assert!(is_told_of_sign_in(operation.poll(at(23))), "it is another sign-in");
}

#[test]
fn a_request_that_waits_for_its_token_has_all_the_time() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    assert_eq!(operation.may_send(RequestId::from_number(99)), Accepted::Ignored, "unknown");
    assert_eq!(operation.token_pending(request.id), Accepted::Used);
    assert!(is_told_of_sign_in(operation.poll(at(10))), "somebody is asked to sign in");
    assert!(matches!(operation.poll(at(5000)), Step::Wait(None)), "somebody is asked to sign in");
    assert_eq!(operation.may_send(request.id), Accepted::Used);
    let Step::Wait(Some(until)) = operation.poll(at(6000)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(6010), "its time begins when it leaves");
    assert_eq!(operation.answer(request.id, response(200, &user())), Accepted::Used);
    assert!(matches!(operation.poll(at(6001)), Step::Done(Ok(_))));
    assert_eq!(operation.token_pending(request.id), Accepted::Ignored, "ended");
}
