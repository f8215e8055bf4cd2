//! `agentuser`: lifecycle management of Microsoft Entra agent users in a terminal or a pipeline.

mod command;
mod connect;
mod context;
mod exit;
mod input;
mod interrupt;
mod journal;
mod options;
mod output;
mod parse;
mod token_file;

use clap::{CommandFactory as _, Parser};
use command::Command;
use context::Context;
use options::Global;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  agentuser validate --file roster.csv   check a roster, offline
  agentuser roster plan roster.csv       show what would change
  agentuser roster apply roster.csv      make the changes; run it again any time
  agentuser list --json                  print one JSON object per line

Signing in, one of:
  AGENTUSER_TOKEN         an access token for Microsoft Graph
  --token-file PATH       a file with a token; read again when Graph refuses it
  --tenant, --client-id   an application; AGENTUSER_CLIENT_SECRET is its secret

Tokens and secrets are never taken as arguments, where every user of the machine could read them.";

/// Lifecycle management of Microsoft Entra agent users: validate, create, find, change, license, wait, retire, restore;
/// one at a time or a whole roster.
#[derive(Parser)]
#[command(
    name = "agentuser",
    version,
    arg_required_else_help = true,
    max_term_width = 110,
    after_help = format!("{EXAMPLES}\n\n{}", exit::HELP)
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let context = Context::new(global);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let exit = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(command::run(&context, command, Cli::command()));
            // A request that was cut is not waited for.
            runtime.shutdown_background();
            ended.unwrap_or_else(|failure| context.output.failure(&failure))
        }
        Err(error) => {
            context.output.failure(&exit::internal(format!("No threads can be had: {error}.")).into())
        }
    };
    context.output.end(exit).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_and_every_argument_is_documented() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
