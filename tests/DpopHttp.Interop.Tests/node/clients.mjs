// One client for each way to authenticate at the token endpoint.
import { tokenExchange } from './token-exchange.mjs';

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

const shared = {
  // Native: a loopback redirect URI is accepted whatever its port, and plain http with it.
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/callback'],
  id_token_signed_response_alg: 'ES256',
};

const confidential = (id, method, credentials) => ({
  ...shared,
  client_id: id,
  token_endpoint_auth_method: method,
  grant_types: ['client_credentials', 'authorization_code', 'refresh_token', deviceCode, tokenExchange],
  ...credentials,
});

export const createClients = ({ clientSecret, clientAssertionJwk }) => [
  {
    ...shared,
    client_id: 'public-client',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', deviceCode],
    dpop_bound_access_tokens: true,
  },
  ...(clientSecret
    ? [
        confidential('basic-client', 'client_secret_basic', { client_secret: clientSecret }),
        confidential('post-client', 'client_secret_post', { client_secret: clientSecret }),
      ]
    : []),
  ...(clientAssertionJwk
    ? [
        confidential('assertion-client', 'private_key_jwt', {
          token_endpoint_auth_signing_alg: clientAssertionJwk.alg,
          jwks: { keys: [clientAssertionJwk] },
        }),
      ]
    : []),
];
