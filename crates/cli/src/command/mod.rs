//! The commands, one per file.

mod access;
mod apply;
mod attest;
mod audit;
mod blueprint;
mod completion;
mod conditional_access;
mod consent_url;
mod contain;
mod create;
mod delete;
mod derive;
mod doctor;
mod enable;
mod explain;
mod get;
mod group;
mod handover;
mod identity;
mod license;
mod list;
mod login;
mod logout;
mod man;
mod manager;
mod many;
mod members;
mod parent;
mod permission;
mod permissions;
mod profile;
mod purge;
mod report;
mod restore;
mod retire;
mod revoke_sessions;
mod roster;
mod rows;
mod simulator;
mod sku;
mod sponsor;
mod sponsored;
mod token;
mod update;
mod validate;
mod wait;
mod whoami;

use crate::context::Context;
use crate::exit::CommandResult;
use crate::options::{Connection, Online};
use crate::output::Output;
use clap::Subcommand;
use std::rc::Rc;

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check values or a whole roster against the rules, offline
    Validate(validate::Arguments),
    /// Derive a mail nickname and a user principal name from a display name, offline
    Derive(derive::Arguments),
    /// Explain the code of an error, a broken rule or a remark, offline
    Explain(explain::Arguments),
    /// Write the findings of an audit, saved earlier, as a report, offline
    Report(report::Arguments),
    /// Make the address of the page on which an admin consents to a blueprint's permissions, offline
    ConsentUrl(consent_url::Arguments),
    /// Print report-only Conditional Access policies for agent users as JSON, offline
    ConditionalAccess(conditional_access::Arguments),
    /// Verify that an agent identity can be the parent of an agent user
    Parent(Online<parent::Arguments>),
    /// List agent identities, show one, and who is answerable for it
    Identity(Online<identity::Arguments>),
    /// Attest agent identities, as Microsoft's lifecycle policies ask from time to time
    Attest(Online<attest::Arguments>),
    /// Audit the agent users of the tenant, or a snapshot of it; nothing is changed
    Audit(Online<audit::Arguments>),
    /// List blueprints, show one, and verify the chain down to its agent users
    Blueprint(Online<blueprint::Arguments>),
    /// List agent users, or those in the recycle bin
    List(Online<list::Arguments>),
    /// Show one agent user, by id, user principal name or parent
    Get(Online<get::Arguments>),
    /// Create an agent user, exactly once, with its manager, sponsors, groups and licenses
    Create(Online<create::Arguments>),
    /// Change members of an agent user; only what differs is sent
    Update(Online<update::Arguments>),
    /// Let agent users sign in
    #[command(
        after_help = "Examples:\n  agentuser enable ada@contoso.com\n  agentuser enable --file back.txt --out plan.json"
    )]
    Enable(Online<enable::Arguments>),
    /// Keep agent users from signing in
    #[command(
        after_help = "Examples:\n  agentuser disable ada@contoso.com --dry-run\n  agentuser disable ada@contoso.com\n  agentuser disable --file leavers.txt --out plan.json"
    )]
    Disable(Online<enable::Arguments>),
    /// Move agent users to the recycle bin, where they stay for 30 days
    Delete(Online<delete::Arguments>),
    /// Bring agent users back from the recycle bin
    Restore(Online<restore::Arguments>),
    /// Delete agent users in the recycle bin for ever
    Purge(Online<purge::Arguments>),
    /// Take agent users out of service: disabled, signed out, deleted, each as far as is asked for
    Retire(Online<retire::Arguments>),
    /// Hand what a leaver is the manager or a sponsor of over to another, by a plan
    Handover(Online<handover::Arguments>),
    /// Stop a blueprint, an agent identity or an agent user at once, with everything below it
    Contain(Online<contain::Arguments>),
    /// End the sign-in sessions of an agent user
    RevokeSessions(Online<revoke_sessions::Arguments>),
    /// Show, set or remove the manager of an agent user
    Manager(Online<manager::Arguments>),
    /// List, add or remove the sponsors of an agent user
    Sponsor(Online<sponsor::Arguments>),
    /// List what a person sponsors, or the signed-in one: agent users, agent identities and others
    Sponsored(Online<sponsored::Arguments>),
    /// List the groups of an agent user, add it to one or remove it from one
    Group(Online<group::Arguments>),
    /// Show what an agent user has access to, and where it comes from
    Access(Online<access::Arguments>),
    /// List the tenant's licenses (SKUs) with their free seats
    #[command(after_help = "Examples:\n  agentuser sku\n  agentuser sku --json | jq -r .skuPartNumber")]
    Sku(Online<sku::Arguments>),
    /// List, add or remove licenses of agent users
    License(Online<license::Arguments>),
    /// List, grant or revoke the permissions of agents, and let a blueprint create agent users
    Permission(Online<permission::Arguments>),
    /// Tell which permissions and roles operations need, or a roster, offline
    Permissions(permissions::Arguments),
    /// Say what the token allows, what will fail and how to get it; ask Graph what no page says
    Doctor(Online<doctor::Arguments>),
    /// Wait until the mailbox, Teams or OneDrive of an agent user are ready
    Wait(Online<wait::Arguments>),
    /// Plan or apply a roster: many agent users in one file
    Roster(Online<roster::Arguments>),
    /// Make the changes of a plan that was looked at
    Apply(Online<apply::Arguments>),
    /// Sign in as a person, and keep the sign-in for later commands
    Login(Online<login::Arguments>),
    /// Forget the sign-in of a person on this machine
    Logout(Online<logout::Arguments>),
    /// Show who is signed in, and which permissions are missing for agent users
    Whoami(Online<whoami::Arguments>),
    /// Print an access token on standard output, for another program
    Token(Online<token::Arguments>),
    /// List, show, make and remove named profiles: cloud, tenant, application, never a secret
    Profile(profile::Arguments),
    /// Serve a simulated Microsoft Graph on this machine, for rehearsals and tests
    Simulator(simulator::Arguments),
    /// Print a completion script for a shell
    Completion(completion::Arguments),
    /// Write the manual pages
    Man(man::Arguments),
}

