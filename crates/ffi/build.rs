//! The name by which programs that were linked with the shared library ask for it. Its number is that of the ABI.

use std::env::var;

/// Raised together with `AGENTUSER_ABI_VERSION` in src/version.rs; a test compares them.
const ABI_VERSION: u32 = 1;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let name = match var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("windows") => {
            // The same sources make the same file: GNU's linker writes the time into a DLL.
            if var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu") {
                println!("cargo:rustc-cdylib-link-arg=-Wl,--no-insert-timestamp");
            }
            return;
        }
        Ok("macos") => format!("-install_name,@rpath/libagentuser.{ABI_VERSION}.dylib"),
        _ => format!("-soname,libagentuser.so.{ABI_VERSION}"),
    };
    println!("cargo:rustc-cdylib-link-arg=-Wl,{name}");
    // Functions with the same code are one, as in Windows libraries. Rust's own linker for this target can do that.
    if var("TARGET").as_deref() == Ok("x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
}
