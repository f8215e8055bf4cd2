//! The programs of tests/c: compiled as C and as C++, run plainly and under valgrind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

mod common;

use common::{all_passed, compile, compiler, have, library, root, run};
use std::path::PathBuf;
use std::process::Command;

fn folder() -> PathBuf {
    root().join("tests/c")
}

/// A test program of tests/c. Tests run at the same time: each has its own copy.
fn test_program(name: &str, copy: &str) -> PathBuf {
    compile(&format!("{name}-{copy}"), &[&format!("{name}.c"), "support.c"])
}

fn plainly(name: &str) {
    if have("gcc") {
        all_passed(&run(&mut Command::new(test_program(name, "plain"))).stdout);
    }
}

fn under_valgrind(name: &str) {
    if have("gcc") && have("valgrind") {
        let program = test_program(name, "valgrind");
        let mut valgrind = Command::new("valgrind");
        valgrind.args([
            "--leak-check=full",
            "--show-leak-kinds=definite,indirect,possible",
            "--errors-for-leak-kinds=definite,indirect,possible",
            "--error-exitcode=1",
            "--fair-sched=yes",
        ]);
        all_passed(&run(valgrind.arg(program)).stdout);
    }
}

macro_rules! programs {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn passes() {
                super::plainly(stringify!($name));
            }

            #[test]
            fn passes_under_valgrind_with_no_leak() {
                super::under_valgrind(stringify!($name));
            }
        }
    )*};
}

programs!(main_job misuse faults sign_in transport);

/// As the strictest compiler of an old project reads it.
#[test]
fn header_is_c_of_1989_as_well() {
    if have("gcc") {
        let header = root().join("crates/ffi/include/agentuser.h");
        let mut gcc = Command::new("gcc");
        gcc.args(["-std=c89", "-pedantic", "-Wall", "-Wextra", "-Werror", "-x", "c", "-fsyntax-only"]);
        run(gcc.arg(header));
    }
}

#[test]
fn header_and_programs_are_cpp_as_well() {
    if have("g++") {
        let header = root().join("crates/ffi/include/agentuser.h");
        run(compiler("g++")
            .args(["-x", "c++", "-fsyntax-only"])
            .arg(header)
            .arg("-Wno-pragma-once-outside-header"));
        for source in std::fs::read_dir(folder()).unwrap() {
            let source = source.unwrap().path();
            if source.extension().is_some_and(|extension| extension == "c") {
                run(compiler("g++").args(["-x", "c++", "-fsyntax-only"]).arg(source));
            }
        }
    }
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    if have("nm") {
        let header = std::fs::read_to_string(root().join("crates/ffi/include/agentuser.h")).unwrap();
        let listed = run(Command::new("nm").args(["--dynamic", "--defined-only"]).arg(library())).stdout;
        let listed = String::from_utf8(listed).unwrap();
        let exported: Vec<&str> = listed.lines().filter_map(|line| line.split(" T ").nth(1)).collect();
        assert!(exported.len() > 30, "{exported:?}");
        for name in &exported {
            // The panic for tests is not in release builds.
            let known = header.contains(&format!("{name}(")) || *name == "agentuser_test_panic";
            assert!(known, "{name} is exported and not in the header");
        }
        let declared = header
            .lines()
            .filter(|line| !line.trim_start().starts_with(['*', '/']) && line.contains("agentuser_"));
        let declared = declared.filter_map(|line| line.split('(').next()?.rsplit(' ').next());
        for name in declared.filter(|name| name.starts_with("agentuser_") && !name.ends_with(';')) {
            assert!(exported.contains(&name), "{name} is in the header and not exported");
        }
    }
}

/// A program that was linked with a path would look for that path, relative to where it runs.
#[cfg(target_os = "linux")]
#[test]
fn a_linked_program_asks_for_the_library_by_name_and_abi_version() {
    if !have("readelf") || !have("gcc") {
        return;
    }
    let dynamic = |file: &std::path::Path| {
        let output = run(Command::new("readelf").arg("--dynamic").arg(file));
        String::from_utf8(output.stdout).unwrap()
    };
    let header = std::fs::read_to_string(root().join("crates/ffi/include/agentuser.h")).unwrap();
    let version = header.split("#define AGENTUSER_ABI_VERSION ").nth(1).unwrap();
    let name = format!("libagentuser.so.{}", version.split_whitespace().next().unwrap());
    assert!(dynamic(library()).contains(&format!("Library soname: [{name}]")), "{}", dynamic(library()));
    let program = test_program("vectors", "linked");
    assert!(dynamic(&program).contains(&format!("Shared library: [{name}]")), "{}", dynamic(&program));
}

/// The file for pkg-config names folders beside itself, so that a package works wherever it is put.
#[test]
fn the_pkg_config_file_leads_to_the_header_and_the_library() {
    if !have("pkg-config") || !have("gcc") {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pkg-config");
    let places = folder.join("lib/pkgconfig");
    std::fs::create_dir_all(&places).unwrap();
    std::fs::create_dir_all(folder.join("include")).unwrap();
    std::fs::copy(root().join("crates/ffi/include/agentuser.h"), folder.join("include/agentuser.h")).unwrap();
    std::fs::copy(library(), folder.join("lib/libagentuser.so")).unwrap();
    let file = std::fs::read_to_string(root().join("crates/ffi/agentuser.pc.in")).unwrap();
    std::fs::write(places.join("agentuser.pc"), file.replace("@VERSION@", env!("CARGO_PKG_VERSION")))
        .unwrap();
    let mut ask = Command::new("pkg-config");
    ask.env("PKG_CONFIG_PATH", &places).args(["--modversion", "agentuser"]);
    assert_eq!(String::from_utf8(run(&mut ask).stdout).unwrap().trim(), env!("CARGO_PKG_VERSION"));
    let mut ask = Command::new("pkg-config");
    let flags = run(ask.env("PKG_CONFIG_PATH", &places).args(["--cflags", "--libs", "agentuser"])).stdout;
    let flags = String::from_utf8(flags).unwrap();
    let mut gcc = Command::new("gcc");
    gcc.arg(root().join("examples/c/roster.c")).arg("-o").arg(folder.join("roster"));
    run(gcc.args(flags.split_whitespace()));
}
