// The page to which the sign-in comes back: it hands the answer to the page that asked.
import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

await broadcastResponseToMainFrame();
