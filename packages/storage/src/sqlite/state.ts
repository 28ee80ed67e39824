// The state in one SQLite file: a step is one transaction that writes documents, counters and position together.
// Guarantee: a power cut may take back the last steps, never part of one: the log is then read again from the position.
// A step costs O(documents + cells in it); `due` and the scans cost what they return.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openSqlite, type SqliteFile } from '@gapwatch/runtime';
import type { PartitionState, StateStep, StateStore, StepResult, StoredDocument } from '../port.ts';
import { cellFields, checkStep } from '../step.ts';

// Documents are larger than a tree without rows takes well: a row and a unique index write twice as fast.
// A namespace that is being dropped loses its name first, so that a crash in between leaves rubbish, not half a state.
const fieldNames = Array.from({ length: cellFields }, (_, field) => `f${field}`);
const schemaVersion = 1;
const schema = `
CREATE TABLE partitions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, namespace TEXT, partition INTEGER NOT NULL, position INTEGER NOT NULL,
  UNIQUE (namespace, partition));
CREATE TABLE documents (
  owner INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, due INTEGER, UNIQUE (owner, key));
CREATE INDEX documents_due ON documents (owner, due, key) WHERE due IS NOT NULL;
CREATE TABLE cells (
  owner INTEGER NOT NULL, key TEXT NOT NULL, ${fieldNames.map((name) => `${name} INTEGER NOT NULL`).join(', ')},
  PRIMARY KEY (owner, key)) WITHOUT ROWID;
`;

