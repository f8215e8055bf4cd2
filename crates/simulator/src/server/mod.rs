//! The simulator over HTTP, for whatever speaks to Graph over HTTP: programs, scripts, pages, other projects' tests.
//!
//! It listens on 127.0.0.1 only and stops by itself. Graph is below `/v1.0`, the token endpoint at
//! `/{tenant}/oauth2/v2.0/token`, and below `/simulator` is what Graph does not have: a look at the tenant and at what
//! happened, and ways to make things go wrong, to revoke tokens and to stop.
//!
//! - An answer that the [`Network`] delays is really late.
//! - A lost answer is a connection that closes without one. A connection that is refused can't be simulated by a
//!   server that has accepted it: it closes, too, and the directory sees nothing of the request. The client then knows
//!   less than one whose connection was refused.
//! - Where nothing ever comes, the connection stays open until the client gives up, or [`ServerOptions::hold`] is over.

mod clients;
mod clock;
mod connection;
mod control;
mod cors;
mod graph;
mod options;
mod simulator;
mod token;

pub use clients::AppClient;
pub use options::ServerOptions;
pub use simulator::{
    FaultOptions, GroupOptions, LicenseOptions, Simulator, SimulatorOptions, SkuOptions, TokenOptions,
};

use crate::network::Network;
use agentuser_core::Now;
use axum::Router;
use axum::routing::{get, post};
use clock::Clock;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// A simulator that has its port and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
}

/// A simulator that answers. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// The state that all requests share.
#[derive(Debug)]
struct Shared {
    root: String,
    network: Mutex<Network>,
    options: ServerOptions,
    clock: Clock,
    /// The tokens that the tenant began with.
    first_tokens: Vec<String>,
    issued: Mutex<Vec<String>>,
    /// When the last request came, in real milliseconds from the start.
    last_request: AtomicU64,
    stopping: watch::Sender<bool>,
}

impl Shared {
    fn network(&self) -> MutexGuard<'_, Network> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The network, after everything that was due.
    fn network_now(&self) -> MutexGuard<'_, Network> {
        let mut network = self.network();
        network.pass_time(self.now());
        network
    }

    fn issued(&self) -> MutexGuard<'_, Vec<String>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Now {
        self.clock.now()
    }

    fn touch(&self) {
        self.last_request.store(self.clock.real_ms(), Ordering::Relaxed);
    }

    fn stop(&self) {
        self.stopping.send_replace(true);
    }
}

impl Server {
    /// Takes a port of 127.0.0.1; port 0 takes a free one. `network` is given the root that the tenant must have
    /// ([`crate::Tenant::root`]), such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// For any other address, when the port can't be had, and when the tenant has another root.
    pub fn bind(
        addr: SocketAddr,
        network: impl FnOnce(&str) -> Network,
        options: ServerOptions,
    ) -> io::Result<Self> {
        if addr.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
            let why = "the simulator listens on 127.0.0.1 only";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let listener = std::net::TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        let root = format!("http://{}", listener.local_addr()?);
        let network = network(&root);
        if network.directory().root() != root {
            let why = "the simulated tenant must have the root that the builder was given";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let shared = Shared {
            root,
            clock: Clock::new(options.speed),
            first_tokens: network.directory().tokens.keys().cloned().collect(),
            network: Mutex::new(network),
            options,
            issued: Mutex::default(),
            last_request: AtomicU64::new(0),
            stopping: watch::Sender::new(false),
        };
        Ok(Self { listener, shared: Arc::new(shared) })
    }

    /// Where it is: `http://127.0.0.1:port`. Graph's root and the sign-in's.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.shared.root
    }

    /// Answers until `until` ends, a request stops it, or its time is over.
    ///
    /// # Errors
    /// When the port can't be used from here.
    pub async fn run(self, until: impl Future<Output = ()>) -> io::Result<()> {
        self.listen()?.serve(until).await;
        Ok(())
    }

    /// Must be called within a runtime.
    fn listen(self) -> io::Result<Listening> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        Ok(Listening { listener, shared: self.shared })
    }

    /// Answers in a task of its own.
    ///
    /// # Errors
    /// Outside of a tokio runtime.
    pub fn spawn(self) -> io::Result<Running> {
        let runtime = tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
        let shared = Arc::clone(&self.shared);
        let task = runtime.spawn(async move { drop(self.run(std::future::pending()).await) });
        Ok(Running { shared, task })
    }
}

/// A simulator that a runtime watches over and that does not answer yet.
struct Listening {
    listener: tokio::net::TcpListener,
    shared: Arc<Shared>,
}

impl Listening {
    /// Answers until `until` ends, a request stops it, or its time is over.
    async fn serve(self, until: impl Future<Output = ()>) {
        let Self { listener, shared } = self;
        let ended = async {
            tokio::select! {
                () = until => {}
                () = asked_to_stop(&shared) => {}
                () = tokio::time::sleep(shared.options.lifetime) => {}
                () = idle(&shared) => {}
            }
        };
        let mut ended = std::pin::pin!(ended);
        let router = router(&shared);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = ended.as_mut() => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(connection::serve(stream, router.clone(), Arc::clone(&shared)));
                    }
                    // Out of files, or a client that is gone already: others may fare better in a moment.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
        drop(listener);
        shared.stop();
        while connections.join_next().await.is_some() {}
    }
}

impl Running {
    /// Where it is: `http://127.0.0.1:port`. Graph's root and the sign-in's.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.shared.root
    }

    /// Looks at the network and the directory behind it, or changes them. No request is answered meanwhile.
    pub fn network<T>(&self, look: impl FnOnce(&mut Network) -> T) -> T {
        look(&mut self.shared.network())
    }

    /// Makes every token void that the token endpoint has issued since the last time, and tells how many.
    pub fn revoke_issued_tokens(&self) -> usize {
        let issued = std::mem::take(&mut *self.shared.issued());
        let mut network = self.shared.network();
        for token in &issued {
            network.directory_mut().remove_token(token);
        }
        issued.len()
    }

    /// Stops it, and waits until it has.
    pub async fn stop(mut self) {
        self.shared.stop();
        drop((&mut self.task).await);
    }

    /// Waits until it has stopped by itself, or was stopped by a request.
    pub async fn stopped(mut self) {
        drop((&mut self.task).await);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(token::token).fallback(token::wrong_method))
        .route("/simulator/stats", get(control::stats))
        .route("/simulator/state", get(control::state))
        .route("/simulator/tenant", get(control::tenant))
        .route("/simulator/writes", get(control::writes))
        .route("/simulator/script", post(control::script))
        .route("/simulator/revoke", post(control::revoke))
        .route("/simulator/stop", post(control::stop))
        .fallback(graph::graph)
        .with_state(Arc::clone(shared))
}

async fn asked_to_stop(shared: &Shared) {
    // An error would mean that the sender is gone, which `shared` holds.
    drop(shared.stopping.subscribe().wait_for(|stop| *stop).await);
}

/// Ends when no request has come for long enough.
async fn idle(shared: &Shared) {
    loop {
        let last = Duration::from_millis(shared.last_request.load(Ordering::Relaxed));
        let until = shared.clock.started() + last + shared.options.idle;
        if until <= Instant::now() {
            return;
        }
        tokio::time::sleep_until(until).await;
    }
}
