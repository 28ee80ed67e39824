// A named figure with what stands behind it, and the meter of evidence.
import type { ReactNode } from 'react';

type FactProps = { name: string; value: ReactNode | null; children?: ReactNode };

/** `value` null: not measured, drawn as not measured. */
export function Fact({ name, value, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      {value === null ? (
        <dd>
          <span className="hatched small">&ensp;not measured&ensp;</span>
        </dd>
      ) : (
        <dd className="value">{value}</dd>
      )}
      {children && <dd className="note">{children}</dd>}
    </div>
  );
}

/** Evidence multiplies, so the meter counts its logarithm; the upright line is where an alert opens. */
export function Meter({ value, threshold }: { value: number; threshold: number }) {
  const least = Math.log(Math.max(threshold, 2));
  const now = Math.log(Math.max(value, 1));
  const full = Math.max(now, least * 1.15);
  return (
    <div className={value >= threshold ? 'meter reached' : 'meter'} aria-hidden="true">
      <i style={{ width: `${(now / full) * 100}%` }} />
      <b style={{ left: `${(least / full) * 100}%` }} />
    </div>
  );
}
