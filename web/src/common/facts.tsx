import type { ReactNode } from "react";

/** Names with their values. Those without a value are left out. */
export function Facts({ of, className = "facts" }: { of: readonly (readonly [string, ReactNode])[]; className?: string }) {
  return (
    <dl className={className}>
      {of
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
