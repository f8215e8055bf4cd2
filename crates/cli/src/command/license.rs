//! `agentuser license`.

use super::many::{Planning, Way, nobody, users};
use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::{DryRun, User};
use crate::output::{Column, Table, Verb};
use agentuser::core::model::contradiction;
use agentuser::core::validate::{RuleCode, Violations};
use agentuser::{
    DirectLicense, LicenseAssignment, PlanRef, Problem, SkuRef, UserRef, VerbArguments, Violation,
};
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser sku
  agentuser license list ada@contoso.com
  agentuser license add ada@contoso.com AGENT_365
  agentuser license add ada@contoso.com AGENT_365 --without TEAMS1
  agentuser license remove ada@contoso.com AGENT_365 AGENT_MESSAGING --dry-run
  agentuser license remove --file leavers.txt AGENT_365 --out plan.json

The licenses of several agent users, by their names with commas between them or by --file, change by a plan: --out writes it, and \
`agentuser apply` makes its changes.

Service plans that are off stay off when a license is added again; --with switches one on. Licenses that come from a \
group are listed with the group, and are changed there.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the licenses, each with its state, the group that it comes from, and the plans that are off
    List {
        #[command(flatten)]
        user: User,
    },
    /// Add licenses, and wait until they are active
    Add {
        #[command(flatten)]
        change: Change,
        /// Service plans that are to be off: names or ids
        #[arg(long, value_name = "PLAN", num_args = 1.., value_delimiter = ',')]
        without: Vec<String>,
        /// Service plans that are to be on: names or ids
        #[arg(long, value_name = "PLAN", num_args = 1.., value_delimiter = ',')]
        with: Vec<String>,
    },
    /// Remove licenses
    Remove(Change),
}

#[derive(Debug, Args)]
struct Change {
    /// The agent user, unless --file names them, and the licenses. Agent users: ids or user principal names with commas between
    /// them; - takes them from stdin, a line each. Licenses: SKU part numbers or ids
    #[arg(value_name = "USER SKU", required = true)]
    values: Vec<String>,
    /// A file that names the agent users, a line each
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    #[command(flatten)]
    planning: Planning,
    #[command(flatten)]
    dry: DryRun,
}

impl Change {
    /// The licenses.
    fn skus(&self) -> &[String] {
        self.values.get(usize::from(self.file.is_none())..).unwrap_or_default()
    }

    /// The agent users, or every rule that one of them breaks.
    fn users(&self) -> Result<Vec<UserRef>, Problem> {
        let named = self.values.first().filter(|_| self.file.is_none());
        let named: Vec<String> = named
            .into_iter()
            .flat_map(|names| names.split(','))
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        users(&named, self.file.as_deref())
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let (change, add, remove) = match &arguments.action {
        Action::List { user } => return list(context, user).await,
        Action::Add { change, without, with } => (change, adding(change.skus(), without, with)?, Vec::new()),
        Action::Remove(change) => (change, Vec::new(), removing(change.skus())?),
    };
    if change.skus().is_empty() {
        let fix = "Name the licenses after the agent user, by SKU part number or id.";
        return Err(vec![Violation::new(RuleCode::Required, "license", "No license is named.", fix)].into());
    }
    let dry_run = change.dry.dry_run;
    match change.planning.way(change.users()?, dry_run)? {
        Way::Now(user) => {
            let run = context.client()?.change_licenses(user, add, remove, dry_run);
            context.report(run, Verb::Change).await
        }
        Way::Plan(users) => {
            change.planning.users(context, users, VerbArguments::License { add, remove }).await
        }
        Way::Nobody => Ok(nobody(context)),
    }
}

/// The licenses to add. Plans belong to one license.
fn adding(skus: &[String], without: &[String], with: &[String]) -> Result<Vec<DirectLicense>, Problem> {
    let mut broken = Violations::default();
    if skus.len() > 1 && !(without.is_empty() && with.is_empty()) {
        broken.push(Violation::new(
            RuleCode::TooManyValues,
            "license",
            "Service plans are given with more than one license.",
            "Add each license by a command of its own.",
        ));
    }
    let plans = |texts: &[String]| texts.iter().map(|text| PlanRef::parse(text.trim())).collect::<Vec<_>>();
    let mut licenses = Vec::new();
    for text in skus {
        let license = DirectLicense::parse(text).map_err(|violation| vec![violation]);
        licenses.extend(broken.keep_as("license", license).map(|mut license| {
            license.disabled_plans.extend(plans(without));
            license.enabled_plans.extend(plans(with));
            license
        }));
    }
    broken.extend(contradiction(&licenses).map(|violation| violation.of_field("license")));
    broken.finish(Some(licenses)).map_err(Problem::from_violations)
}

fn removing(skus: &[String]) -> Result<Vec<SkuRef>, Problem> {
    let mut broken = Violations::default();
    let parse = |text: &String| SkuRef::parse_direct(text).map_err(|violation| vec![violation]);
    let skus = skus.iter().filter_map(|text| broken.keep_as("license", parse(text))).collect();
    broken.finish(Some(skus)).map_err(Problem::from_violations)
}

async fn list(context: &Context, user: &User) -> CommandResult {
    let user = user.get()?;
    let licenses = context.finish(context.client()?.licenses(user)).await?;
    if context.output.is_json() {
        context.output.json(&licenses)?;
    } else if licenses.is_empty() {
        context.output.remark("It has no licenses.");
    } else {
        context.output.text(&table(&licenses).to_text());
        for problem in licenses.iter().filter_map(|license| license.problem.as_ref()) {
            context.output.remark(&format!("{} {}", problem.message(), problem.fix()));
        }
    }
    Ok(Exit::Done)
}

fn table(licenses: &[LicenseAssignment]) -> Table {
    let mut table = Table::new([
        Column::needed("License"),
        Column::optional("Product", 3),
        Column::needed("State"),
        Column::prose("From"),
        Column::optional("Plans off", 1),
        Column::optional("Problem", 2),
    ]);
    for license in licenses {
        let group = license.group.as_ref().map(|group| match &group.display_name {
            Some(name) => format!("group {name} ({})", group.id),
            None => format!("group {}", group.id),
        });
        let off = license.disabled_plans.iter().map(|plan| match &plan.service_plan_name {
            Some(name) => name.clone(),
            None => plan.service_plan_id.to_string(),
        });
        table.row([
            license.sku_part_number.clone().unwrap_or_else(|| license.sku_id.to_string()),
            license.product_name.clone().unwrap_or_default(),
            license.state.clone().unwrap_or_default(),
            group.unwrap_or_else(|| "direct".to_owned()),
            off.collect::<Vec<_>>().join(", "),
            license.problem.as_ref().map(|problem| problem.code().as_str().to_owned()).unwrap_or_default(),
        ]);
    }
    table
}
