//! Access tokens: which text is one, what one tells of itself, and when it is renewed.

mod bearer;
mod facts;

pub use bearer::{BearerText, MAX_BYTES, too_large};
pub use facts::TokenFacts;

use std::time::Duration;

/// A token is renewed this long before its end, as Microsoft's own libraries do (docs/sign-in.md#renewal).
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// A sign-in that failed is not tried again for this long: the rows of a roster ask one by one.
pub const FAILED_FOR: Duration = Duration::from_secs(5);

/// How long a token of this lifetime is used before another one is fetched: until five minutes before its end, or for
/// half of its life if that is longer.
#[must_use]
pub fn renew_after(lifetime: Duration) -> Duration {
    lifetime.saturating_sub(MARGIN.min(lifetime / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_renewed_five_minutes_before_their_end_or_at_half_of_a_short_life() {
        for (lifetime, after) in [(3600, 3300), (600, 300), (599, 299), (60, 30), (0, 0)] {
            assert_eq!(renew_after(Duration::from_secs(lifetime)).as_secs(), after);
        }
        assert!(renew_after(Duration::MAX) < Duration::MAX);
    }
}
