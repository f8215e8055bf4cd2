//! Exit codes, and results of commands.

use agentuser::{Code, Problem, ProblemKind, Violation, plain_reason};
use std::io;
use std::process::ExitCode;

/// The exit codes. Clap itself ends with 2 when the command line is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is done.
    Done,
    /// A problem ended the command, or the input is invalid.
    Problem(ProblemKind),
    /// Some rows of a roster, or some of several agent users, failed, and the others are done; or what was verified is broken.
    SomeFailed,
    /// A plan was made, and there is something to change.
    Changes,
    /// An audit found something that it was to fail on.
    Findings,
    /// An audit found nothing that it was to fail on, and could not check everything.
    NotChecked,
}

impl Exit {
    /// The number that the process ends with.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 3,
            Self::Changes => 11,
            Self::Findings => 12,
            Self::NotChecked => 13,
            Self::Problem(kind) => match kind {
                ProblemKind::Denied | ProblemKind::SignIn => 4,
                ProblemKind::NotFound => 5,
                ProblemKind::Busy | ProblemKind::Timeout | ProblemKind::Network => 6,
                ProblemKind::Quota => 7,
                ProblemKind::OutcomeUnknown => 8,
                ProblemKind::Cancelled => 9,
                ProblemKind::Defect => 10,
                _ => 1,
            },
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// The exit code after a second Ctrl+C, as shells have it.
pub(crate) const INTERRUPTED: i32 = 130;

/// The exit codes in the help.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done
  1    invalid input, something exists already, or the output can't be written
  2    wrong usage of the command line
  3    some rows of a roster, or some of several agent users, failed, and the others are done; a blueprint's chain is broken
  4    no token, or a permission is missing
  5    not found
  6    the service is busy, out of reach or too slow; try again later
  7    a quota or the seats of a license are used up
  8    unknown whether a change took place; run it again, nothing is done twice
  9    cancelled by Ctrl+C or a signal; run it again, it goes on where it stopped
  10   a defect of this program
  11   something is to change, after a plan with --detailed-exitcode
  12   an audit found something as bad as --fail-on says, or worse
  13   an audit found nothing so bad, but could not check everything
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

/// A failure of stdout or stderr, such as a full disk.
pub(crate) fn output_unwritable(error: &io::Error) -> Problem {
    Problem::new(Code::OutputUnwritable, format!("The output can't be written: {}.", plain_reason(error)))
}

/// The program could not start its threads.
pub(crate) fn no_runtime(error: &io::Error) -> Problem {
    let message = format!("No threads can be started: {}.", plain_reason(error));
    let code = if agentuser::is_out_of_files(error) { Code::TooManyOpenFiles } else { Code::Internal };
    Problem::new(code, message)
}

/// A defect of this program.
pub(crate) fn internal(message: impl Into<String>) -> Problem {
    Problem::new(Code::Internal, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_the_help() {
        let listed = |number: u8| HELP.lines().any(|line| line.starts_with(&format!("  {number:<5}")));
        for exit in [Exit::Done, Exit::SomeFailed, Exit::Changes, Exit::Findings, Exit::NotChecked] {
            assert!(listed(exit.number()), "{exit:?}");
        }
        for kind in ProblemKind::ALL {
            let number = Exit::Problem(*kind).number();
            assert!(listed(number), "{kind}");
            assert!(!matches!(number, 0 | 2 | 3 | 11..=13), "{kind}");
        }
        assert!(HELP.contains(&format!("\n  {INTERRUPTED}  ")));
    }
}
