//! A query for a token.

use super::members::{FromMembers, Members};
use crate::problem::Problem;
use crate::validate::{RuleCode, Violation};
use serde_json::{Error, Map, Value};

/// Which token a host wants for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenQuery {
    /// The scopes, all of one service, such as `https://storage.azure.com/.default`; none for Graph's.
    pub scopes: Vec<String>,
    /// Whether it must be a new one, because the last was refused.
    pub refresh: bool,
    /// The claims challenge of the service that refused the last, as JSON.
    pub claims: Option<String>,
}

impl FromMembers for TokenQuery {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            scopes: members.or_default("scopes")?,
            refresh: members.or_default("refresh")?,
            claims: members.take("claims")?,
        })
    }
}

impl TokenQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// When it is not such JSON, a scope is empty or has white space in it, or the claims are not an object of JSON.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        let query: Self = super::text::read("token query", json)?;
        let mut broken = Vec::new();
        if query.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            broken.push(Violation::new(
                RuleCode::NotUsable,
                "scopes",
                "A scope is empty, or has white space in it.",
                "Give each scope as a text of its own, such as \"https://graph.microsoft.com/.default\".",
            ));
        }
        let is_object = |claims: &String| serde_json::from_str::<Map<String, Value>>(claims).is_ok();
        if !query.claims.as_ref().is_none_or(is_object) {
            broken.push(Violation::new(
                RuleCode::NotUsable,
                "claims",
                "The claims are not an object of JSON.",
                "Give the claims challenge of the service that refused the token, decoded from base64, such as \
                 {\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1700000000\"}}}; or leave it out.",
            ));
        }
        if broken.is_empty() { Ok(query) } else { Err(Problem::from_violations(broken)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[test]
    fn a_query_is_read_or_told_where_it_is_wrong() {
        assert_eq!(TokenQuery::parse(b"{}").unwrap(), TokenQuery::default());
        let query =
            TokenQuery::parse(br#"{"scopes":["a/.default","b"],"refresh":true,"claims":"{}"}"#).unwrap();
        assert_eq!((query.scopes.len(), query.refresh, query.claims.as_deref()), (2, true, Some("{}")));
        for wrong in [r#"{"scopes":["a b"]}"#, r#"{"scopes":[""]}"#, r#"{"scope":"a"}"#, "[]", ""] {
            assert_eq!(TokenQuery::parse(wrong.as_bytes()).unwrap_err().code(), Code::Invalid, "{wrong}");
        }
        for claims in ["not json", "", "7", "[]", "{"] {
            let query = serde_json::json!({"scopes": ["a b"], "claims": claims}).to_string();
            let problem = TokenQuery::parse(query.as_bytes()).unwrap_err();
            let fields: Vec<_> = problem.violations().iter().map(|broken| broken.field.as_ref()).collect();
            assert_eq!(fields, ["scopes", "claims"], "{claims}");
        }
    }
}
