//! Any bytes as a roster: CSV, unless they begin as JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| agentuser_fuzz::roster::check(file));
