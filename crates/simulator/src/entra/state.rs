//! The state of the simulated Entra: applications, tokens that it gave, sessions, codes.

use super::application::Application;
use super::authorize::Code;
use super::device_code::DeviceCode;
use super::issuer::Workload;
use super::policy::Policy;
use super::sessions::Session;
use crate::hash::Hash;
use agentuser_core::{Now, ObjectId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

/// The sign-in of a tenant.
#[derive(Clone)]
pub struct Entra {
    /// Makes tokens and codes of this one unlike those of any other.
    pub(super) salt: u64,
    /// The server's own address, which names Graph whatever its root is.
    pub(super) address: Option<String>,
    /// Tokens and codes so far.
    pub(super) serial: u64,
    /// Requests so far.
    pub(super) requests: u64,
    /// How many times as fast as real the tenant's time runs: lifetimes are in real time.
    pub(super) speed: u32,
    pub(super) applications: BTreeMap<ObjectId, Application>,
    /// Tenants beside this one, in which only blueprints are known.
    pub(super) others: BTreeSet<ObjectId>,
    /// People who may consent to everything.
    pub(super) admins: BTreeSet<ObjectId>,
    /// Whether people may consent to what needs no admin.
    pub(super) user_consent: bool,
    /// Consents to applications without a principal: by application and user.
    pub(super) consents: BTreeMap<(ObjectId, ObjectId), BTreeSet<String>>,
    /// The user who signs in at the page, without being asked.
    pub(super) approver: Option<ObjectId>,
    /// The workloads that other issuers vouch for, by the name of the platform.
    pub(super) workloads: BTreeMap<String, Workload>,
    pub(crate) policies: Vec<Policy>,
    /// How long after a sign-in refresh tokens of people's own programs are good.
    pub(super) sign_in_frequency: Option<Duration>,
    /// Tokens that are for nobody but Entra, by their hash.
    issued: BTreeMap<ObjectId, Issued>,
    /// Tokens for Graph.
    pub(super) for_graph: Vec<String>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) codes: BTreeMap<String, Code>,
    pub(super) device_codes: BTreeMap<String, DeviceCode>,
    /// Assertions that clients made and that were taken: by application, with the hash of the `jti`.
    pub(super) seen: BTreeSet<(ObjectId, u64)>,
}

/// A token that Entra, or another issuer, gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issued {
    pub(super) what: What,
    /// The tenant that gave it.
    pub(super) tenant: ObjectId,
    /// Its end on the monotonic clock.
    pub(super) ends: Duration,
}

/// The subject of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// The blueprint with this appId speaks for its agent identity, by object id.
    Exchange { blueprint: ObjectId, identity: ObjectId },
    /// The agent identity with this object id.
    Identity(ObjectId),
    /// The application with this principal, a managed identity for example, for the exchange.
    Application(ObjectId),
    /// A user, for an application of this appId.
    User { user: ObjectId, audience: ObjectId, revocations: u32 },
    /// A workload of another issuer.
    Federated { issuer: String, subject: String, audience: String },
}

/// The most tokens that are kept before those that have ended are dropped.
const MOST: usize = 1 << 16;

