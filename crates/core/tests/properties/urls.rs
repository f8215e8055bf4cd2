//! URLs that the library makes, and links that it follows.

use crate::common::{cases, id};
use agentuser_core::graph::{self, Ask, Cloud, Detail, Endpoint, Filter, LicenseChange, ListQuery};
use agentuser_core::http::Request;
use agentuser_core::model::{AgentUser, AgentUserPatch, UserRef};
use agentuser_core::validate::Upn;
use proptest::prelude::*;
use serde_json::json;

fn upn() -> impl Strategy<Value = String> {
    let domain = "[A-Za-z0-9]{1,8}(-[a-z0-9]{1,4})?\\.[a-z]{2,3}";
    ("[A-Za-z0-9'.\\-_!#^~]{0,63}[A-Za-z0-9'\\-_!#^~]", domain)
        .prop_map(|(local, domain)| format!("{local}@{domain}"))
}

// An own reading of URLs, with nothing of the library's.

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'%' => {
                out.push(u8::from_str_radix(text.get(at + 1..at + 3).unwrap(), 16).unwrap());
                at += 3;
            }
            byte => {
                assert!(
                    byte.is_ascii_alphanumeric() || b"-._~$,".contains(&byte),
                    "{:?} is bare in {text:?}",
                    byte as char
                );
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap()
}

/// Path segments below the version, and options in order.
fn parts(request: &Request) -> (Vec<String>, Vec<(String, String)>) {
    let rest = request.url.strip_prefix("https://graph.microsoft.com/v1.0/").unwrap();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let options = query.split('&').filter(|option| !option.is_empty()).map(|option| {
        let (name, value) = option.split_once('=').unwrap();
        (decode(name), decode(value))
    });
    (path.split('/').map(decode).collect(), options.collect())
}

fn option(request: &Request, name: &str) -> String {
    let (_, options) = parts(request);
    let found: Vec<_> = options.iter().filter(|(key, _)| key == name).collect();
    assert_eq!(found.len(), 1, "{request:?}");
    found[0].1.clone()
}

/// The text of an OData literal: quotes around it, its own doubled.
fn literal(text: &str) -> String {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap();
    assert!(inner.replace("''", "").chars().all(|c| c != '\''), "a bare quote in {inner:?}");
    inner.replace("''", "'")
}

