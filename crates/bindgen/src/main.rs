//! Makes the C header, C# files and the JavaScript bindings from the Rust sources.

mod dotnet;
mod generated;
mod header;
mod split;
mod texts;
mod wasm;

use clap::{Parser, Subcommand};
use std::path::Path;

#[derive(Parser)]
#[command(
    name = "agentuser-bindgen",
    about = "Makes the C header, C# files and the JavaScript bindings from the Rust sources"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the C header, crates/ffi/include/agentuser.h.
    Header(header::Arguments),
    /// Write the numbers of fields, the requests of operations and the codes for .NET.
    Dotnet(dotnet::Arguments),
    /// Write the JavaScript module of a .wasm file of crates/wasm.
    Wasm(wasm::Arguments),
    /// Divide a .wasm file of crates/wasm into one that is loaded at first and one that is loaded when it is needed.
    Split(split::Arguments),
    /// Write the texts of problems for the npm package.
    Texts(texts::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Header(arguments) => header::run(&arguments, root()),
        Command::Dotnet(arguments) => dotnet::run(&arguments, root()),
        Command::Wasm(arguments) => wasm::run(&arguments),
        Command::Split(arguments) => split::run(&arguments),
        Command::Texts(arguments) => texts::run(&arguments),
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
