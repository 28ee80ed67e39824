// Every alert, open ones and past ones, newest first.
import type { AlertSummary, Alerts } from '../src/schemas.ts';
import { useAnswer } from './api.ts';
import { alertLink } from './route.ts';
import { Failed, Loading } from './states.tsx';
import { ago, day, dayAndTime, ofHundred, plural } from './words.ts';

export function AlertList({ asOf }: { asOf: string | null }) {
  const { data, failure } = useAnswer<Alerts>('v1/alerts?limit=500');
  if (data === null) return failure === null ? <Loading /> : <Failed failure={failure} />;
  const open = data.items.filter(({ state }) => state === 'open').length;
  return (
    <>
      <section className="headline">
        <div>
          <h1>{open === 0 ? 'No alert is open.' : `${plural(open, 'alert')} ${open === 1 ? 'is' : 'are'} open.`}</h1>
          {data.items.length === 0 && <p>None was raised so far: no stage got worse beyond what noise does.</p>}
        </div>
      </section>
      {data.items.length > 0 && <AlertTable alerts={data.items} asOf={asOf} />}
      {data.next !== null && <p className="small soft">Older ones are under /v1/alerts.</p>}
    </>
  );
}

function AlertTable({ alerts, asOf }: { alerts: readonly AlertSummary[]; asOf: string | null }) {
  return (
    <section className="panel">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">State</th>
            <th scope="col">Since about</th>
            <th scope="col">Alert opened</th>
            <th scope="col" className="number">
              Before → now, of 100
            </th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} asOf={asOf} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function AlertRow({ alert, asOf }: { alert: AlertSummary; asOf: string | null }) {
  return (
    <tr>
      <th scope="row">
        <a href={alertLink(alert.id)}>{alert.stageName}</a>
      </th>
      <td>
        {alert.state === 'open' ? (
          <span className="widening">▲ getting worse</span>
        ) : (
          <span className="soft">over since {day(alert.closedAt ?? alert.at, asOf)}</span>
        )}
      </td>
      <td>{day(alert.onset, asOf)}</td>
      <td title={dayAndTime(alert.openedAt)}>{ago(alert.openedAt, asOf)}</td>
      <td className="number">
        {ofHundred(alert.before)} → {ofHundred(alert.now)}
      </td>
    </tr>
  );
}
