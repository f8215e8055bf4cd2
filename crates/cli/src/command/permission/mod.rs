//! `agentuser permission`.

mod target;
mod view;

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::DryRun;
use crate::parse;
use agentuser::{CREATE_AGENT_USERS, Inheritance, InheritanceChange, PermissionReport, Run};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use std::convert::Infallible;
use target::{Holder, Permission, Target};

const EXAMPLES: &str = "\
Examples:
  agentuser permission list ada@contoso.com
  agentuser permission grant ada@contoso.com --scope User.Read,Mail.Send
  agentuser permission revoke ada@contoso.com --scope Mail.Send --dry-run
  agentuser permission grant --all-users --scope User.Read \\
      --identity a1d00000-0000-4000-8000-000000000001
  agentuser permission allow-creation b1a00000-0000-4000-8000-000000000001
  agentuser permission inherit b1a00000-0000-4000-8000-000000000001 \\
      --scopes all

Microsoft's pages say that an agent identity can't ask for consent in a browser (AADSTS82014), so its permissions are granted \
here. Tokens have them from the next one on, after a minute or two.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the delegated permissions and app roles of an agent, and what a blueprint lets agent identities inherit
    // Clap's own lines of usage have every group, and are too long for a terminal.
    #[command(
        override_usage = "agentuser permission list [OPTIONS] <USER>",
        after_help = "Examples:\n  agentuser permission list ada@contoso.com\n  \
        agentuser permission list --blueprint b1a00000-0000-4000-8000-000000000001"
    )]
    List {
        #[command(flatten)]
        holder: Holder,
    },
    /// Grant delegated permissions, or assign an app role; what is granted already stays
    #[command(
        override_usage = "agentuser permission grant [OPTIONS] --scope <NAME> <USER>",
        after_help = "Examples:\n  agentuser permission grant ada@contoso.com --scope User.Read,Mail.Send\n  \
        agentuser permission grant --app-role User.Read.All \\\n      \
        --identity a1d00000-0000-4000-8000-000000000001\n\n\
        With USER alone, the agent identity of that agent user acts for it. With --identity as well, USER may be a person on \
        whose behalf it acts."
    )]
    Grant(Change),
    /// Revoke delegated permissions, or take an app role away; others stay
    #[command(
        override_usage = "agentuser permission revoke [OPTIONS] --scope <NAME> <USER>",
        after_help = "Examples:\n  agentuser permission revoke ada@contoso.com --scope Mail.Send --dry-run\n  \
        agentuser permission revoke ada@contoso.com --scope Mail.Send"
    )]
    Revoke(Change),
    /// Let a blueprint create agent users for its agent identities
    #[command(after_help = "Examples:\n  \
        agentuser permission allow-creation b1a00000-0000-4000-8000-000000000001\n\n\
        An admin allows it; the permission is in tokens that the blueprint gets afterwards. A client that signs in as the blueprint \
        waits for it by `agentuser permission wait`.")]
    AllowCreation {
        /// The blueprint: its application (client) id, or an object id
        #[arg(value_name = "BLUEPRINT")]
        blueprint: String,
        #[command(flatten)]
        dry: DryRun,
    },
    /// Set what the agent identities of a blueprint inherit of a resource's permissions
    #[command(
        override_usage = "agentuser permission inherit [OPTIONS] <BLUEPRINT>",
        after_help = "Examples:\n  \
        agentuser permission inherit b1a00000-0000-4000-8000-000000000001 \\\n      --scopes all --roles none\n\n\
        They inherit only what is granted to the blueprint's principal as well: permission grant --blueprint."
    )]
    Inherit(Inherit),
    /// Wait until the token of the one who is signed in carries a permission
    #[command(
        after_help = "Examples:\n  agentuser permission wait\n  agentuser permission wait User.Read.All --timeout 5m\n\n\
        It is for a client that signs in as the blueprint or agent, not for the admin who grants. New tokens are asked for \
        until one shows the permission."
    )]
    Wait {
        /// The app role or delegated permission
        #[arg(value_name = "PERMISSION", default_value = CREATE_AGENT_USERS)]
        permission: String,
    },
}

