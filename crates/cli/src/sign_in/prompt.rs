//! The prompts of a person's sign-in: the address and the code on stderr, and a browser.

use crate::output::Progress;
use agentuser::sign_in::{DemandAnswer, MeetFuture, SignInDemand, SignInHost, SignInPrompt};
use agentuser::{Code, Problem, Remark};
use serde_json::json;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The variable with the browser to use, as many programs have it.
const BROWSER: &str = "BROWSER";

/// A person at this terminal.
#[derive(Debug)]
pub(crate) struct Terminal(Progress);

impl SignInHost for Terminal {
    fn meet(&self, demand: SignInDemand) -> MeetFuture<'_> {
        Box::pin(async move {
            match demand {
                SignInDemand::Prompt(SignInPrompt::Browser { url }) => self.browser(url).await?,
                SignInDemand::Prompt(SignInPrompt::DeviceCode {
                    user_code,
                    verification_uri,
                    expires_in,
                    ..
                }) => {
                    self.code(&user_code, &verification_uri, expires_in);
                }
                other => return Err(other.unmet()),
            }
            Ok(DemandAnswer::shown())
        })
    }

    fn remark(&self, remark: Remark) {
        self.0.warn(remark.code.as_str(), &remark.message);
    }
}

impl Terminal {
    pub(crate) fn new(progress: &Progress) -> Self {
        Self(progress.clone())
    }

    /// Shows the address, and opens it.
    async fn browser(&self, url: String) -> Result<(), Problem> {
        let text = "A browser opens now for the sign-in. If none does, open this address in a browser of this machine, or \
                    press Ctrl+C and use --device-code:";
        self.0.prompt("browser", &[text, &url], &json!({ "url": url }));
        let opened = tokio::task::spawn_blocking(move || open(&url)).await;
        opened.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|_| no_browser())
    }

    fn code(&self, user_code: &str, verification_uri: &str, expires_in: Duration) {
        let minutes = expires_in.as_secs() / 60;
        let text = format!(
            "To sign in, open {verification_uri} in a browser of any device and enter the code {user_code} within {minutes} minutes."
        );
        let members = json!({
            "userCode": user_code,
            "verificationUri": verification_uri,
            "expiresInS": expires_in.as_secs(),
        });
        self.0.prompt("deviceCode", &[&text], &members);
    }
}

/// Opens an address in the browser of the variable `BROWSER`, or else in the system's. A browser that stays in the
/// foreground is waited for; the sign-in goes on meanwhile.
fn open(url: &str) -> io::Result<()> {
    let named = std::env::var(BROWSER).unwrap_or_default();
    let mut browsers = named.split(':').map(str::trim).filter(|browser| !browser.is_empty()).peekable();
    if browsers.peek().is_none() {
        return open::that(url);
    }
    let nothing = || io::Error::new(io::ErrorKind::NotFound, "no browser");
    browsers.find_map(|browser| run(browser, url).ok()).ok_or_else(nothing)
}

/// Runs a browser. The address stands in the place of `%s`, or at the end.
fn run(browser: &str, url: &str) -> io::Result<()> {
    let mut words = browser.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    let mut placed = false;
    for word in words {
        placed |= word.contains("%s");
        command.arg(word.replace("%s", url));
    }
    if !placed {
        command.arg(url);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

fn no_browser() -> Problem {
    Problem::new(Code::NoBrowser, "No browser can be opened on this machine.")
        .with_cause("There is none, or no desktop that it could be shown on; BROWSER can name one.")
        .with_fix("Sign in by a code in the browser of any other device: add --device-code.")
}
