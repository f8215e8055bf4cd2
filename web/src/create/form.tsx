import { Button } from "@fluentui/react-button";
import { Checkbox } from "@fluentui/react-checkbox";
import { Field } from "@fluentui/react-field";
import { Input } from "@fluentui/react-input";
import { Select } from "@fluentui/react-select";
import { Textarea } from "@fluentui/react-textarea";
import type { AgentUserRow, SubscribedSku, TenantFacts, Violation } from "agentuser";
import { type ReactElement, useState } from "react";
import { freeSeats } from "../common/seats.js";
import { usePackage } from "../connection/module.js";
import { number, strings } from "../strings/index.js";
import { MemberField, ruleText } from "../user/member-field.js";
import { type Reading, useReading } from "../user/reading.js";
import { Card, Read } from "../user/section.js";
import { type Suggestion, useNames } from "./names.js";
import { ParentPicker } from "./parent.js";
import { type Form, rowOf, type TextMember } from "./row.js";

interface FormProps {
  readonly form: Form;
  readonly change: (change: Partial<Form>) => void;
  /** Goes on with the row, once it breaks no rule. */
  readonly review: (row: AgentUserRow) => void;
  /** The application id of the blueprint whose agent identities are offered at first; empty for all. */
  readonly blueprint: string;
}

type Broken = (field: string) => readonly Violation[];

