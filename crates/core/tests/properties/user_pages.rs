//! Users as JSON: pages that are read verbatim, and requests.

use crate::common::{cases, id};
use agentuser_core::ObjectId;
use agentuser_core::json::{Field, UserPage};
use agentuser_core::model::AgentUser;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

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
