import type { ReactNode } from "react";

/** The heading of a page, with a sentence that says what the page is for. Focus comes here after a change of page. */
export function PageHeading({ title, intro, children }: { title: string; intro?: string; children?: ReactNode }) {
  return (
    <div className="heading">
      <h1 id="heading" tabIndex={-1}>
        {title}
      </h1>
      {children}
      {intro && <p>{intro}</p>}
    </div>
  );
}
