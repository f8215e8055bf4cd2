//! `agentuser`: lifecycle management of Microsoft Entra agent users in a terminal or a pipeline.

mod command;
mod connect;
mod context;
mod credential_store;
mod exit;
mod help;
mod input;
mod interrupt;
mod journal;
mod options;
mod output;
mod parse;
mod pfx;
mod process;
mod profile;
mod report_files;
mod settings;
mod sign_in;
mod sign_in_options;
mod token_file;

use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use command::Command;
use exit::Exit;
use options::OutputOptions;
use output::Output;
use std::ffi::OsString;
use std::process::ExitCode;
use std::rc::Rc;

const EXAMPLES: &str = "\
Examples:
  agentuser validate --file roster.csv   check a roster, offline
  agentuser roster plan roster.csv       show what would change
  agentuser roster apply roster.csv      make the changes; run it again any time
  agentuser list --report agents.xlsx    a report for a spreadsheet
  agentuser list --json                  print one JSON object per line

Signing in, exactly one of:
  agentuser login         a person, kept in the system's credential store
  --browser, --device-code
                          a person, for one command
  --client-id, --tenant   an application by one proof: AGENTUSER_CLIENT_SECRET, --client-secret-file, --client-certificate, --federated-token-file, --managed-identity, --github-actions or --azure-pipelines; with --agent-identity, and --agent-user, the agent whose blueprint it is
  --managed-identity      this machine's managed identity
  --azure-cli, --azure-developer-cli
                          whoever signed in there
  AGENTUSER_TOKEN         an access token for Microsoft Graph
  --token-file PATH       a file with a token; read again when Graph refuses it

Flags win over variables, and these over the profile (--profile, or the default one): `agentuser profile --help`. Tokens, secrets and passwords are never taken as arguments, where every user of the machine could read them.";

/// Lifecycle management of Microsoft Entra agent users: validate, create, find, change, license, wait, audit, retire,
/// restore; one at a time or a whole roster.
#[derive(Parser)]
#[command(
    name = "agentuser",
    version,
    arg_required_else_help = true,
    after_help = format!("{EXAMPLES}\n\n{}", exit::HELP)
)]
struct Cli {
    #[command(flatten)]
    output: OutputOptions,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    process::prepare();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let mut whole = whole();
    let parsed = whole
        .try_get_matches_from_mut(&arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut whole)));
    match parsed {
        Ok(cli) => run(cli),
        Err(error) => help::or_usage(error, whole, &arguments),
    }
}

/// The whole command line.
fn whole() -> clap::Command {
    help::for_terminal(Cli::command())
}

fn run(Cli { output, command }: Cli) -> ExitCode {
    let output = Rc::new(Output::new(&output));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let exit: Exit = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(command::run(&output, command, whole));
            // A request that was cut is not waited for.
            runtime.shutdown_background();
            ended.unwrap_or_else(|failure| output.failure(&failure))
        }
        Err(error) => output.problem(&exit::no_runtime(&error)),
    };
    output.end(exit).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        whole().debug_assert();
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
        check(&whole());
    }
}
