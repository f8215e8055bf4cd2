//! The last token of each scope: a refused one must not come again.

use agentuser_core::sign_in::Secret;
use std::collections::VecDeque;

/// Programs ask for a few services. A scope that so many others followed is forgotten.
const SCOPES: usize = 32;

/// Scopes with their last tokens, the latest at the end.
#[derive(Debug, Default)]
pub(super) struct LastTokens(VecDeque<(String, Secret)>);

impl LastTokens {
    /// Takes the token that came for these scopes, in place of the one before, which is returned.
    pub(super) fn replace(&mut self, scope: &str, token: &str) -> Option<Secret> {
        let at = self.0.iter().position(|(other, _)| other == scope);
        let last = at.and_then(|at| self.0.remove(at)).map(|(_, token)| token);
        if self.0.len() >= SCOPES {
            self.0.pop_front();
        }
        self.0.push_back((scope.to_owned(), token.to_owned().into()));
        last
    }
}

#[cfg(test)]
mod tests {
    use super::{LastTokens, SCOPES};

    #[test]
    fn each_scope_has_its_own_and_the_oldest_goes() {
        let mut last = LastTokens::default();
        let mut replace =
            |scope: &str, token: &str| last.replace(scope, token).map(|last| last.expose().to_owned());
        assert_eq!(replace("a", "1"), None);
        assert_eq!(replace("b", "2"), None);
        assert_eq!(replace("a", "3").as_deref(), Some("1"));
        for number in 1..SCOPES {
            assert_eq!(replace(&number.to_string(), "other"), None);
        }
        assert_eq!(replace("a", "4").as_deref(), Some("3"));
        assert_eq!(replace("b", "5"), None, "so many others followed it");
    }
}
