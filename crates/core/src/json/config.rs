//! The configuration of a client or a session.

use super::members::{FromMembers, Members};
use crate::graph::{Cloud, Endpoint};
use crate::operation::{Limits, Quotas, Settings};
use crate::problem::{Code, Problem};
use serde_json::{Error, Value};
use std::time::Duration;

/// The configuration of a client: where Graph is, and how long to wait. Every member has a default: `{}` is the global
/// cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct Config {
    /// `global`, `usgov`, `usgovdod` or `china`. Not together with `graphEndpoint`.
    cloud: Option<String>,
    /// A Graph endpoint outside the clouds, such as a simulator's: an origin over https, or over http on this machine.
    graph_endpoint: Option<String>,
    /// How many requests each operation has in flight at most; 32 by default.
    in_flight: Option<usize>,
    /// How many requests of a roster may go together in one `$batch`; 20 by default, the most that Graph takes. 1 sends
    /// each request on its own.
    batch: Option<usize>,
    /// The most bytes that a token or a client secret may have; 65,536 by default.
    max_token_bytes: Option<usize>,
    /// The most bytes that an answer may have after decompression; 16 MiB by default. Only for clients that send by
    /// themselves.
    max_answer_bytes: Option<usize>,
    /// Certificate authorities, as PEM, to trust beside the system's. Only for clients that send by themselves.
    root_certificates: Option<String>,
    /// How long to wait for an answer, a change and a service.
    settings: SettingsConfig,
    /// How much of Graph the client may use; by default the limits that Microsoft publishes.
    quotas: Option<Quotas>,
    /// The sign-in: the account, the endpoint and the proof. Without it the host brings the tokens. Only for
    /// clients that send by themselves.
    #[cfg_attr(feature = "schema", schemars(with = "Option<super::sign_in::SignInConfig>"))]
    sign_in: SignInMember,
    #[cfg_attr(feature = "schema", schemars(skip))]
    endpoint: Option<Endpoint>,
}

/// How long to wait, in milliseconds. An absent member keeps its default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct SettingsConfig {
    /// How long one request may take, at most; 60 seconds.
    request_timeout_ms: Option<u64>,
    /// How long a read may take before it is asked again; 15 seconds. Each further try of it may take twice as long.
    read_timeout_ms: Option<u64>,
    /// How long no request at all may be answered before what waits for answers ends; 2 minutes.
    outage_timeout_ms: Option<u64>,
    /// How long a create looks for a parent that is not found, because it may not have replicated yet; 15 seconds. Reading
    /// and planning never wait for one.
    parent_timeout_ms: Option<u64>,
    /// How long a change may take to become visible everywhere; 3 minutes.
    replication_timeout_ms: Option<u64>,
    /// How long provisioning one agent user may take, without the wait for the mailbox and Teams; 30 minutes.
    provision_timeout_ms: Option<u64>,
    /// How long the mailbox and Teams may take; 25 hours.
    readiness_timeout_ms: Option<u64>,
    /// How long each operation may take, unless its own `timeoutMs` says otherwise; as long as it takes.
    operation_timeout_ms: Option<u64>,
    /// How long an operation may finish begun changes after its deadline or a cancellation; 30 seconds.
    cleanup_timeout_ms: Option<u64>,
    /// The longest wait that a server may ask for; 1 hour. A request that is asked for more fails at once.
    longest_retry_after_ms: Option<u64>,
    /// The most entries of a list; 5,000,000. A list that brings more ends with a problem.
    max_entries: Option<usize>,
    /// How many pages of a list in a row may bring nothing new; 1,000.
    max_empty_pages: Option<usize>,
}

/// The member `signIn`, as it is before the endpoints are known, and then as it was read. A build without the feature
/// `confidential` signs nobody in, and knows only that it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum SignInMember {
    #[default]
    Absent,
    #[cfg(not(feature = "confidential"))]
    Given,
    #[cfg(feature = "confidential")]
    Unread(Value),
    #[cfg(feature = "confidential")]
    Read(Box<super::sign_in::SignInConfig>),
}

