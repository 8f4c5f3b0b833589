import { useMemo } from 'react';
import { encode } from 'uqr';

/** Blank modules around the code, which scanners need to find it (ISO/IEC 18004 asks for four). */
const MARGIN = 4;

/** The dark modules of a QR code as one path, a run of each row after the other. */
export function qrPath(data: readonly (readonly boolean[])[]): string {
  const runs = data.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const end = row.indexOf(false, x);
      const width = (end === -1 ? row.length : end) - x;
      return [`M${x + MARGIN} ${y + MARGIN}h${width}v1h-${width}z`];
    }),
  );
  return runs.join('');
}

/** A QR code, dark on white in every theme: many scanners do not read it the other way round. Drawn here, so no secret leaves the page. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: 0 });
    return { size: code.size + 2 * MARGIN, path: qrPath(code.data) };
  }, [text]);
  return (
    <svg className="po-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path className="po-qr-ground" d={`M0 0h${size}v${size}h-${size}z`} />
      <path className="po-qr-modules" d={path} />
    </svg>
  );
}