#[derive(Debug, Args)]
struct Change {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    permission: Permission,
    #[command(flatten)]
    dry: DryRun,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("inherited").required(true).multiple(true).args(["scopes", "roles"]))]
struct Inherit {
    /// The blueprint: its application (client) id, or an object id
    #[arg(value_name = "BLUEPRINT")]
    blueprint: String,
    /// The delegated permissions that they inherit
    #[arg(long, value_name = "WHAT", value_enum)]
    scopes: Option<Inherited>,
    /// The app roles that they inherit
    #[arg(long, value_name = "WHAT", value_enum)]
    roles: Option<Inherited>,
    #[command(flatten)]
    resource: target::Resource,
    #[command(flatten)]
    dry: DryRun,
}

/// The permissions of one kind that the agent identities of a blueprint inherit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Inherited {
    /// All permissions that are granted to the blueprint's principal, now and later
    All,
    /// No permissions
    None,
}

impl From<Inherited> for Inheritance {
    fn from(inherited: Inherited) -> Self {
        match inherited {
            Inherited::All => Self::AllAllowed,
            Inherited::None => Self::None,
        }
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let run = match &arguments.action {
        Action::List { holder } => return list(context, holder).await,
        Action::Grant(change) => grant(context, change)?,
        Action::Revoke(change) => revoke(context, change)?,
        Action::AllowCreation { blueprint, dry } => {
            let blueprint = parse::id("blueprint", blueprint)?;
            context.client()?.allow_creation(blueprint, dry.dry_run)
        }
        Action::Inherit(inherit) => {
            let blueprint = parse::id("blueprint", &inherit.blueprint)?;
            let wanted = InheritanceChange {
                scopes: inherit.scopes.map(Inheritance::from),
                roles: inherit.roles.map(Inheritance::from),
            };
            let resource = inherit.resource.get()?;
            context.client()?.inherit_permissions(blueprint, resource, wanted, inherit.dry.dry_run)
        }
        Action::Wait { permission } => return wait(context, permission).await,
    };
    let report = context.finish(run).await?;
    context.output.value(&report, view::report)?;
    Ok(Exit::Done)
}

type Changing = Run<Infallible, PermissionReport>;

fn grant(context: &Context, change: &Change) -> Result<Changing, crate::exit::Failure> {
    let Change { target, permission, dry } = change;
    let resource = permission.resource.get()?;
    Ok(match permission.app_role()? {
        Some(role) => {
            let holder = target.holder()?;
            context.client()?.assign_app_role(holder, resource, role, dry.dry_run)
        }
        None => {
            let (consent, scopes) = (target.consent()?, permission.scopes()?);
            context.client()?.grant_permission(consent, resource, scopes, dry.dry_run)
        }
    })
}

fn revoke(context: &Context, change: &Change) -> Result<Changing, crate::exit::Failure> {
    let Change { target, permission, dry } = change;
    let resource = permission.resource.get()?;
    Ok(match permission.app_role()? {
        Some(role) => {
            let holder = target.holder()?;
            context.client()?.remove_app_role(holder, resource, role, dry.dry_run)
        }
        None => {
            let (consent, scopes) = (target.consent()?, permission.scopes()?);
            context.client()?.revoke_permission(consent, resource, scopes, dry.dry_run)
        }
    })
}

async fn list(context: &Context, holder: &Holder) -> CommandResult {
    let of = holder.get()?;
    let permissions = context.finish(context.client()?.permissions(of)).await?;
    context.output.value(&permissions, view::permissions)?;
    if view::is_empty(&permissions) {
        context.output.remark("It has no permissions of its own.");
    }
    Ok(Exit::Done)
}

async fn wait(context: &Context, permission: &str) -> CommandResult {
    let permission = target::name("permission", permission)?;
    let ended = context.finish(context.client()?.wait_permission(permission)).await?;
    context.output.value(&ended, view::token)?;
    Ok(Exit::Done)
}
