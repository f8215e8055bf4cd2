import "../user/user.css";
import "./create.css";
import type { AgentUserRow } from "agentuser";
import { useEffect, useState } from "react";
import type { PageProps } from "../pages.js";
import { PageHeading } from "../common/heading.js";
import { strings } from "../strings/index.js";
import { useHeldPage } from "../common/leaving.js";
import { CreateForm } from "./form.js";
import { Making } from "./made.js";
import { Needs } from "./needs.js";
import { Review } from "./review.js";
import { EMPTY, type Form } from "./row.js";

type At = { readonly step: "form" } | { readonly step: "review" | "making"; readonly row: AgentUserRow };

/** The page that creates an agent user: its form, what would be done, and the creation. */
export default function Page({ query }: PageProps) {
  const [form, setForm] = useState<Form>({ ...EMPTY, parent: query.get("parent") ?? "" });
  const [at, setAt] = useState<At>({ step: "form" });
  const [round, setRound] = useState(0);
  const { step } = at;
  useHeldPage(step === "form" && form.displayName !== "");
  useEffect(() => {
    if (step === "making") document.getElementById("heading")?.focus();
  }, [step]);
  const back = () => setAt({ step: "form" });
  const another = () => {
    setForm(EMPTY);
    setRound(round + 1);
    back();
  };
  return (
    <>
      <PageHeading title={strings.pages.create} intro={strings.create.intro} />
      {/* The form stays while its review is shown, with what was typed and read. */}
      <div className="create" hidden={step === "making"}>
        <CreateForm key={round} form={form} change={(change) => setForm((now) => ({ ...now, ...change }))} review={(row) => setAt({ step: "review", row })} />
        <Needs form={form} />
      </div>
      {step === "review" && <Review row={at.row} back={back} create={() => setAt({ step: "making", row: at.row })} />}
      {step === "making" && <Making row={at.row} back={back} another={another} />}
    </>
  );
}
