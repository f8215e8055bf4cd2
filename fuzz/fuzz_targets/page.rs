//! Any text as a page of agent users: what is passed on verbatim says what serde_json reads.
#![no_main]

use agentuser_core::json::{Field, UserPage};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let records = serde_json::from_str::<Vec<&RawValue>>(text);
    let Ok(page) = UserPage::parse(text) else { return };
    let records = records.expect("an array");
    assert_eq!(page.len(), records.len());
    let joined: Vec<&str> = (0..page.len()).filter_map(|row| page.record(row)).collect();
    assert_eq!(joined, records.iter().map(|record| record.get()).collect::<Vec<_>>());
    assert_eq!(page.text(), format!("[{}]", joined.join(",")));
    assert_eq!(page.record(page.len()), None);
    for (row, record) in joined.into_iter().enumerate() {
        // Numbers that serde_json can't hold are passed on as they are.
        let Ok(user) = serde_json::from_str::<Map<String, Value>>(record) else { continue };
        same(&page, row, user);
        let alone = UserPage::parse(&format!("[{record}]")).expect("a user of a page");
        assert_eq!((alone.len(), alone.record(0)), (1, Some(record)));
        for field in Field::ALL {
            assert_eq!(alone.field(0, *field), page.field(row, *field));
        }
    }
});

fn same(page: &UserPage, row: usize, mut user: Map<String, Value>) {
    let enabled = user.remove("accountEnabled").and_then(|value| value.as_bool());
    assert_eq!(page.account_enabled(row), enabled);
    for field in Field::ALL.iter().filter(|field| **field != Field::Other) {
        let value = user.remove(field.name());
        assert_eq!(page.field(row, *field), value.as_ref().and_then(Value::as_str), "{field:?}");
    }
    // Nothing at all, or an object that says the same.
    let other = page.field(row, Field::Other);
    let other = other.map(|text| serde_json::from_str::<Map<String, Value>>(text).expect("an object"));
    assert_eq!(other.unwrap_or_default(), user);
}
