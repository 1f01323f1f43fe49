// Token exchange (RFC 8693), which oidc-provider leaves to its users: somebody's opaque access token, whichever client it was given to, for a JWT
// of the client that asks, for one resource and bound to the key of its proof.
import { errors } from 'oidc-provider';
// What the provider's own grants check proofs with; it hands them to its own grants only.
import {
  buildTokenResponse,
  checkDpopReplay,
  checkDpopRequired,
  resolveRequestedResources,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js';

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const parameters = ['subject_token', 'subject_token_type', 'resource', 'scope'];

export function registerTokenExchange(provider) {
  provider.registerGrantType(tokenExchange, (ctx) => exchange(provider, ctx), parameters, ['resource']);
}

// RFC 8693, section 2.2.2: a subject token that is not good is an invalid_request.
async function findSubject(provider, { subject_token: value, subject_token_type: type }) {
  if (type !== accessTokenType) throw new errors.InvalidRequest('subject_token_type is not supported');
  const subject = value && (await provider.AccessToken.find(value));
  if (!subject) throw new errors.InvalidRequest('subject_token not found');
  return subject;
}

async function bind(provider, ctx, dPoP, token) {
  checkDpopRequired(provider, ctx, dPoP);
  if (!dPoP) return;
  await checkDpopReplay(provider, ctx, dPoP, ctx.oidc.client.clientId);
  token.setThumbprint('jkt', dPoP.thumbprint);
}

async function exchange(provider, ctx) {
  // Before anything else, as in the built-in grants: this is what asks for a nonce.
  const dPoP = await validateDpop(provider, ctx);
  const { client, params, requestParamScopes } = ctx.oidc;
  const subject = await findSubject(provider, params);
  const [resourceServer, ...others] = await resolveRequestedResources(provider, ctx);
  if (!resourceServer || others.length > 0) throw new errors.InvalidTarget('exactly one resource must be named');

  const grant = await provider.Grant.find(subject.grantId);
  const token = new provider.AccessToken({
    accountId: subject.accountId,
    client,
    grantId: subject.grantId,
    gty: 'token_exchange',
    resourceServer,
    scope: grant.getResourceScopeFiltered(resourceServer.identifier(), [...requestParamScopes]),
  });
  await bind(provider, ctx, dPoP, token);
  ctx.oidc.entity('AccessToken', token);
  ctx.body = buildTokenResponse(provider, {
    accessToken: await token.save(),
    expiresIn: token.expiration,
    issuedTokenType: accessTokenType,
    scope: token.scope,
    tokenType: token.tokenType,
  });
}
