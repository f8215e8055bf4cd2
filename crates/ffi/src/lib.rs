//! The C ABI of agentuser.
