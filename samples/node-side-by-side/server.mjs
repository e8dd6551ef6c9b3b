// A Node page beside a Java application. Both are on one host, and share one session cookie: whoever signs in or out at one has
// signed in or out at the other. Nothing here knows Gatehouse; it is the vendor's official SDK, told another host.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { WorkOS } from '@workos-inc/node';

const port = Number(process.env.PORT ?? 3000);
const here = `http://localhost:${port}`;
const java = new URL(process.env.JAVA_ORIGIN ?? 'http://localhost:8080');
const cookiePassword = process.env.WORKOS_COOKIE_PASSWORD;
const cookieName = process.env.WORKOS_COOKIE_NAME ?? 'wos-session';
const clientId = process.env.WORKOS_CLIENT_ID;
const redirectUri = `${here}/callback`;

const workos = new WorkOS(process.env.WORKOS_API_KEY, {
  clientId, apiHostname: java.hostname, port: Number(java.port), https: java.protocol === 'https:',
});
const users = workos.userManagement;

// where sign-ins may be sent back to; Gatehouse answers 422 when it knows the address already
await workos.post('/user_management/redirect_uris', { uri: redirectUri }).catch((error) => {
  if (error.status !== 422) throw error;
});
// the look of the Java application's pages
const copy = async (path, type) => {
  const body = await (await fetch(new URL(path, java))).text();
  return async () => ({ status: 200, headers: { 'Content-Type': type }, body });
};

const routes = {
  'GET /': home,
  'GET /page.css': await copy('/auth/gatehouse.css', 'text/css'),
  'GET /icon.svg': await copy('/auth/icon.svg', 'image/svg+xml'),
  'GET /sign-in': signIn,
  'GET /callback': callback,
  'POST /renew': renew,
  'POST /sign-out': signOut,
};

/** Who is signed in, and the cookie's new value if its tokens had to be renewed; null for nobody. */
async function session(request) {
  const sessionData = cookies(request)[cookieName];
  if (!sessionData) return null;
  const sealed = users.loadSealedSession({ sessionData, cookiePassword });
  const found = await sealed.authenticate();
  if (found.authenticated && found.user.id === subject(found.accessToken)) return { sealed, user: found.user };
  const renewed = await sealed.refresh();
  return renewed.authenticated
    ? { sealed: users.loadSealedSession({ sessionData: renewed.sealedSession, cookiePassword }),
        user: renewed.user, cookie: renewed.sealedSession }
    : null;
}

/** Whom the token is about. The SDK has verified it, and nothing else in the cookie. */
const subject = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sub;

async function home(request) {
  const me = await session(request);
  return page(me ? `
    <header><h1>Node page</h1><p class="soft">Signed in as <strong id="me">${escape(me.user.email)}</strong></p></header>
    <p><a class="button primary" href="${java.origin}/">Open the Java application</a></p>
    <form method="post" action="/renew"><button class="button quiet" type="submit">Renew the tokens</button></form>
    <form method="post" action="/sign-out"><button class="button quiet" type="submit">Sign out</button></form>` : `
    <header><h1>Node page</h1><p class="soft" id="nobody">Nobody is signed in.</p></header>
    <p><a class="button primary" href="/sign-in">Sign in</a></p>`, me?.cookie);
}

async function signIn() {
  const state = randomUUID();
  const url = users.getAuthorizationUrl({ provider: 'authkit', clientId, redirectUri, state });
  return redirect(url, [cookie('sign-in-state', state, 600)]);
}

async function callback(request, url) {
  const forget = cookie('sign-in-state', '', 0);
  const state = cookies(request)['sign-in-state'];
  if (!state || url.searchParams.get('state') !== state || !url.searchParams.get('code')) {
    return { status: 400, headers: { 'Content-Type': 'text/plain', 'Set-Cookie': forget }, body: 'This sign-in was not begun here.' };
  }
  const { sealedSession } = await users.authenticateWithCode({
    clientId, code: url.searchParams.get('code'), session: { sealSession: true, cookiePassword },
  });
  return redirect('/', [forget, kept(sealedSession)]);
}

async function renew(request) {
  const me = await session(request);
  const renewed = me && await me.sealed.refresh();
  return redirect('/', renewed?.authenticated ? [kept(renewed.sealedSession)] : []);
}

async function signOut(request) {
  const me = await session(request);
  const to = me ? await me.sealed.getLogoutUrl({ returnTo: `${here}/` }) : '/';
  return redirect(to, [cookie(cookieName, '', 0)]);
}

function page(body, sealed) {
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' ${java.origin}; frame-ancestors 'none'`,
      ...(sealed && { 'Set-Cookie': kept(sealed) }),
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1"><title>Node page</title>
      <link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/page.css"></head>
      <body><div class="page"><main class="door stack">${body}</main></div></body></html>`,
  };
}

const redirect = (location, setCookies) => ({ status: 303, headers: { Location: location, 'Set-Cookie': setCookies } });
const kept = (sealed) => cookie(cookieName, sealed, 34_560_000);
const cookie = (name, value, seconds) => `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`;
const cookies = (request) => Object.fromEntries((request.headers.cookie ?? '').split('; ').map((pair) => {
  const equals = pair.indexOf('=');
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}));
const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

createServer(async (request, response) => {
  let answer;
  try {
    const url = new URL(request.url, here);
    const route = routes[`${request.method} ${url.pathname}`];
    // a form of another site signs nobody out
    const foreign = request.method === 'POST' && request.headers['sec-fetch-site'] !== 'same-origin';
    answer = !route ? { status: 404 } : foreign ? { status: 403 } : await route(request, url);
  } catch (error) {
    console.error(error.message);
    answer = { status: 502, headers: { 'Content-Type': 'text/plain' }, body: 'The Java application did not answer.' };
  }
  response.writeHead(answer.status, answer.headers).end(answer.body);
}).listen(port, '127.0.0.1', () => console.log(`ready on ${here}`));
