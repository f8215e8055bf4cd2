//! Waiting until the client's own tokens carry a permission: the session is told of each token, as a host does.

use super::{at, session};
use agentuser_core::flow::{self, TokenPermission, TokenState};
use agentuser_core::http::{Headers, Response};
use agentuser_core::model::{CREATE_AGENT_USERS, PermissionName};
use agentuser_core::operation::{Answer, Event, Operation, Outgoing, Session, Step, TokenTag, Waiting};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::token::TokenFacts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::time::Duration;

type Wait = Operation<(), TokenPermission>;

fn wait(session: &Session, permission: &str) -> Wait {
    let permission = PermissionName::parse(permission).unwrap();
    session.start(0, move |graph, _| async move { flow::wait_permission(&graph, &permission).await })
}

fn token(roles: &[&str]) -> TokenFacts {
    let claims = json!({"aud": "https://graph.microsoft.com", "roles": roles}).to_string();
    TokenFacts::read(&format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims)))
}

fn answer(status: u16, tag: u64) -> Answer {
    let body = match status {
        200 => r#"{"value":[]}"#,
        _ => r#"{"error":{"code":"Authorization_RequestDenied","message":"no"}}"#,
    };
    let headers = Headers::from_iter([("Content-Type", "application/json")]);
    Answer::Response { response: Response { status, headers, body: body.into() }, token: TokenTag(tag) }
}

/// The next request, and the moment at which it is sent; or the end.
fn next(operation: &mut Wait, now: &mut u64) -> Result<Outgoing, Result<TokenPermission, Problem>> {
    loop {
        match operation.poll(at(*now)) {
            Step::Send(mut requests) => return Ok(requests.remove(0)),
            Step::Event(Event::Waiting { why, .. }) => assert_eq!(why, Waiting::Permission),
            Step::Wait(Some(until)) => *now = until.as_millis().div_ceil(1000) as u64,
            Step::Done(result) => return Err(result),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_new_token_is_asked_for_until_it_carries_the_permission() {
    let session = session();
    let mut operation = wait(&session, CREATE_AGENT_USERS);
    let mut now = 0;
    for tag in 1..=4 {
        let request = next(&mut operation, &mut now).unwrap();
        // The first goes with the token at hand; each other one wants another than the last.
        let former = request.rejected_token.map(|former| (former.tag, former.claims));
        assert_eq!(former, (tag > 1).then(|| (TokenTag(tag - 1), None)));
        let carries = tag == 4;
        let all = ["User.Read.All", CREATE_AGENT_USERS];
        session.note_token(TokenTag(tag), token(if carries { &all } else { &all[..1] }));
        operation.answer(request.id, answer(if tag % 2 == 0 { 200 } else { 403 }, tag));
    }
    let ended = next(&mut operation, &mut now).unwrap_err().unwrap();
    assert_eq!((ended.state, ended.remarks.len()), (TokenState::Carried, 0));
    assert_eq!(now, 10 + 15 + 23, "the pauses grow");
}

#[test]
fn it_ends_in_time_where_no_token_ever_carries_it() {
    let session = session();
    let mut operation = wait(&session, CREATE_AGENT_USERS);
    let (mut now, mut tag) = (0, 0);
    let problem = loop {
        match next(&mut operation, &mut now) {
            Ok(request) => {
                tag += 1;
                session.note_token(TokenTag(tag), token(&[]));
                operation.answer(request.id, answer(403, tag));
            }
            Err(ended) => break ended.unwrap_err(),
        }
    };
    assert_eq!(problem.code(), Code::PermissionNotInToken);
    assert!(problem.message().contains(CREATE_AGENT_USERS), "{problem:?}");
    let longest = session.settings().replication_timeout;
    // Each moment is rounded up to a second here.
    assert!((longest..longest + Duration::from_secs(10)).contains(&Duration::from_secs(now)), "{now}");
    assert!((7..=9).contains(&tag), "{tag} tokens");
}

#[test]
fn an_opaque_token_says_nothing() {
    let ended = |permission: &str, status: u16| {
        let mut operation = wait(&session(), permission);
        let mut now = 0;
        let request = next(&mut operation, &mut now).unwrap();
        operation.answer(request.id, answer(status, 1));
        (next(&mut operation, &mut now), now)
    };
    // Graph takes it, or refuses it for another permission than the one that is waited for.
    for (permission, status) in [(CREATE_AGENT_USERS, 200), ("Mail.Send", 200), ("Mail.Send", 403)] {
        let (end, now) = ended(permission, status);
        let end = end.unwrap_err().unwrap();
        assert_eq!((end.state, end.remarks.len(), now), (TokenState::Unknown, 1, 0), "{permission} {status}");
    }
    // Graph refuses what the permission allows: then it is not there, whatever the token is.
    let (again, now) = ended(CREATE_AGENT_USERS, 403);
    assert_eq!((again.unwrap().rejected_token.unwrap().tag, now), (TokenTag(1), 10));
}

#[test]
fn a_client_with_one_fixed_token_can_not_wait() {
    let session = session();
    let mut operation = wait(&session, CREATE_AGENT_USERS);
    let mut now = 0;
    let request = next(&mut operation, &mut now).unwrap();
    session.note_token(TokenTag(1), token(&[]));
    operation.answer(request.id, answer(403, 1));
    let request = next(&mut operation, &mut now).unwrap();
    operation.answer(request.id, Answer::NoToken(Problem::new(Code::TokenMissing, "It is fixed.")));
    assert_eq!(next(&mut operation, &mut now).unwrap_err().unwrap_err().code(), Code::TokenMissing);
}
