import { Button } from "@fluentui/react-button";
import { Spinner } from "@fluentui/react-spinner";
import { cancelSignIn, signIn, startDemo, type SessionState } from "../connection/session.js";
import { ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";

/** Stands in place of a page that needs a connection. */
export function Welcome({ session }: { session: SessionState }) {
  const text = strings.connection;
  switch (session.state) {
    case "unconfigured":
      return (
        <div className="empty">
          <h1>{text.unconfigured}</h1>
          <p>{text.unconfiguredBody}</p>
          {session.problem !== undefined && (
            <ProblemNote problem={session.problem} />
          )}
          <a href="#demo">{strings.demo.invite}</a>
        </div>
      );
    case "demoFailed":
      return (
        <div className="empty">
          <h1>{strings.demo.title}</h1>
          <ProblemNote title={strings.demo.failed} problem={session.problem} again={startDemo} />
        </div>
      );
    case "signedOut":
      return (
        <div className="empty">
          <h1>{text.welcome}</h1>
          <p>{text.welcomeBody}</p>
          {session.failure !== undefined && (
            <ProblemNote title={session.failure.title} problem={session.failure.text} />
          )}
          <Button appearance="primary" size="large" onClick={() => void signIn()}>
            {strings.app.signIn}
          </Button>
          <a href="#demo">{strings.demo.invite}</a>
        </div>
      );
    case "signingIn":
      return (
        <div className="empty">
          <h1>{text.welcome}</h1>
          <Spinner label={text.signingIn} />
          <Button onClick={cancelSignIn}>{strings.app.cancel}</Button>
        </div>
      );
    default:
      return <Spinner className="waiting" label={text.connecting} />;
  }
}
