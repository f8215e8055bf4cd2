//! The demands of a sign-in on its host, the program that it is for.

use crate::token::TokenRequest;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::remark::Remark;
use agentuser_core::sign_in::Secret;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The program that a sign-in is for. A binding shows the demands to its own host; the command line meets them itself.
pub trait SignInHost: fmt::Debug + Send + Sync + 'static {
    /// Meets a demand. The future is dropped when nobody waits for it any more, or the sign-in has gone on without it.
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_>;

    /// Takes note of something that ends nothing.
    fn remark(&self, remark: Remark) {
        let _ = remark;
    }
}

/// A demand that is being met.
pub type MeetFuture<'a> = Pin<Box<dyn Future<Output = Result<DemandAnswer, Problem>> + Send + 'a>>;

/// A demand. Hosts fail those that they do not know, by [`SignInDemand::unmet`].
#[derive(Debug)]
#[non_exhaustive]
pub enum SignInDemand {
    /// An access token: the host signs in itself.
    Token(TokenRequest),
    /// A client assertion: a token of another issuer that the application trusts, made anew.
    Assertion {
        /// The application that it is for.
        client_id: String,
        /// The audience that it must have.
        audience: String,
    },
    /// A signature with the certificate's key, by PS256: RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Signature {
        /// The application whose certificate it is.
        client_id: String,
        /// The bytes to sign.
        input: Vec<u8>,
    },
    /// The token of the person on whose behalf the agent identity acts, for the blueprint.
    UserToken {
        /// The blueprint's client id, which is the audience of the token.
        blueprint: String,
        /// The claims challenge to pass on to the person's sign-in, as JSON.
        claims: Option<String>,
    },
    /// A prompt to show to the person who signs in. Its answer does not matter; a problem ends the sign-in.
    Prompt(SignInPrompt),
}

impl SignInDemand {
    /// The thing that is missing where a host does not meet this demand.
    #[must_use]
    pub fn missing(&self) -> Missing {
        match self {
            Self::Token(_) => Missing::TOKEN,
            Self::Assertion { .. } => Missing::ASSERTION,
            Self::Signature { .. } => Missing::SIGNATURE,
            Self::UserToken { .. } => Missing::USER_TOKEN,
            Self::Prompt(SignInPrompt::Browser { .. }) => Missing::BROWSER,
            Self::Prompt(SignInPrompt::DeviceCode { .. }) => Missing::DEVICE_CODE,
        }
    }

    /// The problem of a host that does not know this demand.
    #[must_use]
    pub fn unmet(&self) -> Problem {
        self.missing().because("this program does not meet that demand")
    }
}

/// The answer that a host did not give: the parts of the problem that do not depend on the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    code: Code,
    message: &'static str,
    /// The cause and the fix, where those of the code are of something else.
    advice: Option<(&'static str, &'static str)>,
}

impl Missing {
    const TOKEN: Self = Self { code: Code::TokenMissing, message: "There is no token", advice: None };
    const ASSERTION: Self = Self {
        code: Code::TokenMissing,
        message: "There is no client assertion",
        advice: Some((
            "The program that signs in did not give an assertion by which the application proves who it is.",
            "See to it that the program can get an assertion from the issuer that the application trusts.",
        )),
    };
    const SIGNATURE: Self = Self {
        code: Code::CertificateUnusable,
        message: "There is no signature by the certificate's key",
        advice: Some((
            "The program that signs in has the key, or asks who has it, and did not give a signature.",
            "See to it that the program can use the key, and that it signs by PS256.",
        )),
    };
    const USER_TOKEN: Self = Self {
        code: Code::TokenMissing,
        message: "There is no token of the person",
        advice: Some((
            "The program that signs in did not give the token of the person on whose behalf the agent identity acts.",
            "Sign the person in again, and give a token of that person for the blueprint.",
        )),
    };
    const BROWSER: Self = Self { code: Code::NoBrowser, message: "No browser could be opened", advice: None };
    const DEVICE_CODE: Self = Self {
        code: Code::SignInInterrupted,
        message: "The code to sign in with could not be shown",
        advice: Some((
            "The program that signs in could not show the code to the person.",
            "Start the sign-in again where the code can be shown, or sign in in another way.",
        )),
    };

    /// The problem, with the reason: a clause without a full stop.
    #[must_use]
    pub fn because(&self, why: &str) -> Problem {
        let problem = Problem::new(self.code, format!("{}: {why}.", self.message));
        match self.advice {
            Some((cause, fix)) => problem.with_cause(cause).with_fix(fix),
            None => problem,
        }
    }
}

/// The address or the code that a host shows to the person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInPrompt {
    /// A page to open in a browser of this machine. It comes back to a port of this machine by itself.
    Browser {
        /// Its address.
        url: String,
    },
    /// A code to type in any browser.
    DeviceCode {
        /// The code.
        user_code: String,
        /// The address of the page.
        verification_uri: String,
        /// All of it in Entra's words, where it sends them.
        message: Option<String>,
        /// How long the code is good for.
        expires_in: Duration,
    },
}

/// The answer to a demand. It is overwritten when dropped, and never printed.
pub struct DemandAnswer {
    bytes: Zeroizing<Vec<u8>>,
    expires_in: Option<Duration>,
}

impl fmt::Debug for DemandAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DemandAnswer").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

impl DemandAnswer {
    /// A token or an assertion as text, or the bytes of a signature.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: Zeroizing::new(bytes), expires_in: None }
    }

    /// The answer to a [`SignInDemand::Prompt`]: it is shown.
    #[must_use]
    pub fn shown() -> Self {
        Self::new(Vec::new())
    }

    /// The same for a token that lives for so long.
    #[must_use]
    pub fn expires_in(mut self, time: Option<Duration>) -> Self {
        self.expires_in = time;
        self
    }

    /// How long it lives.
    pub(crate) fn life(&self) -> Option<Duration> {
        self.expires_in
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// As text, without the white space around it.
    pub(crate) fn secret(&self, what: &str) -> Result<Secret, Problem> {
        let text = std::str::from_utf8(&self.bytes).ok().map(str::trim).filter(|text| !text.is_empty());
        text.map(|text| Secret::from(text.to_owned())).ok_or_else(|| {
            Problem::new(
                Code::TokenMissing,
                format!("{what} that the program gave is empty, or is not text."),
            )
        })
    }
}

/// Shows something to the person.
pub(super) async fn show(host: Option<&dyn SignInHost>, prompt: SignInPrompt) -> Result<(), Problem> {
    let demand = SignInDemand::Prompt(prompt);
    match host {
        Some(host) => host.meet(demand).await.map(drop),
        None => Err(demand.unmet()),
    }
}

/// A host that shows prompts by a function and meets nothing else, for [`Person`](super::Person).
pub fn prompts<F>(show: F) -> Arc<dyn SignInHost>
where
    F: Fn(SignInPrompt) -> Result<(), Problem> + Send + Sync + 'static,
{
    Arc::new(Prompts(show))
}

struct Prompts<F>(F);

impl<F> fmt::Debug for Prompts<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prompts")
    }
}

impl<F> SignInHost for Prompts<F>
where
    F: Fn(SignInPrompt) -> Result<(), Problem> + Send + Sync + 'static,
{
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move {
            match demand {
                SignInDemand::Prompt(prompt) => (self.0)(prompt).map(|()| DemandAnswer::shown()),
                other => Err(other.unmet()),
            }
        })
    }
}
