// What the servers share: a port on loopback, a clock that can be moved, commands on stdin.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

import { serveLines } from './lines.mjs';

// Nonces step by a fixed 60 s and no option changes that; the libraries read the time through Date.now and, in jose, through new Date().
const SystemDate = Date;
let advancedSeconds = 0;
globalThis.Date = class Date extends SystemDate {
  constructor(...parts) {
    super(...(parts.length > 0 ? parts : [Date.now()]));
  }

  static now() {
    return SystemDate.now() + advancedSeconds * 1000;
  }
};

function advanceSeconds(seconds) {
  advancedSeconds += seconds;
}

// createHandler gets the base URL, which is known only once the port is; returns that URL.
export async function host(tls, createHandler, commands = {}) {
  const server = tls
    ? createHttpsServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) })
    : createHttpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`;
  const handler = await createHandler(url);
  server.on('request', (request, response) => {
    // Node writes the Date of the real clock; a server whose clock was moved must say so.
    response.setHeader('Date', new Date(Date.now()).toUTCString());
    handler(request, response);
  });

  const known = new Map(Object.entries({ advanceSeconds, ...commands }));
  serveLines(async (command) => {
    for (const [name, argument] of Object.entries(command)) {
      if (!known.has(name)) throw new Error(`unknown command '${name}'`);
      await known.get(name)(argument);
    }
    return { ok: true };
  });
  return url;
}
