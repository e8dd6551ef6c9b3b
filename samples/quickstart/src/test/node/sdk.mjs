// Drives a running Gatehouse through the official SDK, as an application would.
//   node sdk.mjs PORT API_KEY CLIENT_ID [PORT_OF_THE_SAMPLE, if PORT is the judge's]
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { WorkOS } from '@workos-inc/node';
import { access, paging } from './access.mjs';
import { snippets } from './snippets.mjs';
import { sso } from './sso.mjs';
import { apiKeys, domains, flags } from './tenants.mjs';

const [port, key, clientId, samplePort = port] = process.argv.slice(2);
const workos = new WorkOS(key, { apiHostname: '127.0.0.1', https: false, port: Number(port), clientId });
const um = workos.userManagement;
const password = 'correct-horse-battery-9';
const cookiePassword = '0123456789abcdef0123456789abcdef';
const run = Date.now().toString(36);
const email = `ada-${run}@example.com`;

const user = await um.createUser({ email, password, emailVerified: true, firstName: 'Ada', externalId: `x-${run}`, metadata: { plan: 'pro' } });
assert.equal(user.email, email);
assert.equal((await um.getUser(user.id)).firstName, 'Ada');
assert.equal((await um.getUserByExternalId(`x-${run}`)).id, user.id);
assert.equal((await um.updateUser({ userId: user.id, lastName: 'Lovelace' })).lastName, 'Lovelace');
assert.equal((await um.listUsers({ email: email.toUpperCase() })).data[0].id, user.id);
assert.deepEqual(await um.getUserIdentities(user.id), []);
await assert.rejects(um.createUser({ email }), (e) => e.errors?.[0]?.code === 'email_not_available');
await assert.rejects(um.createUser({}), (e) => e.status === 422);

const acme = await workos.organizations.createOrganization({ name: `Acme ${run}`, domainData: [{ domain: `acme-${run}.com`, state: 'verified' }] });
const other = await workos.organizations.createOrganization({ name: `Other ${run}`, externalId: `o-${run}` });
assert.equal((await workos.organizations.getOrganization(acme.id)).domains[0].state, 'verified');
assert.equal((await workos.organizations.getOrganizationByExternalId(`o-${run}`)).id, other.id);
assert.equal((await workos.organizations.updateOrganization({ organization: acme.id, name: `Acme II ${run}` })).name, `Acme II ${run}`);
assert.equal((await workos.organizations.listOrganizations({ domains: [`acme-${run}.com`] })).data.length, 1);

const member = await um.createOrganizationMembership({ userId: user.id, organizationId: acme.id });
assert.equal(member.role.slug, 'member');
assert.equal((await um.getOrganizationMembership(member.id)).organizationName, `Acme II ${run}`);
assert.equal((await um.updateOrganizationMembership(member.id, { roleSlug: 'admin' })).role.slug, 'admin');
assert.equal((await um.deactivateOrganizationMembership(member.id)).status, 'inactive');
assert.equal((await um.reactivateOrganizationMembership(member.id)).status, 'active');
assert.equal((await um.listOrganizationMemberships({ userId: user.id, statuses: ['active', 'pending'] })).data.length, 1);

const signedIn = await um.authenticateWithPassword({ clientId, email, password, session: { sealSession: true, cookiePassword } });
assert.equal(signedIn.organizationId, acme.id);
assert.equal(signedIn.authenticationMethod, 'Password');
const session = um.loadSealedSession({ sessionData: signedIn.sealedSession, cookiePassword });
const read = await session.authenticate();
assert.equal(read.authenticated, true, JSON.stringify(read));
assert.equal(read.organizationId, acme.id);
const refreshed = await session.refresh();
assert.equal(refreshed.authenticated, true, JSON.stringify(refreshed));
const tokens = await Promise.all(Array.from({ length: 10 }, () => um.authenticateWithRefreshToken({ clientId, refreshToken: signedIn.refreshToken })));
assert.equal(new Set(tokens.map((t) => t.refreshToken)).size, 1);
await assert.rejects(um.authenticateWithPassword({ clientId, email, password: 'wrong' }), (e) => JSON.stringify(e).includes('invalid_credentials') || String(e).includes('Invalid credentials'));

