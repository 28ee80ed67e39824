// Which gap? Stages against gaps, in customers of 100; what was not measured is hatched and says what it lacks.
import type { StageOverview } from '../src/schemas.ts';
import { stageLink } from './route.ts';
import { gapNames, gapText } from './words.ts';

const gaps = Object.keys(gapNames) as (keyof typeof gapNames)[];

export function GapTable({ stages }: { stages: readonly StageOverview[] }) {
  return (
    <section className="panel">
      <header>
        <h2>Which gap?</h2>
        <span className="small soft">customers of 100, that week; ± is a 95 % interval</span>
      </header>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              {gaps.map((gap) => (
                <th key={gap} scope="col" className="number">
                  {gapNames[gap]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.id}>
                <th scope="row">
                  <a href={stageLink(stage.id)}>{stage.name}</a>
                </th>
                {gaps.map((gap) => (
                  <GapCell key={gap} gap={stage.gaps[gap]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GapCell({ gap }: { gap: StageOverview['gaps']['total'] }) {
  const { text, isMeasured } = gapText(gap);
  return <td className="number">{isMeasured ? text : <span className="hatched">{text}</span>}</td>;
}
