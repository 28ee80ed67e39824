// From an export to a proposed configuration: the first rows are read, nothing is kept.
import { basename } from 'node:path';
import { type SampledColumn, type SampledList, suggestColumns } from '@gapwatch/core';
import { yamlText } from '@gapwatch/runtime';
import { idOfFile } from '../exports/source.ts';
import { readPayloads } from '../files/index.ts';
import { onOneLine } from '../terminal/output.ts';

/** A YAML text, and whether it names columns: without a time there is nothing to propose. */
export type Proposal = { readonly text: string; readonly isWhole: boolean };

const readRows = 1_000;
/** of one list */
const readElements = 50;
/** deeper than this no export says anything about a row as a whole */
const mostDepth = 4;
/** from there on a map is a line: what is said of one column */
const flowDepth = 4;

/** @throws FileError where there is nothing to read */
export async function proposeSource(file: string): Promise<Proposal> {
  const sample = newSample();
  let rows = 0;
  let type = /\.json\b/i.test(file) ? 'json' : 'ndjson';
  for await (const item of readPayloads(file)) {
    if ('fault' in item) continue;
    if (item.headers.line !== undefined) type = 'csv';
    addCells(parsed(item.bytes), '', 1, sample);
    rows += 1;
    if (rows === readRows) break;
  }
  if (rows === 0) return nothingFor(file, ['there is no row in it that can be read']);
  const lists: SampledList[] = Array.from(sample.lists, ([path, one]) => ({ path, columns: columnsOf(one) }));
  const { columns, statements, doubts } = suggestColumns(columnsOf(sample), rows, lists);
  if (columns === null) return nothingFor(file, doubts);
  const id = idOfFile(file);
  const head = [
    `proposed from the first ${rows} rows of ${basename(file)}; look through it, save it as gapwatch.yaml, then`,
    `  gapwatch sources test ${id} ${/\s/.test(file) ? JSON.stringify(file) : file}`,
  ];
  return {
    text:
      commentOf([...head, ...doubts]) +
      yamlText({ sources: [{ id, type, columns, ...(statements && { statements }) }] }, flowDepth),
    isWhole: true,
  };
}

function nothingFor(file: string, reasons: readonly string[]): Proposal {
  return { text: commentOf([`nothing can be proposed for ${basename(file)}`, ...reasons]), isWhole: false };
}

function commentOf(lines: readonly string[]): string {
  return lines.map((line) => `# ${onOneLine(line)}\n`).join('');
}

/** What is no object has no columns, and is rejected when it is read in earnest. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

/** What stands in objects: texts by their paths, and in their lists those of the elements that are objects. */
type Sample = { readonly cells: Map<string, string[]>; readonly lists: Map<string, Sample> };

function newSample(): Sample {
  return { cells: new Map(), lists: new Map() };
}

function columnsOf({ cells }: Sample): SampledColumn[] {
  return Array.from(cells, ([name, filled]) => ({ name, cells: filled }));
}

function addCells(value: unknown, path: string, depth: number, sample: Sample): void {
  if (typeof value !== 'object' || value === null || depth > mostDepth) return;
  if (Array.isArray(value)) {
    const elements = sample.lists.get(path) ?? newSample();
    sample.lists.set(path, elements);
    for (const element of value.slice(0, readElements)) addElement(element, elements);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = path === '' ? key : `${path}.${key}`;
    if (typeof inner === 'object') addCells(inner, name, depth + 1, sample);
    else addCell(String(inner).trim(), name, sample.cells);
  }
}

/** Lists in lists are left to a person. */
function addElement(element: unknown, elements: Sample): void {
  if (!Array.isArray(element)) addCells(element, '', 1, elements);
}

function addCell(text: string, name: string, cells: Map<string, string[]>): void {
  const filled = cells.get(name) ?? [];
  if (text !== '') filled.push(text);
  cells.set(name, filled);
}
