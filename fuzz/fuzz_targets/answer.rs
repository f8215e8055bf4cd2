//! Any answer of a server, to every call: read, explained and judged.
//!
//! The input is an answer; the word after its status names the call.
#![no_main]

use agentuser_core::ObjectId;
use agentuser_core::graph::{
    self, Ask, Call, Cloud, Detail, Endpoint, LicenseChange, ListQuery, ListedMember, RestoreOptions,
};
use agentuser_core::http::Response;
use agentuser_core::model::{AgentUser, AgentUserPatch, Entries, Page, UserRef};
use agentuser_core::operation::retry::{self, AttemptState, Policy, Verdict};
use agentuser_core::operation::{Answer, TokenTag};
use agentuser_core::sign_in::{Leg, Reply, Scopes, Secret};
use agentuser_core::{json, problem};
use agentuser_fuzz::check_problem;
use serde_json::{Map, Value};
use std::fmt::Debug;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((word, response)) = agentuser_fuzz::response(input) else { return };
    let at = Call::ALL.iter().position(|call| call.name() == word);
    let call = Call::ALL[at.unwrap_or(usize::from(response.status) % Call::ALL.len())];
    let problem = problem::explain(call, &response);
    check_problem(&problem);
    assert_eq!(problem.status(), Some(response.status));
    check_sign_in(&response);
    read(&response);
    judge(response);
});

fn check_sign_in(response: &Response) {
    check_problem(&problem::sign_in(response));
    let id = ObjectId::from_u128(1);
    let scopes = Scopes::of_graph(&Endpoint::from(Cloud::Global));
    let t1 = Secret::from("t1".to_owned());
    for leg in [
        Leg::AgentIdentity { identity: id.into(), t1, scopes: scopes.clone() },
        Leg::DeviceCode { client_id: id.into(), scopes },
    ] {
        match leg.read(response) {
            Reply::Token(token) => {
                let secret = token.secret.expose();
                assert!(response.status == 200 && !secret.is_empty());
                // A short one may be a word of any text.
                assert!(secret.len() <= 16 || !format!("{token:?}").contains(secret), "a token is shown");
            }
            Reply::DeviceCode(code) => {
                let secret = code.device_code.expose();
                assert!(secret.len() <= 16 || !format!("{:?}", code.device_code).contains(secret));
            }
            Reply::Pending { .. } => assert_ne!(response.status, 200),
            other => check_problem(&other.into_problem()),
        }
    }
}

