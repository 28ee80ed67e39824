// Where a request of ours may go: to public addresses, and to the hosts that the configuration names.
// Both are checked, the address that stands in a URL and every address that a name resolves to; what was checked is what
// is connected to, so that a name cannot mean one address now and another one later.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { buildConnector } from 'undici';

export type Address = { readonly address: string; readonly family: number };
export type Resolve = (host: string) => Promise<readonly Address[]>;
/** Opens a connection to one of these addresses, which are all that the host stands for. */
export type Connect = (addresses: readonly Address[]) => buildConnector.connector;

export type GuardOptions = {
  /** hosts as they stand in the URL that may lie in a network of our own; http is for those on loopback only */
  readonly allow: readonly string[];
  readonly resolve?: Resolve;
  readonly connect?: Connect;
};

/** An address that no request of ours goes to, however the URL spells it. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/** Public by its range, and the metadata service of a cloud all the same. */
const metadata: ReadonlySet<string> = new Set(['168.63.129.16']);

/** What is wrong with an address as a place to send to; null where nothing is. */
export function addressFault(address: string): string | null {
  if (!ipaddr.isValid(address)) return 'is no address';
  const parsed = ipaddr.process(address);
  if (metadata.has(parsed.toString())) return 'is the metadata service of a cloud';
  const range = parsed.range();
  return range === 'unicast' ? null : `lies in a range that is not public (${range})`;
}

/** What is wrong with a URL before anything is resolved; null where nothing is. `URL` has made all spellings one. */
export function urlFault(url: URL, allow: readonly string[]): string | null {
  if (url.username !== '' || url.password !== '') return 'a URL with a user or a password is logged by everybody';
  const host = withoutBrackets(url.hostname);
  if (url.protocol === 'http:' && !isAllowed(allow, host)) {
    return 'only https is sent to; http is for a host on loopback that `allow` names';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'only https is sent to';
  const fault = isIP(host) === 0 || isAllowed(allow, host) ? null : addressFault(host);
  return fault === null ? null : `${host} ${fault}; \`allow\` can name it`;
}

/** A connector for undici, made of its own, that connects nowhere before the guard has looked. */
export function guardedConnector(options: GuardOptions, build: typeof buildConnector): buildConnector.connector {
  const { allow, resolve = resolveAll, connect = connectTo(build) } = options;
  return (asked, callback) => {
    checkedAddresses(asked, allow, resolve).then(
      (addresses) => connect(addresses)(asked, callback),
      (error: Error) => callback(error, null),
    );
  };
}

/** @throws RefusedAddress where one address of the host may not be sent to: a name with two faces is none to trust */
async function checkedAddresses(
  { hostname, protocol }: buildConnector.Options,
  allow: readonly string[],
  resolve: Resolve,
): Promise<readonly Address[]> {
  const host = withoutBrackets(hostname);
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  if (addresses.length === 0) throw new RefusedAddress(`${host} has no address`);
  for (const { address } of addresses) {
    const fault = isAllowed(allow, host) ? null : addressFault(address);
    if (fault !== null) throw new RefusedAddress(`${host}: ${address} ${fault}`);
    if (protocol === 'http:' && !isLoopbackAddress(address)) {
      throw new RefusedAddress(`${host}: ${address} is not on loopback, and http is for loopback only`);
    }
  }
  return addresses;
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

function isAllowed(allow: readonly string[], host: string): boolean {
  return allow.some((name) => withoutBrackets(name).toLowerCase() === host);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function resolveAll(host: string): Promise<readonly Address[]> {
  return lookup(host, { all: true });
}

/** Certificates are checked for the name; the addresses are those that were looked at. */
function connectTo(build: typeof buildConnector): Connect {
  return (addresses) =>
    build({
      allowH2: false,
      lookup: (_host, { all }, callback) => {
        if (all) callback(null, [...addresses]);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
    });
}
