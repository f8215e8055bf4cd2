//! `agentuser doctor`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Table, note};
use crate::parse;
use agentuser::{
    Diagnosis, DoctorRequest, OperationVerdict, ProbeReport, ProblemKind, ReadOutcome, TokenDiagnosis,
    TokenKind,
};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser doctor
  agentuser doctor create applyRoster
  agentuser doctor --probe > probe.json
  agentuser doctor --probe-writes a1d00000-0000-4000-8000-000000000001 > probe.json

It reads the access token, which is not shown, tries reads that change nothing, and says which operations will fail and how to get \
what they need. With operations that will fail, the exit code is 4.

--probe asks Graph what no page of Microsoft answers. Its report is JSON without ids and names, so that it can be sent in. \
--probe-writes also makes one agent user, changes it, deletes it, restores it and deletes it for ever; its parent is an agent \
identity without an agent user.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The operations to look at, as docs/permissions.md lists them; all, unless given
    #[arg(value_name = "OPERATION", conflicts_with_all = ["probe", "probe_writes"])]
    operations: Vec<String>,
    /// Ask Graph the questions that no page of Microsoft answers, by reads
    #[arg(long)]
    probe: bool,
    /// Ask those, too, that need an agent user of this parent: its object id
    #[arg(long, value_name = "PARENT")]
    probe_writes: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let parent = arguments.probe_writes.as_deref().map(|id| parse::id("probeWrites", id)).transpose()?;
    let request = DoctorRequest {
        operations: arguments.operations.clone(),
        probe: arguments.probe,
        probe_writes: parent,
    };
    if let Some(parent) = parent {
        context.output.remark(&format!(
            "The probe makes agent users under {parent}, disabled ones whose names begin with agentuser-probe-, and deletes them. If \
             it is killed, run it again with this parent: it deletes what is left."
        ));
    }
    let diagnosis = context.finish(context.client()?.doctor(request)).await?;
    let output = &context.output;
    if let Some(probe) = &diagnosis.probe {
        output.json([probe])?;
        told(context, probe);
        return Ok(Exit::Done);
    }
    output.one(&diagnosis, |diagnosis| token(diagnosis.token.as_ref()))?;
    if !output.is_json() {
        output.text("\n");
        output.text(&reads(&diagnosis).to_text());
        output.text("\n");
        output.text(&operations(&diagnosis).to_text());
        diagnosis.remarks.iter().for_each(|remark| output.text(&note(remark)));
    }
    let lacks = diagnosis.operations.iter().any(|one| one.verdict == OperationVerdict::Lacking);
    let asked = !arguments.operations.is_empty();
    Ok(if asked && lacks { Exit::Problem(ProblemKind::Denied) } else { Exit::Done })
}

/// Says how many questions were answered, and whether the probe has cleaned up.
fn told(context: &Context, probe: &ProbeReport) {
    let (answers, unasked) = (probe.answers.len(), probe.not_asked.len());
    context.output.remark(&format!("{answers} answers, {unasked} questions were not asked."));
    if probe.cleaned_up == Some(false) {
        context.output.remark(
            "The probe's agent user could not be deleted for ever: it is in the recycle bin, whose entries go after 30 days.",
        );
    }
}

fn token(token: Option<&TokenDiagnosis>) -> Table {
    let mut table = Table::of_values();
    let Some(token) = token else { return table };
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            table.row([name.to_owned(), value.to_owned()]);
        }
    };
    line("token", if token.readable { "readable" } else { "opaque: it tells nothing of itself" });
    line(
        "of",
        match token.kind {
            TokenKind::Application => "an application",
            TokenKind::Delegated => "a signed-in person or an agent user",
            _ => "",
        },
    );
    line("audience", token.audience.as_deref().unwrap_or_default());
    line("tenant", token.tenant_id.as_deref().unwrap_or_default());
    line("client id", token.application_id.as_deref().unwrap_or_default());
    line("account", token.account.as_deref().unwrap_or_default());
    line("expires", token.expires_at.as_deref().unwrap_or_default());
    line("permissions", &token.permissions.as_ref().map(|all| all.join("\n")).unwrap_or_default());
    table
}

fn reads(diagnosis: &Diagnosis) -> Table {
    let mut table = Table::new([Column::prose("Read"), Column::needed("Answer"), Column::prose("Problem")]);
    for read in &diagnosis.reads {
        let outcome = match read.outcome {
            ReadOutcome::Answered => "answered",
            ReadOutcome::Refused => "refused",
            _ => "no answer",
        };
        let problem = read.problem.as_ref().map(|problem| format!("{} {}", problem.code(), problem.fix()));
        table.row([read.what.to_owned(), outcome.to_owned(), problem.unwrap_or_default()]);
    }
    table
}

fn operations(diagnosis: &Diagnosis) -> Table {
    let mut table =
        Table::new([Column::needed("Operation"), Column::needed("Allowed"), Column::prose("Fix")]);
    for one in &diagnosis.operations {
        let verdict = match one.verdict {
            OperationVerdict::Allowed => "yes",
            OperationVerdict::Lacking => "no",
            _ => "unknown",
        };
        table.row([one.operation.to_owned(), verdict.to_owned(), one.fix.clone().unwrap_or_default()]);
    }
    table
}
