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
    let frame = 0;
    // Browsers say that something has scrolled once a frame, before they draw it. What a key set going moves on after that, in the same frame.
    const follow = () => {
      flushSync(look);
      const { scrollTop } = scroller;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => scroller.scrollTop !== scrollTop && flushSync(look));
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(scroller);
    scroller.addEventListener('scroll', follow, { passive: true });
    look();
    return () => {
      sizes.disconnect();
      cancelAnimationFrame(frame);
      scroller.removeEventListener('scroll', follow);
    };
  }, [scroller]);
  return scroll;
}
