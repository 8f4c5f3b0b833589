/** What a resource is called. */
export type ResourceWords = { readonly title: string; readonly one: string; readonly lead: string };

export function words(title: string, one: string, lead: string): ResourceWords {
  return { title, one, lead };
}