/// Runs a command; `whole` makes the command line that it is part of.
pub(crate) async fn run(
    output: &Rc<Output>,
    command: Command,
    whole: fn() -> clap::Command,
) -> CommandResult {
    let on = |connection: Connection| Context::new(output, connection);
    match command {
        Command::Validate(arguments) => validate::run(output, &arguments),
        Command::Derive(arguments) => derive::run(output, &arguments),
        Command::Explain(arguments) => explain::run(output, &arguments),
        Command::Report(arguments) => report::run(output, &arguments),
        Command::ConsentUrl(arguments) => consent_url::run(output, &arguments),
        Command::ConditionalAccess(arguments) => conditional_access::run(output, &arguments),
        Command::Parent(Online { arguments, connection }) => parent::run(&on(connection), &arguments).await,
        Command::Identity(Online { arguments, connection }) => {
            identity::run(&on(connection), &arguments).await
        }
        Command::Attest(Online { arguments, connection }) => attest::run(&on(connection), &arguments).await,
        Command::Audit(Online { arguments, connection }) => audit::run(&on(connection), &arguments).await,
        Command::Blueprint(Online { arguments, connection }) => {
            blueprint::run(&on(connection), &arguments).await
        }
        Command::List(Online { arguments, connection }) => list::run(&on(connection), &arguments).await,
        Command::Get(Online { arguments, connection }) => get::run(&on(connection), &arguments).await,
        Command::Create(Online { arguments, connection }) => create::run(&on(connection), arguments).await,
        Command::Update(Online { arguments, connection }) => update::run(&on(connection), arguments).await,
        Command::Enable(Online { arguments, connection }) => {
            enable::run(&on(connection), &arguments, true).await
        }
        Command::Disable(Online { arguments, connection }) => {
            enable::run(&on(connection), &arguments, false).await
        }
        Command::Delete(Online { arguments, connection }) => delete::run(&on(connection), &arguments).await,
        Command::Restore(Online { arguments, connection }) => restore::run(&on(connection), &arguments).await,
        Command::Retire(Online { arguments, connection }) => retire::run(&on(connection), &arguments).await,
        Command::Handover(Online { arguments, connection }) => {
            handover::run(&on(connection), &arguments).await
        }
        Command::Contain(Online { arguments, connection }) => contain::run(&on(connection), &arguments).await,
        Command::RevokeSessions(Online { arguments, connection }) => {
            revoke_sessions::run(&on(connection), &arguments).await
        }
        Command::Purge(Online { arguments, connection }) => purge::run(&on(connection), &arguments).await,
        Command::Manager(Online { arguments, connection }) => manager::run(&on(connection), &arguments).await,
        Command::Sponsor(Online { arguments, connection }) => sponsor::run(&on(connection), &arguments).await,
        Command::Sponsored(Online { arguments, connection }) => {
            sponsored::run(&on(connection), &arguments).await
        }
        Command::Group(Online { arguments, connection }) => group::run(&on(connection), &arguments).await,
        Command::Access(Online { arguments, connection }) => access::run(&on(connection), &arguments).await,
        Command::Sku(Online { connection, .. }) => sku::run(&on(connection)).await,
        Command::License(Online { arguments, connection }) => license::run(&on(connection), &arguments).await,
        Command::Permission(Online { arguments, connection }) => {
            permission::run(&on(connection), &arguments).await
        }
        Command::Permissions(arguments) => permissions::run(output, &arguments),
        Command::Doctor(Online { arguments, connection }) => doctor::run(&on(connection), &arguments).await,
        Command::Wait(Online { arguments, connection }) => wait::run(&on(connection), &arguments).await,
        Command::Roster(Online { arguments, connection }) => roster::run(&on(connection), &arguments).await,
        Command::Apply(Online { arguments, connection }) => apply::run(&on(connection), &arguments).await,
        Command::Login(Online { connection, .. }) => login::run(&on(connection)).await,
        Command::Logout(Online { connection, .. }) => logout::run(&on(connection)).await,
        Command::Whoami(Online { connection, .. }) => whoami::run(&on(connection)).await,
        Command::Token(Online { arguments, connection }) => token::run(&on(connection), &arguments).await,
        Command::Profile(arguments) => profile::run(output, &arguments).await,
        Command::Simulator(arguments) => simulator::run(output, &arguments).await,
        Command::Completion(arguments) => Ok(completion::run(output, &arguments, whole())),
        Command::Man(arguments) => man::run(output, &arguments, whole()),
    }
}
