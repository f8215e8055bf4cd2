//! The library for Windows, which mingw builds, and a program over it under Wine: one roster comes to the same state by the
//! same writes as on this system. It runs when it is named (`cargo xtask test windows`): the library takes some minutes.

use super::bindings::{is_same, run, with_arguments};
use crate::build::cargo_artifacts;
use crate::build::windows_library::{self, Mingw, Wine};
use crate::test_suite::Suite;
use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

const LIBRARY: &str = "library for Windows";
const UNDER_WINE: &str = "binding: C under Wine";

/// DLLs of compilers. A machine of users does not have them.
const OF_COMPILERS: [&str; 3] = ["libgcc", "libwinpthread", "libstdc++"];

pub(super) fn suites(root: &Path) -> Vec<Suite> {
    let Some(mingw) = Mingw::find() else { return vec![Suite::skipped(LIBRARY, windows_library::MISSING)] };
    let library = match mingw.library(root) {
        Ok(library) => library,
        Err(error) => return vec![Suite::check(LIBRARY, Err(error))],
    };
    let under_wine = match Wine::find(root) {
        Some(wine) => Suite::check(UNDER_WINE, roster(root, &mingw, &wine, &library)),
        None => Suite::skipped(UNDER_WINE, Wine::MISSING),
    };
    vec![Suite::check(LIBRARY, stands_alone(&mingw, &library)), under_wine]
}

/// The library needs nothing that Windows does not have.
fn stands_alone(mingw: &Mingw, library: &Path) -> anyhow::Result<()> {
    let needed = mingw.needs(library)?;
    ensure!(needed.iter().any(|name| name.eq_ignore_ascii_case("kernel32.dll")), "it needs {needed:?}");
    let of_compilers = |name: &&String| OF_COMPILERS.iter().any(|prefix| name.starts_with(prefix));
    let foreign: Vec<&String> = needed.iter().filter(of_compilers).collect();
    ensure!(foreign.is_empty(), "it needs {foreign:?}");
    Ok(())
}

/// The example in C, with the library beside it.
fn roster(root: &Path, mingw: &Mingw, wine: &Wine, library: &Path) -> anyhow::Result<()> {
    let folder = root.join("target/windows");
    std::fs::create_dir_all(&folder)?;
    let beside = folder.join("agentuser.dll");
    std::fs::copy(library, &beside)?;
    let text = |path: PathBuf| path.into_os_string().into_string().ok().context("the path is not a text");
    let program = folder.join("roster.exe");
    mingw.compile(root, "examples/c/roster.c", &program, &[&text(beside)?])?;
    // Wine has no ProcessPrng, by which Rust draws random numbers; Windows has it since version 10.
    let random = folder.join("bcryptprimitives.dll");
    mingw.compile(root, "tests/wine/bcryptprimitives.c", &random, &["-shared", "-ladvapi32"])?;

    let simulator = cargo_artifacts::command_line(root, false)?;
    let rust = cargo_artifacts::example(root, "roster")?;
    let reference = run(&simulator, root, &with_arguments(|| Command::new(&rust)))?;
    let found = run(&simulator, root, &with_arguments(|| wine.command(&program)))?;
    is_same(&reference, &found)
}
