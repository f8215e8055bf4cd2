const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => {
  agents.innerHTML = data.map((name) => `<li>${name}</li>`).join("");
};
worker.onerror = ({ message }) => {
  agents.innerHTML = `<li>${message}</li>`;
};
worker.postMessage(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
