import "./settings.css";
import { Radio, RadioGroup } from "@fluentui/react-radio";
import { Spinner } from "@fluentui/react-spinner";
import { Suspense } from "react";
import { Facts } from "../common/facts.js";
import { graphOf } from "../connection/connection.js";
import { type SessionState, useSession } from "../connection/session.js";
import { PageHeading } from "../common/heading.js";
import { PageBoundary } from "../shell/boundary.js";
import { locale, strings } from "../strings/index.js";
import { setTheme, type ThemeChoice, useThemeChoice } from "../theme.js";
import { TokenPart } from "./token.js";

/** Where the page is connected to, what the token allows, and how the page looks. */
export default function Page() {
  const session = useSession();
  return (
    <div className="settings">
      <PageHeading title={strings.pages.settings} intro={strings.settings.intro} />
      <ConnectionPart session={session} />
      <Looks />
      {session.state === "connected" && (
        <PageBoundary>
          <Suspense fallback={<Spinner label={strings.app.loading} />}>
            <TokenPart />
          </Suspense>
        </PageBoundary>
      )}
    </div>
  );
}

function ConnectionPart({ session }: { session: SessionState }) {
  const text = strings.settings;
  const connection = session.state === "connected" ? session.connection : undefined;
  const rows: readonly (readonly [string, string])[] =
    connection === undefined
      ? [[text.account, text.notConnected]]
      : [
          [text.cloud, connection.kind === "tenant" ? strings.clouds[connection.cloud] : strings.connection.simulator],
          // The address of the demo's Graph is Microsoft's, and nothing is sent to it.
          [text.endpoint, connection.kind !== "demo" && "graphEndpoint" in graphOf(connection) ? (connection.graphEndpoint ?? "") : ""],
          [text.tenant, connection.tenantId ?? ""],
          [text.account, connection.account?.userName ?? ""],
        ];
  return (
    <section aria-labelledby="connection">
      <h2 id="connection">{text.connection}</h2>
      <Facts of={rows} />
    </section>
  );
}

function Looks() {
  const text = strings.settings;
  const choice = useThemeChoice();
  const language = new Intl.DisplayNames([strings.language.tag], { type: "language" }).of(strings.language.tag) ?? strings.language.tag;
  return (
    <>
      <section aria-labelledby="looks">
        <h2 id="looks">{text.looks}</h2>
        <RadioGroup layout="horizontal" aria-labelledby="looks" value={choice} onChange={(_, { value }) => setTheme(value as ThemeChoice)}>
          <Radio value="system" label={strings.app.themeSystem} />
          <Radio value="light" label={strings.app.themeLight} />
          <Radio value="dark" label={strings.app.themeDark} />
        </RadioGroup>
      </section>
      <section aria-labelledby="language">
        <h2 id="language">{text.language}</h2>
        <p>{text.languageNote(language, locale)}</p>
      </section>
    </>
  );
}
