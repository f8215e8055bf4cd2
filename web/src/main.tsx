import "./app.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { start } from "./connection/session.js";
import { preload } from "./pages.js";
import { currentPath } from "./route.js";
import { strings } from "./strings/index.js";

document.documentElement.lang = strings.language.tag;
document.documentElement.dir = strings.language.direction;
void start();
preload(currentPath());
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
