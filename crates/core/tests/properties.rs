//! Properties that hold for any input: rosters, URLs, answers, links, waits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser_core::ObjectId;
use agentuser_core::graph::{self, Ask, Cloud, Detail, Filter, LicenseChange, ListQuery, Root};
use agentuser_core::http::{Headers, Request, Response};
use agentuser_core::json::{Field, UserPage};
use agentuser_core::model::{AgentUser, AgentUserPatch, UserRef};
use agentuser_core::operation::retry::{self, AttemptState, Policy, Verdict};
use agentuser_core::operation::{Answer, Loss, Sent, TokenTag};
use agentuser_core::problem::{Code, Problem, explain};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::{TenantFacts, Upn};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn id() -> impl Strategy<Value = ObjectId> {
    prop_oneof![any::<u128>(), 0..4_u128].prop_map(ObjectId::from_u128)
}

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

/// A file that is nearly a roster: cells and separators in any order.
fn nearly_a_roster() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("identityParentId"),
        Just("displayName"),
        Just("userPrincipalName"),
        Just("mailNickname"),
        Just("manager"),
        Just("sponsors"),
        Just("licenses"),
        Just("accountEnabled"),
        Just("a1d00000-0000-4000-8000-000000000001"),
        Just("A1D00000-0000-4000-8000-000000000001"),
        Just("a1d00000-0000-4000-8000-000000000002"),
        Just("a@b.cc"),
        Just("A@B.cc"),
        Just("Zoë"),
        Just("true"),
        Just(","),
        Just(","),
        Just(","),
        Just(";"),
        Just("\t"),
        Just("\n"),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\""),
        Just(" "),
        Just("["),
        Just("{"),
        Just("}"),
        Just("]"),
        Just(":"),
        Just("\u{feff}"),
        Just("\0"),
    ];
    vec(word, 0..40).prop_map(|words| words.concat().into_bytes())
}

/// A file with a good header whose rows may agree in what must differ.
fn rows_that_may_clash() -> impl Strategy<Value = Vec<u8>> {
    let row = (
        0..6_u8,
        "[ab]{1}[12]?",
        prop_oneof![Just(String::new()), "[abAB]@x\\.yy"],
        prop_oneof![Just(""), Just("a"), Just("A"), Just("b")],
    );
    vec(row, 1..5).prop_map(|rows| {
        let lines = rows.into_iter().map(|(parent, name, upn, nickname)| {
            let id = format!("a1d00000-0000-4000-8000-00000000000{parent}");
            let id = if name.len() > 1 { id.to_uppercase() } else { id };
            format!("{id},{name},{upn},{nickname}\n")
        });
        ("identityParentId,displayName,userPrincipalName,mailNickname\n".to_owned()
            + &lines.collect::<String>())
            .into_bytes()
    })
}

