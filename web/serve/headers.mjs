// The header fields that the page is served with: the one source for the development server, the tests and the files of hosts.

/** Graph and the sign-in of each cloud. */
export const CLOUDS = {
  global: ["https://graph.microsoft.com", "https://login.microsoftonline.com"],
  usgov: ["https://graph.microsoft.us", "https://login.microsoftonline.us"],
  usgovdod: ["https://dod-graph.microsoft.us", "https://login.microsoftonline.us"],
  china: ["https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
};

/** The hash of nothing: Fluent adds empty style elements and fills them by CSSOM, which no policy forbids. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * The Content-Security-Policy. `endpoints` are Graph and the sign-in, by default those of the cloud. In development, Vite
 * fills style elements and keeps a socket.
 */
export function policy({ cloud = "global", endpoints = CLOUDS[cloud], development = false } = {}) {
  const [graph, login = graph] = endpoints;
  const directives = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "style-src": development ? "'self' 'unsafe-inline'" : `'self' ${EMPTY_STYLE}`,
    "img-src": "'self'",
    "connect-src": ["'self'", ...new Set([graph, login]), ...(development ? ["ws:", "http://127.0.0.1:*"] : [])].join(" "),
    // MSAL renews tokens in a hidden frame, which comes back to redirect.html.
    "frame-src": `'self' ${login}`,
    "frame-ancestors": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": development ? "agentuser vite-overlay" : "agentuser",
  };
  return Object.entries(directives).map(([name, value]) => `${name} ${value}`).join("; ");
}

/** The header fields of every answer. */
export function headers(options) {
  return {
    "Content-Security-Policy": policy(options),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
}

/** How long a browser may keep a file: the names in assets/ change with their content. */
export function caching(path) {
  return path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}
