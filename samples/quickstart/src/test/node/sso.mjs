// Connections, profiles and sign-ins through a provider, by the official SDK and a browser's requests.
import assert from 'node:assert/strict';

const back = 'https://app.example.com/sso';

export async function sso(workos, run, clientId, port, samplePort) {
  await workos.post('/user_management/redirect_uris', { uri: back }).catch(() => {});
  const organization = await workos.organizations.createOrganization({
    name: `SSO ${run}`, domainData: [{ domain: `sso-${run}.com`, state: 'verified' }] });
  const made = (await workos.post('/connections', {
    connection_type: 'TestIdp', organization_id: organization.id, name: 'Test', group_roles: [{ group: 'Admins', role: 'admin' }] })).data;
  const { sso: api } = workos;
  assert.equal((await api.getConnection(made.id)).state, 'active');
  assert.equal((await api.listConnections({ organizationId: organization.id })).data[0].id, made.id);
  assert.equal((await api.listConnections({ domain: `sso-${run}.com` })).data.length, 1);

  const url = api.getAuthorizationUrl({ connection: made.id, clientId, redirectUri: back, state: 'a b' });
  const profileCode = await signIn(url, samplePort, `ada@sso-${run}.com`);
  assert.equal(profileCode.get('state'), 'a b');
  const code = profileCode.get('code');
  const { profile, accessToken } = await api.getProfileAndToken({ code, clientId });
  assert.deepEqual([profile.email, profile.connectionType, profile.role.slug], [`ada@sso-${run}.com`, 'TestIdp', 'admin']);
  assert.deepEqual(profile.groups, ['Admins', 'Writers']);
  assert.equal((await api.getProfile({ accessToken })).id, profile.id);
  await assert.rejects(api.getProfileAndToken({ code, clientId }), (e) => e.error === 'invalid_grant' || /expired/.test(e.message));
  await assert.rejects(api.getProfile({ accessToken: `${accessToken}x` }), (e) => e.status === 401);

  const um = workos.userManagement;
  const authorize = um.getAuthorizationUrl({ connectionId: made.id, clientId, redirectUri: back });
  const userCode = (await signIn(authorize, samplePort, `ada@sso-${run}.com`)).get('code');
  const signedIn = await um.authenticateWithCode({ clientId, code: userCode });
  assert.deepEqual([signedIn.authenticationMethod, signedIn.organizationId], ['SSO', organization.id]);
  assert.equal(signedIn.user.emailVerified, true);
  assert.deepEqual(await um.getUserIdentities(signedIn.user.id), []);

  const out = (await workos.post('/sso/logout/authorize', { profile_id: profile.id })).data;
  assert.ok(out.logout_url.includes(encodeURIComponent(out.logout_token)));
  const leave = await fetch(`http://127.0.0.1:${port}/sso/logout?token=${encodeURIComponent(out.logout_token)}`, { redirect: 'manual' });
  assert.equal(leave.status, 302);
  await assert.rejects(workos.post('/sso/logout/authorize', { profile_id: 'prof_01ARZ3NDEKTSV4RRFFQ69G5FAV' }), (e) => e.status === 404);

  await api.deleteConnection(made.id);
  await assert.rejects(api.getConnection(made.id), (e) => e.status === 404);
}

/** What a browser does: to the provider, which vouches for an address, and back. */
async function signIn(url, samplePort, email) {
  const away = await fetch(url, { redirect: 'manual' });
  assert.equal(away.status, 302, url);
  const cookie = away.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const provider = new URL(away.headers.get('location'));
  const page = `http://127.0.0.1:${samplePort}${provider.pathname}`;
  const answer = await fetch(page, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({
      request: provider.searchParams.get('request'), email, first_name: 'Ada', groups: 'Admins, Writers', decision: 'allow' }),
  });
  const location = answer.headers.get('location') ?? answer.headers.get('refresh')?.replace(/^0;url=/, '');
  assert.ok(location?.startsWith(back), `${answer.status} ${location}`);
  return new URL(location).searchParams;
}
