import { Checkbox } from "@fluentui/react-checkbox";
import { Dropdown, Option } from "@fluentui/react-combobox";
import { Field } from "@fluentui/react-field";
import { Input } from "@fluentui/react-input";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { Radio, RadioGroup } from "@fluentui/react-radio";
import type { SubscribedSku } from "agentuser";
import { freeSeats } from "../common/seats.js";
import { useRead } from "../connection/reads.js";
import { number, strings } from "../strings/index.js";
import type { ActionId, Choices } from "./actions.js";

interface FormProps {
  readonly choices: Choices;
  readonly choose: (change: Choices) => void;
}

/** Whether the form is filled so far that a plan can be made. */
export function isFilled(action: ActionId, { add = [], remove = [], freeSeats, acceptDataLoss, from, to }: Choices): boolean {
  if (action === "license") return add.length + remove.length > 0;
  if (action === "retire") return !freeSeats || acceptDataLoss === true;
  if (action === "handover") return Boolean(from?.trim() && to?.trim());
  return true;
}

export function RetireForm({ choices, choose }: FormProps) {
  const text = strings.actions;
  const { until = "deleted", freeSeats = false, leaveGroups = false, acceptDataLoss = false } = choices;
  return (
    <>
      <Field label={text.retireUntil}>
        <RadioGroup value={until} onChange={(_, { value }) => choose({ until: value as "disabled" })}>
          <Radio value="deleted" label={text.untilDeleted} />
          <Radio value="disabled" label={text.untilDisabled} />
        </RadioGroup>
      </Field>
      <Checkbox checked={leaveGroups} label={text.leaveGroups} onChange={(_, { checked }) => choose({ leaveGroups: checked === true })} />
      <Checkbox checked={freeSeats} label={text.freeSeats} onChange={(_, { checked }) => choose({ freeSeats: checked === true })} />
      {freeSeats && (
        <>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{text.lossNote}</MessageBarBody>
          </MessageBar>
          <Checkbox
            checked={acceptDataLoss}
            label={text.acceptLoss}
            onChange={(_, { checked }) => choose({ acceptDataLoss: checked === true })}
          />
        </>
      )}
    </>
  );
}

export function LicenseForm({ choices, choose }: FormProps) {
  const text = strings.actions;
  const { add = [], remove = [] } = choices;
  const options = useRead("skus", (client) => client.skus()).filter(({ appliesTo }) => appliesTo !== "Company");
  return (
    <>
      <SkuField label={text.addLicenses} chosen={add} skus={options.filter(({ skuId }) => !remove.includes(skuId ?? ""))} choose={(ids) => choose({ add: ids })} />
      <SkuField label={text.removeLicenses} chosen={remove} skus={options.filter(({ skuId }) => !add.includes(skuId ?? ""))} choose={(ids) => choose({ remove: ids })} />
    </>
  );
}

interface SkuFieldProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly skus: readonly SubscribedSku[];
  readonly choose: (ids: readonly string[]) => void;
}

function SkuField({ label, chosen, skus, choose }: SkuFieldProps) {
  const name = ({ skuPartNumber, skuId }: SubscribedSku) => skuPartNumber ?? skuId ?? "";
  const value = skus.filter(({ skuId }) => chosen.includes(skuId ?? "")).map(name);
  return (
    <Field label={label}>
      <Dropdown
        multiselect
        inlinePopup
        placeholder={strings.actions.chooseLicenses}
        selectedOptions={[...chosen]}
        value={value.join(", ")}
        onOptionSelect={(_, { selectedOptions }) => choose(selectedOptions)}
      >
        {skus.map((sku) => {
          const seats = strings.actions.seats(number(freeSeats(sku)));
          return (
            <Option key={sku.skuId} value={sku.skuId ?? ""} text={name(sku)}>
              {`${name(sku)} (${seats})`}
            </Option>
          );
        })}
      </Dropdown>
    </Field>
  );
}

export function HandoverForm({ choices, choose }: FormProps) {
  const text = strings.actions;
  const { from = "", to = "", handedOver = "both", onlySelected = true } = choices;
  return (
    <>
      <Field label={text.from} hint={text.personHint} required>
        <Input value={from} onChange={(_, { value }) => choose({ from: value })} />
      </Field>
      <Field label={text.to} required>
        <Input value={to} onChange={(_, { value }) => choose({ to: value })} />
      </Field>
      <Field label={text.what}>
        <RadioGroup value={handedOver} onChange={(_, { value }) => choose({ handedOver: value as "both" })}>
          <Radio value="both" label={text.both} />
          <Radio value="manager" label={text.manager} />
          <Radio value="sponsor" label={text.sponsor} />
        </RadioGroup>
      </Field>
      <Checkbox checked={onlySelected} label={text.onlySelected} onChange={(_, { checked }) => choose({ onlySelected: checked === true })} />
    </>
  );
}
