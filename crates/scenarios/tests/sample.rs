//! A fixed sample of seeds in every test run, and those that once found something.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

use agentuser_scenarios::{
    Invariant, LifeScenario, Play, Sabotage, Scenario, Search, SignInScenario, simulate,
};
use std::thread;

/// Runs seeds on every core, and says which one to replay.
fn hold<P: Play>(seeds: std::ops::Range<u64>) {
    let search = Search::new(&seeds);
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| search.take_part::<P>());
        }
    });
    if let Some(seed) = search.failing() {
        let violation = simulate::<P>(seed, false).violation.unwrap();
        panic!("seed {seed} violates {violation}\nreplay: cargo xtask scenarios {}--seeds {seed}", P::OPTION);
    }
    assert_eq!(search.done(), seeds.end - seeds.start);
}

#[test]
fn every_invariant_holds() {
    hold::<Scenario>(0..1500);
}

#[test]
fn every_invariant_of_lives_holds() {
    hold::<LifeScenario>(0..600);
}

/// A chain was called sound though the recycle bin was not read (507); a deletion whose answer was lost was not taken back (607);
/// a probe took for gone what the recycle bin did not show yet (3,561); a restore that was refused ended the probe (7,436);
/// of two agent users of one agent identity, the disabled one was shown (17,053); a create of which no answer came was not waited
/// for (17,756); a probe did not delete what one read showed and the next did not (30,663).
#[test]
fn lives_that_once_failed_hold() {
    for seed in [507, 607, 3561, 7436, 17_053, 17_756, 30_663, 214_794] {
        let simulated = simulate::<LifeScenario>(seed, false);
        assert_eq!(simulated.violation, None, "seed {seed}");
    }
}

/// Each mistake, the first seed that shows it, and the invariant that notices it.
const MISTAKES: [(Sabotage, u64, Invariant); 12] = [
    (Sabotage::StopsAnother, 14, Invariant::StaysInScope),
    (Sabotage::WritesWhileReading, 0, Invariant::ReadsWriteNothing),
    (Sabotage::ChangesUnplanned, 0, Invariant::PlanNamesAll),
    (Sabotage::RemovesSponsorFirst, 481, Invariant::SponsorStays),
    (Sabotage::ForgetsChange, 0, Invariant::ComesBack),
    (Sabotage::BringsBackMore, 0, Invariant::StaysInScope),
    (Sabotage::CallsUnknownClean, 1, Invariant::UnknownIsNotClean),
    (Sabotage::LeavesFindingOut, 1, Invariant::FindsWhatIsThere),
    (Sabotage::InventsFinding, 1, Invariant::FindsWhatIsThere),
    (Sabotage::CallsUnreadEmpty, 60, Invariant::UnknownIsNotClean),
    (Sabotage::LeavesIdentityOut, 13, Invariant::TrueAnswer),
    (Sabotage::CallsChainSound, 2158, Invariant::UnknownIsNotClean),
];

/// A check that finds nothing proves little: what a wrong library would do is done, and must be noticed.
#[test]
fn every_mistake_is_noticed() {
    for (sabotage, seed, invariant) in MISTAKES {
        let simulated = LifeScenario::sabotaged(seed, sabotage).run(false);
        let noticed = simulated.violation.map(|violation| violation.invariant);
        assert_eq!(
            noticed,
            Some(invariant),
            "{sabotage:?}, seed {seed}: with other draws, look for another seed"
        );
    }
}

#[test]
fn every_invariant_of_sign_ins_holds() {
    hold::<SignInScenario>(0..800);
}

/// A wait that Entra asked for was forgotten with the flight that was given up (4, 5); a challenge that failed brought the
/// renewal of another token forward (23,363); a renewal before the time did not wait as long as Entra had asked (78,807).
#[test]
fn sign_ins_that_once_failed_hold() {
    for seed in [4, 5, 23_363, 78_807] {
        let simulated = simulate::<SignInScenario>(seed, false);
        assert_eq!(simulated.violation, None, "seed {seed}");
    }
}

/// docs/testing.md says which defect each once found; the others are the model's own.
const FOUND: [u64; 29] = [
    705, 973, 1175, 1579, 2310, 2325, 2343, 4007, 6616, 8944, 10_199, 11_214, 14_512, 15_546, 17_099, 23_092,
    29_265, 35_585, 45_219, 50_043, 76_337, 78_895, 79_780, 101_476, 104_480, 105_952, 112_087, 124_402,
    836_129,
];

#[test]
fn seeds_that_once_failed_hold() {
    for seed in FOUND {
        let simulated = simulate::<Scenario>(seed, false);
        assert_eq!(simulated.violation, None, "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    alike::<Scenario>();
    alike::<LifeScenario>();
    alike::<SignInScenario>();
}

fn alike<P: Play>() {
    for seed in 0..40 {
        let (one, other) = (simulate::<P>(seed, true), simulate::<P>(seed, true));
        assert!(one.trace.len() > 3, "seed {seed}: {:?}", one.trace);
        assert_eq!(one, other, "seed {seed}");
    }
}