/// Reads a file; whatever is right has no parent, no name and no nickname twice.
fn read(file: &[u8], domain: bool) -> Result<usize, TestCaseError> {
    let settings =
        RosterSettings { facts: TenantFacts::default(), domain: domain.then(|| "x.yy".to_owned()) };
    match Roster::parse(file, &settings) {
        Ok(roster) => {
            let user = |n: usize| roster.rows()[n].wanted().agent_user();
            let all = 0..roster.rows().len();
            let parents: BTreeSet<_> = all.clone().map(|n| user(n).identity_parent_id()).collect();
            let upns: BTreeSet<_> =
                all.clone().map(|n| user(n).user_principal_name().as_str().to_lowercase()).collect();
            let nicknames: BTreeSet<_> =
                all.clone().map(|n| user(n).mail_nickname().as_str().to_lowercase()).collect();
            prop_assert_eq!((parents.len(), upns.len(), nicknames.len()), (all.len(), all.len(), all.len()));
            prop_assert!(!all.is_empty());
            Ok(all.len())
        }
        Err(found) => {
            prop_assert!(matches!(found.code(), Code::RosterUnreadable | Code::RosterInvalid));
            prop_assert_eq!(found.code() == Code::RosterUnreadable, found.row_errors().is_empty());
            prop_assert!(found.row_errors().iter().all(|error| !error.violation.fix.is_empty()));
            Ok(0)
        }
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn any_file_is_read_or_refused(bytes in vec(any::<u8>(), 0..200), near in nearly_a_roster(), text in ".{0,80}", domain in any::<bool>()) {
        for file in [&bytes, &near, &text.into_bytes()] {
            read(file, domain)?;
        }
    }

    #[test]
    fn nothing_that_must_differ_is_there_twice(file in rows_that_may_clash(), domain in any::<bool>()) {
        read(&file, domain)?;
    }

    #[test]
    fn urls_give_their_parts_back(name in upn(), user in id(), other in id(), text in "\\PC{0,30}", top in any::<u16>(), on in any::<bool>()) {
        let root = Root::from(Cloud::Global);
        let user_path = |request: &Request| parts(request).0;
        for key in [UserRef::Id(user), UserRef::Upn(Upn::parse(&name).unwrap())] {
            let ask = graph::get_user(&root, &key, Detail::LeaveDate);
            prop_assert_eq!(user_path(ask.request()), ["users".to_owned(), key.to_string()]);
            prop_assert!(option(ask.request(), "$select").split(',').any(|name| name == "employeeLeaveDateTime"));
        }
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
            (path(&graph::assign_license(&root, user, &change)), vec!["users", &u, "assignLicense"]),
            (path(&graph::list_license_details(&root, user)), vec!["users", &u, "licenseDetails"]),
            (path(&graph::list_subscribed_skus(&root)), vec!["subscribedSkus"]),
            (path(&graph::list_verified_domains(&root)), vec!["organization"]),
            (path(&graph::get_service_principal(&root, user)), vec!["servicePrincipals", &u]),
            (path(&graph::get_agent_identity(&root, user)), vec!["servicePrincipals", "microsoft.graph.agentIdentity", &u]),
            (path(&graph::list_deleted_users::<Vec<AgentUser>>(&root)), vec!["directory", "deletedItems", "microsoft.graph.user"]),
            (path(&graph::get_deleted_item(&root, user)), vec!["directory", "deletedItems", &u]),
            (path(&graph::restore_deleted_item(&root, user)), vec!["directory", "deletedItems", &u, "restore"]),
            (path(&graph::delete_deleted_item(&root, user)), vec!["directory", "deletedItems", &u]),
        ] {
            prop_assert_eq!(found, expected);
        }
        for (ask, set) in [(graph::set_manager(&root, user, other), "users"), (graph::add_sponsor(&root, user, other, true), "groups")] {
            let body: serde_json::Value = serde_json::from_slice(&ask.request().body).unwrap();
            prop_assert_eq!(body, json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/{set}/{o}")}));
        }

        let by_app = graph::find_service_principal_by_app_id(&root, user);
        prop_assert_eq!(option(by_app.request(), "$filter"), format!("appId eq '{u}'"));
        let by_parent = graph::find_agent_user_by_parent(&root, user, Detail::Usual);
        prop_assert_eq!(option(by_parent.request(), "$filter"), format!("identityParentId eq '{u}'"));

        let filters = vec![
            Filter::AccountEnabled(on),
            Filter::Parent(user),
            Filter::DisplayNameStartsWith(text.clone()),
        ];
        let listed = graph::list_agent_users::<Vec<AgentUser>>(&root, &ListQuery { filters, page_size: top });
        prop_assert_eq!(path(&listed), ["users", cast]);
        prop_assert_eq!(option(listed.request(), "$top"), top.clamp(1, 999).to_string());
        let filter = option(listed.request(), "$filter");
        let before = format!("accountEnabled eq {on} and identityParentId eq '{u}' and startsWith(displayName,");
        let quoted = filter.strip_prefix(&*before).and_then(|rest| rest.strip_suffix(')')).unwrap();
        prop_assert_eq!(literal(quoted), text.clone());
        let filters = vec![Filter::UserPrincipalNameStartsWith(name.clone())];
        let listed = graph::list_agent_users::<Vec<AgentUser>>(&root, &ListQuery { filters, page_size: top });
        let filter = option(listed.request(), "$filter");
        let quoted = filter.strip_prefix("startsWith(userPrincipalName,").and_then(|rest| rest.strip_suffix(')')).unwrap();
        prop_assert_eq!(literal(quoted), name);
    }

    #[test]
    fn any_answer_is_read_or_refused(bytes in body(), status in prop_oneof![Just(200_u16), Just(204), Just(400), Just(404), any::<u16>()], user in id()) {
        let root = Root::from(Cloud::Global);
        let by_id = UserRef::Id(user);
        let response = response(status, bytes);
        let agent_user = graph::get_user(&root, &by_id, Detail::Usual);
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
        let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&response.body).is_ok();
        prop_assert_eq!(done.parse(&response).is_some(), status == 204 || object);
        let problem = explain(done.call(), &response);
        prop_assert!(!problem.message().is_empty() && !problem.fix().is_empty());
    }

    #[test]
    fn a_link_is_held_by_its_own_origin_only(tail in "\\PC{0,20}", junk in "[\\\\@:/.#? \\r\\n\\ta-z]{0,6}", port in 0..70_000_u32, upper in any::<bool>()) {
        let root = Root::from(Cloud::Global);
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
            prop_assert_eq!(graph::next_page::<serde_json::Value>(&root, graph::Call::ListAgentUsers, &url).is_some(), root.holds(&url));
        }
    }

    #[test]
    fn a_verdict_comes_for_every_answer_and_no_wait_is_endless(
        status in any::<u16>(), tries in any::<u32>(), throttled in any::<u32>(), jitter in any::<u64>(),
        flags in any::<[bool; 4]>(), header in "\\PC{0,30}", case in 0..6_u8,
    ) {
        let policy = Policy::default();
        let [write, renewed, unreadable, contacted] = flags;
        let state = AttemptState { write, tries, throttled, renewed, contacted, jitter };
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

/// A member's value as Graph may send it, and others.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let text = "([a-zA-Z \"\\\\/ë☃\u{1f916}\n\t]{0,12})".prop_map(|text| json!(text));
    prop_oneof![
        6 => text,
        2 => Just(json!(null)),
        2 => any::<bool>().prop_map(|flag| json!(flag)),
        2 => id().prop_map(|id| json!(id.to_string())),
        1 => any::<i32>().prop_map(|number| json!(number)),
        1 => vec("[a-z\"]{0,3}", 0..3).prop_map(|texts| json!(texts)),
        1 => Just(json!({ "deep": [1, { "a": null }] })),
    ]
}

