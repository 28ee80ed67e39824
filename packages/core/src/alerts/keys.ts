// Under which keys the detector keeps what it knows.

export const detectorKey = 'detector';

export function stageKey(stage: string): string {
  return `stage|${stage}`;
}

/** In order of the time that a note marks. */
export function noteKey({ at, id }: { readonly at: string; readonly id: string }): string {
  return `note|${new Date(at).toISOString()}|${id}`;
}

export function alertKey(id: string): string {
  return `alert|${id}`;
}

/** Who is heard at a stage, by the watched segments. */
export function mixKey(stage: string): string {
  return `mix|${stage}`;
}
