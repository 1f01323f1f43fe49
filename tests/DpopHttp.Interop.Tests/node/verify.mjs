// Verifies proofs with jose: lines of {id, proof, method, url, accessToken?, nonce?} in, lines of {id, ok, …} out.
import { createHash } from 'node:crypto';

import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';

import { serveLines, writeLine } from './lines.mjs';

const algorithms = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

// RFC 9449, section 4.3: compared after normalization, without query and fragment.
function normalize(url) {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function verify({ proof, method, url, accessToken, nonce }) {
  const { jwk } = decodeProtectedHeader(proof);
  const leaked = privateMembers.filter((name) => jwk && name in jwk);
  expect(leaked.length === 0, `the jwk holds private members: ${leaked.join(', ')}`);

  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms });
  const { htm, htu, iat, jti, ath } = payload;
  expect(typeof jti === 'string' && jti !== '', 'jti is missing');
  expect(Number.isInteger(iat), 'iat is no integer');
  expect(htm === method, `htm is '${htm}', not '${method}'`);
  expect(typeof htu === 'string' && !/[?#]/.test(htu), `htu '${htu}' has a query or a fragment`);
  expect(normalize(htu) === normalize(url), `htu is '${htu}', not '${normalize(url)}'`);

  const expectedAth = accessToken && createHash('sha256').update(accessToken).digest('base64url');
  expect(ath === expectedAth, `ath is '${ath}', not '${expectedAth}'`);
  expect(nonce === undefined || payload.nonce === nonce, `nonce is '${payload.nonce}', not '${nonce}'`);

  return { thumbprint: await calculateJwkThumbprint(jwk), alg: protectedHeader.alg, payload };
}

writeLine({ ready: true });
await serveLines(async ({ id, ...request }) => {
  try {
    return { id, ok: true, ...(await verify(request)) };
  } catch (error) {
    return { id, ok: false, error: error.message };
  }
});
