//! Lists every agent user and says how long that took: `list ENDPOINT TOKEN`

use agentuser::{Client, Endpoint, FixedToken, ListQuery};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, token] = arguments.as_slice() else {
        return Err("give a Graph endpoint and a token".into());
    };
    let client = Client::builder()
        .graph_endpoint(Endpoint::new(endpoint)?)
        .token(FixedToken::new(token.clone()))
        .build()?;
    let started = Instant::now();
    let mut pages = client.list(ListQuery::default());
    let mut names = 0;
    while let Some(page) = pages.next().await {
        names += page.iter().filter_map(|user| user.user_principal_name()).map(str::len).sum::<usize>();
    }
    let count = pages.await?;
    println!("{count} agent users, {} ms, {names} characters", started.elapsed().as_millis());
    Ok(())
}
