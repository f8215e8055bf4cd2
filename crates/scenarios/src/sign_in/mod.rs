//! Sign-ins by seed: agents, people and the blueprint ask for tokens, while Entra, the network, admins and clocks do what they
//! may do. The engine of the core is held against a model of requests and answers.

mod model;
mod plan;
mod request;
mod run;
mod world;

pub use plan::SignInScenario;
