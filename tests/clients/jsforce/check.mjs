// Signs jsforce in to an emulated org and does what a client does all day.
// usage: node check.mjs http://127.0.0.1:8791
import assert from 'node:assert/strict';
import jsforce from 'jsforce';

const base = process.argv[2];
if (!base) {
  console.error('usage: node check.mjs BASE_URL');
  process.exit(2);
}

const steps = [];
const step = (name, work) => steps.push([name, work]);

const soap = new jsforce.Connection({ loginUrl: base });
const oauth = new jsforce.Connection({
  oauth2: { loginUrl: base, clientId: 'tsugite-emulator-key', clientSecret: 'tsugite-emulator-secret' },
});
// Set apart from what earlier runs left in the same org.
const run = Date.now();
const email = (name) => `${name}.${run}@jsforce.example`;

async function refused(work, code) {
  try {
    await work();
  } catch (error) {
    assert.equal(error.errorCode ?? error.name, code, error.stack);
    return error;
  }
  assert.fail(`expected ${code}`);
}

step('signs in by SOAP', async () => {
  const user = await soap.login('admin@emulator.example', 'emulator');
  assert.match(user.id, /^005/);
  assert.match(user.organizationId, /^00D/);
});

step('refuses a wrong password', async () => {
  const stranger = new jsforce.Connection({ loginUrl: base });
  await assert.rejects(stranger.login('admin@emulator.example', 'wrong'), /INVALID_LOGIN/);
});

step('signs in by OAuth and knows who it is', async () => {
  await oauth.authorize({ grant_type: 'client_credentials' });
  const identity = await oauth.identity();
  assert.equal(identity.username, 'admin@emulator.example');
  assert.equal(oauth.instanceUrl, base);
});

step('describes', async () => {
  const lead = await oauth.sobject('Lead').describe();
  assert.ok(lead.fields.some((field) => field.name === 'LastName' && !field.nillable));
  const all = await oauth.describeGlobal();
  assert.ok(all.sobjects.some((object) => object.name === 'CampaignMember'));
});

step('creates, reads, changes and deletes', async () => {
  const leads = oauth.sobject('Lead');
  const made = await leads.create({ LastName: '佐藤', Company: '継手', Email: email('one') });
  assert.ok(made.success);
  const read = await leads.retrieve(made.id);
  assert.equal(read.LastName, '佐藤');
  assert.ok((await leads.update({ Id: made.id, Title: '部長' })).success);
  assert.equal((await leads.retrieve(made.id)).Title, '部長');
  assert.ok((await leads.destroy(made.id)).success);
  await refused(() => leads.retrieve(made.id), 'ENTITY_IS_DELETED');
});

step('upserts by e-mail', async () => {
  const address = email('upsert');
  const first = await oauth.sobject('Contact').upsert({ LastName: '田中', Email: address }, 'Email');
  assert.ok(first.success && first.created);
  const second = await oauth.sobject('Contact').upsert({ LastName: '田中', Title: '課長', Email: address }, 'Email');
  assert.equal(second.id, first.id);
});

step('writes many at once, and hears about each', async () => {
  const leads = Array.from({ length: 250 }, (_, number) => ({
    LastName: `Bulk ${number}`,
    Company: number === 7 ? null : 'jsforce',
  }));
  const results = await oauth.sobject('Lead').create(leads, { allowRecursive: true });
  assert.equal(results.length, 250);
  assert.equal(results.filter((result) => result.success).length, 249);
  assert.equal(results[7].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
  const ids = results.filter((result) => result.success).map((result) => result.id).slice(0, 100);
  const updated = await oauth.sobject('Lead').update(ids.map((Id) => ({ Id, Title: 'x' })));
  assert.ok(updated.every((result) => result.success));
  const read = await oauth.sobject('Lead').retrieve(ids);
  assert.ok(read.every((lead) => lead.Title === 'x'));
  const gone = await oauth.sobject('Lead').destroy(ids);
  assert.ok(gone.every((result) => result.success));
});

step('fetches a long result page by page', async () => {
  const made = [];
  for (let start = 0; start < 2200; start += 200) {
    const accounts = Array.from({ length: 200 }, (_, number) => ({ Name: `jsforce ${run} ${start + number}` }));
    made.push(...(await oauth.sobject('Account').create(accounts)));
  }
  assert.ok(made.every((result) => result.success));
  const soql = `SELECT Id, Name, Owner.Name FROM Account WHERE Name LIKE 'jsforce ${run} %'`;
  const first = await oauth.query(soql);
  assert.equal(first.done, false);
  assert.equal(first.records.length, 2000);
  const all = await oauth.query(soql, { autoFetch: true, maxFetch: 5000 });
  assert.equal(all.records.length, 2200);
  const more = await oauth.queryMore(first.nextRecordsUrl);
  assert.equal(more.records.length, 200);
});

step('is refused in the words of Salesforce', async () => {
  await refused(() => oauth.sobject('Lead').create({ LastName: 'x' }), 'REQUIRED_FIELD_MISSING');
  await refused(() => oauth.query('SELECT Nope FROM Lead'), 'INVALID_FIELD');
  await refused(() => oauth.query('SELECT Id FROM Nope'), 'INVALID_TYPE');
  await refused(() => oauth.sobject('Nope').describe(), 'NOT_FOUND');
});

step('signs in again when its session has ended', async () => {
  const connection = new jsforce.Connection({
    instanceUrl: base,
    accessToken: '00Dinvalid!token',
    refreshFn: (failed, done) => {
      oauth.oauth2
        .requestToken({ grant_type: 'client_credentials' })
        .then((token) => done(null, token.access_token), done);
    },
  });
  const limits = await connection.limits();
  assert.ok(limits.DailyApiRequests.Max > 0);
});

for (const [name, work] of steps) {
  try {
    await work();
    console.log(`jsforce ${name}: ok`);
  } catch (error) {
    console.error(`jsforce ${name}: FAILED\n${error.stack ?? error}`);
    process.exit(1);
  }
}
