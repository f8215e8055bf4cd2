import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { signOut } from "../connection/session.js";
import { strings } from "../strings/index.js";

/** Asks before a sign-out that stops changes. */
export default function SignOutDialog({ close }: { readonly close: () => void }) {
  const text = strings.connection;
  const leave = () => {
    close();
    void signOut();
  };
  return (
    <Dialog open modalType="alert" onOpenChange={close}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{text.signOutTitle}</DialogTitle>
          <DialogContent>{text.signOutBody}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={leave}>
              {text.signOutAnyway}
            </Button>
            <Button onClick={close}>{strings.app.cancel}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
