//! Sign-ins by seed: agents, people and the blueprint ask for tokens, while Entra, the network, admins and clocks do what they
//! may do. The engine of the core is held against a model of requests and answers.

mod asks;
mod model;
mod plan;
mod request;
mod run;
mod wire;
mod world;

pub use plan::SignInScenario;
