//! Any answer at all is explained, and no token in it is shown.

use agentuser_core::graph::Call;
use agentuser_core::http::{Headers, Response};
use agentuser_core::problem::{Problem, explain, retry_after, sign_in};
use proptest::prelude::*;
use std::time::Duration;

const JWT: &str = "eyJ0eXAiOiJKV1QifQ.eyJvaWQiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLXRoYXQtaXMtc2VjcmV0";

fn assert_silent(problem: &Problem) {
    let shown = format!("{problem} {problem:?} {}", serde_json::to_string(problem).unwrap());
    for part in JWT.split('.') {
        assert!(!shown.contains(part), "{shown}");
    }
}

fn planted() -> impl Strategy<Value = Vec<u8>> {
    let around = || proptest::collection::vec(any::<u8>(), 0..200);
    let anywhere =
        (around(), around()).prop_map(|(before, after)| [&before, JWT.as_bytes(), &after].concat());
    let text = || ("\\PC{0,40}", "\\PC{0,40}").prop_map(|(a, b)| format!("{a}{JWT}{b}"));
    let member = (text(), text(), text(), text()).prop_map(|(a, b, c, d)| {
        serde_json::json!({
            "error": {"code": a, "message": b, "target": c, "details": [{"code": d, "target": a}],
                      "innerError": {"code": b, "request-id": JWT}},
        })
        .to_string()
        .into_bytes()
    });
    let token = (text(), text()).prop_map(|(a, b)| {
        serde_json::json!({"error": a, "error_description": b, "trace_id": JWT, "claims": format!(r#"{{"a":"{JWT}"}}"#)})
            .to_string()
            .into_bytes()
    });
    prop_oneof![anywhere, member, token, proptest::collection::vec(any::<u8>(), 0..400)]
}

proptest! {
    #[test]
    fn any_answer_is_explained_without_its_tokens(
        status in any::<u16>(),
        body in planted(),
        headers in proptest::collection::vec(("retry-after|date|request-id|www-authenticate", "\\PC{0,30}"), 0..4),
        pick in 0..Call::ALL.len(),
    ) {
        let mut headers: Headers = headers.into_iter().collect();
        headers.push("request-id", JWT);
        let _ = retry_after(&headers);
        for status in [status, 200 + status % 400] {
            let answer = Response { status, headers: headers.clone(), body: body.clone() };
            assert_silent(&explain(Call::ALL[pick], &answer));
            assert_silent(&sign_in(&answer));
        }
    }

    #[test]
    fn any_retry_after_is_a_wait_or_nothing(value in "\\PC{0,30}|[0-9]{1,40}(\\.[0-9]{0,40})?", date in "\\PC{0,30}") {
        let headers = Headers::from_iter([("Retry-After", value), ("Date", date)]);
        if let Some(wait) = retry_after(&headers) {
            assert!(wait <= Duration::from_secs(u64::from(u32::MAX)));
        }
    }
}
