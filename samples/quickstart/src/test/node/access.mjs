// Roles, permissions, groups, resources and checks through the official SDK.
import assert from 'node:assert/strict';

/** Reads a list to its end, whatever the size of its pages. */
const all = async (list) => (await (await list).autoPagination()).map((one) => one.id);

/** More than the largest page holds: what the SDK reads on by itself is everything, once. */
export async function paging(workos, run) {
  const { authorization: authz } = workos;
  const wanted = Array.from({ length: 250 }, (_, i) => `paged-${run}:${String(i).padStart(3, '0')}`);
  for (let i = 0; i < wanted.length; i += 25) {
    await Promise.all(wanted.slice(i, i + 25).map((slug) => authz.createPermission({ slug, name: slug })));
  }
  for (const order of ['asc', 'desc']) { // with a limit, this SDK does not read on
    const read = (await (await authz.listPermissions({ order })).autoPagination()).map((one) => one.slug);
    assert.equal(new Set(read).size, read.length, 'nothing twice');
    assert.deepEqual(read.filter((slug) => slug.startsWith(`paged-${run}:`)).sort(), wanted);
  }
}

export async function access(workos, run) {
  const { authorization: authz, groups, organizations, userManagement: um } = workos;
  const organization = await organizations.createOrganization({ name: `Access ${run}` });
  const member = async (name) => {
    const user = await um.createUser({ email: `${name}-access-${run}@example.com` });
    return (await um.createOrganizationMembership({ userId: user.id, organizationId: organization.id })).id;
  };
  const [ada, bob] = [await member('ada'), await member('bob')];
  const at = { organizationId: organization.id };

  // permissions and roles
  const edit = `document:edit-${run}`;
  const bill = `billing:read-${run}`;
  assert.equal((await authz.createPermission({ slug: edit, name: 'Edit', resourceTypeSlug: 'document' })).system, false);
  await authz.createPermission({ slug: bill, name: 'Read bills', description: 'All of them' });
  await assert.rejects(authz.createPermission({ slug: bill, name: 'Again' }), (e) => e.status === 409);
  assert.equal((await authz.getPermission(bill)).description, 'All of them');
  assert.equal((await authz.updatePermission(bill, { name: 'See bills' })).name, 'See bills');
  assert.ok((await all(authz.listPermissions())).length >= 2);
  const editor = `editor-${run}`;
  const clerk = `clerk-${run}`;
  await authz.createEnvironmentRole({ slug: editor, name: 'Editor', resourceTypeSlug: 'project' });
  assert.equal((await authz.createEnvironmentRole({ slug: clerk, name: 'Clerk' })).type, 'EnvironmentRole');
  assert.deepEqual((await authz.setEnvironmentRolePermissions(editor, { permissions: [edit] })).permissions, [edit]);
  assert.deepEqual((await authz.addEnvironmentRolePermission(clerk, { permissionSlug: bill })).permissions, [bill]);
  assert.equal((await authz.updateEnvironmentRole(clerk, { description: 'Counts' })).description, 'Counts');
  assert.equal((await authz.getEnvironmentRole(clerk)).name, 'Clerk');
  assert.ok((await authz.listEnvironmentRoles()).data.some((role) => role.slug === 'member'));
  const own = await authz.createOrganizationRole(organization.id, { slug: 'org-guest', name: 'Guest' });
  assert.equal(own.type, 'OrganizationRole');
  assert.deepEqual((await authz.setOrganizationRolePermissions(organization.id, own.slug, { permissions: [] })).permissions, []);
  assert.deepEqual((await authz.addOrganizationRolePermission(organization.id, own.slug, { permissionSlug: bill })).permissions, [bill]);
  await authz.removeOrganizationRolePermission(organization.id, own.slug, { permissionSlug: bill });
  assert.deepEqual((await authz.getOrganizationRole(organization.id, own.slug)).permissions, []);
  assert.equal((await authz.updateOrganizationRole(organization.id, own.slug, { name: 'Visitor' })).name, 'Visitor');
  assert.ok((await authz.listOrganizationRoles(organization.id)).data.some((role) => role.slug === own.slug));
  await authz.deleteOrganizationRole(organization.id, own.slug);
  await assert.rejects(authz.getOrganizationRole(organization.id, own.slug), (e) => e.status === 404);

  // resources
  const project = await authz.createResource({ ...at, externalId: 'apollo', name: 'Apollo', resourceTypeSlug: 'project' });
  const document = await authz.createResource({
    ...at, externalId: 'plan', name: 'Plan', resourceTypeSlug: 'document', parentResourceId: project.id });
  const byName = { ...at, resourceTypeSlug: 'document', externalId: 'plan' };
  assert.equal((await authz.getResource(document.id)).parentResourceId, project.id);
  assert.equal((await authz.getResourceByExternalId(byName)).id, document.id);
  assert.equal((await authz.updateResource({ resourceId: document.id, name: 'Plan B' })).name, 'Plan B');
  assert.equal((await authz.updateResourceByExternalId({ ...byName, description: 'the other' })).description, 'the other');
  assert.deepEqual(await all(authz.listResources({ ...at, parentResourceId: project.id })), [document.id]);
  await assert.rejects(authz.createResource({ ...at, externalId: 'plan', name: 'x', resourceTypeSlug: 'document' }), (e) => e.status === 409);

  // who may what
  const may = async (organizationMembershipId, permissionSlug, where) =>
    (await authz.check({ organizationMembershipId, permissionSlug, ...where })).authorized;
  assert.equal(await may(ada, edit, { resourceId: document.id }), false);
  const assignment = await authz.assignRole({ organizationMembershipId: ada, roleSlug: editor, resourceId: project.id });
  assert.equal(assignment.resource.externalId, 'apollo');
  assert.equal(await may(ada, edit, { resourceId: document.id }), true);
  assert.equal(await may(ada, edit, { resourceTypeSlug: 'document', resourceExternalId: 'plan' }), true);
  assert.equal(await may(bob, edit, { resourceId: document.id }), false);
  assert.equal((await authz.listRoleAssignments({ organizationMembershipId: ada })).data.length, 2);
  assert.deepEqual(await all(authz.listRoleAssignmentsForResource({ resourceId: project.id })), [assignment.id]);
  assert.deepEqual(await all(authz.listResourceRoleAssignments({ ...at, resourceTypeSlug: 'project', externalId: 'apollo' })), [assignment.id]);
  assert.deepEqual(await all(authz.listResourcesForMembership({
    organizationMembershipId: ada, permissionSlug: edit, parentResourceId: project.id })), [document.id]);
  assert.deepEqual(await all(authz.listMembershipsForResource({ resourceId: document.id, permissionSlug: edit, assignment: 'direct' })), []);
  assert.deepEqual(await all(authz.listMembershipsForResource({ resourceId: document.id, permissionSlug: edit, assignment: 'indirect' })), [ada]);
  assert.deepEqual(await all(authz.listMembershipsForResourceByExternalId({ ...byName, permissionSlug: edit, assignment: 'indirect' })), [ada]);
  assert.deepEqual((await authz.listEffectivePermissions({ organizationMembershipId: ada, resourceId: document.id })).data.map((p) => p.slug), [edit]);
  const effective = await workos.get(`/authorization/organization_memberships/${ada}/resources/${document.id}/permissions`);
  assert.deepEqual(effective.data.data.map((p) => p.slug), [edit], 'where the contract has it');
  assert.deepEqual((await authz.listEffectivePermissionsByExternalId({
    organizationMembershipId: ada, resourceTypeSlug: 'document', externalId: 'plan' })).data.map((p) => p.slug), [edit]);
  await authz.removeRoleAssignment({ organizationMembershipId: ada, roleAssignmentId: assignment.id });
  assert.equal(await may(ada, edit, { resourceId: document.id }), false);
  await authz.assignRole({ organizationMembershipId: ada, roleSlug: editor, resourceTypeSlug: 'project', resourceExternalId: 'apollo' });
  await authz.removeRole({ organizationMembershipId: ada, roleSlug: editor, resourceId: project.id });
  assert.equal(await may(ada, edit, { resourceId: document.id }), false);

  // groups
  const team = await groups.createGroup({ ...at, name: 'Team' });
  const of = { ...at, groupId: team.id };
  assert.equal((await groups.getGroup(of)).name, 'Team');
  assert.equal((await groups.updateGroup({ ...of, description: 'All of us' })).description, 'All of us');
  assert.equal((await groups.addOrganizationMembership({ ...of, organizationMembershipId: bob })).id, team.id);
  assert.deepEqual(await all(groups.listGroups(at)), [team.id]);
  assert.deepEqual(await all(groups.listOrganizationMemberships(of)), [bob]);
  assert.equal((await workos.get(`/user_management/organization_memberships/${bob}/groups`)).data.data[0].id, team.id);
  const granted = await authz.createGroupRoleAssignment({ groupId: team.id, roleSlug: editor, resourceId: project.id });
  await assert.rejects(authz.createGroupRoleAssignment({ groupId: team.id, roleSlug: editor, resourceId: project.id }), (e) => e.status === 409);
  assert.equal(await may(bob, edit, { resourceId: document.id }), true);
  assert.equal((await authz.getGroupRoleAssignment({ groupId: team.id, roleAssignmentId: granted.id })).role.slug, editor);
  assert.deepEqual(await all(authz.listGroupRoleAssignments({ groupId: team.id })), [granted.id]);
  const through = (await authz.listRoleAssignments({ organizationMembershipId: bob, resourceId: project.id })).data[0];
  assert.deepEqual([through.source.type, through.source.groupRoleAssignmentId], ['group', granted.id]);
  const replaced = await authz.replaceGroupRoleAssignments({ groupId: team.id, roleAssignments: [{ roleSlug: clerk }] });
  assert.deepEqual(replaced.data.map((a) => a.role.slug), [clerk]);
  assert.equal(await may(bob, edit, { resourceId: document.id }), false);
  assert.equal(await may(bob, bill, { resourceTypeSlug: 'organization', resourceExternalId: organization.id }), true);
  await authz.removeGroupRoleAssignment({ groupId: team.id, roleAssignmentId: replaced.data[0].id });
  await authz.createGroupRoleAssignment({ groupId: team.id, roleSlug: clerk });
  await authz.removeGroupRoleAssignments({ groupId: team.id, roleSlug: clerk });
  await groups.removeOrganizationMembership({ ...of, organizationMembershipId: bob });
  await groups.deleteGroup(of);
  await assert.rejects(groups.getGroup(of), (e) => e.status === 404);

  await assert.rejects(authz.deleteResource({ resourceId: project.id }), (e) => e.status === 409);
  await authz.deleteResourceByExternalId(byName);
  await authz.deleteResource({ resourceId: project.id, cascadeDelete: true });
  await authz.deletePermission(bill);
  await assert.rejects(authz.getPermission(bill), (e) => e.status === 404);
  await organizations.deleteOrganization(organization.id);
}
