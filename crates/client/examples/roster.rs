//! A roster, applied: a line per row as it finishes.
//!
//! Try it on a rehearsal tenant: start `agentuser simulator`, then with the endpoint and token that it prints:
//! `cargo run -p agentuser --example roster -- http://127.0.0.1:PORT TOKEN examples/roster.csv`

// README: begin
use agentuser::{Client, Endpoint, FixedToken, Problem, RosterRequest};

async fn apply(endpoint: Endpoint, token: String, file: Vec<u8>) -> Result<usize, Problem> {
    let client = Client::builder().graph_endpoint(endpoint).token(FixedToken::new(token)).build()?;
    let mut rows = client.apply_roster(file, RosterRequest::default());
    while let Some(report) = rows.next().await {
        let row = report.row.unwrap_or_default();
        println!("row {row} {} {}", report.user_principal_name, report.outcome);
    }
    let summary = rows.await?;
    println!("{} rows, {} failed", summary.rows, summary.failed);
    Ok(summary.failed)
}
// README: end

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, token, roster] = arguments.as_slice() else {
        return Err("give a Graph endpoint, a token and a roster".into());
    };
    match apply(Endpoint::new(endpoint)?, token.clone(), std::fs::read(roster)?).await {
        Ok(0) => Ok(()),
        Ok(failed) => Err(format!("{failed} rows failed").into()),
        Err(problem) => Err(format!("{problem}\nfix: {}", problem.fix()).into()),
    }
}
