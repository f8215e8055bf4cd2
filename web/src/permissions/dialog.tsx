import "../user/user.css";
import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import type { PermissionHolder } from "agentuser";
import { useFocusBack } from "../common/focus.js";
import { SignInAgain } from "../shell/again.js";
import { strings } from "../strings/index.js";
import { HolderPermissions } from "./holder.js";

interface PermissionsDialogProps {
  readonly name: string;
  readonly holder: PermissionHolder;
  readonly changed: () => void;
  readonly close: () => void;
}

/** The permissions of an agent identity or a blueprint that has no page of its own. */
export default function PermissionsDialog({ name, holder, changed, close }: PermissionsDialogProps) {
  useFocusBack();
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{strings.permissions.titleOf(name)}</DialogTitle>
          <DialogContent className="holder">
            <SignInAgain />
            <HolderPermissions holder={holder} changed={changed} />
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={close}>
              {strings.app.close}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
