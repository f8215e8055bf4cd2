import { Checkbox } from "@fluentui/react-checkbox";
import type { LicenseAssignment, SubscribedSku, WantedLicense } from "agentuser";
import { useState } from "react";
import { freeSeats } from "../common/seats.js";
import { number, strings } from "../strings/index.js";
import { ChangeDialog } from "./change-dialog.js";
import type { Reading } from "./reading.js";
import { Read } from "./section.js";

interface LicenseDialogProps {
  readonly id: string;
  readonly licenses: readonly LicenseAssignment[];
  readonly skus: Reading<SubscribedSku[]>;
  readonly close: (isChanged: boolean) => void;
}

/** The choice of a SKU: whether it is assigned, and which of its service plans are off. */
interface Choice {
  readonly isOn: boolean;
  readonly off: ReadonlySet<string>;
}

/** Licenses and their service plans, chosen as in Entra: what is checked is assigned. Those of groups are the groups' own. */
export function LicenseDialog({ id, licenses, skus, close }: LicenseDialogProps) {
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const direct = new Map(licenses.filter(({ group }) => group === undefined).map((license) => [license.skuId as string, choiceOf(license)]));
  const choiceAt = (sku: string): Choice => choices.get(sku) ?? direct.get(sku) ?? NONE;
  const { add, remove } = difference(direct, choices, skus.value ?? []);
  const text = strings.user.licenses;
  return (
    <ChangeDialog
      title={text.changeTitle}
      intro={text.changeIntro}
      change={add.length + remove.length === 0 ? undefined : (client, options) => client.changeLicenses(id, { add, remove }, options)}
      close={close}
    >
      <Read reading={skus}>
        {(value) => (
          <ul className="sku-choices">
            {value
              .filter(({ appliesTo }) => appliesTo !== "Company")
              .map((sku) => (
                <SkuChoice
                  key={sku.skuId}
                  sku={sku}
                  choice={choiceAt(sku.skuId ?? "")}
                  groups={licenses.filter(({ group, skuId }) => group !== undefined && skuId === sku.skuId)}
                  choose={(choice) => setChoices(new Map([...choices, [sku.skuId ?? "", choice]]))}
                />
              ))}
          </ul>
        )}
      </Read>
    </ChangeDialog>
  );
}

const NONE: Choice = { isOn: false, off: new Set() };

function choiceOf({ disabledPlans }: LicenseAssignment): Choice {
  return { isOn: true, off: new Set(disabledPlans.map(({ servicePlanId }) => servicePlanId as string)) };
}

/** The changes from the direct assignments to the choices. A license names the plans that it switches, and no others. */
function difference(direct: ReadonlyMap<string, Choice>, choices: ReadonlyMap<string, Choice>, skus: readonly SubscribedSku[]) {
  const add: WantedLicense[] = [];
  const remove: string[] = [];
  for (const [sku, choice] of choices) {
    const former = direct.get(sku) ?? NONE;
    const plans = skus.find(({ skuId }) => skuId === sku)?.servicePlans?.map(({ servicePlanId }) => servicePlanId as string) ?? [];
    const disabledPlans = plans.filter((plan) => choice.off.has(plan) && !former.off.has(plan));
    const enabledPlans = plans.filter((plan) => !choice.off.has(plan) && former.off.has(plan));
    if (!choice.isOn) {
      if (former.isOn) remove.push(sku);
    } else if (!former.isOn || disabledPlans.length + enabledPlans.length > 0) {
      add.push({
        sku,
        ...(disabledPlans.length > 0 ? { disabledPlans } : {}),
        ...(enabledPlans.length > 0 ? { enabledPlans } : {}),
      });
    }
  }
  return { add, remove };
}

interface SkuChoiceProps {
  readonly sku: SubscribedSku;
  readonly choice: Choice;
  readonly groups: readonly LicenseAssignment[];
  readonly choose: (choice: Choice) => void;
}

function SkuChoice({ sku, choice, groups, choose }: SkuChoiceProps) {
  const text = strings.user.licenses;
  const free = freeSeats(sku);
  const name = sku.skuPartNumber ?? sku.skuId ?? "";
  const plans = (sku.servicePlans ?? []).filter(({ appliesTo }) => appliesTo !== "Company");
  const toggle = (plan: string, isOn: boolean) => {
    const off = new Set(choice.off);
    if (isOn) off.delete(plan);
    else off.add(plan);
    choose({ ...choice, off });
  };
  return (
    <li>
      <Checkbox
        checked={choice.isOn}
        label={`${name} (${strings.actions.seats(number(free))})`}
        onChange={(_, { checked }) => choose({ ...choice, isOn: checked === true })}
      />
      {groups.map(({ group }) => (
        <small key={group?.id}>{text.alsoFromGroup(group?.displayName ?? group?.id ?? "")}</small>
      ))}
      {choice.isOn && plans.length > 0 && (
        <details>
          <summary>{text.choosePlans(number(plans.length - choice.off.size), number(plans.length))}</summary>
          <ul className="plan-choices">
            {plans.map(({ servicePlanId, servicePlanName }) => (
              <li key={servicePlanId}>
                <Checkbox
                  checked={!choice.off.has(servicePlanId ?? "")}
                  label={servicePlanName ?? servicePlanId ?? ""}
                  onChange={(_, { checked }) => toggle(servicePlanId ?? "", checked === true)}
                />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
