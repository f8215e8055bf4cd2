//! Tokens: refused, missing, and waited for.

use super::{at, first_request, get, response, session, user};
use agentuser_core::http::{Headers, Response};
use agentuser_core::operation::{Accepted, Answer, RequestId, Step, TokenTag};
use agentuser_core::problem::{Code, Problem};
use std::time::Duration;

#[test]
fn an_unauthorized_request_is_repeated_once_with_another_token_and_the_claims() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    assert_eq!(request.rejected_token, None);
    let challenge = r#"Bearer error="insufficient_claims", claims="eyJhIjoxfQ==""#;
    let unauthorized = |tag| Answer::Response {
        response: Response {
            status: 401,
            headers: Headers::from_iter([("WWW-Authenticate", challenge)]),
            body: br#"{"error":{"code":"InvalidAuthenticationToken","message":"no"}}"#.to_vec(),
        },
        token: TokenTag(tag),
    };
    operation.answer(request.id, unauthorized(7));
    let again = first_request(&mut operation, at(0));
    let refused = again.rejected_token.unwrap();
    assert_eq!((refused.tag, refused.claims.as_deref()), (TokenTag(7), Some(r#"{"a":1}"#)));
    operation.answer(again.id, unauthorized(8));
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

#[test]
fn a_request_that_waits_for_its_token_has_all_the_time() {
    let mut operation = get(&session());
    let request = first_request(&mut operation, at(0));
    assert_eq!(operation.may_send(RequestId::from_number(99)), Accepted::Ignored, "unknown");
    assert_eq!(operation.token_pending(request.id), Accepted::Used);
    assert!(matches!(operation.poll(at(5000)), Step::Wait(None)), "somebody is asked to sign in");
    assert_eq!(operation.may_send(request.id), Accepted::Used);
    let Step::Wait(Some(until)) = operation.poll(at(6000)) else { panic!("wait") };
    assert_eq!(until, Duration::from_secs(6010), "its time begins when it leaves");
    assert_eq!(operation.answer(request.id, response(200, &user())), Accepted::Used);
    assert!(matches!(operation.poll(at(6001)), Step::Done(Ok(_))));
    assert_eq!(operation.token_pending(request.id), Accepted::Ignored, "ended");
}
