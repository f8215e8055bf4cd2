import { Component, type ReactNode } from "react";
import { dropFailed } from "../connection/kept.js";
import { problemOf, ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";

interface State {
  readonly failed?: { readonly error: unknown } | undefined;
}

interface BoundaryProps {
  /** The sentence over the failure; that of a page by default. */
  readonly title?: string;
  readonly children: ReactNode;
}

/** Shows the failure of a page in its place: of its code that did not load, or of its first reads. */
export class PageBoundary extends Component<BoundaryProps, State> {
  override state: State = {};
  /** The error after which it was tried again. */
  #former: unknown;

  static getDerivedStateFromError(error: unknown): State {
    return { failed: { error } };
  }

  override componentDidCatch(error: unknown): void {
    // React keeps the failure of code that did not load, and throws the same error for ever: a new document loads it.
    if (this.#former !== undefined && this.#former === error) location.reload();
  }

  readonly #tryAgain = (): void => {
    this.#former = this.state.failed?.error;
    dropFailed();
    this.setState({ failed: undefined });
  };

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === undefined) return this.props.children;
    return (
      <div className={this.props.title === undefined ? "empty" : "part-failed"}>
        <ProblemNote title={this.props.title ?? strings.app.pageFailed} problem={problemOf(failed.error)} again={this.#tryAgain} />
      </div>
    );
  }
}
