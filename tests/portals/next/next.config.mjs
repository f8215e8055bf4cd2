export default {
  serverExternalPackages: ["agentuser"],
  outputFileTracingIncludes: { "/**": ["node_modules/agentuser/dist/{*.wasm,texts.json}"] },
};
