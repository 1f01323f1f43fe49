// A gRPC server (grpc-js) behind a gate on the level of HTTP/2, which demands nonces and refuses with 401. Neither sends 100 Continue.
import { once } from 'node:events';
import { connect, createServer } from 'node:http2';

import { Server, ServerCredentials } from '@grpc/grpc-js';
import { decodeJwt } from 'jose';

import { readConfig, serveLines, writeLine } from './lines.mjs';

const { nonces } = readConfig();
const identity = (bytes) => bytes;
const method = (path, requestStream) => ({
  path, requestStream, responseStream: false, requestSerialize: identity, requestDeserialize: identity, responseSerialize: identity, responseDeserialize: identity,
});
const length = (count) => Buffer.from(String(count));

const grpc = new Server({ 'grpc.max_receive_message_length': -1 });
grpc.addService({ Unary: method('/test.Sizes/Unary', false), Stream: method('/test.Sizes/Stream', true) }, {
  Unary: (call, reply) => reply(null, length(call.request.length)),
  Stream: (call, reply) => {
    let total = 0;
    call.on('data', (message) => { total += message.length; });
    call.on('end', () => reply(null, length(total)));
  },
});
const port = await new Promise((resolve, reject) => grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(),
  (error, bound) => (error ? reject(error) : resolve(bound))));
const upstream = connect(`http://127.0.0.1:${port}`);

let nonce = 1;
let seen = [];
const gate = createServer();
gate.on('stream', (stream, headers) => {
  const proof = decodeJwt(headers.dpop);
  const accepts = !nonces || proof.nonce === `n${nonce}`;
  seen.push({ path: headers[':path'], expects: 'expect' in headers, accepted: accepts });
  stream.on('error', () => {});
  if (!accepts) {
    stream.respond({ ':status': 401, 'dpop-nonce': `n${nonce}`, 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, { endStream: true });
    stream.resume();
    return;
  }

  const forwarded = upstream.request({ ...headers, ':authority': undefined });
  stream.pipe(forwarded);
  let trailers = {};
  forwarded.on('error', () => stream.close());
  forwarded.on('trailers', (sent) => { trailers = sent; });
  forwarded.on('response', (answer) => {
    stream.respond(nonces ? { ...answer, 'dpop-nonce': `n${nonce}` } : answer, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(Object.fromEntries(Object.entries(trailers).filter(([name]) => !name.startsWith(':')))));
    forwarded.pipe(stream);
  });
});
gate.listen(0, '127.0.0.1');
await once(gate, 'listening');
writeLine({ url: `http://127.0.0.1:${gate.address().port}` });
await serveLines((command) => {
  if (command.rotate) nonce += 1;
  const calls = seen;
  seen = [];
  return { ok: true, calls };
});
