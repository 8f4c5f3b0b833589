/** An empty place, and why it is empty. */
export function Nothing({ title, hint }: { readonly title: string; readonly hint: string }) {
  return (
    <div className="po-empty">
      <h2>{title}</h2>
      <p>{hint}</p>
    </div>
  );
}
