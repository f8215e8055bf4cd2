//! `agentuser license`.

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::{DryRun, User};
use crate::output::Verb;
use agentuser::SkuRef;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  agentuser sku
  agentuser license add ada@contoso.com AGENT_365
  agentuser license remove ada@contoso.com AGENT_365 AGENT_MESSAGING --dry-run";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add licenses, and wait until they are active
    Add(Change),
    /// Remove licenses
    Remove(Change),
}

#[derive(Debug, Args)]
struct Change {
    #[command(flatten)]
    user: User,
    /// The licenses: SKU part numbers or ids
    #[arg(value_name = "SKU", required = true)]
    skus: Vec<String>,
    #[command(flatten)]
    dry: DryRun,
}

impl Change {
    fn skus(&self) -> Vec<SkuRef> {
        self.skus.iter().map(|text| SkuRef::parse(text)).collect()
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let (change, add, remove) = match &arguments.action {
        Action::Add(change) => (change, change.skus(), Vec::new()),
        Action::Remove(change) => (change, Vec::new(), change.skus()),
    };
    let user = change.user.get()?;
    context
        .report(context.client()?.change_licenses(user, add, remove, change.dry.dry_run), Verb::Change)
        .await
}
