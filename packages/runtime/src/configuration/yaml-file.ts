// A YAML text with the place of everything in it. JSON is YAML too.
import type { Document, Node, YAMLError } from 'yaml';
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { ConfigurationFault } from './faults.ts';

export type Place = { readonly line: number; readonly column: number };

/** What the reader of YAML says, in our words where they help more. */
const remedies: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands twice: the second would hide the first',
  TAB_AS_INDENT: 'a tab: YAML is indented with blanks only',
};
const maxAliases = 100;

export class YamlFile {
  readonly faults: readonly ConfigurationFault[];
  /** whether the values can be trusted so far that checking them makes sense */
  readonly isSound: boolean;
  readonly value: unknown;
  private readonly lines = new LineCounter();
  private readonly document: Document | null;

  constructor(text: string) {
    const documents = parseAllDocuments(text, { lineCounter: this.lines, prettyErrors: false, stringKeys: true });
    const [first = null, second] = Array.isArray(documents) ? documents : [];
    this.document = first;
    const errors: readonly YAMLError[] = first === null ? [] : [...first.errors, ...first.warnings];
    const faults = errors.map((error) => this.faultOf(error));
    if (second !== undefined)
      faults.push(
        this.wholeFault(second.range?.[0] ?? 0, 'a second document begins here: one file holds one configuration'),
      );
    const reading = this.read();
    if (reading.fault !== undefined) faults.push(this.wholeFault(0, reading.fault));
    this.faults = faults;
    this.value = reading.value;
    this.isSound = faults.every((fault) => fault.message === remedies.DUPLICATE_KEY);
  }

  /** The place of a key, or of the value at a path; of what is missing, that of its nearest parent. */
  placeOf(path: readonly PropertyKey[], isKey: boolean): Place {
    let node: Node | null = this.document?.contents ?? null;
    let offset = startOf(node);
    for (const [index, key] of path.entries()) {
      const found = this.child(node, key);
      if (found === null) break;
      const isLast = index === path.length - 1;
      offset = isLast && !isKey ? (found.value?.range?.[0] ?? found.offset) : found.offset;
      node = found.value;
    }
    return this.place(offset);
  }

  private child(parent: Node | null, key: PropertyKey): { value: Node | null; offset: number } | null {
    const node = isAlias(parent) && this.document !== null ? (parent.resolve(this.document) ?? null) : parent;
    if (isSeq(node)) {
      const item = node.items[Number(key)];
      return isNode(item) ? { value: item, offset: startOf(item) } : null;
    }
    if (!isMap(node)) return null;
    const pair = node.items.findLast(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
    );
    if (pair === undefined) return null;
    return { value: isNode(pair.value) ? pair.value : null, offset: startOf(pair.key as Node) };
  }

  private read(): { value: unknown; fault?: string } {
    const contents = this.document?.contents ?? null;
    if (this.document === null || contents === null || (isScalar(contents) && contents.value === null))
      return { value: {} };
    try {
      const value: unknown = this.document.toJS({ maxAliasCount: maxAliases });
      const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isGroup ? { value } : { value, fault: 'the file must hold keys with values, such as `sources:`' };
    } catch (error) {
      return { value: {}, fault: `cannot be read: ${(error as Error).message}` };
    }
  }

  private faultOf(error: YAMLError): ConfigurationFault {
    return this.wholeFault(error.pos[0], remedies[error.code] ?? error.message);
  }

  private wholeFault(offset: number, message: string): ConfigurationFault {
    return { ...this.place(offset), path: '', message };
  }

  private place(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