/// Reads it as the answer to every call there is.
fn read(response: &Response) {
    let root = Endpoint::from(Cloud::Global);
    let id = ObjectId::from_u128(1);
    let user = graph::get_user(&root, &UserRef::Id(id), &Detail::USUAL).parse(response);
    if let Some(user) = user {
        assert!(user.id().is_some(), "a user without an id");
        same(&user);
    }
    let typed =
        page(&root, &graph::list_agent_users::<Vec<AgentUser>>(&root, &ListQuery::default()), response);
    let verbatim =
        page(&root, &graph::list_agent_users::<json::UserPage>(&root, &ListQuery::default()), response);
    // Members without a number are passed on unread; the others are read alike.
    if let (Some(typed), Some(verbatim)) = (typed, verbatim) {
        // Entries that are null are left out of typed pages.
        assert!(typed.value.len() <= verbatim.value.len());
        typed.value.iter().for_each(same);
        assert_eq!(typed.next_link, verbatim.next_link);
    }
    page(&root, &graph::list_deleted_users::<Vec<AgentUser>>(&root), response);
    page(&root, &graph::list_deleted_users::<json::UserPage>(&root), response);
    let detail = Detail::with(ListedMember::find("employeeLeaveDateTime"));
    page(&root, &graph::find_agent_user_by_parent(&root, id, &detail), response);
    page(&root, &graph::find_groups_by_name(&root, "Sales Agents"), response);
    page(&root, &graph::list_memberships(&root, id), response);
    page(&root, &graph::list_sponsors(&root, id), response);
    page(&root, &graph::list_license_details(&root, id), response);
    page(&root, &graph::list_verified_domains(&root), response);
    page(&root, &graph::find_service_principal_by_app_id(&root, id), response);
    if let Some(page) = page(&root, &graph::list_subscribed_skus(&root), response) {
        assert!(page.value.iter().all(|sku| sku.free_seats() >= 0), "fewer than no seats");
    }
    shown(graph::get_manager(&root, id).parse(response));
    shown(graph::get_service_principal(&root, id).parse(response));
    shown(graph::get_agent_identity(&root, id).parse(response));
    shown(graph::get_deleted_item(&root, id).parse(response));
    shown(graph::get_group(&root, id).parse(response));
    shown(graph::get_drive(&root, id).parse(response));
    let object = serde_json::from_slice::<Map<String, Value>>(&response.body).ok();
    let (empty, is_object) = (response.status == 204, object.is_some());
    // An error, or an object that may be another one than was asked for, is not taken for a success.
    let telling = ["error", "id", "identityParentId", "userPrincipalName", "@odata.type"];
    let tells_nothing = object.is_some_and(|object| telling.iter().all(|name| !object.contains_key(*name)));
    let surely = (empty && response.body.is_empty()) || (tells_nothing && response.status != 401);
    for done in [
        graph::update_agent_user(&root, id, &AgentUserPatch::default()),
        graph::delete_agent_user(&root, id),
        graph::restore_deleted_item(&root, id, &RestoreOptions::default()),
        graph::delete_deleted_item(&root, id),
        graph::set_manager(&root, id, id),
        graph::remove_manager(&root, id),
        graph::add_sponsor(&root, id, id, true),
        graph::remove_sponsor(&root, id, id),
        graph::assign_license(&root, id, &LicenseChange::default()),
    ] {
        let taken = done.parse(response).is_some();
        assert!(taken || !surely, "{done:?}");
        assert!(!taken || empty || is_object, "{done:?}");
    }
}

/// A value that is written is read back as the same.
fn same(user: &AgentUser) {
    let text = serde_json::to_string(user).expect("JSON");
    let again: AgentUser = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    assert_eq!(&again, user, "{text}");
}

/// Reads a page, and asks for the next one where its link may be followed.
fn page<E>(root: &Endpoint, ask: &Ask<Page<E>>, response: &Response) -> Option<Page<E>>
where
    E: Entries + Debug,
{
    let page = ask.parse(response)?;
    if let Some(next) =
        page.next_link.as_deref().and_then(|link| graph::next_page::<E>(root, ask.call(), link))
    {
        agentuser_fuzz::check_origin(root, &next.request().url);
    }
    shown(Some(&page));
    Some(page)
}

fn shown<T: Debug>(value: Option<T>) {
    if let Some(value) = value {
        std::hint::black_box(format!("{value:?}"));
    }
}

/// Decides what to do about it, as a read and as a write, at first and at the last try.
fn judge(response: Response) {
    let (policy, status) = (Policy::default(), response.status);
    let asked = problem::retry_after(&response.headers);
    let answer = Answer::Response { response, token: TokenTag(1) };
    for (write, unreadable, tries) in [(false, false, 1), (false, true, 2), (true, false, 1), (true, true, 6)]
    {
        let state = AttemptState {
            write,
            tries,
            throttled: 0,
            renewed: false,
            challenged: false,
            contacted: true,
            jitter: 7,
        };
        let verdict = retry::verdict(&policy, state, &answer, unreadable);
        if write && (status == 408 || status >= 500) {
            assert_eq!(verdict, Verdict::Final, "a write that may have happened is not repeated");
        }
        if let (Verdict::Again { after, .. }, Some(asked)) = (verdict, asked) {
            assert!(after >= asked, "{after:?} where the server asks for {asked:?}");
        }
    }
}
