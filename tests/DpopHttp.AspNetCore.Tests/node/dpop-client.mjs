// Calls the API with proofs of the package dpop: [algorithm] [url ...].
import * as dpop from 'dpop';
import { hear, say } from './lines.mjs';

const [algorithm, ...urls] = process.argv.slice(2);
const keyPair = await dpop.generateKeyPair(algorithm);
say({ thumbprint: await dpop.calculateThumbprint(keyPair.publicKey) });
const token = await hear();
let nonce;

async function call(url) {
  const target = new URL(url);
  const htu = `${target.origin}${target.pathname}`;
  for (let challenges = 0; ; challenges++) {
    const proof = await dpop.generateProof(keyPair, htu, 'GET', nonce, token);
    const response = await fetch(url, { headers: { authorization: `DPoP ${token}`, dpop: proof } });
    const challenge = response.headers.get('www-authenticate') ?? '';
    nonce = response.headers.get('dpop-nonce') ?? nonce;
    if (response.status !== 401 || !challenge.includes('use_dpop_nonce') || challenges === 2) {
      return { url, status: response.status, challenges, error: /error="([^"]*)"/.exec(challenge)?.[1], algs: /algs="([^"]*)"/.exec(challenge)?.[1] };
    }
  }
}

for (const url of urls) {
  say(await call(url));
}
process.exit(0);
