//! `agentuser man`.

use crate::exit::{CommandResult, Exit};
use crate::output::Output;
use agentuser::{Code, Problem};
use clap::{Args, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  agentuser man ~/.local/share/man/man1
  man agentuser-roster-apply";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder to write them to, a page for each command
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
}

pub(super) fn run(output: &Output, arguments: &Arguments, whole: clap::Command) -> CommandResult {
    let folder = &arguments.folder;
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(whole, folder));
    written.map_err(|error| {
        let why = format!("The manual pages can't be written to {}: {error}.", folder.display());
        Problem::new(Code::OutputUnwritable, why)
    })?;
    output.remark(&format!("The manual pages are in {}.", folder.display()));
    Ok(Exit::Done)
}
