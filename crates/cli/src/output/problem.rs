//! Problems as text: message, cause and fix, wrapped on a terminal.

use super::text::{paragraph, plain};
use super::width;
use agentuser::{Outcome, Problem, ProblemKind, Report, Violation};

// Taken out again where stderr is not a terminal, and by NO_COLOR.
const RED: &str = "\u{1b}[1;31m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// Rows with one problem that are named one by one; the table has all of them.
const NAMED: usize = 20;

/// The whole problem.
pub(super) fn text(problem: &Problem) -> String {
    if problem.kind() == ProblemKind::Cancelled {
        // The cause is known to the user.
        let said = format!("{RED}error:{RESET} {} {}", plain(problem.message()), plain(problem.fix()));
        return paragraph(&said, width::stderr(), "  ");
    }
    let mut text = headline("", problem);
    details(&mut text, problem);
    text
}

/// The problems of rows; problems that differ only in their message share cause and fix. Cancelled rows have none to
/// tell.
pub(super) fn of_rows(reports: &[Report]) -> String {
    let mut groups: Vec<(&Problem, Vec<&Report>)> = Vec::new();
    for report in reports.iter().filter(|report| report.outcome != Outcome::Cancelled) {
        let Some(problem) = &report.problem else { continue };
        match groups.iter_mut().find(|(first, _)| same_advice(first, problem)) {
            Some((_, rows)) => rows.push(report),
            None => groups.push((problem, vec![report])),
        }
    }
    let mut text = String::new();
    for (first, rows) in groups {
        for report in rows.iter().take(NAMED) {
            let Some(problem) = &report.problem else { continue };
            let row = report.row.map(|row| format!("row {row}, ")).unwrap_or_default();
            text.push_str(&headline(&format!("{row}{}: ", plain(&report.user_principal_name)), problem));
        }
        if let Some(more) = rows.len().checked_sub(NAMED).filter(|more| *more > 0) {
            let more = format!("and {more} more with {}; the table above has them.", first.code());
            text.push_str(&paragraph(&format!("{RED}error:{RESET} {more}"), width::stderr(), "  "));
        }
        details(&mut text, first);
    }
    text
}

fn same_advice(a: &Problem, b: &Problem) -> bool {
    (a.code(), a.cause(), a.fix(), a.permissions()) == (b.code(), b.cause(), b.fix(), b.permissions())
}

fn headline(place: &str, problem: &Problem) -> String {
    let violations = problem.violations();
    let width = width::stderr();
    if violations.len() < 2 {
        let message = plain(problem.message());
        return paragraph(&format!("{RED}error:{RESET} {place}{message}"), width, "  ");
    }
    let head = format!("{RED}error:{RESET} {place}{} rules are broken.", violations.len());
    let rules = violations.iter().map(|violation| paragraph(&rule(violation), width, "    "));
    [paragraph(&head, width, "  ")].into_iter().chain(rules).collect()
}

/// One of several broken rules.
fn rule(violation: &Violation) -> String {
    let Violation { field, code, .. } = violation;
    let at = violation.position.map(|at| format!(", character {}", at + 1)).unwrap_or_default();
    format!("  {field}{at} ({code}): {} {}", plain(&violation.message), plain(&violation.fix))
}

fn details(text: &mut String, problem: &Problem) {
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let line = format!("  {BOLD}{name}:{RESET} {}", plain(value));
            text.push_str(&paragraph(&line, width::stderr(), "    "));
        }
    };
    line("cause", problem.cause());
    line("fix", problem.fix());
    line("permissions", &problem.permissions().join(" or "));
    if let Some(status) = problem.status() {
        let code = problem.graph_code().map(|code| format!(" {code}")).unwrap_or_default();
        // The message of a refusal has Graph's words already; that of a fault of the server has not.
        let said = problem.graph_message().filter(|said| !problem.message().contains(said));
        let said = said.map(|said| format!(": {said}")).unwrap_or_default();
        line("server", &format!("{status}{code}{said}"));
    }
    line("claims", problem.claims().unwrap_or_default());
    line("request id", problem.request_id().unwrap_or_default());
    line("client request id", problem.client_request_id().unwrap_or_default());
    line("run id", problem.run_id().unwrap_or_default());
    if let Some(wait) = problem.retry_after() {
        line("retry after", &format!("{} s", wait.as_secs_f64()));
    }
    if let [one] = problem.violations() {
        line("rule", &one.code.to_string());
    }
    line("code", problem.code().as_str());
    let own = format!("agentuser explain {}", problem.code());
    line("see", problem.documentation().unwrap_or(&own));
}
