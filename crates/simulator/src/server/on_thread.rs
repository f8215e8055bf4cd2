//! A simulator on a thread of its own, for hosts without a runtime: other languages, tests, scripts.

use super::{Server, ServerOptions, Shared, random};
use crate::options::{SimulatorOptions, TOKEN};
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::Builder;

impl SimulatorOptions {
    /// Takes the port. The server answers once it runs.
    ///
    /// # Errors
    /// For options that break a rule ([`io::ErrorKind::InvalidInput`]), and when the port can't be had.
    pub fn bind(&self) -> io::Result<Server> {
        self.check().map_err(|wrong| io::Error::new(io::ErrorKind::InvalidInput, wrong))?;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let unix_ms = i64::try_from(since_1970.as_millis()).unwrap_or_default();
        let tokens = self.names(unix_ms, random)?;
        let mut options =
            ServerOptions::contoso().speed(self.speed).idle(Duration::from_secs(self.idle_seconds));
        options.tokens.clone_from(&tokens);
        options.root = self.root.as_ref().map(|root| root.trim_end_matches('/').to_owned());
        options.allowed_origins.clone_from(&self.allow_origins);
        options.allowed_hosts.clone_from(&self.allow_hosts);
        options.tls = self.tls || self.proxy;
        options.proxy = self.proxy;
        #[cfg(feature = "contract")]
        let options = if self.outside_contract { options } else { options.contract_of_the_environment() };
        let address = (Ipv4Addr::LOCALHOST, self.port).into();
        Server::bind(address, |root| self.network(root, unix_ms, &tokens), options)
    }
}

/// A simulator that answers, on a thread of its own. It ends by itself like any [`super::Server`]; dropping it stops
/// it.
#[derive(Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Simulator {
    /// Starts one. It answers when this returns.
    ///
    /// # Errors
    /// For options that break a rule ([`io::ErrorKind::InvalidInput`]), and when port, thread or runtime can't be had.
    pub fn start(options: &SimulatorOptions) -> io::Result<Self> {
        let server = options.bind()?;
        let shared = Arc::clone(&server.shared);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listening = {
            let _entered = runtime.enter();
            server.listen()?
        };
        let thread = thread::Builder::new()
            .name("agentuser simulator".to_owned())
            .spawn(move || runtime.block_on(listening.serve(std::future::pending())))?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Where it is: `http://127.0.0.1:port`, or `https://`. Graph's address and the sign-in's.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.shared.address
    }

    /// The token that may do everything: another one in each run, unless [`SimulatorOptions::token`] sets it.
    /// `/simulator/tenant` lists the others.
    #[must_use]
    pub fn token(&self) -> &str {
        self.shared.first_tokens.get(TOKEN).map(String::as_str).unwrap_or_default()
    }

    /// Whether it still answers: without requests for long enough, it ends by itself.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Stops it and returns when its port is free. Requests that are being answered have a second for it.
    pub fn stop(&self) {
        self.shared.stop();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic there would be an error here, and nothing could be done about it.
            drop(thread.join());
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop();
    }
}
