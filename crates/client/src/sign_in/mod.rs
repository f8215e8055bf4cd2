//! Signing in: applications, agent identities, agent users and persons as providers of tokens (docs/sign-in.md).

mod host;

pub use agentuser_core::sign_in::Login;
pub use host::{DemandAnswer, MeetFuture, SignInDemand, SignInHost, SignInPrompt, prompts};