impl Entra {
    pub(crate) const fn new() -> Self {
        Self {
            salt: 0,
            address: None,
            serial: 0,
            requests: 0,
            speed: 1,
            applications: BTreeMap::new(),
            others: BTreeSet::new(),
            admins: BTreeSet::new(),
            user_consent: true,
            consents: BTreeMap::new(),
            approver: None,
            workloads: BTreeMap::new(),
            policies: Vec::new(),
            sign_in_frequency: None,
            issued: BTreeMap::new(),
            for_graph: Vec::new(),
            sessions: BTreeMap::new(),
            codes: BTreeMap::new(),
            device_codes: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Makes tokens and codes from this number on, so that nobody can guess them.
    pub const fn set_salt(&mut self, salt: u64) {
        self.salt = salt;
    }

    /// Sets the server's own address: scopes may name it in place of Graph's root.
    pub fn set_address(&mut self, address: &str) {
        self.address = Some(address.to_owned());
    }

    /// Sets how many times as fast as real the tenant's time runs: lifetimes of tokens are in real time.
    pub const fn set_speed(&mut self, speed: u32) {
        self.speed = speed;
    }

    /// Registers an application, or replaces it.
    pub fn register(&mut self, application: Application) {
        self.applications.insert(application.id, application);
    }

    /// Changes an application; one that is not there begins without credentials.
    pub fn change(&mut self, id: ObjectId, change: impl FnOnce(Application) -> Application) {
        let before = self.applications.remove(&id).unwrap_or_else(|| Application::new(id));
        self.register(change(before));
    }

    /// The registered applications, by id.
    pub fn applications(&self) -> impl Iterator<Item = &Application> {
        self.applications.values()
    }

    /// Knows another tenant, in which blueprints can ask for exchange tokens that are of no use in this one.
    pub fn add_tenant(&mut self, id: ObjectId) {
        self.others.insert(id);
    }

    /// Lets a person consent to everything.
    pub fn add_admin(&mut self, user: ObjectId) {
        self.admins.insert(user);
    }

    /// Sets whether people may consent to what needs no admin; true at the beginning.
    pub const fn set_user_consent(&mut self, allowed: bool) {
        self.user_consent = allowed;
    }

    /// Sets who signs in at the page of `authorize` without being asked; none shows the page.
    pub const fn set_approver(&mut self, user: Option<ObjectId>) {
        self.approver = user;
    }

    /// The workload that another issuer vouches for, by the name of the platform: `gitHubActions`,
    /// `azurePipelines` or `kubernetes`.
    #[must_use]
    pub fn workload(&self, platform: &str) -> Workload {
        let known = self.workloads.get(platform).cloned();
        known.unwrap_or_else(|| match platform {
            "gitHubActions" => Workload::github_actions(),
            "azurePipelines" => Workload::azure_pipelines(),
            _ => Workload::kubernetes(),
        })
    }

    /// Sets what another issuer vouches for.
    pub fn set_workload(&mut self, platform: &str, workload: Workload) {
        self.workloads.insert(platform.to_owned(), workload);
    }

    /// Adds a Conditional Access policy.
    pub fn add_policy(&mut self, policy: Policy) {
        self.policies.push(policy);
    }

    /// Takes all Conditional Access policies away.
    pub fn clear_policies(&mut self) {
        self.policies.clear();
    }

    /// Sets how long after a sign-in the refresh tokens of people's own programs are good; none is for ever.
    pub const fn set_sign_in_frequency(&mut self, limit: Option<Duration>) {
        self.sign_in_frequency = limit;
    }

    /// How many requests came.
    #[must_use]
    pub const fn requests(&self) -> u64 {
        self.requests
    }

    /// Takes the tokens for Graph that were given since the last time.
    #[cfg(feature = "server")]
    pub(crate) fn take_for_graph(&mut self) -> Vec<String> {
        std::mem::take(&mut self.for_graph)
    }

    /// A number that no other token or code has.
    pub(super) fn draw(&mut self, what: &str) -> Hash {
        self.serial += 1;
        Hash::new(self.salt).text(what).word(self.serial)
    }

    /// A text that no other token or code has.
    pub(super) fn secret_text(&mut self, what: &str) -> String {
        let drawn = self.draw(what);
        let half = |n: u64| drawn.word(n).guid().as_u128().to_be_bytes();
        URL_SAFE_NO_PAD.encode([half(1), half(2), half(3)].concat())
    }

    /// A real duration on the tenant's clock.
    pub(super) const fn scaled(&self, real: Duration) -> Duration {
        real.saturating_mul(if self.speed == 0 { 1 } else { self.speed })
    }

    fn key(&self, token: &str) -> ObjectId {
        Hash::new(self.salt).text(token).guid()
    }

    /// Remembers a token.
    pub(super) fn remember(&mut self, now: Now, token: &str, issued: Issued) {
        if self.issued.len() >= MOST {
            self.issued.retain(|_, one| one.ends > now.mono);
        }
        self.issued.insert(self.key(token), issued);
    }

    /// A token that was given, over or not.
    pub(super) fn known(&self, token: &str) -> Option<&Issued> {
        self.issued.get(&self.key(token))
    }

    /// Forgets a token or a session. Tells whether it was known.
    #[cfg(feature = "options")]
    pub(crate) fn forget(&mut self, token: &str) -> bool {
        let key = self.key(token);
        let known = self.issued.remove(&key).is_some();
        self.sessions.remove(token).is_some() || known
    }
}

impl fmt::Debug for Entra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entra").field("applications", &self.applications).finish_non_exhaustive()
    }
}