impl From<Option<Value>> for SignInMember {
    fn from(value: Option<Value>) -> Self {
        #[cfg(feature = "confidential")]
        return value.map_or(Self::Absent, Self::Unread);
        #[cfg(not(feature = "confidential"))]
        return value.map_or(Self::Absent, |_| Self::Given);
    }
}

impl FromMembers for Config {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            cloud: members.take("cloud")?,
            graph_endpoint: members.take("graphEndpoint")?,
            in_flight: members.take("inFlight")?,
            batch: members.take("batch")?,
            max_token_bytes: members.take("maxTokenBytes")?,
            max_answer_bytes: members.take("maxAnswerBytes")?,
            root_certificates: members.take("rootCertificates")?,
            settings: members.object("settings")?.unwrap_or_default(),
            quotas: members.object("quotas")?,
            sign_in: members.take::<Value>("signIn")?.into(),
            endpoint: None,
        })
    }
}

impl FromMembers for SettingsConfig {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            request_timeout_ms: members.take("requestTimeoutMs")?,
            read_timeout_ms: members.take("readTimeoutMs")?,
            outage_timeout_ms: members.take("outageTimeoutMs")?,
            parent_timeout_ms: members.take("parentTimeoutMs")?,
            replication_timeout_ms: members.take("replicationTimeoutMs")?,
            provision_timeout_ms: members.take("provisionTimeoutMs")?,
            readiness_timeout_ms: members.take("readinessTimeoutMs")?,
            operation_timeout_ms: members.take("operationTimeoutMs")?,
            cleanup_timeout_ms: members.take("cleanupTimeoutMs")?,
            longest_retry_after_ms: members.take("longestRetryAfterMs")?,
            max_entries: members.take("maxEntries")?,
            max_empty_pages: members.take("maxEmptyPages")?,
        })
    }
}

impl FromMembers for Quotas {
    fn read(members: &mut Members) -> Result<Self, Error> {
        let published = Self::default();
        Ok(Self {
            writes: members.take("writes")?.unwrap_or(published.writes),
            units: members.take("units")?,
            tenant_size: members.take("tenantSize")?,
            reports: members.take("reports")?.unwrap_or(published.reports),
            shards: members.take("shards")?.unwrap_or(published.shards),
        })
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// When it is not such JSON, or names an unknown cloud or an endpoint that a token must not go to.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        #[cfg(feature = "confidential")]
        return Self::parse_checking(json, &|_, _| Ok(()));
        #[cfg(not(feature = "confidential"))]
        return Self::read_endpoint(json);
    }

    /// Reads a configuration, and has the proof of its sign-in checked together with what travels beside the JSON. The
    /// check gets the configuration as it is without its sign-in.
    ///
    /// # Errors
    /// Those of [`Config::parse`], with what the check found among them.
    #[cfg(feature = "confidential")]
    pub fn parse_checking(
        json: &[u8],
        check: &dyn Fn(&Self, &super::ProofConfig) -> Result<(), Problem>,
    ) -> Result<Self, Problem> {
        Self::read_endpoint(json)?.read_sign_in(check)
    }

    #[cfg(feature = "confidential")]
    fn read_sign_in(
        mut self,
        check: &dyn Fn(&Self, &super::ProofConfig) -> Result<(), Problem>,
    ) -> Result<Self, Problem> {
        if let SignInMember::Unread(value) = std::mem::take(&mut self.sign_in) {
            let graph = super::sign_in::Graph { cloud: self.cloud(), endpoint: &self.endpoint() };
            let read = super::sign_in::SignInConfig::read(value, &graph, &|proof| check(&self, proof))?;
            self.sign_in = SignInMember::Read(Box::new(read));
        }
        Ok(self)
    }

    /// Reads everything but the sign-in.
    fn read_endpoint(json: &[u8]) -> Result<Self, Problem> {
        let mut config: Self = super::text::read("configuration", json)?;
        let invalid = |field: &str, message: String| {
            Problem::new(Code::Invalid, message)
                .with_field(field)
                .with_fix("Name a cloud (global, usgov, usgovdod, china) or an endpoint.")
        };
        let endpoint = match (&config.cloud, &config.graph_endpoint) {
            (Some(_), Some(_)) => {
                return Err(invalid("graphEndpoint", "Both cloud and graphEndpoint are given.".to_owned()));
            }
            (None, Some(endpoint)) => Endpoint::new(endpoint).map_err(|error| {
                invalid("graphEndpoint", format!("The graphEndpoint can't be used. {error}"))
            })?,
            (cloud, None) => match cloud.as_deref().map_or(Ok(Cloud::Global), str::parse) {
                Ok(cloud) => cloud.into(),
                Err(unknown) => return Err(invalid("cloud", format!("{unknown}."))),
            },
        };
        config.endpoint = Some(endpoint);
        Ok(config)
    }

