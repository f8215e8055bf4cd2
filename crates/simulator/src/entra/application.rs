//! Applications that may sign in, with what they prove it by.

use crate::directory::Token;
use agentuser_core::ObjectId;
use std::fmt;
use std::time::Duration;

/// An application, or the credentials of a blueprint beside those that Graph has.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Application {
    pub(crate) id: ObjectId,
    /// Secrets, with the end of each in milliseconds since 1970.
    pub(super) secrets: Vec<(String, Option<i64>)>,
    pub(super) keys: Vec<Key>,
    pub(super) federated: Vec<Federated>,
    pub(super) redirects: Vec<(Redirect, String)>,
    pub(super) public: bool,
    /// The permissions of its own tokens at Graph, in place of the roles of its principal.
    pub(super) token: Option<Token>,
    pub(super) expires_in: Duration,
}

/// The certificate of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) der: Vec<u8>,
    /// The number with which it is refused, however good the signature.
    pub(super) refused: Option<u32>,
}

/// A federated identity credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Federated {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audience: String,
}

/// The kinds of redirect address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// The address of a program on the person's machine.
    Public,
    /// The address of a page that redeems its code itself.
    SinglePage,
    /// The address of a server that has a secret.
    Web,
}

/// How long tokens live, as Entra's usually do.
pub(super) const HOUR: Duration = Duration::from_secs(3_599);

impl Application {
    /// The application of that client id. Its tokens live for 3,599 seconds.
    pub const fn new(id: ObjectId) -> Self {
        Self {
            id,
            secrets: Vec::new(),
            keys: Vec::new(),
            federated: Vec::new(),
            redirects: Vec::new(),
            public: false,
            token: None,
            expires_in: HOUR,
        }
    }

    /// Its client id.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        self.id
    }

    /// Adds a secret that never ends.
    pub fn secret(mut self, secret: &str) -> Self {
        self.secrets.push((secret.to_owned(), None));
        self
    }

    /// Adds a secret that ends then, in milliseconds since 1970.
    pub fn secret_until(mut self, secret: &str, unix_ms: i64) -> Self {
        self.secrets.push((secret.to_owned(), Some(unix_ms)));
        self
    }

    /// Adds a certificate, as DER.
    pub fn certificate(mut self, der: &[u8]) -> Self {
        self.keys.push(Key { der: der.to_vec(), refused: None });
        self
    }

    /// Adds a certificate that Entra refuses with this number, such as 7000214 (it was revoked).
    pub fn refused_certificate(mut self, der: &[u8], number: u32) -> Self {
        self.keys.push(Key { der: der.to_vec(), refused: Some(number) });
        self
    }

    /// Takes the certificates away.
    pub fn without_certificates(mut self) -> Self {
        self.keys.clear();
        self
    }

    /// Adds a federated identity credential.
    pub fn federated(mut self, issuer: &str, subject: &str, audience: &str) -> Self {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.federated.push(Federated { issuer, subject, audience: audience.to_owned() });
        self
    }

    /// Adds a redirect address, such as `http://localhost`.
    pub fn redirect(mut self, kind: Redirect, uri: &str) -> Self {
        self.redirects.push((kind, uri.to_owned()));
        self
    }

    /// Allows public client flows: people sign in without a secret of the application.
    pub const fn public_flows(mut self) -> Self {
        self.public = true;
        self
    }

    /// Sets what its own tokens may do at Graph, in place of the roles of its principal.
    pub fn permissions(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Its own tokens have the roles of its principal.
    #[cfg(feature = "options")]
    pub(crate) fn own_roles(mut self) -> Self {
        self.token = None;
        self
    }

    /// Sets how long its tokens live, in whole seconds of real time.
    pub const fn expires_in(mut self, expires_in: Duration) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// Its first secret.
    #[cfg(feature = "options")]
    pub(crate) fn first_secret(&self) -> Option<&str> {
        self.secrets.first().map(|(secret, _)| secret.as_str())
    }

    /// How long its tokens live.
    #[cfg(feature = "options")]
    pub(crate) const fn lifetime(&self) -> Duration {
        self.expires_in
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application").field("id", &self.id).finish_non_exhaustive()
    }
}
