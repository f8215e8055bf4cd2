/** A WebAssembly module, or the place to load it from. */
export type Source = string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;