fn path<T>(ask: &Ask<T>) -> Vec<String> {
    parts(ask.request()).0
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn a_user_s_url_gives_its_key_back(name in upn(), user in id()) {
        let root = Endpoint::from(Cloud::Global);
        let user_path = |request: &Request| parts(request).0;
        for key in [UserRef::Id(user), UserRef::Upn(Upn::parse(&name).unwrap())] {
            let ask = graph::get_user(&root, &key, &Detail::with(graph::ListedMember::find("employeeLeaveDateTime")));
            prop_assert_eq!(user_path(ask.request()), ["users".to_owned(), key.to_string()]);
            prop_assert!(option(ask.request(), "$select").split(',').any(|name| name == "employeeLeaveDateTime"));
        }
    }

    #[test]
    fn paths_give_their_ids_back(user in id(), other in id(), on in any::<bool>()) {
        let root = Endpoint::from(Cloud::Global);
        let (u, o) = (user.to_string(), other.to_string());
        let cast = "microsoft.graph.agentUser";
        let patch = AgentUserPatch::default();
        let change = LicenseChange::default();
        for (found, expected) in [
            (path(&graph::update_agent_user(&root, user, &patch)), vec!["users", cast, &u]),
            (path(&graph::delete_agent_user(&root, user)), vec!["users", cast, &u]),
            (path(&graph::get_manager(&root, user)), vec!["users", &u, "manager"]),
            (path(&graph::set_manager(&root, user, other)), vec!["users", &u, "manager", "$ref"]),
            (path(&graph::remove_manager(&root, user)), vec!["users", &u, "manager", "$ref"]),
            (path(&graph::list_sponsors(&root, user)), vec!["users", &u, "sponsors"]),
            (path(&graph::add_sponsor(&root, user, other, on)), vec!["users", &u, "sponsors", "$ref"]),
            (path(&graph::remove_sponsor(&root, user, other)), vec!["users", &u, "sponsors", &o, "$ref"]),
            (path(&graph::add_group_member(&root, user, other)), vec!["groups", &u, "members", "$ref"]),
            (path(&graph::remove_group_member(&root, user, other)), vec!["groups", &u, "members", &o, "$ref"]),
            (path(&graph::assign_license(&root, user, &change)), vec!["users", &u, "assignLicense"]),
            (path(&graph::list_license_details(&root, user)), vec!["users", &u, "licenseDetails"]),
            (path(&graph::list_subscribed_skus(&root)), vec!["subscribedSkus"]),
            (path(&graph::list_verified_domains(&root)), vec!["organization"]),
            (path(&graph::get_service_principal(&root, user)), vec!["servicePrincipals", &u]),
            (path(&graph::get_agent_identity(&root, user)), vec!["servicePrincipals", "microsoft.graph.agentIdentity", &u]),
            (path(&graph::list_deleted_users::<Vec<AgentUser>>(&root)), vec!["directory", "deletedItems", "microsoft.graph.user"]),
            (path(&graph::get_deleted_item(&root, user)), vec!["directory", "deletedItems", &u]),
            (path(&graph::restore_deleted_item(&root, user, &graph::RestoreOptions::default())), vec!["directory", "deletedItems", &u, "restore"]),
            (path(&graph::delete_deleted_item(&root, user)), vec!["directory", "deletedItems", &u]),
        ] {
            prop_assert_eq!(found, expected);
        }
        for (ask, set) in [(graph::set_manager(&root, user, other), "users"), (graph::add_sponsor(&root, user, other, true), "groups")] {
            let body: serde_json::Value = serde_json::from_slice(&ask.request().body).unwrap();
            prop_assert_eq!(body, json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/{set}/{o}")}));
        }
    }

    #[test]
    fn filters_give_their_values_back(name in upn(), user in id(), text in "\\PC{0,30}", top in any::<u16>(), on in any::<bool>()) {
        let root = Endpoint::from(Cloud::Global);
        let u = user.to_string();
        let by_app = graph::find_service_principal_by_app_id(&root, user);
        prop_assert_eq!(option(by_app.request(), "$filter"), format!("appId eq '{u}'"));
        let by_parent = graph::find_agent_user_by_parent(&root, user, &Detail::USUAL);
        prop_assert_eq!(option(by_parent.request(), "$filter"), format!("identityParentId eq '{u}'"));

        let filters = vec![
            Filter::AccountEnabled(on),
            Filter::Parent(user),
            Filter::DisplayNameStartsWith(text.clone()),
        ];
        let listed = graph::list_agent_users::<Vec<AgentUser>>(&root, &ListQuery { filters, page_size: top, ..ListQuery::default() });
        prop_assert_eq!(path(&listed), ["users", "microsoft.graph.agentUser"]);
        prop_assert_eq!(option(listed.request(), "$top"), top.clamp(1, 999).to_string());
        let filter = option(listed.request(), "$filter");
        let before = format!("accountEnabled eq {on} and identityParentId eq '{u}' and startsWith(displayName,");
        let quoted = filter.strip_prefix(&*before).and_then(|rest| rest.strip_suffix(')')).unwrap();
        prop_assert_eq!(literal(quoted), text.clone());
        let filters = vec![Filter::UserPrincipalNameStartsWith(name.clone())];
        let listed = graph::list_agent_users::<Vec<AgentUser>>(&root, &ListQuery { filters, page_size: top, ..ListQuery::default() });
        let filter = option(listed.request(), "$filter");
        let quoted = filter.strip_prefix("startsWith(userPrincipalName,").and_then(|rest| rest.strip_suffix(')')).unwrap();
        prop_assert_eq!(literal(quoted), name);
    }

    #[test]
    fn a_link_is_held_by_its_own_origin_only(tail in "\\PC{0,20}", junk in "[\\\\@:/.#? \\r\\n\\ta-z]{0,6}", port in 0..70_000_u32, upper in any::<bool>()) {
        let root = Endpoint::from(Cloud::Global);
        let own = if upper { "HTTPS://GRAPH.MICROSOFT.COM" } else { "https://graph.microsoft.com" };
        let plain = tail.chars().all(|c| !c.is_control() && c != ' ' && c != '\\');
        prop_assert_eq!(root.holds(&format!("{own}/v1.0/{tail}")), plain);
        for url in [format!("{own}{junk}"), format!("{own}{junk}@evil.example/{tail}"), format!("{own}:{port}/{tail}"), format!("{junk}{own}/x"), tail.clone()] {
            // An independent reader: what stands between the slashes is the host.
            let host = url.get(..8).filter(|start| start.eq_ignore_ascii_case("https://"))
                .map(|_| url.get(8..).unwrap().split(['/', '?', '#', '\\']).next().unwrap().to_ascii_lowercase());
            if root.holds(&url) {
                prop_assert_eq!(host.as_deref(), Some("graph.microsoft.com"), "{:?}", url);
                prop_assert!(!url.contains(['\\', ' ', '\r', '\n', '\t']), "{:?}", url);
            }
            prop_assert_eq!(graph::next_page::<Vec<serde_json::Value>>(&root, graph::Call::ListAgentUsers, &url).is_some(), root.holds(&url));
        }
    }
}
