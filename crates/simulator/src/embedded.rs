//! The simulator inside a program: requests and answers are values, and the program keeps the time.

use crate::control::{self, Ordered, Refused};
use crate::entra::Entra;
use crate::hash::Hash;
use crate::network::{Delivery, Network};
use crate::options::{SimulatorOptions, TOKEN};
use crate::spelling::{self, GRAPH};
use agentuser_core::Now;
use agentuser_core::http::Request;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

/// A tenant with its network and its sign-in, for a program that waits as long as a [`Delivery`] says. Times that it is given are
/// real, since it was made; the tenant's clock runs as the options say.
#[derive(Debug)]
pub struct Embedded {
    network: Network,
    unix_ms: i64,
    speed: u32,
    /// By how much its clock was moved.
    ahead: Duration,
    first_tokens: BTreeMap<String, String>,
}

impl Embedded {
    /// One at the tenant's beginning, which is `unix_ms`. Tokens are drawn from `secret`. Its root is Graph's own unless the options
    /// have another; options that only a server needs are not looked at.
    ///
    /// # Errors
    /// Everything that is wrong with the options, each with its place.
    pub fn new(options: &SimulatorOptions, unix_ms: i64, secret: u64) -> Result<Self, String> {
        options.check()?;
        let mut serial = 0;
        let draw = || {
            serial += 1;
            Ok::<_, Infallible>(Hash::new(secret).text("token").word(serial).finish())
        };
        let Ok(tokens) = options.names(unix_ms, draw);
        let root = options.root.as_deref().map_or(GRAPH, |root| root.trim_end_matches('/'));
        let mut network = options.network(root, unix_ms, &tokens);
        set_up(network.directory_mut().entra_mut(), root, options.speed, secret);
        Ok(Self { network, unix_ms, speed: options.speed, ahead: Duration::ZERO, first_tokens: tokens })
    }

    /// Graph's root.
    #[must_use]
    pub fn root(&self) -> &str {
        self.network.directory().root()
    }

    /// The origin of its sign-in.
    #[must_use]
    pub fn login(&self) -> &str {
        self.network.directory().login()
    }

    /// The token that may do everything.
    #[must_use]
    pub fn token(&self) -> &str {
        self.first_tokens.get(TOKEN).map(String::as_str).unwrap_or_default()
    }

    fn now(&self, real: Duration) -> Now {
        let elapsed = real.saturating_mul(self.speed).saturating_add(self.ahead);
        Now { mono: Duration::ZERO, unix_ms: self.unix_ms }.later(elapsed)
    }

    /// The fate of a request to Graph or to the sign-in. `authorization` is the value of that header.
    pub fn deliver(&mut self, real: Duration, authorization: Option<&str>, mut request: Request) -> Delivery {
        let root = self.root();
        if let Some(path) = request.url.strip_prefix(root).filter(|path| path.starts_with('/')) {
            request.url = spelling::address(root, path);
        }
        let now = self.now(real);
        self.network.deliver(now, authorization, &request)
    }

    /// A look, by its name: `stats`, `state`, `permissions`, `writes` or `tenant`. None for any other.
    pub fn look(&mut self, real: Duration, name: &str) -> Option<Value> {
        let now = self.now(real);
        self.network.pass_time(now);
        Some(match name {
            "stats" => control::stats(&self.network),
            "state" => control::state(&self.network),
            "permissions" => control::permissions(&self.network),
            "writes" => control::writes(&self.network),
            "tenant" => json!({
                "root": self.root(),
                "login": self.login(),
                "clients": control::clients(self.network.directory()),
                "tokens": self.first_tokens,
                "tenant": control::objects(self.network.directory()),
            }),
            _ => return None,
        })
    }

    /// An order, by its name and with its JSON, as a server has it below `/simulator`.
    ///
    /// # Errors
    /// The name is not that of an order, or the order can't be carried out.
    pub fn order(&mut self, real: Duration, name: &str, json: &[u8]) -> Ordered {
        let order = match name {
            "advance" => return self.advance(real, json),
            "script" => control::script,
            "revoke" => control::revoke,
            "approver" => control::approver,
            "certificate" => control::certificate,
            "consent" => control::consent,
            "device-code" => control::device_code,
            "network" => control::network,
            "policies" => control::policies,
            "user-token" => control::user_token,
            _ => {
                let message = format!("The simulator knows no order '{name}'.");
                return Err(Refused { status: 404, code: "OrderUnknown", message });
            }
        };
        let now = self.now(real);
        order(&mut self.network, now, json)
    }

    fn advance(&mut self, real: Duration, json: &[u8]) -> Ordered {
        let by = control::advance(json)?;
        self.ahead = self.ahead.saturating_add(by);
        let now = self.now(real);
        self.network.pass_time(now);
        Ok(json!({"advancedSeconds": by.as_secs()}))
    }
}

fn set_up(entra: &mut Entra, address: &str, speed: u32, secret: u64) {
    entra.set_salt(Hash::new(secret).text("salt").finish());
    entra.set_speed(speed);
    entra.set_address(address);
}
