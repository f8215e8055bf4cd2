//! Any text as the digest of a page that stays with the host: a list yields the same users as of the page itself.
#![no_main]

use agentuser_core::flow::{Found, UserSet, Users};
use agentuser_core::json::{PageDigest, UserPage};
use agentuser_core::model::{Entries, MOST_ENTRIES, Page};
use serde_json::{Map, Value, json};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(Page { value: digest, .. }) = serde_json::from_str::<Page<PageDigest>>(text) else { return };
    // Half a character that is escaped is no text for serde_json.
    let Ok(message) = serde_json::from_str::<Value>(text) else { return };
    let count =
        message["value"]["count"].as_u64().and_then(|count| usize::try_from(count).ok()).expect("a number");
    if count > MOST_ENTRIES {
        assert_eq!(digest.count(), MOST_ENTRIES + 1);
        return;
    }
    let page = UserPage::parse(&users(&message["value"], count).to_string()).expect("a page of users");
    for set in [UserSet::AgentUsers, UserSet::AllUsers] {
        let (mut found_here, mut found_there) = (Found::default(), Found::default());
        let (here, new_here) = page.clone().only(set, &mut found_here);
        let (there, new_there) = digest.clone().only(set, &mut found_there);
        assert_eq!((new_here, found_here, here.len()), (new_there, found_there, there.count()));
        check(&serde_json::to_value(there.with_former_names()).expect("JSON"), here.len(), count);
    }
});

/// The users of the page that has this digest.
fn users(digest: &Value, count: usize) -> Value {
    let columns = digest["columns"].as_array().expect("columns");
    let names = ["id", "@odata.type", "identityParentId", "userPrincipalName"];
    let mut users = vec![Map::new(); count];
    for (name, column) in names.into_iter().zip(columns) {
        let column = column.as_str().expect("text");
        let values: Vec<&str> =
            if column.contains(',') { column.split(',').collect() } else { vec![column; count] };
        assert_eq!(values.len(), count);
        for (user, value) in users.iter_mut().zip(values).filter(|(_, value)| !value.is_empty()) {
            user.insert(name.to_owned(), json!(value));
        }
    }
    users.into_iter().map(Value::Object).collect()
}

/// The places that the host is told are of users of the page, each once and in their order.
fn check(kept: &Value, yielded: usize, count: usize) {
    let places = |list: &Value, place: fn(&Value) -> &Value| -> Vec<usize> {
        let all = list.as_array().expect("a list").iter().map(place);
        all.map(|place| usize::try_from(place.as_u64().expect("a number")).expect("a place")).collect()
    };
    let rows = match &kept["rows"] {
        Value::Null => (0..count).collect(),
        rows => places(rows, |row| row),
    };
    assert_eq!(rows.len(), yielded);
    assert!(rows.is_sorted_by(|a, b| a < b) && rows.iter().all(|row| *row < count));
    let named = places(&kept["names"], |name| &name[0]);
    assert!(named.is_sorted_by(|a, b| a < b) && named.iter().all(|place| rows.contains(place)));
}