    /// Where Graph is.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint.clone().unwrap_or_else(|| Cloud::Global.into())
    }

    /// The cloud; none where there is an endpoint.
    #[must_use]
    pub fn cloud(&self) -> Option<Cloud> {
        match (&self.cloud, &self.graph_endpoint) {
            (_, Some(_)) => None,
            (cloud, None) => Some(cloud.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default()),
        }
    }

    /// The settings of its sessions.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::new(self.endpoint());
        self.settings.apply(&mut settings);
        settings.quotas = self.quotas.unwrap_or_default();
        settings
    }

    /// The limits of its sessions.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits {
            in_flight: self.in_flight.unwrap_or(limits.in_flight),
            batch: self.batch.unwrap_or(limits.batch),
            ..limits
        }
    }

    /// The most bytes that a token or a client secret may have.
    #[must_use]
    pub fn max_token_bytes(&self) -> usize {
        self.max_token_bytes.unwrap_or(crate::token::MAX_BYTES)
    }

    /// The most bytes that an answer may have, where that is given.
    #[must_use]
    pub fn max_answer_bytes(&self) -> Option<usize> {
        self.max_answer_bytes
    }

    /// Certificate authorities to trust beside the system's, as PEM.
    #[must_use]
    pub fn root_certificates(&self) -> Option<&str> {
        self.root_certificates.as_deref()
    }

    /// Refuses what a host that sends by itself decides, for a session.
    ///
    /// # Errors
    /// When the configuration has one of the members that only a client of its own has.
    pub fn require_session(&self) -> Result<(), Problem> {
        let members = [
            ("signIn", self.sign_in != SignInMember::Absent, "signs nobody in"),
            ("rootCertificates", self.root_certificates.is_some(), "opens no connections"),
            ("maxAnswerBytes", self.max_answer_bytes.is_some(), "reads no connections"),
        ];
        match members.into_iter().find(|(_, is_given, _)| *is_given) {
            Some((field, _, what)) => {
                let why = format!("A session {what}, and its configuration has {field}.");
                Err(Problem::new(Code::Invalid, why).with_field(field))
            }
            None => Ok(()),
        }
    }

    /// The sign-in; `None` where the host brings the tokens.
    #[cfg(feature = "confidential")]
    #[must_use]
    pub fn sign_in(&self) -> Option<&super::sign_in::SignInConfig> {
        match &self.sign_in {
            SignInMember::Read(sign_in) => Some(sign_in),
            SignInMember::Absent | SignInMember::Unread(_) => None,
        }
    }
}

impl SettingsConfig {
    fn apply(self, settings: &mut Settings) {
        settings.max_entries = self.max_entries.unwrap_or(settings.max_entries);
        settings.max_empty_pages = self.max_empty_pages.unwrap_or(settings.max_empty_pages);
        settings.operation_timeout = self.operation_timeout_ms.map(Duration::from_millis);
        for (given, setting) in [
            (self.request_timeout_ms, &mut settings.request_timeout),
            (self.read_timeout_ms, &mut settings.read_timeout),
            (self.outage_timeout_ms, &mut settings.outage_timeout),
            (self.parent_timeout_ms, &mut settings.parent_timeout),
            (self.replication_timeout_ms, &mut settings.replication_timeout),
            (self.provision_timeout_ms, &mut settings.provision_timeout),
            (self.readiness_timeout_ms, &mut settings.readiness_timeout),
            (self.cleanup_timeout_ms, &mut settings.cleanup_timeout),
            (self.longest_retry_after_ms, &mut settings.retry.longest_retry_after),
        ] {
            if let Some(milliseconds) = given {
                *setting = Duration::from_millis(milliseconds);
            }
        }
    }
}
