//! Any `Retry-After`, beside any `Date`.
//!
//! The input is the one line and the other.
#![no_main]

use agentuser_core::http::Headers;
use agentuser_core::problem::retry_after;
use std::time::{Duration, SystemTime};

/// The longest wait that is told apart.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (value, date) = text.split_once('\n').unwrap_or((text, ""));
    let dated = Headers::from_iter([("retry-after", value), ("DATE", date)]);
    let wait = retry_after(&dated);
    assert!(wait.is_none_or(|wait| wait <= LONGEST));

    let trimmed = value.trim();
    let is_number = !trimmed.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if trimmed.bytes().all(|byte| byte.is_ascii_digit()) && !trimmed.is_empty() {
        let seconds = trimmed.parse().map_or(LONGEST, Duration::from_secs);
        assert_eq!(wait, Some(seconds.min(LONGEST)));
    } else if is_number {
        if let (Some(wait), Ok(seconds)) = (wait, trimmed.parse::<f64>()) {
            // Never less than asked for, and less than a millisecond more; floating point is exact to a microsecond here.
            let asked = seconds.min(LONGEST.as_secs_f64());
            let over = wait.as_secs_f64() - asked;
            assert!((-1e-6..=0.001_001).contains(&over), "{wait:?} for {trimmed}");
        }
    } else {
        assert_eq!(
            retry_after(&Headers::from_iter([("Retry-After", value)])),
            None,
            "a date counts from another"
        );
        let moment = |text: &str| httpdate::parse_http_date(text.trim()).ok();
        let between = moment(trimmed).zip(moment(date));
        let asked = between.map(|(until, sent)| until.duration_since(sent).unwrap_or_default().min(LONGEST));
        assert_eq!(wait, asked, "{value:?} at {date:?}");
    }
    written(text);
});

/// Two dates from the input's bytes, as a server writes them.
fn written(text: &str) {
    let mut numbers =
        text.as_bytes().chunks_exact(4).map(|bytes| bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)));
    let (Some(sent), Some(wait)) = (numbers.next(), numbers.next()) else { return };
    let date = |seconds| httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    let later = Headers::from_iter([("Date", date(sent)), ("Retry-After", date(sent + wait))]);
    assert_eq!(retry_after(&later), Some(Duration::from_secs(wait)));
    let sooner = Headers::from_iter([("Date", date(sent + wait)), ("Retry-After", date(sent))]);
    assert_eq!(retry_after(&sooner), Some(Duration::ZERO));
}
