//! The agentuser command line.
fn main() {}
