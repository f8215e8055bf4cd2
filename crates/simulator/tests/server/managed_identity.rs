//! A managed identity's two endpoints.

use crate::common::*;
use agentuser_simulator::{Faults, ids};

const MACHINE: &str = "/metadata/identity/oauth2/token?api-version=2018-02-01";
const SERVICE: &str = "/msi/token?api-version=2019-08-01";
const GRAPH: &str = "resource=https%3A%2F%2Fgraph.microsoft.com";

#[tokio::test]
async fn both_give_the_token_of_the_same_identity() {
    let server = serve(Faults::none());
    let root = server.root();
    for head in [
        format!("GET {MACHINE}&{GRAPH}|Metadata: true"),
        format!("GET {}&{GRAPH}%2F|Metadata: true", MACHINE.replace("token?", "token/?")),
        format!("GET {MACHINE}&{GRAPH}&client_id={}|Metadata: TRUE", ids::plain_app(1)),
        format!("GET {SERVICE}&{GRAPH}|X-IDENTITY-HEADER: anything"),
    ] {
        let found = json(&ask(root, &head, "").await);
        assert_eq!(found["client_id"], ids::plain_app(1).to_string(), "{head}: {found}");
        assert_eq!((&found["expires_in"], &found["token_type"]), (&"3599".into(), &"Bearer".into()));
        let ends: i64 = found["expires_on"].as_str().unwrap().parse().unwrap();
        let token = found["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["exp"], ends);
        let list = format!("GET /v1.0/users/microsoft.graph.agentUser|Authorization: Bearer {token}");
        assert_eq!(status(&ask(root, &list, "").await), 200);
    }
}

#[tokio::test]
async fn what_a_page_could_send_is_refused() {
    let server = serve(Faults::none());
    for (head, expected) in [
        (format!("GET {MACHINE}&{GRAPH}"), 400),
        (format!("GET {MACHINE}&{GRAPH}|Metadata: false"), 400),
        (format!("GET {MACHINE}&{GRAPH}|Metadata: true|X-Forwarded-For: 192.0.2.1"), 400),
        (format!("GET {MACHINE}|Metadata: true"), 400),
        (format!("GET {MACHINE}&resource=https%3A%2F%2Fvault.azure.net|Metadata: true"), 400),
        (format!("GET {MACHINE}&{GRAPH}&client_id={}|Metadata: true", ids::nothing(1)), 400),
        (format!("GET /metadata/identity/oauth2/token?{GRAPH}|Metadata: true"), 400),
        (format!("GET {SERVICE}&{GRAPH}"), 401),
    ] {
        assert_eq!(status(&ask(server.root(), &head, "").await), expected, "{head}");
    }
}
