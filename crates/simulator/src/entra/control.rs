//! Control of the sign-in by tests and rehearsals, beside its requests.

use super::client::Client;
use crate::directory::Directory;
use agentuser_core::{Now, ObjectId};

impl Directory {
    /// A person approves the code that a device shows, and consents. False when the code, or the person, is not there, or the
    /// consent of an admin is needed.
    pub fn approve_device_code(&mut self, now: Now, user_code: &str, person: ObjectId) -> bool {
        self.decide_device_code(now, user_code, Some(person)).is_ok()
    }

    /// A person declines the code that a device shows. False when the code is not there.
    pub fn decline_device_code(&mut self, now: Now, user_code: &str) -> bool {
        self.decide_device_code(now, user_code, None).is_ok()
    }

    /// The token that a program of a person has for the API of a blueprint, by the appIds of both: what an agent identity
    /// shows to act on behalf of that person.
    pub fn person_token(
        &mut self,
        now: Now,
        person: ObjectId,
        audience: ObjectId,
        program: ObjectId,
    ) -> String {
        self.user_token(now, Client::Application(program), person, audience)
    }
}
