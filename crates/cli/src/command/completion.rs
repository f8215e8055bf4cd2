//! `agentuser completion`.

use crate::exit::Exit;
use crate::output::Output;
use clap::Args;
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  agentuser completion bash > ~/.local/share/bash-completion/completions/agentuser
  agentuser completion zsh > ~/.zfunc/_agentuser
  agentuser completion fish > ~/.config/fish/completions/agentuser.fish
  agentuser completion powershell >> $PROFILE";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(output: &Output, arguments: &Arguments, mut whole: clap::Command) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut whole, "agentuser", &mut script);
    output.text(&String::from_utf8_lossy(&script));
    Exit::Done
}
