//! Microsoft Entra agent users from Rust: the native driver of agentuser-core over reqwest and tokio.
