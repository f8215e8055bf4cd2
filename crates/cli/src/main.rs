//! `agentuser`: lifecycle management of Microsoft Entra agent users in a terminal or a pipeline.

mod command;
mod connect;
mod context;
mod exit;
mod input;
mod interrupt;
mod options;
mod output;
mod parse;
mod token_file;

use clap::Parser as _;
use context::Context;
use options::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let context = Context::new(global);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let exit = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(command::run(&context, command));
            // A request that was cut is not waited for.
            runtime.shutdown_background();
            ended.unwrap_or_else(|failure| context.output.failure(&failure))
        }
        Err(error) => context.output.failure(&context::internal(format!("No threads: {error}")).into()),
    };
    context.output.end(exit).into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
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
        check(&super::Cli::command());
    }
}
