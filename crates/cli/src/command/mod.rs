//! The commands, one per file.

mod completion;
mod create;
mod delete;
mod derive;
mod enable;
mod get;
mod license;
mod list;
mod manager;
mod members;
mod parent;
mod purge;
mod restore;
mod roster;
mod simulator;
mod sku;
mod sponsor;
mod update;
mod validate;
mod wait;

use crate::context::Context;
use crate::exit::CommandResult;
use clap::Subcommand;

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check values or a whole roster against the rules, offline
    Validate(validate::Arguments),
    /// Derive a mail nickname and a user principal name from a display name, offline
    Derive(derive::Arguments),
    /// Verify that an agent identity can be the parent of an agent user
    Parent(parent::Arguments),
    /// List agent users, or those in the recycle bin
    List(list::Arguments),
    /// Show one agent user, by id, user principal name or parent
    Get(get::Arguments),
    /// Create an agent user, exactly once, with its manager, sponsors and licenses
    Create(create::Arguments),
    /// Change members of an agent user; only what differs is sent
    Update(update::Arguments),
    /// Let an agent user sign in
    Enable(enable::Arguments),
    /// Keep an agent user from signing in
    Disable(enable::Arguments),
    /// Move an agent user to the recycle bin, where it stays for 30 days
    Delete(delete::Arguments),
    /// Bring an agent user back from the recycle bin
    Restore(restore::Arguments),
    /// Delete an agent user in the recycle bin for ever
    Purge(purge::Arguments),
    /// Show, set or remove the manager of an agent user
    Manager(manager::Arguments),
    /// List, add or remove the sponsors of an agent user
    Sponsor(sponsor::Arguments),
    /// List the tenant's licenses (SKUs) with their free seats
    Sku,
    /// List, add or remove licenses of an agent user
    License(license::Arguments),
    /// Wait until the mailbox, Teams or OneDrive of an agent user are ready
    Wait(wait::Arguments),
    /// Plan or apply a roster: many agent users in one file
    Roster(roster::Arguments),
    /// Serve a simulated Microsoft Graph on this machine, for rehearsals and tests
    Simulator(simulator::Arguments),
    /// Print a completion script for a shell
    Completion(completion::Arguments),
}

/// Runs a command. `whole` is the command line as clap knows it.
pub(crate) async fn run(context: &Context, command: Command, whole: clap::Command) -> CommandResult {
    match command {
        Command::Validate(arguments) => validate::run(context, &arguments),
        Command::Derive(arguments) => derive::run(context, &arguments),
        Command::Parent(arguments) => parent::run(context, &arguments).await,
        Command::List(arguments) => list::run(context, &arguments).await,
        Command::Get(arguments) => get::run(context, &arguments).await,
        Command::Create(arguments) => create::run(context, arguments).await,
        Command::Update(arguments) => update::run(context, arguments).await,
        Command::Enable(arguments) => enable::run(context, &arguments, true).await,
        Command::Disable(arguments) => enable::run(context, &arguments, false).await,
        Command::Delete(arguments) => delete::run(context, &arguments).await,
        Command::Restore(arguments) => restore::run(context, &arguments).await,
        Command::Purge(arguments) => purge::run(context, &arguments).await,
        Command::Manager(arguments) => manager::run(context, &arguments).await,
        Command::Sponsor(arguments) => sponsor::run(context, &arguments).await,
        Command::Sku => sku::run(context).await,
        Command::License(arguments) => license::run(context, &arguments).await,
        Command::Wait(arguments) => wait::run(context, &arguments).await,
        Command::Roster(arguments) => roster::run(context, &arguments).await,
        Command::Simulator(arguments) => simulator::run(context, &arguments).await,
        Command::Completion(arguments) => Ok(completion::run(context, &arguments, whole)),
    }
}
