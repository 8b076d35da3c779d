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

step('loads, changes and deletes many records through jobs', async () => {
  const leads = Array.from({ length: 450 }, (_, number) => ({
    LastName: `Job ${number}, "quoted"\nnext line`,
    Company: number === 7 ? '' : 'jsforce',
    Email: email(`job${number}`),
  }));
  const made = await oauth.bulk2.loadAndWaitForResults({
    object: 'Lead', operation: 'insert', input: leads, pollInterval: 50, pollTimeout: 30000,
  });
  assert.equal(made.successfulResults.length, 449);
  assert.equal(made.unprocessedRecords.length, 0);
  const [failed] = made.failedResults;
  assert.equal(failed.sf__Error, 'REQUIRED_FIELD_MISSING:Required fields are missing: [Company]:Company --');
  assert.equal(failed.LastName, leads[7].LastName);
  const one = made.successfulResults.find((row) => row.Email === email('job9'));
  assert.equal(one.sf__Created, 'true');
  assert.equal((await oauth.sobject('Lead').retrieve(one.sf__Id)).LastName, leads[9].LastName);

  const changes = [{ Email: email('job9'), Title: '部長' }, { Email: email('job-new'), Title: '課長' }];
  const upserted = await oauth.bulk2.loadAndWaitForResults({
    object: 'Contact', operation: 'upsert', externalIdFieldName: 'Email', pollInterval: 50, pollTimeout: 30000,
    input: changes.map((change) => ({ ...change, LastName: '田中' })),
  });
  assert.equal(upserted.successfulResults.length, 2);
  const emptied = await oauth.bulk2.loadAndWaitForResults({
    object: 'Lead', operation: 'update', pollInterval: 50, pollTimeout: 30000,
    input: [{ Id: one.sf__Id, Email: null, Title: 'x' }],
  });
  assert.equal(emptied.successfulResults[0].sf__Created, 'false');
  assert.equal((await oauth.sobject('Lead').retrieve(one.sf__Id)).Email, null);
  const deleted = await oauth.bulk2.loadAndWaitForResults({
    object: 'Lead', operation: 'delete', pollInterval: 50, pollTimeout: 30000,
    input: made.successfulResults.map((row) => ({ Id: row.sf__Id })),
  });
  assert.equal(deleted.successfulResults.length, 449);
});

step('drives a job step by step', async () => {
  const job = oauth.bulk2.createJob({ object: 'Account', operation: 'insert', columnDelimiter: 'CARET' });
  const opened = await job.open();
  assert.equal(opened.state, 'Open');
  await job.uploadData(`Name^Phone\njsforce step ${run}^1\n`);
  await job.close();
  await job.poll(50, 30000);
  const info = await job.check();
  assert.deepEqual([info.state, info.numberRecordsProcessed, info.apiVersion], ['JobComplete', 1, 50]);
  await job.delete();
  await assert.rejects(job.check(), /NOT_FOUND|does not exist/);
  const stopped = oauth.bulk2.createJob({ object: 'Account', operation: 'insert' });
  await stopped.open();
  await stopped.abort();
  assert.equal((await stopped.check()).state, 'Aborted');
});

step('hears why a job failed', async () => {
  const job = oauth.bulk2.createJob({ object: 'Account', operation: 'insert' });
  await job.open();
  await job.uploadData('Nope__c\nx\n');
  await job.close();
  await assert.rejects(job.poll(50, 30000));
  assert.equal((await job.check()).errorMessage, 'InvalidBatch : Field name not found : Nope__c');
});

step('streams a query through a job', async () => {
  const soql = `SELECT Id, Name, Owner.Name FROM Account WHERE Name LIKE 'jsforce ${run} %'`;
  const stream = await oauth.bulk2.query(soql, { pollInterval: 50, pollTimeout: 30000 });
  const rows = [];
  for await (const row of stream) rows.push(row);
  assert.equal(rows.length, 2200);
  assert.equal(new Set(rows.map((row) => row.Id)).size, 2200);
  assert.ok(rows.every((row) => row['Owner.Name']));
  await assert.rejects(oauth.bulk2.query('SELECT COUNT(Id) FROM Account'), /Implementation restriction/);
});

step('streams a long result', async () => {
  let rows = 0;
  const query = oauth.query(`SELECT Id FROM Account WHERE Name LIKE 'jsforce ${run} %'`);
  await new Promise((resolve, reject) => {
    query.on('record', () => { rows += 1; }).on('end', resolve).on('error', reject).run({ autoFetch: true, maxFetch: 5000 });
  });
  assert.equal(rows, 2200);
});

step('converts, merges and brings back over SOAP', async () => {
  const leads = soap.sobject('Lead');
  const make = async (name) => (await leads.create({ LastName: name, Company: '継手', Email: email(name) })).id;
  const [first, second, third] = [await make('first'), await make('second'), await make('third')];
  const converted = await soap.soap.convertLead({
    leadId: first, convertedStatus: 'Closed - Converted', doNotCreateOpportunity: true,
  });
  assert.ok(converted.success && converted.contactId.startsWith('003') && converted.opportunityId === null);
  const merged = await soap.soap.merge({ masterRecord: { type: 'Lead', Id: second }, recordToMergeIds: [third] });
  assert.deepEqual(merged.mergedRecordIds, [third]);
  await leads.delete(second);
  const [back] = await soap.soap.undelete([second]);
  assert.ok(back.success);
  const found = await soap.search(`FIND {${email('second')}} IN EMAIL FIELDS RETURNING Lead(Id)`);
  assert.equal(found.searchRecords[0].Id, second);
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
