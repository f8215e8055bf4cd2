//! An answer's headers about quotas (docs/graph.md#throttling).

use crate::decimal::thousandths;
use crate::http::Headers;

/// The headers of an answer about quotas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::operation) struct Usage {
    /// `x-ms-resource-unit`: what the call cost.
    pub(super) units: Option<u32>,
    /// `x-ms-throttle-limit-percentage`: how much of a quota all clients of the application have used, in thousandths; it
    /// is there from 800 on.
    pub(super) used: Option<u32>,
}

impl Usage {
    pub(super) fn of(headers: &Headers) -> Self {
        let units = headers.get("x-ms-resource-unit").and_then(|units| units.trim().parse().ok());
        let used = headers.get("x-ms-throttle-limit-percentage").and_then(share);
        Self { units, used }
    }
}

/// A share in thousandths, rounded down; none where it is nothing, or too large to be one.
fn share(text: &str) -> Option<u32> {
    let (thousandths, _) = thousandths(text.trim())?;
    u32::try_from(thousandths).ok().filter(|share| *share > 0)
}

#[cfg(test)]
mod tests {
    use crate::operation::budget::testing::*;

    #[test]
    fn costs_are_learned_and_shards_have_their_part() {
        let mut budget = Budget::new(Quotas { units: Some(100), shards: 4, ..Quotas::default() });
        let ticket = budget.admit(1, Call::GetUser, URL, seconds(0)).unwrap();
        budget.end(ticket, answered(&[("x-ms-resource-unit", "5")]), seconds(0));
        let admitted =
            (0..100).take_while(|_| budget.admit(1, Call::GetUser, URL, seconds(1)).is_ok()).count();
        assert_eq!(admitted, 4);
    }

    #[test]
    fn how_much_is_used_is_read_in_thousandths() {
        for (text, thousandths) in [
            ("0.8", Some(800)),
            ("1.25", Some(1_250)),
            (" 1 ", Some(1_000)),
            ("0.8999", Some(899)),
            ("0.0009", None),
            ("99999999999", None),
            ("4294967.295", Some(u32::MAX)),
            ("4294967.296", None),
            ("-0.9", None),
            ("0.9x", None),
            (".9", None),
            ("NaN", None),
            ("", None),
        ] {
            assert_eq!(super::share(text), thousandths, "{text}");
        }
    }

    #[test]
    fn whatever_a_call_is_said_to_cost_the_next_one_goes_after_a_window() {
        let mut budget = Budget::new(Quotas::default());
        let [one, two] = [0; 2].map(|_| budget.admit(1, Call::GetUser, URL, seconds(0)).unwrap());
        for ticket in [one, two] {
            budget.end(ticket, answered(&[("x-ms-resource-unit", "4294967295")]), seconds(0));
        }
        let blocked = budget.admit(1, Call::GetUser, URL, seconds(1)).unwrap_err();
        assert_eq!(blocked.by, BlockedBy::Quota(QuotaKind::Units));
        assert!(blocked.until <= seconds(11), "{blocked:?}");
        let ticket = budget.admit(1, Call::GetUser, URL, blocked.until).unwrap();
        budget.end(ticket, answered(&[("x-ms-resource-unit", "2")]), blocked.until);
        assert!(budget.admit(1, Call::GetUser, URL, blocked.until).is_ok(), "what is said last counts");
    }
}
