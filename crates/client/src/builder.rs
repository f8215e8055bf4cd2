//! Setting up a client.

use crate::client::Client;
use crate::shared::Shared;
use crate::tls::{self, Roots};
use crate::token::{TokenProvider, Tokens};
use crate::transport::Transport;
use agentuser_core::graph::{Cloud, Endpoint};
use agentuser_core::json::Config;
use agentuser_core::operation::{Limits, Quotas, Session, Settings};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::token::MAX_BYTES;
use std::sync::Arc;
use std::time::Duration;

/// A change to the settings.
type Adjust = Box<dyn FnOnce(&mut Settings) + Send>;

/// The parts and settings of a [`Client`]. Only the token is needed; the rest has defaults.
#[must_use]
pub struct Builder {
    graph_endpoint: Endpoint,
    provider: Option<Arc<dyn TokenProvider>>,
    connect_timeout: Duration,
    limits: Limits,
    answer_limit: usize,
    max_token_bytes: usize,
    roots: Roots,
    http: reqwest::ClientBuilder,
    proxied: bool,
    adjust: Vec<Adjust>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("graph_endpoint", &self.graph_endpoint)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Builder {
    fn new() -> Self {
        Self {
            graph_endpoint: Endpoint::from(Cloud::Global),
            provider: None,
            connect_timeout: Duration::from_secs(20),
            limits: Limits::default(),
            answer_limit: 16 << 20,
            max_token_bytes: MAX_BYTES,
            roots: Vec::new(),
            http: reqwest::Client::builder(),
            proxied: false,
            adjust: Vec::new(),
        }
    }

    /// The cloud; the global cloud by default.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.graph_endpoint = cloud.into();
        self
    }

    /// A Graph endpoint in place of a cloud's, such as a simulator's.
    pub fn graph_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.graph_endpoint = endpoint;
        self
    }

    /// The endpoint, times, limits and certificates of a configuration of the JSON tier. The token is set apart.
    ///
    /// # Errors
    /// Those of [`Builder::root_certificates`].
    pub fn config(mut self, config: &Config) -> Result<Self, Problem> {
        if let Some(pem) = config.root_certificates() {
            self = self
                .root_certificates(pem.as_bytes())
                .map_err(|problem| problem.with_field("rootCertificates"))?;
        }
        self.graph_endpoint = config.endpoint();
        self.limits = config.limits();
        self.answer_limit = config.max_answer_bytes().unwrap_or(self.answer_limit);
        self.max_token_bytes = config.max_token_bytes();
        let configured = config.settings();
        Ok(self.settings(move |settings| {
            // The endpoint may be set anew after this.
            let endpoint = settings.graph_endpoint.clone();
            *settings = configured;
            settings.graph_endpoint = endpoint;
        }))
    }

    /// The provider of tokens.
    pub fn token(mut self, provider: impl TokenProvider) -> Self {
        self.provider = Some(Arc::new(provider));
        self
    }

    /// How long a connection may take; 20 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Requests in flight at a time, for each run; 32 by default.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.limits.in_flight = requests.max(1);
        self
    }

    /// Requests of a roster that may go as one by `$batch` when they are ready at the same time; 20, which is the most
    /// that Graph takes, by default. 1 sends each on its own.
    pub fn batch(mut self, requests: usize) -> Self {
        self.limits.batch = requests.max(1);
        self
    }

    /// How much of Graph the client may use; the published quotas by default.
    pub fn quotas(self, quotas: Quotas) -> Self {
        self.settings(move |settings| settings.quotas = quotas)
    }

    /// The largest answer that is taken, in bytes after decompression; 16 MiB by default.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// The most bytes that a token may have; 65,536 by default.
    pub fn max_token_bytes(mut self, bytes: usize) -> Self {
        self.max_token_bytes = bytes;
        self
    }

    /// Certificate authorities, as PEM, that are trusted beside the system's: those of a proxy that opens TLS, or of a
    /// server of one's own. On Windows and macOS, the system's are those of its certificate stores, to which a company
    /// adds its own; on Linux they are in the files that OpenSSL reads, or in those that `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR` name.
    ///
    /// # Errors
    /// When it holds no certificate, or one that can't be read.
    pub fn root_certificates(mut self, pem: &[u8]) -> Result<Self, Problem> {
        self.roots.extend(tls::certificates(pem)?);
        Ok(self)
    }

    /// A proxy. Without one, the environment's (`HTTPS_PROXY`, `NO_PROXY` …) are used as reqwest does.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.http = self.http.proxy(proxy);
        self.proxied = true;
        self
    }

    /// Changes how long things are waited for.
    pub fn settings(mut self, adjust: impl FnOnce(&mut Settings) + Send + 'static) -> Self {
        self.adjust.push(Box::new(adjust));
        self
    }

    /// The client. It shares what it learns about throttling among its clones.
    ///
    /// # Errors
    /// Without a token provider; when TLS can't be set up.
    pub fn build(self) -> Result<Client, Problem> {
        let provider = self.provider.ok_or_else(|| {
            Problem::new(Code::TokenMissing, "The client has no token provider.").with_fix(
                "Give Builder::token one: FixedToken, one of the module sign_in, or a function by from_fn.",
            )
        })?;
        let mut settings = Settings::new(self.graph_endpoint);
        for adjust in self.adjust {
            adjust(&mut settings);
        }
        let http = self.http.connect_timeout(self.connect_timeout);
        let transport =
            Transport::new(http, self.proxied, &settings.graph_endpoint, self.roots, self.answer_limit)?;
        let tokens = Tokens::new(provider, &settings.graph_endpoint, transport.clone(), self.max_token_bytes);
        let session = Session::new(settings).with_limits(self.limits);
        Ok(Client::new(Shared::new(session, transport, tokens)))
    }
}

impl Client {
    /// A builder.
    pub fn builder() -> Builder {
        Builder::new()
    }
}
