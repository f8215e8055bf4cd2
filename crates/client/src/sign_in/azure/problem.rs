//! Errors of the Azure SDK as problems.

use super::Source;
use crate::loss::lost;
use agentuser_core::http::Response;
use agentuser_core::problem::{self, Code, Problem};
use azure_core::error::ErrorKind;
use std::error::Error;

/// The problem of a credential that gave no token.
pub(super) fn of(source: Source, error: &azure_core::Error) -> Problem {
    let cause = innermost(error);
    if let ErrorKind::HttpResponse { status, raw_response: Some(raw), .. } = cause.kind() {
        let status = u16::from(*status);
        let headers =
            raw.headers().iter().map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned()));
        let response = Response { status, headers: headers.collect(), body: raw.body().to_vec() };
        return of_answer(source, &response);
    }
    if let Some(error) = transport(cause) {
        let (_, why) = lost(error);
        let (code, message) = why.explain(source.place());
        let problem = Problem::new(code, format!("Could not sign in by {}. {message}", source.name()));
        return match source {
            Source::ManagedIdentity => problem
                .with_cause("Managed identities are served on Azure's own machines alone: this one may be elsewhere, or have none.")
                .with_fix("Run it where a managed identity is assigned, or sign in in another way."),
            _ => problem,
        };
    }
    of_text(source, &cause.to_string())
}

/// An answer that is an error: of Entra, or of the machine's identity endpoint, which has the same form.
fn of_answer(source: Source, response: &Response) -> Problem {
    let problem = problem::sign_in(response);
    if source == Source::ManagedIdentity && problem.code() == Code::BadAnswer {
        return no_identity_endpoint();
    }
    match (source, response.status) {
        (Source::ManagedIdentity, 400) => problem
            .with_cause(
                "The managed identity that is asked for is not assigned to this machine, or its id is wrong.",
            )
            .with_fix(
                "Assign the identity to this machine, and compare the client id with that of the identity.",
            ),
        _ => problem,
    }
}

/// The problem of a machine where another program answers in the place of Azure's identity endpoint.
fn no_identity_endpoint() -> Problem {
    let message =
        "Could not sign in by managed identity. The answer is not one of Azure's identity endpoint.";
    Problem::new(Code::BadAnswer, message)
        .with_cause("Managed identities are served on Azure's own machines alone; here a proxy or another program answers in the place of Azure.")
        .with_fix("Run it where a managed identity is assigned, or sign in in another way.")
}

/// The problem for the error output of a tool, or for a text of the Azure SDK itself.
fn of_text(source: Source, text: &str) -> Problem {
    let name = source.name();
    let text = text.trim();
    if let Some(tool) = source.tool()
        && text.ends_with("not found on PATH")
    {
        return Problem::new(
            Code::TokenMissing,
            format!("Could not sign in by {name}: {tool} is not found on PATH."),
        )
        .with_cause(format!(
            "{name} is not installed, or its folder is not in the variable PATH of this process."
        ))
        .with_fix(format!(
            "Install {name}, or add the folder of {tool} to PATH; or sign in in another way."
        ));
    }
    let code = numbers(text).find_map(Code::from_aadsts).unwrap_or(Code::TokenMissing);
    let problem = Problem::new(code, format!("Could not sign in by {name}."));
    let problem = match (source.tool(), code) {
        (Some(tool), Code::TokenMissing) => problem
            .with_cause(format!(
                "{name} gave no token. Often nobody is signed in to it, or its sign-in is over."
            ))
            .with_fix(format!(
                "Run {}, and run this again.",
                if tool == "azd" { "azd auth login" } else { "az login" }
            )),
        (None, Code::TokenMissing) if source == Source::WorkloadIdentity => problem
            .with_cause("The pod has no workload identity, or this is not a pod.")
            .with_fix("Give the pod's service account a workload identity, or sign in in another way."),
        _ => problem,
    };
    problem.quoting(text)
}

/// The `AADSTS` numbers that a text names.
fn numbers(text: &str) -> impl Iterator<Item = u32> {
    text.split("AADSTS").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse().ok()
    })
}

/// The error that a credential wraps in words of its own.
fn innermost(error: &azure_core::Error) -> &azure_core::Error {
    let mut error = error;
    while let Some(inner) = error.downcast_ref::<azure_core::Error>() {
        error = inner;
    }
    error
}

/// The error of the connections that both libraries share.
fn transport(error: &azure_core::Error) -> Option<&reqwest::Error> {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        next = cause.source();
    }
    None
}
