// oidc-provider on loopback: node authorization-server.mjs '{"resourceServer":"https://orders.example"}'
import Provider from 'oidc-provider';

import { createConfiguration, resourceScope } from './configuration.mjs';
import { host } from './host.mjs';
import { readConfig, writeLine } from './lines.mjs';
import { registerTokenExchange } from './token-exchange.mjs';

const config = { nonces: 'required', accessTokenSeconds: 3600, clients: [], ...readConfig() };
const accountId = 'alice';
let provider;

async function grantEverything(clientId) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(config.resourceServer, resourceScope);
  return grant.save();
}

// Login and consent in one step and without a page, so that plain GETs get a code.
async function approveInteraction(ctx, next) {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grantId = await grantEverything(params.client_id);
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login: { accountId }, consent: { grantId } }));
  ctx.status = 303;
}

// Does what the end of the pages for the user code does, for they need a form and a session.
async function approveDevice(userCode) {
  const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
  if (!code) throw new Error(`unknown user code '${userCode}'`);
  const { scope, resource } = code.params;
  const grantId = await grantEverything(code.clientId);
  Object.assign(code, { accountId, grantId, scope, resource, authTime: Math.floor(Date.now() / 1000) });
  await code.save();
}

const issuer = await host(
  config.tls,
  async (url) => {
    provider = new Provider(url, await createConfiguration(config));
    registerTokenExchange(provider);
    provider.use(approveInteraction);
    provider.on('server_error', (ctx, error) => console.error(error));
    return provider.callback();
  },
  { approveDevice },
);
writeLine({ issuer });
