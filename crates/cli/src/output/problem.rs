//! Problems as text: message, cause and fix.

use super::text::plain;
use agentuser::{Problem, Report};

// Taken out again where stderr is not a terminal, and by NO_COLOR.
const RED: &str = "\u{1b}[1;31m";
const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

/// The whole problem.
pub(super) fn text(problem: &Problem) -> String {
    let mut text = headline("", problem);
    details(&mut text, problem);
    text
}

/// The problems of rows; problems that differ only in their message share cause and fix.
pub(super) fn of_rows(reports: &[Report]) -> String {
    let mut groups: Vec<(&Problem, Vec<&Report>)> = Vec::new();
    for report in reports {
        let Some(problem) = &report.problem else { continue };
        match groups.iter_mut().find(|(first, _)| same_advice(first, problem)) {
            Some((_, rows)) => rows.push(report),
            None => groups.push((problem, vec![report])),
        }
    }
    let mut text = String::new();
    for (first, rows) in groups {
        for report in rows {
            let Some(problem) = &report.problem else { continue };
            let row = report.row.map(|row| format!("row {row}, ")).unwrap_or_default();
            text.push_str(&headline(&format!("{row}{}: ", plain(&report.user_principal_name)), problem));
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
    if violations.len() < 2 {
        return format!("{RED}error:{RESET} {place}{}\n", plain(problem.message()));
    }
    let mut text = format!("{RED}error:{RESET} {place}{} rules are broken.\n", violations.len());
    for violation in violations {
        let at = violation.position.map(|at| format!(", character {}", at + 1)).unwrap_or_default();
        let message = plain(&violation.message);
        text.push_str(&format!("  {}{at}: {message} {}\n", violation.field, plain(&violation.fix)));
    }
    text
}

fn details(text: &mut String, problem: &Problem) {
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {BOLD}{name}:{RESET} {}\n", plain(value)));
        }
    };
    line("cause", problem.cause());
    line("fix", problem.fix());
    line("permissions", &problem.permissions().join(" or "));
    if let Some(status) = problem.status() {
        let code = problem.graph_code().map(|code| format!(" {code}")).unwrap_or_default();
        let said = problem.graph_message().map(|said| format!(": {said}")).unwrap_or_default();
        line("server", &format!("{status}{code}{said}"));
    }
    line("request id", problem.request_id().unwrap_or_default());
    if let Some(wait) = problem.retry_after() {
        line("retry after", &format!("{} s", wait.as_secs_f64()));
    }
    line("code", problem.code().as_str());
    line("see", problem.documentation().unwrap_or_default());
}
