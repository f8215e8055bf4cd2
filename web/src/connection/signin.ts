// The sign-in of a person, by MSAL. It is loaded with the first sign-in.
import { BrowserAuthError, InteractionRequiredAuthError, PublicClientApplication, type AccountInfo, type Configuration } from "@azure/msal-browser";
import type { GetToken, TokenRequest } from "agentuser";
import { CLOUDS } from "../../serve/headers.mjs";
import { strings } from "../strings/index.js";
import type { Config } from "./config.js";
import type { Connection } from "./connection.js";
import { Person } from "./person.js";

/** How long a person may take in the window of the sign-in, in milliseconds: with a second factor, or a consent to be read. */
const PATIENCE = 15 * 60_000;

/** Failures of the hidden frame that a window does not have: cookies that are blocked there, or a page that wants the person. */
const FRAME_FAILED: ReadonlySet<string> = new Set(["timed_out", "iframe_closed_prematurely", "redirect_bridge_empty_response", "block_iframe_reload"]);

const WORDS: ReadonlyMap<string, string> = new Map([
  ["timed_out", strings.connection.signInTooLong],
  ["popup_window_error", strings.connection.windowBlocked],
  ["empty_window_error", strings.connection.windowBlocked],
  ["user_cancelled", strings.connection.signInLeft],
]);

function configuration(config: Config): Configuration {
  const { clientId = "", tenantId = "organizations", cloud = "global", loginEndpoint } = config;
  const login = loginEndpoint ?? CLOUDS[cloud][1];
  return {
    auth: {
      clientId,
      authority: `${login}/${tenantId}`,
      // Without it, MSAL asks the global cloud which hosts sign in.
      knownAuthorities: [new URL(login).host],
      redirectUri: new URL("redirect.html", document.baseURI).href,
    },
    cache: { cacheLocation: "memoryStorage" },
    system: { popupBridgeTimeout: PATIENCE },
  };
}

/** Signs a person in, in a window of its own, and gives the connection. */
export async function connect(config: Config): Promise<Connection> {
  const { cloud = "global", graphEndpoint } = config;
  const msal = new PublicClientApplication(configuration(config));
  await msal.initialize();
  const scope = `${graphEndpoint ?? CLOUDS[cloud][0]}/.default`;
  const { account } = await inWords(msal.loginPopup({ scopes: [scope], prompt: "select_account", overrideInteractionInProgress: true }));
  const person = new Person();
  return {
    kind: "tenant",
    cloud,
    ...(graphEndpoint === undefined ? {} : { graphEndpoint }),
    tenantId: account.tenantId,
    account: { name: account.name ?? account.username, userName: account.username },
    person,
    getToken: tokens(msal, account, person),
    close: () => {
      person.leave();
      return msal.clearCache({ account });
    },
  };
}

function tokens(msal: PublicClientApplication, account: AccountInfo, person: Person): GetToken {
  const get = async (asked: TokenRequest): Promise<{ token: string; expiresOn: Date | null }> => {
    const { scope, claims, refused, signal } = asked;
    const request = { scopes: [scope], account, ...(claims === undefined ? {} : { claims }) };
    const interact = async () => tokenOf(await inWords(msal.acquireTokenPopup({ ...request, overrideInteractionInProgress: true })));
    try {
      return tokenOf(await msal.acquireTokenSilent({ ...request, forceRefresh: refused }));
    } catch (error) {
      if (!wantsPerson(error)) throw error;
      return person.want({ interact, again: () => get({ ...asked, refused: false }) }, signal);
    }
  };
  return get;
}

function tokenOf({ accessToken, expiresOn }: { readonly accessToken: string; readonly expiresOn: Date | null }) {
  return { token: accessToken, expiresOn };
}

/** Whether a window of the sign-in can give the token that the hidden frame did not. */
function wantsPerson(error: unknown): boolean {
  return error instanceof InteractionRequiredAuthError || (error instanceof BrowserAuthError && FRAME_FAILED.has(error.errorCode));
}

/** The result of a window; its failures in words where MSAL has a code alone. */
async function inWords<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    const words = error instanceof BrowserAuthError ? WORDS.get(error.errorCode) : undefined;
    throw words === undefined ? error : new Error(words, { cause: error });
  }
}
