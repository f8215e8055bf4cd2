//! The client handle: connections, tokens and threads that its calls share.

use crate::boundary::{boundary, export};
use crate::demands::HostDemands;
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::result_data::agentuser_result;
use crate::status::agentuser_status;
use ::agentuser_client::sign_in::{self, SignedIn};
use ::agentuser_client::{Client, Code, Problem};
use agentuser_core::sign_in::Secret;
use agentuser_core::token::{BearerText, too_large};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{self, Builder, Runtime};

/// A client: Graph's address, connections, the token in use, and two threads of its own once the first call starts.
#[allow(non_camel_case_types)]
pub struct agentuser_client(());

/// How long freeing a client waits for its threads. They end at once, unless one of them looks up a name.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// The object behind a client handle.
pub(crate) struct ClientHandle {
    client: Client,
    signed_in: Arc<SignedIn>,
    demands: HostDemands,
    max_token_bytes: usize,
    runtime: Mutex<Option<Runtime>>,
}

impl Handle for ClientHandle {
    type Opaque = agentuser_client;
}

impl ClientHandle {
    fn new(config: &str, secret: Option<&str>) -> Result<Self, Problem> {
        let demands = HostDemands::new();
        let secret = secret.map(|secret| Secret::from(secret.to_owned()));
        let (config, signed_in) = sign_in::of_config(config.as_bytes(), secret, Arc::new(demands.clone()))?;
        let signed_in = Arc::new(signed_in);
        let client = Client::builder().config(&config)?.token(Arc::clone(&signed_in)).build()?;
        let max_token_bytes = config.max_token_bytes();
        Ok(Self { client, signed_in, demands, max_token_bytes, runtime: Mutex::default() })
    }

    /// The client that runs the operations.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The demands of the sign-in on the host.
    pub(crate) fn demands(&self) -> &HostDemands {
        &self.demands
    }

    /// The runtime, made for the first call: two threads, and at most two that look up names.
    pub(crate) fn runtime(&self) -> Result<runtime::Handle, Problem> {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = &*runtime {
            return Ok(runtime.handle().clone());
        }
        let made = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(2)
            .thread_name("agentuser")
            .enable_all()
            .build()
            .map_err(|error| {
                Problem::new(
                    Code::Internal,
                    format!("No threads can be had: {}.", ::agentuser_client::plain_reason(&error)),
                )
            })?;
        let handle = made.handle().clone();
        *runtime = Some(made);
        Ok(handle)
    }

    fn set_token(&self, token: &str, expires_in_s: u64) -> Result<(), Problem> {
        if !self.signed_in.is_host() {
            return Err(Problem::new(Code::Invalid, "The client signs in itself.")
                .with_fix("Make a client without signIn to bring tokens."));
        }
        let token = BearerText::parse_within(token, "The text given as the token", self.max_token_bytes)?;
        self.demands.set_token(token.as_str(), seconds(expires_in_s));
        Ok(())
    }

    fn sign_out(&self) {
        self.signed_in.sign_out();
        self.demands.forget_token();
        self.client.forget_token();
    }

    fn answer(&self, demand: u64, bytes: &[u8], expires_in_s: u64) -> Result<(), Problem> {
        if bytes.len() > self.max_token_bytes {
            return Err(too_large("The answer to the demand", self.max_token_bytes));
        }
        if self.demands.is_for_token(demand) {
            // Bytes that are not UTF-8 become characters that no token has, and are refused.
            let text = String::from_utf8_lossy(bytes);
            BearerText::parse_within(&text, "The text given as the token", self.max_token_bytes)?;
        }
        self.demands.answer(demand, bytes, seconds(expires_in_s));
        Ok(())
    }
}

/// A time in seconds; none for 0.
fn seconds(expires_in_s: u64) -> Option<Duration> {
    (expires_in_s > 0).then(|| Duration::from_secs(expires_in_s))
}

impl Drop for ClientHandle {
    fn drop(&mut self) {
        let runtime = self.runtime.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        match runtime {
            // On one of the runtime's own threads, which can't wait for itself.
            Some(runtime) if runtime::Handle::try_current().is_ok() => runtime.shutdown_background(),
            Some(runtime) => runtime.shutdown_timeout(SHUTDOWN_TIMEOUT),
            None => {}
        }
    }
}

/// Makes a client. Nothing is sent before a call is started.
///
/// `config` is a JSON object, such as `{"cloud":"global"}`. Its member `signIn` says who signs in and how, and `secret` is what
/// the proof of that needs (a client secret, or a certificate and its key as PEM), which is never part of the JSON; else NULL.
/// Without `signIn` the caller brings tokens. Calls show what a sign-in asks of the caller as DEMAND.
///
/// `*client` is to be freed with agentuser_client_free, and on PROBLEM `*problem` with agentuser_result_free. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_new(
    config: *const u8,
    config_len: usize,
    secret: *const u8,
    secret_len: usize,
    client: *mut *mut agentuser_client,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(client), {
        let config = input::text(config, config_len)?;
        let secret = input::optional_text(secret, secret_len)?;
        place.set(handle::add(ClientHandle::new(config, secret)?));
        Ok(())
    })
}

/// Gives the client a token that no demand has asked for yet: the access token alone, without "Bearer". It answers the
/// next demand for one, or the one that is open, where no refusal caused it. The library keeps a copy until it is used,
/// and overwrites that.
///
/// `expires_in_s`: how many seconds it is good for; 0 when unknown, and then it is used until Graph refuses it.
/// PROBLEM: it is not an access token, or the client signs in itself. Any thread, also while others wait for calls.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_set_token(
    client: *const agentuser_client,
    token: *const u8,
    token_len: usize,
    expires_in_s: u64,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, {
        let client = handle::get::<ClientHandle>(client)?;
        let token = input::text(token, token_len)?;
        Ok(client.set_token(token, expires_in_s)?)
    })
}

/// Answers the demand of that id: a token or an assertion as text, a signature as its bytes. It serves every call of the
/// client that waits for it. A demand that is over wants no answer: then nothing happens. The library keeps a copy until
/// it is used, and overwrites that.
///
/// `expires_in_s`: how many seconds a token is good for; 0 when unknown, and for what is not a token.
/// PROBLEM: it is not an access token where one is asked for, or it is too large. Any thread, also while others wait for
/// calls.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_answer(
    client: *const agentuser_client,
    demand: u64,
    bytes: *const u8,
    bytes_len: usize,
    expires_in_s: u64,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, {
        let client = handle::get::<ClientHandle>(client)?;
        let bytes = input::optional(bytes, bytes_len)?.unwrap_or_default();
        Ok(client.answer(demand, bytes, expires_in_s)?)
    })
}

/// Forgets the tokens that the client's sign-in keeps in memory. Requests in flight go on. It revokes nothing: a token that
/// another program has stays good until it expires.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_sign_out(client: *const agentuser_client) -> agentuser_status {
    boundary(|| {
        handle::get::<ClientHandle>(client)?.sign_out();
        Ok(())
    })
}

/// Frees a client. Its calls go on, and its threads with them, until they are freed, too. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_free(client: *mut agentuser_client) -> agentuser_status {
    boundary(|| handle::remove::<ClientHandle>(client).map(drop))
}
