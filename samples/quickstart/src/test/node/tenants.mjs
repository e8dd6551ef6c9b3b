// Customers' API keys and feature flags through the official SDK.
import assert from 'node:assert/strict';

const slugs = (list) => list.data.map((flag) => flag.slug);

export async function apiKeys(workos, run) {
  const organization = await workos.organizations.createOrganization({ name: `Keys ${run}` });
  const user = await workos.userManagement.createUser({ email: `keys-${run}@example.com` });
  await workos.userManagement.createOrganizationMembership({ userId: user.id, organizationId: organization.id });
  const of = { organizationId: organization.id };
  const made = await workos.apiKeys.createOrganizationApiKey({ ...of, name: 'CI', permissions: [] });
  const { apiKey } = await workos.apiKeys.createValidation({ value: made.value });
  assert.deepEqual([apiKey.id, apiKey.owner.type], [made.id, 'organization']);
  assert.equal((await workos.apiKeys.createValidation({ value: `${made.value}x` })).apiKey, null);
  assert.equal((await workos.apiKeys.listOrganizationApiKeys(of)).data[0].obfuscatedValue, made.obfuscatedValue);
  const path = `/user_management/users/${user.id}/api_keys`;
  const own = (await workos.post(path, { name: 'Laptop', organization_id: organization.id })).data;
  assert.equal(own.owner.organization_id, organization.id);
  assert.equal((await workos.get(path, { query: { organization_id: organization.id } })).data.data[0].id, own.id);
  const ended = (await workos.post(`/api_keys/${own.id}/expire`, {})).data;
  assert.ok(ended.expires_at);
  await workos.apiKeys.deleteApiKey(made.id);
  assert.equal((await workos.apiKeys.createValidation({ value: made.value })).apiKey, null);
}

export async function flags(workos, run) {
  const { featureFlags } = workos;
  const slug = `beta-${run}`;
  const organization = await workos.organizations.createOrganization({ name: `Flags ${run}` });
  const user = await workos.userManagement.createUser({ email: `flags-${run}@example.com` });
  await workos.post('/feature-flags', { slug, name: 'Beta', tags: ['new'] });
  assert.equal((await featureFlags.getFeatureFlag(slug)).enabled, false);
  assert.equal((await featureFlags.enableFeatureFlag(slug)).enabled, true);
  assert.ok(slugs(await featureFlags.listFeatureFlags({ limit: 100 })).includes(slug));
  const listed = async () => [
    (await featureFlags.listOrganizationFeatureFlags({ organizationId: organization.id })).data.length,
    (await featureFlags.listUserFeatureFlags({ userId: user.id })).data.length];
  assert.deepEqual(await listed(), [0, 0]);
  await featureFlags.addFlagTarget({ slug, targetId: organization.id });
  await featureFlags.addFlagTarget({ slug, targetId: user.id });
  assert.deepEqual(await listed(), [1, 1]);
  // the SDK's own evaluation, from what it polls
  const client = featureFlags.createRuntimeClient();
  await client.waitUntilReady({ timeoutMs: 5000 });
  assert.equal(client.isEnabled(slug, { userId: user.id }), true);
  assert.equal(client.isEnabled(slug, { organizationId: organization.id }), true);
  assert.equal(client.isEnabled(slug, { userId: 'user_other' }), false);
  client.close();
  await featureFlags.removeFlagTarget({ slug, targetId: user.id });
  assert.deepEqual(await listed(), [1, 0]);
  assert.equal((await featureFlags.disableFeatureFlag(slug)).enabled, false);
  assert.deepEqual(await listed(), [0, 0]);
  await workos.delete(`/feature-flags/${slug}`);
  await assert.rejects(featureFlags.getFeatureFlag(slug), (e) => e.status === 404);
}

export async function domains(workos, run) {
  const { organizationDomains: api } = workos;
  const organization = await workos.organizations.createOrganization({ name: `Domains ${run}` });
  const other = await workos.organizations.createOrganization({ name: `Domains II ${run}` });
  const claim = await api.createOrganizationDomain({ organizationId: organization.id, domain: `Domains-${run}.invalid` });
  assert.deepEqual([claim.state, claim.domain, claim.verificationStrategy], ['pending', `domains-${run}.invalid`, 'dns']);
  assert.match(claim.verificationToken, /^[0-9A-Za-z]{25}$/);
  assert.match(claim.verificationPrefix, /-domain-verification-[a-z0-9]{6}$/);
  const again = api.createOrganizationDomain({ organizationId: organization.id, domain: claim.domain });
  await assert.rejects(again, (e) => e.status === 409 || e.code === 'domain_already_exists');
  // nobody can publish a record in .invalid
  assert.equal((await api.verifyOrganizationDomain(claim.id)).state, 'pending');
  assert.equal((await workos.post('/organization_domains/verify', { id: claim.id })).data.state, 'pending');
  assert.equal((await api.getOrganizationDomain(claim.id)).id, claim.id);
  // a claim that waits keeps nobody out, and a proof ends it
  await workos.organizations.updateOrganization({
    organization: other.id, domainData: [{ domain: claim.domain, state: 'verified' }] });
  assert.equal((await api.getOrganizationDomain(claim.id)).state, 'failed');
  const [owned] = (await workos.organizations.getOrganization(other.id)).domains;
  await assert.rejects(api.verifyOrganizationDomain(owned.id), (e) => e.status === 400);
  const failed = await workos.events.listEvents({ events: ['organization_domain.verification_failed'], organizationId: organization.id });
  assert.equal(failed.data[0].data.reason, 'domain_verified_by_other_organization');
  await api.deleteOrganizationDomain(claim.id);
  await assert.rejects(api.getOrganizationDomain(claim.id), (e) => e.status === 404);
}
