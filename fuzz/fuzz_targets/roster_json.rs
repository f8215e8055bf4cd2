//! Any bytes as the objects of a roster in JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|objects: &[u8]| agentuser_fuzz::roster::check(&[b"[", objects, b"]"].concat()));
