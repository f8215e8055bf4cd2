//! A simulated Graph on this machine, for rehearsals and tests.

use crate::boundary::{Refusal, boundary, export};
use crate::handle::{self, Handle};
use crate::input;
use crate::output::Out;
use crate::result_data::{ResultData, agentuser_result};
#[cfg(not(feature = "simulator"))]
use crate::status::AGENTUSER_UNSUPPORTED;
use crate::status::agentuser_status;
#[cfg(feature = "simulator")]
use ::agentuser_simulator::options::SimulatorOptions;
#[cfg(feature = "simulator")]
use ::agentuser_simulator::server::Simulator;
#[cfg(feature = "simulator")]
use agentuser_core::problem::{Code, Problem};

/// A simulated Graph that listens on 127.0.0.1. Nothing that is sent to it reaches Microsoft.
#[allow(non_camel_case_types)]
pub struct agentuser_simulator(());

/// The object behind a simulator handle.
#[cfg(feature = "simulator")]
pub(crate) struct SimulatorHandle(Simulator);

/// There are no simulator handles in this build.
#[cfg(not(feature = "simulator"))]
pub(crate) enum SimulatorHandle {}

impl Handle for SimulatorHandle {
    type Opaque = agentuser_simulator;
}

#[cfg(feature = "simulator")]
impl SimulatorHandle {
    fn start(options: &str) -> Result<Self, Refusal> {
        let options = SimulatorOptions::parse(options.as_bytes()).map_err(|wrong| {
            Problem::new(Code::Invalid, format!("The simulator's options can't be read: {wrong}."))
        })?;
        let simulator = Simulator::start(&options).map_err(|error| {
            Problem::new(
                Code::Invalid,
                format!("The simulator can't be started: {}.", ::agentuser_client::plain_reason(&error)),
            )
        })?;
        Ok(Self(simulator))
    }

    fn json(&self) -> String {
        serde_json::json!({"endpoint": self.0.endpoint(), "token": self.0.token()}).to_string()
    }
}

#[cfg(not(feature = "simulator"))]
impl SimulatorHandle {
    fn start(_options: &str) -> Result<Self, Refusal> {
        Err(AGENTUSER_UNSUPPORTED.into())
    }

    fn json(&self) -> String {
        match *self {}
    }
}

/// Starts a simulator on a port of its own, with a thread of its own. `options` is a JSON object, such as
/// `{"identities":24,"seed":1}`; every member may be left out.
///
/// `*simulator` is to be freed with agentuser_simulator_free, and on PROBLEM `*problem` with agentuser_result_free.
/// UNSUPPORTED: this library was built without it. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_simulator_start(
    options: *const u8,
    options_len: usize,
    simulator: *mut *mut agentuser_simulator,
    problem: *mut *mut agentuser_result,
) -> agentuser_status {
    export!(problem, place = Out::handle(simulator), {
        place.set(handle::add(SimulatorHandle::start(input::text(options, options_len)?)?));
        Ok(())
    })
}

/// Its address, and a token with every permission: `{"endpoint":"http://127.0.0.1:…","token":…}`. `*result` is to be
/// freed with agentuser_result_free.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_simulator_json(
    simulator: *const agentuser_simulator,
    result: *mut *mut agentuser_result,
) -> agentuser_status {
    export!({
        let place = Out::handle(result)?;
        let json = handle::get::<SimulatorHandle>(simulator)?.json();
        place.set(handle::add(ResultData::of_json(json)));
        Ok(())
    })
}

/// Stops a simulator and frees it. NULL is fine.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_simulator_free(simulator: *mut agentuser_simulator) -> agentuser_status {
    boundary(|| handle::remove::<SimulatorHandle>(simulator).map(drop))
}
