//! Audits a tenant by every rule of v1.0 and prints the report, as `agentuser audit --json` does: `audit ENDPOINT TOKEN`
//!
//! It judges for the moment at which the answers were rendered, so that the findings are those that were planted.

use agentuser::{AuditRequest, AuditSettings, Client, Endpoint, FixedToken, Quotas, TenantSize};
use std::io::{BufWriter, Write as _};

/// When worlds of the simulator begin, in milliseconds since 1970.
const RENDERED_MS: i64 = 1_780_272_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, token] = arguments.as_slice() else {
        return Err("give a Graph endpoint and a token".into());
    };
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(endpoint)?)
        .token(FixedToken::new(token.clone()))
        .batch(1)
        .quotas(Quotas { tenant_size: Some(TenantSize::Large), ..Quotas::default() })
        .build()?;
    let settings = AuditSettings { now_ms: Some(RENDERED_MS), ..AuditSettings::default() };
    let request = AuditRequest { settings, ..AuditRequest::default() };
    let report = client.audit(request).await?.report;
    let mut out = BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, &report.without_findings())?;
    for finding in &report.findings {
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut out, finding)?;
    }
    out.write_all(b"\n")?;
    Ok(())
}
