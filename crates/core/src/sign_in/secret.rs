//! A text that nobody may see.

use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

/// A token, a client secret, an assertion or a code. It is overwritten when dropped, and never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The secret of that text, which is overwritten. White space around it does not count.
    #[must_use]
    pub fn trimmed(mut text: String) -> Self {
        let secret = text.trim().to_owned();
        text.zeroize();
        Self(Zeroizing::new(secret))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
