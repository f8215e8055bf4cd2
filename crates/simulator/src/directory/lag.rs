//! Replication lag: the write master knows at once, readers later.
//!
//! A lag belongs to one object, one of its changes and one replica, and comes from the seed. So it depends on
//! nothing else that happens in the tenant: not on the order in which requests arrive, not on other objects.

use crate::hash::Hash;
use agentuser_core::ObjectId;
use std::time::Duration;

/// How late a reader sees a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    seed: u64,
    max: Duration,
    index_max: Duration,
    replicas: u16,
}

impl Lag {
    /// Every read sees every write.
    #[must_use]
    pub const fn none() -> Self {
        Self { seed: 0, max: Duration::ZERO, index_max: Duration::ZERO, replicas: 1 }
    }

    /// A read by id sees a change after zero to `max`, a collection read or a filter after up to four times that. One
    /// replica: what was seen stays seen.
    #[must_use]
    pub const fn seeded(seed: u64, max: Duration) -> Self {
        Self { seed, max, index_max: max.saturating_mul(4), replicas: 1 }
    }

    /// The same draws, with another longest lag.
    #[cfg(feature = "options")]
    #[must_use]
    pub(crate) const fn with_max(&self, max: Duration) -> Self {
        Self { replicas: self.replicas, ..Self::seeded(self.seed, max) }
    }

    /// Sets the longest lag of collection reads and filters. It is never shorter than that of reads by id.
    #[must_use]
    pub fn index_max(mut self, index_max: Duration) -> Self {
        self.index_max = index_max.max(self.max);
        self
    }

    /// Serves each read from one of `replicas`, each with lags of its own: an object may be seen, and then not, until
    /// the longest lag has passed.
    #[must_use]
    pub fn replicas(mut self, replicas: u16) -> Self {
        self.replicas = replicas.max(1);
        self
    }

    /// The longest lag of a read by id.
    #[must_use]
    pub const fn max(&self) -> Duration {
        self.max
    }

    /// After this long, every reader sees a change.
    #[must_use]
    pub fn settled_after(&self) -> Duration {
        self.max.max(self.index_max)
    }

    /// The replica that serves the `turn`-th read of `subject`.
    pub(crate) fn replica(&self, subject: u64, turn: u64) -> u16 {
        let drawn = Hash::new(self.seed).text("replica").word(subject).word(turn);
        u16::try_from(drawn.below(u64::from(self.replicas))).unwrap_or(0)
    }

    pub(crate) const fn is_monotonic(&self) -> bool {
        self.replicas == 1
    }

    /// How late reads by id see the `change`-th change of the object.
    pub(crate) fn of_read(&self, object: ObjectId, change: u64, replica: u16) -> Duration {
        if self.max.is_zero() {
            return Duration::ZERO;
        }
        let drawn = Hash::new(self.seed).text("lag").id(object).word(change).word(u64::from(replica));
        // A quarter of all changes is there at once.
        if drawn.below(4) == 0 { Duration::ZERO } else { drawn.word(1).up_to(self.max) }
    }

    /// How late collection reads and filters see it: never earlier than reads by id at the same replica.
    pub(crate) fn of_index(&self, object: ObjectId, change: u64, replica: u16) -> Duration {
        if self.index_max.is_zero() {
            return Duration::ZERO;
        }
        let more = Hash::new(self.seed).text("index").id(object).word(change).word(u64::from(replica));
        self.of_read(object, change, replica) + more.up_to(self.index_max.saturating_sub(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_stay_within_their_limits_and_reach_far() {
        let lag = Lag::seeded(1, Duration::from_secs(10)).replicas(3);
        let mut longest = (Duration::ZERO, Duration::ZERO);
        for n in 0..500 {
            let object = ObjectId::from_u128(n);
            for replica in 0..3 {
                let (read, index) = (lag.of_read(object, 0, replica), lag.of_index(object, 0, replica));
                assert!(read <= lag.max() && read <= index && index <= lag.settled_after());
                longest = (longest.0.max(read), longest.1.max(index));
            }
        }
        assert!(longest.0 > Duration::from_secs(9) && longest.1 > Duration::from_secs(30), "{longest:?}");
    }

    #[test]
    fn none_is_none() {
        let object = ObjectId::from_u128(1);
        assert_eq!(Lag::none().of_read(object, 0, 0), Duration::ZERO);
        assert_eq!(Lag::none().of_index(object, 0, 0), Duration::ZERO);
    }
}
