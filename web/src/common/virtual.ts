// Grids that draw only the rows in view. The rows are of one height, so two divisions say which those are: no library is needed.
import { type Dispatch, type RefObject, type SetStateAction, useEffect, useLayoutEffect } from "react";

/** The part of the rows that is drawn, in pixels. */
export interface DrawnWindow {
  readonly top: number;
  readonly height: number;
}

/** Follows the size of the grid, and its scrolling in steps of so many pixels: less than what is drawn beyond the window. */
export function useWindowOf(scroller: RefObject<HTMLDivElement | null>, step: number, set: Dispatch<SetStateAction<DrawnWindow>>): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const scrolled = () => {
      const top = element.scrollTop - (element.scrollTop % step);
      set((former) => (former.top === top ? former : { ...former, top }));
    };
    const sized = () => {
      const height = element.clientHeight + step;
      set((former) => (former.height === height ? former : { ...former, height }));
    };
    const sizes = new ResizeObserver(sized);
    sizes.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, [scroller, step, set]);
}

/** Scrolls to the row of the keyboard, below the head. */
export function useRowInView(scroller: RefObject<HTMLDivElement | null>, active: number, each: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null || active < 0) return;
    const head = element.firstElementChild?.clientHeight ?? 0;
    const room = element.clientHeight - head;
    if (active * each < element.scrollTop) element.scrollTop = active * each;
    else if ((active + 1) * each > element.scrollTop + room) element.scrollTop = (active + 1) * each - room;
  }, [scroller, active, each]);
}
