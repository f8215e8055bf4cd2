//! The shapes of all operations.

use crate::json::shape::Described;
use schemars::Schema;
use serde_json::{Map, Value, json};

/// Any request.
pub(super) fn requests(operations: Vec<Described>) -> Value {
    let requests: Vec<Value> = operations.into_iter().map(|operation| operation.request).collect();
    json!({ "description": "An operation and its parameters.", "oneOf": requests })
}

/// The items of every operation that yields any, by its name.
pub(super) fn items(operations: &[Described]) -> Value {
    let items = operations.iter().filter_map(|operation| Some((operation.name, operation.item.clone()?)));
    by_name("The items that an operation yields before its result, by its name.", items)
}

/// The result of every operation, by its name.
pub(super) fn results(operations: &[Described]) -> Value {
    let results = operations.iter().map(|operation| (operation.name, operation.result.clone()));
    by_name("The result of every operation, by its name.", results)
}

fn by_name(description: &str, schemas: impl Iterator<Item = (&'static str, Schema)>) -> Value {
    let properties: Map<String, Value> =
        schemas.map(|(name, schema)| (name.to_owned(), Value::from(schema))).collect();
    let names: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "description": description, "required": names, "properties": properties })
}

#[cfg(test)]
mod tests {
    use crate::json::operations::Request;
    use crate::json::schema;

    #[test]
    fn every_operation_has_its_request_and_its_result() {
        let schema = schema();
        let requests = schema["$defs"]["OperationRequest"]["oneOf"].as_array().unwrap();
        let requests: Vec<&str> =
            requests.iter().map(|one| one["properties"]["operation"]["const"].as_str().unwrap()).collect();
        assert_eq!(requests, Request::NAMES);
        let results = schema["$defs"]["OperationResults"]["properties"].as_object().unwrap();
        for name in Request::NAMES {
            assert!(results.contains_key(*name), "{name}");
        }
        assert_eq!(results.len(), Request::NAMES.len());
    }
}
