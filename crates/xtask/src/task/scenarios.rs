//! `cargo xtask scenarios`: builds `crates/scenarios` with every optimisation and runs seeds.

use crate::programs::must;
use std::path::Path;
use std::process::Command;

/// The task's arguments, which are those of the program of `crates/scenarios`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// --seeds FROM..TO or one seed, to replay it; --jobs N; --all to go on after a failing seed
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

/// Runs seeds; the first that fails is replayed step by step, and the task fails.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    let run = ["run", "--quiet", "--locked", "--release", "--package", "agentuser-scenarios", "--"];
    must(Command::new(env!("CARGO")).args(run).args(&arguments.arguments).current_dir(root))
}
