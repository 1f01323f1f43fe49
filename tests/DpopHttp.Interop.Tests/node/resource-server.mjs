// An API behind express-oauth2-jwt-bearer: node resource-server.mjs '{"issuer":"http://127.0.0.1:1","audience":"https://orders.example"}'
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';

import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';

import { host } from './host.mjs';
import { readConfig, writeLine } from './lines.mjs';

const { issuer, audience, dpopRequired = true, tls } = readConfig();

const app = express();
app.use(
  auth({
    issuerBaseURL: issuer,
    audience,
    tokenSigningAlg: 'ES256',
    dpop: { enabled: true, required: dpopRequired },
    // The certificate is self-signed and serves both servers.
    agent: tls && new Agent({ ca: readFileSync(tls.cert) }),
  }),
);

const describe = (request) => ({
  sub: request.auth.payload.sub,
  clientId: request.auth.payload.client_id,
  scope: request.auth.payload.scope,
  jkt: request.auth.payload.cnf?.jkt,
  url: request.originalUrl,
  proof: request.get('DPoP'),
});

app.get('/orders', (request, response) => response.json(describe(request)));
app.get('/orders/:id', (request, response) => response.json({ ...describe(request), id: request.params.id }));
app.post('/orders', (request, response) => {
  response.set('Content-Type', request.get('Content-Type') ?? 'application/octet-stream');
  request.pipe(response);
});

const url = await host(tls, () => app);
writeLine({ url });
