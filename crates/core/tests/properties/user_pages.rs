//! Users as JSON: pages that are read verbatim, and requests.

use crate::common::{cases, id};
use agentuser_core::ObjectId;
use agentuser_core::flow::{Found, UserSet, Users};
use agentuser_core::json::{Field, PageDigest, UserPage};
use agentuser_core::model::{AgentUser, Page};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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

/// An entry of a list: some are there twice, some are of another type, some were deleted, and some are not as Graph sends them.
fn any_entry() -> impl Strategy<Value = Value> {
    let id = || (0_u32..4).prop_map(|n| format!("0f3cb4e1-2e2c-4f0d-9b6e-{n:012}"));
    let user = (
        prop_oneof![20 => id().prop_map(Value::from), 2 => Just(Value::Null), 1 => any_value()],
        prop_oneof![10 => Just(None), 10 => id().prop_map(|id| Some(json!(id))), 1 => any_value().prop_map(Some)],
        prop_oneof![
            10 => Just(None),
            5 => Just(Some(json!("#microsoft.graph.agentUser"))),
            5 => Just(Some(json!("#microsoft.graph.user"))),
            1 => any_value().prop_map(Some),
        ],
        (any::<bool>(), id(), "[a-z@]{0,3}"),
        proptest::option::weighted(0.2, any_user()),
    );
    let user = user.prop_map(|(id, parent, kind, (has_prefix, of, name), other)| {
        let name = if has_prefix { of.replace('-', "") + &name } else { name };
        let mut user = json!({ "id": id, "userPrincipalName": name });
        let members = [("identityParentId", parent), ("@odata.type", kind)];
        let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let other = other.and_then(|other| Some(other.as_object()?.clone())).unwrap_or_default();
        let user_members = user.as_object_mut().unwrap();
        user_members.extend(members.chain(other));
        // A digest does not tell these from members that are absent.
        user_members.retain(|name, value| name != "accountEnabled" || value.is_boolean() || value.is_null());
        user_members.retain(|_, value| *value != "");
        user
    });
    prop_oneof![30 => user, 1 => Just(Value::Null)]
}

/// A page as a host hands it over that keeps its users.
fn digested(users: &[Value]) -> String {
    let members = users.iter().filter_map(Value::as_object).flatten();
    let others: BTreeSet<_> =
        members.filter(|(_, value)| !value.is_string() && !value.is_null()).map(|(name, _)| name).collect();
    let column = |name: &str| {
        let values = users.iter().map(|user| match &user[name] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        });
        let values: Vec<String> = values.collect();
        let first = values.first().cloned().unwrap_or_default();
        if values.iter().all(|value| *value == first) { first } else { values.join(",") }
    };
    let columns = ["id", "@odata.type", "identityParentId", "userPrincipalName"].map(column);
    json!({ "value": { "page": 7, "count": users.len(), "columns": columns, "others": others } }).to_string()
}

/// The users that a list yields of a page which the host keeps.
fn kept(users: &[Value], page: &PageDigest) -> Value {
    let kept = serde_json::to_value(page).unwrap();
    assert_eq!(kept["page"], 7);
    let mut users = users.to_vec();
    for name in kept["names"].as_array().unwrap() {
        users[usize::try_from(name[0].as_u64().unwrap()).unwrap()]["userPrincipalName"] = name[1].clone();
    }
    match kept["rows"].as_array() {
        None => users.into(),
        Some(rows) => {
            rows.iter().map(|row| users[usize::try_from(row.as_u64().unwrap()).unwrap()].clone()).collect()
        }
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_page_that_stays_with_its_host_yields_what_one_that_is_read_here_yields(
        users in vec(any_entry(), 0..6),
        deleted in any::<bool>(),
    ) {
        let text = json!({ "value": users }).to_string();
        let here = serde_json::from_str::<Page<UserPage>>(&text).map(|page| page.value);
        let there = serde_json::from_str::<Page<PageDigest>>(&digested(&users)).map(|page| page.value);
        prop_assert_eq!(here.is_ok(), there.is_ok(), "{}", text);
        if let (Ok(here), Ok(there)) = (here, there) {
            let set = if deleted { UserSet::AllUsers } else { UserSet::AgentUsers };
            let (mut found_here, mut found_there) = (Found::default(), Found::default());
            let (here, new_here) = here.only(set, &mut found_here);
            let (there, new_there) = there.only(set, &mut found_there);
            prop_assert_eq!((new_here, found_here), (new_there, found_there));
            let here = if deleted { here.with_former_names() } else { here };
            let there = if deleted { there.with_former_names() } else { there };
            prop_assert_eq!(serde_json::from_str::<Value>(here.text()).unwrap(), kept(&users, &there));
        }
    }

    #[test]
    fn a_page_read_verbatim_says_what_the_typed_one_says(users in vec(any_user(), 0..5), pretty in any::<bool>()) {
        let users = serde_json::Value::Array(users);
        let text = if pretty { format!("{users:#}") } else { users.to_string() };
        let typed = serde_json::from_str::<Vec<AgentUser>>(&text);
        match UserPage::parse(&text) {
            // Members without a number are passed on unread.
            Err(_) => prop_assert!(typed.is_err(), "only the verbatim page refuses {text}"),
            Ok(page) => {
                let records: Vec<&RawValue> = serde_json::from_str(&text).unwrap();
                let records: Vec<&str> = records.iter().map(|record| record.get()).collect();
                prop_assert_eq!(page.text(), format!("[{}]", records.join(",")));
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
