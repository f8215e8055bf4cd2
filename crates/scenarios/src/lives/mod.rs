//! The second half of lives by seed: agent users are audited, handed over, stopped, taken out of service and brought back, and
//! those who ask about them are answered, on tenants that lag, lose requests and permit half of it.

mod act;
mod agents;
mod answers;
mod arena;
mod audits;
mod deed;
mod guard;
mod play;
mod readable;
mod reads;
mod sabotage;
mod scenario;
mod scope;
mod tenant;
mod truth;
mod undo;

pub use sabotage::Sabotage;
pub use scenario::LifeScenario;
