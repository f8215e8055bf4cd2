//! The core's JSON tier for JavaScript.
