//! How the server behaves.

use crate::ids;
use agentuser_core::ObjectId;
use std::collections::BTreeMap;
use std::time::Duration;

/// How the server behaves.
#[derive(Debug, Clone)]
#[must_use]
pub struct ServerOptions {
    pub(super) speed: u32,
    pub(super) idle: Duration,
    pub(super) lifetime: Duration,
    pub(super) hold: Duration,
    pub(super) body_limit: usize,
    /// The application that asks as a managed identity.
    pub(super) managed_identity: Option<ObjectId>,
    /// Tokens by name: those of the tenant, where they differ from the names.
    pub(super) tokens: BTreeMap<String, String>,
    pub(super) root: Option<String>,
    pub(super) allowed_origins: Vec<String>,
    pub(super) allowed_hosts: Vec<String>,
    pub(super) tls: bool,
    pub(super) proxy: bool,
    #[cfg(feature = "contract")]
    pub(super) contract: bool,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl ServerOptions {
    /// Real time; ends after ten minutes without a request and after twelve hours; no managed identity.
    pub const fn new() -> Self {
        Self {
            speed: 1,
            idle: Duration::from_secs(10 * 60),
            lifetime: Duration::from_secs(12 * 60 * 60),
            hold: Duration::from_secs(5 * 60),
            body_limit: 4 << 20,
            managed_identity: None,
            tokens: BTreeMap::new(),
            root: None,
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            tls: false,
            proxy: false,
            #[cfg(feature = "contract")]
            contract: false,
        }
    }

    /// The same, for [`crate::Tenant::contoso`]: [`ids::plain_app`] 1 is the managed identity.
    pub const fn contoso() -> Self {
        let mut options = Self::new();
        options.managed_identity = Some(ids::plain_app(1));
        options
    }

    /// Lets the tenant's time run this many times as fast, so that what takes minutes there takes seconds. The way
    /// between client and server is as slow as ever. Zero counts as one.
    pub const fn speed(mut self, times: u32) -> Self {
        self.speed = if times == 0 { 1 } else { times };
        self
    }

    /// Ends after this long without a request.
    pub const fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Ends after this long, whatever happens.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// How long a request that is never answered stays open.
    pub const fn hold(mut self, hold: Duration) -> Self {
        self.hold = hold;
        self
    }

    /// The largest body of a request, in bytes.
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Answers `500 ContractBreach` to a request that breaks the contract (`tests/contract`), while the environment
    /// has `AGENTUSER_CONTRACT`: no request of a test leaves the check out.
    #[cfg(feature = "contract")]
    pub fn contract_of_the_environment(mut self) -> Self {
        self.contract = std::env::var_os("AGENTUSER_CONTRACT").is_some_and(|set| !set.is_empty());
        self
    }

    /// Sets the root of Graph in links, contexts and scopes, such as `https://graph.microsoft.com`: the address that a client
    /// knows where something in between leads it here. Without it, the root is the server's own address.
    pub fn root(mut self, root: &str) -> Self {
        self.root = Some(root.trim_end_matches('/').to_owned());
        self
    }

    /// Answers pages of this origin, too, such as `https://admin.example`. Pages of this machine are always answered.
    pub fn allow_origin(mut self, origin: &str) -> Self {
        self.allowed_origins.push(origin.to_owned());
        self
    }

    /// Answers requests to this host, too, besides the names of this machine and the root's.
    pub fn allow_host(mut self, host: &str) -> Self {
        self.allowed_hosts.push(host.to_owned());
        self
    }

    /// Speaks TLS besides plain HTTP, on the same port ([`super::Server::authority`]).
    #[cfg(feature = "tls")]
    pub const fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Is an HTTPS proxy for graph.microsoft.com and login.microsoftonline.com, which are this server then. The root is
    /// `https://graph.microsoft.com` unless another one is set.
    #[cfg(feature = "tls")]
    pub const fn proxy(mut self) -> Self {
        self.tls = true;
        self.proxy = true;
        self
    }
}
