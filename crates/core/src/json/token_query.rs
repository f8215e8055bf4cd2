//! A query for a token.

use super::members::{FromMembers, Members};
use crate::problem::{Code, Problem};
use serde_json::Error;

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
    /// When it is not such JSON, or a scope is empty or has white space in it.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        let query: Self = super::text::read("token query", json)?;
        match query.scopes.iter().find(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            Some(_) => Err(Problem::new(Code::Invalid, "A scope is empty, or has white space in it.")
                .with_field("scopes")
                .with_fix(
                    "Give each scope as a text of its own, such as \"https://graph.microsoft.com/.default\".",
                )),
            None => Ok(query),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_told_where_it_is_wrong() {
        assert_eq!(TokenQuery::parse(b"{}").unwrap(), TokenQuery::default());
        let query =
            TokenQuery::parse(br#"{"scopes":["a/.default","b"],"refresh":true,"claims":"{}"}"#).unwrap();
        assert_eq!((query.scopes.len(), query.refresh, query.claims.as_deref()), (2, true, Some("{}")));
        for wrong in [r#"{"scopes":["a b"]}"#, r#"{"scopes":[""]}"#, r#"{"scope":"a"}"#, "[]", ""] {
            assert_eq!(TokenQuery::parse(wrong.as_bytes()).unwrap_err().code(), Code::Invalid, "{wrong}");
        }
    }
}
