// docs/sources.md, run: every example gives the output that stands there, every option is in a table, every field is named.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainFieldNames } from '../../packages/core/src/sources/rows/fields.ts';
import { columnSchema, conditionSchema, objectSettingsSchema } from '../../packages/core/src/sources/rows/settings.ts';
import { sourceTemplate } from '../../services/local/src/sources/template.ts';
import { gapwatchIn, repository, temporaryFolder } from './gapwatch.fixture.ts';

const manual = readFileSync(join(repository, 'docs/sources.md'), 'utf8');
const sections = manual.split(/^#{2,3} /m).slice(1);

/** The blocks of a section by their languages. */
function blocksOf(section: string): Map<string, string> {
  return new Map(
    [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => [language, text]),
  );
}

function sectionCalled(title: string): string {
  const section = sections.find((each) => each.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`docs/sources.md has no section ${title}`);
  return section;
}

describe('an example of the manual', () => {
  const examples = sections.filter((section) => blocksOf(section).has('yaml'));

  it.each(examples.map((section) => [section.split('\n', 1)[0] ?? '', section] as const))(
    '%s',
    async (_title, section) => {
      const blocks = blocksOf(section);
      const folder = temporaryFolder();
      const kind = ['csv', 'ndjson', 'json'].find((each) => blocks.has(each)) ?? '';
      const id = /^ {2}- id: (\w+)$/m.exec(blocks.get('yaml') ?? '')?.[1] ?? '';
      writeFileSync(join(folder, 'gapwatch.yaml'), blocks.get('yaml') ?? '');
      writeFileSync(join(folder, `export.${kind}`), blocks.get(kind) ?? '');
      const { stdout, status } = await gapwatchIn(folder, ['sources', 'test', id, `export.${kind}`]);
      expect(stdout).toBe(blocks.get('text'));
      expect(status).toBe(stdout.includes('rejected 0') ? 0 : 1);
    },
  );

  it('of a table is nearly what is proposed for it', async () => {
    const blocks = blocksOf(sectionCalled('A table in ten lines'));
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'reviews.csv'), blocks.get('csv') ?? '');
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'suggest', 'reviews.csv']);
    expect(stdout).toBe(blocks.get('yml'));
    expect(status).toBe(0);
    writeFileSync(join(folder, 'gapwatch.yaml'), stdout);
    const tested = await gapwatchIn(folder, ['sources', 'test', 'reviews', 'reviews.csv']);
    expect(tested.stdout).toContain('2 on 1–5, "Still waiting."');
    expect(tested.stdout).toContain('read 5 payloads: 2 signals,');
  });

  it('of a source of one’s own is the file that is written, and what that says', async () => {
    const blocks = blocksOf(sectionCalled("A source of one's own"));
    expect(blocks.get('ts')).toBe(sourceTemplate('shop'));
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sources'));
    writeFileSync(join(folder, 'sources/shop.ts'), blocks.get('ts') ?? '');
    const { stdout, status } = await gapwatchIn(folder, ['sources', 'test', 'shop']);
    expect(stdout).toBe(blocks.get('text'));
    expect(status).toBe(0);
  });
});

describe('the tables of the manual', () => {
  const statements = objectSettingsSchema.shape.statements.unwrap().element.shape;
  it.each([
    ['Of a source', Object.keys(objectSettingsSchema.shape)],
    ['Of a column', Object.keys(columnSchema.shape)],
    ['Of a condition', Object.keys(conditionSchema.shape)],
    ['Of a statement', Object.keys(statements)],
  ])('%s name every option, and none that there is not', (title, options) => {
    const named = [...sectionCalled(title).matchAll(/^\| `(\w+)` \|/gm)].map(([, option]) => option);
    expect(named.toSorted()).toEqual(options.toSorted());
  });

  it('name every field', () => {
    const named = [...sectionCalled('The fields').matchAll(/`([\w.]+)`/g)].map(([, field]) => field);
    expect(new Set(named)).toEqual(new Set([...plainFieldNames, 'segment.NAME', 'attributes.NAME']));
  });
});
