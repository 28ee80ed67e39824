// Serves the page as it was built. Its files carry a hash in their names and never change; the entry is asked again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Problem } from '@gapwatch/runtime';
import type { FastifyInstance } from 'fastify';

const year = 'public, max-age=31536000, immutable';

export async function servePage(server: FastifyInstance, directory: string): Promise<void> {
  await server.register(fastifyStatic, { root: directory, serve: false, cacheControl: false, dotfiles: 'deny' });
  const config = { access: 'open' } as const;
  server.get('/', { config }, (_request, reply) => {
    if (!existsSync(join(directory, 'index.html'))) throw notBuilt();
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  });
  server.get<{ Params: { file: string } }>('/assets/:file', { config }, (request, reply) => {
    const { file } = request.params;
    if (!/^[\w-]+(?:\.[\w-]+)+$/.test(file) || !existsSync(join(directory, 'assets', file))) {
      throw new Problem(404, 'no-file', 'The page has no such file; load it again.');
    }
    return reply.header('cache-control', year).sendFile(`assets/${file}`);
  });
}

function notBuilt(): Problem {
  return new Problem(
    503,
    'page-not-built',
    'The page is not built yet: run `npm run build`. The API answers all the same.',
  );
}
