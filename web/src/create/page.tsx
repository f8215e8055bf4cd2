import "../user/user.css";
import "./create.css";
import type { AgentUserRow } from "agentuser";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useRuns } from "../changes/runs.js";
import { useConnection } from "../connection/session.js";
import type { PageProps } from "../pages.js";
import { PageHeading } from "../common/heading.js";
import { strings } from "../strings/index.js";
import { useHeldPage } from "../common/leaving.js";
import { CreateForm } from "./form.js";
import { Making } from "./made.js";
import { Needs } from "./needs.js";
import { Review } from "./review.js";
import { creationOf } from "./store.js";

/** The page that creates an agent user: its form, what would be done, and the creation. */
export default function Page({ query }: PageProps) {
  const store = creationOf(useConnection());
  const { form, creation } = useSyncExternalStore(store.subscribe, () => store.state);
  const [reviewed, review] = useState<AgentUserRow>();
  const [round, setRound] = useState(0);
  // A line on another page may have dismissed it.
  const making = useRuns().all.some(({ run }) => run === creation?.run) ? creation : undefined;
  const parent = query.get("parent");
  useHeldPage(making === undefined && form.displayName !== "");
  useEffect(() => {
    if (parent !== null) store.change({ parent });
  }, [store, parent]);
  useEffect(() => {
    if (making !== undefined) document.getElementById("heading")?.focus();
  }, [making?.run]);
  const create = (row: AgentUserRow) => {
    review(undefined);
    void store.create(row);
  };
  const another = () => {
    store.another();
    setRound(round + 1);
  };
  return (
    <>
      <PageHeading title={strings.pages.create} intro={strings.create.intro} />
      {/* The form stays while its review is shown, with what was typed and read. */}
      <div className="create" hidden={making !== undefined}>
        <CreateForm key={round} form={form} change={(change) => store.change(change)} review={review} blueprint={query.get("blueprint") ?? ""} />
        <Needs form={form} />
      </div>
      {reviewed !== undefined && <Review row={reviewed} back={() => review(undefined)} create={() => create(reviewed)} />}
      {making !== undefined && <Making store={store} creation={making} another={another} />}
    </>
  );
}
