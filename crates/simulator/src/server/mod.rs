//! The simulator over HTTP, for whatever speaks to Graph over HTTP: programs, scripts, pages, other projects' tests.
//!
//! It listens on 127.0.0.1 only and stops by itself. Graph is below `/v1.0` and `/beta`; the token endpoint, at
//! `/{tenant}/oauth2/v2.0/token`, and the documents that lead to it are Entra's; `/metadata/identity/oauth2/token` and
//! `/msi/token` are a managed identity's. Below `/simulator` is what Graph does not have: a look at the tenant and at what
//! happened, and ways to make things go wrong, to revoke tokens and to stop.
//!
//! - An answer that the [`Network`] delays is really late.
//! - A lost answer is a connection that closes without one. A connection that is refused can't be simulated by a
//!   server that has accepted it: it closes, too, and the directory sees nothing of the request. The client then knows
//!   less than one whose connection was refused.
//! - Where nothing ever comes, the connection stays open until the client gives up, or [`ServerOptions::hold`] is over.

mod clock;
mod connection;
mod control;
mod cors;
mod crowd;
mod graph;
mod guard;
mod managed_identity;
mod oidc;
mod on_thread;
mod options;
mod sign_in;
mod tls;

pub use on_thread::Simulator;
pub use options::ServerOptions;

