import { useCallback, useEffect, useState } from 'react';
import { leave } from '../page/leave.ts';

/** The path of this window, and the way to another: a page of an account without loading anything, any other as browsers do. */
export function usePlace() {
  const [path, setPath] = useState(window.location.pathname);
  useEffect(() => {
    const follow = () => setPath(window.location.pathname);
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  const go = useCallback((href: string, how: 'push' | 'replace' = 'push') => {
    if (!/^\/account(\/|\?|$)/.test(href)) return void leave(href);
    if (how === 'push') window.history.pushState(null, '', href);
    else window.history.replaceState(null, '', href);
    setPath(window.location.pathname);
    window.scrollTo(0, 0);
  }, []);
  return { path, go };
}
