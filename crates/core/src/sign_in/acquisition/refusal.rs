//! Why there is no token, and what can be done about it.

use crate::problem::{Code, Problem};

/// Why there is no token.
pub(super) struct Refusal {
    pub(super) problem: Problem,
    /// As in [`crate::sign_in::Reply::Refused`].
    pub(super) is_over: bool,
    /// The answer to a try before was lost, so that it may have used up what can be used once.
    pub(super) lost: bool,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, is_over: false, lost: false }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        refusal.problem
    }
}

impl Refusal {
    /// Whether the person can meet this refusal of a refresh token.
    pub(super) fn asks_for_the_person(&self) -> bool {
        const OF_PERSON: [&str; 4] =
            ["invalid_grant", "interaction_required", "login_required", "consent_required"];
        self.problem.claims().is_some()
            || self.problem.graph_code().is_some_and(|code| OF_PERSON.contains(&code))
    }

    /// The problem that asking the person ended with: Entra's words say why the person was asked, unless
    /// there are newer ones.
    pub(super) fn led_to(&self, problem: Problem) -> Problem {
        match self.problem.graph_message() {
            Some(said) if problem.graph_message().is_none() => {
                problem.saying(&format!("Entra says: {said}")).about(&self.problem)
            }
            _ => problem,
        }
    }

    /// A refusal of what Entra takes once only, where an answer to it was lost: that answer was the token
    /// (docs/sign-in.md#people).
    pub(super) fn of_once_only(self, what: &str) -> Problem {
        const USED_UP: [&str; 2] = ["invalid_grant", "bad_verification_code"];
        let Self { problem, lost, .. } = self;
        // A challenge says by itself what was missing.
        let is_used_up = problem.graph_code().is_some_and(|code| USED_UP.contains(&code));
        if !lost || !is_used_up || problem.claims().is_some() {
            return problem;
        }
        let message = format!("Could not sign in. Entra took {what}, and its answer was lost on the way.");
        let problem = Problem::new(Code::SignInInterrupted, message).about(&problem);
        problem.with_cause(
            "Entra takes such a code once only, and the token that it gave for it did not arrive.",
        )
    }
}

/// The claims of a challenge.
pub(super) fn claims_of(problem: &Problem) -> Option<String> {
    problem.claims().map(str::to_owned)
}
