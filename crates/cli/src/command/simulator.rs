//! `agentuser simulator`.

use crate::exit::{CommandResult, Exit, internal};
use crate::output::Output;
use crate::{input, interrupt, parse};
use agentuser::{Code, Problem, plain_reason};
use agentuser_simulator::options::{Edition, SimulatorOptions, TOKEN, TenantKind};
use agentuser_simulator::server::Server;
use clap::{Args, value_parser};
use serde_json::json;
use std::fmt::Display;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = r#"Examples:
  agentuser simulator --port 8080 --speed 60 --token rehearsal
  export AGENTUSER_GRAPH_ENDPOINT=http://127.0.0.1:8080 AGENTUSER_TOKEN=rehearsal
  agentuser roster apply examples/roster.csv --wait mailbox,teams

The simulator is not Microsoft Graph: it was written from public documents and knows only the calls that manage agent users. It listens on this machine alone, and ends by itself when it is not used. Each run has a token of its own, which it prints, unless --token sets one. Any program on this machine can read it, pages only when they are of this machine or of an --allow-origin.

Programs of others: --tls for those that refuse plain HTTP, --proxy for those whose addresses are fixed. Both print what the programs need: HTTPS_PROXY, and the certificate as REQUESTS_CA_BUNDLE, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. A managed identity's token is at http://127.0.0.1:PORT/msi/token (IDENTITY_ENDPOINT, with any IDENTITY_HEADER), and as on a virtual machine (AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:PORT).

An options file with every member. Each may be left out; a flag wins over the file:
  {
    "tenant": "contoso", "edition": "p2",
    "permissions": ["User.Read.All", "AgentIdentity.Read.All"],
    "port": 8080, "identities": 24, "agentUsers": 1000, "seed": 1,
    "speed": 60, "lagMs": 30000, "latencyMs": [20, 200], "reading": 7,
    "seats": 100, "idleSeconds": 600,
    "faults": {
      "perMille": 20, "brisk": true,
      "script": [
        {"method": "POST", "path": "/users/microsoft.graph.agentUser",
         "nth": 1, "fault": "lostAnswer"},
        {"method": "GET", "path": "/servicePrincipals/",
         "fault": "throttled", "retryAfterSeconds": 20},
        {"method": "PUT", "path": "/manager/$ref",
         "fault": "serverError", "status": 503, "executed": true}
      ]
    },
    "token": "rehearsal",
    "tokens": [{"token": "short", "expiresInSeconds": 300}],
    "skus": [{"partNumber": "ENDED", "seats": 0, "warning": 5, "suspended": 2}],
    "groups": [
      {"name": "Sales Agents", "licenses": ["AGENT_365"], "dynamic": false,
       "members": ["agent25@contoso.com"]}
    ],
    "licenses": [
      {"user": "agent26@contoso.com", "sku": "AGENT_365",
       "disabledPlans": ["TEAMS1"]}
    ],
    "extensions": [
      {"name": "extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup",
       "dataType": "String", "isMultiValued": false}
    ],
    "attributeSets": {"Engineering": {"Project": "Collection(String)"}},
    "lifecyclePolicies": [
      {"name": "Attest monthly", "attestationDays": 30,
       "sponsorPresence": true, "graceDays": 14, "deleteAfterDays": 30,
       "disabled": false, "neverRun": false}
    ],
    "signIn": {
      "applications": [
        {"clientId": "5ea00000-0000-4000-8000-000000000009",
         "clientSecret": "simulated", "roles": ["User.Read.All"]}
      ],
      "people": [
        {"userPrincipalName": "ada@contoso.com", "admin": true}
      ],
      "consent": [
        {"client": "a1d00000-0000-4000-8000-000000000001",
         "scope": "User.Read"}
      ],
      "policies": [
        {"name": "c1", "user": "ada@contoso.com",
         "claimsAtSignIn": 50076}
      ],
      "approves": "ada@contoso.com"
    },
    "quotas": true,
    "root": "https://graph.example", "tls": false, "proxy": false, "outsideContract": false,
    "allowOrigins": ["https://admin.example"], "allowHosts": ["sim.example"]
  }

A scripted fault happens to the nth request (1 unless given) with that method whose path and query contain the path, and to as many in a row as "times" says. The faults, and the members that they take:
  lostAnswer, reset, refused, truncatedBody, emptyBody, garbageJson
  strangeStatus, anotherObject
  foreignNextLink, circularNextLink, circularPages, endlessPages,
  expiredPageToken
  delay, lateArrival        delayMs
  never, wrongContentType, errorInSuccess
                            executed: whether the tenant did it (false)
  foreignRefusal            status (403), executed
  throttled                 retryAfterSeconds, retryAfterDateSeconds or none
  serverError               status (500, 502, 503, 504), executed, and the
                            members of throttled
  answer                    status, executed, and code and message, or body
  changed                   status, members: null takes one out

