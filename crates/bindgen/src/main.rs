//! Makes what is generated from the Rust sources for other languages.

fn main() {}
