//! The quotas that an application has used up (docs/graph.md#throttling): sliding windows, counted as requests arrive.

use super::quotas::{Quotas, Special};
use agentuser_core::http::Method;
use std::collections::VecDeque;
use std::time::Duration;

/// From this much of a quota on, Graph tells how much is used.
const TELLS_FROM: f64 = 0.8;

/// How full the windows have ever been, for tests to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fullest {
    /// Writes in a window.
    pub writes: u32,
    /// Resource units in a window.
    pub units: u32,
}

/// The application's use.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    quotas: Option<Quotas>,
    writes: Window,
    units: Window,
    reports: Window,
    risk: Window,
    fullest: Fullest,
}

#[derive(Debug, Clone, Default)]
struct Window {
    used: u32,
    came: VecDeque<(Duration, u32)>,
}

/// The meter's verdict on a request.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Metered {
    /// The quota that it exceeds, and the seconds until that has a place again, where Graph tells them.
    pub(super) refused: Option<(&'static str, Option<u64>)>,
    /// How much of the fullest quota that it uses is used, where Graph tells it.
    pub(super) fraction: Option<f64>,
}

impl Meter {
    pub(super) fn set(&mut self, quotas: Option<Quotas>) {
        self.quotas = quotas;
    }

    pub(super) const fn fullest(&self) -> Fullest {
        self.fullest
    }

    /// Counts a request to a path with a limit of its own, which alone counts it.
    pub(super) fn count_special(&mut self, now: Duration, special: Special) -> Metered {
        if self.quotas.is_none() {
            return Metered::default();
        }
        let (window, quota, span, tells) = match special {
            Special::Reports => (&mut self.reports, 5, Duration::from_secs(10), true),
            Special::Risk => (&mut self.risk, 1, Duration::from_secs(1), false),
        };
        window.count(now, 1, span);
        let Some(missing) = window.used.checked_sub(quota).filter(|missing| *missing > 0) else {
            return Metered::default();
        };
        let free = window.free_at(missing, span).saturating_sub(now);
        let seconds = tells.then(|| free.as_millis().div_ceil(1000).max(1) as u64);
        Metered { refused: Some(("RequestLimitExceeded", seconds)), fraction: None }
    }

    /// Counts a request. Those that are refused count, too.
    pub(super) fn count(&mut self, now: Duration, method: Method, units: u32, users: usize) -> Metered {
        let Some(quotas) = self.quotas else { return Metered::default() };
        let mut metered = Metered::default();
        let mut fraction: f64 = 0.0;
        let is_write = method != Method::Get;
        let windows = [
            (&mut self.writes, u32::from(is_write), quotas.writes, 150, "WriteLimitExceeded"),
            (&mut self.units, units, quotas.units_for(users), 10, "ResourceUnitLimitExceeded"),
        ];
        for (window, amount, quota, span, name) in windows {
            if amount == 0 {
                continue;
            }
            let span = Duration::from_secs(span);
            window.count(now, amount, span);
            fraction = fraction.max(f64::from(window.used) / f64::from(quota.max(1)));
            if window.used > quota && metered.refused.is_none() {
                let free = window.free_at(window.used - quota, span).saturating_sub(now);
                metered.refused = Some((name, Some(free.as_millis().div_ceil(1000).max(1) as u64)));
            }
        }
        self.fullest.writes = self.fullest.writes.max(self.writes.used);
        self.fullest.units = self.fullest.units.max(self.units.used);
        metered.fraction = (fraction >= TELLS_FROM).then_some(fraction);
        metered
    }
}

impl Window {
    fn count(&mut self, now: Duration, amount: u32, span: Duration) {
        while let Some((came, before)) = self.came.front().copied() {
            if came.saturating_add(span) > now {
                break;
            }
            self.came.pop_front();
            self.used -= before;
        }
        self.used += amount;
        // A request that was on its way for long counts from its arrival, which is never before that of the last one.
        let at = self.came.back().map_or(now, |(last, _)| now.max(*last));
        self.came.push_back((at, amount));
    }

    fn free_at(&self, missing: u32, span: Duration) -> Duration {
        let mut freed = 0;
        for (came, amount) in &self.came {
            freed += amount;
            if freed >= missing {
                return came.saturating_add(span);
            }
        }
        span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_over_a_quota_is_refused_until_the_window_has_slid() {
        let mut meter = Meter::default();
        meter.set(Some(Quotas { writes: 10, units: Some(1_000) }));
        let mut write = |ms| meter.count(Duration::from_millis(ms), Method::Post, 1, 0);
        for n in 0..10 {
            let metered = write(n * 100);
            assert_eq!(metered.refused, None);
            assert_eq!(metered.fraction.is_some(), n >= 7, "{n}");
        }
        assert_eq!(write(5_000).refused, Some(("WriteLimitExceeded", Some(145))));
        assert_eq!(write(150_050).refused, Some(("WriteLimitExceeded", Some(1))));
        assert_eq!(write(151_000).refused, None);
        assert_eq!(meter.fullest().writes, 11);
        assert_eq!(meter.count(Duration::from_secs(151), Method::Get, 2, 0).refused, None);
    }

    #[test]
    fn reports_and_risk_have_limits_of_their_own() {
        let mut meter = Meter::default();
        let at = Duration::from_secs;
        assert_eq!(meter.count_special(at(0), Special::Risk), Metered::default());
        meter.set(Some(Quotas::PUBLISHED));
        for n in 0..5 {
            assert_eq!(meter.count_special(at(n), Special::Reports).refused, None);
        }
        let refused = meter.count_special(at(5), Special::Reports).refused;
        assert_eq!(refused, Some(("RequestLimitExceeded", Some(5))));
        assert_eq!(meter.count_special(at(5), Special::Risk).refused, None);
        assert_eq!(meter.count_special(at(5), Special::Risk).refused, Some(("RequestLimitExceeded", None)));
        assert_eq!(meter.count_special(at(6), Special::Risk).refused, None);
    }
}
