//! Keeps the linker's relocations in the module, by which the package divides it: see crates/bindgen/src/split.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A build of the workspace makes a library of this machine, too, whose linker does not know the option.
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
