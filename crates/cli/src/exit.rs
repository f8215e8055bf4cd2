//! Exit codes, and results of commands.

use agentuser::{Code, Problem, Violation};
use std::process::ExitCode;

/// The exit codes. Clap itself ends with 2 when the command line is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is done.
    Done,
    /// A problem ended the command, or the input is invalid.
    Problem,
    /// Some rows of a roster failed; the others are done.
    SomeFailed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Problem => 1,
            Exit::SomeFailed => 3,
        })
    }
}

/// The exit code after a second Ctrl+C, as shells have it.
pub(crate) const INTERRUPTED: i32 = 130;

/// The exit codes in the help.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done
  1    a problem, or invalid input; stderr says what, why and how to fix it
  2    wrong usage of the command line
  3    some rows of a roster failed, the others are done
  130  stopped at once by a second Ctrl+C";

/// The problem of a command that could not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Problem);

/// The result of a command.
pub(crate) type CommandResult = Result<Exit, Failure>;

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Vec<Violation>> for Failure {
    fn from(violations: Vec<Violation>) -> Self {
        Self(Problem::from_violations(violations))
    }
}

/// A defect of this program, or of the machine it runs on.
pub(crate) fn internal(message: impl Into<String>) -> Problem {
    Problem::new(Code::Internal, message)
}
