//! How the network and the directory behave from now on.

use super::{Ordered, order, wrong};
use crate::Network;
use crate::options::{LONGEST_LAG_MS, MOST_PER_MILLE, latency_outside, outside};
use agentuser_core::Now;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// The behaviour; a member that is left out stays as it is.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Behaviour {
    /// The number of 1,000 requests that go wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_mille: Option<u16>,
    /// Whether only what is over within seconds goes wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    brisk: Option<bool>,
    /// The least and the most milliseconds that a good answer takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<[u64; 2]>,
    /// The longest replication lag of a read by id, in milliseconds of the tenant's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    lag_ms: Option<u64>,
}

/// Changes the share of requests that go wrong, the time that answers take, and the lag of changes from now on.
pub(crate) fn network(network: &mut Network, now: Now, json: &[u8]) -> Ordered {
    let behaviour: Behaviour = order(json)?;
    let Behaviour { per_mille, brisk, latency_ms, lag_ms } = behaviour;
    let rate = per_mille.and_then(|rate| outside("perMille", rate.into(), 0, MOST_PER_MILLE));
    let lag = lag_ms.and_then(|lag| outside("lagMs", lag, 0, LONGEST_LAG_MS));
    let latency = latency_ms.into_iter().flat_map(latency_outside);
    let mistakes: Vec<String> = rate.into_iter().chain(lag).chain(latency).collect();
    if !mistakes.is_empty() {
        return Err(wrong(mistakes.join("\n")));
    }
    if let Some(per_mille) = per_mille {
        network.set_rate(per_mille);
    }
    if let Some(brisk) = brisk {
        network.set_brisk(brisk);
    }
    if let Some([least, most]) = latency_ms.map(|both| both.map(Duration::from_millis)) {
        network.set_latency(least, most);
    }
    if let Some(lag) = lag_ms {
        network.directory_mut().lag_from(now.mono, Duration::from_millis(lag));
    }
    Ok(json!(behaviour))
}
