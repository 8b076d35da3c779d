//! The partner API: lead conversion, merging, the recycle bin, and plain records.

use serde_json::{Value, json};

use crate::harness::Org;

impl Org {
    /// A call of the partner API; the answer as text.
    pub(crate) async fn soap(&self, header: &str, body: &str) -> (u16, String) {
        let message = format!(
            "<?xml version=\"1.0\"?><se:Envelope xmlns:se=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><se:Header><SessionHeader xmlns=\"urn:partner.soap.sforce.com\"><sessionId>{}</sessionId></SessionHeader>{header}</se:Header><se:Body>{body}</se:Body></se:Envelope>",
            self.token
        );
        let request = self.http.post(self.url("/services/Soap/u/66.0")).header("content-type", "text/xml");
        let response = request.header("SOAPAction", "\"\"").body(message).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn call(&self, body: &str) -> String {
        let (status, text) = self.soap("", body).await;
        assert_eq!(status, 200, "{text}");
        text
    }

    async fn row(&self, object: &str, id: &str) -> Value {
        let rows = self.observe(&format!("/records/{object}")).await;
        rows.as_array().unwrap().iter().find(|row| row["Id"] == id).cloned().unwrap_or(Value::Null)
    }
}

fn part<'a>(text: &'a str, name: &str) -> &'a str {
    text.split_once(&format!("<{name}>"))
        .and_then(|(_, rest)| rest.split_once('<'))
        .map_or("", |(value, _)| value)
}

#[tokio::test]
async fn convert_lead_moves_related_records() {
    let org = Org::start().await;
    let lead = json!({"LastName": "佐藤", "FirstName": "花", "Company": "継手", "Email": "h@example.jp", "City": "東京"});
    let lead = org.create("Lead", lead).await;
    let task = org.create("Task", json!({"Subject": "x", "WhoId": lead})).await;
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    let member = org.create("CampaignMember", json!({"CampaignId": campaign, "LeadId": lead})).await;
    let convert = |more: &str| {
        format!(
            "<convertLead xmlns=\"urn:partner.soap.sforce.com\"><leadConverts>{more}<leadId>{lead}</leadId></leadConverts></convertLead>"
        )
    };
    assert!(org.call(&convert("")).await.contains("<statusCode>REQUIRED_FIELD_MISSING</statusCode>"));
    let open = org.call(&convert("<convertedStatus>Open - Not Contacted</convertedStatus>")).await;
    assert!(
        open.contains("<statusCode>INVALID_STATUS</statusCode>") && open.contains("<success>false</success>")
    );
    let good = convert(
        "<convertedStatus>Closed - Converted</convertedStatus><opportunityName>商談</opportunityName>",
    );
    let done = org.call(&good).await;
    assert_eq!(part(&done, "success"), "true", "{done}");
    let (account, contact, opportunity) =
        (part(&done, "accountId"), part(&done, "contactId"), part(&done, "opportunityId"));
    let row = org.get(&format!("/sobjects/Lead/{lead}")).await.body;
    assert_eq!((&row["IsConverted"], &row["Status"]), (&json!(true), &json!("Closed - Converted")));
    assert_eq!(row["ConvertedContactId"], contact);
    let person = org.get(&format!("/sobjects/Contact/{contact}")).await.body;
    assert_eq!((&person["AccountId"], &person["MailingCity"]), (&json!(account), &json!("東京")));
    assert_eq!(org.get(&format!("/sobjects/Opportunity/{opportunity}")).await.body["Name"], "商談");
    assert_eq!(
        org.rows("SELECT ContactId, IsPrimary FROM OpportunityContactRole").await[0]["ContactId"],
        contact
    );
    assert_eq!(org.get(&format!("/sobjects/Task/{task}")).await.body["WhoId"], contact);
    let joined = org.get(&format!("/sobjects/CampaignMember/{member}")).await.body;
    assert_eq!((&joined["LeadId"], &joined["ContactId"]), (&json!(lead), &json!(contact)));
    let counted = org.get(&format!("/sobjects/Campaign/{campaign}")).await.body;
    assert_eq!((&counted["NumberOfConvertedLeads"], &counted["NumberOfContacts"]), (&json!(1), &json!(1)));
    assert!(org.call(&good).await.contains("CANNOT_UPDATE_CONVERTED_LEAD"));
    assert_eq!(
        org.patch(&format!("/sobjects/Lead/{lead}"), json!({"Title": "x"})).await.code(),
        "CANNOT_UPDATE_CONVERTED_LEAD"
    );
}

