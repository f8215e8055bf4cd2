//! Makes what is generated from the Rust sources for other languages.

mod wasm;

use clap::{Parser, Subcommand};

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
    /// Write the JavaScript module of a .wasm file of crates/wasm.
    Wasm(wasm::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Wasm(arguments) => wasm::run(&arguments),
    }
}
