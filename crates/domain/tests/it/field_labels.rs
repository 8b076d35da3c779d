//! Fields named by their labels: one that is the only one with it, or a refusal that names them all.

use crate::support::{field, object};
use domain::org::{Descriptions, FieldType, LabelError, OrgField, path_of_labels};

fn labelled(name: &str, label: &str) -> OrgField {
    OrgField { label: label.to_owned(), ..field(name, FieldType::String) }
}

fn known() -> Descriptions {
    let owner = OrgField {
        relationship: Some("Owner".to_owned()),
        reference_to: vec!["User".to_owned()],
        ..labelled("OwnerId", "所有者 ID")
    };
    let account = vec![
        labelled("NumberOfEmployees", "従業員数"),
        labelled("Rank__c", "ランク"),
        labelled("OldRank__c", "ランク"),
        owner,
    ];
    let user = vec![labelled("Name", "氏名"), labelled("Division", "部署")];
    [("Account", account), ("User", user)]
        .into_iter()
        .map(|(name, fields)| (name.to_owned(), Some(object(name, fields))))
        .collect()
}

#[test]
fn label_that_names_one_field_is_its_path() {
    for (typed, path) in [
        ("従業員数", "NumberOfEmployees"),
        (" 従業員数　", "NumberOfEmployees"),
        ("numberofemployees", "NumberOfEmployees"),
        ("所有者.氏名", "Owner.Name"),
        ("所有者 › 部署", "Owner.Division"),
        ("Owner.部署", "Owner.Division"),
        ("Rank__c", "Rank__c"),
    ] {
        assert_eq!(path_of_labels("Account", typed, &known(), |_| true).as_deref(), Ok(path), "{typed}");
    }
}

#[test]
fn label_of_several_fields_or_of_none_is_refused() {
    let ambiguous = LabelError::Ambiguous(vec!["Rank__c".to_owned(), "OldRank__c".to_owned()]);
    for (typed, error) in [
        ("ランク", ambiguous),
        ("従業員", LabelError::Unknown),
        ("", LabelError::Unknown),
        ("所有者.", LabelError::Unknown),
        ("Contact.氏名", LabelError::Unknown),
    ] {
        assert_eq!(path_of_labels("Account", typed, &known(), |_| true), Err(error), "{typed}");
    }
    let only_old = |field: &OrgField| field.name != "Rank__c";
    let path = path_of_labels("Account", "ランク", &known(), only_old);
    assert_eq!(path.as_deref(), Ok("OldRank__c"), "what can't be chosen is no other meaning");
}
