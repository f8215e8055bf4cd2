//! `agentuser simulator`.

use super::Ended;
use crate::context::{Context, internal};
use crate::exit::Exit;
use crate::interrupt;
use crate::parse;
use agentuser::{Code, Problem};
use agentuser_sim::server::{Server, ServerOptions};
use agentuser_sim::{Faults, Lag, Network, Switches, Tenant};
use clap::Args;
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const EXAMPLES: &str = "\
Examples:
  agentuser simulator --port 8080 --speed 60
  export AGENTUSER_GRAPH_ENDPOINT=http://127.0.0.1:8080 AGENTUSER_TOKEN=admin
  agentuser roster apply examples/roster.csv --wait mailbox,teams

It is not Microsoft Graph: it was written from public documents and knows only what the life of agent users needs. It
listens on this machine alone and ends by itself. GET /simulator/tenant shows what is in it: parents, people, licenses,
applications and tokens; /simulator/stats what happened; POST /simulator/stop ends it.";

/// The token that may do everything.
const TOKEN: &str = "admin";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Agent identities in the tenant, of three blueprints
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    identities: u32,
    /// Where ids, delays, faults and lags come from: the same number gives the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many times as fast as ours its time runs, so that a mailbox takes seconds
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    speed: u32,
    /// The longest replication lag, on its own clock, such as 30s; without it there is none
    #[arg(long, value_name = "TIME", value_parser = parse::duration)]
    lag: Option<Duration>,
    /// Lose, spoil or refuse so many of 1000 requests
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=900))]
    faults: u16,
    /// Of those, only what is over within seconds: lost answers, and throttling with a short wait
    #[arg(long, requires = "faults")]
    brisk: bool,
    /// Where Microsoft's documents contradict each other, be as the reading of this number
    #[arg(long, value_name = "N")]
    reading: Option<u64>,
    /// End after this long without a request
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = parse::duration)]
    idle: Duration,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Ended {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let options = ServerOptions::contoso().speed(arguments.speed).idle(arguments.idle);
    let server = Server::bind(address, |root| network(arguments, root), options).map_err(|error| {
        Problem::new(Code::Invalid, format!("Port {} can't be had: {error}", arguments.port))
            .with_cause("Another program listens on it, or it may not be used.")
            .with_fix("Choose another --port, or leave it out for a free one.")
            .with_field("port")
    })?;
    let root = server.root();
    if context.output.is_json() {
        context.output.json([&json!({ "endpoint": root, "token": TOKEN })])?;
    } else {
        context.output.line(&format!("A simulator of Microsoft Graph, which it is not: {root}"));
        context.output.line(&format!("AGENTUSER_GRAPH_ENDPOINT={root} AGENTUSER_TOKEN={TOKEN}"));
    }
    let ended = server.run(interrupt::signal()).await;
    ended.map_err(|error| internal(format!("The simulator can't serve: {error}")))?;
    Ok(Exit::Done)
}

fn network(arguments: &Arguments, root: &str) -> Network {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut tenant = Tenant::contoso(arguments.identities)
        .root(root)
        .seed(arguments.seed)
        .created_at(i64::try_from(since_1970.as_millis()).unwrap_or_default());
    if let Some(lag) = arguments.lag {
        tenant = tenant.lag(Lag::seeded(arguments.seed, lag));
    }
    if let Some(reading) = arguments.reading {
        tenant = tenant.switches(Switches::from_seed(reading));
    }
    let faults = Faults::seeded(arguments.seed, arguments.faults);
    Network::new(tenant.build(), if arguments.brisk { faults.brisk() } else { faults })
}
