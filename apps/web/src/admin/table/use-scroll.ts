import { useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Where an element is scrolled to, and how tall it is, in pixels. */
export type Scroll = { readonly top: number; readonly height: number };

/** Follows the scrolling of an element. What follows from it is drawn in the same frame: a frame later, the place would be empty. */
export function useScroll(scroller: HTMLElement | null): Scroll {
  const [scroll, setScroll] = useState<Scroll>({ top: 0, height: 600 });
  useLayoutEffect(() => {
    if (!scroller) return;
    const look = () => setScroll({ top: scroller.scrollTop, height: scroller.clientHeight });
    // Browsers say that something has scrolled once a frame, before they draw it.
    const follow = () => flushSync(look);
    const sizes = new ResizeObserver(look);
    sizes.observe(scroller);
    scroller.addEventListener('scroll', follow, { passive: true });
    look();
    return () => {
      sizes.disconnect();
      scroller.removeEventListener('scroll', follow);
    };
  }, [scroller]);
  return scroll;
}
