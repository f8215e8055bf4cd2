//! `cargo xtask package`: everything that users install, for this platform, in one folder; the PowerShell module and
//! the NuGet package for Windows, too.

use crate::build::dotnet_sdk::{self, Dotnet};
use crate::build::npm_package::Package;
use crate::build::windows_library::{self, Mingw};
use crate::build::{admin_page, cargo_artifacts, powershell_module};
use crate::programs::must;
use anyhow::Context;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds everything that is shipped into `target/package` and prints the size of every file.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let folder = root.join("target/package");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let command_line = cargo_artifacts::command_line(root, true)?;
    let library = cargo_artifacts::native_library(root, true)?;
    copy(&command_line, &folder)?;
    c_folder(root, &library, &folder.join("c"))?;
    for notice in ["LICENSE", "THIRD-PARTY.md"] {
        copy(&root.join(notice), &folder)?;
    }
    match Dotnet::find() {
        Some(dotnet) => managed(root, &dotnet, &library, &folder)?,
        None => println!("left out: {}", dotnet_sdk::MISSING),
    }
    match Package::build(root, &command_line)? {
        Ok(package) => {
            let mut pack = Command::new("npm");
            pack.args(["pack", "--pack-destination"]).arg(&folder).current_dir(root.join("crates/wasm/npm"));
            must(&mut pack)?;
            admin_page::build(root, &package)?;
            let page = folder.join("admin-page");
            copy_all(&root.join("web/dist"), &page.join("site"))?;
            copy_all(&root.join("web/serve/hosts"), &page.join("hosts"))?;
        }
        Err(missing) => println!("left out: {missing}"),
    }
    println!("\n| file | bytes |\n|---|---|");
    sizes(&folder, &folder)
}

/// The PowerShell module and the NuGet packages. They carry the library for Windows beside that of another system.
fn managed(root: &Path, dotnet: &Dotnet, library: &Path, folder: &Path) -> anyhow::Result<()> {
    let mingw = if cfg!(windows) { None } else { Mingw::find() };
    if mingw.is_none() && !cfg!(windows) {
        println!("left out: {}", windows_library::MISSING);
    }
    let windows = mingw.map(|mingw| mingw.library(root)).transpose()?;
    let properties = powershell_module::native_properties(library, windows.as_deref());
    copy_all(&powershell_module::build_with(root, dotnet, &properties)?, &folder.join("AgentUser"))?;
    let output = folder.display().to_string();
    for project in ["dotnet/AgentUser", "dotnet/AgentUser.Azure"] {
        let mut pack = vec!["pack", project, "-c", "Release", "-v", "quiet", "-o", &output];
        pack.extend(properties.iter().map(String::as_str));
        dotnet.run(root, &pack)?;
    }
    Ok(())
}

/// The files that C compilers and packagers look for: `include`, `lib` and a file for pkg-config that works wherever the folder is.
fn c_folder(root: &Path, library: &Path, folder: &Path) -> anyhow::Result<()> {
    let lib = folder.join("lib");
    fs::create_dir_all(folder.join("include"))?;
    fs::create_dir_all(lib.join("pkgconfig"))?;
    copy(library, &lib)?;
    cargo_artifacts::link_versioned(&lib.join(library.file_name().context("the library has a name")?))?;
    copy(&root.join("crates/ffi/include/agentuser.h"), &folder.join("include"))?;
    let file = fs::read_to_string(root.join("crates/ffi/agentuser.pc.in"))?;
    fs::write(lib.join("pkgconfig/agentuser.pc"), file.replace("@VERSION@", env!("CARGO_PKG_VERSION")))?;
    for file in ["LICENSE", "THIRD-PARTY.md", "docs/c-abi.md", "docs/settings.md", "examples/c/roster.c"] {
        copy(&root.join(file), folder)?;
    }
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> anyhow::Result<()> {
    let name = file.file_name().context("a file has a name")?;
    fs::copy(file, folder.join(name)).with_context(|| format!("{} can't be copied", file.display()))?;
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_dir() {
            copy_all(&path, &to.join(path.file_name().context("a folder has a name")?))?;
        } else {
            copy(&path, to)?;
        }
    }
    Ok(())
}

fn sizes(folder: &Path, whole: &Path) -> anyhow::Result<()> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sizes(&path, whole)?;
        } else {
            println!("| {} | {} |", path.strip_prefix(whole)?.display(), fs::metadata(&path)?.len());
        }
    }
    Ok(())
}
