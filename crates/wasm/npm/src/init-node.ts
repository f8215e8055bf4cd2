// The entry `agentuser/init` for Node.
import "./read-files.js";

export * from "./init.js";