The simulator's own addresses, which Graph does not have:
  GET  /simulator/tenant    its parents, people, licenses, apps and tokens
  GET  /simulator/stats     numbers of requests, faults and objects
  GET  /simulator/permissions  the permissions that requests used, and
                            the requests that lacked one
  GET  /simulator/state     the tenant's state; equal after equal runs
  GET  /simulator/writes    the writes that it accepted, sorted
  POST /simulator/script    adds faults: an array as in "script", which
                            counts requests from now on
  POST /simulator/network   {"perMille": 20, "brisk": true,
                            "latencyMs": [20, 200], "lagMs": 30000}: what
                            goes wrong, and how slow it is, from now on
  POST /simulator/revoke    {"token": "..."} is refused from now on
  POST /simulator/advance   {"seconds": 3600}: its clock goes on
  POST /simulator/stop      ends it

Of its sign-in:
  POST /simulator/device-code  {"userCode": "...", "user": "NAME"} approves
                               the code; without a user it is declined
  POST /simulator/approver     {"user": "NAME"} signs in at the page of a
                               browser unasked; null shows the page
  POST /simulator/user-token   {"user": "NAME", "audience": "CLIENT-ID"}
                               makes a person's token for a blueprint
  POST /simulator/consent      {"client": "ID", "user": "NAME", "scope":
                               "..."} consents; without a scope it is
                               taken back
  POST /simulator/certificate  {"clientId": "...", "certificate": "PEM"} in
                               place of those of before
  POST /simulator/policies     {"policies": [...]}, as in "signIn"
  GET  /simulator/oidc/github-actions, /simulator/oidc/kubernetes
  POST /simulator/oidc/azure-pipelines
                               tokens of pipelines; /simulator/tenant says
                               how to ask for them"#;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A file with options as JSON, as shown below; - for stdin
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// The token that may do everything; otherwise each run makes one
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    #[arg(long, value_name = "PORT", help = or("The port on 127.0.0.1; 0 takes a free one", defaults().port))]
    port: Option<u16>,
    #[arg(
        long,
        value_name = "TENANT",
        help = or("contoso; troubled: everything that an audit finds, each once; or planted: the same in 2,000 agent users", defaults().tenant)
    )]
    tenant: Option<TenantKind>,
    /// A permission of the token, which may do no more than those that are named; can be repeated
    #[arg(long, value_name = "NAME")]
    permission: Vec<String>,
    #[arg(
        long,
        value_name = "EDITION",
        help = or("The edition of Microsoft Entra ID that the tenant has: free, p1 or p2", defaults().edition)
    )]
    edition: Option<Edition>,
    #[arg(
        long,
        value_name = "N",
        value_parser = value_parser!(u32).range(0..=100000),
        help = or("Agent identities without an agent user, of three blueprints, 0 to 100000", defaults().identities)
    )]
    identities: Option<u32>,
    #[arg(
        long,
        value_name = "N",
        value_parser = value_parser!(u32).range(0..=500000),
        help = or("Agent users that exist from the start, first.agent@contoso.com included, 0 to 500000", defaults().agent_users)
    )]
    agent_users: Option<u32>,
    #[arg(
        long,
        value_name = "N",
        help = or("The seed of ids, delays, faults and lags: the same number gives the same run", defaults().seed)
    )]
    seed: Option<u64>,
    #[arg(
        long,
        value_name = "TIMES",
        value_parser = value_parser!(u32).range(1..=100000),
        help = or("How many times faster its clock runs, so that a mailbox takes seconds, 1 to 100000", defaults().speed)
    )]
    speed: Option<u32>,
    /// The longest replication lag, on its own clock, such as 30s; none unless given
    #[arg(long, value_name = "TIME", value_parser = parse::duration)]
    lag: Option<Duration>,
    #[arg(
        long,
        value_name = "N",
        value_parser = value_parser!(u16).range(0..=900),
        help = or("The number of requests out of 1000 that are lost, broken or refused, 0 to 900", defaults().faults.per_mille)
    )]
    faults: Option<u16>,
    /// Only faults that are over within seconds: lost answers, and throttling with a short wait
    #[arg(long)]
    brisk: bool,
    /// Follow the reading of this number where Microsoft's documents contradict each other
    #[arg(long, value_name = "N")]
    reading: Option<u64>,
    #[arg(
        long,
        value_name = "TIME",
        value_parser = parse::duration,
        help = or("End after this long without a request", format_args!("{}s", defaults().idle_seconds))
    )]
    idle: Option<Duration>,
    #[arg(
        long,
        value_name = "URL",
        help = "Graph's root in links, references and scopes, such as https://graph.microsoft.com; otherwise the simulator's address"
    )]
    root: Option<String>,
    /// Speak TLS besides plain HTTP, with a certificate that it makes
    #[arg(long)]
    tls: bool,
    /// Be an HTTPS proxy for graph.microsoft.com and login.microsoftonline.com, so that programs run unchanged
    #[arg(long)]
    proxy: bool,
    #[arg(
        long,
        value_name = "ORIGIN",
        help = "Answer pages of this origin, too, such as https://admin.example; can be repeated"
    )]
    allow_origin: Vec<String>,
    /// Answer requests to this host, too; can be repeated
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
}

