//! The documents that lead to the token endpoint.

use crate::common::*;
use agentuser_simulator::Faults;

#[tokio::test]
async fn the_configuration_of_a_tenant() {
    let server = serve(Faults::none());
    let root = server.root();
    let id = server.network(|network| network.directory().tenant_id().to_string());
    for (tenant, issued) in
        [("contoso.com", id.as_str()), (id.as_str(), id.as_str()), ("common", "{tenantid}")]
    {
        let found =
            json(&ask(root, &format!("GET /{tenant}/v2.0/.well-known/openid-configuration"), "").await);
        // Where the client asked, which is not always the address.
        let base = "http://localhost";
        assert_eq!(found["token_endpoint"], format!("{base}/{tenant}/oauth2/v2.0/token"));
        assert_eq!(found["issuer"], format!("{base}/{issued}/v2.0"));
        let keys = found["jwks_uri"].as_str().unwrap().strip_prefix(base).unwrap();
        assert_eq!(json(&ask(root, &format!("GET {keys}"), "").await)["keys"], serde_json::json!([]));
        let older = json(&ask(root, &format!("GET /{tenant}/.well-known/openid-configuration"), "").await);
        assert_eq!(older["token_endpoint"], format!("{base}/{tenant}/oauth2/token"));
    }
    let unknown = ask(root, "GET /nowhere.example/v2.0/.well-known/openid-configuration", "").await;
    assert_eq!(status(&unknown), 400);
    assert_eq!(json(&unknown)["error_codes"], serde_json::json!([90_002]));
}

#[tokio::test]
async fn the_instance() {
    let server = serve(Faults::none());
    let ask = async |endpoint: &str| {
        let path = format!("/common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}");
        json(&ask(server.root(), &format!("GET {path}"), "").await)
    };
    let found = ask("https%3A%2F%2Flocalhost%2Fcontoso.com%2Foauth2%2Fv2.0%2Fauthorize").await;
    assert_eq!(
        found["tenant_discovery_endpoint"],
        "http://localhost/contoso.com/v2.0/.well-known/openid-configuration"
    );
    assert_eq!(found["metadata"][1]["aliases"], serde_json::json!(["localhost"]));
    let microsofts = ask("https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2Fauthorize").await;
    assert!(microsofts["metadata"][0]["aliases"].as_array().unwrap().len() > 2);
    assert_eq!(ask("https%3A%2F%2Felsewhere.example%2Fx").await["error"], "invalid_instance");
}
