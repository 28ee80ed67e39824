// From the wall clock of a place to UTC. Offsets come from the platform's table of time zones.

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the zone has a name of the IANA table (`Europe/Paris`) or is an offset (`+02:00`). */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * UTC milliseconds of a wall-clock time given as if it were UTC.
 * An hour that the clock skips is read with the offset before the change; one that it repeats is the earlier of the two.
 */
export function wallToUtcMs(wallMs: number, zone: string): number {
  if (zone === 'UTC') return wallMs;
  const before = wallMs - offsetMs(zone, wallMs - dayMs);
  if (before + offsetMs(zone, before) === wallMs) return before;
  const after = wallMs - offsetMs(zone, wallMs + dayMs);
  return after + offsetMs(zone, after) === wallMs ? after : before;
}

const dayMs = 86_400_000;

function offsetMs(zone: string, utcMs: number): number {
  const name = formatOf(zone).format(utcMs);
  const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name);
  if (match?.[1] === undefined) return 0;
  const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -1_000 : 1_000) * seconds;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', day: 'numeric' });
    formats.set(zone, format);
  }
  return format;
}
