//! The requests that reached the directory and their effects, for tests to look at.

use agentuser_core::ObjectId;
use agentuser_core::http::Method;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it came, on the monotonic clock.
    pub at: Duration,
    /// Its method.
    pub method: Method,
    /// Its path with names in place of ids, such as `/users/{id}/manager`.
    pub template: &'static str,
    /// The answer's status.
    pub status: u16,
    /// Whether it changed the tenant.
    pub changed: bool,
    /// The object that it was about, when there was one.
    pub object: Option<ObjectId>,
}

impl Entry {
    /// Whether it wanted to change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.method != Method::Get
    }

    /// Whether it wanted to change something, and was not refused.
    fn is_accepted_write(&self) -> bool {
        self.is_write() && self.status < 300
    }
}

/// Sums over all requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// All requests.
    pub requests: u64,
    /// Requests by method and path template.
    pub by_route: BTreeMap<(Method, &'static str), u64>,
    /// Requests by status.
    pub by_status: BTreeMap<u16, u64>,
    /// Agent users that a POST ever created.
    pub agent_users_created: u64,
    /// How many agent users a POST ever created for each parent.
    pub created_per_parent: BTreeMap<ObjectId, u32>,
    /// Writes that were accepted.
    pub writes: u64,
    /// Writes that were accepted and changed nothing.
    pub writes_without_change: u64,
    /// Writes that were accepted, by object.
    pub writes_per_object: BTreeMap<ObjectId, u32>,
    /// Resource units, by the published costs.
    pub resource_units: u64,
}

/// The permissions that a request was checked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checked {
    /// The permissions that allowed it.
    pub(crate) allowed_by: BTreeSet<String>,
    /// The permissions of which it needed one and had none.
    pub(crate) lacked: Vec<String>,
}

/// The permissions that requests used and lacked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PermissionUse {
    /// The permissions that allowed requests, each with those requests and their numbers. Of a token that may do everything, it is
    /// the first that would have done.
    pub used: BTreeMap<String, BTreeMap<(Method, &'static str), u64>>,
    /// The requests that were refused for want of a permission, with those of which any would have done.
    pub lacked: BTreeMap<(Method, &'static str), Vec<String>>,
}

/// A write that was accepted, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) method: Method,
    pub(crate) template: &'static str,
    /// The path itself, below the version.
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) object: Option<ObjectId>,
    pub(crate) body: Vec<u8>,
}

/// The record of all requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal {
    pub(crate) entries: Vec<Entry>,
    pub(crate) written: Vec<Written>,
    pub(crate) stats: Stats,
    pub(crate) permissions: PermissionUse,
    /// Keep sums only.
    pub(crate) sums_only: bool,
}

impl Journal {
    pub(crate) fn note(&mut self, entry: Entry, units: u32, path: &str, body: &[u8]) {
        let stats = &mut self.stats;
        stats.requests += 1;
        stats.resource_units += u64::from(units);
        *stats.by_route.entry((entry.method, entry.template)).or_default() += 1;
        *stats.by_status.entry(entry.status).or_default() += 1;
        if entry.is_accepted_write() {
            stats.writes += 1;
            stats.writes_without_change += u64::from(!entry.changed);
            if let Some(object) = entry.object {
                *stats.writes_per_object.entry(object).or_default() += 1;
            }
        }
        if !self.sums_only {
            if entry.is_accepted_write() {
                let Entry { method, template, status, object, .. } = entry;
                let (path, body) = (path.to_owned(), body.to_vec());
                self.written.push(Written { method, template, path, status, object, body });
            }
            self.entries.push(entry);
        }
    }

    /// Notes what a request was checked for: the permissions that allowed it, or of which it lacked any.
    pub(crate) fn checked(&mut self, request: (Method, &'static str), checked: Checked, allowed: bool) {
        if !checked.lacked.is_empty() && !allowed {
            self.permissions.lacked.insert(request, checked.lacked);
            return;
        }
        for permission in checked.allowed_by {
            *self.permissions.used.entry(permission).or_default().entry(request).or_default() += 1;
        }
    }

    pub(crate) fn created(&mut self, parent: ObjectId) {
        self.stats.agent_users_created += 1;
        *self.stats.created_per_parent.entry(parent).or_default() += 1;
    }
}
