import { type ReactNode, useEffect, useRef, useState } from "react";

/** How many items are drawn and left out together. */
const SIZE = 40;

/** How far from the window items are drawn, in pixels: more than one turns the wheel between two frames. */
const BEYOND = 1_200;

interface BlocksProps<Item> {
  readonly label: string;
  readonly className: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** The height that an item has about, in pixels, until it was drawn. */
  readonly about: number;
  /** The content of an item. */
  readonly children: (item: Item) => ReactNode;
}

/** A list of any length, whose items may be of any height: those far from the window are not drawn. */
export function Blocks<Item>({ label, className, items, keyOf, about, children }: BlocksProps<Item>) {
  const count = Math.ceil(items.length / SIZE);
  return (
    <div role="list" aria-label={label} className={className}>
      {Array.from({ length: count }, (_, at) => {
        const some = items.slice(at * SIZE, (at + 1) * SIZE);
        return (
          <Block key={at} about={some.length * about} isFirst={at === 0}>
            {() =>
              some.map((item, place) => (
                <div key={keyOf(item)} role="listitem" aria-setsize={items.length} aria-posinset={at * SIZE + place + 1}>
                  {children(item)}
                </div>
              ))
            }
          </Block>
        );
      })}
    </div>
  );
}

interface BlockProps {
  readonly about: number;
  /** The first one is drawn at once. */
  readonly isFirst: boolean;
  readonly children: () => ReactNode;
}

function Block({ about, isFirst, children }: BlockProps) {
  const element = useRef<HTMLDivElement>(null);
  const [isDrawn, draw] = useState(isFirst);
  const [height, setHeight] = useState(about);
  useEffect(() => {
    const block = element.current;
    if (block === null) return undefined;
    const near = new IntersectionObserver(
      ([entry]) => {
        // One that has the focus would lose it.
        if (entry === undefined || (!entry.isIntersecting && block.contains(document.activeElement))) return;
        if (!entry.isIntersecting && block.childElementCount > 0) setHeight(entry.boundingClientRect.height);
        draw(entry.isIntersecting);
      },
      { root: block.closest("main"), rootMargin: `${BEYOND}px 0px` },
    );
    near.observe(block);
    return () => near.disconnect();
  }, []);
  return (
    <div ref={element} style={isDrawn ? undefined : { blockSize: height }}>
      {isDrawn && children()}
    </div>
  );
}
