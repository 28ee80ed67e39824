// Is what I see complete? Each source: what it gave, when last, and whether its customers are met elsewhere.
import type { SourceOverview, Sources } from '../src/schemas.ts';
import { useAnswer } from './api.ts';
import { Failed, Loading } from './states.tsx';
import { count, dayAndTime, percent, plural } from './words.ts';

export function SourceList() {
  const { data, failure } = useAnswer<Sources>('v1/sources');
  if (data === null) return failure === null ? <Loading /> : <Failed failure={failure} />;
  const apart = data.items.filter(({ hint }) => hint !== null);
  return (
    <>
      <section className="headline">
        <div>
          <h1>{titleOf(data.items, apart)}</h1>
          {apart.map(({ id, hint }) => (
            <p key={id}>
              {id}: {hint}.
            </p>
          ))}
        </div>
      </section>
      <SourceTable sources={data.items} />
    </>
  );
}

function titleOf(sources: readonly SourceOverview[], apart: readonly SourceOverview[]): string {
  if (apart.length > 0)
    return `${plural(apart.length, 'source')} ${apart.length === 1 ? 'names' : 'name'} customers that no other source knows.`;
  const silent = sources.filter(({ accepted }) => accepted === 0).length;
  if (silent === 0) return `${plural(sources.length, 'source')} ${sources.length === 1 ? 'is' : 'are'} read.`;
  return `${plural(sources.length, 'source')}, of which ${silent} gave nothing yet.`;
}

function SourceTable({ sources }: { sources: readonly SourceOverview[] }) {
  return (
    <section className="panel">
      <table>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Type</th>
            <th scope="col">Last heard</th>
            <th scope="col" className="number">
              Taken
            </th>
            <th scope="col" className="number">
              Rejected
            </th>
            <th scope="col" className="number">
              Customers that another source names too
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <SourceRow key={source.id} source={source} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SourceRow({ source }: { source: SourceOverview }) {
  const { id, type, lastAt, accepted, rejected, joined } = source;
  return (
    <tr>
      <th scope="row">{id}</th>
      <td>{type}</td>
      <td>{lastAt === null ? ifKnown(accepted, 'never') : dayAndTime(lastAt)}</td>
      <td className="number">{ifKnown(accepted, count(accepted ?? 0))}</td>
      <td className="number">{rejected === null ? 'not known' : count(rejected)}</td>
      <td className="number">{joined === null ? <span className="soft">cannot be said</span> : percent(joined)}</td>
    </tr>
  );
}

/** Where nobody counts, nothing is claimed. */
function ifKnown(accepted: number | null, shown: string): string {
  return accepted === null ? 'not known' : shown;
}
