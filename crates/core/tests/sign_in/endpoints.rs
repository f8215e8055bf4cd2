//! Where a sign-in goes: docs/sign-in.md#endpoints.

use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::problem::Code;
use agentuser_core::sign_in::{Audience, Login};

#[test]
fn one_rule_says_where_a_sign_in_goes() {
    let at = |origin: &str| Endpoint::new(origin).unwrap();
    let simulator = at("http://127.0.0.1:8080");
    let elsewhere = at("https://graph.example.com");
    let global = at("https://graph.microsoft.com");
    let gov = at("https://dod-graph.microsoft.us");
    for (cloud, graph, login, expected) in [
        (None, None, None, "https://login.microsoftonline.com"),
        (Some(Cloud::China), None, None, "https://login.chinacloudapi.cn"),
        (Some(Cloud::UsGovernmentDod), None, None, "https://login.microsoftonline.us"),
        (None, Some(&global), None, "https://login.microsoftonline.com"),
        (None, Some(&gov), None, "https://login.microsoftonline.us"),
        (None, Some(&simulator), None, "http://127.0.0.1:8080"),
        (None, Some(&elsewhere), Some("https://login.example.com/"), "https://login.example.com"),
        (Some(Cloud::Global), Some(&simulator), Some("http://localhost:1"), "http://localhost:1"),
        (None, Some(&at("https://localhost:9")), None, "https://localhost:9"),
        (None, Some(&at("http://[::1]:9")), None, "http://[::1]:9"),
    ] {
        assert_eq!(Login::chosen(cloud, graph, login).unwrap().origin(), expected);
    }
    for (graph, login) in [
        (Some(&elsewhere), None),
        (None, Some("http://login.example.com")),
        (Some(&simulator), Some("")),
        (Some(&simulator), Some("https://login.example.com/common")),
        (Some(&at("https://graph.microsoft.com:444")), None),
        (Some(&at("https://127.0.0.1.example.com")), None),
    ] {
        let problem = Login::chosen(None, graph, login).unwrap_err();
        assert_eq!((problem.code(), problem.field()), (Code::Invalid, Some("loginEndpoint")), "{problem:?}");
    }
}

#[test]
fn the_audience_follows_the_login_unless_it_is_named() {
    for (login, audience) in [
        ("https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"),
        ("https://login.chinacloudapi.cn", "api://AzureADTokenExchangeChina"),
        ("https://login.microsoftonline.com", "api://AzureADTokenExchange"),
        ("http://127.0.0.1:8080", "api://AzureADTokenExchange"),
    ] {
        assert_eq!(Login::chosen(None, None, Some(login)).unwrap().audience().as_str(), audience);
    }
    let named = Audience::parse("api://AzureADTokenExchangeFrance/").unwrap();
    assert_eq!(named.scope().to_string(), "api://AzureADTokenExchangeFrance/.default");
    let login = Login::chosen(None, None, None).unwrap().with_audience(named.clone());
    assert_eq!(login.audience(), &named);
    for bad in ["", "api://", "AzureADTokenExchange", "api://a b", "https://a", "api://a/b"] {
        assert_eq!(Audience::parse(bad).unwrap_err().field(), Some("exchangeAudience"), "{bad}");
    }
}
