//! Signing in: applications, agent identities, agent users and persons as providers of tokens (docs/sign-in.md).

mod host;

pub use host::{DemandAnswer, MeetFuture, SignInDemand, SignInHost, SignInPrompt, prompts};
