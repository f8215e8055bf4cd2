//! Answers that the tests of problems share.

use agentuser_core::http::{Headers, Response};

pub fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response { status, headers: Headers::new(), body: body.into() }
}

pub fn graph(code: &str, message: &str) -> String {
    serde_json::json!({"error": {"code": code, "message": message, "innerError": {
        "date": "2025-02-13T10:17:05", "request-id": "6b1a2c3d-0000-4000-8000-000000000001",
        "client-request-id": "6b1a2c3d-0000-4000-8000-000000000002"
    }}})
    .to_string()
}
