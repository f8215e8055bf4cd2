//! Any text as a Graph endpoint, and any as a link under one: no token leaves the root's origin.
//!
//! The input is a link, or an endpoint and links under it, a line each.
#![no_main]

use agentuser_core::graph::{self, Call, Cloud, Endpoint};
use agentuser_core::json::{Config, UserPage};
use serde_json::json;
use url::{Host, Url};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let first = text.split('\n').next().unwrap_or_default();
    let own = Endpoint::new(first).ok();
    let config = Config::parse(json!({ "graphEndpoint": first }).to_string().as_bytes());
    assert_eq!(config.ok().map(|config| config.endpoint()), own);
    if let Some(root) = &own {
        endpoint(root);
    }
    let clouds = Cloud::ALL.iter().map(|cloud| Endpoint::from(*cloud));
    for root in clouds.chain(own) {
        for link in text.split('\n').chain([text]) {
            let next = graph::next_page::<UserPage>(&root, Call::ListAgentUsers, link);
            assert_eq!(next.is_some(), root.holds(link));
            if let Some(next) = next {
                agentuser_fuzz::check_origin(&root, &next.request().url);
            }
        }
    }
});

/// It is over TLS, or on this machine.
fn endpoint(root: &Endpoint) {
    let Ok(url) = Url::parse(root.origin()) else { return };
    assert!(url.username().is_empty() && url.password().is_none() && url.path() == "/", "{root:?}");
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    assert!(url.scheme() == "https" || here, "{root:?}");
}
