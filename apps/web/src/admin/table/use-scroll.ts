import { useLayoutEffect, useState } from 'react';

/** Where an element is scrolled to, and how tall it is, in pixels. */
export type Scroll = { readonly top: number; readonly height: number };

/** Follows the scrolling of an element, once a frame at most. */
export function useScroll(scroller: HTMLElement | null): Scroll {
  const [scroll, setScroll] = useState<Scroll>({ top: 0, height: 600 });
  useLayoutEffect(() => {
    if (!scroller) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      setScroll({ top: scroller.scrollTop, height: scroller.clientHeight });
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    const sizes = new ResizeObserver(later);
    sizes.observe(scroller);
    scroller.addEventListener('scroll', later, { passive: true });
    look();
    return () => {
      sizes.disconnect();
      scroller.removeEventListener('scroll', later);
      cancelAnimationFrame(frame);
    };
  }, [scroller]);
  return scroll;
}
