// Calls the API with oauth4webapi: [algorithm] [url ...]. It answers nonce challenges as its documentation says.
import * as oauth from 'oauth4webapi';
import { hear, say } from './lines.mjs';

const [algorithm, ...urls] = process.argv.slice(2);
const keyPair = await oauth.generateKeyPair(algorithm);
const dpop = oauth.DPoP({ client_id: 'tests' }, keyPair);
say({ thumbprint: await dpop.calculateThumbprint() });
const token = await hear();

async function call(url) {
  const options = { DPoP: dpop, [oauth.allowInsecureRequests]: true };
  let challenges = 0;
  for (;;) {
    try {
      const response = await oauth.protectedResourceRequest(token, 'GET', new URL(url), undefined, undefined, options);
      return { url, status: response.status, challenges };
    } catch (error) {
      if (oauth.isDPoPNonceError(error) && challenges++ < 2) {
        continue;
      }
      const challenge = error.cause?.find?.((c) => c.scheme === 'dpop');
      return { url, status: error.status ?? 0, challenges, error: challenge?.parameters.error, algs: challenge?.parameters.algs };
    }
  }
}

for (const url of urls) {
  say(await call(url));
}
process.exit(0);
