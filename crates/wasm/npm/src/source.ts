/** What a WebAssembly module can be had from. */
export type Source = string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;
