//! A run of the command line that a test kills at a moment.

use super::simulator::Simulator;
use std::process::{Child, Command, Stdio};

/// A run that ends with the test in any case.
pub(crate) struct Killable(Child);

impl Drop for Killable {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Killable {
    pub(crate) fn start(sim: &Simulator, arguments: &[&str]) -> Self {
        let mut command: Command = sim.process(arguments);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Kills it once the tenant has seen so many writes. Whether it came to that.
    pub(crate) fn kill_at(mut self, sim: &Simulator, writes: u64) -> bool {
        // Every look is a request to the simulator, so that this waits for it and not for a clock.
        loop {
            if self.0.try_wait().unwrap().is_some() {
                return false;
            }
            if sim.writes() >= writes {
                // SIGKILL.
                self.0.kill().unwrap();
                return self.0.wait().unwrap().code().is_none();
            }
        }
    }
}
