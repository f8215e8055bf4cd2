//! Any bytes as a plan: one that is read is written as it was read, whatever its layout.
#![no_main]

use agentuser_core::plan::{Plan, PlanLimits};
use agentuser_core::problem::Code;
use agentuser_fuzz::check_problem;
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let limits = PlanLimits::default();
    let plan = match Plan::read(file, &limits) {
        Ok(plan) => plan,
        Err(problem) if problem.code() == Code::PlanChanged => {
            // The fuzzer can't guess a digest, so the right one is taken from the message.
            let digest = problem.message().rsplit(' ').next().unwrap_or_default().trim_end_matches('.');
            let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
            let mut plan: Value = serde_json::from_slice(file).expect("it was read before");
            plan["digest"] = digest.into();
            Plan::read(plan.to_string().as_bytes(), &limits).expect("it has its own digest")
        }
        Err(problem) => return check_problem(&problem),
    };
    assert_eq!(Plan::read(plan.to_file().as_bytes(), &limits).as_ref(), Ok(&plan));
});
