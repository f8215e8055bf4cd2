//! A token in a file, which another program keeps fresh.

use crate::input::{self, Content};
use agentuser::core::token::{self, BearerText};
use agentuser::sign_in::Secret;
use agentuser::{AccessToken, Code, Problem, TokenFuture, TokenProvider, TokenRequest, plain_reason};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// Reads the file whenever a new token is needed.
#[derive(Debug)]
pub(crate) struct TokenFile {
    path: PathBuf,
    most: usize,
    given: Mutex<Option<Secret>>,
}

impl TokenFile {
    /// A file of at most so many bytes.
    pub(crate) fn new(path: PathBuf, most: usize) -> Self {
        Self { path, most, given: Mutex::new(None) }
    }

    fn next(&self, request: &TokenRequest) -> Result<AccessToken, Problem> {
        let file = self.path.display();
        let token = read(&self.path, "token", self.most)?;
        BearerText::parse_within(&token, &format!("The content of the file {file}"), self.most)?;
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let same = given.as_ref().is_some_and(|given| given.expose() == *token);
        if request.refused && same {
            let (code, why) = match request.claims {
                Some(_) => (Code::ClaimsChallenge, "Graph asks for a token with further claims"),
                None => (Code::TokenRejected, "Graph refuses the token"),
            };
            let fix = format!("Put a new token into {file} and run it again: it goes on where it stopped.");
            return Err(Problem::new(code, format!("{why}, and the file {file} still holds the same one."))
                .with_fix(fix));
        }
        *given = Some(token.to_string().into());
        Ok(AccessToken::new(token.to_string(), None))
    }
}

impl TokenProvider for TokenFile {
    fn token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(async move { self.next(&request) })
    }
}

/// A remark on a file with a secret that other users of this machine may read or change.
pub(crate) fn is_open_to_others(path: &Path, what: &str) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        let may = match metadata.permissions().mode() {
            mode if mode & 0o022 != 0 => "change",
            mode if mode & 0o044 != 0 => "read",
            _ => return None,
        };
        let file = path.display();
        Some(format!("Other users of this machine may {may} the {what} file {file}. Run chmod 600 {file}."))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, what);
        None
    }
}

/// The text of a file that holds a secret, without the white space around it.
pub(crate) fn read(path: &Path, what: &str, most: usize) -> Result<Zeroizing<String>, Problem> {
    let file = path.display();
    let problem = |why: String, fix: &str| {
        Problem::new(Code::TokenMissing, format!("The {what} file {file} {why}.")).with_fix(fix.to_owned())
    };
    let content = input::to_limit_of(path, most).map_err(|error| {
        problem(
            format!("can't be read: {}", plain_reason(&error)),
            "Check the path and who may read the file.",
        )
    })?;
    let Content::Whole(bytes) = content else {
        return Err(token::too_large(&format!("The {what} file {file}"), most));
    };
    let bytes = Zeroizing::new(bytes);
    let text = str::from_utf8(&bytes).map_err(|_| {
        problem("is not UTF-8".to_owned(), "Write it as UTF-8; Windows PowerShell's > writes UTF-16.")
    })?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(problem("is empty".to_owned(), "Write the secret into it, and nothing else."));
    }
    Ok(Zeroizing::new(text.to_owned()))
}
