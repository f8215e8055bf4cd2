//! The scopes of a token.

use crate::graph::Endpoint;
use crate::problem::{Code, Problem};
use crate::short::sort;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The end of a scope that stands for everything that was granted.
const DEFAULT: &str = "/.default";

/// The scopes that a person's sign-in adds: an account to show, and a refresh token (docs/sign-in.md#people).
const OF_PERSON: [&str; 3] = ["openid", "profile", "offline_access"];

/// The scopes of a token, at least one: each once, in alphabetical order. They keep their spelling; comparing and hashing
/// ignore the case of letters.
#[derive(Clone)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// These scopes. One text may have several, with blanks between them. Those that every person's sign-in asks for
    /// (`openid`, `profile`, `offline_access`) don't count: the legs add them.
    ///
    /// # Errors
    /// [`Code::SignInScopeInvalid`] where there is none, or one has a character that no scope can have
    /// ([RFC 6749, section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    pub fn new<T: AsRef<str>>(scopes: impl IntoIterator<Item = T>) -> Result<Self, Problem> {
        let mut all: Vec<String> = Vec::new();
        for text in scopes {
            for scope in text.as_ref().split_ascii_whitespace() {
                if !scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
                    let message = "A scope has a character that none can have.";
                    return Err(Problem::new(Code::SignInScopeInvalid, message));
                }
                if !OF_PERSON.iter().any(|known| known.eq_ignore_ascii_case(scope)) {
                    all.push(scope.to_owned());
                }
            }
        }
        sort(&mut all, |a, b| folded(a).cmp(folded(b)).then_with(|| a.cmp(b)).is_lt());
        all.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        if all.is_empty() {
            return Err(Problem::new(Code::SignInScopeInvalid, "There is no scope."));
        }
        Ok(Self(all))
    }

    /// Everything that was granted on this Graph.
    #[must_use]
    pub fn of_graph(endpoint: &Endpoint) -> Self {
        Self(vec![format!("{}{DEFAULT}", endpoint.origin())])
    }

    /// Everything that was granted on this resource; its name has been checked.
    pub(super) fn of_resource(resource: &str) -> Self {
        Self(vec![format!("{resource}{DEFAULT}")])
    }

    /// Refuses what an application's own token can't be asked for: anything but one resource followed by `/.default`
    /// (docs/sign-in.md#application-token).
    ///
    /// # Errors
    /// [`Code::SignInScopeInvalid`].
    pub fn require_default(&self) -> Result<(), Problem> {
        match self.0.as_slice() {
            [one] if one.to_ascii_lowercase().ends_with(DEFAULT) => Ok(()),
            _ => {
                let message =
                    format!("A token without a person is asked for by one scope that ends in {DEFAULT}.");
                Err(Problem::new(Code::SignInScopeInvalid, message))
            }
        }
    }

    /// Each scope.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// With those that a person's sign-in adds.
    pub(super) fn with_person(&self) -> String {
        format!("{} {self}", OF_PERSON.join(" "))
    }
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

impl fmt::Display for Scopes {
    /// With blanks between them, as in a request.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq for Scopes {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Scopes {}

impl PartialOrd for Scopes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scopes {
    fn cmp(&self, other: &Self) -> Ordering {
        let words =
            |scopes: &Self| scopes.0.iter().map(|scope| scope.to_ascii_lowercase()).collect::<Vec<_>>();
        words(self).cmp(&words(other))
    }
}

impl Hash for Scopes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|scope| scope.to_ascii_lowercase().hash(state));
    }
}
