//! A simulator on a thread of its own, for hosts without a runtime: other languages, tests, scripts.

mod extending;
mod json;
mod licensing;
mod lifecycle;
mod options;
mod script;
mod sign_in;
mod tenants;
mod tokens;

pub use extending::{AttributeSetOptions, ExtensionOptions};
pub use licensing::{GroupKind, GroupOptions, LicenseOptions, SkuOptions};
pub use lifecycle::LifecycleOptions;
pub use options::SimulatorOptions;
pub use script::FaultOptions;
pub use tenants::{Edition, TenantKind};
pub use tokens::TokenOptions;

pub(super) use json::read;
pub(super) use sign_in::person;
pub use sign_in::{
    ApplicationOptions, ConsentOptions, FederatedOptions, PersonOptions, PolicyOptions, SignInOptions,
    WorkloadOptions,
};

/// The name of the token that may do everything.
pub const TOKEN: &str = "admin";

use super::Shared;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use tokio::runtime::Builder;

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