fn any_user() -> impl Strategy<Value = serde_json::Value> {
    let known: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
    let names = prop_oneof![
        8 => proptest::sample::select(known),
        1 => Just("accountEnabled"),
        1 => Just("x\"y"),
    ];
    vec((names, any_value()), 0..8)
        .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        .prop_map(serde_json::Value::Object)
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_page_read_verbatim_says_what_the_typed_one_says(users in vec(any_user(), 0..5), pretty in any::<bool>()) {
        let users = serde_json::Value::Array(users);
        let text = if pretty { format!("{users:#}") } else { users.to_string() };
        let typed = serde_json::from_str::<Vec<AgentUser>>(&text);
        match UserPage::parse(&text) {
            // Members without a number are passed on unread.
            Err(_) => prop_assert!(typed.is_err(), "only the verbatim page refuses {text}"),
            Ok(page) => {
                prop_assert_eq!(page.text(), text.as_str());
                prop_assert_eq!(page.len(), users.as_array().unwrap().len());
                for (row, user) in users.as_array().unwrap().iter().enumerate() {
                    let record: serde_json::Value = serde_json::from_str(page.record(row).unwrap()).unwrap();
                    prop_assert_eq!(&record, user);
                    prop_assert_eq!(page.account_enabled(row), user["accountEnabled"].as_bool());
                    let mut rest = user.as_object().unwrap().clone();
                    rest.remove("accountEnabled");
                    for field in Field::ALL.iter().filter(|field| **field != Field::Other) {
                        let value = rest.remove(field.name());
                        prop_assert_eq!(page.field(row, *field), value.as_ref().and_then(|value| value.as_str()));
                    }
                    let other: Option<serde_json::Map<String, serde_json::Value>> = page.field(row, Field::Other).map(|text| serde_json::from_str(text).unwrap());
                    prop_assert_eq!(other.unwrap_or_default(), rest);
                }
                if let Ok(typed) = typed {
                    for (row, user) in typed.iter().enumerate() {
                        prop_assert_eq!(page.field(row, Field::DisplayName), user.display_name());
                        let id = page.field(row, Field::Id).map(|id| id.parse::<ObjectId>().unwrap());
                        prop_assert_eq!(id, user.id());
                    }
                }
            }
        }
    }

    #[test]
    fn whatever_comes_as_json_is_a_problem_at_most(bytes in vec(any::<u8>(), 0..200), user in any_user()) {
        for json in [bytes.as_slice(), user.to_string().as_bytes()] {
            drop(agentuser_core::json::OperationRequest::parse(json, bytes.clone()));
            drop(agentuser_core::json::Config::parse(json));
            drop(agentuser_core::json::answer(json, bytes.clone()));
            drop(agentuser_core::json::validate(json));
            drop(agentuser_core::json::validate_roster(b"{}", &bytes));
            drop(agentuser_core::json::derive(json));
        }
        let request = json!({ "operation": "provision", "agentUser": user });
        if let Err(problem) = agentuser_core::json::OperationRequest::parse(request.to_string().as_bytes(), Vec::new()) {
            prop_assert!(!problem.violations().is_empty());
            prop_assert!(problem.violations().iter().all(|one| !one.fix.is_empty() && !one.field.is_empty()));
        }
    }
}