const anyField = `(${fieldNames.map((name) => `${name} <> 0`).join(' OR ')})`;
const sql = {
  partition: 'SELECT id, position FROM partitions WHERE namespace = ? AND partition = ?',
  newPartition: 'INSERT INTO partitions (namespace, partition, position) VALUES (?, ?, 0) RETURNING id',
  move: 'UPDATE partitions SET position = ? WHERE id = ?',
  document: 'SELECT key, value, due FROM documents WHERE owner = ? AND key = ?',
  putDocument: `INSERT INTO documents (owner, key, value, due) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value, due = excluded.due`,
  deleteDocument: 'DELETE FROM documents WHERE owner = ? AND key = ?',
  due: 'SELECT key FROM documents WHERE owner = ? AND due <= ? ORDER BY due, key LIMIT ?',
  scan: 'SELECT key, value, due FROM documents WHERE owner = ? AND key >= ? ORDER BY key LIMIT ?',
  cell: `SELECT ${fieldNames.join(', ')} FROM cells WHERE owner = ? AND key = ? AND ${anyField}`,
  addCell: `INSERT INTO cells VALUES (?, ?, ${fieldNames.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${fieldNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  deleteEmptyCell: `DELETE FROM cells WHERE owner = ? AND key = ? AND NOT ${anyField}`,
  scanCells: `SELECT key, ${fieldNames.join(', ')} FROM cells
    WHERE owner = ? AND key >= ? AND ${anyField} ORDER BY key LIMIT ?`,
  forgetName: 'UPDATE partitions SET namespace = NULL WHERE namespace = ?',
  nameless: 'SELECT id FROM partitions WHERE namespace IS NULL',
  sweepDocuments: 'DELETE FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE owner = ? LIMIT ?)',
  sweepCells: 'DELETE FROM cells WHERE owner = ? AND key IN (SELECT key FROM cells WHERE owner = ? LIMIT ?)',
  sweepPartition: 'DELETE FROM partitions WHERE id = ?',
} as const;

const pageRows = 500;
const sweepRows = 10_000;

type Owner = { readonly id: number; readonly position: number };

function findOwner(file: SqliteFile, namespace: string, partition: number): Owner | undefined {
  return file.statement(sql.partition).get(namespace, partition) as Owner | undefined;
}

function createOwner(file: SqliteFile, namespace: string, partition: number): number {
  return (file.statement(sql.newPartition).get(namespace, partition) as { id: number }).id;
}

function writeDocuments(file: SqliteFile, owner: number, documents: StateStep['documents']): void {
  const put = file.statement(sql.putDocument);
  const remove = file.statement(sql.deleteDocument);
  for (const { key, value, due } of documents) {
    if (value === null) remove.run(owner, key);
    else put.run(owner, key, value, due);
  }
}

function addCells(file: SqliteFile, owner: number, cells: StateStep['cells']): void {
  const add = file.statement(sql.addCell);
  const removeEmpty = file.statement(sql.deleteEmptyCell);
  for (const [key, changes] of cells) {
    add.run(owner, key, ...fieldNames.map((_, field) => changes[field] ?? 0));
    // what only grows cannot come to nothing
    if (!changes.some((change) => change > 0) || changes.some((change) => change < 0)) removeEmpty.run(owner, key);
  }
}

function applyStep(file: SqliteFile, namespace: string, partition: number, step: StateStep): StepResult {
  checkStep(step);
  return file.transaction(() => {
    const found = findOwner(file, namespace, partition);
    const position = found?.position ?? 0;
    if (position !== step.expected) return { outcome: 'stale', position };
    const owner = found?.id ?? createOwner(file, namespace, partition);
    writeDocuments(file, owner, step.documents);
    addCells(file, owner, step.cells);
    file.statement(sql.move).run(step.next, owner);
    return { outcome: 'applied' };
  });
}

type CellRow = Readonly<Record<string, number>> & { readonly key: string };

function fieldsOf(row: Readonly<Record<string, unknown>>): readonly number[] {
  return fieldNames.map((name) => row[name] as number);
}

/** Rows from a key on, a page at a time; the next page begins right behind the last key: no text lies between. */
async function* pages<Row extends { readonly key: string }>(read: (from: string) => Row[], first: string) {
  for (let from = first; ; ) {
    const rows = read(from);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    from = `${last.key}\0`;
  }
}

function partitionOf(file: SqliteFile, namespace: string, partition: number): PartitionState {
  /** reads for the partition as it is; `absent` where it has never been written */
  const read = <T>(absent: T, work: (owner: Owner) => T): T =>
    file.run(() => {
      const owner = findOwner(file, namespace, partition);
      return owner === undefined ? absent : work(owner);
    });
  const readPage = <Row>(text: string, from: string): Row[] =>
    read<Row[]>([], ({ id }) => file.statement(text).all(id, from, pageRows) as Row[]);
  return {
    position: async () => read(0, ({ position }) => position),
    documents: async (keys) =>
      read(
        keys.map(() => null),
        ({ id }) => {
          const get = file.statement(sql.document);
          return keys.map((key) => (get.get(id, key) as StoredDocument | undefined) ?? null) as never;
        },
      ),
    due: async (untilMs, most) =>
      read<string[]>([], ({ id }) =>
        file
          .statement(sql.due)
          .all(id, untilMs, most)
          .map((row) => row.key as string),
      ),
    async *scan(prefix) {
      for await (const document of pages((from) => readPage<StoredDocument>(sql.scan, from), prefix)) {
        if (!document.key.startsWith(prefix)) return;
        yield document;
      }
    },
    cells: async (keys) =>
      read<readonly (readonly number[] | null)[]>(
        keys.map(() => null),
        ({ id }) => {
          const get = file.statement(sql.cell);
          return keys.map((key) => {
            const row = get.get(id, key);
            return row === undefined ? null : fieldsOf(row);
          });
        },
      ),
    async *scanCells() {
      for await (const row of pages((from) => readPage<CellRow>(sql.scanCells, from), ''))
        yield [row.key, fieldsOf(row)];
    },
    apply: async (step) => applyStep(file, namespace, partition, step),
  };
}

/** Removes what belongs to no namespace any more, in steps that leave others their turn. */
async function sweep(file: SqliteFile): Promise<void> {
  for (const { id } of file.run(() => file.statement(sql.nameless).all()) as { id: number }[]) {
    for (let removed = 1; removed > 0; await nextTurn()) {
      removed = file.transaction(() => {
        const documents = file.statement(sql.sweepDocuments).run(id, sweepRows).changes;
        return Number(documents) + Number(file.statement(sql.sweepCells).run(id, id, sweepRows).changes);
      });
    }
    file.transaction(() => file.statement(sql.sweepPartition).run(id));
  }
}

/**
 * Opens or creates the file.
 * @throws StorageError when it cannot be opened, or is no such file
 */
export function openSqliteState(path: string): StateStore {
  const file = openSqlite(path, { synchronous: 'NORMAL', schema, schemaVersion });
  return {
    partition: (namespace, partition) => partitionOf(file, namespace, partition),
    async drop(namespace) {
      file.transaction(() => file.statement(sql.forgetName).run(namespace));
      await sweep(file);
    },
    close: async () => file.close(),
  };
}
