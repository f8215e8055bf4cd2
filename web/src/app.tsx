import { FluentProvider } from "@fluentui/react-provider";
import { Spinner } from "@fluentui/react-spinner";
import { lazy, Suspense, useEffect, useRef } from "react";
import { numberOf } from "./connection/connection.js";
import { useSession } from "./connection/session.js";
import { href, useRoute } from "./route.js";
import { SignInAgain } from "./shell/again.js";
import { Header } from "./shell/header.js";
import { Navigation } from "./shell/navigation.js";
import { PageBoundary } from "./shell/boundary.js";
import { Welcome } from "./shell/welcome.js";
import { useRuns } from "./changes/runs.js";
import { LiveRegion } from "./common/announce.js";
import { PAGES } from "./pages.js";
import { strings } from "./strings/index.js";
import { useTheme } from "./theme.js";

const RunStatus = lazy(() => import("./changes/status.js"));
const RunDialog = lazy(() => import("./changes/run-dialog.js"));
const DemoBar = lazy(() => import("./demo/bar.js").then(({ DemoBar }) => ({ default: DemoBar })));

export function App() {
  return (
    <FluentProvider theme={useTheme()} dir={strings.language.direction}>
      {/* FluentProvider gives its class to every dialog and menu, so the layout is on an element of its own. */}
      <div className="app">
        <a className="skip" href="#main" onClick={skip}>
          {strings.app.skip}
        </a>
        <Header />
        <Simulated />
        <Runs />
        <div className="body">
          <Navigation />
          <main id="main" tabIndex={-1}>
            <SignInAgain />
            <Place />
          </main>
        </div>
        <LiveRegion />
      </div>
    </FluentProvider>
  );
}

/** The address has the page, so a link to a part of it would leave the page. */
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** The page that the address names, or what is needed before it. */
function Place() {
  const { path, query } = useRoute();
  const [at = "users", ...rest] = path;
  const session = useSession();
  const page = PAGES.find((one) => one.at === at);
  const shown = rest.length > 0 && page?.detail ? page.detail : page;
  const title = shown === undefined ? strings.app.notFound : strings.pages[shown.title];
  useNewPage(title, path.join("/"));
  if (page === undefined || shown === undefined) return <NotFound />;
  if (session.state !== "connected" && !page.offline) return <Welcome session={session} />;
  const Shown = shown.component;
  // A page that began with one connection does not go on with another.
  const connection = session.state === "connected" ? numberOf(session.connection) : 0;
  return (
    <PageBoundary key={`${connection}/${path.join("/")}`}>
      <Suspense fallback={<Spinner className="waiting" label={strings.app.loading} />}>
        <Shown path={rest} query={query} />
      </Suspense>
    </PageBoundary>
  );
}

/** Names the document, and takes the focus to a new page as a new document would. */
function useNewPage(title: string, path: string): void {
  const former = useRef(path);
  useEffect(() => {
    document.title = strings.app.documentTitle(title);
    if (former.current === path) return;
    former.current = path;
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [title, path]);
}

/** The bar of the demo. */
function Simulated() {
  const session = useSession();
  if (session.state !== "connected" || session.connection.kind !== "demo") return null;
  return (
    <PageBoundary title={strings.demo.barFailed}>
      <Suspense>
        <DemoBar />
      </Suspense>
    </PageBoundary>
  );
}

/** The runs of the connection: a line for each that another place would hide, and the dialog of the one that is open. */
function Runs() {
  const session = useSession();
  const { path } = useRoute();
  const { all, open } = useRuns();
  if (session.state !== "connected") return null;
  const { connection } = session;
  const hidden = all.filter((one) => one.connection === connection && one !== open && one.page !== path[0]);
  return (
    <PageBoundary title={strings.runs.failed}>
      <Suspense>{hidden.length > 0 && <RunStatus runs={hidden} />}</Suspense>
      <Suspense>{open?.connection === connection && <RunDialog key={open.id} kept={open} />}</Suspense>
    </PageBoundary>
  );
}

function NotFound() {
  return (
    <div className="empty">
      <h1>{strings.app.notFound}</h1>
      <a href={href("users")}>{strings.app.toUsers}</a>
    </div>
  );
}
