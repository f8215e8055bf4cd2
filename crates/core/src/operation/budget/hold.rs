//! The pause of one class of calls that a server asked for.

use super::ticket::Ticket;
use std::time::Duration;

/// A pause of one class of calls, until its time is over or a later call was taken.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ServerHold {
    until: Duration,
    /// The answer that asks for it.
    busy: Option<Busy>,
    /// The last of the calls that were refused, in the order in which they left.
    refused: Option<Ticket>,
    /// The last of the calls that were taken.
    taken: Option<Ticket>,
}

/// A server that asked for a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operation) struct Busy {
    /// The status of its answer.
    pub(in crate::operation) status: u16,
    /// The end of the wait that it asked for, which may be later than the end of the pause.
    pub(in crate::operation) until: Duration,
}

impl ServerHold {
    /// No call of the class goes before this.
    pub(super) fn until(&self) -> Duration {
        self.until
    }

    /// The answer that asks for the pause.
    pub(super) fn busy(&self) -> Option<Busy> {
        self.busy
    }

    pub(super) fn record_taken(&mut self, ticket: Ticket) {
        self.taken = self.taken.max(Some(ticket));
        if self.is_lifted() {
            self.until = Duration::ZERO;
        }
    }

    pub(super) fn record_refused(&mut self, ticket: Ticket) {
        self.refused = self.refused.max(Some(ticket));
        if self.is_lifted() {
            self.until = Duration::ZERO;
        }
    }

    /// Pauses the class, unless the server has taken a later call since, which shows that it did not mean all of them.
    pub(super) fn extend(&mut self, until: Duration, busy: Busy) {
        if !self.is_lifted() && until >= self.until {
            self.until = until;
            self.busy = Some(busy);
        }
    }

    /// A call that left with or after the refused ones was taken.
    fn is_lifted(&self) -> bool {
        self.taken.is_some() && self.taken >= self.refused
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::budget::testing::*;

    #[test]
    fn one_class_waits_without_the_others() {
        let mut budget = budget(1, 100);
        write(&mut budget, 1, seconds(0)).unwrap();
        assert!(write(&mut budget, 1, seconds(0)).is_err());
        let read = budget.admit(1, Call::GetUser, URL, seconds(0)).unwrap();
        budget.end(read, ended(429, &[("Retry-After", "8")]), seconds(1));
        let blocked = budget.admit(1, Call::ListSponsors, URL, seconds(1)).unwrap_err();
        assert_eq!(blocked, Blocked { until: seconds(9), by: BlockedBy::Server });
        assert!(budget.admit(1, Call::GetUser, URL, seconds(9)).is_ok());
    }

    #[test]
    fn a_429_holds_its_class_until_a_later_request_was_taken() {
        let answer = |status| ended(status, &[("Retry-After", "59")]);
        let mut budget = budget(100, 1_000);
        let [one, two, three] = [0; 3].map(|_| write(&mut budget, 1, seconds(0)).unwrap());
        budget.end(one, answer(201), seconds(1));
        budget.end(two, answer(429), seconds(1));
        assert_eq!(
            write(&mut budget, 1, seconds(2)),
            Err(Blocked { until: seconds(60), by: BlockedBy::Server })
        );
        budget.end(three, answer(201), seconds(3));
        let four = write(&mut budget, 1, seconds(3)).unwrap();
        // Parts of one batch left together, whatever their order: one that was taken speaks for all.
        let five = write(&mut budget, 1, seconds(3)).unwrap();
        for (parts, holds) in [([201, 429], false), ([429, 201], false), ([429, 429], true)] {
            let mut budget = budget.clone();
            for (ticket, status) in [four, five].into_iter().zip(parts) {
                budget.settle(Settlement::of_part(ticket, five, answer(status)), seconds(4));
            }
            assert_eq!(write(&mut budget, 1, seconds(4)).is_err(), holds, "{parts:?}");
        }
    }

    #[test]
    fn a_wait_holds_before_any_flow_has_read_it() {
        let answer = |status| ended(status, &[("Retry-After", "20")]);
        let blocked = Err(Blocked { until: seconds(21), by: BlockedBy::Server });
        for (status, reads_wait) in [(429, false), (503, true)] {
            let mut budget = budget(100, 1_000);
            let ticket = write(&mut budget, 1, seconds(0)).unwrap();
            budget.end(ticket, answer(status), seconds(1));
            assert_eq!(write(&mut budget, 1, seconds(1)), blocked);
            // The reads that look for a write that may have been done wait, too.
            let read = budget.admit(1, Call::GetUser, URL, seconds(1));
            assert_eq!(read.is_err(), reads_wait, "{status}: {read:?}");
        }
    }

    #[test]
    fn a_server_too_busy_for_a_write_is_too_busy_for_reads_until_a_later_one_was_taken() {
        let mut budget = budget(100, 1_000);
        let read = |budget: &mut Budget, now| budget.admit(1, Call::GetUser, URL, seconds(now));
        let before = read(&mut budget, 0).unwrap();
        let busy = write(&mut budget, 1, seconds(0)).unwrap();
        let after = read(&mut budget, 0).unwrap();
        budget.end(before, answered(&[]), seconds(1));
        budget.end(busy, ended(503, &[("Retry-After", "60")]), seconds(1));
        assert_eq!(read(&mut budget, 2), Err(Blocked { until: seconds(61), by: BlockedBy::Server }));
        budget.end(after, answered(&[]), seconds(3));
        assert!(read(&mut budget, 3).is_ok());
    }
}
