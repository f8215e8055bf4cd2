//! Starting an operation from JSON.

use super::first::First;
use super::item::Item;
use super::members::Members;
use super::operations::Request;
use super::output::Output;
use super::parameters::Source;
use crate::operation::{self, Recording, Session};
use crate::problem::Problem;
use crate::validate::Violations;
use serde::de::Error as _;
use std::time::Duration;

/// An operation of the tier.
pub type Operation = operation::Operation<Item, Output>;

/// A request for an operation, checked as far as that needs no network.
#[derive(Debug, Clone)]
pub struct OperationRequest {
    request: Request,
    options: Options,
}

/// The members that every operation takes.
#[derive(Debug, Clone, Default)]
struct Options {
    timeout: Option<Duration>,
    recording: Recording,
}

impl Options {
    fn read(members: &mut Members) -> Result<Self, serde_json::Error> {
        let timeout = members.take("timeoutMs")?.map(Duration::from_millis);
        let mut recording = Recording { reason: members.take("reason")?, ..Recording::default() };
        for wanted in members.take::<Vec<String>>("records")?.unwrap_or_default() {
            match wanted.as_str() {
                "requests" => recording.requests = true,
                "changes" => recording.changes = true,
                other => return Err(serde_json::Error::unknown_variant(other, &["requests", "changes"])),
            }
        }
        Ok(Self { timeout, recording })
    }

    fn set(self, mut operation: Operation) -> Operation {
        if let Some(timeout) = self.timeout {
            operation.set_timeout(timeout);
        }
        operation.set_recording(self.recording);
        operation
    }
}

impl OperationRequest {
    /// The records that its host takes.
    #[must_use]
    pub const fn recording(&self) -> &Recording {
        &self.options.recording
    }

    /// Reads a request. `file` is the roster of `applyRoster` and `planRoster`, the plan of `applyPlan`,
    /// or the reports of `restoreReported`; other
    /// operations take no bytes.
    ///
    /// # Errors
    /// When it is not such JSON; every broken rule of its parameters, at once.
    pub fn parse(json: &[u8], file: Vec<u8>) -> Result<Self, Problem> {
        let (request, options) = read(json, file, Request::read)?;
        Ok(Self { request, options })
    }
}

/// A request for one of the operations that list agent users and show one: `verifyParent`, `verifiedDomains`, `get`, `findByParent`,
/// `list`, `listDeleted` and `skus`. A program that makes these alone has nothing of the other operations.
pub struct FirstRequest {
    request: First,
    options: Options,
}

impl FirstRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// When it is not such JSON, or another operation; every broken rule of its parameters, at once.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        let (request, options) = read(json, Vec::new(), Request::read_first)?;
        Ok(Self { request, options })
    }
}

impl std::fmt::Debug for FirstRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstRequest").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Reads a request, whose own members `own` reads.
fn read<R>(
    json: &[u8],
    file: Vec<u8>,
    own: impl FnOnce(&mut Source) -> Result<Option<R>, serde_json::Error>,
) -> Result<(R, Options), Problem> {
    let unreadable = |error| super::text::unreadable("operation", &error);
    let members = Members::new(super::text::object(json).map_err(unreadable)?);
    let mut source = Source { members, violations: Violations::default(), file };
    // Before the operation's own members, which alone are named where a member is unknown.
    let options = Options::read(&mut source.members).map_err(unreadable)?;
    let request = own(&mut source).map_err(unreadable)?;
    source.members.finish().map_err(unreadable)?;
    let request = source.violations.finish(request).map_err(Problem::from_violations)?;
    Ok((request, options))
}

/// Makes an operation. Nothing runs before its first poll. `seed` is that of the jitter in waits.
#[must_use]
pub fn start(session: &Session, seed: u64, request: OperationRequest) -> Operation {
    let OperationRequest { request, options } = request;
    options.set(session.start(seed, |graph, items| request.run(graph, items)))
}

/// Starts a request for one of the first operations, as [`start`] does for any.
#[must_use]
pub fn start_first(session: &Session, seed: u64, request: FirstRequest) -> Operation {
    let FirstRequest { request, options } = request;
    options.set(session.start(seed, |graph, items| request.run(graph, items)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Request, String> {
        let violations = Violations::default();
        let members = Members::new(serde_json::from_str(json).unwrap());
        let mut source = Source { members, violations, file: Vec::new() };
        let request = Request::read(&mut source).map_err(|error| error.to_string())?;
        source.members.finish().map_err(|error| error.to_string())?;
        Ok(request.expect("no rule is broken"))
    }

    #[test]
    fn members_have_their_defaults_and_nulls_are_absent() {
        let read = read(r#"{"operation":"applyRoster","domain":null,"rows":[5,2]}"#).unwrap();
        let text = format!("{read:?}");
        for expected in ["domain: None", "check_domains: true", "rows: Some({2, 5})", "dry_run: false"] {
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |json| read(json).unwrap_err();
        assert!(
            wrong(r#"{"operation":"steal"}"#)
                .starts_with("unknown variant `steal`, expected one of `verifyParent`")
        );
        assert_eq!(wrong("{}"), "missing field `operation`");
        assert_eq!(wrong(r#"{"operation":"get"}"#), "missing field `user`");
        assert_eq!(
            wrong(r#"{"operation":"get","user":"a@b.cc","force":1}"#),
            "unknown field `force`, expected one of `user`, `select`"
        );
        assert_eq!(wrong(r#"{"operation":"skus","force":1}"#), "unknown field `force`, there are no fields");
        assert_eq!(
            wrong(r#"{"operation":"delete","user":"a@b.cc","rows":[1]}"#),
            "unknown field `rows`, expected one of `user`, `dryRun`"
        );
        assert!(wrong(r#"{"operation":"get","user":7}"#).starts_with("user: invalid type: integer `7`"));
        assert!(
            wrong(r#"{"operation":"delete","user":"a@b.cc","dryRun":"yes"}"#)
                .starts_with("dryRun: invalid type")
        );
    }

    #[test]
    fn the_permissions_of_every_operation_are_known() {
        let known: Vec<&str> = crate::flow::known_operations().collect();
        assert_eq!(known, Request::NAMES, "flow/required/requests.rs has the operations in their order");
    }

    #[test]
    fn every_operation_is_read() {
        for operation in Request::NAMES {
            let error = read(&format!(r#"{{"operation":"{operation}","no such":1}}"#)).unwrap_err();
            assert!(!error.starts_with("unknown variant"), "{operation}: {error}");
        }
    }
}
