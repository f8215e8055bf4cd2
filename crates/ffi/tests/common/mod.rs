//! The library as other languages see it, and programs that use it.
// Not every suite uses all of it.
#![allow(dead_code)]

pub mod bridge;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The workspace's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// The shared library. Cargo does not build it for tests, which can't link it: so this does, once.
pub fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        // Variables that cargo sets for a test would make cargo rebuild every crate that reads them.
        for (name, _) in std::env::vars_os() {
            let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
            if name.to_str().is_some_and(|name| told.iter().any(|prefix| name.starts_with(prefix))) {
                cargo.env_remove(name);
            }
        }
        let output = cargo
            .args([
                "build",
                "--locked",
                "--package",
                "agentuser-ffi",
                "--message-format",
                "json-render-diagnostics",
            ])
            .current_dir(root())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "the library does not build");
        let messages = String::from_utf8(output.stdout).unwrap();
        let artifacts = messages.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let names = artifacts.filter_map(|artifact| artifact["filenames"].as_array().cloned()).flatten();
        let libraries = names.map(|name| PathBuf::from(name.as_str().unwrap()));
        let shared = ["so", "dylib", "dll"];
        let mut libraries = libraries.filter(|name| {
            let extension = name.extension().and_then(|extension| extension.to_str());
            let stem = name.file_stem().and_then(|stem| stem.to_str());
            extension.is_some_and(|extension| shared.contains(&extension))
                && stem.is_some_and(|stem| stem.trim_start_matches("lib") == "agentuser")
        });
        let library = libraries.next().expect("cargo named no shared library");
        #[cfg(unix)]
        link_soname(&library);
        library
    })
}

/// Linked programs ask for the library by its versioned name, which an installation has and cargo's folder has not.
#[cfg(unix)]
fn link_soname(library: &Path) {
    let name = if cfg!(target_os = "macos") { "libagentuser.1.dylib" } else { "libagentuser.so.1" };
    let link = library.with_file_name(name);
    // Another suite may make it at the same time.
    let made = std::os::unix::fs::symlink(library.file_name().unwrap(), &link);
    assert!(made.is_ok() || link.exists(), "{}: {made:?}", link.display());
}

/// A compiler that takes nothing amiss, and finds the header and what the programs of tests/c share.
pub fn compiler(name: &str) -> Command {
    let mut command = Command::new(name);
    command.args(["-Wall", "-Wextra", "-Werror", "-pedantic"]);
    command.arg("-I").arg(root().join("crates/ffi/include")).arg("-I").arg(root().join("tests/c"));
    command
}

/// Compiles and links a program of sources in tests/c; where it is.
pub fn compile(program: &str, sources: &[&str]) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(program);
    let mut command = compiler("gcc");
    command.args(["-std=c11", "-g", "-O1", "-o"]).arg(&program);
    command.args(sources.iter().map(|source| root().join("tests/c").join(source)));
    command.arg(library()).arg("-lpthread");
    run(command.arg(format!("-Wl,-rpath,{}", library().parent().unwrap().display())));
    program
}

/// Whether a tool can be had. A suite without its tools is skipped, loudly; in CI that is a failure.
pub fn have(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return true;
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{tool} is missing");
    // Not by a macro, whose output the tests' runner swallows.
    std::io::stderr().write_all(format!("SKIPPED: {tool} is missing\n").as_bytes()).unwrap();
    false
}

/// Runs a command; its output, or a panic that shows it.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Its closing line says that all passed, and some did.
pub fn all_passed(output: &[u8]) {
    let output = String::from_utf8_lossy(output);
    let closing =
        output.lines().rfind(|line| line.ends_with(" 0 failed")).unwrap_or_else(|| panic!("{output}"));
    let passed: usize = closing.split(' ').next().unwrap().parse().unwrap();
    assert!(passed > 0, "{output}");
    println!("{closing}");
}