/** The form of a new agent user. The rules are checked as one types; what is not filled yet counts once it is sent. */
export function CreateForm({ form, change, review, blueprint }: FormProps) {
  const { validate } = usePackage();
  const domains = useReading("domains", (client, options) => client.verifiedDomains(options));
  const [isSent, setSent] = useState(false);
  const domain = form.domain || (domains.value?.verifiedDomains?.[0] ?? "");
  const suggestion = useNames({ ...form, domain });
  const row = rowOf(form, suggestion.names);
  const { violations } = validate(row, { verifiedDomains: domains.value?.verifiedDomains });
  const broken: Broken = (field) => violations.filter((one) => one.field === field && (isSent || one.code !== "Required"));
  const text = strings.create;
  const submit = (event: { preventDefault(): void; currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    setSent(true);
    if (violations.length === 0 && suggestion.isTaken !== true) review(row);
    else requestAnimationFrame(() => document.querySelector<HTMLElement>("#create-form [aria-invalid=true]")?.focus());
  };
  return (
    <form id="create-form" onSubmit={submit} noValidate>
      <Card id="create-parent" title={text.parentTitle}>
        <ParentPicker parent={form.parent} search={blueprint} choose={(parent) => change({ parent })} broken={form.parent === "" && isSent ? text.parentRequired : ruleText(form.parent === "" ? [] : broken("identityParentId"))} />
      </Card>
      <Card id="create-names" title={text.namesTitle}>
        <NameFields form={{ ...form, domain }} change={change} suggestion={suggestion} broken={broken} domains={domains} isSent={isSent} />
      </Card>
      <Card id="create-more" title={text.moreTitle}>
        <MoreFields form={form} change={change} broken={broken} />
      </Card>
      <div className="form-end">
        {isSent && violations.length > 0 && <span role="status">{text.incomplete}</span>}
        <Button type="submit" appearance="primary">
          {strings.changes.next}
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly form: Form;
  readonly change: (change: Partial<Form>) => void;
  readonly broken: Broken;
}

interface NameFieldsProps extends FieldsProps {
  readonly suggestion: Suggestion;
  readonly domains: Reading<TenantFacts>;
  readonly isSent: boolean;
}

function NameFields({ form, change, suggestion, broken, domains, isSent }: NameFieldsProps) {
  const { names, isTaken, taken } = suggestion;
  const text = strings.create;
  const isDerived = form.userPrincipalName === undefined;
  const name = form.userPrincipalName ?? names?.userPrincipalName ?? "";
  const rules = isDerived && name === "" && !isSent ? [] : broken("userPrincipalName");
  const message = ruleText(rules) || (isTaken === true ? text.taken(name) : "");
  const hints = [isDerived && name !== "" ? text.suggested : "", taken.length > 0 ? text.takenBefore(taken) : "", isTaken === false ? text.free : ""];
  return (
    <>
      <MemberField id="displayName" value={form.displayName} violations={broken("displayName")} required change={(displayName) => change({ displayName })} />
      {isDerived && <DomainField form={form} change={change} domains={domains} />}
      <Field
        label={strings.members.userPrincipalName}
        required
        hint={hints.filter(Boolean).join(" ") || null}
        validationState={message === "" ? "none" : "error"}
        validationMessage={message || null}
      >
        <Input value={name} autoComplete="off" onChange={(_, { value }) => change({ userPrincipalName: value })} />
      </Field>
      <MemberField id="mailNickname" value={form.mailNickname ?? names?.mailNickname ?? ""} violations={broken("mailNickname")} change={(mailNickname) => change({ mailNickname })} />
    </>
  );
}

/** The domain of the suggested name: one of the tenant's, or typed where these could not be read. */
function DomainField({ form: { domain }, change, domains: { step, value } }: Pick<NameFieldsProps, "form" | "change" | "domains">) {
  const text = strings.create;
  const known = value?.verifiedDomains ?? [];
  if (known.length === 0 && step === "reading") return null;
  return (
    <Field label={text.domain} hint={known.length === 0 ? text.domainsUnread : null}>
      {known.length === 0 ? (
        <Input value={domain} autoComplete="off" onChange={(_, data) => change({ domain: data.value })} />
      ) : (
        <Select value={domain} onChange={(_, data) => change({ domain: data.value })}>
          {known.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const TEXTS: readonly Exclude<TextMember, "manager">[] = ["usageLocation", "jobTitle", "department", "companyName"];

function MoreFields({ form, change, broken }: FieldsProps) {
  const text = strings.create;
  const people = strings.user.people;
  const skus = useReading("skus", (client, options) => client.skus(options));
  const set = (member: TextMember, value: string) => change({ texts: { ...form.texts, [member]: value } });
  const needsLocation = form.licenses.length > 0 && !form.texts.usageLocation?.trim();
  return (
    <>
      <Checkbox checked={form.isEnabled} label={text.enabled} onChange={(_, { checked }) => change({ isEnabled: checked === true })} />
      {TEXTS.map((member) => (
        <MemberField
          key={member}
          id={member}
          value={form.texts[member] ?? ""}
          violations={broken(member)}
          {...(member === "usageLocation" ? { hint: needsLocation ? text.locationFirst : text.locationHint } : {})}
          change={(value) => set(member, value)}
        />
      ))}
      <Many label={people.manager} hint={people.personHint} violations={broken("manager")}>
        <Input value={form.texts.manager ?? ""} autoComplete="off" onChange={(_, { value }) => set("manager", value)} />
      </Many>
      <Many label={people.sponsors} hint={`${strings.actions.personHint}. ${strings.user.details.onePerLine}`} violations={broken("sponsors")}>
        <Textarea value={form.sponsors} resize="vertical" onChange={(_, { value }) => change({ sponsors: value })} />
      </Many>
      <Many label={strings.user.groups.title} hint={`${strings.user.groups.hint}. ${strings.user.details.onePerLine}`} violations={broken("groups")}>
        <Textarea value={form.groups} resize="vertical" onChange={(_, { value }) => change({ groups: value })} />
      </Many>
      <Licenses form={form} change={change} broken={broken} skus={skus} />
    </>
  );
}

function Many({ label, hint, violations, children }: { label: string; hint: string; violations: readonly Violation[]; children: ReactElement }) {
  const message = ruleText(violations);
  return (
    <Field label={label} hint={hint} validationState={message === "" ? "none" : "error"} validationMessage={message || null}>
      {children}
    </Field>
  );
}

function Licenses({ form: { licenses }, change, broken, skus }: FieldsProps & { readonly skus: Reading<SubscribedSku[]> }) {
  const message = ruleText(broken("licenses"));
  const toggle = (sku: string, isOn: boolean) => change({ licenses: isOn ? [...licenses, sku] : licenses.filter((one) => one !== sku) });
  return (
    <fieldset className="sku-fields">
      <legend>{strings.user.licenses.title}</legend>
      <Read reading={skus}>
        {(value) =>
          value
            .filter(({ appliesTo }) => appliesTo !== "Company")
            .map(({ skuId = "", skuPartNumber, ...units }) => {
              const sku = skuPartNumber ?? skuId ?? "";
              return (
                <Checkbox
                  key={skuId}
                  checked={licenses.includes(sku)}
                  label={`${sku} (${strings.actions.seats(number(freeSeats(units)))})`}
                  onChange={(_, { checked }) => toggle(sku, checked === true)}
                />
              );
            })
        }
      </Read>
      {message !== "" && <p className="bad">{message}</p>}
    </fieldset>
  );
}
