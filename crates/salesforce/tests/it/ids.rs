use salesforce::{IdError, SalesforceId};

fn id(text: &str) -> SalesforceId {
    text.parse().unwrap()
}

#[test]
fn fifteen_character_id_gets_suffix() {
    for (short, check) in [
        ("001D000000IRFma", "IAH"),
        ("00Di0000000bcJ3", "EAI"),
        ("005Em000000HMlh", "IAG"),
        ("01254000001upcK", "AAQ"),
        ("012000000000000", "AAA"),
    ] {
        let long = format!("{short}{check}");
        assert_eq!(id(short).as_str(), long);
        assert_eq!(id(&long).key15(), short);
        assert_eq!(id(short), id(&long));
    }
}

#[test]
fn invalid_id_is_rejected() {
    for (text, error) in [
        ("", IdError::Length(0)),
        ("001D000000IRFmaIA", IdError::Length(17)),
        ("001D000000IRFmaIAHX", IdError::Length(19)),
        ("001D000000IRFm\u{3042}", IdError::Length(15)),
        ("001D000000IRFma\u{3042}", IdError::Character),
        ("001D000000 RFma", IdError::Character),
        ("001D000000IRFm'", IdError::Character),
        ("001d000000irfmaIAH", IdError::Checksum),
        ("001D000000IRFmaIAX", IdError::Checksum),
        ("001D000000IRFmaiah", IdError::Checksum),
    ] {
        assert_eq!(text.parse::<SalesforceId>(), Err(error), "{text}");
    }
}

#[test]
fn id_gives_object_and_json_round_trips() {
    let lead = id("00Q5g00000AbCdE");
    assert_eq!(lead.prefix(), "00Q");
    let json = serde_json::to_string(&lead).unwrap();
    assert_eq!(serde_json::from_str::<SalesforceId>(&json).unwrap(), lead);
    assert!(serde_json::from_str::<SalesforceId>("\"nonsense\"").is_err());
}

#[test]
fn pasted_url_gives_id() {
    let campaign = "701D000000IRFma";
    let long = id(campaign);
    for text in [
        format!("  {campaign}\n"),
        long.to_string(),
        format!("https://x.lightning.force.com/lightning/r/Campaign/{long}/view"),
        format!("https://x.lightning.force.com/lightning/r/Campaign/{long}/view?0.source=alohaHeader"),
        format!("https://x.lightning.force.com/lightning/r/{long}/related/CampaignMembers/view"),
        format!("https://x.my.salesforce.com/{campaign}"),
        format!("https://x.my.salesforce.com/{campaign}?nooverride=1"),
        format!("https://x.lightning.force.com/one/one.app#/sObject/{long}/view"),
    ] {
        assert_eq!(SalesforceId::from_pasted(&text), Ok(long), "{text}");
    }
    for text in
        ["https://x.lightning.force.com/lightning/o/Campaign/list", "https://x.my.salesforce.com/", "a/b"]
    {
        assert_eq!(SalesforceId::from_pasted(text), Err(IdError::Missing), "{text}");
    }
}
