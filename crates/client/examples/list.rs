//! Lists every agent user and says how long that took: `cargo run --release -p agentuser --example list -- ENDPOINT TOKEN`

use agentuser::{Client, FixedToken, ListQuery, Root};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, token] = arguments.as_slice() else {
        return Err("give a Graph endpoint and a token".into());
    };
    let client =
        Client::builder().root(Root::new(endpoint)?).token(FixedToken::new(token.clone())).build()?;
    let started = Instant::now();
    let mut pages = client.list(ListQuery::default());
    let mut names = 0;
    while let Some(page) = pages.next().await {
        names += page.iter().filter_map(|user| user.user_principal_name()).map(str::len).sum::<usize>();
    }
    let count = pages.await?;
    let peak = peak().unwrap_or_default() / 1024;
    println!("{count} agent users, {} ms, peak {peak} MB, {names} characters", started.elapsed().as_millis());
    Ok(())
}

/// The process's own peak in KiB, on Linux.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}
