// The JavaScript of the documentation, run as it stands there (SnippetTest).
import assert from 'node:assert/strict';
import { WorkOS } from '@workos-inc/node';

export function client() {
  const workos = new WorkOS('sk_test_…', {
    clientId: 'client_…', apiHostname: '127.0.0.1', port: 8080, https: false,
  });

  return workos;
}

/** @param totp makes the code of a secret */
export async function snippets(workos, totp) {
  assert.equal(client().baseURL, 'http://127.0.0.1:8080');
  await workos.userManagement.createUser({ email: 'ada@example.com', emailVerified: true });
  const users = await workos.userManagement.listUsers();

  const userId = users.data.find((user) => user.email === 'ada@example.com').id;
  await codeOf(workos);
  await secondFactor(workos, totp, userId);
  await workos.userManagement.deleteUser(userId);
}

async function codeOf(workos) {
  const magic = await workos.userManagement.createMagicAuth({ email: 'ada@example.com' });
  const code = magic.code; // and later: (await workos.userManagement.getMagicAuth(magic.id)).code

  assert.equal(code, (await workos.userManagement.getMagicAuth(magic.id)).code);
}

async function secondFactor(workos, totp, userId) {
  const mfa = workos.multiFactorAuth;

  // once: show the QR code, or the secret to whoever cannot scan. Neither can be read again
  const { authenticationFactor, authenticationChallenge } = await mfa.createUserAuthFactor({ userId, type: 'totp' });
  const picture = authenticationFactor.totp.qrCode; // data:image/png;base64,…

  assert.match(picture, /^data:image\/png;base64,/);
  const code = totp(authenticationFactor.totp.secret);
  // the code that the app then shows proves that it was set up
  const { valid } = await mfa.verifyChallenge({ authenticationChallengeId: authenticationChallenge.id, code });

  assert.equal(valid, true);
  // later
  const challenge = await mfa.challengeFactor({ authenticationFactorId: authenticationFactor.id });

  assert.equal(challenge.authenticationFactorId, authenticationFactor.id);
}
