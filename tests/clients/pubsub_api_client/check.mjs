// Lets salesforce-pubsub-api-client follow the changes in an emulated org, through TLS.
// usage: node check.mjs BASE_URL CERTIFICATE KEY
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import PubSubApiClient from 'salesforce-pubsub-api-client';

const [base, certificate, key] = process.argv.slice(2);
if (!key) {
  console.error('usage: node check.mjs BASE_URL CERTIFICATE KEY');
  process.exit(2);
}

const ALL = '/data/ChangeEvents';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function json(method, path, body, token) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// TLS in front of the org, for HTTP/2 only.
function front(address) {
  const options = { cert: readFileSync(certificate), key: readFileSync(key), ALPNProtocols: ['h2'] };
  const server = tls.createServer(options, (client) => {
    const org = net.connect(Number(address.port), address.hostname);
    for (const [from, to] of [[client, org], [org, client]]) {
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

class Check {
  async signIn() {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'tsugite-emulator-key',
      client_secret: 'tsugite-emulator-secret',
    });
    const answer = await fetch(`${base}/services/oauth2/token`, { method: 'POST', body: form });
    const told = await answer.json();
    this.token = told.access_token;
    this.organization = new URL(told.id).pathname.split('/')[2];
    this.server = await front(new URL(base));
    await json('POST', '/emulator/change-events', { selected: ['Account', 'Lead'] });
  }

  async client(change = {}) {
    const client = new PubSubApiClient({
      authType: 'user-supplied',
      accessToken: this.token,
      instanceUrl: base.replace('http:', 'https:'),
      organizationId: this.organization,
      pubSubEndpoint: `localhost:${this.server.address().port}`,
      rejectUnauthorizedSsl: false,
      ...change,
    }, silent);
    await client.connect();
    return client;
  }

  record(method, path, body) {
    return json(method, `/services/data/v66.0/sobjects/${path}`, body, this.token);
  }

  async subscriptions() {
    return (await json('GET', '/emulator/change-events')).subscriptions;
  }

  async step_follows_a_record() {
    const client = await this.client();
    const before = await this.subscriptions();
    const heard = [];
    const deleted = new Promise((resolve, reject) => {
      client.subscribe(ALL, (_, kind, data) => {
        if (kind === 'error') reject(data);
        if (kind !== 'event') return;
        heard.push(data);
        if (data.payload.ChangeEventHeader.changeType === 'DELETE') resolve();
      });
    });
    while ((await this.subscriptions()) === before);
    const fields = { LastName: '佐藤', FirstName: '花', Company: '継手', Title: '課長', City: '大阪', AnnualRevenue: 1234 };
    const { id } = await this.record('POST', 'Lead', fields);
    await this.record('PATCH', `Lead/${id}`, { FirstName: null, Title: null, Status: 'Working - Contacted', City: '京都' });
    await this.record('DELETE', `Lead/${id}`);
    await deleted;
    client.close();
    const about = heard.filter(({ payload }) => payload.ChangeEventHeader.recordIds[0] === id);
    const [created, updated, gone] = about.map(({ payload }) => payload);
    assert.equal(created.ChangeEventHeader.entityName, 'Lead');
    assert.equal(created.ChangeEventHeader.changeType, 'CREATE');
    assert.match(created.ChangeEventHeader.changeOrigin, /^com\/salesforce\/api\/rest\/66\.0/);
    const { Name, Address, Status } = created;
    assert.deepEqual([Name.LastName, Name.FirstName, Address.City], ['佐藤', '花', '大阪']);
    assert.deepEqual([Status, created.AnnualRevenue], ['Open - Not Contacted', 1234]);
    const { changedFields, nulledFields } = updated.ChangeEventHeader;
    assert.deepEqual(changedFields.toSorted(), ['Address.City', 'LastModifiedDate', 'Name.FirstName', 'Status', 'Title']);
    assert.deepEqual(nulledFields, ['Title', 'Name.FirstName']);
    assert.deepEqual([updated.Status, updated.Company], ['Working - Contacted', null]);
    assert.equal(gone.ChangeEventHeader.changeType, 'DELETE');
    this.first = about[0].replayId;
    return `${about.map(({ payload }) => payload.ChangeEventHeader.changeType)}; changed ${changedFields}`;
  }

  async step_reads_on_from_a_replay_id() {
    const client = await this.client();
    const kinds = [];
    await new Promise((resolve, reject) => {
      client.subscribeFromReplayId(ALL, (_, kind, data) => {
        if (kind === 'error') reject(data);
        if (kind === 'event') kinds.push(data.payload.ChangeEventHeader.changeType);
        if (kind === 'lastEvent') resolve();
      }, 2, this.first);
    });
    client.close();
    assert.deepEqual(kinds, ['UPDATE', 'DELETE']);
    return `${kinds} behind ${this.first}`;
  }

  async step_hears_signs_of_life() {
    const client = await this.client();
    const before = await this.subscriptions();
    const heard = new Promise((resolve, reject) => {
      client.subscribe('/data/AccountChangeEvent', (subscription, kind, data) => {
        if (kind === 'error') reject(data);
        if (kind === 'grpcKeepAlive') resolve(subscription);
      });
    });
    while ((await this.subscriptions()) === before);
    await json('POST', '/emulator/clock', { advance_seconds: 61 });
    const { lastReplayId } = await heard;
    client.close();
    // The position has passed the events of other objects.
    assert(lastReplayId > this.first, `${lastReplayId}`);
    return `position ${lastReplayId}`;
  }

  async step_is_refused_with_codes() {
    const refusals = [
      [{}, '/data/NothingChangeEvent', 5, 'topic.not.found'],
      [{ accessToken: 'dead' }, ALL, 16, 'service.auth.error'],
    ];
    for (const [change, topic, code, suffix] of refusals) {
      const client = await this.client(change);
      const error = await new Promise((resolve) => {
        client.subscribe(topic, (_, kind, data) => kind === 'error' && resolve(data));
      });
      client.close();
      assert.equal(error.code, code, error);
      assert.deepEqual(error.metadata.get('error-code'), [`sfdc.platform.eventbus.grpc.${suffix}`]);
      assert.equal(error.metadata.get('rpc-id').length, 1);
    }
    return refusals.map(([, , code, suffix]) => `${code} ${suffix}`).join(', ');
  }
}

const check = new Check();
await check.signIn();
let failed = false;
for (const name of Object.getOwnPropertyNames(Check.prototype).filter((name) => name.startsWith('step_'))) {
  const shown = name.slice('step_'.length).replaceAll('_', ' ');
  try {
    const late = new Promise((_, reject) => setTimeout(reject, 60_000, new Error('too slow')));
    const saw = await Promise.race([check[name](), late]);
    console.log(`salesforce-pubsub-api-client ${shown}: ok (${saw})`);
  } catch (error) {
    failed = true;
    console.error(error);
    console.log(`salesforce-pubsub-api-client ${shown}: FAILED`);
  }
}
process.exit(failed ? 1 : 0);
