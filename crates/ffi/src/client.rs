//! The client handle: connections, tokens and threads that its calls share.

use crate::boundary::{boundary, export};
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::result_data::agentuser_result;
use crate::status::agentuser_status;
use crate::tokens::HostTokens;
use ::agentuser_client::sign_in::{Secret, of_config};
use ::agentuser_client::{Client, Code, Problem};
use agentuser_core::json::Config;
use agentuser_core::token::BearerText;
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
    /// None when the client signs in itself.
    tokens: Option<HostTokens>,
    max_token_bytes: usize,
    runtime: Mutex<Option<Runtime>>,
}

impl Handle for ClientHandle {
    type Opaque = agentuser_client;
}

impl ClientHandle {
    fn new(config: &str, secret: Option<&str>) -> Result<Self, Problem> {
        let config = Config::parse(config.as_bytes())?;
        let builder = Client::builder().config(&config)?;
        let host = HostTokens::new();
        let secret = secret.map(|secret| Secret::from(secret.to_owned()));
        let signed_in = of_config(&config, secret, Arc::new(host.clone()))?;
        let tokens = signed_in.is_host().then_some(host);
        let builder = builder.token(signed_in);
        let max_token_bytes = config.max_token_bytes();
        Ok(Self { client: builder.build()?, tokens, max_token_bytes, runtime: Mutex::default() })
    }

    /// The client that runs the operations.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The tokens that the host brings; none where the client signs in itself.
    pub(crate) fn tokens(&self) -> Option<&HostTokens> {
        self.tokens.as_ref()
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
        let Some(tokens) = &self.tokens else {
            return Err(Problem::new(Code::Invalid, "The client signs in itself.")
                .with_fix("Make a client without signIn to bring tokens."));
        };
        let token = BearerText::parse_within(token, "The text given as the token", self.max_token_bytes)?;
        tokens.set(token.as_str(), (expires_in_s > 0).then(|| Duration::from_secs(expires_in_s)));
        Ok(())
    }
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
/// `config` is a JSON object, such as `{"cloud":"global"}`. With the member `signIn` the client signs in itself; where
/// its proof is a secret, `secret` is that, which is never part of the JSON, and else `secret` must be NULL. Without it
/// tokens come from agentuser_client_set_token.
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

/// Gives the client a token, the first or a new one: the access token alone, without "Bearer". It serves every call of
/// the client, also those that wait for one. The library keeps a copy until it is replaced, and overwrites that.
///
/// `expires_in_s`: how many seconds it is good for; 0 when unknown, and then it is used until Graph refuses it.
/// PROBLEM: it is not an access token. Any thread, also while others wait for calls.
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

/// Frees a client. Its calls go on, and its threads with them, until they are freed, too. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_client_free(client: *mut agentuser_client) -> agentuser_status {
    boundary(|| handle::remove::<ClientHandle>(client).map(drop))
}
