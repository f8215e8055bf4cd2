//! Learning the size of the tenant, which decides on the resource units it grants.

use super::window::Window;
use crate::operation::quotas::{Quotas, TenantSize};
use std::time::Duration;

/// How large the tenant is taken to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct SizeEstimate {
    size: TenantSize,
    /// Until then what Graph says about use still describes the window before the estimate was lowered.
    lowered_until: Duration,
    /// Whether Graph's word on units gets through: browsers hide it.
    units_told: bool,
}

impl SizeEstimate {
    pub(super) fn new(quotas: &Quotas) -> Self {
        let size = quotas.tenant_size.unwrap_or(TenantSize::Small);
        Self { size, lowered_until: Duration::ZERO, units_told: false }
    }

    pub(super) const fn units(&self) -> u32 {
        self.size.units()
    }

    pub(super) const fn units_are_told(&mut self) {
        self.units_told = true;
    }

    /// The window of units is full by our count. Graph warns from 0.8 on; when it has not, the tenant is larger.
    pub(super) fn raise(&mut self, units: &Window, now: Duration) -> bool {
        let Some(next) = self.size.next().filter(|_| self.units_told) else { return false };
        // The answered part must be well beyond where Graph would have warned.
        let raised = !units.was_warned_lately(now) && units.answered() >= units.limit() / 10 * 9;
        if raised {
            self.size = next;
        }
        raised
    }

    /// More is used than the tenant grants by our count: it is smaller. Many answers tell of one window, so the
    /// estimate is lowered once in each.
    pub(super) fn lower(&mut self, span: Duration, now: Duration) -> bool {
        let Some(former) = self.size.former().filter(|_| now >= self.lowered_until) else { return false };
        self.size = former;
        self.lowered_until = now.saturating_add(span);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::budget::testing::*;

    #[test]
    fn a_tenant_is_taken_for_larger_only_while_graph_is_silent() {
        let spend = |warn: bool, units: u32| {
            let mut budget = Budget::new(Quotas::default());
            let mut used = 0;
            while let Ok(ticket) = budget.admit(1, Call::GetUser, URL, seconds(1)) {
                used += 2;
                let warning = [("x-ms-resource-unit", "2"), ("x-ms-throttle-limit-percentage", "0.81")];
                let headers = if warn && used * 10 >= units * 8 { &warning[..] } else { &warning[..1] };
                budget.end(ticket, answered(headers), seconds(1));
            }
            used
        };
        assert_eq!(spend(false, 0), 8_000);
        assert_eq!(spend(true, 3_500), 3_500);
        assert_eq!(spend(true, 5_000), 5_000);
        // Where the headers are hidden, silence says nothing.
        let mut budget = Budget::new(Quotas::default());
        let mut used = 0;
        while let Ok(ticket) = budget.admit(1, Call::GetUser, URL, seconds(1)) {
            used += 2;
            budget.end(ticket, answered(&[]), seconds(1));
        }
        assert_eq!(used, 3_500);
    }

    #[test]
    fn a_warning_about_writes_says_nothing_of_reads() {
        let read = |budget: &mut Budget, now| {
            let mut used = 0;
            while let Ok(ticket) = budget.admit(1, Call::GetUser, URL, now) {
                used += 2;
                budget.end(ticket, answered(&[("x-ms-resource-unit", "2")]), now);
            }
            used
        };
        let mut budget = Budget::new(Quotas::default());
        assert_eq!(read(&mut budget, seconds(0)), 8_000);
        // Others of the application write more than they may.
        let ticket = write(&mut budget, 1, seconds(20)).unwrap();
        budget.end(ticket, answered(&[("x-ms-throttle-limit-percentage", "1.20")]), seconds(20));
        assert_eq!(budget.size.size, TenantSize::Large);
        assert_eq!(read(&mut budget, seconds(21)), 7_998, "all but the write's unit, in twos");
    }

    #[test]
    fn many_answers_about_one_window_make_a_tenant_smaller_once() {
        let mut budget = Budget::new(Quotas::default());
        budget.size.size = TenantSize::Large;
        budget.set_limits();
        let mut warn = |from| {
            for ms in 0..20 {
                let now = seconds(from) + Duration::from_millis(ms);
                let ticket = budget.admit(1, Call::GetUser, URL, now).unwrap();
                budget.end(ticket, answered(&[("x-ms-throttle-limit-percentage", "1.20")]), now);
            }
            budget.size.size
        };
        assert_eq!(warn(0), TenantSize::Medium);
        assert_eq!(warn(5), TenantSize::Medium, "most of what is counted then came before");
        assert_eq!(warn(11), TenantSize::Small, "still too much, in a window of its own");
    }
}
