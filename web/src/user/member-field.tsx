import { Field } from "@fluentui/react-field";
import { Input } from "@fluentui/react-input";
import { Select } from "@fluentui/react-select";
import { Textarea } from "@fluentui/react-textarea";
import type { Violation } from "agentuser";
import { strings } from "../strings/index.js";
import { kindOf, type MemberId } from "./members.js";

interface MemberFieldProps {
  readonly id: MemberId;
  readonly value: string;
  readonly violations: readonly Violation[];
  readonly change: (value: string) => void;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly hint?: string;
}

/** Each broken rule with its remedy. */
export function ruleText(violations: readonly Violation[]): string {
  return violations.map(({ message, fix }) => `${message} ${fix}`).join(" ");
}

/** A member in a form, with the rules that its value breaks. */
export function MemberField({ id, value, violations, change, required = false, autoFocus = false, hint }: MemberFieldProps) {
  const kind = kindOf(id);
  const message = ruleText(violations);
  return (
    <Field
      label={strings.members[id]}
      required={required}
      validationState={message === "" ? "none" : "error"}
      validationMessage={message || null}
      hint={hint ?? (kind === "mails" ? strings.user.details.onePerLine : null)}
    >
      {kind === "userType" ? (
        <Select value={value} onChange={(_, data) => change(data.value)}>
          {!strings.userTypes.includes(value) && <option value={value}>{value || strings.user.noValue}</option>}
          {strings.userTypes.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </Select>
      ) : kind === "mails" ? (
        <Textarea value={value} resize="vertical" onChange={(_, data) => change(data.value)} />
      ) : (
        <Input name={id} value={value} type={kind === "date" ? "date" : "text"} autoFocus={autoFocus} autoComplete="off" onChange={(_, data) => change(data.value)} />
      )}
    </Field>
  );
}
