// Under which keys the detector keeps what it knows.

export const detectorKey = 'detector';

export function stageKey(stage: string): string {
  return `stage|${stage}`;
}

export function alertKey(id: string): string {
  return `alert|${id}`;
}
