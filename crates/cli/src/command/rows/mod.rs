//! Several agent users at once, the rows of a roster or those that a command names: their reports, collected and told.

mod applied;
mod planned;

use crate::context::Context;
use crate::exit::Exit;
use crate::output;
use agentuser::core::problem::Group;
use agentuser::{Code, Outcome, Problem, ProblemKind, Report, Run, Stage, Summary};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The word for one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// A row of a roster, which has a number.
    Row,
    /// An agent user that was named.
    AgentUser,
    /// An agent user, an agent identity or a blueprint's principal.
    Object,
}

/// The reports of a run in their order, its result unless it was broken off, and the numbers of the reports.
pub(super) struct Collected<T> {
    pub(super) reports: Vec<Report>,
    pub(super) result: Option<T>,
    pub(super) so_far: Summary,
}

/// Takes a run to its end. With `--json` the reports are printed as they come.
pub(super) async fn collect<T: Send + 'static>(
    context: &Context,
    noun: Noun,
    run: Run<Report, T>,
) -> Result<Collected<T>, Problem> {
    let mut reports = Vec::new();
    let mut unprintable = None;
    let progress = context.output.progress();
    let mut so_far = Summary { run_id: run.run_id(), ..Summary::default() };
    let ended = context.each(run, |report: Report| {
        so_far.add(&report);
        progress.row(&so_far);
        if context.output.is_json() {
            // The rows go on when stdout fails.
            unprintable = context.output.json([&report]).err().or(unprintable.take());
        }
        reports.push(report);
        ControlFlow::Continue(())
    });
    let result = ended.await?;
    if let Some(problem) = unprintable {
        return Err(problem);
    }
    reports.sort_by_key(|report| report.row);
    if noun != Noun::Row {
        // Their place among those that were named tells a person nothing.
        reports.iter_mut().for_each(|report| report.row = None);
    }
    Ok(Collected { reports, result, so_far })
}

impl Collected<Summary> {
    /// Prints how they ended; `plan` as for [`tell`].
    pub(super) fn tell(&self, context: &Context, noun: Noun, plan: Option<bool>) -> Exit {
        tell(context, noun, &self.reports, self.result.as_ref().unwrap_or(&self.so_far), plan)
    }
}

/// Prints how they ended. `plan` is there after a dry run, and says whether to show those that have nothing to change.
pub(super) fn tell(
    context: &Context,
    noun: Noun,
    reports: &[Report],
    summary: &Summary,
    plan: Option<bool>,
) -> Exit {
    let output = &context.output;
    if let Some(problem) = nothing_ran(reports) {
        return output.problem(problem);
    }
    let (one, many) = noun.words();
    let line = output::summary(summary, noun.words(), plan.is_some());
    if output.is_json() {
        output.remarks().object(&serde_json::json!({ "summary": summary }));
    } else {
        output.text(&match plan {
            Some(all) => planned::text(reports, all),
            None => applied::text(reports),
        });
        output.line(&line);
        if plan.is_some() {
            output.text(&planned::totals(reports));
        }
        summary.seats.iter().for_each(|seats| output.line(&output::plain(&seats.to_string())));
        summary.remarks.iter().for_each(|remark| output.remark(&output::plain(&remark.to_string())));
        if plan.is_none() {
            remarks(noun, reports).iter().for_each(|line| output.remark(&output::plain(line)));
        }
        output.row_problems(reports);
    }
    if summary.cancelled > 0 {
        let rows = if summary.cancelled == 1 {
            format!("1 {one} was")
        } else {
            format!("{} {many} were", summary.cancelled)
        };
        let text = format!("{rows} not finished. Run the same command again: it goes on where it stopped.");
        output.remarks().event("cancelled", &text);
        return Exit::Problem(ProblemKind::Cancelled);
    }
    let late = |report: &&Report| {
        report.problem.as_ref().is_some_and(|problem| problem.code() == Code::DeadlineExceeded)
    };
    let late = reports.iter().filter(late).count();
    if late > 0 {
        let rows = if late == 1 { format!("1 {one} was") } else { format!("{late} {many} were") };
        let text =
            format!("{rows} not finished in time. Run the same command again: it goes on where it stopped.");
        output.remarks().event("late", &text);
        return Exit::Problem(ProblemKind::Timeout);
    }
    if summary.is_success() { Exit::Done } else { Exit::SomeFailed }
}

impl Noun {
    /// The word for one and for several.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Row => ("row", "rows"),
            Self::AgentUser => ("agent user", "agent users"),
            Self::Object => ("object", "objects"),
        }
    }
}

/// The remarks of rows, each once with the first that have it. A plan shows them row by row.
fn remarks(noun: Noun, reports: &[Report]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for report in reports {
        for remark in &report.remarks {
            let place = match noun {
                Noun::Row => report.row.map(|row| row.to_string()),
                Noun::AgentUser | Noun::Object => Some(output::name(report)),
            };
            rows.entry(&remark.message).or_default().extend(place);
        }
    }
    let line = |(message, rows): (&str, Vec<String>)| {
        let shown: Vec<String> = rows.iter().take(SHOWN).cloned().collect();
        let more =
            if rows.len() > SHOWN { format!(" and {} more", rows.len() - SHOWN) } else { String::new() };
        let rows = match noun {
            Noun::Row if rows.len() == 1 => "Row ",
            Noun::Row => "Rows ",
            Noun::AgentUser | Noun::Object => "",
        };
        format!("{rows}{}{more}: {message}", shown.join(", "))
    };
    rows.into_iter().map(line).collect()
}

/// The problem of all rows, where sign-in or network kept every one of them from beginning.
fn nothing_ran(reports: &[Report]) -> Option<&Problem> {
    let first = reports.first()?.problem.as_ref()?;
    let outside = matches!(first.code().entry().group, Group::Access | Group::SignIn | Group::Network);
    let same = |report: &Report| {
        report.outcome == Outcome::Failed
            && report.stage == Stage::NotStarted
            && report.problem.as_ref().is_some_and(|problem| problem.code() == first.code())
    };
    (outside && reports.iter().all(same)).then_some(first)
}
