//! The limits of numbers that options and orders share.

/// The most of 1,000 requests that may go wrong.
pub(crate) const MOST_PER_MILLE: u64 = 900;

/// The longest replication lag, in milliseconds: a day.
pub(crate) const LONGEST_LAG_MS: u64 = 86_400_000;

/// The longest time that a good answer may take, in milliseconds.
const LONGEST_LATENCY_MS: u64 = 60_000;

/// The mistake of a number that is not between these two.
pub(crate) fn outside(name: &str, value: u64, least: u64, most: u64) -> Option<String> {
    let is_outside = !(least..=most).contains(&value);
    is_outside.then(|| format!("{name}: {value} is not between {least} and {most}"))
}

/// The mistakes of the least and the most milliseconds that a good answer takes.
pub(crate) fn latency_outside([least, most]: [u64; 2]) -> impl Iterator<Item = String> {
    let limit = outside("latencyMs[1]", most, 0, LONGEST_LATENCY_MS);
    limit.into_iter().chain(outside("latencyMs[0]", least, 0, most))
}
