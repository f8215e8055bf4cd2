//! Makes what is generated from the Rust sources for other languages.

mod header;

use clap::{Parser, Subcommand};
use std::path::Path;

#[derive(Parser)]
#[command(
    name = "agentuser-bindgen",
    about = "Makes what is generated from the Rust sources for other languages"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the C header, crates/ffi/include/agentuser.h.
    Header(header::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Header(arguments) => header::run(&arguments, root()),
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
