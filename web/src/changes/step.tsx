import { DialogContent } from "@fluentui/react-dialog";
import { type ReactNode, useEffect, useRef } from "react";

/** The content of a step of a dialog. The focus comes to it, because the button that led here is gone. */
export function Step({ children }: { children: ReactNode }) {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => content.current?.focus(), []);
  return (
    <DialogContent>
      <div ref={content} tabIndex={-1} className="step">
        {children}
      </div>
    </DialogContent>
  );
}
