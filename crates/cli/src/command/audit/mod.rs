//! `agentuser audit`.

mod text;

use super::many::write as write_plan;
use super::report::FindingsReports;
use crate::context::Context;
use crate::exit::{CommandResult, Exit, Failure};
use crate::input;
use agentuser::core::flow::audit_snapshot;
use agentuser::core::report::{Findings, Head};
use agentuser::{
    Acceptance, AuditReport, AuditRequest, AuditSettings, Audited, Cloud, Code, FindingState, Problem,
    Severity, Snapshot, Thresholds, Violation, plain_reason,
};
use clap::{Args, ValueEnum, ValueHint};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const EXAMPLES: &str = "\
Examples:
  agentuser audit
  agentuser audit --fail-on high
  agentuser audit --rules no-sponsor,sponsor-unusable --json | jq -r .user.userPrincipalName
  agentuser audit --report findings.html --report findings.xlsx
  agentuser audit --snapshot tenant.json
  agentuser audit --from tenant.json --severity medium
  agentuser audit --accept accepted.json --compare last-month.json
  agentuser audit --fix disabled-and-licensed,idle --out plan.json
  agentuser audit --list-rules

One pass over the tenant, which changes nothing. Each rule says of each agent user that something was found, that it is clean, or \
that it was not checked, with the permission or license that is missing for it: what can't be read is never taken for clean. \
With --json, the first line is the report without its findings, and each further line is a finding. docs/audit.md has every rule.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    judging: Judging,
    /// End with exit code 12 where something as bad as this or worse is found; with 13 where nothing is, but not all was checked
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Level>,
    /// Write what was read to this file, to be audited again offline
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    snapshot: Option<PathBuf>,
    /// Audit this snapshot offline, in place of the tenant
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "snapshot")]
    from: Option<PathBuf>,
    /// A file of accepted findings: a JSON array of objects with rule, whom, reason, by and until
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    accept: Option<PathBuf>,
    /// Compare with this older report (as JSON) or snapshot: new, unchanged, gone
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    compare: Option<PathBuf>,
    /// Make a plan of the fixes of these rules, which `agentuser apply` makes
    #[arg(long, value_name = "RULE", value_delimiter = ',', requires = "out")]
    fix: Vec<String>,
    /// The file of that plan
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "fix")]
    out: Option<PathBuf>,
    /// List the rules, and audit nothing
    #[arg(long)]
    list_rules: bool,
    #[command(flatten)]
    reports: FindingsReports,
}

/// Which rules run, and how they judge.
#[derive(Debug, Args)]
struct Judging {
    /// Only these rules; all of them, unless given
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    rules: Vec<String>,
    /// Only rules as bad as this or worse
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<Level>,
    /// Run the rules, too, that read Graph's beta
    #[arg(long)]
    beta: bool,
    /// The moment for which the rules judge, ISO 8601 with a zone; now, or the time of the snapshot, unless given
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// How many days before its leave date an agent user is found
    #[arg(long, value_name = "DAYS", default_value_t = Thresholds::default().leave_days)]
    leave_days: u32,
    /// After how many days without a successful sign-in an agent user is found
    #[arg(long, value_name = "DAYS", default_value_t = Thresholds::default().idle_days)]
    idle_days: u32,
    /// How many agent identities a blueprint may have before it is found, of the 250 that Microsoft allows
    #[arg(long, value_name = "NUMBER", default_value_t = Thresholds::default().blueprint_identities)]
    blueprint_identities: u32,
    /// How many hours a mailbox may take
    #[arg(long, value_name = "HOURS", default_value_t = Thresholds::default().mailbox_hours)]
    mailbox_hours: u32,
    /// How many days before it an action of a lifecycle policy is found
    #[arg(long, value_name = "DAYS", default_value_t = Thresholds::default().action_days)]
    action_days: u32,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    High,
    Medium,
    Low,
    Info,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::High => Self::High,
            Level::Medium => Self::Medium,
            Level::Low => Self::Low,
            Level::Info => Self::Info,
        }
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    if arguments.list_rules {
        context.output.text(&text::rules().to_text());
        return Ok(Exit::Done);
    }
    let request = arguments.request()?;
    arguments.reports.check()?;
    let since = Instant::now();
    let Audited { report, snapshot, plan, not_planned } = match &arguments.from {
        Some(path) => audit_snapshot(&input::snapshot(path)?, &request)?,
        None => context.finish(context.client()?.audit(request)).await?,
    };
    print(context, &report)?;
    if !arguments.reports.is_empty() {
        let took = arguments.from.is_none().then(|| since.elapsed());
        write_reports(context, &arguments.reports, &report, took)?;
    }
    if let (Some(path), Some(snapshot)) = (&arguments.snapshot, &snapshot) {
        write(path, snapshot)?;
    }
    if let (Some(path), Some(plan)) = (&arguments.out, &plan) {
        for one in &not_planned {
            context.output.remark(&format!("Not planned: {} of {}. {}", one.findings, one.rule, one.message));
        }
        write_plan(context, path, plan)?;
    }
    Ok(arguments.fail_on.map_or(Exit::Done, |level| exit(&report, level.into())))
}

