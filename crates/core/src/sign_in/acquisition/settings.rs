//! The settings of an [`super::Acquisition`].

use crate::operation::retry::Policy;
use std::time::Duration;

/// How long to wait for what, and how much to keep.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AcquisitionSettings {
    /// How failed requests are tried again. A sign-in that is asked to wait longer than two minutes ends with the reason, and the
    /// next one is not begun before that time.
    pub retry: Policy,
    /// How long the first try of a request may take; each further one may take twice as long as the one before. 15 seconds.
    pub first_timeout: Duration,
    /// How long one request may take at most. One minute.
    pub request_timeout: Duration,
    /// How long nothing may be answered before a sign-in ends with the last failure. Two minutes.
    pub outage_timeout: Duration,
    /// Requests in flight; 32, at least 1.
    pub in_flight: usize,
    /// Tokens that are kept; 10,000. Beyond that, the one that ends first is forgotten. Refresh tokens count apart.
    pub tokens: usize,
}

impl Default for AcquisitionSettings {
    fn default() -> Self {
        Self {
            retry: Policy { longest_retry_after: Duration::from_secs(120), ..Policy::default() },
            first_timeout: Duration::from_secs(15),
            request_timeout: Duration::from_secs(60),
            outage_timeout: Duration::from_secs(120),
            in_flight: 32,
            tokens: 10_000,
        }
    }
}
