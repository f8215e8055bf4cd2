//! The settings of a directory, and its journal.

use super::budget::Fullest;
use super::quotas::Quotas;
use super::{Directory, Lag, Token};
use crate::journal::{Entry, PermissionUse, Stats};
use crate::switches::Switches;
use std::sync::Arc;
#[cfg(feature = "options")]
use std::time::Duration;

impl Directory {
    /// The root of its URLs, such as `https://graph.microsoft.com`, without a slash at the end.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Its switches.
    #[must_use]
    pub const fn switches(&self) -> &Switches {
        &self.switches
    }

    /// Sets the switches, from the next request on.
    pub fn set_switches(&mut self, switches: Switches) {
        self.switches = switches;
    }

    /// Its replication lag.
    #[must_use]
    pub const fn lag(&self) -> &Lag {
        &self.lag
    }

    /// Sets the lag; changes that were made before get new lags, too.
    pub fn set_lag(&mut self, lag: Lag) {
        self.lag = lag;
    }

    /// Sets the longest lag of the changes from now on. Those of before are seen by every reader.
    #[cfg(feature = "options")]
    pub(crate) fn lag_from(&mut self, now: Duration, max: Duration) {
        self.users.values_mut().for_each(|record| record.settle(now));
        self.principals.values_mut().for_each(|record| record.settle(now));
        self.lag = self.lag.with_max(max);
    }

    /// Throttles by these quotas from now on; `None` throttles no request.
    pub fn set_quotas(&mut self, quotas: Option<Quotas>) {
        self.meter.set(quotas);
    }

    /// How full the windows of the quotas have ever been.
    #[must_use]
    pub const fn fullest(&self) -> Fullest {
        self.meter.fullest()
    }

    /// Accepts a token from now on, or replaces it.
    pub fn add_token(&mut self, secret: &str, token: Token) {
        self.tokens.insert(secret.to_owned(), Arc::new(token));
    }

    /// Forgets a token: it is answered with 401. Tells whether it was known.
    pub fn remove_token(&mut self, secret: &str) -> bool {
        self.tokens.remove(secret).is_some()
    }

    /// All requests in the order in which they came; empty when only sums are kept.
    #[must_use]
    pub fn journal(&self) -> &[Entry] {
        &self.journal.entries
    }

    /// Sums over all requests.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.journal.stats
    }

    /// The permissions that requests used and lacked.
    #[must_use]
    pub const fn permission_use(&self) -> &PermissionUse {
        &self.journal.permissions
    }

    /// Keeps sums only from now on, for runs of millions of requests.
    pub fn keep_sums_only(&mut self) {
        self.journal.sums_only = true;
        self.journal.entries = Vec::new();
        self.journal.written = Vec::new();
    }
}