impl Arguments {
    /// The request for an audit, or everything that is wrong with the options.
    fn request(&self) -> Result<AuditRequest, Failure> {
        let (settings, fix) = (self.judging.settings(), AuditSettings::named_rules(&self.fix));
        let (settings, fix) = match (settings, fix) {
            (Ok(settings), Ok(fix)) => (settings, fix),
            (settings, fix) => {
                let fix = fix.err().into_iter().flatten().map(|one| one.of_field("fix"));
                return Err(settings.err().into_iter().flatten().chain(fix).collect::<Vec<_>>().into());
            }
        };
        let accepted = match &self.accept {
            Some(path) => Acceptance::read_all(&input::accepted(path)?)?,
            None => Vec::new(),
        };
        let older = self.compare.as_deref().map(input::older_audit).transpose()?;
        Ok(AuditRequest { settings, snapshot: self.snapshot.is_some(), accepted, older, fix })
    }
}

impl Judging {
    /// The settings, or everything that is wrong with them.
    fn settings(&self) -> Result<AuditSettings, Vec<Violation>> {
        let (rules, now) = (
            AuditSettings::named_rules(&self.rules),
            self.now.as_deref().map(AuditSettings::moment).transpose(),
        );
        let thresholds = Thresholds {
            leave_days: self.leave_days,
            idle_days: self.idle_days,
            blueprint_identities: self.blueprint_identities,
            mailbox_hours: self.mailbox_hours,
            action_days: self.action_days,
        };
        let severity = self.severity.map(Severity::from);
        match (rules, now) {
            (Ok(rules), Ok(now_ms)) => {
                Ok(AuditSettings { rules, severity, beta: self.beta, now_ms, thresholds })
            }
            (rules, now) => Err(rules.err().into_iter().chain(now.err()).flatten().collect()),
        }
    }
}

fn print(context: &Context, report: &AuditReport) -> Result<(), Problem> {
    let output = &context.output;
    if output.is_json() {
        output.json([&report.without_findings()])?;
        return output.json(&report.findings);
    }
    output.text(&text::report(report));
    Ok(())
}

/// Writes the reports that are asked for. `took` is how long the tenant took to read.
fn write_reports(
    context: &Context,
    reports: &FindingsReports,
    report: &AuditReport,
    took: Option<Duration>,
) -> Result<(), Problem> {
    let unwritable = |error: serde_json::Error| {
        Problem::new(Code::OutputUnwritable, format!("The report can't be written as JSON: {error}."))
    };
    let findings = Findings::parse(&serde_json::to_vec(report).map_err(unwritable)?)?;
    let links = context.target(false)?.cloud().is_none_or(|cloud| cloud == Cloud::Global);
    let took_ms = took.and_then(|took| u64::try_from(took.as_millis()).ok());
    reports.write(&context.output, &findings, Head { took_ms, links, ..Head::default() })
}

fn write(path: &Path, snapshot: &Snapshot) -> Result<(), Problem> {
    let failed = |reason: String| {
        let message = format!("The snapshot can't be written to {}: {reason}.", path.display());
        Problem::new(Code::OutputUnwritable, message)
    };
    let json = serde_json::to_string(snapshot).map_err(|error| failed(error.to_string()))?;
    std::fs::write(path, json).map_err(|error| failed(plain_reason(&error)))
}

/// The exit code for findings as bad as this or worse.
fn exit(report: &AuditReport, worst: Severity) -> Exit {
    let counts = |state| {
        let open = report.findings.iter().filter(|one| one.accepted.is_none() && one.state == state);
        open.into_iter().any(|one| one.severity <= worst)
    };
    if counts(FindingState::Found) {
        Exit::Findings
    } else if counts(FindingState::NotChecked) {
        Exit::NotChecked
    } else {
        Exit::Done
    }
}
