//! A client from the options, the environment and the profile.

use crate::input::{self, Content};
use crate::options::Connection;
use crate::output::Output;
use crate::sign_in::{self, KeptSignIn, Target, Terminal, Unattended, Way};
use crate::token_file::{self, TokenFile};
use agentuser::core::json::SignInConfig;
use agentuser::core::token::BearerText;
use agentuser::sign_in::{Prompt, SignInHost, SignedIn};
use agentuser::{Builder, Client, Code, FixedToken, Problem, plain_reason};
use std::path::Path;
use std::sync::Arc;

/// The file of all certificate authorities of a system has a few hundred kilobytes.
const CA_FILE_LIMIT: usize = 16 << 20;

/// A client that signs in in the one way that the options, the environment or the profile give.
pub(crate) fn client(options: &Connection, target: &Target, output: &Output) -> Result<Client, Problem> {
    remark_on_open_files(options, output);
    let most = options.settings.max_token_bytes;
    let builder = builder(options, target)?;
    let way = Way::chosen(&options.sign_in, target.kind())?;
    if !matches!(way, Way::Application(_)) {
        sign_in::refuse_agent(&options.sign_in)?;
    }
    let (config, secret) = match way {
        Way::Token(token) => {
            BearerText::parse_within(&token, &format!("The value of {}", sign_in::TOKEN), most)?;
            return builder.token(FixedToken::new(token.to_string())).build();
        }
        Way::TokenFile(path) => return builder.token(TokenFile::new(path.to_owned(), most)).build(),
        Way::SignedIn(prompt) => {
            let name = target.name().to_owned();
            let person = person(options, target, prompt, Arc::new(Unattended(name.clone())))?;
            let kept = KeptSignIn::new(person, target.key()?, name, output.progress().clone());
            return builder.token(kept).build();
        }
        Way::Person(prompt) => (sign_in::person(target, prompt)?, None),
        Way::Application(shown) => sign_in::application(options, target, shown)?,
        Way::ManagedIdentity(id) => (sign_in::managed_identity(target, id)?, None),
        Way::AzureCli => (SignInConfig::AzureCli { tenant: target.tenant_of_tool()? }, None),
        Way::AzureDeveloperCli => {
            (SignInConfig::AzureDeveloperCli { tenant: target.tenant_of_tool()? }, None)
        }
    };
    let host = Arc::new(Terminal::new(output.progress()));
    builder.token(SignedIn::new(&config, secret, host, sign_in::settings(&options.settings))?).build()
}

/// A person who signs in by the application of the target.
pub(crate) fn person(
    options: &Connection,
    target: &Target,
    prompt: Prompt,
    host: Arc<dyn SignInHost>,
) -> Result<SignedIn, Problem> {
    SignedIn::new(&sign_in::person(target, prompt)?, None, host, sign_in::settings(&options.settings))
}

/// The builder of a client at the place of the target.
pub(crate) fn builder(options: &Connection, target: &Target) -> Result<Builder, Problem> {
    let builder = options.settings.apply(Client::builder());
    let builder = match target.graph_endpoint() {
        Some(endpoint) => builder.graph_endpoint(endpoint.clone()),
        None => builder.cloud(target.cloud().unwrap_or_default()),
    };
    match &options.ca_file {
        Some(path) => builder.root_certificates(&certificates(path)?),
        None => Ok(builder),
    }
}

/// A file with a secret that other users may read or change is remarked on, and used.
fn remark_on_open_files(options: &Connection, output: &Output) {
    let sign_in = &options.sign_in;
    for (path, what) in [
        (&sign_in.token_file, "token"),
        (&sign_in.client_secret_file, "client secret"),
        (&sign_in.client_certificate, "certificate"),
        (&sign_in.certificate_password_file, "certificate password"),
    ] {
        if let Some(remark) = path.as_deref().and_then(|path| token_file::is_open_to_others(path, what)) {
            output.remarks().warn("secretOpenToOthers", &remark);
        }
    }
}

/// The bytes of a file of certificates.
fn certificates(path: &Path) -> Result<Vec<u8>, Problem> {
    let problem = |why: String| {
        let file = path.display();
        Problem::new(Code::Invalid, format!("The file {file} of --ca-file {why}."))
            .with_cause("The path is wrong, or this user may not read the file.")
            .with_fix("Check the path and who may read the file.")
    };
    match input::to_limit_of(path, CA_FILE_LIMIT - 1) {
        Ok(Content::TooLarge) => Err(problem(format!("is {} MiB long or longer", CA_FILE_LIMIT >> 20))),
        Ok(Content::Whole(pem)) => Ok(pem),
        Err(error) => Err(problem(format!("can't be read: {}", plain_reason(&error)))),
    }
}