use crate::control as orders;
use crate::filled::filled;
use crate::network::Network;
use crate::spelling;
use agentuser_core::Now;
use axum::Router;
use axum::routing::{any, get, post};
use clock::Clock;
use crowd::Crowd;
use guard::Guard;
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tls::Tls;
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
    /// Where it listens.
    address: String,
    /// Graph's root, in links and scopes.
    root: String,
    guard: Guard,
    tls: Option<Tls>,
    network: Mutex<Network>,
    options: ServerOptions,
    clock: Clock,
    /// The tokens that the tenant began with.
    first_tokens: BTreeMap<String, String>,
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
        let scheme = if options.tls { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr()?);
        let graph = options.proxy.then(|| spelling::GRAPH.to_owned());
        let root = options.root.clone().or(graph).unwrap_or_else(|| address.clone());
        let hosts: Vec<String> = [host_of(&root)].into_iter().chain(options.allowed_hosts.clone()).collect();
        let tls = options.tls.then(|| {
            let proxied = connection::PROXIED.iter().filter(|_| options.proxy).map(|host| (*host).to_owned());
            Tls::new(hosts.iter().cloned().chain(proxied).collect())
        });
        let tls = tls.transpose()?;
        let mut network = network(&root);
        if network.directory().root() != root {
            let why = "the simulated tenant must have the root that the builder was given";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let entra = network.directory_mut().entra_mut();
        entra.set_salt(random()?);
        entra.set_speed(options.speed);
        entra.set_address(&address);
        let own = network.directory().tokens.keys().map(|token| (token.clone(), token.clone()));
        let named = options.tokens.values().collect::<Vec<_>>();
        let own = own.filter(|(_, token)| !named.contains(&token));
        let shared = Shared {
            address,
            root,
            guard: Guard::new(hosts, &options.allowed_origins),
            tls,
            clock: Clock::new(options.speed),
            first_tokens: filled(own.chain(options.tokens.clone())),
            network: Mutex::new(network),
            options,
            last_request: AtomicU64::new(0),
            stopping: watch::Sender::new(false),
        };
        Ok(Self { listener, shared: Arc::new(shared) })
    }

    /// Where it is: `http://127.0.0.1:port`, or `https://`. Graph's address and the sign-in's.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.shared.address
    }

    /// Graph's root in links and scopes: the address, unless another one is set.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.shared.root
    }

    /// The token of this name, such as `admin`, which may do everything.
    #[must_use]
    pub fn token(&self, name: &str) -> Option<&str> {
        self.shared.first_tokens.get(name).map(String::as_str)
    }

    /// The file with the certificate that clients must trust, where the server speaks TLS. It is removed when the server ends.
    #[must_use]
    pub fn authority(&self) -> Option<&Path> {
        self.shared.tls.as_ref().and_then(Tls::authority)
    }

    /// Whether it is an HTTPS proxy for Microsoft's addresses.
    #[must_use]
    pub fn is_proxy(&self) -> bool {
        self.shared.options.proxy
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
        let crowd = Arc::new(Crowd::default());
        let mut connections = JoinSet::new();
        loop {
            // Where every connection is being answered, the next one waits outside.
            let may_enter = !crowd.is_full() || crowd.make_room();
            tokio::select! {
                () = ended.as_mut() => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept(), if may_enter => match accepted {
                    Ok((stream, _)) => {
                        let seat = crowd.enter();
                        connections.spawn(connection::serve(stream, router.clone(), Arc::clone(&shared), seat));
                    }
                    // Out of files: a connection that only waits gives its own away.
                    Err(_) if crowd.make_room() => drop(connections.join_next().await),
                    // A client that is gone already, or nobody waits: others may fare better in a moment.
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
    /// Where it is: `http://127.0.0.1:port`, or `https://`. Graph's address and the sign-in's.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.shared.address
    }

    /// Graph's root in links and scopes: the address, unless another one is set.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.shared.root
    }

    /// The file with the certificate that clients must trust, where the server speaks TLS. It is removed when the server ends.
    #[must_use]
    pub fn authority(&self) -> Option<&Path> {
        self.shared.tls.as_ref().and_then(Tls::authority)
    }

    /// Looks at the network and the directory behind it, or changes them. No request is answered meanwhile.
    pub fn network<T>(&self, look: impl FnOnce(&mut Network) -> T) -> T {
        look(&mut self.shared.network())
    }

    /// Makes every token void that the token endpoint has issued since the last time, and tells how many.
    pub fn revoke_issued_tokens(&self) -> usize {
        let mut network = self.shared.network();
        let issued = network.directory_mut().entra_mut().take_for_graph();
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
    let own = Router::new()
        .route("/simulator/stats", control::look(orders::stats))
        .route("/simulator/state", control::look(orders::state))
        .route("/simulator/permissions", control::look(orders::permissions))
        .route("/simulator/writes", control::look(orders::writes))
        .route("/simulator/tenant", get(control::tenant))
        .route("/simulator/script", control::order(orders::script))
        .route("/simulator/revoke", control::order(orders::revoke))
        .route("/simulator/approver", control::order(orders::approver))
        .route("/simulator/certificate", control::order(orders::certificate))
        .route("/simulator/consent", control::order(orders::consent))
        .route("/simulator/device-code", control::order(orders::device_code))
        .route("/simulator/network", control::order(orders::network))
        .route("/simulator/policies", control::order(orders::policies))
        .route("/simulator/user-token", control::order(orders::user_token))
        .route("/simulator/advance", post(control::advance))
        .route("/simulator/oidc/github-actions", get(oidc::github_actions))
        .route("/simulator/oidc/azure-pipelines", post(oidc::azure_pipelines))
        .route("/simulator/oidc/kubernetes", get(oidc::kubernetes))
        .route("/simulator/stop", post(control::stop))
        .route_layer(axum::middleware::from_fn(control::for_no_other_site));
    let machine = get(managed_identity::virtual_machine);
    Router::new()
        .route("/{tenant}/oauth2/{*path}", any(sign_in::sign_in))
        .route("/{tenant}/v2.0/{*path}", any(sign_in::sign_in))
        .route("/{tenant}/.well-known/openid-configuration", any(sign_in::sign_in))
        .route("/{tenant}/discovery/{*path}", any(sign_in::sign_in))
        .route("/metadata/identity/oauth2/token", machine.clone())
        .route("/metadata/identity/oauth2/token/", machine)
        .route("/msi/token", get(managed_identity::app_service))
        .merge(own)
        .fallback(graph::graph)
        .with_state(Arc::clone(shared))
}

/// A number that nobody can guess.
fn random() -> io::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u64::from_ne_bytes(bytes))
}

/// The host of a root such as `https://graph.example:8443`.
fn host_of(root: &str) -> String {
    let authority = root.split_once("://").map_or(root, |(_, rest)| rest);
    guard::without_port(authority.split('/').next().unwrap_or_default()).to_owned()
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
