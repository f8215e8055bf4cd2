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

programs!(main_job misuse faults transport);

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
        let declared = header.lines().filter(|line| !line.starts_with("//") && line.contains("agentuser_"));
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
