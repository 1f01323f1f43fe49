// oidc-provider's configuration; every key and secret in it is made here, at start.
import { randomBytes } from 'node:crypto';

import { exportJWK, generateKeyPair } from 'jose';
import { errors } from 'oidc-provider';

import { createClients } from './clients.mjs';

export const resourceScope = 'orders.read orders.write';

const createDpop = (nonces) => ({
  enabled: true,
  // Without a secret there are no nonces at all; with one they are offered even where they are not required.
  nonceSecret: nonces === 'off' ? undefined : randomBytes(32),
  requireNonce: () => nonces === 'required',
});

const createResourceIndicators = ({ resourceServer, accessTokenSeconds }) => ({
  enabled: true,
  getResourceServerInfo(ctx, resource) {
    if (resource !== resourceServer) throw new errors.InvalidTarget();
    return {
      scope: resourceScope,
      audience: resource,
      accessTokenTTL: accessTokenSeconds,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'ES256' } },
    };
  },
});

export async function createConfiguration(config) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });

  return {
    clients: [...createClients(config), ...config.clients],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    enabledJWA: {
      dPoPSigningAlgValues: ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
    },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    // By default a sender-constrained refresh token is rotated only near its end.
    rotateRefreshToken: true,
    // By default a refresh token without offline_access dies with the browser session.
    expiresWithSession: () => false,
    ttl: {
      AccessToken: config.accessTokenSeconds,
      // By default a minute: too short to see a nonce out in.
      AuthorizationCode: 600,
      ClientCredentials: config.accessTokenSeconds,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: createDpop(config.nonces),
      resourceIndicators: createResourceIndicators(config),
    },
  };
}