#[tokio::test]
async fn convert_lead_into_existing_contact_needs_account() {
    let org = Org::demo().await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let contact =
        org.create("Contact", json!({"LastName": "佐藤", "AccountId": account, "LeadSource": "Web"})).await;
    let convert = |lead: &str, more: &str| {
        format!(
            "<convertLead><leadConverts><leadId>{lead}</leadId><convertedStatus>Closed - Converted</convertedStatus>{more}</leadConverts></convertLead>"
        )
    };
    let lead = org
        .create("Lead", json!({"LastName": "佐藤", "Company": "継手", "Phone": "03", "LeadSource": "Other"}))
        .await;
    let alone = format!("<contactId>{contact}</contactId>");
    assert!(org.call(&convert(&lead, &alone)).await.contains("INVALID_CROSS_REFERENCE_KEY"));
    let both = format!(
        "<accountId>{account}</accountId>{alone}<doNotCreateOpportunity>true</doNotCreateOpportunity><overwriteLeadSource>true</overwriteLeadSource>"
    );
    let done = org.call(&convert(&lead, &both)).await;
    assert_eq!((part(&done, "contactId"), part(&done, "accountId")), (&*contact, &*account), "{done}");
    assert!(done.contains("<opportunityId xsi:nil=\"true\"/>"));
    let person = org.get(&format!("/sobjects/Contact/{contact}")).await.body;
    assert_eq!((&person["Phone"], &person["LeadSource"]), (&json!("03"), &json!("Other")));
    let queued = org.rows("SELECT Id FROM Lead WHERE Owner.Type = 'Queue'").await[0]["Id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(org.call(&convert(&queued, "")).await.contains("ownerId is required"));
    org.control("/schema", json!({"user": {"permissions": {"PermissionsConvertLeads": false}}})).await;
    let (status, text) = org.soap("", &convert(&queued, "")).await;
    assert!(status == 500 && text.contains("INSUFFICIENT_ACCESS"), "{text}");
}

#[tokio::test]
async fn merge_moves_related_records_to_master() {
    let org = Org::start().await;
    let (master, loser) = (org.lead("佐藤", "a@example.jp").await, org.lead("佐藤", "b@example.jp").await);
    let task = org.create("Task", json!({"Subject": "x", "WhoId": loser})).await;
    let mut members = Vec::new();
    for (name, people) in [("両方", vec![&master, &loser]), ("片方", vec![&loser])] {
        let campaign = org.create("Campaign", json!({"Name": name})).await;
        for person in people {
            members
                .push(org.create("CampaignMember", json!({"CampaignId": campaign, "LeadId": person})).await);
        }
    }
    let merge = |master: &str, losers: &str| {
        format!(
            "<merge><request><masterRecord><type>Lead</type><Id>{master}</Id><Title>部長</Title></masterRecord>{losers}</request></merge>"
        )
    };
    let lost = |id: &str| format!("<recordToMergeIds>{id}</recordToMergeIds>");
    assert!(org.call(&merge(&master, "")).await.contains("MERGE_FAILED"));
    assert!(org.call(&merge(&master, &lost(&master))).await.contains("MERGE_FAILED"));
    let done = org.call(&merge(&master, &lost(&loser))).await;
    assert_eq!(
        (part(&done, "id"), part(&done, "mergedRecordIds"), part(&done, "success")),
        (&*master, &*loser, "true")
    );
    assert!(done.contains(&format!("<updatedRelatedIds>{task}</updatedRelatedIds>")));
    let gone = &org.query("SELECT Id FROM Lead").await.body["records"];
    assert_eq!(gone.as_array().unwrap().len(), 1);
    let row = org.row("Lead", &loser).await;
    assert_eq!((&row["IsDeleted"], &row["MasterRecordId"]), (&json!(true), &json!(master)));
    assert_eq!(org.get(&format!("/sobjects/Lead/{master}")).await.body["Title"], "部長");
    assert_eq!(org.get(&format!("/sobjects/Task/{task}")).await.body["WhoId"], master);
    let kept = org.rows("SELECT Id, LeadId FROM CampaignMember").await;
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|member| member["LeadId"] == *master));
    assert_eq!(
        org.row("CampaignMember", &members[1]).await["IsDeleted"],
        true,
        "one membership a campaign is enough"
    );
    let told = org
        .control(
            "/merge",
            json!({"master_id": master, "losing_ids": [org.lead("山田", "c@example.jp").await]}),
        )
        .await;
    assert_eq!(told["merged"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn soap_creates_updates_queries_and_deletes() {
    let org = Org::start().await;
    let lead = |name: &str, more: &str| {
        format!("<sObjects xsi:type=\"Lead\"><type>Lead</type><LastName>{name}</LastName>{more}</sObjects>")
    };
    let both = format!(
        "<create>{}{}</create>",
        lead("A &amp; B", "<Company>継手</Company><NumberOfEmployees>7</NumberOfEmployees>"),
        lead("C", "")
    );
    let done = org.call(&both).await;
    let id = part(&done, "id").to_owned();
    assert!(done.contains("<fields>Company</fields>") && done.contains("REQUIRED_FIELD_MISSING"), "{done}");
    let (_, none) = org.soap("<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>", &both).await;
    assert!(none.contains("ALL_OR_NONE_OPERATION_ROLLED_BACK") && !none.contains("<success>true"));
    org.call(&format!("<update><sObjects><type>Lead</type><fieldsToNull>NumberOfEmployees</fieldsToNull><Id>{id}</Id><Title>x</Title></sObjects></update>")).await;
    let found = org.call("<query><queryString>SELECT Name, NumberOfEmployees, Owner.Name, CreatedDate FROM Lead</queryString></query>").await;
    assert!(found.contains("<size>1</size>") && found.contains("<Name>A &amp; B</Name>"), "{found}");
    assert!(
        found.contains("<NumberOfEmployees xsi:nil=\"true\"/>") && found.contains("<Name>Admin User</Name>")
    );
    assert!(part(&found, "CreatedDate").ends_with(".000Z"));
    let upsert = "<upsert><externalIDFieldName>Email</externalIDFieldName><sObjects><type>Contact</type><Email>a@example.jp</Email><LastName>佐藤</LastName></sObjects></upsert>";
    assert_eq!(part(&org.call(upsert).await, "created"), "true");
    assert_eq!(part(&org.call(upsert).await, "created"), "false");
    org.call(&format!("<delete><ids>{id}</ids></delete>")).await;
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
    assert!(
        org.call("<queryAll><queryString>SELECT Id FROM Lead</queryString></queryAll>").await.contains(&id)
    );
    org.call(&format!("<undelete><ids>{id}</ids></undelete>")).await;
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 1);
    assert!(org.call(&format!("<undelete><ids>{id}</ids></undelete>")).await.contains("UNDELETE_FAILED"));
    org.call(&format!("<delete><ids>{id}</ids></delete>")).await;
    org.call(&format!("<emptyRecycleBin><ids>{id}</ids></emptyRecycleBin>")).await;
    assert_eq!(org.row("Lead", &id).await, Value::Null);
}

#[tokio::test]
async fn invalid_soap_messages_give_faults() {
    let mut org = Org::start().await;
    for (body, code) in [
        ("<dance/>", "INVALID_OPERATION"),
        ("<query><queryString>SELECT Nothing FROM Lead</queryString></query>", "INVALID_FIELD"),
        ("<unclosed>", "INVALID_XML"),
        ("", "INVALID_XML"),
    ] {
        let (status, text) = org.soap("", body).await;
        assert_eq!((status, part(&text, "sf:exceptionCode")), (500, code), "{text}");
    }
    org.token = "00Dgone".to_owned();
    let (status, text) = org.soap("", "<getUserInfo/>").await;
    assert_eq!((status, part(&text, "sf:exceptionCode")), (500, "INVALID_SESSION_ID"));
}
