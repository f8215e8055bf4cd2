//! `agentuser create`.

use super::members::{Details, repeated};
use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::DryRun;
use crate::output::Verb;
use crate::parse::{self, Service};
use agentuser::core::validate::Violations;
use agentuser::{DesiredUser, Draft, Member, MemberValue, TenantFacts, Violation};
use clap::{ArgGroup, Args};

const EXAMPLES: &str = "\
Examples:
  agentuser create --parent a1d00000-0000-4000-8000-000000000001 \\
      --display-name \"Sales Agent\" --domain contoso.com
  agentuser create --parent a1d00000-0000-4000-8000-000000000002 \\
      --display-name Ada --upn ada@contoso.com --usage-location DE \\
      --manager human1@contoso.com --sponsor human2@contoso.com \\
      --license AGENT_365 --wait mailbox,teams

An agent identity has one agent user, so the command may be run again at any time: it compares the agent user that \
exists and changes only what differs. Sponsors, groups and licenses are added, never taken away.

Microsoft says that creating the account through Graph does not provision a mailbox or Teams by itself. A license brings \
both as a rule: --wait looks until they are there.";

#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "agentuser create [OPTIONS] --parent <ID> --display-name <NAME>\n           (--upn <UPN> | --domain <DOMAIN>)",
    group = ArgGroup::new("name").required(true).args(["upn", "domain"])
)]
pub(crate) struct Arguments {
    /// The object id of the agent identity that it belongs to
    #[arg(long, value_name = "ID")]
    parent: String,
    /// The display name
    #[arg(long, value_name = "NAME")]
    display_name: String,
    /// The user principal name
    #[arg(long, value_name = "UPN")]
    upn: Option<String>,
    /// Derive the user principal name from the display name, in this domain: the first that is free
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Create it so that it can't sign in
    #[arg(long)]
    disabled: bool,
    #[command(flatten)]
    details: Details,
    /// The services to wait for at the end; onedrive needs Files.Read.All
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',', default_value = "none")]
    wait: Vec<Service>,
    /// Do not read the tenant's verified domains first
    #[arg(long)]
    skip_domain_check: bool,
    #[command(flatten)]
    dry: DryRun,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> CommandResult {
    // Rules that need no facts about the tenant are checked before anyone has to sign in.
    desired(&arguments, &TenantFacts::default())?;
    let client = context.client()?;
    let facts = if arguments.skip_domain_check {
        TenantFacts::default()
    } else {
        context.finish(client.tenant_facts()).await?
    };
    let desired = desired(&arguments, &facts)?;
    let readiness = parse::readiness(&arguments.wait);
    context.report(client.provision(desired, readiness, arguments.dry.dry_run), Verb::Change).await
}

/// The agent user that the flags declare.
fn desired(arguments: &Arguments, facts: &TenantFacts) -> Result<DesiredUser, Vec<Violation>> {
    let mut values = arguments.details.values([
        (Member::DisplayName, Some(arguments.display_name.as_str())),
        (Member::UserPrincipalName, arguments.upn.as_deref()),
    ]);
    if arguments.disabled {
        values.push((Member::AccountEnabled.into(), MemberValue::Flag(false)));
    }
    let repeated = repeated(&values);
    let draft = Draft::new().parent(&arguments.parent);
    let draft = values.into_iter().fold(draft, |draft, (member, value)| draft.with(member, value));

    let mut broken = Violations::default();
    let desired = broken.keep(DesiredUser::from_draft(draft, arguments.domain.as_deref(), facts));
    broken.extend(repeated);
    let (manager, sponsors) = arguments.details.references(&mut broken);
    let groups = arguments.details.groups(&mut broken);
    let licenses = arguments.details.licenses(&mut broken);
    broken.finish(desired.map(|desired| {
        desired.with_manager(manager).with_sponsors(sponsors).with_groups(groups).with_licenses(licenses)
    }))
}
