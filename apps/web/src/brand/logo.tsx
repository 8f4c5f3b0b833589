import { DEFAULT_LOGO, useBrand } from './brand.ts';

/** The brand's logo; our own is drawn inline so that it follows the theme. */
export function Logo() {
  const brand = useBrand();
  if (brand.logo !== DEFAULT_LOGO) return <img className="po-logo" src={brand.logo} alt={brand.title} />;
  return (
    <div className="po-wordmark">
      <Mark />
      <span>{brand.title}</span>
    </div>
  );
}

/** A small gate in a wall, its door ajar. */
function Mark() {
  return (
    <svg className="po-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="po-mark-wall" d="M3 30V16a13 13 0 0 1 26 0v14h-6V16a7 7 0 0 0-14 0v14z" />
      <path className="po-mark-door" d="M12 30V16a4 4 0 0 1 4-4l4 3.2V30z" />
    </svg>
  );
}