fn defaults() -> SimulatorOptions {
    SimulatorOptions::default()
}

/// A help text with its default, as clap would write it. Clap must not know the default: it would win over the file.
fn or(help: &str, default: impl Display) -> String {
    format!("{help} [default: {default}]")
}

pub(super) async fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let options = arguments.options()?;
    let server = options.bind().map_err(|error| not_started(&options, &error))?;
    announce(output, &server)?;
    if output.is_closed() {
        // Its address can't be written, so it serves nobody. The end of the output tells the cause.
        return Ok(Exit::Done);
    }
    let ended = server.run(interrupt::signal()).await;
    ended.map_err(|error| internal(format!("The simulator can't serve: {}.", plain_reason(&error))))?;
    Ok(Exit::Done)
}

/// Says where it is, and what programs need to get there.
fn announce(output: &Output, server: &Server) -> Result<(), Problem> {
    let (address, token) = (server.address(), server.token(TOKEN).unwrap_or_default());
    let authority = server.authority().map(|path| path.display().to_string());
    // A proxy is asked in plain HTTP.
    let proxy = server.is_proxy().then(|| address.replacen("https://", "http://", 1));
    if output.is_json() {
        let mut greeting = json!({ "endpoint": address, "token": token });
        let more = [
            ("root", (server.root() != address).then(|| server.root().to_owned())),
            ("certificateAuthority", authority),
            ("proxy", proxy),
        ];
        if let Some(greeting) = greeting.as_object_mut() {
            greeting
                .extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))));
        }
        return output.json([&greeting]);
    }
    output.line(&format!("A simulator of Microsoft Graph, for rehearsals: {address}"));
    output.line(&format!("AGENTUSER_GRAPH_ENDPOINT={address} AGENTUSER_TOKEN={token}"));
    if let Some(file) = authority {
        let names = ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];
        output.line(&names.map(|name| format!("{name}={file}")).join(" "));
    }
    if let Some(proxy) = proxy {
        output.line(&format!("HTTPS_PROXY={proxy}"));
    }
    Ok(())
}

impl Arguments {
    /// The file's options, where no flag replaces them.
    fn options(&self) -> Result<SimulatorOptions, Problem> {
        let file = match &self.options {
            Some(path) => {
                let json = input::options(path).map_err(bad_file)?;
                SimulatorOptions::parse(&json).map_err(bad_file)?
            }
            None => SimulatorOptions::default(),
        };
        let mut options = SimulatorOptions {
            port: self.port.unwrap_or(file.port),
            tenant: self.tenant.unwrap_or(file.tenant),
            permissions: Some(self.permission.clone()).filter(|named| !named.is_empty()).or(file.permissions),
            edition: self.edition.unwrap_or(file.edition),
            identities: self.identities.unwrap_or(file.identities),
            agent_users: self.agent_users.unwrap_or(file.agent_users),
            seed: self.seed.unwrap_or(file.seed),
            speed: self.speed.unwrap_or(file.speed),
            lag_ms: self.lag.map_or(file.lag_ms, milliseconds),
            reading: self.reading.or(file.reading),
            idle_seconds: self.idle.map_or(file.idle_seconds, |idle| idle.as_secs()),
            token: self.token.clone().or(file.token),
            root: self.root.clone().or(file.root),
            tls: self.tls || file.tls,
            proxy: self.proxy || file.proxy,
            ..file
        };
        options.allow_origins.extend(self.allow_origin.iter().cloned());
        options.allow_hosts.extend(self.allow_host.iter().cloned());
        options.faults.per_mille = self.faults.unwrap_or(options.faults.per_mille);
        options.faults.brisk |= self.brisk;
        Ok(options)
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn bad_file(message: String) -> Problem {
    Problem::new(Code::Invalid, message)
        .with_cause("The file can't be read, or it is not as `agentuser simulator --help` shows.")
        .with_fix("Correct the place that the message names.")
        .with_field("options")
}

fn not_started(options: &SimulatorOptions, error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::InvalidInput {
        return Problem::new(Code::Invalid, error.to_string())
            .with_cause("A flag, or a member of the options file, has an impossible value.")
            .with_fix("Correct it; `agentuser simulator --help` shows all of them.");
    }
    Problem::new(Code::Invalid, format!("Port {} can't be used: {}.", options.port, plain_reason(error)))
        .with_cause("Another program listens on it, or this user may not use it.")
        .with_fix("Choose another --port, or leave it out for a free one.")
        .with_field("port")
}
