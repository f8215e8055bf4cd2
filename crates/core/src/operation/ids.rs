//! The ids that requests carry. They follow from a seed, so that a replay sends the same.

use crate::hash::{mix, scramble};

/// The header by which a client names a request; Graph's activity logs repeat it (docs/graph.md#tracing).
pub(crate) const CLIENT_REQUEST_ID: &str = "client-request-id";

/// The ids of one operation, or of one [`crate::sign_in::Acquisition`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids {
    seed: u64,
}

impl Ids {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The id of the run.
    pub(crate) fn run(self) -> String {
        format!("{:016x}", mix(&[self.seed, 1]))
    }

    /// The `User-Agent` that names the run.
    pub(crate) fn user_agent(self) -> String {
        format!("agentuser/{} (run {})", env!("CARGO_PKG_VERSION"), self.run())
    }

    /// The `client-request-id` of the request with this key.
    pub(crate) fn request(self, key: u64) -> RequestUuid {
        let high = mix(&[self.seed, 2, key]);
        let bytes = (u128::from(high) << 64) | u128::from(scramble(high ^ key));
        RequestUuid(uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid())
    }
}

/// A `client-request-id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestUuid(uuid::Uuid);

impl RequestUuid {
    /// The text of the header.
    pub(crate) fn text(self) -> String {
        self.0.as_hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed_and_differ_from_request_to_request() {
        let ids = Ids::new(7);
        assert_eq!(ids.request(1).text(), Ids::new(7).request(1).text());
        assert_ne!(ids.request(1).text(), ids.request(2).text());
        assert_ne!(ids.request(1).text(), Ids::new(8).request(1).text());
        let text = ids.request(3).text();
        assert_eq!((text.len(), text.get(14..15)), (36, Some("4")), "{text}");
        assert_eq!(ids.run().len(), 16);
    }
}