await um.createOrganizationMembership({ userId: user.id, organizationId: other.id });
let pending;
await assert.rejects(um.authenticateWithPassword({ clientId, email, password }), (e) => {
  pending = e.pendingAuthenticationToken ?? e.rawData?.pending_authentication_token;
  return e.status === 403 && Boolean(pending);
});
const chosen = await um.authenticateWithOrganizationSelection({ clientId, pendingAuthenticationToken: pending, organizationId: other.id });
assert.equal(chosen.organizationId, other.id);

// what an authenticator app shows
const totp = (secret, at = Date.now()) => {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const hash = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))).update(counter).digest();
  return ((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1e6).toString().padStart(6, '0');
};
const mfa = workos.multiFactorAuth;
const factor = await mfa.enrollFactor({ type: 'totp', issuer: 'Acme', user: email });
assert.match(factor.totp.qrCode, /^data:image\/png;base64,/);
assert.ok(factor.totp.uri.startsWith('otpauth://totp/Acme:'), factor.totp.uri);
const asked = await mfa.challengeFactor({ authenticationFactorId: factor.id });
const near = [-1, 0, 1, 2].map((step) => totp(factor.totp.secret, Date.now() + step * 30000));
const wrong = ['000000', '111111', '222222', '333333', '444444'].find((code) => !near.includes(code));
assert.equal((await mfa.verifyChallenge({ authenticationChallengeId: asked.id, code: wrong })).valid, false);
assert.equal((await mfa.verifyChallenge({ authenticationChallengeId: asked.id, code: totp(factor.totp.secret) })).valid, true);
await assert.rejects(mfa.verifyChallenge({ authenticationChallengeId: asked.id, code: wrong }), (e) => e.status === 422);
const again = await mfa.challengeFactor({ authenticationFactorId: factor.id });
assert.equal((await mfa.verifyChallenge({ authenticationChallengeId: again.id, code: totp(factor.totp.secret, Date.now() - 30000) })).valid, false);
assert.deepEqual((await mfa.getFactor(factor.id)).totp, { issuer: 'Acme', user: email });
await mfa.deleteFactor(factor.id);
await assert.rejects(mfa.getFactor(factor.id), (e) => e.status === 404);
await assert.rejects(mfa.enrollFactor({ type: 'sms', phoneNumber: '+15555555555' }), (e) => e.status === 422);
const own = await mfa.createUserAuthFactor({ userId: user.id, type: 'totp', totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
assert.equal(own.authenticationFactor.userId, user.id);
assert.equal(own.authenticationFactor.totp.user, email);
assert.equal((await mfa.verifyChallenge({
  authenticationChallengeId: own.authenticationChallenge.id, code: totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') })).valid, true);
const factors = await mfa.listUserAuthFactors({ userId: user.id });
assert.deepEqual(factors.data.map((f) => f.id), [own.authenticationFactor.id]);

// the key's holder reads the codes, as an application does that sends its own mails
const refusal = async (call, code) => {
  let raw;
  await assert.rejects(call, (e) => {
    raw = { ...e.rawData, pending: e.pendingAuthenticationToken ?? e.rawData?.pending_authentication_token };
    assert.equal(e.status, 403, String(e));
    assert.equal(e.code ?? e.rawData?.code, code, String(e));
    return Boolean(raw.pending);
  });
  return raw;
};
const mailbox = `grace-${run}@example.com`;
const grace = await um.createUser({ email: mailbox, password });
const gate = await refusal(um.authenticateWithPassword({ clientId, email: mailbox, password }), 'email_verification_required');
const verification = await um.getEmailVerification(gate.email_verification_id);
const verified = await um.authenticateWithEmailVerification({ clientId, code: verification.code, pendingAuthenticationToken: gate.pending });
assert.equal(verified.user.emailVerified, true);
const magic = await um.createMagicAuth({ email: mailbox });
assert.equal((await um.getMagicAuth(magic.id)).code, magic.code);
const byCode = await um.authenticateWithMagicAuth({ clientId, email: mailbox, code: magic.code });
assert.equal(byCode.authenticationMethod, 'MagicAuth');
await assert.rejects(um.authenticateWithMagicAuth({ clientId, email: mailbox, code: magic.code }));
const reset = await um.createPasswordReset({ email: mailbox });
assert.ok(reset.passwordResetUrl.endsWith(`?token=${reset.passwordResetToken}`));
assert.equal((await um.getPasswordReset(reset.id)).passwordResetToken, reset.passwordResetToken);
await assert.rejects(um.resetPassword({ token: reset.passwordResetToken, newPassword: 'short' }), (e) => e.status === 400);
assert.equal((await um.resetPassword({ token: reset.passwordResetToken, newPassword: 'violet-lamp-paperclip-42' })).user.id, grace.id);
const heidi = await um.createUser({ email: `heidi-${run}@example.com`, password });
assert.equal((await um.sendVerificationEmail({ userId: heidi.id })).user.id, heidi.id);
const waits = await refusal(um.authenticateWithPassword({ clientId, email: heidi.email, password }), 'email_verification_required');
const sent = await um.getEmailVerification(waits.email_verification_id);
assert.equal((await um.verifyEmail({ userId: heidi.id, code: sent.code })).user.emailVerified, true);

// a second factor, once the person has proved one
const second = await refusal(um.authenticateWithPassword({ clientId, email, password }), 'mfa_challenge');
const challenge = await mfa.challengeFactor({ authenticationFactorId: second.authentication_factors[0].id });
const choose = await refusal(um.authenticateWithTotp({
  clientId, code: totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', Date.now() + 30000),
  pendingAuthenticationToken: second.pending, authenticationChallengeId: challenge.id }), 'organization_selection_required');
assert.equal((await um.authenticateWithOrganizationSelection({
  clientId, pendingAuthenticationToken: choose.pending, organizationId: acme.id })).organizationId, acme.id);

const post = (path, body) => fetch(`http://127.0.0.1:${port}${path}`, {
  method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
const device = await post('/user_management/authorize/device', { client_id: clientId });
assert.equal(device.status, 200);
const waiting = await post('/user_management/authenticate', {
  grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: clientId, device_code: (await device.json()).device_code });
assert.equal((await waiting.json()).error, 'authorization_pending');
const change = await post(`/user_management/users/${grace.id}/email_change/send`, { new_email: `hopper-${run}@example.com` });
assert.equal(change.status, 200);
assert.equal((await post(`/user_management/users/${grace.id}/email_change/confirm`, { code: 'abcdef' })).status, 400);
// only the new mailbox has this code; the sample shows its mails
let mailed;
for (let tries = 0; !mailed && tries < 50; tries++) {
  const mails = await (await fetch(`http://127.0.0.1:${samplePort}/mail`)).text();
  mailed = mails.match(new RegExp(`To hopper-${run}@example\\.com[^]*?([0-9]{6})`))?.[1];
  await new Promise((later) => setTimeout(later, mailed ? 0 : 100));
}
const changed = await post(`/user_management/users/${grace.id}/email_change/confirm`, { code: mailed });
assert.equal(changed.status, 200);
assert.equal((await changed.json()).user.email, `hopper-${run}@example.com`);

// invitations: sent, found, sent again; accepted with a sign-in, accepted by the application, withdrawn
const guest = `guest-${run}@example.com`;
const invitation = await um.sendInvitation({
  email: guest, organizationId: acme.id, expiresInDays: 3, inviterUserId: user.id, roleSlug: 'admin', locale: 'de' });
assert.equal(invitation.state, 'pending');
assert.equal(invitation.roleSlug, 'admin');
assert.ok(invitation.acceptInvitationUrl.endsWith(`invitation_token=${invitation.token}`), invitation.acceptInvitationUrl);
assert.equal((await um.getInvitation(invitation.id)).email, guest);
assert.equal((await um.findInvitationByToken(invitation.token)).id, invitation.id);
await assert.rejects(um.findInvitationByToken('x'.repeat(30)), (e) => e.status === 404);
await assert.rejects(um.sendInvitation({ email: guest, organizationId: acme.id }), (e) => e.code === 'email_already_invited_to_organization');
assert.deepEqual((await um.listInvitations({ organizationId: acme.id, email: guest })).data.map((i) => i.id), [invitation.id]);
assert.equal((await um.resendInvitation(invitation.id)).token, invitation.token);
assert.equal((await um.resendInvitation(invitation.id, { locale: 'en' })).state, 'pending');
await um.createUser({ email: guest, password, emailVerified: true, metadata: { plan: 'pro' } });
const stranger = await um.createUser({ email: `eve-${run}@evil.example`, password, emailVerified: true });
await assert.rejects(um.authenticateWithPassword({ clientId, email: stranger.email, password, invitationToken: invitation.token }),
  (e) => JSON.stringify(e.rawData ?? e).includes('invitation_cannot_be_used_for_email') || e.error === 'invitation_cannot_be_used_for_email');
const joined = await um.authenticateWithPassword({ clientId, email: guest, password, invitationToken: invitation.token });
assert.equal(joined.organizationId, acme.id);
const accepted = await um.getInvitation(invitation.id);
assert.equal(accepted.state, 'accepted');
assert.equal(accepted.acceptedUserId, joined.user.id);
await assert.rejects(um.authenticateWithPassword({ clientId, email: guest, password, invitationToken: invitation.token }),
  (e) => JSON.stringify(e.rawData ?? e).includes('invitation_invalid') || e.error === 'invitation_invalid');
const vouched = await um.sendInvitation({ email: stranger.email, organizationId: acme.id });
assert.equal((await um.acceptInvitation(vouched.id)).acceptedUserId, stranger.id);
await assert.rejects(um.acceptInvitation(vouched.id), (e) => e.code === 'invite_has_accepted_user_id');
assert.equal((await um.listOrganizationMemberships({ userId: stranger.id, organizationId: acme.id })).data[0].status, 'active');
const withdrawn = await um.sendInvitation({ email: `late-${run}@example.com` });
assert.equal((await um.revokeInvitation(withdrawn.id)).state, 'revoked');
await assert.rejects(um.revokeInvitation(withdrawn.id), (e) => e.code === 'invite_not_pending');
await assert.rejects(um.resendInvitation(withdrawn.id), (e) => e.code === 'invite_revoked');

// claims of the application's own: the SDK has no method for the template, but its client sends what it is given
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
await assert.rejects(workos.get('/user_management/jwt_template'), (e) => e.status === 404);
const template = '{"plan": {{ user.metadata.plan }}, "team": {{ organization.name || \'none\' }}}';
assert.equal((await workos.put('/user_management/jwt_template', { content: template })).data.content, template);
assert.equal((await workos.get('/user_management/jwt_template')).data.content, template);
await assert.rejects(workos.put('/user_management/jwt_template', { content: '{"sub": "x"}' }), (e) => e.status === 422);
const renewed = claims((await um.authenticateWithRefreshToken({ clientId, refreshToken: joined.refreshToken })).accessToken);
assert.deepEqual([renewed.plan, renewed.team, renewed.sub], ['pro', `Acme II ${run}`, joined.user.id]);

await access(workos, run);
await paging(workos, run);
await apiKeys(workos, run);
await flags(workos, run);
await sso(workos, run, clientId, port, samplePort);
await domains(workos, run);

const sessions = await um.listSessions(user.id);
assert.ok(sessions.data.length >= 2);
await um.revokeSession({ sessionId: sessions.data[0].id });

const redirect = await fetch(`http://127.0.0.1:${port}/user_management/redirect_uris`, {
  method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify({ uri: `https://app.example.com/${run}` }) });
assert.equal(redirect.status, 201);
const get = (path) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${key}` }, redirect: 'manual' });
assert.equal((await get('/user_management/redirect_uris')).status, 200);
const spare = await (await fetch(`http://127.0.0.1:${port}/user_management/redirect_uris`, {
  method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify({ uri: `https://app.example.com/spare-${run}` }) })).json();
assert.equal((await fetch(`http://127.0.0.1:${port}/user_management/redirect_uris/${spare.id}`, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } })).status, 204);
const cors = await fetch(`http://127.0.0.1:${port}/user_management/cors_origins`, {
  method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify({ origin: `https://${run}.example.com` }) });
assert.equal(cors.status, 201);
assert.equal((await get('/user_management/cors_origins')).status, 200);
assert.equal((await get(`/sso/jwks/${clientId}`)).status, 200);
const authorize = um.getAuthorizationUrl({ provider: 'authkit', clientId, redirectUri: `https://app.example.com/${run}`, state: 'a*b~c d' });
assert.equal((await fetch(authorize, { redirect: 'manual' })).status, 302);
assert.equal((await get(`/user_management/sessions/logout?session_id=${sessions.data[1].id}`)).status, 302);

const events = await workos.events.listEvents({ events: ['user.created', 'organization.created', 'organization_membership.created', 'session.created', 'session.revoked', 'invitation.created', 'invitation.resent', 'invitation.accepted', 'invitation.revoked'], limit: 100 });
for (const name of ['user.created', 'organization.created', 'organization_membership.created', 'session.created', 'session.revoked', 'invitation.created', 'invitation.resent', 'invitation.accepted', 'invitation.revoked']) {
  assert.ok(events.data.some((e) => e.event === name), name);
}

// a page at a time, each from the last event of the one before
const seen = [];
for (let after; ;) {
  const page = await workos.events.listEvents({ events: ['organization.created'], limit: 1, after });
  if (page.data.length === 0) break;
  seen.push(page.data[0].id);
  after = page.data[0].id;
}
assert.ok(seen.length >= 2 && new Set(seen).size === seen.length, String(seen));
const ofAcme = await workos.events.listEvents({ events: ['organization.created', 'user.created'], organizationId: acme.id, rangeStart: new Date(Date.now() - 864e5).toISOString() });
assert.deepEqual(ofAcme.data.map((e) => [e.event, e.data.id]), [['organization.created', acme.id]]);
await assert.rejects(workos.events.listEvents({}), (e) => e.status === 422);
await assert.rejects(workos.events.listEvents({ events: ['user.created'], after: 'event_01JZZZZZZZZZZZZZZZZZZZZZZZ' }), (e) => e.status === 400);

// webhooks: one that fails at first, and is really delivered then
const delivered = [];
const receiver = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part)).on('end', () => {
    delivered.push({ body: Buffer.concat(parts), header: request.headers['workos-signature'] });
    response.writeHead(delivered.length === 1 ? 500 : 204).end();
  });
});
await new Promise((listening) => receiver.listen(0, '127.0.0.1', listening));
const hooks = workos.webhooks;
const url = `http://127.0.0.1:${receiver.address().port}/hook`;
const hook = await hooks.createWebhookEndpoint({ endpointUrl: url, events: ['organization.updated'] });
assert.match(hook.secret, /^whsec_/);
await assert.rejects(hooks.createWebhookEndpoint({ endpointUrl: url, events: ['user.created'] }), (e) => e.status === 409);
await assert.rejects(hooks.createWebhookEndpoint({ endpointUrl: 'http://10.0.0.1/', events: ['user.created'] }), (e) => e.status === 422);
await assert.rejects(hooks.createWebhookEndpoint({ endpointUrl: `${url}/2`, events: ['user.exploded'] }), (e) => e.status === 422);
assert.deepEqual((await hooks.updateWebhookEndpoint({ id: hook.id, events: ['organization.updated', 'user.updated'] })).events, ['organization.updated', 'user.updated']);
assert.ok((await hooks.listWebhookEndpoints()).data.some((e) => e.id === hook.id));
await um.updateUser({ userId: user.id, firstName: 'Ünï/code', metadata: { 10: 'ten', 9: '</nine>' } });
for (let i = 0; i < 150 && delivered.length < 2; i++) await new Promise((r) => setTimeout(r, 100));
assert.equal(delivered.length, 2, 'the failed attempt is followed by another');
for (const { body, header } of delivered) {
  // over the bytes, and over what a framework has read already
  assert.equal(await hooks.verifyHeader({ payload: body, sigHeader: header, secret: hook.secret }), true);
  const event = await hooks.constructEvent({ payload: JSON.parse(body), sigHeader: header, secret: hook.secret });
  assert.equal(event.event, 'user.updated');
  assert.equal(event.data.firstName, 'Ünï/code');
  await assert.rejects(hooks.constructEvent({ payload: JSON.parse(body), sigHeader: header, secret: 'whsec_other' }));
}
assert.equal((await hooks.updateWebhookEndpoint({ id: hook.id, status: 'disabled' })).status, 'disabled');
await hooks.deleteWebhookEndpoint({ id: hook.id });
await assert.rejects(hooks.updateWebhookEndpoint({ id: hook.id, status: 'enabled' }), (e) => e.status === 404);
receiver.close();

await snippets(workos, totp);
await um.deleteOrganizationMembership(member.id);
await workos.organizations.deleteOrganization(acme.id);
await um.deleteUser(user.id);
await assert.rejects(um.getUser(user.id), (e) => e.status === 404);
console.log('sdk: every call behaved');
