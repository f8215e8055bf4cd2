// The entry `agentuser/simulator` for Node.
import "./read-files.js";

export * from "./simulator.js";
