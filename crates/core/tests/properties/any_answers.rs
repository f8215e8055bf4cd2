//! Any answer to any request.

use crate::common::{cases, id};
use agentuser_core::graph::{self, Cloud, Detail, Endpoint, ListQuery};
use agentuser_core::http::{Headers, Response};
use agentuser_core::model::{AgentUser, UserRef};
use agentuser_core::operation::retry::{self, AttemptState, Policy, Verdict};
use agentuser_core::operation::{Answer, Loss, Sent, TokenTag};
use agentuser_core::problem::{Code, Problem, explain};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use std::time::Duration;

fn response(status: u16, body: Vec<u8>) -> Response {
    Response { status, headers: Headers::from_iter([("Content-Type", "application/json")]), body }
}

/// JSON that looks like Graph's, and bytes that don't.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let member = prop_oneof![
        Just("id"),
        Just("value"),
        Just("error"),
        Just("@odata.nextLink"),
        Just("code"),
        Just("message"),
        Just("details"),
        Just("assignedLicenses"),
        Just("innerError"),
        Just("businessPhones"),
        Just("prepaidUnits"),
        Just("x"),
    ];
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|b| json!(b)),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        ".{0,12}".prop_map(|s| json!(s)),
        Just(json!("0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f")),
    ];
    let tree = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|all| json!(all)),
            vec((member.clone(), inner), 0..4).prop_map(|all| serde_json::Value::Object(
                all.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    });
    prop_oneof![
        3 => tree.clone().prop_map(|value| value.to_string().into_bytes()),
        1 => (tree, any::<prop::sample::Index>()).prop_map(|(value, cut)| {
            let mut text = value.to_string().into_bytes();
            text.truncate(cut.index(text.len() + 1));
            text
        }),
        1 => vec(any::<u8>(), 0..64),
    ]
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn any_answer_is_read_or_refused(bytes in body(), status in prop_oneof![Just(200_u16), Just(204), Just(400), Just(404), any::<u16>()], user in id()) {
        let root = Endpoint::from(Cloud::Global);
        let by_id = UserRef::Id(user);
        let response = response(status, bytes);
        let agent_user = graph::get_user(&root, &by_id, &Detail::USUAL);
        prop_assert!(agent_user.parse(&response).is_none_or(|user| user.id().is_some()), "a user without an id");
        let _ = graph::list_agent_users::<Vec<AgentUser>>(&root, &ListQuery::default()).parse(&response);
        let _ = graph::get_manager(&root, user).parse(&response);
        let _ = graph::list_sponsors(&root, user).parse(&response);
        let _ = graph::list_deleted_users::<Vec<AgentUser>>(&root).parse(&response);
        let _ = graph::list_license_details(&root, user).parse(&response);
        let _ = graph::list_verified_domains(&root).parse(&response);
        let _ = graph::get_service_principal(&root, user).parse(&response);
        if let Some(page) = graph::list_subscribed_skus(&root).parse(&response) {
            prop_assert!(page.value.iter().all(|sku| sku.free_seats() >= 0));
        }
        let done = graph::delete_agent_user(&root, user);
        let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&response.body).ok();
        let error = object.as_ref().is_some_and(|object| object.get("error").is_some_and(serde_json::Value::is_object));
        // The sign-in's challenge may come without an error.
        let refused = !response.body.is_empty() && (error || status == 401);
        prop_assert_eq!(done.parse(&response).is_some(), (status == 204 || object.is_some()) && !refused);
        let problem = explain(done.call(), &response);
        prop_assert!(!problem.message().is_empty() && !problem.fix().is_empty());
    }

    #[test]
    fn a_verdict_comes_for_every_answer_and_no_wait_is_endless(
        status in any::<u16>(), tries in any::<u32>(), throttled in any::<u32>(), jitter in any::<u64>(),
        flags in any::<[bool; 5]>(), header in "\\PC{0,30}", case in 0..6_u8,
    ) {
        let policy = Policy::default();
        let [write, renewed, challenged, unreadable, contacted] = flags;
        let state = AttemptState { write, tries, throttled, renewed, challenged, contacted, jitter };
        let headers = Headers::from_iter([("Retry-After", header.clone()), ("WWW-Authenticate", header)]);
        let answer = match case {
            0 => Answer::NoToken(Problem::new(Code::TokenRejected, "no")),
            1 => Answer::Lost { sent: Sent::No, why: Loss::TimedOut },
            2 => Answer::Lost { sent: Sent::Maybe, why: Loss::TooLarge },
            3 => Answer::Lost { sent: Sent::Maybe, why: Loss::Broken(String::new()) },
            _ => Answer::Response { response: Response { status, headers, body: Vec::new() }, token: TokenTag(1) },
        };
        let verdict = retry::verdict(&policy, state, &answer, unreadable);
        let lost_write = write && (case == 3 || case > 3 && (status == 408 || (500..600).contains(&status)));
        if lost_write {
            prop_assert_eq!(&verdict, &Verdict::Final, "a write that may have happened is not repeated");
        }
        match verdict {
            Verdict::Again { .. } if status != 429 || case < 4 => prop_assert!(tries < policy.tries),
            Verdict::Renew { .. } => prop_assert!(!renewed),
            _ => {}
        }
        let wait = retry::backoff(&policy, tries, jitter);
        prop_assert!(wait <= policy.longest_wait && wait >= policy.first_wait / 2);
        let odd = Policy { tries, first_contact_tries: 1, first_wait: Duration::from_millis(jitter), longest_wait: Duration::from_millis(u64::from(throttled)), ..Policy::default() };
        prop_assert!(retry::backoff(&odd, tries, jitter) <= odd.longest_wait);
    }
}
