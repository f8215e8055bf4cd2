import { Button } from "@fluentui/react-button";
import type { LicenseAssignment, SubscribedSku } from "agentuser";
import { ProblemText } from "../common/problem.js";
import { list, number, strings } from "../strings/index.js";
import { useDialog } from "./change-dialog.js";
import { LicenseDialog } from "./license-dialog.js";
import { type Reading, useReading } from "./reading.js";
import { Section } from "./section.js";

/** The licenses of the agent user: each assignment with its service plans and its error. */
export function LicensesSection({ id, changed }: { id: string; changed: () => void }) {
  const licenses = useReading(id, (client, options) => client.licenses(id, options));
  const skus = useReading(id, (client, options) => client.skus(options));
  const [isOpen, open, close] = useDialog();
  const text = strings.user.licenses;
  const actions = (
    <Button size="small" onClick={open} disabledFocusable={licenses.value === undefined}>
      {text.change}
    </Button>
  );
  return (
    <>
      <Section id="licenses" title={text.title} reading={licenses} actions={actions}>
        {(value) => <Assignments licenses={value} skus={skus} />}
      </Section>
      {isOpen && licenses.value !== undefined && (
        <LicenseDialog
          id={id}
          licenses={licenses.value}
          skus={skus}
          close={(isChanged) => {
            close();
            if (isChanged) changed();
          }}
        />
      )}
    </>
  );
}

/** The name of a SKU that an admin knows: the product's, or else the part number. */
export function skuName({ productName, skuPartNumber, skuId }: Pick<LicenseAssignment, "productName" | "skuPartNumber"> & { readonly skuId?: string | null }): string {
  return productName ?? skuPartNumber ?? skuId ?? "";
}

function Assignments({ licenses, skus }: { licenses: readonly LicenseAssignment[]; skus: Reading<SubscribedSku[]> }) {
  const text = strings.user.licenses;
  if (licenses.length === 0) return <p className="nothing">{text.none}</p>;
  return (
    <ul className="entries licenses">
      {licenses.map((license, at) => {
        const { skuId, skuPartNumber, productName, group, state = "", problem, disabledPlans } = license;
        const from = group === undefined ? text.direct : text.fromGroup(group.displayName ?? group.id);
        return (
          <li key={skuId + at}>
            <div className="license">
              <span>
                <strong>{skuName(license)}</strong>{" "}
                {productName !== undefined && skuPartNumber !== undefined && <code>{skuPartNumber}</code>}
              </span>
              <small>{[from, text.state(state)].filter(Boolean).join(" · ")}</small>
              {problem !== undefined && (
                <div className="license-problem">
                  <ProblemText problem={problem} />
                </div>
              )}
              <Plans license={license} sku={skus.value?.find((sku) => sku.skuId === skuId)} />
              {skus.value === undefined && disabledPlans.length > 0 && <small>{text.off(list(disabledPlans.map(planName)))}</small>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function planName({ servicePlanName, servicePlanId }: { servicePlanName?: string | null; servicePlanId?: string | null }): string {
  return servicePlanName ?? servicePlanId ?? "";
}

/** The service plans of an assignment: those that are on, and those that are off. */
function Plans({ license: { disabledPlans }, sku }: { license: LicenseAssignment; sku: SubscribedSku | undefined }) {
  if (sku === undefined) return null;
  const off = new Set<unknown>(disabledPlans.map(({ servicePlanId }) => servicePlanId));
  const plans = (sku.servicePlans ?? []).toSorted((a, b) => Number(off.has(a.servicePlanId)) - Number(off.has(b.servicePlanId)));
  const text = strings.user.licenses;
  const on = plans.length - off.size;
  return (
    <details>
      <summary>{text.plans(number(on), number(plans.length))}</summary>
      <ul className="plans">
        {plans.map((plan) => (
          <li key={plan.servicePlanId} className={off.has(plan.servicePlanId) ? "off" : undefined}>
            {planName(plan)} {off.has(plan.servicePlanId) && `(${text.planOff})`}
          </li>
        ))}
      </ul>
    </details>
  );
}
