//! Applications that may sign in.

use crate::directory::Token;
use agentuser_core::ObjectId;
use std::fmt;
use std::time::Duration;

/// An application with a secret, and the token it gets.
#[derive(Clone)]
#[must_use]
pub struct AppClient {
    pub(super) id: ObjectId,
    pub(super) secret: String,
    pub(super) token: Token,
    pub(super) expires_in: Duration,
}

impl AppClient {
    /// The application of that client id. Its tokens live for 3,599 seconds, as Entra's usually do.
    pub fn new(id: ObjectId, secret: &str, token: Token) -> Self {
        Self { id, secret: secret.to_owned(), token, expires_in: Duration::from_secs(3_599) }
    }

    /// Sets how long its tokens live, in whole seconds of real time.
    pub const fn expires_in(mut self, expires_in: Duration) -> Self {
        self.expires_in = expires_in;
        self
    }
}

impl fmt::Debug for AppClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppClient").field("id", &self.id).finish_non_exhaustive()
    }
}
